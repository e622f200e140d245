//! Whether an entry of the registry is asked, and what of it counts.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use muster_core::dispatch::hours::Hours;
use muster_core::dispatch::registry::{Bar, Entry, Place, ResourceKind, ResourceState, minor_until};

const TODAY: Date = date(2026, 11, 30);

fn hours() -> Hours {
    let text = "DTSTART:20261130T060000\nDURATION:PT6H\nRRULE:FREQ=DAILY";
    Hours::parse(text, &TimeZone::get("Asia/Shanghai").unwrap()).unwrap()
}

fn entry<'a>(hours: &'a Hours, certified: &'a [(String, Option<Date>)]) -> Entry<'a> {
    Entry {
        kind: ResourceKind::Volunteer,
        state: ResourceState::Open,
        skills: vec!["company", "driving", "first_aid", "no-such-skill"],
        certified,
        consents: true,
        minor_until: None,
        guardian: false,
        insured_until: None,
        assured: date(2026, 11, 1),
        hours,
        place: Place { latitude: 30_510_000, longitude: 118_300_000 },
        reach: 3_000,
        capacity: 2,
        asked: 0,
        came: 0,
    }
}

mod pack_support;

#[test]
fn every_reason_why_not_is_named() {
    let pack = &pack_support::default_pack().dispatch;
    let (hours, none) = (hours(), Hours::default());
    let fine = entry(&hours, &[]);
    assert_eq!(fine.bars(pack, TODAY), []);
    for (changed, bar) in [
        (Entry { state: ResourceState::Left, ..fine.clone() }, Bar::Left),
        (Entry { state: ResourceState::Paused, ..fine.clone() }, Bar::Paused),
        (Entry { consents: false, ..fine.clone() }, Bar::Consent),
        (Entry { minor_until: Some(date(2026, 12, 1)), ..fine.clone() }, Bar::Guardian),
        (Entry { assured: date(2026, 6, 2), ..fine.clone() }, Bar::Stale),
        (Entry { hours: &none, ..fine.clone() }, Bar::Hours),
    ] {
        assert_eq!(changed.bars(pack, TODAY), [bar]);
        assert!(changed.offered(pack, TODAY, Place::default(), 0, 0).is_none());
    }
    let edges = [
        Entry { minor_until: Some(TODAY), ..fine.clone() },
        Entry { minor_until: Some(date(2030, 1, 1)), guardian: true, ..fine.clone() },
        Entry { assured: date(2026, 6, 3), ..fine.clone() },
    ];
    for edge in edges {
        assert_eq!(edge.bars(pack, TODAY), [], "{edge:?}");
    }
}

#[test]
fn a_risk_asks_for_age_and_insurance() {
    let pack = &pack_support::default_pack().dispatch;
    let hours = hours();
    let fine = entry(&hours, &[]);
    let risk = pack.risk("some").unwrap();
    assert_eq!(fine.gates(risk, TODAY), [Bar::Insurance]);
    let insured = Entry { insured_until: Some(TODAY), ..fine.clone() };
    assert_eq!(insured.gates(risk, TODAY), []);
    let young = Entry { minor_until: Some(date(2027, 1, 1)), ..insured.clone() };
    assert_eq!(young.gates(risk, TODAY), [Bar::Age]);
    assert_eq!(young.gates(pack.risk("none").unwrap(), TODAY), []);
    let firm = Entry { kind: ResourceKind::Organisation, ..fine };
    assert_eq!(firm.gates(risk, TODAY), [], "who sends its own people insures them");
}

#[test]
fn a_certified_skill_counts_to_its_last_day() {
    let pack = &pack_support::default_pack().dispatch;
    let (hours, place) = (hours(), Place { latitude: 30_500_000, longitude: 118_300_000 });
    let certified = [("driving".to_owned(), Some(TODAY)), ("first_aid".to_owned(), Some(date(2026, 11, 29)))];
    let some = entry(&hours, &certified);
    assert_eq!(some.counts(pack, TODAY), pack.bits(["company", "driving"]));
    let offered = some.offered(pack, TODAY, place, 0b1000, 1).unwrap();
    assert_eq!(offered.slots, 0b001_001_001_001_001_000_001, "booked tomorrow morning");
    assert_eq!((offered.capacity, offered.recent, offered.group), (1, 1, 1));
    assert!((offered.at.y - 1.112).abs() < 0.001 && offered.at.x == 0.0, "{:?}", offered.at);
}

#[test]
fn somebody_is_of_age_on_the_eighteenth_birthday() {
    assert_eq!(minor_until(date(2008, 11, 30), TODAY), None);
    assert_eq!(minor_until(date(2008, 12, 1), TODAY), Some(date(2026, 12, 1)));
    assert_eq!(minor_until(date(2012, 2, 29), TODAY), Some(date(2030, 3, 1)));
}
