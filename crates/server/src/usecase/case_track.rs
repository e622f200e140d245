//! What a resident sees of a case: by the code its state and dates, with the secret also the words.

use muster_core::id::{CaseId, ReportId, secret_canonical};
use muster_core::people::{Action, Actor, may};
use muster_core::process::Move;
use muster_store::intake::{ReportRow, cases_told, report_by_secret};
use muster_store::people::{area_path, unit_get};
use muster_store::photo::{PhotoHead, photos_of_case};
use muster_store::process::{
    CaseRow, ClockEntryRow, ClockRow, LineRow, StepRow, case_by_code, case_get, clock_entries_of_case, clocks_of_case,
    lines_of_case, steps_of_case,
};
use muster_store::share::share_book;

use super::act::deny;
use super::case_line::lines_seen;
use super::report_tell::note_seen;
use super::share_view::{KindShare, by_kind};
use crate::error::{Code as ErrorCode, Error, Result};
use crate::state::State;

/// A case as anyone with its code may know it.
#[derive(Clone, Debug)]
pub struct Tracked {
    pub case: CaseRow,
    pub unit: Option<String>,
    pub area: String,
    pub clocks: Vec<ClockRow>,
    /// What happened to the clocks beside time.
    pub entries: Vec<ClockEntryRow>,
    /// Empty without the secret. Only steps with their public side are for the resident's eyes.
    pub steps: Vec<StepRow>,
    /// Between the reporter and the unit; empty without the secret.
    pub lines: Vec<LineRow>,
    /// The reporter's own; empty without the secret.
    pub photos: Vec<PhotoHead>,
    /// What the project costs and who bears it, by kind and without names; none without the secret.
    pub money: Option<(i64, Vec<KindShare>)>,
    /// True when the secret was right.
    pub own: bool,
    /// Their report was joined to a case that was already open.
    pub joined: bool,
}

/// A wrong code and a wrong secret get the same answer.
pub async fn case_track(state: &State, code: &str, secret: Option<&str>) -> Result<Tracked> {
    may(&Actor::Anonymous, Action::CaseTrack, &muster_core::people::Subject::NONE).map_err(deny)?;
    let own = match secret {
        Some(secret) if !secret.trim().is_empty() => Some(report_of(state, code, secret).await?),
        _ => None,
    };
    let mut tx = state.read().await?;
    let code = code.parse().map_err(|fault: muster_core::id::CodeFault| {
        Error::invalid("code", "code-wrong", format!("This is not a code: {fault}."))
    })?;
    let found = match &own {
        // It may have been given a case of its own since the code was printed.
        Some(report) => case_get(&mut tx, report.case_id).await?,
        None => case_by_code(&mut tx, &code).await?,
    };
    let mut case = found.ok_or_else(Error::not_found)?;
    let unit = match case.unit() {
        Some(id) => unit_get(&mut tx, id).await?.map(|unit| unit.name),
        None => None,
    };
    let path = area_path(&mut tx, case.area).await?;
    let clocks = clocks_of_case(&mut tx, case.id).await?;
    let entries = clock_entries_of_case(&mut tx, case.id).await?;
    let (mut steps, mut photos, mut lines, mut money) = (Vec::new(), Vec::new(), Vec::new(), None);
    if let Some(report) = &own {
        // The words of this reporter, not of another whose report was joined to the same case.
        case.text.clone_from(&report.text);
        case.title.clone_from(&report.title);
        case.place.clone_from(&report.place);
        steps = steps_of_case(&mut tx, case.id).await?;
        photos = photos_of_case(&mut tx, case.id).await?;
        steps.retain(|step| step.step.is_public());
        photos.retain(|photo| photo.report_id == report.id);
        lines = lines_of_case(&mut tx, case.id).await?;
        money = share_book(&mut tx, case.id).await?.map(|book| (book.account.cost, by_kind(&book)));
        // What another reporter of the same matter wrote is theirs.
        lines.retain(|line| line.report_id.is_none_or(|by| by == report.id.0));
        drop(tx);
        // Where nothing can be written, it can still be read.
        if let Err(error) = note_seen(state, report, &steps).await {
            tracing::warn!(%error, "that a reporter has read is not noted");
        }
        if let Err(error) = lines_seen(state, &lines, "unit").await {
            tracing::warn!(%error, "that a reporter has read the thread is not noted");
        }
        for step in &mut steps {
            step.internal_text = None;
            // What another reporter of the same matter wrote is theirs.
            let by = step.detail["by"].as_str();
            if matches!(step.step, Move::Rate | Move::Reopen) && by.is_some_and(|by| by != report.id.to_string()) {
                step.public_text = None;
            }
        }
    } else {
        case.text.clear();
        case.title.clear();
        case.place.clear();
    }
    let area = path.last().map(|area| area.name.clone()).unwrap_or_default();
    let joined = own.as_ref().is_some_and(|report| !opened_by(report.id, &steps));
    Ok(Tracked { case, unit, area, clocks, entries, steps, lines, photos, money, own: own.is_some(), joined })
}

/// Whether a report opened the case with these steps.
pub fn opened_by<'a>(report: ReportId, steps: impl IntoIterator<Item = &'a StepRow>) -> bool {
    steps.into_iter().any(|step| step.step == Move::Receive && step.detail["report"] == report.to_string())
}

/// Who knows the secret of a case: its reporter, or one whose report was joined to it.
pub(super) async fn reporter(state: &State, code: &str, secret: &str) -> Result<(Actor, ReportRow)> {
    let report = report_of(state, code, secret).await?;
    Ok((Actor::Reporter(report.case_id), report))
}

/// The report beside whose code this secret was printed.
pub(super) async fn report_of(state: &State, code: &str, secret: &str) -> Result<ReportRow> {
    let wrong = || Error::new(ErrorCode::NotFound, "No case has this code and secret together; check both as printed.");
    let code = code.parse().map_err(|_| wrong())?;
    let secret = secret_canonical(secret).ok_or_else(wrong)?;
    let mut tx = state.read().await?;
    let case = case_by_code(&mut tx, &code).await?.ok_or_else(wrong)?;
    // The secret belongs to the code it was printed beside, which is not the code of a case the report came to later.
    let told = cases_told(&mut tx, case.id).await?.into_iter().map(CaseId);
    for told in std::iter::once(case.id).chain(told) {
        let hash = state.keys.secret_hash(&told.to_string(), &secret);
        match report_by_secret(&mut tx, told, &hash).await? {
            Some(report) if told == case.id || report.case_id == case.id => return Ok(report),
            _ => {}
        }
    }
    Err(wrong())
}
