//! Reads all numbers of a report in one snapshot of the database.

use std::collections::BTreeMap;

use jiff::civil::Date;
use muster_core::area::{AreaId, Level};
use muster_core::evaluate::Measure;
use muster_core::evaluate::exceptions::exceptions;
use muster_core::evaluate::period::Period;
use muster_core::evaluate::snapshot::{Edition, FORMAT, Left, Line, Listed, Shown, Side, Snapshot, Value};
use muster_core::intake::Channel;
use muster_core::pack::{Better, Indicator, Name, RequestKind};
use muster_core::time::{Timestamp, day_number};
use muster_store::Tx;
use muster_store::evaluate::{FigureQuery, Parts, Side as Events, figure_events, figure_parts, figures};
use muster_store::people::{area_children, area_get, area_list, unit_list};
use muster_store::period_report::{received_by_channel, received_by_kind};

use super::figures::Totals;
use crate::error::{Error, Result};
use crate::i18n::{Lang, Text};
use crate::state::State;

/// Cases of one side of an indicator that are listed: more of those that did not meet it, since those are looked for.
const REST_MOST: i64 = 300;
const MET_MOST: i64 = 100;
/// Names of areas that the list of cases may need.
const AREAS_MOST: i64 = 20_000;

/// What a report is asked for, with the days that count.
struct Asked {
    area: AreaId,
    period: Period,
    before: Option<Period>,
    year_before: Option<Period>,
}

/// The report of an area and period, as the record stands.
pub(super) async fn gather(state: &State, area: AreaId, period: Period) -> Result<Snapshot> {
    let today = state.pack.calendar.local_date(state.now());
    if period.first() > today {
        let detail = format!("{period} has not begun; a report can be written from its first day on.");
        return Err(Error::invalid("period", "period-future", detail));
    }
    let until = (period.last() >= today).then(|| day_number(today));
    // Part of a period is not compared with the whole of another.
    let whole = |other: Option<Period>| other.filter(|_| until.is_none());
    let asked = Asked { area, period, before: whole(period.before()), year_before: whole(period.year_before()) };
    let mut tx = state.db.snapshot().await?;
    let known = area_get(&mut tx, area).await?;
    let known = known.ok_or_else(|| Error::invalid("area", "area-unknown", format!("There is no area {area}.")))?;
    let area_name = name_of(state, area, &known.name);
    let (whole, months) = whole_and_months(state, &mut tx, &asked, &area_name).await?;
    let classes = classes(state, &mut tx, &asked).await?;
    let (areas, grid) = areas(state, &mut tx, &asked, &classes).await?;
    let mut snapshot = Snapshot {
        format: FORMAT,
        edition: Edition::Full,
        period,
        area,
        area_name,
        pack: state.pack.version.clone(),
        until,
        indicators: shown(state, area, period),
        whole,
        months,
        areas,
        classes,
        channels: channels(state, &mut tx, &asked).await?,
        kinds: kinds(state, &mut tx, &asked).await?,
        grid,
        exceptions: Vec::new(),
        exceptions_left: 0,
        cases: Vec::new(),
        cases_left: Vec::new(),
    };
    name_the_rest(&mut snapshot);
    compare_what_was_recorded(&mut snapshot);
    (snapshot.exceptions, snapshot.exceptions_left) = exceptions(&snapshot);
    (snapshot.cases, snapshot.cases_left) = cases(state, &mut tx, &asked, &snapshot).await?;
    Ok(snapshot)
}

/// Those at the front of which both sides can be told apart.
fn indicators(state: &State) -> impl Iterator<Item = &Indicator> {
    state.pack.indicators.front().filter(|indicator| indicator.rest().is_some())
}

/// What came in, and the indicators, with names, formulas and targets as they are printed.
fn shown(state: &State, area: AreaId, period: Period) -> Vec<Shown> {
    let code = Measure::Received.as_str();
    let received = Shown {
        code: code.to_owned(),
        name: named("indicator", code).1,
        formula: named("formula", code).1,
        is_ratio: false,
        better: Better::Neither,
        measures: vec![Measure::Received],
        target: None,
        target_below: None,
    };
    let below = Level::ALL.into_iter().find(|level| *level > area.level()).unwrap_or(Level::Grid);
    let target = |indicator: &Indicator, level| {
        let target = state.pack.indicators.target(&indicator.code, level, period.year());
        target.map(|target| (target.percent * 10.0).round() as i64)
    };
    let ratio = |indicator: &Indicator| Shown {
        code: indicator.code.clone(),
        name: indicator.name.clone(),
        formula: indicator.formula.clone(),
        is_ratio: true,
        better: indicator.better,
        measures: [indicator.over.as_slice(), &indicator.under].concat(),
        target: target(indicator, area.level()),
        target_below: target(indicator, below),
    };
    std::iter::once(received).chain(indicators(state).map(ratio)).collect()
}

