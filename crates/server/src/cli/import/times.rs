//! Times as people and other systems write them.

use jiff::civil::{Date, DateTime, Time};
use jiff::tz::TimeZone;
use muster_core::time::Timestamp;

/// What is accepted, for the sentence that refuses something else.
pub(in crate::cli) const EXAMPLES: &str =
    "2019-11-22 12:14:58, 2019/11/22 12:14, 2019年11月22日, 2019-11-22T12:14:58+08:00";

/// Reads a time. One without an offset is on the wall in `zone`; 10 or 13 digits are (milli)seconds since 1970; a date
/// alone is its midnight. A time the clock skipped stands for as long after the jump, one that came twice for the first.
pub(in crate::cli) fn read(text: &str, zone: &TimeZone) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(at) = text.parse::<jiff::Timestamp>() {
        return Some(Timestamp(at.as_microsecond()));
    }
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        match text.len() {
            10 => return Some(Timestamp(text.parse::<i64>().ok()? * Timestamp::SECOND)),
            13 => return Some(Timestamp(text.parse::<i64>().ok()? * 1000)),
            _ => {}
        }
    }
    let at = zone.to_ambiguous_timestamp(on_the_wall(text)?).compatible().ok()?;
    Some(Timestamp(at.as_microsecond()))
}

/// Year first, so that day and month cannot be mistaken.
fn on_the_wall(text: &str) -> Option<DateTime> {
    let (date, time) =
        text.split_once(['T', '日']).or_else(|| text.split_once(char::is_whitespace)).unwrap_or((text, ""));
    let date = date.trim().replace(['/', '.', '年', '月'], "-");
    let date = ["%Y-%m-%d", "%Y%m%d"].iter().find_map(|form| Date::strptime(form, &date).ok());
    let time = match time.trim() {
        "" => Some(Time::midnight()),
        time => ["%H:%M:%S%.f", "%H:%M"].iter().find_map(|form| Time::strptime(form, time).ok()),
    };
    match (date, time) {
        (Some(date), Some(time)) => Some(date.to_datetime(time)),
        _ => DateTime::strptime("%Y%m%d%H%M%S", text).ok(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shanghai() -> TimeZone {
        zone("Asia/Shanghai")
    }

    fn zone(name: &str) -> TimeZone {
        jiff::tz::TimeZoneDatabase::bundled().get(name).unwrap()
    }

    #[test]
    fn every_way_of_writing_one_moment_is_that_moment() {
        let noon = Timestamp(1_574_396_098 * Timestamp::SECOND);
        for text in [
            "2019/11/22 12:14:58",
            "2019-11-22 12:14:58",
            " 2019-11-22T12:14:58 ",
            "2019.11.22 12:14:58",
            "2019年11月22日 12:14:58",
            "2019年11月22日12:14:58",
            "20191122121458",
            "2019-11-22T12:14:58+08:00",
            "2019-11-22T04:14:58Z",
            "2019-11-22 12:14:58.000",
            "1574396098",
            "1574396098000",
        ] {
            assert_eq!(read(text, &shanghai()), Some(noon), "{text}");
        }
        assert_eq!(read("2019/1/5 9:05", &shanghai()), read("2019-01-05 09:05:00", &shanghai()));
        assert_eq!(read("2019年1月5日", &shanghai()), read("2019-01-05 00:00:00", &shanghai()));
        assert_eq!(read("20190105", &shanghai()), read("2019-01-05", &shanghai()));
        assert!(read("2019/1/5 9:05", &shanghai()).is_some() && read("2019-01-05", &shanghai()).is_some());
        assert_eq!(read("2019-11-22 12:14:58.250", &shanghai()), Some(noon.plus(250_000)));
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in ["", "yesterday", "22/11/2019 12:14", "2019-13-01", "2019-02-30", "12:14", "2019-11-22 25:00", "9"]
        {
            assert_eq!(read(text, &shanghai()), None, "{text}");
        }
    }

    #[test]
    fn a_skipped_hour_and_a_doubled_one_have_one_reading() {
        let boston = zone("America/New_York");
        assert_eq!(read("2011-03-13 02:30:00", &boston), read("2011-03-13T03:30:00-04:00", &boston));
        assert_eq!(read("2011-11-06 01:30:00", &boston), read("2011-11-06T01:30:00-04:00", &boston));
    }
}
