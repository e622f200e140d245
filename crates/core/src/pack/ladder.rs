//! The ladder of warnings: who is told how far a promise has run, once at each rung.

use serde::Serialize;

use super::clocks::ClockKind;
use super::section::Section;
use crate::people::text_enum;
use crate::time::Timestamp;
use crate::time::calendar::Calendar;
use crate::time::clock::{Budget, BudgetUnit, Promise, due};

text_enum! {
    /// Who is told.
    Told {
        /// Whoever handles for the unit that owes it.
        Unit = "unit",
        /// Whoever leads that unit.
        Head = "head",
        /// The coordinators of the unit's own area, or of the case's where no unit has it.
        Level = "level",
        /// The coordinators of the area above that.
        Above = "above",
    }
}

impl Told {
    const CODES: [&'static str; 4] = ["unit", "head", "level", "above"];
}

/// When a rung is reached.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub enum RungAt {
    /// At this share of the budget, in percent, counted as the budget is.
    Share(u32),
    /// So long after the promise ran out.
    After(Budget),
}

/// A warning, or an alarm from the due time on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Rung {
    pub at: RungAt,
    pub tell: Vec<Told>,
    pub basis: String,
}

impl Rung {
    /// [`Timestamp::NEVER`] while the promise stands still.
    pub fn at(&self, promise: &Promise<'_>) -> Timestamp {
        match &self.at {
            RungAt::Share(percent) => promise.at_share(*percent),
            RungAt::After(budget) => match promise.at_share(100) {
                Timestamp::NEVER => Timestamp::NEVER,
                ran_out => due(ran_out, budget, promise.calendar).at,
            },
        }
    }

    /// The same for what is owed from one moment until another and never stands still.
    pub fn between(&self, from: Timestamp, until: Timestamp, calendar: &Calendar) -> Timestamp {
        match &self.at {
            RungAt::Share(percent) => from.plus(until.since(from) / 100 * i64::from(*percent)),
            RungAt::After(budget) => due(until, budget, calendar).at,
        }
    }

    /// Whether it comes when the promise is already broken.
    pub fn is_alarm(&self) -> bool {
        !matches!(self.at, RungAt::Share(share) if share < 100)
    }
}

/// The rungs of every kind of promise, lowest first.
#[derive(Clone, Debug, Default)]
pub struct Ladder {
    by_kind: [Vec<Rung>; ClockKind::ALL.len()],
}

impl Ladder {
    pub(super) fn read(root: &Section) -> Self {
        root.only(&["rung"]);
        let mut ladder = Self::default();
        for section in root.tables("rung") {
            section.only(&["clock", "share", "after", "unit", "tell", "basis"]);
            let rung = read_rung(&section);
            let kinds = section.words("clock", ClockKind::from_code, &ClockKind::CODES);
            if kinds.is_empty() {
                section.fault("clock", "no promise is named", format!("name some of {}", ClockKind::CODES.join(", ")));
            }
            for kind in kinds {
                let rungs = &mut ladder.by_kind[kind as usize];
                if rungs.last().is_some_and(|last| !rises(last, &rung)) {
                    let advice = "write the rungs of a promise in the order in which they come";
                    section.fault("clock", format!("a rung of {} that does not rise", kind.code()), advice);
                }
                rungs.push(rung.clone());
            }
        }
        ladder
    }

    pub fn rungs(&self, kind: ClockKind) -> &[Rung] {
        &self.by_kind[kind as usize]
    }

    /// When the rung after the first `passed` is reached; [`Timestamp::NEVER`] after the last.
    pub fn next(&self, kind: ClockKind, passed: usize, promise: &Promise<'_>) -> Timestamp {
        self.rungs(kind).get(passed).map_or(Timestamp::NEVER, |rung| rung.at(promise))
    }
}

/// Whether the rung comes after another whatever the budget. Hours and days after are held apart by their longest.
fn rises(last: &Rung, next: &Rung) -> bool {
    match (&last.at, &next.at) {
        (RungAt::Share(last), RungAt::Share(next)) => last < next,
        (RungAt::Share(_), RungAt::After(_)) => true,
        (RungAt::After(_), RungAt::Share(_)) => false,
        (RungAt::After(last), RungAt::After(next)) => last.unit == next.unit && last.amount < next.amount,
    }
}

fn read_rung(section: &Section) -> Rung {
    let at = if section.has("share") {
        if section.has("after") {
            section.fault("after", "a share and a time after", "keep one of the two");
        }
        RungAt::Share(section.int("share", 1..=100) as u32)
    } else {
        let unit = section.word("unit", BudgetUnit::from_code, &BudgetUnit::CODES).unwrap_or_default();
        let amount = section.int("after", 1..=unit.most()) as u32;
        RungAt::After(Budget { amount, unit, roll_to_working_day: false, basis: String::new() })
    };
    let tell = section.words("tell", |word| word.parse().ok(), &Told::CODES);
    if tell.is_empty() {
        section.fault("tell", "nobody is told", format!("name some of {}", Told::CODES.join(", ")));
    }
    Rung { at, tell, basis: section.text("basis") }
}
