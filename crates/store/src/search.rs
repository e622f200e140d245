//! Full-text search, one of the few places where the two databases differ.
//!
//! A case is indexed by the overlapping pairs of its Han characters, its Latin words, and one token for each area
//! above it, so that a search within a street never reads the matches of the whole city. Neither database cuts
//! Chinese into words by itself; pairs need no dictionary.

use std::collections::BTreeSet;

use muster_core::area::AreaId;
use sqlx::{Postgres, QueryBuilder, Sqlite};

use crate::db::{Result, Tx, on};
use crate::process::CaseRow;

/// A SQLite script that indexes cases: each row takes the number by which the index knows its case.
pub(crate) fn push_sqlite(query: &mut QueryBuilder<Sqlite>, cases: &[CaseRow]) {
    for case in cases {
        query.push("insert into case_rows (case_id) values (").push_bind(case.id.0);
        query.push("); insert into case_search (rowid, tokens) values (last_insert_rowid(), ");
        query.push_bind(indexed(case).into_iter().collect::<Vec<_>>().join(" ")).push(");");
    }
}

/// The same as one PostgreSQL statement.
pub(crate) fn push_postgres(query: &mut QueryBuilder<Postgres>, cases: &[CaseRow]) {
    query.push("insert into case_search (case_id, tokens) ").push_values(cases, |mut bind, case| {
        bind.push_bind(case.id.0);
        let tokens = indexed(case).into_iter().chain([month_token(case.received_at.month())]);
        bind.push("array_to_tsvector(").push_bind_unseparated(tokens.collect::<Vec<_>>());
        bind.push_unseparated(")");
    });
}

pub(crate) async fn search_insert(tx: &mut Tx, cases: &[CaseRow]) -> Result<()> {
    for chunk in cases.chunks(100) {
        match tx {
            Tx::Sqlite(held) => {
                let mut query = QueryBuilder::new("");
                push_sqlite(&mut query, chunk);
                query.build().execute(&mut **held).await?;
            }
            Tx::Postgres(held) => {
                let mut query = QueryBuilder::new("");
                push_postgres(&mut query, chunk);
                query.build().execute(&mut **held).await?;
            }
        }
    }
    Ok(())
}

/// PostgreSQL's index knows no order, so a search that looks back a few months only names them.
fn month_token(month: i64) -> String {
    format!("m{month}")
}

fn indexed(case: &CaseRow) -> BTreeSet<String> {
    let mut tokens: BTreeSet<String> =
        [&case.title, &case.text, &case.place].into_iter().flat_map(|text| tokens(text)).collect();
    tokens.insert(area_token(case.area));
    tokens.extend(case.area.ancestors().map(area_token));
    tokens
}

/// `a` and the significant digits of an area.
pub(crate) fn area_token(area: AreaId) -> String {
    format!("a{}", &area.to_string()[..area.level().digits() as usize])
}

/// Pairs of neighbouring Han characters and lower-case runs of letters and digits.
pub(crate) fn tokens(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut word = String::new();
    let mut before: Option<char> = None;
    for c in text.chars().chain(['\n']) {
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        } else if !word.is_empty() {
            if word.len() <= 40 {
                found.insert(std::mem::take(&mut word));
            }
            word.clear();
        }
        let han = c.is_alphanumeric() && !c.is_ascii();
        if let (true, Some(first)) = (han, before) {
            found.insert([first, c].iter().collect());
        }
        before = han.then_some(c);
    }
    found
}

/// The query in the database's own form: all tokens, within the area and in one of the months (yyyymm) if any is given.
/// `None`: nothing to look up.
pub(crate) fn query(tx: &Tx, text: &str, area: Option<AreaId>, months: &[i64]) -> Option<String> {
    let mut all = tokens(text);
    if all.is_empty() {
        return None;
    }
    all.extend(area.map(area_token));
    // Tokens are alphanumeric by construction; the quotes only keep `AND` and the like from being operators.
    Some(match tx {
        Tx::Sqlite(_) => all.iter().map(|t| format!("\"{t}\"")).collect::<Vec<_>>().join(" AND "),
        Tx::Postgres(_) => {
            let mut all: Vec<String> = all.iter().map(|t| format!("'{t}'")).collect();
            if !months.is_empty() {
                let months: Vec<String> = months.iter().map(|month| format!("'{}'", month_token(*month))).collect();
                all.push(format!("({})", months.join(" | ")));
            }
            all.join(" & ")
        }
    })
}

/// How many cases the index lacks, and the codes of the first `limit`.
pub(crate) async fn missing(tx: &mut Tx, limit: i64) -> Result<(u64, Vec<String>)> {
    let (count, codes) = match tx {
        Tx::Sqlite(_) => (
            // The plus keeps SQLite from treating the ids as numbers, for which the index on `case_id` would be no use.
            "select count(*) from cases c where not exists (select 1 from case_rows r where r.case_id = +c.id)",
            "select code from cases c where not exists (select 1 from case_rows r where r.case_id = +c.id)
             order by id limit $1",
        ),
        Tx::Postgres(_) => (
            "select count(*) from cases c where not exists (select 1 from case_search r where r.case_id = c.id)",
            "select code from cases c where not exists (select 1 from case_search r where r.case_id = c.id)
             order by id limit $1",
        ),
    };
    let lost: i64 = on!(tx, |conn| sqlx::query_scalar(count).fetch_one(conn).await?);
    let codes = on!(tx, |conn| sqlx::query_scalar(codes).bind(limit).fetch_all(conn).await?);
    Ok((lost as u64, codes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_pairs() {
        let found: Vec<String> = tokens("路灯坏了，K102路 ABC").into_iter().collect();
        assert_eq!(found, ["abc", "k102", "坏了", "灯坏", "路灯"]);
        assert!(tokens("灯").is_empty());
    }
}
