//! The third-party room: contracts, their frames and samples, what evaluators found, and who signed.

mod sheets;

use muster_core::area::AreaId;
use muster_core::evaluate::question::Questionnaire;
use muster_core::evaluate::room::{RoomState, SeedKind};
use muster_core::evaluate::sample::{Design, FrameCase};
use muster_core::people::Scope;
use muster_core::time::Timestamp;
use serde::Deserialize;
use sqlx::FromRow;
use sqlx::types::JsonValue;
use uuid::Uuid;

use crate::db::{Error, Result, Tx, on};
use crate::record::{insert, record};

pub use sheets::{
    AnswerRow, CallRow, Progress, SignatureRow, answer_insert, answers_of, answers_of_case, calls_open, progress_of,
    room_hash, signature_insert, signatures_of,
};

/// A contract.
#[derive(Clone, Debug, FromRow)]
pub struct RoomRow {
    pub id: Uuid,
    pub title: String,
    pub agency: String,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    #[sqlx(try_from = "i64")]
    pub cases_from: Timestamp,
    #[sqlx(try_from = "i64")]
    pub cases_until: Timestamp,
    #[sqlx(try_from = "i64")]
    pub work_from: Timestamp,
    #[sqlx(try_from = "i64")]
    pub work_until: Timestamp,
    pub design: JsonValue,
    pub questionnaire: JsonValue,
    pub calls: bool,
    #[sqlx(try_from = "String")]
    pub seed_kind: SeedKind,
    pub seed_source: Option<String>,
    pub seed_at: Option<i64>,
    pub seed_hash: Option<String>,
    pub seed_sealed: Option<Vec<u8>>,
    pub seed: Option<String>,
    #[sqlx(try_from = "String")]
    pub state: RoomState,
    pub version: i64,
    pub frame_size: Option<i64>,
    pub frame_hash: Option<String>,
    pub framed_at: Option<i64>,
    pub drawn_at: Option<i64>,
    #[sqlx(try_from = "i64")]
    pub ordered_at: Timestamp,
    pub ordered_by: Option<Uuid>,
}

record!(
    RoomRow,
    "insert into rooms (id, title, agency, area, cases_from, cases_until, work_from, work_until, design, questionnaire,
         calls, seed_kind, seed_source, seed_at, seed_hash, seed_sealed, seed, state, version, frame_size, frame_hash,
         framed_at, drawn_at, ordered_at, ordered_by) ",
    |room| [
        room.id,
        &room.title,
        &room.agency,
        room.area.get(),
        room.cases_from.0,
        room.cases_until.0,
        room.work_from.0,
        room.work_until.0,
        &room.design,
        &room.questionnaire,
        room.calls,
        room.seed_kind.as_str(),
        &room.seed_source,
        room.seed_at,
        &room.seed_hash,
        &room.seed_sealed,
        &room.seed,
        room.state.as_str(),
        room.version,
        room.frame_size,
        &room.frame_hash,
        room.framed_at,
        room.drawn_at,
        room.ordered_at.0,
        room.ordered_by,
    ]
);

impl RoomRow {
    /// The design as it was published.
    pub fn design(&self) -> Result<Design> {
        let nonsense = |_| Error::Corrupt { table: "rooms", column: "design", value: self.design.to_string() };
        Design::deserialize(&self.design).map_err(nonsense)
    }

    /// The questions as they were agreed.
    pub fn questionnaire(&self) -> Result<Questionnaire> {
        let value = || self.questionnaire.to_string();
        let nonsense = |_| Error::Corrupt { table: "rooms", column: "questionnaire", value: value() };
        Questionnaire::deserialize(&self.questionnaire).map_err(nonsense)
    }
}

pub async fn room_insert(tx: &mut Tx, room: &RoomRow) -> Result<()> {
    insert(tx, std::slice::from_ref(room)).await
}

pub async fn room_get(tx: &mut Tx, id: Uuid) -> Result<Option<RoomRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from rooms where id = $1").bind(id).fetch_optional(conn).await?))
}

/// Reads a contract and keeps others from changing it until the transaction ends.
pub async fn room_lock(tx: &mut Tx, id: Uuid) -> Result<Option<RoomRow>> {
    let sql = match tx {
        Tx::Sqlite(_) => "select * from rooms where id = $1",
        Tx::Postgres(_) => "select * from rooms where id = $1 for update",
    };
    Ok(on!(tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await?))
}

/// Writes what can change of a contract. INVARIANT: the transaction holds it.
pub async fn room_update(tx: &mut Tx, room: &RoomRow) -> Result<()> {
    on!(tx, |conn| sqlx::query(
        "update rooms set work_until = $2, seed = $3, state = $4, version = $5, frame_size = $6, frame_hash = $7,
         framed_at = $8, drawn_at = $9 where id = $1"
    )
    .bind(room.id)
    .bind(room.work_until.0)
    .bind(&room.seed)
    .bind(room.state.as_str())
    .bind(room.version)
    .bind(room.frame_size)
    .bind(&room.frame_hash)
    .bind(room.framed_at)
    .bind(room.drawn_at)
    .execute(conn)
    .await?
    .rows_affected());
    Ok(())
}

