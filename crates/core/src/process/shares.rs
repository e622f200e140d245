//! Cost shares of a joint project: who benefits pays. A ledger that only grows and is corrected by reversal.
//!
//! Money is whole fen. Every entry takes one amount from one account and gives it to another, so that all accounts
//! together are zero whatever was entered, in whatever order.

use std::collections::BTreeMap;

use crate::people::text_enum;

/// The most that one amount may be, in fen: a hundred thousand million yuan.
pub const FEN_MOST: i64 = 10_000_000_000_000;
/// The whole, in basis points.
pub const WHOLE: u32 = 10_000;
pub const PARTIES_MOST: usize = 50;
/// Entries of one ledger, at most: below it no sum leaves an `i64`.
pub const ENTRIES_MOST: usize = 5_000;

text_enum! {
    /// Who a party is.
    PartyKind {
        /// Residents, as a group: a building, a doorway, an owners' committee.
        Residents = "residents",
        Government = "government",
        Firm = "firm",
    }
}

text_enum! {
    /// What an entry says of a party.
    EntryKind {
        /// Its share of the cost.
        Charge = "charge",
        /// It has promised to pay so much.
        Pledge = "pledge",
        Payment = "payment",
        /// Money it paid is given back.
        Refund = "refund",
        /// It need not pay so much: asked by one person, approved by another.
        Waive = "waive",
    }
}

/// Where money, or the promise of it, stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Account {
    /// What a party still owes; below zero it has paid too much.
    Party(i64),
    /// What a party has promised.
    Promise(i64),
    /// What the project costs, given out to the parties.
    Cost,
    /// What was paid in.
    Fund,
    /// What nobody pays.
    Waived,
    /// All promises.
    Promises,
}

/// A line of the ledger. INVARIANT: `amount` is 1 to [`FEN_MOST`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// From 1 within the ledger.
    pub number: i64,
    /// Number of the party.
    pub party: i64,
    pub kind: EntryKind,
    pub amount: i64,
    /// The entry that this one takes back.
    pub reverses: Option<i64>,
}

impl Entry {
    /// The account the amount comes from, and the one it goes to.
    pub fn legs(&self) -> (Account, Account) {
        let (from, to) = match self.kind {
            EntryKind::Charge => (Account::Cost, Account::Party(self.party)),
            EntryKind::Pledge => (Account::Promises, Account::Promise(self.party)),
            EntryKind::Payment => (Account::Party(self.party), Account::Fund),
            EntryKind::Refund => (Account::Fund, Account::Party(self.party)),
            EntryKind::Waive => (Account::Party(self.party), Account::Waived),
        };
        if self.reverses.is_some() { (to, from) } else { (from, to) }
    }
}

/// Every account that was touched, with what stands on it. Their sum is zero.
pub fn accounts(entries: &[Entry]) -> BTreeMap<Account, i64> {
    let mut accounts = BTreeMap::new();
    for entry in entries {
        let (from, to) = entry.legs();
        *accounts.entry(from).or_default() -= entry.amount;
        *accounts.entry(to).or_default() += entry.amount;
    }
    accounts
}

/// What a party, or all of them, have to do with the money.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Statement {
    pub owed: i64,
    pub pledged: i64,
    /// Paid and not given back.
    pub paid: i64,
    pub waived: i64,
}

impl Statement {
    pub fn balance(&self) -> i64 {
        self.owed - self.paid - self.waived
    }

    fn add(&mut self, entry: &Entry) {
        let amount = if entry.reverses.is_some() { -entry.amount } else { entry.amount };
        match entry.kind {
            EntryKind::Charge => self.owed += amount,
            EntryKind::Pledge => self.pledged += amount,
            EntryKind::Payment => self.paid += amount,
            EntryKind::Refund => self.paid -= amount,
            EntryKind::Waive => self.waived += amount,
        }
    }
}

pub fn statement(entries: &[Entry], party: i64) -> Statement {
    sum(entries.iter().filter(|entry| entry.party == party))
}

/// Of several parties together.
pub fn sum<'a>(entries: impl IntoIterator<Item = &'a Entry>) -> Statement {
    let mut statement = Statement::default();
    for entry in entries {
        statement.add(entry);
    }
    statement
}

/// Why shares or an entry are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ShareFault {
    #[error("the amount is {0} fen; use 1 to {FEN_MOST}")]
    Amount(i64),
    #[error("the shares make {0} basis points; they must make {WHOLE}")]
    Whole(i64),
    #[error("{0} parties; use 1 to {PARTIES_MOST}")]
    Parties(usize),
    #[error("the ledger has {ENTRIES_MOST} entries; no more fit")]
    Full,
    #[error("{asked} fen are more than the {there} that are there")]
    More { asked: i64, there: i64 },
    #[error("the ledger has no entry {0}")]
    Unknown(i64),
    #[error("entry {0} cannot be taken back: it was already, is itself a correction, or follows from the shares")]
    Fixed(i64),
}

