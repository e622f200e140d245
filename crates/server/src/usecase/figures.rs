//! Figures: what was promised, kept, claimed and confirmed, with the cases behind each.

use muster_core::area::AreaId;
use muster_core::evaluate::{Adjusted, Measure, Ratio, adjust};
use muster_core::id::UnitId;
use muster_core::pack::{Indicator, Line};
use muster_core::people::{Action, Actor, Scope, Subject, may, scope};
use muster_store::Tx;
use muster_store::evaluate::{
    EventCursor, EventRow, FigureQuery, Parts, Side, figure_events, figure_mix, figure_parts, figures,
};
use muster_store::people::{area_children, area_get, unit_list};

pub use muster_core::evaluate::Totals;

use super::act::deny;
use crate::error::{Error, Result};
use crate::state::State;

/// What the figures are asked for. Without area or unit: the widest this person may see.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    pub area: Option<AreaId>,
    pub unit: Option<UnitId>,
    /// Two digits, or none for all.
    pub class: Option<String>,
    /// Inclusive days, yyyymmdd.
    pub days: (i64, i64),
}

/// Sums and ratios of one period, and the same by day or month for the trend.
#[derive(Clone, Debug)]
pub struct Figures {
    pub query: FigureQuery,
    pub totals: Totals,
    /// Day (yyyymmdd) or month (yyyymm), oldest first; those without an event are left out.
    pub trend: Vec<(i64, Totals)>,
}

/// Longer periods, in days of the calendar, are shown by month.
const DAYS_SHOWN: i64 = 62;

pub async fn dashboard_view(state: &State, actor: &Actor, ask: &Ask) -> Result<Figures> {
    let (query, _) = allowed(state, actor, Action::DashboardView, ask).await?;
    read(state, query).await
}

/// Open figures of the whole city: no unit, no person.
pub async fn figures_view(state: &State, days: (i64, i64), class: Option<String>) -> Result<Figures> {
    may(&Actor::Anonymous, Action::FiguresView, &Subject::NONE).map_err(deny)?;
    let query = FigureQuery { area: state.pack.root_area, unit: None, class: class.unwrap_or_default(), days };
    read(state, query).await
}

/// What a comparison sets beside each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Area,
    Unit,
    Class,
}

/// One line of a comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    Area(AreaId),
    /// What stands at the area itself and at none below it.
    Own(AreaId),
    Unit(UnitId),
    Class(String),
}

/// The parts of what was asked for, in the order of their codes, and their sum.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub query: FigureQuery,
    pub total: Totals,
    pub parts: Vec<(Part, Totals)>,
}

/// The figures of the areas below, of the units in reach or of the classes, each kind without a filter of its own.
///
/// Three reads however many lines there are: the list of parts, and one statement for all sums (see
/// `muster_store::evaluate`).
pub async fn figures_compare(state: &State, actor: &Actor, ask: &Ask, by: By) -> Result<Comparison> {
    figures_beside(state, actor, ask, by, Measure::ALL).await
}

/// The same of some measures only: the fewer, the less is read.
pub async fn figures_beside(
    state: &State,
    actor: &Actor,
    ask: &Ask,
    by: By,
    measures: &[Measure],
) -> Result<Comparison> {
    let (query, in_area) = allowed(state, actor, Action::DashboardView, ask).await?;
    let mut tx = state.read().await?;
    let (parts, lines) = parts_of(state, &mut tx, actor, (&query, in_area), by).await?;
    let rows = figure_parts(&mut tx, &query, &parts, measures).await?;
    Ok(lay_out(query, lines, &rows))
}

/// What stands beside each other, and the lines of it.
async fn parts_of(
    state: &State,
    tx: &mut Tx,
    actor: &Actor,
    (query, in_area): (&FigureQuery, bool),
    by: By,
) -> Result<(Parts, Vec<Part>)> {
    Ok(match by {
        By::Area => {
            let mut areas = area_children(tx, query.area).await?;
            let lines = areas.iter().map(|area| Part::Area(*area)).collect();
            areas.push(query.area);
            (Parts::Areas(areas), lines)
        }
        By::Unit => {
            let units: Vec<UnitId> = if in_area {
                unit_list(tx).await?.iter().map(|unit| unit.id).collect()
            } else {
                scope(actor, Action::DashboardView).map_err(deny)?.units
            };
            let lines = units.iter().map(|unit| Part::Unit(*unit)).collect();
            (Parts::Units(units), lines)
        }
        By::Class => {
            let classes: Vec<String> = state.pack.taxonomy.classes().map(|class| class.code.clone()).collect();
            let lines = classes.iter().cloned().map(Part::Class).collect();
            (Parts::Classes(classes), lines)
        }
    })
}

