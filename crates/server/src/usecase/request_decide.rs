//! A coordinator decides what a unit asked for: more time, or that the case be parked. The resident reads what came of it.

use muster_core::evaluate::Measure;
use muster_core::pack::{ClockKind, Template};
use muster_core::people::{Action, Actor};
use muster_core::process::Move;
use muster_core::time::Timestamp;
use muster_store::process::{CaseRow, RequestRow, clocks_move, request_decide as decide, requests_of_case};
use uuid::Uuid;

use super::act::{Act, Words, fits};
use super::case_line::heard;
use super::dispatch::open_task;
use super::promises::{entry, pause, recount, running};
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Clone, Debug, Default)]
pub struct Decision {
    pub granted: bool,
    /// Required when it is refused.
    pub answer: String,
}

pub async fn request_decide(
    state: &State,
    actor: &Actor,
    code: &str,
    request: Uuid,
    decision: &Decision,
) -> Result<CaseRow> {
    let mut act = Act::begin(state, actor).await?;
    let mut case = act.case(code, Action::RequestDecide, None).await?;
    let rows = requests_of_case(&mut act.tx, case.id).await?;
    let mut row = rows.into_iter().find(|row| row.id == request).ok_or_else(Error::not_found)?;
    let answer = decision.answer.trim();
    if !decision.granted && answer.is_empty() {
        return Err(Error::invalid("answer", "reason-missing", "Say why not; the unit reads it."));
    }
    fits(state, "answer", answer)?;
    if row.state != "open" {
        return Err(Error::conflict(format!("The request is {}.", row.state), Vec::<String>::new()));
    }
    if decision.granted { "granted" } else { "refused" }.clone_into(&mut row.state);
    (row.decided_at, row.decided_by) = (Some(act.at.0), actor.account_id().map(|id| id.0));
    row.answer = Some(answer.to_owned()).filter(|answer| !answer.is_empty());
    decide(&mut act.tx, &row).await?;
    let step = match (row.kind.as_str(), decision.granted) {
        ("extend", true) => Move::Extend,
        ("extend", false) => Move::ExtendRefuse,
        (_, true) => Move::Park,
        (_, false) => Move::ParkRefuse,
    };
    let from = case.state;
    case.take(&case.state_machine()?.aside(step)?);
    match step {
        Move::Extend => {
            extend(&mut act, &case, &row).await?;
            act.count(&case, Measure::Extended);
        }
        Move::Park => park(&mut act, &mut case, &row).await?,
        _ => {}
    }
    let template = match step {
        Move::Extend => Some(Template::Extended),
        Move::Park => Some(Template::Parked),
        _ => None,
    };
    if let Some(template) = template {
        act.notify_unit(&case, template);
        act.notify_reporters(&case, template);
    }
    let detail = serde_json::json!({ "amount": row.amount, "until": row.until_at, "ground": row.ground });
    // What was granted on what ground the resident is told (保定 art. 19, 唐山 arts. 24, 32); a refusal concerns the unit.
    let words = Words { public: decision.granted.then(|| row.reason.clone()), internal: row.answer.clone(), detail };
    act.step(&case, from, step, None, words);
    act.audit(Action::RequestDecide, "case", case.code.as_str(), row.answer.clone());
    act.update(&mut case).await?;
    act.commit().await?;
    Ok(case)
}

/// More time for the unit, and for the city's own word where it is counted alike.
async fn extend(act: &mut Act<'_>, case: &CaseRow, row: &RequestRow) -> Result<()> {
    let amount = row.amount.unwrap_or_default();
    let (mut clocks, entries) = running(&mut act.tx, case).await?;
    let of_task = clocks.iter().find(|clock| clock.is(ClockKind::Answer) && clock.task_id == row.task_id).cloned();
    let Some(owed) = of_task.filter(|clock| clock.broken_at.is_none() && clock.due_at > act.at) else {
        let detail = "The time ran out before anybody decided; refuse the request and say so.";
        return Err(Error::conflict(detail, Vec::<String>::new()));
    };
    let alike = |kind: &str| kind == ClockKind::Answer.code() || kind == ClockKind::Promise.code();
    clocks.retain(|clock| alike(&clock.kind) && clock.budget_unit == owed.budget_unit && clock.broken_at.is_none());
    for clock in &mut clocks {
        let mut extended = entry(act, clock, "extend", act.at, &row.reason);
        clock.extra += amount;
        recount(act.state, clock, &entries)?;
        (extended.amount, extended.due_after) = (Some(amount), clock.due_at.0);
        act.rows.clock_entries.push(extended);
    }
    clocks_move(&mut act.tx, &clocks).await?;
    heard_of(act, case).await
}

async fn park(act: &mut Act<'_>, case: &mut CaseRow, row: &RequestRow) -> Result<()> {
    if row.until_at.is_none_or(|until| Timestamp(until) <= act.at) {
        let detail = "The day of review has passed; refuse the request and say so.";
        return Err(Error::conflict(detail, Vec::<String>::new()));
    }
    (case.parked_until, case.parked_ground) = (row.until_at, row.ground.clone());
    pause(act, case, &row.reason).await?;
    heard_of(act, case).await
}

/// That time was granted, or the case parked, is news for the resident: it counts as feedback.
async fn heard_of(act: &mut Act<'_>, case: &CaseRow) -> Result<()> {
    let task = open_task(act, case).await?;
    heard(act, case, task.id).await
}
