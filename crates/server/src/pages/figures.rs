//! Figures: the dashboard, the cases behind a figure, and what is open to everybody.

use axum::extract::{Path, Query};
use axum::response::Response;
use muster_core::evaluate::{Indicator, Measure, SMALL_COUNT};
use muster_core::time::Timestamp;
use serde::Deserialize;

use super::frame::Frame;
use super::words::Places;
use crate::error::{Error, Result};
use crate::usecase::figures::{Ask, Figures, Totals, dashboard_view, figures_view, indicator_cases};
use crate::view::chart::{Chart, Point};
use crate::view::evaluate::{DashboardPage, Figure, FigureCasesPage, FigureFilter, OpenPage, Side, Trend};
use crate::view::process::Pager;
use crate::view::{Choice, Group};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    area: String,
    unit: String,
    category: String,
    period: String,
    side: String,
}

const INDICATORS: [Indicator; 5] =
    [Indicator::Response, Indicator::OnTime, Indicator::Claimed, Indicator::Confirmed, Indicator::Satisfaction];

const PERIODS: [(&str, i64); 4] = [("7", 7), ("30", 30), ("90", 90), ("365", 365)];

/// The word of an indicator in addresses and translations.
fn code(indicator: Indicator) -> &'static str {
    match indicator {
        Indicator::Claimed => "claimed_resolution",
        Indicator::Confirmed => "confirmed_resolution",
        other => other.as_str(),
    }
}

impl Asked {
    fn query(&self) -> String {
        let pairs =
            [("area", &self.area), ("unit", &self.unit), ("category", &self.category), ("period", &self.period)];
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
            query.append_pair(name, value);
        }
        query.finish()
    }

    fn filter(&self) -> FigureFilter {
        FigureFilter {
            area: self.area.clone(),
            unit: self.unit.clone(),
            category: self.category.clone(),
            period: self.days().0.to_owned(),
        }
    }

    fn days(&self) -> (&'static str, i64) {
        PERIODS.into_iter().find(|(code, _)| *code == self.period).unwrap_or(PERIODS[1])
    }
}

impl Frame {
    fn day_number(&self, at: Timestamp) -> i64 {
        let date = self.state.pack.calendar.local_date(at);
        i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
    }

    fn ask(&self, asked: &Asked, places: &Places) -> Ask {
        let now = self.state.now();
        let first = now.plus(-(asked.days().1 - 1) * Timestamp::DAY);
        Ask {
            area: places.find(&asked.area),
            unit: asked.unit.parse().ok(),
            class: Some(asked.category.clone()).filter(|class| !class.is_empty()),
            days: (self.day_number(first), self.day_number(now)),
        }
    }

    fn periods(&self) -> Vec<Group> {
        let text = crate::i18n::Text { lang: self.lang };
        let options = PERIODS.map(|(code, days)| Choice::new(code, text.count("period-days", days)));
        vec![Group { label: String::new(), options: options.into() }]
    }
}

pub(super) async fn dashboard(frame: Frame, Query(asked): Query<Asked>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let places = frame.places().await?;
    let figures = dashboard_view(&frame.state, frame.actor(), &frame.ask(&asked, &places)).await?;
    let page = DashboardPage {
        shell: frame.shell("dashboard-page"),
        filter: asked.filter(),
        areas: places.area_groups(),
        units: places.unit_groups(),
        categories: frame.classes(),
        periods: frame.periods(),
        scope: places.area_label(figures.query.area),
        fresh: frame.when(frame.state.now()),
        figures: cards(&figures.totals, Some(&asked.query()), false),
        trend: trend(&frame, &figures, false),
        comparison: None,
    };
    Ok(frame.draw(&page))
}

