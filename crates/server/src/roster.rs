//! Who can be asked, in memory on this node: found from the nearest outward, in step with the database.
//!
//! It is read once and then follows: before each look it takes up the entries that changed since, and a little from before, for
//! what another node committed late. With a new day it is read anew, since hours, certificates and ages follow the day. It only
//! says whom to look at: an act looks again at the rows themselves.

use std::collections::{BTreeMap, HashMap};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use jiff::civil::Date;
use muster_core::area::AreaId;
use muster_core::dispatch::hours::Hours;
use muster_core::dispatch::registry::{Place, ResourceKind, ResourceState};
use muster_core::dispatch::{Need, Resource, Roster as Engine};
use muster_core::id::ResourceId;
use muster_core::time::Timestamp;
use muster_store::Tx;
use muster_store::dispatch::{
    BookingRow, CertificateRow, ResourceRow, area_middle, bookings_of, bookings_within, certificates_of,
    certificates_verified, offers_since, offers_since_all, resources_after, resources_all,
};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::state::State;
use crate::usecase::need::slots;

/// How far back a look reads again: longer than any transaction lasts.
const OVERLAP: i64 = Timestamp::MINUTE;
/// Different hours that are kept read; most people tick one of a few patterns.
const HOURS_MOST: usize = 10_000;
/// Rows read at once.
const PAGE: i64 = 5_000;

#[derive(Debug, Default)]
pub struct Roster {
    kept: RwLock<Option<Kept>>,
    /// One at a time reads what changed.
    catching: tokio::sync::Mutex<()>,
}

/// One entry as it was taken up.
#[derive(Clone, Debug)]
pub struct Known {
    pub id: ResourceId,
    pub area: AreaId,
    version: i64,
    /// One bit for each risk of the pack that it may be asked for.
    risks: u32,
    /// Tasks it can still take in any one part of a day in which it is free.
    pub room: u32,
}

/// A day's roster. Numbers are its own.
#[derive(Debug)]
pub struct Kept {
    pub day: Date,
    pub middle: Place,
    engine: Engine,
    /// Those who may not be asked now, whatever they are asked for: to say of neighbours why not.
    barred: Engine,
    known: Vec<Known>,
    numbers: HashMap<ResourceId, u32>,
    since: Timestamp,
    hours: HashMap<String, Hours>,
}

/// What beside its row decides about an entry.
#[derive(Debug, Default)]
struct Beside {
    certified: HashMap<ResourceId, Vec<(String, Option<Date>)>>,
    /// Bookings of the seven days, by slot.
    booked: HashMap<ResourceId, BTreeMap<i64, i64>>,
    asked: HashMap<ResourceId, i64>,
}

/// A resource that can serve a need, and how far away it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    pub id: ResourceId,
    pub number: u32,
    pub km: f64,
}

