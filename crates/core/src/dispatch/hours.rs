//! When somebody can help: a part of RFC 5545, and which parts of the coming seven days that makes free.
//!
//! Read are `DTSTART`, `DTEND` or `DURATION`, `RRULE` (`DAILY` or `WEEKLY` with `BYDAY`, `INTERVAL`, `UNTIL` or `COUNT`)
//! and `EXDATE`; every `DTSTART` begins a block of its own. Times are those of the city's zone. What is not read is
//! refused, never skipped. Our own code because the crates for it stand on another library of time and expand every
//! occurrence; here the seven days are asked for directly. A part of a day is free when at least half of it is.

use std::fmt::Write;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, ToSpan};

const MINUTES: i64 = 24 * 60;
/// Days ahead that are looked at; one bit each part of them.
pub const DAYS: i64 = 7;
/// The longest one block lasts, in minutes, and the most occurrences one rule counts.
const LONGEST: i64 = 7 * MINUTES;
const COUNTED: i64 = 1_000;
/// Longer texts are no hours.
const TEXT_MOST: usize = 4_000;

pub const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];
const NAMES: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hours {
    blocks: Vec<Block>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Block {
    start: DateTime,
    /// Minutes.
    length: i64,
    rule: Option<Rule>,
    /// Starts that do not happen, or whole days.
    except: Vec<DateTime>,
    except_days: Vec<Date>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Rule {
    weekly: bool,
    every: i64,
    /// Bit 0 is Monday; 0 leaves the day to the start.
    days: u8,
    end: End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Never,
    Until(DateTime),
    Count(i64),
}

/// One block in the words of Open Referral's HSDS, which are those of RFC 5545.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Schedule {
    pub dtstart: Date,
    pub opens_at: Time,
    pub closes_at: Time,
    pub freq: Option<&'static str>,
    pub interval: i64,
    pub byday: String,
    pub until: Option<Date>,
    pub count: Option<i64>,
}

/// What is wrong in which line, counted from 1, and what to write instead.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the hours, \"{text}\": {what}")]
pub struct HoursFault {
    pub line: usize,
    pub text: String,
    pub what: String,
}

impl Hours {
    /// Reads lines of RFC 5545; an empty text is no hours at all.
    pub fn parse(text: &str, zone: &TimeZone) -> Result<Self, HoursFault> {
        if text.len() > TEXT_MOST {
            let what = format!("the hours have {} bytes; at most {TEXT_MOST} fit", text.len());
            return Err(HoursFault { line: 1, text: String::new(), what });
        }
        let mut blocks: Vec<Open> = Vec::new();
        let mut last = 1;
        for (at, line) in text.lines().enumerate().map(|(at, line)| (at + 1, line.trim())) {
            if line.is_empty() {
                continue;
            }
            last = at;
            read(line, zone, &mut blocks).map_err(|what| HoursFault { line: at, text: shown(line), what })?;
        }
        let closed = blocks.into_iter().map(Open::close).collect::<Result<_, _>>();
        let blocks = closed.map_err(|what| HoursFault { line: last, text: String::new(), what })?;
        Ok(Self { blocks })
    }

    /// The same part of the day every week. `ticks`: the day (0 is Monday) and the part.
    pub fn weekly(ticks: &[(usize, usize)], parts: &[Time], from: Date) -> Self {
        let monday = monday_of(from);
        let block = |part: usize| {
            let days =
                ticks.iter().filter(|tick| tick.1 == part && tick.0 < 7).fold(0, |days, tick| days | 1 << tick.0);
            let (begin, end) = bounds(parts, part);
            let first = u8::trailing_zeros(days);
            (days != 0).then(|| Block {
                start: DateTime::from_parts(plus_days(monday, first.into()), parts[part]),
                length: end - begin,
                rule: Some(Rule { weekly: true, every: 1, days, end: End::Never }),
                except: Vec::new(),
                except_days: Vec::new(),
            })
        };
        Self { blocks: (0..parts.len()).filter_map(block).collect() }
    }

    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// Takes these whole days out.
    #[must_use]
    pub fn without(mut self, days: &[Date]) -> Self {
        for block in &mut self.blocks {
            block.except_days.extend(days);
            block.except_days.sort_unstable();
            block.except_days.dedup();
        }
        self
    }

    /// The blocks as a directory tells of them.
    pub fn schedules(&self) -> Vec<Schedule> {
        let schedule = |block: &Block| {
            let rule = block.rule.as_ref();
            let names = |days: u8| (0..7).filter(|day| days >> day & 1 == 1).map(|day| NAMES[day]).collect::<Vec<_>>();
            Schedule {
                dtstart: block.start.date(),
                opens_at: block.start.time(),
                closes_at: plus_minutes(block.start, block.length).time(),
                freq: rule.map(|rule| if rule.weekly { "WEEKLY" } else { "DAILY" }),
                interval: rule.map_or(1, |rule| rule.every),
                byday: rule.map(|rule| names(rule.days).join(",")).unwrap_or_default(),
                until: rule.and_then(|rule| if let End::Until(at) = rule.end { Some(at.date()) } else { None }),
                count: rule.and_then(|rule| if let End::Count(count) = rule.end { Some(count) } else { None }),
            }
        };
        self.blocks.iter().map(schedule).collect()
    }

    /// Whole days that are taken out, from a day on.
    pub fn days_off(&self, from: Date) -> Vec<Date> {
        let all = self.blocks.iter().flat_map(|block| &block.except_days);
        let mut days: Vec<Date> = all.copied().filter(|day| *day >= from).collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    /// The free parts of the seven days from `today` on: bit = day × parts + part.
    pub fn slots(&self, today: Date, parts: &[Time]) -> u32 {
        let mut free: Vec<(i64, i64)> = self.blocks.iter().flat_map(|block| block.spans(today)).collect();
        free.sort_unstable();
        let mut bits = 0;
        for day in 0..DAYS {
            for part in 0..parts.len() {
                let (begin, end) = bounds(parts, part);
                let within = (day * MINUTES + begin, day * MINUTES + end);
                if covered(&free, within) * 2 >= end - begin {
                    bits |= 1 << (day as usize * parts.len() + part);
                }
            }
        }
        bits
    }

    /// Day of the week (0 is Monday) and part that are free in an ordinary week, days off aside: what a form shows.
    pub fn ticks(&self, today: Date, parts: &[Time]) -> Vec<(usize, usize)> {
        let mut ordinary = self.clone();
        for block in &mut ordinary.blocks {
            block.except_days.clear();
            block.except.clear();
        }
        let bits = ordinary.slots(plus_days(monday_of(today), 7), parts);
        let all = (0..7).flat_map(|day| (0..parts.len()).map(move |part| (day, part)));
        all.filter(|(day, part)| bits >> (day * parts.len() + part) & 1 == 1).collect()
    }
}

/// As RFC 5545 lines, in the city's zone.
impl std::fmt::Display for Hours {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for block in &self.blocks {
            writeln!(f, "DTSTART:{}", stamp(block.start))?;
            writeln!(f, "DTEND:{}", stamp(plus_minutes(block.start, block.length)))?;
            if let Some(rule) = &block.rule {
                writeln!(f, "RRULE:{rule}")?;
            }
            for at in &block.except {
                writeln!(f, "EXDATE:{}", stamp(*at))?;
            }
            for day in &block.except_days {
                writeln!(f, "EXDATE;VALUE=DATE:{}", day.strftime("%Y%m%d"))?;
            }
        }
        Ok(())
    }
}

impl std::fmt::Display for Rule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "FREQ={}", if self.weekly { "WEEKLY" } else { "DAILY" })?;
        if self.every != 1 {
            write!(f, ";INTERVAL={}", self.every)?;
        }
        match self.end {
            End::Never => {}
            End::Until(at) => write!(f, ";UNTIL={}", stamp(at))?,
            End::Count(count) => write!(f, ";COUNT={count}")?,
        }
        if self.days != 0 {
            let days: Vec<&str> = (0..7).filter(|day| self.days >> day & 1 == 1).map(|day| NAMES[day]).collect();
            write!(f, ";BYDAY={}", days.join(","))?;
        }
        Ok(())
    }
}

