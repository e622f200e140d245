//! What must be true of stored photos. Nothing is opened: the hash is that of the sealed bytes.

use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::{Check, Weight};
use crate::db::{Result, Tx, on};
use crate::photo::PhotoRow;

/// Photos read at once: some megabytes.
const PAGE: i64 = 20;

pub(super) async fn whole(tx: &mut Tx) -> Result<Check> {
    let sentence = "Every photo belongs to a report of a person and is as it was written.";
    let mut check = Check::new("photos", Weight::Finding, sentence);
    let mut after = Uuid::nil();
    loop {
        let page: Vec<PhotoRow> =
            on!(tx, |conn| sqlx::query_as("select * from photos where id > $1 order by id limit $2")
                .bind(after)
                .bind(PAGE)
                .fetch_all(conn)
                .await?);
        for photo in &page {
            let hash = Sha256::digest(&photo.content_sealed);
            let changed = hash.as_slice() != photo.sealed_hash.as_slice();
            check.judge(changed.then(|| format!("photo {} of report {} was changed", photo.id, photo.report_id)));
        }
        let Some(last) = page.last() else { break };
        after = last.id;
    }
    let ownerless: Vec<Uuid> = on!(tx, |conn| sqlx::query_scalar(
        "select p.id from photos p where not exists
         (select 1 from reports r where r.id = p.report_id and r.person_id is not null) order by p.id limit 1000"
    )
    .fetch_all(conn)
    .await?);
    for id in ownerless {
        check.offence(|| format!("photo {id} belongs to no report of a person"));
    }
    Ok(check)
}
