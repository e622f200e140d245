//! [`Error`] as a response: problem+json (RFC 9457). The error itself rides along as an extension, `Arc<Error>`, so that
//! the layer that draws pages can show it in HTML instead.

use std::sync::Arc;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Error, FieldError};

/// A refusal (RFC 9457): compare `code`; `errors` says which members are wrong, `allowed` what is possible now. The empty
/// members are left out.
#[derive(Debug, Serialize, ToSchema)]
pub struct Problem<'a> {
    #[serde(rename = "type")]
    pub kind: String,
    pub title: &'static str,
    pub status: u16,
    pub code: &'static str,
    pub detail: &'a str,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub errors: &'a [FieldError],
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    pub allowed: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<&'a str>,
}

impl<'a> From<&'a Error> for Problem<'a> {
    fn from(error: &'a Error) -> Self {
        let row = error.code().row();
        Self {
            kind: format!("/docs/errors#{}", row.name),
            title: row.title,
            status: row.status,
            code: row.name,
            detail: error.detail(),
            errors: error.fields(),
            allowed: error.allowed(),
            reference: error.reference(),
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = (status, Json(Problem::from(&self))).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if let Some(seconds) = self.retry_after() {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if status == StatusCode::UNAUTHORIZED {
            // RFC 9110, 11.6.1: a 401 names a way to authenticate.
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"muster\""));
        }
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn body(response: Response) -> serde_json::Value {
        let bytes = axum::body::to_bytes(response.into_body(), 10_000).await.unwrap();
        serde_json::from_slice(&bytes).unwrap()
    }

    #[tokio::test]
    async fn a_problem_has_the_members_of_rfc_9457_and_ours() {
        let response = Error::conflict("A closed case takes no answer.", ["reopen"]).into_response();
        assert_eq!(response.status(), StatusCode::CONFLICT);
        assert_eq!(response.headers()[header::CONTENT_TYPE], "application/problem+json");
        assert_eq!(response.extensions().get::<Arc<Error>>().unwrap().allowed(), ["reopen"]);
        assert_eq!(
            body(response).await,
            serde_json::json!({
                "type": "/docs/errors#illegal-move", "title": "Not possible in this state", "status": 409,
                "code": "illegal-move", "detail": "A closed case takes no answer.", "allowed": ["reopen"],
            })
        );
    }

    #[tokio::test]
    async fn fields_carry_pointers_and_waiting_carries_seconds() {
        let response = Error::invalid("text", "too-long", "At most 2000 characters; this has 2001.").into_response();
        assert_eq!(body(response).await["errors"][0]["pointer"], "/text");
        assert_eq!(Error::rate_limited(17).into_response().headers()[header::RETRY_AFTER], "17");
        assert!(Error::unauthenticated().into_response().headers().contains_key(header::WWW_AUTHENTICATE));
    }
}
