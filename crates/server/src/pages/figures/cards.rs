//! The cards of a page of figures: value, interval, target, and how each stands to the period before.

use muster_core::area::Level;
use muster_core::evaluate::{Measure, Ratio, SMALL_COUNT};
use muster_core::pack::{Better, Indicator, Line};
use muster_store::evaluate::FigureQuery;

use super::asked::Asked;
use super::parts::{NOTHING, is_few, opens, percent};
use crate::pages::frame::Frame;
use crate::usecase::figures::Totals;
use crate::view::Shell;
use crate::view::evaluate::{Aim, Figure, How};

/// How figures are shown: to whom, of which area and year.
pub(super) struct Cards<'a> {
    pub(super) frame: &'a Frame,
    pub(super) shell: &'a Shell,
    /// Leads to the cases; without it nothing does.
    pub(super) opens: Option<&'a Asked>,
    /// Small counts are not shown at all.
    pub(super) public: bool,
    pub(super) level: Level,
    pub(super) year: i16,
}

impl<'a> Cards<'a> {
    /// For staff, of what was asked.
    pub(super) fn new(frame: &'a Frame, shell: &'a Shell, query: &FigureQuery) -> Self {
        let year = i16::try_from(query.days.1 / 10_000).unwrap_or(i16::MAX);
        Self { frame, shell, opens: None, public: false, level: query.area.level(), year }
    }

    /// Leads to the cases, for those who may list them.
    #[must_use]
    pub(super) fn opening(self, asked: &'a Asked) -> Self {
        Self { opens: Some(asked).filter(|_| opens(self.frame)), ..self }
    }

    /// One card for what came in and one for each indicator at the front.
    pub(super) fn front(&self, totals: &Totals, lead: Measure) -> Vec<Figure> {
        let front = self.frame.state.pack.indicators.front();
        std::iter::once(self.count(totals, lead)).chain(front.map(|indicator| self.ratio(totals, indicator))).collect()
    }

    /// The indicators that are not at the front.
    pub(super) fn more(&self, totals: &Totals) -> Vec<Figure> {
        let all = self.frame.state.pack.indicators.iter();
        all.filter(|indicator| !indicator.front).map(|indicator| self.ratio(totals, indicator)).collect()
    }

    fn href(&self, name: &str) -> Option<String> {
        self.opens.map(|asked| asked.address(&format!("/dashboard/{name}")))
    }

    fn hides(&self, n: i64) -> bool {
        self.public && n < SMALL_COUNT
    }

    pub(super) fn count(&self, totals: &Totals, measure: Measure) -> Figure {
        let (count, code) = (totals.get(measure), measure.as_str());
        Figure {
            code: code.to_owned(),
            name: self.shell.label("indicator", code).into_owned(),
            how: How { formula: self.shell.label("formula", code).into_owned(), ..How::default() },
            aim: None,
            value: if self.hides(count) { NOTHING.to_owned() } else { count.to_string() },
            numerator: String::new(),
            denominator: String::new(),
            interval: String::new(),
            ratio: false,
            small: self.hides(count),
            notes: Vec::new(),
            href: self.href(code),
        }
    }

    pub(super) fn ratio(&self, totals: &Totals, indicator: &Indicator) -> Figure {
        let ratio = totals.ratio(indicator);
        let hidden = self.hides(ratio.denominator);
        let shown = |n: i64| if hidden { String::new() } else { n.to_string() };
        Figure {
            code: indicator.code.clone(),
            name: self.frame.name(&indicator.name),
            how: self.frame.how(indicator),
            aim: self.aim(indicator, ratio).filter(|_| !hidden),
            value: percent(ratio).filter(|_| !hidden).unwrap_or_else(|| NOTHING.to_owned()),
            numerator: shown(ratio.numerator),
            denominator: shown(ratio.denominator),
            interval: self.interval(indicator, ratio).filter(|_| !hidden).unwrap_or_default(),
            ratio: !hidden && ratio.denominator > 0,
            small: hidden || is_few(ratio),
            notes: Vec::new(),
            href: self.href(&indicator.code),
        }
    }

