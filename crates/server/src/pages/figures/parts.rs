//! Parts of a page of figures: the trends, and the lines of a comparison.

use muster_core::area::AreaId;
use muster_core::evaluate::{Measure, Ratio, SMALL_COUNT};
use muster_core::pack::Indicator;
use muster_core::people::{Action, scope};
use muster_store::evaluate::FigureQuery;

use super::asked::{Asked, Period, WAYS, Way};
use crate::error::Result;
use crate::pages::frame::Frame;
use crate::pages::words::Places;
use crate::usecase::figures::{Ask, Comparison, Figures, Part, Totals, figures_beside};
use crate::view::Shell;
use crate::view::chart::{Chart, Point};
use crate::view::evaluate::{Cell, CellSide, Column, Compared, Trend, Way as ShownWay};

pub(super) const NOTHING: &str = "—";

/// What stands before the indicators: what came in; for a unit, what it was given, since a report has no unit before that.
pub(super) fn lead(of_unit: bool) -> Measure {
    if of_unit { Measure::Assigned } else { Measure::Received }
}

pub(super) fn percent(ratio: Ratio) -> Option<String> {
    ratio.percent().map(|percent| format!("{percent:.1}%"))
}

/// Something was counted, but too little to read anything into.
pub(super) fn is_few(ratio: Ratio) -> bool {
    ratio.denominator > 0 && ratio.is_small()
}

/// The sums of every day or month of the period, those without an event too; all time begins with the first event.
fn rows(figures: &Figures, period: Period) -> Vec<(i64, Totals)> {
    let Some((first, _)) = figures.trend.first() else { return Vec::new() };
    let by_month = *first <= 999_999;
    let from = if period.before().is_some() { 0 } else { *first };
    let of = |bucket: i64| figures.trend.iter().find(|(at, _)| *at == bucket).map(|(_, sums)| sums.clone());
    period.buckets(by_month, from).into_iter().map(|bucket| (bucket, of(bucket).unwrap_or_default())).collect()
}

/// One indicator over time; too few are not drawn.
pub(super) fn ratio_trend(frame: &Frame, figures: &Figures, period: Period, indicator: &Indicator) -> Option<Trend> {
    let few = crate::i18n::Text { lang: frame.lang }.get("figure-few");
    let point = |(bucket, totals): &(i64, Totals)| {
        let ratio = totals.ratio(indicator);
        Point {
            label: bucket_label(*bucket),
            value: ratio.percent().filter(|_| !ratio.is_small()),
            shown: match percent(ratio) {
                Some(_) if ratio.is_small() => few.to_string(),
                Some(percent) => percent,
                None => NOTHING.to_owned(),
            },
        }
    };
    let points: Vec<Point> = rows(figures, period).iter().map(point).collect();
    let chart = Chart::new(&points, "%");
    (!points.is_empty()).then(|| Trend { id: "ratio", name: frame.name(&indicator.name), chart })
}

fn bucket_label(bucket: i64) -> String {
    if bucket > 999_999 {
        format!("{:02}-{:02}", bucket / 100 % 100, bucket % 100)
    } else {
        format!("{}-{:02}", bucket / 100, bucket % 100)
    }
}

pub(super) fn trend(frame: &Frame, figures: &Figures, period: Period, lead: Measure, public: bool) -> Option<Trend> {
    let text = crate::i18n::Text { lang: frame.lang };
    let few = text.get("figure-few");
    let points: Vec<Point> = rows(figures, period)
        .iter()
        .map(|(bucket, totals)| {
            let n = totals.get(lead);
            let hidden = public && n < SMALL_COUNT;
            Point {
                label: bucket_label(*bucket),
                value: (!hidden).then_some(n as f64),
                shown: if hidden { few.to_string() } else { n.to_string() },
            }
        })
        .collect();
    (!points.is_empty()).then(|| Trend {
        id: "lead",
        name: text.label("indicator", lead.as_str()).into_owned(),
        chart: Chart::new(&points, ""),
    })
}

/// The comparison of a dashboard, as the address asks.
pub(super) async fn comparison(
    frame: &Frame,
    places: &Places,
    asked: &Asked,
    ask: &Ask,
    figures: &Figures,
    period: Period,
) -> Result<crate::view::evaluate::Comparison> {
    let way = asked.way();
    let lead = lead(figures.query.unit.is_some() || way == Way::Parts(crate::usecase::figures::By::Unit));
    let indicators: Vec<&Indicator> = frame.state.pack.indicators.front().collect();
    let table = Table { shell: frame.shell("dashboard-page"), lead, indicators: &indicators, opens: opens(frame) };
    let (lines, total) = match way {
        Way::Parts(by) => {
            let mut measures: Vec<_> = indicators.iter().flat_map(|indicator| indicator.measures()).collect();
            measures.push(lead);
            let compared = figures_beside(&frame.state, frame.actor(), ask, by, &measures).await?;
            table.parts(frame, places, asked, &compared)
        }
        Way::Period => table.times(asked, figures, period),
    };
    let lead = Column {
        name: table.shell.label("indicator", lead.as_str()).into_owned(),
        formula: table.shell.label("formula", lead.as_str()).into_owned(),
    };
    let ratio =
        |indicator: &&Indicator| Column { name: frame.name(&indicator.name), formula: frame.name(&indicator.formula) };
    let columns = std::iter::once(lead).chain(indicators.iter().map(ratio)).collect();
    let ways = WAYS.map(|(code, key, this)| ShownWay {
        key,
        href: format!("{}#compare", Asked { by: code.to_owned(), ..asked.clone() }.address("/dashboard")),
        current: this == way,
    });
    Ok(crate::view::evaluate::Comparison { ways: ways.into(), columns, lines, total })
}

