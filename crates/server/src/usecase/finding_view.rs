//! One finding with its history, the figure as it was and as it is, and the cases that show it.

use muster_core::area::AreaId;
use muster_core::evaluate::Ratio;
use muster_core::people::{Action, Actor, Subject, may};
use muster_core::time::Timestamp;
use muster_store::Tx;
use muster_store::finding::{FindingCaseRow, FindingRow, FindingStep, finding_cases, finding_get, finding_steps};
use muster_store::hotspot::hotspot_get;
use muster_store::people::account_get;
use uuid::Uuid;

use super::act::{day, deny};
use super::finding_figure::{Question, answer};
use crate::error::{Error, Result};
use crate::state::State;

#[derive(Clone, Debug)]
pub struct FindingSeen {
    pub row: FindingRow,
    /// Each with the name of who did it; empty for what went by itself.
    pub steps: Vec<(FindingStep, String)>,
    pub cases: Vec<FindingCaseRow>,
    /// Name of the hot spot it was seen in.
    pub hotspot: Option<String>,
    /// The same question over as many days until today.
    pub now: Option<Ratio>,
}

pub async fn finding_view(state: &State, actor: &Actor, id: Uuid) -> Result<FindingSeen> {
    let mut tx = state.read().await?;
    let row = finding_get(&mut tx, id).await?.ok_or_else(Error::not_found)?;
    may(actor, Action::FindingView, &row.subject()).map_err(deny)?;
    let mut steps = Vec::new();
    for step in finding_steps(&mut tx, id).await? {
        let who = match step.actor_id {
            Some(account) => account_get(&mut tx, account.into()).await?.map(|account| account.name),
            None => None,
        };
        steps.push((step, who.unwrap_or_default()));
    }
    let cases = finding_cases(&mut tx, id).await?;
    let hotspot = match row.hotspot_id {
        Some(spot) => hotspot_get(&mut tx, spot).await?.map(|spot| spot.name),
        None => None,
    };
    let now = figure_now(&mut tx, state, &row).await?;
    Ok(FindingSeen { row, steps, cases, hotspot, now })
}

/// The figure over as many days as it was asked for, until today.
async fn figure_now(tx: &mut Tx, state: &State, row: &FindingRow) -> Result<Option<Ratio>> {
    let (Some(indicator), Some(from), Some(to)) = (&row.indicator, row.from_day, row.to_day) else { return Ok(None) };
    let date = muster_core::time::date_of_number;
    let days = match (date(from), date(to)) {
        (Some(from), Some(to)) => from.until(to).map_or(0, |span| i64::from(span.get_days())),
        _ => 0,
    };
    let question = Question {
        indicator: indicator.clone(),
        unit: row.figure_unit_id.map(Into::into),
        class: row.class.clone(),
        days: (day(state, state.now().plus(-days * Timestamp::DAY)), day(state, state.now())),
    };
    match answer(tx, &state.pack, row.area, &question).await {
        Ok(now) => Ok(Some(now)),
        // A figure that another version of the pack had.
        Err(error) if error.status() == 422 => Ok(None),
        Err(error) => Err(error),
    }
}

/// What a figure is now, for whoever may open a finding there.
pub async fn finding_value(state: &State, actor: &Actor, area: AreaId, question: &Question) -> Result<Ratio> {
    let subject = Subject { area: Some(area), unit: question.unit };
    may(actor, Action::DashboardView, &subject).map_err(deny)?;
    let mut tx = state.read().await?;
    answer(&mut tx, &state.pack, area, question).await
}
