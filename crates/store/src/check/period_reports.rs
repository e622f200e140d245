//! What must be true of reports of a period: frozen is frozen, and nobody approved their own.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Check, Weight};
use crate::db::{Result, Tx, on};

/// Reports that are read at once.
const PAGE: i64 = 50;

pub(super) async fn whole(tx: &mut Tx) -> Result<[Check; 2]> {
    let mut frozen =
        Check::new("reports-frozen", Weight::Finding, "A report of a period says what it said when written.");
    let mut eyes = Check::new(
        "reports-approved",
        Weight::Finding,
        "What is published was approved by somebody who did not write it.",
    );
    let mut after = Uuid::nil();
    loop {
        type Row = (Uuid, String, String, Option<Uuid>, Option<Uuid>, Option<i64>);
        let rows: Vec<Row> = on!(tx, |conn| sqlx::query_as(
            "select id, content, hash, written_by, approved_by, published_at from period_reports
             where id > $1 order by id limit $2"
        )
        .bind(after)
        .bind(PAGE)
        .fetch_all(conn)
        .await?);
        let Some(last) = rows.last() else { break };
        after = last.0;
        for (id, content, hash, written_by, approved_by, published_at) in &rows {
            let digest = Sha256::digest(content.as_bytes());
            let is = digest.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
            frozen.judge((is != *hash).then(|| format!("report {id} has another content than its hash says")));
            let alone = approved_by.is_none() || approved_by == written_by;
            let wrong = published_at.is_some() && alone;
            eyes.judge(wrong.then(|| format!("report {id} was published without another's approval")));
        }
    }
    Ok([frozen, eyes])
}
