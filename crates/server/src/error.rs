//! Every refusal the server can utter: one table of stable codes, one error type, named constructors.
//!
//! Which one to use: a use-case returns [`Error`] built by a constructor below, so wording lives here. What the store or
//! the disk did wrong goes through [`Error::internal`], which logs the cause once and shows only a reference.

use std::error::Error as StdError;
use std::fmt::{self, Write};

use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

tokio::task_local! {
    /// The request being handled by this task; the guard in `security` sets it. It only ever ends in logs and references.
    pub(crate) static REQUEST: Uuid;
}

/// The stable names of all errors. Adding one means adding its row to [`CODES`]; renaming one breaks clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    MalformedRequest,
    MalformedJson,
    MalformedText,
    MalformedMultipart,
    KeyWrong,
    Unauthenticated,
    SignatureWrong,
    Forbidden,
    CrossSite,
    NotFound,
    MethodNotAllowed,
    RequestTimeout,
    IllegalMove,
    PartsOpen,
    KeyInProgress,
    StaleEtag,
    TooLarge,
    UnsupportedMediaType,
    Invalid,
    KeyReused,
    RateLimited,
    Internal,
    Unavailable,
    FontMissing,
}

/// One row of the table of codes.
#[derive(Clone, Copy, Debug)]
pub struct CodeRow {
    pub code: Code,
    /// What clients compare, and the anchor in the reference: kebab-case, never changed.
    pub name: &'static str,
    pub status: u16,
    pub title: &'static str,
    /// What the reader of the reference should do.
    pub advice: &'static str,
}

const fn row(code: Code, name: &'static str, status: u16, title: &'static str, advice: &'static str) -> CodeRow {
    CodeRow { code, name, status, title, advice }
}

/// In the order of [`Code`], which is by status.
pub const CODES: [CodeRow; 24] = [
    row(
        Code::MalformedRequest,
        "malformed-request",
        400,
        "The request cannot be read",
        "Compare path, query and form fields with the API description.",
    ),
    row(
        Code::MalformedJson,
        "malformed-json",
        400,
        "The body is not JSON",
        "Mend the JSON at the line and column named.",
    ),
    row(
        Code::MalformedText,
        "malformed-text",
        400,
        "The text is not UTF-8",
        "Send text encoded as UTF-8, without NUL characters.",
    ),
    row(
        Code::MalformedMultipart,
        "malformed-multipart",
        400,
        "The multipart body cannot be read",
        "Send every part with its headers and end with the closing boundary.",
    ),
    row(
        Code::KeyWrong,
        "idempotency-key-wrong",
        400,
        "The Idempotency-Key is missing or unusable",
        "Send an Idempotency-Key header with a new random UUID for each new request.",
    ),
    row(
        Code::Unauthenticated,
        "unauthenticated",
        401,
        "Sign in first",
        "Sign in, or send a valid token; the session may have ended.",
    ),
    row(
        Code::SignatureWrong,
        "signature-wrong",
        401,
        "The message is not signed as it must be",
        "Sign id, time and body with the secret of the hook, and compare the clocks of both machines.",
    ),
    row(
        Code::Forbidden,
        "forbidden",
        403,
        "Not allowed",
        "Your role does not include this act; ask the person who grants roles.",
    ),
    row(
        Code::CrossSite,
        "cross-site-request",
        403,
        "The form did not come from this site, or is too old",
        "Open the page again and send it from there.",
    ),
    row(
        Code::NotFound,
        "not-found",
        404,
        "Nothing here",
        "Check the code or the address. What lies outside your jurisdiction is answered in the same way.",
    ),
    row(Code::MethodNotAllowed, "method-not-allowed", 405, "Not with this method", "Use a method of the Allow header."),
    row(
        Code::RequestTimeout,
        "request-timeout",
        408,
        "The request came too slowly",
        "Send it again over a better connection.",
    ),
    row(
        Code::IllegalMove,
        "illegal-move",
        409,
        "Not possible in this state",
        "Choose one of the acts in `allowed`, or read the case again: someone may have been faster.",
    ),
    row(
        Code::PartsOpen,
        "parts-open",
        409,
        "Parts of the work are still open",
        "Finish or call off the parts that `detail` names, then repeat the act.",
    ),
    row(
        Code::KeyInProgress,
        "idempotency-key-in-progress",
        409,
        "The same request is being handled",
        "Wait as long as Retry-After says and repeat the request with the same key.",
    ),
    row(
        Code::StaleEtag,
        "stale-etag",
        412,
        "It was changed in the meantime",
        "Read it again, compare, and send the change with the new ETag in If-Match.",
    ),
    row(
        Code::TooLarge,
        "too-large",
        413,
        "Too large",
        "Send less; whoever runs the server sets the limit as `max_body_bytes`.",
    ),
    row(
        Code::UnsupportedMediaType,
        "unsupported-media-type",
        415,
        "Unsupported content type",
        "Set the Content-Type the detail asks for.",
    ),
    row(Code::Invalid, "invalid", 422, "Some fields need attention", "Mend each field listed in `errors`."),
    row(
        Code::KeyReused,
        "idempotency-key-reused",
        422,
        "This key was used for another request",
        "Make a new Idempotency-Key for each new request; repeat a key only with the same body.",
    ),
    row(Code::RateLimited, "rate-limited", 429, "Too many requests", "Wait as many seconds as Retry-After says."),
    row(
        Code::Internal,
        "internal",
        500,
        "Something went wrong on our side",
        "Nothing was saved unless you were told so. Try again; name the reference when you ask for help.",
    ),
    row(
        Code::Unavailable,
        "unavailable",
        503,
        "Not available at the moment",
        "Wait as many seconds as Retry-After says and try again.",
    ),
    row(
        Code::FontMissing,
        "font-missing",
        503,
        "There is no font to print with",
        "Install the Debian package fonts-noto-cjk on the server, or set the key `fonts` to a folder with Noto CJK fonts.",
    ),
];

