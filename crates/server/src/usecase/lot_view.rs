//! The paper trail of a lot: from whoever gave it to the hands that got it. The donor sees it without the receivers.

use std::collections::BTreeMap;

use muster_core::dispatch::goods::GoodsKind;
use muster_core::id::Code;
use muster_core::people::{Action, Actor, Subject, may};
use muster_store::Tx;
use muster_store::dispatch::{
    ConsignmentSeen, GoodsEntryRow, LotRow, ResourceRow, consignments_of_lot, entries_of_lot, lot_by_code, resource_get,
};
use uuid::Uuid;

use super::act::deny;
use super::goods::{masked_name, names_of};
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Clone, Debug)]
pub struct LotFile {
    pub lot: LotRow,
    pub stock: ResourceRow,
    pub entries: Vec<GoodsEntryRow>,
    pub consignments: Vec<ConsignmentSeen>,
    /// The first character of a sealed donor's name.
    pub donor: Option<String>,
    /// By consignment, the first character of who signed.
    pub receivers: BTreeMap<Uuid, String>,
    /// Names of the accounts that entered lines.
    pub names: BTreeMap<Uuid, String>,
}

async fn open(state: &State, tx: &mut Tx, code: &str) -> Result<LotFile> {
    let wrong = |fault: muster_core::id::CodeFault| {
        Error::invalid("code", "code-wrong", format!("This is not a code: {fault}."))
    };
    let code: Code = code.parse().map_err(wrong)?;
    let lot = lot_by_code(tx, &code).await?.ok_or_else(Error::not_found)?;
    let stock = resource_get(tx, lot.stock_id).await?.ok_or_else(Error::not_found)?;
    let entries = entries_of_lot(tx, lot.id).await?;
    let consignments = consignments_of_lot(tx, lot.id).await?;
    let at = ("lots", "donor_sealed", lot.id);
    let donor = masked_name(state, tx, at, lot.donor_person, lot.donor_sealed.as_ref()).await?;
    Ok(LotFile { lot, stock, entries, consignments, donor, receivers: BTreeMap::new(), names: BTreeMap::new() })
}

pub async fn lot_view(state: &State, actor: &Actor, code: &str) -> Result<LotFile> {
    let mut tx = state.read().await?;
    let mut file = open(state, &mut tx, code).await.map_err(|error| match error.status() {
        422 => Error::not_found(),
        _ => error,
    })?;
    may(actor, Action::StockView, &Subject::area(file.stock.area)).map_err(deny)?;
    file.names = names_of(&mut tx, &file.entries).await?;
    for seen in &file.consignments {
        let (row, at) = (&seen.row, ("consignments", "receiver_sealed", seen.row.id));
        if let Some(name) = masked_name(state, &mut tx, at, row.receiver_person, row.receiver_sealed.as_ref()).await? {
            file.receivers.insert(row.id, name);
        }
    }
    Ok(file)
}

/// What a donor sees by the number of the receipt: no name of anybody, neither who was helped nor who handled it, and
/// none of the notes.
pub async fn donation_view(state: &State, code: &str) -> Result<LotFile> {
    may(&Actor::Anonymous, Action::DonationView, &Subject::NONE).map_err(deny)?;
    let mut tx = state.read().await?;
    let mut file = open(state, &mut tx, code).await?;
    file.donor = None;
    // What was only kept and given back again is nothing a donor need follow.
    file.entries.retain(|entry| !matches!(entry.kind, GoodsKind::Committed | GoodsKind::Released));
    for entry in &mut file.entries {
        (entry.note, entry.document) = (String::new(), None);
    }
    Ok(file)
}
