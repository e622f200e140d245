//! One looks back at what was struck off: the figure or the hot spot by itself, everything else by a person. What came back
//! is opened again.

use jiff::ToSpan;
use muster_core::evaluate::finding::{FindingAct, FindingMove, FindingStage, Look, look_at_figure};
use muster_core::people::{Action, Actor};
use muster_core::time::{Timestamp, day_number};
use muster_store::finding::{FindingRow, finding_lock, finding_update, findings_to_look_at};
use muster_store::hotspot::{hotspot_get, hotspots};
use uuid::Uuid;

use super::act::{Act, day, reason};
use super::finding::{hold, owe, take, tell_turn, write};
use super::finding_figure::{Question, answer, higher_is_better};
use super::finding_open::day_end;
use super::tick::BATCH;
use crate::error::{Error, Result};
use crate::state::State;

/// A person says whether it holds.
pub async fn finding_look(
    state: &State,
    actor: &Actor,
    id: Uuid,
    (held, words): (bool, &str),
    version: Option<i64>,
) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let mut row = hold(&mut act, id, Action::FindingLook, version).await?;
    if row.stage == FindingStage::StruckOff && !row.look_asked {
        let detail = "Nobody is asked yet whether it holds; the day of the next look back stands on the page.";
        return Err(Error::invalid("words", "finding-look-early", detail));
    }
    let words = reason(state, words)?;
    looked(&mut act, &mut row, held, (&words, serde_json::Value::Null)).await?;
    act.audit(Action::FindingLook, "finding", id.to_string(), None);
    act.commit().await
}

/// Looks back at what is due; returns how many.
pub async fn findings_look(state: &State) -> Result<usize> {
    let due = {
        let mut tx = state.read().await?;
        findings_to_look_at(&mut tx, state.now(), BATCH as i64).await?
    };
    for id in &due {
        let mut act = Act::begin(state, &Actor::System).await?;
        let Some(mut row) = finding_lock(&mut act.tx, *id).await? else { continue };
        // Another node may have been first.
        if row.look_at.is_none_or(|at| Timestamp(at) > act.at) {
            continue;
        }
        match judge(&mut act, &row).await? {
            (Look::Unsure, _) => {
                (row.look_at, row.look_asked) = (None, true);
                owe(&act, &mut row);
                finding_update(&mut act.tx, &mut row).await?;
                tell_turn(&mut act, &row, FindingMove::Hold).await?;
            }
            (look, detail) => looked(&mut act, &mut row, look == Look::Held, ("", detail)).await?,
        }
        act.commit().await?;
    }
    Ok(due.len())
}

/// When one looks back next at a finding that is struck off; `None` after the last time.
pub(super) fn next_look(state: &State, row: &FindingRow) -> Option<i64> {
    let days = state.pack.findings.look_days.get(usize::try_from(row.looks).ok()?)?;
    Some(row.struck_at? + days * Timestamp::DAY)
}

async fn looked(act: &mut Act<'_>, row: &mut FindingRow, held: bool, said: (&str, serde_json::Value)) -> Result<()> {
    let from = row.stage;
    let today = act.state.pack.calendar.local_date(act.at);
    let last = today.checked_add(act.state.pack.findings.usual_days.days()).map_err(|error| Error::internal(&error))?;
    let due = day_end(act, last);
    row.look_asked = false;
    let step = take(act, row, FindingAct::Look { held, due })?;
    if held {
        row.look_at = next_look(act.state, row);
    } else {
        row.reopened += 1;
    }
    write(act, row, (from, step), said).await
}

/// What the figure or the hot spot says by itself, with what it was judged by.
async fn judge(act: &mut Act<'_>, row: &FindingRow) -> Result<(Look, serde_json::Value)> {
    let since = Timestamp(row.struck_at.unwrap_or(act.at.0));
    if let (Some(indicator), Some(then)) = (&row.indicator, row.figure()) {
        // The days since it was struck off: what was done before is not judged by them.
        let first = act.state.pack.calendar.local_date(since).tomorrow().map_err(|error| Error::internal(&error))?;
        let question = Question {
            indicator: indicator.clone(),
            unit: row.figure_unit_id.map(Into::into),
            class: row.class.clone(),
            days: (day_number(first), day(act.state, act.at)),
        };
        let now = answer(&mut act.tx, &act.state.pack, row.area, &question).await?;
        let detail = serde_json::json!({
            "numerator": now.numerator, "denominator": now.denominator, "from": question.days.0, "to": question.days.1,
        });
        let higher = higher_is_better(&act.state.pack, indicator);
        return Ok((look_at_figure(then, now, higher, act.state.pack.findings.look_better), detail));
    }
    if let Some(spot) = row.hotspot_id {
        return again(act, row, spot, since).await;
    }
    Ok((Look::Unsure, serde_json::Value::Null))
}

/// A hot spot that went on has come back; another in the same area is for a person to look at.
async fn again(act: &mut Act<'_>, row: &FindingRow, spot: Uuid, since: Timestamp) -> Result<(Look, serde_json::Value)> {
    let went_on = hotspot_get(&mut act.tx, spot).await?.is_some_and(|spot| spot.last_at > since);
    let near = hotspots(&mut act.tx, row.area.range(), since, 50).await?;
    let others = near.iter().filter(|other| other.id != spot && other.since > since).count();
    let look = match (went_on, others) {
        (true, _) => Look::Returned,
        (false, 0) => Look::Held,
        (false, _) => Look::Unsure,
    };
    Ok((look, serde_json::json!({ "went_on": went_on, "others": others })))
}
