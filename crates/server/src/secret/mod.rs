//! Personal data at rest: one master key in its own file, one data key per person under it.
//!
//! Destroying a person's data key destroys what was sealed under it. The master key is never used itself: each purpose
//! has its own subkey, derived by HKDF (RFC 5869) with HMAC-SHA-256.

mod field;
mod file;
mod phone;

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

pub use field::{DataKey, KeyId, OpenError, place};
pub use file::{KeyFileError, create_master_key};
pub use phone::{PhoneError, normalise_phone};

pub(crate) type HmacSha256 = Hmac<Sha256>;

/// 32 bytes that print as `***` and are wiped when dropped.
pub(crate) struct Key([u8; 32]);

impl Key {
    pub(crate) fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    pub(crate) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn mac(&self, message: &[u8]) -> [u8; 32] {
        mac(&self.0, message)
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.0);
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// HMAC-SHA-256.
pub(crate) fn mac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = HmacSha256::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// The keys derived from the master key. Made once at start; share it by `Arc`.
#[derive(Debug)]
pub struct MasterKey {
    wrapping: DataKey,
    blind: Key,
    secret: Key,
    service: Key,
    check: Key,
    push: Key,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the master key is not the one this database was written with (key check is {found}, the database holds {expected}). \
     Point master_key_file (MUSTER_MASTER_KEY_FILE) to the right file, or restore it from its backup"
)]
pub struct WrongMasterKey {
    expected: String,
    found: String,
}

impl MasterKey {
    pub(crate) fn derive(master: &[u8; 32]) -> Self {
        let extracted = Zeroizing::new(mac(b"muster master key v1", master));
        // HKDF-Expand for one block: T(1) = HMAC(PRK, info | 0x01).
        let subkey = |purpose: &[u8]| Key::new(mac(&*extracted, &[purpose, &[1]].concat()));
        Self {
            wrapping: DataKey::from_key(subkey(b"wrap")),
            blind: subkey(b"blind index"),
            secret: subkey(b"case secret"),
            service: subkey(b"certificate of service"),
            check: subkey(b"check"),
            push: subkey(b"web push"),
        }
    }

    /// Seals a person's data key for storing. `person` is the id of the row that keeps it.
    pub fn wrap(&self, key: &DataKey, person: &str, chance: &crate::clock::Chance) -> Vec<u8> {
        self.wrapping.seal(chance, &place("person", "data_key", person), key.bytes())
    }

    pub fn unwrap(&self, wrapped: &[u8], person: &str) -> Result<DataKey, OpenError> {
        let bytes = self.wrapping.open(&place("person", "data_key", person), wrapped)?;
        let bytes: [u8; 32] = bytes.as_slice().try_into().map_err(|_| OpenError::Malformed)?;
        Ok(DataKey::from_key(Key::new(bytes)))
    }

    /// What stands in the database in place of a phone number, so that equal numbers are found and none can be read.
    pub fn blind_index(&self, phone: &str) -> Result<[u8; 32], PhoneError> {
        Ok(self.blind.mac(normalise_phone(phone)?.as_bytes()))
    }

    /// The same for how a message channel knows a person. No phone number has such an index.
    pub fn handle_index(&self, handle: &str) -> [u8; 32] {
        self.blind.mac(format!("handle {handle}").as_bytes())
    }

    /// The same for the phone of somebody who offers to help. It equals no index of whoever reports.
    pub fn helper_index(&self, phone: &str) -> Result<[u8; 32], PhoneError> {
        Ok(self.blind.mac(format!("helper {}", normalise_phone(phone)?).as_bytes()))
    }

    /// Seals what belongs to no person, such as a remembered answer. `at` is its place: `table.column.row`.
    pub fn seal(&self, at: &str, plaintext: &[u8], chance: &crate::clock::Chance) -> Vec<u8> {
        self.wrapping.seal(chance, at, plaintext)
    }

    pub fn open(&self, at: &str, sealed: &[u8]) -> Result<Zeroizing<Vec<u8>>, OpenError> {
        self.wrapping.open(at, sealed)
    }

    /// What is kept of a case's printed secret. Bound to the case, so that equal secrets differ.
    pub fn secret_hash(&self, case: &str, secret: &str) -> [u8; 32] {
        self.secret.mac(format!("{case} {secret}").as_bytes())
    }

