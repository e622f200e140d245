//! Two quarters before the demo's month: some units handle what they are sent, are scored for it, and one fails twice.

use anyhow::Context;
use jiff::ToSpan;
use muster_core::area::AreaId;
use muster_core::evaluate::Term;
use muster_core::intake::{Channel, Draft};
use muster_core::people::{Actor, Role};
use muster_core::time::Timestamp;
use muster_store::people::{Unit, unit_by_code};
use muster_store::performance::{interviews, scores_of_unit};
use serde::Deserialize;

use super::city::City;
use crate::clock::VirtualClock;
use crate::jobs;
use crate::state::State;
use crate::usecase::case_assign::case_assign;
use crate::usecase::case_rate::{Rating, case_rate};
use crate::usecase::interview_call::{Summons, interview_call};
use crate::usecase::interview_record::interview_record;
use crate::usecase::report_submit::report_submit;
use crate::usecase::score_appeal::{NewAppeal, score_appeal};
use crate::usecase::score_make::score_make;
use crate::usecase::task_accept::task_accept;
use crate::usecase::task_answer::{Answer, task_answer};

#[derive(Deserialize)]
struct Past {
    text: Vec<String>,
    place: Vec<String>,
    good: String,
    poor: String,
    appeal: String,
    summons: String,
    record: String,
}

/// A unit, where its cases are, how many each quarter, and whether it does badly.
const WORKED: [(&str, i64, usize, bool); 4] = [
    ("ys-housing", 900_103_001_001_000, 10, true),
    ("bh-housing", 900_102_001_001_000, 8, false),
    ("bh-urban-management", 900_102_002_001_000, 8, false),
    ("bh-water", 900_102_003_001_000, 8, false),
];
/// The district whose unit fails, and the one whose scores are new.
const FAILS: i64 = 900_103_000_000_000;
const NEW: i64 = 900_102_000_000_000;

/// What happens to a case of the past: its hours after it was received.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Report,
    Accept,
    Answer,
    Rate,
}

struct Told {
    unit: Unit,
    badly: bool,
    text: String,
    area: AreaId,
    slip: Option<(String, String)>,
}

/// The two quarters that are scored: the later one ended long enough ago for its time to appeal to be over.
fn terms(state: &State, end: Timestamp) -> (Term, Term) {
    let day = state.pack.calendar.local_date(end.plus(-40 * Timestamp::DAY));
    let last = Term::quarter_of(day).before();
    (last.before(), last)
}

/// Lives through both quarters and has the units of one district scored for them, before the month begins.
pub async fn past(state: &State, hand: &VirtualClock, city: &City, end: Timestamp) -> anyhow::Result<()> {
    let past: Past = toml::from_str(include_str!("../../../../demo/performance.toml"))?;
    let (first, last) = terms(state, end);
    let mut life = Life { state, city, past: &past, told: Vec::new() };
    let mut turns = life.plan(&[first, last]).await?;
    turns.sort_unstable();
    let mut day = 0;
    for (at, turn, n) in turns {
        if at / Timestamp::DAY > day {
            day = at / Timestamp::DAY;
            hand.set(Timestamp(day * Timestamp::DAY));
            jobs::settle(state).await?;
        }
        hand.set(Timestamp(at));
        life.take(turn, n).await?;
    }
    let over = state.pack.calendar.day_bounds(last.days().1).1;
    hand.set(over.plus(10 * Timestamp::HOUR));
    jobs::settle(state).await?;
    for term in [first, last] {
        score_make(state, coordinator(state, city)?, AreaId::new(FAILS)?, term).await?;
    }
    // When the time to appeal is over, both count.
    hand.set(over.plus(34 * Timestamp::DAY));
    jobs::settle(state).await?;
    Ok(())
}

fn coordinator<'a>(state: &State, city: &'a City) -> anyhow::Result<&'a Actor> {
    city.actor(Role::Coordinator, state.pack.root_area, None).context("the city has a coordinator")
}

