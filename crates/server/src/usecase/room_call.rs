//! The hotline calls those whose cases were drawn, where a contract asks for it. It knows the case and not what evaluators
//! found; evaluators know neither who was called nor by whom.

use std::collections::BTreeMap;

use muster_core::evaluate::question::{AnsweredBy, Question};
use muster_core::evaluate::room::RoomState;
use muster_core::id::CaseId;
use muster_core::people::{Action, Actor, may, scope};
use muster_store::Tx;
use muster_store::process::{CaseRow, case_get};
use muster_store::room::{CallRow, answers_of_case, calls_open, pick_case, room_get, room_lock};
use uuid::Uuid;

use super::act::{Act, deny};
use super::room::{Contract, stands};
use super::room_answer::{About, keep, read};
use super::room_work::opened;
use crate::error::{Error, Result};
use crate::state::State;

const CALLS: i64 = 200;

/// Who is still to be called, in the actor's areas.
pub async fn room_calls(state: &State, actor: &Actor) -> Result<Vec<CallRow>> {
    let scope = scope(actor, Action::RoomCall).map_err(deny)?;
    let mut tx = state.read().await?;
    Ok(calls_open(&mut tx, &scope, state.now(), CALLS).await?)
}

/// One call: the case, and what is asked.
#[derive(Clone, Debug)]
pub struct Call {
    pub contract: Contract,
    pub number: i64,
    pub case: CaseRow,
    pub questions: Vec<Question>,
    pub revision: i64,
}

pub async fn room_call_view(state: &State, actor: &Actor, id: Uuid, number: i64) -> Result<Call> {
    let mut tx = state.read().await?;
    let row = room_get(&mut tx, id).await?.ok_or_else(Error::not_found)?;
    let call = call(&mut tx, actor, Contract::read(row)?, number).await?;
    opened(&call.contract, state.now())?;
    Ok(call)
}

/// Whether the call may be made is a matter of where the case lies; a contract without calls has none.
async fn call(tx: &mut Tx, actor: &Actor, contract: Contract, number: i64) -> Result<Call> {
    let id = contract.row.id;
    let case = pick_case(tx, id, number).await?.ok_or_else(Error::not_found)?;
    let case = case_get(tx, CaseId(case)).await?.ok_or_else(Error::not_found)?;
    may(actor, Action::RoomCall, &case.subject()).map_err(deny)?;
    let mut questions = contract.questions();
    questions.retain(|question| question.by == AnsweredBy::Call);
    if questions.is_empty() {
        return Err(Error::not_found());
    }
    let revision = answers_of_case(tx, id, number, AnsweredBy::Call).await?.map_or(0, |row| row.revision);
    Ok(Call { contract, number, case, questions, revision })
}

/// What was said on the phone.
pub async fn room_call(state: &State, actor: &Actor, about: About, typed: &BTreeMap<String, String>) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let row = room_lock(&mut act.tx, about.room).await?.ok_or_else(Error::not_found)?;
    let call = call(&mut act.tx, actor, Contract::read(row)?, about.number).await?;
    stands(&call.contract, &[RoomState::Running])?;
    opened(&call.contract, act.at)?;
    let given = read(state, &call.questions, AnsweredBy::Call, typed)?;
    keep(&mut act, &call.contract, about, (AnsweredBy::Call, &given)).await?;
    act.audit(Action::RoomCall, "case", call.case.code.as_str(), None);
    act.commit().await
}
