//! Needs as staff see them, and as anybody may.

use muster_core::area::AreaId;
use muster_core::people::{Action, Actor, Subject, may, scope};
use muster_store::dispatch::{
    NeedFilter, NeedRow, OfferRow, ResourceRow, helpers_wanted, needs_open, needs_page, offers_of_need, resource_get,
};
use muster_store::people::area_get;
use muster_store::process::case_get;

use super::act::deny;
use super::need::{found, subject_of};
use crate::error::{Error, Result};
use crate::state::State;

/// The most that a list shows; what is most pressing stands first.
const LISTED: i64 = 200;
const WANTED: i64 = 60;

/// What of the needs this person reaches, and how many there are in all.
pub async fn need_list(state: &State, actor: &Actor, case: Option<&str>, all: bool) -> Result<(Vec<NeedRow>, i64)> {
    let scope = scope(actor, Action::NeedView).map_err(deny)?;
    let mut tx = state.read().await?;
    let case = match case {
        Some(code) => {
            let code = code.parse().map_err(|_| Error::not_found())?;
            Some(muster_store::process::case_by_code(&mut tx, &code).await?.ok_or_else(Error::not_found)?.id)
        }
        None => None,
    };
    let filter = NeedFilter { scope, living: !all, case };
    Ok(needs_page(&mut tx, &filter, LISTED).await?)
}

/// One need with everybody who was invited to it.
#[derive(Debug)]
pub struct NeedSeen {
    pub need: NeedRow,
    /// Code of the case it came from.
    pub case: Option<String>,
    pub area: String,
    pub offers: Vec<(OfferRow, ResourceRow)>,
    pub subject: Subject,
}

pub async fn need_view(state: &State, actor: &Actor, code: &str) -> Result<NeedSeen> {
    let mut tx = state.read().await?;
    let need = found(&mut tx, code).await?;
    let subject = subject_of(&mut tx, &need).await?;
    may(actor, Action::NeedView, &subject).map_err(deny)?;
    let mut offers = Vec::new();
    for offer in offers_of_need(&mut tx, need.id).await? {
        let resource = resource_get(&mut tx, offer.resource_id).await?.ok_or_else(Error::not_found)?;
        offers.push((offer, resource));
    }
    let case = match need.case() {
        Some(id) => case_get(&mut tx, id).await?.map(|case| case.code.as_str().to_owned()),
        None => None,
    };
    let area = area_get(&mut tx, need.area).await?.map(|area| area.name).unwrap_or_default();
    Ok(NeedSeen { need, case, area, offers, subject })
}

/// What anybody may read of help that is wanted: nothing of who is helped, and no place nearer than the area.
#[derive(Debug)]
pub struct Wanted {
    pub needs: Vec<(NeedRow, String)>,
    /// Open needs, and the helpers they still look for.
    pub open: i64,
    pub helpers: i64,
}

pub async fn need_wanted(state: &State, area: Option<AreaId>) -> Result<Wanted> {
    may(&Actor::Anonymous, Action::NeedWanted, &Subject::NONE).map_err(deny)?;
    let range = area.unwrap_or(state.pack.root_area).range();
    let mut tx = state.read().await?;
    let (open, helpers) = helpers_wanted(&mut tx, range).await?;
    let mut needs = Vec::new();
    for mut need in needs_open(&mut tx, range, state.now(), WANTED).await? {
        (need.person_id, need.contact_sealed, need.secret_hash, need.case_id) = (None, None, None, None);
        need.place.clear();
        let name = area_get(&mut tx, need.area).await?.map(|area| area.name).unwrap_or_default();
        needs.push((need, name));
    }
    Ok(Wanted { needs, open, helpers })
}
