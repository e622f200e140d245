//! Persons, reports, judgements, likeness and idempotency keys.

use muster_core::area::AreaId;
use muster_core::id::{CaseId, PersonId, ReportId};
use muster_core::intake::Channel;
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Result, Tx, on};
use crate::record::{insert, record};

/// A person; everything that tells who is sealed under `wrapped_key`.
#[derive(Clone, Debug, FromRow)]
pub struct PersonRow {
    #[sqlx(try_from = "Uuid")]
    pub id: PersonId,
    pub wrapped_key: Vec<u8>,
    pub phone_sealed: Option<Vec<u8>>,
    pub phone_index: Option<Vec<u8>>,
    /// How a message channel knows them.
    pub handle_sealed: Option<Vec<u8>>,
    pub handle_index: Option<Vec<u8>>,
    pub created_at: i64,
}

record!(
    PersonRow,
    "insert into persons (id, wrapped_key, phone_sealed, phone_index, handle_sealed, handle_index, created_at) ",
    |person| [
        person.id.0,
        &person.wrapped_key,
        &person.phone_sealed,
        &person.phone_index,
        &person.handle_sealed,
        &person.handle_index,
        person.created_at,
    ]
);

pub async fn persons_insert(tx: &mut Tx, persons: &[PersonRow]) -> Result<()> {
    insert(tx, persons).await
}

pub async fn person_by_phone(tx: &mut Tx, index: &[u8]) -> Result<Option<PersonRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from persons where phone_index = $1")
        .bind(index)
        .fetch_optional(conn)
        .await?))
}

pub async fn person_by_handle(tx: &mut Tx, index: &[u8]) -> Result<Option<PersonRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from persons where handle_index = $1")
        .bind(index)
        .fetch_optional(conn)
        .await?))
}

/// Adds what a known person had not told before: what is there already stays.
pub async fn person_learn(tx: &mut Tx, person: &PersonRow) -> Result<()> {
    on!(tx, |conn| sqlx::query(
        "update persons set phone_sealed = coalesce(phone_sealed, $2), phone_index = coalesce(phone_index, $3),
           handle_sealed = coalesce(handle_sealed, $4), handle_index = coalesce(handle_index, $5) where id = $1"
    )
    .bind(person.id.0)
    .bind(&person.phone_sealed)
    .bind(&person.phone_index)
    .bind(&person.handle_sealed)
    .bind(&person.handle_index)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

pub async fn person_get(tx: &mut Tx, id: PersonId) -> Result<Option<PersonRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from persons where id = $1").bind(id.0).fetch_optional(conn).await?))
}

/// One thing one person said once.
#[derive(Clone, Debug, FromRow)]
pub struct ReportRow {
    #[sqlx(try_from = "Uuid")]
    pub id: ReportId,
    #[sqlx(try_from = "Uuid")]
    pub case_id: CaseId,
    pub person_id: Option<Uuid>,
    #[sqlx(try_from = "String")]
    pub channel: Channel,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    pub place: String,
    pub title: String,
    pub text: String,
    pub original_sealed: Option<Vec<u8>>,
    pub name_sealed: Option<Vec<u8>>,
    pub on_behalf: bool,
    pub secret_hash: Vec<u8>,
    pub source: Option<String>,
    pub external_id: Option<String>,
    #[sqlx(try_from = "i64")]
    pub received_at: Timestamp,
    #[sqlx(try_from = "i64")]
    pub entered_at: Timestamp,
    pub entered_by: Option<Uuid>,
    /// The case whose code the reporter was given, if it is no longer this one; the secret is that one's.
    pub told_case: Option<Uuid>,
    /// When the reporter last saw what became of it, or was told by phone.
    pub seen_at: Option<i64>,
}

record!(
    ReportRow,
    "insert into reports (id, case_id, person_id, channel, area, place, title, text, original_sealed, name_sealed,
         on_behalf, secret_hash, source, external_id, received_at, entered_at, entered_by, told_case, seen_at) ",
    |report| [
        report.id.0,
        report.case_id.0,
        report.person_id,
        report.channel.as_str(),
        report.area.get(),
        &report.place,
        &report.title,
        &report.text,
        &report.original_sealed,
        &report.name_sealed,
        report.on_behalf,
        &report.secret_hash,
        &report.source,
        &report.external_id,
        report.received_at.0,
        report.entered_at.0,
        report.entered_by,
        report.told_case,
        report.seen_at,
    ]
);

