//! Who reported: looked up by phone at the desk, revealed only with a reason, each look on the record.

use muster_core::id::{CaseId, PersonId};
use muster_core::people::{Action, Actor, Subject, may, scope};
use muster_store::Tx;
use muster_store::intake::{cases_of_person, person_by_phone, person_get, reports_of_case};
use muster_store::process::{CaseRow, case_get};
use zeroize::Zeroizing;

use super::act::{Act, deny, fits};
use crate::error::{Error, Result};
use crate::secret::{DataKey, place};
use crate::state::State;

/// One reporter of a case, in clear.
#[derive(Debug)]
pub struct Revealed {
    pub name: Option<Zeroizing<String>>,
    pub phone: Option<Zeroizing<String>>,
    /// How a message channel knows them: the channel, a colon, and an address or an id.
    pub handle: Option<Zeroizing<String>>,
    /// The exact words.
    pub original: Option<Zeroizing<String>>,
}

/// The earlier cases of a caller that this person may see, newest first. The look-up is on the record.
pub async fn person_lookup(state: &State, actor: &Actor, phone: &str) -> Result<Vec<CaseRow>> {
    let scope = scope(actor, Action::PersonLookup).map_err(deny)?;
    let bad = |detail: String| Error::invalid("phone", "phone-invalid", detail);
    let digits = muster_core::intake::phone(phone).map_err(|fault| bad(fault.to_string()))?;
    let Some(digits) = digits else { return Ok(Vec::new()) };
    let index = state.keys.blind_index(&digits).map_err(|fault| bad(fault.to_string()))?;
    let mut act = Act::begin(state, actor).await?;
    let mut cases = Vec::new();
    let known = person_by_phone(&mut act.tx, &index).await?;
    if let Some(person) = known {
        for id in cases_of_person(&mut act.tx, person.id, 20).await? {
            if let Some(case) = case_get(&mut act.tx, id.into()).await?
                && scope.covers(&case.subject())
            {
                cases.push(case);
            }
        }
        act.audit(Action::PersonLookup, "person", person.id.to_string(), None);
    }
    act.commit().await?;
    Ok(cases)
}

/// Shows who reported a case to someone who says why.
pub async fn person_reveal(state: &State, actor: &Actor, code: &str, reason: &str) -> Result<Vec<Revealed>> {
    let mut act = Act::begin(state, actor).await?;
    let case = act.case(code, Action::PersonReveal, None).await?;
    if reason.trim().chars().count() < 4 {
        let detail = "Say in a few words why you need to know who reported; it stays on the record.";
        return Err(Error::invalid("reason", "reason-missing", detail));
    }
    fits(state, "reason", reason)?;
    let mut revealed = Vec::new();
    for report in reports_of_case(&mut act.tx, case.id).await? {
        let Some(person) = report.person_id else { continue };
        let Some(person) = person_get(&mut act.tx, PersonId(person)).await? else { continue };
        let id = person.id.to_string();
        let key = state.keys.unwrap(&person.wrapped_key, &id).map_err(|error| Error::internal(&error))?;
        let open = |table: &str, column: &str, row: &str, sealed: Option<&Vec<u8>>| {
            open(&key, &place(table, column, row), sealed)
        };
        let row = report.id.to_string();
        revealed.push(Revealed {
            name: open("reports", "name_sealed", &row, report.name_sealed.as_ref())?,
            phone: open("persons", "phone_sealed", &id, person.phone_sealed.as_ref())?,
            handle: open("persons", "handle_sealed", &id, person.handle_sealed.as_ref())?,
            original: open("reports", "original_sealed", &row, report.original_sealed.as_ref())?,
        });
    }
    act.audit(Action::PersonReveal, "case", case.code.as_str(), Some(reason.trim().to_owned()));
    act.commit().await?;
    Ok(revealed)
}

/// The names under which a case was reported, to keep them out of what is written about it. Shown to nobody.
pub(super) async fn reporter_names(state: &State, tx: &mut Tx, case: CaseId) -> Result<Vec<Zeroizing<String>>> {
    let mut names = Vec::new();
    for report in reports_of_case(tx, case).await? {
        let Some(person) = report.person_id.filter(|_| report.name_sealed.is_some()) else { continue };
        let Some(person) = person_get(tx, PersonId(person)).await? else { continue };
        let id = person.id.to_string();
        let key = state.keys.unwrap(&person.wrapped_key, &id).map_err(|error| Error::internal(&error))?;
        let at = place("reports", "name_sealed", &report.id.to_string());
        names.extend(open(&key, &at, report.name_sealed.as_ref())?);
    }
    Ok(names)
}

fn open(key: &DataKey, at: &str, sealed: Option<&Vec<u8>>) -> Result<Option<Zeroizing<String>>> {
    let Some(sealed) = sealed else { return Ok(None) };
    let plain = key.open(at, sealed).map_err(|error| Error::internal(&error))?;
    Ok(Some(Zeroizing::new(String::from_utf8_lossy(&plain).into_owned())))
}

/// Whether the reveal form is shown at all.
pub fn may_reveal(actor: &Actor, case: &CaseRow) -> bool {
    let subject: Subject = case.subject();
    may(actor, Action::PersonReveal, &subject).is_ok()
}
