//! The one who is helped: who comes, that they are there, how long it took. And certificates, for anybody to verify.

use axum::Extension;
use axum::response::Response;
use jiff::civil::Date;
use muster_core::dispatch::offer::OfferState;
use muster_core::id::{Code, OfferId};
use muster_core::people::Action;
use muster_core::time::date_of_number;
use serde::Deserialize;

use super::frame::{Frame, explain, holds, is_about_form};
use super::need_lines::span;
use super::resources::view_page;
use super::words::groups;
use crate::error::{Error, Result};
use crate::extract::{ApiPath, PageForm};
use crate::security::ClientAddress;
use crate::usecase::need_served::{Served, need_served, offer_confirm};
use crate::usecase::offer_done::offer_arrived;
use crate::usecase::service_certify::{service_certify, service_revoke, service_verify};
use crate::view::needs::{HelperShown, ServePage, VerifyPage};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    secret: String,
    offer: String,
    minutes: String,
    reason: String,
    from: String,
    until: String,
}

/// Where the slip leads: the code is filled in, the secret is not.
pub(super) async fn form(frame: Frame, ApiPath(code): ApiPath<String>) -> Result<Response> {
    let code: Code = code.parse().map_err(|_| Error::not_found())?;
    let page = closed(&frame, &code);
    Ok(frame.draw(&page))
}

pub(super) async fn open(
    frame: Frame,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let found = match frame.state.limits.code(address, &code) {
        Ok(()) => need_served(&frame.state, &code, &typed.secret).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(served) => {
            let page = opened(&frame, &served, &typed.secret);
            Ok(frame.draw(&page))
        }
        Err(error) => {
            let known: Code = code.parse().map_err(|_| Error::not_found())?;
            let mut page = closed(&frame, &known);
            if error.status() == 404 {
                page.shell.refuse("secret", "not-found", None);
            } else {
                explain(&mut page.shell, &error, str::to_owned);
            }
            Ok(frame.draw_error(&error, &page))
        }
    }
}

pub(super) async fn arrived(
    frame: Frame,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    frame.state.limits.code(address, &code)?;
    let offer: OfferId = typed.offer.parse().map_err(|_| Error::not_found())?;
    let done = offer_arrived(&frame.state, &code, &typed.secret, offer).await;
    after(frame, &code, &typed, done.map(drop)).await
}

pub(super) async fn confirm(
    frame: Frame,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    frame.state.limits.code(address, &code)?;
    let offer: OfferId = typed.offer.parse().map_err(|_| Error::not_found())?;
    let minutes = typed.minutes.trim().parse().unwrap_or(-1);
    let done = offer_confirm(&frame.state, &code, &typed.secret, offer, minutes).await;
    after(frame, &code, &typed, done.map(drop)).await
}

async fn after(frame: Frame, code: &str, typed: &Typed, done: Result<()>) -> Result<Response> {
    let served = match &done {
        Err(error) if !is_about_form(error) => return Err(done.err().unwrap_or_else(Error::not_found)),
        _ => need_served(&frame.state, code, &typed.secret).await?,
    };
    let mut page = opened(&frame, &served, &typed.secret);
    match done {
        Ok(()) => Ok(frame.draw(&page)),
        Err(error) => {
            explain(&mut page.shell, &error, |_| format!("minutes-{}", typed.offer));
            Ok(frame.draw_error(&error, &page))
        }
    }
}

fn closed(frame: &Frame, code: &Code) -> ServePage {
    ServePage {
        shell: frame.shell("serve-page"),
        code: code.as_str().to_owned(),
        code_groups: groups(code.as_str()),
        secret: String::new(),
        opened: false,
        title: String::new(),
        window: String::new(),
        state: String::new(),
        helpers: Vec::new(),
    }
}

fn opened(frame: &Frame, served: &Served, secret: &str) -> ServePage {
    let need = &served.need;
    let helpers = served.helpers.iter().map(|helper| HelperShown {
        id: helper.offer.id.to_string(),
        name: helper.name.clone(),
        when: span(frame, helper.from, helper.until),
        state: helper.offer.state.as_str().to_owned(),
        digits: helper.offer.meeting_code.clone(),
        coming: helper.offer.state == OfferState::Accepted,
        said: helper.offer.minutes,
        confirmed: helper.offer.confirmed_minutes,
        may_confirm: helper.may_confirm,
        minutes_id: format!("minutes-{}", helper.offer.id),
    });
    ServePage {
        secret: secret.to_owned(),
        opened: true,
        title: need.title.clone(),
        window: span(frame, need.opens_at, need.closes_at),
        state: need.state.as_str().to_owned(),
        helpers: helpers.collect(),
        ..closed(frame, &need.code)
    }
}

pub(super) async fn verify(frame: Frame, ApiPath(code): ApiPath<String>) -> Result<Response> {
    let page = certificate(&frame, &code, "").await?;
    Ok(frame.draw(&page))
}

/// A coordinator gives a certificate of what was confirmed from one day to another.
pub(super) async fn certify(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let day = |field: &str, text: &str| {
        let wrong = |_| Error::invalid(field, "time-form", format!("{text:?} is no day; write 2026-05-31."));
        text.trim().parse::<Date>().map_err(wrong)
    };
    let given = match (day("from", &typed.from), day("until", &typed.until)) {
        (Ok(from), Ok(until)) => service_certify(&frame.state, frame.actor(), &code, from, until).await,
        (Err(error), _) | (_, Err(error)) => Err(error),
    };
    match given {
        Ok(given) => Ok(frame.go(&format!("/verify/{}", given.as_str()))),
        Err(error) if is_about_form(&error) => {
            let mut page = view_page(&frame, &code).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn revoke(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    match service_revoke(&frame.state, frame.actor(), &code, &typed.reason).await {
        Ok(()) => Ok(frame.go(&format!("/verify/{code}"))),
        Err(error) if is_about_form(&error) => {
            let mut page = certificate(&frame, &code, &typed.reason).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn certificate(frame: &Frame, code: &str, reason: &str) -> Result<VerifyPage> {
    let found = service_verify(&frame.state, code).await?;
    let row = &found.row;
    let day = |day: i64| date_of_number(day).map(|day| day.to_string()).unwrap_or_default();
    Ok(VerifyPage {
        shell: frame.shell("verify-page"),
        code: row.code.as_str().to_owned(),
        code_groups: groups(row.code.as_str()),
        holder: found.holder.to_string(),
        name: frame.shell("verify-page").with("resources-person", "name", &found.name),
        from: day(row.from_day),
        until: day(row.until_day),
        minutes: row.minutes,
        times: row.times,
        issued: frame.when(row.issued_at).text,
        genuine: found.genuine,
        revoked: row.revoked_at.map(|_| row.reason.clone().unwrap_or_default()),
        may_revoke: row.revoked_at.is_none() && holds(frame.actor(), Action::ServiceRevoke),
        reason: reason.to_owned(),
    })
}
