//! Beside the straight way of a case: lines and notes, more time, parking, supervision, other levels.

use axum::response::Response;
use muster_core::pack::ClockKind;
use muster_core::people::Action;
use muster_core::process::{ContactWay, Move};
use muster_core::time::Timestamp;
use muster_store::process::{CaseRow, ClockRow, LineRow, RequestRow};
use uuid::Uuid;

use super::case;
use super::conflict::{Attempt, is_conflict};
use super::frame::{Frame, can, is_about_form};
use super::words::Places;
use crate::error::{Error, Result};
use crate::extract::{ApiPath, PageForm};
use crate::paper::matter_reason;
use crate::usecase::case_contact::{Contact, case_contact};
use crate::usecase::case_line::line_write;
use crate::usecase::case_note::note_write;
use crate::usecase::case_resume::case_resume;
use crate::usecase::case_send::case_send;
use crate::usecase::case_urge::{case_urge, urged_until};
use crate::usecase::case_view::CaseFile;
use crate::usecase::extension_ask::{Extension, extension_ask};
use crate::usecase::meeting_queue::matter_put;
use crate::usecase::parking_ask::{Parking, parking_ask};
use crate::usecase::request_decide::{Decision, request_decide};
use crate::usecase::supervision_order::supervision_order;
use crate::usecase::supervision_report::supervision_report;
use crate::view::process::Typed as Kept;
use crate::view::side::{Asked, Line, Note, Order, Side, SideActs, SideForm};
use crate::view::{Choice, Group, Shell, When};

type Form = PageForm<SideForm>;
type Code = ApiPath<String>;

pub(super) async fn line(frame: Frame, ApiPath(code): Code, PageForm(form): Form) -> Result<Response> {
    frame.check(&form.csrf)?;
    let done = line_write(&frame.state, frame.actor(), &code, &form.line).await.map(drop);
    after(frame, &code, form, ("line", None, Action::LineWrite), done).await
}

pub(super) async fn note(frame: Frame, ApiPath(code): Code, PageForm(form): Form) -> Result<Response> {
    frame.check(&form.csrf)?;
    let done = note_write(&frame.state, frame.actor(), &code, &form.note, None).await.map(drop);
    after(frame, &code, form, ("note", None, Action::NoteWrite), done).await
}

pub(super) async fn contact(frame: Frame, ApiPath(code): Code, PageForm(form): Form) -> Result<Response> {
    frame.check(&form.csrf)?;
    let reached = match form.reached.as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    let contact = Contact { way: form.way.clone(), reached };
    let done = case_contact(&frame.state, frame.actor(), &code, &contact).await.map(drop);
    after(frame, &code, form, ("contact", None, Action::CaseContact), done).await
}

pub(super) async fn urge(frame: Frame, ApiPath(code): Code, PageForm(form): Form) -> Result<Response> {
    frame.check(&form.csrf)?;
    let done = case_urge(&frame.state, frame.actor(), &code).await.map(drop);
    after(frame, &code, form, ("urge", None, Action::CaseUrge), done).await
}

pub(super) async fn extend(frame: Frame, ApiPath(code): Code, PageForm(form): Form) -> Result<Response> {
    frame.check(&form.csrf)?;
    let asked = Extension {
        amount: form.amount.trim().parse().unwrap_or_default(),
        reason: form.reason.clone(),
        version: form.version.parse().ok(),
    };
    let done = extension_ask(&frame.state, frame.actor(), &code, &asked).await.map(drop);
    after(frame, &code, form, ("extend", Some(Move::ExtendAsk), Action::ExtensionAsk), done).await
}

pub(super) async fn park(frame: Frame, ApiPath(code): Code, PageForm(form): Form) -> Result<Response> {
    frame.check(&form.csrf)?;
    let asked = Parking {
        ground: form.ground.clone(),
        review: form.review.clone(),
        reason: form.reason.clone(),
        version: form.version.parse().ok(),
    };
    let done = parking_ask(&frame.state, frame.actor(), &code, &asked).await.map(drop);
    after(frame, &code, form, ("park", Some(Move::ParkAsk), Action::ParkingAsk), done).await
}

pub(super) async fn decide(
    frame: Frame,
    ApiPath((code, request)): ApiPath<(String, Uuid)>,
    PageForm(form): Form,
) -> Result<Response> {
    frame.check(&form.csrf)?;
    let decision = Decision { granted: form.granted == "yes", answer: form.answer.clone() };
    let done = request_decide(&frame.state, frame.actor(), &code, request, &decision).await.map(drop);
    let name = format!("requests/{request}");
    after(frame, &code, form, (&name, Some(Move::Extend), Action::RequestDecide), done).await
}

pub(super) async fn resume(frame: Frame, ApiPath(code): Code, PageForm(form): Form) -> Result<Response> {
    frame.check(&form.csrf)?;
    let version = form.version.parse().ok();
    let done = case_resume(&frame.state, frame.actor(), &code, &form.reason, version).await.map(drop);
    after(frame, &code, form, ("resume", Some(Move::Resume), Action::CaseResume), done).await
}

