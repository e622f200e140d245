//! Reports as they are read: by staff of the area, and by everybody once they are published.

use std::collections::BTreeMap;

use muster_core::evaluate::open::open_edition;
use muster_core::evaluate::snapshot::Snapshot;
use muster_core::people::{Action, Actor, Subject, may, scope};
use muster_store::Tx;
use muster_store::people::account_get;
use muster_store::period_report::{
    PeriodReportRow, period_report_content, period_report_get, period_reports, period_reports_published,
};
use uuid::Uuid;

use super::act::deny;
use crate::error::{Error, Result};
use crate::state::State;

/// Reports on one page.
const SHOWN: i64 = 200;

/// Names of the accounts that wrote, approved, published or ended.
pub type Names = BTreeMap<Uuid, String>;

pub async fn period_report_list(state: &State, actor: &Actor) -> Result<(Vec<PeriodReportRow>, Names)> {
    let reach = scope(actor, Action::PeriodReportView).map_err(deny)?;
    let mut tx = state.read().await?;
    let rows = period_reports(&mut tx, &reach, SHOWN).await?;
    let names = names(&mut tx, &rows).await?;
    Ok((rows, names))
}

pub async fn period_report_view(state: &State, actor: &Actor, id: Uuid) -> Result<(PeriodReportRow, Snapshot, Names)> {
    let mut tx = state.read().await?;
    let row = period_report_get(&mut tx, id).await?.ok_or_else(Error::not_found)?;
    may(actor, Action::PeriodReportView, &Subject::area(row.area)).map_err(deny)?;
    let snapshot = frozen(&mut tx, &row).await?;
    let names = names(&mut tx, std::slice::from_ref(&row)).await?;
    Ok((row, snapshot, names))
}

pub async fn period_report_open_list(state: &State) -> Result<Vec<PeriodReportRow>> {
    may(&Actor::Anonymous, Action::PeriodReportRead, &Subject::NONE).map_err(deny)?;
    Ok(period_reports_published(&mut state.read().await?, SHOWN).await?)
}

/// What everybody may see of a published report. One that was withdrawn or replaced is there, and says so, without its
/// numbers; one that was never published does not exist.
pub async fn period_report_open(state: &State, id: Uuid) -> Result<(PeriodReportRow, Option<Snapshot>)> {
    may(&Actor::Anonymous, Action::PeriodReportRead, &Subject::NONE).map_err(deny)?;
    let mut tx = state.read().await?;
    let row = period_report_get(&mut tx, id).await?.filter(|row| row.published_at.is_some());
    let row = row.ok_or_else(Error::not_found)?;
    if row.state != "published" {
        return Ok((row, None));
    }
    let snapshot = frozen(&mut tx, &row).await?;
    Ok((row, Some(open_edition(&snapshot))))
}

async fn frozen(tx: &mut Tx, row: &PeriodReportRow) -> Result<Snapshot> {
    let content = period_report_content(tx, row.id).await?;
    serde_json::from_str(&content).map_err(|error| Error::internal(&error))
}

async fn names(tx: &mut Tx, rows: &[PeriodReportRow]) -> Result<Names> {
    let mut names = Names::new();
    let of = |row: &PeriodReportRow| [row.written_by, row.approved_by, row.published_by, row.ended_by];
    for id in rows.iter().flat_map(of).flatten() {
        if !names.contains_key(&id)
            && let Some(account) = account_get(tx, id.into()).await?
        {
            names.insert(id, account.name);
        }
    }
    Ok(names)
}
