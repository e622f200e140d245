//! The master key's file: 32 bytes, raw or as 64 hexadecimal digits, readable by its owner only.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{MasterKey, hex, unhex};
use crate::clock::Chance;

#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    #[error(
        "there is no master key at {0}. A new instance makes one; for an old one restore the file from its backup and \
         point master_key_file (MUSTER_MASTER_KEY_FILE) to it"
    )]
    Missing(PathBuf),
    #[error("the master key {path} is readable by others (mode {mode:o}). Run: chmod 600 {path}")]
    Open { path: PathBuf, mode: u32 },
    #[error("{path} is no master key: it has {bytes} bytes; 32 raw bytes or 64 hexadecimal digits are expected")]
    Malformed { path: PathBuf, bytes: usize },
    #[error("the master key {0} exists already and is left as it is")]
    Exists(PathBuf),
    #[error("the master key {path} cannot be used: {source}")]
    Io { path: PathBuf, source: io::Error },
}

/// Makes a new key file and returns its key. Never overwrites: a lost key is lost data.
pub fn create_master_key(path: &Path, chance: &Chance) -> Result<MasterKey, KeyFileError> {
    let fault = |source: io::Error| match source.kind() {
        io::ErrorKind::AlreadyExists => KeyFileError::Exists(path.to_owned()),
        _ => KeyFileError::Io { path: path.to_owned(), source },
    };
    let key = Zeroizing::new(chance.bytes::<32>());
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(fault)?;
    let text = Zeroizing::new(format!("{}\n", hex(&*key)));
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(fault)?;
    // The entry in the folder must survive a power cut as well as the contents.
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(fault)?;
    Ok(MasterKey::derive(&key))
}

impl MasterKey {
    pub fn load(path: &Path) -> Result<Self, KeyFileError> {
        let fault = |source: io::Error| match source.kind() {
            io::ErrorKind::NotFound => KeyFileError::Missing(path.to_owned()),
            _ => KeyFileError::Io { path: path.to_owned(), source },
        };
        let file = File::open(path).map_err(fault)?;
        let mode = file.metadata().map_err(fault)?.permissions().mode() & 0o777;
        if mode & 0o077 != 0 {
            return Err(KeyFileError::Open { path: path.to_owned(), mode });
        }
        let mut contents = Zeroizing::new(Vec::with_capacity(128));
        file.take(128).read_to_end(&mut contents).map_err(fault)?;
        let malformed = || KeyFileError::Malformed { path: path.to_owned(), bytes: contents.len() };
        let key = match <[u8; 32]>::try_from(contents.as_slice()) {
            Ok(raw) => raw,
            Err(_) => {
                std::str::from_utf8(&contents).ok().and_then(|text| unhex(text.trim_end())).ok_or_else(malformed)?
            }
        };
        Ok(Self::derive(&Zeroizing::new(key)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_new_key_is_private_loads_again_and_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        let made = create_master_key(&path, &Chance::seeded(1)).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(MasterKey::load(&path).unwrap().check_value(), made.check_value());
        assert!(matches!(create_master_key(&path, &Chance::seeded(2)), Err(KeyFileError::Exists(_))));
        assert_eq!(MasterKey::load(&path).unwrap().check_value(), made.check_value());
    }

    #[test]
    fn raw_and_hexadecimal_are_one_key() {
        let folder = tempfile::tempdir().unwrap();
        let value = |contents: &[u8]| {
            let path = folder.path().join("key");
            let _ = fs::remove_file(&path);
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path).unwrap();
            file.write_all(contents).unwrap();
            MasterKey::load(&path).map(|key| key.check_value())
        };
        assert_eq!(value(&[0xab; 32]).unwrap(), value(&[b"ab".repeat(32), b"\r\n".to_vec()].concat()).unwrap());
        assert!(matches!(value(b""), Err(KeyFileError::Malformed { bytes: 0, .. })));
        assert!(matches!(value(&[1; 33]), Err(KeyFileError::Malformed { bytes: 33, .. })));
        assert!(matches!(value(&[b'x'; 64]), Err(KeyFileError::Malformed { bytes: 64, .. })));
    }

    #[test]
    fn a_key_others_can_read_is_refused_with_the_cure() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("master.key");
        create_master_key(&path, &Chance::seeded(1)).unwrap();
        for mode in [0o640, 0o604, 0o660] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let message = MasterKey::load(&path).unwrap_err().to_string();
            assert!(message.contains("chmod 600") && message.contains(&format!("{mode:o}")), "{message}");
        }
    }

    #[test]
    fn a_missing_key_says_where_it_was_sought() {
        let message = MasterKey::load(Path::new("/nowhere/master.key")).unwrap_err().to_string();
        assert!(message.contains("/nowhere/master.key") && message.contains("MUSTER_MASTER_KEY_FILE"));
    }
}
