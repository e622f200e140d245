//! What pages fetch besides themselves: styles, scripts, icons, and the bell that keeps lists fresh.

use std::convert::Infallible;
use std::time::Duration;

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG, IF_NONE_MATCH};
use axum::http::{HeaderMap, StatusCode};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt};
use muster_core::people::{Action, scope};
use serde::Deserialize;
use tokio_stream::wrappers::BroadcastStream;

use super::frame::Frame;
use crate::error::{Error, Result};
use crate::extract::{ApiPath, ApiQuery};
use crate::usecase::deny;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Version {
    v: String,
}

pub(super) async fn asset(
    ApiPath(name): ApiPath<String>,
    ApiQuery(asked): ApiQuery<Version>,
    headers: HeaderMap,
) -> Result<Response> {
    let (bytes, kind, etag) = crate::assets::get(&name).ok_or_else(Error::not_found)?;
    let tag = format!("\"{etag}\"");
    let cache = if asked.v == etag { "public, max-age=31536000, immutable" } else { "no-cache" };
    if headers.get(IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == tag.as_bytes()) {
        return Ok((StatusCode::NOT_MODIFIED, [(ETAG, tag), (CACHE_CONTROL, cache.to_owned())]).into_response());
    }
    let headers = [(CONTENT_TYPE, kind.to_owned()), (ETAG, tag), (CACHE_CONTROL, cache.to_owned())];
    Ok((headers, bytes).into_response())
}

/// Says that some case changed; what changed, the page asks for itself, with its own permission.
pub(super) async fn events(frame: Frame) -> Result<Sse<impl Stream<Item = std::result::Result<Event, Infallible>>>> {
    scope(frame.actor(), Action::CaseList).map_err(deny)?;
    let bell = BroadcastStream::new(frame.state.bell.subscribe());
    // A browser drops an event whose data is empty.
    let rings = bell.map(|_| Ok(Event::default().event("change").data("case")));
    Ok(Sse::new(rings).keep_alive(KeepAlive::new().interval(Duration::from_secs(20))))
}
