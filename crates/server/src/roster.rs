//! Who can be asked now, in memory, in step with the database: each node has its own.
//!
//! Before every question the rows that changed since are read. A transaction may commit after a later one was read, so
//! that a minute is read again each time and versions tell what is new. Hours, certificates and assurance are those of a
//! day: a new day reads all anew.

use std::collections::HashMap;

use jiff::civil::Date;
use muster_core::dispatch::hours::{DAYS, Hours};
use muster_core::dispatch::index::Found;
use muster_core::dispatch::registry::Place;
use muster_core::dispatch::roster::Roster;
use muster_core::dispatch::{Need, Resource};
use muster_core::id::ResourceId;
use muster_core::time::Timestamp;
use muster_store::Tx;
use muster_store::dispatch::{
    CertificateRow, ResourceRow, area_middle, certificates_of, resources_after, slots_booked,
};
use tokio::sync::Mutex;

use crate::error::{Error, Result};
use crate::state::State;

/// How late a commit may be seen.
const LATE: i64 = Timestamp::MINUTE;
/// Rows read in one go.
const PAGE: i64 = 1_000;

/// The roster of this node.
#[derive(Debug, Default)]
pub struct Living(Mutex<Option<Held>>);

#[derive(Debug)]
struct Held {
    roster: Roster,
    numbers: HashMap<ResourceId, u32>,
    /// By number: who it is, and which version of its row was read.
    known: Vec<(ResourceId, i64)>,
    seen: Timestamp,
    day: Date,
    middle: Place,
}

/// One that can serve a need, with its way to it.
#[derive(Clone, Debug, PartialEq)]
pub struct Near {
    pub id: ResourceId,
    pub kilometres: f64,
    pub resource: Resource,
}

impl Living {
    /// The `k` nearest that can serve what `need` says, in the plane round `middle`; nearest first.
    pub async fn near(&self, state: &State, need: impl FnOnce(Place) -> Need, k: usize) -> Result<Vec<Near>> {
        let mut held = self.0.lock().await;
        let mut tx = state.read().await?;
        let today = state.pack.calendar.local_date(state.now());
        let mut current = match held.take().filter(|held| held.day == today) {
            Some(current) => current,
            None => Held::empty(&mut tx, state, today).await?,
        };
        current.follow(&mut tx, state).await?;
        let current = held.insert(current);
        let mut found: Vec<Found> = Vec::with_capacity(k);
        current.roster.nearest(&need(current.middle), k, |_| true, &mut found);
        let near = |found: &Found| {
            let resource = current.roster.get(found.resource)?.clone();
            let (id, _) = *current.known.get(found.resource as usize)?;
            Some(Near { id, kilometres: found.distance(), resource })
        };
        Ok(found.iter().filter_map(near).collect())
    }
}

impl Held {
    async fn empty(tx: &mut Tx, state: &State, day: Date) -> Result<Self> {
        let middle = area_middle(tx, state.pack.root_area).await?.unwrap_or_default();
        let roster = Roster::new([]);
        Ok(Self { roster, numbers: HashMap::new(), known: Vec::new(), seen: Timestamp(0), day, middle })
    }

    async fn follow(&mut self, tx: &mut Tx, state: &State) -> Result<()> {
        let mut after = (self.seen.plus(-LATE), ResourceId(uuid::Uuid::nil()));
        loop {
            let rows = resources_after(tx, after, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = (last.changed_at, last.id);
            self.seen = self.seen.max(last.changed_at);
            let whole = rows.len() as i64 == PAGE;
            let news: Vec<ResourceRow> =
                rows.into_iter().filter(|row| self.version(row.id) != Some(row.version)).collect();
            self.take(tx, state, &news).await?;
            if !whole {
                return Ok(());
            }
        }
    }

    fn version(&self, id: ResourceId) -> Option<i64> {
        self.numbers.get(&id).and_then(|number| self.known.get(*number as usize)).map(|known| known.1)
    }

    async fn take(&mut self, tx: &mut Tx, state: &State, rows: &[ResourceRow]) -> Result<()> {
        let ids: Vec<ResourceId> = rows.iter().map(|row| row.id).collect();
        let pack = &state.pack.dispatch;
        let parts = pack.parts.len() as i64;
        let first = days_since_epoch(self.day) * parts;
        let mut certified: HashMap<ResourceId, Vec<(String, Option<Date>)>> = HashMap::new();
        for row in certificates_of(tx, &ids).await? {
            certified.entry(row.resource_id).or_default().extend(CertificateRow::certifies(&row));
        }
        let mut booked: HashMap<ResourceId, Vec<(i64, i64)>> = HashMap::new();
        for (id, slot, count) in slots_booked(tx, &ids, first, first + DAYS * parts).await? {
            booked.entry(ResourceId(id)).or_default().push((slot - first, count));
        }
        for row in rows {
            let hours =
                Hours::parse(&row.hours, state.pack.calendar.zone()).map_err(|fault| Error::internal(&fault))?;
            let certified = certified.remove(&row.id).unwrap_or_default();
            let booked = booked.remove(&row.id).unwrap_or_default();
            let full = booked.iter().filter(|(_, count)| *count >= row.at_once);
            let taken = full.fold(0, |bits: u32, (slot, _)| bits | 1 << slot);
            let tasks: i64 = booked.iter().map(|(_, count)| count).sum();
            let entry = row.entry(&hours, &certified, state.pack.calendar.local_date(row.assured_at));
            let offered = entry.offered(pack, self.day, self.middle, taken, u32::try_from(tasks).unwrap_or(0));
            self.set(row, offered);
        }
        Ok(())
    }

    fn set(&mut self, row: &ResourceRow, offered: Option<Resource>) {
        let known = &mut self.known;
        let number = *self.numbers.entry(row.id).or_insert_with(|| {
            known.push((row.id, 0));
            known.len() as u32 - 1
        });
        self.known[number as usize].1 = row.version;
        match offered {
            Some(resource) => self.roster.set(number, resource),
            None => self.roster.remove(number),
        }
    }
}

/// The day of a slot, as bookings count them.
pub fn days_since_epoch(day: Date) -> i64 {
    day.duration_since(Date::constant(1970, 1, 1)).as_hours() / 24
}
