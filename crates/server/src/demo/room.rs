//! Third-party evaluation in the demo city: one contract that is signed, and one under way.

use std::collections::BTreeMap;

use anyhow::Context;
use jiff::civil::Date;
use muster_core::evaluate::room::SeedKind;
use muster_core::evaluate::sample::{Allocation, Design, StrataBy};
use muster_core::people::{Actor, Role};
use muster_core::time::Timestamp;
use muster_store::process::case_get;
use muster_store::room::{PickRow, picks_of};
use uuid::Uuid;

use super::city::City;
use crate::clock::VirtualClock;
use crate::jobs;
use crate::state::State;
use crate::usecase::room_answer::{About, room_answer};
use crate::usecase::room_call::room_call;
use crate::usecase::room_draw::room_draw;
use crate::usecase::room_frame::room_frame;
use crate::usecase::room_order::{RoomDraft, room_order};
use crate::usecase::room_sign::room_sign;

const AGENCY: &str = "湖东社会治理研究院";
/// The signed one was begun so many days before the end.
const BEGUN: i64 = 6;

/// Who takes part in both.
struct Cast<'a> {
    state: &'a State,
    hand: &'a VirtualClock,
    city: &'a City,
    leader: &'a Actor,
    evaluator: &'a Actor,
}

/// Orders, draws, judges and signs by the use-cases; the clock stands at `end` afterwards.
pub async fn rooms(
    state: &State,
    hand: &VirtualClock,
    city: &City,
    start: Timestamp,
    end: Timestamp,
) -> anyhow::Result<()> {
    let root = state.pack.root_area;
    let leader = city.actor(Role::Leader, root, None).context("the demo city has no leader")?;
    let evaluator = city.actor(Role::Evaluator, root, None).context("the demo city has no evaluator")?;
    let cast = Cast { state, hand, city, leader, evaluator };
    let begun = end.plus(-BEGUN * Timestamp::DAY);
    hand.set(begun);
    signed(&cast, start, begun).await?;
    let lately = end.plus(-Timestamp::HOUR);
    hand.set(lately);
    running(&cast, start, lately).await?;
    hand.set(end);
    jobs::settle(state).await?;
    Ok(())
}

async fn signed(cast: &Cast<'_>, start: Timestamp, begun: Timestamp) -> anyhow::Result<()> {
    let design = Design { by: StrataBy::Area, allocation: Allocation::Neyman, size: 24, least: 2 };
    let draft =
        RoomDraft {
            title: "办理质量评价（第一批）".to_owned(), calls: true, ..cast.draft(design, start, begun)?
        };
    let room = cast.drawn(&draft).await?;
    for pick in cast.picks(room).await? {
        cast.hand.advance(Timestamp::SECOND);
        cast.judge(room, &pick).await?;
        cast.call(room, &pick).await?;
    }
    let Actor::Account(account) = cast.evaluator else { anyhow::bail!("an evaluator is an account") };
    room_sign(cast.state, cast.evaluator, room, &account.name).await?;
    Ok(())
}

async fn running(cast: &Cast<'_>, start: Timestamp, end: Timestamp) -> anyhow::Result<()> {
    let design = Design { by: StrataBy::Class, allocation: Allocation::Proportional, size: 30, least: 2 };
    let draft = RoomDraft { title: "办理质量评价（第二批）".to_owned(), ..cast.draft(design, start, end)? };
    let room = cast.drawn(&draft).await?;
    for pick in cast.picks(room).await?.iter().take(11) {
        cast.judge(room, pick).await?;
    }
    Ok(())
}

impl Cast<'_> {
    /// Cases closed from `start` until the day before `now`; the work goes on for three weeks.
    fn draft(&self, design: Design, start: Timestamp, now: Timestamp) -> anyhow::Result<RoomDraft> {
        let day = |at: Timestamp| Some(self.state.pack.calendar.local_date(at));
        let after = |days: i64| -> Option<Date> { day(now.plus(days * Timestamp::DAY)) };
        let questionnaire = self.state.pack.questionnaires.all.first().context("the pack has no questionnaire")?;
        Ok(RoomDraft {
            agency: AGENCY.to_owned(),
            area: Some(self.state.pack.root_area),
            cases: (day(start), after(-1)),
            work: (after(0), after(20)),
            design,
            questionnaire: questionnaire.code.clone(),
            seed_kind: SeedKind::Secret,
            evaluators: self.evaluator.account_id().map(|id| id.0).into_iter().collect(),
            ..RoomDraft::default()
        })
    }

    async fn drawn(&self, draft: &RoomDraft) -> anyhow::Result<Uuid> {
        let room = room_order(self.state, self.leader, draft).await?;
        self.hand.advance(Timestamp::MINUTE);
        room_frame(self.state, self.leader, room).await?;
        self.hand.advance(Timestamp::MINUTE);
        room_draw(self.state, self.leader, room, "").await?;
        self.hand.advance(Timestamp::MINUTE);
        Ok(room)
    }

    async fn picks(&self, room: Uuid) -> anyhow::Result<Vec<PickRow>> {
        let mut tx = self.state.read().await?;
        Ok(picks_of(&mut tx, room).await?)
    }

    /// Mostly as the record suggests, with a mind of their own.
    async fn judge(&self, room: Uuid, pick: &PickRow) -> anyhow::Result<()> {
        let fixed = pick.outcome.as_deref() == Some("fixed");
        let solved = if pick.number % 9 == 0 { !fixed } else { fixed };
        let mark = |good: i64| if solved { good } else { good - 2 }.to_string();
        let word = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
        let solved_word = if pick.number % 11 == 0 { "cannot_tell".to_owned() } else { word(solved) };
        let typed = [
            ("solved", solved_word),
            ("shown", word(pick.number % 5 != 0)),
            ("to_the_point", mark(4 + pick.number % 2)),
            ("in_time", word(pick.number % 7 != 0)),
            ("as_resident", mark(4 + pick.number % 2)),
            ("remark", if pick.number % 8 == 0 { "只写了日期，没有写做了多少。" } else { "" }.to_owned()),
        ];
        let about = About { room, number: pick.number, revision: 0 };
        room_answer(self.state, self.evaluator, about, &map(typed)).await?;
        Ok(())
    }

    async fn call(&self, room: Uuid, pick: &PickRow) -> anyhow::Result<()> {
        let mut tx = self.state.read().await?;
        let case = case_get(&mut tx, pick.case_id.into()).await?.context("a case of the sample")?;
        drop(tx);
        let Some(operator) = self.city.actor(Role::Operator, case.area, None) else { return Ok(()) };
        let reached = pick.number % 4 != 3;
        let solved = pick.confirmed.unwrap_or(pick.number % 3 != 0);
        let typed = match (reached, solved) {
            (false, _) => [("call_solved", "cannot_tell"), ("call_satisfied", "cannot_tell"), ("call_words", "")],
            (true, true) => [("call_solved", "yes"), ("call_satisfied", "4"), ("call_words", "弄好了，没再犯。")],
            (true, false) => [("call_solved", "no"), ("call_satisfied", "2"), ("call_words", "来看过，还是老样子。")],
        };
        let about = About { room, number: pick.number, revision: 0 };
        room_call(self.state, operator, about, &map(typed.map(|(code, word)| (code, word.to_owned())))).await?;
        Ok(())
    }
}

fn map<const N: usize>(typed: [(&str, String); N]) -> BTreeMap<String, String> {
    typed.into_iter().map(|(code, word)| (code.to_owned(), word)).collect()
}
