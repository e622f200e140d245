//! One act: a transaction that gathers steps, deltas, audit lines and events and writes them with the change itself.

use muster_core::evaluate::Measure;
use muster_core::event::Event;
use muster_core::id::{CaseId, TaskId, UnitId};
use muster_core::pack::{ClockKind, RequestKind, Urgency};
use muster_core::people::{Action, Actor, Denied, Subject, may};
use muster_core::process::{CaseState, Move, NotAllowed};
use muster_core::time::Timestamp;
use muster_core::time::clock::due;
use muster_store::Tx;
use muster_store::audit::{AuditLine, audit_insert};
use muster_store::evaluate::{DeltaRow, deltas_insert};
use muster_store::outbox::{OutboxRow, outbox_insert};
use muster_store::process::{
    CaseRow, ClockRow, StepRow, case_by_code, case_lock, case_update, clocks_insert, last_step, next_due, steps_insert,
};

use crate::error::{Error, Result};
use crate::state::State;

/// A transaction under way. Dropped without [`Act::commit`], nothing happened.
pub struct Act<'a> {
    pub state: &'a State,
    pub tx: Tx,
    pub actor: &'a Actor,
    /// When the facts of this act happened; an import sets it to the time of the row.
    pub at: Timestamp,
    steps: Vec<StepRow>,
    deltas: Vec<DeltaRow>,
    audit: Vec<AuditLine>,
    clocks: Vec<ClockRow>,
    events: Vec<OutboxRow>,
    quiet: bool,
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
        Ok(Self {
            state,
            tx,
            actor,
            at: state.now(),
            steps: Vec::new(),
            deltas: Vec::new(),
            audit: Vec::new(),
            clocks: Vec::new(),
            events: Vec::new(),
            quiet: false,
        })
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
        let found = case_by_code(&mut self.tx, &code).await?.ok_or_else(Error::not_found)?;
        let case = self.lock(found.id).await?;
        self.may(action, &case.subject())?;
        if version.is_some_and(|version| version != case.version) {
            return Err(Error::stale_etag());
        }
        Ok(case)
    }

    /// Holds a case until the end of the act. What happens to one case happens one after another: an act that began
    /// before another and got the case after it, or on a machine whose clock is behind, counts from just after.
    pub async fn lock(&mut self, id: CaseId) -> Result<CaseRow> {
        let case = case_lock(&mut self.tx, id).await?.ok_or_else(Error::not_found)?;
        if let Some(last) = last_step(&mut self.tx, id).await? {
            self.at = self.at.max(last.plus(1));
        }
        Ok(case)
    }

    /// Adds a line to the history of a case that has just taken its new state.
    pub fn step(&mut self, case: &CaseRow, from: CaseState, step: Move, task: Option<TaskId>, words: Words) {
        self.steps.push(StepRow {
            id: self.state.chance.uuid(self.at),
            case_id: case.id,
            task_id: task.map(|task| task.0),
            at: self.at,
            position: self.steps.len() as i64,
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
            self.events.push(OutboxRow {
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
        self.deltas.push(DeltaRow {
            id: self.state.chance.uuid(at),
            case_id: case.id,
            at,
            day: day(self.state, at),
            area: case.area,
            unit,
            class: case.class().to_owned(),
            measure,
            amount: 1,
        });
    }

    /// Writes who did this. `reason` is the actor's own words, asked for where looking needs a reason.
    pub fn audit(&mut self, action: Action, subject_kind: &str, subject_id: impl Into<String>, reason: Option<String>) {
        let now = self.state.now();
        self.audit.push(AuditLine {
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
        let request = RequestKind::from_code(&case.kind).unwrap_or(RequestKind::Help);
        let urgency = Urgency::from_code(&case.urgency).unwrap_or(Urgency::Routine);
        let budget = self.state.pack.clocks.budget(kind, request, urgency, &case.category);
        let due = due(from, budget, &self.state.pack.calendar);
        self.clocks.push(ClockRow {
            id: self.state.chance.uuid(self.at),
            case_id: case.id,
            task_id: task.map(|task| task.0),
            kind: kind.code().to_owned(),
            started_at: from,
            budget_amount: i64::from(budget.amount),
            budget_unit: budget.unit.code().to_owned(),
            calendar: due.calendar_version,
            provisional: due.provisional,
            due_at: due.at,
            stopped_at: None,
            broken_at: None,
        });
        due.at
    }

    /// Writes the clocks started so far; needed before clocks of the same act are stopped or searched.
    pub async fn write_clocks(&mut self) -> Result<()> {
        let clocks = std::mem::take(&mut self.clocks);
        clocks_insert(&mut self.tx, &clocks).await.map_err(Error::from)
    }

    /// Stores a changed case with its next due time.
    pub async fn update(&mut self, case: &mut CaseRow) -> Result<()> {
        self.write_clocks().await?;
        case.due_at = next_due(&mut self.tx, case.id).await?;
        case_update(&mut self.tx, case).await.map_err(Error::from)
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

    /// Writes what was gathered, without ending the transaction: an import commits many acts at once.
    pub async fn flush(&mut self) -> Result<()> {
        self.write_clocks().await?;
        steps_insert(&mut self.tx, &std::mem::take(&mut self.steps)).await?;
        deltas_insert(&mut self.tx, &std::mem::take(&mut self.deltas)).await?;
        audit_insert(&mut self.tx, &std::mem::take(&mut self.audit)).await?;
        outbox_insert(&mut self.tx, &std::mem::take(&mut self.events)).await.map_err(Error::from)
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

/// The day of an instant in the city's zone as yyyymmdd.
pub(crate) fn day(state: &State, at: Timestamp) -> i64 {
    let date = state.pack.calendar.local_date(at);
    i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
}