    /// The key by which push services know this instance; the same as long as the master key is.
    pub(crate) fn push_key(&self) -> p256::SecretKey {
        // One draw in 2^32 is no key of the curve.
        let draws = (0_u8..=u8::MAX).map(|draw| self.push.mac(&[draw]));
        draws.into_iter().find_map(|draw| p256::SecretKey::from_slice(&draw).ok()).expect("one of 256 draws is a key")
    }

    /// What shows that a certificate of service was issued here, with these figures.
    pub fn service_mac(&self, figures: &str) -> [u8; 32] {
        self.service.mac(figures.as_bytes())
    }

    /// Store this with a new database; it tells nothing about the key.
    pub fn check_value(&self) -> String {
        hex(&self.check.mac(b"muster key check")[..16])
    }

    /// Compares with the value stored in the database: with the wrong key nothing may start.
    pub fn verify(&self, stored: &str) -> Result<(), WrongMasterKey> {
        let found = self.check_value();
        if found.as_bytes().ct_eq(stored.as_bytes()).into() {
            return Ok(());
        }
        Err(WrongMasterKey { expected: stored.to_owned(), found })
    }
}

/// Lower-case hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(b"0123456789abcdef"[digit as usize]))
        .collect()
}

/// `None` unless `text` is 64 hexadecimal digits.
pub(crate) fn unhex(text: &str) -> Option<[u8; 32]> {
    let digits: Vec<u32> = text.chars().map(|digit| digit.to_digit(16)).collect::<Option<_>>()?;
    let bytes: Vec<u8> = digits.chunks_exact(2).map(|pair| (pair[0] * 16 + pair[1]) as u8).collect();
    if digits.len() == 64 { bytes.try_into().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Chance;

    #[test]
    fn hkdf_matches_rfc_5869() {
        // Test case 1, the first 32 bytes of OKM.
        let salt: Vec<u8> = (0..=0x0c).collect();
        let info: Vec<u8> = (0xf0..=0xf9).collect();
        let extracted = mac(&salt, &[0x0b; 22]);
        let expanded = mac(&extracted, &[&info[..], &[1]].concat());
        assert_eq!(hex(&expanded), "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf");
    }

    #[test]
    fn a_data_key_survives_wrapping_for_its_person_only() {
        let chance = Chance::seeded(1);
        let master = MasterKey::derive(&[7; 32]);
        let key = DataKey::generate(&chance);
        let wrapped = master.wrap(&key, "p1", &chance);
        assert_eq!(master.unwrap(&wrapped, "p1").unwrap().bytes(), key.bytes());
        assert_eq!(master.unwrap(&wrapped, "p2").unwrap_err(), OpenError::Damaged);
        let other = MasterKey::derive(&[8; 32]);
        assert!(matches!(other.unwrap(&wrapped, "p1").unwrap_err(), OpenError::WrongKey { .. }));
    }

    #[test]
    fn a_wrong_master_key_is_named_at_start() {
        let stored = MasterKey::derive(&[7; 32]).check_value();
        MasterKey::derive(&[7; 32]).verify(&stored).unwrap();
        let message = MasterKey::derive(&[8; 32]).verify(&stored).unwrap_err().to_string();
        assert!(message.contains(&stored) && message.contains("MUSTER_MASTER_KEY_FILE"), "{message}");
    }

    #[test]
    fn one_number_has_one_index_under_one_key() {
        let master = MasterKey::derive(&[7; 32]);
        let index = master.blind_index("13812345678").unwrap();
        assert_eq!(master.blind_index("+86 138-1234-5678").unwrap(), index);
        assert_ne!(master.blind_index("13812345679").unwrap(), index);
        assert_ne!(MasterKey::derive(&[8; 32]).blind_index("13812345678").unwrap(), index);
    }

    #[test]
    fn nothing_secret_is_printed() {
        let printed = format!("{:?}", MasterKey::derive(&[0x41; 32]));
        assert!(printed.contains("***") && !printed.contains("65"), "{printed}");
    }

    #[test]
    fn hexadecimal_goes_there_and_back() {
        let bytes: [u8; 32] = Chance::seeded(3).bytes();
        assert_eq!(unhex(&hex(&bytes)), Some(bytes));
        assert_eq!(unhex(&hex(&bytes).to_uppercase()), Some(bytes));
        assert_eq!(unhex("00"), None);
        assert_eq!(unhex(&"0g".repeat(32)), None);
        assert_eq!(unhex(&"0".repeat(65)), None);
    }
}
