//! A resident, or someone for a resident, says what happened: report, judgement, case, task and clocks in one act.

use muster_core::area::AreaId;
use muster_core::evaluate::Measure;
use muster_core::id::{CaseId, Code, PersonId, ReportId, secret_from_random};
use muster_core::intake::{Accepted, Channel, Draft, accept};
use muster_core::pack::ClockKind;
use muster_core::people::{Action, Actor, Subject};
use muster_core::process::{Case, CaseState, Move};
use muster_core::sense::{Judgement, Told, contradict, judge, likeness};
use muster_core::time::Timestamp;
use muster_store::Tx;
use muster_store::intake::{
    BandRow, IdempotencyRow, JudgementRow, LikeRow, PersonRow, Remembered, ReportRow, idempotency_get, likes,
    person_by_phone,
};
use muster_store::people::{area_get, unit_get};
use muster_store::process::{CaseRow, clocks_of_case};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::act::{Act, Words};
use super::dispatch::{begin_task, owner};
use super::report_alike::{Token, chosen};
use crate::error::{Error, FieldError, Result};
use crate::secret::{DataKey, place};
use crate::state::State;

/// What the reporter is told. The secret is shown once and kept only as a hash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Receipt {
    /// In groups, as read aloud.
    pub code: String,
    pub secret: String,
    /// True when the report was joined to a case already open.
    pub joined: bool,
    pub state: String,
    /// The large class.
    pub class: String,
    /// Name of the unit that must answer; none while a person decides.
    pub unit: Option<String>,
    /// When the answer is promised, in microseconds since 1970 UTC.
    pub due_at: Option<i64>,
    /// The rule by which the unit was found, or why a person decides.
    pub why: String,
}

/// A request that may be sent again: the second time it gets the first answer.
#[derive(Clone, Debug)]
pub struct Again {
    /// Who may repeat it, such as `api`.
    pub scope: String,
    pub key: String,
    /// Hash of the request, so that one key cannot stand for two.
    pub fingerprint: Vec<u8>,
}

impl Again {
    pub fn new(scope: &str, key: &str, draft: &Draft) -> Self {
        let body = serde_json::to_vec(draft).unwrap_or_default();
        Self { scope: scope.to_owned(), key: key.to_owned(), fingerprint: Sha256::digest(body).to_vec() }
    }

    /// The same request with another choice is another request.
    #[must_use]
    pub fn choosing(mut self, choice: &Choice) -> Self {
        if *choice != Choice::Unasked {
            let chosen = format!("{choice:?}");
            self.fingerprint = Sha256::digest([self.fingerprint.as_slice(), chosen.as_bytes()].concat()).to_vec();
        }
        self
    }

    fn place(&self) -> String {
        place("idempotency", "body", &format!("{}/{}", self.scope, self.key))
    }
}

/// Where a row of an import came from and when it happened.
#[derive(Clone, Debug)]
pub struct Origin {
    pub source: String,
    pub external_id: String,
    pub received_at: Timestamp,
}

/// What the reporter said when shown cases like the draft (`report_alike`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Choice {
    /// Nothing was shown: the pack's rule decides.
    #[default]
    Unasked,
    /// None of them: the report opens a case of its own.
    Another,
    /// The one this token names, if it would still be proposed.
    Same(Token),
}

/// Takes in one report in a transaction of its own.
pub async fn report_submit(
    state: &State,
    actor: &Actor,
    channel: Channel,
    draft: &Draft,
    again: Option<&Again>,
) -> Result<Receipt> {
    report_submit_chosen(state, actor, channel, draft, again, &Choice::Unasked).await
}

/// The same after the reporter was asked whether it is one of the cases like it.
pub async fn report_submit_chosen(
    state: &State,
    actor: &Actor,
    channel: Channel,
    draft: &Draft,
    again: Option<&Again>,
    choice: &Choice,
) -> Result<Receipt> {
    // A second try settles two requests with one key that met: the loser finds the winner's answer.
    match try_submit(state, actor, channel, draft, again, choice).await {
        Err(error) if again.is_some() && error.code() == crate::error::Code::StaleEtag => {
            try_submit(state, actor, channel, draft, again, choice).await
        }
        result => result,
    }
}

