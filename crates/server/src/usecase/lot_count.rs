//! Stock-taking: what is really there differs from what the ledger says, and somebody says why.

use muster_core::dispatch::goods::{GoodsKind, enter};
use muster_core::people::{Action, Actor};
use muster_store::dispatch::LotRow;

use super::act::Act;
use super::goods::{Ground, hold, said};
use crate::error::{Error, Result};
use crate::state::State;

/// `found` is what was counted, what is kept for somebody included.
pub async fn lot_count(
    state: &State,
    actor: &Actor,
    code: &str,
    (found, why): (i64, &str),
    version: Option<i64>,
) -> Result<LotRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut held = hold(&mut act, code, Action::LotCount, version).await?;
    let note = said(state, "note", why)?;
    let difference = found.saturating_sub(held.lot.on_hand);
    if difference == 0 {
        let detail = format!("The ledger says {found} too; there is nothing to correct.");
        return Err(Error::invalid("quantity", "count-same", detail));
    }
    if found < held.lot.committed {
        let detail = format!("{} are kept for needs; release some before fewer are booked.", held.lot.committed);
        return Err(Error::invalid("quantity", "count-kept", detail));
    }
    let line = enter(&held.lines(), GoodsKind::Counted, difference, None)?;
    held.write(&mut act, line, None, &Ground { document: String::new(), note }).await?;
    act.audit(Action::LotCount, "lot", held.lot.code.as_str(), None);
    act.commit().await?;
    Ok(held.lot)
}
