//! What the pages of needs and offers show, from the rows.

use muster_core::dispatch::offer::OfferState;
use muster_core::id::OfferId;
use muster_core::people::Action;
use muster_core::time::Timestamp;
use muster_store::dispatch::{NeedRow, OfferRow, ResourceRow};

use super::frame::{Frame, can};
use super::help::skill_ticks;
use super::needs::Typed;
use super::words::groups;
use crate::error::Result;
use crate::usecase::need::slots;
use crate::usecase::need_candidates::{Barred, Candidate, need_candidates};
use crate::usecase::need_view::{NeedSeen, need_view};
use crate::usecase::offer_own::{OwnOffer, is_waiting};
use crate::view::needs::{CandidateLine, NeedFormPage, NeedLine, NeedPage, OfferLine, OfferShown};
use crate::view::{Choice, Group};

pub(super) fn line(frame: &Frame, need: &NeedRow, area: String) -> NeedLine {
    let pack = &frame.state.pack.dispatch;
    let skill = |code: &str| pack.skill(code).map_or_else(|| code.to_owned(), |skill| frame.name(&skill.name));
    let what: Vec<String> = need.skills().map(skill).collect();
    let item = need.item.as_deref().and_then(|code| pack.item(code));
    NeedLine {
        code: need.code.as_str().to_owned(),
        title: need.title.clone(),
        area,
        window: span(frame, need.opens_at, need.closes_at),
        what: item.map_or_else(|| what.join(&frame.shell("needs-page").t("notice-and")), |item| frame.name(&item.name)),
        state: need.state.as_str().to_owned(),
        head: need.head,
        filled: need.filled,
        missing: need.missing(),
        urgent: need.priority == 8,
        minutes: need.minutes,
        risk: pack.risk(&need.risk).map_or_else(|| need.risk.clone(), |risk| frame.name(&risk.name)),
        risk_text: need.risk_text.clone(),
    }
}

/// A day with its hours: `5月12日 周二 09:00–11:00`.
pub(super) fn span(frame: &Frame, from: Timestamp, until: Timestamp) -> String {
    let calendar = &frame.state.pack.calendar;
    let (begin, end) = (frame.when(from), frame.when(until));
    if calendar.local_date(from) == calendar.local_date(until.plus(-1)) {
        let close = calendar.local(until);
        let close = if close.hour() == 0 && close.minute() == 0 {
            "24:00".to_owned()
        } else {
            close.strftime("%H:%M").to_string()
        };
        format!("{}–{close}", begin.text)
    } else {
        format!("{} – {}", begin.text, end.text)
    }
}

fn priorities(frame: &Frame) -> Vec<Group> {
    let shell = frame.shell("needs-page");
    let options = ["1", "2", "4", "8"].map(|code| Choice::new(code, shell.label("need-priority", code)));
    vec![Group { label: String::new(), options: options.into() }]
}

pub(super) async fn form_page(frame: &Frame, typed: &Typed) -> Result<NeedFormPage> {
    let places = frame.places().await?;
    let risks = frame.state.pack.dispatch.risks.iter().map(|risk| Choice::new(&risk.code, frame.name(&risk.name)));
    let item = |item: &muster_core::pack::Item| {
        Choice::new(&item.code, format!("{} ({})", frame.name(&item.name), frame.name(&item.unit)))
    };
    let items = frame.state.pack.dispatch.items.iter().map(item);
    Ok(NeedFormPage {
        items: vec![Group { label: String::new(), options: items.collect() }],
        shell: frame.shell("need-post-page"),
        form: typed.form(),
        areas: places.choices(),
        skills: skill_ticks(frame, &typed.skill),
        risks: vec![Group { label: String::new(), options: risks.collect() }],
        priorities: priorities(frame),
    })
}

