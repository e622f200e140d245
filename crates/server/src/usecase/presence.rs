//! Who has a case open now, for those who may see the case. It ends by itself and leaves no trace.

use muster_core::id::{AccountId, CaseId};
use muster_core::people::{Action, Actor};
use muster_core::time::Timestamp;
use muster_store::presence::{PresenceRow, presence_put, presences_of};
use muster_store::process::{case_by_code, parts_of_case};

use super::act::deny;
use super::parts::may_see;
use crate::error::{Error, Result};
use crate::state::State;

/// What a page says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stay {
    /// It was asked for, and may never be heard of again.
    Opened,
    /// It is still open.
    Open,
    /// It is being left: perhaps to send a form and come back.
    Left,
}

impl Stay {
    fn span(self) -> i64 {
        match self {
            Self::Opened => 3 * Timestamp::MINUTE,
            Self::Open => OPEN,
            Self::Left => 15 * Timestamp::SECOND,
        }
    }
}

const OPEN: i64 = 75 * Timestamp::SECOND;
/// What lasts so long still is not written again: an open page costs a small write every half minute at most.
const ENOUGH: i64 = 50 * Timestamp::SECOND;

/// The others on a case, and its version.
#[derive(Clone, Debug)]
pub struct Around {
    pub others: Vec<PresenceRow>,
    pub version: i64,
}

/// Says that the case is open before this person, or no longer is; returns who else is there.
pub async fn presence_say(state: &State, actor: &Actor, code: &str, stay: Stay) -> Result<Around> {
    let code = code.parse().map_err(|_| Error::not_found())?;
    let mut tx = state.read().await?;
    let case = case_by_code(&mut tx, &code).await?.ok_or_else(Error::not_found)?;
    let parts = parts_of_case(&mut tx, case.id).await?;
    may_see(actor, Action::CaseView, &case, &parts).map_err(deny)?;
    let now = state.now();
    let (own, others) = presences(&mut tx, actor, case.id, now).await?;
    drop(tx);
    let around = Around { others, version: case.version };
    let Some(account) = actor.account_id() else { return Ok(around) };
    // Where nothing can be written, the case can still be read.
    if let Err(error) = note(state, account, case.id, own.as_ref(), stay).await {
        tracing::warn!(%error, "who is on a case is not noted");
    }
    Ok(around)
}

/// Who is on each of some cases, this person left out.
pub async fn presence_list(state: &State, actor: &Actor, cases: &[CaseId]) -> Result<Vec<PresenceRow>> {
    let mut tx = state.read().await?;
    let mut rows = presences_of(&mut tx, cases, state.now()).await?;
    rows.retain(|row| actor.account_id().is_none_or(|id| id.0 != row.account_id));
    Ok(rows)
}

async fn presences(
    tx: &mut muster_store::Tx,
    actor: &Actor,
    case: CaseId,
    now: Timestamp,
) -> Result<(Option<PresenceRow>, Vec<PresenceRow>)> {
    let rows = presences_of(tx, &[case], now).await?;
    let is_own = |row: &PresenceRow| actor.account_id().is_some_and(|id| id.0 == row.account_id);
    let (mut own, others): (Vec<_>, Vec<_>) = rows.into_iter().partition(is_own);
    Ok((own.pop(), others))
}

async fn note(state: &State, account: AccountId, case: CaseId, own: Option<&PresenceRow>, stay: Stay) -> Result<()> {
    let now = state.now();
    let lasts = own.map_or(0, |own| own.until_at.since(now));
    if (stay == Stay::Left && own.is_none()) || (stay != Stay::Left && lasts >= ENOUGH) {
        return Ok(());
    }
    let mut tx = state.db.write().await?;
    presence_put(&mut tx, case, account, now, now.plus(stay.span())).await?;
    tx.commit().await.map_err(Error::from)
}
