//! Help that is asked for, for staff: the list, the form, and one need with whom to invite.

use axum::response::Response;
use jiff::civil::{Date, Time};
use muster_core::dispatch::offer::NeedKind;
use muster_core::id::OfferId;
use muster_core::people::Action;
use muster_core::time::Timestamp;
use serde::Deserialize;

use super::frame::{Frame, explain, holds, is_about_form};
use super::need_lines::{form_page, line, need_page};
use super::words::groups;
use crate::error::{Error, Result};
use crate::extract::{ApiPath, ApiQuery, PageForm};
use crate::usecase::need::Contact;
use crate::usecase::need_change::{NeedChange, need_cancel, need_change};
use crate::usecase::need_post::{NeedDraft, Posted, need_post};
use crate::usecase::need_served::offer_settle;
use crate::usecase::need_view::{need_list, need_view, need_wanted};
use crate::usecase::offer_invite::offer_invite;
use crate::usecase::offer_withdraw::{offer_no_show, offer_withdraw};
use crate::view::needs::{HelpPage, NeedForm, NeedPostedPage, NeedsPage};
use crate::view::qr::Qr;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    all: String,
    case: String,
    /// Number of the part of the case's work.
    part: String,
    /// `goods`, or nothing for helpers.
    kind: String,
}

/// Every form about a need; the names of the fields of [`NeedForm`].
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    kind: String,
    case: String,
    part: String,
    item: String,
    area: String,
    title: String,
    text: String,
    place: String,
    name: String,
    phone: String,
    address: String,
    pub(super) skill: Vec<String>,
    pub(super) head: String,
    day: String,
    from: String,
    until: String,
    pub(super) minutes: String,
    risk: String,
    risk_text: String,
    pub(super) priority: String,
    vulnerable: String,
    pub(super) reason: String,
    resource: Vec<String>,
    version: String,
}

impl Typed {
    pub(super) fn form(&self) -> NeedForm {
        let typed = self.clone();
        NeedForm {
            goods: typed.kind == "goods",
            case: typed.case,
            part: typed.part,
            item: typed.item,
            area: typed.area,
            title: typed.title,
            text: typed.text,
            place: typed.place,
            name: typed.name,
            phone: typed.phone,
            address: typed.address,
            head: typed.head,
            day: typed.day,
            from: typed.from,
            until: typed.until,
            minutes: typed.minutes,
            risk: typed.risk,
            risk_text: typed.risk_text,
            priority: typed.priority,
            vulnerable: typed.vulnerable == "yes",
        }
    }
}

/// `GET /help`: what is wanted near by, for anybody.
pub(super) async fn wanted(frame: Frame) -> Result<Response> {
    let wanted = need_wanted(&frame.state, None).await?;
    let lines = wanted.needs.iter().map(|(need, area)| line(&frame, need, area.clone())).collect();
    let page = HelpPage { shell: frame.shell("wanted-page"), lines, open: wanted.open, helpers: wanted.helpers };
    Ok(frame.draw(&page))
}

pub(super) async fn list(frame: Frame, ApiQuery(asked): ApiQuery<Asked>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let (case, all) = (Some(asked.case.as_str()).filter(|case| !case.is_empty()), asked.all == "yes");
    let (needs, total) = need_list(&frame.state, frame.actor(), case, all || case.is_some()).await?;
    let places = frame.places().await?;
    let page = NeedsPage {
        shell: frame.shell("needs-page"),
        lines: needs.iter().map(|need| line(&frame, need, places.area(need.area))).collect(),
        total,
        all,
        may_post: holds(frame.actor(), Action::NeedPost),
        case: asked.case,
    };
    Ok(frame.draw(&page))
}

