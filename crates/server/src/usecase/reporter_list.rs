//! Who reports often, for operators only: by what they say, never by name, and not ranked.

use std::collections::BTreeMap;

use muster_core::people::{Action, Actor, scope};
use muster_core::time::Timestamp;
use muster_store::intake::{OftenRow, reports_often};

use super::act::{Act, deny};
use crate::error::Result;
use crate::state::State;

/// People that are listed, those who reported last.
const PEOPLE: i64 = 50;

/// One person's reports within the days of the pack, newest first; who they are is not told.
#[derive(Clone, Debug)]
pub struct Often {
    pub reports: Vec<OftenRow>,
    pub count: i64,
    /// Different cases among them.
    pub matters: usize,
}

/// Whoever reported last comes first. The look is on the record.
pub async fn reporter_list(state: &State, actor: &Actor) -> Result<Vec<Often>> {
    let reach = scope(actor, Action::ReporterList).map_err(deny)?;
    let rule = &state.pack.intake.serial;
    let since = state.now().plus(-i64::from(rule.days) * Timestamp::DAY);
    let mut act = Act::begin(state, actor).await?;
    let mut people = BTreeMap::new();
    for range in reach.areas {
        for row in reports_often(&mut act.tx, range, since, rule.reports.into(), PEOPLE).await? {
            people.entry(row.person_id).or_insert_with(Vec::new).push(row);
        }
    }
    act.audit(Action::ReporterList, "reporters", format!("{} people", people.len()), None);
    act.commit().await?;
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
    let count = reports.first().map_or(0, |row| row.said);
    Often { reports, count, matters }
}
