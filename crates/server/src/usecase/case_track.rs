//! What a resident sees of a case: by the code its state and dates, with the secret also the words.

use muster_core::id::{CaseId, secret_canonical};
use muster_core::people::{Action, Actor, may};
use muster_store::intake::{ReportRow, report_by_secret};
use muster_store::people::{area_path, unit_get};
use muster_store::photo::{PhotoHead, photos_of_case};
use muster_store::process::{CaseRow, ClockRow, StepRow, case_by_code, clocks_of_case, steps_of_case};

use super::act::deny;
use crate::error::{Code as ErrorCode, Error, Result};
use crate::state::State;

/// A case as anyone with its code may know it.
#[derive(Clone, Debug)]
pub struct Tracked {
    pub case: CaseRow,
    pub unit: Option<String>,
    pub area: String,
    pub clocks: Vec<ClockRow>,
    /// Empty without the secret. Only steps with their public side are for the resident's eyes.
    pub steps: Vec<StepRow>,
    /// The reporter's own; empty without the secret.
    pub photos: Vec<PhotoHead>,
    /// True when the secret was right.
    pub own: bool,
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
    let mut case = case_by_code(&mut tx, &code).await?.ok_or_else(Error::not_found)?;
    let unit = match case.unit() {
        Some(id) => unit_get(&mut tx, id).await?.map(|unit| unit.name),
        None => None,
    };
    let path = area_path(&mut tx, case.area).await?;
    let clocks = clocks_of_case(&mut tx, case.id).await?;
    let (mut steps, mut photos) = (Vec::new(), Vec::new());
    if let Some(report) = &own {
        // The words of this reporter, not of another whose report was joined to the same case.
        case.text.clone_from(&report.text);
        case.title.clone_from(&report.title);
        case.place.clone_from(&report.place);
        steps = steps_of_case(&mut tx, case.id).await?;
        photos = photos_of_case(&mut tx, case.id).await?;
        photos.retain(|photo| photo.report_id == report.id);
        for step in &mut steps {
            step.internal_text = None;
        }
    } else {
        case.text.clear();
        case.title.clear();
        case.place.clear();
    }
    let area = path.last().map(|area| area.name.clone()).unwrap_or_default();
    Ok(Tracked { case, unit, area, clocks, steps, photos, own: own.is_some() })
}

/// Who knows the secret of a case: its reporter, or one whose report was joined to it.
pub async fn reporter(state: &State, code: &str, secret: &str) -> Result<(Actor, CaseId)> {
    let report = report_of(state, code, secret).await?;
    Ok((Actor::Reporter(report.case_id), report.case_id))
}

/// The report beside whose code this secret was printed.
pub(super) async fn report_of(state: &State, code: &str, secret: &str) -> Result<ReportRow> {
    let wrong = || Error::new(ErrorCode::NotFound, "No case has this code and secret together; check both as printed.");
    let code = code.parse().map_err(|_| wrong())?;
    let secret = secret_canonical(secret).ok_or_else(wrong)?;
    let mut tx = state.read().await?;
    let case = case_by_code(&mut tx, &code).await?.ok_or_else(wrong)?;
    let hash = state.keys.secret_hash(&case.id.to_string(), &secret);
    report_by_secret(&mut tx, case.id, &hash).await?.ok_or_else(wrong)
}
