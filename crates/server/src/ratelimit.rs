//! How often one address, account or code may try. Limits are per node and follow the server's [`Clock`].

use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use governor::middleware::NoOpMiddleware;
use governor::state::keyed::DashMapStateStore;
use governor::{Quota, RateLimiter};
use serde::{Deserialize, Serialize};

use crate::address::subscriber;
use crate::clock::{Chance, Clock};
use crate::config::Config;
use crate::error::{Error, Result};

/// So many in so long, such as `20/hour`: as many at once, then one each twentieth of an hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(try_from = "String", into = "String")]
pub struct Rate {
    count: NonZeroU32,
    unit: Unit,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Second,
    Minute,
    Hour,
    Day,
}

impl Unit {
    const ALL: [(Self, &str, u64); 4] = [
        (Self::Second, "second", 1),
        (Self::Minute, "minute", 60),
        (Self::Hour, "hour", 3600),
        (Self::Day, "day", 86_400),
    ];

    fn row(self) -> (&'static str, u64) {
        let (_, name, seconds) = Self::ALL[self as usize];
        (name, seconds)
    }
}

impl Rate {
    /// `count` must not be 0.
    pub const fn per_hour(count: u32) -> Self {
        Self { count: NonZeroU32::new(count).expect("a rate of at least one"), unit: Unit::Hour }
    }

    fn quota(self) -> Quota {
        let between = Duration::from_secs(self.unit.row().1) / self.count.get();
        Quota::with_period(between).expect("at most 2^32 a second is a positive time").allow_burst(self.count)
    }
}

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        let wrong = || {
            format!(
                "`{text}` is not a rate; write a number from 1 to 1000000, a slash and second, minute, hour or day: 20/hour"
            )
        };
        let (count, unit) = text.split_once('/').ok_or_else(wrong)?;
        let count =
            count.trim().parse().ok().filter(|count: &NonZeroU32| count.get() <= 1_000_000).ok_or_else(wrong)?;
        let unit = Unit::ALL.iter().find(|(_, name, _)| *name == unit.trim()).ok_or_else(wrong)?.0;
        Ok(Self { count, unit })
    }
}

impl TryFrom<String> for Rate {
    type Error = String;

    fn try_from(text: String) -> std::result::Result<Self, String> {
        text.parse()
    }
}

impl From<Rate> for String {
    fn from(rate: Rate) -> Self {
        rate.to_string()
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.count, self.unit.row().0)
    }
}

/// Lines that the record has of messages somebody forged, a hook: enough to see it, too few to fill a disk.
const FORGED: Rate = Rate::per_hour(60);

/// Keys fold into this many slots, so memory is bounded by construction (a few MiB a limit) however many addresses an
/// attacker owns. Two keys in one slot share a limit: stricter, never laxer, and rare below some thousand active keys.
const SLOTS: u64 = 1 << 18;
/// Slots that are full again are dropped each time this many checks were made.
const SWEEP_EVERY: u32 = 10_000;

/// One limit over many keys.
pub struct Limit {
    limiter: RateLimiter<u32, DashMapStateStore<u32>, Clock, NoOpMiddleware<Duration>>,
    clock: Clock,
    /// Keeps outsiders from computing which keys share a slot.
    salt: [u8; 16],
    checks: AtomicU32,
}

impl Limit {
    pub fn new(rate: Rate, clock: &Clock, chance: &Chance) -> Self {
        Self {
            limiter: RateLimiter::dashmap_with_clock(rate.quota(), clock.clone()),
            clock: clock.clone(),
            salt: chance.bytes(),
            checks: AtomicU32::new(0),
        }
    }

    /// Counts one try of `key`; refuses with the seconds to wait.
    pub fn check(&self, key: &impl Hash) -> Result<()> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY == SWEEP_EVERY - 1 {
            self.limiter.retain_recent();
        }
        let mut hasher = DefaultHasher::new();
        (self.salt, key).hash(&mut hasher);
        let slot = (hasher.finish() % SLOTS) as u32;
        self.limiter.check_key(&slot).map_err(|not_until| {
            let wait = not_until.wait_time_from(governor::clock::Clock::now(&self.clock));
            Error::rate_limited(wait.as_secs() + 1)
        })
    }
}

/// The limits of the doors that strangers can knock at.
pub struct Limits {
    report: Limit,
    alike: Limit,
    photo: Limit,
    sender: Limit,
    forged: Limit,
    login_address: Limit,
    login_account: Limit,
    code_address: Limit,
    code: Limit,
}

