//! What must be true of a case beside its history: its reports, tasks and clocks.

use std::collections::BTreeSet;

use muster_core::id::Code;
use muster_core::process::{CaseState, TaskState};
use muster_core::time::Timestamp;
use muster_core::time::calendar::Calendar;
use muster_core::time::clock::{Budget, BudgetUnit, Ledger, Pause, Promise};

use super::pages::{ClockLine, File, PauseLine};
use super::{Check, Measures, Weight};

pub(super) struct Rules<'a> {
    measures: Measures<'a>,
    reports: Check,
    judged: Check,
    codes: Check,
    tasks: Check,
    due: Check,
    next: Check,
    running: Check,
    broken: Check,
    likeness: Check,
}

impl<'a> Rules<'a> {
    pub(super) fn new(measures: Measures<'a>) -> Self {
        let rule = |name, sentence| Check::new(name, Weight::Finding, sentence);
        Self {
            measures,
            reports: rule("reports-counted", "Every case has a report, and its counter says how many."),
            judged: rule("reports-judged", "Every report has a judgement."),
            codes: rule("codes", "Every code carries its check character, and every task is numbered under its case."),
            tasks: rule("tasks", "A case with a unit has one open task, of that unit; any other case has none."),
            due: rule("clocks-due", "Every due time follows from start, budget and calendar."),
            next: rule("cases-due", "A case is due when its earliest running clock is."),
            running: rule("clocks-stopped", "Nothing runs for a case that is closed or refused, or a task that ended."),
            broken: rule("clocks-broken", "A clock is broken exactly when it ran out before it was stopped."),
            likeness: rule("likeness-open", "Only cases that a report may still join have likeness keys."),
        }
    }

    pub(super) fn into_checks(self) -> [Check; 9] {
        [
            self.reports,
            self.judged,
            self.codes,
            self.tasks,
            self.due,
            self.next,
            self.running,
            self.broken,
            self.likeness,
        ]
    }

    pub(super) fn take(&mut self, file: &File<'_>) {
        let (code, calendar) = (&file.case.code, self.measures.calendar);
        let stored = file.reports.len() as i64;
        self.reports.judge(
            (stored == 0 || stored != file.case.reports).then(|| {
                format!("case {code} ({}) has {stored} reports and counts {}", file.case.id, file.case.reports)
            }),
        );
        for report in file.reports {
            let fault = || format!("report {} of case {code}", report.id);
            self.judged.judge((report.judgements == 0).then(fault));
        }
        self.codes.judge(codes(file));
        self.tasks.judge(tasks(file));
        for clock in file.clocks {
            let name = |fault| format!("clock {} ({}) of case {code}: {fault}", clock.id, clock.kind);
            if clock.calendar == calendar.version() {
                self.due.judge(due_fault(clock, file, calendar).map(name));
            }
            self.broken.judge(broken(clock, self.measures).map(name));
            self.running.judge(outlives(clock, file).map(name));
        }
        let running = file.clocks.iter().filter(|clock| clock.stopped_at.is_none());
        let next = running.map(|clock| clock.due_at).filter(|due| *due != Timestamp::NEVER.0).min();
        self.next.judge((next != file.case.due_at).then(|| {
            let (said, should) = (moment(calendar, file.case.due_at), moment(calendar, next));
            format!("case {code} ({}) is due {said}; its clocks say {should}", file.case.id)
        }));
        let joinable = matches!(file.case.state.as_str(), "triage" | "assigned" | "working");
        let fault =
            || format!("case {code} ({}) is {} and has {} keys", file.case.id, file.case.state, file.likeness_keys);
        self.likeness.judge((file.likeness_keys > 0 && !joinable).then(fault));
    }
}

/// An instant as the wall of the city shows it, or `-`.
fn moment(calendar: &Calendar, at: Option<i64>) -> String {
    at.map_or_else(|| "-".to_owned(), |at| calendar.local(Timestamp(at)).to_string())
}

