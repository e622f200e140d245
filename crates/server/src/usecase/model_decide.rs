//! A named person lets a proposed classifier judge, or not; or goes back to the shipped one.

use muster_core::people::{Action, Actor, Subject};
use muster_core::sense::Model;
use muster_store::model::{ModelRow, model_adopted, model_bytes, model_get, models_retire};
use uuid::Uuid;

use super::act::{Act, fits};
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It judges from now on, in place of the one that does.
    Adopt,
    Reject,
    /// The model judges no longer; the shipped one does.
    Retire,
}

/// Decides about a model; every report is judged by one model, which its judgement names.
pub async fn model_decide(state: &State, actor: &Actor, id: Uuid, verdict: Verdict, reason: &str) -> Result<ModelRow> {
    let mut act = Act::begin(state, actor).await?;
    act.may(Action::ModelDecide, &Subject::area(state.pack.root_area))?;
    let model = model_get(&mut act.tx, id).await?.ok_or_else(Error::not_found)?;
    if reason.trim().is_empty() {
        return Err(Error::invalid("reason", "reason-missing", "Say why."));
    }
    fits(state, "reason", reason)?;
    let next = match (verdict, model.state.as_str()) {
        // Also one that judged before.
        (Verdict::Adopt, "proposed" | "retired" | "rejected") => "adopted",
        (Verdict::Reject, "proposed") => "rejected",
        (Verdict::Retire, "adopted") => "retired",
        (_, now) => return Err(Error::conflict(format!("The model {} is {now}.", model.version), [""; 0])),
    };
    let was = model.state.clone();
    let decided = ModelRow {
        state: next.to_owned(),
        decided_at: Some(act.at.0),
        decided_by: actor.account_id().map(|id| id.0),
        reason: Some(reason.trim().to_owned()),
        ..model
    };
    if next == "adopted" {
        models_retire(&mut act.tx, &decided).await?;
    }
    // Somebody else may have decided since it was read.
    if !muster_store::model::model_decide(&mut act.tx, &decided, &was).await? {
        return Err(Error::stale_etag());
    }
    act.audit(Action::ModelDecide, "model", decided.version.clone(), None);
    act.commit().await?;
    model_follow(state).await?;
    Ok(decided)
}

/// Takes up the model that judges, on this node; run by a job, since another node may have adopted it. Returns whether
/// another one judges now.
pub async fn model_follow(state: &State) -> Result<bool> {
    let mut tx = state.read().await?;
    let adopted = model_adopted(&mut tx).await?;
    let model = match &adopted {
        Some(version) if version == state.model().version() => return Ok(false),
        None if state.is_shipped_model() => return Ok(false),
        Some(version) => {
            let bytes = model_bytes(&mut tx, version).await?.ok_or_else(Error::not_found)?;
            match Model::from_bytes(&bytes) {
                Ok(model) => model,
                // Of an older format: the shipped one judges until another is made, and the page says so.
                Err(fault) => {
                    tracing::warn!(version, %fault, "the adopted model cannot be read");
                    if state.is_shipped_model() {
                        return Ok(false);
                    }
                    State::shipped_model().map_err(|error| Error::internal(&error))?
                }
            }
        }
        None => State::shipped_model().map_err(|error| Error::internal(&error))?,
    };
    tracing::info!(model = model.version(), "another model judges from now on");
    state.judge_with(model);
    Ok(true)
}
