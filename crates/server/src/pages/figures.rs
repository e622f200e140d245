//! Figures: the dashboard, the cases behind a figure, and what is open to everybody.

mod areas_map;
mod asked;
mod cards;
mod desk;
mod fair;
mod parts;

use axum::response::Response;
use muster_core::evaluate::Measure;
use muster_core::people::{Action, scope};
use muster_core::time::Timestamp;
use muster_store::evaluate::{EventCursor, EventRow, FigureQuery, Side as Events};

use self::asked::{Asked, Period, cursor_text};
use self::cards::Cards;
use self::desk::Sight;
use self::parts::{comparison, covers, lead, trend};
use super::findings::may_open;
use super::frame::Frame;
use super::words::Places;
use crate::error::{Error, Result};
use crate::extract::{ApiPath, ApiQuery};
use crate::usecase::figures::{Ask, By, Listing, Part, Totals};
use crate::usecase::figures::{dashboard_view, figures_compare, figures_view, indicator_cases};
use crate::view::evaluate::{Counted, DashboardPage, Figure, FigureCasesPage, OpenPage, Side, WallPage};
use crate::view::process::Pager;
use crate::view::{Choice, Group};

pub(super) async fn dashboard(frame: Frame, ApiQuery(asked): ApiQuery<Asked>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let (places, period, shown) = (frame.places().await?, asked.period(&frame)?, asked.shown(&frame)?);
    let (ask, shell) = (asked.ask(&places, period)?, frame.shell("dashboard-page"));
    let sight = Sight { frame: &frame, shell: &shell, places: &places, asked: &asked, ask: &ask, period, shown };
    let (figures, desk) = sight.desk().await?;
    let page = DashboardPage {
        filter: asked.filter(),
        areas: areas(&frame, &places),
        units: places.unit_groups(),
        categories: frame.classes(),
        periods: asked.periods(&frame),
        shows: shows(&frame),
        by: asked.by.clone(),
        more: Cards::new(&frame, &shell, &figures.query).opening(&asked).more(&figures.totals),
        comparison: comparison(&frame, &places, &asked, &ask, &figures, period).await?,
        fair: fair::fair(&sight).await?,
        wall: asked.address("/dashboard/wall"),
        desk,
        shell,
    };
    Ok(frame.draw(&page))
}

/// The same for a screen on a wall: nothing to press, large, fresh by itself.
pub(super) async fn wall(frame: Frame, ApiQuery(asked): ApiQuery<Asked>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let (places, period, shown) = (frame.places().await?, asked.period(&frame)?, asked.shown(&frame)?);
    let (ask, shell) = (asked.ask(&places, period)?, frame.shell("wall-page"));
    let sight = Sight { frame: &frame, shell: &shell, places: &places, asked: &asked, ask: &ask, period, shown };
    let (_, desk) = sight.desk().await?;
    let page = WallPage { desk, back: asked.address("/dashboard"), shell };
    Ok(frame.draw(&page))
}

/// The indicators that can be drawn.
fn shows(frame: &Frame) -> Vec<Group> {
    let indicators = frame.state.pack.indicators.iter();
    let options =
        indicators.map(|indicator| Choice::new(indicator.code.clone(), frame.name(&indicator.name))).collect();
    vec![Group { label: String::new(), options }]
}

/// The length of the period and the sums of as many days before it.
async fn before(frame: &Frame, ask: &Ask, period: Period) -> Result<Option<(i64, Totals)>> {
    let Some(before) = period.before() else { return Ok(None) };
    let ask = Ask { days: before.days(), ..ask.clone() };
    let figures = dashboard_view(&frame.state, frame.actor(), &ask).await?;
    Ok(Some((period.len(), figures.totals)))
}

/// The areas this person may choose: those the figures may be asked for.
fn areas(frame: &Frame, places: &Places) -> Vec<Group> {
    let reach = scope(frame.actor(), Action::DashboardView).map(|scope| scope.areas).unwrap_or_default();
    let mut groups = places.area_groups();
    for group in &mut groups {
        group.options.retain(|option| {
            let id: i64 = option.value.parse().unwrap_or_default();
            reach.is_empty() || reach.iter().any(|(first, last)| (*first..=*last).contains(&id))
        });
    }
    groups
}

/// A figure that opens, with the measures above and below its line and how what is left is found.
struct Opened {
    over: Vec<Measure>,
    under: Vec<Measure>,
    rest: Option<(Vec<Measure>, Option<Measure>)>,
    is_ratio: bool,
}

impl Opened {
    fn named(frame: &Frame, name: &str) -> Result<Self> {
        if let Some(indicator) = frame.state.pack.indicators.get(name) {
            return Ok(Self {
                over: indicator.over.clone(),
                under: indicator.under.clone(),
                rest: indicator.rest(),
                is_ratio: true,
            });
        }
        let counts = [Measure::Received, Measure::Assigned];
        let count = counts.into_iter().find(|measure| measure.as_str() == name).ok_or_else(Error::not_found)?;
        Ok(Self { over: vec![count], under: vec![count], rest: None, is_ratio: false })
    }

    fn events(&self, side: &str) -> Events<'_> {
        match (side, &self.rest) {
            ("numerator", _) if self.is_ratio => Events { measures: &self.over, without: None },
            ("rest", Some((measures, without))) => Events { measures, without: *without },
            _ => Events { measures: &self.under, without: None },
        }
    }

    /// How many events each side has, and its word.
    fn sides(&self, totals: &Totals) -> Vec<(&'static str, i64)> {
        let (over, under) = (totals.sum(&self.over), totals.sum(&self.under));
        let mut sides = vec![("denominator", under)];
        if self.is_ratio {
            sides.push(("numerator", over));
        }
        if self.rest.is_some() {
            sides.push(("rest", under - over));
        }
        sides
    }
}

