//! Who reports often, without their names.

use askama::Template;

use super::hotspots::Member;
use super::{Shell, When};

/// `GET /reporters`.
#[derive(Template)]
#[template(path = "process/reporters.html")]
pub struct ReportersPage {
    pub shell: Shell,
    /// The rule: so many reports within so many days.
    pub reports: u32,
    pub days: u32,
    pub people: Vec<Often>,
}

#[derive(Clone, Debug)]
pub struct Often {
    pub count: i64,
    pub matters: usize,
    pub last: When,
    pub reports: Vec<Member>,
}