pub(super) async fn supervise(frame: Frame, ApiPath(code): Code, PageForm(form): Form) -> Result<Response> {
    frame.check(&form.csrf)?;
    let version = form.version.parse().ok();
    let done =
        supervision_order(&frame.state, frame.actor(), &code, &form.ground, &form.reason, version).await.map(drop);
    after(frame, &code, form, ("supervise", Some(Move::Supervise), Action::SupervisionOrder), done).await
}

pub(super) async fn report(frame: Frame, ApiPath(code): Code, PageForm(form): Form) -> Result<Response> {
    frame.check(&form.csrf)?;
    let version = form.version.parse().ok();
    let done = supervision_report(&frame.state, frame.actor(), &code, &form.reason, version).await.map(drop);
    after(frame, &code, form, ("report", Some(Move::SuperviseReport), Action::SupervisionReport), done).await
}

pub(super) async fn send(frame: Frame, ApiPath(code): Code, PageForm(form): Form) -> Result<Response> {
    frame.check(&form.csrf)?;
    let version = form.version.parse().ok();
    let done = match form.unit.parse() {
        Ok(unit) => case_send(&frame.state, frame.actor(), &code, unit, &form.reason, version).await.map(drop),
        Err(_) => Err(Error::invalid("unit", "unit-unknown", "Choose a unit from the list.")),
    };
    after(frame, &code, form, ("send", Some(Move::SendUp), Action::CaseSend), done).await
}

/// The case is put before a joint meeting.
pub(super) async fn matter(frame: Frame, ApiPath(code): Code, PageForm(form): Form) -> Result<Response> {
    frame.check(&form.csrf)?;
    let done = matter_put(&frame.state, frame.actor(), &code, &form.reason).await;
    after(frame, &code, form, ("matter", None, Action::MatterPut), done).await
}

/// The case again: changed, or with what was typed and why it was not taken.
async fn after(
    frame: Frame,
    code: &str,
    form: SideForm,
    (name, step, action): (&str, Option<Move>, Action),
    done: Result<()>,
) -> Result<Response> {
    let error = match done {
        Ok(()) => return Ok(case::again(frame, code).await),
        Err(error) => error,
    };
    let address = format!("/case/{code}/{name}");
    match step {
        Some(step) if is_conflict(&error) => {
            let typed = kept(&frame.shell("case-page"), &form);
            let attempt = Attempt { address, step, action, seen: form.version.parse().ok(), typed };
            super::conflict::draw(frame, code, attempt, &error).await
        }
        _ if is_about_form(&error) && !is_conflict(&error) => {
            let prefix = if name.starts_with("requests/") { "decide" } else { name };
            case::side_refused(frame, code, form, prefix, &error).await
        }
        _ => Err(error),
    }
}

/// Everything typed, under the words of its field.
fn kept(shell: &Shell, form: &SideForm) -> Vec<Kept> {
    let fields = [
        ("amount", "side-amount", &form.amount),
        ("ground", "side-ground", &form.ground),
        ("review", "side-review", &form.review),
        ("unit", "inbox-unit", &form.unit),
        ("reason", "case-reason", &form.reason),
        ("answer", "side-answer", &form.answer),
        ("granted", "side-granted", &form.granted),
    ];
    let typed = fields.into_iter().filter(|(_, _, value)| !value.is_empty());
    typed
        .map(|(name, label, value)| Kept {
            name: name.to_owned(),
            label: shell.t(label).into_owned(),
            value: value.clone(),
            shown: None,
        })
        .collect()
}

/// What the page of the case shows of it.
pub(super) fn side(frame: &Frame, places: &Places, file: &CaseFile, shell: &Shell, form: SideForm) -> Side {
    let case = &file.case;
    let name = |id: Option<Uuid>| id.and_then(|id| file.names.get(&id).cloned()).unwrap_or_default();
    let thread = file.lines.iter().map(|row| {
        let unit = row.unit_id.map(|id| places.unit(id.into()));
        line_of(shell, frame, row, unit.as_deref())
    });
    let notes = file.notes.iter().map(|note| Note {
        who: name(note.account_id),
        text: note.text.clone(),
        when: frame.when(note.at),
    });
    let decides = can(frame.actor(), Action::RequestDecide, &case.subject());
    let asked = file.requests.iter().map(|row| Asked {
        id: row.id.to_string(),
        what: what(frame, shell, file, row),
        reason: row.reason.clone(),
        who: name(row.asked_by),
        when: frame.when(row.asked_at),
        state: row.state.clone(),
        answer: row.answer.clone().unwrap_or_default(),
        may_decide: decides && row.state == "open",
    });
    let orders = file.supervisions.iter().map(|order| Order {
        ground: ground(frame, &frame.state.pack.flow.supervision, &order.ground),
        text: order.text.clone(),
        when: frame.when(order.ordered_at),
        report: order.report.clone(),
    });
    let flow = &frame.state.pack.flow;
    let owed = answer_clock(file).map(|clock| shell.label("budget-unit", &clock.budget_unit).into_owned());
    Side {
        matter: file
            .matter
            .as_ref()
            .map(|matter| (matter_reason(shell.text, &matter.reason), frame.when(matter.waiting_since))),
        thread: thread.collect(),
        notes: notes.collect(),
        asked: asked.collect(),
        orders: orders.collect(),
        acts: acts(frame, file),
        extend_hint: format!("1–{} {} · {}", flow.extension_most, owed.unwrap_or_default(), flow.extension_basis),
        ways: ways(shell),
        grounds: grounds(frame, &flow.parking),
        triggers: grounds(frame, &flow.supervision),
        send_to: case.unit().map(|unit| places.levels_of(unit)).unwrap_or_default(),
        form,
    }
}

