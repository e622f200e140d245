//! Accepted practices in memory on this node, found by a message, in step with the database.
//!
//! They are read once, with the words of the newest cases as messages at large; then each look takes up what changed since,
//! and a little from before, for what another node committed late. Rarities are counted anew by a job when much has changed.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock, RwLockReadGuard};

use muster_core::evaluate::PracticeState;
use muster_core::sense::{Practices as Engine, Solved};
use muster_core::time::Timestamp;
use muster_store::practice::{PracticeWords, messages_at_large, practices_after};
use uuid::Uuid;

use crate::error::{Error, Result};
use crate::state::State;

/// How far back a look reads again: longer than any transaction lasts.
const OVERLAP: i64 = Timestamp::MINUTE;
/// Rows read at once.
const PAGE: i64 = 2_000;
/// Messages at large.
const MESSAGES: i64 = 300;

#[derive(Debug, Default)]
pub struct Practices {
    kept: RwLock<Option<Kept>>,
    /// One at a time reads what changed.
    catching: tokio::sync::Mutex<()>,
}

#[derive(Debug)]
pub struct Kept {
    engine: Engine,
    known: Vec<Known>,
    numbers: HashMap<Uuid, u32>,
    since: Timestamp,
}

#[derive(Clone, Debug)]
struct Known {
    id: Uuid,
    class: String,
    version: i64,
}

/// A practice that may help, by its likeness and its class alone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Near {
    pub id: Uuid,
    pub likeness: f32,
    pub same_class: bool,
}

impl Practices {
    /// Takes up what changed. What is read afterwards is as new as the call.
    pub async fn follow(&self, state: &State) -> Result<()> {
        let _turn = self.catching.lock().await;
        let now = state.now();
        let since = self.read().as_ref().map(|kept| kept.since);
        let Some(since) = since else {
            self.hold(Kept::load(state).await?);
            return Ok(());
        };
        let mut tx = state.read().await?;
        let mut after = (since.plus(-OVERLAP), Uuid::nil());
        loop {
            let rows = practices_after(&mut tx, after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = (last.changed_at, last.id);
            if let Some(kept) = self.kept.write().unwrap_or_else(PoisonError::into_inner).as_mut() {
                for row in &rows {
                    kept.put(row);
                }
            }
        }
        if let Some(kept) = self.kept.write().unwrap_or_else(PoisonError::into_inner).as_mut() {
            kept.since = kept.since.max(now);
        }
        Ok(())
    }

    /// Makes it anew where much has changed since it was made. Run by a job: the old one serves meanwhile, and the next look
    /// takes up what changed while the new one was made.
    pub async fn settle(&self, state: &State) -> Result<()> {
        let is_old = self.read().as_ref().is_some_and(|kept| kept.engine.is_stale());
        if is_old {
            let made = Kept::load(state).await?;
            let _turn = self.catching.lock().await;
            self.hold(made);
        }
        Ok(())
    }

    fn hold(&self, kept: Kept) {
        *self.kept.write().unwrap_or_else(PoisonError::into_inner) = Some(kept);
    }

    /// As it stands; `None` before the first [`Practices::follow`].
    pub fn read(&self) -> RwLockReadGuard<'_, Option<Kept>> {
        self.kept.read().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    async fn load(state: &State) -> Result<Self> {
        let since = state.now();
        let mut tx = state.read().await?;
        let messages = messages_at_large(&mut tx, MESSAGES).await?;
        let mut all = Vec::new();
        let mut after = (Timestamp(i64::MIN), Uuid::nil());
        loop {
            let rows = practices_after(&mut tx, after, PAGE).await?;
            let Some(last) = rows.last() else { break };
            after = (last.changed_at, last.id);
            all.extend(rows.into_iter().filter(|row| row.state == PracticeState::Accepted));
        }
        drop(tx);
        let made = tokio::task::spawn_blocking(move || Kept::new(&all, &messages, since));
        made.await.map_err(|error| Error::internal(&error))
    }

    fn new(rows: &[PracticeWords], messages: &[(String, String)], since: Timestamp) -> Self {
        let matters: Vec<String> = rows.iter().map(matter).collect();
        let solved: Vec<(u32, Solved<'_>)> = (0..)
            .zip(rows.iter().zip(&matters))
            .map(|(number, (row, matter))| (number, Solved { matter, measures: &row.measures }))
            .collect();
        let messages: Vec<String> = messages.iter().map(|(title, text)| format!("{title}\n{text}")).collect();
        let messages: Vec<&str> = messages.iter().map(String::as_str).collect();
        let known = |row: &PracticeWords| Known { id: row.id, class: class(row), version: row.version };
        Self {
            engine: Engine::new(&solved, &messages),
            known: rows.iter().map(known).collect(),
            numbers: (0..).zip(rows).map(|(number, row)| (row.id, number)).collect(),
            since,
        }
    }

    fn put(&mut self, row: &PracticeWords) {
        let next = self.known.len() as u32;
        let number = *self.numbers.entry(row.id).or_insert(next);
        let known = Known { id: row.id, class: class(row), version: row.version };
        match self.known.get_mut(number as usize) {
            Some(held) if held.version == row.version => return,
            Some(held) => *held = known,
            None => self.known.push(known),
        }
        if row.state == PracticeState::Accepted {
            self.engine.put(number, Solved { matter: &matter(row), measures: &row.measures });
        } else {
            self.engine.remove(number);
        }
    }

    /// The `k` nearest to a message that are at least so like, the nearest first; one of another large class keeps
    /// `other_class` of its place.
    pub fn near(
        &self,
        (title, text): (&str, &str),
        of_class: &str,
        least: f32,
        other_class: f32,
        k: usize,
    ) -> Vec<Near> {
        // Twice over, so that those of the same class that stand a little lower are among them.
        let found = self.engine.likely((title, text), 2 * k, |_| true);
        let near = found.iter().filter(|found| found.likeness >= least).map(|found| {
            let known = &self.known[found.number as usize];
            Near { id: known.id, likeness: found.likeness, same_class: known.class == of_class }
        });
        let mut near: Vec<Near> = near.collect();
        let place = |near: &Near| near.likeness * if near.same_class { 1.0 } else { other_class };
        near.sort_by(|a, b| place(b).total_cmp(&place(a)));
        near.truncate(k);
        near
    }

    pub fn count(&self) -> usize {
        self.engine.len()
    }
}

fn matter(row: &PracticeWords) -> String {
    format!("{}\n{}", row.title, row.matter)
}

fn class(row: &PracticeWords) -> String {
    row.category.get(..2).unwrap_or("").to_owned()
}
