//! Part of a lot is kept for a need: from now on nobody else gets it.

use muster_core::dispatch::goods::{ConsignmentState, GoodsKind, enter};
use muster_core::dispatch::offer::{NeedKind, NeedState};
use muster_core::id::Code;
use muster_core::people::{Action, Actor, Subject};
use muster_store::dispatch::{ConsignmentRow, NeedRow, need_by_code, need_lock};

use super::act::Act;
use super::goods::{Fresh, Ground, Held, hold, may_go};
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Clone, Debug, Default)]
pub struct NewConsignment {
    /// Code of the lot.
    pub lot: String,
    /// Code of the need.
    pub need: String,
    pub quantity: i64,
    pub ground: Ground,
    /// Of the lot.
    pub version: Option<i64>,
}

pub async fn consignment_commit(state: &State, actor: &Actor, new: &NewConsignment) -> Result<ConsignmentRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut held = hold(&mut act, &new.lot, Action::ConsignmentCommit, new.version).await?;
    new.ground.check(state)?;
    let need = wanted(&mut act, &held, &new.need).await?;
    may_go(held.shelf(&act))?;
    let missing = need.head - need.filled;
    let mut row = ConsignmentRow {
        id: state.chance.uuid(act.at),
        code: state.chance.code(),
        lot_id: held.lot.id,
        need_id: need.id,
        state: ConsignmentState::Committed,
        committed: 0,
        released: 0,
        sent: 0,
        received: 0,
        returned: 0,
        lost: 0,
        receiver_person: None,
        receiver_sealed: None,
        signed_at: None,
        created_at: act.at,
        version: 1,
    };
    let line = enter(&held.lines(), GoodsKind::Committed, new.quantity, Some(row.id.as_u128()))?;
    if new.quantity > missing {
        let detail = format!("The need still lacks {missing}; {} are more than that.", new.quantity);
        return Err(Error::invalid("quantity", "goods-beyond", detail));
    }
    held.write(&mut act, line, Some((&mut row, Fresh::New)), &new.ground).await?;
    act.audit(Action::ConsignmentCommit, "consignment", row.code.as_str(), None);
    act.commit().await?;
    Ok(row)
}

/// The need, held, when it asks for what the lot is and lies in the actor's jurisdiction.
async fn wanted(act: &mut Act<'_>, held: &Held, code: &str) -> Result<NeedRow> {
    let unknown =
        || Error::invalid("need", "need-unknown", format!("{code:?} is no need that goods can go to from here."));
    let code: Code = code.parse().map_err(|_| unknown())?;
    let found = need_by_code(&mut act.tx, &code).await?.filter(|need| need.kind == NeedKind::Goods);
    let found = found.ok_or_else(unknown)?;
    act.may(Action::ConsignmentCommit, &Subject::area(found.area)).map_err(|_| unknown())?;
    let need = need_lock(&mut act.tx, found.id).await?.ok_or_else(unknown)?;
    if need.item.as_deref() != Some(held.lot.item.as_str()) {
        let asked = need.item.as_deref().unwrap_or_default();
        let name = held.item(act.state).map_or("", |item| item.name.en.as_str());
        let detail = format!("The need asks for {asked:?}, and the lot is {name}.");
        return Err(Error::invalid("need", "need-other-item", detail));
    }
    if !matches!(need.state, NeedState::Open | NeedState::Filled) || need.closes_at <= act.at {
        let detail = format!("The need {} is over; choose one that is open.", need.code);
        return Err(Error::invalid("need", "need-over", detail));
    }
    Ok(need)
}
