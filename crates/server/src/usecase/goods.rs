//! What the acts on goods share: holding a lot with its ledger, adding a line, and saying what the ledger refuses.
//!
//! A lot is held before the need it goes to, so that no two acts wait for each other.

use std::collections::{BTreeMap, BTreeSet};

use muster_core::dispatch::goods::{GoodsFault, LINES_MOST, Line, QUANTITY_MOST, Shelf, Stand};
use muster_core::dispatch::offer::NeedState;
use muster_core::id::{Code, PersonId, secret_from_random};
use muster_core::pack::{Item, Template};
use muster_core::people::{Action, Subject};
use muster_core::time::{Timestamp, date_of_number};
use muster_store::Tx;
use muster_store::dispatch::{
    ConsignmentRow, GoodsEntryRow, LotRow, ResourceRow, consignment_by_code, consignment_insert, consignment_update,
    entries_of_lot, goods_entries_insert, goods_need_covered, lot_by_code, lot_lock, lot_update, need_lock,
    need_update, resource_get,
};
use muster_store::people::account_get;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::act::{Act, fits};
use crate::error::{Error, Result};
use crate::secret::place;
use crate::state::State;

/// A lot with its ledger, held until the end of the act.
pub(super) struct Held {
    pub(super) lot: LotRow,
    pub(super) stock: ResourceRow,
    pub(super) entries: Vec<GoodsEntryRow>,
}

/// What a line is made on.
#[derive(Clone, Debug, Default)]
pub struct Ground {
    /// The number of a paper; may be empty.
    pub document: String,
    pub note: String,
}

/// Characters of the number of a document.
const DOCUMENT_MOST: usize = 64;

impl Ground {
    pub(super) fn check(&self, state: &State) -> Result<()> {
        let length = self.document.trim().chars().count();
        if length > DOCUMENT_MOST {
            let detail = format!("The number has {length} characters; at most {DOCUMENT_MOST} fit.");
            return Err(Error::invalid("document", "text-long", detail));
        }
        fits(state, "note", &self.note)
    }
}

/// Finds a lot of the actor's jurisdiction and holds it. `version` must still be the lot's own.
pub(super) async fn hold(act: &mut Act<'_>, code: &str, action: Action, version: Option<i64>) -> Result<Held> {
    let code: Code = code.parse().map_err(|_| Error::not_found())?;
    let lot = lot_by_code(&mut act.tx, &code).await?.ok_or_else(Error::not_found)?;
    let held = hold_id(act, lot.id).await?;
    act.may(action, &Subject::area(held.stock.area))?;
    if version.is_some_and(|version| version != held.lot.version) {
        return Err(Error::stale_etag());
    }
    Ok(held)
}

async fn hold_id(act: &mut Act<'_>, id: Uuid) -> Result<Held> {
    let lot = lot_lock(&mut act.tx, id).await?.ok_or_else(Error::not_found)?;
    let stock = resource_get(&mut act.tx, lot.stock_id).await?.ok_or_else(Error::not_found)?;
    let entries = entries_of_lot(&mut act.tx, lot.id).await?;
    if let Some(last) = entries.last() {
        // What happens to one lot happens one after another, on machines whose clocks differ too.
        act.at = act.at.max(last.at.plus(1));
    }
    Ok(Held { lot, stock, entries })
}

/// Finds a consignment and holds its lot. Who may act on it is asked of the area it comes from, then of the one it goes to.
pub(super) async fn hold_consignment(
    act: &mut Act<'_>,
    code: &str,
    action: Action,
    version: Option<i64>,
) -> Result<(Held, ConsignmentRow)> {
    let code: Code = code.parse().map_err(|_| Error::not_found())?;
    let seen = consignment_by_code(&mut act.tx, &code).await?.ok_or_else(Error::not_found)?;
    act.may(action, &Subject::area(seen.stock_area)).or_else(|_| act.may(action, &Subject::area(seen.need_area)))?;
    let held = hold_id(act, seen.row.lot_id).await?;
    // Read again: it may have moved while the lot was waited for.
    let row = consignment_by_code(&mut act.tx, &code).await?.ok_or_else(Error::not_found)?.row;
    if version.is_some_and(|version| version != row.version) {
        return Err(Error::stale_etag());
    }
    Ok((held, row))
}