/// `back` is what was typed, of which offer, when it was not taken.
pub(super) async fn need_page(frame: &Frame, code: &str, back: Option<(&Typed, Option<OfferId>)>) -> Result<NeedPage> {
    let seen = need_view(&frame.state, frame.actor(), code).await?;
    let over = seen.need.state.is_over();
    let may = |action: Action| can(frame.actor(), action, &seen.subject);
    let may_invite = may(Action::OfferInvite) && seen.need.state.as_str() == "open";
    let found = if may_invite { Some(need_candidates(&frame.state, frame.actor(), code).await?) } else { None };
    let (best, barred, ask) = found.map(|found| (found.best, found.barred, found.ask)).unwrap_or_default();
    let NeedSeen { need, case, area, offers, .. } = &seen;
    let typed = back.map(|(typed, _)| typed.clone()).unwrap_or_default();
    let offer = |(offer, resource): &(OfferRow, ResourceRow)| {
        let own = back.filter(|(_, of)| *of == Some(offer.id)).map(|(typed, _)| typed.minutes.clone());
        let staff = may(Action::OfferWithdraw);
        OfferLine {
            may_withdraw: staff && matches!(offer.state, OfferState::Invited | OfferState::Accepted),
            may_miss: staff && offer.state == OfferState::Accepted && need.opens_at <= frame.state.now(),
            may_confirm: may(Action::OfferSettle) && offer.state == OfferState::Done && offer.confirmed_at.is_none(),
            digits: if staff && offer.state == OfferState::Accepted {
                offer.meeting_code.clone()
            } else {
                String::new()
            },
            minutes_id: format!("minutes-{}", offer.id),
            minutes_typed: own.unwrap_or_else(|| offer.minutes.unwrap_or_default().to_string()),
            ..offer_line(frame, need, offer, resource)
        }
    };
    Ok(NeedPage {
        shell: frame.shell("need-page"),
        code_groups: groups(need.code.as_str()),
        case: case.clone().unwrap_or_default(),
        text: need.text.clone(),
        place: need.place.clone(),
        vulnerable: need.vulnerable,
        version: need.version,
        offers: offers.iter().map(offer).collect(),
        candidates: best.iter().map(|one| candidate(frame, need, one)).collect(),
        barred: barred.iter().map(|one| kept_out(frame, one)).collect(),
        ask: ask.min(best.len()),
        may_invite,
        may_change: may(Action::NeedChange) && !over,
        head: if typed.head.is_empty() { need.head.to_string() } else { typed.head },
        priority: if typed.priority.is_empty() { need.priority.to_string() } else { typed.priority },
        priorities: priorities(frame),
        reason: typed.reason,
        need: line(frame, need, area.clone()),
    })
}

fn offer_line(frame: &Frame, need: &NeedRow, offer: &OfferRow, resource: &ResourceRow) -> OfferLine {
    OfferLine {
        id: offer.id.to_string(),
        resource: resource.code.to_string(),
        name: called(frame, resource),
        state: offer.state.as_str().to_owned(),
        when: slot_span(frame, need, offer.slot),
        until: frame.when(offer.expires_at).text,
        reason: offer.decline_reason.clone().unwrap_or_default(),
        minutes: offer.minutes,
        confirmed: offer.confirmed_minutes,
        ..OfferLine::default()
    }
}

fn slot_span(frame: &Frame, need: &NeedRow, slot: i64) -> String {
    let (from, until) = slots(&frame.state).bounds(slot);
    span(frame, from.max(need.opens_at), until.min(need.closes_at))
}

/// A person by the family name, all else by its own.
fn called(frame: &Frame, row: &ResourceRow) -> String {
    if row.kind == muster_core::dispatch::registry::ResourceKind::Volunteer {
        frame.shell("needs-page").with("resources-person", "name", &row.name)
    } else {
        row.name.clone()
    }
}

fn candidate(frame: &Frame, need: &NeedRow, one: &Candidate) -> CandidateLine {
    CandidateLine {
        code: one.row.code.as_str().to_owned(),
        name: called(frame, &one.row),
        km: format!("{:.1}", one.km),
        chance: (one.chance * 100.0).round() as i64,
        week: one.week,
        when: slot_span(frame, need, one.slot),
        why: Vec::new(),
    }
}

fn kept_out(frame: &Frame, one: &Barred) -> CandidateLine {
    CandidateLine {
        code: one.row.code.to_string(),
        name: called(frame, &one.row),
        why: one.why.clone(),
        ..CandidateLine::default()
    }
}

/// An invitation on the page of the one invited.
pub(super) fn own_offer(frame: &Frame, own: &OwnOffer) -> OfferShown {
    let (OwnOffer { offer, need, area, .. }, state) = (own, own.offer.state);
    let facts = line(frame, need, area.clone());
    let waiting = is_waiting(&frame.state, offer);
    OfferShown {
        id: offer.id.to_string(),
        // What nobody answered in time is over, also before a job has seen it.
        state: if state == OfferState::Invited && !waiting { "expired".to_owned() } else { state.as_str().to_owned() },
        title: facts.title,
        text: need.text.clone(),
        area: facts.area,
        place: need.place.clone(),
        when: span(frame, own.from, own.until),
        minutes: need.minutes,
        risk: facts.risk,
        risk_text: facts.risk_text,
        until: frame.when(offer.expires_at).text,
        waiting,
        accepted: state == OfferState::Accepted,
        here: state == OfferState::CheckedIn,
        agreement: frame.state.pack.dispatch.risk(&need.risk).is_some_and(|risk| risk.agreement),
        contact: own.contact.clone().map(|contact| (contact.name, contact.phone, contact.address)),
        said: offer.minutes,
        confirmed: offer.confirmed_minutes,
        cancelled: need.reason.clone().filter(|_| state == OfferState::Withdrawn).unwrap_or_default(),
        digits_id: format!("digits-{}", offer.id),
        minutes_id: format!("minutes-{}", offer.id),
        agreed_id: format!("agreed-{}", offer.id),
    }
}
