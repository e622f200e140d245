//! Passwords: argon2id, never more at a time than there are cores, the same work for accounts that do not exist.
//!
//! Rules of ASVS 5.0, 6.2: at least 8 characters (15 advised), long ones welcome, no rules of composition, no rotation,
//! none of the common ones.

use std::sync::Arc;
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error as HashError, PasswordHasher, PasswordVerifier};
use argon2::{Argon2, Params};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use zeroize::Zeroizing;

use crate::clock::Chance;

pub const MIN_CHARACTERS: usize = 8;
pub const ADVISED_CHARACTERS: usize = 15;
pub const MAX_CHARACTERS: usize = 128;

/// Common passwords of at least eight characters that no rule below finds, one a line, lower case.
const COMMON: &str = include_str!("password_common.txt");
/// Rows of keys and of the alphabet; a password that walks along one, in either direction, is no password.
const ROWS: [&str; 8] = [
    "01234567890123456789",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "!@#$%^&*()_+",
];
/// Waiting longer than this for a core means a flood of logins.
const PATIENCE: Duration = Duration::from_secs(5);

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordRefusal {
    #[error(
        "the password has {0} characters; at least {MIN_CHARACTERS} are needed, {ADVISED_CHARACTERS} or more are advised. \
         A sentence is easy to keep"
    )]
    TooShort(usize),
    #[error("the password has {0} characters; at most {MAX_CHARACTERS} are taken")]
    TooLong(usize),
    #[error("the password is among those tried first by attackers. Choose another, such as a sentence of your own")]
    Common,
    #[error("the password contains the account's name. Choose another")]
    ContainsName,
}

impl PasswordRefusal {
    /// One of each kind.
    pub const ALL: [Self; 4] = [Self::TooShort(0), Self::TooLong(0), Self::Common, Self::ContainsName];

    /// The code of the field error.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort(_) => "password-short",
            Self::TooLong(_) => "password-long",
            Self::Common => "password-common",
            Self::ContainsName => "password-name",
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    #[error("too many logins at once; try again in a few seconds")]
    Busy,
    #[error("the stored password hash cannot be read: {0}")]
    BadHash(String),
    #[error("the hashing task stopped: {0}")]
    Stopped(#[from] tokio::task::JoinError),
}

/// Whether a new password is good enough for the account called `name`.
pub fn check_new(password: &str, name: &str) -> Result<(), PasswordRefusal> {
    let count = password.chars().count();
    if count < MIN_CHARACTERS {
        return Err(PasswordRefusal::TooShort(count));
    }
    if count > MAX_CHARACTERS {
        return Err(PasswordRefusal::TooLong(count));
    }
    let lower = password.to_lowercase();
    if is_walk(&lower) || is_repetition(&lower) || COMMON.lines().any(|common| common == lower) {
        return Err(PasswordRefusal::Common);
    }
    let name = name.trim().to_lowercase();
    if name.chars().count() >= 4 && lower.contains(&name) {
        return Err(PasswordRefusal::ContainsName);
    }
    Ok(())
}

fn is_walk(password: &str) -> bool {
    let backwards: String = password.chars().rev().collect();
    ROWS.iter().any(|row| row.contains(password) || row.contains(&backwards))
}

/// `aaaaaaaa`, `12121212`, `abcabcabc`, `passpass`: one piece of at most four characters again and again.
fn is_repetition(password: &str) -> bool {
    let characters: Vec<char> = password.chars().collect();
    (1..=4).any(|period| characters.iter().zip(&characters[period..]).all(|(one, next)| one == next))
}

/// Hashes and verifies. Share it by `Arc` or clone it; clones share the places.
#[derive(Clone)]
pub struct Passwords {
    cores: Arc<Semaphore>,
    /// Verified when the account is unknown, so that the answer takes as long.
    decoy: Arc<str>,
    patience: Duration,
}

impl Passwords {
    /// `cores` hashes run at a time; each takes 19 MiB and tens of milliseconds (OWASP's first choice for argon2id).
    /// Costs one hash.
    pub fn new(cores: usize, chance: &Chance) -> Result<Self, PasswordError> {
        let nobody = Zeroizing::new(crate::secret::hex(&chance.bytes::<16>()));
        let decoy = hash_now(&nobody, &chance.bytes())?;
        Ok(Self { cores: Arc::new(Semaphore::new(cores.max(1))), decoy: decoy.into(), patience: PATIENCE })
    }

    /// The text to store: algorithm, cost, salt and hash (PHC string).
    pub async fn hash(&self, password: &str, chance: &Chance) -> Result<String, PasswordError> {
        let password = Zeroizing::new(password.to_owned());
        let salt: [u8; 16] = chance.bytes();
        self.run(move || hash_now(&password, &salt)).await
    }

