//! The one place that knows there are two databases.
//!
//! One SQL text serves both; `on!` expands a query once per driver. What must differ is named here or in
//! `search.rs`: full-text search, the locking clause of a claim, and how a database is checked and backed up
//! (`check/schema.rs`, `copy.rs`).

use std::ops::{Deref, DerefMut};
use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{
    ConnectOptions, Connection, PgConnection, PgPool, Postgres, Sqlite, SqliteConnection, SqlitePool, Transaction,
};

use crate::writer::{self, Writer};

/// What can go wrong in the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("not found")]
    NotFound,
    /// A unique or foreign key says no, or another transaction won.
    #[error("conflict: {0}")]
    Conflict(String),
    #[error("the database does not answer: {0}")]
    Unavailable(String),
    /// The row is nonsense, which is not the same as missing.
    #[error("nonsense in {table}.{column}: {value}")]
    Corrupt { table: &'static str, column: &'static str, value: String },
    #[error(transparent)]
    Database(sqlx::Error),
}

pub type Result<T> = std::result::Result<T, Error>;

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        match &error {
            sqlx::Error::RowNotFound => Self::NotFound,
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) | sqlx::Error::Tls(_) => {
                Self::Unavailable(error.to_string())
            }
            sqlx::Error::Database(inner) => {
                let code = inner.code().unwrap_or_default();
                if inner.is_unique_violation() || inner.is_foreign_key_violation() {
                    Self::Conflict(inner.to_string())
                } else if matches!(code.as_ref(), "40001" | "40P01") {
                    // PostgreSQL: serialization failure, deadlock
                    Self::Conflict(inner.to_string())
                } else if code.starts_with("57P") || matches!(code.as_ref(), "53300" | "5" | "517") {
                    // PostgreSQL shutting down or full; SQLite busy
                    Self::Unavailable(inner.to_string())
                } else {
                    Self::Database(error)
                }
            }
            _ => Self::Database(error),
        }
    }
}

/// A database: embedded, or a server.
#[derive(Clone, Debug)]
pub enum Db {
    /// One writer, several readers (WAL).
    Sqlite {
        write: Writer,
        read: SqlitePool,
    },
    Postgres(PgPool),
}

/// A connection, inside a transaction or not. Dropped without [`Tx::commit`], a transaction is undone.
#[derive(Debug)]
pub enum Tx {
    Sqlite(SqliteHeld),
    Postgres(PostgresHeld),
}

#[derive(Debug)]
pub enum SqliteHeld {
    /// Each statement stands alone: for reading.
    Plain(PoolConnection<Sqlite>),
    /// All statements see one moment: for reading.
    Snapshot(Transaction<'static, Sqlite>),
    /// A turn of the writer.
    Act(writer::Act),
}

#[derive(Debug)]
pub enum PostgresHeld {
    /// Each statement stands alone: for reading.
    Plain(PoolConnection<Postgres>),
    Transaction(Transaction<'static, Postgres>),
}

/// Whatever it is held by, it is a connection.
macro_rules! held {
    ($name:ident, $connection:ty, $($variant:ident),+) => {
        impl Deref for $name {
            type Target = $connection;
            fn deref(&self) -> &$connection {
                match self {
                    $(Self::$variant(held) => held),+
                }
            }
        }

        impl DerefMut for $name {
            fn deref_mut(&mut self) -> &mut $connection {
                match self {
                    $(Self::$variant(held) => held),+
                }
            }
        }
    };
}
held!(SqliteHeld, SqliteConnection, Plain, Snapshot, Act);
held!(PostgresHeld, PgConnection, Plain, Transaction);

/// Expands one query expression once per database.
macro_rules! on {
    ($tx:expr, |$conn:ident| $query:expr) => {
        match $tx {
            $crate::db::Tx::Sqlite(held) => {
                let $conn = &mut **held;
                $query
            }
            $crate::db::Tx::Postgres(held) => {
                let $conn = &mut **held;
                $query
            }
        }
    };
}
pub(crate) use on;

impl Tx {
    /// Makes what was written durable and visible.
    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Sqlite(SqliteHeld::Act(act)) => act.commit().await?,
            Self::Sqlite(SqliteHeld::Snapshot(transaction)) => transaction.commit().await?,
            Self::Postgres(PostgresHeld::Transaction(transaction)) => transaction.commit().await?,
            Self::Sqlite(SqliteHeld::Plain(_)) | Self::Postgres(PostgresHeld::Plain(_)) => {}
        }
        Ok(())
    }
}

