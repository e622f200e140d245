//! Third-party evaluation for those who order it: contracts, a new one, its seed and sample, changes.

use std::collections::BTreeMap;

use axum::response::Response;
use jiff::civil::{Date, DateTime};
use muster_core::evaluate::room::{RoomState, SeedKind};
use muster_core::evaluate::sample::{Allocation, Design, StrataBy};
use muster_core::time::Timestamp;
use muster_store::room::EvaluatorRow;
use serde::Deserialize;
use uuid::Uuid;

use super::frame::{Frame, explain, is_about_form};
use super::words::Places;
use crate::error::{Error, Result};
use crate::extract::{ApiPath, ApiQuery, PageForm};
use crate::usecase::room_change::{RoomChange, room_change};
use crate::usecase::room_draw::room_draw;
use crate::usecase::room_frame::room_frame;
use crate::usecase::room_order::{RoomDraft, room_form, room_order};
use crate::usecase::room_redraw::room_redraw;
use crate::usecase::room_view::{RoomFile, room_list, room_method, room_view};
use crate::view::rooms::{Line, Part, RedrawPage, RoomForm, RoomNewPage, RoomOpenPage, RoomPage, RoomsPage, Tick};
use crate::view::{Choice, Group, Shell};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    title: String,
    agency: String,
    area: String,
    cases_from: String,
    cases_until: String,
    work_from: String,
    work_until: String,
    by: String,
    allocation: String,
    size: String,
    least: String,
    questionnaire: String,
    calls: String,
    seed: String,
    source: String,
    source_at: String,
    evaluator: Vec<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    like: String,
}

/// The forms about a contract that is there.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Changing {
    csrf: String,
    number: String,
    change: String,
    evaluator: Vec<String>,
    until: String,
    reason: String,
}

pub(super) async fn list(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let lines = room_list(&frame.state, frame.actor()).await?;
    let places = frame.places().await?;
    let shown = lines.iter().map(|line| frame.room_shown(&line.contract, &places, (line.judged, line.sampled)));
    let page = RoomsPage { rooms: shown.collect(), shell: frame.shell("rooms-page") };
    Ok(frame.draw(&page))
}