    /// `stored` is `None` for an unknown account: the same work, and always `false`.
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool, PasswordError> {
        let is_known = stored.is_some();
        let stored = stored.unwrap_or(&self.decoy).to_owned();
        // Over-long tries are no passwords and must not cost more than others.
        let password: String = password.chars().take(MAX_CHARACTERS + 1).collect();
        let password = Zeroizing::new(password);
        let matches = self.run(move || verify_now(&password, &stored)).await?;
        Ok(matches && is_known)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, PasswordError> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let place = timeout(self.patience, Arc::clone(&self.cores).acquire_owned()).await;
        let Ok(Ok(place)) = place else { return Err(PasswordError::Busy) };
        tokio::task::spawn_blocking(move || {
            // The place is held by the work itself: a caller that goes away does not free the core.
            let _place = place;
            work()
        })
        .await?
    }
}

fn argon2() -> Argon2<'static> {
    // Argon2id, version 19, 19 MiB, 2 passes, 1 lane.
    Argon2::from(Params::default())
}

fn hash_now(password: &str, salt: &[u8; 16]) -> Result<String, PasswordError> {
    let hash = argon2().hash_password_with_salt(password.as_bytes(), salt);
    hash.map(|hash: PasswordHash| hash.to_string()).map_err(|error| PasswordError::BadHash(error.to_string()))
}

fn verify_now(password: &str, stored: &str) -> Result<bool, PasswordError> {
    let stored = PasswordHash::new(stored).map_err(|error| PasswordError::BadHash(error.to_string()))?;
    match argon2().verify_password(password.as_bytes(), &stored) {
        Ok(()) => Ok(true),
        Err(HashError::PasswordInvalid) => Ok(false),
        Err(error) => Err(PasswordError::BadHash(error.to_string())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weak_passwords_are_refused_with_the_reason() {
        assert_eq!(check_new("短短短短短短短", "wang"), Err(PasswordRefusal::TooShort(7)));
        assert_eq!(check_new("短短短短短短短长", "wang"), Ok(()), "characters count, not bytes");
        assert_eq!(check_new(&"ab1c".repeat(33), "wang"), Err(PasswordRefusal::TooLong(132)));
        for common in [
            "12345678",
            "87654321",
            "qwertyui",
            "1qaz2wsx",
            "Password1",
            "aaaaaaaa",
            "12121212",
            "ABCDEFGH",
            "woaini1314",
            "admin123",
        ] {
            assert_eq!(check_new(common, "wang"), Err(PasswordRefusal::Common), "{common}");
        }
        assert_eq!(check_new("my-WangLei-key", "wanglei"), Err(PasswordRefusal::ContainsName));
        assert_eq!(check_new("路灯不亮请来修一下", "li"), Ok(()));
        assert_eq!(check_new("correct horse battery", "wang"), Ok(()));
    }

    #[test]
    fn the_common_list_has_only_lines_that_can_match() {
        for line in COMMON.lines() {
            assert!(line.chars().count() >= MIN_CHARACTERS && line == line.to_lowercase(), "{line}");
            assert!(!is_walk(line) && !is_repetition(line), "{line} is found by a rule");
            assert_eq!(COMMON.lines().filter(|other| *other == line).count(), 1, "{line} stands twice");
        }
    }

    #[tokio::test]
    async fn hashes_verify_and_differ() {
        let chance = Chance::seeded(1);
        let passwords = Passwords::new(2, &chance).unwrap();
        let stored = passwords.hash("correct horse", &chance).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{stored}");
        assert_ne!(stored, passwords.hash("correct horse", &chance).await.unwrap(), "salted");
        assert!(passwords.verify("correct horse", Some(&stored)).await.unwrap());
        assert!(!passwords.verify("wrong horse", Some(&stored)).await.unwrap());
        assert!(!passwords.verify("correct horse", None).await.unwrap());
        assert!(matches!(passwords.verify("x", Some("rubbish")).await, Err(PasswordError::BadHash(_))));
    }

    #[tokio::test]
    async fn an_unknown_account_costs_the_same_work() {
        let chance = Chance::seeded(1);
        let passwords = Passwords::new(1, &chance).unwrap();
        let cost = |hash: &str| hash.split('$').take(4).collect::<Vec<_>>().join("$");
        assert_eq!(cost(&passwords.decoy), cost(&passwords.hash("correct horse", &chance).await.unwrap()));
        // The decoy is really verified, not only there: a broken one is noticed.
        let broken = Passwords { decoy: "rubbish".into(), ..passwords };
        assert!(matches!(broken.verify("x", None).await, Err(PasswordError::BadHash(_))));
    }

    #[tokio::test]
    async fn a_flood_is_told_to_come_back() {
        let passwords = Passwords { patience: Duration::ZERO, ..Passwords::new(1, &Chance::seeded(1)).unwrap() };
        let _taken = passwords.cores.acquire().await.unwrap();
        assert!(matches!(passwords.verify("x", None).await, Err(PasswordError::Busy)));
    }
}