/// Every contract, the oldest first.
pub async fn rooms_all(tx: &mut Tx) -> Result<Vec<RoomRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from rooms order by ordered_at, id").fetch_all(conn).await?))
}

/// Contracts in the areas of `scope`, the newest first.
pub async fn rooms_in(tx: &mut Tx, scope: &Scope, limit: i64) -> Result<Vec<RoomRow>> {
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new("select * from rooms where (false");
        for (first, last) in &scope.areas {
            query.push(" or area between ").push_bind(*first).push(" and ").push_bind(*last);
        }
        query.push(") order by ordered_at desc, id desc limit ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await?
    }))
}

/// Contracts in which an account is named and whose sample is drawn, the newest first.
pub async fn rooms_of(tx: &mut Tx, account: Uuid) -> Result<Vec<RoomRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select r.* from room_evaluators e join rooms r on r.id = e.room_id
         where e.account_id = $1 and r.state in ('running', 'signed') order by r.ordered_at desc, r.id desc"
    )
    .bind(account)
    .fetch_all(conn)
    .await?))
}

/// An account that evaluates, or could.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct EvaluatorRow {
    pub id: Uuid,
    pub name: String,
    pub login: String,
}

/// Accounts that hold this role for one of `areas`, and no other role anywhere.
pub async fn accounts_only(tx: &mut Tx, role: &str, areas: &[AreaId]) -> Result<Vec<EvaluatorRow>> {
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(
            "select a.id, a.name, a.login from accounts a where a.disabled_at is null and not exists
             (select 1 from grants g where g.account_id = a.id and g.revoked_at is null and g.role <> ",
        );
        query.push_bind(role.to_owned());
        query.push(
            ") and exists (select 1 from grants g where g.account_id = a.id and g.revoked_at is null and g.role = ",
        );
        query.push_bind(role.to_owned()).push(" and g.area in (");
        let mut list = query.separated(", ");
        for area in areas {
            list.push_bind(area.get());
        }
        query.push(")) order by a.login");
        query.build_query_as().fetch_all(conn).await?
    }))
}

pub async fn evaluators_of(tx: &mut Tx, room: Uuid) -> Result<Vec<EvaluatorRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select a.id, a.name, a.login from room_evaluators e join accounts a on a.id = e.account_id
         where e.room_id = $1 order by a.login"
    )
    .bind(room)
    .fetch_all(conn)
    .await?))
}

struct Named {
    room: Uuid,
    account: Uuid,
}

record!(Named, "insert into room_evaluators (room_id, account_id) ", |row| [row.room, row.account]);

/// Names who evaluates, instead of whoever was named.
pub async fn evaluators_put(tx: &mut Tx, room: Uuid, accounts: &[Uuid]) -> Result<()> {
    on!(tx, |conn| sqlx::query("delete from room_evaluators where room_id = $1")
        .bind(room)
        .execute(conn)
        .await?
        .rows_affected());
    let named: Vec<Named> = accounts.iter().map(|account| Named { room, account: *account }).collect();
    insert(tx, &named).await
}

/// A case that was closed in a period.
#[derive(Clone, Debug, FromRow)]
pub struct ClosedRow {
    pub id: Uuid,
    pub code: String,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    pub unit: Option<String>,
    pub category: String,
    pub outcome: Option<String>,
    pub confirmed: Option<bool>,
    pub rating: Option<i64>,
}

/// Cases of an area that were closed from the first moment up to the second, and still are, in the order of their codes.
pub async fn cases_closed(tx: &mut Tx, area: AreaId, (from, until): (Timestamp, Timestamp)) -> Result<Vec<ClosedRow>> {
    let (first, last) = area.range();
    Ok(on!(tx, |conn| sqlx::query_as(
        "select c.id, c.code, c.area, u.code as unit, c.category, c.outcome, c.confirmed, c.rating
         from cases c left join units u on u.id = c.unit_id
         where c.area between $1 and $2 and c.state = 'closed' and c.closed_at >= $3 and c.closed_at < $4
         order by c.code"
    )
    .bind(first)
    .bind(last)
    .bind(from.0)
    .bind(until.0)
    .fetch_all(conn)
    .await?))
}

/// A case of a frame.
#[derive(Clone, Debug, FromRow)]
pub struct FrameRow {
    pub room_id: Uuid,
    pub case_id: Uuid,
    pub stratum: String,
    pub outcome: Option<String>,
    pub confirmed: Option<bool>,
    pub rating: Option<i64>,
    /// Of the case; not a column of the frame.
    pub code: String,
}

record!(FrameRow, "insert into room_frame (room_id, case_id, stratum, outcome, confirmed, rating) ", |row| [
    row.room_id,
    row.case_id,
    &row.stratum,
    &row.outcome,
    row.confirmed,
    row.rating,
]);

impl FrameRow {
    /// As the sample is drawn from it.
    pub fn case(&self) -> FrameCase {
        FrameCase { code: self.code.clone(), stratum: self.stratum.clone(), confirmed: self.confirmed }
    }
}

