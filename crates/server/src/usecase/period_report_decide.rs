//! A report is approved by somebody who did not write it, then published; or withdrawn, with the reason.

use muster_core::people::{Action, Actor, Subject};
use muster_store::Tx;
use muster_store::period_report::{
    PeriodReportRow, period_report_get, period_report_move, period_reports_of, period_reports_published,
};
use uuid::Uuid;

use super::act::{Act, reason};
use crate::error::{Error, Result};
use crate::state::State;

/// What was decided.
#[derive(Clone, Debug)]
pub enum Verdict {
    Approve,
    /// Opens it to everybody, in the place of an earlier one of the same area and period.
    Publish,
    /// With the reason, which stands with the report.
    Withdraw(String),
}

/// Published reports that a new one is held against.
const PUBLISHED_MOST: i64 = 10_000;

pub async fn period_report_decide(state: &State, actor: &Actor, id: Uuid, verdict: &Verdict) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let row = period_report_get(&mut act.tx, id).await?.ok_or_else(Error::not_found)?;
    act.may(Action::PeriodReportDecide, &Subject::area(row.area))?;
    let (by, at) = (actor.account_id().map(|account| account.0), Some(act.at.0));
    let from = row.state.clone();
    let mut why = None;
    let moved = match verdict {
        Verdict::Approve if from == "draft" => {
            if by.is_none() || by == row.written_by {
                let detail = "Whoever wrote a report does not approve it; ask another leader or coordinator.";
                return Err(Error::invalid("verdict", "report-own", detail));
            }
            PeriodReportRow { state: "approved".to_owned(), approved_by: by, approved_at: at, ..row }
        }
        Verdict::Publish if from == "approved" => {
            apart(&mut act.tx, &row).await?;
            supersede(&mut act, &row, by).await?;
            PeriodReportRow { state: "published".to_owned(), published_by: by, published_at: at, ..row }
        }
        Verdict::Withdraw(words) if row.ended_at.is_none() => {
            let words = reason(state, words)?;
            why = Some(words.clone());
            PeriodReportRow { state: "withdrawn".to_owned(), ended_by: by, ended_at: at, reason: Some(words), ..row }
        }
        _ => return Err(Error::conflict(format!("This report is {from}."), allowed(&from).iter().copied())),
    };
    period_report_move(&mut act.tx, &from, &moved).await?;
    act.audit(Action::PeriodReportDecide, "period_report", id.to_string(), why);
    act.commit().await
}

/// What can be decided about a report in a state.
pub fn allowed(state: &str) -> &'static [&'static str] {
    match state {
        "draft" => &["approve", "withdraw"],
        "approved" => &["publish", "withdraw"],
        "published" => &["withdraw"],
        _ => &[],
    }
}

/// Two reports of one area whose periods share days, such as a quarter and one of its months, would together tell what
/// each hides: the small months are what is left of the quarter.
async fn apart(tx: &mut Tx, row: &PeriodReportRow) -> Result<()> {
    let published = period_reports_published(tx, PUBLISHED_MOST).await?;
    let meets = |other: &&PeriodReportRow| {
        other.area == row.area && other.period != row.period && other.period.meets(row.period)
    };
    match published.iter().find(meets) {
        Some(other) => {
            let detail = format!(
                "{} of this area is published and shares days with {}: what one hides could be computed from both. \
                 Withdraw it first, or keep to one length of period.",
                other.period, row.period
            );
            Err(Error::invalid("verdict", "report-overlap", detail))
        }
        None => Ok(()),
    }
}

/// The published report of the same area and period gives way to its correction.
async fn supersede(act: &mut Act<'_>, row: &PeriodReportRow, by: Option<Uuid>) -> Result<()> {
    let same = period_reports_of(&mut act.tx, row.area, row.period).await?;
    for old in same.into_iter().filter(|old| old.state == "published") {
        let replaced = PeriodReportRow {
            state: "superseded".to_owned(),
            ended_by: by,
            ended_at: Some(act.at.0),
            superseded_by: Some(row.id),
            ..old
        };
        period_report_move(&mut act.tx, "published", &replaced).await?;
    }
    Ok(())
}