fn codes(file: &File<'_>) -> Option<String> {
    let code = &file.case.code;
    if let Err(fault) = code.parse::<Code>() {
        return Some(format!("case {} has the code {code:?}: {fault}", file.case.id));
    }
    let mut numbers = BTreeSet::new();
    file.tasks.iter().find_map(|task| {
        let number = task.code.strip_prefix(code.as_str()).and_then(|rest| rest.strip_prefix('-')?.parse::<u32>().ok());
        let fits = number.is_some_and(|number| numbers.insert(number));
        (!fits).then(|| format!("task {} of case {code} has the code {:?}", task.id, task.code))
    })
}

fn tasks(file: &File<'_>) -> Option<String> {
    let open = |state: &str| state.parse::<TaskState>().is_ok_and(TaskState::is_open);
    let open: Vec<_> = file.tasks.iter().filter(|task| open(&task.state)).collect();
    let case = file.case;
    let with_unit = matches!(case.state.as_str(), "assigned" | "working");
    let name = format!("case {} ({}) is {}", case.code, case.id, case.state);
    match (with_unit, open.as_slice()) {
        (false, []) => None,
        (true, [task]) if Some(task.unit_id) == case.unit_id => None,
        (true, [task]) => Some(format!("{name} and its open task {} is another unit's", task.code)),
        (_, tasks) => Some(format!("{name} and has {} open tasks", tasks.len())),
    }
}

fn due_fault(clock: &ClockLine, file: &File<'_>, calendar: &Calendar) -> Option<String> {
    let Some(unit) = BudgetUnit::from_code(&clock.budget_unit) else {
        return Some(format!("there is no budget in {:?}", clock.budget_unit));
    };
    let Ok(amount) = u32::try_from(clock.budget_amount) else {
        return Some(format!("a budget of {} is none", clock.budget_amount));
    };
    let budget = &Budget { amount, unit, roll_to_working_day: clock.rolls, basis: String::new() };
    let pauses = file.pauses.iter().filter(|pause| pause.clock_id == clock.id);
    let pause = |pause: &PauseLine| Pause {
        from: Timestamp(pause.at),
        until: pause.until_at.map_or(Timestamp::NEVER, Timestamp),
    };
    let ledger = &Ledger { pauses: pauses.map(pause).collect(), extra: u32::try_from(clock.extra).unwrap_or(0) };
    let computed = Promise { start: Timestamp(clock.started_at), budget, ledger, calendar }.at_share(100).0;
    (computed != clock.due_at)
        .then(|| format!("due {}, computed {}", moment(calendar, Some(clock.due_at)), moment(calendar, Some(computed))))
}

/// The clocks of two machines may differ by so much.
pub(super) const SKEW: i64 = 5 * Timestamp::MINUTE;

fn broken(clock: &ClockLine, measures: Measures<'_>) -> Option<String> {
    let too_late = clock.stopped_at.is_some_and(|stopped| stopped >= clock.due_at);
    match clock.broken_at {
        Some(at) if at != clock.due_at => {
            Some(format!("broken {}, due another time", moment(measures.calendar, Some(at))))
        }
        Some(_) if clock.stopped_at.is_some() && !too_late => Some("broken, but stopped in time".to_owned()),
        Some(at) if at > measures.now.0 + SKEW => Some("broken before it ran out".to_owned()),
        None if too_late => Some("stopped too late and not broken".to_owned()),
        _ => None,
    }
}

fn outlives(clock: &ClockLine, file: &File<'_>) -> Option<String> {
    if clock.stopped_at.is_some() {
        return None;
    }
    let case_ended = !file.case.state.parse::<CaseState>().is_ok_and(CaseState::is_open);
    let task = clock.task_id.and_then(|id| file.tasks.iter().find(|task| task.id == id));
    let task_ended = task.filter(|task| matches!(task.state.as_str(), "done" | "cancelled"));
    match (case_ended, task_ended, clock.task_id, task) {
        (true, ..) => Some(format!("runs while the case is {}", file.case.state)),
        (_, Some(task), ..) => Some(format!("runs while its task is {}", task.state)),
        (_, _, Some(id), None) => Some(format!("its task {id} is of another case")),
        _ => None,
    }
}
