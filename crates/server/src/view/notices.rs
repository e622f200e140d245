//! What an account was told.

use askama::Template;

use super::{Shell, When};

/// `GET /notices`. Posts to `/notices/{id}` open one; `POST /notices` with `last` marks all up to then as read.
#[derive(Template)]
#[template(path = "people/notices.html")]
pub struct NoticesPage {
    pub shell: Shell,
    pub notices: Vec<Told>,
    pub unread: i64,
    /// The time of the newest, as the form sends it back.
    pub last: i64,
}

#[derive(Clone, Debug, Default)]
pub struct Told {
    pub id: String,
    pub code: String,
    pub title: String,
    pub body: String,
    pub when: When,
    pub is_read: bool,
    pub urgent: bool,
}
