//! Reading figures: sums by day or month, sums of parts beside each other, and the events behind a sum.
//!
//! A sum is one statement over the folded counts and the unfolded tail together, so that a fold committed meanwhile is
//! seen whole or not at all. Counts are reached by the whole of their key (area, unit, class, measure, then a range of
//! periods, whole months where they fit), the tail by its own small index: the work grows with the parts shown and with
//! the length of the period, never with the number of cases.

use std::collections::BTreeMap;

use muster_core::area::AreaId;
use muster_core::evaluate::Measure;
use muster_core::id::UnitId;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Result, Tx, on};
use crate::process::CaseRow;

/// What a figure is asked for.
#[derive(Clone, Debug)]
pub struct FigureQuery {
    pub area: AreaId,
    pub unit: Option<UnitId>,
    /// Two digits, or empty for all.
    pub class: String,
    /// Inclusive days, yyyymmdd.
    pub days: (i64, i64),
}

impl FigureQuery {
    /// The unit as it stands in the counts.
    fn unit_text(&self) -> String {
        self.unit.map(|unit| unit.to_string()).unwrap_or_default()
    }
}

/// The keys of the counts that make up a period. Of a month that it holds in part, whichever are fewer: the days that belong
/// to it, or the whole month and, taken away again, the days that do not.
///
/// A month key (yyyymm) is never one of a day (yyyymmdd), nor the other way about.
#[derive(Debug, Default, PartialEq, Eq)]
struct Periods {
    added: Vec<i64>,
    /// INVARIANT: days outside the period.
    taken_away: Vec<i64>,
}

impl Periods {
    fn keys(&self) -> impl Iterator<Item = i64> + '_ {
        self.added.iter().chain(&self.taken_away).copied()
    }
}

fn periods((first, last): (i64, i64), by_month: bool) -> Periods {
    let mut periods = Periods::default();
    let mut month = first / 100;
    while month <= last / 100 {
        // Every month has 31 days here; there are no counts of those it has not.
        let days = month * 100 + 1..=month * 100 + 31;
        let (inside, outside): (Vec<i64>, Vec<i64>) = days.partition(|day| (first..=last).contains(day));
        if by_month && outside.len() < inside.len() {
            periods.added.push(month);
            periods.taken_away.extend(outside);
        } else {
            periods.added.extend(inside);
        }
        month = if month % 100 == 12 { month + 89 } else { month + 1 };
    }
    periods
}

/// Longer periods, in the arithmetic of yyyymmdd: two years.
const LONG: i64 = 20_000;

/// A long period begins with the first day that was counted: all time has months without end.
async fn counted(tx: &mut Tx, (first, last): (i64, i64)) -> Result<(i64, i64)> {
    if last - first < LONG {
        return Ok((first, last));
    }
    let oldest: Option<i64> =
        on!(tx, |conn| sqlx::query_scalar("select min(period) from counts where period > 999999")
            .fetch_one(conn)
            .await?);
    Ok((oldest.unwrap_or(last).clamp(first, last), last))
}

/// Pushes `column in (…)`, with what stands before the column.
macro_rules! push_in {
    ($query:expr, $column:literal, $values:expr) => {
        $query.push(concat!($column, " in ("));
        let mut list = $query.separated(", ");
        for value in $values {
            list.push_bind(value);
        }
        $query.push(")");
    };
}

