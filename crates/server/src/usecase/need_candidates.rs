//! Who can help with a need, the best first, and why the next ones cannot.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use muster_core::dispatch::hours::Hours;
use muster_core::dispatch::offer::{NeedKind, OfferState, enough};
use muster_core::dispatch::registry::{Bar, ResourceKind};
use muster_core::dispatch::{Need, Resource};
use muster_core::id::ResourceId;
use muster_core::people::{Action, Actor, may};
use muster_core::time::Timestamp;
use muster_store::Tx;
use muster_store::dispatch::{
    BookingRow, CertificateRow, NeedRow, OfferRow, ResourceRow, bookings_of, certificates_of, offers_of_need,
    offers_since, resources_get,
};

use super::act::deny;
use super::need::{Engine, found, risk_of, slots, subject_of};
use crate::error::{Error, Result};
use crate::state::State;

/// The nearest that are looked at.
const NEAR: usize = 60;
/// Those that are shown although they cannot be asked.
const BARRED: usize = 20;

/// Somebody who can be invited.
#[derive(Clone, Debug)]
pub struct Candidate {
    pub row: ResourceRow,
    pub slot: i64,
    pub km: f64,
    /// What the pair is worth, as the engine counts.
    pub value: i32,
    /// How likely it says yes and comes.
    pub chance: f64,
    /// Tasks of the seven days from today.
    pub week: i64,
}

/// Somebody near who cannot be invited, with every reason.
#[derive(Clone, Debug)]
pub struct Barred {
    pub row: ResourceRow,
    pub why: Vec<&'static str>,
}

#[derive(Debug)]
pub struct Candidates {
    pub need: NeedRow,
    pub best: Vec<Candidate>,
    pub barred: Vec<Barred>,
    /// How many of the best are asked at once.
    pub ask: usize,
}

pub async fn need_candidates(state: &State, actor: &Actor, code: &str) -> Result<Candidates> {
    state.roster.follow(state).await?;
    let mut tx = state.read().await?;
    let need = found(&mut tx, code).await?;
    may(actor, Action::OfferInvite, &subject_of(&mut tx, &need).await?).map_err(deny)?;
    let (mut best, barred) = candidates(state, &mut tx, &need).await?;
    let offers = offers_of_need(&mut tx, need.id).await?;
    let ask = to_ask(state, &need, &offers, &best);
    best.truncate(ask.max(10));
    Ok(Candidates { need, best, barred, ask })
}

/// How many of the best are asked beside those who have not answered.
pub(super) fn to_ask(state: &State, need: &NeedRow, offers: &[OfferRow], best: &[Candidate]) -> usize {
    let waiting = offers.iter().filter(|offer| offer.state == OfferState::Invited);
    let waiting: Vec<f64> = waiting.map(|offer| offer.chance as f64 / 1_000.0).collect();
    let chances: Vec<f64> = best.iter().map(|candidate| candidate.chance).collect();
    let target = f64::from(state.pack.dispatch.offer.target) / 1_000.0;
    enough(&waiting, &chances, need.missing() as usize, target)
}

/// The one place that looks for helpers: the best first, and the nearest of those who cannot be asked.
pub(super) async fn candidates(state: &State, tx: &mut Tx, need: &NeedRow) -> Result<(Vec<Candidate>, Vec<Barred>)> {
    if need.kind == NeedKind::Goods {
        return Ok((Vec::new(), Vec::new()));
    }
    if state.roster.read().is_none() {
        state.roster.follow(state).await?;
    }
    let rows = resources_get(tx, &nearest(state, need)).await?;
    let ids: Vec<ResourceId> = rows.iter().map(|row| row.id).collect();
    let around = Around::read(state, tx, need, &ids).await?;
    let (mut best, mut barred) = (Vec::new(), Vec::new());
    for row in rows {
        match around.judge(row) {
            Ok(candidate) => best.push(candidate),
            Err(found) if barred.len() < BARRED => barred.push(found),
            Err(_) => {}
        }
    }
    best.sort_by(|a, b| b.value.cmp(&a.value).then(a.row.id.cmp(&b.row.id)));
    Ok((best, barred))
}

/// The nearest who can be asked, as this node knows them, and beside them whoever is near and cannot: people wonder about
/// neighbours. What decides is looked at again in their rows.
fn nearest(state: &State, need: &NeedRow) -> Vec<ResourceId> {
    let standing = state.roster.read();
    let Some(standing) = standing.as_ref() else { return Vec::new() };
    let engine = Engine::new(state, standing.middle).of(&need.brief());
    let found = standing.near(&engine, risk_of(state, &need.risk), NEAR, |_| false);
    let mut near: Vec<ResourceId> = found.iter().map(|near| near.id).collect();
    let beside = standing.neighbours(&engine, 2 * BARRED);
    near.extend(beside.into_iter().filter(|id| !near.contains(id)).collect::<Vec<_>>());
    near
}

