//! Findings (问题清单): the list, the form that opens one, and what is public.

use axum::response::Response;
use jiff::ToSpan;
use jiff::civil::Date;
use muster_core::area::AreaId;
use muster_core::evaluate::finding::FindingSource;
use muster_core::people::{Action, Subject, scope};
use muster_core::time::{Timestamp, day_number};
use muster_store::finding::FindingRow;
use serde::Deserialize;
use uuid::Uuid;

use super::finding::{Asking, figure_of, line};
use super::frame::{Frame, can, explain, holds, is_about_form};
use super::query::query_of;
use crate::error::{Error, Result};
use crate::extract::{ApiQuery, PageForm};
use crate::usecase::finding_list::{FindingAsk, FindingGroup, finding_list, finding_public};
use crate::usecase::finding_open::{NewFinding, NewOwner, Question, finding_open};
use crate::usecase::hotspot_list::hotspot_list;
use crate::view::findings::{
    FindingFilterForm, FindingForm, FindingFormPage, FindingNotedPage, FindingsPage, GroupTab, PublicFinding,
    PublicFindingsPage, StageCount, sources,
};
use crate::view::{Group, Shell};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    group: String,
    source: String,
    area: String,
    unit: String,
    indicator: String,
    hotspot: String,
}

/// The form, and the address that fills it: `unit` is whose figure it is there, and who puts it right in the form.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    source: String,
    area: String,
    unit: String,
    class: String,
    indicator: String,
    figure_unit: String,
    from: String,
    to: String,
    hotspot: String,
    title: String,
    words: String,
    due: String,
    cases: String,
}

const GROUPS: [(&str, FindingGroup); 4] = [
    ("open", FindingGroup::Open),
    ("late", FindingGroup::Late),
    ("struck", FindingGroup::Struck),
    ("all", FindingGroup::All),
];

pub(super) async fn list(frame: Frame, ApiQuery(asked): ApiQuery<Asked>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let places = frame.places().await?;
    let group =
        GROUPS.into_iter().find(|(code, _)| *code == asked.group).map_or(FindingGroup::Open, |(_, group)| group);
    let ask = FindingAsk {
        group,
        source: asked.source.parse().ok(),
        area: places.find(&asked.area),
        unit: asked.unit.parse().ok(),
        indicator: Some(asked.indicator.clone()).filter(|code| !code.is_empty()),
        hotspot: asked.hotspot.parse().ok(),
    };
    let seen = finding_list(&frame.state, frame.actor(), &ask).await?;
    let shell = frame.shell("findings-page");
    let stages = seen.by_stage.iter().filter(|(_, count)| *count > 0);
    let codes: Vec<&str> = FindingSource::ALL.iter().map(|source| source.as_str()).collect();
    let page = FindingsPage {
        lines: seen.rows.iter().map(|row| line(&frame, &places, row)).collect(),
        total: seen.total,
        late: seen.late,
        stages: stages.map(|(stage, count)| StageCount { stage: stage.to_string(), count: *count }).collect(),
        tabs: tabs(&asked, group),
        sources: sources(&shell, &codes),
        areas: places.area_groups(),
        units: places.unit_groups(),
        filter: FindingFilterForm {
            narrowed: !asked.indicator.is_empty() || !asked.hotspot.is_empty(),
            group: asked.group,
            source: asked.source,
            area: asked.area,
            unit: asked.unit,
        },
        may_open: holds(frame.actor(), Action::FindingOpen),
        shell,
    };
    Ok(frame.draw(&page))
}

fn tabs(asked: &Asked, current: FindingGroup) -> Vec<GroupTab> {
    let href = |code: &str| {
        let fields = [
            ("group", code),
            ("source", &asked.source),
            ("area", &asked.area),
            ("unit", &asked.unit),
            ("indicator", &asked.indicator),
            ("hotspot", &asked.hotspot),
        ];
        format!("/findings?{}", query_of(fields))
    };
    GROUPS.into_iter().map(|(code, group)| GroupTab { code, href: href(code), current: group == current }).collect()
}

