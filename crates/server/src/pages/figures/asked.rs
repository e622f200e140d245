//! What stands in the address of a page of figures: place, unit, class, period and the way of comparing.

use jiff::ToSpan;
use jiff::civil::Date;
use muster_core::pack::Indicator;
use muster_core::time::day_number;
use muster_store::evaluate::EventCursor;
use serde::Deserialize;

use crate::error::{Error, Result};
use crate::pages::frame::Frame;
use crate::pages::words::Places;
use crate::usecase::figures::{Ask, By};
use crate::view::evaluate::FigureFilter;
use crate::view::{Choice, Group};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::pages) struct Asked {
    pub(super) area: String,
    pub(super) unit: String,
    pub(super) category: String,
    /// Last days (`30`), `2026-05-01..2026-05-31`, or empty for all time; without it the last 30 days.
    pub(super) period: Option<String>,
    pub(super) by: String,
    /// Code of the indicator that is drawn and compared by mix.
    pub(super) show: String,
    /// `1`: compared by mix of classes too.
    pub(super) mix: String,
    /// `1`: only what stands at the area itself, not below it.
    pub(super) own: String,
    pub(super) side: String,
    /// `day_at_id` of the last event shown.
    pub(super) cursor: String,
}

/// The last so many days, as offered.
const LAST_DAYS: [i64; 4] = [7, 30, 90, 365];
const USUAL: i64 = 30;
/// Before any record: where all time begins.
const DAWN: Date = Date::constant(1900, 1, 1);

/// A period asked for: both days included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) first: Date,
    pub(super) last: Date,
}

/// A way of comparing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    Parts(By),
    Period,
}

/// In the order of the page: the word in the address, and its translation.
pub(super) const WAYS: [(&str, &str, Way); 4] = [
    ("area", "compare-area", Way::Parts(By::Area)),
    ("unit", "compare-unit", Way::Parts(By::Unit)),
    ("class", "compare-class", Way::Parts(By::Class)),
    ("period", "compare-period", Way::Period),
];

impl Period {
    /// As in the counts: yyyymmdd.
    pub(super) fn days(self) -> (i64, i64) {
        (day_number(self.first), day_number(self.last))
    }

    /// As in an address.
    pub(super) fn text(self) -> String {
        format!("{}..{}", self.first, self.last)
    }

    fn parse(text: &str) -> Option<Self> {
        let (first, last) = text.split_once("..")?;
        let period = Self { first: first.parse().ok()?, last: last.parse().ok()? };
        (period.first <= period.last).then_some(period)
    }

    pub(super) fn len(self) -> i64 {
        self.first.until(self.last).map_or(1, |span| i64::from(span.get_days()) + 1)
    }

    /// As many days directly before; none before all time.
    pub(super) fn before(self) -> Option<Self> {
        let back = self.len().days();
        let period = Self { first: self.first.checked_sub(back).ok()?, last: self.last.checked_sub(back).ok()? };
        (self.first > DAWN).then_some(period)
    }

    /// The part of a day (yyyymmdd) or month (yyyymm) that lies in the period.
    pub(super) fn part(self, bucket: i64) -> Option<Self> {
        let date = |number: i64| {
            let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
            Date::new(i16::try_from(year).ok()?, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()
        };
        let (first, last) = if bucket > 999_999 {
            (date(bucket)?, date(bucket)?)
        } else {
            let first = date(bucket * 100 + 1)?;
            (first, first.last_of_month())
        };
        let part = Self { first: first.max(self.first), last: last.min(self.last) };
        (part.first <= part.last).then_some(part)
    }

    /// The days or months of the period from `from` on, without gaps.
    pub(super) fn buckets(self, by_month: bool, from: i64) -> Vec<i64> {
        let mut buckets = Vec::new();
        let mut at = self.part(from).map_or(self.first, |part| part.first);
        while at <= self.last {
            buckets.push(if by_month { day_number(at) / 100 } else { day_number(at) });
            let next = if by_month { at.last_of_month().tomorrow() } else { at.tomorrow() };
            match next {
                Ok(next) => at = next,
                Err(_) => break,
            }
        }
        buckets
    }
}

impl Asked {
    pub(super) fn way(&self) -> Way {
        WAYS.into_iter().find(|(code, _, _)| *code == self.by).map_or(WAYS[0].2, |(_, _, way)| way)
    }

