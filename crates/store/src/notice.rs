//! What somebody shall hear, and to whom it has come.

use muster_core::time::Timestamp;
use sqlx::FromRow;
use sqlx::types::JsonValue;
use uuid::Uuid;

use crate::record::record;

/// A fact that somebody shall hear. Whom it is for stands in the one of `account_id`, `unit_id`, `area` and `case_id`
/// that goes with `audience`.
#[derive(Clone, Debug, FromRow)]
pub struct NoticeRow {
    pub id: Uuid,
    #[sqlx(try_from = "i64")]
    pub at: Timestamp,
    /// `account`, `unit` (its handlers), `head` (its leaders), `level` (coordinators of an area) or `reporters`.
    pub audience: String,
    pub account_id: Option<Uuid>,
    pub unit_id: Option<Uuid>,
    pub area: Option<i64>,
    /// What it is about.
    pub case_id: Option<Uuid>,
    /// A code of the pack's texts.
    pub template: String,
    /// What stands in the gaps of the text: an object of texts.
    pub params: JsonValue,
    pub urgent: bool,
    /// A second notice with the same key is not written.
    pub dedup: Option<String>,
}

record!(
    NoticeRow,
    "insert into notices (id, at, audience, account_id, unit_id, area, case_id, template, params, urgent, dedup) ",
    |row| [
        row.id,
        row.at.0,
        &row.audience,
        row.account_id,
        row.unit_id,
        row.area,
        row.case_id,
        &row.template,
        &row.params,
        row.urgent,
        &row.dedup,
    ],
    after " on conflict (dedup) do nothing"
);
