//! Free hours: examples with the rules of RFC 5545, faults, and a twin that goes minute by minute.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

use std::fmt::Write as _;

use jiff::ToSpan;
use jiff::civil::{Date, Time, date, time};
use jiff::tz::TimeZone;
use muster_core::dispatch::hours::Hours;
use proptest::prelude::*;

const PARTS: [Time; 3] = [time(6, 0, 0, 0), time(12, 0, 0, 0), time(18, 0, 0, 0)];
/// A Monday.
const TODAY: Date = date(2026, 11, 30);

fn zone() -> TimeZone {
    TimeZone::get("Asia/Shanghai").unwrap()
}

fn hours(text: &str) -> Hours {
    Hours::parse(text, &zone()).unwrap()
}

/// `1..` marks a free morning only; days from today.
fn week(text: &str) -> String {
    let bits = hours(text).slots(TODAY, &PARTS);
    let mark = |bit: u32| if bits >> bit & 1 == 1 { '1' } else { '.' };
    let days: Vec<String> = (0..7).map(|day| (0..3).map(|part| mark(day * 3 + part)).collect()).collect();
    days.join(" ")
}

#[test]
fn a_rule_frees_the_parts_it_covers_by_half() {
    for (text, free) in [
        ("", "... ... ... ... ... ... ..."),
        ("DTSTART:20261130T060000\nDTEND:20261130T120000", "1.. ... ... ... ... ... ..."),
        ("DTSTART:20261130T090000\nDURATION:PT3H", "1.. ... ... ... ... ... ..."),
        ("DTSTART:20261130T090100\nDURATION:PT3H", "... ... ... ... ... ... ..."),
        (
            "DTSTART:20261130T060000\nDURATION:PT2H\nDTSTART:20261130T070000\nDURATION:PT2H",
            "1.. ... ... ... ... ... ...",
        ),
        ("DTSTART:20261102T180000\nDURATION:PT6H\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE", "..1 ... ..1 ... ... ... ..."),
        (
            "DTSTART:20261123T180000\nDURATION:PT6H\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE",
            "... ... ... ... ... ... ...",
        ),
        (
            "DTSTART:20261116T180000\nDURATION:PT6H\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
            "..1 ... ... ... ... ... ...",
        ),
        ("DTSTART:20261129T120000\nDURATION:PT6H\nRRULE:FREQ=DAILY;COUNT=3", ".1. .1. ... ... ... ... ..."),
        (
            "DTSTART:20261129T120000\nDURATION:PT6H\nRRULE:FREQ=DAILY;UNTIL=20261202T040000Z",
            ".1. .1. .1. ... ... ... ...",
        ),
        ("DTSTART:20261129T120000\nDURATION:PT6H\nRRULE:FREQ=DAILY;UNTIL=20261201", ".1. .1. ... ... ... ... ..."),
        (
            "DTSTART:20261129T120000\nDURATION:PT6H\nRRULE:FREQ=DAILY\nEXDATE:20261202T120000",
            ".1. .1. ... .1. .1. .1. .1.",
        ),
        (
            "DTSTART:20261129T120000\nDURATION:PT6H\nRRULE:FREQ=DAILY\nEXDATE;VALUE=DATE:20261130,20261206",
            "... .1. .1. .1. .1. .1. ...",
        ),
        ("DTSTART;VALUE=DATE:20261204", "... ... ... ... 111 ... ..."),
        (
            "DTSTART;TZID=Asia/Shanghai:20261204T060000\nDTEND;TZID=Asia/Shanghai:20261204T180000",
            "... ... ... ... 11. ... ...",
        ),
    ] {
        assert_eq!(week(text), free, "{text}");
    }
}

#[test]
fn what_is_not_read_is_refused_with_its_line_and_advice() {
    for (text, line, what) in [
        ("RRULE:FREQ=DAILY", 1, "begins with DTSTART"),
        ("DTSTART:20261130T060000", 1, "no end"),
        ("DTSTART:20261130T060000\nDURATION:PT4H\nRRULE:FREQ=MONTHLY", 3, "use DAILY or WEEKLY"),
        ("DTSTART:20261130T060000\nDURATION:PT4H\nRRULE:FREQ=WEEKLY;BYDAY=1MO", 3, "1MO is no day"),
        (
            "DTSTART:20261130T060000\nDURATION:PT4H\nRRULE:FREQ=WEEKLY;COUNT=2;UNTIL=20270101",
            3,
            "one of COUNT and UNTIL",
        ),
        ("DTSTART:20261130T060000\nDURATION:PT4H\nRRULE:FREQ=WEEKLY;BYDAY=TU", 3, "no day of its own rule"),
        ("DTSTART:2026-11-30\nDURATION:PT4H", 1, "20261231T080000"),
        ("DTSTART:20261130T060000\nDURATION:4 hours", 2, "PT4H"),
        ("DTSTART:20261130T060000\nDTEND:20261130T050000", 2, "minutes"),
        ("DTSTART;TZID=Europe/Paris:20261130T060000\nDURATION:PT4H", 1, "Asia/Shanghai"),
        ("DTSTART:20261130T060000\nDURATION:PT4H\nRDATE:20261201T060000", 3, "RDATE is not read"),
        ("when I am home", 1, "no colon"),
    ] {
        let fault = Hours::parse(text, &zone()).unwrap_err();
        assert_eq!(fault.line, line, "{text}");
        assert!(fault.to_string().contains(what), "{fault}");
    }
}

