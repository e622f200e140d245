//! Practices: looked for, read, curated; and those that everybody may read.

use axum::response::Response;
use muster_core::area::Level;
use muster_core::evaluate::{Effect, PracticeState, PracticeVerdict};
use muster_core::people::Action;
use muster_core::time::Timestamp;
use muster_store::practice::{PracticeFilter, PracticeShown, PracticeVersionRow};
use serde::Deserialize;
use uuid::Uuid;

use super::frame::{Frame, explain, holds, is_about_form};
use super::practice_form::{Typed, form, read};
use super::query::query_of;
use super::words::Places;
use crate::error::{Error, Result};
use crate::extract::{ApiPath, ApiQuery, PageForm};
use crate::usecase::practice_cases::{PracticeSide, practice_cases};
use crate::usecase::practice_decide::practice_decide;
use crate::usecase::practice_edit::practice_edit;
use crate::usecase::practice_list::{practice_list, practice_open, practice_read, practice_states};
use crate::usecase::practice_view::{PracticeFile, practice_view, seen};
use crate::view::practices::{
    EffectShown, OpenPracticePage, OpenPracticesPage, PracticeCasesPage, PracticeLine, PracticePage, PracticeStep,
    PracticeTab, PracticesPage,
};
use crate::view::process::Pager;
use crate::view::{Choice, Group, Shell};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    show: String,
    q: String,
    class: String,
    level: String,
    /// Time and id of the last row shown.
    cursor: String,
    side: String,
}

impl Asked {
    fn filter(&self) -> PracticeFilter {
        let after = self.cursor.split_once('_');
        PracticeFilter {
            state: Some(self.state()),
            text: self.q.clone(),
            class: self.class.clone(),
            level: self.level.clone(),
            after: after.and_then(|(at, id)| Some((Timestamp(at.parse().ok()?), id.parse().ok()?))),
            ..PracticeFilter::default()
        }
    }

    fn state(&self) -> PracticeState {
        self.show.parse().unwrap_or(PracticeState::Accepted)
    }

    fn link(&self, path: &str, show: &str, cursor: &str) -> String {
        let fields =
            [("show", show), ("q", &self.q), ("class", &self.class), ("level", &self.level), ("cursor", cursor)];
        format!("{path}?{}", query_of(fields))
    }

