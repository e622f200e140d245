//! Where time and chance enter the program: the only file that reads the system's clock or its random generator.
//! Everything else takes a [`Clock`] or a [`Chance`], so that a test and the demo's month can replay.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use muster_core::id::Code;
use muster_core::time::Timestamp;
use uuid::{Builder, Uuid};

/// The time of day, and a reading that never runs backwards. Cheap to clone; clones agree.
#[derive(Clone, Debug)]
pub struct Clock(TimeSource);

#[derive(Clone, Debug)]
enum TimeSource {
    System { started: Instant },
    Virtual { now: Arc<AtomicI64>, started: Timestamp },
}

impl Clock {
    /// The clock of the machine.
    pub fn system() -> Self {
        Self(TimeSource::System { started: Instant::now() })
    }

    /// A clock that stands at `start` until its handle moves it.
    pub fn virtual_at(start: Timestamp) -> (Self, VirtualClock) {
        let now = Arc::new(AtomicI64::new(start.0));
        (Self(TimeSource::Virtual { now: Arc::clone(&now), started: start }), VirtualClock(now))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the place where the system's clock enters")]
    pub fn now(&self) -> Timestamp {
        match &self.0 {
            // A clock before 1970 reads as 1970: wrong, but no reason to stop.
            TimeSource::System { .. } => {
                Timestamp(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_micros() as i64)
            }
            TimeSource::Virtual { now, .. } => Timestamp(now.load(Ordering::SeqCst)),
        }
    }

    /// Time since this clock was made. A correction of the machine's clock does not move it, so limits use this one.
    pub fn elapsed(&self) -> Duration {
        match &self.0 {
            TimeSource::System { started } => started.elapsed(),
            TimeSource::Virtual { started, .. } => Duration::from_micros(self.now().since(*started).max(0) as u64),
        }
    }
}

impl governor::clock::Clock for Clock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.elapsed()
    }
}

/// Moves the [`Clock`] it was made with.
#[derive(Clone, Debug)]
pub struct VirtualClock(Arc<AtomicI64>);

impl VirtualClock {
    pub fn set(&self, to: Timestamp) {
        self.0.store(to.0, Ordering::SeqCst);
    }

    pub fn advance(&self, micros: i64) {
        self.0.fetch_add(micros, Ordering::SeqCst);
    }
}

/// Random bytes and ids. Cheap to clone; clones of a seeded one draw from one sequence.
#[derive(Clone, Debug)]
pub struct Chance(ChanceSource);

#[derive(Clone, Debug)]
enum ChanceSource {
    System,
    Seeded(Arc<Mutex<SplitMix64>>),
}

impl Chance {
    /// The generator of the operating system.
    pub fn system() -> Self {
        Self(ChanceSource::System)
    }

    /// A repeatable sequence for tests and the demo. Anyone can foresee it: never use it where secrets must be kept.
    pub fn seeded(seed: u64) -> Self {
        Self(ChanceSource::Seeded(Arc::new(Mutex::new(SplitMix64(seed)))))
    }

    #[expect(clippy::disallowed_methods, reason = "this is the place where the system's randomness enters")]
    pub fn fill(&self, buffer: &mut [u8]) {
        match &self.0 {
            ChanceSource::System => {
                getrandom::fill(buffer)
                    .expect("the operating system gives random bytes; without them no secret is safe");
            }
            ChanceSource::Seeded(generator) => {
                let mut generator = generator.lock().unwrap_or_else(PoisonError::into_inner);
                for chunk in buffer.chunks_mut(8) {
                    chunk.copy_from_slice(&generator.next().to_le_bytes()[..chunk.len()]);
                }
            }
        }
    }

    /// A code that nobody can guess.
    pub fn code(&self) -> Code {
        Code::from_random(u64::from_le_bytes(self.bytes()))
    }

    pub fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut buffer = [0; N];
        self.fill(&mut buffer);
        buffer
    }

    /// A version 7 id (RFC 9562, 5.7). The 12 bits after the millisecond hold its fraction (RFC 9562, 6.2 method 3),
    /// so ids of different microseconds sort by time to a quarter of a microsecond.
    pub fn uuid(&self, at: Timestamp) -> Uuid {
        let mut rest: [u8; 10] = self.bytes();
        let micros = at.0.max(0) as u64;
        let fraction = (micros % 1000) * 4096 / 1000;
        rest[0] = (fraction >> 8) as u8;
        rest[1] = fraction as u8;
        Builder::from_unix_timestamp_millis(micros / 1000, &rest).into_uuid()
    }
}

/// Steele, Lea and Flood, "Fast splittable pseudorandom number generators" (2014).
#[derive(Debug)]
struct SplitMix64(u64);

impl SplitMix64 {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_virtual_clock_moves_only_by_its_handle() {
        let (clock, handle) = Clock::virtual_at(Timestamp(1_000));
        let copy = clock.clone();
        assert_eq!(clock.now(), Timestamp(1_000));
        handle.advance(Timestamp::SECOND);
        assert_eq!(copy.now(), Timestamp(1_001_000));
        assert_eq!(copy.elapsed(), Duration::from_secs(1));
        handle.set(Timestamp(0));
        assert_eq!(copy.elapsed(), Duration::ZERO, "never negative");
    }

    #[test]
    fn the_system_clock_is_after_this_file_was_written() {
        assert!(Clock::system().now() > Timestamp(1_760_000_000 * Timestamp::SECOND));
    }

    #[test]
    fn a_seed_replays_and_the_system_does_not() {
        assert_eq!(Chance::seeded(7).bytes::<20>(), Chance::seeded(7).bytes::<20>());
        assert_ne!(Chance::seeded(7).bytes::<20>(), Chance::seeded(8).bytes::<20>());
        assert_ne!(Chance::system().bytes::<20>(), Chance::system().bytes::<20>());
        // First outputs of the reference implementation for seed 0.
        assert_eq!(u64::from_le_bytes(Chance::seeded(0).bytes()), 0xe220_a839_7b1d_cdaf);
    }

    #[test]
    fn ids_are_version_7_and_sort_by_microsecond() {
        let chance = Chance::seeded(1);
        let ids: Vec<Uuid> = (0..3_000).map(|i| chance.uuid(Timestamp(1_760_000_000_000_000 + i))).collect();
        assert!(ids.is_sorted());
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
        assert_eq!(ids[0].get_timestamp().unwrap().to_unix().0, 1_760_000_000);
    }
}
