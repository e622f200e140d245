//! The room of those who evaluate: their sample by numbers, one masked case at a time, and the signature under all of it.

use std::collections::BTreeMap;

use axum::response::Response;
use muster_core::evaluate::question::{AnsweredBy, CANNOT_TELL, Given, MARK_MOST, Question, QuestionKind};
use muster_core::evaluate::room::RoomState;
use muster_store::room::Progress;
use uuid::Uuid;

use super::frame::{Frame, explain, is_about_form};
use super::rooms::tell;
use super::words::step_code;
use crate::error::Result;
use crate::extract::{ApiPath, PageForm};
use crate::i18n::Text;
use crate::usecase::room::Contract;
use crate::usecase::room_answer::{About, room_answer};
use crate::usecase::room_case::{MaskedStep, room_case};
use crate::usecase::room_sign::{room_correct, room_sign};
use crate::usecase::room_work::{room_sample, rooms_own};
use crate::view::room::{Asked, MaskedLine, NumberShown, OwnCasePage, OwnRoomPage, OwnRoomsPage, OwnShown};
use crate::view::{Choice, Shell};

pub(super) type Typed = BTreeMap<String, String>;

pub(super) fn word<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map_or("", String::as_str)
}

/// A case of a sample, with the revision that was read.
pub(super) fn about((room, number): (Uuid, i64), typed: &Typed) -> About {
    About { room, number, revision: word(typed, "revision").parse().unwrap_or(-1) }
}

pub(super) async fn list(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let rooms = rooms_own(&frame.state, frame.actor()).await?;
    let shown = rooms.iter().map(|room| own_shown(&frame, &room.contract, &room.progress));
    let page = OwnRoomsPage { rooms: shown.collect(), shell: frame.shell("own-page") };
    Ok(frame.draw(&page))
}

fn own_shown(frame: &Frame, contract: &Contract, progress: &[Progress]) -> OwnShown {
    let row = &contract.row;
    OwnShown {
        id: row.id.to_string(),
        title: row.title.clone(),
        agency: row.agency.clone(),
        cases: frame.room_days((row.cases_from, row.cases_until)),
        work: frame.room_days((row.work_from, row.work_until)),
        state: row.state.as_str(),
        judged: progress.iter().map(|part| part.judged).sum(),
        sampled: progress.iter().map(|part| part.sampled).sum(),
        groups: progress.iter().map(|part| (part.sampled, part.judged)).collect(),
    }
}

pub(super) async fn view(frame: Frame, ApiPath(id): ApiPath<Uuid>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = sample_page(&frame, id, &Typed::new()).await?;
    Ok(frame.draw(&page))
}

async fn sample_page(frame: &Frame, id: Uuid, typed: &Typed) -> Result<OwnRoomPage> {
    let sample = room_sample(&frame.state, frame.actor(), id).await?;
    let contract = &sample.contract;
    let signed =
        sample.signatures.iter().map(|row| (row.version, frame.when(row.at), row.name.clone(), row.hash.clone()));
    Ok(OwnRoomPage {
        room: own_shown(frame, contract, &sample.progress),
        method: frame.room_method(contract, (sample.progress.len(), sample.numbers.len() as i64)),
        numbers: sample
            .numbers
            .iter()
            .map(|(number, judged)| NumberShown { number: *number, judged: *judged })
            .collect(),
        next: sample.next(0),
        is_open: sample.is_open,
        may_sign: sample.is_open && sample.hash.is_some() && contract.row.state == RoomState::Running,
        name: word(typed, "name").to_owned(),
        reason: word(typed, "reason").to_owned(),
        version: contract.row.version,
        signed: signed.collect(),
        hash: sample.hash.clone().unwrap_or_default(),
        shell: frame.shell("own-room-page"),
    })
}

pub(super) async fn case(frame: Frame, ApiPath(place): ApiPath<(Uuid, i64)>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = case_page(&frame, place, None).await?;
    Ok(frame.draw(&page))
}

