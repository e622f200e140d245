//! Goods reach a hand: the receiver signs by the word on the slip, or whoever carried them enters who took them.

use muster_core::dispatch::goods::{GoodsKind, enter};
use muster_core::id::secret_canonical;
use muster_core::people::{Action, Actor};
use muster_store::dispatch::{ConsignmentRow, ConsignmentSeen, consignment_by_code};

use super::act::Act;
use super::goods::{Fresh, Ground, hold_consignment, name_fits, receipt_word, seal_name};
use crate::error::{Code as ErrorCode, Error, Result};
use crate::state::State;

/// What was taken, and by whom.
#[derive(Clone, Debug, Default)]
pub struct Receipt {
    pub quantity: i64,
    /// As they sign; sealed.
    pub name: String,
    pub ground: Ground,
}

/// Entered by whoever brought it.
pub async fn consignment_receive(
    state: &State,
    actor: &Actor,
    code: &str,
    receipt: &Receipt,
    version: Option<i64>,
) -> Result<ConsignmentRow> {
    let act = Act::begin(state, actor).await?;
    receive(act, code, Action::ConsignmentReceive, receipt, version).await
}

/// Signed by the receiver, who knows the word of the slip.
pub async fn consignment_sign(state: &State, code: &str, word: &str, receipt: &Receipt) -> Result<ConsignmentRow> {
    consignment_at(state, code, Some(word)).await?;
    let act = Act::begin(state, &Actor::Anonymous).await?;
    receive(act, code, Action::ConsignmentSign, receipt, None).await
}

/// What a receiver sees of a consignment by its code; the word, where it is given, must be right. A wrong code and a wrong
/// word get the same answer.
pub async fn consignment_at(state: &State, code: &str, word: Option<&str>) -> Result<ConsignmentSeen> {
    let wrong = || Error::new(ErrorCode::NotFound, "No slip has this code and word together; check both as printed.");
    let code = code.parse().map_err(|_| wrong())?;
    let mut tx = state.read().await?;
    let seen = consignment_by_code(&mut tx, &code).await?.ok_or_else(wrong)?;
    if let Some(word) = word {
        let word = secret_canonical(word).ok_or_else(wrong)?;
        let keyed = |word: &str| state.keys.secret_hash(&seen.row.id.to_string(), word);
        if keyed(&word) != keyed(&receipt_word(state, seen.row.id)) {
            return Err(wrong());
        }
    }
    Ok(seen)
}

async fn receive(
    mut act: Act<'_>,
    code: &str,
    action: Action,
    receipt: &Receipt,
    version: Option<i64>,
) -> Result<ConsignmentRow> {
    let state = act.state;
    let (mut held, mut row) = hold_consignment(&mut act, code, action, version).await?;
    if receipt.name.trim().is_empty() {
        return Err(Error::invalid("name", "receiver-missing", "Write the name of whoever took it."));
    }
    name_fits("name", &receipt.name)?;
    receipt.ground.check(state)?;
    let line = enter(&held.lines(), GoodsKind::Received, receipt.quantity, Some(row.id.as_u128()))?;
    let at = ("consignments", "receiver_sealed", row.id);
    let (person, sealed) = seal_name(&mut act, at, &receipt.name).await?;
    (row.receiver_person, row.receiver_sealed, row.signed_at) = (Some(person), Some(sealed), Some(act.at.0));
    held.write(&mut act, line, Some((&mut row, Fresh::Known)), &receipt.ground).await?;
    act.audit(action, "consignment", row.code.as_str(), None);
    act.commit().await?;
    Ok(row)
}
