//! What evaluators and the hotline found, how far they are, and signatures.

use muster_core::evaluate::question::{AnsweredBy, Answers, Sheet, Signing, sheets_hash};
use muster_core::people::Scope;
use muster_core::time::Timestamp;
use serde::Deserialize;
use sqlx::FromRow;
use sqlx::types::JsonValue;
use uuid::Uuid;

use super::RoomRow;
use crate::db::{Error, Result, Tx, on};
use crate::record::{insert, record};

/// The answers of one case, as they stood once.
#[derive(Clone, Debug, FromRow)]
pub struct AnswerRow {
    pub room_id: Uuid,
    pub number: i64,
    #[sqlx(try_from = "String")]
    pub answered_by: AnsweredBy,
    pub revision: i64,
    pub version: i64,
    #[sqlx(try_from = "i64")]
    pub at: Timestamp,
    pub account_id: Option<Uuid>,
    pub answers: JsonValue,
}

record!(
    AnswerRow,
    "insert into room_answers (room_id, number, answered_by, revision, version, at, account_id, answers) ",
    |row| [
        row.room_id,
        row.number,
        row.answered_by.as_str(),
        row.revision,
        row.version,
        row.at.0,
        row.account_id,
        &row.answers,
    ]
);

/// `Conflict` when somebody else has written this revision.
pub async fn answer_insert(tx: &mut Tx, row: &AnswerRow) -> Result<()> {
    insert(tx, std::slice::from_ref(row)).await
}

impl AnswerRow {
    pub fn given(&self) -> Result<Answers> {
        let nonsense = |_| Error::Corrupt { table: "room_answers", column: "answers", value: self.answers.to_string() };
        Answers::deserialize(&self.answers).map_err(nonsense)
    }
}

/// The fingerprint of a version: what is signed, and what a result is compared with. `rows` are those of [`answers_of`].
pub fn room_hash(room: &RoomRow, version: i64, rows: &[AnswerRow]) -> Result<String> {
    let questions = room.questionnaire()?.asked(room.calls);
    let signing = Signing {
        room: &room.id.to_string(),
        version,
        frame: room.frame_hash.as_deref().unwrap_or_default(),
        seed: room.seed.as_deref().unwrap_or_default(),
        questions: &questions,
    };
    let given: Vec<Answers> = rows.iter().map(AnswerRow::given).collect::<Result<_>>()?;
    let sheet = |(row, answers)| {
        let row: &AnswerRow = row;
        Sheet { number: row.number, by: row.answered_by, answers }
    };
    Ok(sheets_hash(&signing, &rows.iter().zip(&given).map(sheet).collect::<Vec<_>>()))
}

/// What counts in a version: of each case and kind the last answers up to it.
pub async fn answers_of(tx: &mut Tx, room: Uuid, version: i64) -> Result<Vec<AnswerRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select a.* from room_answers a where a.room_id = $1 and a.version <= $2 and not exists
         (select 1 from room_answers b where b.room_id = a.room_id and b.number = a.number
           and b.answered_by = a.answered_by and b.version <= $2 and b.revision > a.revision)
         order by a.number, a.answered_by"
    )
    .bind(room)
    .bind(version)
    .fetch_all(conn)
    .await?))
}

/// The last answers of one case.
pub async fn answers_of_case(tx: &mut Tx, room: Uuid, number: i64, by: AnsweredBy) -> Result<Option<AnswerRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select * from room_answers where room_id = $1 and number = $2 and answered_by = $3
         order by revision desc limit 1"
    )
    .bind(room)
    .bind(number)
    .bind(by.as_str())
    .fetch_optional(conn)
    .await?))
}

/// How far a stratum is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Progress {
    pub stratum: i64,
    pub sampled: i64,
    pub judged: i64,
    pub called: i64,
}

pub async fn progress_of(tx: &mut Tx, room: Uuid) -> Result<Vec<Progress>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select p.stratum, cast(count(*) as bigint) as sampled,
         cast(sum(case when exists (select 1 from room_answers a where a.room_id = p.room_id and a.number = p.number
           and a.answered_by = 'file') then 1 else 0 end) as bigint) as judged,
         cast(sum(case when exists (select 1 from room_answers a where a.room_id = p.room_id and a.number = p.number
           and a.answered_by = 'call') then 1 else 0 end) as bigint) as called
         from room_cases p where p.room_id = $1 group by p.stratum order by p.stratum"
    )
    .bind(room)
    .fetch_all(conn)
    .await?))
}

/// A signed version.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct SignatureRow {
    pub room_id: Uuid,
    pub version: i64,
    #[sqlx(try_from = "i64")]
    pub at: Timestamp,
    pub account_id: Uuid,
    pub name: String,
    pub hash: String,
}

record!(SignatureRow, "insert into room_signatures (room_id, version, at, account_id, name, hash) ", |row| [
    row.room_id,
    row.version,
    row.at.0,
    row.account_id,
    &row.name,
    &row.hash,
]);

pub async fn signature_insert(tx: &mut Tx, row: &SignatureRow) -> Result<()> {
    insert(tx, std::slice::from_ref(row)).await
}

/// The first version first.
pub async fn signatures_of(tx: &mut Tx, room: Uuid) -> Result<Vec<SignatureRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from room_signatures where room_id = $1 order by version")
        .bind(room)
        .fetch_all(conn)
        .await?))
}

/// A case of a sample that waits for a call.
#[derive(Clone, Debug, FromRow)]
pub struct CallRow {
    pub room_id: Uuid,
    pub room_title: String,
    pub number: i64,
    pub code: String,
    pub title: String,
    pub area: i64,
    pub work_until: i64,
}

/// What the hotline has to call within the areas of `scope`, for contracts under way, what ends first first.
pub async fn calls_open(tx: &mut Tx, scope: &Scope, now: Timestamp, limit: i64) -> Result<Vec<CallRow>> {
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(
            "select r.id as room_id, r.title as room_title, p.number, c.code, c.title, c.area, r.work_until
             from rooms r join room_cases p on p.room_id = r.id join cases c on c.id = p.case_id
             where r.state = 'running' and r.calls and r.work_from <= ",
        );
        query.push_bind(now.0).push(" and r.work_until > ").push_bind(now.0);
        query.push(
            " and not exists (select 1 from room_answers a where a.room_id = r.id and a.number = p.number
               and a.answered_by = 'call') and (false",
        );
        for (first, last) in &scope.areas {
            query.push(" or c.area between ").push_bind(*first).push(" and ").push_bind(*last);
        }
        query.push(") order by r.work_until, r.id, p.number limit ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await?
    }))
}
