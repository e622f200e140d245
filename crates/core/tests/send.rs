//! When something may leave the program, and what comes of tries.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod pack_support;

use std::sync::LazyLock;

use muster_core::pack::{Pack, Sending};
use muster_core::send::{Quiet, Send, Tried, Wants};
use muster_core::time::Timestamp;
use proptest::prelude::*;

static PACK: LazyLock<Pack> = LazyLock::new(pack_support::default_pack);

/// Monday 2026-05-11 09:00 in Shanghai.
const NOW: Timestamp = Timestamp(1_778_461_200_000_000);
const NIGHT: Quiet = Quiet { from: 22 * 60, until: 7 * 60 };

fn rule(tries: u32) -> Sending {
    Sending {
        tries,
        first_wait: 60 * Timestamp::SECOND,
        most_wait: 6 * Timestamp::HOUR,
        ..PACK.notices.sending.clone()
    }
}

#[test]
fn the_night_holds_what_is_no_danger() {
    let calendar = &PACK.calendar;
    let wants = Wants { digest_hour: None, quiet: NIGHT };
    let at = |hour: i64| NOW.plus((hour - 9) * Timestamp::HOUR);
    for (told, out) in [(9, 9), (21, 21), (22, 31), (24, 31), (30, 31), (31, 31)] {
        assert_eq!(wants.when(calendar, at(told), false), at(out), "told at {told}");
        assert_eq!(wants.when(calendar, at(told), true), at(told), "danger at {told}");
    }
    let daily = Wants { digest_hour: Some(8), ..wants };
    assert_eq!(daily.when(calendar, at(9), false), at(32), "tomorrow at eight");
    assert_eq!(daily.when(calendar, at(7), false), at(8), "today at eight");
    let at_night = Wants { digest_hour: Some(23), ..wants };
    assert_eq!(at_night.when(calendar, at(9), false), at(31), "a digest waits for the morning too");
    let never = Wants { digest_hour: None, quiet: Quiet { from: 0, until: 0 } };
    assert_eq!(never.when(calendar, at(26), false), at(26));
}

#[test]
fn a_state_says_what_it_allows() {
    let waiting = Send::Waiting { not_before: NOW };
    let dead = waiting.tried(Tried::Refused, NOW, &rule(8), 0).unwrap();
    assert_eq!(dead, Send::Dead { tries: 1, at: NOW }, "what will never be taken is not tried again");
    assert_eq!(dead.again(NOW).unwrap(), waiting);
    assert_eq!(dead.give_up(NOW).unwrap(), Send::GivenUp { at: NOW });
    let sent = waiting.tried(Tried::Taken, NOW, &rule(8), 0).unwrap();
    for over in [sent, Send::GivenUp { at: NOW }, Send::Void { at: NOW }] {
        assert!(over.again(NOW).is_err() && over.give_up(NOW).is_err() && over.void(NOW).is_err());
        assert!(over.tried(Tried::Taken, NOW, &rule(8), 0).is_err() && over.hold(NOW).is_err());
    }
    assert!(waiting.again(NOW).is_err());
}

proptest! {
    #[test]
    fn nothing_goes_out_at_night_and_nothing_is_forgotten(
        minutes in 0_i64..4 * 365 * 1440, from in 0_u16..1440, until in 0_u16..1440, digest in proptest::option::of(0_u8..24),
    ) {
        let calendar = &PACK.calendar;
        let quiet = Quiet { from, until };
        let told = NOW.plus(minutes * Timestamp::MINUTE);
        let out = Wants { digest_hour: digest, quiet }.when(calendar, told, false);
        prop_assert!(out >= told);
        prop_assert!(out.since(told) <= 2 * Timestamp::DAY);
        prop_assert_eq!(quiet.after(calendar, out), out);
    }

    #[test]
    fn tries_grow_apart_and_end(most in 1_u32..50, chances in proptest::collection::vec(any::<u64>(), 50)) {
        let rule = rule(most);
        let (mut send, mut now, mut done) = (Send::Waiting { not_before: NOW }, NOW, 0);
        for chance in chances {
            send = send.tried(Tried::Failed, now, &rule, chance).unwrap();
            done += 1;
            prop_assert_eq!(send.tries(), done);
            let Send::Retry { not_before, .. } = send else { break };
            let whole = (rule.first_wait << (done - 1).min(20)).min(rule.most_wait);
            prop_assert!((whole / 2..=whole).contains(&not_before.since(now)));
            now = not_before;
        }
        prop_assert_eq!(send, Send::Dead { tries: most, at: now });
    }
}
