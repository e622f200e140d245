//! The door of message channels: a gateway brings what somebody wrote, and shows them the `reply`.

use std::time::Duration;

use axum::Json;
use axum::body::{Body, BodyDataStream, Bytes};
use axum::extract::{Request, State as Held};
use axum::http::header::CONTENT_TYPE;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use muster_core::intake::{Channel, Draft, Photo};
use muster_core::pack::Name;
use muster_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::OwnedSemaphorePermit;
use utoipa::ToSchema;

use super::refusals::{Body as BodyRefusals, Found, Limited, Refusals, Signature};
use super::report_submit::{NewPhoto, photos};
use crate::error::{Code, Error, Result};
use crate::extract::{ApiPath, parse_json};
use crate::hook::{Hook, Signed};
use crate::i18n::{Lang, Text};
use crate::mail::Mail;
use crate::pages::{groups, when};
use crate::photo::PhotoFault;
use crate::problem::Problem;
use crate::room::Incoming;
use crate::state::State;
use crate::usecase::hook_receive::{Message, hook_open, hook_receive, hook_verify};
use crate::usecase::report_submit::Receipt;

/// For a whole message to come in: a gateway is a server, not a phone.
const BODY_TIME: Duration = Duration::from_mins(1);

/// A message to the city's account in a chat.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChatMessage {
    /// How the channel knows the sender, such as an OpenID. Kept sealed; reports of one sender are one person's.
    from: String,
    /// What happened, in the sender's words.
    #[schema(examples("柳港里社区三号楼的电梯停了两天了。"))]
    text: String,
    #[serde(default)]
    title: String,
    /// Code of the area; without it the first area the text names, or that of the hook.
    #[serde(default)]
    area: String,
    #[serde(default)]
    place: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    phone: String,
    /// Of the reply: `zh` or `en`.
    #[serde(default)]
    lang: String,
    #[serde(default)]
    photos: Vec<NewPhoto>,
}

/// What the gateway shows the sender, and the receipt beside it.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Taken {
    /// Plain text: the code, what happens next and by when, where to follow it.
    reply: String,
    #[serde(flatten)]
    receipt: Receipt,
}

/// A refusal with words for the sender, where the sender can mend it.
#[derive(Debug, Serialize)]
struct Refused<'a> {
    #[serde(flatten)]
    problem: Problem<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reply: Option<String>,
}

/// Bring a message
///
/// Signed as the Standard Webhooks specification says: `webhook-signature` holds `v1,` and the base64 of the HMAC-SHA-256
/// of `id.timestamp.body`. Sent again with the same `webhook-id` and body it gets the first answer. A `422` carries a
/// `reply` too, for the sender to mend: sending the same again is of no use.
#[utoipa::path(
    post, path = "/hooks/{name}", operation_id = "hook_receive", tag = "reports",
    params(
        ("name" = String, Path, description = "Name of the hook in the configuration"),
        ("webhook-id" = String, Header, description = "The same for every try of one message"),
        ("webhook-timestamp" = String, Header, description = "Seconds since 1970 UTC; five minutes either way are taken"),
        ("webhook-signature" = String, Header, description = "`v1,<base64>`, several with spaces between"),
    ),
    request_body(content((ChatMessage = "application/json"), (String = "message/rfc822"))),
    responses(
        (status = 201, description = "Taken in", body = Taken),
        Refusals<Signature, Found, BodyRefusals, Limited>,
    ),
)]
pub(super) async fn handle(
    Held(state): Held<State>,
    ApiPath(name): ApiPath<String>,
    request: Request,
) -> Result<Response> {
    let (Parts { headers: head, .. }, body) = request.into_parts();
    let text = |name: &str| head.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let signed =
        Signed { id: text("webhook-id"), timestamp: text("webhook-timestamp"), signature: text("webhook-signature") };
    // Anybody can send here: nothing is read for a door that is not there, or a head no gateway wrote.
    let hook = hook_open(&state, &name, signed).await?;
    let (body, _room) = read(&state, body).await?;
    hook_verify(&state, hook, signed, &body).await?;
    let Letter { message, lang, left_out } = letter(&state, hook, &head, &body).await?;
    let says = Says { state: &state, text: Text { lang } };
    let taken = match message {
        Ok(message) => hook_receive(&state, hook, signed.id, &body, message).await,
        Err(error) => Err(error),
    };
    Ok(match taken {
        Ok(receipt) => {
            let reply = says.taken(&receipt, left_out);
            (StatusCode::CREATED, Json(Taken { reply, receipt })).into_response()
        }
        Err(error) => says.refused(&error),
    })
}