pub async fn reports_insert(tx: &mut Tx, reports: &[ReportRow]) -> Result<()> {
    insert(tx, reports).await
}

pub async fn report_get(tx: &mut Tx, report: ReportId) -> Result<Option<ReportRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from reports where id = $1")
        .bind(report.0)
        .fetch_optional(conn)
        .await?))
}

/// One report of a case.
pub async fn report_of_case(tx: &mut Tx, case: CaseId, report: ReportId) -> Result<Option<ReportRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from reports where id = $1 and case_id = $2")
        .bind(report.0)
        .bind(case.0)
        .fetch_optional(conn)
        .await?))
}

/// The reports of a case, oldest first, at most 200.
pub async fn reports_of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<ReportRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from reports where case_id = $1 order by received_at, id limit 200")
        .bind(case.0)
        .fetch_all(conn)
        .await?))
}

/// The report whose reporter was given the code of `case` and a secret with this keyed hash, wherever it is now.
pub async fn report_by_secret(tx: &mut Tx, case: CaseId, hash: &[u8]) -> Result<Option<ReportRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select * from reports where (case_id = $1 or told_case = $1) and secret_hash = $2"
    )
    .bind(case.0)
    .bind(hash)
    .fetch_optional(conn)
    .await?))
}

/// Notes when a reporter saw what became of a report; never earlier than before.
pub async fn report_seen(tx: &mut Tx, report: ReportId, at: Timestamp) -> Result<()> {
    on!(tx, |conn| sqlx::query("update reports set seen_at = $1 where id = $2 and (seen_at is null or seen_at < $1)")
        .bind(at.0)
        .bind(report.0)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

/// The cases whose codes the reporters of a case were given, where it is not its own.
pub async fn cases_told(tx: &mut Tx, case: CaseId) -> Result<Vec<Uuid>> {
    Ok(on!(tx, |conn| sqlx::query_scalar(
        "select distinct told_case from reports where case_id = $1 and told_case is not null"
    )
    .bind(case.0)
    .fetch_all(conn)
    .await?))
}

/// Gives a report, with what sensing said of it, to another case. What a person decided stays with the case decided upon.
pub async fn report_move(tx: &mut Tx, report: ReportId, from: CaseId, to: CaseId) -> Result<()> {
    on!(tx, |conn| {
        sqlx::query("update reports set case_id = $1, told_case = coalesce(told_case, $2) where id = $3")
            .bind(to.0)
            .bind(from.0)
            .bind(report.0)
            .execute(&mut *conn)
            .await?;
        sqlx::query("update judgements set case_id = $1 where report_id = $2 and decided_by is null")
            .bind(to.0)
            .bind(report.0)
            .execute(&mut *conn)
            .await?;
        sqlx::query("delete from likeness_keys where report_id = $1").bind(report.0).execute(conn).await?;
    });
    Ok(())
}

/// The cases a person reported, newest report first.
pub async fn cases_of_person(tx: &mut Tx, person: PersonId, limit: i64) -> Result<Vec<Uuid>> {
    Ok(on!(tx, |conn| sqlx::query_scalar(
        "select case_id from reports where person_id = $1 group by case_id order by max(received_at) desc limit $2"
    )
    .bind(person.0)
    .bind(limit)
    .fetch_all(conn)
    .await?))
}

/// One report of somebody who reports often.
#[derive(Clone, Debug, FromRow)]
pub struct OftenRow {
    pub person_id: Uuid,
    pub code: String,
    pub title: String,
    pub state: String,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    #[sqlx(try_from = "i64")]
    pub received_at: Timestamp,
    /// Reports of this person, those not read included.
    pub said: i64,
}

/// The reports since `since` in a range of areas of the people who sent at least `least` of them, at most `people` of them,
/// those who reported last; newest first. Tip-offs are left out: whose they are is nobody's to see.
pub async fn reports_often(
    tx: &mut Tx,
    range: (i64, i64),
    since: Timestamp,
    least: i64,
    people: i64,
) -> Result<Vec<OftenRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select r.person_id, c.code, r.title, c.state, r.area, r.received_at, often.said
         from (select r.person_id, cast(count(*) as bigint) as said, max(r.received_at) as last
               from reports r join cases c on c.id = r.case_id
               where r.received_at >= $1 and r.area between $2 and $3 and r.person_id is not null and c.kind <> 'tipoff'
               group by r.person_id having count(*) >= $4 order by last desc limit $5) often
         join reports r on r.person_id = often.person_id join cases c on c.id = r.case_id
         where r.received_at >= $1 and r.area between $2 and $3 and c.kind <> 'tipoff'
         order by r.received_at desc, r.id desc limit 2000"
    )
    .bind(since.0)
    .bind(range.0)
    .bind(range.1)
    .bind(least)
    .bind(people)
    .fetch_all(conn)
    .await?))
}

