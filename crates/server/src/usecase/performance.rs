//! What the acts on scores share: who may decide, what a unit's score is counted from, and what a final score leads to.

use std::collections::BTreeMap;

use muster_core::area::AreaId;
use muster_core::evaluate::score::{Counted, Line, Mark, Score, Standing, Tally, failures, score};
use muster_core::evaluate::{Measure, Term};
use muster_core::id::UnitId;
use muster_core::pack::{Exempt, PartFrom, Template};
use muster_core::people::{Actor, Subject};
use muster_core::time::{Timestamp, day_number};
use muster_store::Tx;
use muster_store::evaluate::{FigureQuery, Parts, figure_parts};
use muster_store::notice::areas_coordinated;
use muster_store::people::{Unit, unit_get};
use muster_store::performance::{
    InterviewRow, ScoreLineRow, ScoreRow, exempt_sums, interview_insert, interview_of, joint_rows, scores_of_unit,
};
use uuid::Uuid;

use super::act::Act;
use super::notice::{To, Word};
use crate::error::{Error, Result};
use crate::state::State;

pub(super) fn subject(unit: &Unit) -> Subject {
    Subject { area: Some(unit.area), unit: Some(unit.id) }
}

pub(super) async fn unit_of(tx: &mut Tx, id: UnitId) -> Result<Unit> {
    unit_get(tx, id).await?.ok_or_else(Error::not_found)
}

/// Whoever decides about a unit is not of it, and is none of those who asked for it or made it.
pub(super) fn independent(actor: &Actor, unit: UnitId, others: &[Option<Uuid>]) -> Result<()> {
    let Actor::Account(account) = actor else { return Ok(()) };
    if account.grants.iter().any(|grant| grant.unit == Some(unit)) {
        let detail = "You are of this unit; somebody who is not decides.";
        return Err(Error::invalid("answer", "own-unit", detail));
    }
    if others.contains(&Some(account.id.0)) {
        let detail = "You asked for this or made the score; somebody else decides.";
        return Err(Error::invalid("answer", "own-request", detail));
    }
    Ok(())
}

/// The coordinators nearest to an area.
async fn level_of(act: &mut Act<'_>, area: AreaId) -> Result<Option<To>> {
    let coordinated = areas_coordinated(&mut act.tx).await?;
    let mut levels = std::iter::successors(Some(area), |area| area.parent());
    Ok(levels.find(|area| coordinated.contains(&area.get())).map(To::Level))
}

/// Tells a unit and its head of its score.
pub(super) fn tell_unit(act: &mut Act<'_>, unit: &Unit, term: Term, template: Template, path: &str) {
    for to in [To::Unit(unit.id), To::Head(unit.id)] {
        tell(act, to, unit, term, template, path);
    }
}

/// The same, and those who coordinate nearest to it.
pub(super) async fn tell_of(act: &mut Act<'_>, unit: &Unit, term: Term, template: Template, path: &str) -> Result<()> {
    tell_unit(act, unit, term, template, path);
    if let Some(level) = level_of(act, unit.area).await? {
        tell(act, level, unit, term, template, path);
    }
    Ok(())
}

pub(super) fn tell(act: &mut Act<'_>, to: To, unit: &Unit, term: Term, template: Template, path: &str) {
    let params = serde_json::json!({ "unit": unit.id, "period": term.to_string() });
    act.tell(Word { to, template, path: path.to_owned(), params, dedup: None });
}

/// First instant of a term, and first instant after it.
pub(super) fn bounds(state: &State, term: Term) -> (Timestamp, Timestamp) {
    let (first, last) = term.days();
    (state.pack.calendar.day_bounds(first).0, state.pack.calendar.day_bounds(last).1)
}

pub(super) fn days_of(term: Term) -> (i64, i64) {
    let (first, last) = term.days();
    (day_number(first), day_number(last))
}

