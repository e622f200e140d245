//! What the demo city has learned: practices from its closed cases and model ways, through the real use-cases.

use anyhow::Context;
use muster_core::area::AreaId;
use muster_core::evaluate::{PracticeState, PracticeVerdict};
use muster_core::people::{Actor, Role, Scope};
use muster_core::process::CaseState;
use muster_core::time::Timestamp;
use muster_store::process::{CaseFilter, CaseRow, case_list};
use serde::Deserialize;
use uuid::Uuid;

use super::city::City;
use crate::state::State;
use crate::usecase::practice::PracticeDraft;
use crate::usecase::practice_decide::practice_decide;
use crate::usecase::practice_measure::practices_measure;
use crate::usecase::practice_propose::practice_propose;
use crate::usecase::practice_use::practice_use;

#[derive(Deserialize)]
struct Told {
    practice: Vec<Practice>,
}

#[derive(Deserialize)]
struct Practice {
    #[serde(default)]
    word: String,
    area: i64,
    category: String,
    title: String,
    matter: String,
    measures: String,
    limits: String,
    state: PracticeState,
    #[serde(default)]
    reason: String,
    public: bool,
    uses: usize,
}

/// `middle` is the middle of the month: of the closed cases that fit, the one answered nearest to it is the source.
pub async fn practices(state: &State, city: &City, middle: Timestamp) -> anyhow::Result<()> {
    let told: Told =
        toml::from_str(include_str!("../../../../demo/practices.toml")).context("reading demo/practices.toml")?;
    for practice in &told.practice {
        let id = propose(state, city, practice, middle).await?;
        decide(state, city, practice, id).await?;
        take(state, city, practice, id).await?;
    }
    practices_measure(state).await?;
    Ok(())
}

async fn propose(state: &State, city: &City, practice: &Practice, middle: Timestamp) -> anyhow::Result<Uuid> {
    let area = AreaId::new(practice.area)?;
    let mut closed = found(state, practice, area, vec![CaseState::Closed]).await?;
    closed.retain(|case| case.confirmed == Some(true));
    closed.sort_by_key(|case| case.answered_at.map(|at| Timestamp(at).since(middle).abs()));
    let draft = PracticeDraft {
        title: practice.title.clone(),
        matter: practice.matter.clone(),
        measures: practice.measures.clone(),
        limits: practice.limits.clone(),
        category: practice.category.clone(),
        area: Some(area),
    };
    for case in closed {
        let Some(handler) = city.actor(Role::UnitHandler, case.area, case.unit()) else { continue };
        // Another practice may have come from it.
        if let Ok(id) = practice_propose(state, handler, Some(case.code.as_str()), &draft).await {
            return Ok(id);
        }
    }
    Ok(practice_propose(state, curator(city, area)?, None, &draft).await?)
}

async fn decide(state: &State, city: &City, practice: &Practice, id: Uuid) -> anyhow::Result<()> {
    let curator = curator(city, AreaId::new(practice.area)?)?;
    let verdict = match practice.state {
        PracticeState::Proposed => return Ok(()),
        PracticeState::Rejected => PracticeVerdict::Reject,
        PracticeState::Accepted | PracticeState::Retired => PracticeVerdict::Accept,
    };
    practice_decide(state, curator, id, verdict, &practice.reason, None).await?;
    if practice.public {
        practice_decide(state, curator, id, PracticeVerdict::Publish, "", None).await?;
    }
    if practice.state == PracticeState::Retired {
        practice_decide(state, curator, id, PracticeVerdict::Retire, &practice.reason, None).await?;
    }
    Ok(())
}

/// Some open cases of the same matter take it as a reference.
async fn take(state: &State, city: &City, practice: &Practice, id: Uuid) -> anyhow::Result<()> {
    let open = vec![CaseState::Assigned, CaseState::Working];
    for case in found(state, practice, state.pack.root_area, open).await?.into_iter().take(practice.uses) {
        if let Some(handler) = city.actor(Role::UnitHandler, case.area, case.unit()) {
            practice_use(state, handler, case.code.as_str(), id).await?;
        }
    }
    Ok(())
}

async fn found(
    state: &State,
    practice: &Practice,
    area: AreaId,
    states: Vec<CaseState>,
) -> anyhow::Result<Vec<CaseRow>> {
    if practice.word.is_empty() {
        return Ok(Vec::new());
    }
    let filter = CaseFilter {
        scope: Scope { areas: vec![area.range()], units: Vec::new() },
        states,
        text: Some(practice.word.clone()),
        limit: 50,
        ..CaseFilter::default()
    };
    let mut tx = state.db.read().await?;
    Ok(case_list(&mut tx, &filter).await?)
}

fn curator(city: &City, area: AreaId) -> anyhow::Result<&Actor> {
    city.actor(Role::Coordinator, area, None).context("a coordinator of the demo city")
}
