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
    pub handle_sealed: Option<Vec<u8>>,
    pub handle_index: Option<Vec<u8>>,
}

/// The oldest and the newest, so many of each.
const ENDS: i64 = 50;
/// Places between them at which a few more are taken.
const PLACES: u128 = 20;

const SEALED: &str = "select r.id as report_id, r.original_sealed, r.name_sealed, p.id as person_id, p.wrapped_key,
     p.phone_sealed, p.phone_index, p.handle_sealed, p.handle_index
     from reports r join persons p on p.id = r.person_id where r.id >= $1 order by r.id limit $2";
const SEALED_LAST: &str =
    "select r.id as report_id, r.original_sealed, r.name_sealed, p.id as person_id, p.wrapped_key,
     p.phone_sealed, p.phone_index, p.handle_sealed, p.handle_index
     from reports r join persons p on p.id = r.person_id where r.id <= $1 order by r.id desc limit $2";

/// Up to two hundred reports: the oldest, the newest, and some spread evenly over the time between.
pub async fn sealed_rows(tx: &mut Tx) -> Result<Vec<SealedRow>> {
    let first = sealed(tx, SEALED, Uuid::nil(), ENDS).await?;
    let last = sealed(tx, SEALED_LAST, Uuid::max(), ENDS).await?;
    let mut found: BTreeMap<Uuid, SealedRow> = first.into_iter().chain(last).map(|row| (row.report_id, row)).collect();
    let (Some(from), Some(to)) = (found.keys().next(), found.keys().next_back()) else { return Ok(Vec::new()) };
    let (from, to) = (from.as_u128(), to.as_u128());
    for place in 1..PLACES {
        let middle = Uuid::from_u128(from + (to - from) / PLACES * place);
        found.extend(sealed(tx, SEALED, middle, 5).await?.into_iter().map(|row| (row.report_id, row)));
    }
    Ok(found.into_values().collect())
}

async fn sealed(tx: &mut Tx, sql: &'static str, place: Uuid, limit: i64) -> Result<Vec<SealedRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(sql).bind(place).bind(limit).fetch_all(conn).await?))
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