impl Held {
    pub(super) fn lines(&self) -> Vec<Line> {
        self.entries.iter().map(GoodsEntryRow::line).collect()
    }

    pub(super) fn item<'a>(&self, state: &'a State) -> Option<&'a Item> {
        state.pack.dispatch.item(&self.lot.item)
    }

    /// Whether it may still be given out today.
    pub(super) fn shelf(&self, act: &Act<'_>) -> Shelf {
        shelf(act.state, &self.lot, act.at)
    }

    /// Adds a line that core has allowed, and writes what stands after it. A new consignment is `Fresh`.
    pub(super) async fn write(
        &mut self,
        act: &mut Act<'_>,
        (line, stand): (Line, Stand),
        consignment: Option<(&mut ConsignmentRow, Fresh)>,
        ground: &Ground,
    ) -> Result<()> {
        let entry = GoodsEntryRow {
            id: act.state.chance.uuid(act.at),
            lot_id: self.lot.id,
            number: line.number,
            kind: line.kind,
            quantity: line.quantity,
            consignment_id: line.consignment.map(Uuid::from_u128),
            reverses: line.reverses,
            document: Some(ground.document.trim().to_owned()).filter(|document| !document.is_empty()),
            note: ground.note.trim().to_owned(),
            at: act.at,
            by_id: act.actor.account_id().map(|account| account.0),
        };
        (self.lot.on_hand, self.lot.committed) = (stand.on_hand, stand.committed);
        lot_update(&mut act.tx, &mut self.lot).await?;
        if let Some((row, fresh)) = consignment {
            row.stand(stand.parcels.get(&row.id.as_u128()).copied().unwrap_or_default());
            match fresh {
                Fresh::New => consignment_insert(&mut act.tx, row).await?,
                Fresh::Known => consignment_update(&mut act.tx, row).await?,
            }
            cover(act, row).await?;
        }
        goods_entries_insert(&mut act.tx, std::slice::from_ref(&entry)).await?;
        self.entries.push(entry);
        Ok(())
    }
}

pub(super) enum Fresh {
    New,
    Known,
}

/// The need takes what its consignments make together; it is done when all of it has arrived.
async fn cover(act: &mut Act<'_>, row: &ConsignmentRow) -> Result<()> {
    let mut need = need_lock(&mut act.tx, row.need_id).await?.ok_or_else(Error::not_found)?;
    let (covered, received) = goods_need_covered(&mut act.tx, need.id).await?;
    let before = need.state;
    need.filled = covered;
    if matches!(need.state, NeedState::Open | NeedState::Filled | NeedState::Done) {
        (need.state, need.ended_at) = match need.head {
            head if received >= head => (NeedState::Done, need.ended_at.or(Some(act.at.0))),
            head if covered >= head => (NeedState::Filled, None),
            _ => (NeedState::Open, None),
        };
    }
    if before == NeedState::Open && need.state != NeedState::Open {
        act.notify_asker(&need, Template::NeedFilled).await?;
    }
    need_update(&mut act.tx, &mut need).await.map_err(Error::from)
}

/// Seals a name under a key of its own: the person it belongs to, and the sealed value.
pub(super) async fn seal_name(act: &mut Act<'_>, at: (&str, &str, Uuid), name: &str) -> Result<(Uuid, Vec<u8>)> {
    let state = act.state;
    let (id, key) = act.new_person(|_, _| None);
    let (table, column, row) = at;
    let sealed = key.seal(&state.chance, &place(table, column, &row.to_string()), name.trim().as_bytes());
    // The row that names the person follows.
    act.flush().await?;
    Ok((id.0, sealed))
}

