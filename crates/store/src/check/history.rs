//! What must be true of a case's history: it replays to the state, and what is counted and audited follows from it.

use std::collections::HashMap;

use muster_core::evaluate::Measure;
use muster_core::people::Action;
use muster_core::process::{Case, Closing, Move, NotAllowed, Outcome};
use muster_core::time::Timestamp;

use super::cases::SKEW;
use super::pages::{CaseLine, File, StepLine};
use super::{Check, Weight};

/// By which a report enters the record, one line each.
pub(super) const REPORTING: [Action; 3] = [Action::ReportSubmit, Action::ReportEnter, Action::ReportImport];
/// By which people move a case, one line each.
pub(super) const ACTING: [Action; 23] = [
    Action::ReportPart,
    Action::ReportPartOwn,
    Action::CaseTriage,
    Action::CaseAssign,
    Action::CaseRefuse,
    Action::TaskAccept,
    Action::TaskAnswer,
    Action::TaskDispute,
    Action::PartAdd,
    Action::PartDone,
    Action::PartCancel,
    Action::CaseRate,
    Action::CaseReopen,
    Action::ExtensionAsk,
    Action::ParkingAsk,
    Action::RequestDecide,
    Action::CaseResume,
    Action::SupervisionOrder,
    Action::SupervisionReport,
    Action::CaseSend,
    Action::CaseContact,
    Action::CaseUrge,
    Action::CaseUrgeOwn,
];

pub(super) struct Rules {
    now: Timestamp,
    /// Measures that an older program did not count, with the reception of the last case without them.
    since: HashMap<String, i64>,
    received: Check,
    entered: Check,
    unbroken: Check,
    replays: Check,
    order: Check,
    reports_audited: Check,
    acts_audited: Check,
    counted: Check,
}

impl Rules {
    pub(super) fn new(now: Timestamp, since: HashMap<String, i64>) -> Self {
        let rule = |name, sentence| Check::new(name, Weight::Finding, sentence);
        Self {
            now,
            since,
            received: rule("received-once", "Every case was received once, as its first step."),
            entered: rule("reports-received", "Every report is in the history once, as received or joined."),
            unbroken: rule("history-unbroken", "Every step begins in the state in which the last one ended."),
            replays: rule("history-replays", "The steps of a case are legal and end in its stored state."),
            order: rule(
                "times",
                "Nothing of a case ends before it begins, precedes its report, or lies in the future.",
            ),
            reports_audited: rule("reports-audited", "Every report has one line in the audit."),
            acts_audited: rule("acts-audited", "Every act of a person on a case has one line in the audit."),
            counted: rule("figures-follow", "What is counted of a case is what happened to it, once each."),
        }
    }

    pub(super) fn into_checks(self) -> [Check; 8] {
        [
            self.received,
            self.entered,
            self.unbroken,
            self.replays,
            self.order,
            self.reports_audited,
            self.acts_audited,
            self.counted,
        ]
    }

    pub(super) fn take(&mut self, file: &File<'_>) {
        let name = format!("case {} ({})", file.case.code, file.case.id);
        let told = |fault: String| format!("{name}: {fault}");
        let receives = file.steps.iter().filter(|step| step.step == "receive").count();
        let first = file.steps.first().is_some_and(|step| step.step == "receive");
        let fault = || told(format!("{receives} receive steps, of {} in all", file.steps.len()));
        self.received.judge((receives != 1 || !first).then(fault));
        for report in file.reports {
            let id = report.id.to_string();
            let said = file.steps.iter().filter(|step| step.detail["report"] == *id).count();
            self.entered.judge((said != 1).then(|| format!("report {id} of {name} has {said} steps")));
            let lines = file.audit.get(&id).copied().unwrap_or(0);
            self.reports_audited.judge((lines != 1).then(|| format!("report {id} of {name} has {lines} lines")));
        }
        self.unbroken.judge(broken_link(file.steps).map(told));
        self.replays.judge(replay(file).err().map(told));
        self.order.judge(disorder(file, self.now).map(told));
        let (acts, lines) = (acts(file), file.audit.get(&file.case.code).copied().unwrap_or(0));
        self.acts_audited.judge((acts != lines).then(|| told(format!("{acts} acts, {lines} lines"))));
        self.counted.judge(miscounted(file, &self.since).map(told));
    }
}