impl Roster {
    /// Takes up what changed. What is read afterwards is as new as the call.
    pub async fn follow(&self, state: &State) -> Result<()> {
        let _turn = self.catching.lock().await;
        let now = state.now();
        let today = state.pack.calendar.local_date(now);
        let since = self.read().as_ref().filter(|kept| kept.day == today).map(|kept| kept.since);
        let mut tx = state.read().await?;
        let Some(since) = since else {
            let kept = Kept::load(&mut tx, state, today).await?;
            *self.write() = Some(kept);
            return Ok(());
        };
        let mut after = (since.plus(-OVERLAP), ResourceId(Uuid::nil()));
        loop {
            let mut rows = resources_after(&mut tx, after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = (last.changed_at, last.id);
            if let Some(kept) = self.read().as_ref() {
                rows.retain(|row| !kept.knows(row));
            }
            if rows.is_empty() {
                continue;
            }
            let beside = Beside::of(&mut tx, state, today, &rows).await?;
            if let Some(kept) = self.write().as_mut() {
                for row in &rows {
                    kept.put(state, row, &beside)?;
                }
            }
        }
        if let Some(kept) = self.write().as_mut() {
            kept.since = kept.since.max(now);
        }
        Ok(())
    }

    fn write(&self) -> RwLockWriteGuard<'_, Option<Kept>> {
        self.kept.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// The roster as it stands; `None` before the first [`Roster::follow`].
    pub fn read(&self) -> RwLockReadGuard<'_, Option<Kept>> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    async fn load(tx: &mut Tx, state: &State, day: Date) -> Result<Self> {
        let since = state.now();
        let middle = area_middle(tx, state.pack.root_area).await?.unwrap_or_default();
        let mut kept = Self {
            day,
            middle,
            engine: Engine::new([]),
            barred: Engine::new([]),
            known: Vec::new(),
            numbers: HashMap::new(),
            since,
            hours: HashMap::new(),
        };
        let beside = Beside::all(tx, state, day).await?;
        let (mut found, mut barred) = (Vec::new(), Vec::new());
        let mut after = None;
        loop {
            let rows = resources_all(tx, after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = Some(last.id);
            for row in &rows {
                let number = kept.note(state, row, &beside)?;
                if let Some(resource) = kept.offered(state, row, &beside)? {
                    found.push((number, resource));
                } else if let Some(resource) = kept.neighbour(state, row) {
                    barred.push((number, resource));
                }
            }
        }
        (kept.engine, kept.barred) = (Engine::new(found), Engine::new(barred));
        Ok(kept)
    }

    fn knows(&self, row: &ResourceRow) -> bool {
        self.numbers.get(&row.id).is_some_and(|number| self.known[*number as usize].version == row.version)
    }

    fn put(&mut self, state: &State, row: &ResourceRow, beside: &Beside) -> Result<()> {
        let number = self.note(state, row, beside)?;
        if let Some(resource) = self.offered(state, row, beside)? {
            self.engine.set(number, resource);
            self.barred.remove(number);
            return Ok(());
        }
        self.engine.remove(number);
        match self.neighbour(state, row) {
            Some(resource) => self.barred.set(number, resource),
            None => self.barred.remove(number),
        }
        Ok(())
    }

    /// One who cannot be asked, as somebody who could do anything they say at any time.
    fn neighbour(&self, state: &State, row: &ResourceRow) -> Option<Resource> {
        (helps(row) && row.state == ResourceState::Open && row.ask).then(|| Resource {
            at: row.place().seen_from(self.middle),
            skills: state.pack.dispatch.bits(row.skills()),
            slots: u32::MAX,
            capacity: 1,
            radius: row.reach as f32 / 1_000.0,
            group: 1,
            recent: 0,
            acceptance: 0.0,
        })
    }

    /// The `k` nearest to a place, whatever they can do and whether they may be asked: to say of each why, or why not.
    pub fn neighbours(&self, need: &Need, k: usize) -> Vec<ResourceId> {
        let anything = Need { skills: 0, slots: u32::MAX, ..need.clone() };
        let (mut found, mut others) = (Vec::with_capacity(k), Vec::with_capacity(k));
        self.engine.nearest(&anything, k, |_| true, &mut found);
        self.barred.nearest(&anything, k, |_| true, &mut others);
        found.append(&mut others);
        found.sort_by(|a, b| a.square.total_cmp(&b.square));
        found.truncate(k);
        found.iter().map(|found| self.known[found.resource as usize].id).collect()
    }

    /// Keeps what is known of an entry beside what the engine knows.
    fn note(&mut self, state: &State, row: &ResourceRow, beside: &Beside) -> Result<u32> {
        let next = self.known.len() as u32;
        let number = *self.numbers.entry(row.id).or_insert(next);
        if !self.hours.contains_key(&row.hours) && self.hours.len() < HOURS_MOST {
            let hours =
                Hours::parse(&row.hours, state.pack.calendar.zone()).map_err(|fault| Error::internal(&fault))?;
            self.hours.insert(row.hours.clone(), hours);
        }
        let risks = self.entry(state, row, beside, |entry| {
            let free = |(at, risk)| if entry.gates(risk, self.day).is_empty() { 1_u32 << at } else { 0 };
            state.pack.dispatch.risks.iter().enumerate().map(free).sum()
        })?;
        let places = beside.booked.get(&row.id).into_iter().flat_map(BTreeMap::values);
        let most = places.copied().filter(|places| *places < row.at_once).max().unwrap_or(0);
        let room = u32::try_from(row.at_once - most).unwrap_or(0);
        let known = Known { id: row.id, area: row.area, version: row.version, risks, room };
        match self.known.get_mut(number as usize) {
            Some(place) => *place = known,
            None => self.known.push(known),
        }
        Ok(number)
    }

    fn offered(&mut self, state: &State, row: &ResourceRow, beside: &Beside) -> Result<Option<Resource>> {
        if !helps(row) {
            return Ok(None);
        }
        let pack = &state.pack.dispatch;
        let none = BTreeMap::new();
        let booked = beside.booked.get(&row.id).unwrap_or(&none);
        let full = booked.iter().filter(|(_, places)| **places >= row.at_once).map(|(slot, _)| *slot);
        let taken = slots(state).mask(self.day, full);
        let week = booked.values().sum::<i64>().try_into().unwrap_or(u32::MAX);
        let middle = self.middle;
        let offered = self.entry(state, row, beside, |entry| entry.offered(pack, self.day, middle, taken, week))?;
        Ok(offered.and_then(|mut resource| {
            if row.kind == ResourceKind::Volunteer {
                // Invitations are a budget.
                let asked = beside.asked.get(&row.id).copied().unwrap_or_default();
                let left = i64::from(pack.offer.week_most) - asked;
                resource.capacity = resource.capacity.min(left.max(0) as u32);
            }
            (resource.capacity > 0 && resource.slots > 0).then_some(resource)
        }))
    }

    /// Reads an entry's hours once for all that have the same.
    fn entry<T>(
        &self,
        state: &State,
        row: &ResourceRow,
        beside: &Beside,
        read: impl FnOnce(&muster_core::dispatch::registry::Entry<'_>) -> T,
    ) -> Result<T> {
        let calendar = &state.pack.calendar;
        let own;
        let hours = if let Some(hours) = self.hours.get(&row.hours) {
            hours
        } else {
            own = Hours::parse(&row.hours, calendar.zone()).map_err(|fault| Error::internal(&fault))?;
            &own
        };
        let certified = beside.certified.get(&row.id).map(Vec::as_slice).unwrap_or_default();
        Ok(read(&row.entry(hours, certified, calendar.local_date(row.assured_at))))
    }

    /// The `k` nearest that may be asked for a need of this risk and are not left out, nearest first.
    pub fn near(&self, need: &Need, risk: usize, k: usize, leave_out: impl Fn(ResourceId) -> bool) -> Vec<Near> {
        let mut found = Vec::with_capacity(k);
        let accept = |number: u32| {
            let known = &self.known[number as usize];
            known.risks >> risk & 1 == 1 && !leave_out(known.id)
        };
        self.engine.nearest(need, k, accept, &mut found);
        let near = |found: &muster_core::dispatch::Found| Near {
            id: self.known[found.resource as usize].id,
            number: found.resource,
            km: found.distance(),
        };
        found.iter().map(near).collect()
    }

    /// The number of an entry.
    pub fn find(&self, id: ResourceId) -> Option<u32> {
        self.numbers.get(&id).copied()
    }

    pub fn resource(&self, number: u32) -> Option<&Resource> {
        self.engine.get(number)
    }

    pub fn known(&self, number: u32) -> &Known {
        &self.known[number as usize]
    }

    /// Numbers given out: those of entries that cannot be asked too.
    pub fn numbers(&self) -> u32 {
        self.known.len() as u32
    }

    /// Entries that can be asked now.
    pub fn count(&self) -> usize {
        self.engine.len()
    }
}

/// Whether it is invited to needs; a venue or a stock is not.
fn helps(row: &ResourceRow) -> bool {
    matches!(row.kind, ResourceKind::Volunteer | ResourceKind::Organisation)
}

impl Beside {
    async fn all(tx: &mut Tx, state: &State, day: Date) -> Result<Self> {
        let certificates = certificates_verified(tx).await?;
        let bookings = bookings_within(tx, slots(state).week(day)).await?;
        let asked = offers_since_all(tx, state.now().plus(-7 * Timestamp::DAY)).await?;
        Ok(Self::gather(certificates, bookings, asked))
    }

    async fn of(tx: &mut Tx, state: &State, day: Date, rows: &[ResourceRow]) -> Result<Self> {
        let ids: Vec<ResourceId> = rows.iter().map(|row| row.id).collect();
        let certificates = certificates_of(tx, &ids).await?;
        let bookings = bookings_of(tx, &ids, slots(state).week(day)).await?;
        let asked = offers_since(tx, &ids, state.now().plus(-7 * Timestamp::DAY)).await?;
        Ok(Self::gather(certificates, bookings, asked))
    }

    fn gather(
        certificates: Vec<CertificateRow>,
        bookings: Vec<BookingRow>,
        asked: impl IntoIterator<Item = (ResourceId, i64)>,
    ) -> Self {
        let mut beside = Self { asked: asked.into_iter().collect(), ..Self::default() };
        for row in certificates {
            beside.certified.entry(row.resource_id).or_default().extend(row.certifies());
        }
        for row in bookings {
            *beside.booked.entry(row.resource_id).or_default().entry(row.slot).or_default() += 1;
        }
        beside
    }
}