async fn try_submit(
    state: &State,
    actor: &Actor,
    channel: Channel,
    draft: &Draft,
    again: Option<&Again>,
    choice: &Choice,
) -> Result<Receipt> {
    let mut act = Act::begin(state, actor).await?;
    if let Some(again) = again
        && let Some(receipt) = remembered(&mut act, again).await?
    {
        return Ok(receipt);
    }
    let receipt = take(&mut act, channel, draft, None, choice).await?;
    if let Some(again) = again {
        let body = serde_json::to_vec(&receipt).map_err(|error| Error::internal(&error))?;
        let answer = Remembered {
            fingerprint: again.fingerprint.clone(),
            status: 201,
            body: state.keys.seal(&again.place(), &body, &state.chance),
        };
        let (scope, key, created_at) = (again.scope.clone(), again.key.clone(), act.at);
        act.rows.keys.push(IdempotencyRow { scope, key, answer, created_at });
    }
    act.commit().await?;
    Ok(receipt)
}

async fn remembered(act: &mut Act<'_>, again: &Again) -> Result<Option<Receipt>> {
    let Some(found) = idempotency_get(&mut act.tx, &again.scope, &again.key).await? else {
        return Ok(None);
    };
    if found.fingerprint != again.fingerprint {
        return Err(Error::idempotency_key_reused());
    }
    let body = act.state.keys.open(&again.place(), &found.body).map_err(|error| Error::internal(&error))?;
    serde_json::from_slice(&body).map(Some).map_err(|error| Error::internal(&error))
}

/// Takes in one report within an act of the caller, who commits.
pub async fn report_take(
    act: &mut Act<'_>,
    channel: Channel,
    draft: &Draft,
    origin: Option<Origin>,
) -> Result<Receipt> {
    take(act, channel, draft, origin, &Choice::Unasked).await
}

async fn take(
    act: &mut Act<'_>,
    channel: Channel,
    draft: &Draft,
    origin: Option<Origin>,
    choice: &Choice,
) -> Result<Receipt> {
    let accepted = accept(draft, &act.state.pack.intake).map_err(|faults| {
        Error::invalid_fields(
            faults
                .iter()
                .map(|f| FieldError {
                    pointer: format!("/{}", f.field()),
                    code: f.code().to_owned(),
                    detail: f.to_string(),
                })
                .collect(),
        )
    })?;
    let action = match channel {
        // History keeps the channel it came by; who imports it needs the one permission.
        _ if origin.is_some() => Action::ReportImport,
        Channel::Web | Channel::Api => Action::ReportSubmit,
        Channel::Hotline | Channel::Grid | Channel::Station => Action::ReportEnter,
        Channel::Import => Action::ReportImport,
    };
    act.may(action, &Subject::area(accepted.area))?;
    if area_get(&mut act.tx, accepted.area).await?.is_none() {
        let detail = format!("There is no area {}; choose one from the list.", accepted.area);
        return Err(Error::invalid("area", "area-unknown", detail));
    }
    let phone_index = match &accepted.phone {
        Some(phone) => Some(phone_index(act.state, phone)?),
        None => None,
    };
    if let Some(origin) = &origin {
        act.at = origin.received_at;
    }
    let judgement = judge(&act.state.model, &act.state.sense, &accepted.public_title, &accepted.public_text);
    let sketch = likeness::sketch(&accepted.public_text);
    let mut like = match choice {
        Choice::Unasked => alike(act, &accepted, &judgement, &sketch).await?,
        Choice::Another => None,
        Choice::Same(token) => chosen(&mut act.tx, act.state, &accepted, &sketch, act.at, token).await?,
    };
    if let (Some(found), Some(_)) = (like, &origin)
        && !act.follows(found).await?
    {
        like = None;
    }

    let secret = secret_from_random(u64::from_le_bytes(act.state.chance.bytes()));
    let report = ReportId(act.state.chance.uuid(act.at));
    let new = NewReport {
        report,
        channel,
        accepted: &accepted,
        phone_index,
        judgement: &judgement,
        secret: &secret,
        sketch: &sketch,
        origin,
    };
    // Answered since it was found, a case takes no more reports.
    let found = match like {
        Some(id) => Some(act.lock(id).await?),
        None => None,
    };
    let receipt = match found {
        Some(case) if case.state_machine()?.allowed().contains(&Move::Join) => join(act, &new, case).await?,
        _ => open(act, &new).await?,
    };
    act.audit(action, "report", report.to_string(), None);
    Ok(receipt)
}

