//! A month on a virtual clock: residents report, operators decide, units accept and answer, residents have their say.
//!
//! Every act goes through the use-case that a page or the API would call; a seed decides delays and moods.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use indicatif::ProgressBar;
use muster_core::area::AreaId;
use muster_core::intake::{Channel, Draft};
use muster_core::people::{Actor, Role};
use muster_core::process::CaseState;
use muster_core::time::Timestamp;
use muster_store::process::{CaseRow, case_by_code};

use super::city::{City, Told};
use crate::clock::{Chance, VirtualClock};
use crate::jobs;
use crate::state::State;
use crate::usecase::case_assign::case_assign;
use crate::usecase::case_rate::{Rating, case_rate};
use crate::usecase::case_refuse::case_refuse;
use crate::usecase::case_triage::{Decision, case_triage};
use crate::usecase::report_submit::report_submit;
use crate::usecase::task_accept::task_accept;
use crate::usecase::task_answer::{Answer, task_answer};
use crate::usecase::task_dispute::task_dispute;

/// What happens next to one report of the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Report,
    Decide,
    Accept,
    Answer,
    Rate,
}

/// Draws from the seed.
struct Draw(Chance);

impl Draw {
    /// 0 to 99.
    fn percent(&self) -> u64 {
        u64::from_le_bytes(self.0.bytes()) % 100
    }

    /// A span between two bounds in hours.
    fn hours(&self, from: i64, to: i64) -> i64 {
        let minutes = u64::from_le_bytes(self.0.bytes()) % (((to - from) * 60).max(1) as u64);
        from * Timestamp::HOUR + minutes as i64 * Timestamp::MINUTE
    }
}

struct Life<'a> {
    state: &'a State,
    city: &'a City,
    draw: Draw,
    turns: BinaryHeap<Reverse<(i64, Turn, usize)>>,
    /// Code and secret of each report once it is in.
    slips: Vec<Option<(String, String)>>,
}

/// Lives from `start` (midnight of day 0) until `end`.
pub async fn live(
    state: &State,
    hand: &VirtualClock,
    city: &City,
    start: Timestamp,
    end: Timestamp,
    seed: u64,
) -> anyhow::Result<()> {
    let mut life = Life {
        state,
        city,
        draw: Draw(Chance::seeded(seed ^ 0x5eed)),
        turns: BinaryHeap::new(),
        slips: vec![None; city.reports.len()],
    };
    for (i, told) in city.reports.iter().enumerate() {
        life.turns.push(Reverse((moment(start, told).0, Turn::Report, i)));
    }
    let bar = ProgressBar::new(city.reports.len() as u64);
    let mut settled = start;
    while let Some(Reverse((at, turn, i))) = life.turns.pop() {
        if at > end.0 {
            break;
        }
        while settled.plus(Timestamp::DAY).0 <= at {
            settled = settled.plus(Timestamp::DAY);
            hand.set(settled);
            jobs::settle(state).await?;
        }
        hand.set(Timestamp(at));
        if turn == Turn::Report {
            bar.inc(1);
        }
        life.take(turn, i).await?;
    }
    hand.set(end);
    jobs::settle(state).await?;
    bar.finish_and_clear();
    Ok(())
}

fn moment(start: Timestamp, told: &Told) -> Timestamp {
    let (hour, minute) = told.time.split_once(':').unwrap_or(("12", "0"));
    let clock =
        hour.parse::<i64>().unwrap_or(12) * Timestamp::HOUR + minute.parse::<i64>().unwrap_or(0) * Timestamp::MINUTE;
    start.plus(told.day * Timestamp::DAY + clock)
}

