//! Reads `calendar.toml`: the days off and the make-up working days of each covered year.

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use super::section::Section;
use crate::time::calendar::{Calendar, Opening, YearDays};

const WEEKDAYS: [(&str, Weekday); 7] = [
    ("monday", Weekday::Monday),
    ("tuesday", Weekday::Tuesday),
    ("wednesday", Weekday::Wednesday),
    ("thursday", Weekday::Thursday),
    ("friday", Weekday::Friday),
    ("saturday", Weekday::Saturday),
    ("sunday", Weekday::Sunday),
];

pub(super) fn read(root: &Section, zone: TimeZone) -> Calendar {
    root.only(&["version", "basis", "source", "weekend", "hours", "years"]);
    root.text("basis");
    root.text("source");
    let version = root.text("version");
    if !root.has("weekend") {
        root.fault("weekend", "missing", "list the days off of every week, or write [] when there are none");
    }
    let weekend = root.words("weekend", weekday, &WEEKDAYS.map(|(word, _)| word));
    if weekend.len() == WEEKDAYS.len() {
        root.fault("weekend", "no day of the week is worked", "leave at least one day out");
    }
    let mut calendar = Calendar::new(version, zone, &weekend).open(hours(root));
    let Some(years) = root.table("years") else { return calendar };
    for (name, section) in years.entries() {
        section.only(&["off", "work"]);
        let Some(year) = name.parse::<i16>().ok().filter(|year| (1949..=2200).contains(year)) else {
            years.fault(name, "not a year", "use 1949 to 2200");
            continue;
        };
        let days = YearDays { off: dates(&section, "off", year), work: dates(&section, "work", year) };
        if let Some(day) = days.off.iter().find(|day| days.work.contains(day)) {
            section.fault("work", format!("{day} is both off and worked"), "keep it in one list");
        }
        if let Some(day) = days.work.iter().find(|day| !weekend.contains(&day.weekday())) {
            section.fault("work", format!("{day} is worked anyway"), "list only days of the weekend");
        }
        calendar.cover(year, days);
    }
    calendar
}

/// The hours of a working day, written `"09:00-12:00"`, one after another.
fn hours(root: &Section) -> Vec<Opening> {
    let mut hours: Vec<Opening> = Vec::new();
    for text in root.texts("hours") {
        let written = text.split_once('-').and_then(|(from, until)| Some((minute(from)?, minute(until)?)));
        match written {
            Some((from, until)) if from < until && hours.last().is_none_or(|last| last.until <= from) => {
                hours.push(Opening { from, until });
            }
            _ => {
                let advice = "write \"09:00-12:00\", one after another, until 24:00 at the latest";
                root.fault("hours", format!("bad hours {text:?}"), advice);
            }
        }
    }
    if hours.is_empty() {
        root.fault("hours", "missing", "write the hours of a working day, such as [\"09:00-12:00\", \"14:00-18:00\"]");
    }
    hours
}

/// Minutes after midnight of `"14:30"`; `"24:00"` is the end of the day.
fn minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    (minute < 60 && hour * 60 + minute <= 1440).then_some(hour * 60 + minute)
}

fn weekday(word: &str) -> Option<Weekday> {
    WEEKDAYS.into_iter().find(|(name, _)| *name == word).map(|(_, day)| day)
}

/// Days of one year, written `"05-01"` or `"02-10..02-17"` with both ends included.
fn dates(section: &Section, key: &str, year: i16) -> Vec<Date> {
    let mut dates = Vec::new();
    for text in section.texts(key) {
        let (first, last) = text.split_once("..").unwrap_or((&text, &text));
        match (month_day(year, first), month_day(year, last)) {
            (Some(first), Some(last)) if first <= last => {
                dates.extend(first.series(1.day()).take_while(|day| *day <= last));
            }
            _ => section.fault(key, format!("bad date {text:?}"), "write \"MM-DD\" or \"MM-DD..MM-DD\""),
        }
    }
    dates
}

fn month_day(year: i16, text: &str) -> Option<Date> {
    let (month, day) = text.split_once('-')?;
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}
