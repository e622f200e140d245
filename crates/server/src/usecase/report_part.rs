//! A report that was joined to a case is given one of its own: it was another matter after all.

use muster_core::evaluate::Measure;
use muster_core::id::ReportId;
use muster_core::people::{Action, Actor};
use muster_core::process::Move;
use muster_core::sense::Judgement;
use muster_core::sense::likeness::Shingles;
use muster_store::intake::{LikenessKey, ReportRow, judgements_of_case, report_move, report_of_case};
use muster_store::process::{CaseRow, steps_of_case};

use super::act::{Act, Words};
use super::case_track::{opened_by, report_of};
use super::dispatch::owner;
use super::report_submit::{Matter, begin, decides, new_case};
use crate::error::{Error, Result};
use crate::state::State;

/// By staff who decide what a case is about. Returns the new case.
pub async fn report_part(
    state: &State,
    actor: &Actor,
    code: &str,
    report: ReportId,
    version: Option<i64>,
) -> Result<CaseRow> {
    let mut act = Act::begin(state, actor).await?;
    let case = act.case(code, Action::ReportPart, version).await?;
    part(act, Action::ReportPart, case, report).await
}

/// By whoever sent it, with the secret they were given.
pub async fn report_part_own(state: &State, code: &str, secret: &str) -> Result<CaseRow> {
    let report = report_of(state, code, secret).await?;
    let actor = Actor::Reporter(report.case_id);
    let mut act = Act::begin(state, &actor).await?;
    let case = act.lock(report.case_id).await?;
    act.may(Action::ReportPartOwn, &case.subject())?;
    part(act, Action::ReportPartOwn, case, report.id).await
}

async fn part(mut act: Act<'_>, action: Action, mut case: CaseRow, report: ReportId) -> Result<CaseRow> {
    let state = act.state;
    let report = joined(&mut act, &case, report).await?;
    let judgements = judgements_of_case(&mut act.tx, case.id).await?;
    let own = judgements.iter().find(|row| row.report_id == report.id.0 && row.decided_by.is_none());
    let judgement = own.and_then(|row| serde_json::from_value::<Judgement>(row.detail.clone()).ok());
    let judgement = judgement.unwrap_or_else(|| state.judge(&report.title, &report.text));

    let from = case.state;
    case.state_machine()?.part()?;
    case.reports -= 1;
    let matter = Matter { area: report.area, place: &report.place, title: &report.title, text: &report.text };
    let mut new = new_case(state, report.received_at, report.channel, matter, &judgement);
    let owner = if decides(&judgement) {
        Some(owner(&mut act.tx, state, &judgement.category, report.area).await?)
    } else {
        None
    };
    let detail = serde_json::json!({ "report": report.id, "from": case.code });
    begin(&mut act, &mut new, owner.as_ref(), &judgement, detail)?;
    act.uncount(&case, Measure::Joined, report.received_at);
    let detail = serde_json::json!({ "report": report.id, "to": new.code });
    act.step(&case, from, Move::Part, None, Words { detail, ..Words::default() });
    act.audit(action, "case", case.code.as_str(), None);
    act.rows.cases.push(new.clone());
    act.update(&mut case).await?;
    report_move(&mut act.tx, report.id, case.id, new.id).await?;
    let keys = Shingles::of(&report.text).keys().into_iter();
    act.rows.likeness.extend(keys.map(|key| LikenessKey { key, report_id: report.id, case_id: new.id }));
    act.commit().await?;
    Ok(new)
}

/// A report that was joined to the case: not the one that opened it, which the case is about.
async fn joined(act: &mut Act<'_>, case: &CaseRow, report: ReportId) -> Result<ReportRow> {
    let found = report_of_case(&mut act.tx, case.id, report).await?.ok_or_else(Error::not_found)?;
    let steps = steps_of_case(&mut act.tx, case.id).await?;
    if opened_by(report, &steps) {
        let detail = "This report opened the case; only one that was joined to it can part.";
        return Err(Error::conflict(detail, case.state_machine()?.choices().iter().map(|m| m.as_str())));
    }
    Ok(found)
}
