//! Goods are taken in: what, how much, until when it is good, and from whom. The code of the lot is the donor's receipt.

use muster_core::dispatch::goods::{GoodsKind, enter};
use muster_core::dispatch::registry::{ResourceKind, ResourceState};
use muster_core::id::Code;
use muster_core::people::{Action, Actor, Subject};
use muster_core::time::day_number;
use muster_store::dispatch::{LotRow, lot_insert, resource_by_code};

use super::act::{Act, day};
use super::goods::{Ground, Held, name_fits, seal_name};
use crate::error::{Error, Result};
use crate::state::State;

/// Goods as they are brought.
#[derive(Clone, Debug, Default)]
pub struct NewLot {
    /// Code of the pack.
    pub item: String,
    pub quantity: i64,
    /// The day such as 2026-11-30; empty of what keeps.
    pub expires: String,
    /// Empty where nobody wishes to be named to anybody.
    pub donor: String,
    /// The donor wishes to be named in public; otherwise the name is sealed.
    pub named: bool,
    pub ground: Ground,
}

pub async fn lot_donate(state: &State, actor: &Actor, stock: &str, new: &NewLot) -> Result<LotRow> {
    let mut act = Act::begin(state, actor).await?;
    let code: Code = stock.parse().map_err(|_| Error::not_found())?;
    let stock = resource_by_code(&mut act.tx, &code).await?.filter(|row| row.kind == ResourceKind::Stock);
    let stock = stock.ok_or_else(Error::not_found)?;
    act.may(Action::LotDonate, &Subject::area(stock.area))?;
    if stock.state != ResourceState::Open {
        return Err(Error::conflict("The stock is not open.", Vec::<String>::new()));
    }
    let expires_on = checked(&act, new)?;
    let donor = new.donor.trim();
    let mut lot = LotRow {
        id: state.chance.uuid(act.at),
        code: state.chance.code(),
        stock_id: stock.id,
        item: new.item.clone(),
        donor: Some(donor.to_owned()).filter(|donor| new.named && !donor.is_empty()),
        donor_person: None,
        donor_sealed: None,
        received_at: act.at,
        expires_on,
        on_hand: 0,
        committed: 0,
        version: 1,
    };
    let first = enter(&[], GoodsKind::Donated, new.quantity, None)?;
    if !new.named && !donor.is_empty() {
        let (person, sealed) = seal_name(&mut act, ("lots", "donor_sealed", lot.id), donor).await?;
        (lot.donor_person, lot.donor_sealed) = (Some(person), Some(sealed));
    }
    lot_insert(&mut act.tx, &lot).await?;
    let mut held = Held { lot, stock, entries: Vec::new() };
    held.write(&mut act, first, None, &new.ground).await?;
    act.audit(Action::LotDonate, "lot", held.lot.code.as_str(), None);
    act.commit().await?;
    Ok(held.lot)
}

/// The day it expires as yyyymmdd.
fn checked(act: &Act<'_>, new: &NewLot) -> Result<Option<i64>> {
    let state = act.state;
    let unknown = || {
        let detail = format!("{:?} is none of the goods of this city; choose one from the list.", new.item);
        Error::invalid("item", "item-unknown", detail)
    };
    let item = state.pack.dispatch.item(&new.item).ok_or_else(unknown)?;
    name_fits("donor", &new.donor)?;
    if new.named && new.donor.trim().is_empty() {
        return Err(Error::invalid("donor", "donor-missing", "Give the name that is to be shown, or name nobody."));
    }
    new.ground.check(state)?;
    let text = new.expires.trim();
    if text.is_empty() {
        if item.margin == 0 {
            return Ok(None);
        }
        let detail = format!("{} expires: give the day that is printed on it.", item.name.en);
        return Err(Error::invalid("expires", "expiry-missing", detail));
    }
    let wrong = |_| Error::invalid("expires", "expiry-wrong", format!("{text:?} is no day; write it like 2026-11-30."));
    let date: jiff::civil::Date = text.parse().map_err(wrong)?;
    let expires = day_number(date);
    if expires < day(state, act.at) {
        let detail = format!("It expired on {date}; it cannot be given to anybody.");
        return Err(Error::invalid("expires", "goods-expired", detail));
    }
    Ok(Some(expires))
}