/// The body, and the room it takes among what may be coming in at once. Room is for what is here, not for what is said to
/// come, and a body has its time.
async fn read(state: &State, body: Body) -> Result<(Bytes, Option<OwnedSemaphorePermit>)> {
    let slow = |_| Error::new(Code::RequestTimeout, "The body came too slowly. Send it again.");
    tokio::time::timeout(BODY_TIME, pieces(state, body.into_data_stream())).await.map_err(slow)?
}

async fn pieces(state: &State, mut body: BodyDataStream) -> Result<(Bytes, Option<OwnedSemaphorePermit>)> {
    let rule = &state.pack.intake.photos;
    // Pictures come in base64, a third longer.
    let most = state.config.max_body_bytes + rule.most * rule.bytes_max / 3 * 4;
    let mut message = Incoming::default();
    while let Some(piece) = body.next().await.transpose()? {
        if message.bytes().len() + piece.len() > most {
            return Err(Error::too_large(format!("A message has at most {most} bytes. Send fewer or smaller photos.")));
        }
        message.take(&state.hooks.coming_in, &piece).ok_or_else(|| Error::unavailable(60))?;
    }
    let (bytes, room) = message.into_parts();
    Ok((bytes.into(), room))
}

struct Letter {
    /// Or what its sender can mend.
    message: Result<Message>,
    lang: Lang,
    /// Attachments that are not taken.
    left_out: usize,
}

async fn letter(state: &State, hook: &Hook, head: &HeaderMap, body: &Bytes) -> Result<Letter> {
    let kind = head.get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let kind = kind.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii().to_ascii_lowercase();
    match (hook.channel, kind.as_slice()) {
        (Channel::Chat, b"application/json") => chat(state, body).await,
        (Channel::Mail, b"message/rfc822") => mail(state, body.clone()).await,
        (channel, _) => {
            let wanted = if channel == Channel::Mail { "message/rfc822" } else { "application/json" };
            Err(Error::new(Code::UnsupportedMediaType, format!("Send the message with `Content-Type: {wanted}`.")))
        }
    }
}

async fn chat(state: &State, body: &[u8]) -> Result<Letter> {
    let sent: ChatMessage = parse_json(body)?;
    let lang = Lang::parse(&sent.lang).unwrap_or_default();
    let photos = match photos(state, &sent.photos).await {
        Ok(photos) => photos,
        Err(error) => return Ok(Letter { message: Err(error), lang, left_out: 0 }),
    };
    let draft = Draft {
        photos,
        text: sent.text,
        title: sent.title,
        place: sent.place,
        name: sent.name,
        phone: sent.phone,
        ..Draft::default()
    };
    Ok(Letter { message: Ok(Message { from: sent.from, area: sent.area, draft }), lang, left_out: 0 })
}

async fn mail(state: &State, body: Bytes) -> Result<Letter> {
    let wrong = || Error::new(Code::MalformedRequest, "The body is no mail: it has no head (RFC 5322).");
    let read = tokio::task::spawn_blocking(move || Mail::read(&body)).await;
    let mail = read.map_err(|panic| Error::internal(&panic))?.ok_or_else(wrong)?;
    if mail.is_automatic {
        let detail = "A machine wrote this mail: nothing was taken in, and nothing should be sent back.";
        return Err(Error::invalid("", "mail-automatic", detail));
    }
    let rule = &state.pack.intake.photos;
    let mut photos: Vec<Photo> = Vec::new();
    let mut left_out = mail.others;
    for picture in &mail.pictures {
        if photos.len() == rule.most {
            left_out += 1;
            continue;
        }
        match state.photos.read_bytes(picture, rule).await {
            Ok((photo, _)) => photos.push(photo),
            Err(PhotoFault::Busy) => return Err(Error::unavailable(60)),
            Err(_) => left_out += 1,
        }
    }
    let (title, text) = fitting(&mail.subject, mail.text, state.pack.intake.title_max);
    // A name longer than anyone's is no name.
    let name = Some(mail.name).filter(|name| name.chars().count() <= 60 && !name.contains('\0')).unwrap_or_default();
    let without_nul = |text: String| text.replace('\0', "");
    let draft = Draft { title: without_nul(title), text: without_nul(text), name, photos, ..Draft::default() };
    let message = Message { from: mail.from, area: String::new(), draft };
    Ok(Letter { message: Ok(message), lang: Lang::default(), left_out })
}

