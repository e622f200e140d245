//! The plan of a case as its page shows it: lines in the order of the tree, bars in time, a template before it is taken up.

use jiff::ToSpan;
use muster_core::id::PartId;
use muster_core::people::{Action, Subject, scope};
use muster_core::process::{Move, TaskState};
use muster_core::time::Timestamp;
use muster_core::time::clock::BudgetUnit;
use muster_store::process::{PartRow, Parts};

use super::frame::{Frame, can};
use super::plan::Back;
use super::words::groups;
use crate::error::Result;
use crate::usecase::case_view::CaseFile;
use crate::usecase::plan_apply::{Proposed, plan_propose};
use crate::usecase::plan_view::{CasePlan, parts_mine, plan_view};
use crate::view::plan::{Gantt, PartActs, PartLine, PlanPage, Proposal, ProposedLine, Span};
use crate::view::process::Owed;
use crate::view::{Choice, Group};

pub(super) async fn page(frame: &Frame, code: &str, back: Back) -> Result<PlanPage> {
    let plan = plan_view(&frame.state, frame.actor(), code).await?;
    let places = frame.places().await?;
    let shell = frame.shell("plan-page");
    let may_add = open(&plan) && can(frame.actor(), Action::PartAdd, &plan.case.subject());
    let proposal = if may_add && !back.template.is_empty() { Some(proposal(frame, code, &back).await?) } else { None };
    let one = |options: Vec<Choice>| vec![Group { label: String::new(), options }];
    let numbered = |part: &PartRow| Choice::new(part.number.to_string(), format!("{} {}", part.number, part.title));
    let units = BudgetUnit::CODES.map(|code| Choice::new(code, shell.label("budget-unit", code)));
    let templates = frame.state.pack.plans.iter().map(|plan| Choice::new(plan.code.clone(), frame.name(&plan.name)));
    Ok(PlanPage {
        code: plan.case.code.to_string(),
        code_groups: groups(plan.case.code.as_str()),
        version: plan.case.version.to_string(),
        title: plan.case.title.clone(),
        end: plan.end.map(|at| frame.when(at.plus(1))),
        gantt: gantt(frame, &plan),
        parts: lines(frame, &plan, &back),
        may_shares: scope(frame.actor(), Action::ShareView).is_ok(),
        may_ask: scope(frame.actor(), Action::NeedPost).is_ok(),
        may_add,
        units: places.unit_groups(),
        parents: one(plan.parts.rows.iter().filter(|part| part.state.is_open()).map(numbered).collect()),
        budget_units: one(units.into()),
        templates: one(templates.collect()),
        template: back.template,
        proposal,
        form: back.form,
        shell,
    })
}

/// The parts as the page of the case lists them.
pub(super) async fn of_case(frame: &Frame, code: &str, file: &CaseFile) -> Result<Vec<PartLine>> {
    if file.parts.rows.is_empty() {
        return Ok(Vec::new());
    }
    let plan = plan_view(&frame.state, frame.actor(), code).await?;
    Ok(lines(frame, &plan, &Back::default()))
}

/// The first parts that this person's units owe, and how many there are.
pub(super) async fn owed(frame: &Frame) -> Result<(Vec<Owed>, u64)> {
    let (rows, total) = parts_mine(&frame.state, frame.actor(), OWED).await?;
    let rows = rows.into_iter().map(|row| Owed {
        case: row.case_code.to_string(),
        number: row.number,
        state: if row.state == TaskState::Assigned && row.started_at.is_none() {
            "waiting"
        } else {
            row.state.as_str()
        },
        title: row.title,
        case_title: row.case_title,
        due: row.due_at.map(|at| frame.due(Timestamp(at))),
    });
    Ok((rows.collect(), total as u64))
}

/// Parts shown above the inbox.
const OWED: i64 = 10;

/// Whether parts of the case can be worked on.
fn open(plan: &CasePlan) -> bool {
    plan.case.state_machine().is_ok_and(|case| case.allowed().contains(&Move::PartAdd))
}

/// The parts as lines, each under the one it belongs to.
fn lines(frame: &Frame, plan: &CasePlan, back: &Back) -> Vec<PartLine> {
    ordered(&plan.parts).into_iter().map(|(part, depth)| line(frame, plan, part, depth, back)).collect()
}

/// Every part after the one it belongs to, with its depth.
fn ordered(parts: &Parts) -> Vec<(&PartRow, usize)> {
    fn put<'a>(parts: &'a Parts, below: Option<PartId>, depth: usize, out: &mut Vec<(&'a PartRow, usize)>) {
        for part in parts.rows.iter().filter(|part| part.parent_id.map(PartId) == below) {
            out.push((part, depth));
            put(parts, Some(part.id), depth + 1, out);
        }
    }
    let mut out = Vec::with_capacity(parts.rows.len());
    put(parts, None, 0, &mut out);
    out
}

