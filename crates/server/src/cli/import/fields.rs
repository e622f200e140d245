//! Which column of a file holds which field: by `--map`, else by a name that everybody uses.

use anyhow::{bail, ensure};
use serde_json::Value;

use super::rejects::Fault;
use super::table::{Columns, Table};

/// What a field may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::cli) enum Kind {
    /// Text only: a number there is a mistake in the mapping.
    Words,
    /// Text or a whole number, such as a code or a phone.
    Digits,
    /// Yes or no.
    Switch,
}

/// A field that an import knows.
#[derive(Debug)]
pub(in crate::cli) struct Field {
    pub(in crate::cli) name: &'static str,
    pub(in crate::cli) kind: Kind,
    pub(in crate::cli) is_needed: bool,
    /// Other names its column often has.
    pub(in crate::cli) also: &'static [&'static str],
}

/// A value of `--map`: field and column; an empty column takes the field from none.
pub(in crate::cli) type Asked = (String, String);

/// Reads `field=column`.
pub(in crate::cli) fn asked(text: &str) -> Result<Asked, String> {
    match text.split_once('=') {
        Some((field, column)) if !field.trim().is_empty() => Ok((field.trim().to_owned(), column.trim().to_owned())),
        _ => Err(format!("{text:?} is no FIELD=COLUMN; write such as text=content")),
    }
}

/// The columns of each field; several are joined by a space.
#[derive(Debug)]
pub(in crate::cli) struct Mapping(Vec<(&'static Field, Vec<String>)>);

impl Mapping {
    /// # Errors
    /// A field that is not known, a column that is not there or is there twice, a needed field without a column.
    pub(in crate::cli) fn new(fields: &'static [Field], asked: &[Asked], table: &Table) -> anyhow::Result<Self> {
        let mut mapping = Vec::new();
        for (name, _) in asked {
            if !fields.iter().any(|field| field.name == name) {
                let known: Vec<_> = fields.iter().map(|field| field.name).collect();
                bail!("--map {name}=…: there is no field {name:?}; fields: {}", known.join(", "));
            }
        }
        for field in fields {
            let columns = match asked.iter().rfind(|(name, _)| field.name == name) {
                Some((_, column)) => named(field, column, table)?,
                None => usual(field, table),
            };
            // A file of which no row could be read names no columns; its rows say what is wrong.
            if columns.is_empty() && field.is_needed && !table.columns.is_empty() {
                let (file, name) = (&table.name, field.name);
                bail!("{file} has no column for {name}; name it with --map {name}=COLUMN. {}", there(table));
            }
            if let Some(twice) = columns.iter().find(|column| table.columns.iter().filter(|c| c == column).count() > 1)
            {
                bail!("{} has two columns {twice:?}; rename one", table.name);
            }
            mapping.push((field, columns));
        }
        Ok(Self(mapping))
    }

    /// Whether the field has a column.
    pub(in crate::cli) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(field, columns)| field.name == name && !columns.is_empty())
    }

    /// The value of a field; empty when it has no column or the row has nothing there.
    pub(in crate::cli) fn value(&self, row: &Columns, name: &str) -> Result<String, Fault> {
        let Some((field, columns)) = self.0.iter().find(|(field, _)| field.name == name) else {
            return Ok(String::new());
        };
        let mut parts = Vec::new();
        for column in columns {
            match (row.get(column), field.kind) {
                (None | Some(Value::Null), _) => {}
                (Some(Value::String(text)), _) => parts.push(text.clone()),
                (Some(Value::Number(number)), Kind::Digits | Kind::Switch) if number.is_i64() || number.is_u64() => {
                    parts.push(number.to_string());
                }
                (Some(Value::Bool(yes)), Kind::Switch) => parts.push(yes.to_string()),
                (Some(other), kind) => return Err(wrong_type(field, column, other, kind)),
            }
        }
        parts.retain(|part| !part.trim().is_empty());
        Ok(parts.join(" "))
    }
}

fn wrong_type(field: &Field, column: &str, value: &Value, kind: Kind) -> Fault {
    let found: String = value.to_string().chars().take(60).collect();
    let expected = match kind {
        Kind::Words => "text",
        Kind::Digits => "text or a whole number",
        Kind::Switch => "true or false",
    };
    Fault::new(field.name, "type-wrong", format!("column {column:?} is {found}; {expected} was expected"))
}

/// The columns somebody asked for: one by its whole name, or several with `+` between.
fn named(field: &Field, asked: &str, table: &Table) -> anyhow::Result<Vec<String>> {
    let is_there = |column: &str| table.columns.iter().any(|known| known == column);
    let columns: Vec<String> = match asked {
        "" => Vec::new(),
        whole if is_there(whole) => vec![whole.to_owned()],
        parts => parts.split('+').map(|part| part.trim().to_owned()).collect(),
    };
    if let Some(missing) = columns.iter().find(|column| !is_there(column)) {
        ensure!(
            table.columns.is_empty(),
            "{} has no column {missing:?} (--map {}={asked}). {}",
            table.name,
            field.name,
            there(table)
        );
    }
    Ok(columns)
}

/// The first usual name that is there, in any case of letters.
fn usual(field: &Field, table: &Table) -> Vec<String> {
    let mut names = std::iter::once(&field.name).chain(field.also);
    let column = names.find_map(|name| table.columns.iter().find(|column| column.eq_ignore_ascii_case(name)));
    column.cloned().into_iter().collect()
}

fn there(table: &Table) -> String {
    format!("Its columns: {}", table.columns.join(", "))
}
