//! The ledger of cost shares: it is always zero in all, whatever is entered and in whatever order.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use muster_core::process::shares::{
    Account, ENTRIES_MOST, Entry, EntryKind, FEN_MOST, PARTIES_MOST, ShareFault, WHOLE, accounts, charge, enter,
    reverse, split, statement, sum, unsettled,
};
use proptest::prelude::*;

/// Shares of 1 to 50 parties that make the whole.
fn shares() -> impl Strategy<Value = Vec<u32>> {
    proptest::collection::btree_set(1..WHOLE, 0..PARTIES_MOST).prop_map(|cuts| {
        let edges: Vec<u32> = std::iter::once(0).chain(cuts).chain([WHOLE]).collect();
        edges.windows(2).map(|pair| pair[1] - pair[0]).collect()
    })
}

/// What somebody tries: a new split, an entry, or a correction.
#[derive(Clone, Debug)]
enum Try {
    Split(i64, Vec<u32>),
    Enter(i64, usize, i64),
    Reverse(i64),
}

fn tries() -> impl Strategy<Value = Vec<Try>> {
    let amount = || prop_oneof![-5i64..2_000, 1..=FEN_MOST, Just(FEN_MOST + 1)];
    let one = prop_oneof![
        (1i64..100_000, shares()).prop_map(|(total, shares)| Try::Split(total, shares)),
        (1i64..6, 1usize..5, amount()).prop_map(|(party, kind, amount)| Try::Enter(party, kind, amount)),
        (0i64..40).prop_map(Try::Reverse),
    ];
    proptest::collection::vec(one, 0..40)
}

fn played(tries: &[Try]) -> Vec<Entry> {
    let mut ledger: Vec<Entry> = Vec::new();
    for attempt in tries {
        let added = match attempt {
            Try::Split(total, shares) => {
                let owed: Vec<(i64, i64)> = (1..).zip(split(*total, shares).unwrap()).collect();
                // A party that is left out owes nothing any more.
                let all = (1..=PARTIES_MOST as i64).map(|n| (n, owed.get(n as usize - 1).map_or(0, |owed| owed.1)));
                charge(&ledger, &all.collect::<Vec<_>>())
            }
            Try::Enter(party, kind, amount) => {
                enter(&ledger, *party, EntryKind::ALL[*kind], *amount).map(|entry| vec![entry])
            }
            Try::Reverse(number) => reverse(&ledger, *number).map(|entry| vec![entry]),
        };
        ledger.extend(added.unwrap_or_default());
    }
    ledger
}

proptest! {
    #[test]
    fn parts_make_the_total_and_are_less_than_a_fen_off(total in 1..=FEN_MOST, shares in shares()) {
        let parts = split(total, &shares).unwrap();
        prop_assert_eq!(parts.iter().sum::<i64>(), total);
        for (part, share) in parts.iter().zip(&shares) {
            let off = i128::from(*part) * i128::from(WHOLE) - i128::from(total) * i128::from(*share);
            prop_assert!(off.abs() < i128::from(WHOLE), "{} of {} by {}", part, total, share);
        }
    }

    #[test]
    fn the_ledger_is_zero_in_all(tries in tries()) {
        let ledger = played(&tries);
        prop_assert_eq!(accounts(&ledger).values().sum::<i64>(), 0);
        for (place, entry) in ledger.iter().enumerate() {
            prop_assert_eq!(entry.number, place as i64 + 1);
            prop_assert!((1..=FEN_MOST).contains(&entry.amount));
        }
        let mut last_split = 0;
        for attempt in &tries {
            if let Try::Split(total, _) = attempt { last_split = *total; }
        }
        prop_assert_eq!(sum(&ledger).owed, last_split, "what is charged is what it costs");
    }

    #[test]
    fn nobody_has_paid_less_than_nothing_at_any_time(tries in tries()) {
        let ledger = played(&tries);
        for (place, entry) in ledger.iter().enumerate() {
            let (so_far, party) = (&ledger[..=place], entry.party);
            let stands = statement(so_far, party);
            prop_assert!(stands.paid >= 0 && stands.owed >= 0 && stands.pledged >= 0 && stands.waived >= 0);
            let account = accounts(so_far).get(&Account::Party(party)).copied().unwrap_or_default();
            prop_assert_eq!(account, stands.balance());
        }
    }

    #[test]
    fn the_order_of_entries_does_not_matter(tries in tries(), seed in any::<u64>()) {
        let ledger = played(&tries);
        let mut shuffled = ledger.clone();
        shuffled.sort_by_key(|entry| (entry.number as u64).wrapping_mul(seed | 1).rotate_left(17));
        prop_assert_eq!(accounts(&ledger), accounts(&shuffled));
        prop_assert_eq!(unsettled(&ledger), unsettled(&shuffled));
    }
}

