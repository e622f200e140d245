//! What a request says beside its body: who asks, which version it knows, the key under which it may be repeated.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::header::{AUTHORIZATION, IF_MATCH, IF_NONE_MATCH};
use axum::http::{HeaderMap, HeaderName, request::Parts};
use muster_core::people::Actor;

use crate::error::{Code, Error};
use crate::who::Who;

/// Whoever asks, signed in or not. A token that nobody holds is refused, so that staff whose session has ended do not
/// act as strangers without knowing.
#[derive(Debug)]
pub(super) struct Caller(pub(super) Actor);

/// Someone signed in: known before the body is read. What they may do is for the use-case to say.
#[derive(Debug)]
pub(super) struct Member {
    pub(super) actor: Actor,
    pub(super) token: String,
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let actor = parts.extensions.get::<Who>().map_or(Actor::Anonymous, |who| who.actor.clone());
        if actor == Actor::Anonymous && parts.headers.contains_key(AUTHORIZATION) {
            return Err(Error::unauthenticated());
        }
        Ok(Self(actor))
    }
}

impl<S: Sync> FromRequestParts<S> for Member {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let who = parts.extensions.get::<Who>().cloned();
        let (actor, token) = who.and_then(|who| Some((who.actor, who.token?))).ok_or_else(Error::unauthenticated)?;
        Ok(Self { actor, token })
    }
}

/// The entity tag of a version.
pub(super) fn etag(version: i64) -> String {
    format!("\"{version}\"")
}

/// The version a change is meant for; `None` without the header and for `*`.
#[derive(Debug)]
pub(super) struct IfMatch(pub(super) Option<i64>);

/// No row has this version: a tag that is none of ours matches nothing.
const NO_VERSION: i64 = 0;

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let Some(text) = one(&parts.headers, &IF_MATCH)? else { return Ok(Self(None)) };
        match text.trim() {
            "*" => Ok(Self(None)),
            // RFC 9110, 13.1.1: compared strongly, so a weak tag never matches.
            weak if weak.starts_with("W/\"") => Ok(Self(Some(NO_VERSION))),
            tag => match tag.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
                Some(inner) if !inner.contains('"') => Ok(Self(Some(inner.parse().unwrap_or(NO_VERSION)))),
                _ => {
                    let detail =
                        format!("If-Match is {tag:?}; send the ETag as it came, such as \"3\" with its quotes.");
                    Err(Error::new(Code::MalformedRequest, detail))
                }
            },
        }
    }
}

/// The versions a client already has.
#[derive(Debug)]
pub(super) struct IfNoneMatch(Vec<String>);

impl IfNoneMatch {
    /// RFC 9110, 13.1.2: compared weakly, and `*` means any version.
    pub(super) fn has(&self, version: i64) -> bool {
        let ours = etag(version);
        self.0.iter().any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == ours)
    }
}

impl<S: Sync> FromRequestParts<S> for IfNoneMatch {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let lines = parts.headers.get_all(IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        Ok(Self(lines.flat_map(|line| line.split(',')).map(|tag| tag.trim().to_owned()).collect()))
    }
}

/// The key under which a request may be sent again and gets its first answer.
#[derive(Debug)]
pub(super) struct IdempotencyKey(String);

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
const KEY_MOST: usize = 200;
/// All strangers share one scope: a key must be too long to be guessed, as a UUID is.
const STRANGERS_KEY_LEAST: usize = 16;

impl IdempotencyKey {
    /// The key as `actor` may use it.
    pub(super) fn of(&self, actor: &Actor) -> Result<&str, Error> {
        if *actor == Actor::Anonymous && self.0.len() < STRANGERS_KEY_LEAST {
            return Err(Error::idempotency_key_wrong(format!(
                "The Idempotency-Key has {} characters; without an account at least {STRANGERS_KEY_LEAST} are needed, \
                 so that nobody guesses it. Use a random UUID.",
                self.0.len()
            )));
        }
        Ok(&self.0)
    }
}

impl<S: Sync> FromRequestParts<S> for IdempotencyKey {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let wrong = Error::idempotency_key_wrong;
        let mut values = parts.headers.get_all(IDEMPOTENCY_KEY).iter();
        let (first, second) = (values.next(), values.next());
        let key = first.map(|value| value.as_bytes().trim_ascii()).unwrap_or_default();
        if second.is_some() {
            return Err(wrong("There are two Idempotency-Key headers; send one.".to_owned()));
        }
        if key.is_empty() {
            let detail = "Send an Idempotency-Key header: a new random UUID for each new report, the same one when you repeat it.";
            return Err(wrong(detail.to_owned()));
        }
        if key.len() > KEY_MOST {
            let detail =
                format!("The Idempotency-Key has {} characters; at most {KEY_MOST} fit. Use a random UUID.", key.len());
            return Err(wrong(detail));
        }
        match std::str::from_utf8(key) {
            Ok(text) if text.bytes().all(|byte| (b' '..=b'~').contains(&byte)) => Ok(Self(text.to_owned())),
            _ => Err(wrong(
                "The Idempotency-Key may hold printable ASCII characters only. Use a random UUID.".to_owned(),
            )),
        }
    }
}

/// The secret of a case, where the client knows it.
#[derive(Debug)]
pub(super) struct CaseSecret(pub(super) Option<String>);

const CASE_SECRET: HeaderName = HeaderName::from_static("case-secret");

impl<S: Sync> FromRequestParts<S> for CaseSecret {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        Ok(Self(one(&parts.headers, &CASE_SECRET)?.map(str::to_owned)))
    }
}

/// The one value of a header.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, Error> {
    let mut values = headers.get_all(name).iter();
    let wrong = |detail: &str| Error::new(Code::MalformedRequest, format!("The header {name} {detail}."));
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| wrong("holds characters that are not ASCII")),
        (Some(_), Some(_)) => Err(wrong("is there twice; send it once")),
    }
}