/// What decides about candidates of one need beside their own entries.
pub(super) struct Around<'a> {
    state: &'a State,
    need: &'a NeedRow,
    today: Date,
    /// As the engine takes it, in the plane round itself.
    engine: Need,
    certificates: BTreeMap<ResourceId, Vec<(String, Option<Date>)>>,
    bookings: Vec<BookingRow>,
    asked: BTreeMap<ResourceId, i64>,
    before: BTreeSet<ResourceId>,
}

impl<'a> Around<'a> {
    pub(super) async fn read(state: &'a State, tx: &mut Tx, need: &'a NeedRow, ids: &[ResourceId]) -> Result<Self> {
        let now = state.now();
        let today = state.pack.calendar.local_date(now);
        let week = slots(state).week(today);
        let mut certificates: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for row in certificates_of(tx, ids).await? {
            certificates.entry(row.resource_id).or_default().extend(CertificateRow::certifies(&row));
        }
        let offers = offers_of_need(tx, need.id).await?;
        // Who was told that they are no longer needed may be asked again.
        let asked_before = offers.iter().filter(|offer| offer.state != OfferState::Withdrawn);
        Ok(Self {
            state,
            need,
            today,
            engine: Engine::new(state, need.at()).of(&need.brief()),
            certificates,
            bookings: bookings_of(tx, ids, week).await?,
            asked: offers_since(tx, ids, now.plus(-7 * Timestamp::DAY)).await?,
            before: asked_before.map(|offer| offer.resource_id).collect(),
        })
    }

    /// Whether it can be invited now; every reason when not.
    #[expect(clippy::result_large_err, reason = "both sides are the row that came in, and go into lists at once")]
    pub(super) fn judge(&self, row: ResourceRow) -> std::result::Result<Candidate, Barred> {
        let (pack, slots) = (&self.state.pack.dispatch, slots(self.state));
        let calendar = &self.state.pack.calendar;
        let Ok(hours) = Hours::parse(&row.hours, calendar.zone()) else {
            return Err(Barred { row, why: vec!["hours"] });
        };
        let none = Vec::new();
        let certified = self.certificates.get(&row.id).unwrap_or(&none);
        let entry = row.entry(&hours, certified, calendar.local_date(row.assured_at));
        let mut why: Vec<&'static str> = entry.bars(pack, self.today).into_iter().map(Bar::as_str).collect();
        if let Some(risk) = pack.risk(&self.need.risk) {
            why.extend(entry.gates(risk, self.today).into_iter().map(Bar::as_str));
        }
        let own: Vec<&BookingRow> = self.bookings.iter().filter(|booking| booking.resource_id == row.id).collect();
        let full = |slot: &i64| own.iter().filter(|booking| booking.slot == *slot).count() as i64 >= row.at_once;
        let taken = slots.mask(self.today, own.iter().map(|booking| booking.slot).filter(full));
        let (engine, open) = (&self.engine, hours.slots(self.today, &pack.parts));
        let wanted = engine.slots;
        let week = own.len() as i64;
        let skills = entry.counts(pack, self.today);
        let at = row.place().seen_from(self.need.at());
        let km = f64::from(at.square_to(engine.at)).sqrt();
        let budget = i64::from(pack.offer.week_most);
        let person = row.kind == ResourceKind::Volunteer;
        let found = [
            (skills & engine.skills != engine.skills, "skills"),
            (open & wanted == 0 && !why.contains(&"hours"), "hours"),
            (open & wanted != 0 && open & wanted & !taken == 0, "taken"),
            (week >= row.capacity, "capacity"),
            (km * 1_000.0 > row.reach as f64, "far"),
            (person && self.asked.get(&row.id).is_some_and(|asked| *asked >= budget), "budget"),
            (self.before.contains(&row.id), "again"),
        ];
        why.extend(found.into_iter().filter_map(|(holds, word)| holds.then_some(word)));
        if !why.is_empty() {
            return Err(Barred { row, why });
        }
        let whole = |value: i64| u32::try_from(value).unwrap_or(0);
        let resource = Resource {
            at,
            skills,
            slots: open & !taken,
            capacity: whole(row.capacity - week),
            radius: (row.reach as f32 / 1_000.0).max(0.1),
            group: 1,
            recent: whole(week),
            acceptance: pack.prior.acceptance(whole(row.asked), whole(row.came)) as f32,
        };
        let slot = slots.first(self.today) + i64::from((resource.slots & wanted).trailing_zeros());
        let (value, chance) = (pack.worth.of(engine, &resource, km), f64::from(resource.acceptance).clamp(0.02, 0.98));
        Ok(Candidate { row, slot, km, value, chance, week })
    }
}

/// A candidate of this need who cannot be invited, as a refusal that names every reason and who could be asked instead.
pub(super) fn refused(barred: &Barred, next: Option<&Candidate>) -> Error {
    let first = barred.why.first().copied().unwrap_or("taken");
    let instead = match next {
        Some(next) => format!(" Ask {} ({}) instead, {:.1} km away.", next.row.code, next.row.name, next.km),
        None => " Nobody else near can be asked now.".to_owned(),
    };
    let detail = format!("{} cannot be invited: {}.{instead}", barred.row.code, barred.why.join(", "));
    Error::invalid("resource", &format!("offer-{first}"), detail)
}
