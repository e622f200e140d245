//! What waits for a reviewer, and what is left out of scores.

use axum::response::Response;
use muster_core::people::{Action, Subject};
use serde::Deserialize;
use uuid::Uuid;

use super::frame::{Frame, can, explain, holds, is_about_form};
use super::performance::{appeal_shown, exempt, ground_name, grounds, other, tabs};
use super::words::Places;
use crate::error::{Error, Result};
use crate::extract::{ApiPath, ApiQuery, PageForm};
use crate::usecase::appeal_decide::appeal_decide;
use crate::usecase::appeal_list::appeal_list;
use crate::usecase::exclusion_ask::{NewExclusion, exclusion_ask};
use crate::usecase::exclusion_decide::exclusion_decide;
use crate::usecase::exclusion_list::{exclusion_counts, exclusions_own};
use crate::view::performance::{AppealsPage, ExclusionNewPage, ExclusionsPage, ExemptCount};
use crate::view::{Choice, Group};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Deciding {
    csrf: String,
    granted: String,
    answer: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asking {
    csrf: String,
    unit: String,
    case: String,
    ground: String,
    evidence: String,
}

pub(super) async fn list(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = waiting(&frame, None).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn decide(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Deciding>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let done = appeal_decide(&frame.state, frame.actor(), id, typed.granted == "yes", &typed.answer).await;
    decided(frame, id, &typed, done.map(|stands| format!("/performance/{}", stands.id))).await
}

pub(super) async fn exclusion(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Deciding>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let done = exclusion_decide(&frame.state, frame.actor(), id, typed.granted == "yes", &typed.answer).await;
    decided(frame, id, &typed, done.map(|_| "/performance/appeals".to_owned())).await
}

async fn decided(frame: Frame, id: Uuid, typed: &Deciding, done: Result<String>) -> Result<Response> {
    match done {
        Ok(path) => Ok(frame.go(&path)),
        Err(error) if is_about_form(&error) => {
            let mut page = waiting(&frame, Some((id, typed))).await?;
            explain(&mut page.shell, &error, |field| format!("{field}-{id}"));
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn waiting(frame: &Frame, typed: Option<(Uuid, &Deciding)>) -> Result<AppealsPage> {
    let waiting = appeal_list(&frame.state, frame.actor()).await?;
    let places = frame.places().await?;
    let typed_of = |id: Uuid| typed.filter(|(of, _)| *of == id).map_or("", |(_, typed)| typed.answer.as_str());
    let may = |action: Action, unit| may_decide(frame, &places, action, unit);
    let appeals = waiting.appeals.iter().map(|(row, score, cases)| {
        let may = may(Action::AppealDecide, score.unit_id);
        appeal_shown(frame, &places, row, score, cases, typed_of(row.id), may)
    });
    let exempt = waiting.exclusions.iter().map(|held| {
        let may = may(Action::ExclusionDecide, held.row.unit_id);
        exempt(frame, &places, held, typed_of(held.row.id), may)
    });
    Ok(AppealsPage {
        tabs: tabs(frame, "/performance/appeals"),
        appeals: appeals.collect(),
        exempt: exempt.collect(),
        ruled: waiting.ruled.iter().map(|row| other(frame, row, &places.unit(row.unit_id))).collect(),
        shell: frame.shell("appeals-page"),
    })
}

pub(super) fn may_decide(frame: &Frame, places: &Places, action: Action, unit: muster_core::id::UnitId) -> bool {
    let area = places.units.iter().find(|known| known.id == unit).map(|known| known.area);
    can(frame.actor(), action, &Subject { area, unit: Some(unit) })
}

/// For everybody: counts by month and ground, no unit and no case.
pub(super) async fn counts(frame: Frame) -> Result<Response> {
    let counts = exclusion_counts(&frame.state).await?;
    let known = &frame.state.pack.performance;
    let count =
        |((month, ground), told): (&(std::cmp::Reverse<i64>, String), &crate::usecase::exclusion_list::Told)| {
            ExemptCount {
                month: format!("{}-{:02}", month.0 / 100, month.0 % 100),
                kind: known.ground(ground).map_or("exclusion", |known| known.kind.as_str()).to_owned(),
                ground: ground_name(&frame, ground),
                asked: told.asked,
                granted: told.granted,
                refused: told.refused,
            }
        };
    let ground =
        |known: &muster_core::pack::ExemptGround| (known.kind.as_str().to_owned(), frame.name(&known.ground.name));
    let staff = holds(frame.actor(), Action::ScoreView);
    let page = ExclusionsPage {
        tabs: if staff { tabs(&frame, "/performance/exclusions") } else { Vec::new() },
        counts: counts.iter().map(count).collect(),
        grounds: known.grounds.iter().map(ground).collect(),
        shell: frame.shell("exclusions-page"),
    };
    Ok(frame.draw(&page))
}

pub(super) async fn new(frame: Frame, ApiQuery(asked): ApiQuery<Asking>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = asking(&frame, asked).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn ask(frame: Frame, PageForm(typed): PageForm<Asking>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let new = NewExclusion { case: typed.case.clone(), ground: typed.ground.clone(), evidence: typed.evidence.clone() };
    let done = match typed.unit.parse() {
        Ok(unit) => exclusion_ask(&frame.state, frame.actor(), unit, &new).await,
        Err(_) => Err(Error::invalid("unit", "unit-unknown", "Choose a unit from the list.")),
    };
    match done {
        Ok(_) => Ok(frame.go("/performance/exclusions/new")),
        Err(error) if is_about_form(&error) => {
            let mut page = asking(&frame, typed).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn asking(frame: &Frame, typed: Asking) -> Result<ExclusionNewPage> {
    let own = exclusions_own(&frame.state, frame.actor()).await?;
    let places = frame.places().await?;
    let units: Vec<Choice> = own.iter().map(|(unit, _)| Choice::new(unit.id.to_string(), unit.name.clone())).collect();
    // Whoever is of one unit asks for that one.
    let unit = match &units[..] {
        [only] if typed.unit.is_empty() => only.value.clone(),
        _ => typed.unit,
    };
    let asked = own.iter().flat_map(|(_, asked)| asked).map(|held| exempt(frame, &places, held, "", false));
    Ok(ExclusionNewPage {
        tabs: tabs(frame, "/performance/exclusions/new"),
        units: vec![Group { label: String::new(), options: units }],
        grounds: grounds(frame),
        unit,
        case: typed.case,
        ground: typed.ground,
        evidence: typed.evidence,
        asked: asked.collect(),
        shell: frame.shell("exclusion-new-page"),
    })
}
