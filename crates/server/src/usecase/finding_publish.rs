//! What was wrong and what was done is published, in words for everybody.

use muster_core::evaluate::finding::FindingAct;
use muster_core::intake::redact;
use muster_core::people::{Action, Actor};
use uuid::Uuid;

use super::act::{Act, fits};
use super::finding::{hold, take, write};
use crate::error::{Error, Result};
use crate::state::State;

/// Title and words are the publisher's own: what staff wrote among themselves is never published. Phones and numbers of
/// papers in them are masked.
pub async fn finding_publish(
    state: &State,
    actor: &Actor,
    id: Uuid,
    (title, words): (&str, &str),
    version: Option<i64>,
) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let mut row = hold(&mut act, id, Action::FindingPublish, version).await?;
    if title.trim().is_empty() {
        return Err(Error::invalid("title", "finding-title-missing", "Say in a few words what was wrong."));
    }
    if words.trim().is_empty() {
        return Err(Error::invalid("words", "finding-public-missing", "Say what was wrong and what was done."));
    }
    if title.trim().chars().count() > state.pack.intake.title_max {
        let detail = format!("The title is too long; at most {} characters fit.", state.pack.intake.title_max);
        return Err(Error::invalid("title", "title-long", detail));
    }
    fits(state, "words", words)?;
    let from = row.stage;
    let step = take(&act, &mut row, FindingAct::Publish { at: act.at })?;
    let (title, words) = (redact(title.trim(), None), redact(words.trim(), None));
    row.public_title = Some(title);
    row.public_words = Some(words.clone());
    write(&mut act, &mut row, (from, step), (&words, serde_json::Value::Null)).await?;
    act.audit(Action::FindingPublish, "finding", id.to_string(), None);
    act.commit().await
}
