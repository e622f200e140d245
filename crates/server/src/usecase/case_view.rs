//! A case as staff see it: the text, the way so far, the judgement, the clocks; not the person.

use std::collections::{BTreeMap, BTreeSet};

use muster_core::people::{Action, Actor, may};
use muster_store::intake::{JudgementRow, ReportRow, judgements_of_case, person_get, reports_of_case};
use muster_store::meeting::{MatterRow, matter_open};
use muster_store::people::{Area, Unit, account_get, area_path, unit_get};
use muster_store::photo::{PhotoHead, photos_of_case};
use muster_store::practice::practice_of_case;
use muster_store::process::{
    CaseRow, ClockEntryRow, ClockRow, LineRow, NoteRow, Parts, RequestRow, RungRow, StepRow, SupervisionRow, TaskRow,
    case_by_code, clock_entries_of_case, clocks_of_case, lines_of_case, notes_of_case, parts_of_case, requests_of_case,
    rungs_of_case, steps_of_case, supervisions_of_case, tasks_of_case,
};
use uuid::Uuid;

use super::act::deny;
use super::case_line::lines_seen;
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
    /// What happened to the clocks beside time, and the rungs of the ladder they passed.
    pub entries: Vec<ClockEntryRow>,
    pub rungs: Vec<RungRow>,
    pub requests: Vec<RequestRow>,
    pub supervisions: Vec<SupervisionRow>,
    /// Between resident and unit; and apart from it what staff note among themselves.
    pub lines: Vec<LineRow>,
    pub notes: Vec<NoteRow>,
    /// Names of the accounts that wrote, asked and decided.
    pub names: BTreeMap<Uuid, String>,
    /// What waits for a joint meeting.
    pub matter: Option<MatterRow>,
    /// The practice that was proposed from it.
    pub practice: Option<Uuid>,
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
    let steps = steps_of_case(&mut tx, case.id).await?;
    let requests = requests_of_case(&mut tx, case.id).await?;
    let lines = lines_of_case(&mut tx, case.id).await?;
    let notes = notes_of_case(&mut tx, case.id).await?;
    let who = steps.iter().filter_map(|step| step.actor_id);
    let who = who.chain(requests.iter().flat_map(|row| [row.asked_by, row.decided_by]).flatten());
    let who = who.chain(lines.iter().filter_map(|row| row.account_id));
    let who: BTreeSet<Uuid> = who.chain(notes.iter().filter_map(|row| row.account_id)).collect();
    let mut names = BTreeMap::new();
    for id in who {
        if let Some(account) = account_get(&mut tx, id.into()).await? {
            names.insert(id, account.name);
        }
    }
    let steps = steps.into_iter().map(|step| (step.actor_id.and_then(|id| names.get(&id).cloned()), step));
    let steps = steps.map(|(name, step)| (step, name)).collect();
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
    let reached = first.is_some_and(|person| person.phone_sealed.is_some() || person.handle_sealed.is_some());
    let file = CaseFile {
        reached,
        area: area_path(&mut tx, case.area).await?,
        unit,
        reports,
        photos,
        judgements: judgements_of_case(&mut tx, case.id).await?,
        tasks: tasks_of_case(&mut tx, case.id).await?,
        matter: matter_open(&mut tx, case.id).await?,
        practice: practice_of_case(&mut tx, case.id).await?,
        parts,
        clocks: clocks_of_case(&mut tx, case.id).await?,
        entries: clock_entries_of_case(&mut tx, case.id).await?,
        rungs: rungs_of_case(&mut tx, case.id).await?,
        supervisions: supervisions_of_case(&mut tx, case.id).await?,
        requests,
        lines,
        notes,
        names,
        steps,
        case,
    };
    drop(tx);
    // Whoever can answer the resident has read what they wrote.
    if may(actor, Action::LineWrite, &file.case.subject()).is_ok()
        && let Err(error) = lines_seen(state, &file.lines, "resident").await
    {
        tracing::warn!(%error, "that the unit has read the thread is not noted");
    }
    Ok(file)
}