fn line(frame: &Frame, plan: &CasePlan, part: &PartRow, depth: usize, back: &Back) -> PartLine {
    let shell = frame.shell("plan-page");
    let slot = plan.slots.get(&part.id);
    let unit = |id| plan.units.get(&id).cloned().unwrap_or_default();
    let before = plan.parts.before(part.id);
    let after: Vec<_> = before.iter().map(|before| before.number.to_string()).collect();
    let days = slot.map_or(0, |slot| slot.slack / Timestamp::DAY);
    let subject = Subject { area: Some(plan.case.area), unit: Some(part.unit_id) };
    let works = open(plan) && part.state.is_open();
    let ready = works && slot.is_some_and(|slot| slot.may_begin);
    let mine = ready && can(frame.actor(), Action::PartDone, &subject);
    PartLine {
        number: part.number,
        code: part.code.clone(),
        title: part.title.clone(),
        depth: depth.min(3),
        unit: unit(part.unit_id),
        helpers: plan.parts.helpers(part.id).into_iter().map(unit).collect::<Vec<_>>().join("、"),
        state: state(part),
        required: part.required,
        critical: slot.is_some_and(|slot| slot.critical),
        // Of one that decides the end, the slack is a week-end's: it would only mislead.
        slack: if days > 0 && slot.is_some_and(|slot| !slot.critical) {
            shell.count("plan-slack-days", days)
        } else {
            String::new()
        },
        // The last moment of a day is its 24:00.
        start: slot.map(|slot| frame.when(slot.start.plus(1))),
        finish: slot.map(|slot| frame.when(if part.ended_at.is_some() { slot.finish } else { slot.finish.plus(1) })),
        due: part.due_at.filter(|_| part.state.is_open()).map(|at| frame.due(Timestamp(at))),
        after: after.join("、"),
        budget: budget(frame, &part.budget_unit, part.budget_amount),
        reason: part.reason.clone(),
        result: part.result.clone().unwrap_or_default(),
        evidence: part.evidence.clone().unwrap_or_default(),
        acts: PartActs {
            accept: mine && part.state == TaskState::Assigned,
            done: mine,
            cancel: works && can(frame.actor(), Action::PartCancel, &plan.case.subject()),
        },
        text_id: format!("text-{}", part.number),
        evidence_id: format!("evidence-{}", part.number),
        reason_id: format!("reason-{}", part.number),
        typed: back.part.as_ref().filter(|(of, _)| *of == part.number).map(|(_, t)| t.clone()).unwrap_or_default(),
    }
}

/// Code of the family `part-state`: one that has not begun waits.
fn state(part: &PartRow) -> &'static str {
    match part.state {
        TaskState::Assigned if part.started_at.is_none() => "waiting",
        state => state.as_str(),
    }
}

fn budget(frame: &Frame, unit: &str, amount: i64) -> String {
    crate::i18n::Text { lang: frame.lang }.count(&format!("budget-{unit}"), amount)
}

fn gantt(frame: &Frame, plan: &CasePlan) -> Gantt {
    let now = plan.now;
    let spans: Vec<Span> = ordered(&plan.parts)
        .into_iter()
        .filter_map(|(part, _)| {
            let slot = plan.slots.get(&part.id)?;
            let mood = match part.due_at {
                _ if part.state == TaskState::Done => "over",
                Some(due) if due <= now.0 => "late",
                _ if slot.critical => "critical",
                _ => "calm",
            };
            let (start, finish) = (slot.start.0, slot.finish.0);
            let slack = if slot.critical { 0 } else { slot.slack };
            Some(Span { number: part.number, title: part.title.clone(), start, finish, slack, mood })
        })
        .collect();
    let first = spans.iter().map(|span| span.start).min().unwrap_or(now.0).min(now.0);
    let last = spans.iter().map(|span| span.finish + span.slack).max().unwrap_or(now.0);
    Gantt::new(&spans, now.0, ticks(frame, Timestamp(first), Timestamp(last)))
}

/// The firsts of months where the whole is longer than ten weeks, else Mondays, else days.
fn ticks(frame: &Frame, first: Timestamp, last: Timestamp) -> Vec<(i64, String)> {
    let calendar = &frame.state.pack.calendar;
    let text = crate::i18n::Text { lang: frame.lang };
    let days = last.since(first) / Timestamp::DAY;
    // Of many months every second, third, … has its name.
    let every = (days / 360 + 1) as i8;
    let end = calendar.local_date(last);
    let mut day = calendar.local_date(first);
    let mut ticks = Vec::new();
    while day <= end {
        let label = match days {
            ..=12 => Some(format!("{}/{}", day.month(), day.day())),
            13..=70 => (day.weekday().to_monday_zero_offset() == 0).then(|| format!("{}/{}", day.month(), day.day())),
            _ => (day.day() == 1 && (day.month() - 1) % every == 0).then(|| text.count("plan-month", day.month())),
        };
        ticks.extend(label.map(|label| (calendar.day_bounds(day).0.0, label)));
        day = day.saturating_add(1.day());
    }
    ticks
}

async fn proposal(frame: &Frame, code: &str, back: &Back) -> Result<Proposal> {
    let proposed = plan_propose(&frame.state, frame.actor(), code, &back.template).await?;
    let template = frame.state.pack.plan(&back.template);
    let chosen = |key: &str| back.chosen.get(&format!("unit-{key}")).cloned();
    let depth = |of: &Proposed| usize::from(of.part.parent.is_some());
    let parts = proposed.iter().map(|of| ProposedLine {
        field: format!("unit-{}", of.part.key),
        title: frame.name(&of.part.name),
        depth: depth(of),
        unit: chosen(&of.part.key).unwrap_or_else(|| of.unit.as_ref().map(|u| u.id.to_string()).unwrap_or_default()),
        start: frame.when(of.slot.start.plus(1)),
        finish: frame.when(of.slot.finish.plus(1)),
        budget: budget(frame, of.part.budget.unit.code(), i64::from(of.part.budget.amount)),
        required: of.part.required,
        critical: of.slot.critical,
        basis: of.part.budget.basis.clone(),
    });
    Ok(Proposal {
        code: back.template.clone(),
        name: template.map(|template| frame.name(&template.name)).unwrap_or_default(),
        basis: template.map(|template| template.basis.clone()).unwrap_or_default(),
        parts: parts.collect(),
        reason: back.chosen.get("reason").cloned().unwrap_or_default(),
    })
}
