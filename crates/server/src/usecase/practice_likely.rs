//! What others did in a matter like this one: practices by likeness, and by how well they worked.

use muster_core::evaluate::PracticeState;
use muster_core::people::{Action, Actor, Subject, may};
use muster_store::practice::{PracticeShown, practices_get, practices_used};
use muster_store::process::CaseRow;
use uuid::Uuid;

use crate::error::Result;
use crate::state::State;

/// A practice beside a case.
#[derive(Clone, Debug)]
pub struct LikelyPractice {
    pub shown: PracticeShown,
    pub likeness: f32,
    pub same_class: bool,
    /// It was taken as a reference for this case.
    pub used: bool,
}

/// So many times what is proposed is looked at, so that what worked well and stands a little lower is among them.
const LOOKED_AT: usize = 4;

/// Likeness, less for another large class, times how well it worked; the highest first. Nothing for whoever may not see
/// practices.
pub async fn practice_likely(state: &State, actor: &Actor, case: &CaseRow) -> Result<Vec<LikelyPractice>> {
    if may(actor, Action::PracticeView, &Subject::NONE).is_err() {
        return Ok(Vec::new());
    }
    let rule = &state.pack.practices;
    state.practices.follow(state).await?;
    let near = state.practices.read().as_ref().map(|kept| {
        let most = LOOKED_AT * rule.proposed;
        kept.near((&case.title, &case.text), case.class(), rule.least_likeness, rule.other_class, most)
    });
    let near = near.unwrap_or_default();
    let ids: Vec<Uuid> = near.iter().map(|near| near.id).collect();
    let mut tx = state.read().await?;
    let mut rows = practices_get(&mut tx, &ids).await?;
    let used = practices_used(&mut tx, case.id).await?;
    drop(tx);
    // A practice is no help to the case it came from.
    rows.retain(|shown| shown.row.state == PracticeState::Accepted && shown.row.case_id != Some(case.id.0));
    let mut likely: Vec<(f64, LikelyPractice)> = (rows.into_iter())
        .filter_map(|shown| {
            let near = near.iter().find(|near| near.id == shown.row.id)?;
            let class = if near.same_class { 1.0 } else { rule.other_class };
            let place = f64::from(near.likeness * class) * shown.effect.effect().weight(rule.least_days);
            let used = used.contains(&shown.row.id);
            Some((place, LikelyPractice { shown, likeness: near.likeness, same_class: near.same_class, used }))
        })
        .collect();
    likely.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.shown.row.id.cmp(&b.1.shown.row.id)));
    likely.truncate(rule.proposed);
    Ok(likely.into_iter().map(|(_, likely)| likely).collect())
}