/// In the order of [`shown`].
fn values(state: &State, totals: &Totals) -> Vec<Value> {
    let ratio = |indicator: &Indicator| {
        let ratio = totals.ratio(indicator);
        Value::new(ratio.numerator, ratio.denominator)
    };
    std::iter::once(Value::count(totals.get(Measure::Received))).chain(indicators(state).map(ratio)).collect()
}

fn query(asked: &Asked, days: (i64, i64)) -> FigureQuery {
    FigureQuery { area: asked.area, unit: None, class: String::new(), days }
}

/// The sums of the whole then and now, and what came in by month: one statement over the months of all of it.
async fn whole_and_months(
    state: &State,
    tx: &mut Tx,
    asked: &Asked,
    name: &Name,
) -> Result<(Line, Vec<(i64, Option<i64>)>)> {
    let first = asked.period.year_before().unwrap_or(asked.period).days().0;
    let last = asked.period.days().1;
    let mut by_month: BTreeMap<i64, Totals> =
        months_of(first / 100, last / 100).map(|m| (m, Totals::default())).collect();
    for (month, measure, amount) in figures(tx, &query(asked, (first, last)), true).await? {
        by_month.entry(month).or_default().add_word(&measure, amount);
    }
    let sum = |period: Period| {
        let mut sum = Totals::default();
        by_month.iter().filter(|(month, _)| period.holds(**month)).for_each(|(_, totals)| sum.add_all(totals, 1));
        sum
    };
    let now = sum(asked.period);
    if now.is_empty() {
        let root = state.pack.root_area;
        let detail = format!("Nothing was counted in {} in {}; {root} is the whole city.", asked.area, asked.period);
        return Err(Error::invalid("period", "period-empty", detail));
    }
    let then = |period: Option<Period>| {
        let sum = period.map(sum).filter(|sum| !sum.is_empty());
        sum.map(|sum| values(state, &sum)).unwrap_or_default()
    };
    let whole = Line {
        key: asked.area.to_string(),
        name: name.clone(),
        is_own: false,
        now: values(state, &now),
        before: then(asked.before),
        year_before: then(asked.year_before),
    };
    let months = by_month.iter().map(|(month, totals)| (*month, Some(totals.get(Measure::Received)))).collect();
    Ok((whole, months))
}

/// Every month (yyyymm) from one to another.
fn months_of(first: i64, last: i64) -> impl Iterator<Item = i64> {
    let next = |month: &i64| Some(if month % 100 == 12 { month + 89 } else { month + 1 });
    std::iter::successors(Some(first), next).take_while(move |month| *month <= last)
}

/// The values of some parts in one period, each at its place; none where there was no such period.
async fn parts(tx: &mut Tx, asked: &Asked, parts: &Parts, len: usize, period: Option<Period>) -> Result<Vec<Totals>> {
    let mut sums = vec![Totals::default(); if period.is_some() { len } else { 0 }];
    if let Some(period) = period {
        for (place, measure, amount) in figure_parts(tx, &query(asked, period.days()), parts, Measure::ALL).await? {
            if let Some(sum) = sums.get_mut(place) {
                sum.add_word(&measure, amount);
            }
        }
    }
    Ok(sums)
}

/// The sums of the parts now, before and a year before.
async fn thrice(tx: &mut Tx, asked: &Asked, of: &Parts, len: usize) -> Result<[Vec<Totals>; 3]> {
    Ok([
        parts(tx, asked, of, len, Some(asked.period)).await?,
        parts(tx, asked, of, len, asked.before).await?,
        parts(tx, asked, of, len, asked.year_before).await?,
    ])
}

fn line(state: &State, key: &str, name: Name, sums: &[Vec<Totals>; 3], place: usize) -> Line {
    let of = |then: usize| sums[then].get(place).map(|totals| values(state, totals)).unwrap_or_default();
    let [now, before, year_before] = [0, 1, 2].map(of);
    Line { key: key.to_owned(), name, is_own: false, now, before, year_before }
}

/// The large classes of the pack, in its order.
async fn classes(state: &State, tx: &mut Tx, asked: &Asked) -> Result<Vec<Line>> {
    let classes: Vec<_> = state.pack.taxonomy.classes().collect();
    let codes: Vec<String> = classes.iter().map(|class| class.code.clone()).collect();
    let sums = thrice(tx, asked, &Parts::Classes(codes.clone()), codes.len()).await?;
    let lines =
        classes.iter().enumerate().map(|(place, class)| line(state, &class.code, class.name.clone(), &sums, place));
    Ok(lines.collect())
}