    /// Of a share; two counts held against each other have none.
    fn interval(&self, indicator: &Indicator, ratio: Ratio) -> Option<String> {
        let (low, high) = ratio.interval().filter(|_| indicator.line != Line::Apart)?;
        Some(self.shell.with2("figure-interval", "a", format!("{low:.1}%"), "b", format!("{high:.1}%")))
    }

    /// The target of this level and year, and by how much it is missed, in words.
    fn aim(&self, indicator: &Indicator, ratio: Ratio) -> Option<Aim> {
        let target = self.frame.state.pack.indicators.target(&indicator.code, self.level, self.year)?;
        let aim = target.percent;
        let key = |higher, lower| if indicator.better == Better::Lower { lower } else { higher };
        let Some(percent) = ratio.percent().filter(|_| !ratio.is_small()) else {
            let text = self.shell.with(key("aim-least", "aim-most"), "a", aim);
            return Some(Aim { text, missed: false });
        };
        if !indicator.misses(percent, aim) {
            let text = self.shell.with(key("aim-least-met", "aim-most-met"), "a", aim);
            return Some(Aim { text, missed: false });
        }
        let short = format!("{:.1}", (percent - aim).abs());
        let text = self.shell.with2(key("aim-least-missed", "aim-most-missed"), "a", aim, "b", short);
        Some(Aim { text, missed: true })
    }
}

/// Says on each card how it stands to the period before (counts by how many, ratios by how many points), and beside what
/// residents say, how many said nothing.
pub(super) fn note(
    cards: &mut [Figure],
    (frame, shell): (&Frame, &Shell),
    lead: Measure,
    now: &Totals,
    before: Option<&(i64, Totals)>,
) {
    for card in cards {
        let indicator = frame.state.pack.indicators.get(&card.code);
        if let Some((days, then)) = before {
            let change = match indicator {
                Some(indicator) => ratio_change(shell, *days, now.ratio(indicator), then.ratio(indicator)),
                None => Some(count_change(shell, *days, now.get(lead) - then.get(lead))),
            };
            card.notes.extend(change);
        }
        if indicator.is_some_and(|indicator| indicator.under.contains(&Measure::Confirmable)) {
            let silent = now.get(Measure::Unconfirmed);
            card.notes.extend((silent > 0).then(|| shell.count("figure-silent", silent)));
            card.notes.extend(gap(frame, shell, now));
        }
    }
}

/// By how much what units claim lies above what residents confirm.
fn gap(frame: &Frame, shell: &Shell, now: &Totals) -> Option<String> {
    let ratio = |code: &str| frame.state.pack.indicators.get(code).map(|indicator| now.ratio(indicator));
    let (claimed, confirmed) = (ratio("claimed")?, ratio("confirmed")?);
    if claimed.is_small() || confirmed.is_small() {
        return None;
    }
    let points = claimed.percent()? - confirmed.percent()?;
    let key = if points < 0.0 { "figure-gap-below" } else { "figure-gap" };
    Some(shell.with(key, "a", format!("{:.1}", points.abs())))
}

fn count_change(shell: &Shell, days: i64, more: i64) -> String {
    match more {
        0 => shell.count("change-same", days),
        more if more > 0 => shell.with2("change-more", "n", days, "a", more),
        fewer => shell.with2("change-fewer", "n", days, "a", -fewer),
    }
}

/// Nothing where either side is empty.
fn ratio_change(shell: &Shell, days: i64, now: Ratio, then: Ratio) -> Option<String> {
    let (is, was) = (now.percent()?, then.percent()?);
    if now.is_small() || then.is_small() {
        return Some(shell.count("change-few", days));
    }
    let tenths = ((is - was) * 10.0).round() as i64;
    let points = format!("{}.{}", tenths.abs() / 10, tenths.abs() % 10);
    Some(match tenths {
        0 => shell.count("change-same", days),
        up if up > 0 => shell.with2("change-up", "n", days, "a", points),
        _ => shell.with2("change-down", "n", days, "a", points),
    })
}
