//! Photos of a form. A browser sends them as `multipart/form-data`; here such a body becomes the form that handlers read,
//! in which each photo is a token of what was kept (`usecase::photo`). So a form that comes back, for whatever reason,
//! comes back with its photos, and none has to be chosen twice.

use std::net::IpAddr;

use axum::body::{Body, Bytes};
use axum::extract::multipart::Field;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request};
use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Method};
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use muster_core::intake::Photo;
use muster_core::people::Actor;
use muster_store::photo::PhotoHead;
use serde::Deserialize;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::frame::Frame;
use crate::error::{Code, Error, FieldError, Result};
use crate::extract::{ApiPath, PageForm};
use crate::photo::PhotoFault;
use crate::room::Incoming;
use crate::security::ClientAddress;
use crate::state::State;
use crate::usecase::photo::{photo_keep, photo_own, photo_view, photos_kept, thumbs_kept};
use crate::view::photos::{Chooser, Kept, Shown};
use crate::who::Who;

/// The addresses whose forms have photos.
const FORMS: [&str; 8] =
    ["/report/what", "/report/contact", "/report/check", "/report", "/desk", "/desk/lookup", "/desk/alike", "/grid"];
/// The field of files, of tokens of kept photos, and of what was wrong with a file: its number and a code.
const FILE: &str = "photo";
const TOKEN: &str = "photos";
const FAULT: &str = "photo_fault";
/// What a field costs beside its name and value, so that many empty ones are not free.
const FIELD: usize = 64;

/// Whether this request is a form with photos.
pub(super) fn has_photos(head: &Parts) -> bool {
    let kind = head.headers.get(CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let is_multipart = kind.get(..20).is_some_and(|kind| kind.eq_ignore_ascii_case(b"multipart/form-data;"));
    head.method == Method::POST && is_multipart && FORMS.contains(&head.uri.path())
}

/// Reads such a form, keeps its photos, and leaves a plain form in its place.
pub(super) async fn as_form(head: &mut Parts, body: Body, state: &State) -> Result<Bytes> {
    let rule = &state.pack.intake.photos;
    let mut request = Request::from_parts(head.clone(), body);
    // What is too large for a photo is read to its end and forgotten, so that the words beside it are not lost with it.
    DefaultBodyLimit::max(state.config.max_body_bytes + 4 * rule.most.max(1) * rule.bytes_max).apply(&mut request);
    let mut parts = Multipart::from_request(request, state).await?;
    let mut form = Form { state, who: Whose::of(head), pairs: Vec::new(), key: String::new(), files: 0, words: 0 };
    while let Some(field) = parts.next_field().await? {
        form.take(field).await?;
    }
    head.headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    head.headers.remove(CONTENT_LENGTH);
    Ok(url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form.pairs).finish().into())
}

/// Who sends: strangers may keep only so many photos.
struct Whose {
    actor: Actor,
    address: Option<IpAddr>,
}

impl Whose {
    fn of(head: &Parts) -> Self {
        let actor = head.extensions.get::<Who>().map_or(Actor::Anonymous, |who| who.actor.clone());
        let address = head.extensions.get::<ClientAddress>().map(|address| address.0);
        Self { address: address.filter(|_| actor == Actor::Anonymous), actor }
    }
}

struct Form<'a> {
    state: &'a State,
    who: Whose,
    pairs: Vec<(String, String)>,
    /// The form's own, which stands before its photos.
    key: String,
    /// Files so far.
    files: usize,
    /// Bytes of the other fields so far.
    words: usize,
}