impl Life<'_> {
    fn later(&mut self, span: i64, turn: Turn, i: usize) {
        self.turns.push(Reverse((self.state.now().plus(span).0, turn, i)));
    }

    async fn case(&self, i: usize) -> anyhow::Result<Option<CaseRow>> {
        let Some((code, _)) = &self.slips[i] else { return Ok(None) };
        let mut tx = self.state.db.read().await?;
        Ok(case_by_code(&mut tx, &code.parse()?).await?)
    }

    async fn take(&mut self, turn: Turn, i: usize) -> anyhow::Result<()> {
        if turn == Turn::Report {
            return self.report(i).await;
        }
        let Some(case) = self.case(i).await? else { return Ok(()) };
        match (turn, case.state) {
            (Turn::Decide, CaseState::Triage) => self.decide(i, &case).await,
            (Turn::Accept, CaseState::Assigned) => self.accept(i, &case).await,
            (Turn::Answer, CaseState::Assigned | CaseState::Working) => self.answer(i, &case).await,
            (Turn::Rate, CaseState::Answered) => self.rate(i, &case).await,
            _ => Ok(()),
        }
    }

    async fn report(&mut self, i: usize) -> anyhow::Result<()> {
        let told = &self.city.reports[i];
        let area = AreaId::new(told.area)?;
        let person = told.person.and_then(|n| self.city.residents.get(n));
        let draft = Draft {
            area: Some(area),
            place: told.place.clone(),
            title: told.title.clone(),
            text: told.text.clone(),
            name: person.map(|p| p.name.clone()).unwrap_or_default(),
            phone: person.map(|p| p.phone.clone()).unwrap_or_default(),
            ..Draft::default()
        };
        let staff = match told.channel.as_str() {
            "hotline" => self.city.actor(Role::Operator, area, None).map(|actor| (actor, Channel::Hotline)),
            "grid" => self.city.actor(Role::GridWorker, area, None).map(|actor| (actor, Channel::Grid)),
            _ => None,
        };
        let web = if told.channel == "api" { Channel::Api } else { Channel::Web };
        let (actor, channel) = staff.unwrap_or((&Actor::Anonymous, web));
        let receipt = report_submit(self.state, actor, channel, &draft, None).await?;
        self.slips[i] = Some((receipt.code, receipt.secret));
        if !receipt.joined {
            let turn = if receipt.state == "triage" { Turn::Decide } else { Turn::Accept };
            let most = if turn == Turn::Accept { 14 } else { self.patience(i).await? };
            let span = self.draw.hours(0, most);
            self.later(span, turn, i);
        }
        Ok(())
    }

    /// Hours within which operators decide: what is urgent at once, the rest within the day.
    async fn patience(&self, i: usize) -> anyhow::Result<i64> {
        let urgency = self.case(i).await?.map(|case| case.urgency);
        Ok(if urgency.as_deref() == Some("routine") { 20 } else { 1 })
    }

    /// Someone decides what waits: an operator at first, a coordinator what a unit has disputed.
    async fn decide(&mut self, i: usize, case: &CaseRow) -> anyhow::Result<()> {
        let told = &self.city.reports[i];
        let Some(operator) = self.city.actor(Role::Operator, case.area, None) else { return Ok(()) };
        let code = case.code.to_string();
        if let Some(reason) = &told.refuse {
            case_refuse(self.state, operator, &code, reason, None, None).await?;
            return Ok(());
        }
        let decision = Decision { category: told.category.clone(), ..Decision::default() };
        // Where the duty list names nobody, a coordinator asks the government office.
        if case_triage(self.state, operator, &code, &decision).await.is_err() {
            let Some(coordinator) = self.city.actor(Role::Coordinator, case.area, None) else { return Ok(()) };
            let mut tx = self.state.db.read().await?;
            let units = muster_store::people::unit_list(&mut tx).await?;
            let Some(office) = units.iter().find(|unit| unit.department == "office") else { return Ok(()) };
            drop(tx);
            case_assign(self.state, coordinator, &code, office.id, "清单未列明，由政务服务中心先行牵头", None).await?;
        }
        let span = self.draw.hours(1, 14);
        self.later(span, Turn::Accept, i);
        Ok(())
    }

    async fn accept(&mut self, i: usize, case: &CaseRow) -> anyhow::Result<()> {
        let Some(handler) = self.city.actor(Role::UnitHandler, case.area, case.unit()) else { return Ok(()) };
        let code = case.code.to_string();
        if self.draw.percent() < 4 {
            task_dispute(self.state, handler, &code, "经核对权责清单，该事项不属于本单位职责，请改派", None).await?;
            let span = self.draw.hours(1, 8);
            self.later(span, Turn::Decide, i);
            return Ok(());
        }
        task_accept(self.state, handler, &code, None).await?;
        let span = if self.draw.percent() < 88 { self.draw.hours(4, 96) } else { self.draw.hours(120, 260) };
        self.later(span, Turn::Answer, i);
        Ok(())
    }

    async fn answer(&mut self, i: usize, case: &CaseRow) -> anyhow::Result<()> {
        let Some(handler) = self.city.actor(Role::UnitHandler, case.area, case.unit()) else { return Ok(()) };
        let outcome = match self.draw.percent() {
            0..=54 => "fixed",
            55..=69 => "partly",
            70..=89 => "explained",
            90..=95 => "not_fixed",
            _ => "out_of_scope",
        };
        let told = &self.city.reports[i];
        let said = |reply: &&super::city::Reply| reply.words.iter().any(|word| told.text.contains(word));
        let of = |category: &str| {
            let fits = self.city.replies.iter().filter(|r| r.outcome == outcome && r.category == category);
            let fits: Vec<_> = fits.collect();
            fits.iter().find(|r| said(r)).or_else(|| fits.iter().find(|r| r.words.is_empty())).copied()
        };
        let Some(reply) = of(case.class()).or_else(|| of("any")) else { return Ok(()) };
        let date = self.state.pack.calendar.local_date(self.state.now());
        let date = format!("{}月{}日", date.month(), date.day());
        let place = if case.place.is_empty() { "反映地点" } else { &case.place };
        let answer = Answer {
            outcome: outcome.to_owned(),
            text: reply.text.replace("{place}", place).replace("{date}", &date),
            evidence: format!("{date}现场记录"),
            note: None,
            version: None,
        };
        task_answer(self.state, handler, &case.code.to_string(), &answer).await?;
        if self.draw.percent() < 62 {
            let span = self.draw.hours(3, 120);
            self.later(span, Turn::Rate, i);
        }
        Ok(())
    }

    async fn rate(&mut self, i: usize, case: &CaseRow) -> anyhow::Result<()> {
        let Some((code, secret)) = self.slips[i].clone() else { return Ok(()) };
        let claimed = matches!(case.outcome.as_deref(), Some("fixed" | "explained"));
        let solved = self.draw.percent() < if claimed { 86 } else { 30 };
        let stars = if solved { 4 + (self.draw.percent() % 2) as u8 } else { 1 + (self.draw.percent() % 3) as u8 };
        let fitting: Vec<_> = self.city.callbacks.iter().filter(|said| said.satisfied == solved).collect();
        let n = self.draw.percent() as usize % fitting.len().max(1);
        let comment = fitting.get(n).map(|said| said.text.clone()).unwrap_or_default();
        let rating = Rating { solved: Some(solved), satisfied: Some(stars), comment };
        case_rate(self.state, &code, &secret, &rating).await?;
        Ok(())
    }
}
