//! One encrypted value: `version 1 | algorithm 1 | key id 4 | nonce 12 | ciphertext | tag 16` bytes.
//!
//! AES-256-GCM-SIV (RFC 8452): a repeated nonce shows at most that two values are equal. The place of the value
//! (`table.column.row`) and the header are authenticated with it, so a value moved to another row does not open.

use std::fmt;

use aes_gcm_siv::aead::{Aead, KeyInit, Payload};
use aes_gcm_siv::{Aes256GcmSiv, Nonce};
use zeroize::Zeroizing;

use super::{Key, hex};
use crate::clock::Chance;

const VERSION: u8 = 1;
const AES_256_GCM_SIV: u8 = 1;
const HEADER: usize = 6;
const NONCE: usize = 12;
const TAG: usize = 16;

/// The first four bytes of a MAC of the key: tells keys apart, tells nothing about them.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct KeyId([u8; 4]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex(&self.0))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    #[error("the value is sealed under key {sealed}, and this is key {given}")]
    WrongKey { sealed: KeyId, given: KeyId },
    #[error("the value was changed, or moved here from another place")]
    Damaged,
    #[error("the value has format {version}.{algorithm}, which this version cannot read; use a newer one")]
    UnknownFormat { version: u8, algorithm: u8 },
    #[error("the value is no sealed value")]
    Malformed,
}

/// The key over one person's data. Wiped when dropped.
#[derive(Debug)]
pub struct DataKey {
    key: Key,
    id: KeyId,
}

impl DataKey {
    pub fn generate(chance: &Chance) -> Self {
        Self::from_key(Key::new(chance.bytes()))
    }

    pub(super) fn from_key(key: Key) -> Self {
        let [a, b, c, d, ..] = key.mac(b"muster key id");
        Self { key, id: KeyId([a, b, c, d]) }
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        self.key.bytes()
    }

    pub fn id(&self) -> KeyId {
        self.id
    }

    /// `at` names the place of the value; build it with [`place`].
    pub fn seal(&self, chance: &Chance, at: &str, plaintext: &[u8]) -> Vec<u8> {
        let mut sealed = Vec::with_capacity(HEADER + NONCE + plaintext.len() + TAG);
        sealed.extend_from_slice(&[VERSION, AES_256_GCM_SIV]);
        sealed.extend_from_slice(&self.id.0);
        let nonce: [u8; NONCE] = chance.bytes();
        let associated = associated(&sealed, at);
        sealed.extend_from_slice(&nonce);
        let payload = Payload { msg: plaintext, aad: &associated };
        let ciphertext = self.cipher().encrypt(&Nonce::from(nonce), payload);
        sealed.extend_from_slice(&ciphertext.expect("AES-GCM-SIV takes values up to 64 GiB"));
        sealed
    }

    pub fn open(&self, at: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        if sealed.len() < HEADER + NONCE + TAG {
            return Err(OpenError::Malformed);
        }
        let (header, rest) = sealed.split_at(HEADER);
        let (version, algorithm) = (header[0], header[1]);
        if (version, algorithm) != (VERSION, AES_256_GCM_SIV) {
            return Err(OpenError::UnknownFormat { version, algorithm });
        }
        if header[2..] != self.id.0 {
            let id = [header[2], header[3], header[4], header[5]];
            return Err(OpenError::WrongKey { sealed: KeyId(id), given: self.id });
        }
        let (nonce, ciphertext) = rest.split_at(NONCE);
        let nonce: [u8; NONCE] = nonce.try_into().map_err(|_| OpenError::Malformed)?;
        let payload = Payload { msg: ciphertext, aad: &associated(header, at) };
        let plaintext = self.cipher().decrypt(&Nonce::from(nonce), payload).map_err(|_| OpenError::Damaged)?;
        Ok(Zeroizing::new(plaintext))
    }

    fn cipher(&self) -> Aes256GcmSiv {
        Aes256GcmSiv::new(self.key.bytes().into())
    }
}

/// Where a value stands: `table.column.row`.
pub fn place(table: &str, column: &str, row: &str) -> String {
    format!("{table}.{column}.{row}")
}

fn associated(header: &[u8], at: &str) -> Vec<u8> {
    [header, at.as_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_open_in_their_place_only() {
        let chance = Chance::seeded(1);
        let key = DataKey::generate(&chance);
        let here = place("person", "phone", "42");
        let sealed = key.seal(&chance, &here, "13812345678".as_bytes());
        assert_eq!(key.open(&here, &sealed).unwrap().as_slice(), b"13812345678");
        assert_eq!(key.open(&place("person", "phone", "43"), &sealed), Err(OpenError::Damaged), "another row");
        assert_eq!(key.open(&place("person", "name", "42"), &sealed), Err(OpenError::Damaged), "another column");
        assert_eq!(sealed.len(), 11 + 6 + 12 + 16);
        assert_ne!(sealed, key.seal(&chance, &here, b"13812345678"), "equal values look different");
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let chance = Chance::seeded(1);
        let key = DataKey::generate(&chance);
        let sealed = key.seal(&chance, "t.c.1", b"text");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(key.open("t.c.1", &changed).is_err(), "byte {at}");
        }
        for length in 0..sealed.len() {
            assert!(key.open("t.c.1", &sealed[..length]).is_err(), "cut at {length}");
        }
    }

    #[test]
    fn the_wrong_key_is_named() {
        let chance = Chance::seeded(1);
        let (one, two) = (DataKey::generate(&chance), DataKey::generate(&chance));
        let sealed = one.seal(&chance, "t.c.1", b"text");
        assert_eq!(two.open("t.c.1", &sealed), Err(OpenError::WrongKey { sealed: one.id(), given: two.id() }));
        assert!(two.open("t.c.1", &sealed).unwrap_err().to_string().contains(&one.id().to_string()));
    }

    #[test]
    fn a_newer_format_is_named() {
        let chance = Chance::seeded(1);
        let key = DataKey::generate(&chance);
        let mut sealed = key.seal(&chance, "t.c.1", b"");
        sealed[0] = 9;
        assert_eq!(key.open("t.c.1", &sealed), Err(OpenError::UnknownFormat { version: 9, algorithm: 1 }));
    }
}
