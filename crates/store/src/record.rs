//! What is added to the record: rows of any table, a few in one round trip or many in statements of bounded size.
//!
//! An act adds a line or two to ten tables. Sent one by one they cost ten round trips (on SQLite, ten hand-overs to the
//! thread that owns the file); sent together, one: PostgreSQL takes them as one statement, SQLite as one script.

use sqlx::types::JsonValue;
use sqlx::{PgConnection, Postgres, QueryBuilder, Sqlite};
use uuid::Uuid;

use crate::audit::AuditLine;
use crate::db::{Result, Tx, on};
use crate::evaluate::DeltaRow;
use crate::intake::{IdempotencyRow, JudgementRow, LikenessKey, PersonRow, ReportRow};
use crate::notice::NoticeRow;
use crate::outbox::OutboxRow;
use crate::photo::PhotoRow;
use crate::process::{CaseRow, ClockEntryRow, ClockRow, StepRow, TaskRow};
use crate::search;
use crate::way::ReportWayRow;

/// One value on its way into a column.
pub(crate) enum Value<'a> {
    Int(Option<i64>),
    Text(Option<&'a str>),
    Bytes(Option<&'a [u8]>),
    Id(Option<Uuid>),
    Real(f64),
    Flag(Option<bool>),
    Json(JsonValue),
}

macro_rules! value_from {
    ($($kind:ty => |$value:ident| $into:expr),+ $(,)?) => {$(
        impl<'a> From<$kind> for Value<'a> {
            fn from($value: $kind) -> Self {
                $into
            }
        }
    )+};
}

value_from! {
    i64 => |value| Self::Int(Some(value)),
    Option<i64> => |value| Self::Int(value),
    &'a str => |value| Self::Text(Some(value)),
    &'a String => |value| Self::Text(Some(value)),
    &'a Option<String> => |value| Self::Text(value.as_deref()),
    &'a Vec<u8> => |value| Self::Bytes(Some(value)),
    &'a Option<Vec<u8>> => |value| Self::Bytes(value.as_deref()),
    Uuid => |value| Self::Id(Some(value)),
    Option<Uuid> => |value| Self::Id(value),
    f64 => |value| Self::Real(value),
    bool => |value| Self::Flag(Some(value)),
    Option<bool> => |value| Self::Flag(value),
    JsonValue => |value| Self::Json(value),
    &'a JsonValue => |value| Self::Json(value.clone()),
}

/// A row that can be inserted.
pub(crate) trait Record {
    /// `insert into table (column, …) `
    const INSERT: &'static str;

    /// What follows the values: how a row gives way to one that is there.
    const AFTER: &'static str = "";

    /// In the order of the columns.
    fn values(&self) -> Vec<Value<'_>>;
}

/// `record!(Type, "insert into table (columns) ", |row| [values])`, with `, after "on conflict …"` where rows give way.
macro_rules! record {
    ($kind:ty, $sql:literal, |$row:ident| [$($value:expr),+ $(,)?] $(, after $after:literal)?) => {
        impl $crate::record::Record for $kind {
            const INSERT: &'static str = $sql;
            $(const AFTER: &'static str = $after;)?

            fn values(&self) -> Vec<$crate::record::Value<'_>> {
                let $row = self;
                vec![$($value.into()),+]
            }
        }
    };
}
pub(crate) use record;

/// Writes `insert … values …` of some rows to a query of either database.
macro_rules! push_records {
    ($query:expr, $kind:ty, $rows:expr) => {
        $query.push(<$kind as Record>::INSERT).push_values($rows, |mut bind, row| {
            for value in row.values() {
                match value {
                    Value::Int(value) => bind.push_bind(value),
                    Value::Text(value) => bind.push_bind(value),
                    Value::Bytes(value) => bind.push_bind(value),
                    Value::Id(value) => bind.push_bind(value),
                    Value::Real(value) => bind.push_bind(value),
                    Value::Flag(value) => bind.push_bind(value),
                    Value::Json(value) => bind.push_bind(value),
                };
            }
        });
        $query.push(<$kind as Record>::AFTER);
    };
}

/// Rows of one table in a statement: below every driver's limit of bound values.
const CHUNK: usize = 500;

/// Inserts rows of one table; the same code for one and for a million.
pub(crate) async fn insert<R: Record>(tx: &mut Tx, rows: &[R]) -> Result<()> {
    match tx {
        Tx::Postgres(held) if rows.len() > CHUNK && R::AFTER.is_empty() => return copy(held, rows).await,
        _ => {}
    }
    for chunk in rows.chunks(CHUNK) {
        on!(tx, |conn| {
            let mut query = QueryBuilder::new("");
            push_records!(query, R, chunk);
            query.build().execute(conn).await?;
        });
    }
    Ok(())
}

/// Many rows at once, as PostgreSQL takes them fastest.
async fn copy<R: Record>(conn: &mut PgConnection, rows: &[R]) -> Result<()> {
    let sql = format!("{} from stdin", R::INSERT.replacen("insert into", "copy", 1));
    let mut sink = conn.copy_in_raw(&sql).await?;
    for chunk in rows.chunks(CHUNK) {
        let mut lines = String::new();
        for row in chunk {
            for (column, value) in row.values().iter().enumerate() {
                lines.push_str(if column == 0 { "" } else { "\t" });
                push_copied(&mut lines, value);
            }
            lines.push('\n');
        }
        sink.send(lines.as_bytes()).await?;
    }
    sink.finish().await?;
    Ok(())
}

/// A value in the text format of `copy`.
fn push_copied(line: &mut String, value: &Value<'_>) {
    let plain = match value {
        Value::Int(value) => value.map(|value| value.to_string()),
        Value::Id(value) => value.map(|value| value.to_string()),
        Value::Real(value) => Some(value.to_string()),
        Value::Flag(value) => value.map(|value| value.to_string()),
        Value::Bytes(value) => value.map(|bytes| {
            let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
            digits.fold("\\\\x".to_owned(), |hex, digit| hex + DIGITS[usize::from(digit)])
        }),
        Value::Text(text) => text.map(escaped),
        Value::Json(value) => Some(escaped(&value.to_string())),
    };
    line.push_str(plain.as_deref().unwrap_or("\\N"));
}

const DIGITS: [&str; 16] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "a", "b", "c", "d", "e", "f"];

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('\t', "\\t").replace('\n', "\\n").replace('\r', "\\r")
}