impl Code {
    pub fn row(self) -> &'static CodeRow {
        // INVARIANT: CODES is in the order of the enum; a test compares them.
        &CODES[self as usize]
    }
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldError {
    /// JSON pointer (RFC 6901) into the body, such as `/place/area`; or a slash and the name of a query parameter.
    pub pointer: String,
    /// Kebab-case, such as `required` or `too-long`: pages translate it.
    pub code: String,
    /// One plain sentence that names the value and what to try.
    pub detail: String,
}

/// A refusal on its way to the caller. Small: the contents are boxed.
#[derive(Debug)]
pub struct Error(Box<Inner>);

#[derive(Debug)]
struct Inner {
    code: Code,
    detail: String,
    fields: Vec<FieldError>,
    allowed: Vec<String>,
    retry_after: Option<u64>,
    reference: Option<String>,
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self(Box::new(Inner {
            code,
            detail: detail.into(),
            fields: Vec::new(),
            allowed: Vec::new(),
            retry_after: None,
            reference: None,
        }))
    }

    /// Not there, or not to be seen by this person: the answer is the same, so that nobody learns which.
    pub fn not_found() -> Self {
        Self::new(Code::NotFound, "There is nothing under this address, or it is not in your jurisdiction.")
    }

    /// The act is not possible in this state; `allowed` names the acts that are.
    pub fn conflict(detail: impl Into<String>, allowed: impl IntoIterator<Item = impl Into<String>>) -> Self {
        let mut error = Self::new(Code::IllegalMove, detail);
        error.0.allowed = allowed.into_iter().map(Into::into).collect();
        error
    }

    /// One field is wrong; add others with [`Error::and`]. `field` is a name (`text`), a path (`place.area`) or a JSON
    /// pointer (`/place/area`).
    pub fn invalid(field: &str, code: &str, detail: impl Into<String>) -> Self {
        Self::new(Code::Invalid, "Some fields need attention.").and(field, code, detail)
    }

    /// Several fields are wrong at once. INVARIANT: `fields` is not empty.
    pub fn invalid_fields(fields: Vec<FieldError>) -> Self {
        debug_assert!(!fields.is_empty(), "an invalid request has at least one wrong field");
        let mut error = Self::new(Code::Invalid, "Some fields need attention.");
        error.0.fields = fields;
        error
    }

    #[must_use]
    pub fn and(mut self, field: &str, code: &str, detail: impl Into<String>) -> Self {
        self.0.fields.push(FieldError { pointer: pointer(field), code: code.to_owned(), detail: detail.into() });
        self
    }

    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(Code::Forbidden, detail)
    }

    pub fn unauthenticated() -> Self {
        Self::new(Code::Unauthenticated, "Sign in, or send a valid token.")
    }

    pub fn cross_site() -> Self {
        Self::new(
            Code::CrossSite,
            "The form carries no valid token of this site. Open the page again and send it from there.",
        )
    }

    pub fn rate_limited(seconds: u64) -> Self {
        let mut error = Self::new(Code::RateLimited, format!("Too many tries. Try again in {seconds} s."));
        error.0.retry_after = Some(seconds);
        error
    }

    pub fn stale_etag() -> Self {
        Self::new(Code::StaleEtag, "It was changed after you read it. Read it again and repeat the change.")
    }

    /// `detail` says what is wrong with the key and what to send.
    pub fn idempotency_key_wrong(detail: String) -> Self {
        Self::new(Code::KeyWrong, detail)
    }

    pub fn idempotency_key_reused() -> Self {
        Self::new(Code::KeyReused, "This Idempotency-Key belongs to a request with another body. Make a new key.")
    }

    pub fn idempotency_key_in_progress() -> Self {
        let mut error = Self::new(Code::KeyInProgress, "A request with this Idempotency-Key is being handled.");
        error.0.retry_after = Some(1);
        error
    }

    /// `what` names the thing that is too large and its limit.
    pub fn too_large(what: impl Into<String>) -> Self {
        Self::new(Code::TooLarge, what)
    }

    pub fn unavailable(seconds: u64) -> Self {
        let mut error = Self::new(Code::Unavailable, format!("Not available at the moment. Try again in {seconds} s."));
        error.0.retry_after = Some(seconds);
        error
    }

    /// Logs the cause once and shows only a reference: the id of the request it happened in, if any.
    pub fn internal(cause: &(dyn StdError + 'static)) -> Self {
        let reference = REQUEST.try_with(ToString::to_string).ok();
        tracing::error!(reference, cause = %Chain(cause), "internal error");
        let mut error = Self::new(Code::Internal, "Something went wrong on our side.");
        error.0.reference = reference;
        error
    }

    pub fn code(&self) -> Code {
        self.0.code
    }

    pub fn status(&self) -> u16 {
        self.0.code.row().status
    }

    pub fn detail(&self) -> &str {
        &self.0.detail
    }

    pub fn fields(&self) -> &[FieldError] {
        &self.0.fields
    }

    /// The first complaint about `field` (name, path or pointer), for the page that shows it beside its input.
    pub fn field(&self, field: &str) -> Option<&FieldError> {
        let wanted = pointer(field);
        self.0.fields.iter().find(|error| error.pointer == wanted)
    }

    pub fn allowed(&self) -> &[String] {
        &self.0.allowed
    }

    pub fn retry_after(&self) -> Option<u64> {
        self.0.retry_after
    }

    pub fn reference(&self) -> Option<&str> {
        self.0.reference.as_deref()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code.row().name, self.0.detail)?;
        for field in &self.0.fields {
            write!(f, " {}: {}", field.pointer, field.detail)?;
        }
        Ok(())
    }
}

