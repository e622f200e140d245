//! A finding is noted, or registered at once with who puts it right and until when.

use jiff::ToSpan;
use jiff::civil::Date;
use muster_core::area::AreaId;
use muster_core::evaluate::finding::{FindingAct, FindingMove, FindingSource, FindingStage, Owner};
use muster_core::id::{CaseId, UnitId};
use muster_core::people::{Action, Actor, Subject, may};
use muster_core::time::{Timestamp, date_of_number};
use muster_store::finding::{FindingRow, finding_insert, finding_step_add};
use muster_store::hotspot::hotspot_get;
use muster_store::people::area_get;
use muster_store::process::case_by_code;
use uuid::Uuid;

use super::act::Act;
use super::dispatch::known_unit;
use super::finding::{line, owe, tell_turn};
use super::finding_figure::answer;
use super::resource::Faults;
use crate::error::{Error, Result};
use crate::state::State;

pub use super::finding_figure::Question;

/// A finding to be opened, as far as the form was filled in.
#[derive(Clone, Debug)]
pub struct NewFinding {
    pub area: Option<AreaId>,
    pub source: Option<FindingSource>,
    pub title: String,
    /// What is wrong; staff read it.
    pub words: String,
    /// Without one it is only noted.
    pub owner: Option<NewOwner>,
    /// The figure it was seen in.
    pub question: Option<Question>,
    pub hotspot: Option<Uuid>,
    /// Codes of cases that show it.
    pub cases: Vec<String>,
}

/// Who puts it right, and the last day for it.
#[derive(Clone, Copy, Debug)]
pub struct NewOwner {
    pub unit: Option<UnitId>,
    pub last: Option<Date>,
}

/// What is there after the form was looked through.
struct Filled {
    area: AreaId,
    source: FindingSource,
    owner: Option<(UnitId, Date)>,
}

/// Cases that are named one by one, at most.
const CASES_MOST: usize = 50;

pub async fn finding_open(state: &State, actor: &Actor, new: &NewFinding) -> Result<Uuid> {
    let filled = check(state, new)?;
    let mut act = Act::begin(state, actor).await?;
    let action = if new.owner.is_some() { Action::FindingOpen } else { Action::FindingNote };
    act.may(action, &Subject::area(filled.area))?;
    let unknown = || Error::invalid("area", "area-unknown", format!("There is no area {}.", filled.area));
    area_get(&mut act.tx, filled.area).await?.ok_or_else(unknown)?;
    let cases = cases(&mut act, &new.cases).await?;
    let mut row = found(&act, new, &filled);
    seen_in(&mut act, new, &mut row).await?;
    let noted = line(&act, &row, (FindingStage::Found, FindingMove::Note), ("", serde_json::Value::Null));
    let mut registered = None;
    if let Some((unit, last)) = filled.owner {
        known_unit(&mut act.tx, "unit", unit).await?;
        let owner = Owner { unit, due: day_end(&act, last) };
        let step = super::finding::take(&act, &mut row, FindingAct::Register(owner))?;
        let detail = serde_json::json!({ "unit": unit, "due": owner.due.0 });
        registered = Some(line(&act, &row, (FindingStage::Found, step), ("", detail)));
    } else {
        owe(&act, &mut row);
    }
    finding_insert(&mut act.tx, &row, &cases).await?;
    finding_step_add(&mut act.tx, noted).await?;
    if let Some(step) = registered {
        finding_step_add(&mut act.tx, step).await?;
    }
    let step = if row.unit_id.is_some() { FindingMove::Register } else { FindingMove::Note };
    tell_turn(&mut act, &row, step).await?;
    act.audit(action, "finding", row.id.to_string(), None);
    act.commit().await?;
    Ok(row.id)
}

/// The first moment after a day.
pub(super) fn day_end(act: &Act<'_>, day: Date) -> Timestamp {
    act.state.pack.calendar.day_bounds(day).1
}

fn found(act: &Act<'_>, new: &NewFinding, filled: &Filled) -> FindingRow {
    FindingRow {
        id: act.state.chance.uuid(act.at),
        area: filled.area,
        source: filled.source,
        title: new.title.trim().to_owned(),
        words: new.words.trim().to_owned(),
        stage: FindingStage::Found,
        unit_id: None,
        due_at: None,
        measure: None,
        plan_due_at: None,
        evidence: None,
        own_checked_by: None,
        checked_by: None,
        public_title: None,
        public_words: None,
        published_at: None,
        struck_at: None,
        looks: 0,
        look_at: None,
        look_asked: false,
        reopened: 0,
        indicator: None,
        figure_unit_id: None,
        class: String::new(),
        from_day: None,
        to_day: None,
        numerator: None,
        denominator: None,
        hotspot_id: None,
        found_at: act.at,
        found_by: act.actor.account_id().map(|account| account.0),
        owed_from: None,
        owed_at: None,
        rung: 0,
        next_rung_at: None,
        version: 1,
    }
}

