//! Invitations: their states, how many go out at once, and the parts of a day they book.

use jiff::civil::{Time, date};
use jiff::tz::TimeZone;
use muster_core::dispatch::offer::{OfferMove, OfferState, at_least, enough};
use muster_core::dispatch::slot::Slots;
use muster_core::time::Timestamp;
use muster_core::time::calendar::Calendar;
use proptest::prelude::*;

/// By going through every way in which they may answer.
fn naive(chances: &[f64], wanted: usize) -> f64 {
    let one = |answers: u32| {
        let of = |(at, chance): (usize, &f64)| if answers >> at & 1 == 1 { *chance } else { 1.0 - chance };
        chances.iter().enumerate().map(of).product::<f64>()
    };
    (0..1_u32 << chances.len()).filter(|answers| answers.count_ones() as usize >= wanted).map(one).sum()
}

fn parts() -> [Time; 3] {
    [6, 12, 18].map(|hour| Time::constant(hour, 0, 0, 0))
}

proptest! {
    #[test]
    fn the_chance_of_enough_is_that_of_all_answers(
        chances in prop::collection::vec(0.0..=1.0_f64, 0..11), wanted in 0_usize..8,
    ) {
        prop_assert!((at_least(&chances, wanted) - naive(&chances, wanted)).abs() < 1e-9);
    }

    #[test]
    fn no_smaller_number_is_enough(
        waiting in prop::collection::vec(0.0..=1.0_f64, 0..4),
        candidates in prop::collection::vec(0.0..=1.0_f64, 0..9), wanted in 0_usize..6, target in 0.1..0.99_f64,
    ) {
        let sure = |asked: usize| naive(&[&waiting[..], &candidates[..asked]].concat(), wanted);
        let asked = enough(&waiting, &candidates, wanted, target);
        prop_assert!(asked == candidates.len() || sure(asked) >= target - 1e-9);
        prop_assert!((0..asked).all(|fewer| sure(fewer) < target + 1e-9));
    }

    #[test]
    fn an_offer_moves_only_as_it_says(from in 0..OfferState::ALL.len(), tried in 0..OfferMove::ALL.len()) {
        let (state, tried) = (OfferState::ALL[from], OfferMove::ALL[tried]);
        match state.take(tried) {
            Ok(next) => {
                prop_assert!(state.allowed().contains(&tried));
                prop_assert_ne!(next, state);
            }
            Err(refusal) => {
                prop_assert!(!refusal.allowed.contains(&tried));
                prop_assert!(refusal.to_string().contains(state.as_str()));
            }
        }
    }

    /// New York has an hour too few on 2026-03-08 and one too many on 2026-11-01.
    #[test]
    fn a_slot_holds_its_instants(hour in 0_i64..24 * 365, city in 0_usize..3) {
        let zone = TimeZone::get(["America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"][city]).unwrap();
        let calendar = Calendar::new("test", zone, &[]);
        let parts = parts();
        let slots = Slots { calendar: &calendar, parts: &parts };
        let at = Timestamp(1_767_225_600_000_000).plus(hour * Timestamp::HOUR);
        let wall = calendar.local(at);
        match slots.at(at) {
            Some(slot) => {
                let (begin, end) = slots.bounds(slot);
                prop_assert!(begin <= at && at < end);
                prop_assert_eq!(slot - slots.first(wall.date()), i64::from(wall.hour()) / 6 - 1);
                prop_assert_eq!(slots.bounds(slot + 1).0, if wall.hour() < 18 { end } else { slots.bounds(slot + 1).0 });
            }
            None => prop_assert!(wall.hour() < 6),
        }
    }
}

#[test]
fn a_slot_fits_when_the_work_fits_into_it() {
    let calendar = Calendar::new("test", TimeZone::get("Asia/Shanghai").unwrap(), &[]);
    let parts = parts();
    let slots = Slots { calendar: &calendar, parts: &parts };
    let day = calendar.day_bounds(date(2026, 5, 12)).0;
    let hour = |hour: i64| day.plus(hour * Timestamp::HOUR);
    let first = slots.first(date(2026, 5, 12));
    assert_eq!(slots.fitting(hour(9), hour(11), 120), [first]);
    assert_eq!(slots.fitting(hour(11), hour(14), 60), [first, first + 1]);
    assert_eq!(slots.fitting(hour(11), hour(14), 90), [first + 1]);
    assert_eq!(slots.fitting(hour(11), hour(14), 180), [] as [i64; 0], "no part of the day holds it whole");
    assert_eq!(slots.mask(date(2026, 5, 12), [first, first + 2, first + 3, first - 1, first + 21]), 0b1101);
    assert_eq!(slots.horizon(date(2026, 5, 12)), calendar.day_bounds(date(2026, 5, 18)).1);
}

#[test]
fn nobody_is_held_to_a_yes_and_a_no_stays() {
    assert_eq!(OfferState::Accepted.take(OfferMove::Decline), Ok(OfferState::Declined));
    for over in [OfferState::Declined, OfferState::Expired, OfferState::Withdrawn, OfferState::Done, OfferState::NoShow]
    {
        assert_eq!(over.allowed(), [], "{over}");
    }
    let booked = OfferState::ALL.iter().filter(|state| state.is_booked()).count();
    assert_eq!(booked, 5);
}
