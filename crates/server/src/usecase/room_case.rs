//! One case of a sample as evaluators see it: what was said and done, and when; not who reported, nor which unit it was.
//! Every look is on the record.

use std::collections::BTreeSet;

use muster_core::evaluate::blind::Blind;
use muster_core::evaluate::question::{AnsweredBy, Answers};
use muster_core::id::{CaseId, PersonId};
use muster_core::intake::redact;
use muster_core::pack::ClockKind;
use muster_core::people::{Action, Actor};
use muster_core::process::Move;
use muster_core::time::Timestamp;
use muster_store::Tx;
use muster_store::intake::{ReportRow, person_get, reports_of_case};
use muster_store::people::{account_get, area_list, unit_list};
use muster_store::photo::photos_of_case;
use muster_store::process::{CaseRow, StepRow, case_get, clocks_of_case, lines_of_case, steps_of_case};
use muster_store::room::{AnswerRow, answers_of_case, pick_case};
use uuid::Uuid;

use super::act::Act;
use super::room::{Contract, contract, named};
use super::room_work::opened;
use crate::error::{Error, Result};
use crate::secret::place;
use crate::state::State;

/// A line of what happened, without who: `side` is `resident`, `unit`, `staff` or `system`.
#[derive(Clone, Debug)]
pub struct MaskedStep {
    pub at: Timestamp,
    pub side: &'static str,
    /// None of a line of the thread.
    pub step: Option<Move>,
    pub text: String,
    /// Of an answer: what the unit claims, and what shows it.
    pub outcome: Option<String>,
    pub evidence: String,
}

#[derive(Clone, Debug)]
pub struct MaskedCase {
    pub contract: Contract,
    pub number: i64,
    pub category: String,
    pub title: String,
    pub text: String,
    /// Reports that were joined to it, itself included.
    pub reports: i64,
    pub received_at: Timestamp,
    /// When the answer was promised, and whether it came by then.
    pub promised: Option<(Timestamp, bool)>,
    pub photos: usize,
    pub steps: Vec<MaskedStep>,
    pub answers: Option<Answers>,
    pub revision: i64,
}

/// Areas whose names are taken out, at most.
const AREAS: i64 = 20_000;
/// Reporters of one case whose names are looked up to be taken out, at most.
const REPORTERS: usize = 20;

pub async fn room_case(state: &State, actor: &Actor, id: Uuid, number: i64) -> Result<MaskedCase> {
    let mut act = Act::begin(state, actor).await?;
    let contract = contract(&mut act.tx, actor, id, Action::RoomWork).await?;
    named(&mut act.tx, actor, id).await?;
    opened(&contract, act.at)?;
    let case = pick_case(&mut act.tx, id, number).await?.ok_or_else(Error::not_found)?;
    let case = case_get(&mut act.tx, CaseId(case)).await?.ok_or_else(Error::not_found)?;
    let held = answers_of_case(&mut act.tx, id, number, AnsweredBy::File).await?;
    let reports = reports_of_case(&mut act.tx, case.id).await?;
    let steps = steps_of_case(&mut act.tx, case.id).await?;
    let mask = Mask::of(&mut act.tx, state, &contract, &steps, &reports).await?;
    let masked = MaskedCase {
        number,
        category: case.category.clone(),
        title: mask.text(&case.title),
        text: mask.text(&case.text),
        reports: case.reports,
        received_at: case.received_at,
        promised: promised(&mut act.tx, &case).await?,
        photos: photos_of_case(&mut act.tx, case.id).await?.len(),
        steps: masked_steps(&mut act.tx, &mask, &case, &steps).await?,
        answers: held.as_ref().map(AnswerRow::given).transpose()?,
        revision: held.map_or(0, |row| row.revision),
        contract,
    };
    act.audit(Action::RoomWork, "room_case", format!("{id}/{number}"), None);
    act.commit().await?;
    Ok(masked)
}

/// Everything that tells who, as it is taken out of the texts of one case.
struct Mask {
    blind: Blind,
    names: Vec<String>,
}

