//! What a backup needs of a database: a copy of one moment, what is in it, and what stands where it shall go.

use std::collections::BTreeMap;
use std::path::Path;

use sqlx::AssertSqlSafe;

use crate::db::{Db, Result, Tx, on};

/// Rows of each table of the product. The index of words is left out: it belongs to its database and is made of cases.
pub async fn tables(tx: &mut Tx) -> Result<BTreeMap<String, i64>> {
    let names: Vec<String> = match tx {
        Tx::Sqlite(held) => {
            sqlx::query_scalar(
                "select name from sqlite_master where type = 'table' and name not like 'sqlite_%' order by name",
            )
            .fetch_all(&mut **held)
            .await?
        }
        Tx::Postgres(held) => {
            sqlx::query_scalar("select tablename::text from pg_tables where schemaname = current_schema() order by 1")
                .fetch_all(&mut **held)
                .await?
        }
    };
    let mut found = BTreeMap::new();
    for name in names.into_iter().filter(|name| !name.starts_with("case_search") && name != "_sqlx_migrations") {
        let sql = format!("select cast(count(*) as bigint) from \"{}\"", name.replace('"', "\"\""));
        let rows: i64 = on!(tx, |conn| sqlx::query_scalar(AssertSqlSafe(sql.clone())).fetch_one(conn).await?);
        found.insert(name, rows);
    }
    Ok(found)
}

/// The last step of the schema that was applied; `None` in a database that no server has opened.
pub async fn schema_version(tx: &mut Tx) -> Result<Option<i64>> {
    if !crate::check::has_table(tx, "_sqlx_migrations").await? {
        return Ok(None);
    }
    Ok(on!(tx, |conn| sqlx::query_scalar("select max(version) from _sqlx_migrations").fetch_one(conn).await?))
}

impl Db {
    /// Writes a consistent copy of a SQLite database into a new file, while others write. Nothing on PostgreSQL.
    pub async fn copy_into(&self, file: &Path) -> Result<()> {
        if let Self::Sqlite { read, .. } = self {
            sqlx::query("vacuum into $1").bind(file.to_string_lossy().into_owned()).execute(read).await?;
        }
        Ok(())
    }
}

/// The schema that an address leads to, and a name under which `pg_dump` sees the same moment as `tx`, for as long as
/// `tx` is open. `None` on SQLite.
pub async fn export_snapshot(tx: &mut Tx) -> Result<Option<(String, String)>> {
    match tx {
        Tx::Sqlite(_) => Ok(None),
        Tx::Postgres(held) => {
            let found = sqlx::query_as("select current_schema()::text, pg_export_snapshot()");
            Ok(Some(found.fetch_one(&mut **held).await?))
        }
    }
}

/// The schema that an address leads to; `None` on SQLite, and where the schema is not there.
pub async fn schema_name(tx: &mut Tx) -> Result<Option<String>> {
    match tx {
        Tx::Sqlite(_) => Ok(None),
        Tx::Postgres(held) => Ok(sqlx::query_scalar("select current_schema()::text").fetch_one(&mut **held).await?),
    }
}
