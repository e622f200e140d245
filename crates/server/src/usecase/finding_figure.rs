//! The figure a finding was seen in, or a goal is measured by: its question, and the answer at any time.

use muster_core::area::AreaId;
use muster_core::evaluate::{Ratio, Totals};
use muster_core::id::UnitId;
use muster_core::pack::{Better, Pack};
use muster_store::Tx;
use muster_store::evaluate::{FigureQuery, figures};

use crate::error::{Error, Result};

/// What was asked when the finding was seen. Days are yyyymmdd, both included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// Code of an indicator of the pack.
    pub indicator: String,
    pub unit: Option<UnitId>,
    /// Two digits, or empty for all.
    pub class: String,
    pub days: (i64, i64),
}

/// Whether the pack has it, be it that nothing of it can be counted yet.
pub(super) fn is_known(pack: &Pack, code: &str) -> bool {
    pack.indicators.get(code).is_some() || pack.indicators.awaited().any(|awaited| awaited.code == code)
}

/// Whether more of it is better; what is neither is held to be.
pub(super) fn higher_is_better(pack: &Pack, code: &str) -> bool {
    pack.indicators.get(code).is_none_or(|indicator| indicator.better != Better::Lower)
}

/// The answer of this moment.
pub(super) async fn answer(tx: &mut Tx, pack: &Pack, area: AreaId, question: &Question) -> Result<Ratio> {
    let unknown = || {
        let detail = format!("There is no figure {:?}; choose one of the dashboard.", question.indicator);
        Error::invalid("indicator", "finding-figure-unknown", detail)
    };
    let indicator = pack.indicators.get(&question.indicator).ok_or_else(unknown)?;
    let query = FigureQuery { area, unit: question.unit, class: question.class.clone(), days: question.days };
    let mut totals = Totals::default();
    for (_, measure, amount) in figures(tx, &query, true).await? {
        totals.add_word(&measure, amount);
    }
    Ok(totals.ratio(indicator))
}
