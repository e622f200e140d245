//! The rows of one case that has lived some of its life, as the use-cases would have written them.
//!
//! `muster doctor` replays them like any others: were they not what the use-cases write, it would say so.

use muster_core::area::AreaId;
use muster_core::evaluate::Measure;
use muster_core::event::Event;
use muster_core::id::{PersonId, ReportId, TaskId, secret_from_random};
use muster_core::intake::{Channel, Draft, accept};
use muster_core::pack::ClockKind;
use muster_core::people::{Action, Actor};
use muster_core::process::{Case, CaseState, Closing, Move, Outcome, TaskState};
use muster_core::sense::Judgement;
use muster_core::sense::likeness::Shingles;
use muster_core::time::Timestamp;
use muster_store::Rows;
use muster_store::audit::AuditLine;
use muster_store::evaluate::DeltaRow;
use muster_store::intake::{JudgementRow, LikenessKey, PersonRow, ReportRow};
use muster_store::outbox::OutboxRow;
use muster_store::people::Unit;
use muster_store::process::{CaseRow, ClockRow, StepRow, TaskRow};
use serde_json::json;

use super::texts::Said;
use crate::secret::{DataKey, place};
use crate::state::State;
use crate::usecase::report_submit::new_case;
use crate::usecase::{day, new_clock, promise_measure};

/// How a case came and how far it got.
pub(super) struct Life<'a> {
    pub(super) said: &'a Said,
    pub(super) phone: String,
    pub(super) area: AreaId,
    pub(super) received: Timestamp,
    /// `Triage`, `Assigned`, `Working`, `Answered` or `Closed`.
    pub(super) until: CaseState,
    pub(super) answer: &'a str,
    /// 1 to 5, when the resident answered the callback.
    pub(super) rating: Option<u8>,
    pub(super) now: Timestamp,
}

/// Facts older than this have left the outbox.
const OUTBOX_KEPT: i64 = 7 * Timestamp::DAY;

struct Writer<'a> {
    state: &'a State,
    rows: &'a mut Rows,
    life: &'a Life<'a>,
    case: CaseRow,
    task: Option<TaskRow>,
    clocks: Vec<ClockRow>,
    position: i64,
}

/// Writes all rows of one case. `owner` is the unit that the duty list names for a category here.
pub(super) fn write_case<'u>(
    state: &State,
    rows: &mut Rows,
    life: &Life<'_>,
    owner: impl FnOnce(&str, AreaId) -> Option<&'u Unit>,
) -> anyhow::Result<()> {
    let draft = Draft {
        area: Some(life.area),
        place: life.said.place.clone(),
        text: life.said.text.clone(),
        phone: life.phone.clone(),
        ..Draft::default()
    };
    let accepted = accept(&draft, &state.pack.intake).map_err(|faults| anyhow::anyhow!("{faults:?}"))?;
    let judgement = state.judge(&accepted.public_title, &accepted.public_text);
    let unit = owner(&judgement.category, life.area);
    let mut case = new_case(state, life.received, Channel::Web, (&accepted).into(), &judgement);
    case.triage_reason = Some("unsure".to_owned());
    let mut writer = Writer { state, rows, life, case, task: None, clocks: Vec::new(), position: 0 };
    writer.report(&accepted.original, &judgement)?;
    writer.receive();
    if life.until != CaseState::Triage
        && let Some(unit) = unit
    {
        writer.assign(unit)?;
        writer.go_on()?;
    }
    writer.end();
    Ok(())
}