/// Under what a phone is found. Some that look like numbers, such as `001234`, can be dialled nowhere.
fn phone_index(state: &State, phone: &str) -> Result<Vec<u8>> {
    let index = state.keys.blind_index(phone);
    index.map(Vec::from).map_err(|fault| Error::invalid("phone", "phone-invalid", fault.to_string()))
}

struct NewReport<'a> {
    report: ReportId,
    channel: Channel,
    accepted: &'a Accepted,
    phone_index: Option<Vec<u8>>,
    judgement: &'a Judgement,
    secret: &'a str,
    sketch: &'a likeness::Sketch,
    origin: Option<Origin>,
}

/// The open case that this report repeats, if one is sure.
async fn alike(
    act: &mut Act<'_>,
    accepted: &Accepted,
    judgement: &Judgement,
    sketch: &likeness::Sketch,
) -> Result<Option<CaseId>> {
    let found = candidates(&mut act.tx, act.state, accepted.area, sketch, act.at).await?;
    Ok(repeated(act.state, accepted, judgement, sketch, &found))
}

/// Open cases around an area with a report that shares words with the draft, newest first.
pub(super) async fn candidates(
    tx: &mut Tx,
    state: &State,
    area: AreaId,
    sketch: &likeness::Sketch,
    at: Timestamp,
) -> Result<Vec<LikeRow>> {
    let since = at.plus(-i64::from(state.pack.intake.join.window_days) * Timestamp::DAY);
    let mut found = likes(tx, &likeness::bands(sketch), around(area), since, 50).await?;
    found.retain(|like| like.received_at <= at);
    Ok(found)
}

/// The first of the candidates that the pack's rule is sure a report repeats: same class, same area, nearly the same
/// words, and no report of it known here that names another place or other numbers.
pub(super) fn repeated(
    state: &State,
    accepted: &Accepted,
    judgement: &Judgement,
    sketch: &likeness::Sketch,
    found: &[LikeRow],
) -> Option<CaseId> {
    let told = Told { place: &accepted.public_place, text: &accepted.public_text };
    let repeats = |like: &&LikeRow| {
        let near = like.area.contains(accepted.area) || accepted.area.contains(like.area);
        let same_class = like.category.get(..2) == judgement.category.get(..2);
        near && same_class && alike_by(sketch, like) >= state.pack.intake.join.similarity
    };
    let contradicts = |like: &LikeRow| contradict(told, Told { place: &like.place, text: &like.text });
    let mut sure = found.iter().filter(repeats).map(|like| like.case_id);
    sure.find(|case| !found.iter().any(|like| like.case_id == *case && contradicts(like)))
}

/// How alike the reports' words are, 0 to 1.
pub(super) fn alike_by(sketch: &likeness::Sketch, like: &LikeRow) -> f64 {
    likeness::Sketch::from_bytes(&like.sketch).map_or(0.0, |other| likeness::similarity(sketch, &other))
}

/// The county around an area, or the area itself when it is larger.
fn around(area: AreaId) -> (i64, i64) {
    area.ancestor(muster_core::area::Level::County).unwrap_or(area).range()
}

