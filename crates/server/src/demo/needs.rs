//! What help is asked for in the demo city on the morning after the month, and some who were invited to it.

use anyhow::Context;
use muster_core::area::AreaId;
use muster_core::dispatch::offer::NeedKind;
use muster_core::people::Role;
use muster_core::time::Timestamp;
use serde::Deserialize;

use super::city::City;
use crate::state::State;
use crate::usecase::need::Contact;
use crate::usecase::need_post::{NeedDraft, need_post};
use crate::usecase::offer_invite::offer_invite;

#[derive(Deserialize)]
struct Needs {
    need: Vec<Entry>,
}

#[derive(Deserialize)]
struct Entry {
    area: i64,
    title: String,
    text: String,
    place: String,
    name: String,
    phone: String,
    address: String,
    skills: Vec<String>,
    head: i64,
    days: i64,
    hour: i64,
    hours: i64,
    minutes: i64,
    priority: i64,
    vulnerable: bool,
    invite: bool,
}

/// At `end`, for the days after it.
pub async fn needs(state: &State, city: &City, end: Timestamp) -> anyhow::Result<()> {
    let needs: Needs = toml::from_str(include_str!("../../../../demo/needs.toml"))?;
    let calendar = &state.pack.calendar;
    let midnight = calendar.day_bounds(calendar.local_date(end)).0;
    let coordinator =
        city.actor(Role::Coordinator, state.pack.root_area, None).context("the city has a coordinator")?;
    for entry in needs.need {
        let opens_at = midnight.plus(entry.days * Timestamp::DAY + entry.hour * Timestamp::HOUR);
        let draft = NeedDraft {
            kind: NeedKind::Help,
            case: String::new(),
            part: None,
            area: Some(AreaId::new(entry.area)?),
            title: entry.title,
            text: entry.text,
            place: entry.place,
            contact: Contact { name: entry.name, phone: entry.phone, address: entry.address },
            skills: entry.skills,
            head: entry.head,
            item: String::new(),
            opens_at,
            closes_at: opens_at.plus(entry.hours * Timestamp::HOUR),
            minutes: entry.minutes,
            risk: "none".to_owned(),
            risk_text: "日常帮忙，无特别风险".to_owned(),
            priority: entry.priority,
            vulnerable: entry.vulnerable,
        };
        let posted = need_post(state, coordinator, &draft).await?;
        if entry.invite {
            offer_invite(state, coordinator, posted.code.as_str(), &[]).await.ok();
        }
    }
    Ok(())
}
