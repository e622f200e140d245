//! A stock is opened: a place where goods are taken in and given out.

use muster_core::area::AreaId;
use muster_core::dispatch::registry::{AskWay, ResourceKind, ResourceState};
use muster_core::id::ResourceId;
use muster_core::people::{Action, Actor, Subject};
use muster_store::dispatch::{ResourceRow, resources_insert};

use super::act::Act;
use super::goods::name_fits;
use super::resource::middle_of;
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Clone, Debug)]
pub struct NewStock {
    pub area: AreaId,
    pub name: String,
}

/// Most that the columns of the registry allow: a stock goes wherever it is carried.
const REACH: i64 = 1_000_000;

pub async fn stock_open(state: &State, actor: &Actor, new: &NewStock) -> Result<ResourceRow> {
    let mut act = Act::begin(state, actor).await?;
    act.may(Action::StockOpen, &Subject::area(new.area))?;
    let middle = middle_of(&mut act.tx, new.area).await?;
    if new.name.trim().is_empty() {
        return Err(Error::invalid("name", "stock-name-missing", "Give the stock a name by which people find it."));
    }
    name_fits("name", &new.name)?;
    let stock = ResourceRow {
        id: ResourceId(state.chance.uuid(act.at)),
        code: state.chance.code(),
        secret_hash: None,
        kind: ResourceKind::Stock,
        branch: None,
        parent_id: None,
        person_id: None,
        name_sealed: None,
        birth_sealed: None,
        name: new.name.trim().to_owned(),
        area: new.area,
        latitude: middle.latitude,
        longitude: middle.longitude,
        skills: " ".to_owned(),
        hours: String::new(),
        reach: REACH,
        capacity: 0,
        at_once: 1,
        minor_until: None,
        guardian_at: None,
        guardian_sealed: None,
        insured_until: None,
        phone_index: None,
        mail_sealed: None,
        lang: "zh".to_owned(),
        ask: false,
        way: AskWay::Page,
        assured_at: act.at,
        asked: 0,
        agreed: 0,
        came: 0,
        state: ResourceState::Open,
        joined_at: act.at,
        version: 1,
        changed_at: act.at,
    };
    resources_insert(&mut act.tx, std::slice::from_ref(&stock)).await?;
    act.audit(Action::StockOpen, "stock", stock.code.as_str(), None);
    act.commit().await?;
    Ok(stock)
}
