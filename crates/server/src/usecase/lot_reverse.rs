//! A wrong line of the ledger is taken back by another, as far as the goods have not gone on since.

use muster_core::dispatch::goods::reverse;
use muster_core::people::{Action, Actor};
use muster_store::dispatch::{LotRow, consignments_of_lot};

use super::act::Act;
use super::goods::{Fresh, Ground, hold, said};
use crate::error::{Error, Result};
use crate::state::State;

pub async fn lot_reverse(
    state: &State,
    actor: &Actor,
    (code, number): (&str, i64),
    why: &str,
    version: Option<i64>,
) -> Result<LotRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut held = hold(&mut act, code, Action::LotReverse, version).await?;
    let note = said(state, "note", why)?;
    let (line, stand) = reverse(&held.lines(), number)?;
    let mut row = None;
    if let Some(id) = line.consignment {
        let all = consignments_of_lot(&mut act.tx, held.lot.id).await?;
        let found = all.into_iter().map(|seen| seen.row).find(|row| row.id.as_u128() == id);
        row = Some(found.ok_or_else(Error::not_found)?);
    }
    let consignment = row.as_mut().map(|row| (row, Fresh::Known));
    held.write(&mut act, (line, stand), consignment, &Ground { document: String::new(), note }).await?;
    act.audit(Action::LotReverse, "lot", held.lot.code.as_str(), None);
    act.commit().await?;
    Ok(held.lot)
}
