//! What a practice says, as somebody writes it: anew, without a word that tells who anybody is.

use muster_core::area::AreaId;
use muster_core::intake::redact;
use muster_core::people::{Action, Actor, Subject, may};
use muster_core::sense::likeness::shared;
use muster_store::people::area_get;
use muster_store::practice::{PracticeRow, PracticeShown, PracticeVersionRow, practice_get};
use muster_store::process::CaseRow;
use uuid::Uuid;

use super::act::Act;
use super::person::reporter_names;
use crate::error::{Error, FieldError, Result};
use crate::state::State;

/// Characters of a title, and the fewest of a matter and of measures.
pub const TITLE_MOST: usize = 60;
const MATTER_LEAST: usize = 10;
const MEASURES_LEAST: usize = 20;
/// So many characters that a resident wrote, in runs of at least so many, are a copy.
const COPIED: usize = 20;
const COPIED_RUN: usize = 8;

/// As it was typed.
#[derive(Clone, Debug, Default)]
pub struct PracticeDraft {
    pub title: String,
    pub matter: String,
    pub measures: String,
    /// What it needs, and where it does not work; may be empty.
    pub limits: String,
    pub category: String,
    pub area: Option<AreaId>,
}

impl PracticeDraft {
    fn fields(&self) -> [(&'static str, &str); 4] {
        [("title", &self.title), ("matter", &self.matter), ("measures", &self.measures), ("limits", &self.limits)]
    }

    /// Puts the words into a row.
    pub(super) fn write(&self, area: AreaId, row: PracticeRow) -> PracticeRow {
        let text = |text: &str| text.trim().to_owned();
        PracticeRow {
            area,
            level: area.level().code().to_owned(),
            category: self.category.clone(),
            title: text(&self.title),
            matter: text(&self.matter),
            measures: text(&self.measures),
            limits: text(&self.limits),
            ..row
        }
    }
}

/// Refuses what is not there, too long, personal, or copied from what the resident of the source case wrote. Returns the area.
pub(super) async fn check(act: &mut Act<'_>, draft: &PracticeDraft, case: Option<&CaseRow>) -> Result<AreaId> {
    let mut faults = plain(act.state, draft);
    let known = match draft.area {
        Some(area) => area_get(&mut act.tx, area).await?.map(|area| area.id),
        None => None,
    };
    let area = known.filter(|area| case.is_none_or(|case| area.contains(case.area)));
    if area.is_none() {
        faults.push(fault("area", "area-unknown", "Choose an area from the list.".to_owned()));
    }
    if let Some(case) = case {
        let people = reporter_names(act.state, &mut act.tx, case.id).await?;
        for (field, text) in draft.fields() {
            let named = people.iter().any(|name| name.chars().count() >= 2 && text.contains(name.as_str()));
            if named {
                let detail = "The name of whoever reported stands in it. Write it without.".to_owned();
                faults.push(fault(field, "practice-personal", detail));
            } else if let Some(run) = copied(text, &case.text) {
                let detail = format!("The resident wrote “{run}”. Say it in your own words.");
                faults.push(fault(field, "practice-copied", detail));
            }
        }
    }
    match area {
        Some(area) if faults.is_empty() => Ok(area),
        _ => Err(Error::invalid_fields(faults)),
    }
}

/// The longest run of a text that stands in another too, if so much of it does that it is a copy.
fn copied<'a>(text: &'a str, other: &str) -> Option<&'a str> {
    let mut runs = shared(text, other);
    runs.retain(|run| run.chars().count() >= COPIED_RUN);
    let all: usize = runs.iter().map(|run| run.chars().count()).sum();
    runs.first().copied().filter(|_| all >= COPIED)
}

/// What can be seen of the words alone.
fn plain(state: &State, draft: &PracticeDraft) -> Vec<FieldError> {
    let mut faults = Vec::new();
    let long = state.pack.intake.text_max;
    for (field, text) in draft.fields() {
        let len = text.trim().chars().count();
        let (least, most) = match field {
            "title" => (1, TITLE_MOST),
            "matter" => (MATTER_LEAST, long),
            "measures" => (MEASURES_LEAST, long),
            _ => (0, long),
        };
        if len < least {
            let detail = format!("There are {len} characters; write at least {least}, so that others can use it.");
            faults.push(fault(field, "practice-short", detail));
        } else if len > most {
            faults.push(fault(field, "text-long", format!("There are {len} characters; at most {most} fit.")));
        } else if redact(text, None) != *text {
            let detail = "A phone, an e-mail or a number of a document stands in it. Write it without.".to_owned();
            faults.push(fault(field, "practice-personal", detail));
        }
    }
    if state.pack.taxonomy.get(&draft.category).is_none() {
        let detail = format!("There is no class {:?}; choose one from the list.", draft.category);
        faults.push(fault("category", "class-unknown", detail));
    }
    faults
}

fn fault(field: &str, code: &str, detail: String) -> FieldError {
    FieldError { pointer: format!("/{field}"), code: code.to_owned(), detail }
}

/// The line of the history that belongs to the row as it now is.
pub(super) fn version_of(row: &PracticeRow, actor: &Actor, act: &str, reason: Option<String>) -> PracticeVersionRow {
    PracticeVersionRow {
        practice_id: row.id,
        version: row.version,
        at: row.changed_at,
        account_id: actor.account_id().map(|account| account.0),
        act: act.to_owned(),
        area: row.area,
        category: row.category.clone(),
        title: row.title.clone(),
        matter: row.matter.clone(),
        measures: row.measures.clone(),
        limits: row.limits.clone(),
        reason,
    }
}

/// A practice to be changed by a curator of its area; the version is the one that was read.
pub(super) async fn to_curate(act: &mut Act<'_>, id: Uuid, version: Option<i64>) -> Result<PracticeShown> {
    let shown = practice_get(&mut act.tx, id).await?.ok_or_else(Error::not_found)?;
    act.may(Action::PracticeDecide, &shown.row.subject())?;
    if version.is_some_and(|version| version != shown.row.version) {
        return Err(Error::stale_etag());
    }
    // Two acts on one practice never share an instant.
    act.at = act.at.max(shown.row.changed_at.plus(1));
    Ok(shown)
}

/// Whether a practice that is not accepted is shown: to its curators, and to the unit it comes from.
pub(super) fn may_see(actor: &Actor, row: &PracticeRow) -> bool {
    let may = |action, subject: &Subject| may(actor, action, subject).is_ok();
    may(Action::PracticeDecide, &row.subject()) || may(Action::PracticePropose, &row.subject())
}
