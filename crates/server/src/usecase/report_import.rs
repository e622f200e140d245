//! Takes in reports that were made elsewhere or earlier: each once, at its own time, without a notice to anyone.

use std::collections::HashSet;
use std::time::Duration;

use muster_core::intake::{Channel, Draft};
use muster_core::people::{Action, Actor, Subject};
use muster_core::time::Timestamp;
use muster_store::intake::external_known;

use super::act::Act;
use super::report_submit::{Origin, report_take};
use crate::error::{Code, Error, FieldError, Result};
use crate::state::State;

/// One row: what was said, when, and what tells it from every other row of its source.
#[derive(Clone, Debug)]
pub struct Entry {
    pub external_id: String,
    pub received_at: Timestamp,
    pub channel: Channel,
    /// Of the pack's taxonomy, where the other system had classed it; else it is judged here.
    pub category: Option<String>,
    /// A case of its own there, and so here, whatever it is like.
    pub apart: bool,
    pub draft: Draft,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    Opened,
    /// Repeats a case that was open at its time.
    Joined,
    /// Taken before.
    Known,
    Rejected(Vec<FieldError>),
}

/// Tries of one batch when another import, or the server, is in the way.
const TRIES: u32 = 8;

/// Takes a batch of rows in one transaction and says of each what became of it, in their order.
pub async fn report_import(state: &State, actor: &Actor, source: &str, entries: &[&Entry]) -> Result<Vec<Fate>> {
    let mut tries = 1;
    loop {
        match try_import(state, actor, source, entries).await {
            Err(error) if tries < TRIES && matches!(error.code(), Code::StaleEtag | Code::Unavailable) => {
                tokio::time::sleep(Duration::from_millis(50) * tries).await;
                tries += 1;
            }
            result => return result,
        }
    }
}

async fn try_import(state: &State, actor: &Actor, source: &str, entries: &[&Entry]) -> Result<Vec<Fate>> {
    let mut act = Act::begin(state, actor).await?.quiet();
    act.may(Action::ReportImport, &Subject::NONE)?;
    let now = act.at;
    let ids: Vec<String> = entries.iter().map(|entry| entry.external_id.clone()).collect();
    let mut known: HashSet<String> = external_known(&mut act.tx, source, &ids).await?.into_iter().collect();
    let mut fates = Vec::with_capacity(entries.len());
    for entry in entries {
        if known.contains(&entry.external_id) {
            fates.push(Fate::Known);
            continue;
        }
        let fate = match take(&mut act, source, entry, now).await {
            Ok(fate) => {
                // The next row may repeat this one.
                act.flush().await?;
                fate
            }
            Err(error) if error.code() == Code::Invalid => {
                act.forget();
                Fate::Rejected(error.fields().to_vec())
            }
            Err(error) => return Err(error),
        };
        if !matches!(fate, Fate::Rejected(_)) {
            known.insert(entry.external_id.clone());
        }
        fates.push(fate);
    }
    act.commit().await?;
    Ok(fates)
}

async fn take(act: &mut Act<'_>, source: &str, entry: &Entry, now: Timestamp) -> Result<Fate> {
    if entry.received_at > now {
        return Err(Error::invalid(
            "time",
            "time-future",
            "the time lies in the future; a report has been made already",
        ));
    }
    if entry.received_at < Timestamp::default() {
        return Err(Error::invalid(
            "time",
            "time-early",
            "the time lies before 1970, which is no time of a report here",
        ));
    }
    let origin = Origin {
        source: source.to_owned(),
        external_id: entry.external_id.clone(),
        received_at: entry.received_at,
        category: entry.category.clone(),
        apart: entry.apart,
    };
    let receipt = report_take(act, entry.channel, &entry.draft, Some(origin)).await?;
    Ok(if receipt.joined { Fate::Joined } else { Fate::Opened })
}
