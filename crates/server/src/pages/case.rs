//! The case as staff work on it.

use axum::response::Response;
use muster_core::pack::{ClockKind, Rung, RungAt};
use muster_core::people::Action;
use muster_core::process::Move;
use muster_core::sense::{Judgement as Sensed, Language, Place};
use muster_store::intake::in_force;
use muster_store::process::{CaseRow, ClockEntryRow, ClockRow};
use serde::Deserialize;

use super::conflict::{self, Attempt};
use super::frame::{Frame, can, explain, is_about_form};
use super::told::told;
use super::triage::chance;
use super::words::{Places, groups};
use super::{photos, plan_parts, practice_beside, presence, side, way};
use crate::error::{Error, Result};
use crate::extract::{ApiPath, ApiQuery, PageForm};
use crate::usecase::answer_review::answer_review;
use crate::usecase::case_assign::case_assign;
use crate::usecase::case_view::{CaseFile, case_view};
use crate::usecase::explained;
use crate::usecase::person::{Revealed, person_reveal};
use crate::usecase::task_accept::task_accept;
use crate::usecase::task_answer::{Answer, task_answer};
use crate::usecase::task_dispute::task_dispute;
use crate::view::process::{Acts, CaseForms, CasePage, Clock, Judgement, Reporter, Typed as Kept};
use crate::view::side::SideForm;
use crate::view::{Choice, Group, When};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    version: String,
    outcome: String,
    text: String,
    evidence: String,
    check: String,
    unit: String,
    reason: String,
    note: String,
}

const DISPUTES: [&str; 5] = ["not_our_duty", "wrong_area", "wrong_class", "needs_lead", "no_authority"];

/// The practice whose measures stand in the draft of the answer.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Drafted {
    practice: String,
}

pub(super) async fn view(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    ApiQuery(drafted): ApiQuery<Drafted>,
) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let mut page = page(&frame, &code, CaseForms::default(), &[]).await?;
    let taken = page.practices.likely.iter().find(|likely| likely.used && likely.line.id == drafted.practice);
    if let Some(taken) = taken {
        page.forms.text.clone_from(&taken.measures);
        page.practices.drafted = Some(taken.line.title.clone());
    }
    Ok(frame.draw(&page))
}

pub(super) async fn accept(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let done = task_accept(&frame.state, frame.actor(), &code, typed.version.parse().ok()).await.map(drop);
    let attempt = attempt(&code, "accept", Move::Accept, Action::TaskAccept, &typed, Vec::new());
    after(frame, &code, CaseForms::default(), attempt, done).await
}

pub(super) async fn answer(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    if typed.check == "yes" {
        return checked(frame, &code, typed).await;
    }
    let answer = Answer {
        outcome: typed.outcome.clone(),
        text: typed.text.clone(),
        evidence: typed.evidence.clone(),
        note: None,
        version: typed.version.parse().ok(),
    };
    let done = task_answer(&frame.state, frame.actor(), &code, &answer).await.map(drop);
    let shell = frame.shell("case-page");
    let outcome = frame.state.pack.outcomes.iter().find(|known| known.code == typed.outcome);
    let outcome = outcome.map(|outcome| frame.name(&outcome.name));
    let kept = vec![
        shown(&shell, "outcome", "case-outcome", &typed.outcome, outcome),
        written(&shell, "text", "case-answer-text", &typed.text),
        written(&shell, "evidence", "case-evidence", &typed.evidence),
    ];
    let attempt = attempt(&code, "answer", Move::Answer, Action::TaskAnswer, &typed, kept);
    let forms =
        CaseForms { outcome: typed.outcome, text: typed.text, evidence: typed.evidence, ..CaseForms::default() };
    after(frame, &code, forms, attempt, done).await
}

