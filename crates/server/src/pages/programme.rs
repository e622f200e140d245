//! The programme (行动方案): stages on a line of time, goals as measured, milestones and key tasks; and the forms of its
//! leaders.

use std::collections::BTreeMap;

use axum::response::Response;
use jiff::civil::Date;
use muster_core::evaluate::Ratio;
use muster_core::evaluate::programme::{KeyTaskKind, KeyTaskState, Standing, place_on_line};
use muster_core::people::{Action, Subject};
use muster_core::time::{Timestamp, date_of_number, day_number};
use muster_store::programme::{KeyTaskRow, ProgrammeStage};

use super::finding::figure_name;
use super::findings::day;
use super::frame::{Frame, can, explain, holds, is_about_form};
use super::words::Places;
use crate::error::{Error, Result};
use crate::extract::PageForm;
use crate::usecase::key_task_add::{NewKeyTask, key_task_add};
use crate::usecase::programme_edit::{NewGoal, NewStage, programme_goal, programme_stage};
use crate::usecase::programme_view::{GoalSeen, Programme, programme_view};
use crate::view::programme::{
    GoalLine, KeyTaskForm, KeyTaskLine, Mark, ProgrammeEditPage, ProgrammePage, StageForm, StageLine, StageTasks,
    TargetField,
};
use crate::view::{Choice, Group};

type Typed = BTreeMap<String, String>;

pub(super) async fn view(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let programme = programme_view(&frame.state, frame.actor()).await?;
    let places = frame.places().await?;
    let shell = frame.shell("programme-page");
    let now = frame.state.now();
    let today = day_number(frame.state.pack.calendar.local_date(now));
    let span = span(&programme.stages);
    let (from, to) = programme.measured;
    let page = ProgrammePage {
        stages: programme.stages.iter().map(|stage| stage_line(&programme, stage, span, (today, now))).collect(),
        marks: marks(&programme, span, &frame, now),
        today: place_on_line(span.0, span.1, number(today)),
        goals: programme.goals.iter().map(|goal| goal_line(&frame, goal, programme.measured)).collect(),
        tasks: (programme.stages.iter())
            .map(|stage| StageTasks {
                stage: stage.name.clone(),
                tasks: of_stage(&programme, stage).map(|row| task_line(&frame, &places, row)).collect(),
            })
            .filter(|stage| !stage.tasks.is_empty())
            .collect(),
        late: programme.tasks.iter().filter(|row| is_late(row, now)).count(),
        current: programme.current.map(|place| programme.stages[place].name.clone()).unwrap_or_default(),
        measured: format!("{} – {}", date(from), date(to)),
        may_edit: may_edit(&frame),
        shell,
    };
    Ok(frame.draw(&page))
}

fn may_edit(frame: &Frame) -> bool {
    can(frame.actor(), Action::ProgrammeEdit, &Subject::area(frame.state.pack.root_area))
}

/// Days since the first of all, so that places on the line are true to time.
fn number(day: i64) -> i64 {
    date_of_number(day)
        .map_or(0, |date| i64::from(Date::constant(1970, 1, 1).until(date).map_or(0, |span| span.get_days())))
}

fn span(stages: &[ProgrammeStage]) -> (i64, i64) {
    let first = stages.iter().map(|stage| number(stage.first_day)).min().unwrap_or_default();
    let last = stages.iter().map(|stage| number(stage.last_day)).max().unwrap_or_default();
    (first, last)
}

pub(super) fn date(day: i64) -> String {
    date_of_number(day).map(|date| date.to_string()).unwrap_or_default()
}

fn of_stage<'a>(programme: &'a Programme, stage: &ProgrammeStage) -> impl Iterator<Item = &'a KeyTaskRow> {
    let id = stage.id;
    programme.tasks.iter().filter(move |row| row.stage_id == id && row.state != KeyTaskState::Cancelled)
}

pub(super) fn is_late(row: &KeyTaskRow, now: Timestamp) -> bool {
    row.state.is_open() && row.due_at <= now
}

