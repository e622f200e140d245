//! Figures: what was promised, kept, claimed and confirmed, with the cases behind each.

use muster_core::area::AreaId;
use muster_core::evaluate::{Indicator, Measure, Ratio};
use muster_core::id::UnitId;
use muster_core::people::{Action, Actor, Subject, may, scope};
use muster_core::time::Timestamp;
use muster_store::evaluate::{FigureQuery, figure_cases, figures};
use muster_store::process::{CaseRow, case_get};

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
    /// Day (yyyymmdd) or month (yyyymm), oldest first.
    pub trend: Vec<(i64, Totals)>,
}

/// Sums by measure.
#[derive(Clone, Debug, Default)]
pub struct Totals(Vec<(Measure, i64)>);

impl Totals {
    pub fn get(&self, measure: Measure) -> i64 {
        self.0.iter().filter(|(m, _)| *m == measure).map(|(_, amount)| amount).sum()
    }

    pub fn ratio(&self, indicator: Indicator) -> Ratio {
        let (over, under) = indicator.formula();
        let sum = |measures: &[Measure]| measures.iter().map(|m| self.get(*m)).sum();
        Ratio { numerator: sum(over), denominator: sum(under) }
    }
}

/// Longer periods are shown by month.
const DAYS_SHOWN: usize = 62;

pub async fn dashboard_view(state: &State, actor: &Actor, ask: &Ask) -> Result<Figures> {
    let query = allowed(state, actor, Action::DashboardView, ask)?;
    read(state, query).await
}

/// Open figures of the whole city: no unit, no person.
pub async fn figures_view(state: &State, days: (i64, i64), class: Option<String>) -> Result<Figures> {
    may(&Actor::Anonymous, Action::FiguresView, &Subject::NONE).map_err(deny)?;
    let query = FigureQuery { area: state.pack.root_area, unit: None, class: class.unwrap_or_default(), days };
    read(state, query).await
}

/// The cases on one side of an indicator's line, newest first.
pub async fn indicator_cases(
    state: &State,
    actor: &Actor,
    ask: &Ask,
    measures: &[Measure],
    before: Timestamp,
) -> Result<Vec<(CaseRow, Timestamp)>> {
    let query = allowed(state, actor, Action::IndicatorCases, ask)?;
    let mut tx = state.read().await?;
    let mut cases = Vec::new();
    for (id, at) in figure_cases(&mut tx, &query, measures, before, 50).await? {
        if let Some(case) = case_get(&mut tx, id.into()).await? {
            cases.push((case, Timestamp(at)));
        }
    }
    Ok(cases)
}

/// Narrows what was asked to what may be seen; asking for more is "not found".
fn allowed(state: &State, actor: &Actor, action: Action, ask: &Ask) -> Result<FigureQuery> {
    let scope = scope(actor, action).map_err(deny)?;
    let class = ask.class.clone().unwrap_or_default();
    if !class.is_empty() && state.pack.taxonomy.get(&class).is_none() {
        return Err(Error::invalid("class", "class-unknown", format!("There is no class {class:?}.")));
    }
    if ask.days.0 > ask.days.1 {
        return Err(Error::invalid("from", "period-reversed", "The period ends before it begins; swap the two days."));
    }
    let only = |units: &[UnitId]| (scope.areas.is_empty() && units.len() == 1).then(|| units[0]);
    let unit = ask.unit.or_else(|| only(&scope.units));
    let widest = scope.areas.first().and_then(|(first, _)| AreaId::new(*first).ok());
    let area = ask.area.or(widest).unwrap_or(state.pack.root_area);
    let in_area = scope.areas.iter().any(|(lo, hi)| {
        let (first, last) = area.range();
        *lo <= first && last <= *hi
    });
    let of_unit = unit.is_some_and(|unit| scope.units.contains(&unit));
    if in_area || of_unit { Ok(FigureQuery { area, unit, class, days: ask.days }) } else { Err(Error::not_found()) }
}

async fn read(state: &State, query: FigureQuery) -> Result<Figures> {
    let mut tx = state.read().await?;
    let mut rows = figures(&mut tx, &query, false).await?;
    let mut days: Vec<i64> = rows.iter().map(|(day, _, _)| *day).collect();
    days.dedup();
    if days.len() > DAYS_SHOWN {
        for row in &mut rows {
            row.0 /= 100;
        }
        rows.sort();
    }
    let mut totals = Totals::default();
    let mut trend: Vec<(i64, Totals)> = Vec::new();
    for (period, measure, amount) in rows {
        let Ok(measure) = measure.parse::<Measure>() else { continue };
        totals.0.push((measure, amount));
        match trend.last_mut() {
            Some((last, sums)) if *last == period => sums.0.push((measure, amount)),
            _ => trend.push((period, Totals(vec![(measure, amount)]))),
        }
    }
    Ok(Figures { query, totals, trend })
}
