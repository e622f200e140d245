//! The way of a case so far, where it stands beside it, and what is due next and why.

use muster_core::process::{CaseState, Move};
use muster_core::time::Timestamp;
use muster_store::process::{CaseRow, ClockEntryRow, ClockRow, StepRow};

use super::case::reasons;
use super::frame::Frame;
use super::side::{ground, parked};
use crate::usecase::case_track::Tracked;
use crate::usecase::case_view::CaseFile;
use crate::view::Shell;
use crate::view::qr::Qr;
use crate::view::way::{Aside, Next, Sheet, Stage, Way};

/// As the resident sees it: what concerns them, and the promise that was made to them.
pub(super) fn of_track(frame: &Frame, shell: &Shell, tracked: &Tracked) -> Way {
    let running = |clock: &&ClockRow| clock.task_id.is_none() && clock.stopped_at.is_none() && !clock.is_paused();
    let clock = tracked.clocks.iter().rfind(running);
    Way {
        stages: stages(frame, &tracked.case),
        asides: asides(frame, shell, &tracked.case, &tracked.clocks, &mut tracked.steps.iter()),
        next: clock.map(|clock| next(frame, shell, "owed", &tracked.case, clock, &tracked.entries)),
    }
}

/// As staff see it: also what they order each other, and whatever runs out first.
pub(super) fn of_case(frame: &Frame, shell: &Shell, file: &CaseFile) -> Way {
    let mut steps = file.steps.iter().map(|(step, _)| step);
    let mut asides = asides(frame, shell, &file.case, &file.clocks, &mut steps);
    asides.extend(file.supervisions.iter().filter(|order| order.report.is_none()).map(|order| {
        let why = ground(frame, &frame.state.pack.flow.supervision, &order.ground);
        Aside { text: shell.with("aside-supervised", "ground", why), when: Some(frame.when(order.ordered_at)) }
    }));
    let running = file.clocks.iter().filter(|clock| clock.stopped_at.is_none() && !clock.is_paused());
    let clock = running.min_by_key(|clock| clock.due_at);
    Way {
        stages: stages(frame, &file.case),
        asides,
        next: clock.map(|clock| next(frame, shell, "next", &file.case, clock, &file.entries)),
    }
}

/// 已收到、已派单、已签收、办理中、已反馈、已办结; of what is not taken up, that.
fn stages(frame: &Frame, case: &CaseRow) -> Vec<Stage> {
    let refused = case.state == CaseState::Refused;
    let closed = case.closed_at.filter(|_| case.state == CaseState::Closed);
    let whole = [
        ("received", Some(case.received_at.0)),
        ("assigned", case.assigned_at),
        ("accepted", case.accepted_at),
        ("working", case.accepted_at),
        ("answered", case.answered_at),
        ("closed", closed),
    ];
    let times = if refused { vec![whole[0], ("refused", case.closed_at)] } else { whole.to_vec() };
    let last = times.iter().rposition(|(_, at)| at.is_some());
    let stage = |(i, (code, at)): (usize, &(&'static str, Option<i64>))| Stage {
        code,
        reached: at.is_some(),
        current: Some(i) == last,
        when: at.filter(|_| *code != "working").map(|at| frame.when(Timestamp(at))),
    };
    times.iter().enumerate().map(stage).collect()
}

/// Where the case stands beside the line, as far as it concerns the resident.
fn asides(
    frame: &Frame,
    shell: &Shell,
    case: &CaseRow,
    clocks: &[ClockRow],
    steps: &mut dyn Iterator<Item = &StepRow>,
) -> Vec<Aside> {
    let (mut disputed, mut reopened, mut times) = (None, None, 0);
    for step in steps {
        match step.step {
            Move::Dispute => disputed = Some(frame.when(step.at)),
            Move::Reopen => (reopened, times) = (Some(frame.when(step.at)), times + 1),
            _ => {}
        }
    }
    let mut asides = Vec::new();
    if case.state == CaseState::Triage && case.triage_reason.as_deref() == Some("disputed") {
        asides.push(Aside { text: shell.t("aside-objection").into_owned(), when: disputed });
    }
    if times > 0 && case.state.is_open() {
        asides.push(Aside { text: shell.count("aside-reopened", times), when: reopened });
    }
    let longer = clocks.iter().rfind(|clock| clock.stopped_at.is_none() && clock.extra > 0);
    if let Some(clock) = longer {
        let time = shell.count(&format!("budget-{}", clock.budget_unit), clock.extra);
        asides.push(Aside { text: shell.with("aside-extended", "time", time), when: None });
    }
    if let Some((ground, until)) = parked(frame, case) {
        asides.push(Aside { text: shell.with("aside-parked", "ground", ground), when: Some(until) });
    }
    asides
}

/// `family` has the words for what a promise is about.
fn next(
    frame: &Frame,
    shell: &Shell,
    family: &str,
    case: &CaseRow,
    clock: &ClockRow,
    entries: &[ClockEntryRow],
) -> Next {
    Next {
        due: frame.due(clock.due_at),
        why: shell.label(family, &clock.kind).into_owned(),
        lines: reasons(frame, case, clock, entries),
    }
}

/// What a printed page of a case has besides. The address opens what anybody with the code may see: no secret is in it.
pub(super) fn sheet(frame: &Frame, shell: &Shell, case: &CaseRow) -> Sheet {
    let path = format!("/track/{}", case.code.as_str());
    let address = frame.origin().map(|origin| format!("{origin}{path}"));
    let at = frame.when(frame.state.now()).text;
    let printed = match &shell.person {
        Some(person) => shell.with2("sheet-printed-by", "who", &person.name, "at", at),
        None => shell.with("sheet-printed", "at", at),
    };
    Sheet { qr: address.as_deref().and_then(Qr::of), address: address.unwrap_or(path), printed }
}