/// Counts and scores a unit's term from the record as it stands.
pub(super) async fn count(tx: &mut Tx, state: &State, unit: UnitId, term: Term, now: Timestamp) -> Result<Score> {
    let rules = &state.pack.performance;
    let classes: Vec<String> = state.pack.taxonomy.classes().map(|class| class.code.clone()).collect();
    let query = FigureQuery { area: state.pack.root_area, unit: Some(unit), class: String::new(), days: days_of(term) };
    let sums = figure_parts(tx, &query, &Parts::Classes(classes.clone()), Measure::ALL).await?;
    let exempt = exempt_sums(tx, unit, days_of(term)).await?;
    let joint = joint_rows(tx, unit, bounds(state, term), now).await?;
    let counted = rules.parts.iter().map(|part| match &part.from {
        PartFrom::Joint => {
            let one = |class: &str, met: i64| Tally { class: class.to_owned(), met, missed: 1 - met };
            let exempt = |row: &muster_store::performance::JointRow| {
                let kind: Exempt = row.kind.as_deref()?.parse().ok()?;
                Some((kind, one(&row.class, row.met)))
            };
            Counted {
                all: joint.iter().map(|row| one(&row.class, row.met)).collect(),
                exempt: joint.iter().filter_map(exempt).collect(),
            }
        }
        PartFrom::Indicator(code) => {
            let Some(indicator) = state.pack.indicators.get(code) else { return Counted::default() };
            let sides = (indicator.over.as_slice(), indicator.under.as_slice());
            let mut all: BTreeMap<usize, Sides> = BTreeMap::new();
            for (place, measure, amount) in &sums {
                let Ok(measure) = measure.parse() else { continue };
                all.entry(*place).or_default().add(sides, measure, *amount);
            }
            let mut of_exempt: BTreeMap<(Exempt, &str), Sides> = BTreeMap::new();
            for sum in &exempt {
                of_exempt.entry((sum.kind, &sum.class)).or_default().add(sides, sum.measure, sum.amount);
            }
            Counted {
                all: all.into_iter().filter_map(|(place, sum)| Some(sum.tally(classes.get(place)?))).collect(),
                exempt: of_exempt.into_iter().map(|((kind, class), sum)| (kind, sum.tally(class))).collect(),
            }
        }
    });
    Ok(score(rules, &counted.collect::<Vec<_>>()))
}

/// Sums above and below an indicator's line.
#[derive(Clone, Copy, Debug, Default)]
struct Sides {
    over: i64,
    under: i64,
}

impl Sides {
    fn add(&mut self, (over, under): (&[Measure], &[Measure]), measure: Measure, amount: i64) {
        self.over += if over.contains(&measure) { amount } else { 0 };
        self.under += if under.contains(&measure) { amount } else { 0 };
    }

    fn tally(self, class: &str) -> Tally {
        Tally { class: class.to_owned(), met: self.over, missed: self.under - self.over }
    }
}

/// The lines of a score as they are kept.
pub(super) fn line_rows(state: &State, id: Uuid, lines: &[Line]) -> Vec<ScoreLineRow> {
    let parts = state.pack.performance.parts.iter().zip(lines).zip(1..);
    let row = |((part, line), position): ((&muster_core::pack::ScorePart, &Line), i64)| ScoreLineRow {
        score_id: id,
        position,
        part: part.code.clone(),
        weight: part.weight,
        met: line.met,
        missed: line.missed,
        excluded: line.excluded,
        forgiven: line.forgiven,
        worth_met: line.worth_met,
        worth_all: line.worth_all,
        points: line.points,
    };
    parts.map(row).collect()
}

/// The marks of the terms up to `term`, the oldest first: only what is final counts, and a term without is not judged.
pub(super) fn marks(scores: &[ScoreRow], term: Term) -> Vec<Mark> {
    let mark = |term: Term| {
        let of = scores.iter().find(|row| row.term == term && row.standing == Standing::Final);
        of.map_or(Mark::Unrated, |row| row.mark)
    };
    let mut marks = Vec::new();
    let mut at = term;
    loop {
        marks.push(mark(at));
        if marks.last() != Some(&Mark::Failed) {
            break;
        }
        at = at.before();
    }
    marks.reverse();
    marks
}

/// What a score that has become final leads to: an interview where a row of failures is long enough. A term that became
/// final late may complete the rows of later ones.
pub(super) async fn follow(act: &mut Act<'_>, settled: &ScoreRow) -> Result<()> {
    let unit = unit_of(&mut act.tx, settled.unit_id).await?;
    let scores = scores_of_unit(&mut act.tx, unit.id).await?;
    let later = |row: &&ScoreRow| {
        row.standing == Standing::Final
            && row.mark == Mark::Failed
            && row.term.is_year() == settled.term.is_year()
            && row.term >= settled.term
    };
    for row in scores.iter().filter(later) {
        let failures = failures(&marks(&scores, row.term));
        let enough = failures >= act.state.pack.performance.interview;
        if !enough || interview_of(&mut act.tx, row.id).await?.is_some() {
            continue;
        }
        let interview = InterviewRow {
            id: act.state.chance.uuid(act.at),
            unit_id: unit.id,
            score_id: row.id,
            failures,
            state: "due".to_owned(),
            opened_at: act.at,
            held_at: None,
            place: None,
            chair: None,
            why: None,
            called_at: None,
            called_by: None,
            record: None,
            recorded_at: None,
            recorded_by: None,
        };
        interview_insert(&mut act.tx, &interview).await?;
        let path = format!("/interviews/{}", interview.id);
        tell_of(act, &unit, row.term, Template::InterviewDue, &path).await?;
    }
    Ok(())
}
