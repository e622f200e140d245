//! The money of a joint project: what it costs, who bears it, what was promised and paid.

use std::collections::{BTreeMap, BTreeSet};

use muster_core::people::{Action, Actor};
use muster_core::process::shares::{PartyKind, Statement, sum};
use muster_store::people::account_get;
use muster_store::process::{CaseRow, Parts, case_by_code, parts_of_case};
use muster_store::share::{ShareBook, share_book};
use uuid::Uuid;

use super::act::deny;
use super::parts::may_see;
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Clone, Debug)]
pub struct CaseShares {
    pub case: CaseRow,
    pub parts: Parts,
    /// None where nobody has said what it costs.
    pub book: Option<ShareBook>,
    /// Names of the accounts that entered, asked and decided.
    pub names: BTreeMap<Uuid, String>,
}

pub async fn share_view(state: &State, actor: &Actor, code: &str) -> Result<CaseShares> {
    let code = code.parse().map_err(|_| Error::not_found())?;
    let mut tx = state.read().await?;
    let case = case_by_code(&mut tx, &code).await?.ok_or_else(Error::not_found)?;
    let parts = parts_of_case(&mut tx, case.id).await?;
    may_see(actor, Action::ShareView, &case, &parts).map_err(deny)?;
    let book = share_book(&mut tx, case.id).await?;
    let mut names = BTreeMap::new();
    if let Some(book) = &book {
        let entered = book.entries.iter().filter_map(|row| row.entered_by);
        let asked = book.waivers.iter().flat_map(|row| [row.asked_by, row.decided_by]).flatten();
        for id in entered.chain(asked).collect::<BTreeSet<Uuid>>() {
            if let Some(account) = account_get(&mut tx, id.into()).await? {
                names.insert(id, account.name);
            }
        }
    }
    Ok(CaseShares { case, parts, book, names })
}

/// All parties of a kind together: what a resident sees, without a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KindShare {
    pub kind: PartyKind,
    /// Basis points.
    pub share: i64,
    pub stands: Statement,
}

/// By kind, those that bear something or ever did.
pub fn by_kind(book: &ShareBook) -> Vec<KindShare> {
    let ledger = book.ledger();
    let of = |kind: &PartyKind| {
        let parties: Vec<_> = book.parties.iter().filter(|party| party.kind == *kind).collect();
        let mine = |number: i64| parties.iter().any(|party| party.number == number);
        let stands = sum(ledger.iter().filter(|entry| mine(entry.party)));
        let share = parties.iter().map(|party| party.share).sum();
        KindShare { kind: *kind, share, stands }
    };
    let kinds = PartyKind::ALL.iter().map(of);
    kinds.filter(|kind| kind.share > 0 || kind.stands != Statement::default()).collect()
}
