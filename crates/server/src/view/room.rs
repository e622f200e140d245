//! The room of those who evaluate, and the calls of the hotline for them. Nothing here names a unit, an area below the
//! contract's, a person or the code of a case.

use askama::Template;

use super::{Choice, Shell, When};

/// A contract as evaluators see it.
#[derive(Clone, Debug)]
pub struct OwnShown {
    pub id: String,
    pub title: String,
    pub agency: String,
    pub cases: String,
    pub work: String,
    pub state: &'static str,
    pub judged: i64,
    pub sampled: i64,
    /// Of each group: cases drawn and judged.
    pub groups: Vec<(i64, i64)>,
}

/// `GET /room`.
#[derive(Template)]
#[template(path = "evaluate/own_rooms.html")]
pub struct OwnRoomsPage {
    pub shell: Shell,
    pub rooms: Vec<OwnShown>,
}

/// A case of the sample.
#[derive(Clone, Copy, Debug)]
pub struct NumberShown {
    pub number: i64,
    pub judged: bool,
}

/// `GET /room/{id}`. Posts to `…/sign` (`name`) and `…/correct` (`reason`).
#[derive(Template)]
#[template(path = "evaluate/own_room.html")]
pub struct OwnRoomPage {
    pub shell: Shell,
    pub room: OwnShown,
    pub method: Vec<String>,
    pub numbers: Vec<NumberShown>,
    /// The next case that is not judged.
    pub next: Option<i64>,
    pub is_open: bool,
    pub may_sign: bool,
    pub hash: String,
    pub name: String,
    pub reason: String,
    pub version: i64,
    pub signed: Vec<(i64, When, String, String)>,
}

/// A question with what was chosen. `id` is `q-` and its code.
#[derive(Clone, Debug)]
pub struct Asked {
    pub id: String,
    pub code: String,
    pub name: String,
    pub hint: String,
    /// None of a text.
    pub options: Vec<Choice>,
    pub chosen: String,
}

/// A line of what happened. `side` is of the family `room-side`, `what` of `step`, or empty of a line of the thread.
#[derive(Clone, Debug)]
pub struct MaskedLine {
    pub when: When,
    pub side: &'static str,
    pub what: String,
    pub text: String,
    pub outcome: String,
    pub evidence: String,
}

/// `GET /room/{id}/{number}`; posts to it: `revision`, and each question by its code.
#[derive(Template)]
#[template(path = "evaluate/own_case.html")]
pub struct OwnCasePage {
    pub shell: Shell,
    pub id: String,
    pub room: String,
    pub number: i64,
    pub of: i64,
    pub category: String,
    pub title: String,
    pub text: String,
    pub reports: i64,
    pub received: When,
    pub promised: Option<(When, bool)>,
    pub photos: usize,
    pub lines: Vec<MaskedLine>,
    pub questions: Vec<Asked>,
    pub revision: i64,
}

/// Somebody to call.
#[derive(Clone, Debug)]
pub struct CallShown {
    pub href: String,
    pub title: String,
    pub code: String,
    pub area: String,
    pub room: String,
    pub until: When,
}

/// `GET /rooms/calls`.
#[derive(Template)]
#[template(path = "evaluate/calls.html")]
pub struct CallsPage {
    pub shell: Shell,
    pub calls: Vec<CallShown>,
}

/// `GET /rooms/{id}/calls/{number}`; posts to it as [`OwnCasePage`].
#[derive(Template)]
#[template(path = "evaluate/call.html")]
pub struct CallPage {
    pub shell: Shell,
    pub id: String,
    pub number: i64,
    pub code: String,
    pub title: String,
    pub text: String,
    pub questions: Vec<Asked>,
    pub revision: i64,
}
