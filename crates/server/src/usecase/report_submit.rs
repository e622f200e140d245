//! A resident, or someone for a resident, says what happened: report, judgement, case, task and clocks in one act.

use muster_core::area::AreaId;
use muster_core::evaluate::Measure;
use muster_core::id::{CaseId, ReportId, secret_from_random};
use muster_core::intake::{Accepted, Channel, Draft, accept};
use muster_core::pack::{ClockKind, Template};
use muster_core::people::{Action, Actor, Subject, may};
use muster_core::process::{Case, CaseState, Move};
use muster_core::send::Way;
use muster_core::sense::likeness::{Shingles, is_repeat};
use muster_core::sense::{Judgement, Told, contradict};
use muster_core::time::Timestamp;
use muster_store::Tx;
use muster_store::intake::{
    IdempotencyRow, JudgementRow, LikeRow, LikenessKey, Remembered, ReportRow, idempotency_get, likes,
};
use muster_store::people::{Unit, area_get, unit_get};
use muster_store::process::{CaseRow, clocks_of_case};
use muster_store::way::ReportWayRow;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use utoipa::ToSchema;

use super::act::{Act, Words, deny};
use super::dispatch::{Owner, begin_task, owner};
use super::photo::photo_rows;
use super::report_alike::{Token, chosen};
use super::report_hear::way_of_handle;
use super::report_person::{Reached, Reporter};
use crate::error::{Error, FieldError, Result};
use crate::secret::place;
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
    /// A number to call at once if what is reported happens now, such as 119; the report is taken all the same.
    #[serde(default)]
    pub call: Option<String>,
    /// The reason, a code of `refusals.toml`, for which the matter may belong elsewhere; a person decides.
    #[serde(default)]
    pub elsewhere: Option<String>,
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
    /// The class it had there; else it is judged.
    pub category: Option<String>,
    /// Joined to no case, whatever it is like.
    pub apart: bool,
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
    let heard = hear(state, draft)?;
    let action = action(channel, false);
    may(actor, action, &Subject::area(heard.accepted.area)).map_err(deny)?;
    let mut tx = state.read().await?;
    if let Some(receipt) = remembered(&mut tx, state, again).await? {
        return Ok(receipt);
    }
    let known = look_up(&mut tx, state, &heard, choice, state.now()).await?;
    drop(tx);
    let act = Act::begin(state, actor).await?;
    match take_and_commit(act, channel, &heard, &known, again).await {
        // Two requests with one key, or of one new phone, that met: the loser looks again, now in its turn, where it sees
        // what the winner wrote though it may not yet be committed.
        Err(error) if error.code() == crate::error::Code::StaleEtag => {
            let mut act = Act::begin(state, actor).await?;
            if let Some(receipt) = remembered(&mut act.tx, state, again).await? {
                // What the winner was told is told again when it is kept.
                act.commit().await?;
                return Ok(receipt);
            }
            let at = act.at;
            let known = look_up(&mut act.tx, state, &heard, choice, at).await?;
            take_and_commit(act, channel, &heard, &known, again).await
        }
        result => result,
    }
}

async fn take_and_commit(
    mut act: Act<'_>,
    channel: Channel,
    heard: &Heard,
    known: &Known,
    again: Option<&Again>,
) -> Result<Receipt> {
    let Taken { report, receipt } = take(&mut act, channel, heard, known, None).await?;
    act.audit(action(channel, false), "report", report.to_string(), None);
    if let Some(again) = again {
        let body = serde_json::to_vec(&receipt).map_err(|error| Error::internal(&error))?;
        let answer = Remembered {
            fingerprint: again.fingerprint.clone(),
            status: 201,
            body: act.state.keys.seal(&again.place(), &body, &act.state.chance),
        };
        let (scope, key, created_at) = (again.scope.clone(), again.key.clone(), act.at);
        act.rows.keys.push(IdempotencyRow { scope, key, answer, created_at });
    }
    act.commit().await?;
    Ok(receipt)
}

async fn remembered(tx: &mut Tx, state: &State, again: Option<&Again>) -> Result<Option<Receipt>> {
    let Some(again) = again else { return Ok(None) };
    let Some(found) = idempotency_get(tx, &again.scope, &again.key).await? else {
        return Ok(None);
    };
    if found.fingerprint != again.fingerprint {
        return Err(Error::idempotency_key_reused());
    }
    let body = state.keys.open(&again.place(), &found.body).map_err(|error| Error::internal(&error))?;
    serde_json::from_slice(&body).map(Some).map_err(|error| Error::internal(&error))
}

