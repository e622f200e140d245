//! A case as staff see it: the text, the way so far, the judgement, the clocks; not the person.

use muster_core::people::{Action, Actor, may};
use muster_store::intake::{JudgementRow, ReportRow, judgements_of_case, person_get, reports_of_case};
use muster_store::people::{Area, Unit, account_get, area_path, unit_get};
use muster_store::photo::{PhotoHead, photos_of_case};
use muster_store::process::{
    CaseRow, ClockRow, Parts, StepRow, TaskRow, case_by_code, clocks_of_case, parts_of_case, steps_of_case,
    tasks_of_case,
};

use super::act::deny;
use super::parts::may_see;
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Clone, Debug)]
pub struct CaseFile {
    pub case: CaseRow,
    /// From the province down.
    pub area: Vec<Area>,
    pub unit: Option<Unit>,
    pub reports: Vec<ReportRow>,
    /// Whether the first reporter left a phone or wrote through a channel that can answer.
    pub reached: bool,
    /// Not opened; oldest report first.
    pub photos: Vec<PhotoHead>,
    pub judgements: Vec<JudgementRow>,
    pub tasks: Vec<TaskRow>,
    pub parts: Parts,
    pub clocks: Vec<ClockRow>,
    /// Each with the name of the account that made it, where one did.
    pub steps: Vec<(StepRow, Option<String>)>,
}

pub async fn case_view(state: &State, actor: &Actor, code: &str) -> Result<CaseFile> {
    let code = code.parse().map_err(|_| Error::not_found())?;
    let mut tx = state.read().await?;
    let case = case_by_code(&mut tx, &code).await?.ok_or_else(Error::not_found)?;
    let parts = parts_of_case(&mut tx, case.id).await?;
    may_see(actor, Action::CaseView, &case, &parts).map_err(deny)?;
    let unit = match case.unit() {
        Some(id) => unit_get(&mut tx, id).await?,
        None => None,
    };
    let mut steps = Vec::new();
    for step in steps_of_case(&mut tx, case.id).await? {
        let name = match step.actor_id {
            Some(id) => account_get(&mut tx, id.into()).await?.map(|account| account.name),
            None => None,
        };
        steps.push((step, name));
    }
    // A unit that only has a part in the work is not shown the photos of the case.
    let photos = match may(actor, Action::PhotoView, &case.subject()) {
        Ok(()) => photos_of_case(&mut tx, case.id).await?,
        Err(_) => Vec::new(),
    };
    let reports = reports_of_case(&mut tx, case.id).await?;
    let first = match reports.first().and_then(|report| report.person_id) {
        Some(id) => person_get(&mut tx, id.into()).await?,
        None => None,
    };
    Ok(CaseFile {
        reached: first.is_some_and(|person| person.phone_sealed.is_some() || person.handle_sealed.is_some()),
        area: area_path(&mut tx, case.area).await?,
        unit,
        reports,
        photos,
        judgements: judgements_of_case(&mut tx, case.id).await?,
        tasks: tasks_of_case(&mut tx, case.id).await?,
        parts,
        clocks: clocks_of_case(&mut tx, case.id).await?,
        steps,
        case,
    })
}
