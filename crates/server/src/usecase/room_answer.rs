//! What an evaluator found about one case of the sample. Nothing is overwritten: a second thought is another revision.

use std::collections::BTreeMap;

use muster_core::evaluate::question::{AnsweredBy, Answers, Given, Question, answers};
use muster_core::evaluate::room::RoomState;
use muster_core::intake::redact;
use muster_core::people::{Action, Actor};
use muster_store::room::{AnswerRow, answer_insert, answers_of_case, pick_case};
use uuid::Uuid;

use super::act::{Act, fits};
use super::room::{Contract, hold, named, stands};
use super::room_work::opened;
use crate::error::{Error, FieldError, Result};
use crate::state::State;

/// Which case of which contract, and the revision that was read before.
#[derive(Clone, Copy, Debug)]
pub struct About {
    pub room: Uuid,
    pub number: i64,
    pub revision: i64,
}

/// `typed` is what was chosen, by the codes of the questions.
pub async fn room_answer(state: &State, actor: &Actor, about: About, typed: &BTreeMap<String, String>) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let contract = hold(&mut act, about.room, Action::RoomAnswer).await?;
    named(&mut act.tx, actor, about.room).await?;
    stands(&contract, &[RoomState::Running])?;
    opened(&contract, act.at)?;
    pick_case(&mut act.tx, about.room, about.number).await?.ok_or_else(Error::not_found)?;
    let given = read(state, &contract.questions(), AnsweredBy::File, typed)?;
    keep(&mut act, &contract, about, (AnsweredBy::File, &given)).await?;
    act.audit(Action::RoomAnswer, "room_case", format!("{}/{}", about.room, about.number), None);
    act.commit().await
}

/// Every question that still wants an answer is named; texts are taken as at intake, without what tells who.
pub(super) fn read(
    state: &State,
    questions: &[Question],
    by: AnsweredBy,
    typed: &BTreeMap<String, String>,
) -> Result<Answers> {
    for (code, text) in typed {
        fits(state, code, text)?;
    }
    let missing = |codes: Vec<String>| {
        let fault = |code: String| FieldError {
            pointer: format!("/{code}"),
            code: "room-answer-missing".to_owned(),
            detail: "Choose an answer; where the record does not show it, choose that it cannot be told.".to_owned(),
        };
        Error::invalid_fields(codes.into_iter().map(fault).collect())
    };
    let mut given = answers(questions, by, typed).map_err(missing)?;
    for answer in given.values_mut() {
        if let Given::Text(text) = answer {
            *text = redact(text, None);
        }
    }
    Ok(given)
}

/// Adds a revision, unless somebody else has meanwhile.
pub(super) async fn keep(
    act: &mut Act<'_>,
    contract: &Contract,
    about: About,
    (by, given): (AnsweredBy, &Answers),
) -> Result<()> {
    let last = answers_of_case(&mut act.tx, about.room, about.number, by).await?.map_or(0, |row| row.revision);
    if last != about.revision {
        return Err(Error::stale_etag());
    }
    let row = AnswerRow {
        room_id: about.room,
        number: about.number,
        answered_by: by,
        revision: last + 1,
        version: contract.row.version,
        at: act.at,
        account_id: act.actor.account_id().map(|id| id.0),
        answers: serde_json::to_value(given).map_err(|error| Error::internal(&error))?,
    };
    answer_insert(&mut act.tx, &row).await.map_err(Error::from)
}