/// Which of these identities of a source are stored already.
pub async fn external_known(tx: &mut Tx, source: &str, ids: &[String]) -> Result<Vec<String>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new("select external_id from reports where source = ");
        query.push_bind(source.to_owned()).push(" and external_id in (");
        let mut list = query.separated(", ");
        for id in ids {
            list.push_bind(id.clone());
        }
        query.push(")");
        query.build_query_scalar().fetch_all(conn).await?
    }))
}

/// What sensing, or the person who corrected it, said of a report. `detail` is `muster_core::sense::Judgement`.
#[derive(Clone, Debug, FromRow)]
pub struct JudgementRow {
    pub id: Uuid,
    pub report_id: Uuid,
    pub case_id: Uuid,
    pub at: i64,
    pub model: String,
    pub category: String,
    pub confidence: f64,
    pub detail: sqlx::types::JsonValue,
    pub decided_by: Option<Uuid>,
}

record!(
    JudgementRow,
    "insert into judgements (id, report_id, case_id, at, model, category, confidence, detail, decided_by) ",
    |judgement| [
        judgement.id,
        judgement.report_id,
        judgement.case_id,
        judgement.at,
        &judgement.model,
        &judgement.category,
        judgement.confidence,
        &judgement.detail,
        judgement.decided_by,
    ]
);

pub async fn judgements_insert(tx: &mut Tx, judgements: &[JudgementRow]) -> Result<()> {
    insert(tx, judgements).await
}

/// The judgements of a case and of the reports joined to it, oldest first: at most 200, what people decided before all.
pub async fn judgements_of_case(tx: &mut Tx, case: CaseId) -> Result<Vec<JudgementRow>> {
    let mut rows: Vec<JudgementRow> = on!(tx, |conn| sqlx::query_as(
        "select * from judgements where case_id = $1
         order by case when decided_by is null then 1 else 0 end, at, id limit 200"
    )
    .bind(case.0)
    .fetch_all(conn)
    .await?);
    rows.sort_by_key(|row| (row.at, row.id));
    Ok(rows)
}

/// A key of a report's words, under which like reports of open cases are found.
#[derive(Clone, Copy, Debug)]
pub struct LikenessKey {
    pub key: i64,
    pub report_id: ReportId,
    pub case_id: CaseId,
}

record!(LikenessKey, "insert into likeness_keys (key, report_id, case_id) ", |row| [
    row.key,
    row.report_id.0,
    row.case_id.0,
]);

pub async fn likeness_insert(tx: &mut Tx, keys: &[LikenessKey]) -> Result<()> {
    insert(tx, keys).await
}

