//! Ways of handling that look good and are not: what a unit does far more often than its peers, with the cases behind.
//!
//! Each detector asks one question of every task it concerns: yes or no. A unit's yeses are held against what its peers
//! would have had with tasks of the same classes, by the upper tail of the binomial law; and not against the peers' own
//! rate but against so many times their odds, because honest units differ too. All tests of a look are corrected together
//! (Benjamini and Hochberg), so that the share of false signals is bounded. A signal is a question to a person, no guilt.

use std::collections::BTreeMap;

use super::chance::{adjusted, binomial_tail};
use crate::pack::DetectRule;
use crate::people::text_enum;
use crate::time::Timestamp;

text_enum! {
    Detector {
        /// Answers that come just before the time runs out.
        Spike = "spike",
        /// Answered, and soon asked for again.
        Reopen = "reopen",
        /// Answers that are nearly those of other cases.
        Template = "template",
        /// More time or parking asked for.
        Pause = "pause",
        /// Asked to be left out of the score.
        Exclusion = "exclusion",
        /// Handed back or passed on.
        PingPong = "ping_pong",
        /// The callback says solved within minutes of the answer.
        Instant = "instant",
    }
}

/// One task of a unit, as its history tells of it.
#[derive(Clone, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "facts that are independent of each other")]
pub struct Handled {
    /// Place of the unit in the caller's list.
    pub unit: usize,
    /// Large class of the case.
    pub class: String,
    /// Of the answer's promise, as it stood in the end.
    pub started: Timestamp,
    pub due: Option<Timestamp>,
    pub answered: Option<Timestamp>,
    /// Asked for again after that answer.
    pub reopened: Option<Timestamp>,
    /// The callback that says solved, after that answer.
    pub confirmed: Option<Timestamp>,
    /// Whether the callback was answered at all.
    pub called: bool,
    /// Whether another answer of the unit is nearly the same; `None` where there is no text.
    pub alike: Option<bool>,
    pub paused: bool,
    pub left_out: bool,
    pub passed_on: bool,
}

impl Handled {
    /// Whether the task is a yes to the detector's question; `None` when it does not concern it.
    pub fn answers(&self, detector: Detector, rule: &DetectRule) -> Option<bool> {
        let within = |later: Option<Timestamp>, span: i64| {
            later.zip(self.answered).is_some_and(|(later, answered)| later.since(answered) <= span)
        };
        match detector {
            Detector::Spike => {
                let (due, answered) = (self.due?, self.answered?);
                let (budget, used) = (due.since(self.started), answered.since(self.started));
                // One that is late is no spike, and no concern of this question.
                (budget > 0 && answered < due).then(|| used.saturating_mul(100) >= budget.saturating_mul(rule.spike))
            }
            Detector::Reopen => self.answered.map(|_| within(self.reopened, rule.reopen_days * Timestamp::DAY)),
            Detector::Template => self.alike,
            Detector::Pause => Some(self.paused),
            Detector::Exclusion => Some(self.left_out),
            Detector::PingPong => Some(self.passed_on),
            Detector::Instant => self.called.then(|| within(self.confirmed, rule.instant_minutes * Timestamp::MINUTE)),
        }
    }
}

/// A unit that does something far more often than its peers.
#[derive(Clone, Debug, PartialEq)]
pub struct Signal {
    pub detector: Detector,
    pub unit: usize,
    pub trials: i64,
    pub hits: i64,
    /// How many hits its peers would have had.
    pub expected: f64,
    /// Chance of so many hits by honest work at the odds the rule allows, and the same corrected for all tests.
    pub chance: f64,
    pub corrected: f64,
    /// Places of its hits in the histories.
    pub cases: Vec<usize>,
}

/// Sums of one detector.
#[derive(Clone, Copy, Debug, Default)]
struct Sums {
    trials: i64,
    hits: i64,
}

impl Sums {
    fn add(&mut self, hit: bool) {
        self.trials += 1;
        self.hits += i64::from(hit);
    }

    fn less(self, other: Self) -> Self {
        Self { trials: self.trials - other.trials, hits: self.hits - other.hits }
    }
}

/// The peers' rate in a class leans on their rate in all by so many tasks.
const LEAN: f64 = 20.0;

/// What stands out, the strongest first.
pub fn signals(histories: &[Handled], rule: &DetectRule) -> Vec<Signal> {
    let mut tested: Vec<Signal> = Detector::ALL.iter().flat_map(|detector| tests(histories, *detector, rule)).collect();
    let chances: Vec<f64> = tested.iter().map(|signal| signal.chance).collect();
    for (signal, corrected) in tested.iter_mut().zip(adjusted(&chances)) {
        signal.corrected = corrected;
    }
    tested.retain(|signal| signal.hits >= rule.hits && signal.corrected * 100.0 <= rule.false_share as f64);
    tested.sort_by(|a, b| a.corrected.total_cmp(&b.corrected).then(a.chance.total_cmp(&b.chance)));
    tested
}

/// Sums by large class.
type Classes<'a> = BTreeMap<&'a str, Sums>;