pub(super) async fn cases(
    frame: Frame,
    ApiPath(name): ApiPath<String>,
    ApiQuery(asked): ApiQuery<Asked>,
) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let opened = Opened::named(&frame, &name)?;
    let places = frame.places().await?;
    let period = asked.period(&frame)?;
    let ask = asked.ask(&places, period)?;
    let listing = Listing { own: asked.own == "1", after: asked.cursor() };
    let side = opened.events(&asked.side);
    let (events, next) = indicator_cases(&frame.state, frame.actor(), &ask, side, listing).await?;
    let (query, totals) = totals(&frame, &ask, listing.own).await?;
    let sides = sides(&opened, &name, &asked, &totals);
    let when = |event: &EventRow| frame.when(Timestamp(event.event_at));
    let shell = frame.shell("figure-cases-page");
    let finding = finding_door(&frame, &name, &query, period, opened.is_ratio);
    let page = FigureCasesPage {
        finding,
        figure: figure(&Cards::new(&frame, &shell, &query), &name, &totals),
        shell,
        scope: scope_of(&frame, &places, &query, &listing, period),
        total: sides.iter().find(|side| side.current).map_or(0, |side| side.count),
        sides,
        rows: events.iter().map(|e| Counted { row: frame.row(&e.case, &places), when: when(e) }).collect(),
        pager: pager(&name, &asked, next),
        back: Asked { side: String::new(), own: String::new(), cursor: String::new(), ..asked }.address("/dashboard"),
    };
    Ok(frame.draw(&page))
}

/// Where a finding is opened from a ratio, with its question.
fn finding_door(frame: &Frame, name: &str, query: &FigureQuery, period: Period, ratio: bool) -> Option<String> {
    if !ratio || !may_open(frame, query.area) {
        return None;
    }
    let mut address = url::form_urlencoded::Serializer::new(String::new());
    address.append_pair("source", "indicator").append_pair("indicator", name);
    address.append_pair("area", &query.area.to_string());
    if let Some(unit) = query.unit {
        address.append_pair("unit", &unit.to_string());
    }
    if !query.class.is_empty() {
        address.append_pair("class", &query.class);
    }
    address.append_pair("from", &period.first.to_string()).append_pair("to", &period.last.to_string());
    Some(format!("/findings/new?{}", address.finish()))
}

fn figure(cards: &Cards<'_>, name: &str, totals: &Totals) -> Figure {
    match cards.frame.state.pack.indicators.get(name) {
        Some(indicator) => cards.ratio(totals, indicator),
        None => cards.count(totals, lead(name == Measure::Assigned.as_str())),
    }
}

/// Place, unit, class and days in words.
fn scope_of(frame: &Frame, places: &Places, query: &FigureQuery, listing: &Listing, period: Period) -> String {
    let place = covers(frame, places, query);
    let shell = frame.shell("figure-cases-page");
    let place = if listing.own { shell.with("compare-own", "name", place) } else { place };
    let since = if period.before().is_some() { period.first.to_string() } else { String::new() };
    format!("{place} · {since} – {}", period.last)
}

fn pager(name: &str, asked: &Asked, next: Option<EventCursor>) -> Pager {
    let at = |cursor: String| Asked { cursor, ..asked.clone() }.address(&format!("/dashboard/{name}"));
    Pager {
        first: (!asked.cursor.is_empty()).then(|| at(String::new())),
        next: next.map(|cursor| at(cursor_text(cursor))),
    }
}

/// The sums of what was asked; of an area without its parts when `own`.
async fn totals(frame: &Frame, ask: &Ask, own: bool) -> Result<(FigureQuery, Totals)> {
    if !own {
        let figures = dashboard_view(&frame.state, frame.actor(), ask).await?;
        return Ok((figures.query, figures.totals));
    }
    let compared = figures_compare(&frame.state, frame.actor(), ask, By::Area).await?;
    let own = compared.parts.into_iter().find(|(part, _)| matches!(part, Part::Own(_)));
    Ok((compared.query, own.map(|(_, sums)| sums).unwrap_or_default()))
}

fn sides(opened: &Opened, name: &str, asked: &Asked, totals: &Totals) -> Vec<Side> {
    let sides = opened.sides(totals);
    let current = sides.iter().map(|(code, _)| *code).find(|code| *code == asked.side).unwrap_or("denominator");
    let side = |(code, count): (&'static str, i64)| Side {
        code,
        href: Asked { side: code.to_owned(), cursor: String::new(), ..asked.clone() }
            .address(&format!("/dashboard/{name}")),
        count: count.max(0) as u64,
        current: code == current,
    };
    sides.into_iter().map(side).collect()
}

/// Open to everybody: small counts are not shown, and nothing leads to a case.
pub(super) async fn open(frame: Frame, ApiQuery(asked): ApiQuery<Asked>) -> Result<Response> {
    let places = frame.places().await?;
    let period = asked.period(&frame)?;
    let class = Some(asked.category.clone()).filter(|class| !class.is_empty());
    let figures = figures_view(&frame.state, period.days(), class).await?;
    let shell = frame.shell("open-page");
    let cards = Cards { public: true, ..Cards::new(&frame, &shell, &figures.query) };
    let page = OpenPage {
        figures: cards.front(&figures.totals, Measure::Received),
        filter: asked.filter(),
        areas: Vec::new(),
        periods: asked.periods(&frame),
        scope: covers(&frame, &places, &figures.query),
        fresh: frame.when(frame.state.now()),
        trend: trend(&frame, &figures, period, Measure::Received, true),
        shell,
    };
    Ok(frame.draw(&page))
}