/// Takes in one report within an act of the caller, who commits.
pub async fn report_take(
    act: &mut Act<'_>,
    channel: Channel,
    draft: &Draft,
    origin: Option<Origin>,
) -> Result<Receipt> {
    let mut heard = hear(act.state, draft)?;
    if let Some(category) = origin.as_ref().and_then(|origin| origin.category.clone()) {
        heard.judgement.decided(category, "import");
    }
    let action = action(channel, origin.is_some());
    act.may(action, &Subject::area(heard.accepted.area))?;
    act.at = origin.as_ref().map_or(act.at, |origin| origin.received_at);
    let choice = if origin.as_ref().is_some_and(|origin| origin.apart) { Choice::Another } else { Choice::Unasked };
    let mut known = look_up(&mut act.tx, act.state, &heard, &choice, act.at).await?;
    if let (Some(found), Some(_)) = (known.like, &origin)
        && !act.follows(found).await?
    {
        known.like = None;
    }
    let taken = take(act, channel, &heard, &known, origin).await?;
    act.audit(action, "report", taken.report.to_string(), None);
    Ok(taken.receipt)
}

fn action(channel: Channel, is_import: bool) -> Action {
    match channel {
        // History keeps the channel it came by; who imports it needs the one permission.
        _ if is_import => Action::ReportImport,
        Channel::Web | Channel::Api | Channel::Chat | Channel::Mail => Action::ReportSubmit,
        Channel::Hotline | Channel::Grid | Channel::Station => Action::ReportEnter,
        Channel::Import => Action::ReportImport,
    }
}

/// What a draft says, before anything is asked of the database: worked out before the act has its turn to write.
pub(super) struct Heard {
    pub(super) accepted: Accepted,
    reached: Reached,
    judgement: Judgement,
    pub(super) words: Shingles,
}

pub(super) fn hear(state: &State, draft: &Draft) -> Result<Heard> {
    let accepted = accept(draft, &state.pack.intake).map_err(|faults| {
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
    let reached = Reached::of(state, &accepted)?;
    let judgement = state.judge(&accepted.public_title, &accepted.public_text);
    let words = Shingles::of(&accepted.public_text);
    Ok(Heard { accepted, reached, judgement, words })
}

/// What the database knows that bears on a report. An import reads it within its own transaction, since a row may
/// repeat the one before it; everyone else before having a turn to write.
struct Known {
    like: Option<CaseId>,
    reporter: Reporter,
    /// `None` where a person decides.
    owner: Option<Owner>,
}

async fn look_up(tx: &mut Tx, state: &State, heard: &Heard, choice: &Choice, at: Timestamp) -> Result<Known> {
    let Heard { accepted, judgement, words, .. } = heard;
    if area_get(tx, accepted.area).await?.is_none() {
        let detail = format!("There is no area {}; choose one from the list.", accepted.area);
        return Err(Error::invalid("area", "area-unknown", detail));
    }
    let like = match choice {
        Choice::Unasked => {
            let found = candidates(tx, state, accepted.area, words, at).await?;
            repeated(state, heard, &found)
        }
        Choice::Another => None,
        Choice::Same(token) => chosen(tx, state, accepted.area, words, at, token).await?,
    };
    let reporter = Reporter::look_up(tx, &heard.reached).await?;
    let owner =
        if decides(judgement) { Some(owner(tx, state, &judgement.category, accepted.area).await?) } else { None };
    Ok(Known { like, reporter, owner })
}

/// Whether the unit is found without a person: it is sure of the class, and nothing says that the matter belongs elsewhere.
pub(super) fn decides(judgement: &Judgement) -> bool {
    judgement.sure && judgement.elsewhere.is_none()
}

struct Taken {
    report: ReportId,
    receipt: Receipt,
}

async fn take(
    act: &mut Act<'_>,
    channel: Channel,
    heard: &Heard,
    known: &Known,
    origin: Option<Origin>,
) -> Result<Taken> {
    let secret = secret_from_random(u64::from_le_bytes(act.state.chance.bytes()));
    let report = ReportId(act.state.chance.uuid(act.at));
    let new = NewReport { report, channel, heard, known, secret: &secret, origin };
    known.reporter.learn(act, &heard.reached).await?;
    // Answered since it was found, a case takes no more reports.
    let found = match known.like {
        Some(id) => Some(act.lock(id).await?),
        None => None,
    };
    let receipt = match found {
        Some(case) if case.state_machine()?.allowed().contains(&Move::Join) => join(act, &new, case).await?,
        _ => open(act, &new)?,
    };
    Ok(Taken { report, receipt })
}

struct NewReport<'a> {
    report: ReportId,
    channel: Channel,
    heard: &'a Heard,
    known: &'a Known,
    secret: &'a str,
    origin: Option<Origin>,
}

/// A report of an open case beside a draft.
pub(super) struct Candidate {
    pub(super) row: LikeRow,
    words: Shingles,
    /// 0 to 1.
    pub(super) likeness: f64,
}

impl Candidate {
    fn told(&self) -> Told<'_> {
        Told { place: &self.row.place, text: &self.row.text }
    }
}