    fn pager(&self, path: &str, next: Option<(Timestamp, Uuid)>) -> Pager {
        let first = (!self.cursor.is_empty()).then(|| self.link(path, &self.show, ""));
        let next = next.map(|(at, id)| self.link(path, &self.show, &format!("{}_{id}", at.0)));
        Pager { first, next }
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Decided {
    csrf: String,
    verdict: String,
    reason: String,
    version: String,
}

pub(super) async fn list(frame: Frame, ApiQuery(asked): ApiQuery<Asked>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let found = practice_list(&frame.state, frame.actor(), asked.filter()).await?;
    let states = practice_states(&frame.state, frame.actor()).await?;
    let places = frame.places().await?;
    let shell = frame.shell("practices-page");
    let tab = |(state, count): (PracticeState, i64)| PracticeTab {
        state: state.as_str().to_owned(),
        href: asked.link("/practices", state.as_str(), ""),
        count,
        current: state == asked.state(),
    };
    let seen = |(state, count): &(PracticeState, i64)| *state == PracticeState::Accepted || *count > 0;
    let page = PracticesPage {
        tabs: states.into_iter().filter(seen).map(tab).collect(),
        levels: levels(&shell),
        classes: frame.classes(),
        lines: found.rows.iter().map(|shown| line(&frame, &shell, &places, shown)).collect(),
        total: found.total,
        pager: asked.pager("/practices", found.next),
        may_enter: holds(frame.actor(), Action::PracticeDecide),
        show: asked.show,
        q: asked.q,
        class: asked.class,
        level: asked.level,
        shell,
    };
    Ok(frame.draw(&page))
}

pub(super) async fn view(frame: Frame, ApiPath(id): ApiPath<Uuid>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = page(&frame, id, "", None).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn decide(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Decided>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let done = match typed.verdict.parse::<PracticeVerdict>() {
        Ok(verdict) => {
            let version = typed.version.parse().ok();
            practice_decide(&frame.state, frame.actor(), id, verdict, &typed.reason, version).await
        }
        Err(unknown) => Err(Error::invalid("verdict", "verdict-unknown", unknown)),
    };
    match done {
        Ok(()) => Ok(frame.go(&format!("/practices/{id}"))),
        Err(error) if is_about_form(&error) => {
            let mut page = page(&frame, id, &typed.reason, None).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn edit(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let version = typed.version.parse().ok();
    match practice_edit(&frame.state, frame.actor(), id, &read(&typed), version).await {
        Ok(()) => Ok(frame.go(&format!("/practices/{id}"))),
        Err(error) if is_about_form(&error) => {
            let mut page = page(&frame, id, "", Some(&typed)).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn cases(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    ApiQuery(asked): ApiQuery<Asked>,
) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let known = PracticeSide::ALL.into_iter().find(|(code, _)| *code == asked.side);
    let (code, side) = known.ok_or_else(Error::not_found)?;
    let found = practice_cases(&frame.state, frame.actor(), id, side).await?;
    let places = frame.places().await?;
    let page = PracticeCasesPage {
        shell: frame.shell("practice-cases-page"),
        id: id.to_string(),
        title: found.title,
        sides: PracticeSide::ALL.iter().map(|(other, _)| (*other, *other == code)).collect(),
        rows: found.cases.iter().map(|case| frame.row(case, &places)).collect(),
        hidden: found.hidden as u64,
    };
    Ok(frame.draw(&page))
}

pub(super) async fn open_list(frame: Frame, ApiQuery(asked): ApiQuery<Asked>) -> Result<Response> {
    let found = practice_open(&frame.state, asked.filter()).await?;
    let places = frame.places().await?;
    let shell = frame.shell("open-practices-page");
    let page = OpenPracticesPage {
        classes: frame.classes(),
        lines: found.rows.iter().map(|shown| open_line(&frame, &shell, &places, shown)).collect(),
        total: found.total,
        pager: asked.pager("/open/practices", found.next),
        q: asked.q,
        class: asked.class,
        shell,
    };
    Ok(frame.draw(&page))
}

pub(super) async fn open_view(frame: Frame, ApiPath(id): ApiPath<Uuid>) -> Result<Response> {
    let shown = practice_read(&frame.state, id).await?;
    if let Err(error) = seen(&frame.state, id).await {
        tracing::warn!(%error, "a look at a practice is not counted");
    }
    let places = frame.places().await?;
    let shell = frame.shell("open-practice-page");
    let page = OpenPracticePage {
        line: open_line(&frame, &shell, &places, &shown),
        measures: shown.row.measures,
        limits: shown.row.limits,
        window_days: frame.state.pack.practices.window_days,
        shell,
    };
    Ok(frame.draw(&page))
}

async fn page(frame: &Frame, id: Uuid, reason: &str, typed: Option<&Typed>) -> Result<PracticePage> {
    let file = practice_view(&frame.state, frame.actor(), id).await?;
    let places = frame.places().await?;
    let shell = frame.shell("practice-page");
    let PracticeFile { shown, versions, names, case, may_decide } = file;
    let row = &shown.row;
    let rule = &frame.state.pack.practices;
    let own = Typed::of(row);
    let edits = may_decide && matches!(row.state, PracticeState::Proposed | PracticeState::Accepted);
    let name = |id: Option<Uuid>| id.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
    Ok(PracticePage {
        line: line(frame, &shell, &places, &shown),
        measures: row.measures.clone(),
        limits: row.limits.clone(),
        case: case.as_ref().map(|case| (case.code.to_string(), case.title.clone())),
        window_days: rule.window_days,
        least_days: rule.least_days,
        measured: Some(shown.effect.measured_at).filter(|at| at.0 > 0).map(|at| frame.when(at)),
        taken: shown.uses + i64::from(row.case_id.is_some()),
        told: shown.effect.told,
        steps: steps(frame, &versions, name),
        verdicts: if may_decide {
            PracticeVerdict::possible(row.state, row.public).into_iter().map(PracticeVerdict::as_str).collect()
        } else {
            Vec::new()
        },
        version: typed.map_or_else(|| row.version.to_string(), |typed| typed.version.clone()),
        reason: reason.to_owned(),
        edit: edits.then(|| form(frame, &places, typed.unwrap_or(&own), case.as_ref().map(|case| case.area))),
        edit_open: typed.is_some(),
        shell,
    })
}

fn steps(frame: &Frame, versions: &[PracticeVersionRow], name: impl Fn(Option<Uuid>) -> String) -> Vec<PracticeStep> {
    let words = |version: &PracticeVersionRow| {
        (version.title.clone(), version.matter.clone(), version.measures.clone(), version.limits.clone())
    };
    let step = |(at, version): (usize, &PracticeVersionRow)| {
        let later = at.checked_sub(1).map(|at| words(&versions[at]));
        PracticeStep {
            version: version.version,
            act: version.act.clone(),
            when: frame.when(version.at),
            who: name(version.account_id),
            reason: version.reason.clone().unwrap_or_default(),
            old: Some(words(version)).filter(|words| later.is_some_and(|later| later != *words)),
        }
    };
    versions.iter().enumerate().map(step).collect()
}

fn levels(shell: &Shell) -> Vec<Group> {
    let option = |level: &Level| Choice::new(level.code(), shell.label("level", level.code()));
    vec![Group { label: String::new(), options: Level::ALL.iter().map(option).collect() }]
}

pub(super) fn line(frame: &Frame, shell: &Shell, places: &Places, shown: &PracticeShown) -> PracticeLine {
    let row = &shown.row;
    PracticeLine {
        id: row.id.to_string(),
        title: row.title.clone(),
        class: frame.category(&row.category),
        area: places.area_label(row.area),
        level: row.level.clone(),
        state: row.state.as_str().to_owned(),
        matter: row.matter.clone(),
        public: row.public,
        views: shown.views,
        uses: shown.uses,
        effect: effect(frame, shell, &shown.effect.effect()),
    }
}

/// As everybody sees it: no smaller place than a county.
fn open_line(frame: &Frame, shell: &Shell, places: &Places, shown: &PracticeShown) -> PracticeLine {
    let area = shown.row.area;
    let area = if area.level() > Level::County { area.ancestor(Level::County).unwrap_or(area) } else { area };
    PracticeLine { area: places.area(area), ..line(frame, shell, places, shown) }
}

/// The figures in words.
pub(super) fn effect(frame: &Frame, shell: &Shell, effect: &Effect) -> EffectShown {
    let rule = &frame.state.pack.practices;
    let told = if effect.told > 0 {
        shell.with2("practice-told", "n", effect.told, "m", effect.solved)
    } else {
        String::new()
    };
    let Some(change) = effect.change(rule.least_days) else {
        return EffectShown { early: true, told, ..EffectShown::default() };
    };
    let percent = |share: f64| format!("{:.0}%", share * 100.0);
    let low = percent(change.low);
    EffectShown {
        before: shell.with2("practice-before", "d", effect.before_days, "n", effect.before),
        after: shell.with2("practice-after", "d", effect.after_days, "n", effect.after),
        change: shell.with("practice-change", "p", percent(change.ratio)),
        range: match change.high {
            Some(high) => shell.with2("practice-range", "low", low, "high", percent(high)),
            None => shell.with("practice-range-open", "low", low),
        },
        small: effect.is_small(rule.small_count),
        early: false,
        told,
    }
}