/// The form again with what the answer may lack.
async fn checked(frame: Frame, code: &str, typed: Typed) -> Result<Response> {
    let hints = answer_review(&frame.state, frame.actor(), code, &typed.text).await?;
    let shell = frame.shell("case-page");
    let hints = hints.into_iter().map(|hint| shell.label("hint", hint.as_str()).into_owned()).collect();
    let forms = CaseForms {
        outcome: typed.outcome,
        text: typed.text,
        evidence: typed.evidence,
        hints: Some(hints),
        ..CaseForms::default()
    };
    let page = page(&frame, code, forms, &[]).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn dispute(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let shell = frame.shell("case-page");
    let coded =
        if DISPUTES.contains(&typed.reason.as_str()) { shell.label("dispute", &typed.reason) } else { "".into() };
    let reason =
        [coded.as_ref(), typed.note.trim()].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("：");
    let done = task_dispute(&frame.state, frame.actor(), &code, &reason, typed.version.parse().ok()).await.map(drop);
    let chosen = Some(coded.into_owned()).filter(|word| !word.is_empty());
    let kept = vec![
        shown(&shell, "reason", "case-reason", &typed.reason, chosen),
        written(&shell, "note", "case-dispute-note", &typed.note),
    ];
    let attempt = attempt(&code, "dispute", Move::Dispute, Action::TaskDispute, &typed, kept);
    let forms = CaseForms { dispute_reason: typed.reason, dispute_note: typed.note, ..CaseForms::default() };
    after(frame, &code, forms, attempt, done).await
}

pub(super) async fn assign(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let version = typed.version.parse().ok();
    let done = match typed.unit.parse() {
        Ok(unit) => case_assign(&frame.state, frame.actor(), &code, unit, &typed.reason, version).await.map(drop),
        Err(_) => Err(Error::invalid("unit", "unit-unknown", "Choose a unit from the list.")),
    };
    let shell = frame.shell("case-page");
    let unit = match typed.unit.parse() {
        Ok(unit) => Some(frame.places().await?.unit(unit)),
        Err(_) => None,
    };
    let kept = vec![
        shown(&shell, "unit", "inbox-unit", &typed.unit, unit),
        written(&shell, "reason", "case-reason", &typed.reason),
    ];
    let attempt = attempt(&code, "assign", Move::Assign, Action::CaseAssign, &typed, kept);
    let forms = CaseForms { assign_unit: typed.unit, assign_reason: typed.reason, ..CaseForms::default() };
    after(frame, &code, forms, attempt, done).await
}

pub(super) async fn reveal(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    match person_reveal(&frame.state, frame.actor(), &code, &typed.reason).await {
        Ok(revealed) => {
            let page = page(&frame, &code, CaseForms::default(), &revealed).await?;
            Ok(frame.draw(&page))
        }
        Err(error) if is_about_form(&error) => {
            let forms = CaseForms { reveal_reason: typed.reason, ..CaseForms::default() };
            refused(frame, &code, forms, "reveal-", &error).await
        }
        Err(error) => Err(error),
    }
}

/// An act on a case as the conflict page knows it. `form` is the last part of its address.
fn attempt(code: &str, form: &str, step: Move, action: Action, typed: &Typed, kept: Vec<Kept>) -> Attempt {
    Attempt { address: format!("/case/{code}/{form}"), step, action, seen: typed.version.parse().ok(), typed: kept }
}

fn written(shell: &crate::view::Shell, name: &str, label: &str, value: &str) -> Kept {
    Kept { name: name.to_owned(), label: shell.t(label).into_owned(), value: value.to_owned(), shown: None }
}

/// A coded choice with its words; what is not a choice shows as it came.
fn shown(shell: &crate::view::Shell, name: &str, label: &str, value: &str, words: Option<String>) -> Kept {
    Kept { shown: Some(words.unwrap_or_else(|| value.to_owned())), ..written(shell, name, label, value) }
}

/// The case again: changed, or with what was typed and why it was not taken.
async fn after(frame: Frame, code: &str, forms: CaseForms, attempt: Attempt, done: Result<()>) -> Result<Response> {
    match done {
        Ok(()) => Ok(again(frame, code).await),
        Err(error) if conflict::is_conflict(&error) => conflict::draw(frame, code, attempt, &error).await,
        Err(error) if is_about_form(&error) => {
            let prefix = match attempt.step {
                Move::Dispute => "dispute-",
                Move::Assign => "assign-",
                _ => "",
            };
            refused(frame, code, forms, prefix, &error).await
        }
        Err(error) => Err(error),
    }
}

/// The case with what was typed, and what is wrong with it beside each field.
async fn refused(frame: Frame, code: &str, forms: CaseForms, prefix: &str, error: &Error) -> Result<Response> {
    let mut page = page(&frame, code, forms, &[]).await?;
    explain(&mut page.shell, error, |field| format!("{prefix}{field}"));
    Ok(frame.draw_error(error, &page))
}

/// The case after an act; the inbox for whoever may no longer see it.
pub(super) async fn again(frame: Frame, code: &str) -> Response {
    match case_view(&frame.state, frame.actor(), code).await {
        Ok(_) => frame.go(&format!("/case/{code}")),
        Err(_) => frame.go("/inbox"),
    }
}

/// The case with what was typed into a form beside the straight way, and what is wrong with it.
pub(super) async fn side_refused(
    frame: Frame,
    code: &str,
    form: SideForm,
    prefix: &str,
    error: &Error,
) -> Result<Response> {
    let mut page = page(&frame, code, CaseForms::default(), &[]).await?;
    page.side.form = form;
    let is_whole = matches!(prefix, "line" | "note");
    explain(&mut page.shell, error, |field| if is_whole { field.to_owned() } else { format!("{prefix}-{field}") });
    Ok(frame.draw_error(error, &page))
}

async fn page(frame: &Frame, code: &str, forms: CaseForms, revealed: &[Revealed]) -> Result<CasePage> {
    let file = case_view(&frame.state, frame.actor(), code).await?;
    let places = frame.places().await?;
    let case = &file.case;
    let shell = frame.shell("case-page");
    let proof = |needed| if needed { shell.t("case-needs-evidence") } else { "".into() };
    let outcomes = frame.state.pack.outcomes.iter();
    let outcomes = outcomes
        .map(|o| Choice::new(o.code.clone(), format!("{}{}", frame.name(&o.name), proof(o.needs_evidence))))
        .collect();
    let disputes = DISPUTES.iter().map(|code| Choice::new(*code, shell.label("dispute", code))).collect();
    Ok(CasePage {
        code: case.code.to_string(),
        code_groups: groups(case.code.as_str()),
        version: case.version.to_string(),
        way: way::of_case(frame, &shell, &file),
        sheet: way::sheet(frame, &shell, case),
        around: presence::opened(frame, code).await?,
        title: case.title.clone(),
        state: case.state.as_str().to_owned(),
        urgency: case.urgency.clone(),
        area: places.area_label(case.area),
        place: case.place.clone(),
        unit: file.unit.as_ref().map(|unit| unit.name.clone()).unwrap_or_default(),
        channel: case.channel.as_str().to_owned(),
        received: frame.when(case.received_at),
        reports: case.reports as u64,
        text: case.text.clone(),
        told: told(frame, &file),
        photos: photos::shown(&file.photos),
        parts: plan_parts::of_case(frame, code, &file).await?,
        parts_wait: waited_for(&file),
        may_part: may_part(frame, &file),
        reporter: reporter(&file, revealed),
        judgement: judgement(frame, &places, &file),
        clocks: clocks(frame, &file, &shell),
        history: file
            .steps
            .iter()
            .flat_map(|(step, who)| frame.steps(step, who.as_deref().unwrap_or_default(), false))
            .collect(),
        acts: acts(frame, &file),
        outcomes: vec![Group { label: String::new(), options: outcomes }],
        dispute_reasons: vec![Group { label: String::new(), options: disputes }],
        units: places.unit_groups(),
        side: side::side(frame, &places, &file, &shell, SideForm::default()),
        practices: practice_beside::beside(frame, &shell, &places, &file).await?,
        forms,
        shell,
    })
}

/// Masked unless just revealed; the mask does not tell how long the name is.
fn reporter(file: &CaseFile, revealed: &[Revealed]) -> Reporter {
    let first = file.reports.first();
    let join = |pick: fn(&Revealed) -> Option<&str>| revealed.iter().filter_map(pick).collect::<Vec<_>>().join("、");
    let on_behalf = first.is_some_and(|report| report.on_behalf);
    if revealed.is_empty() {
        let masked = |there: bool| if there { "＊＊＊".to_owned() } else { String::new() };
        let named = first.is_some_and(|report| report.name_sealed.is_some());
        return Reporter { name: masked(named), phone: masked(named || file.reached), on_behalf, revealed: false };
    }
    Reporter {
        name: join(|r| r.name.as_ref().map(|name| name.as_str())),
        phone: join(|r| r.phone.as_ref().or(r.handle.as_ref()).map(|reached| reached.as_str())),
        on_behalf,
        revealed: true,
    }
}

fn judgement(frame: &Frame, places: &Places, file: &CaseFile) -> Option<Judgement> {
    let last = in_force(&file.judgements)?;
    let sensed: Sensed = serde_json::from_value(last.detail.clone()).ok()?;
    let confidence = last.confidence as f32;
    let by_person = last.decided_by.is_some();
    let basis = file.steps.iter().rev().find_map(|(step, _)| step.detail["basis"].as_str());
    Some(Judgement {
        class: frame.category(&last.category),
        chance: chance(confidence).to_owned(),
        percent: (confidence * 100.0).round() as u8,
        // The words weighed for the machine's class, not for the person's.
        words: if by_person { Vec::new() } else { sensed.evidence.into_iter().map(|span| span.text).collect() },
        basis: basis.filter(|basis| *basis != "chosen").unwrap_or_default().to_owned(),
        call: sensed.emergency.map(|emergency| emergency.number),
        groups: sensed.groups.into_iter().map(|group| group.name).collect(),
        places: sensed.places.iter().map(|place| named(places, place)).collect(),
        language: match sensed.language {
            Language::Chinese => None,
            Language::Latin => Some("latin"),
            Language::Other => Some("other"),
        },
        by: if by_person { String::new() } else { last.model.clone() },
    })
}

/// As it was written, with the area it is known to lie in.
fn named(places: &Places, place: &Place) -> String {
    let area = place.area.map(|area| format!("（{}）", places.area_label(area)));
    format!("{}{}", place.span.text, area.unwrap_or_default())
}

fn clocks(frame: &Frame, file: &CaseFile, shell: &crate::view::Shell) -> Vec<Clock> {
    let running = file.clocks.iter().filter(|clock| clock.stopped_at.is_none());
    running
        .map(|clock| Clock {
            label: shell.label("clock", &clock.kind).into_owned(),
            due: frame.due(clock.due_at),
            lines: reasons(frame, &file.case, clock, &file.entries),
            rungs: rungs(frame, file, clock),
        })
        .collect()
}

/// How the due time was found, by the code that found it.
pub(super) fn reasons(frame: &Frame, case: &CaseRow, clock: &ClockRow, entries: &[ClockEntryRow]) -> Vec<String> {
    let Ok(due) = explained(&frame.state, case, clock, entries) else { return Vec::new() };
    // Under a newer calendar the explanation would no longer be that of the stored time.
    if due.at != clock.due_at {
        return Vec::new();
    }
    let line = |line: &muster_core::time::explain::ExplainLine| match frame.lang {
        crate::i18n::Lang::Zh => line.zh(),
        crate::i18n::Lang::En => line.en(),
    };
    due.explain.iter().map(line).collect()
}

/// The rungs of the ladder that a clock has passed, and when.
fn rungs(frame: &Frame, file: &CaseFile, clock: &ClockRow) -> Vec<(String, When)> {
    let Some(kind) = ClockKind::from_code(&clock.kind) else { return Vec::new() };
    let ladder = frame.state.pack.ladder.rungs(kind);
    let passed = file.rungs.iter().filter(|rung| rung.clock_id == clock.id);
    let words = |rung: &Rung| match &rung.at {
        RungAt::Share(share) => format!("{share}%"),
        RungAt::After(late) => {
            let unit = crate::i18n::Text { lang: frame.lang }.label("budget-unit", late.unit.code()).into_owned();
            format!("+{} {unit}", late.amount)
        }
    };
    passed.filter_map(|row| Some((words(ladder.get(row.number as usize)?), frame.when(row.at)))).collect()
}

/// Required parts of the work that are open.
fn waited_for(file: &CaseFile) -> u64 {
    file.parts.rows.iter().filter(|part| part.required && part.state.is_open()).count() as u64
}

fn may_part(frame: &Frame, file: &CaseFile) -> bool {
    let allowed = file.case.state_machine().map(|case| case.allowed()).unwrap_or_default();
    allowed.contains(&Move::PartAdd) && can(frame.actor(), Action::PartAdd, &file.case.subject())
}

/// The acts that both the state and this person's grants allow.
fn acts(frame: &Frame, file: &CaseFile) -> Acts {
    let allowed = file.case.state_machine().map(|case| case.allowed()).unwrap_or_default();
    let subject = file.case.subject();
    let may = |m: Move, action: Action| allowed.contains(&m) && can(frame.actor(), action, &subject);
    Acts {
        accept: may(Move::Accept, Action::TaskAccept),
        answer: may(Move::Answer, Action::TaskAnswer) && waited_for(file) == 0,
        dispute: may(Move::Dispute, Action::TaskDispute),
        assign: may(Move::Assign, Action::CaseAssign),
        reveal: can(frame.actor(), Action::PersonReveal, &subject),
    }
}
