//! Cases of the past under the rules of another pack: whom they would have gone to, when they would have been due.
//!
//! Nothing is written; the cases are read in one snapshot, in pages, up to a bound.

use std::collections::HashMap;

use jiff::ToSpan;
use jiff::civil::Date;
use muster_core::area::AreaId;
use muster_core::evaluate::replay::{Replay, Replayed, Ruled};
use muster_core::id::UnitId;
use muster_core::pack::{ClockKind, Pack, RequestKind, Urgency};
use muster_core::people::{Action, Actor, Subject, may, scope};
use muster_core::process::route;
use muster_core::time::Timestamp;
use muster_core::time::clock::{Ledger, Pause, Promise};
use muster_store::Tx;
use muster_store::evaluate::{ReplayRow, cases_replayed, pauses_replayed};
use muster_store::meeting::amended_owner;
use muster_store::people::{Unit, unit_list};
use uuid::Uuid;

use super::act::deny;
use crate::error::{Error, Result};
use crate::state::State;

/// Cases that are looked at, at most, and of those that change how many are named.
pub const CASES_MOST: usize = 200_000;
pub const NAMED_MOST: usize = 100;
const PAGE: i64 = 2_000;

#[derive(Clone, Debug)]
pub struct Outcome {
    pub replay: Replay,
    pub units: Vec<Unit>,
    /// Both days belong to it.
    pub days: (Date, Date),
    /// There were more cases than are looked at.
    pub cut: bool,
}

/// The quarter before the one of a day.
pub fn last_quarter(today: Date) -> (Date, Date) {
    let month = (today.month() - 1) / 3 * 3 + 1;
    let begins = Date::new(today.year(), month, 1).unwrap_or(today);
    (begins.saturating_sub(3.months()), begins.saturating_sub(1.day()))
}

pub async fn rule_replay(state: &State, actor: &Actor, other: &Pack, days: (Date, Date)) -> Result<Outcome> {
    let ranges = reach(state, actor)?;
    if days.0 > days.1 {
        let detail = format!("{} is after {}; write the first day and the last.", days.0, days.1);
        return Err(Error::invalid("from", "period-unknown", detail));
    }
    let calendar = &state.pack.calendar;
    let span = (calendar.day_bounds(days.0).0, calendar.day_bounds(days.1).1);
    let mut tx = state.db.snapshot().await?;
    let units = unit_list(&mut tx).await?;
    let mut rules =
        Rules { before: &state.pack, after: other, units: &units, owners: HashMap::new(), now: state.now() };
    let (mut replay, mut after, mut seen, mut cut) = (Replay::default(), None, 0, false);
    loop {
        let rows = cases_replayed(&mut tx, &ranges, span, after, PAGE).await?;
        let Some(last) = rows.last() else { break };
        after = Some((last.received_at, last.id));
        if seen + rows.len() > CASES_MOST {
            cut = true;
            break;
        }
        seen += rows.len();
        for case in rules.of_page(&mut tx, rows).await? {
            replay.add(case, state.now(), NAMED_MOST);
        }
    }
    Ok(Outcome { replay, units, days, cut })
}

/// Ranges of areas this person may try rules on.
fn reach(state: &State, actor: &Actor) -> Result<Vec<(i64, i64)>> {
    if may(actor, Action::RuleReplay, &Subject::NONE).is_ok() {
        return Ok(vec![state.pack.root_area.range()]);
    }
    Ok(scope(actor, Action::RuleReplay).map_err(deny)?.areas)
}

/// Both packs, with what has been found of either.
struct Rules<'a> {
    before: &'a Pack,
    after: &'a Pack,
    units: &'a [Unit],
    /// By category and area: a city has few of them beside its cases.
    owners: HashMap<(String, AreaId), (Option<UnitId>, Option<UnitId>)>,
    now: Timestamp,
}

impl Rules<'_> {
    async fn of_page(&mut self, tx: &mut Tx, rows: Vec<ReplayRow>) -> Result<Vec<Replayed>> {
        let ids: Vec<_> = rows.iter().map(|row| row.id).collect();
        let mut pauses: HashMap<Uuid, Vec<Pause>> = HashMap::new();
        for (case, from, until) in pauses_replayed(tx, &ids).await? {
            let pause = Pause { from: Timestamp(from), until: until.map_or(Timestamp::NEVER, Timestamp) };
            pauses.entry(case).or_default().push(pause);
        }
        let mut cases = Vec::with_capacity(rows.len());
        for row in rows {
            let (before, after) = self.owners(tx, &row).await?;
            // Time that stood still stood still, whatever the rules; an extension was granted on a budget of its own.
            let ledger = Ledger { pauses: pauses.remove(&row.id.0).unwrap_or_default(), extra: 0 };
            cases.push(Replayed {
                before: ruled(self.before, &row, before, &ledger),
                after: ruled(self.after, &row, after, &ledger),
                answered: row.answered_at.map(Timestamp),
                class: row.category.get(..2).unwrap_or_default().to_owned(),
                code: row.code,
                category: row.category,
                area: row.area.get(),
            });
        }
        Ok(cases)
    }

    async fn owners(&mut self, tx: &mut Tx, row: &ReplayRow) -> Result<(Option<UnitId>, Option<UnitId>)> {
        let key = (row.category.clone(), row.area);
        if let Some(known) = self.owners.get(&key) {
            return Ok(*known);
        }
        let areas: Vec<AreaId> = std::iter::once(row.area).chain(row.area.ancestors()).collect();
        // What a meeting decided stands before the list of any pack.
        let owners = match amended_owner(tx, &row.category, &areas, self.now).await? {
            Some((unit, _)) => (Some(unit.id), Some(unit.id)),
            None => (self.listed(self.before, row), self.listed(self.after, row)),
        };
        self.owners.insert(key, owners);
        Ok(owners)
    }

    fn listed(&self, pack: &Pack, row: &ReplayRow) -> Option<UnitId> {
        let standing: Vec<_> = self.units.iter().map(|unit| (unit.id, unit.department.as_str(), unit.area)).collect();
        route(&pack.duties, &row.category, row.area).ok()?.choose(&standing)
    }
}

fn ruled(pack: &Pack, row: &ReplayRow, unit: Option<UnitId>, ledger: &Ledger) -> Ruled {
    let request = RequestKind::from_code(&row.kind).unwrap_or(RequestKind::Help);
    let urgency = Urgency::from_code(&row.urgency).unwrap_or(Urgency::Routine);
    let budget = pack.clocks.budget(ClockKind::Answer, request, urgency, &row.category);
    let start = row.assigned_at.map_or(row.received_at, Timestamp);
    // `at_share` walks as `due` does, and tells no reasons.
    let due = Promise { start, budget, ledger, calendar: &pack.calendar }.at_share(100);
    Ruled { unit, known: pack.taxonomy.get(&row.category).is_some(), due }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_quarter_is_the_whole_one_before() {
        let day = |text: &str| text.parse::<Date>().expect("a day");
        assert_eq!(last_quarter(day("2026-05-11")), (day("2026-01-01"), day("2026-03-31")));
        assert_eq!(last_quarter(day("2026-01-01")), (day("2025-10-01"), day("2025-12-31")));
        assert_eq!(last_quarter(day("2026-12-31")), (day("2026-07-01"), day("2026-09-30")));
    }
}
