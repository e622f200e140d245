//! Cost shares of joint projects: what a project costs, who bears it, and the ledger of what was promised and paid.

use muster_core::id::CaseId;
use muster_core::process::shares::{Entry, EntryKind, PartyKind};
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Error, Result, Tx, on};
use crate::record::{insert, record};

/// What a project costs, and whether its account is closed.
#[derive(Clone, Debug, FromRow)]
pub struct ShareAccountRow {
    #[sqlx(try_from = "Uuid")]
    pub case_id: CaseId,
    pub cost: i64,
    #[sqlx(try_from = "i64")]
    pub opened_at: Timestamp,
    pub opened_by: Option<Uuid>,
    pub version: i64,
    pub closed_at: Option<i64>,
    pub closed_by: Option<Uuid>,
}

record!(
    ShareAccountRow,
    "insert into share_accounts (case_id, cost, opened_at, opened_by, version, closed_at, closed_by) ",
    |row| [row.case_id.0, row.cost, row.opened_at.0, row.opened_by, row.version, row.closed_at, row.closed_by]
);

#[derive(Clone, Debug, FromRow)]
pub struct SharePartyRow {
    pub id: Uuid,
    #[sqlx(try_from = "Uuid")]
    pub case_id: CaseId,
    pub number: i64,
    #[sqlx(try_from = "String")]
    pub kind: PartyKind,
    pub name: String,
    /// Basis points.
    pub share: i64,
}

record!(SharePartyRow, "insert into share_parties (id, case_id, number, kind, name, share) ", |row| [
    row.id,
    row.case_id.0,
    row.number,
    row.kind.as_str(),
    &row.name,
    row.share,
]);

#[derive(Clone, Debug, FromRow)]
pub struct ShareEntryRow {
    pub id: Uuid,
    #[sqlx(try_from = "Uuid")]
    pub case_id: CaseId,
    pub number: i64,
    pub party: i64,
    #[sqlx(try_from = "String")]
    pub kind: EntryKind,
    pub amount: i64,
    pub reverses: Option<i64>,
    pub document: Option<String>,
    /// yyyymmdd
    pub dated: i64,
    pub note: String,
    #[sqlx(try_from = "i64")]
    pub at: Timestamp,
    pub entered_by: Option<Uuid>,
}

record!(
    ShareEntryRow,
    "insert into share_entries (id, case_id, number, party, kind, amount, reverses, document, dated, note, at,
         entered_by) ",
    |row| [
        row.id,
        row.case_id.0,
        row.number,
        row.party,
        row.kind.as_str(),
        row.amount,
        row.reverses,
        &row.document,
        row.dated,
        &row.note,
        row.at.0,
        row.entered_by,
    ]
);

impl ShareEntryRow {
    pub fn entry(&self) -> Entry {
        Entry { number: self.number, party: self.party, kind: self.kind, amount: self.amount, reverses: self.reverses }
    }
}

#[derive(Clone, Debug, FromRow)]
pub struct ShareWaiverRow {
    pub id: Uuid,
    #[sqlx(try_from = "Uuid")]
    pub case_id: CaseId,
    pub party: i64,
    pub amount: i64,
    pub reason: String,
    #[sqlx(try_from = "i64")]
    pub asked_at: Timestamp,
    pub asked_by: Option<Uuid>,
    /// `open`, `granted` or `refused`.
    pub state: String,
    pub decided_at: Option<i64>,
    pub decided_by: Option<Uuid>,
    pub answer: Option<String>,
}

record!(
    ShareWaiverRow,
    "insert into share_waivers (id, case_id, party, amount, reason, asked_at, asked_by, state, decided_at, decided_by,
         answer) ",
    |row| [
        row.id,
        row.case_id.0,
        row.party,
        row.amount,
        &row.reason,
        row.asked_at.0,
        row.asked_by,
        &row.state,
        row.decided_at,
        row.decided_by,
        &row.answer,
    ]
);

/// All that is kept of the money of one project.
#[derive(Clone, Debug)]
pub struct ShareBook {
    pub account: ShareAccountRow,
    /// By number.
    pub parties: Vec<SharePartyRow>,
    /// By number.
    pub entries: Vec<ShareEntryRow>,
    /// Oldest first.
    pub waivers: Vec<ShareWaiverRow>,
}