impl Writer<'_> {
    fn report(&mut self, original: &str, judgement: &Judgement) -> anyhow::Result<()> {
        let (state, at) = (self.state, self.life.received);
        let person = PersonId(state.chance.uuid(at));
        let report = ReportId(state.chance.uuid(at));
        let key = DataKey::generate(&state.chance);
        let seal = |table: &str, column: &str, row: &str, text: &str| {
            key.seal(&state.chance, &place(table, column, row), text.as_bytes())
        };
        self.rows.persons.push(PersonRow {
            id: person,
            wrapped_key: state.keys.wrap(&key, &person.to_string(), &state.chance),
            phone_sealed: Some(seal("persons", "phone_sealed", &person.to_string(), &self.life.phone)),
            phone_index: Some(state.keys.blind_index(&self.life.phone)?.to_vec()),
            handle_sealed: None,
            handle_index: None,
            created_at: at.0,
        });
        let secret = secret_from_random(u64::from_le_bytes(state.chance.bytes()));
        self.rows.reports.push(ReportRow {
            id: report,
            case_id: self.case.id,
            person_id: Some(person.0),
            channel: self.case.channel,
            area: self.case.area,
            place: self.case.place.clone(),
            title: self.case.title.clone(),
            text: self.case.text.clone(),
            original_sealed: Some(seal("reports", "original_sealed", &report.to_string(), original)),
            name_sealed: None,
            on_behalf: false,
            secret_hash: state.keys.secret_hash(&self.case.id.to_string(), &secret).to_vec(),
            source: None,
            external_id: None,
            received_at: at,
            entered_at: at,
            entered_by: None,
            told_case: None,
            seen_at: None,
        });
        self.rows.judgements.push(JudgementRow {
            id: state.chance.uuid(at),
            report_id: report.0,
            case_id: self.case.id.0,
            at: at.0,
            model: judgement.model.clone(),
            category: judgement.category.clone(),
            confidence: f64::from(judgement.confidence),
            detail: serde_json::to_value(judgement)?,
            decided_by: None,
        });
        if matches!(self.life.until, CaseState::Triage | CaseState::Assigned | CaseState::Working) {
            let case_id = self.case.id;
            let keys = Shingles::of(&self.case.text).keys();
            self.rows.likeness.extend(keys.into_iter().map(|key| LikenessKey { key, report_id: report, case_id }));
        }
        self.audit(&Actor::Anonymous, Action::ReportSubmit, at, "report", report.to_string());
        Ok(())
    }

    fn receive(&mut self) {
        let at = self.life.received;
        self.start_clock(None, ClockKind::Promise, at);
        self.start_clock(None, ClockKind::Dispatch, at);
        self.count(Measure::Received, at);
        self.count(Measure::Opened, at);
        let report = self.rows.reports.last().map(|report| report.id);
        self.step(CaseState::Triage, Move::Receive, at, json!({ "report": report }));
    }

    fn assign(&mut self, unit: &Unit) -> anyhow::Result<()> {
        let at = self.life.received.plus(20 * Timestamp::MINUTE);
        self.stop_clocks(&[ClockKind::Dispatch], at);
        self.take(at, |case| case.assign(at))?;
        self.case.unit_id = Some(unit.id.0);
        let task = TaskRow {
            id: TaskId(self.state.chance.uuid(at)),
            case_id: self.case.id,
            code: self.case.code.task(1),
            unit_id: unit.id,
            state: TaskState::Assigned,
            assigned_at: at,
            accepted_at: None,
            ended_at: None,
            ruled: false,
            for_unit_id: None,
        };
        self.start_clock(Some(task.id), ClockKind::Accept, at);
        self.start_clock(Some(task.id), ClockKind::Answer, at);
        self.start_clock(Some(task.id), ClockKind::FeedbackFirst, at);
        self.task = Some(task);
        self.count(Measure::Dispatched, at);
        self.count(Measure::Assigned, at);
        let detail = json!({ "basis": "chosen", "unit": unit.code, "category": self.case.category });
        self.step(CaseState::Triage, Move::Assign, at, detail);
        self.audit(&Actor::System, Action::CaseTriage, at, "case", self.case.code.as_str().to_owned());
        Ok(())
    }

    /// Accepted, answered, confirmed: as far as the life goes.
    fn go_on(&mut self) -> anyhow::Result<()> {
        if self.life.until == CaseState::Assigned {
            return Ok(());
        }
        let accepted = self.life.received.plus(2 * Timestamp::HOUR);
        self.take(accepted, |case| case.accept(accepted))?;
        self.stop_clocks(&[ClockKind::Accept], accepted);
        self.task_is(TaskState::Accepted, accepted);
        self.count(Measure::Accepted, accepted);
        self.step(CaseState::Assigned, Move::Accept, accepted, json!({}));
        self.audit(&Actor::System, Action::TaskAccept, accepted, "case", self.case.code.as_str().to_owned());
        if self.life.until == CaseState::Working {
            return Ok(());
        }
        let answered = self.life.received.plus(30 * Timestamp::HOUR);
        self.take(answered, |case| case.answer(answered, Outcome::Fixed))?;
        let ended = [ClockKind::Accept, ClockKind::Answer, ClockKind::FeedbackFirst, ClockKind::Promise];
        self.stop_clocks(&ended, answered);
        self.task_is(TaskState::Done, answered);
        self.start_clock(None, ClockKind::Callback, answered);
        self.count(Measure::Answered, answered);
        self.count(Measure::ClaimedSolved, answered);
        let detail = json!({ "outcome": Outcome::Fixed, "evidence": "现场照片已存档" });
        self.step(CaseState::Working, Move::Answer, answered, detail);
        self.audit(&Actor::System, Action::TaskAnswer, answered, "case", self.case.code.as_str().to_owned());
        if self.life.until == CaseState::Closed { self.close() } else { Ok(()) }
    }

    fn close(&mut self) -> anyhow::Result<()> {
        let Some(rating) = self.life.rating else {
            let at = self.clocks.iter().find(|clock| clock.kind == ClockKind::Callback.code()).map(|c| c.due_at);
            let at = at.unwrap_or(self.life.now);
            self.take(at, |case| case.lapse(at))?;
            self.stop_clocks(&[ClockKind::Callback], at);
            self.count(Measure::Unconfirmed, at);
            self.count(Measure::Closed, at);
            self.step(CaseState::Answered, Move::Lapse, at, json!({}));
            return Ok(());
        };
        let at = self.life.received.plus(48 * Timestamp::HOUR);
        self.take(at, |case| case.rate(at, true, Some(rating)))?;
        self.stop_clocks(&[ClockKind::Callback], at);
        for measure in [Measure::Closed, Measure::Confirmable, Measure::ConfirmedSolved, Measure::Rated] {
            self.count(measure, at);
        }
        if self.state.pack.indicators.is_conflict(&self.case.category) {
            self.count(Measure::ConflictConfirmable, at);
            self.count(Measure::ConflictSettled, at);
        }
        if rating >= 4 {
            self.count(Measure::Satisfied, at);
        }
        self.step(CaseState::Answered, Move::Rate, at, json!({ "solved": true, "satisfied": rating }));
        self.audit(&Actor::Reporter(self.case.id), Action::CaseRate, at, "case", self.case.code.as_str().to_owned());
        Ok(())
    }

    /// Moves the case on by core's state machine.
    fn take<E: std::error::Error + Send + Sync + 'static>(
        &mut self,
        at: Timestamp,
        go: impl FnOnce(Case) -> Result<Case, E>,
    ) -> anyhow::Result<()> {
        let next = go(self.case.state_machine()?)?;
        self.case.take(&next);
        if let Case::Closed { closing: Closing::Unconfirmed, .. } = next {
            self.case.confirmed = None;
        }
        anyhow::ensure!(at <= self.life.now, "a case must not live in the future");
        self.case.version += 1;
        Ok(())
    }

    fn task_is(&mut self, state: TaskState, at: Timestamp) {
        let Some(task) = &mut self.task else { return };
        task.state = state;
        if state == TaskState::Accepted {
            task.accepted_at = Some(at.0);
        } else {
            task.ended_at = Some(at.0);
        }
    }

    fn start_clock(&mut self, task: Option<TaskId>, kind: ClockKind, from: Timestamp) {
        self.clocks.push(new_clock(self.state, &self.case, task, kind, from, from));
    }

    /// Stops clocks and counts each of a task as kept or broken.
    fn stop_clocks(&mut self, kinds: &[ClockKind], at: Timestamp) {
        let mut counted = Vec::new();
        for clock in self.clocks.iter_mut().filter(|clock| clock.stopped_at.is_none()) {
            if kinds.iter().any(|kind| kind.code() == clock.kind) {
                clock.stopped_at = Some(at.0);
                let late = clock.due_at <= at;
                clock.broken_at = late.then_some(clock.due_at.0);
                counted.push((promise_measure(&clock.kind, late), if late { clock.due_at } else { at }));
            }
        }
        self.count_each(counted);
    }

    /// What has run out by now is counted, as the jobs would have done.
    fn break_clocks(&mut self) {
        let mut counted = Vec::new();
        for clock in self.clocks.iter_mut().filter(|clock| clock.stopped_at.is_none()) {
            if clock.due_at <= self.life.now {
                clock.broken_at = Some(clock.due_at.0);
                counted.push((promise_measure(&clock.kind, true), clock.due_at));
            }
        }
        self.count_each(counted);
    }

    fn count_each(&mut self, counted: Vec<(Option<Measure>, Timestamp)>) {
        for (measure, at) in counted {
            if let Some(measure) = measure {
                self.count(measure, at);
            }
        }
    }

    fn count(&mut self, measure: Measure, at: Timestamp) {
        self.rows.deltas.push(DeltaRow {
            id: self.state.chance.uuid(at),
            case_id: self.case.id,
            at,
            day: day(self.state, at),
            area: self.case.area,
            unit: self.case.unit(),
            class: self.case.class().to_owned(),
            measure,
            amount: 1,
            folded: true,
        });
    }

    /// `detail` is what the use-cases write with such a move.
    fn step(&mut self, from: CaseState, step: Move, at: Timestamp, detail: serde_json::Value) {
        self.rows.steps.push(StepRow {
            id: self.state.chance.uuid(at),
            case_id: self.case.id,
            task_id: self.task.as_ref().map(|task| task.id.0),
            at,
            position: self.position,
            step,
            from_state: from,
            to_state: self.case.state,
            actor_kind: "system".to_owned(),
            actor_id: None,
            unit_id: self.case.unit_id,
            public_text: (step == Move::Answer).then(|| self.life.answer.to_owned()),
            internal_text: None,
            detail,
        });
        self.position += 1;
        if self.life.now.since(at) < OUTBOX_KEPT {
            self.rows.events.push(OutboxRow {
                id: self.state.chance.uuid(at),
                at,
                case_id: Some(self.case.id.0),
                event: Event::CaseMoved {
                    case: self.case.id,
                    code: self.case.code.to_string(),
                    step,
                    state: self.case.state.as_str().to_owned(),
                    area: self.case.area.get(),
                    unit: self.case.unit(),
                },
            });
        }
    }

    fn audit(&mut self, actor: &Actor, action: Action, at: Timestamp, kind: &str, subject: String) {
        self.rows.audit.push(AuditLine {
            id: self.state.chance.uuid(at),
            at: at.0,
            actor_kind: actor.kind().to_owned(),
            actor_id: None,
            action: action.as_str().to_owned(),
            subject_kind: kind.to_owned(),
            subject_id: subject,
            reason: None,
            seq: None,
            hash: None,
        });
    }

    fn end(mut self) {
        self.break_clocks();
        self.case.due_at = self.clocks.iter().filter(|c| c.stopped_at.is_none()).map(|c| c.due_at.0).min();
        self.rows.clocks.append(&mut self.clocks);
        self.rows.tasks.extend(self.task);
        self.rows.cases.push(self.case);
    }
}