/// Nothing is compared with a time of which nothing is recorded: it is not zero.
fn compare_what_was_recorded(snapshot: &mut Snapshot) {
    let (before, year_before) = (snapshot.has_before(), snapshot.has_year_before());
    for lines in [&mut snapshot.areas, &mut snapshot.classes, &mut snapshot.channels, &mut snapshot.kinds] {
        for line in lines {
            line.before.truncate(if before { usize::MAX } else { 0 });
            line.year_before.truncate(if year_before { usize::MAX } else { 0 });
        }
    }
}

/// What was counted under classes that the pack no longer has is a class too, so that the classes are the whole: what is
/// left of a sum would otherwise be told by all others.
fn name_the_rest(snapshot: &mut Snapshot) {
    let rest = |values: &dyn Fn(&Line) -> &Vec<Value>| -> Vec<Value> {
        let side = |place: usize, side: fn(&Value) -> Option<i64>| {
            let of = |line: &Line| values(line).get(place).and_then(side).unwrap_or_default();
            of(&snapshot.whole) - snapshot.classes.iter().map(of).sum::<i64>()
        };
        let value = |place| Value::new(side(place, |value| value.over), side(place, |value| value.under));
        (0..values(&snapshot.whole).len()).map(value).collect()
    };
    let (now, before, year_before) = (rest(&|l| &l.now), rest(&|l| &l.before), rest(&|l| &l.year_before));
    if [&now, &before, &year_before].into_iter().flatten().all(|value| *value == Value::count(0)) {
        return;
    }
    let (key, name) = named("report-class", "other");
    snapshot.classes.push(Line { key, name, is_own: false, now, before, year_before });
    for (line, row) in snapshot.areas.iter().zip(&mut snapshot.grid) {
        let all = line.now.first().and_then(|value| value.over).unwrap_or_default();
        row.push(Some(all - row.iter().flatten().sum::<i64>()));
    }
}

/// The areas directly below, what stands at the area itself as the last, and what came in of each by class.
async fn areas(
    state: &State,
    tx: &mut Tx,
    asked: &Asked,
    classes: &[Line],
) -> Result<(Vec<Line>, Vec<Vec<Option<i64>>>)> {
    let mut ids = area_children(tx, asked.area).await?;
    let names: BTreeMap<AreaId, String> =
        area_list(tx, asked.area.range(), AREAS_MOST).await?.into_iter().map(|area| (area.id, area.name)).collect();
    ids.push(asked.area);
    let own = ids.len() - 1;
    let parts = Parts::Areas(ids.clone());
    let mut sums = thrice(tx, asked, &parts, ids.len()).await?;
    for sums in sums.iter_mut().filter(|sums| !sums.is_empty()) {
        let below: Vec<Totals> = sums[..own].to_vec();
        for part in &below {
            sums[own].add_all(part, -1);
        }
    }
    let mut grid = vec![vec![0; classes.len()]; ids.len()];
    for (column, class) in classes.iter().enumerate() {
        let query = FigureQuery { class: class.key.clone(), ..query(asked, asked.period.days()) };
        for (row, _, amount) in figure_parts(tx, &query, &parts, &[Measure::Received]).await? {
            grid[row][column] += amount;
        }
        grid[own][column] -= grid[..own].iter().map(|row| row[column]).sum::<i64>();
    }
    let name = |id: &AreaId| name_of(state, *id, names.get(id).map_or("", String::as_str));
    let mut lines: Vec<Line> =
        ids.iter().enumerate().map(|(place, id)| line(state, &id.to_string(), name(id), &sums, place)).collect();
    lines[own].is_own = true;
    if sums.iter().all(|sums| sums.get(own).is_none_or(Totals::is_empty)) {
        lines.pop();
        grid.pop();
    }
    Ok((lines, grid.into_iter().map(|row| row.into_iter().map(Some).collect()).collect()))
}

/// The pack names the whole city in both languages; the areas below have one name each.
fn name_of(state: &State, area: AreaId, name: &str) -> Name {
    let known = &state.pack.root_area_name;
    if area == state.pack.root_area && (name == known.zh || name.is_empty()) {
        return known.clone();
    }
    Name { zh: name.to_owned(), en: name.to_owned() }
}

/// From the first moment of a period to the first after it, in the city's zone.
fn moments(state: &State, period: Period) -> Result<(Timestamp, Timestamp)> {
    let start = |date: Date| {
        let at = state.pack.zone.to_ambiguous_timestamp(date.at(0, 0, 0, 0)).compatible();
        at.map(|at| Timestamp(at.as_microsecond())).map_err(|error| Error::internal(&error))
    };
    let end = period.last().tomorrow().map_err(|error| Error::internal(&error))?;
    Ok((start(period.first())?, start(end)?))
}