pub(super) async fn form(frame: Frame, ApiQuery(asked): ApiQuery<Asked>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = new_page(&frame, asked.like.parse().ok(), None).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn order(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let places = frame.places().await?;
    match room_order(&frame.state, frame.actor(), &draft(&frame, &places, &typed)).await {
        Ok(id) => Ok(frame.go(&format!("/rooms/{id}"))),
        Err(error) if is_about_form(&error) => {
            let mut page = new_page(&frame, None, Some(&typed)).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

fn draft(frame: &Frame, places: &Places, typed: &Typed) -> RoomDraft {
    let day = |text: &str| text.trim().parse::<Date>().ok();
    let number = |text: &str| text.trim().parse().unwrap_or_default();
    RoomDraft {
        title: typed.title.clone(),
        agency: typed.agency.clone(),
        area: places.find(&typed.area),
        cases: (day(&typed.cases_from), day(&typed.cases_until)),
        work: (day(&typed.work_from), day(&typed.work_until)),
        design: Design {
            by: typed.by.parse().unwrap_or(StrataBy::All),
            allocation: typed.allocation.parse().unwrap_or(Allocation::Proportional),
            size: number(&typed.size),
            least: number(&typed.least),
        },
        questionnaire: typed.questionnaire.clone(),
        calls: typed.calls == "yes",
        seed_kind: typed.seed.parse().unwrap_or(SeedKind::Secret),
        source: typed.source.clone(),
        source_at: moment(frame, &typed.source_at),
        evaluators: typed.evaluator.iter().filter_map(|id| id.parse().ok()).collect(),
    }
}

/// A date and a time of the city.
fn moment(frame: &Frame, text: &str) -> Option<Timestamp> {
    let local: DateTime = text.trim().parse().ok()?;
    let at = frame.state.pack.zone.to_ambiguous_timestamp(local).compatible().ok()?;
    Some(Timestamp(at.as_microsecond()))
}

async fn new_page(frame: &Frame, like: Option<Uuid>, typed: Option<&Typed>) -> Result<RoomNewPage> {
    let begun = room_form(&frame.state, frame.actor(), like).await?;
    let places = frame.places().await?;
    let shell = frame.shell("room-new-page");
    let coded = |family: &str, codes: Vec<&'static str>| {
        let options = codes.into_iter().map(|code| Choice::new(code, shell.label(family, code))).collect();
        vec![Group { label: String::new(), options }]
    };
    let named = |id: Uuid| typed.is_some_and(|typed| typed.evaluator.contains(&id.to_string()));
    let form = match (typed, &begun.like) {
        (Some(typed), _) => kept(typed),
        (None, Some(like)) => RoomForm {
            title: like.row.title.clone(),
            agency: like.row.agency.clone(),
            area: like.row.area.to_string(),
            questionnaire: like.questionnaire.code.clone(),
            calls: like.row.calls,
            ..design_form(&like.design)
        },
        (None, None) => design_form(&RoomDraft::default().design),
    };
    let all = &frame.state.pack.questionnaires.all;
    let questionnaires = all.iter().map(|known| Choice::new(known.code.clone(), frame.name(&known.name)));
    Ok(RoomNewPage {
        areas: places.area_groups(),
        strata: coded("strata", StrataBy::ALL.iter().map(|by| by.as_str()).collect()),
        allocations: coded("allocation", Allocation::ALL.iter().map(|way| way.as_str()).collect()),
        questionnaires: vec![Group { label: String::new(), options: questionnaires.collect() }],
        evaluators: ticks(&begun.evaluators, named),
        form,
        shell,
    })
}

fn design_form(design: &Design) -> RoomForm {
    RoomForm {
        by: design.by.as_str().to_owned(),
        allocation: design.allocation.as_str().to_owned(),
        size: design.size.to_string(),
        least: design.least.to_string(),
        ..RoomForm::default()
    }
}

fn kept(typed: &Typed) -> RoomForm {
    let typed = typed.clone();
    RoomForm {
        title: typed.title,
        agency: typed.agency,
        area: typed.area,
        cases_from: typed.cases_from,
        cases_until: typed.cases_until,
        work_from: typed.work_from,
        work_until: typed.work_until,
        by: typed.by,
        allocation: typed.allocation,
        size: typed.size,
        least: typed.least,
        questionnaire: typed.questionnaire,
        calls: typed.calls == "yes",
        seed: typed.seed,
        source: typed.source,
        source_at: typed.source_at,
    }
}

fn ticks(accounts: &[EvaluatorRow], ticked: impl Fn(Uuid) -> bool) -> Vec<Tick> {
    let tick = |row: &EvaluatorRow| Tick {
        choice: Choice::new(row.id.to_string(), format!("{} {}", row.name, row.login)),
        ticked: ticked(row.id),
    };
    accounts.iter().map(tick).collect()
}

pub(super) async fn view(frame: Frame, ApiPath(id): ApiPath<Uuid>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = room_page(&frame, id, None).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn close_frame(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Changing>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let done = room_frame(&frame.state, frame.actor(), id).await;
    after(frame, id, &typed, done.map(|_| ())).await
}

pub(super) async fn draw(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Changing>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let done = room_draw(&frame.state, frame.actor(), id, &typed.number).await;
    after(frame, id, &typed, done.map(|_| ())).await
}

pub(super) async fn change(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Changing>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let change = match typed.change.as_str() {
        "people" => RoomChange::Evaluators(typed.evaluator.iter().filter_map(|id| id.parse().ok()).collect()),
        "until" => RoomChange::Until(typed.until.trim().parse().ok()),
        "cancel" => RoomChange::Cancel,
        other => {
            // Whose contract it is not hears nothing else of it.
            room_view(&frame.state, frame.actor(), id).await?;
            let detail = format!("{other:?} is no change; use people, until or cancel.");
            return Err(Error::invalid("change", "room-change", detail));
        }
    };
    let done = room_change(&frame.state, frame.actor(), id, &change, &typed.reason).await;
    after(frame, id, &typed, done).await
}

async fn after(frame: Frame, id: Uuid, typed: &Changing, done: Result<()>) -> Result<Response> {
    match done {
        Ok(()) => Ok(frame.go(&format!("/rooms/{id}"))),
        Err(error) if is_about_form(&error) => {
            let mut page = room_page(&frame, id, Some(typed)).await?;
            tell(&mut page.shell, &error);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

/// What is about no field of the page, such as that the contract has moved on, stands above it.
pub(super) fn tell(shell: &mut Shell, error: &Error) {
    if error.field("room").is_some() {
        let text = super::frame::words(shell, error);
        shell.notice = Some(crate::view::Notice { good: false, text });
    } else {
        explain(shell, error, str::to_owned);
    }
}

async fn room_page(frame: &Frame, id: Uuid, typed: Option<&Changing>) -> Result<RoomPage> {
    let file = room_view(&frame.state, frame.actor(), id).await?;
    let places = frame.places().await?;
    let typed = typed.cloned().unwrap_or_default();
    let sum = |of: fn(&muster_store::room::Progress) -> i64| file.progress.iter().map(of).sum();
    let room = frame.room_shown(&file.contract, &places, (sum(|part| part.judged), sum(|part| part.sampled)));
    let named = |id: Uuid| match typed.change.as_str() {
        "people" => typed.evaluator.contains(&id.to_string()),
        _ => file.evaluators.iter().any(|row| row.id == id),
    };
    let state = file.contract.row.state;
    let until = frame.state.pack.calendar.local_date(file.contract.row.work_until.plus(-1)).to_string();
    Ok(RoomPage {
        facts: frame.room_facts(&file.contract, &room),
        seed: frame.room_seed(&file.contract),
        number: typed.number,
        parts: parts(frame, &places, &file),
        calls: file.contract.row.calls,
        evaluators: file.evaluators.iter().map(|row| row.name.as_str()).collect::<Vec<_>>().join("、"),
        ticks: ticks(&file.candidates, named),
        until: if typed.change == "until" { typed.until } else { until },
        reason: typed.reason,
        changes_open: !typed.change.is_empty(),
        under_way: matches!(state, RoomState::Ordered | RoomState::Framed | RoomState::Running),
        lines: lines(frame, &file),
        has_result: !file.signatures.is_empty(),
        shell: frame.shell("room-page"),
        room,
    })
}

fn parts(frame: &Frame, places: &Places, file: &RoomFile) -> Vec<Part> {
    let done: BTreeMap<i64, _> = file.progress.iter().map(|part| (part.stratum, part)).collect();
    let part = |row: &muster_store::room::StratumRow| Part {
        name: frame.room_part(file.contract.design.by, &row.key, places),
        cases: row.cases,
        sampled: row.sampled,
        weight: format!("{:.2}", row.cases as f64 / row.sampled.max(1) as f64),
        judged: done.get(&row.position).map_or(0, |part| part.judged),
        called: done.get(&row.position).map_or(0, |part| part.called),
    };
    file.strata.iter().map(part).collect()
}

fn lines(frame: &Frame, file: &RoomFile) -> Vec<Line> {
    let line = |(step, name): &(muster_store::room::RoomStepRow, Option<String>)| Line {
        when: frame.when(step.at),
        who: name.clone().unwrap_or_default(),
        is_code: matches!(step.kind.as_str(), "frame" | "draw" | "sign"),
        kind: step.kind.clone(),
        text: step.text.clone(),
    };
    file.steps.iter().map(line).collect()
}

pub(super) async fn redraw(frame: Frame, ApiPath(id): ApiPath<Uuid>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let again = room_redraw(&frame.state, frame.actor(), id).await?;
    let places = frame.places().await?;
    let mut compared = vec![("room-frame-same", again.frame_same), ("room-shares-same", again.strata_same)];
    compared.extend(again.seed_same.map(|same| ("room-seed-same", same)));
    compared.push(("room-sample-same", again.differing.is_empty()));
    let page = RedrawPage {
        room: frame.room_shown(&again.contract, &places, (0, 0)),
        seed: frame.room_seed(&again.contract),
        is_same: again.is_same(),
        drawn: again.drawn,
        differing: again.differing,
        compared,
        shell: frame.shell("room-redraw-page"),
    };
    Ok(frame.draw(&page))
}

pub(super) async fn open(frame: Frame, ApiPath(id): ApiPath<Uuid>) -> Result<Response> {
    let method = room_method(&frame.state, id).await?;
    let places = frame.places().await?;
    let room = frame.room_shown(&method.contract, &places, (0, method.sampled));
    let page = RoomOpenPage {
        facts: frame.room_facts(&method.contract, &room),
        seed: frame.room_seed(&method.contract),
        signatures: (method.signatures.iter()).map(|row| (row.version, frame.when(row.at), row.hash.clone())).collect(),
        shell: frame.shell("room-open-page"),
        room,
    };
    Ok(frame.draw(&page))
}
