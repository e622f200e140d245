//! Filters of the list of cases that are kept under a name.

use axum::response::Response;
use muster_core::area::AreaId;
use muster_core::id::UnitId;
use muster_core::people::{Action, Actor, scope};
use muster_store::saved_view::SavedViewShown;
use serde::Deserialize;
use uuid::Uuid;

use super::asked::{Asked, counted};
use super::frame::{Frame, explain, is_about_form};
use super::words::Places;
use crate::error::{Error, Result};
use crate::extract::{ApiPath, PageForm};
use crate::usecase::case_list::case_total;
use crate::usecase::saved_view::{
    MOST, may_take_back, saved_view_delete, saved_view_list, saved_view_rename, saved_view_save, saved_view_share,
};
use crate::view::inbox::{SavedLine, SavedPage, SavedTab};
use crate::view::{Choice, Shell};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    name: String,
    query: String,
    area: String,
}

type Form = PageForm<Typed>;
type Id = ApiPath<Uuid>;

pub(super) async fn list(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = page(&frame).await?;
    Ok(frame.draw(&page))
}

/// Keeps what the list was asked for; its address is all that is kept.
pub(super) async fn save(frame: Frame, PageForm(typed): Form) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let asked = Asked::read(&typed.query);
    let error = match saved_view_save(&frame.state, frame.actor(), &typed.name, &asked.query()).await {
        Ok(_) => return Ok(frame.go(&asked.address())),
        Err(error) if is_about_form(&error) => error,
        Err(error) => return Err(error),
    };
    let mut page = page(&frame).await?;
    explain(&mut page.shell, &error, |_| "name".to_owned());
    page.what = what(&frame, &page.shell, &frame.places().await?, &asked);
    (page.query, page.typed) = (asked.query(), typed.name);
    Ok(frame.draw_error(&error, &page))
}

pub(super) async fn rename(frame: Frame, ApiPath(id): Id, PageForm(typed): Form) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let done = saved_view_rename(&frame.state, frame.actor(), id, &typed.name).await;
    after(frame, id, done, |line| line.name.clone_from(&typed.name)).await
}

pub(super) async fn share(frame: Frame, ApiPath(id): Id, PageForm(typed): Form) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let done = match typed.area.parse::<AreaId>() {
        Ok(area) => saved_view_share(&frame.state, frame.actor(), id, Some(area)).await,
        Err(_) if typed.area.is_empty() => saved_view_share(&frame.state, frame.actor(), id, None).await,
        Err(_) => Err(Error::invalid("area", "area-unknown", "Choose an area from the list.")),
    };
    after(frame, id, done, |line| line.area.clone_from(&typed.area)).await
}

pub(super) async fn remove(frame: Frame, ApiPath(id): Id, PageForm(typed): Form) -> Result<Response> {
    frame.check(&typed.csrf)?;
    saved_view_delete(&frame.state, frame.actor(), id).await?;
    Ok(frame.go("/inbox/views"))
}

/// The list again, or with what was typed and why it was not taken.
async fn after(frame: Frame, id: Uuid, done: Result<()>, keep: impl Fn(&mut SavedLine)) -> Result<Response> {
    let error = match done {
        Ok(()) => return Ok(frame.go("/inbox/views")),
        Err(error) if is_about_form(&error) => error,
        Err(error) => return Err(error),
    };
    let mut page = page(&frame).await?;
    explain(&mut page.shell, &error, |field| format!("{field}-{id}"));
    page.saved.iter_mut().filter(|line| line.id == id.to_string()).for_each(keep);
    Ok(frame.draw_error(&error, &page))
}

/// Links above the list, each with its true count.
pub(super) async fn tabs(frame: &Frame, here: &Asked, places: &Places) -> Result<Vec<SavedTab>> {
    if !super::frame::holds(frame.actor(), Action::SavedViewEdit) {
        return Ok(Vec::new());
    }
    let mut tabs = Vec::new();
    for SavedViewShown { row, owner } in saved_view_list(&frame.state, frame.actor()).await? {
        let asked = Asked::read(&row.query);
        let by = if is_own(frame, row.account_id) { String::new() } else { owner };
        let (current, href) = (asked == here.first(), asked.address());
        tabs.push(SavedTab { name: row.name, href, count: count(frame, places, &asked).await?, current, by });
    }
    Ok(tabs)
}

