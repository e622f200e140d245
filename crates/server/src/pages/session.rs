//! Signing in and out, and how the pages are shown.

use axum::Extension;
use axum::response::Response;
use muster_core::people::Actor;
use serde::Deserialize;

use super::frame::{ELDER_COOKIE, Frame, LANG_COOKIE, explain, is_about_form};
use super::kept::kept;
use crate::error::Result;
use crate::extract::{ApiQuery, PageForm};
use crate::i18n::Lang;
use crate::security::ClientAddress;
use crate::usecase::session::{session_login, session_logout};
use crate::view::Elder;
use crate::view::error::KeptPage;
use crate::view::people::LoginPage;
use crate::who::{SESSION_COOKIE, Who};

const YEAR: u64 = 365 * 24 * 3600;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    login: String,
    password: String,
    next: String,
    held: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Next {
    next: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Preference {
    csrf: String,
    back: String,
    elder: String,
    lang: String,
}

pub(super) async fn form(frame: Frame, ApiQuery(Next { next }): ApiQuery<Next>) -> Response {
    let page = LoginPage { shell: frame.shell("login-page"), login: String::new(), next, held: String::new() };
    frame.draw(&page)
}

pub(super) async fn login(
    mut frame: Frame,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let signed = match frame.state.limits.login(address, &typed.login) {
        Ok(()) => session_login(&frame.state, &typed.login, &typed.password).await,
        Err(error) => Err(error),
    };
    match signed {
        Ok(signed) => {
            let cookie = frame.jar().set(SESSION_COOKIE, &signed.token, None);
            frame.set_cookie(cookie);
            frame.signed_in_as(Who { actor: Actor::Account(signed.account), token: Some(signed.token) });
            Ok(enter(frame, local(&typed.next), &typed.held))
        }
        Err(error) if is_about_form(&error) => {
            let mut shell = frame.shell("login-page");
            explain(&mut shell, &error, str::to_owned);
            let page = LoginPage { shell, login: typed.login, next: typed.next, held: typed.held };
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

/// To where this person was going, or to the first page of the day; with the form that was under way, if there was one.
fn enter(frame: Frame, next: Option<String>, held: &str) -> Response {
    let home = Frame::home_of(frame.actor()).to_owned();
    let kept = next.as_deref().and_then(|next| kept(&frame, next, held.as_bytes(), true));
    match kept {
        Some(kept) => {
            let page = KeptPage { shell: frame.shell("kept-page"), kept };
            frame.draw(&page)
        }
        None if held.is_empty() => frame.go(&next.unwrap_or(home)),
        // A form without words of one's own, such as accepting, is not sent again unseen.
        None => frame.go(&home),
    }
}

pub(super) async fn logout(mut frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    if let Some(token) = frame.who.token.clone() {
        session_logout(&frame.state, frame.actor(), &token).await?;
    }
    let cookie = frame.jar().clear(SESSION_COOKIE);
    frame.set_cookie(cookie);
    Ok(frame.go("/"))
}

pub(super) async fn preference(mut frame: Frame, PageForm(typed): PageForm<Preference>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    if let Some(elder) = Elder::parse(&typed.elder) {
        let cookie = frame.jar().set(ELDER_COOKIE, elder.code(), Some(YEAR));
        frame.set_cookie(cookie);
    }
    if let Some(lang) = Lang::parse(&typed.lang) {
        let cookie = frame.jar().set(LANG_COOKIE, lang.code(), Some(YEAR));
        frame.set_cookie(cookie);
    }
    let back = local(&typed.back).unwrap_or_else(|| "/".to_owned());
    Ok(frame.go(&back))
}

/// An address on this site, or none: nobody is sent elsewhere.
fn local(address: &str) -> Option<String> {
    let ours = address.starts_with('/') && !address.starts_with("//") && !address.contains(['\\', '\r', '\n']);
    ours.then(|| address.to_owned())
}
