//! Puts areas into the tree, or gives them new names.

use std::collections::BTreeMap;

use muster_core::area::AreaId;
use muster_core::dispatch::registry::Place;
use muster_core::people::{Action, Actor, Subject};
use muster_store::dispatch::{area_middle_own, area_middle_put};
use muster_store::people::{Area, areas_get, areas_put};

use super::act::Act;
use crate::error::{Error, FieldError, Result};
use crate::state::State;

/// The longest name, in characters: a technical limit.
const NAME_MAX: usize = 60;

/// An area as somebody lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AreaDraft {
    pub id: AreaId,
    pub name: String,
    /// Where the list says it lies; the code says so too, and both must agree.
    pub parent: Option<AreaId>,
    /// Its middle, where the list says it.
    pub middle: Option<Place>,
}

/// What became of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AreaFate {
    Added,
    Renamed,
    /// Only its middle is another.
    Moved,
    Unchanged,
    Rejected(Vec<FieldError>),
}

/// Takes areas in one transaction and says of each what became of it, in their order. Parents stand before children.
pub async fn area_edit(state: &State, actor: &Actor, drafts: &[AreaDraft]) -> Result<Vec<AreaFate>> {
    let mut act = Act::begin(state, actor).await?;
    act.may(Action::AreaEdit, &Subject::NONE)?;
    let mut asked: Vec<AreaId> =
        drafts.iter().flat_map(|draft| [Some(draft.id), draft.id.parent()]).flatten().collect();
    asked.sort_unstable();
    asked.dedup();
    let stored = areas_get(&mut act.tx, &asked).await?;
    let mut names: BTreeMap<AreaId, String> = stored.into_iter().map(|area| (area.id, area.name)).collect();
    let mut changed = BTreeMap::new();
    let mut fates = Vec::with_capacity(drafts.len());
    let mut middles = BTreeMap::new();
    for draft in drafts {
        let fate = match check(draft, &names) {
            Err(error) => AreaFate::Rejected(error.fields().to_vec()),
            Ok(name) => {
                let moves = match draft.middle {
                    Some(middle) => area_middle_own(&mut act.tx, draft.id).await? != Some(middle),
                    None => false,
                };
                let fate = match names.get(&draft.id) {
                    None => AreaFate::Added,
                    Some(known) if known != name => AreaFate::Renamed,
                    Some(_) if moves => AreaFate::Moved,
                    Some(_) => AreaFate::Unchanged,
                };
                middles.extend(draft.middle.filter(|_| moves).map(|middle| (draft.id, middle)));
                if fate != AreaFate::Unchanged {
                    names.insert(draft.id, name.to_owned());
                    let parent = draft.id.parent().map(AreaId::get);
                    changed.insert(draft.id, Area { id: draft.id, parent, name: name.to_owned() });
                    act.audit(Action::AreaEdit, "area", draft.id.to_string(), None);
                }
                fate
            }
        };
        fates.push(fate);
    }
    let changed: Vec<Area> = changed.into_values().collect();
    areas_put(&mut act.tx, &changed).await?;
    for (area, middle) in middles {
        area_middle_put(&mut act.tx, area, middle).await?;
    }
    act.commit().await?;
    Ok(fates)
}

/// The name to store.
fn check<'a>(draft: &'a AreaDraft, known: &BTreeMap<AreaId, String>) -> Result<&'a str> {
    let AreaDraft { id, parent, .. } = draft;
    let name = draft.name.trim();
    let length = name.chars().count();
    if name.is_empty() {
        return Err(Error::invalid("name", "name-missing", format!("area {id} has no name")));
    }
    if length > NAME_MAX {
        let detail = format!("the name has {length} characters; at most {NAME_MAX} fit");
        return Err(Error::invalid("name", "name-long", detail));
    }
    if name.contains(char::is_control) {
        return Err(Error::invalid("name", "name-control", format!("the name {name:?} has a control character")));
    }
    if let (Some(said), by_code) = (*parent, id.parent())
        && by_code != Some(said)
    {
        let by_code = by_code.map_or("none".to_owned(), |area| area.to_string());
        let detail = format!("the parent of {id} by its code is {by_code}, and the list says {said}");
        return Err(Error::invalid("parent", "parent-wrong", detail));
    }
    match id.parent() {
        // What is in the tree already stands where it stands: the root of an instance may have no parent there.
        Some(above) if !known.contains_key(&above) && !known.contains_key(id) => {
            let detail =
                format!("{id} lies in {above}, which is not there; import that area first, or in the same run");
            Err(Error::invalid("parent", "parent-missing", detail))
        }
        _ => Ok(name),
    }
}