const READERS: u32 = 4;

/// The file that `sqlite:PATH`, `sqlite://PATH` or a bare path names; `None` when `url` is a PostgreSQL address.
pub fn sqlite_path(url: &str) -> Option<PathBuf> {
    if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        return None;
    }
    let path = url.strip_prefix("sqlite:").unwrap_or(url);
    Some(PathBuf::from(path.strip_prefix("//").unwrap_or(path)))
}

impl Db {
    /// Opens `sqlite:PATH` (or a bare path) or `postgres://…` and brings the schema up to date.
    pub async fn open(url: &str) -> Result<Self> {
        let db = match sqlite_path(url) {
            Some(path) => {
                let options = sqlite_options(path).create_if_missing(true).journal_mode(SqliteJournalMode::Wal);
                Self::open_sqlite(options).await?
            }
            None => Self::open_postgres(PgConnectOptions::from_str(url)?).await?,
        };
        db.migrate().await?;
        Ok(db)
    }

    /// Opens a database that is there already, for reading only: its schema stays as it is.
    pub async fn look(url: &str) -> Result<Self> {
        if let Some(path) = sqlite_path(url) {
            // Whole tables pass through: a thread that hands over single rows spends its time on waking the other.
            let options = sqlite_options(path).read_only(true).row_buffer_size(2_000);
            return Self::open_sqlite(options.disable_statement_logging()).await;
        }
        let options = PgConnectOptions::from_str(url)?.options([("default_transaction_read_only", "on")]);
        Self::open_postgres(options.disable_statement_logging()).await
    }

    async fn open_sqlite(options: SqliteConnectOptions) -> Result<Self> {
        let write = Writer::open(&options).await?;
        let read = SqlitePoolOptions::new()
            .max_connections(READERS)
            .test_before_acquire(false)
            .connect_with(options.read_only(true))
            .await?;
        Ok(Self::Sqlite { write, read })
    }

    pub(crate) async fn open_postgres(options: PgConnectOptions) -> Result<Self> {
        // JIT costs more than it brings on short queries (measured by DIGIT: 4.3 times slower with it).
        let options = options.options([("jit", "off")]).statement_cache_capacity(256);
        let pool = PgPoolOptions::new()
            .max_connections(16)
            .acquire_timeout(Duration::from_secs(10))
            .test_before_acquire(false)
            .before_acquire(|connection, meta| {
                Box::pin(async move {
                    // A round trip before each act only where the server may have gone away in the meantime.
                    if meta.idle_for > Duration::from_secs(1) {
                        connection.ping().await?;
                    }
                    Ok(true)
                })
            })
            .connect_with(options)
            .await?;
        Ok(Self::Postgres(pool))
    }

    pub(crate) async fn migrate(&self) -> Result<()> {
        let migrator = migrator(self.name());
        let done = match self {
            Self::Sqlite { write, .. } => migrator.run(&mut *write.alone().await?).await,
            Self::Postgres(pool) => migrator.run(pool).await,
        };
        done.map_err(|error| Error::Database(error.into()))
    }

