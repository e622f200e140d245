//! The board: what help is asked for, who is free, and the plan that is worth most for all of it together, with its reasons.
//!
//! The plan is made anew from the record at every look and kept nowhere: who was invited already keeps what they were
//! promised (their time is booked), and everything else is a proposal.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use muster_core::area::AreaId;
use muster_core::dispatch::Need;
use muster_core::dispatch::offer::{NeedKind, OfferState};
use muster_core::id::{NeedId, ResourceId};
use muster_core::people::{Action, Actor, Denied, Scope, Subject, may, scope};
use muster_store::dispatch::{
    NeedBrief, NeedFilter, ResourceRow, needs_living, offers_living, resources_get, team_page,
};

use super::act::deny;
use super::board_plan::{Planned, Task, plan};
use super::need::{Engine, risk_of, slots};
use crate::error::Result;
use crate::state::State;

/// What the board is asked: for which area, and what if.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    pub area: Option<AreaId>,
    /// Codes of a need and a resource that is given to it whatever else is, or not given to it.
    pub pins: Vec<(String, String)>,
    pub forbids: Vec<(String, String)>,
    /// Codes of needs that are taken to be one step more pressing.
    pub raises: Vec<String>,
}

impl Asked {
    pub fn is_plain(&self) -> bool {
        self.pins.is_empty() && self.forbids.is_empty() && self.raises.is_empty()
    }
}

/// Needs that are shown with their proposals; the plan is of all.
pub const SHOWN: usize = 40;
/// Organisations in the schedule.
const TEAMS: i64 = 30;
/// How many are told of beside those who were chosen.
pub const OTHERS: usize = 3;

/// Everything about one look.
#[derive(Debug)]
pub struct Board {
    pub needs: Vec<NeedBrief>,
    /// By need: how many were invited and have not answered.
    pub waiting: HashMap<NeedId, i64>,
    pub planned: Planned,
    /// Without the "what if", where there is one.
    pub plain: Option<Planned>,
    /// Places of `needs` that are shown, the most pressing first.
    pub shown: Vec<usize>,
    /// Every resource named in what is shown.
    pub resources: HashMap<ResourceId, ResourceRow>,
    /// Organisations with their booked places, by slot from the first of today.
    pub teams: Vec<(ResourceRow, Vec<i64>)>,
    /// Parts of the seven days in which each of them is free.
    pub team_free: HashMap<ResourceId, u32>,
    /// Names in `Asked` that are none.
    pub unknown: Vec<String>,
}

pub async fn board_view(state: &State, actor: &Actor, asked: &Asked) -> Result<Board> {
    let scope = reach(actor, asked.area).map_err(deny)?;
    state.roster.follow(state).await?;
    let now = state.now();
    let mut tx = state.db.snapshot().await?;
    let filter = NeedFilter { scope: scope.clone(), ..NeedFilter::default() };
    let needs = needs_living(&mut tx, &filter, NeedKind::Help, now).await?;
    let offers = offers_living(&mut tx, &filter).await?;
    let teams = team_page(&mut tx, &scope.areas, slots(state).week(state.pack.calendar.local_date(now)), TEAMS).await?;
    drop(tx);
    let (mut waiting, mut before) = (HashMap::new(), HashSet::new());
    for (need, resource, offer) in offers {
        if offer == OfferState::Invited {
            *waiting.entry(need).or_insert(0) += 1;
        }
        if offer != OfferState::Withdrawn {
            before.insert((need, resource));
        }
    }
    let (wishes, unknown) = wishes(state, asked, &needs).await?;
    let middle = state.roster.read().as_ref().map(|standing| standing.middle).unwrap_or_default();
    let engine = Engine::new(state, middle);
    let tasks: Vec<Task> = needs.iter().map(|need| task(state, need, &engine, &waiting, &wishes)).collect();
    let forbidden = wishes.forbids.clone();
    let before = std::sync::Arc::new(before);
    let planned = planned(state, tasks, &before, forbidden, wishes.pins.clone()).await?;
    let plain = if asked.is_plain() {
        None
    } else {
        let none = Wishes::default();
        let tasks = needs.iter().map(|need| task(state, need, &engine, &waiting, &none)).collect();
        Some(self::planned(state, tasks, &before, HashSet::new(), Vec::new()).await?)
    };
    let mut shown: Vec<usize> = (0..needs.len()).collect();
    // What nobody was found for comes first, then what is pressing.
    shown.sort_by_key(|at| {
        let line = &planned.lines[*at];
        (std::cmp::Reverse(needs[*at].priority), line.short() == 0, needs[*at].closes_at, needs[*at].id)
    });
    shown.truncate(SHOWN);
    let ids: BTreeSet<ResourceId> = shown.iter().flat_map(|at| planned.lines[*at].named()).collect();
    let mut tx = state.read().await?;
    let ids: Vec<ResourceId> = ids.into_iter().collect();
    let resources = resources_get(&mut tx, &ids).await?.into_iter().map(|row| (row.id, row)).collect();
    let team_free = free_of(state, &teams);
    Ok(Board { needs, waiting, planned, plain, shown, resources, teams, team_free, unknown })
}

