//! What left the program and what did not, without the names and addresses of recipients.

use std::collections::HashMap;

use muster_core::area::AreaId;
use muster_core::people::{Action, Actor, Denied, Scope, Subject, may, scope};
use muster_store::Tx;
use muster_store::send::{SendCount, SendRow, SentNotice, notices_of_sends, sends_count, sends_list};
use uuid::Uuid;

use super::act::deny;
use crate::error::Result;
use crate::state::State;

/// A send with what it tells of.
#[derive(Debug)]
pub struct SendFile {
    pub row: SendRow,
    pub notices: Vec<SentNotice>,
}

/// What the page of sends shows.
#[derive(Debug)]
pub struct Sends {
    /// Tried to no avail.
    pub dead: Vec<SendFile>,
    /// Tried at least once and to be tried again.
    pub retry: Vec<SendFile>,
    pub counts: Vec<SendCount>,
}

/// The oldest that are listed of each kind; the counts are of all.
const LISTED: i64 = 100;

pub async fn send_list(state: &State, actor: &Actor) -> Result<Sends> {
    let scope = within(actor, Action::SendList).map_err(deny)?;
    let mut tx = state.read().await?;
    Ok(Sends {
        dead: files(&mut tx, &scope, "dead", false).await?,
        retry: files(&mut tx, &scope, "retry", false).await?,
        counts: sends_count(&mut tx, &scope).await?,
    })
}

/// Letters that wait to be printed, and how many there are.
pub async fn letter_list(state: &State, actor: &Actor) -> Result<(Vec<SendFile>, i64)> {
    let scope = within(actor, Action::LetterPrint).map_err(deny)?;
    let mut tx = state.read().await?;
    let waiting = files(&mut tx, &scope, "waiting", true).await?;
    let counts = sends_count(&mut tx, &scope).await?;
    let all = counts.iter().filter(|row| row.letter && row.state == "waiting").map(|row| row.count).sum();
    Ok((waiting, all))
}

async fn files(tx: &mut Tx, scope: &Scope, state: &str, letters: bool) -> Result<Vec<SendFile>> {
    let rows = sends_list(tx, scope, state, letters, LISTED).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let mut notices: HashMap<Uuid, Vec<SentNotice>> = HashMap::new();
    for notice in notices_of_sends(tx, &ids).await? {
        notices.entry(notice.send_id).or_default().push(notice);
    }
    let file = |row: SendRow| SendFile { notices: notices.remove(&row.id).unwrap_or_default(), row };
    Ok(rows.into_iter().map(file).collect())
}

/// Where this actor may do this: everywhere for whoever looks after the machine.
fn within(actor: &Actor, action: Action) -> std::result::Result<Scope, Denied> {
    match may(actor, action, &Subject::NONE) {
        Ok(()) => Ok(Scope { areas: vec![(0, i64::MAX)], units: Vec::new() }),
        Err(_) => scope(actor, action),
    }
}

/// Whether a send is about a case within this actor's reach; that others exist is nobody's business.
pub(super) fn reaches(actor: &Actor, action: Action, notices: &[SentNotice]) -> Result<()> {
    let everywhere = may(actor, action, &Subject::NONE);
    if everywhere.is_ok() {
        return Ok(());
    }
    let near = |notice: &SentNotice| {
        let area = notice.area.and_then(|area| AreaId::new(area).ok());
        may(actor, action, &Subject { area, unit: None }).is_ok()
    };
    if notices.iter().any(near) { Ok(()) } else { everywhere.map_err(deny) }
}
