//! What must be true of the stored rows, and a walk that sees whether it is.
//!
//! The walk reads one snapshot in pages of whole cases, so that it is right beside a running server and its memory
//! does not grow with the database. It writes nothing. `docs/operating/doctor.md` says what to do about each finding.

mod cases;
mod counts;
mod dispatch;
mod goods;
mod history;
mod pages;
mod parts;
mod period_reports;
mod photos;
mod registry;
mod rooms;
mod schema;
mod sealed;
mod shares;

use muster_core::time::Timestamp;
use muster_core::time::calendar::Calendar;
use serde::Serialize;

use crate::audit::audit_verify;
use crate::db::{Db, Result, Tx, on};
use crate::notice::notice_oldest;
use crate::outbox::outbox_oldest;
use crate::send::{sends_dead, sends_late};
pub use counts::recount;
pub(crate) use schema::has_table;
pub use sealed::{Remains, SealedRow, codes_known, remembered, sealed_rows};

/// What an offence against a rule means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Weight {
    /// The record contradicts itself.
    Finding,
    /// Something will go wrong unless someone looks after it.
    Warning,
}

/// One rule, how much was looked at, and what offends against it.
#[derive(Clone, Debug, Serialize)]
pub struct Check {
    pub name: &'static str,
    pub sentence: &'static str,
    pub weight: Weight,
    /// Rows that were looked at.
    pub looked: u64,
    /// Offences; at least so many where a check stops early.
    pub found: u64,
    /// The first few offences, each with the id of its row.
    pub first: Vec<String>,
}

/// How many offences of a rule are named.
const NAMED: usize = 5;

impl Check {
    pub fn new(name: &'static str, weight: Weight, sentence: &'static str) -> Self {
        Self { name, sentence, weight, looked: 0, found: 0, first: Vec::new() }
    }

    pub fn offence(&mut self, what: impl FnOnce() -> String) {
        self.found += 1;
        if self.first.len() < NAMED {
            self.first.push(what());
        }
    }

    /// Looks at one thing, which offends when `fault` has something to say.
    pub fn judge(&mut self, fault: Option<String>) {
        self.looked += 1;
        if let Some(fault) = fault {
            self.offence(|| fault);
        }
    }

    /// Whether this alone makes the record wrong.
    pub fn is_finding(&self) -> bool {
        self.found > 0 && self.weight == Weight::Finding
    }
}

/// What the rows are measured by.
#[derive(Clone, Copy, Debug)]
pub struct Measures<'a> {
    /// Of the loaded pack: due times that were computed with its version are computed again.
    pub calendar: &'a Calendar,
    pub now: Timestamp,
}

/// Every check of the rows, in the order in which they are printed. `progress` is told of cases read and cases in all.
pub async fn check(
    db: &Db,
    tx: &mut Tx,
    measures: Measures<'_>,
    mut progress: impl FnMut(u64, u64),
) -> Result<Vec<Check>> {
    let mut checks = schema::check(db, tx).await?;
    if checks.iter().any(Check::is_finding) {
        // Rows of another schema, or behind a broken index, cannot be trusted to be all there.
        return Ok(checks);
    }
    checks.extend(pages::walk(tx, measures, &mut progress).await?);
    checks.push(schema::searchable(tx).await?);
    checks.push(schema::deltas_have_cases(tx).await?);
    checks.push(photos::whole(tx).await?);
    checks.extend(parts::whole(tx, measures.calendar).await?);
    checks.extend(shares::whole(tx).await?);
    checks.extend(period_reports::whole(tx).await?);
    checks.extend(dispatch::whole(tx).await?);
    checks.extend(registry::whole(tx).await?);
    checks.extend(goods::whole(tx).await?);
    checks.extend(rooms::whole(tx).await?);
    checks.push(counted(tx).await?);
    checks.extend(chain(tx, measures.now).await?);
    checks.push(outbox(tx, measures.now).await?);
    checks.push(notices(tx, measures.now).await?);
    checks.extend(sends(tx, measures.now).await?);
    checks.push(promises(tx, measures.now).await?);
    Ok(checks)
}