/// A sealed name as staff see it in passing: its first character.
pub(super) async fn masked_name(
    state: &State,
    tx: &mut Tx,
    at: (&str, &str, Uuid),
    person: Option<Uuid>,
    sealed: Option<&Vec<u8>>,
) -> Result<Option<String>> {
    let (Some(person), Some(sealed)) = (person, sealed) else { return Ok(None) };
    let Some(person) = muster_store::intake::person_get(tx, PersonId(person)).await? else { return Ok(None) };
    let key =
        state.keys.unwrap(&person.wrapped_key, &person.id.to_string()).map_err(|error| Error::internal(&error))?;
    let (table, column, row) = at;
    let plain = key.open(&place(table, column, &row.to_string()), sealed).map_err(|error| Error::internal(&error))?;
    let name = Zeroizing::new(String::from_utf8_lossy(&plain).into_owned());
    Ok(name.chars().next().map(|first| format!("{first}＊＊")))
}

/// Names of the accounts that entered lines.
pub(super) async fn names_of(tx: &mut Tx, entries: &[GoodsEntryRow]) -> Result<BTreeMap<Uuid, String>> {
    let mut names = BTreeMap::new();
    for id in entries.iter().filter_map(|entry| entry.by_id).collect::<BTreeSet<Uuid>>() {
        if let Some(account) = account_get(tx, id.into()).await? {
            names.insert(id, account.name);
        }
    }
    Ok(names)
}

/// The word by which a receiver signs: it follows from the consignment, so that the slip can be printed again.
pub(super) fn receipt_word(state: &State, consignment: Uuid) -> String {
    let hash = state.keys.secret_hash(&consignment.to_string(), "receipt of a consignment");
    let mut bits = [0; 8];
    bits.copy_from_slice(&hash[..8]);
    secret_from_random(u64::from_le_bytes(bits))
}

/// Whether a lot may still be given out.
pub fn shelf(state: &State, lot: &LotRow, at: Timestamp) -> Shelf {
    let margin = state.pack.dispatch.item(&lot.item).map_or(0, |item| item.margin);
    Shelf::of(lot.expires_on.and_then(date_of_number), margin, state.pack.calendar.local_date(at))
}

/// # Errors
/// It has expired, or will too soon.
pub(super) fn may_go(shelf: Shelf) -> Result<()> {
    match shelf {
        Shelf::Keeps | Shelf::Days(_) => Ok(()),
        Shelf::TooSoon => {
            let detail = "The lot expires too soon to be given out; take another, or book it as spoiled.";
            Err(Error::invalid("quantity", "goods-too-soon", detail))
        }
        Shelf::Expired => {
            let detail = "The lot has expired; book it as spoiled.";
            Err(Error::invalid("quantity", "goods-expired", detail))
        }
    }
}

/// Words somebody must give.
pub(super) fn said(state: &State, field: &str, words: &str) -> Result<String> {
    if words.trim().is_empty() {
        return Err(Error::invalid(field, "reason-missing", "Say why; it stands in the ledger."));
    }
    fits(state, field, words)?;
    Ok(words.trim().to_owned())
}

/// Characters of a name.
pub(super) const NAME_MOST: usize = 60;

pub(super) fn name_fits(field: &str, name: &str) -> Result<()> {
    let length = name.trim().chars().count();
    if length > NAME_MOST {
        let detail = format!("The name has {length} characters; at most {NAME_MOST} fit.");
        return Err(Error::invalid(field, "name-long", detail));
    }
    Ok(())
}

impl From<GoodsFault> for Error {
    fn from(fault: GoodsFault) -> Self {
        let detail = fault.to_string();
        match fault {
            GoodsFault::Quantity(_) => {
                Self::invalid("quantity", "goods-quantity", format!("{detail}: a whole number, 1 to {QUANTITY_MOST}."))
            }
            GoodsFault::More { there, .. } => {
                Self::invalid("quantity", "goods-more", format!("{detail}; use at most {there}."))
            }
            GoodsFault::Full => Self::invalid("quantity", "goods-full", format!("{detail}: at most {LINES_MOST}.")),
            GoodsFault::Unknown(_) => Self::not_found(),
            GoodsFault::Fixed(_) | GoodsFault::GoneOn(_) | GoodsFault::Consignment => {
                Self::conflict(detail, Vec::<String>::new())
            }
        }
    }
}