fn stage_line(
    programme: &Programme,
    stage: &ProgrammeStage,
    (first, last): (i64, i64),
    (today, now): (i64, Timestamp),
) -> StageLine {
    let x = place_on_line(first, last, number(stage.first_day));
    let when = match today {
        _ if today > stage.last_day => "past",
        _ if today < stage.first_day => "ahead",
        _ => "now",
    };
    StageLine {
        name: stage.name.clone(),
        words: stage.words.clone(),
        first: date(stage.first_day),
        last: date(stage.last_day),
        when,
        x,
        width: (place_on_line(first, last, number(stage.last_day)) - x).max(1),
        done: of_stage(programme, stage).filter(|row| row.state == KeyTaskState::Done).count(),
        total: of_stage(programme, stage).count(),
        late: of_stage(programme, stage).filter(|row| is_late(row, now)).count(),
    }
}

fn marks(programme: &Programme, (first, last): (i64, i64), frame: &Frame, now: Timestamp) -> Vec<Mark> {
    let milestones = programme.tasks.iter().filter(|row| row.kind == KeyTaskKind::Milestone);
    let mark = |row: &KeyTaskRow| {
        let day = day_number(frame.state.pack.calendar.local_date(row.due_at.plus(-1)));
        Mark {
            x: place_on_line(first, last, number(day)),
            done: row.state == KeyTaskState::Done,
            late: is_late(row, now),
        }
    };
    milestones.filter(|row| row.state != KeyTaskState::Cancelled).map(mark).collect()
}

fn goal_line(frame: &Frame, seen: &GoalSeen, (from, to): (i64, i64)) -> GoalLine {
    let percent = |hundredths: i64| format!("{}.{}%", hundredths / 100, hundredths % 100 / 10);
    let counted = seen.now.filter(|now| now.denominator > 0);
    let (standing, gap) = match seen.standing {
        Some(Standing::Reached) => ("reached", String::new()),
        Some(Standing::Short(by)) => ("short", format!("{}.{:02}", by / 100, by % 100)),
        Some(Standing::Few) => ("few", String::new()),
        Some(Standing::Nothing) => ("nothing", String::new()),
        None => ("none", String::new()),
    };
    let code = &seen.goal.indicator;
    let href = format!("/dashboard/{code}?period={}..{}&side=rest", date(from), date(to));
    GoalLine {
        name: seen.goal.name.clone(),
        indicator: figure_name(frame, code),
        href: Some(href).filter(|_| counted.is_some() && holds(frame.actor(), Action::IndicatorCases)),
        now: counted.and_then(Ratio::percent).map_or_else(|| "—".to_owned(), |now| format!("{now:.1}%")),
        sides: counted.map(|now| format!("{} / {}", now.numerator, now.denominator)).unwrap_or_default(),
        targets: seen.targets.iter().map(|target| target.map_or_else(|| "—".to_owned(), percent)).collect(),
        standing,
        gap,
    }
}

pub(super) fn task_line(frame: &Frame, places: &Places, row: &KeyTaskRow) -> KeyTaskLine {
    KeyTaskLine {
        id: row.id.to_string(),
        kind: row.kind.to_string(),
        title: row.title.clone(),
        unit: places.unit(row.unit_id),
        state: row.state.to_string(),
        late: is_late(row, frame.state.now()),
        due: row.state.is_open().then(|| frame.due(row.due_at)),
        day: frame.when(row.due_at),
    }
}

