//! How long each hand has with a finding, and when one looks back.

use serde::Serialize;

use super::section::Section;
use crate::evaluate::finding::FindingStage;
use crate::time::clock::{Budget, BudgetUnit};

/// The times of findings, each with its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Findings {
    /// In the order of [`Findings::STAGES`].
    stages: Vec<Budget>,
    /// Days that the form proposes until it is put right, and the most that may be given.
    pub usual_days: i64,
    pub most_days: i64,
    /// Days it has to stand in public before it is struck off.
    pub public_days: i64,
    /// Days after it was struck off at which one looks back, the earliest first.
    pub look_days: Vec<i64>,
    /// Hundredths of a point by which a figure has to be better than when it was found.
    pub look_better: i64,
    pub basis: String,
}

impl Findings {
    /// The stages in which somebody owes the next step within a time of their own. What is planned and being put right is
    /// owed by the day the unit named.
    pub const STAGES: [FindingStage; 6] = [
        FindingStage::Found,
        FindingStage::Registered,
        FindingStage::Claimed,
        FindingStage::OwnChecked,
        FindingStage::Checked,
        FindingStage::Published,
    ];
    const KEYS: [&'static str; 6] = ["register", "claim", "plan", "check", "publish", "strike"];

    pub(super) fn read(root: &Section) -> Option<Self> {
        root.only(&["days", "deadline", "publication", "look_back"]);
        let days = root.table("days")?;
        days.only(&Self::KEYS);
        let stages = Self::KEYS.iter().filter_map(|key| {
            let section = days.table(key)?;
            section.only(&["amount", "basis"]);
            let amount = section.int("amount", 1..=250) as u32;
            Some(Budget {
                amount,
                unit: BudgetUnit::WorkingDays,
                roll_to_working_day: false,
                basis: section.text("basis"),
            })
        });
        let stages: Vec<Budget> = stages.collect();
        let deadline = root.table("deadline")?;
        deadline.only(&["usual", "most", "basis"]);
        let (usual, most) = (deadline.int("usual", 1..=3_650), deadline.int("most", 1..=3_650));
        if usual > most {
            deadline.fault("usual", "more than most", "make it the same or less");
        }
        let publication = root.table("publication")?;
        publication.only(&["days", "basis"]);
        publication.text("basis");
        let public_days = publication.int("days", 0..=365);
        let look = root.table("look_back")?;
        look.only(&["first", "second", "better", "basis"]);
        let look_days = vec![look.int("first", 1..=3_650), look.int("second", 1..=3_650)];
        if look_days[0] >= look_days[1] {
            look.fault("second", "not after the first", "make it more");
        }
        let look_better = look.int("better", 0..=10_000);
        deadline.text("basis");
        (stages.len() == Self::KEYS.len()).then(|| Self {
            stages,
            usual_days: usual,
            most_days: most,
            public_days,
            look_days,
            look_better,
            basis: look.text("basis"),
        })
    }

    /// How long whoever has it at this stage has; `None` where another day counts, or nothing is owed.
    pub fn budget(&self, stage: FindingStage) -> Option<&Budget> {
        let place = Self::STAGES.iter().position(|known| *known == stage)?;
        self.stages.get(place)
    }

    /// How long a person asked at a look back has: as long as for a check.
    pub fn look_budget(&self) -> Option<&Budget> {
        self.budget(FindingStage::OwnChecked)
    }
}
