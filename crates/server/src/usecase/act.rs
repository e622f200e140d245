//! One act: a transaction that gathers steps, deltas, audit lines and events and writes them with the change itself.

use muster_core::evaluate::Measure;
use muster_core::event::Event;
use muster_core::id::{CaseId, PersonId, TaskId, UnitId};
use muster_core::pack::ClockKind;
use muster_core::people::{Action, Actor, Denied, Subject, may};
use muster_core::process::{CaseState, Move, NotAllowed};
use muster_core::time::{Timestamp, day_number};
use muster_store::audit::AuditLine;
use muster_store::evaluate::DeltaRow;
use muster_store::intake::PersonRow;
use muster_store::outbox::OutboxRow;
use muster_store::process::{
    CaseHeld, CaseRow, ClockRow, StepRow, case_lock, case_lock_by_code, case_update, clocks_stop, last_step,
};

use muster_store::{Rows, Tx, rows_insert};

use super::promises::new_clock;
use crate::error::{Error, Result};
use crate::secret::DataKey;
use crate::state::State;

/// A transaction under way. Dropped without [`Act::commit`], nothing happened.
pub struct Act<'a> {
    pub state: &'a State,
    pub tx: Tx,
    pub actor: &'a Actor,
    /// When the facts of this act happened; an import sets it to the time of the row.
    pub at: Timestamp,
    /// What the act adds to the record; written together by [`Act::flush`].
    pub(super) rows: Rows,
    /// Steps so far: their order where they share an instant.
    steps: i64,
    pub(super) quiet: bool,
}

/// The words of a step: what the resident may read, and what only staff may.
#[derive(Clone, Debug, Default)]
pub struct Words {
    pub public: Option<String>,
    pub internal: Option<String>,
    pub detail: serde_json::Value,
}

/// A refusal of `may` as an answer: a foreign subject does not exist.
pub fn deny(denied: Denied) -> Error {
    match denied {
        Denied::SignIn => Error::unauthenticated(),
        Denied::Role => Error::forbidden("This account has no role that may do this."),
        Denied::Foreign => Error::not_found(),
    }
}

impl From<NotAllowed> for Error {
    fn from(refusal: NotAllowed) -> Self {
        Self::conflict(refusal.to_string(), refusal.allowed.iter().map(|m| m.as_str()))
    }
}

impl<'a> Act<'a> {
    pub async fn begin(state: &'a State, actor: &'a Actor) -> Result<Self> {
        let tx = state.db.write().await?;
        Ok(Self { state, tx, actor, at: state.now(), rows: Rows::default(), steps: 0, quiet: false })
    }

    /// Sends no notices: for history that is imported.
    #[must_use]
    pub fn quiet(mut self) -> Self {
        self.quiet = true;
        self
    }

    pub fn may(&self, action: Action, subject: &Subject) -> Result<()> {
        may(self.actor, action, subject).map_err(deny)
    }

    /// Finds the case of a code, checks that the actor may do this to it, and holds it until the end of the act.
    ///
    /// `version`, from `If-Match` or the form, must still be the case's own.
    pub async fn case(&mut self, code: &str, action: Action, version: Option<i64>) -> Result<CaseRow> {
        let code = code.parse().map_err(|_| Error::not_found())?;
        let held = case_lock_by_code(&mut self.tx, &code).await?;
        let case = self.after_last_step(held)?;
        self.may(action, &case.subject())?;
        if version.is_some_and(|version| version != case.version) {
            return Err(Error::stale_etag());
        }
        Ok(case)
    }

    /// Holds a case until the end of the act.
    pub async fn lock(&mut self, id: CaseId) -> Result<CaseRow> {
        let held = case_lock(&mut self.tx, id).await?;
        self.after_last_step(held)
    }

    /// What happens to one case happens one after another: an act that began before another and got the case after it,
    /// or on a machine whose clock is behind, counts from just after.
    fn after_last_step(&mut self, held: Option<CaseHeld>) -> Result<CaseRow> {
        let held = held.ok_or_else(Error::not_found)?;
        if let Some(last) = held.last_at() {
            self.at = self.at.max(Timestamp(last).plus(1));
        }
        Ok(held.case)
    }

    /// Whether all that happened to a case had happened by the act's time: history is not written into what followed it.
    /// Acts of one moment are a microsecond apart (`lock`), and what is imported knows its time to the second.
    pub async fn follows(&mut self, case: CaseId) -> Result<bool> {
        let gathered = self.rows.steps.iter().filter(|step| step.case_id == case).map(|step| step.at).max();
        let last = gathered.max(last_step(&mut self.tx, case).await?);
        Ok(last.is_none_or(|last| last <= self.at.plus(Timestamp::SECOND)))
    }

    /// Adds a line to the history of a case that has just taken its new state.
    pub fn step(&mut self, case: &CaseRow, from: CaseState, step: Move, task: Option<TaskId>, words: Words) {
        self.steps += 1;
        self.rows.steps.push(StepRow {
            id: self.state.chance.uuid(self.at),
            case_id: case.id,
            task_id: task.map(|task| task.0),
            at: self.at,
            position: self.steps,
            step,
            from_state: from,
            to_state: case.state,
            actor_kind: self.actor.kind().to_owned(),
            actor_id: self.actor.account_id().map(|id| id.0),
            unit_id: case.unit_id,
            public_text: words.public,
            internal_text: words.internal,
            detail: if words.detail.is_null() { serde_json::json!({}) } else { words.detail },
        });
        if !self.quiet {
            self.rows.events.push(OutboxRow {
                id: self.state.chance.uuid(self.at),
                at: self.at,
                case_id: Some(case.id.0),
                event: Event::CaseMoved {
                    case: case.id,
                    code: case.code.to_string(),
                    step,
                    state: case.state.as_str().to_owned(),
                    area: case.area.get(),
                    unit: case.unit(),
                },
            });
        }
    }

