//! The performance of units: scores, appeals, exclusions, interviews, signals, and what they are counted from.

mod appeals;
mod burden;
mod counting;
mod exclusions;
mod histories;
mod interviews;
mod scores;
mod signals;

pub use appeals::{AppealRow, appeal_decide, appeal_get, appeal_insert, appeal_of, appeals_open};
pub use burden::{Burden, burdens};
pub use counting::{ExemptSum, JointRow, exempt_sums, joint_rows};
pub use exclusions::{
    ExclusionCase, ExclusionRow, ExclusionTold, exclusion_decide, exclusion_get, exclusion_insert, exclusion_of,
    exclusions_of_appeal, exclusions_of_unit, exclusions_open, exclusions_told,
};
pub use histories::{HistoryRow, StepSeen, history_steps, history_tasks};
pub use interviews::{InterviewRow, interview_get, interview_insert, interview_of, interview_update, interviews};
pub use scores::{
    ScoreLineRow, ScoreRow, score_get, score_insert, score_lines, score_lines_of, score_move, scores_due, scores_in,
    scores_of_term, scores_of_unit, terms,
};
pub use signals::{SignalCase, SignalRow, signal_cases, signal_decide, signal_get, signal_keep, signals};

/// Pushes a condition on units: those of the areas or the units of a scope.
macro_rules! push_scope {
    ($query:expr, $scope:expr) => {
        $query.push(" and (false");
        for (first, last) in &$scope.areas {
            $query.push(" or u.area between ").push_bind(*first).push(" and ").push_bind(*last);
        }
        for unit in &$scope.units {
            $query.push(" or u.id = ").push_bind(unit.0);
        }
        $query.push(")");
    };
}
use push_scope;
