//! What leaves the program: when it may, and what comes of a try.

use crate::pack::Sending;
use crate::people::text_enum;
use crate::time::Timestamp;
use crate::time::calendar::Calendar;

text_enum! {
    /// How something reaches somebody outside the program.
    Way {
        Mail = "mail",
        Sms = "sms",
        /// Back through the gateway of the message channel they wrote by.
        Chat = "chat",
        /// A message to a browser that asked for it.
        Push = "push",
        /// A letter that somebody prints and posts.
        Letter = "letter",
    }
}

/// Minutes after midnight between which nothing is sent; over midnight where the second is the smaller. Equal: never.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Quiet {
    pub from: u16,
    pub until: u16,
}

impl Quiet {
    fn holds(self, minute: u16) -> bool {
        if self.from <= self.until {
            (self.from..self.until).contains(&minute)
        } else {
            minute >= self.from || minute < self.until
        }
    }

    /// The instant, or the end of the quiet hours that it falls into.
    #[must_use]
    pub fn after(self, calendar: &Calendar, at: Timestamp) -> Timestamp {
        if self.holds(minute(calendar, at)) { next(calendar, at, self.until) } else { at }
    }
}

/// When somebody wants to hear.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wants {
    /// Once a day at this hour, instead of at once.
    pub digest_hour: Option<u8>,
    pub quiet: Quiet,
}

impl Wants {
    /// When something told at `at` may go out. Danger waits for nothing.
    #[must_use]
    pub fn when(&self, calendar: &Calendar, at: Timestamp, urgent: bool) -> Timestamp {
        if urgent {
            return at;
        }
        let hour = self.digest_hour.map(|hour| next(calendar, at, u16::from(hour) * 60));
        self.quiet.after(calendar, hour.unwrap_or(at))
    }
}

fn minute(calendar: &Calendar, at: Timestamp) -> u16 {
    let local = calendar.local(at);
    u16::from(local.hour().unsigned_abs()) * 60 + u16::from(local.minute().unsigned_abs())
}

/// The first instant from `at` on at which the clock on the wall shows this minute.
fn next(calendar: &Calendar, at: Timestamp, minute_of_day: u16) -> Timestamp {
    let today = calendar.local_date(at);
    let tomorrow = today.tomorrow().unwrap_or(today);
    let mut times = [today, tomorrow].into_iter().map(|date| calendar.minute_of(date, minute_of_day));
    times.find(|time| *time >= at).unwrap_or(at)
}

/// What a receiver made of a try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    Taken,
    /// It may go well another time.
    Failed,
    /// It will never take this.
    Refused,
}

/// How far a send is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Send {
    Waiting {
        not_before: Timestamp,
    },
    /// Tried and to be tried again.
    Retry {
        tries: u32,
        not_before: Timestamp,
    },
    Sent {
        at: Timestamp,
    },
    /// Tried to no avail: a person decides.
    Dead {
        tries: u32,
        at: Timestamp,
    },
    /// A person said so, and why.
    GivenUp {
        at: Timestamp,
    },
    /// There is nobody to send it to any more: they said stop, or the account is closed.
    Void {
        at: Timestamp,
    },
}

/// The state does not allow it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a send that is {0} allows no such thing")]
pub struct NotNow(pub &'static str);

impl Send {
    pub const CODES: [&'static str; 6] = ["waiting", "retry", "sent", "dead", "given_up", "void"];

    pub fn code(self) -> &'static str {
        let place = match self {
            Self::Waiting { .. } => 0,
            Self::Retry { .. } => 1,
            Self::Sent { .. } => 2,
            Self::Dead { .. } => 3,
            Self::GivenUp { .. } => 4,
            Self::Void { .. } => 5,
        };
        Self::CODES[place]
    }

    pub fn tries(self) -> u32 {
        match self {
            Self::Retry { tries, .. } | Self::Dead { tries, .. } => tries,
            _ => 0,
        }
    }

    fn is_open(self) -> bool {
        matches!(self, Self::Waiting { .. } | Self::Retry { .. })
    }

    /// What follows from a try at `at`. `chance` is any number; it spreads the tries of many that failed together.
    pub fn tried(self, tried: Tried, at: Timestamp, rule: &Sending, chance: u64) -> Result<Self, NotNow> {
        if !self.is_open() {
            return Err(NotNow(self.code()));
        }
        let count = self.tries() + 1;
        Ok(match tried {
            Tried::Taken => Self::Sent { at },
            Tried::Failed if count < rule.tries => {
                Self::Retry { tries: count, not_before: at.plus(wait(count, rule, chance)) }
            }
            Tried::Failed | Tried::Refused => Self::Dead { tries: count, at },
        })
    }

    /// Kept back, such as for the night: no try.
    pub fn hold(self, until: Timestamp) -> Result<Self, NotNow> {
        match self {
            Self::Waiting { .. } => Ok(Self::Waiting { not_before: until }),
            Self::Retry { tries, .. } => Ok(Self::Retry { tries, not_before: until }),
            other => Err(NotNow(other.code())),
        }
    }

    /// A person wants a dead one tried again, from the beginning.
    pub fn again(self, at: Timestamp) -> Result<Self, NotNow> {
        match self {
            Self::Dead { .. } => Ok(Self::Waiting { not_before: at }),
            other => Err(NotNow(other.code())),
        }
    }

    pub fn give_up(self, at: Timestamp) -> Result<Self, NotNow> {
        match self {
            Self::Dead { .. } | Self::Waiting { .. } | Self::Retry { .. } => Ok(Self::GivenUp { at }),
            other => Err(NotNow(other.code())),
        }
    }

    pub fn void(self, at: Timestamp) -> Result<Self, NotNow> {
        if self.is_open() { Ok(Self::Void { at }) } else { Err(NotNow(self.code())) }
    }
}

/// After the n-th failure: the first wait, doubled each time up to the most; half of it is certain, the rest is chance.
fn wait(tries: u32, rule: &Sending, chance: u64) -> i64 {
    let doubled =
        rule.first_wait.saturating_mul(1_i64.checked_shl(tries.saturating_sub(1).min(40)).unwrap_or(i64::MAX));
    let whole = doubled.min(rule.most_wait);
    whole / 2 + (chance % (whole / 2 + 1).unsigned_abs()) as i64
}