fn ledger(owed: &[(i64, i64)]) -> Vec<Entry> {
    charge(&[], owed).unwrap()
}

#[test]
fn a_project_of_ten_yuan_in_three_is_split_to_the_fen() {
    assert_eq!(split(1000, &[3333, 3333, 3334]).unwrap(), [333, 333, 334]);
    assert_eq!(split(1, &[5000, 5000]).unwrap(), [1, 0], "of equal remainders the earlier party takes the fen");
    assert_eq!(split(10_000, &[3000, 5000, 2000]).unwrap(), [3000, 5000, 2000]);
    assert_eq!(split(100, &[9999]), Err(ShareFault::Whole(9999)));
    assert_eq!(split(0, &[WHOLE]), Err(ShareFault::Amount(0)));
    assert_eq!(split(FEN_MOST + 1, &[WHOLE]), Err(ShareFault::Amount(FEN_MOST + 1)));
    assert_eq!(split(1, &[]), Err(ShareFault::Parties(0)));
    assert_eq!(split(1, &[200; 51]), Err(ShareFault::Parties(51)));
}

#[test]
fn it_settles_by_payment_refund_and_waiver() {
    let mut book = ledger(&[(1, 300), (2, 500)]);
    for (party, kind, amount) in
        [(1, EntryKind::Payment, 350), (1, EntryKind::Refund, 50), (2, EntryKind::Payment, 400)]
    {
        let entry = enter(&book, party, kind, amount).unwrap();
        book.push(entry);
    }
    assert_eq!(unsettled(&book), [(2, 100)]);
    assert_eq!(enter(&book, 2, EntryKind::Waive, 101), Err(ShareFault::More { asked: 101, there: 100 }));
    let waived = enter(&book, 2, EntryKind::Waive, 100).unwrap();
    book.push(waived);
    assert_eq!(unsettled(&book), []);
    assert_eq!(enter(&book, 1, EntryKind::Refund, 301), Err(ShareFault::More { asked: 301, there: 300 }));
}

#[test]
fn a_correction_is_made_once_and_not_of_what_follows_from_the_shares() {
    let mut book = ledger(&[(1, 300)]);
    assert_eq!(reverse(&book, 1), Err(ShareFault::Fixed(1)));
    assert_eq!(reverse(&book, 9), Err(ShareFault::Unknown(9)));
    let paid = enter(&book, 1, EntryKind::Payment, 300).unwrap();
    book.push(paid);
    let refund = enter(&book, 1, EntryKind::Refund, 200).unwrap();
    book.push(refund);
    assert_eq!(reverse(&book, 2), Err(ShareFault::More { asked: 300, there: 100 }), "what was given back stays paid");
    let back = reverse(&book, 3).unwrap();
    assert_eq!((back.number, back.reverses, back.amount), (4, Some(3), 200));
    book.push(back);
    assert_eq!((reverse(&book, 3), reverse(&book, 4)), (Err(ShareFault::Fixed(3)), Err(ShareFault::Fixed(4))));
    assert_eq!(statement(&book, 1).paid, 300);
}

#[test]
fn new_shares_take_back_the_old_ones() {
    let book = ledger(&[(1, 300), (2, 700)]);
    let added = charge(&book, &[(1, 300), (2, 600), (3, 100)]).unwrap();
    let told: Vec<_> = added.iter().map(|entry| (entry.number, entry.party, entry.amount, entry.reverses)).collect();
    assert_eq!(told, [(3, 2, 700, Some(2)), (4, 2, 600, None), (5, 3, 100, None)]);
}

#[test]
fn a_full_ledger_takes_no_more() {
    let entry = Entry { number: 1, party: 1, kind: EntryKind::Pledge, amount: 1, reverses: None };
    let full: Vec<Entry> = (1..=ENTRIES_MOST as i64).map(|number| Entry { number, ..entry.clone() }).collect();
    assert_eq!(enter(&full, 1, EntryKind::Pledge, 1), Err(ShareFault::Full));
    assert_eq!(reverse(&full, 1), Err(ShareFault::Full));
    assert_eq!(charge(&full, &[(1, 5)]), Err(ShareFault::Full));
}
