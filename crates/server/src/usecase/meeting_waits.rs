//! How long matters waited for a decision: half of them, and nine of ten, by area, with the cases behind.

use std::collections::BTreeMap;

use jiff::civil::Date;
use muster_core::area::{AreaId, Level};
use muster_core::evaluate::percentile;
use muster_core::people::{Action, Actor, scope};
use muster_store::meeting::{DecidedRow, matters_decided};

use super::act::deny;
use crate::error::Result;
use crate::state::State;

/// Of one area, or of all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waited {
    pub count: usize,
    /// Microseconds that half of them waited at most, and nine of ten.
    pub median: i64,
    pub most: i64,
}

#[derive(Clone, Debug)]
pub struct Waits {
    pub days: (Date, Date),
    /// None where nothing was decided.
    pub whole: Option<Waited>,
    /// By district or, within one district, by street.
    pub areas: Vec<(AreaId, Waited)>,
    /// The longest wait first.
    pub cases: Vec<DecidedRow>,
    /// Whether there are more than could be counted here.
    pub cut: bool,
}

/// Matters of one period, at most: some hundred meetings with full agendas.
const MOST: usize = 10_000;
/// Without days: so many up to today.
const USUAL: i64 = 365;

/// `days` are inclusive days of the city.
pub async fn meeting_waits(state: &State, actor: &Actor, days: Option<(Date, Date)>) -> Result<Waits> {
    let scope = scope(actor, Action::MeetingView).map_err(deny)?;
    let calendar = &state.pack.calendar;
    let today = calendar.local_date(state.now());
    let days = days.unwrap_or_else(|| (today.saturating_sub(jiff::Span::new().days(USUAL)), today));
    let period = (calendar.day_bounds(days.0).0, calendar.day_bounds(days.1).1);
    let mut tx = state.read().await?;
    let mut cases = matters_decided(&mut tx, &scope, period, MOST as i64 + 1).await?;
    let cut = cases.len() > MOST;
    cases.truncate(MOST);
    let mut areas = by_level(&cases, Level::County);
    if areas.len() == 1 {
        areas = by_level(&cases, Level::Township);
    }
    Ok(Waits { days, whole: waited(cases.iter()), areas, cases, cut })
}

/// A case above the level stands under its own area.
fn by_level(cases: &[DecidedRow], level: Level) -> Vec<(AreaId, Waited)> {
    let mut of: BTreeMap<AreaId, Vec<&DecidedRow>> = BTreeMap::new();
    for case in cases {
        of.entry(case.area.ancestor(level).unwrap_or(case.area)).or_default().push(case);
    }
    of.into_iter().filter_map(|(area, cases)| Some((area, waited(cases.into_iter())?))).collect()
}

fn waited<'a>(cases: impl Iterator<Item = &'a DecidedRow>) -> Option<Waited> {
    let mut waits: Vec<i64> = cases.map(|case| case.decided_at.since(case.waiting_since)).collect();
    waits.sort_unstable();
    Some(Waited { count: waits.len(), median: percentile(&waits, 50)?, most: percentile(&waits, 90)? })
}