async fn page(frame: &Frame) -> Result<SavedPage> {
    let places = frame.places().await?;
    let mut shell = frame.shell("saved-page");
    // Also of a form that comes back, whose own address cannot be asked for.
    "/inbox/views".clone_into(&mut shell.path);
    let mut saved = Vec::new();
    for shown in saved_view_list(&frame.state, frame.actor()).await? {
        saved.push(line(frame, &shell, &places, shown).await?);
    }
    let shares = scope(frame.actor(), Action::SavedViewShare).map(|scope| scope.areas).unwrap_or_default();
    let areas = shares.into_iter().filter_map(|(first, _)| AreaId::new(first).ok());
    let areas = areas.map(|id| Choice::new(id.to_string(), places.area_label(id))).collect();
    let (query, what, typed) = Default::default();
    Ok(SavedPage { saved, areas, query, what, typed, most: MOST, shell })
}

async fn line(frame: &Frame, shell: &Shell, places: &Places, shown: SavedViewShown) -> Result<SavedLine> {
    let SavedViewShown { row, owner } = shown;
    let asked = Asked::read(&row.query);
    let gone = asked.gone(frame, places).into_iter().map(|key| shell.t(key));
    let own = is_own(frame, row.account_id);
    let area = row.area.and_then(|area| AreaId::new(area).ok());
    Ok(SavedLine {
        id: row.id.to_string(),
        href: asked.address(),
        count: count(frame, places, &asked).await?,
        what: what(frame, shell, places, &asked),
        gone: gone.collect::<Vec<_>>().join(&shell.t("notice-and")),
        area: area.map(|area| area.to_string()).unwrap_or_default(),
        area_name: area.map(|area| places.area_label(area)).unwrap_or_default(),
        by: if own { String::new() } else { owner },
        may_remove: own || may_take_back(frame.actor(), &row),
        name_id: format!("name-{}", row.id),
        area_id: format!("area-{}", row.id),
        name: row.name,
    })
}

fn is_own(frame: &Frame, account: Uuid) -> bool {
    matches!(frame.actor(), Actor::Account(own) if own.id.0 == account)
}

/// `None` where the filter names what is no longer there.
async fn count(frame: &Frame, places: &Places, asked: &Asked) -> Result<Option<String>> {
    if !asked.gone(frame, places).is_empty() {
        return Ok(None);
    }
    let filter = asked.filter(places, frame.state.now());
    Ok(Some(counted(case_total(&frame.state, frame.actor(), filter).await?)))
}

/// A filter in words.
fn what(frame: &Frame, shell: &Shell, places: &Places, asked: &Asked) -> String {
    let known = |value: &str, words: String| if words.is_empty() { value.to_owned() } else { words };
    let unit = asked.unit.parse::<UnitId>().map(|unit| places.unit(unit)).unwrap_or_default();
    let area = places.find(&asked.area).map(|area| places.area_label(area)).unwrap_or_default();
    let label = |family: &str, code: &str| {
        if code.is_empty() { String::new() } else { shell.label(family, code).into_owned() }
    };
    let parts = [
        if Asked::tabs().any(|code| code == asked.tab()) { label("tab", asked.tab()) } else { asked.tab.clone() },
        known(&asked.area, area),
        known(&asked.unit, unit),
        if asked.class.is_empty() { String::new() } else { frame.category(&asked.class) },
        if asked.state.parse::<muster_core::process::CaseState>().is_ok() {
            label("state", &asked.state)
        } else {
            asked.state.clone()
        },
        if asked.q.is_empty() { String::new() } else { shell.with("saved-words", "q", &asked.q) },
    ];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}
