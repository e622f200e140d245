//! Lists: a bounded page and an opaque place from which the next one goes on.

use muster_store::process::{CaseOrder, Cursor};
use serde::Serialize;
use utoipa::ToSchema;

use crate::error::{Code, Error, Result};

/// One page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Page<T> {
    pub(super) items: Vec<T>,
    /// Send it as `cursor` to get the next page; null on the last.
    pub(super) next: Option<String>,
}

const LIMIT_DEFAULT: i64 = 30;
const LIMIT_MOST: i64 = 100;

pub(super) fn limit(asked: Option<i64>) -> Result<i64> {
    match asked.unwrap_or(LIMIT_DEFAULT) {
        limit @ 1..=LIMIT_MOST => Ok(limit),
        other => {
            let detail = format!("A page has 1 to {LIMIT_MOST} items; {other} was asked for.");
            Err(Error::invalid("limit", "limit-range", detail))
        }
    }
}

pub(super) fn cursor_wrong(cursor: &str) -> Error {
    let detail =
        format!("{cursor:?} is no cursor of this list; send `next` of the page before, with the same filters.");
    Error::new(Code::MalformedRequest, detail)
}

/// The word of an order, which a cursor carries: a place in one order is none in the other.
pub(super) fn order_word(order: CaseOrder) -> &'static str {
    match order {
        CaseOrder::Due => "due",
        CaseOrder::Newest => "newest",
    }
}

pub(super) fn case_cursor(order: CaseOrder, cursor: Cursor) -> String {
    format!("{}.{}.{}", order_word(order), cursor.key, cursor.id.simple())
}

pub(super) fn read_case_cursor(order: CaseOrder, text: &str) -> Result<Cursor> {
    let parts: Vec<&str> = text.split('.').collect();
    let read = |key: &str, id: &str| Some(Cursor { key: key.parse().ok()?, id: id.parse().ok()? });
    match parts[..] {
        [word, key, id] if word == order_word(order) => read(key, id).ok_or_else(|| cursor_wrong(text)),
        _ => Err(cursor_wrong(text)),
    }
}

impl<T> Page<T> {
    /// A page of rows of which one more than `limit` was read; `place` is what the list is ordered by.
    pub(super) fn cut<'a, R>(rows: &'a [R], limit: i64, place: impl Fn(&R) -> String) -> Self
    where
        T: From<&'a R>,
    {
        let shown = &rows[..rows.len().min(limit as usize)];
        let next = shown.last().filter(|_| rows.len() > shown.len()).map(place);
        Self { items: shown.iter().map(T::from).collect(), next }
    }

    /// A list that is short by nature.
    pub(super) fn whole(items: Vec<T>) -> Self {
        Self { items, next: None }
    }
}