/// Sums by period (day, or month) and measure: folded rows and the unfolded tail together.
pub async fn figures(tx: &mut Tx, query: &FigureQuery, by_month: bool) -> Result<Vec<(i64, String, i64)>> {
    let range = query.area.range();
    let periods = periods(counted(tx, query.days).await?, by_month);
    let rows: Vec<(i64, String, i64)> = on!(tx, |conn| {
        let mut sql = sqlx::QueryBuilder::new("select period, measure, amount from counts where area = ");
        sql.push_bind(query.area.get()).push(" and unit = ").push_bind(query.unit_text());
        sql.push(" and class = ").push_bind(query.class.clone());
        push_in!(sql, " and period", periods.keys());
        // Not grouped: the order of groups would tempt the planner from the small index of the tail to a large one.
        sql.push(" union all select day, measure, amount from deltas where not folded and day between ");
        sql.push_bind(query.days.0).push(" and ").push_bind(query.days.1);
        sql.push(" and area between ").push_bind(range.0).push(" and ").push_bind(range.1);
        if let Some(unit) = query.unit {
            sql.push(" and unit_id = ").push_bind(unit.0);
        }
        if !query.class.is_empty() {
            sql.push(" and class = ").push_bind(query.class.clone());
        }
        sql.build_query_as().fetch_all(conn).await?
    });
    let mut sums: BTreeMap<(i64, String), i64> = BTreeMap::new();
    for (period, measure, amount) in rows {
        let is_day = period > 999_999;
        let amount = if periods.taken_away.contains(&period) { -amount } else { amount };
        *sums.entry((if by_month && is_day { period / 100 } else { period }, measure)).or_default() += amount;
    }
    Ok(sums.into_iter().map(|((period, measure), amount)| (period, measure, amount)).collect())
}

/// What stands beside each other in a comparison. Areas may hold one another.
#[derive(Clone, Debug)]
pub enum Parts {
    Areas(Vec<AreaId>),
    Units(Vec<UnitId>),
    Classes(Vec<String>),
}

/// A sum of one part; in the tail it stands at the very area of its event.
#[derive(FromRow)]
struct PartRow {
    tail: i64,
    area: i64,
    unit: String,
    unit_id: Option<Uuid>,
    class: String,
    measure: String,
    amount: i64,
}

impl Parts {
    fn is_empty(&self) -> bool {
        match self {
            Self::Areas(areas) => areas.is_empty(),
            Self::Units(units) => units.is_empty(),
            Self::Classes(classes) => classes.is_empty(),
        }
    }

    /// The places in the list to which a row belongs.
    fn of(&self, row: &PartRow) -> Vec<usize> {
        let places = |belongs: &dyn Fn(usize) -> bool, len| (0..len).filter(|i| belongs(*i)).collect();
        match self {
            Self::Areas(areas) if row.tail == 0 => places(&|i| areas[i].get() == row.area, areas.len()),
            Self::Areas(areas) => {
                let within = |i: usize| {
                    let (first, last) = areas[i].range();
                    (first..=last).contains(&row.area)
                };
                places(&within, areas.len())
            }
            Self::Units(units) => {
                let is = |i: usize| row.unit_id == Some(units[i].0) || row.unit == units[i].to_string();
                places(&is, units.len())
            }
            Self::Classes(classes) => places(&|i| classes[i] == row.class, classes.len()),
        }
    }
}

/// Sums of the whole period by part and measure, in one statement for all parts: `(place in parts, measure, sum)`.
///
/// The parts take the place of the query's own area, unit or class.
pub async fn figure_parts(
    tx: &mut Tx,
    query: &FigureQuery,
    parts: &Parts,
    measures: &[Measure],
) -> Result<Vec<(usize, String, i64)>> {
    let classes = match parts {
        Parts::Classes(classes) => classes.clone(),
        _ => vec![query.class.clone()],
    };
    let mut sums: BTreeMap<(usize, String), i64> = BTreeMap::new();
    for row in part_rows(tx, query, parts, &classes, measures).await? {
        for place in parts.of(&row) {
            *sums.entry((place, row.measure.clone())).or_default() += row.amount;
        }
    }
    Ok(sums.into_iter().map(|((place, measure), amount)| (place, measure, amount)).collect())
}

/// The same of areas or units by class too: `(place in parts, class, measure, sum)`.
pub async fn figure_mix(
    tx: &mut Tx,
    query: &FigureQuery,
    parts: &Parts,
    classes: &[String],
    measures: &[Measure],
) -> Result<Vec<(usize, String, String, i64)>> {
    let mut sums: BTreeMap<(usize, String, String), i64> = BTreeMap::new();
    for row in part_rows(tx, query, parts, classes, measures).await? {
        for place in parts.of(&row) {
            *sums.entry((place, row.class.clone(), row.measure.clone())).or_default() += row.amount;
        }
    }
    Ok(sums.into_iter().map(|((place, class, measure), amount)| (place, class, measure, amount)).collect())
}