impl Form<'_> {
    async fn take(&mut self, field: Field<'_>) -> Result<()> {
        let name = field.name().unwrap_or_default().to_owned();
        match field.file_name() {
            // A file field in which nothing was chosen.
            Some("") => Ok(()),
            Some(_) if name == FILE => self.file(field).await,
            Some(_) => Ok(()),
            None => self.text(name, field).await,
        }
    }

    async fn text(&mut self, name: String, mut field: Field<'_>) -> Result<()> {
        self.words += name.len() + FIELD;
        let mut value = Vec::new();
        while let Some(piece) = field.chunk().await? {
            self.words += piece.len();
            if self.words > self.state.config.max_body_bytes {
                return Err(Error::too_large("The words of this form are larger than it takes. Send less."));
            }
            value.extend_from_slice(&piece);
        }
        let value = String::from_utf8(value).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            Error::new(Code::MalformedText, format!("The field `{name}` is not UTF-8 after byte {at}."))
        })?;
        if name == "key" {
            self.key.clone_from(&value);
        }
        self.pairs.push((name, value));
        Ok(())
    }

    async fn file(&mut self, mut field: Field<'_>) -> Result<()> {
        let number = self.files;
        self.files += 1;
        // Every report has an end; the file after the last that fits says so.
        if number > self.state.pack.intake.photos.most {
            return Ok(());
        }
        let (name, value) = match self.keep(&mut field).await? {
            Ok(token) => (TOKEN, token),
            Err(fault) => (FAULT, format!("{number} {}", fault.code())),
        };
        while field.chunk().await?.is_some() {}
        self.pairs.push((name.to_owned(), value));
        Ok(())
    }

    async fn keep(&self, field: &mut Field<'_>) -> Result<std::result::Result<String, PhotoFault>> {
        let state = self.state;
        if let Some(address) = self.who.address
            && state.limits.photo(address).is_err()
        {
            return Ok(Err(PhotoFault::Busy));
        }
        let mut file = Incoming::default();
        while let Some(piece) = field.chunk().await? {
            if let Err(fault) = state.photos.take(&mut file, &piece, &state.pack.intake.photos) {
                return Ok(Err(fault));
            }
        }
        photo_keep(state, &self.who.actor, &self.key, file).await
    }
}

/// The photos of a form that is being sent.
///
/// # Errors
/// Whatever was wrong with one of them, beside its number.
pub(super) async fn sent(state: &State, tokens: &[String], faults: &[String]) -> Result<Vec<Photo>> {
    untaken(faults)?;
    photos_kept(state, tokens).await
}

/// What was wrong with files of the form, if anything.
pub(super) fn untaken(faults: &[String]) -> Result<()> {
    let fault = |fault: &String| {
        let (number, code) = fault.split_once(' ')?;
        let number: usize = number.parse().ok()?;
        let code = PhotoFault::CODES.into_iter().find(|known| *known == code)?;
        let detail = "This photo was not taken.".to_owned();
        Some(FieldError { pointer: format!("/{FILE}/{number}"), code: code.to_owned(), detail })
    };
    let faults: Vec<FieldError> = faults.iter().filter_map(fault).collect();
    if faults.is_empty() { Ok(()) } else { Err(Error::invalid_fields(faults)) }
}

/// The part of a form in which photos are chosen, with those it has already.
pub(super) async fn chooser(state: &State, tokens: &[String]) -> Result<Chooser> {
    let rule = &state.pack.intake.photos;
    let kept = thumbs_kept(state, tokens).await?.into_iter().map(|(token, thumb)| Kept {
        token,
        picture: format!("data:image/jpeg;base64,{}", BASE64_STANDARD.encode(&*thumb)),
    });
    Ok(Chooser { kept: kept.collect(), most: rule.most, side: rule.side_max })
}

/// The photos of a case, as they are listed before anybody opens one.
pub(super) fn shown(photos: &[PhotoHead]) -> Vec<Shown> {
    let show = |photo: &PhotoHead| Shown { id: photo.id.to_string(), width: photo.width, height: photo.height };
    photos.iter().map(show).collect()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Ask {
    csrf: String,
    secret: String,
}

/// For staff, on the record.
pub(super) async fn view(
    frame: Frame,
    ApiPath((code, id)): ApiPath<(String, Uuid)>,
    PageForm(ask): PageForm<Ask>,
) -> Result<Response> {
    frame.check(&ask.csrf)?;
    Ok(picture(&photo_view(&frame.state, frame.actor(), &code, id).await?))
}

/// For the one who sent it.
pub(super) async fn own(
    frame: Frame,
    ApiPath((code, id)): ApiPath<(String, Uuid)>,
    axum::Extension(ClientAddress(address)): axum::Extension<ClientAddress>,
    PageForm(ask): PageForm<Ask>,
) -> Result<Response> {
    frame.check(&ask.csrf)?;
    frame.state.limits.code(address, &code)?;
    Ok(picture(&photo_own(&frame.state, &code, &ask.secret, id).await?))
}

/// A photo by itself: nothing in it can run, and nothing keeps it.
pub(crate) fn picture(jpeg: &Zeroizing<Vec<u8>>) -> Response {
    let headers = [
        (CONTENT_TYPE, "image/jpeg"),
        (CONTENT_DISPOSITION, "inline; filename=\"photo.jpg\""),
        (CACHE_CONTROL, "private, no-store"),
        (CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; sandbox"),
    ];
    (headers, jpeg.as_slice().to_vec()).into_response()
}
