//! Rows that only the holder of the master key can read, for the holder to try.

use std::collections::BTreeMap;

use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Result, Tx, on};

/// A report and its person, as sealed.
#[derive(Clone, Debug, FromRow)]
pub struct SealedRow {
    pub report_id: Uuid,
    pub original_sealed: Option<Vec<u8>>,
    pub name_sealed: Option<Vec<u8>>,
    pub person_id: Uuid,
    pub wrapped_key: Vec<u8>,
    pub phone_sealed: Option<Vec<u8>>,
    pub phone_index: Option<Vec<u8>>,
}

/// Places between the oldest and the newest report at which rows are taken.
const PLACES: u128 = 20;

/// About a hundred reports spread evenly over all, the oldest and the newest among them.
pub async fn sealed_rows(tx: &mut Tx) -> Result<Vec<SealedRow>> {
    let first = edge(tx, "select id from reports order by id limit 1").await?;
    let last = edge(tx, "select id from reports order by id desc limit 1").await?;
    let (Some(first), Some(last)) = (first, last) else { return Ok(Vec::new()) };
    let (first, last) = (first.as_u128(), last.as_u128());
    let mut found = BTreeMap::new();
    for place in 0..=PLACES {
        let from = Uuid::from_u128(first + (last - first) / PLACES * place);
        let from = if place == PLACES { Uuid::from_u128(last) } else { from };
        let rows: Vec<SealedRow> = on!(tx, |conn| sqlx::query_as(
            "select r.id as report_id, r.original_sealed, r.name_sealed, p.id as person_id, p.wrapped_key,
             p.phone_sealed, p.phone_index
             from reports r join persons p on p.id = r.person_id where r.id >= $1 order by r.id limit 5"
        )
        .bind(from)
        .fetch_all(conn)
        .await?);
        found.extend(rows.into_iter().map(|row| (row.report_id, row)));
    }
    Ok(found.into_values().collect())
}

async fn edge(tx: &mut Tx, sql: &'static str) -> Result<Option<Uuid>> {
    Ok(on!(tx, |conn| sqlx::query_scalar(sql).fetch_optional(conn).await?))
}

/// An answer that was given and may be asked for again.
#[derive(Clone, Debug, Default, FromRow)]
pub struct Remains {
    pub scope: String,
    pub key: String,
    pub body: Vec<u8>,
}

/// The remembered answers after one of them, in the order of scope and key.
pub async fn remembered(tx: &mut Tx, after: &Remains) -> Result<Vec<Remains>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select scope, key, body from idempotency where (scope, key) > ($1, $2) order by scope, key limit 500"
    )
    .bind(&after.scope)
    .bind(&after.key)
    .fetch_all(conn)
    .await?))
}

/// Which of these codes are codes of cases.
pub async fn codes_known(tx: &mut Tx, codes: &[String]) -> Result<Vec<String>> {
    if codes.is_empty() {
        return Ok(Vec::new());
    }
    Ok(on!(tx, |conn| {
        let mut query = sqlx::QueryBuilder::new("select code from cases where code in (");
        let mut list = query.separated(", ");
        for code in codes {
            list.push_bind(code);
        }
        query.push(")");
        query.build_query_scalar().fetch_all(conn).await?
    }))
}