/// Keeps the figure with its value of now, and the hot spot.
async fn seen_in(act: &mut Act<'_>, new: &NewFinding, row: &mut FindingRow) -> Result<()> {
    if let Some(question) = &new.question {
        if let Some(unit) = question.unit {
            known_unit(&mut act.tx, "figure_unit", unit).await?;
        }
        let then = answer(&mut act.tx, &act.state.pack, row.area, question).await?;
        row.indicator = Some(question.indicator.clone());
        row.figure_unit_id = question.unit.map(|unit| unit.0);
        row.class.clone_from(&question.class);
        (row.from_day, row.to_day) = (Some(question.days.0), Some(question.days.1));
        (row.numerator, row.denominator) = (Some(then.numerator), Some(then.denominator));
    }
    if let Some(id) = new.hotspot {
        let unknown =
            || Error::invalid("hotspot", "finding-hotspot-unknown", format!("There is no hot spot {id} here."));
        let spot = hotspot_get(&mut act.tx, id).await?.ok_or_else(unknown)?;
        if !act.actor_covers(new.owner.is_some(), spot.area) {
            return Err(unknown());
        }
        row.hotspot_id = Some(id);
    }
    Ok(())
}

impl Act<'_> {
    fn actor_covers(&self, opens: bool, area: AreaId) -> bool {
        let action = if opens { Action::FindingOpen } else { Action::FindingNote };
        may(self.actor, action, &Subject::area(area)).is_ok()
    }
}

/// Cases in the actor's jurisdiction; one outside does not exist.
async fn cases(act: &mut Act<'_>, codes: &[String]) -> Result<Vec<CaseId>> {
    let mut ids = Vec::with_capacity(codes.len());
    for code in codes {
        let unknown =
            || Error::invalid("cases", "case-unknown", format!("{code:?} is no case that you can name here."));
        let parsed = code.parse().map_err(|_| unknown())?;
        let case = case_by_code(&mut act.tx, &parsed).await?.ok_or_else(unknown)?;
        act.may(Action::CaseView, &case.subject()).map_err(|_| unknown())?;
        ids.push(case.id);
    }
    Ok(ids)
}

/// All that is wrong with the form at once, or what it says.
fn check(state: &State, new: &NewFinding) -> Result<Filled> {
    let limits = &state.pack.intake;
    let mut faults = Faults::default();
    faults.unless(new.area.is_some(), "area", "area-unknown", "Choose an area from the list.");
    faults.unless(new.source.is_some(), "source", "source-unknown", "Say where it was seen.");
    let title = new.title.trim().chars().count();
    faults.unless(title > 0, "title", "finding-title-missing", "Say in a few words what is wrong.");
    if title > limits.title_max {
        let detail = format!("The title has {title} characters; at most {} fit.", limits.title_max);
        faults.add("title", "title-long", detail);
    }
    let words = new.words.trim().chars().count();
    faults.unless(words > 0, "words", "finding-words-missing", "Say what is wrong, so that the unit knows what to do.");
    if words > limits.text_max {
        let detail = format!("The text has {words} characters; at most {} fit.", limits.text_max);
        faults.add("words", "text-long", detail);
    }
    if let Some(owner) = new.owner {
        let detail = "Choose who puts it right; there is no finding without.";
        faults.unless(owner.unit.is_some(), "unit", "unit-unknown", detail);
        match owner.last {
            Some(last) => deadline(state, last, &mut faults),
            None => faults.add("due", "date-wrong", "That is no day; write it as 2026-05-31."),
        }
    }
    let detail = "Open it from the figure, so that it is known later what it was.";
    let lacks = new.source == Some(FindingSource::Indicator) && new.question.is_none();
    faults.unless(!lacks, "source", "finding-figure-missing", detail);
    let lacks = new.source == Some(FindingSource::Hotspot) && new.hotspot.is_none();
    faults.unless(!lacks, "source", "finding-hotspot-missing", "Open it from the hot spot.");
    if let Some(Question { class, days, .. }) = &new.question {
        let known = class.is_empty() || state.pack.taxonomy.get(class).is_some();
        faults.unless(known, "class", "category-unknown", &format!("There is no class {class:?}."));
        let real = date_of_number(days.0).is_some() && date_of_number(days.1).is_some() && days.0 <= days.1;
        let detail = format!("{} to {} are no days; write 2026-05-01 and 2026-05-31.", days.0, days.1);
        faults.unless(real, "from", "period-unknown", &detail);
    }
    if new.cases.len() > CASES_MOST {
        faults.add("cases", "finding-cases-many", format!("{} cases; at most {CASES_MOST} fit.", new.cases.len()));
    }
    let owner = new.owner.map_or(Some(None), |owner| owner.unit.zip(owner.last).map(Some));
    match (new.area, new.source, owner) {
        (Some(area), Some(source), Some(owner)) => faults.end().map(|()| Filled { area, source, owner }),
        _ => Err(faults.error()),
    }
}

/// From tomorrow on, and not beyond what the pack lets be given.
pub(super) fn deadline(state: &State, last: Date, faults: &mut Faults) {
    let today = state.pack.calendar.local_date(state.now());
    let most = today.saturating_add(state.pack.findings.most_days.days());
    if last <= today || last > most {
        let detail = format!("{last} is no deadline; use a day after {today} and not after {most}.");
        faults.add("due", "finding-due-range", detail);
    }
}