/// Attaches a report to the case it repeats.
async fn join(act: &mut Act<'_>, new: &NewReport<'_>, mut case: CaseRow) -> Result<Receipt> {
    let from = case.state;
    case.state_machine()?.join()?;
    case.reports += 1;
    store_report(act, new, case.id).await?;
    act.count(&case, Measure::Received);
    act.count(&case, Measure::Joined);
    let detail = serde_json::json!({ "report": new.report });
    act.step(&case, from, Move::Join, None, Words { detail, ..Words::default() });
    act.update(&mut case).await?;
    let unit = match case.unit() {
        Some(id) => unit_get(&mut act.tx, id).await?.map(|unit| unit.name),
        None => None,
    };
    let clocks = clocks_of_case(&mut act.tx, case.id).await?;
    let promise = clocks.iter().rfind(|clock| clock.task_id.is_none() && clock.kind == ClockKind::Answer.code());
    Ok(receipt(&case, new, unit, promise.map(|clock| clock.due_at.0), JOINED.to_owned()))
}

/// The `why` of a receipt whose report repeats an open case.
const JOINED: &str = "joined";

/// Opens a case and sends it to its unit, or to triage when confidence or owner is unclear.
async fn open(act: &mut Act<'_>, new: &NewReport<'_>) -> Result<Receipt> {
    let mut case = new_case(act.state, act.at, new.channel, new.accepted, new.judgement);
    let owner = if new.judgement.sure { Some(owner(act, &case.category, &case).await?) } else { None };
    let why = match &owner {
        Some(Ok((_, basis))) => basis.clone(),
        Some(Err(no_owner)) => no_owner.to_string(),
        None => "unsure".to_owned(),
    };
    let unit = owner.and_then(std::result::Result::ok).map(|(unit, _)| unit);
    if unit.is_none() {
        case.triage_reason = Some(why.clone());
    }
    let promised = act.start_clock(&case, None, ClockKind::Answer, act.at);
    let received = Words { detail: serde_json::json!({ "report": new.report }), ..Words::default() };
    act.step(&case, CaseState::Triage, Move::Receive, None, received);
    let task = if let Some(unit) = &unit {
        case.take(&Case::Triage.assign(act.at)?);
        let (task, due) = begin_task(act, &mut case, unit.id, 1, act.at);
        case.due_at = Some(due.min(promised).0);
        Some(task)
    } else {
        let decide_by = act.start_clock(&case, None, ClockKind::Dispatch, act.at);
        case.due_at = Some(decide_by.min(promised).0);
        None
    };
    store_report(act, new, case.id).await?;
    act.count(&case, Measure::Received);
    act.count(&case, Measure::Opened);
    if let (Some(unit), Some(task)) = (&unit, &task) {
        act.count(&case, Measure::RoutedAlone);
        let detail = serde_json::json!({ "basis": why, "unit": unit.code });
        act.step(&case, CaseState::Triage, Move::Assign, Some(task.id), Words { detail, ..Words::default() });
    }
    let receipt = receipt(&case, new, unit.map(|unit| unit.name), Some(promised.0), why);
    act.rows.tasks.extend(task);
    act.rows.cases.push(case);
    Ok(receipt)
}

/// A case as it begins, before anyone has decided anything.
pub(crate) fn new_case(
    state: &State,
    at: Timestamp,
    channel: Channel,
    accepted: &Accepted,
    judgement: &Judgement,
) -> CaseRow {
    CaseRow {
        id: CaseId(state.chance.uuid(at)),
        code: Code::from_random(u64::from_le_bytes(state.chance.bytes())),
        state: CaseState::Triage,
        area: accepted.area,
        category: judgement.category.clone(),
        kind: judgement.kind.code().to_owned(),
        urgency: judgement.urgency.code().to_owned(),
        title: accepted.public_title.clone(),
        text: accepted.public_text.clone(),
        place: accepted.public_place.clone(),
        channel,
        pack: state.pack.version.clone(),
        unit_id: None,
        triage_reason: None,
        refused_reason: None,
        outcome: None,
        confirmed: None,
        rating: None,
        reports: 1,
        received_at: at,
        assigned_at: None,
        accepted_at: None,
        answered_at: None,
        closed_at: None,
        due_at: None,
        version: 1,
    }
}

