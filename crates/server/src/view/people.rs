//! Pages about those who work here: signing in, accounts and grants, the audit list.

use askama::Template;

use super::process::Pager;
use super::{Group, Shell, When};

/// `/login`. Posts to `/login`: `login`, `password`, `next`.
#[derive(Template)]
#[template(path = "people/login.html")]
pub struct LoginPage {
    pub shell: Shell,
    pub login: String,
    /// Address to go to afterwards.
    pub next: String,
    /// A form that was under way when the session ended, as it was sent; then `next` is where it was sent to.
    pub held: String,
}

/// A role held over a unit and an area.
#[derive(Clone, Debug)]
pub struct Grant {
    pub id: String,
    /// Code of the family `role`.
    pub role: String,
    pub unit: String,
    pub area: String,
}

#[derive(Clone, Debug)]
pub struct Account {
    pub id: String,
    pub login: String,
    pub name: String,
    pub active: bool,
    pub grants: Vec<Grant>,
}

/// What was typed into the form for a new account; the password is never sent back.
#[derive(Clone, Debug, Default)]
pub struct AccountForm {
    pub login: String,
    pub name: String,
    pub role: String,
    pub unit: String,
    pub area: String,
}

/// `GET /admin?q=&cursor=`. Posts to `/admin/accounts` (`login`, `name`, `password`, `role`, `unit`, `area`),
/// `/admin/accounts/{id}/grants` (`role`, `unit`, `area`), `/admin/grants/{id}/revoke`,
/// `/admin/accounts/{id}/active` (`active` = `yes` or `no`).
#[derive(Template)]
#[template(path = "people/accounts.html")]
pub struct AccountsPage {
    pub shell: Shell,
    /// What names or logins must contain.
    pub q: String,
    pub accounts: Vec<Account>,
    /// True count of all accounts that fit, not only of those shown.
    pub total: u64,
    pub pager: Pager,
    pub roles: Vec<Group>,
    pub units: Vec<Group>,
    pub areas: Vec<Group>,
    pub form: AccountForm,
}

/// One line of the audit list.
#[derive(Clone, Debug)]
pub struct AuditLine {
    pub when: When,
    pub actor: String,
    /// Name of the use-case, such as `report_reveal`.
    pub action: String,
    pub subject: String,
    pub reason: String,
    /// False while the line waits to be linked into the chain.
    pub sealed: bool,
}

/// `GET /admin/audit?q=&cursor=`.
#[derive(Template)]
#[template(path = "people/audit.html")]
pub struct AuditPage {
    pub shell: Shell,
    pub q: String,
    pub lines: Vec<AuditLine>,
    pub pager: Pager,
}
