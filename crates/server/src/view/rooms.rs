//! The third-party room: contracts for those who order them, what was found, and what is published of the method.

use askama::Template;

use super::{Choice, Group, Shell, When};

/// A contract in a list. `state` is of the family `room`.
#[derive(Clone, Debug)]
pub struct RoomShown {
    pub id: String,
    pub title: String,
    pub agency: String,
    pub area: String,
    pub state: &'static str,
    /// Days of the cases and days of the work, in words.
    pub cases: String,
    pub work: String,
    pub judged: i64,
    pub sampled: i64,
}

/// `GET /rooms`.
#[derive(Template)]
#[template(path = "evaluate/rooms.html")]
pub struct RoomsPage {
    pub shell: Shell,
    pub rooms: Vec<RoomShown>,
}

/// What was typed into the form that orders a contract.
#[derive(Clone, Debug, Default)]
pub struct RoomForm {
    pub title: String,
    pub agency: String,
    pub area: String,
    pub cases_from: String,
    pub cases_until: String,
    pub work_from: String,
    pub work_until: String,
    pub by: String,
    pub allocation: String,
    pub size: String,
    pub least: String,
    pub questionnaire: String,
    pub calls: bool,
    pub seed: String,
    pub source: String,
    pub source_at: String,
}

/// An account that can be named, and whether it is.
#[derive(Clone, Debug)]
pub struct Tick {
    pub choice: Choice,
    pub ticked: bool,
}

/// `GET /rooms/new`, `POST /rooms`: the names of the fields of [`RoomForm`], and `evaluator` as often as named.
#[derive(Template)]
#[template(path = "evaluate/room_new.html")]
pub struct RoomNewPage {
    pub shell: Shell,
    pub form: RoomForm,
    pub areas: Vec<Group>,
    pub strata: Vec<Group>,
    pub allocations: Vec<Group>,
    pub questionnaires: Vec<Group>,
    pub evaluators: Vec<Tick>,
}

/// A part of the frame.
#[derive(Clone, Debug)]
pub struct Part {
    pub name: String,
    pub cases: i64,
    pub sampled: i64,
    /// Cases of the frame that one of the sample stands for.
    pub weight: String,
    pub judged: i64,
    pub called: i64,
}

/// A line of what became of a contract. `kind` is of the family `room-step`.
#[derive(Clone, Debug)]
pub struct Line {
    pub when: When,
    pub who: String,
    pub kind: String,
    pub text: String,
    /// Whether the text is a hash or a seed.
    pub is_code: bool,
}

/// The design in words: name and value.
pub type Facts = Vec<(String, String)>;

/// How the seed comes about, and what of it is known.
#[derive(Clone, Debug, Default)]
pub struct Seed {
    pub is_source: bool,
    pub source: String,
    pub source_at: Option<When>,
    pub hash: String,
    pub seed: String,
    pub frame_size: i64,
    pub frame_hash: String,
}

/// `GET /rooms/{id}`. Posts to `…/frame`, `…/draw` (`number`) and `…/change` (`change` is `people`, `until` or `cancel`;
/// `evaluator`, `until`, `reason`).
#[derive(Template)]
#[template(path = "evaluate/room.html")]
#[expect(clippy::struct_excessive_bools, reason = "each is a part of the page of its own")]
pub struct RoomPage {
    pub shell: Shell,
    pub room: RoomShown,
    pub facts: Facts,
    pub seed: Seed,
    pub number: String,
    pub parts: Vec<Part>,
    pub calls: bool,
    pub evaluators: String,
    pub ticks: Vec<Tick>,
    pub until: String,
    pub reason: String,
    pub changes_open: bool,
    pub under_way: bool,
    pub lines: Vec<Line>,
    pub has_result: bool,
}

/// `GET /rooms/{id}/redraw`.
#[derive(Template)]
#[template(path = "evaluate/room_redraw.html")]
pub struct RedrawPage {
    pub shell: Shell,
    pub room: RoomShown,
    pub seed: Seed,
    pub is_same: bool,
    /// Words of what was compared (a key), and whether it is the same.
    pub compared: Vec<(&'static str, bool)>,
    pub drawn: usize,
    pub differing: Vec<i64>,
}

/// What one question brought, as shown.
#[derive(Clone, Debug)]
pub struct FoundShown {
    pub name: String,
    pub by_call: bool,
    /// Estimate and interval, or a dash.
    pub value: String,
    pub interval: String,
    pub judged: u64,
    pub cannot_tell: u64,
    pub residents: String,
    pub residents_of: String,
    pub small: bool,
}

/// Where evaluators and residents agree about a question, and where not.
#[derive(Clone, Debug)]
pub struct AgreementShown {
    pub id: String,
    pub name: String,
    pub both_yes: u64,
    pub both_no: u64,
    pub only_found: u64,
    pub only_resident: u64,
    pub summary: String,
    pub kappa: String,
    pub differing: Vec<DiffersShown>,
}

#[derive(Clone, Debug)]
pub struct DiffersShown {
    pub number: i64,
    pub code: String,
    pub found: String,
    pub resident: String,
}

/// What an evaluator wrote about a case, or a resident said on the phone.
#[derive(Clone, Debug)]
pub struct Remark {
    pub number: i64,
    pub by_call: bool,
    pub text: String,
}

/// A part of the frame with what was found in it.
#[derive(Clone, Debug)]
pub struct PartShown {
    pub name: String,
    pub cases: i64,
    pub sampled: i64,
    pub judged: u64,
    pub solved: String,
    pub interval: String,
    pub small: bool,
}

/// `GET /rooms/{id}/result?version=`.
#[derive(Template)]
#[template(path = "evaluate/room_result.html")]
pub struct ResultPage {
    pub shell: Shell,
    pub room: RoomShown,
    pub signed: When,
    pub signer: String,
    pub hash: String,
    pub version: i64,
    pub versions: Vec<i64>,
    pub is_whole: bool,
    pub found: Vec<FoundShown>,
    pub agreements: Vec<AgreementShown>,
    pub parts: Vec<PartShown>,
    pub remarks: Vec<Remark>,
    /// What residents and units said of all cases, in sentences.
    pub residents: Vec<String>,
    /// How it was done, in sentences.
    pub method: Vec<String>,
    pub seed: Seed,
    pub calls: bool,
}

/// `GET /open/rooms/{id}`: for everybody.
#[derive(Template)]
#[template(path = "evaluate/room_open.html")]
pub struct RoomOpenPage {
    pub shell: Shell,
    pub room: RoomShown,
    pub facts: Facts,
    pub seed: Seed,
    pub signatures: Vec<(i64, When, String)>,
}
