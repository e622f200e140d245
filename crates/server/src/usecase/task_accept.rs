//! A unit signs for its task: 签收.

use muster_core::evaluate::Measure;
use muster_core::pack::ClockKind;
use muster_core::people::{Action, Actor};
use muster_core::process::{Move, TaskMove};
use muster_store::process::CaseRow;

use super::act::{Act, Words};
use super::dispatch::{keep_promises, move_task, open_task};
use crate::error::Result;
use crate::state::State;

pub async fn task_accept(state: &State, actor: &Actor, code: &str, version: Option<i64>) -> Result<CaseRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut case = act.case(code, Action::TaskAccept, version).await?;
    let from = case.state;
    case.take(&case.state_machine()?.accept(act.at)?);
    let mut task = open_task(&mut act, &case).await?;
    move_task(&mut act, &mut task, TaskMove::Accept).await?;
    keep_promises(&mut act, &case, &[ClockKind::Accept]).await?;
    act.count(&case, Measure::Accepted);
    act.step(&case, from, Move::Accept, Some(task.id), Words::default());
    act.audit(Action::TaskAccept, "case", case.code.as_str(), None);
    act.update(&mut case).await?;
    act.commit().await?;
    Ok(case)
}
