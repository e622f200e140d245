//! What an act tells to people, written with the act itself.

use std::collections::BTreeSet;

use muster_core::area::AreaId;
use muster_core::id::{AccountId, CaseId, ResourceId, UnitId};
use muster_core::pack::{Rung, RungAt, Template, Told, Urgency};
use muster_store::dispatch::{NeedRow, OfferRow, ResourceRow};
use muster_store::notice::{NoticeRow, areas_coordinated};
use muster_store::process::CaseRow;
use uuid::Uuid;

use super::act::Act;
use crate::error::Result;

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
    /// Whoever offered help, by the way they chose.
    Resource(ResourceId),
}

impl To {
    fn audience(self) -> &'static str {
        match self {
            Self::Account(_) => "account",
            Self::Unit(_) => "unit",
            Self::Head(_) => "head",
            Self::Level(_) => "level",
            Self::Reporters => "reporters",
            Self::Resource(_) => "resource",
        }
    }
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
    /// A notice that needs nothing but its case and the unit that has it.
    pub fn about(case: &CaseRow, to: To, template: Template) -> Self {
        Self {
            to,
            template,
            case: case.id,
            params: serde_json::json!({ "code": case.code.as_str(), "unit": case.unit_id }),
            urgent: is_urgent(&case.urgency),
            dedup: None,
        }
    }
}

/// Something that is about no case and that somebody shall hear.
#[derive(Clone, Debug)]
pub struct Word {
    pub to: To,
    pub template: Template,
    /// Address of the page it leads to.
    pub path: String,
    /// What stands in the gaps of the template's text: an object of texts.
    pub params: serde_json::Value,
    /// A second one with this key is silently not written.
    pub dedup: Option<String>,
}

impl Word {
    /// What becomes of an offer, to whoever it was made to. They hear it by the number that is their own.
    pub(super) fn of_offer(offer: &OfferRow, who: &ResourceRow, template: Template) -> Self {
        let (code, agreed) = (who.code.as_str(), offer.answered_at.is_some());
        Self {
            to: To::Resource(who.id),
            template,
            path: format!("/help/me/{code}"),
            params: serde_json::json!({
                "code": code, "due": offer.expires_at.0, "offer": offer.id.to_string(), "agreed": agreed,
            }),
            dedup: (template == Template::OfferInvited).then(|| invited_key(&offer.id.to_string())),
        }
    }
}

/// By what the notice of an invitation is found again.
pub(super) fn invited_key(offer: &str) -> String {
    format!("offer/{offer}/invited")
}

/// Whether nobody may wait to hear of a case of this urgency.
pub(super) fn is_urgent(urgency: &str) -> bool {
    Urgency::from_code(urgency) == Some(Urgency::Danger)
}