pub(super) async fn cases(frame: Frame, Path(name): Path<String>, Query(asked): Query<Asked>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let indicator = INDICATORS.into_iter().find(|indicator| code(*indicator) == name);
    let (over, under): (&[Measure], &[Measure]) = match indicator {
        Some(indicator) => indicator.formula(),
        None if name == "received" => (&[Measure::Received], &[Measure::Received]),
        None => return Err(Error::not_found()),
    };
    let places = frame.places().await?;
    let ask = frame.ask(&asked, &places);
    let figures = dashboard_view(&frame.state, frame.actor(), &ask).await?;
    let rest: Vec<Measure> = under.iter().filter(|measure| !over.contains(measure)).copied().collect();
    let side = if asked.side.is_empty() { "denominator" } else { asked.side.as_str() };
    let measures = match side {
        "numerator" => over,
        "rest" => &rest,
        _ => under,
    };
    let cases = indicator_cases(&frame.state, frame.actor(), &ask, measures, Timestamp(i64::MAX)).await?;
    let sum = |measures: &[Measure]| measures.iter().map(|m| figures.totals.get(*m)).sum::<i64>().max(0) as u64;
    let sides = [("denominator", under), ("numerator", over), ("rest", &rest[..])].map(|(code, measures)| Side {
        code,
        href: format!("/dashboard/{name}?{}&side={code}", asked.query()),
        count: sum(measures),
        current: code == side,
    });
    let figure = cards(&figures.totals, None, false).into_iter().find(|figure| figure.code == name);
    let page = FigureCasesPage {
        shell: frame.shell("figure-cases-page"),
        figure: figure.ok_or_else(Error::not_found)?,
        scope: places.area_label(figures.query.area),
        total: sum(measures),
        // A side that is a difference of sums, not measured itself, has no cases of its own to list.
        sides: sides.into_iter().filter(|s| s.code != "rest" || !rest.is_empty()).collect(),
        rows: cases.iter().map(|(case, _)| frame.row(case, &places)).collect(),
        pager: Pager { first: None, next: None },
        back: format!("/dashboard?{}", asked.query()),
    };
    Ok(frame.draw(&page))
}

/// Open to everybody: small counts are not shown, and nothing leads to a case.
pub(super) async fn open(frame: Frame, Query(asked): Query<Asked>) -> Result<Response> {
    let places = frame.places().await?;
    let ask = frame.ask(&Asked { area: String::new(), unit: String::new(), ..asked.clone() }, &places);
    let figures = figures_view(&frame.state, ask.days, ask.class).await?;
    let page = OpenPage {
        shell: frame.shell("open-page"),
        filter: asked.filter(),
        areas: Vec::new(),
        periods: frame.periods(),
        scope: places.area_label(figures.query.area),
        fresh: frame.when(frame.state.now()),
        figures: cards(&figures.totals, None, true),
        trend: trend(&frame, &figures, true),
        comparison: None,
    };
    Ok(frame.draw(&page))
}

/// One card for what was received and one for each indicator.
fn cards(totals: &Totals, query: Option<&str>, public: bool) -> Vec<Figure> {
    let href = |name: &str| query.map(|query| format!("/dashboard/{name}?{query}"));
    let received = totals.get(Measure::Received);
    let hide = |n: i64| public && n < SMALL_COUNT;
    let mut cards = vec![Figure {
        code: "received".to_owned(),
        value: if hide(received) { "—".to_owned() } else { received.to_string() },
        numerator: String::new(),
        denominator: String::new(),
        ratio: false,
        small: hide(received),
        href: href("received"),
    }];
    for indicator in INDICATORS {
        let ratio = totals.ratio(indicator);
        let hidden = hide(ratio.denominator);
        let shown = |n: i64| if hidden { String::new() } else { n.to_string() };
        cards.push(Figure {
            code: code(indicator).to_owned(),
            value: ratio.percent().filter(|_| !hidden).map_or_else(|| "—".to_owned(), |p| format!("{p:.1}%")),
            numerator: shown(ratio.numerator),
            denominator: shown(ratio.denominator),
            ratio: !hidden && ratio.denominator > 0,
            small: ratio.is_small(),
            href: href(code(indicator)),
        });
    }
    cards
}

fn trend(frame: &Frame, figures: &Figures, public: bool) -> Option<Trend> {
    if figures.trend.is_empty() {
        return None;
    }
    let small = if public { frame.shell("open-page").t("figure-few").into_owned() } else { String::new() };
    let points: Vec<Point> = figures
        .trend
        .iter()
        .map(|(period, totals)| {
            let n = totals.get(Measure::Received);
            let hidden = public && n < SMALL_COUNT;
            let label = if *period > 999_999 {
                format!("{}-{:02}", period / 100 % 100, period % 100)
            } else {
                format!("{}-{:02}", period / 100, period % 100)
            };
            Point {
                label,
                value: (!hidden).then_some(n as f64),
                shown: if hidden { small.clone() } else { n.to_string() },
            }
        })
        .collect();
    Some(Trend { code: "received".to_owned(), chart: Chart::new(&points, "") })
}
