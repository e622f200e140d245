//! What an account was told, and what it has read.

use axum::response::Response;
use muster_core::send::Way;
use muster_core::time::Timestamp;
use muster_store::notice::ToldRow;
use serde::Deserialize;
use uuid::Uuid;

use super::frame::{Frame, explain, is_about_form};
use crate::error::Result;
use crate::extract::{ApiPath, PageForm};
use crate::usecase::notice_list::{notice_list, notice_read, notices_read, notices_unread};
use crate::usecase::notice_wants::{WantsDraft, notice_wants, notice_wants_set};
use crate::usecase::notice_words::{Wording, code_in};
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
    let page = wants_page(&frame, &typed);
    Ok(frame.draw(&page))
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
    let mut page = wants_page(&frame, &typed);
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

fn wants_page(frame: &Frame, typed: &Wanting) -> WantsPage {
    let shell = frame.shell("wants-page");
    let mut hours: Vec<u8> = (5..=21).collect();
    hours.extend(typed.digest.parse::<u8>().ok().filter(|hour| *hour < 24 && !hours.contains(hour)));
    let hours = hours.iter().map(|hour| Choice::new(hour.to_string(), format!("{hour}:00"))).collect();
    WantsPage {
        ways: [Way::Mail, Way::Sms].map(|way| frame.state.senders.has(way)),
        mail: typed.mail.clone(),
        mail_on: !typed.mail_on.is_empty(),
        phone: typed.phone.clone(),
        phone_on: !typed.phone_on.is_empty(),
        hours: vec![Group { label: String::new(), options: hours }],
        digest: typed.digest.clone(),
        quiet_from: typed.quiet_from.clone(),
        quiet_until: typed.quiet_until.clone(),
        shell,
    }
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
    let code = notice_read(&frame.state, frame.actor(), id).await?;
    Ok(frame.go(&format!("/case/{code}")))
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