/// Reports of open cases around an area that share words with the draft, most alike first.
pub(super) async fn candidates(
    tx: &mut Tx,
    state: &State,
    area: AreaId,
    words: &Shingles,
    at: Timestamp,
) -> Result<Vec<Candidate>> {
    let since = at.plus(-i64::from(state.pack.intake.join.window_days) * Timestamp::DAY);
    let found = likes(tx, &words.keys(), around(area), since, COMPARED).await?;
    let mut found: Vec<Candidate> = (found.into_iter())
        .filter(|row| row.received_at <= at)
        .map(|row| {
            let theirs = Shingles::of(&row.text);
            Candidate { likeness: words.likeness(&theirs), words: theirs, row }
        })
        .collect();
    found.sort_by(|a, b| b.likeness.total_cmp(&a.likeness));
    Ok(found)
}

/// Reports whose whole words are compared with those of a draft.
pub const COMPARED: i64 = 20;

/// The most alike of the candidates that the pack's rule is sure a report repeats: same class, same area, nearly the
/// same words, and no report of it known here that names another place or other numbers.
pub(super) fn repeated(state: &State, heard: &Heard, found: &[Candidate]) -> Option<CaseId> {
    let Heard { accepted, judgement, words, .. } = heard;
    let told = Told { place: &accepted.public_place, text: &accepted.public_text };
    let least = state.pack.intake.join.similarity;
    let repeats = |like: &&Candidate| {
        let near = like.row.area.contains(accepted.area) || accepted.area.contains(like.row.area);
        let same_class = like.row.category.get(..2) == judgement.category.get(..2);
        near && same_class && is_repeat((words, told), (&like.words, like.told()), least)
    };
    let contradicts = |like: &Candidate| contradict(told, like.told());
    let mut sure = found.iter().filter(repeats).map(|like| like.row.case_id);
    sure.find(|case| !found.iter().any(|like| like.row.case_id == *case && contradicts(like)))
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
    store_report(act, new, case.id)?;
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
    let promise = clocks.iter().rfind(|clock| clock.is(ClockKind::Promise));
    Ok(receipt(&case, new, unit, promise.map(|clock| clock.due_at.0), JOINED.to_owned()))
}

/// The `why` of a receipt whose report repeats an open case.
const JOINED: &str = "joined";

/// Opens a case and sends it to its unit, or to triage when confidence or owner is unclear.
fn open(act: &mut Act<'_>, new: &NewReport<'_>) -> Result<Receipt> {
    let mut case = new_case(act.state, act.at, new.channel, (&new.heard.accepted).into(), &new.heard.judgement);
    store_report(act, new, case.id)?;
    act.count(&case, Measure::Received);
    let detail = serde_json::json!({ "report": new.report });
    let begun = begin(act, &mut case, new.known.owner.as_ref(), &new.heard.judgement, detail)?;
    let unit = begun.unit.map(|unit| unit.name.clone());
    let receipt = receipt(&case, new, unit, Some(begun.promised.0), begun.why);
    act.rows.cases.push(case);
    Ok(receipt)
}

/// How a case begins.
pub(super) struct Begun<'a> {
    /// None while a person decides.
    pub(super) unit: Option<&'a Unit>,
    promised: Timestamp,
    why: String,
}

