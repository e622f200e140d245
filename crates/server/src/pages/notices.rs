//! What an account was told, and what it has read.

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use muster_core::send::Way;
use muster_core::time::Timestamp;
use muster_store::notice::ToldRow;
use serde::Deserialize;
use uuid::Uuid;

use super::frame::{Frame, explain, is_about_form};
use crate::error::{Error, Result};
use crate::extract::{ApiPath, PageForm};
use crate::send::Subscription;
use crate::usecase::notice_list::{notice_list, notice_read, notices_read, notices_unread};
use crate::usecase::notice_wants::{WantsDraft, notice_wants, notice_wants_set};
use crate::usecase::notice_words::{Wording, code_in};
use crate::usecase::push_keep;
use crate::view::notices::{NoticesPage, Told, WantsPage};
use crate::view::{Choice, Group, Notice};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    last: i64,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanting {
    csrf: String,
    mail: String,
    mail_on: String,
    phone: String,
    phone_on: String,
    digest: String,
    quiet_from: String,
    quiet_until: String,
}

pub(super) async fn settings(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let wanted = notice_wants(&frame.state, frame.actor()).await?;
    let on = |on: bool| if on { "on".to_owned() } else { String::new() };
    let typed = Wanting {
        csrf: String::new(),
        mail: wanted.mail.to_string(),
        mail_on: on(wanted.mail_on),
        phone: wanted.phone.to_string(),
        phone_on: on(wanted.phone_on),
        digest: wanted.digest_hour.map(|hour| hour.to_string()).unwrap_or_default(),
        quiet_from: time(wanted.quiet.from),
        quiet_until: time(wanted.quiet.until),
    };
    let page = wants_page(&frame, &typed).await?;
    Ok(frame.draw(&page))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Pushing {
    csrf: String,
    endpoint: String,
    p256dh: String,
    auth: String,
}

/// The page's script posts what the browser gave it.
pub(super) async fn push_add(frame: Frame, PageForm(typed): PageForm<Pushing>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let Pushing { endpoint, p256dh, auth, .. } = typed;
    let subscription = Subscription { endpoint, p256dh, auth };
    push_keep::push_add(&frame.state, frame.actor(), &subscription, frame.lang).await?;
    Ok(frame.go("/notices/settings"))
}

pub(super) async fn push_remove(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    push_keep::push_remove(&frame.state, frame.actor(), id).await?;
    Ok(frame.go("/notices/settings"))
}

/// The service worker that shows what is pushed; at an address of its own, so that it serves the notices only.
pub(super) async fn worker() -> Result<Response> {
    let (bytes, kind, _) = crate::assets::get("notices-worker.js").ok_or_else(Error::not_found)?;
    Ok(([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-cache")], bytes).into_response())
}

pub(super) async fn settings_set(frame: Frame, PageForm(typed): PageForm<Wanting>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let draft = WantsDraft {
        mail: typed.mail.clone(),
        mail_on: !typed.mail_on.is_empty(),
        phone: typed.phone.clone(),
        phone_on: !typed.phone_on.is_empty(),
        digest_hour: typed.digest.clone(),
        quiet_from: typed.quiet_from.clone(),
        quiet_until: typed.quiet_until.clone(),
        lang: frame.lang,
    };
    let done = notice_wants_set(&frame.state, frame.actor(), &draft).await;
    let mut page = wants_page(&frame, &typed).await?;
    match done {
        Ok(()) => {
            page.shell.notice = Some(Notice { good: true, text: page.shell.t("wants-kept").into_owned() });
            Ok(frame.draw(&page))
        }
        Err(error) if is_about_form(&error) => {
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn wants_page(frame: &Frame, typed: &Wanting) -> Result<WantsPage> {
    let shell = frame.shell("wants-page");
    let mut hours: Vec<u8> = (5..=21).collect();
    hours.extend(typed.digest.parse::<u8>().ok().filter(|hour| *hour < 24 && !hours.contains(hour)));
    let hours = hours.iter().map(|hour| Choice::new(hour.to_string(), format!("{hour}:00"))).collect();
    let browsers = push_keep::push_list(&frame.state, frame.actor()).await?;
    Ok(WantsPage {
        ways: [Way::Mail, Way::Sms].map(|way| frame.state.senders.has(way)),
        mail: typed.mail.clone(),
        mail_on: !typed.mail_on.is_empty(),
        phone: typed.phone.clone(),
        phone_on: !typed.phone_on.is_empty(),
        hours: vec![Group { label: String::new(), options: hours }],
        digest: typed.digest.clone(),
        quiet_from: typed.quiet_from.clone(),
        quiet_until: typed.quiet_until.clone(),
        push_key: frame.state.senders.push_key(),
        browsers: browsers.iter().map(|browser| (browser.id.to_string(), frame.when(browser.since))).collect(),
        shell,
    })
}

/// Minutes after midnight as on a clock.
fn time(minutes: u16) -> String {
    format!("{:02}:{:02}", minutes / 60, minutes % 60)
}

pub(super) async fn list(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let rows = notice_list(&frame.state, frame.actor()).await?;
    let places = frame.places().await?;
    let wording = Wording { state: &frame.state, lang: frame.lang, units: &places.units };
    let page = NoticesPage {
        unread: notices_unread(&frame.state, frame.actor()).await?,
        last: rows.first().map_or(0, |row| row.at.0),
        notices: rows.iter().map(|row| told(&frame, &wording, row)).collect(),
        shell: frame.shell("notices-page"),
    };
    Ok(frame.draw(&page))
}

/// Opens what a notice is about.
pub(super) async fn read(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let path = notice_read(&frame.state, frame.actor(), id).await?;
    Ok(frame.go(&path))
}

pub(super) async fn read_all(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    notices_read(&frame.state, frame.actor(), Timestamp(typed.last)).await?;
    Ok(frame.go("/notices"))
}

fn told(frame: &Frame, wording: &Wording<'_>, row: &ToldRow) -> Told {
    let (title, body) = wording.of(&row.template, &row.params);
    Told {
        id: row.id.to_string(),
        code: code_in(&row.params),
        title,
        body,
        when: frame.when(row.at),
        is_read: row.read_at.is_some(),
        urgent: row.urgent,
    }
}