impl Block {
    /// Minutes from the midnight that begins `today`, of every occurrence that touches the seven days.
    fn spans(&self, today: Date) -> Vec<(i64, i64)> {
        let back = self.length / MINUTES + 1;
        let first = self.start.date();
        let mut spans = Vec::new();
        for offset in -back..DAYS {
            let date = plus_days(today, offset);
            if !self.happens(first, date) {
                continue;
            }
            let begin = offset * MINUTES + minute(self.start.time());
            spans.push((begin, begin + self.length));
        }
        spans
    }

    fn happens(&self, first: Date, date: Date) -> bool {
        let at = DateTime::from_parts(date, self.start.time());
        if self.except.contains(&at) || self.except_days.contains(&date) {
            return false;
        }
        let Some(rule) = &self.rule else { return date == first };
        if date < first || !rule.falls_on(first, date) {
            return false;
        }
        match rule.end {
            End::Never => true,
            End::Until(until) => at <= until,
            End::Count(count) => rule.before(first, date, count) < count,
        }
    }
}

impl Rule {
    fn falls_on(&self, first: Date, date: Date) -> bool {
        let days = if self.days == 0 && self.weekly { 1 << weekday(first) } else { self.days };
        let is_day = days == 0 || days >> weekday(date) & 1 == 1;
        let between =
            if self.weekly { days_between(monday_of(first), monday_of(date)) / 7 } else { days_between(first, date) };
        is_day && between % self.every == 0
    }