#[test]
fn ticks_become_rules_and_ticks_again() {
    let ticks = [(0, 0), (2, 0), (5, 2), (6, 1)];
    let made = Hours::weekly(&ticks, &PARTS, date(2026, 12, 3));
    assert_eq!(made.ticks(date(2026, 12, 3), &PARTS), ticks);
    let off = made.clone().without(&[date(2026, 12, 2)]);
    assert_eq!(off.ticks(TODAY, &PARTS), ticks, "a day off changes no ordinary week");
    assert_eq!(off.days_off(TODAY), [date(2026, 12, 2)]);
    assert_ne!(off.slots(TODAY, &PARTS), made.slots(TODAY, &PARTS));
    assert_eq!(hours(&off.to_string()), off, "what is written is read again");
}

prop_compose! {
    fn block()(
        day in -30i64..8, start in 0i64..1440, length in 1i64..2000, weekly in any::<bool>(), every in 1i64..4,
        days in 0u8..128, count in prop::option::of(1i64..20), off in -2i64..9,
    ) -> (i64, i64, i64, bool, i64, u8, Option<i64>, i64) {
        (day, start, length, weekly, every, days, count, off)
    }
}

proptest! {
    /// Every minute of the week, asked of every occurrence since the start, one after another.
    #[test]
    fn slots_equal_those_counted_minute_by_minute(blocks in prop::collection::vec(block(), 1..4)) {
        let mut text = String::new();
        let mut free = vec![false; 7 * 1440];
        for (day, start, length, weekly, every, days, count, off) in blocks {
            let first = TODAY.saturating_add(day.days());
            let own = first.weekday().to_monday_zero_offset();
            let days = days | 1 << own;
            let at = first.at((start / 60) as i8, (start % 60) as i8, 0, 0);
            let names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
            let byday: Vec<&str> = (0..7).filter(|day| days >> day & 1 == 1).map(|day| names[day]).collect();
            let freq = if weekly { "WEEKLY" } else { "DAILY" };
            let end = count.map(|count| format!(";COUNT={count}")).unwrap_or_default();
            let skipped = TODAY.saturating_add(off.days());
            write!(text, "DTSTART:{}\nDURATION:PT{length}M\n", at.strftime("%Y%m%dT%H%M%S")).unwrap();
            writeln!(text, "RRULE:FREQ={freq};INTERVAL={every};BYDAY={}{end}", byday.join(",")).unwrap();
            writeln!(text, "EXDATE;VALUE=DATE:{}", skipped.strftime("%Y%m%d")).unwrap();
            let mut left = count.unwrap_or(i64::MAX);
            let (mut date, mut passed, mut weeks) = (first, 0, 0);
            while date < TODAY.saturating_add(7.days()) && left > 0 {
                let weekday = date.weekday().to_monday_zero_offset();
                if passed > 0 && weekday == 0 {
                    weeks += 1;
                }
                let turn = if weekly { weeks % every == 0 } else { passed % every == 0 };
                if turn && days >> weekday & 1 == 1 {
                    left -= 1;
                    if date != skipped {
                        let from = (day + passed) * 1440 + start;
                        for minute in from..from + length {
                            if let Some(minute) = usize::try_from(minute).ok().and_then(|at| free.get_mut(at)) {
                                *minute = true;
                            }
                        }
                    }
                }
                date = date.tomorrow().unwrap();
                passed += 1;
            }
        }
        let bits = hours(&text).slots(TODAY, &PARTS);
        for day in 0..7 {
            for (part, (begin, end)) in [(360, 720), (720, 1080), (1080, 1440)].into_iter().enumerate() {
                let count = free[day * 1440 + begin..day * 1440 + end].iter().filter(|free| **free).count();
                prop_assert_eq!(bits >> (day * 3 + part) & 1 == 1, count * 2 >= end - begin, "{} day {} part {}", text, day, part);
            }
        }
    }
}
