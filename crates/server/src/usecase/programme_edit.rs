//! A leader enters the stages and the goals of the programme. One of a name that is there takes what is entered.

use muster_core::people::{Action, Actor, Subject};
use muster_store::programme::{
    ProgrammeGoal, ProgrammeStage, programme_goal_set, programme_stage_get, programme_stage_set,
};
use uuid::Uuid;

use super::act::Act;
use super::finding_figure::is_known;
use super::programme_view::is_day;
use super::resource::Faults;
use crate::error::Result;
use crate::state::State;

/// Days are yyyymmdd, both of the stage.
#[derive(Clone, Debug)]
pub struct NewStage {
    pub name: String,
    pub words: String,
    pub days: (i64, i64),
}

pub async fn programme_stage(state: &State, actor: &Actor, new: &NewStage) -> Result<Uuid> {
    let mut act = Act::begin(state, actor).await?;
    let id = stage_in(&mut act, new).await?;
    act.commit().await?;
    Ok(id)
}

pub(super) async fn stage_in(act: &mut Act<'_>, new: &NewStage) -> Result<Uuid> {
    let area = act.state.pack.root_area;
    act.may(Action::ProgrammeEdit, &Subject::area(area))?;
    let mut faults = Faults::default();
    name(act, "name", &new.name, &mut faults);
    words(act, "words", &new.words, &mut faults);
    let (first, last) = new.days;
    let detail = format!("{first} to {last} are no days of a stage; write 2024-01-01 and 2024-12-31.");
    faults.unless(is_day(first) && is_day(last) && first <= last, "first", "programme-days-wrong", &detail);
    faults.end()?;
    let stage = ProgrammeStage {
        id: act.state.chance.uuid(act.at),
        area,
        name: new.name.trim().to_owned(),
        words: new.words.trim().to_owned(),
        first_day: first,
        last_day: last,
    };
    let id = programme_stage_set(&mut act.tx, &stage).await?;
    act.audit(Action::ProgrammeEdit, "programme_stage", id.to_string(), None);
    Ok(id)
}

/// A goal, the figure that measures it, and its target by the end of each stage, in hundredths of a per cent.
#[derive(Clone, Debug)]
pub struct NewGoal {
    pub name: String,
    pub indicator: String,
    pub targets: Vec<(Uuid, i64)>,
}

pub async fn programme_goal(state: &State, actor: &Actor, new: &NewGoal) -> Result<Uuid> {
    let mut act = Act::begin(state, actor).await?;
    let id = goal_in(&mut act, new).await?;
    act.commit().await?;
    Ok(id)
}

pub(super) async fn goal_in(act: &mut Act<'_>, new: &NewGoal) -> Result<Uuid> {
    let area = act.state.pack.root_area;
    act.may(Action::ProgrammeEdit, &Subject::area(area))?;
    let mut faults = Faults::default();
    name(act, "goal", &new.name, &mut faults);
    let detail = format!("There is no figure {:?}; choose one of the list.", new.indicator);
    faults.unless(is_known(&act.state.pack, &new.indicator), "indicator", "programme-figure-unknown", &detail);
    // The pack may aim at something by year.
    let aimed = act.state.pack.indicators.targets(&new.indicator).next().is_some();
    let detail = "Set the target of at least one stage.";
    faults.unless(aimed || !new.targets.is_empty(), "targets", "programme-target-missing", detail);
    for (stage, target) in &new.targets {
        let detail = format!("{target} is no target; write a share from 0 to 100 per cent.");
        faults.unless((0..=10_000).contains(target), "targets", "programme-target-range", &detail);
        let known = programme_stage_get(&mut act.tx, *stage).await?.is_some_and(|stage| stage.area == area);
        faults.unless(known, "targets", "programme-stage-unknown", "There is no such stage.");
    }
    faults.end()?;
    let goal = ProgrammeGoal {
        id: act.state.chance.uuid(act.at),
        area,
        name: new.name.trim().to_owned(),
        indicator: new.indicator.clone(),
    };
    let id = programme_goal_set(&mut act.tx, &goal, &new.targets).await?;
    act.audit(Action::ProgrammeEdit, "programme_goal", id.to_string(), None);
    Ok(id)
}

pub(super) fn name(act: &Act<'_>, field: &str, text: &str, faults: &mut Faults) {
    let (len, most) = (text.trim().chars().count(), act.state.pack.intake.title_max);
    faults.unless(len > 0, field, "programme-name-missing", "Give it a name.");
    if len > most {
        faults.add(field, "title-long", format!("The name has {len} characters; at most {most} fit."));
    }
}

pub(super) fn words(act: &Act<'_>, field: &str, text: &str, faults: &mut Faults) {
    let (len, most) = (text.trim().chars().count(), act.state.pack.intake.text_max);
    if len > most {
        faults.add(field, "text-long", format!("The text has {len} characters; at most {most} fit."));
    }
}
