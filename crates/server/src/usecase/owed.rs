//! What is owed from one moment until another beside the promises of cases: the next step of a finding, or a key task of the
//! programme. Its rungs are those of an answer.

use muster_core::area::AreaId;
use muster_core::id::UnitId;
use muster_core::pack::{ClockKind, Rung, RungAt, Template};
use muster_core::time::Timestamp;
use uuid::Uuid;

use super::act::Act;
use super::notice::{Word, receivers};
use crate::state::State;

/// When the rung after the first `rung` of what is owed between two moments is reached.
pub(super) fn next_rung(state: &State, (from, until): (Timestamp, Timestamp), rung: i64) -> Option<i64> {
    let rung = state.pack.ladder.rungs(ClockKind::Answer).get(usize::try_from(rung).ok()?)?;
    Some(rung.between(from, until, &state.pack.calendar).0)
}

/// Something that is owed, with how far the ladder has been climbed.
#[derive(Debug)]
pub(super) struct Owed<'a> {
    pub(super) id: Uuid,
    pub(super) title: &'a str,
    /// Address of its page.
    pub(super) path: String,
    /// None where whoever coordinates owes it.
    pub(super) unit: Option<UnitId>,
    pub(super) area: AreaId,
    pub(super) from: Timestamp,
    pub(super) until: Timestamp,
}

/// Passes the rungs that are reached and tells of the last; returns how many are passed now, and when the next is reached.
pub(super) fn climb(act: &mut Act<'_>, owed: &Owed<'_>, first: i64, coordinated: &[i64]) -> (i64, Option<i64>) {
    let state = act.state;
    let span = (owed.from, owed.until);
    let (mut rung, mut next) = (first, next_rung(state, span, first));
    while next.is_some_and(|next| next <= act.at.0) {
        rung += 1;
        next = next_rung(state, span, rung);
    }
    let passed = state.pack.ladder.rungs(ClockKind::Answer).get(first as usize..rung as usize).unwrap_or_default();
    tell(act, owed, (passed, rung), coordinated);
    (rung, next)
}

fn tell(act: &mut Act<'_>, owed: &Owed<'_>, (passed, number): (&[Rung], i64), coordinated: &[i64]) {
    let Some(rung) = passed.last() else { return };
    let share = if let RungAt::Share(share) = rung.at { Some(share) } else { None };
    for (told, to) in receivers(passed, owed.unit, owed.area, coordinated) {
        act.tell(Word {
            to,
            template: if rung.is_alarm() { Template::OwedOverdue } else { Template::OwedWarning },
            path: owed.path.clone(),
            params: serde_json::json!({
                "title": owed.title, "share": share, "due": owed.until.0, "unit": owed.unit,
            }),
            dedup: Some(format!("owed/{}/{}/{number}/{told}", owed.id, owed.from.0)),
        });
    }
}
