//! A report of an area and period is written by itself, from what the record holds, and frozen.

use muster_core::area::AreaId;
use muster_core::evaluate::period::Period;
use muster_core::evaluate::snapshot::Snapshot;
use muster_core::pack::Template;
use muster_core::people::{Action, Actor, Subject, may};
use muster_store::period_report::{PeriodReportRow, period_report_insert, period_reports_of};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::act::{Act, deny};
use super::notice::{To, Word};
use super::period_report_gather::gather;
use crate::error::{Error, Result};
use crate::secret::hex;
use crate::state::State;

/// The frozen report, and what it says. One that says the very same and still stands is taken, not written again.
pub async fn period_report_write(
    state: &State,
    actor: &Actor,
    area: AreaId,
    period: Period,
) -> Result<(PeriodReportRow, Snapshot)> {
    may(actor, Action::PeriodReportWrite, &Subject::area(area)).map_err(deny)?;
    let snapshot = gather(state, area, period).await?;
    let content = serde_json::to_string(&snapshot).map_err(|error| Error::internal(&error))?;
    let hash = hex(&Sha256::digest(content.as_bytes()));
    let mut act = Act::begin(state, actor).await?;
    let stands = |row: &PeriodReportRow| row.hash == hash && row.ended_at.is_none();
    if let Some(same) = period_reports_of(&mut act.tx, area, period).await?.into_iter().find(stands) {
        return Ok((same, snapshot));
    }
    let row = PeriodReportRow {
        id: state.chance.uuid(act.at),
        area,
        period,
        hash,
        state: "draft".to_owned(),
        written_by: actor.account_id().map(|account| account.0),
        written_at: act.at,
        approved_by: None,
        approved_at: None,
        published_by: None,
        published_at: None,
        ended_by: None,
        ended_at: None,
        reason: None,
        superseded_by: None,
    };
    period_report_insert(&mut act.tx, &row, &content).await?;
    act.tell(Word {
        to: To::Level(area),
        template: Template::ReportWaits,
        path: format!("/reports/{}", row.id),
        params: json!({ "area": snapshot.area_name.zh, "period": period.to_string() }),
        dedup: None,
    });
    act.audit(Action::PeriodReportWrite, "period_report", row.id.to_string(), None);
    act.commit().await?;
    Ok((row, snapshot))
}
