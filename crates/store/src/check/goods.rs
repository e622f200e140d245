//! What must be true of goods: what stands of lots, consignments and needs follows from the ledger.

use std::collections::BTreeMap;

use muster_core::dispatch::goods::{Line, Stand};
use muster_core::dispatch::offer::NeedState;
use uuid::Uuid;

use super::{Check, Weight};
use crate::db::{Result, Tx};
use crate::dispatch::{
    ConsignmentSeen, GoodsEntryRow, LotRow, NeedRow, consignments_of_lot, entries_of_lot, goods_need_covered,
    goods_needs_after, lots_after,
};

/// Lots or needs that are read at once.
const PAGE: i64 = 200;

pub(super) async fn whole(tx: &mut Tx) -> Result<[Check; 2]> {
    let rule = |name, sentence| Check::new(name, Weight::Finding, sentence);
    let mut ledger = rule(
        "goods-ledger",
        "What stands of a lot and of its consignments follows from its ledger, and is never below zero.",
    );
    let mut covered = rule("goods-covered", "What a need of goods has is what its consignments make together.");
    let mut after = Uuid::nil();
    loop {
        let lots = lots_after(tx, after, PAGE).await?;
        for lot in &lots {
            let entries = entries_of_lot(tx, lot.id).await?;
            let consignments = consignments_of_lot(tx, lot.id).await?;
            ledger.judge(
                wrong(lot, &entries, &consignments).map(|fault| format!("lot {} ({}): {fault}", lot.code, lot.id)),
            );
        }
        let Some(last) = lots.last() else { break };
        after = last.id;
    }
    after = Uuid::nil();
    loop {
        let needs = goods_needs_after(tx, after, PAGE).await?;
        for need in &needs {
            let (sum, received) = goods_need_covered(tx, need.id).await?;
            covered.judge(
                uncovered(need, sum, received).map(|fault| format!("need {} ({}): {fault}", need.code, need.id)),
            );
        }
        let Some(last) = needs.last() else { break };
        after = last.id.0;
    }
    Ok([ledger, covered])
}

fn wrong(lot: &LotRow, entries: &[GoodsEntryRow], consignments: &[ConsignmentSeen]) -> Option<String> {
    if let Some((entry, number)) = entries.iter().zip(1..).find(|(entry, number)| entry.number != *number) {
        return Some(format!("line {} stands where line {number} should", entry.number));
    }
    let lines: Vec<Line> = entries.iter().map(GoodsEntryRow::line).collect();
    if let Some(line) = lines.iter().find(|line| !takes_back(line, &lines)) {
        return Some(format!("line {} takes back another than it says", line.number));
    }
    let stand = match Stand::of(&lines) {
        Ok(stand) => stand,
        Err(fault) => return Some(fault.to_string()),
    };
    if (stand.on_hand, stand.committed) != (lot.on_hand, lot.committed) {
        let (on_hand, committed) = (stand.on_hand, stand.committed);
        return Some(format!(
            "it says {} and {} kept, the ledger {on_hand} and {committed}",
            lot.on_hand, lot.committed
        ));
    }
    let known: BTreeMap<u128, &ConsignmentSeen> =
        consignments.iter().map(|seen| (seen.row.id.as_u128(), seen)).collect();
    let differs = |seen: &&ConsignmentSeen| {
        let parcel = stand.parcels.get(&seen.row.id.as_u128()).copied().unwrap_or_default();
        parcel != seen.row.parcel() || parcel.state() != seen.row.state
    };
    if let Some(seen) = consignments.iter().find(differs) {
        return Some(format!("consignment {} says something else than the ledger", seen.row.code));
    }
    let stray = stand.parcels.keys().find(|id| !known.contains_key(id))?;
    Some(format!("the ledger names consignment {}, which is of another lot", Uuid::from_u128(*stray)))
}

fn takes_back(line: &Line, lines: &[Line]) -> bool {
    let Some(number) = line.reverses else { return true };
    let same =
        |other: &Line| (other.kind, other.quantity, other.consignment) == (line.kind, line.quantity, line.consignment);
    let once = lines.iter().filter(|other| other.reverses == Some(number)).count() == 1;
    once && lines.iter().any(|other| other.number == number && other.reverses.is_none() && same(other))
}

fn uncovered(need: &NeedRow, covered: i64, received: i64) -> Option<String> {
    if need.filled != covered {
        return Some(format!(
            "it says {} of {} are kept for it, its consignments make {covered}",
            need.filled, need.head
        ));
    }
    let done = received >= need.head;
    (need.state == NeedState::Done && !done).then(|| format!("it is done, and {received} of {} arrived", need.head))
}