/// `total` by shares in basis points, each to the fen. The fen that are left after rounding down go to the largest
/// remainders, of equal ones to the earlier party, so that the parts make the total exactly.
///
/// # Errors
/// A total out of range, no party or too many, or shares that do not make the whole.
pub fn split(total: i64, shares: &[u32]) -> Result<Vec<i64>, ShareFault> {
    if !(1..=FEN_MOST).contains(&total) {
        return Err(ShareFault::Amount(total));
    }
    if shares.is_empty() || shares.len() > PARTIES_MOST {
        return Err(ShareFault::Parties(shares.len()));
    }
    let whole: i64 = shares.iter().map(|share| i64::from(*share)).sum();
    if whole != i64::from(WHOLE) {
        return Err(ShareFault::Whole(whole));
    }
    let exact = |share: &u32| i128::from(total) * i128::from(*share);
    let (mut parts, mut rest): (Vec<i64>, Vec<(i128, usize)>) = (Vec::new(), Vec::new());
    for (place, share) in shares.iter().enumerate() {
        let exact = exact(share);
        parts.push((exact / i128::from(WHOLE)) as i64);
        rest.push((exact % i128::from(WHOLE), place));
    }
    let left = total - parts.iter().sum::<i64>();
    rest.sort_by_key(|(remainder, place)| (std::cmp::Reverse(*remainder), *place));
    for (_, place) in rest.into_iter().take(left as usize) {
        parts[place] += 1;
    }
    Ok(parts)
}

/// The entries that make every party owe what it should: what it owed otherwise is taken back and charged anew.
/// `owed` are numbers of parties with the amounts.
///
/// # Errors
/// The ledger is full.
pub fn charge(entries: &[Entry], owed: &[(i64, i64)]) -> Result<Vec<Entry>, ShareFault> {
    let mut added: Vec<Entry> = Vec::new();
    for (party, amount) in owed {
        if statement(entries, *party).owed == *amount {
            continue;
        }
        let standing = entries.iter().filter(|entry| entry.party == *party && entry.kind == EntryKind::Charge);
        let standing = standing.filter(|entry| entry.reverses.is_none() && !is_reversed(entries, entry.number));
        for entry in standing {
            added.push(Entry { number: 0, reverses: Some(entry.number), ..entry.clone() });
        }
        if *amount > 0 {
            let (party, amount) = (*party, *amount);
            added.push(Entry { number: 0, party, kind: EntryKind::Charge, amount, reverses: None });
        }
    }
    let first = next_number(entries);
    for (entry, number) in added.iter_mut().zip(first..) {
        entry.number = number;
    }
    if entries.len() + added.len() > ENTRIES_MOST { Err(ShareFault::Full) } else { Ok(added) }
}

/// An entry that may be added: a refund gives back what was paid, a waiver takes what is owed, and no more.
///
/// # Errors
/// An amount out of range or beyond what is there, or a full ledger.
pub fn enter(entries: &[Entry], party: i64, kind: EntryKind, amount: i64) -> Result<Entry, ShareFault> {
    if !(1..=FEN_MOST).contains(&amount) {
        return Err(ShareFault::Amount(amount));
    }
    if entries.len() >= ENTRIES_MOST {
        return Err(ShareFault::Full);
    }
    let stands = statement(entries, party);
    let there = match kind {
        EntryKind::Refund => stands.paid,
        EntryKind::Waive => stands.balance(),
        EntryKind::Charge | EntryKind::Pledge | EntryKind::Payment => FEN_MOST,
    };
    if amount > there {
        return Err(ShareFault::More { asked: amount, there: there.max(0) });
    }
    Ok(Entry { number: next_number(entries), party, kind, amount, reverses: None })
}

/// The entry that takes back entry `number`. Charges follow from the shares and change with them only.
///
/// # Errors
/// There is no such entry, it cannot be taken back, or what it paid in was given back since.
pub fn reverse(entries: &[Entry], number: i64) -> Result<Entry, ShareFault> {
    let entry = entries.iter().find(|entry| entry.number == number).ok_or(ShareFault::Unknown(number))?;
    if entry.reverses.is_some() || entry.kind == EntryKind::Charge || is_reversed(entries, number) {
        return Err(ShareFault::Fixed(number));
    }
    if entries.len() >= ENTRIES_MOST {
        return Err(ShareFault::Full);
    }
    let paid = statement(entries, entry.party).paid;
    if entry.kind == EntryKind::Payment && entry.amount > paid {
        return Err(ShareFault::More { asked: entry.amount, there: paid });
    }
    Ok(Entry { number: next_number(entries), reverses: Some(number), ..entry.clone() })
}

/// Whether some other entry takes this one back.
pub fn is_reversed(entries: &[Entry], number: i64) -> bool {
    entries.iter().any(|entry| entry.reverses == Some(number))
}

/// The parties whose balance is not zero: nothing is closed over them.
pub fn unsettled(entries: &[Entry]) -> Vec<(i64, i64)> {
    let party = |(account, balance): (Account, i64)| match account {
        Account::Party(number) if balance != 0 => Some((number, balance)),
        _ => None,
    };
    accounts(entries).into_iter().filter_map(party).collect()
}

fn next_number(entries: &[Entry]) -> i64 {
    entries.iter().map(|entry| entry.number).max().unwrap_or_default() + 1
}
