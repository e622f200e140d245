//! A new classifier is made from what people decided here, and tried before anyone is asked to adopt it.
//!
//! A quarter of the decisions, always the same ones, is never learned from: on it the model in use and the new one are
//! compared.

use std::collections::BTreeMap;
use std::sync::Arc;

use muster_core::people::{Action, Actor, Subject};
use muster_core::sense::likeness::Shingles;
use muster_core::sense::{Example, Model, Reader, refine};
use muster_core::time::Timestamp;
use muster_store::hotspot::{HeardRow, reports_heard};
use muster_store::model::{ExampleRow, ModelRow, examples_carried, examples_decided, model_insert, model_known};
use serde::{Deserialize, Serialize};

use super::act::Act;
use crate::error::{Error, Result};
use crate::state::State;

/// Decisions of people that are read, the newest, and matters the machine sent right: these keep it from forgetting.
const DECIDED_AT_MOST: i64 = 10_000;
const CARRIED_AT_MOST: i64 = 5_000;
/// With fewer decisions there is nothing to learn, nor to see whether anything was learned.
pub const LEAST: usize = 40;
/// Reports read to ask both models about those of which none was learned from.
const SEEN_AT_MOST: i64 = 20_000;
const PAST: i64 = 365 * Timestamp::DAY;
/// One decision in so many is frozen.
const FROZEN: u64 = 4;
/// Moves from one class to another that are listed.
const MOVES: usize = 12;

/// How a model does on examples it has not learned from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Right {
    pub of: usize,
    pub right: usize,
}

/// What came of trying a proposed model beside the one in use.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    /// Decisions of people and matters carried through that it learned from.
    pub decided: usize,
    pub carried: usize,
    /// On the frozen decisions of people, before and after.
    pub before: Right,
    pub after: Right,
    /// On the frozen matters carried through.
    pub carried_before: Right,
    pub carried_after: Right,
    /// Of all frozen examples, those it is sure of.
    pub alone_before: Right,
    pub alone_after: Right,
    /// Newest reports asked about, those of another class than now, and those that would need no person, before and after.
    pub seen: usize,
    pub changed: usize,
    pub sure_before: usize,
    pub sure_after: usize,
    /// From class, to class, reports; most first.
    pub moves: Vec<(String, String, usize)>,
}

/// Makes a model, tries it and stores it as a proposal. Returns it as it was stored.
pub async fn model_propose(state: &State, actor: &Actor) -> Result<(ModelRow, Trial)> {
    let area = Subject::area(state.pack.root_area);
    muster_core::people::may(actor, Action::ModelPropose, &area).map_err(super::act::deny)?;
    // It reads and learns much: one at a time on a node.
    let Ok(_turn) = state.learning.try_lock() else { return Err(Error::unavailable(60)) };
    let mut tx = state.read().await?;
    let since = state.now().plus(-PAST);
    let decided = examples_decided(&mut tx, DECIDED_AT_MOST).await?;
    if decided.len() < LEAST {
        let detail = format!(
            "People have decided {} cases so far; {LEAST} are needed to learn from some and to measure on others.",
            decided.len()
        );
        return Err(Error::conflict(detail, [""; 0]).and("", "models-few", "Too few decisions."));
    }
    let carried = examples_carried(&mut tx, since, CARRIED_AT_MOST).await?;
    let seen = reports_heard(&mut tx, (since, state.now().plus(1)), SEEN_AT_MOST).await?;
    drop(tx);
    let (base, confidence) = (state.model(), state.sense.confidence());
    let from = base.version().to_owned();
    let made = tokio::task::spawn_blocking(move || make(&base, confidence, &decided, &carried, &seen));
    let (model, trial) = made.await.map_err(|error| Error::internal(&error))?;
    let mut act = Act::begin(state, actor).await?;
    if model_known(&mut act.tx, model.version()).await? {
        return Err(Error::conflict(
            "Nothing was decided since the last proposal: the same model would come of it.",
            [""; 0],
        )
        .and("", "models-same", "Nothing new was decided."));
    }
    let row = ModelRow {
        id: state.chance.uuid(act.at),
        version: model.version().to_owned(),
        base: from,
        made_at: act.at.0,
        made_by: actor.account_id().map(|id| id.0),
        trial: serde_json::to_value(&trial).map_err(|error| Error::internal(&error))?,
        state: "proposed".to_owned(),
        decided_at: None,
        decided_by: None,
        reason: None,
    };
    model_insert(&mut act.tx, &row, &model.to_bytes()).await?;
    act.audit(Action::ModelPropose, "model", row.version.clone(), None);
    act.commit().await?;
    Ok((row, trial))
}