    /// A connection for reading.
    pub async fn read(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { read, .. } => Tx::Sqlite(SqliteHeld::Plain(read.acquire().await?)),
            Self::Postgres(pool) => Tx::Postgres(PostgresHeld::Plain(pool.acquire().await?)),
        })
    }

    /// A transaction that sees the database as it was at one moment, however long it reads, and writes nothing.
    pub async fn snapshot(&self) -> Result<Tx> {
        const POSTGRES: &str = "begin isolation level repeatable read read only";
        Ok(match self {
            Self::Sqlite { read, .. } => Tx::Sqlite(SqliteHeld::Snapshot(read.begin().await?)),
            Self::Postgres(pool) => Tx::Postgres(PostgresHeld::Transaction(pool.begin_with(POSTGRES).await?)),
        })
    }

    /// A transaction for writing. On SQLite it takes the write lock at once, so that it never fails half-way.
    pub async fn write(&self) -> Result<Tx> {
        Ok(match self {
            Self::Sqlite { write, .. } => Tx::Sqlite(SqliteHeld::Act(write.begin().await?)),
            Self::Postgres(pool) => Tx::Postgres(PostgresHeld::Transaction(pool.begin().await?)),
        })
    }

    pub fn name(&self) -> &'static str {
        match self {
            Self::Sqlite { .. } => "sqlite",
            Self::Postgres(_) => "postgres",
        }
    }

    /// What was promised at start and what the database says now: the settings that durability hangs on.
    pub async fn durability(&self) -> Result<Vec<(&'static str, String, bool)>> {
        match self {
            Self::Sqlite { write, .. } => {
                let mut alone = write.alone().await?;
                let journal: String = sqlx::query_scalar("pragma journal_mode").fetch_one(&mut *alone).await?;
                let synchronous: i64 = sqlx::query_scalar("pragma synchronous").fetch_one(&mut *alone).await?;
                let foreign_keys: i64 = sqlx::query_scalar("pragma foreign_keys").fetch_one(&mut *alone).await?;
                Ok(vec![
                    ("journal_mode", journal.clone(), journal == "wal"),
                    ("synchronous", synchronous.to_string(), synchronous >= 2),
                    ("foreign_keys", foreign_keys.to_string(), foreign_keys == 1),
                ])
            }
            Self::Postgres(pool) => {
                let mut found = Vec::new();
                for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
                    let value: String =
                        sqlx::query_scalar("select current_setting($1)").bind(setting).fetch_one(pool).await?;
                    let safe = value != "off";
                    found.push((setting, value, safe));
                }
                Ok(found)
            }
        }
    }

    /// Refreshes what the planner knows of the data; PostgreSQL also does this by itself in time.
    pub async fn optimize(&self) -> Result<()> {
        match self {
            Self::Sqlite { write, .. } => {
                let mut alone = write.alone().await?;
                sqlx::query("pragma analysis_limit = 1000").execute(&mut *alone).await?;
                sqlx::query("analyze").execute(&mut *alone).await?;
            }
            Self::Postgres(pool) => {
                sqlx::query("analyze").execute(pool).await?;
            }
        }
        Ok(())
    }

    /// Waits for running statements and closes every connection.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { write, read } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// The steps of the schema that this program knows for one kind of database.
pub(crate) fn migrator(name: &str) -> sqlx::migrate::Migrator {
    let other = if name == "sqlite" { ".postgres" } else { ".sqlite" };
    let mut migrator = sqlx::migrate!("./migrations");
    migrator.migrations = migrator.migrations.iter().filter(|m| !m.description.ends_with(other)).cloned().collect();
    migrator
}

/// The last step of the schema that this program knows for one kind of database, as [`Db::name`] has it.
pub fn schema_known(name: &str) -> i64 {
    migrator(name).iter().map(|step| step.version).max().unwrap_or(0)
}

fn sqlite_options(path: PathBuf) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(10))
        .pragma("cache_size", "-131072")
        .pragma("temp_store", "memory")
        .pragma("journal_size_limit", "67108864")
        .statement_cache_capacity(256)
}

/// Inserts rows in statements of bounded size; the same code for one row and for a million.
macro_rules! insert_rows {
    ($tx:expr, $sql:literal, $rows:expr, |$bind:ident, $row:ident| $body:expr) => {
        for chunk in $rows.chunks(500) {
            $crate::db::on!($tx, |conn| {
                let mut query = sqlx::QueryBuilder::new($sql);
                query.push_values(chunk, |mut $bind, $row| {
                    $body;
                });
                query.build().execute(conn).await?;
            });
        }
    };
}
pub(crate) use insert_rows;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relative_path_stays_relative() {
        let path = |url| sqlite_path(url).map(|path| path.display().to_string());
        assert_eq!(path("sqlite://data/muster.db").as_deref(), Some("data/muster.db"));
        assert_eq!(path("sqlite:///var/muster.db").as_deref(), Some("/var/muster.db"));
        assert_eq!(path("sqlite:muster.db").as_deref(), Some("muster.db"));
        assert_eq!(path("/var/muster.db").as_deref(), Some("/var/muster.db"));
        assert_eq!(path("postgres://host/name"), None);
    }
}
