//! A contract with a third party is ordered: what is evaluated, by whom, when, by which design and questions, and how the
//! seed will come about. From then on nothing of it can be chosen by looking at the cases.

use jiff::civil::Date;
use muster_core::area::AreaId;
use muster_core::evaluate::room::{RoomState, SAMPLE_MOST, SeedKind};
use muster_core::evaluate::sample::{Allocation, Design, StrataBy, fingerprint};
use muster_core::people::{Action, Actor, Role, Subject, may, scope};
use muster_core::time::Timestamp;
use muster_store::Tx;
use muster_store::people::area_get;
use muster_store::room::{EvaluatorRow, RoomRow, accounts_only, evaluators_put, room_insert};
use uuid::Uuid;

use super::act::{Act, deny, fits};
use super::room::{Contract, contract, note};
use crate::error::{Error, FieldError, Result};
use crate::secret::{hex, place};
use crate::state::State;

/// A contract as it is typed. Days are inclusive days of the city.
#[derive(Clone, Debug)]
pub struct RoomDraft {
    pub title: String,
    pub agency: String,
    pub area: Option<AreaId>,
    pub cases: (Option<Date>, Option<Date>),
    pub work: (Option<Date>, Option<Date>),
    pub design: Design,
    pub questionnaire: String,
    pub calls: bool,
    pub seed_kind: SeedKind,
    /// Of a number drawn in public: what is drawn, and when.
    pub source: String,
    pub source_at: Option<Timestamp>,
    pub evaluators: Vec<Uuid>,
}

impl Default for RoomDraft {
    fn default() -> Self {
        Self {
            title: String::new(),
            agency: String::new(),
            area: None,
            cases: (None, None),
            work: (None, None),
            design: Design { by: StrataBy::Unit, allocation: Allocation::Proportional, size: 100, least: 2 },
            questionnaire: String::new(),
            calls: false,
            seed_kind: SeedKind::Secret,
            source: String::new(),
            source_at: None,
            evaluators: Vec::new(),
        }
    }
}

/// Of each stratum at least so many can be asked for.
const LEAST_MOST: u32 = 50;

pub async fn room_order(state: &State, actor: &Actor, draft: &RoomDraft) -> Result<Uuid> {
    let Some(area) = draft.area else {
        scope(actor, Action::RoomOrder).map_err(deny)?;
        return Err(check(state, draft).err().unwrap_or_else(Error::not_found));
    };
    let mut act = Act::begin(state, actor).await?;
    act.may(Action::RoomOrder, &Subject::area(area))?;
    let unknown = || Error::invalid("area", "area-unknown", format!("There is no area {area}."));
    area_get(&mut act.tx, area).await?.ok_or_else(unknown)?;
    check(state, draft)?;
    fits(state, "title", &draft.title)?;
    fits(state, "agency", &draft.agency)?;
    fits(state, "source", &draft.source)?;
    can_evaluate(&mut act.tx, area, &draft.evaluators).await?;
    let row = row(state, actor, draft, area, act.at)?;
    room_insert(&mut act.tx, &row).await?;
    evaluators_put(&mut act.tx, row.id, &draft.evaluators).await?;
    note(&mut act, row.id, "order", "", Action::RoomOrder).await?;
    act.commit().await?;
    Ok(row.id)
}

/// Every fault of the draft that needs no look into the database.
fn check(state: &State, draft: &RoomDraft) -> Result<()> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, code: &str, detail: &str| {
        faults.push(FieldError { pointer: format!("/{field}"), code: code.to_owned(), detail: detail.to_owned() });
    };
    if draft.title.trim().is_empty() {
        fault("title", "room-title-missing", "Give the evaluation a name.");
    }
    if draft.area.is_none() {
        fault("area", "area-unknown", "Choose an area from the list.");
    }
    if draft.agency.trim().is_empty() {
        fault("agency", "room-agency-missing", "Say which body evaluates.");
    }
    for ((from, until), last) in [(draft.cases, "cases_until"), (draft.work, "work_until")] {
        match (from, until) {
            (Some(from), Some(until)) if from <= until => {}
            _ => fault(last, "room-days", "Give two days, the first not after the second."),
        }
    }
    if !(1..=SAMPLE_MOST).contains(&draft.design.size) {
        fault("size", "room-size", "The sample has 1 to 5000 cases.");
    }
    if !(1..=LEAST_MOST).contains(&draft.design.least) {
        fault("least", "room-least", "At least 1 to 50 cases of each part; two or more show how far they differ.");
    }
    if state.pack.questionnaires.get(&draft.questionnaire).is_none() {
        fault("questionnaire", "room-questionnaire", "Choose a questionnaire of the pack.");
    }
    if draft.evaluators.is_empty() {
        fault("evaluators", "room-evaluators", "Name at least one account that evaluates.");
    }
    if draft.seed_kind == SeedKind::Source {
        if draft.source.trim().is_empty() {
            fault("source", "room-source-missing", "Name what is drawn in public, such as a lottery and its number.");
        }
        if draft.source_at.is_none_or(|at| at <= state.now()) {
            fault(
                "source_at",
                "room-source-past",
                "The number must be drawn later than now: the frame is closed before it.",
            );
        }
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid_fields(faults)) }
}