/// After the month: the other district's units are scored, one appeals; the one that failed twice is called and spoken with.
pub async fn present(state: &State, hand: &VirtualClock, city: &City, end: Timestamp) -> anyhow::Result<()> {
    let past: Past = toml::from_str(include_str!("../../../../demo/performance.toml"))?;
    let (_, last) = terms(state, end);
    hand.set(end.plus(-3 * Timestamp::DAY));
    score_make(state, coordinator(state, city)?, AreaId::new(NEW)?, last).await?;
    let mut tx = state.read().await?;
    let unit = unit_by_code(&mut tx, "bh-water").await?.context("a unit of the demo")?;
    let score = scores_of_unit(&mut tx, unit.id).await?.into_iter().find(|row| row.term == last);
    let seen = muster_core::people::scope(coordinator(state, city)?, muster_core::people::Action::InterviewView)?;
    let interview = interviews(&mut tx, &seen, 1).await?.pop();
    drop(tx);
    if let Some(interview) = interview {
        let held_at = end.plus(-2 * Timestamp::DAY);
        let (place, chair) = ("市政务服务中心 302 会议室".to_owned(), "李军副市长".to_owned());
        let summons = Summons { held_at, place, chair, why: past.summons };
        interview_call(state, coordinator(state, city)?, interview.id, &summons).await?;
        hand.set(held_at.plus(2 * Timestamp::HOUR));
        interview_record(state, coordinator(state, city)?, interview.id, &past.record).await?;
    }
    hand.set(end.plus(-Timestamp::DAY));
    let head = city.actor(Role::Leader, unit.area, Some(unit.id)).context("its head")?;
    if let Some(score) = score {
        let reason = past.appeal.replace("{date}", &date(state, end.plus(-60 * Timestamp::DAY)));
        let new = NewAppeal { part: "on_time".to_owned(), reason, ..NewAppeal::default() };
        score_appeal(state, head, score.id, &new).await?;
    }
    hand.set(end);
    jobs::settle(state).await?;
    Ok(())
}

fn date(state: &State, at: Timestamp) -> String {
    let date = state.pack.calendar.local_date(at);
    format!("{}月{}日", date.month(), date.day())
}

struct Life<'a> {
    state: &'a State,
    city: &'a City,
    past: &'a Past,
    told: Vec<Told>,
}

impl Life<'_> {
    /// Who is sent what, and when each turn of it comes.
    async fn plan(&mut self, terms: &[Term]) -> anyhow::Result<Vec<(i64, Turn, usize)>> {
        let mut turns = Vec::new();
        for (term, (code, area, cases, badly)) in terms.iter().flat_map(|term| WORKED.map(|worked| (term, worked))) {
            let mut tx = self.state.read().await?;
            let unit = unit_by_code(&mut tx, code).await?.context("a unit of the demo")?;
            drop(tx);
            for n in 0..cases {
                let day = term.days().0.checked_add((2 + n as i64 * 7).days())?;
                let at = self.state.pack.calendar.day_bounds(day).0.plus(10 * Timestamp::HOUR);
                let place = &self.past.place[(n + self.told.len()) % self.past.place.len()];
                let text = self.past.text[n % self.past.text.len()].replace("{place}", place);
                let slow = badly || n % 4 == 3;
                let hours = |hours: i64| at.plus(hours * Timestamp::HOUR).0;
                let id = self.told.len();
                turns.push((at.0, Turn::Report, id));
                turns.push((hours(if slow { 70 } else { 3 }), Turn::Accept, id));
                turns.push((hours(if slow { 500 } else { 30 }), Turn::Answer, id));
                turns.push((hours(if slow { 520 } else { 50 }), Turn::Rate, id));
                let (area, slip) = (AreaId::new(area)?, None);
                self.told.push(Told { unit: unit.clone(), badly: slow && (badly || n % 8 == 7), text, area, slip });
            }
        }
        Ok(turns)
    }

    async fn take(&mut self, turn: Turn, n: usize) -> anyhow::Result<()> {
        if turn == Turn::Report {
            return self.report(n).await;
        }
        let told = &self.told[n];
        let Some((code, secret)) = &told.slip else { return Ok(()) };
        let handler =
            self.city.actor(Role::UnitHandler, told.unit.area, Some(told.unit.id)).context("a handler of the unit")?;
        match turn {
            Turn::Report => {}
            Turn::Accept => drop(task_accept(self.state, handler, code, None).await?),
            Turn::Answer => {
                let date = date(self.state, self.state.now());
                let answer = Answer {
                    outcome: if told.badly { "partly" } else { "fixed" }.to_owned(),
                    text: if told.badly { &self.past.poor } else { &self.past.good }.replace("{date}", &date),
                    evidence: format!("{date}现场记录"),
                    ..Answer::default()
                };
                task_answer(self.state, handler, code, &answer).await?;
            }
            Turn::Rate => {
                let stars = if told.badly { 2 } else { 5 };
                let rating = Rating { solved: Some(!told.badly), satisfied: Some(stars), comment: String::new() };
                case_rate(self.state, code, secret, &rating).await?;
            }
        }
        Ok(())
    }

    /// Told at the window, and given to the unit by whoever coordinates.
    async fn report(&mut self, n: usize) -> anyhow::Result<()> {
        let told = &self.told[n];
        let draft = Draft { area: Some(told.area), text: told.text.clone(), ..Draft::default() };
        let receipt = report_submit(self.state, &Actor::Anonymous, Channel::Web, &draft, None).await?;
        if receipt.joined {
            return Ok(());
        }
        let by = coordinator(self.state, self.city)?;
        let reason = "按权责清单由该单位办理";
        // Where the duty list has named the unit already there is nothing to give.
        case_assign(self.state, by, &receipt.code, told.unit.id, reason, None).await.ok();
        self.told[n].slip = Some((receipt.code, receipt.secret));
        Ok(())
    }
}
