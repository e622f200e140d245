//! By what shares the cost of a joint project is usually borne.

use serde::Serialize;

use super::section::Section;
use super::taxonomy::Name;
use crate::process::shares::{PartyKind, WHOLE};

/// Where the form for the costs of a project begins.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Shares {
    pub basis: String,
    /// In the order of [`PartyKind::ALL`].
    pub parties: Vec<UsualShare>,
}

/// A kind of party and its usual share, in basis points.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct UsualShare {
    pub kind: PartyKind,
    pub name: Name,
    pub share: u32,
}

impl Shares {
    pub(super) fn read(root: &Section) -> Option<Self> {
        root.only(&["basis", "party"]);
        let basis = root.text("basis");
        let table = root.table("party")?;
        let kinds: Vec<&str> = PartyKind::ALL.iter().map(|kind| kind.as_str()).collect();
        table.only(&kinds);
        let party = |kind: &PartyKind| {
            let section = table.table(kind.as_str())?;
            section.only(&["zh", "en", "share"]);
            let share = section.int("share", 0..=i64::from(WHOLE)) as u32;
            Some(UsualShare { kind: *kind, name: Name::read(&section), share })
        };
        let parties: Vec<UsualShare> = PartyKind::ALL.iter().filter_map(party).collect();
        let whole: u32 = parties.iter().map(|party| party.share).sum();
        if parties.len() == PartyKind::ALL.len() && whole != WHOLE {
            let advice = format!("change them so that they make {WHOLE}");
            table.fault("", format!("the shares make {whole} basis points"), advice);
        }
        Some(Self { basis, parties })
    }

    pub fn name(&self, kind: PartyKind) -> Option<&Name> {
        self.parties.iter().find(|party| party.kind == kind).map(|party| &party.name)
    }
}
