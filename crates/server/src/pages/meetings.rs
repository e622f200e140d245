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
use crate::paper::{self, matter_reason};
use crate::usecase::meeting_call::{NewMeeting, meeting_call};
use crate::usecase::meeting_decide::{Share, Verdict, meeting_decide};
use crate::usecase::meeting_queue::meeting_queue;
use crate::usecase::meeting_view::{Matter, Tasked, meeting_view};
use crate::view::meetings::{JointRow, MatterLine, MatterWaits, MeetingForm, MeetingPage, MeetingsPage, TaskLine};
use crate::view::{Choice, Group};

type Typed = BTreeMap<String, String>;

const VERDICTS: [&str; 6] = ["owner", "amend", "joint", "plan", "up", "postponed"];
/// Rows for the units of a joint task; a plan of the case takes more.
const JOINT_ROWS: usize = 4;

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
        "joint" => joint(typed).map(Verdict::Joint),
        "plan" => {
            let template = word(typed, "template").to_owned();
            Ok(Verdict::Plan { unit: unit()?, template, units: BTreeMap::new() })
        }
        "up" => Ok(Verdict::Up),
        "postponed" => Ok(Verdict::Postponed),
        other => {
            let detail = format!("{other:?} is no decision; use {}.", VERDICTS.join(", "));
            Err(Error::invalid("verdict", "decision-unknown", detail))
        }
    }
}

/// The rows that say something; the first of them leads.
fn joint(typed: &Typed) -> Result<Vec<Share>> {
    let at = |name: &str, place: usize| word(typed, &format!("joint-{name}-{place}")).trim();
    let filled = |place: &usize| ["unit", "title", "days"].iter().any(|name| !at(name, *place).is_empty());
    let share = |place: usize| {
        let unknown = |_| Error::invalid("parts", "unit-unknown", "Choose a unit in each row; the first leads.");
        let days = at("days", place);
        Ok(Share {
            unit: at("unit", place).parse().map_err(unknown)?,
            title: at("title", place).to_owned(),
            days: days.parse().unwrap_or_default(),
        })
    };
    (1..=JOINT_ROWS).filter(filled).map(share).collect()
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
        units: ticked(typed, "unit-").filter_map(|id| id.parse().ok()).collect(),
        cases: queued(frame, typed).await?,
    })
}

/// What stands after `prefix` in the names of the ticked fields.
fn ticked<'a>(typed: &'a Typed, prefix: &'a str) -> impl Iterator<Item = &'a str> {
    typed.keys().filter_map(move |name| name.strip_prefix(prefix))
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
    let waiting = queue.waiting.iter().map(|row| MatterWaits {
        code: row.code.clone(),
        title: row.title.clone(),
        area: places.area_label(row.area),
        reason: matter_reason(shell.text, &row.reason),
        put_by: row.put_by.clone(),
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
            units: ticked(typed, "unit-").map(str::to_owned).collect(),
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
    let plans = &frame.state.pack.plans;
    let templates = plans.iter().map(|plan| Choice::new(plan.code.clone(), frame.name(&plan.name)));
    let names: Vec<_> = minutes.units.iter().map(|unit| unit.name.clone()).collect();
    Ok(MeetingPage {
        id: id.to_string(),
        area: places.area_label(meeting.area),
        held: frame.when(meeting.held_at),
        place: meeting.place,
        chair: meeting.chair,
        units_invited: names.join("、"),
        matters: minutes.matters.iter().map(|matter| line(frame, matter, meeting.held_at, typed)).collect(),
        may_decide,
        verdicts: vec![Group { label: String::new(), options: verdicts.into() }],
        units: places.unit_groups(),
        templates: vec![Group { label: String::new(), options: templates.collect() }],
        shell,
    })
}

fn line(frame: &Frame, matter: &Matter, held_at: Timestamp, typed: &Typed) -> MatterLine {
    let Matter { row, case, unit, tasks } = matter;
    let text = crate::i18n::Text { lang: frame.lang };
    let code = case.code.as_str().to_owned();
    let until = row.decided_at.map_or(held_at, Timestamp);
    let form = |name: &str| if word(typed, "case") == code { word(typed, name).to_owned() } else { String::new() };
    MatterLine {
        position: row.position.unwrap_or_default(),
        title: case.title.clone(),
        reason: matter_reason(text, &row.reason),
        days: until.since(row.waiting_since) / Timestamp::DAY,
        decision: row.decision.clone(),
        unit: unit.as_ref().map(|unit| unit.name.clone()).unwrap_or_default(),
        words: row.words.clone().unwrap_or_default(),
        verdict_id: format!("verdict-{code}"),
        unit_id: format!("unit-{code}"),
        words_id: format!("words-{code}"),
        template_id: format!("template-{code}"),
        parts_id: format!("parts-{code}"),
        rows: (1..=JOINT_ROWS).map(|place| joint_row(&code, place, form)).collect(),
        tasks: tasks.iter().map(|task| task_line(frame, task)).collect(),
        typed_verdict: form("verdict"),
        typed_unit: form("unit"),
        typed_words: form("words"),
        typed_template: form("template"),
        code,
    }
}

fn task_line(frame: &Frame, task: &Tasked) -> TaskLine {
    let whole = crate::i18n::Text { lang: frame.lang }.get("paper-whole").into_owned();
    TaskLine {
        unit: task.unit.clone(),
        title: task.title.clone().unwrap_or(whole),
        due: task.due.map(|due| frame.when(due)),
    }
}

fn joint_row(code: &str, place: usize, form: impl Fn(&str) -> String) -> JointRow {
    let name = |field: &str| format!("joint-{field}-{place}");
    let id = |field: &str| format!("joint-{field}-{place}-{code}");
    JointRow {
        label: if place == 1 { "meeting-lead" } else { "meeting-helps" },
        unit_name: name("unit"),
        title_name: name("title"),
        days_name: name("days"),
        unit_id: id("unit"),
        title_id: id("title"),
        days_id: id("days"),
        unit: form(&name("unit")),
        title: form(&name("title")),
        days: form(&name("days")),
    }
}

pub(super) async fn print(frame: Frame, ApiPath(id): ApiPath<Uuid>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let minutes = meeting_view(&frame.state, frame.actor(), id).await?;
    let area = frame.places().await?.area_label(minutes.meeting.area);
    let paper = paper::minutes(&frame.state, frame.lang, &area, &minutes);
    let pdf = frame.state.press.print(&frame.state.config.fonts, paper).await?;
    let day = frame.state.pack.calendar.local_date(minutes.meeting.held_at);
    Ok(paper::answer(pdf, &format!("minutes-{day}")))
}
