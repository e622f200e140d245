//! What an account was told, and that it has read it. Everybody sees only their own.

use muster_core::id::AccountId;
use muster_core::people::{Action, Actor, Subject, may};
use muster_core::time::Timestamp;
use muster_store::notice::{ToldRow, notices_spread, told_read, told_read_all, told_to, told_unread};
use uuid::Uuid;

use super::act::deny;
use super::send_plan::sends_plan;
use super::tick::BATCH;
use crate::error::{Error, Result};
use crate::state::State;

/// The latest that are listed.
const LISTED: i64 = 200;

pub async fn notice_list(state: &State, actor: &Actor) -> Result<Vec<ToldRow>> {
    let account = own(actor)?;
    let mut tx = state.read().await?;
    told_to(&mut tx, account, LISTED).await.map_err(Error::from)
}

/// For the bell on every page; nothing for whoever has no account.
pub async fn notices_unread(state: &State, actor: &Actor) -> Result<i64> {
    let Some(account) = actor.account_id() else { return Ok(0) };
    let mut tx = state.read().await?;
    told_unread(&mut tx, account).await.map_err(Error::from)
}

/// Notes that one was read; returns the address of what it is about.
pub async fn notice_read(state: &State, actor: &Actor, notice: Uuid) -> Result<String> {
    let account = own(actor)?;
    let mut tx = state.db.write().await?;
    let path = told_read(&mut tx, account, notice, state.now()).await?.ok_or_else(Error::not_found)?;
    tx.commit().await?;
    Ok(path)
}

/// Notes that everything up to `last`, the newest that was on the page, was read.
pub async fn notices_read(state: &State, actor: &Actor, last: Timestamp) -> Result<()> {
    let account = own(actor)?;
    let mut tx = state.db.write().await?;
    told_read_all(&mut tx, account, last, state.now()).await?;
    tx.commit().await.map_err(Error::from)
}

fn own(actor: &Actor) -> Result<AccountId> {
    may(actor, Action::NoticeList, &Subject::NONE).map_err(deny)?;
    actor.account_id().ok_or_else(Error::unauthenticated)
}

/// Finds the recipients of a batch of notices, and plans what of it is sent to them; returns how many notices. Any number of nodes may do it.
pub async fn notices_deliver(state: &State) -> Result<usize> {
    let now = state.now();
    let mut tx = state.db.write().await?;
    let spread = notices_spread(&mut tx, now, BATCH as i64).await?;
    sends_plan(&mut tx, state, &spread, now).await?;
    tx.commit().await?;
    Ok(spread.len())
}
