//! Figures for staff: sums, ratios with both sides, and the trend.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State as Held;
use jiff::civil::Date;
use muster_core::evaluate::{Measure, SMALL_COUNT};
use muster_core::pack::{Indicator, Indicators};
use muster_core::time::day_number;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::ask::Member;
use super::body::area_code;
use super::refusals::{Found, Query, Refusals, Staff};
use crate::error::{Error, Result};
use crate::extract::ApiQuery;
use crate::state::State;
use crate::usecase::figures::{Ask, Figures, Totals, dashboard_view};
use crate::usecase::reference::{area_find, category_find, unit_find};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Asked {
    /// The area and what is below it; the widest in reach without it.
    #[param(schema_with = area_code, required = false)]
    area: Option<String>,
    /// Id or code.
    unit: Option<String>,
    /// Code of a large class.
    #[param(pattern = "^[0-9]{2}$")]
    class: Option<String>,
    /// First day, in the city's zone; 29 days before `to` without it.
    #[param(format = Date)]
    from: Option<String>,
    /// Last day; today without it.
    #[param(format = Date)]
    to: Option<String>,
}

/// Sums and ratios of a period. A null figure is too small to be shown to everybody.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct FiguresShown {
    /// 15 digits.
    area: String,
    unit: Option<uuid::Uuid>,
    class: Option<String>,
    #[schema(format = Date)]
    from: String,
    #[schema(format = Date)]
    to: String,
    /// By measure, such as `received` or `answer_kept`.
    measures: BTreeMap<&'static str, Option<i64>>,
    /// By indicator, such as `on_time`.
    indicators: BTreeMap<String, RatioShown>,
    /// By day, or by month for long periods, oldest first; without those on which nothing happened.
    trend: Vec<Period>,
}

/// Both sides of a line, and what they make.
#[derive(Debug, Serialize, ToSchema)]
struct RatioShown {
    numerator: Option<i64>,
    denominator: Option<i64>,
    /// Null when nothing was counted.
    percent: Option<f64>,
    /// True below five: never to be ranked.
    small: bool,
}

#[derive(Debug, Serialize, ToSchema)]
struct Period {
    /// `2026-05-11` or `2026-05`.
    period: String,
    measures: BTreeMap<&'static str, Option<i64>>,
}

/// See figures
#[utoipa::path(
    get, path = "/api/v1/figures", operation_id = "dashboard_view", tag = "figures",
    security(("bearer" = [])),
    params(Asked),
    responses((status = 200, description = "Figures", body = FiguresShown), Refusals<Staff, Found, Query>),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    member: Member,
    ApiQuery(asked): ApiQuery<Asked>,
) -> Result<Json<FiguresShown>> {
    let ask = Ask {
        area: match &asked.area {
            Some(text) => Some(area_find(&state, "area", text).await?),
            None => None,
        },
        unit: match &asked.unit {
            Some(text) => Some(unit_find(&state, &member.actor, "unit", text).await?),
            None => None,
        },
        class: class(&state, asked.class.as_deref())?,
        days: days(&state, asked.from.as_deref(), asked.to.as_deref())?,
    };
    let figures = dashboard_view(&state, &member.actor, &ask).await?;
    Ok(Json(FiguresShown::new(&state.pack.indicators, &figures, 0)))
}

/// A large class of the pack.
pub(super) fn class(state: &State, code: Option<&str>) -> Result<Option<String>> {
    let Some(code) = code else { return Ok(None) };
    if code.len() != 2 {
        return Err(Error::invalid(
            "class",
            "class-unknown",
            format!("{code:?} is no large class; give its two digits."),
        ));
    }
    category_find(state, "class", code).map(Some)
}

/// The period asked for, as days yyyymmdd.
pub(super) fn days(state: &State, from: Option<&str>, to: Option<&str>) -> Result<(i64, i64)> {
    let read = |name: &str, text: &str| {
        let wrong = || Error::invalid(name, "date-wrong", format!("{text:?} is no date; write it as 2026-05-11."));
        let date = text.parse::<Date>().map_err(|_| wrong())?;
        // Four digits of year, so that a day is a number of eight.
        if text.len() == 10 && date.year() >= 1000 { Ok(date) } else { Err(wrong()) }
    };
    let to = match to {
        Some(text) => read("to", text)?,
        None => state.pack.calendar.local_date(state.now()),
    };
    let from = match from {
        Some(text) => read("from", text)?,
        None => to.saturating_sub(jiff::Span::new().days(29)),
    };
    if from > to {
        return Err(Error::invalid("from", "period-reversed", "The period ends before it begins; swap the two days."));
    }
    Ok((day_number(from), day_number(to)))
}

/// `20260511` as `2026-05-11`.
fn day(number: i64) -> String {
    format!("{:04}-{:02}-{:02}", number / 10_000, number / 100 % 100, number % 100)
}

/// A day as above, or the month `202605` as `2026-05`.
fn day_or_month(number: i64) -> String {
    if number > 999_999 { day(number) } else { format!("{:04}-{:02}", number / 100, number % 100) }
}

impl FiguresShown {
    /// Counts below `least` are not shown.
    pub(super) fn new(indicators: &Indicators, figures: &Figures, least: i64) -> Self {
        let query = &figures.query;
        let shown = |amount: i64| (amount >= least).then_some(amount);
        let sums = |totals: &Totals| Measure::ALL.iter().map(|m| (m.as_str(), shown(totals.get(*m)))).collect();
        let ratio = |indicator: &Indicator| {
            let ratio = figures.totals.ratio(indicator);
            let open = ratio.denominator >= least;
            let shown = RatioShown {
                numerator: open.then_some(ratio.numerator),
                denominator: open.then_some(ratio.denominator),
                percent: ratio.percent().filter(|_| open),
                small: ratio.denominator < SMALL_COUNT,
            };
            (indicator.code.clone(), shown)
        };
        Self {
            area: query.area.to_string(),
            unit: query.unit.map(|unit| unit.0),
            class: Some(query.class.clone()).filter(|class| !class.is_empty()),
            from: day(query.days.0),
            to: day(query.days.1),
            measures: sums(&figures.totals),
            indicators: indicators.iter().map(ratio).collect(),
            trend: figures
                .trend
                .iter()
                .map(|(period, totals)| Period { period: day_or_month(*period), measures: sums(totals) })
                .collect(),
        }
    }
}