impl Act<'_> {
    /// Tells people with this act, unless it is history.
    pub fn notify(&mut self, notice: Notice) {
        let Notice { to, template, case, params, urgent, dedup } = notice;
        self.told(to, template, (Some(case), None), (params, urgent, dedup));
    }

    /// Tells people of something that is no case.
    pub fn tell(&mut self, word: Word) {
        let Word { to, template, path, params, dedup } = word;
        self.told(to, template, (None, Some(path)), (params, false, dedup));
    }

    fn told(
        &mut self,
        to: To,
        template: Template,
        (case, path): (Option<CaseId>, Option<String>),
        (params, urgent, dedup): (serde_json::Value, bool, Option<String>),
    ) {
        if self.quiet {
            return;
        }
        let mut row = NoticeRow {
            id: self.state.chance.uuid(self.at),
            at: self.at,
            audience: to.audience().to_owned(),
            account_id: None,
            unit_id: None,
            area: None,
            resource_id: None,
            case_id: case.map(|case| case.0),
            template: template.as_str().to_owned(),
            params,
            urgent,
            dedup,
            path,
        };
        match to {
            To::Account(account) => row.account_id = Some(account.0),
            To::Unit(unit) | To::Head(unit) => row.unit_id = Some(unit.0),
            To::Level(area) => row.area = Some(area.get()),
            To::Reporters => {}
            To::Resource(resource) => row.resource_id = Some(resource.0),
        }
        self.rows.notices.push(row);
    }

    /// Tells whoever asked for help what became of it; where nobody did, whoever coordinates the area.
    pub(super) async fn notify_asker(&mut self, need: &NeedRow, template: Template) -> Result<()> {
        let asker = match need.created_by {
            Some(account) => Some(To::Account(AccountId(account))),
            None => self.level_of(need.area).await?.map(To::Level),
        };
        let Some(to) = asker else { return Ok(()) };
        let code = need.code.as_str();
        self.tell(Word {
            to,
            template,
            path: format!("/needs/{code}"),
            params: serde_json::json!({ "code": code, "filled": need.filled, "head": need.head }),
            // As long as as many are missing, that they are is said once.
            dedup: (template == Template::NeedShort).then(|| format!("need/{}/short/{}", need.id, need.missing())),
        });
        Ok(())
    }

    /// The area, or the next above it that somebody coordinates.
    async fn level_of(&mut self, area: AreaId) -> Result<Option<AreaId>> {
        let coordinated = areas_coordinated(&mut self.tx).await?;
        Ok(std::iter::successors(Some(area), |area| area.parent()).find(|area| coordinated.contains(&area.get())))
    }

    /// Tells whoever coordinates the case's area, or the next above it that somebody coordinates.
    pub(super) async fn notify_level(&mut self, case: &CaseRow, template: Template) -> Result<()> {
        if let Some(area) = self.level_of(case.area).await? {
            self.notify(Notice::about(case, To::Level(area), template));
        }
        Ok(())
    }

    /// Tells the unit that has the case; nobody where none has it.
    pub(super) fn notify_unit(&mut self, case: &CaseRow, template: Template) {
        if let Some(unit) = case.unit() {
            self.notify(Notice::about(case, To::Unit(unit), template));
        }
    }

    /// Tells whoever reported what has happened to their case.
    pub(super) fn notify_reporters(&mut self, case: &CaseRow, template: Template) {
        self.notify(Notice::about(case, To::Reporters, template));
    }

    /// The same for what one of them has done: where there are others, all of them hear.
    pub(super) fn notify_others(&mut self, case: &CaseRow, template: Template) {
        if case.reports > 1 {
            self.notify_reporters(case, template);
        }
    }
}

/// A promise that has passed some of its rungs, with what telling of it needs.
#[derive(Debug)]
pub(super) struct Climbed<'a> {
    /// Of the clock or the part.
    pub(super) id: Uuid,
    pub(super) case: CaseId,
    pub(super) code: &'a str,
    /// The word of what runs.
    pub(super) clock: &'a str,
    pub(super) due: i64,
    pub(super) urgency: &'a str,
    pub(super) unit: Option<UnitId>,
    /// Of the unit; where none has it, of the case.
    pub(super) area: AreaId,
}

/// What the ladder tells when a promise has passed some of its rungs, of which the last has this number: that one, once to
/// each that any of them names. After a stop nobody is told of a warning that an alarm has overtaken.
pub(super) fn tell_rungs(act: &mut Act<'_>, climbed: &Climbed<'_>, passed: &[Rung], number: i64, coordinated: &[i64]) {
    let Some(rung) = passed.last() else { return };
    let told: BTreeSet<Told> = passed.iter().flat_map(|rung| rung.tell.iter().copied()).collect();
    let mut levels = std::iter::successors(Some(climbed.area), |area| area.parent());
    let mut next = || levels.find(|area| coordinated.contains(&area.get())).map(To::Level);
    let (level, above) = (next(), next());
    let share = if let RungAt::Share(share) = rung.at { Some(share) } else { None };
    for told in told {
        let to = match told {
            Told::Unit => climbed.unit.map(To::Unit),
            Told::Head => climbed.unit.map(To::Head),
            Told::Level => level,
            Told::Above => above,
        };
        let Some(to) = to else { continue };
        let Climbed { code, clock, due, unit, .. } = climbed;
        act.notify(Notice {
            to,
            template: if rung.is_alarm() { Template::RungOverdue } else { Template::RungWarning },
            case: climbed.case,
            params: serde_json::json!({ "code": code, "clock": clock, "share": share, "due": due, "unit": unit }),
            urgent: is_urgent(climbed.urgency),
            dedup: Some(format!("rung/{}/{number}/{told}", climbed.id)),
        });
    }
}
