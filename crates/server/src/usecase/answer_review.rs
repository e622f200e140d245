//! A look at an answer before it is sent: what it may lack. Nothing is stored.

use muster_core::people::{Action, Actor, may};
use muster_core::sense::{Hint, review};
use muster_store::process::case_by_code;

use super::act::{deny, fits};
use crate::error::{Error, Result};
use crate::state::State;

/// For whoever may answer the case.
pub async fn answer_review(state: &State, actor: &Actor, code: &str, answer: &str) -> Result<Vec<Hint>> {
    let code = code.parse().map_err(|_| Error::not_found())?;
    fits(state, "text", answer)?;
    let mut tx = state.read().await?;
    let case = case_by_code(&mut tx, &code).await?.ok_or_else(Error::not_found)?;
    may(actor, Action::TaskAnswer, &case.subject()).map_err(deny)?;
    Ok(review(&state.model(), &state.sense, (&case.title, &case.text), answer))
}