/// Writes the report with its person, judgement and likeness.
async fn store_report(act: &mut Act<'_>, new: &NewReport<'_>, case: CaseId) -> Result<()> {
    let state = act.state;
    let accepted = new.accepted;
    let (person, key) = person(act, accepted, new.phone_index.clone()).await?;
    let seal = |column: &str, text: &str| {
        key.seal(&state.chance, &place("reports", column, &new.report.to_string()), text.as_bytes())
    };
    let row = ReportRow {
        id: new.report,
        case_id: case,
        person_id: Some(person.0),
        channel: new.channel,
        area: accepted.area,
        place: accepted.public_place.clone(),
        title: accepted.public_title.clone(),
        text: accepted.public_text.clone(),
        original_sealed: Some(seal("original_sealed", &accepted.original)),
        name_sealed: accepted.name.as_deref().map(|name| seal("name_sealed", name)),
        on_behalf: accepted.on_behalf,
        secret_hash: state.keys.secret_hash(&case.to_string(), new.secret).to_vec(),
        source: new.origin.as_ref().map(|origin| origin.source.clone()),
        external_id: new.origin.as_ref().map(|origin| origin.external_id.clone()),
        sketch: new.sketch.to_bytes().to_vec(),
        received_at: new.origin.as_ref().map_or(act.at, |origin| origin.received_at),
        entered_at: state.now(),
        entered_by: act.actor.account_id().map(|id| id.0),
    };
    act.rows.reports.push(row);
    let judgement = JudgementRow {
        id: state.chance.uuid(act.at),
        report_id: new.report.0,
        case_id: case.0,
        at: act.at.0,
        model: new.judgement.model.clone(),
        category: new.judgement.category.clone(),
        confidence: f64::from(new.judgement.confidence),
        detail: serde_json::to_value(new.judgement).map_err(|error| Error::internal(&error))?,
        decided_by: None,
    };
    act.rows.judgements.push(judgement);
    let bands = likeness::bands(new.sketch).map(|band| BandRow { band, case_id: case, report_id: new.report });
    act.rows.bands.extend(bands);
    Ok(())
}

/// The person of a phone number, or a new one; without a phone every report has a person of its own.
async fn person(act: &mut Act<'_>, accepted: &Accepted, index: Option<Vec<u8>>) -> Result<(PersonId, DataKey)> {
    let state = act.state;
    if let Some(index) = &index
        && let Some(known) = person_by_phone(&mut act.tx, index).await?
    {
        let key = state.keys.unwrap(&known.wrapped_key, &known.id.to_string());
        return Ok((known.id, key.map_err(|error| Error::internal(&error))?));
    }
    let id = PersonId(state.chance.uuid(act.at));
    let key = DataKey::generate(&state.chance);
    let row = PersonRow {
        id,
        wrapped_key: state.keys.wrap(&key, &id.to_string(), &state.chance),
        phone_sealed: accepted
            .phone
            .as_deref()
            .map(|phone| key.seal(&state.chance, &place("persons", "phone_sealed", &id.to_string()), phone.as_bytes())),
        phone_index: index,
        created_at: act.at.0,
    };
    act.rows.persons.push(row);
    Ok((id, key))
}

fn receipt(case: &CaseRow, new: &NewReport<'_>, unit: Option<String>, due_at: Option<i64>, why: String) -> Receipt {
    Receipt {
        code: case.code.to_string(),
        secret: new.secret.to_owned(),
        joined: why == JOINED,
        state: case.state.as_str().to_owned(),
        class: case.class().to_owned(),
        unit,
        due_at,
        why,
    }
}