/// A report of an open case that shares keys with a new one.
#[derive(Clone, Debug, FromRow)]
pub struct LikeRow {
    #[sqlx(try_from = "Uuid")]
    pub case_id: CaseId,
    pub state: String,
    pub kind: String,
    pub category: String,
    /// The public text of the report that shares the keys.
    pub text: String,
    /// And where it was.
    pub place: String,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    #[sqlx(try_from = "i64")]
    pub received_at: Timestamp,
}

/// Reports looked at under one key, the newest: a turn of phrase stands in thousands and tells little.
pub const OF_A_KEY: i64 = 64;
/// Reports that are looked up, those that share most keys.
const LOOKED_UP: i64 = 50;

/// Reports of open cases received since `since` in `range` that share keys, those that share most first.
pub async fn likes(tx: &mut Tx, keys: &[i64], range: (i64, i64), since: Timestamp, limit: i64) -> Result<Vec<LikeRow>> {
    if keys.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(
            "select c.id as case_id, c.state, c.kind, c.category, r.text, r.place, c.area, c.received_at
             from (select report_id, count(*) as shared from (",
        );
        for (n, key) in keys.iter().enumerate() {
            query.push(if n == 0 { "" } else { " union all " });
            query.push("select report_id from (select report_id from likeness_keys where key = ").push_bind(*key);
            query.push(" order by report_id desc limit ").push(OF_A_KEY).push(") one");
        }
        query
            .push(") every group by report_id order by shared desc, report_id desc limit ")
            .push(LOOKED_UP)
            // Written crosswise, SQLite takes the few reports that share a key first, never all open cases.
            .push(
                ") b cross join reports r cross join cases c where r.id = b.report_id and c.id = r.case_id
                 and c.state in ('triage', 'assigned', 'working') and c.area between ",
            )
            .push_bind(range.0)
            .push(" and ")
            .push_bind(range.1)
            .push(" and c.received_at >= ")
            .push_bind(since.0)
            .push(" order by b.shared desc, c.received_at desc limit ")
            .push_bind(limit);
        query.build_query_as().fetch_all(conn).await?
    }))
}

/// Forgets the keys of a case that is no longer open, so that the table grows with open cases only.
pub async fn likeness_remove(tx: &mut Tx, case: CaseId) -> Result<()> {
    on!(tx, |conn| sqlx::query("delete from likeness_keys where case_id = $1")
        .bind(case.0)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

/// The judgement in force of those of a case: what a person decided last, else what was said of the report that opened it.
pub fn in_force(judgements: &[JudgementRow]) -> Option<&JudgementRow> {
    judgements.iter().rfind(|row| row.decided_by.is_some()).or_else(|| judgements.first())
}

/// An answer given earlier under the same key.
#[derive(Clone, Debug, FromRow)]
pub struct Remembered {
    pub fingerprint: Vec<u8>,
    pub status: i64,
    /// Sealed by the caller.
    pub body: Vec<u8>,
}

pub async fn idempotency_get(tx: &mut Tx, scope: &str, key: &str) -> Result<Option<Remembered>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select fingerprint, status, body from idempotency where scope = $1 and key = $2"
    )
    .bind(scope)
    .bind(key)
    .fetch_optional(conn)
    .await?))
}

/// An answer to remember under its key.
#[derive(Clone, Debug)]
pub struct IdempotencyRow {
    pub scope: String,
    pub key: String,
    pub answer: Remembered,
    pub created_at: Timestamp,
}

record!(IdempotencyRow, "insert into idempotency (scope, key, fingerprint, status, body, created_at) ", |row| [
    &row.scope,
    &row.key,
    &row.answer.fingerprint,
    row.answer.status,
    &row.answer.body,
    row.created_at.0
]);

/// Remembers an answer in the transaction of the act; a second writer of the same key gets `Conflict`.
pub async fn idempotency_insert(tx: &mut Tx, row: IdempotencyRow) -> Result<()> {
    insert(tx, &[row]).await
}

pub async fn idempotency_forget(tx: &mut Tx, before: Timestamp) -> Result<u64> {
    Ok(on!(tx, |conn| sqlx::query("delete from idempotency where created_at < $1")
        .bind(before.0)
        .execute(conn)
        .await?
        .rows_affected()))
}