pub(super) async fn form(frame: Frame, ApiQuery(asked): ApiQuery<Asked>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    if !holds(frame.actor(), Action::NeedPost) {
        return Err(Error::forbidden("This account has no role that may ask for help."));
    }
    let tomorrow = frame.state.pack.calendar.local_date(frame.state.now().plus(Timestamp::DAY)).to_string();
    let risk = frame.state.pack.dispatch.risks.first().map(|risk| risk.code.clone()).unwrap_or_default();
    let typed = Typed {
        kind: asked.kind,
        case: asked.case,
        part: asked.part,
        head: "1".to_owned(),
        day: tomorrow,
        from: "09:00".to_owned(),
        until: "11:00".to_owned(),
        minutes: "60".to_owned(),
        priority: "2".to_owned(),
        risk,
        ..Typed::default()
    };
    let page = form_page(&frame, &typed).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn post(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let posted = match draft(&frame, &typed).await {
        Ok(draft) => need_post(&frame.state, frame.actor(), &draft).await,
        Err(error) => Err(error),
    };
    match posted {
        Ok(posted) => {
            let page = slip(&frame, &posted);
            Ok(frame.draw(&page))
        }
        Err(error) if is_about_form(&error) => {
            let mut page = form_page(&frame, &typed).await?;
            explain(&mut page.shell, &error, |field| if field == "closes" { "until" } else { field }.to_owned());
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

fn slip(frame: &Frame, posted: &Posted) -> NeedPostedPage {
    let address = format!("{}/serve/{}", frame.origin().unwrap_or_default(), posted.code.as_str());
    NeedPostedPage {
        shell: frame.shell("need-posted-page"),
        code: posted.code.as_str().to_owned(),
        code_groups: groups(posted.code.as_str()),
        secret: groups(&posted.secret),
        qr: frame.origin().and_then(|_| Qr::of(&address)),
        address,
    }
}

async fn draft(frame: &Frame, typed: &Typed) -> Result<NeedDraft> {
    let places = frame.places().await?;
    let number = |text: &str| text.trim().parse::<i64>().unwrap_or(-1);
    let wrong = |field: &str, text: &str| {
        Error::invalid(field, "time-form", format!("{text:?} is no day or time; write 2026-05-31 and 09:30."))
    };
    let day: Date = typed.day.trim().parse().map_err(|_| wrong("day", &typed.day))?;
    let instant = |field: &str, text: &str| {
        let time: Time = text.trim().parse().map_err(|_| wrong(field, text))?;
        let at = frame.state.pack.zone.to_ambiguous_timestamp(day.to_datetime(time)).compatible();
        at.map(|at| Timestamp(at.as_microsecond())).map_err(|_| wrong(field, text))
    };
    let Typed { name, phone, address, .. } = typed.clone();
    let goods = typed.kind == "goods";
    let part = Some(typed.part.trim()).filter(|part| !part.is_empty());
    Ok(NeedDraft {
        kind: if goods { NeedKind::Goods } else { NeedKind::Help },
        case: typed.case.clone(),
        part: part.map(number),
        area: places.find(&typed.area),
        title: typed.title.clone(),
        text: typed.text.clone(),
        place: typed.place.clone(),
        contact: Contact { name, phone, address },
        skills: if goods { Vec::new() } else { typed.skill.clone() },
        head: number(&typed.head),
        item: typed.item.clone(),
        opens_at: instant("from", &typed.from)?,
        closes_at: instant("until", &typed.until)?,
        minutes: if goods { 0 } else { number(&typed.minutes) },
        risk: typed.risk.clone(),
        risk_text: typed.risk_text.clone(),
        priority: number(&typed.priority),
        vulnerable: typed.vulnerable == "yes",
    })
}

pub(super) async fn view(frame: Frame, ApiPath(code): ApiPath<String>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = need_page(&frame, &code, None).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn invite(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let done = offer_invite(&frame.state, frame.actor(), &code, &typed.resource).await;
    after(frame, &code, &typed, done.map(drop), None).await
}

pub(super) async fn change(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let number = |text: &str| text.trim().parse::<i64>().unwrap_or(-1);
    let need = need_view(&frame.state, frame.actor(), &code).await?.need;
    let change = NeedChange {
        head: number(&typed.head),
        priority: number(&typed.priority),
        opens_at: need.opens_at,
        closes_at: need.closes_at,
        version: typed.version.parse().ok(),
    };
    let done = need_change(&frame.state, frame.actor(), &code, &change).await;
    after(frame, &code, &typed, done.map(drop), None).await
}

pub(super) async fn cancel(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let done = need_cancel(&frame.state, frame.actor(), &code, &typed.reason).await;
    after(frame, &code, &typed, done.map(drop), None).await
}

pub(super) async fn withdraw(
    frame: Frame,
    ApiPath((code, id)): ApiPath<(String, OfferId)>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let done = offer_withdraw(&frame.state, frame.actor(), &code, id).await;
    after(frame, &code, &typed, done.map(drop), Some(id)).await
}

pub(super) async fn missed(
    frame: Frame,
    ApiPath((code, id)): ApiPath<(String, OfferId)>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let done = offer_no_show(&frame.state, frame.actor(), &code, id).await;
    after(frame, &code, &typed, done.map(drop), Some(id)).await
}

pub(super) async fn confirm(
    frame: Frame,
    ApiPath((code, id)): ApiPath<(String, OfferId)>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let minutes = typed.minutes.trim().parse().unwrap_or(-1);
    let done = offer_settle(&frame.state, frame.actor(), &code, id, minutes).await;
    after(frame, &code, &typed, done.map(drop), Some(id)).await
}

/// The need again: as it is now, or with what was typed and why it was not taken.
async fn after(frame: Frame, code: &str, typed: &Typed, done: Result<()>, of: Option<OfferId>) -> Result<Response> {
    match done {
        Ok(()) => Ok(frame.go(&format!("/needs/{code}"))),
        Err(error) if is_about_form(&error) => {
            let mut page = need_page(&frame, code, Some((typed, of))).await?;
            explain(&mut page.shell, &error, |field| match (field, of) {
                ("minutes", Some(id)) => format!("minutes-{id}"),
                (field, _) => field.to_owned(),
            });
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}
