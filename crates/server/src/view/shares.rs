//! The money of a joint project: who bears it, what was promised and paid, and what is asked to be waived.

use std::collections::BTreeMap;

use askama::Template;

use super::{Group, Shell, When};

/// Amounts in yuan, as they are shown.
#[derive(Clone, Debug, Default)]
pub struct Amounts {
    pub owed: String,
    pub pledged: String,
    pub paid: String,
    pub waived: String,
    pub balance: String,
    /// Nothing is owed or to be given back.
    pub settled: bool,
}

#[derive(Clone, Debug, Default)]
pub struct PartyLine {
    pub number: i64,
    pub name: String,
    pub kind: String,
    /// In per cent.
    pub share: String,
    pub amounts: Amounts,
}

/// A line of the ledger.
#[derive(Clone, Debug, Default)]
pub struct EntryLine {
    pub number: i64,
    pub dated: String,
    pub what: String,
    pub party: String,
    pub amount: String,
    pub document: String,
    pub note: String,
    pub by: String,
    pub when: When,
    pub may_reverse: bool,
    /// Id of the control of its form: `reason-N`.
    pub reason_id: String,
    pub reason: String,
}

#[derive(Clone, Debug, Default)]
pub struct WaiverLine {
    pub id: String,
    pub party: String,
    pub amount: String,
    pub reason: String,
    pub who: String,
    pub when: When,
    /// Code of the family `asked`.
    pub state: String,
    pub answer: String,
    pub may_decide: bool,
    /// Id of the control of its form: `answer-ID`.
    pub answer_id: String,
}

/// A row of the form for cost and shares. Names and ids: `number-N`, `kind-N`, `name-N`, `share-N`.
#[derive(Clone, Debug, Default)]
pub struct PartyField {
    pub place: usize,
    pub number: String,
    pub kind: String,
    pub name: String,
    pub share: String,
    pub kind_id: String,
    pub name_id: String,
    pub share_id: String,
}

/// What this person may do now.
#[expect(clippy::struct_excessive_bools, reason = "each act is offered or not, independently of the others")]
#[derive(Clone, Copy, Debug, Default)]
pub struct ShareActs {
    pub set: bool,
    pub enter: bool,
    pub waive: bool,
    pub close: bool,
}

/// `/case/{code}/shares`. Posts to it: `cost`, `reason` and the rows of [`PartyField`]; to `/entries`: `kind`, `party`,
/// `amount`, `document`, `dated`, `note`; to `/entries/{number}/reverse`: `reason`; to `/waivers`: `party`, `amount`,
/// `reason`; to `/waivers/{id}`: `granted`, `answer`; to `/close`.
#[derive(Template)]
#[template(path = "process/shares.html")]
pub struct SharesPage {
    pub shell: Shell,
    pub code: String,
    pub code_groups: Vec<String>,
    pub title: String,
    /// Of the account; 0 while there is none.
    pub version: String,
    pub is_open: bool,
    pub has_plan: bool,
    pub cost: String,
    pub closed: Option<When>,
    pub parties: Vec<PartyLine>,
    pub whole: Amounts,
    pub entries: Vec<EntryLine>,
    /// Older entries that are not among them.
    pub unlisted: usize,
    pub waivers: Vec<WaiverLine>,
    pub acts: ShareActs,
    pub basis: String,
    pub fields: Vec<PartyField>,
    pub kinds: Vec<Group>,
    pub entry_kinds: Vec<Group>,
    pub party_choices: Vec<Group>,
    /// Which form is shown with what was typed: `set`, `entry`, `waive` or none.
    pub form: String,
    /// What was typed, by the id of the control.
    pub typed: BTreeMap<String, String>,
}

impl SharesPage {
    fn typed(&self, id: &str) -> &str {
        self.typed.get(id).map_or("", String::as_str)
    }
}

/// What a resident sees of it: all parties of a kind together.
#[derive(Clone, Debug, Default)]
pub struct KindLine {
    pub kind: String,
    pub share: String,
    pub owed: String,
    pub paid: String,
    pub rest: String,
}

/// The cost of a project as the resident's page shows it.
#[derive(Clone, Debug, Default)]
pub struct Money {
    pub cost: String,
    pub kinds: Vec<KindLine>,
}
