//! What was kept for a need and has not left is free again.

use muster_core::dispatch::goods::{GoodsKind, enter};
use muster_core::people::{Action, Actor};
use muster_store::dispatch::ConsignmentRow;

use super::act::Act;
use super::goods::{Fresh, Ground, hold_consignment, said};
use crate::error::Result;
use crate::state::State;

/// `quantity` is all that is kept where none is given.
pub async fn consignment_release(
    state: &State,
    actor: &Actor,
    code: &str,
    (quantity, why): (Option<i64>, &str),
    version: Option<i64>,
) -> Result<ConsignmentRow> {
    let mut act = Act::begin(state, actor).await?;
    let (mut held, mut row) = hold_consignment(&mut act, code, Action::ConsignmentRelease, version).await?;
    let note = said(state, "note", why)?;
    let quantity = quantity.unwrap_or_else(|| row.parcel().kept());
    let line = enter(&held.lines(), GoodsKind::Released, quantity, Some(row.id.as_u128()))?;
    let ground = Ground { document: String::new(), note };
    held.write(&mut act, line, Some((&mut row, Fresh::Known)), &ground).await?;
    act.audit(Action::ConsignmentRelease, "consignment", row.code.as_str(), None);
    act.commit().await?;
    Ok(row)
}