pub async fn frame_insert(tx: &mut Tx, rows: &[FrameRow]) -> Result<()> {
    insert(tx, rows).await
}

/// The whole frame, in the order of the codes.
pub async fn frame_of(tx: &mut Tx, room: Uuid) -> Result<Vec<FrameRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select f.room_id, f.case_id, f.stratum, f.outcome, f.confirmed, f.rating, c.code
         from room_frame f join cases c on c.id = f.case_id where f.room_id = $1 order by c.code"
    )
    .bind(room)
    .fetch_all(conn)
    .await?))
}

/// How many cases of a frame ended alike.
#[derive(Clone, Debug, FromRow)]
pub struct ToldRow {
    pub outcome: Option<String>,
    pub confirmed: Option<bool>,
    pub rating: Option<i64>,
    pub cases: i64,
}

/// What units claimed and residents said, over the whole frame.
pub async fn frame_told(tx: &mut Tx, room: Uuid) -> Result<Vec<ToldRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select outcome, confirmed, rating, cast(count(*) as bigint) as cases from room_frame where room_id = $1
         group by outcome, confirmed, rating"
    )
    .bind(room)
    .fetch_all(conn)
    .await?))
}

/// A stratum of a frame.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct StratumRow {
    pub room_id: Uuid,
    pub position: i64,
    pub key: String,
    pub cases: i64,
    pub weight: i64,
    pub sampled: i64,
}

record!(StratumRow, "insert into room_strata (room_id, position, key, cases, weight, sampled) ", |row| [
    row.room_id,
    row.position,
    &row.key,
    row.cases,
    row.weight,
    row.sampled,
]);

pub async fn strata_insert(tx: &mut Tx, rows: &[StratumRow]) -> Result<()> {
    insert(tx, rows).await
}

pub async fn strata_of(tx: &mut Tx, room: Uuid) -> Result<Vec<StratumRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from room_strata where room_id = $1 order by position")
        .bind(room)
        .fetch_all(conn)
        .await?))
}

/// A case of a sample, with what its frame knows of it.
#[derive(Clone, Debug, FromRow)]
pub struct PickRow {
    pub room_id: Uuid,
    pub number: i64,
    pub case_id: Uuid,
    /// Position of its stratum.
    pub stratum: i64,
    /// Of case and frame; not columns of the sample.
    pub code: String,
    pub outcome: Option<String>,
    pub confirmed: Option<bool>,
    pub rating: Option<i64>,
}

record!(PickRow, "insert into room_cases (room_id, number, case_id, stratum) ", |row| [
    row.room_id,
    row.number,
    row.case_id,
    row.stratum,
]);

pub async fn picks_insert(tx: &mut Tx, rows: &[PickRow]) -> Result<()> {
    insert(tx, rows).await
}

pub async fn picks_of(tx: &mut Tx, room: Uuid) -> Result<Vec<PickRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select p.room_id, p.number, p.case_id, p.stratum, c.code, f.outcome, f.confirmed, f.rating
         from room_cases p join cases c on c.id = p.case_id
         join room_frame f on f.room_id = p.room_id and f.case_id = p.case_id
         where p.room_id = $1 order by p.number"
    )
    .bind(room)
    .fetch_all(conn)
    .await?))
}

/// The case that stands behind a number of a sample.
pub async fn pick_case(tx: &mut Tx, room: Uuid, number: i64) -> Result<Option<Uuid>> {
    Ok(on!(tx, |conn| sqlx::query_scalar("select case_id from room_cases where room_id = $1 and number = $2")
        .bind(room)
        .bind(number)
        .fetch_optional(conn)
        .await?))
}

/// What became of a contract.
#[derive(Clone, Debug, FromRow)]
pub struct RoomStepRow {
    pub id: Uuid,
    pub room_id: Uuid,
    #[sqlx(try_from = "i64")]
    pub at: Timestamp,
    pub account_id: Option<Uuid>,
    pub kind: String,
    pub text: String,
}

record!(RoomStepRow, "insert into room_steps (id, room_id, at, account_id, kind, text) ", |row| [
    row.id,
    row.room_id,
    row.at.0,
    row.account_id,
    &row.kind,
    &row.text,
]);

pub async fn room_step_insert(tx: &mut Tx, row: &RoomStepRow) -> Result<()> {
    insert(tx, std::slice::from_ref(row)).await
}

/// Oldest first, with the name of the account that did it.
pub async fn room_steps_of(tx: &mut Tx, room: Uuid) -> Result<Vec<(RoomStepRow, Option<String>)>> {
    #[derive(FromRow)]
    struct Told {
        #[sqlx(flatten)]
        step: RoomStepRow,
        name: Option<String>,
    }
    let rows: Vec<Told> = on!(tx, |conn| sqlx::query_as(
        "select s.id, s.room_id, s.at, s.account_id, s.kind, s.text, a.name
         from room_steps s left join accounts a on a.id = s.account_id where s.room_id = $1 order by s.at, s.id"
    )
    .bind(room)
    .fetch_all(conn)
    .await?);
    Ok(rows.into_iter().map(|row| (row.step, row.name)).collect())
}
