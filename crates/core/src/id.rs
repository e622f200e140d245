//! Names of things: typed row ids, and the public code of a case with its secret.
//!
//! A code is 60 random bits in Crockford base32 (no I, L, O, U) and one check character, so that it can be
//! read over the telephone and a slip of the tongue is caught before a look-up. A code alone shows state, class,
//! unit and dates; the text and every act need the secret printed beside it.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! typed_id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

typed_id! {
    /// 诉求
    ReportId,
    /// 工单
    CaseId,
    /// 任务
    TaskId,
    /// 分工
    PartId,
    /// 承办单位
    UnitId,
    /// A member of staff or an organisation's user.
    AccountId,
    /// Someone who reported; everything that tells who is encrypted under a key of their own.
    PersonId,
    /// 资源
    ResourceId,
    /// 需求
    NeedId,
    /// 邀约
    OfferId,
}

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const CODE_DIGITS: usize = 12;
const SECRET_DIGITS: usize = 8;

/// The public code of a case: 12 random characters and a check character, stored without separators.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Code(String);

/// Why a text is not a code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CodeFault {
    #[error("a code has 13 letters and digits, this has {0}")]
    Length(usize),
    #[error("'{0}' is not used in codes")]
    Character(char),
    #[error("the last character does not fit the others: one of them was misheard or mistyped")]
    Check,
}

impl Code {
    /// Makes a code from 60 of the 64 random bits.
    pub fn from_random(bits: u64) -> Self {
        let mut text = digits(bits, CODE_DIGITS);
        text.push(char::from(ALPHABET[check(text.as_bytes())]));
        Self(text)
    }

    /// The code as stored and as used in addresses: 13 characters.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The code of the `n`-th task of this case.
    pub fn task(&self, n: usize) -> String {
        format!("{}-{n}", self.0)
    }

    /// The code of the `n`-th part of the work of this case.
    pub fn part(&self, n: i64) -> String {
        format!("{}.{n}", self.0)
    }
}

impl fmt::Display for Code {
    /// In groups as read aloud: `ABCD-EFGH-JKMNP`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}-{}", &self.0[..4], &self.0[4..8], &self.0[8..])
    }
}

impl FromStr for Code {
    type Err = CodeFault;

    /// Forgives case, spaces, hyphens, full-width characters, and the look-alikes O, I and L.
    fn from_str(text: &str) -> Result<Self, CodeFault> {
        let text = canonical(text)?;
        if text.len() != CODE_DIGITS + 1 {
            return Err(CodeFault::Length(text.len()));
        }
        let (body, last) = text.split_at(CODE_DIGITS);
        if last.as_bytes()[0] != ALPHABET[check(body.as_bytes())] {
            return Err(CodeFault::Check);
        }
        Ok(Self(text))
    }
}

impl TryFrom<String> for Code {
    type Error = CodeFault;
    fn try_from(text: String) -> Result<Self, CodeFault> {
        text.parse()
    }
}

impl From<Code> for String {
    fn from(code: Code) -> Self {
        code.0
    }
}

/// The secret printed beside a code: 40 random bits, eight characters. Kept only as a keyed hash.
pub fn secret_from_random(bits: u64) -> String {
    digits(bits, SECRET_DIGITS)
}

/// Brings a typed secret to the form in which it was made; `None` when it cannot be one.
pub fn secret_canonical(text: &str) -> Option<String> {
    canonical(text).ok().filter(|secret| secret.len() == SECRET_DIGITS)
}

fn digits(bits: u64, count: usize) -> String {
    (0..count).map(|i| char::from(ALPHABET[(bits >> (5 * i)) as usize & 31])).collect()
}

fn canonical(text: &str) -> Result<String, CodeFault> {
    let mut out = String::with_capacity(16);
    for c in text.chars() {
        let c = match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            other => other,
        };
        match c.to_ascii_uppercase() {
            '-' | '—' | '_' => {}
            c if c.is_whitespace() => {}
            'O' => out.push('0'),
            'I' | 'L' => out.push('1'),
            c if c.is_ascii() && ALPHABET.contains(&(c as u8)) => out.push(c),
            _ => return Err(CodeFault::Character(c)),
        }
    }
    Ok(out)
}

/// Luhn's algorithm in base 32: catches every single wrong character and nearly every swap of neighbours.
fn check(body: &[u8]) -> usize {
    let sum: usize = body
        .iter()
        .rev()
        .enumerate()
        .map(|(i, c)| {
            let value = ALPHABET.iter().position(|a| a == c).unwrap_or(0);
            let addend = if i % 2 == 0 { value * 2 } else { value };
            addend / 32 + addend % 32
        })
        .sum();
    (32 - sum % 32) % 32
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_code_survives_being_read_aloud(bits: u64) {
            let code = Code::from_random(bits);
            let spoken = code.to_string().to_lowercase().replace('0', "o").replace('1', "l");
            prop_assert_eq!(spoken.parse::<Code>(), Ok(code));
        }

        #[test]
        fn one_wrong_character_is_caught(bits: u64, at in 0usize..13, shift in 1usize..32) {
            let code = Code::from_random(bits);
            let mut bytes = code.as_str().as_bytes().to_vec();
            let old = ALPHABET.iter().position(|a| *a == bytes[at]).expect("in alphabet");
            bytes[at] = ALPHABET[(old + shift) % 32];
            let wrong = String::from_utf8(bytes).expect("ascii");
            prop_assert_eq!(wrong.parse::<Code>(), Err(CodeFault::Check));
        }
    }

    #[test]
    fn a_secret_forgives_what_a_code_forgives() {
        let secret = secret_from_random(0x1234_5678_9abc);
        assert_eq!(secret.len(), 8);
        assert_eq!(secret_canonical(&format!(" {} ", secret.to_lowercase())), Some(secret));
        assert_eq!(secret_canonical("short"), None);
    }
}
