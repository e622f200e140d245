//! Who may do what, where: roles, grants and the one rule `may`.
//!
//! The grid role × use-case × jurisdiction is data in [`reach`]; `crates/server/tests/permissions.txt` is the same
//! grid printed, and a test compares the two, so that a change of permission shows as a changed cell in review.

use serde::{Deserialize, Serialize};

use crate::area::AreaId;
use crate::id::{AccountId, CaseId, UnitId};

macro_rules! text_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant),+ }

        impl $name {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];
            /// The words of all, in the same order.
            pub const WORDS: &'static [&'static str] = &[$($text),+];

            /// The word used in tables, addresses and logs.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($text => Ok(Self::$variant),)+
                    other => Err(format!(
                        concat!("'{}' is no ", stringify!($name), "; known: {}"),
                        other,
                        [$($text),+].join(", "),
                    )),
                }
            }
        }

        impl TryFrom<String> for $name {
            type Error = String;
            fn try_from(text: String) -> Result<Self, String> {
                text.parse()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}
pub(crate) use text_enum;

mod action;
mod grid;

pub use action::Action;
pub use grid::{Reach, reach};

text_enum! {
    /// What an account is for. The three administrators exclude each other and every other role
    /// (GB/T 22239-2019 level 3, separation of the three administrators).
    Role {
        Resident = "resident",
        Volunteer = "volunteer",
        Operator = "operator",
        GridWorker = "grid_worker",
        UnitHandler = "unit_handler",
        Coordinator = "coordinator",
        Leader = "leader",
        Evaluator = "evaluator",
        SystemAdmin = "system_admin",
        SecurityAdmin = "security_admin",
        AuditAdmin = "audit_admin",
    }
}

impl Role {
    pub fn is_admin(self) -> bool {
        matches!(self, Self::SystemAdmin | Self::SecurityAdmin | Self::AuditAdmin)
    }

    /// Whether a grant of this role must name a unit.
    pub fn needs_unit(self) -> bool {
        self == Self::UnitHandler
    }
}

/// A role given to an account for an area and, where the role needs it, for a unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Grant {
    pub role: Role,
    pub area: AreaId,
    pub unit: Option<UnitId>,
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    Anonymous,
    /// Someone who knows the secret of this case.
    Reporter(CaseId),
    Account(Account),
    /// A job or a command of whoever holds the machine.
    System,
}

/// A signed-in account with its living grants.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: AccountId,
    pub name: String,
    pub grants: Vec<Grant>,
}

impl Actor {
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Anonymous => "anonymous",
            Self::Reporter(_) => "reporter",
            Self::Account(_) => "account",
            Self::System => "system",
        }
    }

    pub fn account_id(&self) -> Option<AccountId> {
        match self {
            Self::Account(account) => Some(account.id),
            _ => None,
        }
    }
}

/// What is acted on. `None` means "nothing in particular": only `Anyone` and `Holder` reach it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Subject {
    pub area: Option<AreaId>,
    pub unit: Option<UnitId>,
}

impl Subject {
    pub const NONE: Self = Self { area: None, unit: None };

    pub fn area(area: AreaId) -> Self {
        Self { area: Some(area), unit: None }
    }
}

/// Why an act is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    #[error("sign in first")]
    SignIn,
    #[error("this role may not do this")]
    Role,
    /// Shown as "not found": that a foreign case exists is nobody's business.
    #[error("outside the jurisdiction of the grants")]
    Foreign,
}

/// Whether `actor` may do `action` to `subject`. The only permission rule of the system.
pub fn may(actor: &Actor, action: Action, subject: &Subject) -> Result<(), Denied> {
    let account = match actor {
        Actor::System => return Ok(()),
        Actor::Anonymous | Actor::Reporter(_) => {
            return match reach(Role::Resident, action) {
                Reach::Anyone => Ok(()),
                _ => Err(Denied::SignIn),
            };
        }
        Actor::Account(account) => account,
    };
    let mut holds_role = false;
    for grant in &account.grants {
        let reach = reach_of(grant, action);
        if covers(grant, reach, subject) {
            return Ok(());
        }
        holds_role |= reach != Reach::Never;
    }
    match reach(Role::Resident, action) {
        Reach::Anyone => Ok(()),
        _ if holds_role => Err(Denied::Foreign),
        _ => Err(Denied::Role),
    }
}

/// How far a grant carries for one use-case. Whoever leads a unit sees what its handlers see and no more of the area.
pub fn reach_of(grant: &Grant, action: Action) -> Reach {
    let reach = reach(grant.role, action);
    if grant.role != Role::Leader || grant.unit.is_none() || reach != Reach::Subtree {
        return reach;
    }
    match self::reach(Role::UnitHandler, action) {
        Reach::Unit => Reach::Unit,
        _ => Reach::Never,
    }
}

fn covers(grant: &Grant, reach: Reach, subject: &Subject) -> bool {
    match reach {
        Reach::Never => false,
        Reach::Anyone | Reach::Holder => true,
        Reach::Subtree => subject.area.is_some_and(|area| grant.area.contains(area)),
        Reach::Unit => grant.unit.is_some() && grant.unit == subject.unit,
    }
}

/// The part of the record a list may show: the same rule as [`may`], as bounds a query can use.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Inclusive ranges of area ids.
    pub areas: Vec<(i64, i64)>,
    pub units: Vec<UnitId>,
}

impl Scope {
    pub fn is_empty(&self) -> bool {
        self.areas.is_empty() && self.units.is_empty()
    }

    pub fn covers(&self, subject: &Subject) -> bool {
        subject.area.is_some_and(|a| self.areas.iter().any(|(lo, hi)| (*lo..=*hi).contains(&a.get())))
            || subject.unit.is_some_and(|u| self.units.contains(&u))
    }
}

/// What of the record `actor` reaches with `action`; an error when there is nothing.
pub fn scope(actor: &Actor, action: Action) -> Result<Scope, Denied> {
    let mut scope = Scope::default();
    match actor {
        Actor::System => scope.areas.push((0, i64::MAX)),
        Actor::Anonymous | Actor::Reporter(_) => return Err(Denied::SignIn),
        Actor::Account(account) => {
            for grant in &account.grants {
                match (reach_of(grant, action), grant.unit) {
                    (Reach::Subtree, _) => scope.areas.push(grant.area.range()),
                    (Reach::Unit, Some(unit)) => scope.units.push(unit),
                    _ => {}
                }
            }
        }
    }
    if scope.is_empty() { Err(Denied::Role) } else { Ok(scope) }
}

/// Why a grant cannot be added to an account.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantRefusal {
    #[error("{0} excludes every other role; this account already holds {1}")]
    Exclusive(Role, Role),
    #[error("a grant of {0} must name a unit")]
    UnitMissing(Role),
    #[error("the account already holds this grant")]
    Held,
}

/// Whether `new` may stand beside the grants an account already holds.
pub fn grant_check(held: &[Grant], new: &Grant) -> Result<(), GrantRefusal> {
    if new.role.needs_unit() && new.unit.is_none() {
        return Err(GrantRefusal::UnitMissing(new.role));
    }
    for grant in held {
        if grant == new {
            return Err(GrantRefusal::Held);
        }
        if grant.role != new.role && (grant.role.is_admin() || new.role.is_admin()) {
            let (admin, other) = if new.role.is_admin() { (new.role, grant.role) } else { (grant.role, new.role) };
            return Err(GrantRefusal::Exclusive(admin, other));
        }
    }
    Ok(())
}