fn free_of(state: &State, teams: &[(ResourceRow, Vec<i64>)]) -> HashMap<ResourceId, u32> {
    let standing = state.roster.read();
    let free = |id: ResourceId| {
        let standing = standing.as_ref()?;
        Some((id, standing.resource(standing.find(id)?)?.slots))
    };
    teams.iter().filter_map(|(row, _)| free(row.id)).collect()
}

fn reach(actor: &Actor, area: Option<AreaId>) -> std::result::Result<Scope, Denied> {
    match area {
        Some(area) => {
            may(actor, Action::BoardView, &Subject::area(area))?;
            Ok(Scope { areas: vec![area.range()], ..Scope::default() })
        }
        None => scope(actor, Action::BoardView),
    }
}

/// What `Asked` names, found.
#[derive(Clone, Debug, Default)]
struct Wishes {
    pins: Vec<(NeedId, ResourceId)>,
    forbids: HashSet<(NeedId, ResourceId)>,
    raises: HashSet<NeedId>,
}

async fn wishes(state: &State, asked: &Asked, needs: &[NeedBrief]) -> Result<(Wishes, Vec<String>)> {
    let (mut wishes, mut unknown) = (Wishes::default(), Vec::new());
    if asked.is_plain() {
        return Ok((wishes, unknown));
    }
    let by_code: BTreeMap<&str, NeedId> = needs.iter().map(|need| (need.code.as_str(), need.id)).collect();
    let mut tx = state.read().await?;
    let mut pair = async |(need, resource): &(String, String)| -> Result<Option<(NeedId, ResourceId)>> {
        let Ok(code) = resource.parse() else { return Ok(None) };
        let found = muster_store::dispatch::resource_by_code(&mut tx, &code).await?;
        Ok(by_code.get(need.as_str()).copied().zip(found.map(|row| row.id)))
    };
    for named in &asked.pins {
        match pair(named).await? {
            Some(found) => wishes.pins.push(found),
            None => unknown.push(format!("{}:{}", named.0, named.1)),
        }
    }
    for named in &asked.forbids {
        match pair(named).await? {
            Some(found) => drop(wishes.forbids.insert(found)),
            None => unknown.push(format!("{}:{}", named.0, named.1)),
        }
    }
    for named in &asked.raises {
        match by_code.get(named.as_str()) {
            Some(found) => drop(wishes.raises.insert(*found)),
            None => unknown.push(named.clone()),
        }
    }
    wishes.pins.sort_unstable();
    wishes.pins.dedup();
    Ok((wishes, unknown))
}

fn task(state: &State, need: &NeedBrief, engine: &Engine<'_>, waiting: &HashMap<NeedId, i64>, wishes: &Wishes) -> Task {
    let raised = wishes.raises.contains(&need.id);
    let priority = (need.priority * if raised { 2 } else { 1 }).min(8);
    Task {
        id: need.id,
        need: Need {
            // Who was invited and has not answered is counted on.
            head: (need.missing() - waiting.get(&need.id).copied().unwrap_or(0)).max(0) as u32,
            weight: state.pack.dispatch.weight(priority, need.vulnerable) as f32,
            ..engine.of(need)
        },
        risk: risk_of(state, &need.risk),
    }
}

/// The plan on a thread of its own: it may take seconds for a great city.
async fn planned(
    state: &State,
    tasks: Vec<Task>,
    before: &std::sync::Arc<HashSet<(NeedId, ResourceId)>>,
    forbidden: HashSet<(NeedId, ResourceId)>,
    pins: Vec<(NeedId, ResourceId)>,
) -> Result<Planned> {
    let (state, before) = (state.clone(), before.clone());
    let made = tokio::task::spawn_blocking(move || {
        let leave_out = |need, resource| before.contains(&(need, resource)) || forbidden.contains(&(need, resource));
        plan(&state, &tasks, leave_out, &pins)
    });
    made.await.map_err(|error| crate::error::Error::internal(&error))?
}