impl ShareBook {
    pub fn ledger(&self) -> Vec<Entry> {
        self.entries.iter().map(ShareEntryRow::entry).collect()
    }

    pub fn party(&self, number: i64) -> Option<&SharePartyRow> {
        self.parties.iter().find(|party| party.number == number)
    }
}

/// The account of a case; none where nobody opened one.
pub async fn share_book(tx: &mut Tx, case: CaseId) -> Result<Option<ShareBook>> {
    let account: Option<ShareAccountRow> =
        on!(tx, |conn| sqlx::query_as("select * from share_accounts where case_id = $1")
            .bind(case.0)
            .fetch_optional(conn)
            .await?);
    let Some(account) = account else { return Ok(None) };
    let parties = on!(tx, |conn| sqlx::query_as("select * from share_parties where case_id = $1 order by number")
        .bind(case.0)
        .fetch_all(conn)
        .await?);
    let entries = on!(tx, |conn| sqlx::query_as("select * from share_entries where case_id = $1 order by number")
        .bind(case.0)
        .fetch_all(conn)
        .await?);
    let waivers =
        on!(tx, |conn| sqlx::query_as("select * from share_waivers where case_id = $1 order by asked_at, id")
            .bind(case.0)
            .fetch_all(conn)
            .await?);
    Ok(Some(ShareBook { account, parties, entries, waivers }))
}

pub async fn share_open(tx: &mut Tx, account: &ShareAccountRow) -> Result<()> {
    insert(tx, std::slice::from_ref(account)).await
}

/// Writes what the project costs and whether it is closed; `Conflict` when somebody wrote since it was read.
pub async fn share_update(tx: &mut Tx, account: &mut ShareAccountRow) -> Result<()> {
    let written = on!(tx, |conn| sqlx::query(
        "update share_accounts set cost = $2, closed_at = $3, closed_by = $4, version = version + 1
         where case_id = $1 and version = $5"
    )
    .bind(account.case_id.0)
    .bind(account.cost)
    .bind(account.closed_at)
    .bind(account.closed_by)
    .bind(account.version)
    .execute(conn)
    .await?
    .rows_affected());
    if written != 1 {
        return Err(Error::Conflict("the account of the project was written meanwhile".to_owned()));
    }
    account.version += 1;
    Ok(())
}

pub async fn share_parties_insert(tx: &mut Tx, parties: &[SharePartyRow]) -> Result<()> {
    insert(tx, parties).await
}

pub async fn share_party_update(tx: &mut Tx, party: &SharePartyRow) -> Result<()> {
    on!(tx, |conn| sqlx::query("update share_parties set kind = $2, name = $3, share = $4 where id = $1")
        .bind(party.id)
        .bind(party.kind.as_str())
        .bind(&party.name)
        .bind(party.share)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

pub async fn share_entries_insert(tx: &mut Tx, entries: &[ShareEntryRow]) -> Result<()> {
    insert(tx, entries).await
}

pub async fn share_waiver_insert(tx: &mut Tx, waiver: &ShareWaiverRow) -> Result<()> {
    insert(tx, std::slice::from_ref(waiver)).await
}

/// Writes the decision about an open waiver.
pub async fn share_waiver_decide(tx: &mut Tx, waiver: &ShareWaiverRow) -> Result<()> {
    let written = on!(tx, |conn| sqlx::query(
        "update share_waivers set state = $2, decided_at = $3, decided_by = $4, answer = $5
         where id = $1 and state = 'open'"
    )
    .bind(waiver.id)
    .bind(&waiver.state)
    .bind(waiver.decided_at)
    .bind(waiver.decided_by)
    .bind(&waiver.answer)
    .execute(conn)
    .await?
    .rows_affected());
    if written == 1 { Ok(()) } else { Err(Error::Conflict("the waiver was decided meanwhile".to_owned())) }
}

/// Cases with an account after `after`, in the order of their ids.
pub(crate) async fn share_cases(tx: &mut Tx, after: Uuid, limit: i64) -> Result<Vec<Uuid>> {
    Ok(on!(tx, |conn| sqlx::query_scalar(
        "select case_id from share_accounts where case_id > $1 order by case_id limit $2"
    )
    .bind(after)
    .bind(limit)
    .fetch_all(conn)
    .await?))
}