async fn case_page(frame: &Frame, (id, number): (Uuid, i64), typed: Option<&Typed>) -> Result<OwnCasePage> {
    let sample = room_sample(&frame.state, frame.actor(), id).await?;
    let case = room_case(&frame.state, frame.actor(), id, number).await?;
    let chosen = |code: &str| match typed {
        Some(typed) => word(typed, code).to_owned(),
        None => case.answers.as_ref().and_then(|given| given.get(code)).map(Given::word).unwrap_or_default(),
    };
    Ok(OwnCasePage {
        id: id.to_string(),
        room: case.contract.row.title.clone(),
        number,
        of: sample.numbers.len() as i64,
        category: frame.category(&case.category),
        received: frame.when(case.received_at),
        promised: case.promised.map(|(due, kept)| (frame.when(due), kept)),
        photos: case.photos,
        reports: case.reports,
        lines: case.steps.iter().map(|step| masked(frame, step)).collect(),
        questions: asked(frame, &case.contract.questions(), AnsweredBy::File, chosen),
        // What somebody else wrote meanwhile is read before it is replaced: the form keeps the revision it was made of.
        revision: typed.and_then(|typed| word(typed, "revision").parse().ok()).unwrap_or(case.revision),
        title: case.title,
        text: case.text,
        shell: frame.shell("own-case-page"),
    })
}

fn masked(frame: &Frame, step: &MaskedStep) -> MaskedLine {
    MaskedLine {
        when: frame.when(step.at),
        side: step.side,
        what: step.step.map(step_code).unwrap_or_default().to_owned(),
        text: step.text.clone(),
        outcome: step.outcome.clone().unwrap_or_default(),
        evidence: step.evidence.clone(),
    }
}

pub(super) fn asked(
    frame: &Frame,
    questions: &[Question],
    by: AnsweredBy,
    chosen: impl Fn(&str) -> String,
) -> Vec<Asked> {
    let text = Text { lang: frame.lang };
    let asked = |question: &Question| Asked {
        id: format!("q-{}", question.code),
        code: question.code.clone(),
        name: frame.name(&question.name),
        hint: frame.name(&question.hint),
        options: options(text, question.kind),
        chosen: chosen(&question.code),
    };
    questions.iter().filter(|question| question.by == by).map(asked).collect()
}

/// Says of each problem which question it is about: the summary on top lists them one after another.
pub(super) fn name_questions(shell: &mut Shell, questions: &[Asked]) {
    for problem in &mut shell.problems {
        if let Some(asked) = questions.iter().find(|asked| asked.id == problem.field) {
            problem.message = format!("{} {}", asked.name, problem.message);
        }
    }
}

/// What can be chosen; nothing of a text.
fn options(text: Text, kind: QuestionKind) -> Vec<Choice> {
    let said = |value: &str, key: &str| Choice::new(value, text.get(key));
    let mut options: Vec<Choice> = match kind {
        QuestionKind::Text => return Vec::new(),
        QuestionKind::YesNo => vec![said("yes", "room-yes"), said("no", "room-no")],
        QuestionKind::Scale => (1..=MARK_MOST).map(|mark| Choice::new(mark.to_string(), mark.to_string())).collect(),
    };
    options.push(said(CANNOT_TELL, "room-cannot-tell"));
    options
}

pub(super) async fn answer(
    frame: Frame,
    ApiPath(place): ApiPath<(Uuid, i64)>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let (id, number) = place;
    match room_answer(&frame.state, frame.actor(), about(place, &typed), &typed).await {
        Ok(()) => {
            let next = room_sample(&frame.state, frame.actor(), id).await?.next(number);
            let to = next.map_or_else(|| format!("/room/{id}"), |next| format!("/room/{id}/{next}"));
            Ok(frame.go(&to))
        }
        Err(error) if is_about_form(&error) && error.field("room").is_none() => {
            let mut page = case_page(&frame, place, Some(&typed)).await?;
            explain(&mut page.shell, &error, |field| format!("q-{field}"));
            name_questions(&mut page.shell, &page.questions);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn sign(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let done = room_sign(&frame.state, frame.actor(), id, word(&typed, "name")).await;
    after(frame, id, &typed, done.map(|_| ())).await
}

pub(super) async fn correct(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let done = room_correct(&frame.state, frame.actor(), id, word(&typed, "reason")).await;
    after(frame, id, &typed, done).await
}

async fn after(frame: Frame, id: Uuid, typed: &Typed, done: Result<()>) -> Result<Response> {
    match done {
        Ok(()) => Ok(frame.go(&format!("/room/{id}"))),
        Err(error) if is_about_form(&error) => {
            let mut page = sample_page(&frame, id, typed).await?;
            tell(&mut page.shell, &error);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}
