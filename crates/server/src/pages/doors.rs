//! The links in the head of every page: the doors this person may pass, by what they are busy with.

use muster_core::people::{Account, Action, Role, Subject};

use super::frame::{Frame, can, holds};
use crate::view::NavItem;

type Door = (&'static str, &'static str, Action);

/// Groups follow the loop: what came in, who helps, what came of it; then what keeps the system running.
const GROUPS: [(&str, &[Door]); 6] = [
    (
        "nav-cases",
        &[
            ("/inbox", "nav-inbox", Action::CaseList),
            ("/triage", "nav-triage", Action::CaseTriage),
            ("/grid", "nav-grid", Action::ReportEnter),
            ("/desk", "nav-desk", Action::ReportEnter),
            ("/hotspots", "nav-hotspots", Action::HotspotList),
            ("/reporters", "nav-reporters", Action::ReporterList),
            ("/meetings", "nav-meetings", Action::MeetingView),
            ("/practices", "nav-practices", Action::PracticeView),
            ("/findings/note", "nav-finding-note", Action::FindingNote),
            ("/letters", "nav-letters", Action::LetterPrint),
        ],
    ),
    (
        "nav-dispatch",
        &[
            ("/board", "nav-board", Action::BoardView),
            ("/needs", "nav-needs", Action::NeedView),
            ("/resources", "nav-resources", Action::ResourceList),
            ("/stocks", "nav-stocks", Action::StockView),
        ],
    ),
    (
        "nav-results",
        &[
            ("/dashboard", "nav-dashboard", Action::DashboardView),
            ("/reports", "nav-reports", Action::PeriodReportView),
            ("/performance", "nav-performance", Action::ScoreView),
            ("/findings", "nav-findings", Action::FindingView),
            ("/programme", "nav-programme", Action::ProgrammeView),
            ("/rooms", "nav-rooms", Action::RoomView),
            ("/rooms/calls", "nav-calls", Action::RoomCall),
            ("/replays", "nav-replays", Action::RuleReplay),
        ],
    ),
    ("nav-room", &[("/room", "nav-room", Action::RoomWork)]),
    (
        "nav-system",
        &[
            ("/admin", "nav-admin", Action::AccountList),
            ("/models", "nav-models", Action::ModelView),
            ("/admin/sends", "nav-sends", Action::SendList),
            ("/admin/audit", "nav-audit", Action::AuditView),
        ],
    ),
    ("nav-notices", &[("/notices", "nav-notices", Action::NoticeList)]),
];

/// So many doors stand in one row on a desk's screen; of more, the groups do, and the doors of the group one is in below.
const MOST_IN_A_ROW: usize = 9;

/// The first row, and the second where there is one.
pub(super) fn doors(frame: &Frame, account: &Account) -> (Vec<NavItem>, Vec<NavItem>) {
    let groups: Vec<(&str, Vec<&Door>)> = GROUPS
        .iter()
        .map(|(key, doors)| (*key, doors.iter().filter(|door| is_open(frame, account, door)).collect()))
        .filter(|(_, doors): &(_, Vec<_>)| !doors.is_empty())
        .collect();
    let address = frame.path.split('?').next().unwrap_or_default();
    let here = here(address, &groups);
    let item = |door: &Door| {
        let current = if address == door.0 { "page" } else { "true" };
        NavItem { current: (here == Some(door.0)).then_some(current), ..link(frame, door.0, door.1) }
    };
    if groups.iter().map(|(_, doors)| doors.len()).sum::<usize>() <= MOST_IN_A_ROW {
        return (groups.iter().flat_map(|(_, doors)| doors).map(|door| item(door)).collect(), Vec::new());
    }
    let mut within = Vec::new();
    let first = groups.iter().map(|(key, doors)| {
        if let [door] = doors[..] {
            return item(door);
        }
        let is_here = doors.iter().any(|door| here == Some(door.0));
        if is_here {
            within = doors.iter().map(|door| item(door)).collect();
        }
        NavItem { current: is_here.then_some("true"), ..link(frame, doors[0].0, key) }
    });
    (first.collect(), within)
}

/// The door whose address begins this page's, the longest; a case is behind the list of cases.
fn here(address: &str, groups: &[(&str, Vec<&Door>)]) -> Option<&'static str> {
    let address = if address.starts_with("/case/") { "/inbox" } else { address };
    let begins = |href: &str| address.strip_prefix(href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let doors = groups.iter().flat_map(|(_, doors)| doors).map(|door| door.0);
    doors.filter(|href| begins(href)).max_by_key(|href| href.len())
}

fn link(frame: &Frame, href: &str, key: &str) -> NavItem {
    NavItem {
        href: href.to_owned(),
        label: crate::i18n::Text { lang: frame.lang }.get(key).into_owned(),
        current: None,
        count: (href == "/notices" && frame.unread > 0).then_some(frame.unread as u64),
    }
}

fn is_open(frame: &Frame, account: &Account, (href, _, action): &Door) -> bool {
    let on_foot = account.grants.iter().any(|grant| grant.role == Role::GridWorker);
    let whole_city = Subject::area(frame.state.pack.root_area);
    holds(frame.actor(), *action)
        && (on_foot || *href != "/grid")
        && (*action != Action::ModelView || can(frame.actor(), *action, &whole_city))
}
