//! Makes a backup while the server runs: one moment, counted and dumped.

use std::fs::{DirBuilder, File};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use anyhow::Context;
use flate2::Compression;
use flate2::write::GzEncoder;
use muster_store::copy::{export_snapshot, schema_version, tables};
use muster_store::people::instance_get;
use muster_store::{Db, Tx};

use super::file::Writing;
use super::{BackupError, Manifest, postgres};
use crate::clock::Clock;
use crate::config::Config;
use crate::state::KEY_CHECK;

/// What was written.
#[derive(Debug)]
pub struct Made {
    pub manifest: Manifest,
    pub sha256: String,
    pub bytes: u64,
}

/// Writes a backup of the instance of `config` to `path`, which must not exist and must not lie with the instance.
pub async fn backup(config: &Config, clock: &Clock, path: &Path) -> anyhow::Result<Made> {
    if path.exists() {
        return Err(BackupError::Exists(path.to_owned()).into());
    }
    apart(config, path)?;
    let url = config.database_url();
    let db = Db::look(&url).await.context("opening the database")?;
    let made = match &db {
        Db::Sqlite { .. } => from_sqlite(&db, clock, path).await,
        Db::Postgres(_) => from_postgres(&db, clock, path, &url).await,
    };
    db.close().await;
    made
}

/// Refuses a place inside the folder of the instance or of its key.
fn apart(config: &Config, path: &Path) -> anyhow::Result<()> {
    let folder = |path: &Path| path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
    let target = folder(path);
    let target = target.canonicalize().with_context(|| format!("the folder {} is not there", target.display()))?;
    for kept in [config.data.clone(), folder(&config.master_key_path())] {
        let Ok(kept) = kept.canonicalize() else { continue };
        if target.starts_with(&kept) {
            return Err(BackupError::Beside { file: path.to_owned(), folder: kept }.into());
        }
    }
    Ok(())
}

/// A folder of its own for the copy, removed whatever happens.
struct Copy(PathBuf);

impl Copy {
    fn beside(path: &Path) -> io::Result<Self> {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".copy-{}", std::process::id()));
        DirBuilder::new().mode(0o700).create(&name)?;
        Ok(Self(PathBuf::from(name)))
    }
}

impl Drop for Copy {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).ok();
    }
}

async fn from_sqlite(db: &Db, clock: &Clock, path: &Path) -> anyhow::Result<Made> {
    let folder = Copy::beside(path)?;
    let copy = folder.0.join("muster.db");
    db.copy_into(&copy).await?;
    let manifest = {
        let copied = Db::look(&format!("sqlite:{}", copy.display())).await?;
        let manifest = describe(&copied, &mut copied.snapshot().await?, clock, None).await;
        copied.close().await;
        manifest?
    };
    let mut gzip = GzEncoder::new(Writing::begin(path, &manifest)?, Compression::default());
    io::copy(&mut File::open(&copy)?, &mut gzip)?;
    let (sha256, bytes) = gzip.finish()?.finish()?;
    Ok(Made { manifest, sha256, bytes })
}

async fn from_postgres(db: &Db, clock: &Clock, path: &Path, url: &str) -> anyhow::Result<Made> {
    // Stays open until pg_dump has seen its moment.
    let mut tx = db.snapshot().await?;
    let (schema, moment) = export_snapshot(&mut tx).await?.ok_or(BackupError::Nothing)?;
    let manifest = describe(db, &mut tx, clock, Some(schema.clone())).await?;
    let mut writing = Writing::begin(path, &manifest)?;
    postgres::dump(url, &schema, &moment, &mut writing)?;
    drop(tx);
    let (sha256, bytes) = writing.finish()?;
    Ok(Made { manifest, sha256, bytes })
}

async fn describe(db: &Db, tx: &mut Tx, clock: &Clock, schema: Option<String>) -> anyhow::Result<Manifest> {
    let schema_version = schema_version(tx).await?.ok_or(BackupError::Nothing)?;
    Ok(Manifest {
        created_at: clock.now(),
        program: env!("CARGO_PKG_VERSION").to_owned(),
        database: db.name().to_owned(),
        schema,
        schema_version,
        key_check: instance_get(tx, KEY_CHECK).await?.ok_or(BackupError::Nothing)?,
        tables: tables(tx).await?,
    })
}
