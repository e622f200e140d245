//! What an account was told.

use askama::Template;

use super::{Group, Shell, When};

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
    /// Of the case; empty when it is about something else.
    pub code: String,
    pub title: String,
    pub body: String,
    pub when: When,
    pub is_read: bool,
    pub urgent: bool,
}

/// `GET /notices/settings`, and posted to itself: `mail`, `mail_on`, `phone`, `phone_on`, `digest`, `quiet_from`, `quiet_until`.
#[derive(Template)]
#[template(path = "people/wants.html")]
pub struct WantsPage {
    pub shell: Shell,
    /// Whether this city sends mail, and short messages.
    pub ways: [bool; 2],
    pub mail: String,
    pub mail_on: bool,
    pub phone: String,
    pub phone_on: bool,
    pub hours: Vec<Group>,
    /// The hour of the digest; empty: at once.
    pub digest: String,
    pub quiet_from: String,
    pub quiet_until: String,
    /// What a browser needs to ask for push; `None` where the city has none.
    pub push_key: Option<String>,
    /// Browsers that are told: the id to post to `/notices/push/{id}/remove`, and since when.
    pub browsers: Vec<(String, When)>,
}