/// The test of every unit that has enough tasks.
fn tests(histories: &[Handled], detector: Detector, rule: &DetectRule) -> Vec<Signal> {
    let mut units: BTreeMap<usize, (Sums, Classes<'_>, Vec<usize>)> = BTreeMap::new();
    let (mut all, mut classes): (Sums, Classes<'_>) = Default::default();
    for (place, task) in histories.iter().enumerate() {
        let Some(hit) = task.answers(detector, rule) else { continue };
        let (sums, of_class, cases) = units.entry(task.unit).or_default();
        sums.add(hit);
        of_class.entry(&task.class).or_default().add(hit);
        all.add(hit);
        classes.entry(&task.class).or_default().add(hit);
        if hit {
            cases.push(place);
        }
    }
    if (units.len() as i64) <= rule.peers {
        return Vec::new();
    }
    let mut tested = Vec::new();
    for (unit, (sums, of_class, cases)) in units {
        let peers = all.less(sums);
        if sums.trials < rule.trials || peers.trials < rule.trials {
            continue;
        }
        // Half a hit more: that nobody else ever did it is no proof that nobody may.
        let usual = (peers.hits as f64 + 0.5) / (peers.trials as f64 + 1.0);
        let expected: f64 = of_class
            .iter()
            .map(|(class, own)| {
                let others = classes[class].less(*own);
                let rate = (others.hits as f64 + LEAN * usual) / (others.trials as f64 + LEAN);
                rate * own.trials as f64
            })
            .sum();
        let rate = allowed(expected / sums.trials as f64, rule);
        let chance = binomial_tail(sums.hits, sums.trials, rate);
        let (trials, hits) = (sums.trials, sums.hits);
        tested.push(Signal { detector, unit, trials, hits, expected, chance, corrected: 1.0, cases });
    }
    tested
}

/// The rate at the odds that the rule allows over those of the peers.
fn allowed(rate: f64, rule: &DetectRule) -> f64 {
    let odds = rate / (1.0 - rate).max(1e-9) * rule.odds as f64 / 100.0;
    odds / (1.0 + odds)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule() -> DetectRule {
        DetectRule {
            odds: 200,
            false_share: 5,
            trials: 30,
            hits: 5,
            peers: 5,
            spike: 95,
            reopen_days: 14,
            alike: 70,
            instant_minutes: 5,
            days: 92,
        }
    }

    fn task(unit: usize, used: i64) -> Handled {
        let class = "02".to_owned();
        Handled { unit, class, due: Some(Timestamp(1000)), answered: Some(Timestamp(used)), ..Handled::default() }
    }

    #[test]
    fn a_task_concerns_a_question_or_not() {
        let rule = rule();
        let spike = |used| task(0, used).answers(Detector::Spike, &rule);
        assert_eq!((spike(949), spike(950), spike(999), spike(1000)), (Some(false), Some(true), Some(true), None));
        let open = Handled { answered: None, ..task(0, 1) };
        assert_eq!((open.answers(Detector::Spike, &rule), open.answers(Detector::Reopen, &rule)), (None, None));
        assert_eq!(open.answers(Detector::Instant, &rule), None, "nobody was called");
        let again = |days: i64| Handled { reopened: Some(Timestamp(1 + days * Timestamp::DAY)), ..task(0, 1) };
        assert_eq!(again(14).answers(Detector::Reopen, &rule), Some(true));
        assert_eq!(again(15).answers(Detector::Reopen, &rule), Some(false));
        let dialled = |minutes: i64| Handled {
            called: true,
            confirmed: Some(Timestamp(1 + minutes * Timestamp::MINUTE)),
            ..task(0, 1)
        };
        assert_eq!(dialled(5).answers(Detector::Instant, &rule), Some(true));
        assert_eq!(dialled(6).answers(Detector::Instant, &rule), Some(false));
        assert_eq!(Handled { called: true, ..task(0, 1) }.answers(Detector::Instant, &rule), Some(false));
    }

    #[test]
    fn who_does_it_far_more_often_is_a_signal_with_its_cases_and_the_others_are_none() {
        let mut histories = Vec::new();
        for unit in 0..8 {
            for n in 0..100 {
                let spikes = if unit == 3 { n % 2 == 0 } else { n % 20 == 0 };
                histories.push(task(unit, if spikes { 990 } else { 500 }));
            }
        }
        let found = signals(&histories, &rule());
        let [signal] = &found[..] else { panic!("{found:#?}") };
        assert_eq!((signal.detector, signal.unit, signal.trials, signal.hits), (Detector::Spike, 3, 100, 50));
        assert!((signal.expected - 5.0).abs() < 0.2, "{}", signal.expected);
        assert!(signal.corrected < 1e-9 && signal.chance <= signal.corrected);
        assert!(signal.cases.len() == 50 && signal.cases.iter().all(|place| histories[*place].unit == 3));
    }

    #[test]
    fn few_tasks_few_peers_and_what_everybody_does_are_no_signals() {
        let all_do = |units: usize, tasks: i64, spikes: &dyn Fn(usize) -> bool| -> Vec<Handled> {
            let one = |unit| (0..tasks).map(move |_| unit);
            (0..units).flat_map(one).map(|unit| task(unit, if spikes(unit) { 990 } else { 500 })).collect()
        };
        assert_eq!(signals(&all_do(8, 29, &|unit| unit == 3), &rule()), [], "too few tasks");
        assert_eq!(signals(&all_do(5, 100, &|unit| unit == 3), &rule()), [], "too few peers");
        assert_eq!(signals(&all_do(8, 100, &|_| true), &rule()), [], "as everybody");
        assert_eq!(signals(&all_do(8, 100, &|unit| unit == 3), &rule()).len(), 1);
        assert_eq!(signals(&[], &rule()), []);
    }

    #[test]
    fn classes_are_held_against_their_like() {
        // In class 03 everybody answers late in the time; a unit that has only such cases does nothing of its own.
        let mut histories = Vec::new();
        for unit in 0..10 {
            for n in 0..200 {
                let hard = if unit == 0 { n < 190 } else { n < 20 };
                let task = task(unit, if hard && n % 5 < 3 { 990 } else { 500 });
                histories.push(Handled { class: if hard { "03" } else { "02" }.to_owned(), ..task });
            }
        }
        assert_eq!(signals(&histories, &rule()), []);
    }
}