impl Limits {
    pub fn new(config: &Config, clock: &Clock, chance: &Chance) -> Self {
        let limit = |rate| Limit::new(rate, clock, chance);
        Self {
            report: limit(config.rate_report),
            alike: limit(config.rate_report),
            photo: limit(config.rate_photo),
            sender: limit(config.rate_report),
            forged: limit(FORGED),
            login_address: limit(config.rate_login_address),
            login_account: limit(config.rate_login_account),
            code_address: limit(config.rate_code_address),
            code: limit(config.rate_code),
        }
    }

    /// A report without an account.
    pub fn report(&self, client: IpAddr) -> Result<()> {
        self.report.check(&subscriber(client))
    }

    /// A question for cases like a draft: as often as reports, and not at their cost.
    pub fn alike(&self, client: IpAddr) -> Result<()> {
        self.alike.check(&subscriber(client))
    }

    /// A photo that a stranger's form keeps.
    pub fn photo(&self, client: IpAddr) -> Result<()> {
        self.photo.check(&subscriber(client))
    }

    /// A message of one sender of a channel.
    pub fn sender(&self, handle: &str) -> Result<()> {
        self.sender.check(&handle)
    }

    /// A message of this hook that is not signed as it must be, to be put on the record.
    pub fn forged(&self, hook: &str) -> Result<()> {
        self.forged.check(&hook)
    }

    /// A login try. The account counts in lower case and whether or not it exists, so that the answer tells nothing.
    pub fn login(&self, client: IpAddr, account: &str) -> Result<()> {
        self.login_address.check(&subscriber(client))?;
        self.login_account.check(&account.trim().to_lowercase())
    }

    /// A try of a case's code with its secret.
    pub fn code(&self, client: IpAddr, code: &str) -> Result<()> {
        self.code_address.check(&subscriber(client))?;
        self.code.check(&code.to_ascii_uppercase())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use muster_core::time::Timestamp;

    #[test]
    fn rates_are_read_and_written() {
        for text in ["1/second", "20/hour", "5/minute", "1000000/day"] {
            assert_eq!(text.parse::<Rate>().unwrap().to_string(), text);
        }
        for wrong in ["", "20", "0/hour", "-1/hour", "2/week", "1000001/second", "hour/2"] {
            assert!(wrong.parse::<Rate>().unwrap_err().contains("20/hour"), "{wrong}");
        }
    }

    #[test]
    fn a_burst_passes_then_the_wait_is_told_and_true() {
        let (clock, handle) = Clock::virtual_at(Timestamp(0));
        let limit = Limit::new("6/minute".parse().unwrap(), &clock, &Chance::seeded(1));
        for _ in 0..6 {
            limit.check(&"a").unwrap();
        }
        let wait = limit.check(&"a").unwrap_err().retry_after().unwrap();
        assert_eq!(wait, 11, "one each ten seconds, and one more so that a retry on time succeeds");
        limit.check(&"b").unwrap();
        handle.advance(wait as i64 * Timestamp::SECOND);
        limit.check(&"a").unwrap();
        assert!(limit.check(&"a").is_err());
    }

    #[test]
    fn memory_is_bounded_and_swept() {
        let (clock, handle) = Clock::virtual_at(Timestamp(0));
        let limit = Limit::new("1/second".parse().unwrap(), &clock, &Chance::seeded(1));
        for key in 0..(SWEEP_EVERY - 1) {
            let _ = limit.check(&key);
        }
        assert!(limit.limiter.len() > 9_000);
        handle.advance(Timestamp::MINUTE);
        limit.check(&"one more").unwrap();
        assert_eq!(limit.limiter.len(), 1, "what is full again needs no memory");
    }

    #[test]
    fn one_subscriber_cannot_hop_within_its_64() {
        let (clock, _) = Clock::virtual_at(Timestamp(0));
        let config = Config { rate_report: Rate::per_hour(2), ..Config::default() };
        let limits = Limits::new(&config, &clock, &Chance::seeded(1));
        limits.report("2001:db8::1".parse().unwrap()).unwrap();
        limits.report("2001:db8::2".parse().unwrap()).unwrap();
        assert!(limits.report("2001:db8::3".parse().unwrap()).is_err());
        limits.report("2001:db8:0:1::1".parse().unwrap()).unwrap();
    }

    #[test]
    fn an_account_is_limited_over_all_addresses_and_spellings() {
        let (clock, _) = Clock::virtual_at(Timestamp(0));
        let config = Config { rate_login_account: Rate::per_hour(2), ..Config::default() };
        let limits = Limits::new(&config, &clock, &Chance::seeded(1));
        limits.login("192.0.2.1".parse().unwrap(), "Wang").unwrap();
        limits.login("192.0.2.2".parse().unwrap(), "wang ").unwrap();
        assert!(limits.login("192.0.2.3".parse().unwrap(), "WANG").is_err());
        limits.login("192.0.2.3".parse().unwrap(), "li").unwrap();
    }
}