/// A line of the thread, as either side reads it; `unit` wrote it, if the resident did not.
pub(super) fn line_of(shell: &Shell, frame: &Frame, row: &LineRow, unit: Option<&str>) -> Line {
    let ours = row.side == "unit";
    Line {
        ours,
        who: if ours { unit.unwrap_or_default().to_owned() } else { shell.t("side-resident").into_owned() },
        text: row.text.clone(),
        when: frame.when(row.at),
        read: row.read_at.map(|at| frame.when(Timestamp(at))),
    }
}

fn ways(shell: &Shell) -> Vec<Group> {
    let options = ContactWay::ALL.iter().map(|way| Choice::new(way.as_str(), shell.label("contact", way.as_str())));
    vec![Group { label: String::new(), options: options.collect() }]
}

/// Why a case is parked, and until when.
pub(super) fn parked(frame: &Frame, case: &CaseRow) -> Option<(String, When)> {
    let until = case.parked_until?;
    let why = case.parked_ground.as_deref().unwrap_or_default();
    Some((ground(frame, &frame.state.pack.flow.parking, why), frame.when(Timestamp(until))))
}

/// The promise of the unit to answer, while it runs.
fn answer_clock(file: &CaseFile) -> Option<&ClockRow> {
    file.clocks.iter().rfind(|clock| clock.is(ClockKind::Answer) && clock.stopped_at.is_none())
}

fn acts(frame: &Frame, file: &CaseFile) -> SideActs {
    let case = &file.case;
    let allowed = case.state_machine().map(|case| case.allowed()).unwrap_or_default();
    let may = |action: Action| can(frame.actor(), action, &case.subject());
    let with_unit = allowed.contains(&Move::ExtendAsk);
    let open = |kind: &str| file.requests.iter().any(|row| row.kind == kind && row.state == "open");
    let in_time = answer_clock(file).is_some_and(|clock| clock.broken_at.is_none());
    let urged = urged_until(&frame.state, file.steps.iter().map(|(step, _)| step))
        .is_some_and(|until| until > frame.state.now());
    let supervised = file.supervisions.iter().any(|order| order.report.is_none());
    SideActs {
        line: with_unit && may(Action::LineWrite),
        contact: with_unit && may(Action::CaseContact),
        urge: allowed.contains(&Move::Urge) && !urged && may(Action::CaseUrge),
        note: may(Action::NoteWrite),
        extend: with_unit && in_time && !open("extend") && may(Action::ExtensionAsk),
        park: with_unit && case.parked_until.is_none() && !open("park") && may(Action::ParkingAsk),
        resume: with_unit && case.parked_until.is_some() && may(Action::CaseResume),
        supervise: with_unit && !supervised && may(Action::SupervisionOrder),
        report: with_unit && supervised && may(Action::SupervisionReport),
        send: with_unit && may(Action::CaseSend),
        matter: allowed.contains(&Move::Assign) && file.matter.is_none() && may(Action::MatterPut),
    }
}

/// `5 working days`, or the ground and the day of review.
fn what(frame: &Frame, shell: &Shell, file: &CaseFile, row: &RequestRow) -> String {
    if let Some(amount) = row.amount {
        let unit = file.clocks.iter().find(|clock| clock.is(ClockKind::Answer) && clock.task_id == row.task_id);
        let time = unit.map(|clock| shell.count(&format!("budget-{}", clock.budget_unit), amount));
        return shell.with("side-asks-time", "time", time.unwrap_or_default());
    }
    let until = row.until_at.map(|at| frame.when(Timestamp(at)).text).unwrap_or_default();
    let why = ground(frame, &frame.state.pack.flow.parking, row.ground.as_deref().unwrap_or_default());
    shell.with2("side-asks-parking", "ground", why, "until", until)
}

pub(super) fn ground(frame: &Frame, known: &[muster_core::pack::Ground], code: &str) -> String {
    known.iter().find(|ground| ground.code == code).map_or_else(|| code.to_owned(), |ground| frame.name(&ground.name))
}

fn grounds(frame: &Frame, known: &[muster_core::pack::Ground]) -> Vec<Group> {
    let options = known.iter().map(|ground| Choice::new(ground.code.clone(), frame.name(&ground.name))).collect();
    vec![Group { label: String::new(), options }]
}
