//! Beside the straight way of a case: what is asked, ordered and said while a unit has it.

use super::{Group, When};

/// A line of the thread between resident and unit.
#[derive(Clone, Debug)]
pub struct Line {
    pub ours: bool,
    pub who: String,
    pub text: String,
    pub when: When,
    /// When the other side first read it.
    pub read: Option<When>,
}

/// A note among staff: a type of its own, which no page of a resident knows.
#[derive(Clone, Debug)]
pub struct Note {
    pub who: String,
    pub text: String,
    pub when: When,
}

/// More time, or to be parked. `state` is a code of the family `asked`.
#[derive(Clone, Debug)]
pub struct Asked {
    pub id: String,
    /// What is asked for, in words.
    pub what: String,
    pub reason: String,
    pub who: String,
    pub when: When,
    pub state: String,
    pub answer: String,
    pub may_decide: bool,
}

/// An order of supervision and the report on it.
#[derive(Clone, Debug)]
pub struct Order {
    pub ground: String,
    pub text: String,
    pub when: When,
    pub report: Option<String>,
}

/// The acts this person may do now.
#[expect(clippy::struct_excessive_bools, reason = "each act is offered or not, independently of the others")]
#[derive(Clone, Copy, Debug, Default)]
pub struct SideActs {
    pub line: bool,
    pub contact: bool,
    pub urge: bool,
    pub note: bool,
    pub extend: bool,
    pub park: bool,
    pub resume: bool,
    pub supervise: bool,
    pub report: bool,
    pub send: bool,
    /// Put the case before a joint meeting.
    pub matter: bool,
}

/// What was typed into one of the forms when it comes back.
#[derive(Clone, Debug, Default, serde::Deserialize)]
#[serde(default)]
pub struct SideForm {
    pub csrf: String,
    pub version: String,
    pub line: String,
    pub note: String,
    pub amount: String,
    pub ground: String,
    pub review: String,
    pub unit: String,
    pub reason: String,
    pub answer: String,
    pub granted: String,
    pub way: String,
    pub reached: String,
}

/// The part of `/case/{code}` whose forms post to `/line`, `/contact`, `/urge`, `/note`, `/extend`, `/park`, `/resume`, `/supervise`,
/// `/report`, `/send`, `/matter` and `/requests/{id}`. Ids of the controls: the field's name after the name of its form.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// Why it waits for a joint meeting, and since when.
    pub matter: Option<(String, When)>,
    pub thread: Vec<Line>,
    pub notes: Vec<Note>,
    pub asked: Vec<Asked>,
    pub orders: Vec<Order>,
    pub acts: SideActs,
    /// Unit of the promise to answer, in words, and the most that can be asked.
    pub extend_hint: String,
    /// Ways of contact.
    pub ways: Vec<Group>,
    pub grounds: Vec<Group>,
    pub triggers: Vec<Group>,
    /// Units above and below the one that has the case.
    pub send_to: Vec<Group>,
    pub form: SideForm,
}
