//! The findings somebody has to do with, and those that everybody may read of.

use muster_core::area::AreaId;
use muster_core::evaluate::finding::{FindingSource, FindingStage};
use muster_core::id::UnitId;
use muster_core::people::{Action, Actor, Subject, may, scope};
use muster_store::finding::{FindingFilter, FindingRow, findings_by_stage, findings_page, findings_public};
use uuid::Uuid;

use super::act::deny;
use crate::error::{Error, Result};
use crate::state::State;

/// The most that a list shows; what is owed first stands first.
const LISTED: i64 = 200;

/// Which findings are asked for.
#[derive(Clone, Debug, Default)]
pub struct FindingAsk {
    pub group: FindingGroup,
    pub source: Option<FindingSource>,
    pub area: Option<AreaId>,
    pub unit: Option<UnitId>,
    pub indicator: Option<String>,
    pub hotspot: Option<Uuid>,
}

/// Parts of the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FindingGroup {
    /// What is not struck off.
    #[default]
    Open,
    Late,
    Struck,
    All,
}

#[derive(Clone, Debug)]
pub struct FindingsSeen {
    pub rows: Vec<FindingRow>,
    pub total: i64,
    /// Of the same area, unit and source, whatever the group.
    pub by_stage: Vec<(FindingStage, i64)>,
    pub late: i64,
}

pub async fn finding_list(state: &State, actor: &Actor, ask: &FindingAsk) -> Result<FindingsSeen> {
    let all = filter(actor, ask)?;
    let late = FindingFilter { late: Some(state.now()), ..all.clone() };
    let shown = match ask.group {
        FindingGroup::Open => FindingFilter { stages: open_stages(), ..all.clone() },
        FindingGroup::Late => late.clone(),
        FindingGroup::Struck => FindingFilter { stages: vec![FindingStage::StruckOff], ..all.clone() },
        FindingGroup::All => all.clone(),
    };
    let mut tx = state.read().await?;
    let (rows, total) = findings_page(&mut tx, &shown, LISTED).await?;
    let by_stage = findings_by_stage(&mut tx, &all).await?;
    let late = findings_by_stage(&mut tx, &late).await?.iter().map(|(_, count)| count).sum();
    Ok(FindingsSeen { rows, total, by_stage, late })
}

/// How many are not struck off.
pub async fn findings_open(state: &State, actor: &Actor, ask: &FindingAsk) -> Result<i64> {
    let open = FindingFilter { stages: open_stages(), ..filter(actor, ask)? };
    let mut tx = state.read().await?;
    Ok(findings_by_stage(&mut tx, &open).await?.iter().map(|(_, count)| count).sum())
}

/// All that this person sees of what was asked, whatever the group.
fn filter(actor: &Actor, ask: &FindingAsk) -> Result<FindingFilter> {
    Ok(FindingFilter {
        scope: scope(actor, Action::FindingView).map_err(deny)?,
        stages: Vec::new(),
        source: ask.source,
        area: ask.area,
        unit: ask.unit,
        indicator: ask.indicator.clone(),
        hotspot: ask.hotspot,
        late: None,
    })
}

fn open_stages() -> Vec<FindingStage> {
    let open = |stage: &&FindingStage| !matches!(stage, FindingStage::Dropped | FindingStage::StruckOff);
    FindingStage::ALL.iter().filter(open).copied().collect()
}

/// What was published, the newest first; no word of staff and nobody's name.
pub async fn finding_public(state: &State, area: Option<AreaId>) -> Result<(Vec<FindingRow>, i64)> {
    may(&Actor::Anonymous, Action::FindingPublic, &Subject::NONE).map_err(deny)?;
    let range = area.unwrap_or(state.pack.root_area).range();
    let mut tx = state.read().await?;
    findings_public(&mut tx, range, LISTED).await.map_err(Error::from)
}
