//! One consignment, for its slip and for what is done next.

use muster_core::id::Code;
use muster_core::people::{Action, Actor, Subject, may};
use muster_store::dispatch::{ConsignmentSeen, consignment_by_code};

use super::act::deny;
use super::goods::{masked_name, receipt_word};
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Clone, Debug)]
pub struct ConsignmentFile {
    pub seen: ConsignmentSeen,
    /// The word by which the receiver signs.
    pub word: String,
    /// The first character of who signed.
    pub receiver: Option<String>,
}

/// Those of the stock's area, and those of the area it goes to.
pub async fn consignment_view(state: &State, actor: &Actor, code: &str) -> Result<ConsignmentFile> {
    let code: Code = code.parse().map_err(|_| Error::not_found())?;
    let mut tx = state.read().await?;
    let seen = consignment_by_code(&mut tx, &code).await?.ok_or_else(Error::not_found)?;
    let of = |area| may(actor, Action::ConsignmentView, &Subject::area(area));
    of(seen.stock_area).or_else(|_| of(seen.need_area)).map_err(deny)?;
    let at = ("consignments", "receiver_sealed", seen.row.id);
    let sealed = seen.row.receiver_sealed.as_ref();
    let receiver = masked_name(state, &mut tx, at, seen.row.receiver_person, sealed).await?;
    let word = receipt_word(state, seen.row.id);
    Ok(ConsignmentFile { seen, word, receiver })
}
