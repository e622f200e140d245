//! What left and reached nobody comes back to the stock, or is lost; somebody says why.

use muster_core::dispatch::goods::{GoodsKind, enter};
use muster_core::people::{Action, Actor};
use muster_store::dispatch::ConsignmentRow;

use super::act::Act;
use super::goods::{Fresh, Ground, hold_consignment, said};
use crate::error::Result;
use crate::state::State;

/// What became of goods on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Back {
    Returned,
    Lost,
}

pub async fn consignment_return(
    state: &State,
    actor: &Actor,
    code: &str,
    (quantity, back, why): (i64, Back, &str),
    version: Option<i64>,
) -> Result<ConsignmentRow> {
    let mut act = Act::begin(state, actor).await?;
    let (mut held, mut row) = hold_consignment(&mut act, code, Action::ConsignmentReturn, version).await?;
    let note = said(state, "note", why)?;
    let kind = match back {
        Back::Returned => GoodsKind::Returned,
        Back::Lost => GoodsKind::Lost,
    };
    let line = enter(&held.lines(), kind, quantity, Some(row.id.as_u128()))?;
    let ground = Ground { document: String::new(), note };
    held.write(&mut act, line, Some((&mut row, Fresh::Known)), &ground).await?;
    act.audit(Action::ConsignmentReturn, "consignment", row.code.as_str(), None);
    act.commit().await?;
    Ok(row)
}
