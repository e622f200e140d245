//! What must be true of the registry of those who help.

use muster_core::dispatch::registry::{ResourceKind, ResourceState};
use muster_core::id::ResourceId;
use muster_core::time::Timestamp;
use uuid::Uuid;

use super::{Check, Weight};
use crate::db::{Result, Tx};
use crate::dispatch::{ResourceRow, resources_after};

/// Entries that are read at once.
const PAGE: i64 = 1_000;

pub(super) async fn whole(tx: &mut Tx) -> Result<[Check; 2]> {
    let rule = |name, sentence| Check::new(name, Weight::Finding, sentence);
    let mut counted =
        rule("registry-counts", "Nobody came more often than they agreed, or agreed more often than asked.");
    let mut sealed =
        rule("registry-persons", "A volunteer has a key of their own until they leave, and then nothing is left.");
    let mut after = (Timestamp(i64::MIN), ResourceId(Uuid::nil()));
    loop {
        let page = resources_after(tx, after, PAGE).await?;
        for row in &page {
            let is_rising = 0 <= row.came && row.came <= row.agreed && row.agreed <= row.asked;
            let told = || format!("{}: asked {}, agreed {}, came {}", row.id, row.asked, row.agreed, row.came);
            counted.judge((!is_rising).then(told));
            sealed.judge(person(row).map(|fault| format!("{}: {fault}", row.id)));
        }
        let Some(last) = page.last() else { return Ok([counted, sealed]) };
        after = (last.changed_at, last.id);
    }
}

fn person(row: &ResourceRow) -> Option<&'static str> {
    let has_words = row.name_sealed.is_some() || row.birth_sealed.is_some() || row.guardian_sealed.is_some();
    let has_mail = row.mail_sealed.is_some();
    let has_index = row.phone_index.is_some();
    if row.state == ResourceState::Left {
        let nameless = row.name.is_empty() || row.kind != ResourceKind::Volunteer;
        let is_bare =
            row.person_id.is_none() && !has_words && !has_mail && !has_index && row.secret_hash.is_none() && nameless;
        return (!is_bare).then_some("left, and something of the person is still there");
    }
    match row.kind {
        ResourceKind::Volunteer if row.person_id.is_none() || row.name_sealed.is_none() => Some("no key or no name"),
        ResourceKind::Volunteer => None,
        // Whoever is written to at an organisation has a key of their own too.
        _ if has_words => Some("no person, and something is sealed as of one"),
        _ => (has_mail && row.person_id.is_none()).then_some("a mail address and no key"),
    }
}
