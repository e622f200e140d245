//! The plan of a case: its parts as a chart and as a table, and the forms by which work is given out.

use askama::Template;

use super::process::Due;
use super::{Group, Shell, When};

/// A part as lists and tables show it.
#[derive(Clone, Debug, Default)]
pub struct PartLine {
    pub number: i64,
    pub code: String,
    pub title: String,
    /// How deep it stands below others: 0 to 3.
    pub depth: usize,
    pub unit: String,
    pub helpers: String,
    /// Code of the family `part-state`.
    pub state: &'static str,
    pub required: bool,
    /// On the chain that leads to the end.
    pub critical: bool,
    /// Such as 2 天; empty where there is none or it is over.
    pub slack: String,
    pub start: Option<When>,
    pub finish: Option<When>,
    /// While its time runs.
    pub due: Option<Due>,
    /// Numbers of the parts it waits for, such as 1、2.
    pub after: String,
    /// Such as 10 个工作日.
    pub budget: String,
    pub reason: String,
    pub result: String,
    pub evidence: String,
    pub acts: PartActs,
    /// Ids of the controls of its forms: `text-N`, `evidence-N`, `reason-N`.
    pub text_id: String,
    pub evidence_id: String,
    pub reason_id: String,
    /// Typed before, when the form of this part comes back.
    pub typed: PartTyped,
}

/// What this person may do with a part now.
#[derive(Clone, Copy, Debug, Default)]
pub struct PartActs {
    pub accept: bool,
    pub done: bool,
    pub cancel: bool,
}

#[derive(Clone, Debug, Default)]
pub struct PartTyped {
    pub text: String,
    pub evidence: String,
    pub reason: String,
}

/// One bar of the chart, in the coordinates of the drawing.
#[derive(Clone, Debug)]
pub struct Bar {
    pub number: i64,
    pub title: String,
    pub x: i64,
    pub y: i64,
    pub width: i64,
    /// `critical`, `over`, `late` or `calm`.
    pub mood: &'static str,
    /// Where its slack ends; the same as its own end where there is none.
    pub slack_to: i64,
}

/// A vertical line with a date.
#[derive(Clone, Debug)]
pub struct Tick {
    pub x: i64,
    pub label: String,
}

/// The chart (Gantt): time to the right, one row a part, drawn in a `viewBox` of [`Gantt::WIDTH`] × `height`.
#[derive(Clone, Debug, Default)]
pub struct Gantt {
    pub height: i64,
    pub bars: Vec<Bar>,
    pub ticks: Vec<Tick>,
    pub today: i64,
}

/// One part to draw: where it runs and how far it may slip, in microseconds.
#[derive(Clone, Debug)]
pub struct Span {
    pub number: i64,
    pub title: String,
    pub start: i64,
    pub finish: i64,
    pub slack: i64,
    pub mood: &'static str,
}

impl Gantt {
    pub const WIDTH: i64 = 720;
    const LEFT: i64 = 36;
    const TOP: i64 = 28;
    const ROW: i64 = 26;

    /// `ticks` are instants with their labels; those outside the drawing are left out.
    pub fn new(spans: &[Span], now: i64, ticks: impl IntoIterator<Item = (i64, String)>) -> Self {
        let first = spans.iter().map(|span| span.start).min().unwrap_or(now).min(now);
        let last = spans.iter().map(|span| span.finish + span.slack).max().unwrap_or(now).max(now).max(first + 1);
        let place = |at: i64| {
            let along = i128::from(at - first) * i128::from(Self::WIDTH - Self::LEFT - 8) / i128::from(last - first);
            Self::LEFT + i64::try_from(along).unwrap_or_default()
        };
        let bars = spans.iter().zip(0..).map(|(span, row)| Bar {
            number: span.number,
            title: span.title.clone(),
            x: place(span.start),
            y: Self::TOP + row * Self::ROW + 4,
            // A moment is still to be seen.
            width: (place(span.finish) - place(span.start)).max(3),
            mood: span.mood,
            slack_to: place(span.finish + span.slack),
        });
        let inside = |(at, _): &(i64, String)| (first..=last).contains(at);
        Self {
            height: Self::TOP + spans.len() as i64 * Self::ROW + 8,
            bars: bars.collect(),
            ticks: ticks.into_iter().filter(inside).map(|(at, label)| Tick { x: place(at), label }).collect(),
            today: place(now),
        }
    }
}

/// A part of a named plan before it is taken up.
#[derive(Clone, Debug)]
pub struct ProposedLine {
    /// Name and id of its control: `unit-KEY`.
    pub field: String,
    pub title: String,
    pub depth: usize,
    /// Id of the unit that would lead; empty where none stands near.
    pub unit: String,
    pub start: When,
    pub finish: When,
    pub budget: String,
    pub required: bool,
    pub critical: bool,
    pub basis: String,
}

/// A named plan that is looked at.
#[derive(Clone, Debug)]
pub struct Proposal {
    pub code: String,
    pub name: String,
    pub basis: String,
    pub parts: Vec<ProposedLine>,
    pub reason: String,
}

/// What was typed into the form for a new part.
#[derive(Clone, Debug, Default)]
pub struct PartForm {
    pub title: String,
    pub unit: String,
    pub helper: String,
    pub amount: String,
    pub budget_unit: String,
    pub parent: String,
    pub after: String,
    pub not_before: String,
    pub optional: bool,
    pub reason: String,
}

/// `/case/{code}/plan?template=`. Forms post to `/case/{code}/parts` (the fields of [`PartForm`]), to
/// `/case/{code}/parts/{number}/accept`, `/done` (`text`, `evidence`) and `/cancel` (`reason`), and to `/case/{code}/plan`
/// (`template`, `reason`, and `unit-KEY` of each part).
#[derive(Template)]
#[template(path = "process/plan.html")]
pub struct PlanPage {
    pub shell: Shell,
    pub code: String,
    pub code_groups: Vec<String>,
    pub version: String,
    pub title: String,
    pub end: Option<When>,
    pub gantt: Gantt,
    pub parts: Vec<PartLine>,
    /// Whether this person sees who bears the cost.
    pub may_shares: bool,
    /// Whether this person may ask for helpers or goods for a part.
    pub may_ask: bool,
    /// Whether this person may give out parts now.
    pub may_add: bool,
    pub units: Vec<Group>,
    pub parents: Vec<Group>,
    pub budget_units: Vec<Group>,
    pub templates: Vec<Group>,
    pub template: String,
    pub proposal: Option<Proposal>,
    pub form: PartForm,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(start: i64, finish: i64, slack: i64) -> Span {
        Span { number: 1, title: String::new(), start, finish, slack, mood: "calm" }
    }

    #[test]
    fn bars_stay_inside_the_drawing_and_in_proportion() {
        let gantt = Gantt::new(&[span(0, 100, 0), span(50, 75, 25)], 10, [(0, "a".into()), (500, "b".into())]);
        assert_eq!((gantt.bars[0].x, gantt.bars[0].width), (36, 676));
        assert_eq!((gantt.bars[1].x, gantt.bars[1].width, gantt.bars[1].slack_to), (374, 169, 712));
        assert_eq!((gantt.today, gantt.ticks.len(), gantt.height), (103, 1, 88));
    }

    #[test]
    fn a_plan_of_one_moment_can_be_drawn() {
        let gantt = Gantt::new(&[span(5, 5, 0)], 5, []);
        assert_eq!((gantt.bars[0].x, gantt.bars[0].width, gantt.today), (36, 3, 36));
        assert!(Gantt::new(&[], 5, []).bars.is_empty());
    }
}
