//! The permission grid as a file under version control: role × use-case × jurisdiction, and the route of each use-case.
//!
//! `UPDATE=1 cargo test -p muster-server --test permissions` writes it after a change that was meant.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::fmt::Write as _;
use std::path::Path;

use muster_core::area::AreaId;
use muster_core::id::{AccountId, UnitId};
use muster_core::people::{Account, Action, Actor, Grant, Role, Subject, may};
use uuid::Uuid;

/// Use-cases that no route enters, with the door they have.
const WITHOUT_ROUTE: &[(Action, &str)] = &[
    (Action::ReportImport, "muster import reports"),
    (Action::OfferView, "on the page that resource_own opens"),
    (Action::ResourceImport, "muster import resources, muster export resources"),
    (Action::AreaEdit, "muster import areas"),
    (Action::UnitEdit, "muster import units"),
];

const UNIT: UnitId = UnitId(Uuid::from_u128(1));
const OTHER_UNIT: UnitId = UnitId(Uuid::from_u128(2));

fn area(code: &str) -> AreaId {
    code.parse().unwrap()
}

fn actor(role: Role) -> Actor {
    let unit = role.needs_unit().then_some(UNIT);
    let grant = Grant { role, area: area("900102001"), unit };
    Actor::Account(Account { id: AccountId(Uuid::from_u128(9)), name: String::new(), grants: vec![grant] })
}

/// own, sibling, parent and child of the granted area; for a unit's role the own subject is the unit's.
fn subjects() -> [Subject; 4] {
    let at = |code, unit| Subject { area: Some(area(code)), unit: Some(unit) };
    [at("900102001", UNIT), at("900102002", OTHER_UNIT), at("900102", OTHER_UNIT), at("900102001001", OTHER_UNIT)]
}

fn grid() -> String {
    let mut text = String::from(
        "May a role, granted for an area (or unit), do this to a subject of its own area, a sibling, the parent, a child?\n\
         Each cell: own sibling parent child; y = may, - = may not. Last column: nobody signed in.\n\n",
    );
    let _ = write!(text, "{:18}", "");
    for role in Role::ALL {
        let _ = write!(text, " {:>14}", role.as_str());
    }
    text.push_str("      anonymous\n");
    for action in Action::ALL {
        let _ = write!(text, "{:18}", action.as_str());
        for role in Role::ALL {
            let cell: String =
                subjects().iter().map(|s| if may(&actor(*role), *action, s).is_ok() { 'y' } else { '-' }).collect();
            let _ = write!(text, " {cell:>14}");
        }
        let open = may(&Actor::Anonymous, *action, &Subject::NONE).is_ok();
        let _ = writeln!(text, " {:>14}", if open { "y" } else { "-" });
    }
    text.push_str("\nRoutes\n\n");
    let mut routes: Vec<_> = muster_server::router::all().collect();
    routes.sort_by_key(|route| (route.path, route.method));
    for route in routes {
        let _ = writeln!(text, "{:7} {:44} {}", route.method, route.path, route.action);
    }
    text
}

#[test]
fn the_grid_is_the_committed_one() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/permissions.txt");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, grid()).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(committed, grid(), "the grid changed; if that was meant, run with UPDATE=1 and review the cells");
}

#[test]
fn every_use_case_has_a_door() {
    for action in Action::ALL {
        let routed = muster_server::router::all().any(|route| route.action == *action);
        let named = WITHOUT_ROUTE.iter().any(|(named, _)| named == action);
        assert!(routed || named, "{action} has neither a route nor a reason to have none");
    }
}
