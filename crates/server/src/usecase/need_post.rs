//! Help is asked for: from a case, from a part of its work, or freely.

use muster_core::area::AreaId;
use muster_core::dispatch::offer::{NeedKind, NeedState};
use muster_core::id::{Code, NeedId};
use muster_core::intake::redact;
use muster_core::people::{Action, Actor, Subject};
use muster_core::time::Timestamp;
use muster_store::dispatch::{NeedRow, need_insert};
use muster_store::process::{CaseRow, parts_of_case};

use super::act::Act;
use super::need::{Contact, contact_place, slots};
use super::resource::{Faults, NAME_MOST, middle_of};
use crate::error::{Error, Result};
use crate::secret::normalise_phone;
use crate::state::State;
use muster_core::id::secret_from_random;

/// The furthest ahead that help is asked for.
const AHEAD: i64 = 90 * Timestamp::DAY;
const HEAD_MOST: i64 = 1_000;
const QUANTITY_MOST: i64 = 1_000_000;

#[derive(Clone, Debug)]
pub struct NeedDraft {
    pub kind: NeedKind,
    /// Code of the case it comes from, and number of the part of its work.
    pub case: String,
    pub part: Option<i64>,
    /// Where it comes from no case.
    pub area: Option<AreaId>,
    pub title: String,
    pub text: String,
    pub place: String,
    pub contact: Contact,
    pub skills: Vec<String>,
    pub head: i64,
    pub item: String,
    pub opens_at: Timestamp,
    pub closes_at: Timestamp,
    pub minutes: i64,
    pub risk: String,
    pub risk_text: String,
    pub priority: i64,
    pub vulnerable: bool,
}

/// What the one who is helped is given: by both they confirm what was done. The secret is shown once.
#[derive(Clone, Debug)]
pub struct Posted {
    pub code: Code,
    pub secret: String,
}

pub async fn need_post(state: &State, actor: &Actor, draft: &NeedDraft) -> Result<Posted> {
    let mut act = Act::begin(state, actor).await?;
    let (case, part) = origin(&mut act, draft).await?;
    let area = case.as_ref().map(|case| case.area).or(draft.area);
    let subject = case.as_ref().map_or(Subject { area, unit: None }, CaseRow::subject);
    // Before anything is said of the form: who may not ask for help here hears only that.
    if area.is_some() {
        act.may(Action::NeedPost, &subject)?;
    }
    let phone = check(state, draft, area)?;
    let area = area.ok_or_else(Error::not_found)?;
    let middle = middle_of(&mut act.tx, area).await?.coarse();
    let id = NeedId(state.chance.uuid(act.at));
    let code = state.chance.code();
    let secret = secret_from_random(u64::from_le_bytes(state.chance.bytes()));
    let (person_id, contact_sealed) = seal(&mut act, id, &Contact { phone, ..draft.contact.clone() })?;
    let public = |text: &str| redact(text.trim(), Some(draft.contact.name.trim()));
    let all = state.pack.dispatch.skills.iter().map(|skill| skill.code.as_str());
    let chosen: Vec<&str> = all.filter(|code| draft.skills.iter().any(|skill| skill == code)).collect();
    let need = NeedRow {
        id,
        code: code.clone(),
        kind: draft.kind,
        case_id: case.as_ref().map(|case| case.id.0),
        part_id: part,
        area,
        latitude: middle.latitude,
        longitude: middle.longitude,
        title: public(&draft.title),
        text: public(&draft.text),
        place: public(&draft.place),
        person_id,
        contact_sealed,
        secret_hash: Some(state.keys.secret_hash(&id.to_string(), &secret).to_vec()),
        skills: format!(" {} ", chosen.join(" ")),
        head: draft.head,
        item: (draft.kind == NeedKind::Goods).then(|| draft.item.clone()),
        opens_at: draft.opens_at,
        closes_at: draft.closes_at,
        minutes: draft.minutes,
        risk: draft.risk.clone(),
        risk_text: public(&draft.risk_text),
        priority: draft.priority,
        vulnerable: draft.vulnerable,
        state: NeedState::Open,
        filled: 0,
        created_at: act.at,
        created_by: actor.account_id().map(|id| id.0),
        ended_at: None,
        reason: None,
        version: 1,
    };
    act.audit(Action::NeedPost, "need", code.as_str(), None);
    act.flush().await?;
    need_insert(&mut act.tx, &need).await?;
    act.commit().await?;
    Ok(Posted { code, secret })
}

/// The case and the part it comes from.
async fn origin(act: &mut Act<'_>, draft: &NeedDraft) -> Result<(Option<CaseRow>, Option<uuid::Uuid>)> {
    if draft.case.trim().is_empty() {
        return Ok((None, None));
    }
    let case = act.case(&draft.case, Action::NeedPost, None).await?;
    if !case.state.is_open() {
        let detail = "The case is closed; ask for help from no case, or have it taken up again.";
        return Err(Error::invalid("case", "need-case-closed", detail));
    }
    let Some(number) = draft.part else { return Ok((Some(case), None)) };
    let parts = parts_of_case(&mut act.tx, case.id).await?;
    let none = || Error::invalid("part", "need-part-unknown", format!("The case has no part {number}."));
    let part = parts.by_number(number).map(|part| part.id.0).ok_or_else(none)?;
    Ok((Some(case), Some(part)))
}