/// Rows of the counts and of the tail for all parts and classes.
async fn part_rows(
    tx: &mut Tx,
    query: &FigureQuery,
    parts: &Parts,
    classes: &[String],
    measures: &[Measure],
) -> Result<Vec<PartRow>> {
    if parts.is_empty() {
        return Ok(Vec::new());
    }
    let range = query.area.range();
    let periods = periods(counted(tx, query.days).await?, true);
    let mut rows: Vec<PartRow> = on!(tx, |conn| {
        let mut sql = sqlx::QueryBuilder::new(
            "select cast(0 as bigint) as tail, area, unit, cast(null as uuid) as unit_id, class, measure, cast(sum(",
        );
        if periods.taken_away.is_empty() {
            sql.push("amount");
        } else {
            push_in!(sql, "case when period", periods.taken_away.iter().copied());
            sql.push(" then -amount else amount end");
        }
        sql.push(") as bigint) as amount from counts where true");
        match parts {
            Parts::Areas(areas) => {
                push_in!(sql, " and area", areas.iter().map(|area| area.get()));
            }
            _ => drop(sql.push(" and area = ").push_bind(query.area.get())),
        }
        match parts {
            Parts::Units(units) => {
                push_in!(sql, " and unit", units.iter().map(ToString::to_string));
            }
            _ => drop(sql.push(" and unit = ").push_bind(query.unit_text())),
        }
        match parts {
            // A unit has few classes: what it has is walked along, not each class looked for.
            Parts::Units(_) if classes.len() > 1 => drop(sql.push(" and class > ''")),
            _ => {
                push_in!(sql, " and class", classes.iter().cloned());
            }
        }
        push_in!(sql, " and measure", measures.iter().map(|measure| measure.as_str()));
        push_in!(sql, " and period", periods.keys());
        sql.push(" group by area, unit, class, measure ");
        sql.push(
            "union all select cast(1 as bigint) as tail, area, '' as unit, unit_id, class, measure, amount
             from deltas where not folded and day between ",
        );
        sql.push_bind(query.days.0).push(" and ").push_bind(query.days.1);
        sql.push(" and area between ").push_bind(range.0).push(" and ").push_bind(range.1);
        if let (Some(unit), Parts::Areas(_) | Parts::Classes(_)) = (query.unit, parts) {
            sql.push(" and unit_id = ").push_bind(unit.0);
        }
        if !query.class.is_empty() && !matches!(parts, Parts::Classes(_)) {
            sql.push(" and class = ").push_bind(query.class.clone());
        }
        sql.build_query_as().fetch_all(conn).await?
    });
    rows.retain(|row| measures.iter().any(|measure| measure.as_str() == row.measure));
    Ok(rows)
}

/// Which events are listed: those of `measures`, except where the same act also counted `without`.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    pub measures: &'a [Measure],
    pub without: Option<Measure>,
}

/// One counted event with the case it happened to.
#[derive(Clone, Debug, FromRow)]
pub struct EventRow {
    #[sqlx(flatten)]
    pub case: CaseRow,
    pub event_id: Uuid,
    pub event_day: i64,
    pub event_at: i64,
}

/// The place after which a page of events begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventCursor {
    pub day: i64,
    pub at: i64,
    pub id: Uuid,
}

impl EventRow {
    pub fn cursor(&self) -> EventCursor {
        EventCursor { day: self.event_day, at: self.event_at, id: self.event_id }
    }
}