pub(super) async fn edit(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    if !may_edit(&frame) {
        return Err(Error::forbidden("This account has no role that may change the programme."));
    }
    let page = edit_page(&frame, &Typed::new()).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn stage(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let new = new_stage(&frame, &typed);
    let done = match new {
        Ok(new) => programme_stage(&frame.state, frame.actor(), &new).await.map(drop),
        Err(error) => Err(error),
    };
    after(frame, &typed, done).await
}

fn new_stage(frame: &Frame, typed: &Typed) -> Result<NewStage> {
    let of = |name: &str| day(frame, name, word(typed, name)).map(day_number);
    Ok(NewStage {
        name: word(typed, "name").to_owned(),
        words: word(typed, "words").to_owned(),
        days: (of("first")?, of("last")?),
    })
}

pub(super) async fn goal(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let done = match targets(&typed) {
        Ok(targets) => {
            let (name, indicator) = (word(&typed, "goal").to_owned(), word(&typed, "indicator").to_owned());
            programme_goal(&frame.state, frame.actor(), &NewGoal { name, indicator, targets }).await.map(drop)
        }
        Err(error) => Err(error),
    };
    after(frame, &typed, done).await
}

/// The targets that are filled in, in hundredths of a per cent.
fn targets(typed: &Typed) -> Result<Vec<(uuid::Uuid, i64)>> {
    let filled = typed.iter().filter_map(|(name, value)| Some((name.strip_prefix("target-")?, value.trim())));
    let wrong = |value: &str| {
        Error::invalid(
            "targets",
            "programme-target-range",
            format!("{value:?} is no share; write per cent such as 90."),
        )
    };
    let target = |(stage, value): (&str, &str)| {
        let percent: f64 = value.trim_end_matches('%').parse().map_err(|_| wrong(value))?;
        let known = stage.parse().map_err(|_| wrong(stage))?;
        if percent.is_finite() { Ok((known, (percent * 100.0).round() as i64)) } else { Err(wrong(value)) }
    };
    filled.filter(|(_, value)| !value.is_empty()).map(target).collect()
}

pub(super) async fn task(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(word(&typed, "csrf"))?;
    let done = match new_task(&frame, &typed) {
        Ok(new) => key_task_add(&frame.state, frame.actor(), &new).await.map(drop),
        Err(error) => Err(error),
    };
    after(frame, &typed, done).await
}

fn new_task(frame: &Frame, typed: &Typed) -> Result<NewKeyTask> {
    let no_stage = |_| Error::invalid("stage", "programme-stage-unknown", "Choose a stage from the list.");
    let no_kind = |_| Error::invalid("kind", "programme-kind-unknown", "Say whether it is a milestone or a task.");
    let no_unit = |_| Error::invalid("unit", "unit-unknown", "Choose a unit from the list.");
    Ok(NewKeyTask {
        stage: word(typed, "stage").parse().map_err(no_stage)?,
        kind: word(typed, "kind").parse().map_err(no_kind)?,
        title: word(typed, "title").to_owned(),
        words: word(typed, "task_words").to_owned(),
        unit: word(typed, "unit").parse().map_err(no_unit)?,
        last: day(frame, "task_last", word(typed, "task_last"))?,
    })
}

async fn after(frame: Frame, typed: &Typed, done: Result<()>) -> Result<Response> {
    match done {
        Ok(()) => Ok(frame.go("/programme")),
        Err(error) if is_about_form(&error) => {
            let mut page = edit_page(&frame, typed).await?;
            let of_task = typed.contains_key("task_last");
            explain(&mut page.shell, &error, |field| {
                if of_task && field == "last" { "task_last" } else { field }.to_owned()
            });
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

fn word<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map_or("", String::as_str)
}

/// All that goals may be measured by: what is counted, and what will be.
fn figures(frame: &Frame) -> Vec<Choice> {
    let indicators = &frame.state.pack.indicators;
    let counted = indicators.iter().map(|one| Choice::new(one.code.clone(), frame.name(&one.name)));
    let awaited = indicators.awaited().map(|one| Choice::new(one.code.clone(), frame.name(&one.name)));
    counted.chain(awaited).collect()
}

async fn edit_page(frame: &Frame, typed: &Typed) -> Result<ProgrammeEditPage> {
    let programme = programme_view(&frame.state, frame.actor()).await?;
    let places = frame.places().await?;
    let shell = frame.shell("programme-edit-page");
    let form = |name: &str| word(typed, name).to_owned();
    let one = |options: Vec<Choice>| vec![Group { label: String::new(), options }];
    let target = |stage: &ProgrammeStage| {
        let field = format!("target-{}", stage.id);
        TargetField { value: form(&field), field, stage: stage.name.clone() }
    };
    Ok(ProgrammeEditPage {
        stage: StageForm { name: form("name"), words: form("words"), first: form("first"), last: form("last") },
        goal: form("goal"),
        indicator: form("indicator"),
        targets: programme.stages.iter().map(target).collect(),
        task: KeyTaskForm {
            stage: form("stage"),
            kind: form("kind"),
            title: form("title"),
            words: form("task_words"),
            unit: form("unit"),
            last: form("task_last"),
        },
        indicators: one(figures(frame)),
        stages: one(programme.stages.iter().map(|s| Choice::new(s.id.to_string(), s.name.clone())).collect()),
        kinds: one(KeyTaskKind::ALL
            .iter()
            .map(|k| Choice::new(k.as_str(), shell.label("programme-kind", k.as_str())))
            .collect()),
        units: places.unit_groups(),
        shell,
    })
}