impl Mask {
    async fn of(
        tx: &mut Tx,
        state: &State,
        contract: &Contract,
        steps: &[StepRow],
        reports: &[ReportRow],
    ) -> Result<Self> {
        let units = unit_list(tx).await?;
        let departments = state.pack.duties.departments();
        let bodies = departments.flat_map(|known| std::iter::once(&known.name.zh).chain(known.at.values()));
        let units: Vec<&str> = (units.iter().map(|unit| &unit.name))
            .chain(bodies)
            .chain(&state.pack.questionnaires.masked)
            .map(String::as_str)
            .collect();
        let whole = contract.row.area;
        let areas = area_list(tx, whole.range(), AREAS).await?;
        let areas: Vec<&str> = areas.iter().filter(|area| area.id != whole).map(|area| area.name.as_str()).collect();
        let mut people = Vec::new();
        for id in steps.iter().filter_map(|step| step.actor_id).collect::<BTreeSet<_>>() {
            people.extend(account_get(tx, id.into()).await?.map(|account| account.name));
        }
        let people: Vec<&str> = people.iter().map(String::as_str).collect();
        Ok(Self { blind: Blind::new(&units, &areas, &people), names: names(tx, state, reports).await? })
    }

    fn text(&self, text: &str) -> String {
        let bare = self.names.iter().fold(redact(text, None), |text, name| redact(&text, Some(name)));
        self.blind.mask(&bare)
    }
}

/// The names of those who reported, to be taken out; nobody is shown them.
async fn names(tx: &mut Tx, state: &State, reports: &[ReportRow]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for report in reports.iter().take(REPORTERS) {
        let (Some(sealed), Some(person)) = (&report.name_sealed, report.person_id) else { continue };
        let Some(person) = person_get(tx, PersonId(person)).await? else { continue };
        // Of somebody who was erased nothing can be read any more, and nothing has to be hidden.
        let Ok(key) = state.keys.unwrap(&person.wrapped_key, &person.id.to_string()) else { continue };
        let at = place("reports", "name_sealed", &report.id.to_string());
        let name = key.open(&at, sealed).map_err(|error| Error::internal(&error))?;
        names.push(String::from_utf8_lossy(&name).into_owned());
    }
    Ok(names)
}

async fn promised(tx: &mut Tx, case: &CaseRow) -> Result<Option<(Timestamp, bool)>> {
    let clocks = clocks_of_case(tx, case.id).await?;
    let answer = clocks.iter().filter(|clock| clock.is(ClockKind::Answer)).max_by_key(|clock| clock.started_at);
    Ok(answer.map(|clock| (clock.due_at, clock.broken_at.is_none())))
}

/// In the order of time: the history and the thread in one. What the resident said at the callback is left out: it is what
/// the evaluators' answers are compared with.
async fn masked_steps(tx: &mut Tx, mask: &Mask, case: &CaseRow, steps: &[StepRow]) -> Result<Vec<MaskedStep>> {
    let told = steps.iter().filter(|step| !matches!(step.step, Move::Rate | Move::Lapse));
    let text = |json: &serde_json::Value| json.as_str().unwrap_or_default().to_owned();
    let mut lines: Vec<MaskedStep> = told
        .map(|step| MaskedStep {
            at: step.at,
            side: side(step),
            step: Some(step.step),
            text: mask.text(step.public_text.as_deref().unwrap_or_default()),
            outcome: step.detail["outcome"].as_str().map(str::to_owned),
            evidence: mask.text(&text(&step.detail["evidence"])),
        })
        .collect();
    for line in lines_of_case(tx, case.id).await? {
        let side = if line.side == "resident" { "resident" } else { "unit" };
        let (text, at) = (mask.text(&line.text), line.at);
        lines.push(MaskedStep { at, side, step: None, text, outcome: None, evidence: String::new() });
    }
    lines.sort_by_key(|line| line.at);
    Ok(lines)
}

fn side(step: &StepRow) -> &'static str {
    match step.step {
        Move::Accept
        | Move::Answer
        | Move::Dispute
        | Move::Contact
        | Move::ExtendAsk
        | Move::ParkAsk
        | Move::SuperviseReport
        | Move::PartDone => "unit",
        _ if step.actor_kind == "system" => "system",
        _ if step.actor_kind == "account" => "staff",
        _ => "resident",
    }
}