    /// Occurrences before a day, as far as `most`.
    fn before(&self, first: Date, date: Date, most: i64) -> i64 {
        let mut found = 0;
        let mut day = first;
        while day < date && found < most {
            found += i64::from(self.falls_on(first, day));
            day = plus_days(day, 1);
        }
        found
    }
}

/// A block whose lines are still being read.
struct Open {
    start: DateTime,
    whole_day: bool,
    length: Option<i64>,
    rule: Option<Rule>,
    except: Vec<DateTime>,
    except_days: Vec<Date>,
}

impl Open {
    fn close(self) -> Result<Block, String> {
        let Self { start, whole_day, length, rule, except, except_days } = self;
        let length = match length {
            Some(length) => length,
            None if whole_day => MINUTES,
            None => return Err("the block has no end; add DTEND or DURATION".to_owned()),
        };
        if !(1..=LONGEST).contains(&length) {
            return Err(format!("the block lasts {length} minutes; use 1 to {LONGEST}"));
        }
        if let Some(rule) = &rule
            && !rule.falls_on(start.date(), start.date())
        {
            return Err("DTSTART is no day of its own rule; begin on a day of BYDAY".to_owned());
        }
        Ok(Block { start, length, rule, except, except_days })
    }
}

fn read(line: &str, zone: &TimeZone, blocks: &mut Vec<Open>) -> Result<(), String> {
    let (head, value) = line.split_once(':').ok_or("there is no colon; write NAME:VALUE")?;
    let mut words = head.split(';');
    let name = words.next().unwrap_or_default().to_ascii_uppercase();
    let parameters: Vec<String> = words.map(str::to_ascii_uppercase).collect();
    let is_date = parameters.iter().any(|parameter| parameter == "VALUE=DATE");
    for parameter in &parameters {
        let known = parameter == "VALUE=DATE" || parameter == "VALUE=DATE-TIME";
        let own = zone.iana_name().map(|name| format!("TZID={}", name.to_ascii_uppercase()));
        if !known && Some(parameter) != own.as_ref() {
            return Err(format!(
                "{parameter} is not read; times are those of {}",
                zone.iana_name().unwrap_or("the city")
            ));
        }
    }
    if name == "DTSTART" {
        let start = if is_date { DateTime::from_parts(date(value)?, Time::midnight()) } else { moment(value, zone)? };
        blocks.push(Open { start, whole_day: is_date, length: None, rule: None, except: vec![], except_days: vec![] });
        return Ok(());
    }
    let block = blocks.last_mut().ok_or("a block begins with DTSTART; put it first")?;
    match name.as_str() {
        "DTEND" | "DURATION" if block.length.is_some() => return Err("the block has an end already".to_owned()),
        "DTEND" => {
            let end = if is_date { DateTime::from_parts(date(value)?, Time::midnight()) } else { moment(value, zone)? };
            block.length = Some(end.duration_since(block.start).as_mins());
        }
        "DURATION" => block.length = Some(duration(value)?),
        "RRULE" if block.rule.is_some() => return Err("the block has a rule already".to_owned()),
        "RRULE" => block.rule = Some(rule(value, zone)?),
        "EXDATE" if is_date => {
            for value in value.split(',') {
                block.except_days.push(date(value)?);
            }
        }
        "EXDATE" => {
            for value in value.split(',') {
                block.except.push(moment(value, zone)?);
            }
        }
        other => return Err(format!("{other} is not read; use DTSTART, DTEND, DURATION, RRULE or EXDATE")),
    }
    Ok(())
}

fn rule(text: &str, zone: &TimeZone) -> Result<Rule, String> {
    let mut rule = Rule { weekly: false, every: 1, days: 0, end: End::Never };
    let mut has_freq = false;
    for part in text.split(';') {
        let (name, value) = part.split_once('=').ok_or_else(|| format!("{part} has no value; write NAME=VALUE"))?;
        match name.to_ascii_uppercase().as_str() {
            "FREQ" => {
                has_freq = true;
                rule.weekly = match value.to_ascii_uppercase().as_str() {
                    "WEEKLY" => true,
                    "DAILY" => false,
                    other => return Err(format!("FREQ={other} is not read; use DAILY or WEEKLY")),
                };
            }
            "INTERVAL" => rule.every = number(name, value, 52)?,
            "COUNT" | "UNTIL" if rule.end != End::Never => return Err("use one of COUNT and UNTIL".to_owned()),
            "COUNT" => rule.end = End::Count(number(name, value, COUNTED)?),
            "UNTIL" if value.len() == 8 => {
                let last = Time::constant(23, 59, 59, 0);
                rule.end = End::Until(DateTime::from_parts(date(value)?, last));
            }
            "UNTIL" => rule.end = End::Until(moment(value, zone)?),
            "BYDAY" => {
                for day in value.split(',') {
                    let at = NAMES.iter().position(|name| day.eq_ignore_ascii_case(name));
                    rule.days |= 1 << at.ok_or_else(|| format!("{day} is no day; use {}", NAMES.join(", ")))?;
                }
            }
            "WKST" if value.eq_ignore_ascii_case("MO") => {}
            other => return Err(format!("{other}={value} is not read; use FREQ, INTERVAL, BYDAY, COUNT or UNTIL")),
        }
    }
    if has_freq { Ok(rule) } else { Err("the rule has no FREQ; use FREQ=WEEKLY or FREQ=DAILY".to_owned()) }
}

