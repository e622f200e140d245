//! What the database itself can say: schema, files, references. The two databases say it in different ways.

use std::collections::BTreeMap;

use sqlx::AssertSqlSafe;
use uuid::Uuid;

use super::{Check, NAMED, Weight, rows};
use crate::db::{Db, Result, Tx, migrator, on};
use crate::search;

pub(super) async fn check(db: &Db, tx: &mut Tx) -> Result<Vec<Check>> {
    let current = current(db, tx).await?;
    if current.found > 0 {
        return Ok(vec![current]);
    }
    Ok(vec![current, intact(tx).await?, references(tx).await?])
}

/// Compares the applied steps of the schema with those of this program.
async fn current(db: &Db, tx: &mut Tx) -> Result<Check> {
    let sentence = "The schema is the one this program was built for.";
    let mut check = Check::new("schema", Weight::Finding, sentence);
    let applied: Vec<(i64, bool, Vec<u8>)> = if has_table(tx, "_sqlx_migrations").await? {
        on!(tx, |conn| sqlx::query_as("select version, success, checksum from _sqlx_migrations order by version")
            .fetch_all(conn)
            .await?)
    } else {
        Vec::new()
    };
    let mut applied: BTreeMap<i64, (bool, Vec<u8>)> =
        applied.into_iter().map(|(version, success, checksum)| (version, (success, checksum))).collect();
    for known in migrator(db.name()).iter() {
        check.judge(match applied.remove(&known.version) {
            None => Some(format!("step {} ({}) is missing; muster serve brings it", known.version, known.description)),
            Some((false, _)) => Some(format!("step {} ended half-way", known.version)),
            Some((true, sum)) if sum != *known.checksum => Some(format!("step {} was another one", known.version)),
            Some(_) => None,
        });
    }
    for version in applied.keys() {
        check.judge(Some(format!("step {version} is unknown: a newer program was here; use that one")));
    }
    Ok(check)
}

/// Whether the database has a table of this name.
pub(crate) async fn has_table(tx: &mut Tx, name: &str) -> Result<bool> {
    let sql = match tx {
        Tx::Sqlite(_) => "select cast(count(*) as bigint) from sqlite_master where type = 'table' and name = $1",
        Tx::Postgres(_) => {
            "select cast(count(*) as bigint) from pg_tables where schemaname = current_schema() and tablename = $1"
        }
    };
    let found: i64 = on!(tx, |conn| sqlx::query_scalar(sql).bind(name).fetch_one(conn).await?);
    Ok(found > 0)
}

/// SQLite reads every page of the file; PostgreSQL, which checks its pages itself, is asked for broken indexes.
async fn intact(tx: &mut Tx) -> Result<Check> {
    let mut check = Check::new("file", Weight::Finding, "The database finds its own files and indexes whole.");
    match tx {
        Tx::Sqlite(held) => {
            let pages: i64 = sqlx::query_scalar("pragma page_count").fetch_one(&mut **held).await?;
            check.looked = pages as u64;
            let lines: Vec<String> = sqlx::query_scalar("pragma integrity_check(20)").fetch_all(&mut **held).await?;
            for line in lines.into_iter().filter(|line| line != "ok") {
                check.offence(|| line);
            }
        }
        Tx::Postgres(held) => {
            let indexes: Vec<(String, bool)> = sqlx::query_as(
                "select c.relname::text, i.indisvalid and i.indisready from pg_index i join pg_class c on c.oid = i.indexrelid
                 where c.relnamespace = current_schema()::regnamespace order by 1",
            )
            .fetch_all(&mut **held)
            .await?;
            for (name, whole) in indexes {
                check.judge((!whole).then(|| format!("index {name} is not valid; run: reindex index {name}")));
            }
        }
    }
    Ok(check)
}

/// Rows that refer to rows which are not there.
async fn references(tx: &mut Tx) -> Result<Check> {
    let mut check = Check::new("references", Weight::Finding, "Every reference leads to a row.");
    match tx {
        Tx::Sqlite(held) => {
            let keys: i64 = sqlx::query_scalar(
                "select count(*) from sqlite_master m, pragma_foreign_key_list(m.name) where m.type = 'table'",
            )
            .fetch_one(&mut **held)
            .await?;
            check.looked = keys as u64;
            let broken: Vec<(String, i64, String, i64)> = sqlx::query_as(
                "select \"table\", count(*), parent, min(rowid) from pragma_foreign_key_check group by 1, 3",
            )
            .fetch_all(&mut **held)
            .await?;
            for (table, rows, parent, first) in broken {
                check.offence(|| format!("{rows} rows of {table} refer to no row of {parent}; the first is {first}"));
            }
        }
        Tx::Postgres(held) => {
            let keys: Vec<(String, String, String, String, String, bool)> = sqlx::query_as(
                "select k.conname::text, child.relname::text, a.attname::text, parent.relname::text, p.attname::text,
                   k.convalidated
                 from pg_constraint k
                 join pg_class child on child.oid = k.conrelid join pg_class parent on parent.oid = k.confrelid
                 join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1]
                 join pg_attribute p on p.attrelid = k.confrelid and p.attnum = k.confkey[1]
                 where k.contype = 'f' and k.connamespace = current_schema()::regnamespace order by 1",
            )
            .fetch_all(&mut **held)
            .await?;
            for (name, child, column, parent, id, validated) in keys {
                check.judge((!validated).then(|| format!("constraint {name} is not validated")));
                let sql = format!(
                    "select count(*), min(c.ctid::text) from {child} c
                     where c.{column} is not null and not exists (select 1 from {parent} p where p.{id} = c.{column})"
                );
                let (lost, first): (i64, Option<String>) =
                    sqlx::query_as(AssertSqlSafe(sql)).fetch_one(&mut **held).await?;
                if let Some(first) = first {
                    check.offence(|| {
                        format!("{lost} rows of {child}.{column} refer to no row of {parent}; the first is {first}")
                    });
                }
            }
        }
    }
    Ok(check)
}

/// Cases that a search cannot find.
pub(super) async fn searchable(tx: &mut Tx) -> Result<Check> {
    let mut check = Check::new("cases-searchable", Weight::Finding, "Every case can be found by its words.");
    check.looked = rows(tx, "select cast(count(*) as bigint) from cases").await?;
    let (lost, first) = search::missing(tx, NAMED as i64).await?;
    for code in first {
        check.offence(|| format!("case {code} is not in the index"));
    }
    check.found = lost;
    Ok(check)
}

/// What is counted of no case, whether or not the database still watches its references.
pub(super) async fn deltas_have_cases(tx: &mut Tx) -> Result<Check> {
    let mut check = Check::new("deltas", Weight::Finding, "Everything counted is counted of a case.");
    check.looked = rows(tx, "select cast(count(*) as bigint) from deltas").await?;
    let lost: Vec<(Uuid, Uuid)> = on!(tx, |conn| sqlx::query_as(
        "select d.id, d.case_id from deltas d where not exists (select 1 from cases c where c.id = d.case_id)
         order by d.id limit 1000"
    )
    .fetch_all(conn)
    .await?);
    for (id, case) in lost {
        check.offence(|| format!("delta {id} is of case {case}, which is not there"));
    }
    Ok(check)
}
