//! The page for everything that went wrong, in plain words and with a reference to quote.

use askama::Template;

use super::Shell;

/// Statuses with words of their own; any other is shown as 500.
const WORDED: [u16; 9] = [400, 403, 404, 409, 413, 422, 429, 500, 503];

#[derive(Template)]
#[template(path = "error.html")]
pub struct ErrorPage {
    pub shell: Shell,
    pub status: u16,
    /// What a person can quote when asking for help; the log has the same.
    pub reference: String,
    /// A sentence about this very case, such as what is allowed now; may be empty.
    pub detail: String,
}

impl ErrorPage {
    fn words(&self) -> String {
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