fn number(name: &str, value: &str, most: i64) -> Result<i64, String> {
    let number = value.parse().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| format!("{name}={value} is out of bounds; use 1 to {most}"))
}

fn date(text: &str) -> Result<Date, String> {
    let bad = || format!("{} is no date; write it like 20261231", shown(text));
    let digits = text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits {
        return Err(bad());
    }
    Date::strptime("%Y%m%d", text).map_err(|_| bad())
}

/// `20261231T080000`, or the same in UTC with a `Z`, which is taken to the city's zone.
fn moment(text: &str, zone: &TimeZone) -> Result<DateTime, String> {
    let bad = || format!("{} is no time; write it like 20261231T080000", shown(text));
    let plain = text.strip_suffix(['Z', 'z']).unwrap_or(text);
    if plain.len() != 15 || !plain.is_ascii() {
        return Err(bad());
    }
    let local = DateTime::strptime("%Y%m%dT%H%M%S", plain).map_err(|_| bad())?;
    if plain.len() == text.len() {
        return Ok(local);
    }
    let instant = TimeZone::UTC.to_timestamp(local).map_err(|_| bad())?;
    Ok(zone.to_datetime(instant))
}

/// `PT4H30M`, `P1D`: weeks, days, hours and minutes.
fn duration(text: &str) -> Result<i64, String> {
    let bad = || format!("{} is no duration; write it like PT4H or PT3H30M", shown(text));
    let rest = text.to_ascii_uppercase();
    let rest = rest.strip_prefix('P').ok_or_else(bad)?;
    let (mut minutes, mut digits) = (0, String::new());
    for letter in rest.chars() {
        let each = match letter {
            '0'..='9' if digits.len() < 6 => {
                digits.push(letter);
                continue;
            }
            'T' if digits.is_empty() => continue,
            'W' => 7 * MINUTES,
            'D' => MINUTES,
            'H' => 60,
            'M' => 1,
            _ => return Err(bad()),
        };
        minutes += each * digits.parse::<i64>().map_err(|_| bad())?;
        digits.clear();
    }
    if digits.is_empty() && minutes > 0 { Ok(minutes) } else { Err(bad()) }
}

/// When a part begins and ends, in minutes of the day; the last ends it.
fn bounds(parts: &[Time], part: usize) -> (i64, i64) {
    (minute(parts[part]), parts.get(part + 1).map_or(MINUTES, |next| minute(*next)))
}

/// Minutes of `within` that lie in at least one of the spans, which are sorted.
fn covered(spans: &[(i64, i64)], within: (i64, i64)) -> i64 {
    let (mut covered, mut reached) = (0, within.0);
    for (begin, end) in spans {
        let (begin, end) = ((*begin).max(reached), (*end).min(within.1));
        if end > begin {
            covered += end - begin;
            reached = end;
        }
    }
    covered
}

fn minute(time: Time) -> i64 {
    i64::from(time.hour()) * 60 + i64::from(time.minute())
}

fn weekday(date: Date) -> u8 {
    date.weekday().to_monday_zero_offset() as u8
}

fn monday_of(date: Date) -> Date {
    plus_days(date, -i64::from(weekday(date)))
}

fn plus_days(date: Date, days: i64) -> Date {
    date.saturating_add(days.days())
}

fn plus_minutes(at: DateTime, minutes: i64) -> DateTime {
    at.saturating_add(SignedDuration::from_mins(minutes))
}

fn days_between(from: Date, to: Date) -> i64 {
    to.duration_since(from).as_hours() / 24
}

fn stamp(at: DateTime) -> String {
    let mut text = String::new();
    let _ = write!(text, "{}", at.strftime("%Y%m%dT%H%M%S"));
    text
}

/// At most sixty characters of what was written.
fn shown(text: &str) -> String {
    text.chars().take(60).collect()
}
