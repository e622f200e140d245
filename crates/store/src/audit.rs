//! Who did what, in a chain that shows tampering.
//!
//! A line is written in the acting transaction without a place in the chain, so that writers never wait for each
//! other; the sealer alone gives committed lines their order and hash. What is not sealed yet is the tail.

use muster_core::time::Timestamp;
use sha2::{Digest, Sha256};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Result, Tx, on};
use crate::record::{insert, record};

/// Lines hold ids and words, never personal values, so that erasing a person leaves the chain whole.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct AuditLine {
    pub id: Uuid,
    pub at: i64,
    pub actor_kind: String,
    pub actor_id: Option<Uuid>,
    pub action: String,
    pub subject_kind: String,
    pub subject_id: String,
    pub reason: Option<String>,
    #[sqlx(default)]
    pub seq: Option<i64>,
    #[sqlx(default)]
    pub hash: Option<Vec<u8>>,
}

const GENESIS: [u8; 32] = [0; 32];

impl AuditLine {
    /// SHA-256 over the hash before it and every field, each with its length in front.
    fn chained(&self, before: &[u8], seq: i64) -> [u8; 32] {
        let mut hash = Sha256::new();
        hash.update(before);
        hash.update(seq.to_be_bytes());
        hash.update(self.id.as_bytes());
        hash.update(self.at.to_be_bytes());
        let actor = self.actor_id.map(|id| id.to_string()).unwrap_or_default();
        let reason = self.reason.as_deref().map_or_else(|| "-".to_owned(), |reason| format!("+{reason}"));
        for field in [&self.actor_kind, &actor, &self.action, &self.subject_kind, &self.subject_id, &reason] {
            hash.update((field.len() as u64).to_be_bytes());
            hash.update(field.as_bytes());
        }
        hash.finalize().into()
    }
}

record!(
    AuditLine,
    "insert into audit (id, at, actor_kind, actor_id, action, subject_kind, subject_id, reason, seq, hash) ",
    |line| [
        line.id,
        line.at,
        &line.actor_kind,
        line.actor_id,
        &line.action,
        &line.subject_kind,
        &line.subject_id,
        &line.reason,
        line.seq,
        &line.hash,
    ]
);

pub async fn audit_insert(tx: &mut Tx, lines: &[AuditLine]) -> Result<()> {
    insert(tx, lines).await
}

/// The end of the chain, held until the transaction ends: one sealer at a time.
async fn head_lock(tx: &mut Tx) -> Result<(i64, Vec<u8>)> {
    on!(tx, |conn| sqlx::query("insert into audit_head (id, seq, hash) values (1, 0, $1) on conflict (id) do nothing")
        .bind(GENESIS.as_slice())
        .execute(conn)
        .await?
        .rows_affected());
    let head = match tx {
        Tx::Sqlite(_) => "select seq, hash from audit_head where id = 1",
        Tx::Postgres(_) => "select seq, hash from audit_head where id = 1 for update",
    };
    Ok(on!(tx, |conn| sqlx::query_as(head).fetch_one(conn).await?))
}

async fn head_set(tx: &mut Tx, seq: i64, hash: &[u8]) -> Result<()> {
    on!(tx, |conn| sqlx::query("update audit_head set seq = $1, hash = $2 where id = 1")
        .bind(seq)
        .bind(hash)
        .execute(conn)
        .await?
        .rows_affected());
    Ok(())
}

/// Inserts lines already linked into the chain, as intake of a preload does.
pub async fn audit_insert_sealed(tx: &mut Tx, mut lines: Vec<AuditLine>) -> Result<()> {
    let (mut seq, mut hash) = head_lock(tx).await?;
    for line in &mut lines {
        seq += 1;
        hash = line.chained(&hash, seq).to_vec();
        (line.seq, line.hash) = (Some(seq), Some(hash.clone()));
    }
    insert(tx, &lines).await?;
    head_set(tx, seq, &hash).await
}

/// Links up to `limit` committed lines into the chain; returns how many.
pub async fn audit_seal(tx: &mut Tx, limit: i64) -> Result<u64> {
    let (mut seq, mut hash) = head_lock(tx).await?;
    let lines: Vec<AuditLine> = on!(tx, |conn| sqlx::query_as(
        "select id, at, actor_kind, actor_id, action, subject_kind, subject_id, reason, seq, hash
         from audit where seq is null order by id limit $1"
    )
    .bind(limit)
    .fetch_all(conn)
    .await?);
    if lines.is_empty() {
        return Ok(0);
    }
    let mut sealed = Vec::with_capacity(lines.len());
    for line in &lines {
        seq += 1;
        hash = line.chained(&hash, seq).to_vec();
        sealed.push((line.id, seq, hash.clone()));
    }
    for chunk in sealed.chunks(500) {
        on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new("update audit set seq = v.column2, hash = v.column3 from (");
            query.push_values(chunk, |mut bind, (id, seq, hash)| {
                bind.push_bind(*id).push_bind(*seq).push_bind(hash.clone());
            });
            query.push(") as v where audit.id = v.column1");
            query.build().execute(conn).await?;
        });
    }
    head_set(tx, seq, &hash).await?;
    Ok(lines.len() as u64)
}

/// What a walk along the chain found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditCheck {
    pub sealed: i64,
    pub unsealed: i64,
    pub oldest_unsealed: Option<Timestamp>,
    /// The first line whose place or hash is wrong.
    pub broken_at: Option<i64>,
}

/// Walks the whole chain and counts the tail.
pub async fn audit_verify(tx: &mut Tx) -> Result<AuditCheck> {
    let mut check = AuditCheck::default();
    let (unsealed, oldest): (i64, Option<i64>) = on!(tx, |conn| sqlx::query_as(
        "select cast(count(*) as bigint), cast(min(at) as bigint) from audit where seq is null"
    )
    .fetch_one(conn)
    .await?);
    check.unsealed = unsealed;
    check.oldest_unsealed = oldest.map(Timestamp);
    let head: Option<(i64, Vec<u8>)> =
        on!(tx, |conn| sqlx::query_as("select seq, hash from audit_head where id = 1").fetch_optional(conn).await?);
    let (end, end_hash) = head.unwrap_or((0, GENESIS.to_vec()));
    let mut hash = GENESIS.to_vec();
    let mut seq = 0;
    loop {
        let lines: Vec<AuditLine> = on!(tx, |conn| sqlx::query_as(
            "select id, at, actor_kind, actor_id, action, subject_kind, subject_id, reason, seq, hash
             from audit where seq > $1 order by seq limit 5000"
        )
        .bind(seq)
        .fetch_all(conn)
        .await?);
        if lines.is_empty() {
            break;
        }
        for line in &lines {
            seq += 1;
            let expected = line.chained(&hash, seq).to_vec();
            if line.seq != Some(seq) || line.hash.as_ref() != Some(&expected) {
                check.broken_at = Some(seq);
                return Ok(check);
            }
            hash = expected;
        }
    }
    check.sealed = seq;
    if seq != end || hash != end_hash {
        check.broken_at = Some(seq.min(end) + 1);
    }
    Ok(check)
}

/// The newest lines, optionally about one subject, before `before`.
pub async fn audit_list(
    tx: &mut Tx,
    subject_id: Option<&str>,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<AuditLine>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select id, at, actor_kind, actor_id, action, subject_kind, subject_id, reason, seq, hash from audit
         where at < $2 and ($1 is null or subject_id = $1) order by at desc, id desc limit $3"
    )
    .bind(subject_id)
    .bind(before.0)
    .bind(limit)
    .fetch_all(conn)
    .await?))
}