/// The events behind a figure, newest first, one row each: as many as the figure counts.
///
/// `range` is the area's own ids, or only the area itself. Each measure is read backwards along its index by days, so
/// that a page costs the days it spans.
pub async fn figure_events(
    tx: &mut Tx,
    query: &FigureQuery,
    range: (i64, i64),
    side: Side<'_>,
    after: Option<EventCursor>,
    limit: i64,
) -> Result<Vec<EventRow>> {
    let mut events: Vec<EventRow> = Vec::new();
    for measure in side.measures {
        events.extend(on!(tx, |conn| {
            let mut sql = sqlx::QueryBuilder::new(
                "select c.*, d.id as event_id, d.day as event_day, d.at as event_at
                 from deltas d join cases c on c.id = d.case_id where d.amount > 0 and d.measure = ",
            );
            sql.push_bind(measure.as_str());
            let last = after.map_or(query.days.1, |cursor| cursor.day.min(query.days.1));
            sql.push(" and d.day between ").push_bind(query.days.0).push(" and ").push_bind(last);
            sql.push(" and d.area between ").push_bind(range.0).push(" and ").push_bind(range.1);
            if let Some(cursor) = after {
                sql.push(" and (d.day, d.at, d.id) < (").push_bind(cursor.day);
                sql.push(", ").push_bind(cursor.at).push(", ").push_bind(cursor.id).push(")");
            }
            if let Some(unit) = query.unit {
                sql.push(" and d.unit_id = ").push_bind(unit.0);
            }
            if !query.class.is_empty() {
                sql.push(" and d.class = ").push_bind(query.class.clone());
            }
            // What was taken back is no event.
            sql.push(" and not exists (select 1 from deltas o where o.case_id = d.case_id and o.at = d.at");
            sql.push(" and o.measure = d.measure and o.amount < 0)");
            if let Some(without) = side.without {
                sql.push(" and coalesce((select sum(o.amount) from deltas o where o.case_id = d.case_id");
                sql.push(" and o.at = d.at and o.measure = ").push_bind(without.as_str()).push("), 0) <= 0");
            }
            sql.push(" order by d.day desc, d.at desc, d.id desc limit ").push_bind(limit);
            sql.build_query_as::<EventRow>().fetch_all(conn).await?
        }));
    }
    events.sort_by_key(|event| std::cmp::Reverse((event.event_day, event.event_at, event.event_id)));
    events.truncate(limit as usize);
    Ok(events)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_months_stand_for_their_days() {
        let days = |from: i64, to: i64| (from..=to).collect::<Vec<_>>();
        let parts = |range, by_month| {
            let Periods { added, taken_away } = periods(range, by_month);
            (added, taken_away)
        };
        assert_eq!(parts((20_251_201, 20_260_101), true), (vec![202_512, 20_260_101], vec![]));
        assert_eq!(
            parts((20_260_428, 20_260_529), true),
            ([days(20_260_428, 20_260_431), vec![202_605]].concat(), days(20_260_530, 20_260_531))
        );
        assert_eq!(
            parts((20_251_104, 20_260_203), true),
            ([vec![202_511, 202_512, 202_601], days(20_260_201, 20_260_203)].concat(), days(20_251_101, 20_251_103))
        );
        assert_eq!(
            parts((20_251_215, 20_260_103), false),
            ([days(20_251_215, 20_251_231), days(20_260_101, 20_260_103)].concat(), vec![])
        );
        assert_eq!(parts((20_260_102, 20_260_101), true), (vec![], vec![]));
    }

    /// Each day stands in its own count and in that of its month.
    #[test]
    fn each_day_of_a_period_counts_once_and_no_other() {
        let all: Vec<i64> = (1..=4).flat_map(|month| (1..=31).map(move |day| 20_260_000 + month * 100 + day)).collect();
        for (n, first) in all.iter().enumerate() {
            for last in &all[n..] {
                let Periods { added, taken_away } = periods((*first, *last), true);
                for day in &all {
                    let times = |list: &[i64], key: i64| list.iter().filter(|other| **other == key).count() as i64;
                    let counted = times(&added, *day) + times(&added, day / 100) - times(&taken_away, *day);
                    assert_eq!(counted, i64::from((first..=last).contains(&day)), "{day} in {first} to {last}");
                }
            }
        }
    }
}
