//! What the values of another system's columns are called here: a TOML file with a table for each field.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, ensure};

use super::rejects::Fault;

/// For each field, what its values stand for. A field without a table is taken as it is.
#[derive(Debug, Default)]
pub(super) struct Values(BTreeMap<String, BTreeMap<String, String>>);

impl Values {
    /// # Errors
    /// The file cannot be read, is no TOML of tables of texts, or names a field that is not one of `fields`.
    pub(super) fn open(path: &Path, fields: &[&str]) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
        let tables: BTreeMap<String, BTreeMap<String, String>> = toml::from_str(&text).with_context(|| {
            format!(
                "{}: write a table for each field, such as [area], and in it \"their value\" = \"ours\"",
                path.display()
            )
        })?;
        for field in tables.keys() {
            ensure!(
                fields.contains(&field.as_str()),
                "{}: there is no field {field:?}; fields: {}",
                path.display(),
                fields.join(", ")
            );
        }
        Ok(Self(tables))
    }

    /// # Errors
    /// The field has a table in which the value does not stand.
    pub(super) fn ours(&self, field: &str, theirs: String) -> Result<String, Fault> {
        let Some(table) = self.0.get(field).filter(|_| !theirs.trim().is_empty()) else { return Ok(theirs) };
        table.get(theirs.trim()).cloned().ok_or_else(|| {
            let shown: String = theirs.chars().take(60).collect();
            Fault::new(field, "value-unknown", format!("{shown:?} does not stand in [{field}] of the values"))
        })
    }
}
