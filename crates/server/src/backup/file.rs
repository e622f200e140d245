//! The file of a backup: `muster-backup 1 <SHA-256 of the rest>`, the manifest, the dump.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::{BackupError, Manifest};
use crate::secret::hex;

const MAGIC: &str = "muster-backup ";
const FORMAT: &str = "1";
const HASH: usize = 64;

/// A backup under way. Unless [`Writing::finish`] is reached, the half file is removed.
pub(super) struct Writing {
    file: BufWriter<File>,
    hash: Sha256,
    part: PathBuf,
    path: PathBuf,
}

impl Drop for Writing {
    fn drop(&mut self) {
        std::fs::remove_file(&self.part).ok();
    }
}

impl Writing {
    /// Begins a file that only its owner can read, under another name until it is whole.
    pub(super) fn begin(path: &Path, manifest: &Manifest) -> anyhow::Result<Self> {
        let mut part = path.as_os_str().to_owned();
        part.push(".part");
        let part = PathBuf::from(part);
        let file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
        let mut file = BufWriter::new(file);
        writeln!(file, "{MAGIC}{FORMAT} {}", "0".repeat(HASH))?;
        let mut writing = Self { file, hash: Sha256::new(), part, path: path.to_owned() };
        serde_json::to_writer(&mut writing, manifest)?;
        writing.write_all(b"\n")?;
        Ok(writing)
    }

    /// Writes the hash into the head, makes all durable, and gives the file its name. Returns hash and size.
    pub(super) fn finish(mut self) -> anyhow::Result<(String, u64)> {
        self.file.flush()?;
        let hash = hex(&std::mem::take(&mut self.hash).finalize());
        let file = self.file.get_mut();
        let size = file.stream_position()?;
        file.seek(SeekFrom::Start((MAGIC.len() + FORMAT.len() + 1) as u64))?;
        file.write_all(hash.as_bytes())?;
        file.sync_all()?;
        // Never over a file that came meanwhile.
        std::fs::hard_link(&self.part, &self.path)?;
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(folder)?.sync_all()?;
        Ok((hash, size))
    }
}

impl Write for Writing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.hash.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Reads a backup's manifest after checking the whole file against its hash.
///
/// # Errors
/// Names what is wrong with the file: not there, no backup, of a newer format, cut short, changed.
pub fn manifest(path: &Path) -> Result<Manifest, BackupError> {
    open(path).map(|(manifest, _)| manifest)
}

/// The manifest, and the dump to read on from.
pub(super) fn open(path: &Path) -> Result<(Manifest, BufReader<File>), BackupError> {
    let unreadable = |source| BackupError::Unreadable { path: path.to_owned(), source };
    let foreign = || BackupError::Foreign(path.to_owned());
    let mut file = BufReader::new(File::open(path).map_err(unreadable)?);
    let mut head = Vec::new();
    file.by_ref().take(200).read_until(b'\n', &mut head).map_err(unreadable)?;
    let head = String::from_utf8(head).map_err(|_| foreign())?;
    let (format, expected) =
        head.strip_prefix(MAGIC).and_then(|rest| rest.trim_end().split_once(' ')).ok_or_else(foreign)?;
    if format != FORMAT {
        return Err(BackupError::NewerFormat { path: path.to_owned(), format: format.to_owned() });
    }
    let body = file.stream_position().map_err(unreadable)?;
    let mut hash = Sha256::new();
    let mut chunk = vec![0; 1 << 16];
    loop {
        match file.read(&mut chunk).map_err(unreadable)? {
            0 => break,
            read => hash.update(&chunk[..read]),
        }
    }
    let found = hex(&hash.finalize());
    if found != expected {
        return Err(BackupError::Damaged { path: path.to_owned(), expected: expected.to_owned(), found });
    }
    file.seek(SeekFrom::Start(body)).map_err(unreadable)?;
    let mut line = Vec::new();
    file.read_until(b'\n', &mut line).map_err(unreadable)?;
    let manifest = serde_json::from_slice(&line).map_err(|_| foreign())?;
    Ok((manifest, file))
}
