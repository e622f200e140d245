//! What left the program and what did not, and the letters that somebody prints.

use askama::Template;

use super::qr::Qr;
use super::{Shell, When};
use crate::i18n::Text;

/// `GET /admin/sends`. Posts to `/admin/sends/{id}` with `do`: `again`, or `give_up` with `reason`.
#[derive(Template)]
#[template(path = "people/sends.html")]
pub struct SendsPage {
    pub shell: Shell,
    /// Ways, with whether this city has them.
    pub ways: Vec<(&'static str, bool)>,
    /// Code of a state and how many are in it.
    pub counts: Vec<(&'static str, i64)>,
    pub dead: Vec<Sent>,
    pub retry: Vec<Sent>,
    /// The send whose form was not taken, and what was typed there.
    pub typed: (String, String),
}

impl SendsPage {
    /// What was typed where the form of this one was not taken.
    fn reason(&self, sent: &Sent) -> &str {
        if self.typed.0 == sent.id { &self.typed.1 } else { "" }
    }
}

/// `GET /letters`. Posts to `/letters/{id}` for the sheet, and to `/letters/{id}/printed`.
#[derive(Template)]
#[template(path = "people/letters.html")]
pub struct LettersPage {
    pub shell: Shell,
    /// Also those that are not listed.
    pub waiting: i64,
    pub letters: Vec<Sent>,
}

#[derive(Clone, Debug, Default)]
pub struct Sent {
    pub id: String,
    pub way: String,
    /// To somebody of staff, to whoever offered help, or to whoever reported.
    pub staff: bool,
    pub helper: bool,
    pub codes: Vec<String>,
    pub tries: i64,
    pub fault: String,
    /// When it was told.
    pub told: When,
    /// Of a dead one, when it was given up on; of another, when it is tried next.
    pub then: When,
    pub urgent: bool,
}

/// One sheet: the address in the window of an envelope (DL, on the left), what there is to say, and where to look.
#[derive(Template)]
#[template(path = "people/letter.html")]
pub struct LetterPage {
    pub shell: Shell,
    pub id: String,
    /// Line by line.
    pub address: Vec<String>,
    pub code: Vec<String>,
    pub text: String,
    pub date: When,
    pub link: String,
    pub qr: Option<Qr>,
    /// Words of the sheet itself, in the language of whoever gets it.
    pub sheet: Text,
}