    /// Counts one for the case's area, unit and class on the day of the act.
    pub fn count(&mut self, case: &CaseRow, measure: Measure) {
        self.count_for(case, case.unit(), measure, self.at);
    }

    pub fn count_for(&mut self, case: &CaseRow, unit: Option<UnitId>, measure: Measure, at: Timestamp) {
        self.count_by(case, unit, measure, at, 1);
    }

    /// Takes back one that was counted at `at`.
    pub fn uncount(&mut self, case: &CaseRow, measure: Measure, at: Timestamp) {
        self.count_by(case, case.unit(), measure, at, -1);
    }

    pub(super) fn count_by(
        &mut self,
        case: &CaseRow,
        unit: Option<UnitId>,
        measure: Measure,
        at: Timestamp,
        amount: i64,
    ) {
        self.rows.deltas.push(DeltaRow {
            id: self.state.chance.uuid(at),
            case_id: case.id,
            at,
            day: day(self.state, at),
            area: case.area,
            unit,
            class: case.class().to_owned(),
            measure,
            amount,
            folded: false,
        });
    }

    /// Writes who did this. `reason` is the actor's own words, asked for where looking needs a reason.
    pub fn audit(&mut self, action: Action, subject_kind: &str, subject_id: impl Into<String>, reason: Option<String>) {
        let now = self.state.now();
        self.rows.audit.push(AuditLine {
            id: self.state.chance.uuid(now),
            at: now.0,
            actor_kind: self.actor.kind().to_owned(),
            actor_id: self.actor.account_id().map(|id| id.0),
            action: action.as_str().to_owned(),
            subject_kind: subject_kind.to_owned(),
            subject_id: subject_id.into(),
            reason,
            seq: None,
            hash: None,
        });
    }

    /// Starts a promise of the pack for a case; returns when it runs out.
    pub fn start_clock(&mut self, case: &CaseRow, task: Option<TaskId>, kind: ClockKind, from: Timestamp) -> Timestamp {
        let clock = new_clock(self.state, case, task, kind, from, self.at);
        let due = clock.due_at;
        self.rows.clocks.push(clock);
        due
    }

    /// Stops the running promises of a case that `which` chooses and returns them as they were.
    pub async fn stop_clocks(&mut self, case: &CaseRow, which: impl Fn(&ClockRow) -> bool) -> Result<Vec<ClockRow>> {
        if !self.rows.clocks.is_empty() {
            self.flush().await?;
        }
        Ok(clocks_stop(&mut self.tx, case.id, self.at, which).await?)
    }

    /// Stores a changed case, with its next due time, and everything gathered so far.
    pub async fn update(&mut self, case: &mut CaseRow) -> Result<()> {
        self.flush().await?;
        case_update(&mut self.tx, case).await.map_err(Error::from)
    }

    /// Somebody whose data are sealed under a key of their own, so that destroying it erases them. Nothing finds them by a
    /// phone number; `phone` seals one with the key, for the row that is named.
    pub(super) fn new_person(
        &mut self,
        phone: impl FnOnce(&DataKey, PersonId) -> Option<Vec<u8>>,
    ) -> (PersonId, DataKey) {
        let (state, id) = (self.state, PersonId(self.state.chance.uuid(self.at)));
        let key = DataKey::generate(&state.chance);
        self.rows.persons.push(PersonRow {
            id,
            wrapped_key: state.keys.wrap(&key, &id.to_string(), &state.chance),
            phone_sealed: phone(&key, id),
            phone_index: None,
            handle_sealed: None,
            handle_index: None,
            created_at: self.at.0,
        });
        (id, key)
    }

    /// Everything or nothing.
    pub async fn commit(mut self) -> Result<()> {
        self.flush().await?;
        self.tx.commit().await?;
        if !self.quiet {
            // Nobody listening is no error.
            self.state.bell.send(()).ok();
        }
        Ok(())
    }

    /// Drops what was gathered since the last flush: of a row of an import that is refused half-way.
    pub fn forget(&mut self) {
        self.rows = Rows::default();
    }

    /// Writes what was gathered, without ending the transaction: an import commits many acts at once.
    pub async fn flush(&mut self) -> Result<()> {
        rows_insert(&mut self.tx, &std::mem::take(&mut self.rows)).await.map_err(Error::from)
    }
}

/// Refuses words that are longer than the pack lets a text be.
pub(super) fn fits(state: &State, field: &str, text: &str) -> Result<()> {
    let (len, max) = (text.chars().count(), state.pack.intake.text_max);
    if len > max {
        return Err(Error::invalid(field, "text-long", format!("The text has {len} characters; at most {max} fit.")));
    }
    Ok(())
}

/// A reason somebody must give, without the blanks round it.
pub(super) fn reason(state: &State, text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() {
        let detail = "Say why; whoever decides, and the resident, will read it.";
        return Err(Error::invalid("reason", "reason-missing", detail));
    }
    fits(state, "reason", text)?;
    Ok(text.to_owned())
}

/// The day of an instant in the city's zone as yyyymmdd.
pub(crate) fn day(state: &State, at: Timestamp) -> i64 {
    day_number(state.pack.calendar.local_date(at))
}
