//! What the acts on the money of a joint project share: finding its account, and saying what the ledger refuses.

use muster_core::people::Action;
use muster_core::process::shares::{Entry, FEN_MOST, PARTIES_MOST, ShareFault};
use muster_store::process::CaseRow;
use muster_store::share::{ShareBook, ShareEntryRow, share_book, share_entries_insert, share_update};

use super::act::{Act, day, fits};
use crate::error::{Error, Result};
use crate::state::State;

/// The account of a case, held until the end of the act, as whoever asks knows it, and not closed.
///
/// `version` is that of the account. Every writer holds the case first, so that no two of them add the same number.
pub(super) async fn hold(
    act: &mut Act<'_>,
    code: &str,
    action: Action,
    version: Option<i64>,
) -> Result<(CaseRow, Option<ShareBook>)> {
    let case = act.case(code, action, None).await?;
    let book = share_book(&mut act.tx, case.id).await?;
    if version.is_some_and(|version| version != book.as_ref().map_or(0, |book| book.account.version)) {
        return Err(Error::stale_etag());
    }
    if book.as_ref().is_some_and(|book| book.account.closed_at.is_some()) {
        return Err(Error::conflict("The account of this project is closed.", Vec::<String>::new()));
    }
    Ok((case, book))
}

/// As [`hold`], where an account must be there.
pub(super) async fn hold_open(
    act: &mut Act<'_>,
    code: &str,
    action: Action,
    version: Option<i64>,
) -> Result<(CaseRow, ShareBook)> {
    let (case, book) = hold(act, code, action, version).await?;
    Ok((case, book.ok_or_else(Error::not_found)?))
}

/// What an entry is made on: a paper with its day, and words.
pub(super) struct Ground {
    pub(super) document: Option<String>,
    pub(super) dated: i64,
    pub(super) note: String,
}

impl Ground {
    /// Words of today, without a paper.
    pub(super) fn words(act: &Act<'_>, note: &str) -> Self {
        Self { document: None, dated: day(act.state, act.at), note: note.trim().to_owned() }
    }
}

/// Adds entries to the ledger and counts the account up.
pub(super) async fn write(act: &mut Act<'_>, book: &mut ShareBook, entries: &[Entry], ground: &Ground) -> Result<()> {
    let rows: Vec<ShareEntryRow> = entries
        .iter()
        .map(|entry| ShareEntryRow {
            id: act.state.chance.uuid(act.at),
            case_id: book.account.case_id,
            number: entry.number,
            party: entry.party,
            kind: entry.kind,
            amount: entry.amount,
            reverses: entry.reverses,
            document: ground.document.clone(),
            dated: ground.dated,
            note: ground.note.clone(),
            at: act.at,
            entered_by: act.actor.account_id().map(|account| account.0),
        })
        .collect();
    share_entries_insert(&mut act.tx, &rows).await?;
    share_update(&mut act.tx, &mut book.account).await?;
    book.entries.extend(rows);
    Ok(())
}

/// Words somebody must give.
pub(super) fn said(state: &State, field: &str, words: &str) -> Result<String> {
    if words.trim().is_empty() {
        return Err(Error::invalid(field, "reason-missing", "Say on what ground; it stands in the ledger."));
    }
    fits(state, field, words)?;
    Ok(words.trim().to_owned())
}

pub(super) fn party_unknown(number: i64) -> Error {
    Error::invalid("party", "party-unknown", format!("{number} is no party of this project; choose one from the list."))
}

impl From<ShareFault> for Error {
    fn from(fault: ShareFault) -> Self {
        let detail = fault.to_string();
        match fault {
            ShareFault::Amount(_) => {
                let most = FEN_MOST / 100;
                Self::invalid("amount", "amount-range", format!("{detail}: 0.01 to {most} yuan."))
            }
            ShareFault::Whole(_) => Self::invalid("parties", "shares-whole", format!("{detail}, which is 100 %.")),
            ShareFault::Parties(_) => {
                Self::invalid("parties", "parties-count", format!("{detail}; name 1 to {PARTIES_MOST}."))
            }
            ShareFault::Full => Self::invalid("amount", "ledger-full", detail),
            ShareFault::More { .. } => Self::invalid("amount", "amount-more", detail),
            ShareFault::Unknown(_) => Self::not_found(),
            ShareFault::Fixed(_) => Self::conflict(detail, Vec::<String>::new()),
        }
    }
}
