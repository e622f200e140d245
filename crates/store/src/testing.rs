//! Fresh databases for tests: one body, both databases.
//!
//! SQLite is a file in a temporary folder; PostgreSQL is a schema of its own in the server that
//! `MUSTER_TEST_POSTGRES` names. Without it the PostgreSQL half says that it was skipped; `make test` always sets it.

use std::path::PathBuf;
use std::str::FromStr;
use std::sync::atomic::{AtomicU64, Ordering};

use muster_core::id::CaseId;
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

use crate::db::{Db, Tx, on};

/// A database that is removed with the value.
#[derive(Debug)]
pub struct TestDb {
    pub db: Db,
    pub url: String,
    folder: Option<PathBuf>,
}

impl Drop for TestDb {
    fn drop(&mut self) {
        if let Some(folder) = &self.folder {
            std::fs::remove_dir_all(folder).ok();
        }
    }
}

static SERIAL: AtomicU64 = AtomicU64::new(0);

fn unique() -> String {
    format!("muster_test_{}_{}", std::process::id(), SERIAL.fetch_add(1, Ordering::Relaxed))
}

pub async fn sqlite() -> TestDb {
    let folder = std::env::temp_dir().join(unique());
    // A run that was killed left its folder, and this process has the number of that one.
    std::fs::remove_dir_all(&folder).ok();
    std::fs::create_dir_all(&folder).expect("a temporary folder");
    let url = format!("sqlite:{}", folder.join("muster.sqlite").display());
    TestDb { db: Db::open(&url).await.expect("a fresh SQLite database"), url, folder: Some(folder) }
}

/// `None` when no server is named.
pub async fn postgres() -> Option<TestDb> {
    let server = std::env::var("MUSTER_TEST_POSTGRES").ok()?;
    let name = unique();
    let mut admin = PgConnection::connect(&server).await.expect("the server MUSTER_TEST_POSTGRES names");
    for sql in [format!("drop schema if exists {name} cascade"), format!("create schema {name}")] {
        sqlx::query(AssertSqlSafe(sql)).execute(&mut admin).await.expect("a schema of our own");
    }
    let join = if server.contains('?') { '&' } else { '?' };
    let url = format!("{server}{join}options=-csearch_path%3D{name}");
    PgConnectOptions::from_str(&url).expect("a database address");
    Some(TestDb { db: Db::open(&url).await.expect("a fresh PostgreSQL schema"), url, folder: None })
}

/// An empty place of the same name in a second database of the same server, for a copy of the database at `url`.
/// `None` for SQLite, where any folder will do.
pub async fn beside(url: &str) -> Option<TestDb> {
    let options = PgConnectOptions::from_str(url).ok().filter(|_| url.starts_with("postgres"))?;
    let name = unique();
    let mut admin = PgConnection::connect_with(&options).await.expect("the server of the first database");
    let schema: String =
        sqlx::query_scalar("select current_schema()::text").fetch_one(&mut admin).await.expect("a schema");
    sqlx::query(AssertSqlSafe(format!("create database {name}"))).execute(&mut admin).await.expect("a database");
    let mut inside = PgConnection::connect_with(&options.database(&name)).await.expect("the new database");
    sqlx::query(AssertSqlSafe(format!("create schema {schema}"))).execute(&mut inside).await.expect("a schema");
    let (head, tail) = url.split_once('?').unwrap_or((url, ""));
    let server = head.rsplit_once('/').map_or(head, |(server, _)| server);
    let url = format!("{server}/{name}?{tail}");
    Some(TestDb { db: Db::look(&url).await.expect("the empty schema"), url, folder: None })
}

/// Runs one async test body on SQLite and on PostgreSQL: `both!(name, |db| async move { … })`.
#[macro_export]
macro_rules! both {
    ($(#[$meta:meta])* $name:ident, $body:expr) => {
        mod $name {
            use super::*;

            $(#[$meta])*
            #[tokio::test]
            async fn sqlite() {
                let held = $crate::testing::sqlite().await;
                ($body)(held.db.clone()).await;
            }

            $(#[$meta])*
            #[tokio::test]
            async fn postgres() {
                let Some(held) = $crate::testing::postgres().await else {
                    eprintln!("skipped: MUSTER_TEST_POSTGRES names no server");
                    return;
                };
                ($body)(held.db.clone()).await;
            }
        }
    };
}

/// Plants a fault behind the store's back.
pub async fn execute(db: &Db, sql: &'static str) {
    match db {
        Db::Sqlite { write, .. } => {
            let mut alone = write.alone().await.expect("a turn to write");
            sqlx::query(sql).execute(&mut *alone).await.expect(sql);
        }
        Db::Postgres(pool) => {
            sqlx::query(sql).execute(pool).await.expect(sql);
        }
    }
}

/// Counts behind the store's back.
pub async fn count(db: &Db, sql: &'static str) -> i64 {
    match db {
        Db::Sqlite { read, .. } => sqlx::query_scalar(sql).fetch_one(read).await.expect(sql),
        Db::Postgres(pool) => sqlx::query_scalar(sql).fetch_one(pool).await.expect(sql),
    }
}

/// What was told of a case, oldest first: to whom, and what.
pub async fn told_of(db: &Db, case: CaseId) -> Vec<(String, String)> {
    let sql = "select audience, template from notices where case_id = $1 order by at";
    let mut tx = db.read().await.expect("a connection");
    on!(&mut tx, |conn| sqlx::query_as(sql).bind(case.0).fetch_all(conn).await.expect(sql))
}

/// Undoes a whole transaction from within, as SQLite does by itself when the disk is full.
pub async fn undo_all(tx: &mut Tx) {
    on!(tx, |conn| sqlx::query("rollback").execute(conn).await.expect("a transaction to undo").rows_affected());
}
