//! The page for everything that went wrong, in plain words and with a reference to quote.

use askama::Template;

use super::Shell;
use super::process::Typed;

/// Statuses with words of their own; any other is shown as 500.
const WORDED: [u16; 12] = [400, 403, 404, 405, 408, 409, 413, 415, 422, 429, 500, 503];

/// What was typed into a form that could not be taken.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Where the form was sent.
    pub action: String,
    /// What a person wrote.
    pub typed: Vec<Typed>,
    /// Name and value of everything else in the form.
    pub hidden: Vec<(String, String)>,
    /// Whether sending it again may help; otherwise it is shown to be copied.
    pub resend: bool,
}

/// After signing in again: the form that was under way, to be sent now.
#[derive(Template)]
#[template(path = "people/kept.html")]
pub struct KeptPage {
    pub shell: Shell,
    pub kept: Kept,
}

#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    pub shell: Shell,
    pub status: u16,
    /// What a person can quote when asking for help; the log has the same.
    pub reference: String,
    /// A sentence about this very case, such as what is allowed now; may be empty.
    pub detail: String,
    /// The form's token was not this browser's any more: nothing is forbidden, the page only stood open too long.
    pub old_form: bool,
    pub kept: Option<Kept>,
}

impl ErrorPage {
    fn words(&self) -> String {
        if self.old_form {
            return "form".to_owned();
        }
        let status = if WORDED.contains(&self.status) { self.status } else { 500 };
        status.to_string()
    }

    /// What happened.
    pub fn headline(&self) -> String {
        self.shell.label("error", self.words()).into_owned()
    }

    /// What to do now.
    pub fn advice(&self) -> String {
        self.shell.label("advice", self.words()).into_owned()
    }
}
