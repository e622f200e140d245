//! What was kept for a need leaves the stock, with a slip.

use muster_core::dispatch::goods::{GoodsKind, enter};
use muster_core::people::{Action, Actor};
use muster_store::dispatch::ConsignmentRow;

use super::act::Act;
use super::goods::{Fresh, Ground, hold_consignment, may_go};
use crate::error::Result;
use crate::state::State;

/// `quantity` is all that is kept where none is given.
pub async fn consignment_send(
    state: &State,
    actor: &Actor,
    code: &str,
    (quantity, ground): (Option<i64>, &Ground),
    version: Option<i64>,
) -> Result<ConsignmentRow> {
    let mut act = Act::begin(state, actor).await?;
    let (mut held, mut row) = hold_consignment(&mut act, code, Action::ConsignmentSend, version).await?;
    ground.check(state)?;
    may_go(held.shelf(&act))?;
    let quantity = quantity.unwrap_or_else(|| row.parcel().kept());
    let line = enter(&held.lines(), GoodsKind::Sent, quantity, Some(row.id.as_u128()))?;
    held.write(&mut act, line, Some((&mut row, Fresh::Known)), ground).await?;
    act.audit(Action::ConsignmentSend, "consignment", row.code.as_str(), None);
    act.commit().await?;
    Ok(row)
}
