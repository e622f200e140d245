//! What the acts on findings share: holding one, taking its next state, and who owes what until when.

use muster_core::evaluate::finding::{FindingAct, FindingMove, FindingRefusal, FindingStage};
use muster_core::id::UnitId;
use muster_core::pack::Template;
use muster_core::people::{Action, Actor};
use muster_core::time::Timestamp;
use muster_core::time::clock::{Budget, due};
use muster_store::finding::{FindingRow, FindingStep, finding_lock, finding_step_add, finding_update};
use muster_store::notice::areas_coordinated;
use uuid::Uuid;

use super::act::Act;
use super::notice::{To, Word};
use super::owed::next_rung;
use crate::error::{Error, Result};

/// Finds a finding, checks that the actor may do this to it, and holds it until the end of the act. `version`, from the
/// form, must still be its own.
pub(super) async fn hold(act: &mut Act<'_>, id: Uuid, action: Action, version: Option<i64>) -> Result<FindingRow> {
    let row = finding_lock(&mut act.tx, id).await?.ok_or_else(Error::not_found)?;
    act.may(action, &row.subject())?;
    if version.is_some_and(|version| version != row.version) {
        return Err(Error::stale_etag());
    }
    Ok(row)
}

/// Lets core decide, and gives the row its next state with what is owed from now on.
pub(super) fn take(act: &Act<'_>, row: &mut FindingRow, step: FindingAct<'_>) -> Result<FindingMove> {
    let next = row.state()?.take(step).map_err(|refusal| refused(act, &refusal))?;
    row.take(&next);
    owe(act, row);
    Ok(step.step())
}

fn refused(act: &Act<'_>, refusal: &FindingRefusal) -> Error {
    match refusal {
        FindingRefusal::NotNow { allowed, .. } => {
            Error::conflict(refusal.to_string(), allowed.iter().map(|step| step.as_str()))
        }
        FindingRefusal::SamePerson => {
            let detail = "You checked this for the unit; somebody else has to check it.";
            Error::invalid("verdict", "finding-same-person", detail)
        }
        FindingRefusal::OwnUnit => {
            let detail = "You act for the unit that owns this finding; somebody else has to check it.";
            Error::invalid("verdict", "finding-own-unit", detail)
        }
        FindingRefusal::PastDeadline => {
            let detail = "The day is after the deadline; choose one before it, or ask for another deadline.";
            Error::invalid("by", "finding-past-deadline", detail)
        }
        FindingRefusal::TooEarly(until) => {
            let until = act.state.pack.calendar.local(*until).strftime("%Y-%m-%d %H:%M").to_string();
            Error::invalid(
                "words",
                "finding-too-early",
                format!("It stands in public until {until}; strike it off then."),
            )
        }
    }
}

/// Who has it now owes the next step within the pack's time, or by the day the unit named. After it was struck off only a
/// person who is asked at a look back owes anything.
pub(super) fn owe(act: &Act<'_>, row: &mut FindingRow) {
    let pack = &act.state.pack;
    let within = |budget: Option<&Budget>| budget.map(|budget| due(act.at, budget, &pack.calendar).at);
    let until = match row.stage {
        FindingStage::Planned | FindingStage::Fixing => row.plan_due_at.map(Timestamp),
        FindingStage::StruckOff if row.look_asked => within(pack.findings.look_budget()),
        stage => within(pack.findings.budget(stage)),
    };
    row.owed_from = until.map(|_| act.at.0);
    row.owed_at = until.map(|until| until.0);
    row.rung = 0;
    row.next_rung_at = until.and_then(|until| next_rung(act.state, (act.at, until), 0));
}

/// Whether the owner has the next step; everything else is done by whoever coordinates.
pub(super) fn unit_owes(stage: FindingStage) -> bool {
    matches!(stage, FindingStage::Registered | FindingStage::Claimed | FindingStage::Planned | FindingStage::Fixing)
}

/// Tells whoever has the next step now that it is theirs; who had it before knows.
pub(super) async fn tell_turn(act: &mut Act<'_>, row: &FindingRow, step: FindingMove) -> Result<()> {
    let begins = matches!(
        step,
        FindingMove::Note | FindingMove::Register | FindingMove::CheckOwn | FindingMove::SendBack | FindingMove::Reopen
    );
    let Some(until) = row.owed_at.filter(|_| begins || row.look_asked) else { return Ok(()) };
    let to = if unit_owes(row.stage) {
        row.unit_id.map(|unit| To::Unit(unit.into()))
    } else {
        let coordinated = areas_coordinated(&mut act.tx).await?;
        let mut levels = std::iter::successors(Some(row.area), |area| area.parent());
        levels.find(|area| coordinated.contains(&area.get())).map(To::Level)
    };
    if let Some(to) = to {
        act.tell(Word {
            to,
            template: Template::FindingTurn,
            path: format!("/findings/{}", row.id),
            params: serde_json::json!({ "title": row.title, "due": until }),
            dedup: None,
        });
    }
    Ok(())
}

/// Writes the row and a line of its history, and tells whose turn it is.
pub(super) async fn write(
    act: &mut Act<'_>,
    row: &mut FindingRow,
    (from, step): (FindingStage, FindingMove),
    (words, detail): (&str, serde_json::Value),
) -> Result<()> {
    finding_update(&mut act.tx, row).await?;
    let line = line(act, row, (from, step), (words, detail));
    finding_step_add(&mut act.tx, line).await?;
    tell_turn(act, row, step).await
}

/// A line of the history of a row that has just taken its new state.
pub(super) fn line(
    act: &Act<'_>,
    row: &FindingRow,
    (from, step): (FindingStage, FindingMove),
    (words, detail): (&str, serde_json::Value),
) -> FindingStep {
    FindingStep {
        finding_id: row.id,
        number: 0,
        at: act.at,
        step,
        from_state: from,
        to_state: row.stage,
        actor_kind: act.actor.kind().to_owned(),
        actor_id: act.actor.account_id().map(|id| id.0),
        words: words.trim().to_owned(),
        detail: if detail.is_null() { serde_json::json!({}) } else { detail },
    }
}

/// The units somebody acts for.
pub(super) fn units_of(actor: &Actor) -> Vec<UnitId> {
    match actor {
        Actor::Account(account) => account.grants.iter().filter_map(|grant| grant.unit).collect(),
        _ => Vec::new(),
    }
}
