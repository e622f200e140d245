//! One entry of the registry, and who it is to someone who says why.

use muster_core::dispatch::registry::ResourceState;
use muster_core::id::{Code, PersonId, ResourceId};
use muster_core::people::{Action, Actor, Subject, may};
use muster_store::Tx;
use muster_store::dispatch::{
    ResourceFilter, ResourceRow, resource_by_code, resource_get, resource_page, resources_of_phone,
};
use zeroize::Zeroizing;

use super::act::{Act, deny, fits};
use super::resource::{Standing, key_of, opened, sealed_place, standing};
use crate::error::{Error, Result};
use crate::secret::place;
use crate::state::State;

/// Members of an organisation that are shown.
const MEMBERS: i64 = 50;

#[derive(Debug)]
pub struct Seen {
    pub row: ResourceRow,
    pub standing: Standing,
    /// The organisation it belongs to, or its hub.
    pub parent: Option<ResourceRow>,
    pub members: Vec<ResourceRow>,
    /// Others with the same phone: perhaps the same person who joined twice.
    pub alike: Vec<ResourceRow>,
}

pub async fn resource_view(state: &State, actor: &Actor, code: &str) -> Result<Seen> {
    let mut tx = state.read().await?;
    let row = found(&mut tx, code).await?;
    may(actor, Action::ResourceView, &Subject::area(row.area)).map_err(deny)?;
    let standing = standing(&mut tx, state, &row).await?;
    let parent = match row.parent_id {
        Some(id) => resource_get(&mut tx, ResourceId(id)).await?,
        None => None,
    };
    let filter = ResourceFilter { areas: vec![(0, i64::MAX)], parent: Some(row.id), ..ResourceFilter::default() };
    let members = resource_page(&mut tx, &filter, None, MEMBERS).await?;
    let mut alike = resources_of_phone(&mut tx, &row).await?;
    alike.retain(|other| may(actor, Action::ResourceView, &Subject::area(other.area)).is_ok());
    Ok(Seen { row, standing, parent, members, alike })
}

/// One person of the registry, in clear.
#[derive(Debug)]
pub struct RevealedPerson {
    pub name: Option<Zeroizing<String>>,
    pub phone: Option<Zeroizing<String>>,
    pub mail: Option<Zeroizing<String>>,
    pub guardian: Option<Zeroizing<String>>,
}

pub async fn resource_reveal(state: &State, actor: &Actor, code: &str, reason: &str) -> Result<RevealedPerson> {
    let mut act = Act::begin(state, actor).await?;
    let row = found(&mut act.tx, code).await?;
    act.may(Action::ResourceReveal, &Subject::area(row.area))?;
    if reason.trim().chars().count() < 4 {
        let detail = "Say in a few words why you need to know who this is; it stays on the record.";
        return Err(Error::invalid("reason", "reason-missing", detail));
    }
    fits(state, "reason", reason)?;
    let (key, phone) = key_of(&mut act.tx, state, &row).await?.ok_or_else(Error::not_found)?;
    let person = row.person_id.map(PersonId).map(|id| id.to_string()).unwrap_or_default();
    let open = |column: &str, sealed: Option<&[u8]>| opened(&key, &sealed_place(column, row.id), sealed);
    let revealed = RevealedPerson {
        name: open("name_sealed", row.name_sealed.as_deref())?,
        mail: open("mail_sealed", row.mail_sealed.as_deref())?,
        guardian: open("guardian_sealed", row.guardian_sealed.as_deref())?,
        phone: opened(&key, &place("persons", "phone_sealed", &person), Some(&phone))?,
    };
    act.audit(Action::ResourceReveal, "resource", row.code.as_str(), Some(reason.trim().to_owned()));
    act.commit().await?;
    Ok(revealed)
}

async fn found(tx: &mut Tx, code: &str) -> Result<ResourceRow> {
    let code: Code = code.parse().map_err(|_| Error::not_found())?;
    let row = resource_by_code(tx, &code).await?.ok_or_else(Error::not_found)?;
    if row.state == ResourceState::Left { Err(Error::not_found()) } else { Ok(row) }
}
