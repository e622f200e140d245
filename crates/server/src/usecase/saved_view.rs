//! Filters of the list of cases that somebody keeps under a name: their own, and those a coordinator shares with an area.
//! What one shows is what the reader may see; a name is all that is shared.

use muster_core::area::AreaId;
use muster_core::id::AccountId;
use muster_core::people::{Action, Actor, Subject, may};
use muster_store::saved_view::{
    SavedViewRow, SavedViewShown, saved_view_get, saved_view_insert, saved_view_remove, saved_view_update,
    saved_views_of, saved_views_own, saved_views_shared,
};
use uuid::Uuid;

use super::act::{Act, deny};
use crate::error::{Error, Result};
use crate::state::State;

/// Kept by one account, and shared with one area.
pub const MOST: i64 = 20;
/// Characters of a name, and bytes of a filter.
const NAME_MOST: usize = 30;
const QUERY_MOST: usize = 2_000;

/// The own ones and those shared with an area in which this person works.
pub async fn saved_view_list(state: &State, actor: &Actor) -> Result<Vec<SavedViewShown>> {
    let account = own(actor)?;
    let mut tx = state.read().await?;
    saved_views_of(&mut tx, account, &worked_in(actor), 5 * MOST).await.map_err(Error::from)
}

/// `query` is what follows `?` in the address of the list.
pub async fn saved_view_save(state: &State, actor: &Actor, name: &str, query: &str) -> Result<SavedViewRow> {
    let account = own(actor)?;
    let name = named(name)?;
    if query.len() > QUERY_MOST {
        let detail = format!("The filter has {} bytes; at most {QUERY_MOST} fit. Look for fewer words.", query.len());
        return Err(Error::invalid("query", "words-long", detail));
    }
    let mut act = Act::begin(state, actor).await?.quiet();
    if saved_views_own(&mut act.tx, account).await? >= MOST {
        let detail = format!("You have {MOST} saved views already. Remove one first.");
        return Err(Error::invalid("name", "views-many", detail));
    }
    let row = SavedViewRow {
        id: state.chance.uuid(act.at),
        account_id: account.0,
        name,
        query: query.to_owned(),
        area: None,
        saved_at: act.at,
    };
    saved_view_insert(&mut act.tx, &row).await.map_err(taken)?;
    act.commit().await?;
    Ok(row)
}

pub async fn saved_view_rename(state: &State, actor: &Actor, id: Uuid, name: &str) -> Result<()> {
    let account = own(actor)?;
    let name = named(name)?;
    let mut act = Act::begin(state, actor).await?.quiet();
    let mut row = found(&mut act, id).await?;
    if row.account_id != account.0 {
        return Err(Error::not_found());
    }
    row.name = name;
    saved_view_update(&mut act.tx, &row).await.map_err(taken)?;
    act.commit().await
}

/// Shows it to whoever works in an area, or with `None` to its owner alone again.
pub async fn saved_view_share(state: &State, actor: &Actor, id: Uuid, area: Option<AreaId>) -> Result<()> {
    let account = own(actor)?;
    let mut act = Act::begin(state, actor).await?.quiet();
    let mut row = found(&mut act, id).await?;
    if row.account_id != account.0 {
        return Err(Error::not_found());
    }
    if let Some(area) = area {
        act.may(Action::SavedViewShare, &Subject::area(area))?;
        if row.area != Some(area.get()) && saved_views_shared(&mut act.tx, area).await? >= MOST {
            let detail = format!("{MOST} saved views are shared with this area already. Take one back first.");
            return Err(Error::invalid("area", "views-shared-many", detail));
        }
    }
    row.area = area.map(AreaId::get);
    saved_view_update(&mut act.tx, &row).await?;
    act.audit(Action::SavedViewShare, "saved_view", id.to_string(), None);
    act.commit().await
}

/// Its owner removes it; one that is shared, also whoever may share with that area.
pub async fn saved_view_delete(state: &State, actor: &Actor, id: Uuid) -> Result<()> {
    let account = own(actor)?;
    let mut act = Act::begin(state, actor).await?.quiet();
    let row = found(&mut act, id).await?;
    if row.account_id != account.0 && !may_take_back(actor, &row) {
        return Err(Error::not_found());
    }
    saved_view_remove(&mut act.tx, id).await?;
    if row.area.is_some() {
        act.audit(Action::SavedViewShare, "saved_view", id.to_string(), None);
    }
    act.commit().await
}

/// Whether this person may remove what another shares.
pub fn may_take_back(actor: &Actor, row: &SavedViewRow) -> bool {
    let area = row.area.and_then(|area| AreaId::new(area).ok());
    area.is_some_and(|area| may(actor, Action::SavedViewShare, &Subject::area(area)).is_ok())
}

fn own(actor: &Actor) -> Result<AccountId> {
    may(actor, Action::SavedViewEdit, &Subject::NONE).map_err(deny)?;
    actor.account_id().ok_or_else(Error::unauthenticated)
}

/// The areas of somebody's grants and all above them: what is shared with a district is for its streets too.
fn worked_in(actor: &Actor) -> Vec<AreaId> {
    let Actor::Account(account) = actor else { return Vec::new() };
    let mut areas: Vec<_> =
        account.grants.iter().flat_map(|grant| std::iter::once(grant.area).chain(grant.area.ancestors())).collect();
    areas.sort();
    areas.dedup();
    areas
}

async fn found(act: &mut Act<'_>, id: Uuid) -> Result<SavedViewRow> {
    saved_view_get(&mut act.tx, id).await?.ok_or_else(Error::not_found)
}

fn named(name: &str) -> Result<String> {
    let name = name.trim();
    let len = name.chars().count();
    match len {
        0 => Err(Error::invalid("name", "view-name-missing", "Give it a name.")),
        1..=NAME_MOST if name.chars().any(char::is_control) => {
            Err(Error::invalid("name", "name-control", "The name holds characters that cannot be seen."))
        }
        1..=NAME_MOST => Ok(name.to_owned()),
        _ => {
            let detail = format!("The name has {len} characters; at most {NAME_MOST} fit.");
            Err(Error::invalid("name", "view-name-long", detail))
        }
    }
}

fn taken(error: muster_store::Error) -> Error {
    match error {
        muster_store::Error::Conflict(_) => {
            Error::invalid("name", "view-name-taken", "You have a saved view of this name. Choose another.")
        }
        other => other.into(),
    }
}
