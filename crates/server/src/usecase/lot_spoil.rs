//! Goods have gone bad, broken or expired: nobody can be given them any more.

use muster_core::dispatch::goods::{GoodsKind, enter};
use muster_core::people::{Action, Actor};
use muster_store::dispatch::LotRow;

use super::act::Act;
use super::goods::{Ground, hold, said};
use crate::error::Result;
use crate::state::State;

pub async fn lot_spoil(
    state: &State,
    actor: &Actor,
    code: &str,
    (quantity, ground): (i64, &Ground),
    version: Option<i64>,
) -> Result<LotRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut held = hold(&mut act, code, Action::LotSpoil, version).await?;
    ground.check(state)?;
    said(state, "note", &ground.note)?;
    let line = enter(&held.lines(), GoodsKind::Spoiled, quantity, None)?;
    held.write(&mut act, line, None, ground).await?;
    act.audit(Action::LotSpoil, "lot", held.lot.code.as_str(), None);
    act.commit().await?;
    Ok(held.lot)
}
