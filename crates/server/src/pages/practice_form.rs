//! Writing a practice: from a closed case, or a model way of a curator's own.

use axum::response::Response;
use muster_core::area::{AreaId, Level};
use muster_core::people::{Action, Subject, may};
use muster_core::process::Move;
use muster_store::practice::PracticeRow;
use serde::Deserialize;

use super::frame::{Frame, explain, holds, is_about_form};
use super::words::Places;
use crate::error::{Error, Result};
use crate::extract::{ApiPath, PageForm};
use crate::usecase::case_view::CaseFile;
use crate::usecase::practice::PracticeDraft;
use crate::usecase::practice_propose::{practice_propose, practice_source};
use crate::view::practices::{PracticeForm, PracticeFormPage, SourceCase};
use crate::view::{Choice, Group};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    pub(super) csrf: String,
    pub(super) title: String,
    pub(super) matter: String,
    pub(super) measures: String,
    pub(super) limits: String,
    pub(super) category: String,
    pub(super) area: String,
    pub(super) version: String,
}

impl Typed {
    /// A practice as it stands.
    pub(super) fn of(row: &PracticeRow) -> Self {
        Self {
            csrf: String::new(),
            title: row.title.clone(),
            matter: row.matter.clone(),
            measures: row.measures.clone(),
            limits: row.limits.clone(),
            category: row.category.clone(),
            area: row.area.to_string(),
            version: row.version.to_string(),
        }
    }
}

pub(super) fn read(typed: &Typed) -> PracticeDraft {
    PracticeDraft {
        title: typed.title.clone(),
        matter: typed.matter.clone(),
        measures: typed.measures.clone(),
        limits: typed.limits.clone(),
        category: typed.category.clone(),
        area: typed.area.parse().ok(),
    }
}

pub(super) async fn from_case(frame: Frame, ApiPath(code): ApiPath<String>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let file = practice_source(&frame.state, frame.actor(), &code).await?;
    let begun = Typed { category: file.case.category.clone(), area: file.case.area.to_string(), ..Typed::default() };
    let page = page(&frame, Some(&file), &begun).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn propose(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    match practice_propose(&frame.state, frame.actor(), Some(&code), &read(&typed)).await {
        Ok(id) => Ok(frame.go(&format!("/practices/{id}"))),
        Err(error) if error.status() == 422 => {
            let file = practice_source(&frame.state, frame.actor(), &code).await?;
            let mut page = page(&frame, Some(&file), &typed).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn new(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    if !holds(frame.actor(), Action::PracticeDecide) {
        return Err(Error::forbidden("This account has no role that may do this."));
    }
    let page = page(&frame, None, &Typed::default()).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn enter(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    match practice_propose(&frame.state, frame.actor(), None, &read(&typed)).await {
        Ok(id) => Ok(frame.go(&format!("/practices/{id}"))),
        Err(error) if is_about_form(&error) => {
            let mut page = page(&frame, None, &typed).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn page(frame: &Frame, file: Option<&CaseFile>, typed: &Typed) -> Result<PracticeFormPage> {
    let places = frame.places().await?;
    let answered = |file: &CaseFile| {
        let last = file.steps.iter().rev().find(|(step, _)| step.step == Move::Answer);
        last.and_then(|(step, _)| step.public_text.clone()).unwrap_or_default()
    };
    Ok(PracticeFormPage {
        shell: frame.shell("practice-new-page"),
        action: file.map_or_else(|| "/practices".to_owned(), |file| format!("/case/{}/practice", file.case.code)),
        case: file.map(|file| SourceCase {
            code: file.case.code.to_string(),
            title: file.case.title.clone(),
            text: file.case.text.clone(),
            answer: answered(file),
        }),
        form: form(frame, &places, typed, file.map(|file| file.case.area)),
    })
}

/// With the areas it can stand for: those that hold the case, or those of the curator.
pub(super) fn form(frame: &Frame, places: &Places, typed: &Typed, case: Option<AreaId>) -> PracticeForm {
    let fits = |area: AreaId| match case {
        Some(case) => area.contains(case),
        None => {
            area.level() <= Level::Community && may(frame.actor(), Action::PracticeDecide, &Subject::area(area)).is_ok()
        }
    };
    let areas = places.areas.iter().filter(|area| fits(area.id));
    let options = areas.map(|area| Choice::new(area.id.to_string(), places.area_label(area.id))).collect();
    PracticeForm {
        title: typed.title.clone(),
        matter: typed.matter.clone(),
        measures: typed.measures.clone(),
        limits: typed.limits.clone(),
        category: typed.category.clone(),
        area: typed.area.clone(),
        version: typed.version.clone(),
        categories: frame.categories(),
        areas: vec![Group { label: String::new(), options }],
    }
}
