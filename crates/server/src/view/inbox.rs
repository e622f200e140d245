//! The list of cases and what is kept of it: filters under a name.

use askama::Template;

use super::process::{Owed, Pager, Row};
use super::{Choice, Group, Shell};

/// A tab with its true count. `code` is one of the family `tab`.
#[derive(Clone, Debug)]
pub struct Tab {
    pub code: String,
    pub href: String,
    pub count: String,
    pub current: bool,
}

/// Filters as they stand in the address: `tab`, `area`, `unit`, `class`, `state`, `q`.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    pub tab: String,
    pub area: String,
    pub unit: String,
    pub class: String,
    pub state: String,
    pub q: String,
    /// All of it, as a saved view keeps it.
    pub query: String,
}

/// A saved view as a link above the list.
#[derive(Clone, Debug)]
pub struct SavedTab {
    pub name: String,
    pub href: String,
    /// `None` where it asks for something that is no longer there.
    pub count: Option<String>,
    pub current: bool,
    /// Who shares it; empty for the own.
    pub by: String,
}

/// `GET /inbox?tab=&area=&unit=&class=&state=&q=&cursor=`. Saving the filter posts to `/inbox/views` (`name`, `query`);
/// choosing rows to `/inbox/chosen` (`act`, `back`, `case` of each).
#[derive(Template)]
#[template(path = "process/inbox.html")]
pub struct InboxPage {
    pub shell: Shell,
    pub tabs: Vec<Tab>,
    pub saved: Vec<SavedTab>,
    pub filter: Filter,
    /// What the filter names and nobody knows any more, in words.
    pub gone: String,
    pub areas: Vec<Group>,
    pub units: Vec<Group>,
    pub classes: Vec<Group>,
    pub states: Vec<Group>,
    /// What this person may do to many at once: codes of the family `bulk`.
    pub acts: Vec<&'static str>,
    pub rows: Vec<Row>,
    /// True count of all rows that pass the filter, not only of those shown, in words.
    pub total: String,
    pub pager: Pager,
    /// Parts of the work given to this person's units, the first few, and how many there are.
    pub owed: Vec<Owed>,
    pub owed_total: u64,
}

/// A saved view as its owner, or whoever may take it back, changes it.
#[derive(Clone, Debug)]
pub struct SavedLine {
    pub id: String,
    pub name: String,
    pub href: String,
    pub count: Option<String>,
    /// What it filters by, in words.
    pub what: String,
    /// What it names and nobody knows any more, in words.
    pub gone: String,
    /// The area it is shared with: its id and its name.
    pub area: String,
    pub area_name: String,
    /// Who shares it; empty for the own.
    pub by: String,
    pub may_remove: bool,
    /// Id of the control for its name, for problems.
    pub name_id: String,
    pub area_id: String,
}

/// `GET /inbox/views`. Posts to itself (`name`, `query`), to `/inbox/views/{id}` (`name`), `/inbox/views/{id}/share`
/// (`area`) and `/inbox/views/{id}/remove`.
#[derive(Template)]
#[template(path = "process/saved.html")]
pub struct SavedPage {
    pub shell: Shell,
    pub saved: Vec<SavedLine>,
    /// Areas this person may share with; empty where they may not.
    pub areas: Vec<Choice>,
    /// What is being saved and could not be: its filter, in words, and the name typed.
    pub query: String,
    pub what: String,
    pub typed: String,
    pub most: i64,
}

/// One of the chosen cases; `row` is `None` where this person may not see it.
#[derive(Clone, Debug)]
pub struct BulkRow {
    /// Code and version, as the form sends them.
    pub value: String,
    pub code: String,
    pub row: Option<Row>,
    /// What became of it; `None` before the act.
    pub became: Option<BulkBecame>,
}

#[derive(Clone, Debug)]
pub struct BulkBecame {
    pub done: bool,
    /// Why not, in words, and the name of the error in `/docs/errors`.
    pub why: String,
    pub error: &'static str,
}

/// `POST /inbox/chosen` (`act`, `case` of each). Posts to `/inbox/accept`, `/inbox/assign` (`unit`, `reason`) or
/// `/inbox/note` (`note`), each with `case` of each, `key` and `back`, and shows row by row what became of it.
#[derive(Template)]
#[template(path = "process/bulk.html")]
pub struct BulkPage {
    pub shell: Shell,
    /// A code of the family `bulk`.
    pub act: &'static str,
    /// The list it came from, as what follows `?`.
    pub back: String,
    /// Under which the act is done once, however often it is sent.
    pub key: String,
    pub rows: Vec<BulkRow>,
    /// The act was done, where it could be; `retry` are those that failed, as they are now.
    pub over: bool,
    pub retry: Vec<String>,
    pub units: Vec<Group>,
    pub unit: String,
    pub reason: String,
    pub note: String,
}
