//! Joint meetings: the queue, calling a meeting, its minutes and decisions.

use std::collections::BTreeMap;

use axum::response::Response;
use jiff::civil::DateTime;
use muster_core::people::{Action, Subject};
use muster_core::time::Timestamp;
use uuid::Uuid;

use super::frame::{Frame, can, explain, is_about_form};
use crate::error::{Error, Result};
use crate::extract::{ApiPath, PageForm};
use crate::usecase::meeting_call::{NewMeeting, meeting_call};
use crate::usecase::meeting_decide::{Verdict, meeting_decide};
use crate::usecase::meeting_queue::meeting_queue;
use crate::usecase::meeting_view::{Matter, meeting_view};
use crate::view::meetings::{MatterLine, MatterWaits, MeetingForm, MeetingPage, MeetingsPage};
use crate::view::{Choice, Group};

type Typed = BTreeMap<String, String>;

/// What a page can decide; a joint task is given out on the plan of the case after the first of its units owns it.
const VERDICTS: [&str; 4] = ["owner", "amend", "up", "postponed"];

pub(super) async fn list(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = queue(&frame, &Typed::new()).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn call(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let called = match read(&frame, &typed).await {
        Ok(new) => meeting_call(&frame.state, frame.actor(), &new).await,
        Err(error) => Err(error),
    };
    match called {
        Ok(id) => Ok(frame.go(&format!("/meetings/{id}"))),
        Err(error) if is_about_form(&error) => {
            let mut page = queue(&frame, &typed).await?;
            explain(&mut page.shell, &error, |field| if field == "held_at" { "held" } else { field }.to_owned());
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn view(frame: Frame, ApiPath(id): ApiPath<Uuid>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = minutes(&frame, id, &Typed::new()).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn decide(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let code = word(&typed, "case");
    let done = match verdict(&typed) {
        Ok(verdict) => meeting_decide(&frame.state, frame.actor(), (id, code), &verdict, word(&typed, "words")).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(frame.go(&format!("/meetings/{id}"))),
        Err(error) if is_about_form(&error) => {
            let mut page = minutes(&frame, id, &typed).await?;
            explain(&mut page.shell, &error, |field| format!("{field}-{code}"));
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

fn word<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map_or("", String::as_str)
}

fn verdict(typed: &Typed) -> Result<Verdict> {
    let unit = || {
        let unknown = |_| Error::invalid("unit", "unit-unknown", "Choose a unit from the list.");
        word(typed, "unit").parse().map_err(unknown)
    };
    match word(typed, "verdict") {
        "owner" => Ok(Verdict::Owner { unit: unit()?, amend: false }),
        "amend" => Ok(Verdict::Owner { unit: unit()?, amend: true }),
        "up" => Ok(Verdict::Up),
        "postponed" => Ok(Verdict::Postponed),
        other => {
            let detail = format!("{other:?} is no decision; use {}.", VERDICTS.join(", "));
            Err(Error::invalid("verdict", "decision-unknown", detail))
        }
    }
}

/// The form that calls a meeting. Times are those of the city.
async fn read(frame: &Frame, typed: &Typed) -> Result<NewMeeting> {
    let no_area = || Error::invalid("area", "area-unknown", "Choose an area from the list.");
    let area = frame.places().await?.find(word(typed, "area")).ok_or_else(no_area)?;
    let no_time = || Error::invalid("held_at", "time-wrong", "Say when: a date and a time, such as 2026-06-01T14:00.");
    let held: DateTime = word(typed, "held").parse().map_err(|_| no_time())?;
    let held = frame.state.pack.zone.to_ambiguous_timestamp(held).compatible().map_err(|_| no_time())?;
    Ok(NewMeeting {
        area,
        held_at: Timestamp(held.as_microsecond()),
        place: word(typed, "place").to_owned(),
        chair: word(typed, "chair").to_owned(),
        units: word(typed, "unit").parse().into_iter().collect(),
        cases: queued(frame, typed).await?,
    })
}

/// The ticked cases in the order of the queue: the longest waiting first.
async fn queued(frame: &Frame, typed: &Typed) -> Result<Vec<String>> {
    let queue = meeting_queue(&frame.state, frame.actor()).await?;
    let ticked = |code: &String| typed.contains_key(&format!("case-{code}"));
    Ok(queue.waiting.into_iter().map(|row| row.code).filter(ticked).collect())
}

async fn queue(frame: &Frame, typed: &Typed) -> Result<MeetingsPage> {
    let queue = meeting_queue(&frame.state, frame.actor()).await?;
    let places = frame.places().await?;
    let shell = frame.shell("meetings-page");
    let coded = |reason: &str| match reason {
        "no-duty" | "no-unit" | "disputed" => shell.label("waits", reason).into_owned(),
        words => words.to_owned(),
    };
    let waiting = queue.waiting.iter().map(|row| MatterWaits {
        code: row.code.clone(),
        title: row.title.clone(),
        area: places.area_label(row.area),
        reason: coded(&row.reason),
        since: frame.when(row.waiting_since),
        days: queue.now.since(row.waiting_since) / Timestamp::DAY,
        meeting: row.meeting_id.map(|id| format!("/meetings/{id}")),
        ticked: typed.contains_key(&format!("case-{}", row.code)),
    });
    let form = |name| word(typed, name).to_owned();
    Ok(MeetingsPage {
        waiting: waiting.collect(),
        median: queue.median.map(|wait| wait / Timestamp::DAY),
        may_call: can(frame.actor(), Action::MeetingCall, &Subject::area(frame.state.pack.root_area)),
        areas: places.area_groups(),
        units: places.unit_groups(),
        form: MeetingForm {
            area: form("area"),
            held: form("held"),
            place: form("place"),
            chair: form("chair"),
            unit: form("unit"),
        },
        shell,
    })
}

async fn minutes(frame: &Frame, id: Uuid, typed: &Typed) -> Result<MeetingPage> {
    let minutes = meeting_view(&frame.state, frame.actor(), id).await?;
    let places = frame.places().await?;
    let shell = frame.shell("meeting-page");
    let meeting = minutes.meeting;
    let may_decide = can(frame.actor(), Action::MeetingDecide, &Subject::area(meeting.area));
    let verdicts = VERDICTS.map(|code| Choice::new(code, shell.label("verdict", code)));
    let names: Vec<_> = minutes.units.iter().map(|unit| unit.name.clone()).collect();
    Ok(MeetingPage {
        id: id.to_string(),
        area: places.area_label(meeting.area),
        held: frame.when(meeting.held_at),
        place: meeting.place,
        chair: meeting.chair,
        units_invited: names.join("、"),
        matters: minutes.matters.iter().map(|matter| line(matter, meeting.held_at, typed)).collect(),
        may_decide,
        verdicts: vec![Group { label: String::new(), options: verdicts.into() }],
        units: places.unit_groups(),
        shell,
    })
}

fn line(matter: &Matter, held_at: Timestamp, typed: &Typed) -> MatterLine {
    let Matter { row, case, unit } = matter;
    let code = case.code.as_str().to_owned();
    let until = row.decided_at.map_or(held_at, Timestamp);
    let form = |name| if word(typed, "case") == code { word(typed, name).to_owned() } else { String::new() };
    MatterLine {
        position: row.position.unwrap_or_default(),
        title: case.title.clone(),
        reason: row.reason.clone(),
        days: until.since(row.waiting_since) / Timestamp::DAY,
        decision: row.decision.clone(),
        unit: unit.as_ref().map(|unit| unit.name.clone()).unwrap_or_default(),
        words: row.words.clone().unwrap_or_default(),
        verdict_id: format!("verdict-{code}"),
        unit_id: format!("unit-{code}"),
        words_id: format!("words-{code}"),
        typed_verdict: form("verdict"),
        typed_unit: form("unit"),
        typed_words: form("words"),
        code,
    }
}
