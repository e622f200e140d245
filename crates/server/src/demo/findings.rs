//! Findings of the demo city's month, each at another step, and the programme with some of its tasks done.

use anyhow::Context;
use jiff::ToSpan;
use muster_core::area::AreaId;
use muster_core::evaluate::finding::{FindingSource, FindingStage};
use muster_core::evaluate::programme::KeyTaskState;
use muster_core::id::UnitId;
use muster_core::people::{Actor, Role};
use muster_core::time::{Timestamp, day_number};
use muster_store::people::{Unit, unit_list};
use serde::Deserialize;
use uuid::Uuid;

use super::city::City;
use crate::clock::VirtualClock;
use crate::state::State;
use crate::usecase::finding_check::finding_check;
use crate::usecase::finding_check_own::finding_check_own;
use crate::usecase::finding_claim::finding_claim;
use crate::usecase::finding_open::{NewFinding, NewOwner, Question, finding_open};
use crate::usecase::finding_plan::{finding_begin, finding_plan};
use crate::usecase::finding_publish::finding_publish;
use crate::usecase::finding_strike::finding_strike;
use crate::usecase::key_task_decide::{KeyTaskVerdict, key_task_decide};
use crate::usecase::key_task_report::key_task_report;
use crate::usecase::programme_import::programme_import;
use crate::usecase::programme_view::programme_view;

#[derive(Deserialize)]
struct Findings {
    finding: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(default)]
#[derive(Default)]
struct Entry {
    source: String,
    area: i64,
    unit: String,
    title: String,
    words: String,
    measure: String,
    evidence: String,
    check: String,
    public: String,
    day: i64,
    until: String,
}

/// Those of the month, before its reports: each act on the day on which it would have been done.
pub async fn findings(state: &State, hand: &VirtualClock, city: &City, start: Timestamp) -> anyhow::Result<()> {
    let findings: Findings = toml::from_str(include_str!("../../../../demo/findings.toml"))?;
    let units = units(state).await?;
    for entry in &findings.finding {
        let day = |step: i64| start.plus((entry.day + step) * Timestamp::DAY + 10 * Timestamp::HOUR);
        hand.set(day(0));
        let unit = unit_of(&units, &entry.unit)?;
        let area = AreaId::new(entry.area)?;
        let coordinator = city.actor(Role::Coordinator, area, None).context("the city has a coordinator")?;
        let today = state.pack.calendar.local_date(state.now());
        let new = NewFinding {
            area: Some(area),
            source: Some(entry.source.parse().map_err(anyhow::Error::msg)?),
            title: entry.title.clone(),
            words: entry.words.clone(),
            owner: Some(NewOwner { unit: Some(unit), last: Some(today.checked_add(60.days())?) }),
            question: None,
            hotspot: None,
            cases: Vec::new(),
        };
        let id = finding_open(state, coordinator, &new).await?;
        let handler = city.actor(Role::UnitHandler, area, Some(unit)).context("the unit has a handler")?;
        let until: FindingStage = entry.until.parse().map_err(anyhow::Error::msg)?;
        for step in 1..=7 {
            if reached(step) > until {
                break;
            }
            hand.set(day(step));
            walk(state, (coordinator, handler), (id, entry), step).await?;
        }
    }
    Ok(())
}

/// Where a finding is after so many steps.
fn reached(step: i64) -> FindingStage {
    FindingStage::WAY[step as usize]
}

async fn walk(
    state: &State,
    (coordinator, handler): (&Actor, &Actor),
    (id, entry): (Uuid, &Entry),
    step: i64,
) -> anyhow::Result<()> {
    let last = state.pack.calendar.local_date(state.now()).checked_add(30.days())?;
    match reached(step) {
        FindingStage::Claimed => finding_claim(state, handler, id, None).await?,
        FindingStage::Planned => finding_plan(state, handler, id, (&entry.measure, last), None).await?,
        FindingStage::Fixing => finding_begin(state, handler, id, None).await?,
        FindingStage::OwnChecked => finding_check_own(state, handler, id, &entry.evidence, None).await?,
        FindingStage::Checked => finding_check(state, coordinator, id, (true, &entry.check), None).await?,
        FindingStage::Published => finding_publish(state, coordinator, id, (&entry.title, &entry.public), None).await?,
        _ => finding_strike(state, coordinator, id, "公示期内没有异议。", None).await?,
    }
    Ok(())
}

/// After the month: a finding from a figure, and the programme.
pub async fn programme(state: &State, city: &City) -> anyhow::Result<()> {
    let root = state.pack.root_area;
    let leader = city.actor(Role::Leader, root, None).context("the city has a leader")?;
    let units = units(state).await?;
    let today = state.pack.calendar.local_date(state.now());
    let new = NewFinding {
        area: Some(root),
        source: Some(FindingSource::Indicator),
        title: "按时办结率未达阶段目标".to_owned(),
        words: "本月按时办结率偏低，超期集中在少数事项。".to_owned(),
        owner: Some(NewOwner { unit: Some(unit_of(&units, "mh-office")?), last: Some(today.checked_add(60.days())?) }),
        question: Some(Question {
            indicator: "on_time".to_owned(),
            unit: None,
            class: String::new(),
            days: (day_number(today.checked_sub(29.days())?), day_number(today)),
        }),
        hotspot: None,
        cases: Vec::new(),
    };
    finding_open(state, leader, &new).await?;
    programme_import(state, leader, include_str!("../../../../demo/programme.toml")).await?;
    let seen = programme_view(state, leader).await?;
    let past = seen.stages.first().map(|stage| stage.id);
    for task in seen.tasks.iter().filter(|task| task.state == KeyTaskState::Open) {
        let reported = Some(task.stage_id) == past || task.title.starts_with("两区");
        if !reported {
            continue;
        }
        let handler = city.actor(Role::UnitHandler, root, Some(task.unit_id)).context("the unit has a handler")?;
        key_task_report(state, handler, task.id, "验收材料见档案。", None).await?;
        if Some(task.stage_id) == past {
            key_task_decide(state, leader, task.id, (KeyTaskVerdict::Accept, "材料齐全，予以确认。"), None).await?;
        }
    }
    Ok(())
}

async fn units(state: &State) -> anyhow::Result<Vec<Unit>> {
    let mut tx = state.read().await?;
    Ok(unit_list(&mut tx).await?)
}

fn unit_of(units: &[Unit], code: &str) -> anyhow::Result<UnitId> {
    let unit = units.iter().find(|unit| unit.code == code);
    Ok(unit.with_context(|| format!("the demo has no unit {code}"))?.id)
}