/// What one act adds, table by table.
#[derive(Debug, Default)]
pub struct Rows {
    pub persons: Vec<PersonRow>,
    pub cases: Vec<CaseRow>,
    pub reports: Vec<ReportRow>,
    pub report_ways: Vec<ReportWayRow>,
    pub photos: Vec<PhotoRow>,
    pub judgements: Vec<JudgementRow>,
    pub likeness: Vec<LikenessKey>,
    pub tasks: Vec<TaskRow>,
    pub clocks: Vec<ClockRow>,
    pub clock_entries: Vec<ClockEntryRow>,
    pub steps: Vec<StepRow>,
    pub deltas: Vec<DeltaRow>,
    pub audit: Vec<AuditLine>,
    pub events: Vec<OutboxRow>,
    pub notices: Vec<NoticeRow>,
    pub keys: Vec<IdempotencyRow>,
}

/// The tables in an order in which parents come before children, each with the type of its rows.
macro_rules! each_table {
    ($rows:expr, $do:ident) => {
        $do!($rows.persons, PersonRow);
        $do!($rows.cases, CaseRow);
        $do!($rows.reports, ReportRow);
        $do!($rows.report_ways, ReportWayRow);
        $do!($rows.photos, PhotoRow);
        $do!($rows.judgements, JudgementRow);
        $do!($rows.likeness, LikenessKey);
        $do!($rows.tasks, TaskRow);
        $do!($rows.clocks, ClockRow);
        $do!($rows.clock_entries, ClockEntryRow);
        $do!($rows.steps, StepRow);
        $do!($rows.deltas, DeltaRow);
        $do!($rows.audit, AuditLine);
        $do!($rows.events, OutboxRow);
        $do!($rows.notices, NoticeRow);
        $do!($rows.keys, IdempotencyRow);
    };
}

/// The most rows that go in one round trip.
const TOGETHER: usize = 100;

/// Inserts everything an act has gathered: in one round trip, unless it is much.
pub async fn rows_insert(tx: &mut Tx, rows: &Rows) -> Result<()> {
    let mut count = 0;
    macro_rules! add {
        ($table:expr, $kind:ty) => {
            count += $table.len();
        };
    }
    each_table!(rows, add);
    match (count, &mut *tx) {
        (0, _) => Ok(()),
        (1..=TOGETHER, Tx::Sqlite(held)) => {
            let mut query = QueryBuilder::<Sqlite>::new("");
            macro_rules! statement {
                ($table:expr, $kind:ty) => {
                    if !$table.is_empty() {
                        push_records!(query, $kind, &$table);
                        query.push(";");
                    }
                };
            }
            each_table!(rows, statement);
            search::push_sqlite(&mut query, &rows.cases);
            query.build().execute(&mut **held).await?;
            Ok(())
        }
        (1..=TOGETHER, Tx::Postgres(held)) => {
            // Statements that change data run whether or not the outer one reads them; keys are checked at the end.
            let mut query = QueryBuilder::<Postgres>::new("with ");
            macro_rules! statement {
                ($table:expr, $kind:ty) => {
                    if !$table.is_empty() {
                        query.push(concat!("of_", stringify!($kind), " as ("));
                        push_records!(query, $kind, &$table);
                        query.push("), ");
                    }
                };
            }
            each_table!(rows, statement);
            if !rows.cases.is_empty() {
                query.push("of_search as (");
                search::push_postgres(&mut query, &rows.cases);
                query.push("), ");
            }
            query.push("done as (select 1) select 1");
            query.build().execute(&mut **held).await?;
            Ok(())
        }
        _ => rows_insert_many(tx, rows).await,
    }
}

async fn rows_insert_many(tx: &mut Tx, rows: &Rows) -> Result<()> {
    macro_rules! table {
        ($table:expr, $kind:ty) => {
            insert::<$kind>(tx, &$table).await?;
        };
    }
    each_table!(rows, table);
    search::search_insert(tx, &rows.cases).await
}
