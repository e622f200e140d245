//! What programmers who use the API look up here.

use axum::response::Response;

use super::frame::Frame;
use crate::error::CODES;
use crate::view::error::ErrorsPage;

pub(super) async fn errors(frame: Frame) -> Response {
    let page = ErrorsPage { shell: frame.shell("errors-page"), rows: &CODES };
    frame.draw(&page)
}