async fn counted(tx: &mut Tx) -> Result<Check> {
    let mut check = Check::new("counts", Weight::Finding, "Every count equals a recount of the record.");
    check.looked = rows(tx, "select cast(count(*) as bigint) from counts").await?;
    for line in recount(tx).await? {
        check.offence(|| line);
    }
    Ok(check)
}

/// How long a line may wait for its place in the chain, a fact for its way out, a promise for being counted. The jobs
/// take a second where a server runs.
const PATIENCE: i64 = 15 * Timestamp::MINUTE;

async fn chain(tx: &mut Tx, now: Timestamp) -> Result<[Check; 2]> {
    let found = audit_verify(tx).await?;
    let sentence = "No line of the audit was changed, removed or put elsewhere.";
    let mut chain = Check::new("audit-chain", Weight::Finding, sentence);
    chain.looked = found.sealed as u64;
    if let Some(seq) = found.broken_at {
        chain.looked = seq as u64;
        chain.offence(|| format!("the chain breaks at line {seq}"));
    }
    let mut tail = Check::new("audit-tail", Weight::Warning, "Lines of the audit are sealed within a moment.");
    tail.looked = found.unsealed as u64;
    late(&mut tail, found.oldest_unsealed, now, "the oldest line that is not sealed");
    Ok([chain, tail])
}

async fn outbox(tx: &mut Tx, now: Timestamp) -> Result<Check> {
    let mut check = Check::new("outbox-age", Weight::Warning, "Facts leave the outbox within minutes.");
    check.looked = rows(tx, "select cast(count(*) as bigint) from outbox where delivered_at is null").await?;
    late(&mut check, outbox_oldest(tx).await?, now, "the oldest fact that has not gone out");
    Ok(check)
}

async fn notices(tx: &mut Tx, now: Timestamp) -> Result<Check> {
    let mut check = Check::new("notices-late", Weight::Warning, "A notice finds its recipients within a moment.");
    check.looked = rows(tx, "select cast(count(*) as bigint) from notices where spread_at is null").await?;
    late(&mut check, notice_oldest(tx).await?, now, "the oldest notice that has come to nobody");
    Ok(check)
}

async fn sends(tx: &mut Tx, now: Timestamp) -> Result<[Check; 2]> {
    let mut late_ones = Check::new("sends-late", Weight::Warning, "What may go out goes out within a moment.");
    let (waiting, oldest) = sends_late(tx, now).await?;
    late_ones.looked = waiting as u64;
    late(&mut late_ones, oldest, now, "the oldest send that may go out");
    let mut dead =
        Check::new("sends-dead", Weight::Warning, "What came to nothing is tried again or given up by a person.");
    let count = sends_dead(tx).await?;
    dead.looked = count as u64;
    if count > 0 {
        dead.offence(|| format!("{count} sends came to nothing: see /admin/sends"));
    }
    Ok([late_ones, dead])
}

async fn promises(tx: &mut Tx, now: Timestamp) -> Result<Check> {
    let sentence = "A promise that ran out is counted within a moment.";
    let mut check = Check::new("promises-late", Weight::Warning, sentence);
    let (waiting, oldest): (i64, Option<i64>) = on!(tx, |conn| sqlx::query_as(
        "select cast(count(*) as bigint), cast(min(due_at) as bigint) from clocks
         where stopped_at is null and broken_at is null and due_at <= $1"
    )
    .bind(now.0)
    .fetch_one(conn)
    .await?);
    check.looked = waiting as u64;
    late(&mut check, oldest.map(Timestamp), now, "the oldest promise that ran out and is not counted");
    Ok(check)
}

fn late(check: &mut Check, oldest: Option<Timestamp>, now: Timestamp, what: &str) {
    if let Some(age) = oldest.map(|oldest| now.since(oldest)).filter(|age| *age > PATIENCE) {
        check.offence(|| format!("{what} is {} minutes old: is a server running?", age / Timestamp::MINUTE));
    }
}

async fn rows(tx: &mut Tx, sql: &'static str) -> Result<u64> {
    let count: i64 = on!(tx, |conn| sqlx::query_scalar(sql).fetch_one(conn).await?);
    Ok(count as u64)
}