fn broken_link(steps: &[StepLine]) -> Option<String> {
    steps.windows(2).find(|pair| pair[0].to_state != pair[1].from_state).map(|pair| {
        let [before, after] = pair else { return String::new() };
        format!("step {} ends in {}, step {} begins in {}", before.id, before.to_state, after.id, after.from_state)
    })
}

/// Takes the steps through the state machine and compares where they end with what is stored.
fn replay(file: &File<'_>) -> Result<(), String> {
    let mut case = Case::Triage;
    for step in file.steps {
        let next = apply(case, step)?;
        if next.state().as_str() != step.to_state {
            return Err(format!("step {} ({}) leads to {}, not {}", step.id, step.step, next.state(), step.to_state));
        }
        case = next;
    }
    ended(&case, file.case)
}

fn apply(case: Case, step: &StepLine) -> Result<Case, String> {
    let at = Timestamp(step.at);
    let legal = |result: Result<Case, NotAllowed>| result.map_err(|refusal| format!("step {}: {refusal}", step.id));
    let word = |key: &str| step.detail[key].as_str().unwrap_or_default();
    match step.step.parse::<Move>().map_err(|fault| format!("step {}: {fault}", step.id))? {
        Move::Receive => Ok(Case::Triage),
        Move::Join => legal(case.join()),
        Move::Part => legal(case.part()),
        Move::Assign => legal(case.assign(at)),
        Move::Refuse => legal(case.refuse(at)),
        Move::Accept => legal(case.accept(at)),
        Move::Answer => {
            let outcome: Outcome = word("outcome").parse().map_err(|fault| format!("step {}: {fault}", step.id))?;
            legal(case.answer(at, outcome))
        }
        Move::Dispute => legal(case.dispute()),
        Move::Rate => {
            let solved = step.detail["solved"].as_bool().unwrap_or_default();
            let rating = step.detail["satisfied"].as_u64().and_then(|stars| u8::try_from(stars).ok());
            legal(case.rate(at, solved, rating))
        }
        step @ (Move::PartAdd | Move::PartDone | Move::PartCancel) => legal(case.of_part(step)),
        Move::Lapse => legal(case.lapse(at)),
        Move::Reopen => legal(case.reopen(at)),
        handed @ (Move::SendUp | Move::SendDown | Move::SendBack) => legal(case.hand(handed, at)),
        aside => legal(case.aside(aside)),
    }
}

/// Compares the state, and what belongs to the state, with the row.
fn ended(case: &Case, line: &CaseLine) -> Result<(), String> {
    let state = case.state();
    if state.as_str() != line.state {
        return Err(format!("the steps end in {state}, the row says {}", line.state));
    }
    let confirmed = |closing: &Closing| match closing {
        Closing::Confirmed { solved, rating } => (Some(*solved), rating.map(i64::from)),
        Closing::Unconfirmed => (None, None),
    };
    let same = match case {
        Case::Triage => line.unit_id.is_none(),
        Case::Assigned { at } => line.assigned_at == Some(at.0),
        Case::Working { accepted_at } => line.accepted_at == Some(accepted_at.0),
        Case::Answered { at, outcome } => {
            line.answered_at == Some(at.0) && line.outcome.as_deref() == Some(outcome.as_str())
        }
        Case::Closed { at, outcome, closing } => {
            line.closed_at == Some(at.0)
                && line.outcome.as_deref() == Some(outcome.as_str())
                && (line.confirmed, line.rating) == confirmed(closing)
        }
        Case::Refused { at } => line.closed_at == Some(at.0),
    };
    if same { Ok(()) } else { Err(format!("the row keeps another time or outcome of being {state}")) }
}

fn disorder(file: &File<'_>, now: Timestamp) -> Option<String> {
    let latest = now.0 + SKEW;
    let case = file.case;
    let spans = file.tasks.iter().map(|task| {
        let accepted = task.accepted_at.unwrap_or(task.assigned_at);
        ("task", task.id, vec![task.assigned_at, accepted, task.ended_at.unwrap_or(accepted)])
    });
    let spans = spans.chain(
        file.clocks
            .iter()
            .map(|clock| ("clock", clock.id, vec![clock.started_at, clock.stopped_at.unwrap_or(clock.started_at)])),
    );
    let spans = spans.chain(file.steps.iter().map(|step| ("step", step.id, vec![step.at])));
    for (kind, id, times) in spans {
        if times.iter().any(|at| *at < case.received_at) {
            return Some(format!("{kind} {id} is older than the case"));
        }
        if !times.is_sorted() {
            return Some(format!("{kind} {id} ends before it begins"));
        }
        if times.iter().any(|at| *at > latest) {
            return Some(format!("{kind} {id} lies in the future"));
        }
    }
    None
}