/// Nobody counts the letters of a subject: one that is too long is cut and stands whole above the text; without a text
/// it is the text.
fn fitting(subject: &str, text: String, most: usize) -> (String, String) {
    if text.trim().is_empty() {
        return (String::new(), subject.to_owned());
    }
    if subject.chars().count() <= most {
        return (subject.to_owned(), text);
    }
    let cut: String = subject.chars().take(most - 1).chain(['…']).collect();
    (cut, format!("{subject}\n{text}"))
}

fn named(lang: Lang, name: &Name) -> &str {
    match lang {
        Lang::En if !name.en.is_empty() => &name.en,
        _ => &name.zh,
    }
}

/// Words for the sender.
struct Says<'a> {
    state: &'a State,
    text: Text,
}

impl Says<'_> {
    fn taken(&self, receipt: &Receipt, left_out: usize) -> String {
        let Self { state, text } = self;
        let spaced = |code: &str| groups(code).join(" ");
        let call = receipt.call.as_ref().map(|number| text.with("advice-call", "number", number));
        let mut lines: Vec<String> = call.into_iter().collect();
        lines.extend([
            text.get(if receipt.joined { "hook-joined" } else { "hook-taken" }).into_owned(),
            text.with2("hook-code", "code", spaced(&receipt.code), "secret", spaced(&receipt.secret)),
        ]);
        let refusals = &state.pack.refusals;
        let elsewhere = receipt.elsewhere.as_ref();
        let door = elsewhere.and_then(|reason| refusals.iter().find(|known| known.code == *reason));
        if let Some(known) = door {
            let (reason, door) = (named(text.lang, &known.name), named(text.lang, &known.door));
            lines.push(text.with2("hook-elsewhere", "reason", reason, "door", door));
        }
        let due = receipt.due_at.map(|at| when(&state.pack, text.lang, Timestamp(at)).text).unwrap_or_default();
        lines.push(match &receipt.unit {
            Some(unit) => text.with2("hook-unit", "unit", unit, "due", due),
            None => text.with("hook-open", "due", due),
        });
        if let Some(site) = &state.config.public_url {
            let code: String = receipt.code.chars().filter(|c| *c != '-').collect();
            lines.push(text.with("hook-track", "address", format!("{}/track/{code}", site.as_str())));
        }
        if left_out > 0 {
            lines.push(text.with2("hook-left-out", "n", left_out, "most", state.pack.intake.photos.most));
        }
        lines.join("\n")
    }

    fn refused(&self, error: &Error) -> Response {
        let reply = self.why(error);
        let status = StatusCode::from_u16(error.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut answer = (status, Json(Refused { problem: Problem::from(error), reply })).into_response();
        answer.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = error.retry_after() {
            answer.headers_mut().insert(axum::http::header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        answer
    }

    /// What the sender can mend, or that they should try later.
    fn why(&self, error: &Error) -> Option<String> {
        match error.code() {
            Code::Invalid => {
                // Codes of areas are the gateway's matter.
                let theirs = error.fields().iter().filter(|fault| fault.pointer != "/area");
                let known = theirs.filter(|fault| self.text.has(&format!("problem-{}", fault.code)));
                let why: Vec<_> = known.map(|fault| self.text.label("problem", &fault.code).into_owned()).collect();
                (!why.is_empty()).then(|| self.text.with("hook-refused", "why", why.join(&self.text.get("hook-and"))))
            }
            Code::RateLimited => Some(self.text.count("notice-rate-limited", error.retry_after().unwrap_or(60))),
            _ => None,
        }
    }
}