/// An example with the place of its class in the codes of the model.
type Known = (ExampleRow, usize);

/// Near-duplicates go one way: nearly always, they share the smallest of their keys.
fn is_frozen(text: &str) -> bool {
    Shingles::of(text).keys().into_iter().min().is_some_and(|key| (key as u64).is_multiple_of(FROZEN))
}

fn make(
    base: &Arc<Model>,
    confidence: f32,
    decided: &[ExampleRow],
    carried: &[ExampleRow],
    seen: &[HeardRow],
) -> (Model, Trial) {
    let class = |row: &ExampleRow| base.codes().iter().position(|code| row.category.starts_with(code.as_str()));
    let split = |rows: &[ExampleRow]| -> (Vec<Known>, Vec<Known>) {
        // Oldest first: what was decided later has the last word.
        let known = rows.iter().rev().filter_map(|row| Some((row.clone(), class(row)?)));
        known.partition(|(row, _)| is_frozen(&row.text))
    };
    let ((frozen, decided), (frozen_carried, carried)) = (split(decided), split(carried));
    let learned: Vec<&Known> = carried.iter().chain(&decided).collect();
    let examples: Vec<Example> = (learned.into_iter().zip(0..))
        .map(|((row, class), group)| Example { title: &row.title, text: &row.text, class: *class, group })
        .collect();
    let name = base.name().split("+local").next().unwrap_or_default();
    let model = refine(base, &format!("{name}+local"), &examples, 1);
    let trial = Trial {
        decided: decided.len(),
        carried: carried.len(),
        before: right(base, &frozen),
        after: right(&model, &frozen),
        carried_before: right(base, &frozen_carried),
        carried_after: right(&model, &frozen_carried),
        alone_before: alone(base, confidence, frozen.iter().chain(&frozen_carried)),
        alone_after: alone(&model, confidence, frozen.iter().chain(&frozen_carried)),
        ..compare(base, &model, confidence, seen)
    };
    (model, trial)
}

fn right(model: &Model, rows: &[Known]) -> Right {
    alone(model, 0.0, rows)
}

/// Of the examples it is at least so sure of, those it gets right.
fn alone<'r>(model: &Model, confidence: f32, rows: impl IntoIterator<Item = &'r Known>) -> Right {
    let mut reader = Reader::default();
    let mut sum = Right::default();
    for (row, class) in rows {
        let ranking = reader.classify(model, &row.title, &row.text);
        let is_sure = ranking.confidence() >= confidence;
        sum.of += usize::from(is_sure);
        sum.right += usize::from(is_sure && ranking.best() == *class);
    }
    sum
}

/// What both would say of the newest reports, those left out that may have been learned from.
fn compare(base: &Model, model: &Model, confidence: f32, seen: &[HeardRow]) -> Trial {
    let mut reader = Reader::default();
    let mut moves: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    let (mut sure_before, mut sure_after) = (0, 0);
    let mut count = 0;
    for row in seen.iter().filter(|row| is_frozen(&row.text)) {
        count += 1;
        let before = reader.classify(base, &row.title, &row.text);
        let (old, was_sure) = (before.best(), before.confidence() >= confidence);
        let after = reader.classify(model, &row.title, &row.text);
        sure_before += usize::from(was_sure);
        sure_after += usize::from(after.confidence() >= confidence);
        if after.best() != old {
            *moves.entry((old, after.best())).or_default() += 1;
        }
    }
    let changed = moves.values().sum();
    let code = |at: usize| base.codes()[at].clone();
    let mut moves: Vec<_> = moves.into_iter().map(|((from, to), count)| (code(from), code(to), count)).collect();
    moves.sort_by_key(|(.., count)| std::cmp::Reverse(*count));
    moves.truncate(MOVES);
    Trial { seen: count, changed, sure_before, sure_after, moves, ..Trial::default() }
}
