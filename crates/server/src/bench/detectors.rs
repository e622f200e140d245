//! A made-up city of units in which some game the figures, for `muster bench detectors`: what of it is found, and who is
//! suspected without reason.

use muster_core::evaluate::detect::{Detector, Handled, Signal, signals};
use muster_core::pack::DetectRule;
use muster_core::sense::likeness::{Shingles, repeats};
use muster_core::time::Timestamp;

use super::{Dice, Phrases};

/// Units of the city, and its large classes.
pub(crate) const UNITS: usize = 60;
const CLASSES: [&str; 5] = ["01", "02", "03", "04", "05"];
/// Tasks of a unit in a quarter.
const TASKS: (f64, f64) = (60.0, 400.0);
/// Share of a unit's tasks that are gamed, of the three units that game it.
pub(crate) const STRENGTHS: [f64; 3] = [0.1, 0.25, 0.5];
/// How often honest units do it, in the middle.
const USUAL: [(Detector, f64); 7] = [
    (Detector::Spike, 0.06),
    (Detector::Reopen, 0.04),
    (Detector::Template, 0.10),
    (Detector::Pause, 0.05),
    (Detector::Exclusion, 0.02),
    (Detector::PingPong, 0.05),
    (Detector::Instant, 0.02),
];
const BUDGET: i64 = 5 * Timestamp::DAY;

/// What a seed came to: for each detector and strength whether the planted unit was found, and the false alarms.
pub(crate) struct Found {
    pub(crate) planted: Vec<(Detector, usize, bool)>,
    pub(crate) false_alarms: Vec<Detector>,
    pub(crate) signals: usize,
}

/// One unit: how often it does each thing honestly in each class, and what it games.
struct Nature {
    rates: Vec<f64>,
    games: Option<(Detector, f64)>,
    tasks: usize,
}

/// `spread` is that of the units' log-odds; with `planted`, three units game each detector, of other units each.
pub(crate) fn look(seed: u64, spread: f64, planted: bool, rule: &DetectRule, phrases: &Phrases) -> Found {
    let mut dice = Dice::new(seed);
    let mut order: Vec<usize> = (0..UNITS).collect();
    dice.shuffle(&mut order);
    let mut players: Vec<(usize, Detector, usize)> = Vec::new();
    for (n, (detector, _)) in USUAL.iter().enumerate().filter(|_| planted) {
        players
            .extend((0..STRENGTHS.len()).map(|strength| (order[n * STRENGTHS.len() + strength], *detector, strength)));
    }
    let mut histories = Vec::new();
    let mut texts: Vec<Vec<(usize, Shingles)>> = vec![Vec::new(); UNITS];
    for (unit, answers) in texts.iter_mut().enumerate() {
        let games = players.iter().find(|(player, ..)| *player == unit).map(|(_, what, how)| (*what, STRENGTHS[*how]));
        let nature = nature(&mut dice, spread, games);
        for _ in 0..nature.tasks {
            let (task, text) = task(&mut dice, unit, &nature, phrases);
            answers.push((histories.len(), Shingles::of(&text)));
            histories.push(task);
        }
    }
    for answers in texts {
        let (places, texts): (Vec<usize>, Vec<Shingles>) = answers.into_iter().unzip();
        for (place, is) in places.into_iter().zip(repeats(&texts, rule.alike as f64 / 100.0)) {
            histories[place].alike = Some(is);
        }
    }
    judge(&signals(&histories, rule), &players)
}

fn judge(found: &[Signal], gamers: &[(usize, Detector, usize)]) -> Found {
    let is = |signal: &Signal, gamer: &(usize, Detector, usize)| signal.unit == gamer.0 && signal.detector == gamer.1;
    let planted = gamers.iter().map(|gamer| (gamer.1, gamer.2, found.iter().any(|signal| is(signal, gamer))));
    let wrong = found.iter().filter(|signal| !gamers.iter().any(|gamer| is(signal, gamer)));
    Found {
        planted: planted.collect(),
        false_alarms: wrong.map(|signal| signal.detector).collect(),
        signals: found.len(),
    }
}

fn nature(dice: &mut Dice, spread: f64, games: Option<(Detector, f64)>) -> Nature {
    // Nearly normal: the sum of twelve has a variance of one.
    let mut normal = || (0..12).map(|_| dice.unit()).sum::<f64>() - 6.0;
    let rates = USUAL.iter().map(|(_, rate)| {
        let odds = rate / (1.0 - rate) * (spread * normal()).exp();
        odds / (1.0 + odds)
    });
    let rates = rates.collect();
    let tasks = (TASKS.0.ln() + dice.unit() * (TASKS.1 / TASKS.0).ln()).exp() as usize;
    Nature { rates, games, tasks }
}

fn task(dice: &mut Dice, unit: usize, nature: &Nature, phrases: &Phrases) -> (Handled, String) {
    // Harder classes see more of everything, and units have their own mix of them.
    let class = (dice.below(CLASSES.len()) + unit % 2) % CLASSES.len();
    let hard = if class == 0 { 1.8 } else { 1.0 };
    let mut does = |detector: Detector| {
        let at = USUAL.iter().position(|(known, _)| *known == detector).unwrap_or_default();
        let games = nature.games.is_some_and(|(what, share)| what == detector && dice.unit() < share);
        games || dice.unit() < (nature.rates[at] * hard).min(0.9)
    };
    let (spike, again, alike) = (does(Detector::Spike), does(Detector::Reopen), does(Detector::Template));
    let (paused, left_out) = (does(Detector::Pause), does(Detector::Exclusion));
    let (passed_on, instant) = (does(Detector::PingPong), does(Detector::Instant));
    let used = if spike { 0.951 + 0.048 * dice.unit() } else { 0.05 + 0.89 * dice.unit() };
    let answered = Timestamp((BUDGET as f64 * used) as i64);
    let called = dice.unit() < 0.6 || instant;
    let confirmed =
        if instant { Timestamp::MINUTE } else { Timestamp::HOUR + dice.below(200) as i64 * Timestamp::HOUR };
    let solved = instant || dice.unit() < 0.7;
    let task = Handled {
        unit,
        class: CLASSES[class].to_owned(),
        started: Timestamp(0),
        due: Some(Timestamp(BUDGET)),
        answered: (!passed_on).then_some(answered),
        reopened: (again && !passed_on).then(|| answered.plus(dice.below(14) as i64 * Timestamp::DAY)),
        confirmed: (called && solved && !passed_on).then(|| answered.plus(confirmed)),
        called: called && !passed_on,
        alike: None,
        paused,
        left_out,
        passed_on,
    };
    (task, text(dice, unit, alike, phrases))
}

/// An answer of its own, or the unit's own boilerplate with another day in it.
fn text(dice: &mut Dice, unit: usize, alike: bool, phrases: &Phrases) -> String {
    let day = dice.below(28) + 1;
    if alike {
        let (own, rest) = (["已安排专人", "已转相关科室", "已列入计划", "正在协调推进"][unit % 4], unit / 4);
        return format!(
            "您好，您反映的问题我单位高度重视，{own}第一时间核实处理，后续将持续跟进，感谢您的支持和理解。第{rest}组，{day}日。"
        );
    }
    let said = phrases.said(dice);
    format!("{}{}{}{day}日", said.text, phrases.answer(dice), phrases.said(dice).text)
}
