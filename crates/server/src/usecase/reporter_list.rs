//! Who reports often, for operators only: by what they say, never by name, and not ranked.

use std::collections::BTreeMap;

use muster_core::people::{Action, Actor, scope};
use muster_core::time::Timestamp;
use muster_store::intake::{OftenRow, reports_often};

use super::act::deny;
use crate::error::Result;
use crate::state::State;

/// Reports that are read, the newest.
const READ: i64 = 500;

/// One person's reports within the days of the pack, newest first; who they are is not told.
#[derive(Clone, Debug)]
pub struct Often {
    pub reports: Vec<OftenRow>,
    /// Different cases among them.
    pub matters: usize,
}

/// Whoever reported last comes first.
pub async fn reporter_list(state: &State, actor: &Actor) -> Result<Vec<Often>> {
    let reach = scope(actor, Action::ReporterList).map_err(deny)?;
    let rule = &state.pack.intake.serial;
    let since = state.now().plus(-i64::from(rule.days) * Timestamp::DAY);
    let mut tx = state.read().await?;
    let mut people = BTreeMap::new();
    for range in reach.areas {
        for row in reports_often(&mut tx, range, since, rule.reports.into(), READ).await? {
            people.entry(row.person_id).or_insert_with(Vec::new).push(row);
        }
    }
    let mut people: Vec<Often> = people.into_values().map(often).collect();
    people.sort_by_key(|often| std::cmp::Reverse(often.reports.first().map(|row| row.received_at)));
    Ok(people)
}

fn often(mut reports: Vec<OftenRow>) -> Often {
    // Two grants may hold one area.
    reports.sort_by(|a, b| (b.received_at, &b.code).cmp(&(a.received_at, &a.code)));
    reports.dedup_by(|a, b| a.code == b.code && a.received_at == b.received_at);
    let mut codes: Vec<&str> = reports.iter().map(|row| row.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    let matters = codes.len();
    Often { reports, matters }
}