/// Whether this person may list the cases behind a figure; to others no link is shown.
pub(super) fn opens(frame: &Frame) -> bool {
    scope(frame.actor(), Action::IndicatorCases).is_ok()
}

struct Table<'a> {
    shell: Shell,
    lead: Measure,
    indicators: &'a [&'a Indicator],
    opens: bool,
}

impl Table<'_> {
    fn parts(&self, frame: &Frame, places: &Places, asked: &Asked, compared: &Comparison) -> (Vec<Compared>, Compared) {
        let area = compared.query.area;
        let shown = compared.parts.iter().filter(|(part, sums)| match part {
            Part::Unit(unit) => !sums.is_empty() || in_reach(places, *unit, area),
            _ => true,
        });
        let lines = shown.map(|(part, sums)| {
            let mut at = asked.clone();
            let label = match part {
                Part::Area(id) => {
                    at.area = id.to_string();
                    places.area(*id)
                }
                Part::Own(id) => {
                    at.area = id.to_string();
                    "1".clone_into(&mut at.own);
                    self.shell.with("compare-own", "name", places.area(*id))
                }
                Part::Unit(id) => {
                    at.unit = id.to_string();
                    places.unit(*id)
                }
                Part::Class(class) => {
                    at.category.clone_from(class);
                    frame.category(class)
                }
            };
            let narrowed = (!matches!(part, Part::Own(_))).then(|| at.address("/dashboard"));
            self.line(label, narrowed, &at, sums)
        });
        let lines = lines.collect();
        let mut whole = asked.clone();
        match compared.parts.first() {
            Some((Part::Class(_), _)) => whole.category.clear(),
            // The sum of all units has no address of its own: the whole also counts what no unit has yet.
            Some((Part::Unit(_), _)) => {
                let silent = Self { shell: self.shell.clone(), opens: false, ..*self };
                return (lines, silent.line(self.shell.t("compare-total").into_owned(), None, &whole, &compared.total));
            }
            _ => {}
        }
        (lines, self.line(self.shell.t("compare-total").into_owned(), None, &whole, &compared.total))
    }

    fn times(&self, asked: &Asked, figures: &Figures, period: Period) -> (Vec<Compared>, Compared) {
        let lines = rows(figures, period).into_iter().filter_map(|(bucket, sums)| {
            let part = period.part(bucket)?;
            let at = Asked { period: Some(part.text()), ..asked.clone() };
            Some(self.line(bucket_label(bucket), Some(at.address("/dashboard")), &at, &sums))
        });
        let total = self.line(self.shell.t("compare-total").into_owned(), None, asked, &figures.totals);
        (lines.collect(), total)
    }

    fn line(&self, label: String, href: Option<String>, at: &Asked, sums: &Totals) -> Compared {
        let link = |name: &str, side: &str, n: i64| {
            let at = Asked { side: side.to_owned(), ..at.clone() };
            (self.opens && n > 0).then(|| at.address(&format!("/dashboard/{name}")))
        };
        let n = sums.get(self.lead);
        let mut cells = vec![Cell {
            text: if sums.is_empty() { NOTHING.to_owned() } else { n.to_string() },
            small: false,
            href: link(self.lead.as_str(), "", n),
            sides: Vec::new(),
        }];
        for indicator in self.indicators {
            let ratio = sums.ratio(indicator);
            let side = |side, count| CellSide { code: side, count, href: link(&indicator.code, side, count) };
            cells.push(Cell {
                text: percent(ratio).unwrap_or_else(|| NOTHING.to_owned()),
                small: is_few(ratio),
                href: None,
                sides: if ratio.denominator > 0 {
                    vec![side("numerator", ratio.numerator), side("denominator", ratio.denominator)]
                } else {
                    Vec::new()
                },
            });
        }
        Compared { label, href, cells }
    }
}

/// Units of the area, of those in it and of those around it: they may be given its cases.
fn in_reach(places: &Places, unit: muster_core::id::UnitId, area: AreaId) -> bool {
    let standing = places.units.iter().find(|known| known.id == unit);
    standing.is_some_and(|unit| unit.area.contains(area) || area.contains(unit.area))
}

/// What the figures cover: place, unit, class.
pub(super) fn covers(frame: &Frame, places: &Places, query: &FigureQuery) -> String {
    let unit = query.unit.map(|unit| places.unit(unit));
    let class = Some(query.class.as_str()).filter(|class| !class.is_empty()).map(|class| frame.category(class));
    let parts = [Some(places.area_label(query.area)), unit, class].into_iter().flatten();
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
