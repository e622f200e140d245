//! A unit asks that a case be parked (挂账): on a ground of the pack, until a day on which it is looked at again.

use jiff::ToSpan;
use jiff::civil::Date;
use muster_core::people::{Action, Actor};
use muster_core::process::Move;
use muster_store::process::{CaseRow, RequestRow, request_insert, requests_of_case};

use super::act::{Act, Words, reason};
use super::dispatch::open_task;
use super::extension_ask::request;
use crate::error::{Error, FieldError, Result};
use crate::state::State;

#[derive(Clone, Debug, Default)]
pub struct Parking {
    /// A ground of the pack.
    pub ground: String,
    /// The day of review, as `2026-12-31`.
    pub review: String,
    pub reason: String,
    pub version: Option<i64>,
}

pub async fn parking_ask(state: &State, actor: &Actor, code: &str, asked: &Parking) -> Result<CaseRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut case = act.case(code, Action::ParkingAsk, asked.version).await?;
    let review = check(&act, asked)?;
    let reason = reason(state, &asked.reason)?;
    let task = open_task(&mut act, &case).await?;
    let next = case.state_machine()?.aside(Move::ParkAsk)?;
    let is_open = |row: &RequestRow| row.kind == "park" && row.state == "open";
    if case.parked_until.is_some() || requests_of_case(&mut act.tx, case.id).await?.iter().any(is_open) {
        return Err(Error::invalid("ground", "request-open", "The case is parked, or it has been asked for."));
    }
    let from = case.state;
    case.take(&next);
    let until_at = Some(state.pack.calendar.day_bounds(review).0.0);
    let ground = Some(asked.ground.clone());
    let row = RequestRow { until_at, ground, ..request(&act, &case, &task, "park", &reason) };
    request_insert(&mut act.tx, &row).await?;
    let detail = serde_json::json!({ "ground": asked.ground, "review": review.to_string() });
    act.step(&case, from, Move::ParkAsk, Some(task.id), Words { internal: Some(reason), detail, public: None });
    act.audit(Action::ParkingAsk, "case", case.code.as_str(), None);
    act.update(&mut case).await?;
    act.commit().await?;
    Ok(case)
}

fn check(act: &Act<'_>, asked: &Parking) -> Result<Date> {
    let flow = &act.state.pack.flow;
    let mut faults = Vec::new();
    let mut fault = |field: &str, code: &str, detail: String| {
        faults.push(FieldError { pointer: format!("/{field}"), code: code.to_owned(), detail });
    };
    if !flow.parking.iter().any(|ground| ground.code == asked.ground) {
        let known: Vec<_> = flow.parking.iter().map(|ground| ground.code.as_str()).collect();
        let detail = format!("{:?} is no ground for parking; choose one of: {}.", asked.ground, known.join(", "));
        fault("ground", "ground-unknown", detail);
    }
    let today = act.state.pack.calendar.local_date(act.at);
    let last = today.saturating_add(flow.parking_days.days());
    let review = asked.review.trim().parse::<Date>().ok().filter(|day| *day > today && *day <= last);
    if review.is_none() {
        let detail = format!(
            "{:?} is no day after today and up to {last}; write it like {last}. Basis: {}",
            asked.review, flow.parking_basis
        );
        fault("review", "review-date", detail);
    }
    match review {
        Some(review) if faults.is_empty() => Ok(review),
        _ => Err(Error::invalid_fields(faults)),
    }
}
