//! Makes an instance of a backup, in an empty place, and has the doctor look at it.

use std::fs::{File, OpenOptions};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use flate2::read::GzDecoder;
use muster_store::Db;
use muster_store::copy::{schema_name, tables};
use muster_store::db::sqlite_path;

use super::{BackupError, Manifest, file, postgres};
use crate::clock::Clock;
use crate::config::Config;
use crate::doctor::{Health, examine};
use crate::secret::MasterKey;

/// Restores a backup into the empty database of `config`; its master key must be in place already.
///
/// Everything that can be refused is refused before the first byte is written. A restore that breaks off leaves the
/// target empty.
pub async fn restore(
    config: &Config,
    clock: &Clock,
    path: &Path,
    progress: impl FnMut(u64, u64),
) -> anyhow::Result<(Manifest, Health)> {
    let (manifest, mut dump) = file::open(path)?;
    let url = config.database_url();
    let sqlite = sqlite_path(&url);
    let target = if sqlite.is_some() { "sqlite" } else { "postgres" };
    if manifest.database != target {
        return Err(BackupError::Kind { path: path.to_owned(), backup: manifest.database, target }.into());
    }
    let known = muster_store::db::schema_known(target);
    if manifest.schema_version > known {
        let (backup, program) = (manifest.schema_version, manifest.program);
        return Err(BackupError::NewerSchema { path: path.to_owned(), backup, known, program }.into());
    }
    let keys = MasterKey::load(&config.master_key_path())
        .context("the backup holds data that only its master key can read; put the key in place first")?;
    keys.verify(&manifest.key_check)?;
    match sqlite {
        Some(target) => into_file(&target, &mut dump)?,
        None => into_schema(&url, &manifest, &mut dump).await?,
    }
    // An older schema is brought up to date, as a server would at its start.
    let db = Db::open(&url).await.context("opening what was restored")?;
    if manifest.schema_version == known {
        let found = tables(&mut db.snapshot().await?).await?;
        for (table, expected) in &manifest.tables {
            let found = found.get(table).copied().unwrap_or(0);
            if found != *expected {
                return Err(BackupError::Rows { table: table.clone(), expected: *expected, found }.into());
            }
        }
    }
    db.close().await;
    let health = examine(config, clock, progress).await?;
    Ok((manifest, health))
}

fn into_file(target: &Path, dump: &mut impl io::Read) -> anyhow::Result<()> {
    let beside = |ending: &str| {
        let mut name = target.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let there: Vec<String> = ["", "-wal", "-shm", "-journal"]
        .map(beside)
        .iter()
        .filter(|file| file.exists())
        .map(|file| file.display().to_string())
        .collect();
    if !there.is_empty() {
        return Err(BackupError::NotEmpty(format!("there is {}", there.join(", "))).into());
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    std::fs::create_dir_all(folder)?;
    let part = beside(".part");
    let written = (|| {
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&part)?;
        io::copy(&mut GzDecoder::new(dump), &mut file)?;
        file.sync_all()?;
        std::fs::rename(&part, target)?;
        File::open(folder)?.sync_all()
    })();
    if written.is_err() {
        std::fs::remove_file(&part).ok();
    }
    written.with_context(|| format!("writing {}", target.display()))
}

async fn into_schema(url: &str, manifest: &Manifest, dump: &mut impl io::Read) -> anyhow::Result<()> {
    let db = Db::look(url).await.context("opening the target")?;
    let mut tx = db.read().await?;
    let (found, there) = (schema_name(&mut tx).await?, tables(&mut tx).await?);
    drop(tx);
    db.close().await;
    let schema = manifest.schema.clone().unwrap_or_default();
    if found.as_ref() != Some(&schema) {
        return Err(BackupError::Schema { backup: schema, target: found }.into());
    }
    if !there.is_empty() {
        let named: Vec<String> = there.iter().map(|(table, rows)| format!("{table} ({rows} rows)")).collect();
        return Err(BackupError::NotEmpty(format!("schema {schema} has {}", named.join(", "))).into());
    }
    postgres::fill(url, &schema, dump)
}