fn seal(act: &mut Act<'_>, need: NeedId, contact: &Contact) -> Result<(Option<uuid::Uuid>, Option<Vec<u8>>)> {
    let state = act.state;
    let (id, key) = act.new_person(|_, _| None);
    let plain = serde_json::to_vec(contact).map_err(|error| Error::internal(&error))?;
    Ok((Some(id.0), Some(key.seal(&state.chance, &contact_place(need), &plain))))
}

/// The phone as it is kept, when nothing is wrong.
fn check(state: &State, draft: &NeedDraft, area: Option<AreaId>) -> Result<String> {
    let (pack, limits) = (&state.pack.dispatch, &state.pack.intake);
    let mut faults = Faults::default();
    faults.unless(area.is_some(), "area", "area-missing", "Choose the area in which help is needed.");
    faults.unless(!draft.title.trim().is_empty(), "title", "need-title-missing", "Say in a few words what is needed.");
    if draft.title.chars().count() > limits.title_max {
        faults.add(
            "title",
            "title-long",
            format!("The title is too long; at most {} characters fit.", limits.title_max),
        );
    }
    for (field, text) in [("text", &draft.text), ("risk_text", &draft.risk_text), ("place", &draft.place)] {
        if text.chars().count() > limits.text_max {
            faults.add(
                field,
                "text-long",
                format!("The text is too long; at most {} characters fit.", limits.text_max),
            );
        }
    }
    work(state, draft, &mut faults);
    if pack.risk(&draft.risk).is_none() {
        let known: Vec<&str> = pack.risks.iter().map(|risk| risk.code.as_str()).collect();
        faults.add("risk", "risk-unknown", format!("{:?} is no risk; known: {}.", draft.risk, known.join(", ")));
    }
    let detail = "Say what is risky about it, or that nothing is: without it nobody is asked.";
    faults.unless(!draft.risk_text.trim().is_empty(), "risk_text", "risk-text-missing", detail);
    let detail = format!("{} is no priority; use 1, 2, 4 or 8.", draft.priority);
    faults.unless(matches!(draft.priority, 1 | 2 | 4 | 8), "priority", "priority-unknown", &detail);
    window(state, draft.kind, (draft.opens_at, draft.closes_at), draft.minutes, &mut faults);
    let contact = &draft.contact;
    let named = !contact.name.trim().is_empty() && contact.name.chars().count() <= NAME_MOST;
    faults.unless(named, "name", "name-form", "Give the name of the one who is helped.");
    let detail = "Give the address the helper goes to; it is shown only to those who said yes.";
    let addressed = !contact.address.trim().is_empty() && contact.address.chars().count() <= 200;
    faults.unless(addressed, "address", "need-address-missing", detail);
    let phone = normalise_phone(&contact.phone);
    if let Err(fault) = &phone {
        faults.add("phone", "phone-invalid", fault.to_string());
    }
    faults.end()?;
    phone.map_err(|error| Error::internal(&error))
}

fn work(state: &State, draft: &NeedDraft, faults: &mut Faults) {
    let pack = &state.pack.dispatch;
    for skill in &draft.skills {
        if pack.skill(skill).is_none() {
            let known: Vec<&str> = pack.skills.iter().map(|skill| skill.code.as_str()).collect();
            faults.add("skills", "skill-unknown", format!("{skill:?} is no skill; known: {}.", known.join(", ")));
        }
    }
    match draft.kind {
        NeedKind::Help => {
            faults.unless(!draft.skills.is_empty(), "skills", "skills-missing", "Tick at least one thing to be done.");
            head(draft.head, faults);
        }
        NeedKind::Goods => {
            if pack.item(&draft.item).is_none() {
                let known: Vec<&str> = pack.items.iter().map(|item| item.code.as_str()).collect();
                faults.add(
                    "item",
                    "item-unknown",
                    format!("{:?} is no item; known: {}.", draft.item, known.join(", ")),
                );
            }
            let detail = format!("{} is out of bounds; use 1 to {QUANTITY_MOST}.", draft.head);
            faults.unless((1..=QUANTITY_MOST).contains(&draft.head), "head", "head-range", &detail);
        }
    }
}

pub(super) fn head(head: i64, faults: &mut Faults) {
    let detail = format!("{head} helpers is out of bounds; use 1 to {HEAD_MOST}.");
    faults.unless((1..=HEAD_MOST).contains(&head), "head", "head-range", &detail);
}

/// Between when the help is wanted, and whether it fits into a part of a day: a helper's time is kept by such parts.
pub(super) fn window(
    state: &State,
    kind: NeedKind,
    (opens, closes): (Timestamp, Timestamp),
    minutes: i64,
    faults: &mut Faults,
) {
    let now = state.now();
    if closes <= opens {
        return faults.add("closes", "window-order", "The end must be after the beginning.");
    }
    if closes <= now {
        return faults.add("closes", "window-past", "The end is in the past; choose a time to come.");
    }
    if closes.since(now) > AHEAD {
        return faults.add("closes", "window-far", "Help can be asked for up to 90 days ahead.");
    }
    if kind == NeedKind::Goods {
        return;
    }
    if !(5..=1_440).contains(&minutes) {
        return faults.add("minutes", "minutes-range", format!("{minutes} minutes is out of bounds; use 5 to 1440."));
    }
    if slots(state).fitting(opens.max(now), closes, minutes).is_empty() {
        let parts: Vec<String> =
            state.pack.dispatch.parts.iter().map(|part| part.strftime("%H:%M").to_string()).collect();
        let detail = format!(
            "{minutes} minutes do not fit into one part of the day within this time; parts begin at {}. Ask for less, or for each part on its own.",
            parts.join(", ")
        );
        faults.add("minutes", "window-part", detail);
    }
}