pub(super) async fn form(frame: Frame, ApiQuery(asked): ApiQuery<Typed>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    if !holds(frame.actor(), Action::FindingOpen) {
        return Err(Error::forbidden("This account has no role that may open a finding."));
    }
    let usual = frame.state.pack.findings.usual_days;
    let due = frame.state.pack.calendar.local_date(frame.state.now().plus(usual * Timestamp::DAY)).to_string();
    let figure_unit = if asked.indicator.is_empty() { String::new() } else { asked.unit.clone() };
    let typed = Typed { figure_unit, due, ..asked };
    let page = form_page(&frame, typed, false).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn note_form(frame: Frame, ApiQuery(asked): ApiQuery<Typed>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    if !holds(frame.actor(), Action::FindingNote) {
        return Err(Error::forbidden("This account has no role that may note a finding."));
    }
    let source = FindingSource::Patrol.to_string();
    let page = form_page(&frame, Typed { source, ..asked }, true).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn open(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    match opened(&frame, &typed, false).await {
        Ok(id) => Ok(frame.go(&format!("/findings/{id}"))),
        Err(error) => refused(frame, typed, false, error).await,
    }
}

pub(super) async fn note(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    match opened(&frame, &typed, true).await {
        Ok(_) => {
            let stage = muster_core::evaluate::finding::FindingStage::Found;
            let days = frame.state.pack.findings.budget(stage).map_or(0, |budget| budget.amount);
            let page = FindingNotedPage { shell: frame.shell("finding-noted-page"), days };
            Ok(frame.draw(&page))
        }
        Err(error) => refused(frame, typed, true, error).await,
    }
}

async fn refused(frame: Frame, typed: Typed, note: bool, error: Error) -> Result<Response> {
    if !is_about_form(&error) {
        return Err(error);
    }
    let mut page = form_page(&frame, typed, note).await?;
    explain(&mut page.shell, &error, str::to_owned);
    Ok(frame.draw_error(&error, &page))
}

async fn opened(frame: &Frame, typed: &Typed, note: bool) -> Result<Uuid> {
    let places = frame.places().await?;
    let owner = NewOwner { unit: typed.unit.parse().ok(), last: typed.due.trim().parse().ok() };
    let new = NewFinding {
        area: places.find(&typed.area),
        source: typed.source.parse().ok(),
        title: typed.title.clone(),
        words: typed.words.clone(),
        owner: (!note).then_some(owner),
        question: question(frame, typed)?,
        hotspot: typed.hotspot.parse().ok(),
        cases: typed.cases.split_whitespace().map(str::to_owned).collect(),
    };
    finding_open(&frame.state, frame.actor(), &new).await
}

/// A day of a form.
pub(super) fn day(_frame: &Frame, field: &str, typed: &str) -> Result<Date> {
    let wrong = |_| Error::invalid(field, "date-wrong", format!("{typed:?} is no day; write it as 2026-05-31."));
    typed.trim().parse().map_err(wrong)
}

fn question(frame: &Frame, typed: &Typed) -> Result<Option<Question>> {
    if typed.indicator.is_empty() {
        return Ok(None);
    }
    let today = frame.state.pack.calendar.local_date(frame.state.now());
    let date = |text: &str, usual: Date| if text.is_empty() { Ok(usual) } else { day(frame, "from", text) };
    Ok(Some(Question {
        indicator: typed.indicator.clone(),
        unit: typed.figure_unit.parse().ok(),
        class: typed.class.clone(),
        days: (day_number(date(&typed.from, today.saturating_sub(29.days()))?), day_number(date(&typed.to, today)?)),
    }))
}

async fn form_page(frame: &Frame, typed: Typed, note: bool) -> Result<FindingFormPage> {
    let places = frame.places().await?;
    let shell = frame.shell(if note { "finding-note-page" } else { "finding-new-page" });
    let action = if note { Action::FindingNote } else { Action::FindingOpen };
    let areas = places.choices_in(&scope(frame.actor(), action).unwrap_or_default());
    // Whoever walks one area has nothing to choose.
    let only = if let [only] = areas.groups[0].options.as_slice() { only.value.as_str() } else { "" };
    let area = places.find(if typed.area.is_empty() { only } else { &typed.area });
    let named = |area| if areas.searchable { places.area_label(area) } else { area.to_string() };
    let asking = match (question(frame, &typed).ok().flatten(), area) {
        (Some(question), Some(area)) => Some(Asking { area, question, then: None }),
        _ => None,
    };
    let figure = match &asking {
        Some(asking) => figure_of(frame, &places, asking).await?,
        None => None,
    };
    let hotspot = hotspot_name(frame, &typed).await?;
    // What is opened from a figure or a hot spot came from there.
    let source = match (&figure, &hotspot) {
        _ if !typed.source.is_empty() => typed.source.clone(),
        (Some(_), _) => FindingSource::Indicator.to_string(),
        (_, Some(_)) => FindingSource::Hotspot.to_string(),
        _ => String::new(),
    };
    let title = match &figure {
        Some(figure) if typed.title.is_empty() => {
            format!("{} {}", area.map(|area| places.area(area)).unwrap_or_default(), figure.name)
        }
        _ => typed.title.clone(),
    };
    Ok(FindingFormPage {
        figure,
        sources: offered(&shell, note, &typed),
        units: places.unit_groups(),
        note,
        most_days: frame.state.pack.findings.most_days,
        form: FindingForm {
            source,
            area: area.map_or(typed.area, named),
            unit: typed.unit,
            class: typed.class,
            indicator: typed.indicator,
            figure_unit: typed.figure_unit,
            from: typed.from,
            to: typed.to,
            hotspot: if hotspot.is_some() { typed.hotspot } else { String::new() },
            title,
            words: typed.words,
            due: typed.due,
            cases: typed.cases,
        },
        hotspot,
        areas,
        shell,
    })
}

/// Where it was seen: a figure and a hot spot are chosen by coming from them.
fn offered(shell: &Shell, note: bool, typed: &Typed) -> Vec<Group> {
    if note {
        return sources(shell, &["patrol", "topic"]);
    }
    let codes: Vec<&str> = FindingSource::ALL.iter().map(|source| source.as_str()).collect();
    let from = |code: &&&str| match **code {
        "indicator" => !typed.indicator.is_empty(),
        "hotspot" => !typed.hotspot.is_empty(),
        _ => true,
    };
    sources(shell, &codes.iter().filter(from).copied().collect::<Vec<_>>())
}

async fn hotspot_name(frame: &Frame, typed: &Typed) -> Result<Option<String>> {
    let Ok(id) = typed.hotspot.parse::<Uuid>() else { return Ok(None) };
    if !holds(frame.actor(), Action::HotspotList) {
        return Ok(None);
    }
    let spots = hotspot_list(&frame.state, frame.actor()).await?;
    Ok(spots.into_iter().find(|spot| spot.row.id == id).map(|spot| spot.row.name))
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Where {
    area: String,
}

/// Open to everybody: what was published, and nothing else.
pub(super) async fn public(frame: Frame, ApiQuery(asked): ApiQuery<Where>) -> Result<Response> {
    let places = frame.places().await?;
    let (rows, total) = finding_public(&frame.state, places.find(&asked.area)).await?;
    let shown = |row: &FindingRow| {
        Some(PublicFinding {
            title: row.public_title.clone()?,
            words: row.public_words.clone()?,
            area: places.area_label(row.area),
            unit: row.unit_id.map(|unit| places.unit(unit.into())).unwrap_or_default(),
            published: frame.when(Timestamp(row.published_at?)),
            struck: row.struck_at.map(|at| frame.when(Timestamp(at))),
            reopened: row.reopened > 0,
        })
    };
    let page = PublicFindingsPage {
        shell: frame.shell("findings-open-page"),
        findings: rows.iter().filter_map(shown).collect(),
        total,
        areas: places.area_groups(),
        area: asked.area,
    };
    Ok(frame.draw(&page))
}

/// Whether this person may open a finding for an area: used to show the door to the form.
pub(super) fn may_open(frame: &Frame, area: AreaId) -> bool {
    can(frame.actor(), Action::FindingOpen, &Subject::area(area))
}