/// Areas or units held against what their own mix of classes lets expect, by one indicator. What stands at the area
/// itself has no line here.
pub async fn figures_fair(
    state: &State,
    actor: &Actor,
    ask: &Ask,
    by: By,
    indicator: &Indicator,
) -> Result<Vec<(Part, Option<Adjusted>)>> {
    let (query, in_area) = allowed(state, actor, Action::DashboardView, ask).await?;
    if by == By::Class || indicator.line == Line::Apart {
        return Ok(Vec::new());
    }
    let mut tx = state.read().await?;
    let (parts, lines) = parts_of(state, &mut tx, actor, (&query, in_area), by).await?;
    let parts = match parts {
        Parts::Areas(areas) => Parts::Areas(areas.into_iter().filter(|area| *area != query.area).collect()),
        parts => parts,
    };
    let classes: Vec<String> = match query.class.as_str() {
        "" => state.pack.taxonomy.classes().map(|class| class.code.clone()).collect(),
        class => vec![class.to_owned()],
    };
    let measures = indicator.measures();
    let mut sums = vec![vec![Totals::default(); classes.len()]; lines.len()];
    for (place, class, measure, amount) in figure_mix(&mut tx, &query, &parts, &classes, &measures).await? {
        if let Some(class) = classes.iter().position(|known| *known == class) {
            sums[place][class].add_word(&measure, amount);
        }
    }
    let ratios: Vec<Vec<Ratio>> =
        sums.iter().map(|part| part.iter().map(|totals| totals.ratio(indicator)).collect()).collect();
    Ok(lines.into_iter().zip(adjust(&ratios)).collect())
}

/// The sums at their lines. What is left of an area when its parts are taken away is a line too, if there is any.
fn lay_out(query: FigureQuery, lines: Vec<Part>, rows: &[(usize, String, i64)]) -> Comparison {
    let whole = lines.len();
    let mut parts: Vec<(Part, Totals)> = lines.into_iter().map(|part| (part, Totals::default())).collect();
    let (mut own, mut total) = (Totals::default(), Totals::default());
    for (place, measure, amount) in rows {
        match parts.get_mut(*place) {
            Some((_, sums)) => sums.add_word(measure, *amount),
            None if *place == whole => own.add_word(measure, *amount),
            None => {}
        }
    }
    for (part, sums) in &parts {
        total.add_all(sums, 1);
        if matches!(part, Part::Area(_)) {
            own.add_all(sums, -1);
        }
    }
    let rest = Measure::ALL.iter().any(|measure| own.get(*measure) != 0);
    if rest {
        total.add_all(&own, 1);
        parts.push((Part::Own(query.area), own));
    }
    Comparison { query, total, parts }
}

/// Where a listing of events begins, and whether it keeps to the area itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct Listing {
    pub own: bool,
    pub after: Option<EventCursor>,
}

/// Events on one page.
const PAGE: usize = 50;

/// The cases on one side of an indicator's line: one row for each time a case was counted, newest first, and where the
/// next page begins.
pub async fn indicator_cases(
    state: &State,
    actor: &Actor,
    ask: &Ask,
    side: Side<'_>,
    listing: Listing,
) -> Result<(Vec<EventRow>, Option<EventCursor>)> {
    let (query, _) = allowed(state, actor, Action::IndicatorCases, ask).await?;
    let own = (query.area.get(), query.area.get());
    let range = if listing.own { own } else { query.area.range() };
    let mut tx = state.read().await?;
    let mut rows = figure_events(&mut tx, &query, range, side, listing.after, PAGE as i64 + 1).await?;
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let next = rows.last().filter(|_| more).map(EventRow::cursor);
    Ok((rows, next))
}

/// Narrows what was asked to what may be seen, and says whether an area bounds it (not a unit); asking for more is
/// "not found", and so is an area that does not exist.
pub(super) async fn allowed(state: &State, actor: &Actor, action: Action, ask: &Ask) -> Result<(FigureQuery, bool)> {
    let Scope { areas, units } = scope(actor, action).map_err(deny)?;
    let class = ask.class.clone().unwrap_or_default();
    if !class.is_empty() && state.pack.taxonomy.get(&class).is_none() {
        return Err(Error::invalid("class", "class-unknown", format!("There is no class {class:?}.")));
    }
    if ask.days.0 > ask.days.1 {
        return Err(Error::invalid("from", "period-reversed", "The period ends before it begins; swap the two days."));
    }
    let unit = ask.unit.or_else(|| units.first().copied().filter(|_| areas.is_empty()));
    let widest = areas.first().and_then(|(first, _)| AreaId::new(*first).ok());
    let area = ask.area.or(widest).unwrap_or(state.pack.root_area);
    let (first, last) = area.range();
    let in_area = areas.iter().any(|(lo, hi)| *lo <= first && last <= *hi);
    let of_unit = unit.is_some_and(|unit| units.contains(&unit));
    let known = match ask.area {
        Some(area) => area_get(&mut state.read().await?, area).await?.is_some(),
        None => true,
    };
    if !known || (!in_area && !of_unit) {
        return Err(Error::not_found());
    }
    Ok((FigureQuery { area, unit, class, days: ask.days }, in_area))
}

async fn read(state: &State, query: FigureQuery) -> Result<Figures> {
    let by_month = days_between(query.days) > DAYS_SHOWN;
    let mut tx = state.read().await?;
    let rows = figures(&mut tx, &query, by_month).await?;
    let mut totals = Totals::default();
    let mut trend: Vec<(i64, Totals)> = Vec::new();
    for (period, measure, amount) in rows {
        totals.add_word(&measure, amount);
        if trend.last().is_none_or(|(last, _)| *last != period) {
            trend.push((period, Totals::default()));
        }
        if let Some((_, sums)) = trend.last_mut() {
            sums.add_word(&measure, amount);
        }
    }
    Ok(Figures { query, totals, trend })
}

/// Roughly, as every month had 31 days: enough to choose between days and months.
fn days_between((first, last): (i64, i64)) -> i64 {
    let flat = |day: i64| (day / 10_000 * 12 + day / 100 % 100) * 31 + day % 100;
    flat(last) - flat(first) + 1
}
