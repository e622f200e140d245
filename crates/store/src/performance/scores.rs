//! Scores of units with their lines.

use muster_core::evaluate::Term;
use muster_core::evaluate::score::{Mark, Standing};
use muster_core::id::UnitId;
use muster_core::people::Scope;
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use super::push_scope;
use crate::db::{Error, Result, Tx, on};
use crate::record::{insert, record};

#[derive(Clone, Debug, FromRow)]
pub struct ScoreRow {
    pub id: Uuid,
    #[sqlx(try_from = "Uuid")]
    pub unit_id: UnitId,
    #[sqlx(try_from = "i64")]
    pub term: Term,
    /// From 1.
    pub version: i64,
    #[sqlx(try_from = "String")]
    pub standing: Standing,
    #[sqlx(try_from = "String")]
    pub mark: Mark,
    /// Hundredths of a hundred points.
    pub points: Option<i64>,
    /// Version of the policy pack it was scored by.
    pub pack: String,
    #[sqlx(try_from = "i64")]
    pub made_at: Timestamp,
    pub made_by: Option<Uuid>,
    #[sqlx(try_from = "i64")]
    pub appeal_until: Timestamp,
    pub final_at: Option<i64>,
}

record!(
    ScoreRow,
    "insert into scores (id, unit_id, term, version, standing, mark, points, pack, made_at, made_by, appeal_until,
         final_at) ",
    |row| [
        row.id,
        row.unit_id.0,
        row.term.number(),
        row.version,
        row.standing.as_str(),
        row.mark.as_str(),
        row.points,
        &row.pack,
        row.made_at.0,
        row.made_by,
        row.appeal_until.0,
        row.final_at,
    ]
);

/// One part of a score.
#[derive(Clone, Debug, FromRow)]
pub struct ScoreLineRow {
    pub score_id: Uuid,
    pub position: i64,
    /// Code of a part of the pack.
    pub part: String,
    pub weight: i64,
    pub met: i64,
    pub missed: i64,
    pub excluded: i64,
    pub forgiven: i64,
    /// Hundredths.
    pub worth_met: i64,
    pub worth_all: i64,
    pub points: Option<i64>,
}

record!(
    ScoreLineRow,
    "insert into score_lines (score_id, position, part, weight, met, missed, excluded, forgiven, worth_met, worth_all,
         points) ",
    |row| [
        row.score_id,
        row.position,
        &row.part,
        row.weight,
        row.met,
        row.missed,
        row.excluded,
        row.forgiven,
        row.worth_met,
        row.worth_all,
        row.points,
    ]
);

/// A second current score of a unit for one term is a `Conflict`.
pub async fn score_insert(tx: &mut Tx, score: &ScoreRow, lines: &[ScoreLineRow]) -> Result<()> {
    insert(tx, std::slice::from_ref(score)).await?;
    insert(tx, lines).await
}

pub async fn score_get(tx: &mut Tx, id: Uuid) -> Result<Option<ScoreRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from scores where id = $1").bind(id).fetch_optional(conn).await?))
}

/// In the order of the pack's parts.
pub async fn score_lines(tx: &mut Tx, id: Uuid) -> Result<Vec<ScoreLineRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from score_lines where score_id = $1 order by position")
        .bind(id)
        .fetch_all(conn)
        .await?))
}

/// The lines of several scores, each in the order of the pack's parts.
pub async fn score_lines_of(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<ScoreLineRow>> {
    let mut lines: Vec<ScoreLineRow> = Vec::new();
    for chunk in ids.chunks(1000) {
        lines.extend(on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new("select * from score_lines where score_id in (");
            let mut list = query.separated(", ");
            for id in chunk {
                list.push_bind(*id);
            }
            query.push(") order by score_id, position");
            query.build_query_as::<ScoreLineRow>().fetch_all(conn).await?
        }));
    }
    Ok(lines)
}

/// Writes the standing of a score that was in `from`; `Conflict` when it no longer is.
pub async fn score_move(tx: &mut Tx, score: &ScoreRow, from: Standing) -> Result<()> {
    let changed =
        on!(tx, |conn| sqlx::query("update scores set standing = $2, final_at = $3 where id = $1 and standing = $4")
            .bind(score.id)
            .bind(score.standing.as_str())
            .bind(score.final_at)
            .bind(from.as_str())
            .execute(conn)
            .await?
            .rows_affected());
    if changed == 1 { Ok(()) } else { Err(Error::Conflict(format!("the score is no longer {from}"))) }
}

/// The current scores of a term within a scope, in the order of the units' codes.
pub async fn scores_of_term(tx: &mut Tx, scope: &Scope, term: Term, limit: i64) -> Result<Vec<ScoreRow>> {
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new(
            "select s.* from scores s join units u on u.id = s.unit_id where s.standing <> 'replaced' and s.term = ",
        );
        query.push_bind(term.number());
        push_scope!(query, scope);
        query.push(" order by u.code limit ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await?
    }))
}

/// Scores of units within a scope that stand like this, in the order of the units' codes.
pub async fn scores_in(tx: &mut Tx, scope: &Scope, standing: Standing, limit: i64) -> Result<Vec<ScoreRow>> {
    Ok(on!(tx, |conn| {
        let mut query =
            sqlx::QueryBuilder::new("select s.* from scores s join units u on u.id = s.unit_id where s.standing = ");
        query.push_bind(standing.as_str());
        push_scope!(query, scope);
        query.push(" order by u.code, s.term limit ").push_bind(limit);
        query.build_query_as().fetch_all(conn).await?
    }))
}

/// Every version of every term of a unit, the latest term first, and within it the latest version.
pub async fn scores_of_unit(tx: &mut Tx, unit: UnitId) -> Result<Vec<ScoreRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from scores where unit_id = $1 order by term desc, version desc")
        .bind(unit.0)
        .fetch_all(conn)
        .await?))
}

/// The terms that anything was scored for, the latest first.
pub async fn terms(tx: &mut Tx) -> Result<Vec<Term>> {
    let numbers: Vec<i64> = on!(tx, |conn| sqlx::query_scalar("select distinct term from scores order by term desc")
        .fetch_all(conn)
        .await?);
    let term =
        |number: i64| Term::try_from(number).map_err(|value| Error::Corrupt { table: "scores", column: "term", value });
    numbers.into_iter().map(term).collect()
}

/// Scores whose time to appeal has passed and that nobody has appealed.
pub async fn scores_due(tx: &mut Tx, now: Timestamp, limit: i64) -> Result<Vec<ScoreRow>> {
    let sql = match tx {
        Tx::Sqlite(_) => {
            "select * from scores where standing = 'provisional' and appeal_until <= $1
             order by term, unit_id limit $2"
        }
        Tx::Postgres(_) => {
            "select * from scores where standing = 'provisional' and appeal_until <= $1
             order by term, unit_id limit $2 for update skip locked"
        }
    };
    Ok(on!(tx, |conn| sqlx::query_as(sql).bind(now.0).bind(limit).fetch_all(conn).await?))
}