impl StdError for Error {}

/// `text` and `place.area` become `/text` and `/place/area`; a pointer stays as it is.
fn pointer(field: &str) -> String {
    if field.is_empty() || field.starts_with('/') { field.to_owned() } else { format!("/{}", field.replace('.', "/")) }
}

/// An error and its sources on one line, each once.
struct Chain<'a>(&'a (dyn StdError + 'static));

impl fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)?;
        let mut source = self.0.source();
        while let Some(cause) = source {
            write!(f, ": {cause}")?;
            source = cause.source();
        }
        Ok(())
    }
}

/// The page `docs/reference/errors.md`, made from [`CODES`].
pub fn reference() -> String {
    let mut page = String::from(
        "# Errors\n\n<!-- Made from the table in crates/server/src/error.rs; \
         `UPDATE=1 cargo test -p muster-server error` writes it. -->\n\n\
         Every refusal of the API is `application/problem+json` (RFC 9457): `type` (this page with the code as its\n\
         anchor), `title`, `status`, `code`, `detail`, and where they help `errors` (one entry a field: `pointer`, `code`,\n\
         `detail`), `allowed` (the acts possible now), `reference` (name it when you ask for help). Compare `code`; the\n\
         sentences may change. `429` and `503` carry `Retry-After` in seconds.\n\n\
         | code | status | title | what to do |\n|---|---|---|---|\n",
    );
    for row in &CODES {
        let _ = writeln!(
            page,
            "| <a id=\"{}\"></a>`{}` | {} | {} | {} |",
            row.name, row.name, row.status, row.title, row.advice
        );
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_complete_ordered_and_unique() {
        for (index, row) in CODES.iter().enumerate() {
            assert_eq!(row.code as usize, index, "{} stands in the wrong place", row.name);
            assert!(row.name.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{} is not kebab-case", row.name);
            assert_eq!(CODES.iter().filter(|other| other.name == row.name).count(), 1);
        }
        assert!(CODES.is_sorted_by_key(|row| row.status));
        assert_eq!(Code::FontMissing as usize + 1, CODES.len(), "the last code has its row");
    }

    #[test]
    fn the_reference_page_is_fresh() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/errors.md");
        if std::env::var_os("UPDATE").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, reference()).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(committed, reference(), "run: UPDATE=1 cargo test -p muster-server error");
    }

    #[test]
    fn fields_are_found_by_name_path_or_pointer() {
        let error =
            Error::invalid("text", "required", "Say what is needed.").and("place.area", "unknown", "No area 31x.");
        assert_eq!(error.fields().len(), 2);
        assert_eq!(error.field("place.area").unwrap().pointer, "/place/area");
        assert_eq!(error.field("/text").unwrap().code, "required");
        assert!(error.field("title").is_none());
        assert_eq!(
            error.to_string(),
            "invalid: Some fields need attention. /text: Say what is needed. /place/area: No area 31x."
        );
    }

    #[tokio::test]
    async fn an_internal_error_shows_the_reference_and_not_the_cause() {
        let cause = std::io::Error::other("password of the database is hunter2");
        assert_eq!(Error::internal(&cause).reference(), None, "a job has no request");
        let error = REQUEST.scope(Uuid::nil(), async { Error::internal(&cause) }).await;
        assert_eq!(error.reference(), Some(Uuid::nil().to_string().as_str()));
        assert!(!format!("{error} {error:?}").contains("hunter2"));
        assert_eq!(error.status(), 500);
    }
}