/// Those who evaluate hold this role there and no other: who also works on cases cannot be blind.
pub(super) async fn can_evaluate(tx: &mut Tx, area: AreaId, accounts: &[Uuid]) -> Result<()> {
    let can = evaluators(tx, area).await?;
    if accounts.iter().all(|id| can.iter().any(|row| row.id == *id)) {
        return Ok(());
    }
    let detail = "Choose accounts from the list: they evaluate in this area and hold no other role.";
    Err(Error::invalid("evaluators", "room-evaluators", detail))
}

pub(super) async fn evaluators(tx: &mut Tx, area: AreaId) -> Result<Vec<EvaluatorRow>> {
    let areas: Vec<AreaId> = std::iter::once(area).chain(area.ancestors()).collect();
    Ok(accounts_only(tx, Role::Evaluator.as_str(), &areas).await?)
}

fn row(state: &State, actor: &Actor, draft: &RoomDraft, area: AreaId, at: Timestamp) -> Result<RoomRow> {
    let id = state.chance.uuid(at);
    let days = |(from, until): (Option<Date>, Option<Date>)| {
        let calendar = &state.pack.calendar;
        let bounds = |day: Option<Date>| calendar.day_bounds(day.unwrap_or_default());
        (bounds(from).0, bounds(until).1)
    };
    let ((cases_from, cases_until), (work_from, work_until)) = (days(draft.cases), days(draft.work));
    let questionnaire = state.pack.questionnaires.get(&draft.questionnaire);
    let json = |value: serde_json::Result<serde_json::Value>| value.map_err(|error| Error::internal(&error));
    let secret = (draft.seed_kind == SeedKind::Secret).then(|| hex(&state.chance.bytes::<32>()));
    let seal = |seed: &String| {
        state.keys.seal(&place("rooms", "seed_sealed", &id.to_string()), seed.as_bytes(), &state.chance)
    };
    let source = draft.seed_kind == SeedKind::Source;
    Ok(RoomRow {
        id,
        title: draft.title.trim().to_owned(),
        agency: draft.agency.trim().to_owned(),
        area,
        cases_from,
        cases_until,
        work_from,
        work_until,
        design: json(serde_json::to_value(draft.design))?,
        questionnaire: json(serde_json::to_value(questionnaire))?,
        calls: draft.calls,
        seed_kind: draft.seed_kind,
        seed_source: source.then(|| draft.source.trim().to_owned()),
        seed_at: draft.source_at.filter(|_| source).map(|at| at.0),
        seed_hash: secret.as_deref().map(fingerprint),
        seed_sealed: secret.as_ref().map(seal),
        seed: None,
        state: RoomState::Ordered,
        version: 1,
        frame_size: None,
        frame_hash: None,
        framed_at: None,
        drawn_at: None,
        ordered_at: at,
        ordered_by: actor.account_id().map(|id| id.0),
    })
}

/// What the form begins with: who can evaluate in an area, and an earlier contract to go by.
#[derive(Clone, Debug)]
pub struct RoomForm {
    pub evaluators: Vec<EvaluatorRow>,
    pub like: Option<Contract>,
}

/// `like` is an earlier contract that the new one resembles.
pub async fn room_form(state: &State, actor: &Actor, like: Option<Uuid>) -> Result<RoomForm> {
    let scope = scope(actor, Action::RoomOrder).map_err(deny)?;
    let mut tx = state.read().await?;
    let like = match like {
        Some(id) => Some(contract(&mut tx, actor, id, Action::RoomView).await?),
        None => None,
    };
    let city = state.pack.root_area;
    let own = match actor {
        Actor::Account(account) => {
            account.grants.iter().map(|grant| grant.area).find(|area| scope.areas.contains(&area.range()))
        }
        _ => None,
    };
    let area = own.unwrap_or(city);
    may(actor, Action::RoomOrder, &Subject::area(area)).map_err(deny)?;
    Ok(RoomForm { evaluators: evaluators(&mut tx, area).await?, like })
}