/// The first steps of a case: the promise to the resident, which runs since the case was received, and the unit the duty
/// list names, or triage. `owner` is none where a person decides.
pub(super) fn begin<'a>(
    act: &mut Act<'_>,
    case: &mut CaseRow,
    owner: Option<&'a Owner>,
    judgement: &Judgement,
    detail: serde_json::Value,
) -> Result<Begun<'a>> {
    let why = match owner {
        Some(Ok((_, basis))) => basis.clone(),
        Some(Err(no_owner)) => no_owner.to_string(),
        None if judgement.elsewhere.is_some() => "elsewhere".to_owned(),
        None => "unsure".to_owned(),
    };
    let unit = owner.and_then(|owner| owner.as_ref().ok()).map(|(unit, _)| unit);
    if unit.is_none() {
        case.triage_reason = Some(why.clone());
    }
    let promised = act.start_clock(case, None, ClockKind::Promise, case.received_at);
    act.step(case, CaseState::Triage, Move::Receive, None, Words { detail, ..Words::default() });
    act.count(case, Measure::Opened);
    if let Some(unit) = unit {
        case.take(&Case::Triage.assign(act.at)?);
        let (task, due) = begin_task(act, case, unit.id, 1, act.at, Template::Assigned);
        case.due_at = Some(due.min(promised).0);
        act.count(case, Measure::RoutedAlone);
        let detail = serde_json::json!({ "basis": why, "unit": unit.code });
        act.step(case, CaseState::Triage, Move::Assign, Some(task.id), Words { detail, ..Words::default() });
        act.rows.tasks.push(task);
    } else {
        let decide_by = act.start_clock(case, None, ClockKind::Dispatch, act.at);
        case.due_at = Some(decide_by.min(promised).0);
    }
    Ok(Begun { unit, promised, why })
}

/// What of a report its case is about.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Matter<'a> {
    pub(crate) area: AreaId,
    pub(crate) place: &'a str,
    pub(crate) title: &'a str,
    pub(crate) text: &'a str,
}

impl<'a> From<&'a Accepted> for Matter<'a> {
    fn from(accepted: &'a Accepted) -> Self {
        let Accepted { area, public_place: place, public_title: title, public_text: text, .. } = accepted;
        Self { area: *area, place, title, text }
    }
}

/// A case as it begins, before anyone has decided anything.
pub(crate) fn new_case(
    state: &State,
    at: Timestamp,
    channel: Channel,
    matter: Matter<'_>,
    judgement: &Judgement,
) -> CaseRow {
    CaseRow {
        parked_until: None,
        parked_ground: None,
        complex: false,
        id: CaseId(state.chance.uuid(at)),
        code: state.chance.code(),
        state: CaseState::Triage,
        area: matter.area,
        category: judgement.category.clone(),
        kind: judgement.kind.code().to_owned(),
        urgency: judgement.urgency.code().to_owned(),
        title: matter.title.to_owned(),
        text: matter.text.to_owned(),
        place: matter.place.to_owned(),
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
fn store_report(act: &mut Act<'_>, new: &NewReport<'_>, case: CaseId) -> Result<()> {
    let state = act.state;
    let Heard { accepted, judgement, words, .. } = new.heard;
    let (person, key) = new.known.reporter.person(act, &new.heard.reached)?;
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
        received_at: new.origin.as_ref().map_or(act.at, |origin| origin.received_at),
        entered_at: state.now(),
        entered_by: act.actor.account_id().map(|id| id.0),
        told_case: None,
        seen_at: None,
    };
    let way = way_of_handle(&row).filter(|_| accepted.handle.is_some());
    let way = way.or(accepted.phone.as_ref().map(|_| Way::Sms));
    if let (Some(way), Some(lang)) = (way, &accepted.tell_in) {
        let (way, lang) = (way.as_str().to_owned(), lang.clone());
        let chosen = ReportWayRow { report_id: row.id, way, lang, letter_sealed: None, chosen_at: act.at.0 };
        act.rows.report_ways.push(chosen);
    }
    act.rows.reports.push(row);
    act.rows.photos.extend(photo_rows(state, new.report, &key, &accepted.photos));
    act.rows.judgements.push(JudgementRow {
        id: state.chance.uuid(act.at),
        report_id: new.report.0,
        case_id: case.0,
        at: act.at.0,
        model: judgement.model.clone(),
        category: judgement.category.clone(),
        confidence: f64::from(judgement.confidence),
        detail: serde_json::to_value(judgement).map_err(|error| Error::internal(&error))?,
        decided_by: None,
    });
    let keys = words.keys().into_iter().map(|key| LikenessKey { key, report_id: new.report, case_id: case });
    act.rows.likeness.extend(keys);
    Ok(())
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
        call: new.heard.judgement.emergency.as_ref().map(|emergency| emergency.number.clone()),
        elsewhere: new.heard.judgement.elsewhere.as_ref().map(|elsewhere| elsewhere.reason.clone()),
    }
}