/// Acts of people on the case. The first assignment may be the program's own, in the act of receiving.
fn acts(file: &File<'_>) -> i64 {
    let first = file.steps.first().map(|step| step.at);
    let by_itself = |step: &&StepLine| {
        matches!(step.step.as_str(), "receive" | "join" | "lapse") || (step.step == "assign" && Some(step.at) == first)
    };
    file.steps.iter().filter(|step| !by_itself(step)).count() as i64
}

/// The first measure whose sum is not what the rows of the case say.
fn miscounted(file: &File<'_>, since: &HashMap<String, i64>) -> Option<String> {
    let steps = |word: &str| file.steps.iter().filter(|step| step.step == word).count();
    let said =
        |word: &str, is: fn(&StepLine) -> bool| file.steps.iter().filter(|step| step.step == word && is(step)).count();
    let claims = |step: &StepLine| {
        step.detail["outcome"].as_str().and_then(|word| word.parse().ok()).is_some_and(Outcome::claims_solved)
    };
    let ran_out = |kinds: &[&str]| {
        file.clocks.iter().filter(|c| kinds.contains(&c.kind.as_str()) && c.broken_at.is_some()).count()
    };
    // Its promise is kept by an answer that came before it ran out.
    let answers = |clock: &&super::pages::ClockLine| {
        file.steps.iter().any(|step| step.step == "answer" && Some(step.at) == clock.stopped_at)
    };
    let in_time = file.clocks.iter().filter(|clock| clock.kind == "promise" && clock.broken_at.is_none());
    let kept = in_time.filter(answers).count();
    // A report is counted where it was received: of two that part, the case it came to has not received it.
    let came_apart = usize::from(file.steps.first().is_some_and(|step| step.detail["from"].is_string()));
    let expected = [
        (Measure::Received, (file.reports.len() + steps("part")).saturating_sub(came_apart)),
        (Measure::Joined, steps("join").saturating_sub(steps("part"))),
        (Measure::Opened, 1),
        (Measure::Assigned, file.tasks.len()),
        (Measure::Accepted, file.tasks.iter().filter(|task| task.accepted_at.is_some()).count()),
        (Measure::AcceptBroken, ran_out(&["accept"])),
        (Measure::AnswerBroken, ran_out(&["answer"])),
        (Measure::Disputed, steps("dispute")),
        (Measure::Refused, steps("refuse")),
        (Measure::Answered, steps("answer")),
        (Measure::ClaimedSolved, said("answer", claims)),
        (Measure::Confirmable, steps("rate")),
        (Measure::ConfirmedSolved, said("rate", |step| step.detail["solved"] == true)),
        (Measure::Rated, said("rate", |step| step.detail["satisfied"].is_u64())),
        (Measure::Unconfirmed, steps("lapse")),
        (Measure::Reopened, steps("reopen")),
        (Measure::Closed, steps("rate") + steps("lapse")),
        (Measure::Dispatched, usize::from(!file.tasks.is_empty())),
        (Measure::Extended, steps("extend")),
        (Measure::PromiseKept, kept),
        (Measure::PromiseBroken, ran_out(&["promise"])),
        (Measure::FeedbackBroken, ran_out(&["feedback_first", "feedback_next"])),
    ];
    let counted = |measure: Measure| {
        file.counts.iter().find(|line| line.measure == measure.as_str()).map_or(0, |line| line.amount)
    };
    let is_counted = |measure: Measure| since.get(measure.as_str()).is_none_or(|last| file.case.received_at > *last);
    expected
        .into_iter()
        .filter(|(measure, _)| is_counted(*measure))
        .find(|(measure, should)| counted(*measure) != *should as i64)
        .map(|(measure, should)| format!("{measure} is counted {} times, should be {should}", counted(measure)))
}
