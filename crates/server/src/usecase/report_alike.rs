//! Is it one of these? Open cases nearby whose words are like a draft's, as much of them as a stranger may know.
//!
//! What is shown and why: `docs/decisions/0002-proposing-like-cases.md`.

use muster_core::area::{AreaId, Level};
use muster_core::id::CaseId;
use muster_core::intake::{Channel, Draft};
use muster_core::pack::RequestKind;
use muster_core::people::{Action, Actor, Subject, may};
use muster_core::sense::likeness::{Shingles, shared};
use muster_core::time::Timestamp;
use muster_store::Tx;
use muster_store::intake::LikeRow;

use super::act::deny;
use super::report_submit::{Candidate, candidates, hear, repeated};
use crate::error::Result;
use crate::secret::hex;
use crate::state::State;

/// So many are shown: more is not read by someone who wants to report.
pub const SHOWN: usize = 3;
/// And so many of the words they share.
const WORDS: usize = 3;
/// Below this likeness what is shared is mostly turns of phrase. A person decides, so it may be far below the pack's rule.
const LEAST: f64 = 0.25;

/// A case like a draft, without its code and without a word of its own.
#[derive(Clone, Debug)]
pub struct Alike {
    /// Names the case to `report_submit` for the draft of this key only.
    pub token: String,
    /// Two digits.
    pub class: String,
    pub area: AreaId,
    pub state: String,
    pub received_at: Timestamp,
    /// Runs of the draft that the case has too, longest first.
    pub shared: Vec<String>,
    /// The pack's rule would join the report by itself.
    pub sure: bool,
}

/// The open cases most like a draft, most alike first; none for a draft that cannot be accepted, and none about a tip-off.
///
/// `key` is the draft's own (its idempotency key): two drafts cannot find out that they were shown the same case.
pub async fn report_alike(
    state: &State,
    actor: &Actor,
    channel: Channel,
    draft: &Draft,
    key: &str,
) -> Result<Vec<Alike>> {
    let Ok(heard) = hear(state, draft) else { return Ok(Vec::new()) };
    let area = heard.accepted.area;
    let action = if channel == Channel::Web { Action::ReportSubmit } else { Action::ReportEnter };
    may(actor, action, &Subject::area(area)).map_err(deny)?;
    let mut tx = state.read().await?;
    let found = candidates(&mut tx, state, area, &heard.words, state.now()).await?;
    let sure = repeated(state, &heard, &found);
    let shown = proposals(found, area).into_iter().take(SHOWN).map(|like| Alike {
        token: token(state, like.case_id, key),
        class: like.category.get(..2).unwrap_or_default().to_owned(),
        area: like.area,
        state: like.state.clone(),
        received_at: like.received_at,
        shared: shared(&heard.accepted.public_text, &like.text).into_iter().take(WORDS).map(str::to_owned).collect(),
        sure: sure == Some(like.case_id),
    });
    Ok(shown.collect())
}

/// The case a token names, if it would still be proposed: open, near, and like the draft.
pub(super) async fn chosen(
    tx: &mut Tx,
    state: &State,
    area: AreaId,
    words: &Shingles,
    at: Timestamp,
    token: &Token,
) -> Result<Option<CaseId>> {
    let found = proposals(candidates(tx, state, area, words, at).await?, area);
    Ok(found.iter().map(|like| like.case_id).find(|case| self::token(state, *case, &token.key) == token.text))
}

/// A choice as it came back, with the key of its draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    pub text: String,
    pub key: String,
}

/// Each case once, by its report most like the draft.
fn proposals(found: Vec<Candidate>, area: AreaId) -> Vec<LikeRow> {
    let mut seen = Vec::new();
    let fit = |like: &Candidate| {
        let row = &like.row;
        row.kind != RequestKind::Tipoff.code() && nearby(area, row.area) && like.likeness >= LEAST
    };
    let mut is_new = |like: &Candidate| {
        let is_new = !seen.contains(&like.row.case_id);
        seen.push(like.row.case_id);
        is_new
    };
    found.into_iter().filter(|like| fit(like) && is_new(like)).map(|like| like.row).collect()
}

/// In one street or township, or one in the other.
fn nearby(a: AreaId, b: AreaId) -> bool {
    let street = |area: AreaId| area.ancestor(Level::Township);
    a.contains(b) || b.contains(a) || street(a).is_some_and(|street_of_a| street(b) == Some(street_of_a))
}

fn token(state: &State, case: CaseId, key: &str) -> String {
    hex(&state.keys.secret_hash(&case.to_string(), &format!("alike {key}"))[..16])
}