    /// All that was asked, as an address of `path`.
    pub(super) fn address(&self, path: &str) -> String {
        let fields = [
            ("area", &self.area),
            ("unit", &self.unit),
            ("category", &self.category),
            ("by", &self.by),
            ("show", &self.show),
            ("mix", &self.mix),
            ("own", &self.own),
            ("side", &self.side),
            ("cursor", &self.cursor),
        ];
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in fields.into_iter().filter(|(_, value)| !value.is_empty()) {
            query.append_pair(name, value);
        }
        if let Some(period) = &self.period {
            query.append_pair("period", period);
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    pub(super) fn filter(&self) -> FigureFilter {
        FigureFilter {
            area: self.area.clone(),
            unit: self.unit.clone(),
            category: self.category.clone(),
            period: self.period.clone().unwrap_or_else(|| USUAL.to_string()),
            show: self.show.clone(),
        }
    }

    /// The indicator that is drawn; the share answered in time where none is named.
    pub(super) fn shown<'a>(&self, frame: &'a Frame) -> Result<&'a Indicator> {
        let indicators = &frame.state.pack.indicators;
        let found = match self.show.as_str() {
            "" => indicators.get("on_time").or_else(|| indicators.front().next()),
            name => indicators.get(name),
        };
        found.ok_or_else(|| {
            let detail = format!("There is no indicator {:?}; choose one from the list.", self.show);
            Error::invalid("show", "indicator-unknown", detail)
        })
    }

    pub(super) fn cursor(&self) -> Option<EventCursor> {
        let mut parts = self.cursor.split('_');
        let mut next = || parts.next();
        Some(EventCursor { day: next()?.parse().ok()?, at: next()?.parse().ok()?, id: next()?.parse().ok()? })
    }

    pub(super) fn period(&self, frame: &Frame) -> Result<Period> {
        let today = frame.state.pack.calendar.local_date(frame.state.now());
        let text = self.period.as_deref().map_or_else(|| USUAL.to_string(), str::to_owned);
        if text.is_empty() {
            return Ok(Period { first: DAWN, last: today });
        }
        let last_days = LAST_DAYS.into_iter().find(|days| days.to_string() == text);
        let period = match last_days {
            Some(days) => today.checked_sub((days - 1).days()).ok().map(|first| Period { first, last: today }),
            None => Period::parse(&text),
        };
        period.ok_or_else(|| {
            let detail = format!("There is no period {text:?}; write days as 2026-05-01..2026-05-31.");
            Error::invalid("period", "period-unknown", detail)
        })
    }

    /// What the use-cases are asked.
    pub(super) fn ask(&self, places: &Places, period: Period) -> Result<Ask> {
        let area = match self.area.as_str() {
            "" => None,
            typed => Some(places.find(typed).ok_or_else(|| {
                Error::invalid("area", "area-unknown", format!("There is no area {typed:?}; choose one from the list."))
            })?),
        };
        let unit = match self.unit.as_str() {
            "" => None,
            typed => Some(typed.parse().map_err(|_| {
                Error::invalid("unit", "unit-unknown", format!("There is no unit {typed:?}; choose one from the list."))
            })?),
        };
        let class = Some(self.category.clone()).filter(|class| !class.is_empty());
        Ok(Ask { area, unit, class, days: period.days() })
    }

    /// The periods to choose from, with the one of this address.
    pub(super) fn periods(&self, frame: &Frame) -> Vec<Group> {
        let text = crate::i18n::Text { lang: frame.lang };
        let mut options: Vec<Choice> =
            LAST_DAYS.map(|days| Choice::new(days.to_string(), text.count("period-days", days))).into();
        if let Some(period) = self.period.as_deref().and_then(Period::parse) {
            options.push(Choice::new(period.text(), format!("{} – {}", period.first, period.last)));
        }
        vec![Group { label: String::new(), options }]
    }
}

/// A cursor as it stands in an address.
pub(super) fn cursor_text(cursor: EventCursor) -> String {
    format!("{}_{}_{}", cursor.day, cursor.at, cursor.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(text: &str) -> Period {
        Period::parse(text).expect("a period")
    }

    #[test]
    fn the_period_before_is_as_long_and_ends_the_day_before() {
        assert_eq!(period("2026-05-01..2026-05-30").before(), Some(period("2026-04-01..2026-04-30")));
        assert_eq!(period("2026-05-11..2026-05-11").before(), Some(period("2026-05-10..2026-05-10")));
        assert_eq!(Period { first: DAWN, last: period("2026-05-11..2026-05-11").last }.before(), None);
        assert_eq!(Period::parse("2026-05-02..2026-05-01"), None);
    }

    #[test]
    fn months_of_a_period_are_cut_at_its_ends() {
        let half_year = period("2025-11-15..2026-02-03");
        assert_eq!(half_year.buckets(true, 0), [202_511, 202_512, 202_601, 202_602]);
        assert_eq!(half_year.part(202_511), Some(period("2025-11-15..2025-11-30")));
        assert_eq!(half_year.part(202_602), Some(period("2026-02-01..2026-02-03")));
        assert_eq!(half_year.part(20_260_101), Some(period("2026-01-01..2026-01-01")));
        assert_eq!(half_year.part(202_603), None);
        assert_eq!(period("2026-02-27..2026-03-01").buckets(false, 0), [20_260_227, 20_260_228, 20_260_301]);
    }
}
