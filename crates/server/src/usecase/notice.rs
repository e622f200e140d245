//! What an act tells to people, written with the act itself.

use muster_core::area::AreaId;
use muster_core::id::{AccountId, CaseId, UnitId};
use muster_core::pack::{Template, Urgency};
use muster_store::notice::NoticeRow;
use muster_store::process::CaseRow;

use super::act::Act;

/// Who shall hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum To {
    Account(AccountId),
    /// Whoever handles for it.
    Unit(UnitId),
    /// Whoever leads it.
    Head(UnitId),
    /// The coordinators of exactly this area.
    Level(AreaId),
    /// Everybody whose report is of the case.
    Reporters,
}

/// Something about a case that somebody shall hear.
#[derive(Clone, Debug)]
pub struct Notice {
    pub to: To,
    pub template: Template,
    pub case: CaseId,
    /// What stands in the gaps of the template's text: an object of texts.
    pub params: serde_json::Value,
    /// Danger to life: waits for no digest and no morning.
    pub urgent: bool,
    /// A second notice with this key is silently not written.
    pub dedup: Option<String>,
}

impl Notice {
    /// A notice that needs nothing but the code of its case.
    pub fn about(case: &CaseRow, to: To, template: Template) -> Self {
        Self {
            to,
            template,
            case: case.id,
            params: serde_json::json!({ "code": case.code.as_str() }),
            urgent: is_urgent(&case.urgency),
            dedup: None,
        }
    }
}

/// Whether nobody may wait to hear of a case of this urgency.
pub(super) fn is_urgent(urgency: &str) -> bool {
    Urgency::from_code(urgency) == Some(Urgency::Danger)
}

impl Act<'_> {
    /// Tells people with this act, unless it is history.
    pub fn notify(&mut self, notice: Notice) {
        if self.quiet {
            return;
        }
        let (audience, account_id, unit_id, area) = match notice.to {
            To::Account(account) => ("account", Some(account.0), None, None),
            To::Unit(unit) => ("unit", None, Some(unit.0), None),
            To::Head(unit) => ("head", None, Some(unit.0), None),
            To::Level(area) => ("level", None, None, Some(area.get())),
            To::Reporters => ("reporters", None, None, None),
        };
        self.rows.notices.push(NoticeRow {
            id: self.state.chance.uuid(self.at),
            at: self.at,
            audience: audience.to_owned(),
            account_id,
            unit_id,
            area,
            case_id: Some(notice.case.0),
            template: notice.template.as_str().to_owned(),
            params: notice.params,
            urgent: notice.urgent,
            dedup: notice.dedup,
        });
    }
}
