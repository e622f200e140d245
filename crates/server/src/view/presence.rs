//! Who else has a case open.

use askama::Template;

use super::{Shell, When};

#[derive(Clone, Debug)]
pub struct Present {
    pub name: String,
    pub since: When,
}

/// `POST /case/{code}/here` (`version`, `gone` = `yes` when the page is left): a part of the page of the case.
#[derive(Template)]
#[template(path = "process/around.html")]
pub struct AroundPart {
    pub shell: Shell,
    pub code: String,
    pub others: Vec<Present>,
    /// The case is no longer as the page shows it.
    pub changed: bool,
}
