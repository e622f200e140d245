//! What somebody who was invited says on their own page: yes or no, that they are there, that it is done.

use axum::Extension;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::Response;
use muster_core::id::OfferId;
use serde::Deserialize;

use super::frame::{Frame, explain, is_about_form};
use super::help_me::page;
use crate::error::{Code, Error, Result};
use crate::extract::{ApiPath, PageForm};
use crate::security::ClientAddress;
use crate::state::State;
use crate::usecase::offer_answer::{OfferAnswer, offer_answer};
use crate::usecase::offer_done::{offer_check_in, offer_done};
use crate::usecase::resource_own::resource_own;
use crate::view::Notice;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    secret: String,
    answer: String,
    agreed: String,
    reason: String,
    digits: String,
    minutes: String,
}

/// A form about an invitation of one's own: sent from our page, and no more often than a secret may be tried.
pub(super) struct MyOffer {
    frame: Frame,
    code: String,
    id: OfferId,
    typed: Typed,
}

impl FromRequest<State> for MyOffer {
    type Rejection = Error;

    async fn from_request(request: Request, state: &State) -> Result<Self> {
        let (mut parts, body) = request.into_parts();
        let frame = Frame::from_request_parts(&mut parts, state).await?;
        let ApiPath((code, id)) = ApiPath::<(String, OfferId)>::from_request_parts(&mut parts, state).await?;
        let Extension(ClientAddress(address)) = Extension::from_request_parts(&mut parts, state).await?;
        let PageForm(typed) = PageForm::<Typed>::from_request(Request::from_parts(parts, body), state).await?;
        frame.check(&typed.csrf)?;
        frame.state.limits.code(address, &code)?;
        Ok(Self { frame, code, id, typed })
    }
}

pub(super) async fn answer(MyOffer { frame, code, id, typed }: MyOffer) -> Result<Response> {
    let yes = match typed.answer.as_str() {
        "yes" => true,
        "no" => false,
        other => return Err(Error::new(Code::MalformedRequest, format!("{other:?} is no answer; use yes or no."))),
    };
    let answer = OfferAnswer { yes, agreed: typed.agreed == "yes", reason: typed.reason.clone() };
    let done = offer_answer(&frame.state, id, (&code, &typed.secret), &answer).await.map(drop);
    after(frame, &code, (id, &typed), done, if yes { "own-answered-yes" } else { "own-answered-no" }).await
}

pub(super) async fn here(MyOffer { frame, code, id, typed }: MyOffer) -> Result<Response> {
    let done = offer_check_in(&frame.state, id, (&code, &typed.secret), &typed.digits).await.map(drop);
    after(frame, &code, (id, &typed), done, "own-arrived").await
}

pub(super) async fn done(MyOffer { frame, code, id, typed }: MyOffer) -> Result<Response> {
    let minutes = typed.minutes.trim().parse().unwrap_or(-1);
    let done = offer_done(&frame.state, id, (&code, &typed.secret), minutes).await.map(drop);
    after(frame, &code, (id, &typed), done, "own-finished").await
}

/// One's own page again: with what was noted, or why it was not.
async fn after(
    frame: Frame,
    code: &str,
    (id, typed): (OfferId, &Typed),
    done: Result<()>,
    said: &str,
) -> Result<Response> {
    if let Err(error) = done {
        if !is_about_form(&error) {
            return Err(error);
        }
        let entry = resource_own(&frame.state, code, &typed.secret).await?;
        let mut page = page(&frame, &entry, &typed.secret, None).await?;
        explain(&mut page.shell, &error, |field| format!("{field}-{id}"));
        return Ok(frame.draw_error(&error, &page));
    }
    let entry = resource_own(&frame.state, code, &typed.secret).await?;
    let mut page = page(&frame, &entry, &typed.secret, None).await?;
    page.shell.notice = Some(Notice { good: true, text: page.shell.t(said).into_owned() });
    Ok(frame.draw(&page))
}