type Counted = BTreeMap<String, i64>;

fn counted_lines(codes: impl Iterator<Item = (String, Name)>, [now, before, year_before]: [Counted; 3]) -> Vec<Line> {
    let of = |counts: &Counted, code: &str| {
        if counts.is_empty() { Vec::new() } else { vec![Value::count(counts.get(code).copied().unwrap_or_default())] }
    };
    let lines = codes.map(|(code, name)| Line {
        now: vec![Value::count(now.get(&code).copied().unwrap_or_default())],
        before: of(&before, &code),
        year_before: of(&year_before, &code),
        key: code,
        name,
        is_own: false,
    });
    let counted = |values: &[Value]| values.iter().any(|value| value.over != Some(0));
    lines.filter(|line| counted(&line.now) || counted(&line.before) || counted(&line.year_before)).collect()
}

async fn channels(state: &State, tx: &mut Tx, asked: &Asked) -> Result<Vec<Line>> {
    let mut counts = <[Counted; 3]>::default();
    for (counts, period) in counts.iter_mut().zip([Some(asked.period), asked.before, asked.year_before]) {
        let Some(period) = period else { continue };
        counts.extend(received_by_channel(tx, asked.area.range(), moments(state, period)?).await?);
    }
    Ok(counted_lines(Channel::ALL.iter().map(|channel| named("channel", channel.as_str())), counts))
}

async fn kinds(state: &State, tx: &mut Tx, asked: &Asked) -> Result<Vec<Line>> {
    let mut counts = <[Counted; 3]>::default();
    for (counts, period) in counts.iter_mut().zip([Some(asked.period), asked.before, asked.year_before]) {
        let Some(period) = period else { continue };
        counts.extend(received_by_kind(tx, asked.area.range(), moments(state, period)?).await?);
    }
    Ok(counted_lines(RequestKind::CODES.iter().map(|kind| named("request-kind", kind)), counts))
}

fn named(family: &str, code: &str) -> (String, Name) {
    let word = |lang| Text { lang }.label(family, code).into_owned();
    (code.to_owned(), Name { zh: word(Lang::Zh), en: word(Lang::En) })
}

/// The newest cases on each side of each indicator, and how many more there are.
async fn cases(state: &State, tx: &mut Tx, asked: &Asked, snapshot: &Snapshot) -> Result<(Vec<Listed>, Vec<Left>)> {
    let areas: BTreeMap<AreaId, String> =
        area_list(tx, asked.area.range(), AREAS_MOST).await?.into_iter().map(|area| (area.id, area.name)).collect();
    let units: BTreeMap<_, _> = unit_list(tx).await?.into_iter().map(|unit| (unit.id, unit.name)).collect();
    let (mut listed, mut left) = (Vec::new(), Vec::new());
    for (shown, value) in snapshot.indicators.iter().zip(&snapshot.whole.now) {
        for (side, measures, without, most) in sides(state, &shown.code) {
            let met = value.over.unwrap_or_default();
            let of = if side == Side::Met { met } else { value.under.unwrap_or_default() - met };
            let events = Events { measures: &measures, without };
            let query = query(asked, asked.period.days());
            let rows = figure_events(tx, &query, asked.area.range(), events, None, most).await?;
            left.push(Left {
                indicator: shown.code.clone(),
                side,
                listed: rows.len() as u64,
                of: (of.max(0) as u64).max(rows.len() as u64),
            });
            listed.extend(rows.into_iter().map(|row| Listed {
                indicator: shown.code.clone(),
                side,
                code: row.case.code.to_string(),
                day: row.event_day,
                area: areas.get(&row.case.area).cloned().unwrap_or_default(),
                class: row.case.class().to_owned(),
                unit: row.case.unit().and_then(|unit| units.get(&unit).cloned()).unwrap_or_default(),
            }));
        }
    }
    Ok((listed, left))
}

/// How the cases of each side of an indicator are found, and how many of them are listed.
fn sides(state: &State, code: &str) -> Vec<(Side, Vec<Measure>, Option<Measure>, i64)> {
    match indicators(state).find(|indicator| indicator.code == code).and_then(|one| Some((one, one.rest()?))) {
        Some((indicator, (rest, without))) => {
            vec![(Side::Rest, rest, without, REST_MOST), (Side::Met, indicator.over.clone(), None, MET_MOST)]
        }
        None => vec![(Side::Met, vec![Measure::Received], None, MET_MOST)],
    }
}
