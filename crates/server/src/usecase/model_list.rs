//! Which models judged and judge here, and how judging drifts: how sure, in what classes, how often corrected.

use std::collections::BTreeMap;

use muster_core::people::{Action, Actor, Subject, may};
use muster_core::time::Timestamp;
use muster_store::model::{ModelRow, drift_decided, drift_judged, models};

use super::act::deny;
use super::model_propose::Trial;
use crate::error::{Error, Result};
use crate::state::State;

/// Models that are listed, and weeks of the drift.
const LISTED: i64 = 20;
pub const WEEKS: i64 = 12;
const WEEK: i64 = 7 * Timestamp::DAY;
/// Weeks begin on Monday; 1970 began on a Thursday.
const MONDAY: i64 = -3 * Timestamp::DAY;

/// One week of judging.
#[derive(Clone, Debug, Default)]
pub struct Week {
    pub began: Timestamp,
    pub judged: i64,
    /// Mean, 0 to 1.
    pub confidence: f64,
    pub sure: i64,
    /// Decisions of people, and those that named another large class than the machine.
    pub decided: i64,
    pub otherwise: i64,
    classes: BTreeMap<String, i64>,
}

#[derive(Clone, Debug)]
pub struct Models {
    /// The version that judges on this node.
    pub judges: String,
    pub is_shipped: bool,
    pub models: Vec<(ModelRow, Trial)>,
    /// Oldest first, weeks without a judgement included.
    pub weeks: Vec<Week>,
    /// How far the classes of the last four weeks lie from those of the weeks before: the share of reports that would have
    /// to be of another class (total variation distance). `None` with fewer than [`MIX_LEAST`] on either side.
    pub mix: Option<f64>,
}

/// Below so many reports on one side the mix of classes says nothing.
pub const MIX_LEAST: i64 = 50;

pub async fn model_list(state: &State, actor: &Actor) -> Result<Models> {
    may(actor, Action::ModelView, &Subject::area(state.pack.root_area)).map_err(deny)?;
    let this = (state.now().0 - MONDAY).div_euclid(WEEK);
    let monday = |week: i64| Timestamp(week * WEEK + MONDAY);
    let since = monday(this - WEEKS + 1);
    let mut tx = state.read().await?;
    let rows = models(&mut tx, LISTED).await?;
    let judged = drift_judged(&mut tx, since, f64::from(state.sense.confidence())).await?;
    let decided = drift_decided(&mut tx, since).await?;
    drop(tx);
    let mut weeks: BTreeMap<i64, Week> =
        (this - WEEKS + 1..=this).map(|week| (week, Week { began: monday(week), ..Week::default() })).collect();
    for row in judged {
        let Some(week) = weeks.get_mut(&row.week) else { continue };
        week.judged += row.judged;
        week.confidence += row.confidence;
        week.sure += row.sure;
        *week.classes.entry(row.class).or_default() += row.judged;
    }
    for (week, decided, otherwise) in decided {
        if let Some(week) = weeks.get_mut(&week) {
            (week.decided, week.otherwise) = (decided, otherwise);
        }
    }
    let mut weeks: Vec<Week> = weeks.into_values().collect();
    for week in weeks.iter_mut().filter(|week| week.judged > 0) {
        week.confidence /= week.judged as f64;
    }
    let models = rows.into_iter().map(|row| {
        let trial = serde_json::from_value(row.trial.clone()).map_err(|error| Error::internal(&error))?;
        Ok((row, trial))
    });
    Ok(Models {
        judges: state.model().version().to_owned(),
        is_shipped: state.is_shipped_model(),
        models: models.collect::<Result<_>>()?,
        mix: mix(&weeks),
        weeks,
    })
}

fn mix(weeks: &[Week]) -> Option<f64> {
    let sum = |weeks: &[Week]| {
        let mut sum: BTreeMap<String, i64> = BTreeMap::new();
        for (class, count) in weeks.iter().flat_map(|week| &week.classes) {
            *sum.entry(class.clone()).or_default() += count;
        }
        sum
    };
    let (before, now) = weeks.split_at(weeks.len().saturating_sub(4));
    let (before, now) = (sum(before), sum(now));
    let (all_before, all_now) = (before.values().sum::<i64>(), now.values().sum::<i64>());
    if all_before.min(all_now) < MIX_LEAST {
        return None;
    }
    let share = |of: &BTreeMap<String, i64>, class: &str, all: i64| *of.get(class).unwrap_or(&0) as f64 / all as f64;
    let classes = before.keys().chain(now.keys().filter(|class| !before.contains_key(*class)));
    let gap = classes.map(|class| (share(&before, class, all_before) - share(&now, class, all_now)).abs()).sum::<f64>();
    Some(gap / 2.0)
}
