//! The figure a finding was seen in: its question, and the answer at any time.

use muster_core::area::AreaId;
use muster_core::evaluate::{Indicator, Ratio};
use muster_core::id::UnitId;
use muster_store::Tx;
use muster_store::evaluate::{FigureQuery, figures};

use crate::error::{Error, Result};
use crate::usecase::figures::Totals;

/// What was asked when the finding was seen. Days are yyyymmdd, both included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The word of the figure in addresses.
    pub indicator: String,
    pub unit: Option<UnitId>,
    /// Two digits, or empty for all.
    pub class: String,
    pub days: (i64, i64),
}

pub(super) fn is_known(code: &str) -> bool {
    indicator(code).is_some()
}

fn indicator(code: &str) -> Option<Indicator> {
    match code {
        "claimed_resolution" => Some(Indicator::Claimed),
        "confirmed_resolution" => Some(Indicator::Confirmed),
        other => other.parse().ok(),
    }
}

/// The answer of this moment.
pub(super) async fn answer(tx: &mut Tx, area: AreaId, question: &Question) -> Result<Ratio> {
    let unknown = || {
        let detail = format!("There is no figure {:?}; choose one of the dashboard.", question.indicator);
        Error::invalid("indicator", "finding-figure-unknown", detail)
    };
    let indicator = indicator(&question.indicator).ok_or_else(unknown)?;
    let query = FigureQuery { area, unit: question.unit, class: question.class.clone(), days: question.days };
    let mut totals = Totals::default();
    for (_, measure, amount) in figures(tx, &query, true).await? {
        totals.add(&measure, amount);
    }
    Ok(totals.ratio(indicator))
}
