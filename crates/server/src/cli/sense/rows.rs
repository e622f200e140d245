//! Labelled messages from a JSONL file, with faults that name the line and the field.

use super::Fields;
use anyhow::{Context, anyhow, bail, ensure};
use muster_core::sense::{Example, Idea, Lesson, SenseRules};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
use std::path::Path;

/// A labelled message; `class` is a place in the codes it was read with.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) title: String,
    pub(crate) text: String,
    pub(crate) class: usize,
    pub(crate) group: u64,
}

impl Row {
    pub(crate) fn example(&self) -> Example<'_> {
        Example { title: &self.title, text: &self.text, class: self.class, group: self.group }
    }
}

/// What `read` makes of each line of a file that is not blank; a fault is named with its line.
pub(crate) fn each_line<T>(
    file: &Path,
    mut read: impl FnMut(usize, &[u8]) -> anyhow::Result<T>,
) -> anyhow::Result<Vec<T>> {
    let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let lines = (1..).zip(bytes.split(|byte| *byte == b'\n')).filter(|(_, line)| !line.trim_ascii().is_empty());
    lines.map(|(n, line)| read(n, line).with_context(|| format!("{} line {n}", file.display()))).collect()
}

/// Reads all rows of a file.
pub(crate) fn read(
    file: &Path,
    fields: &Fields,
    labels: &BTreeMap<String, String>,
    codes: &[String],
) -> anyhow::Result<Vec<Row>> {
    let mut groups = HashMap::new();
    let rows = each_line(file, |_, line| row(line, fields, labels, codes, &mut groups))?;
    ensure!(!rows.is_empty(), "{} has no rows: give one JSON object a line", file.display());
    Ok(rows)
}

fn row(
    line: &[u8],
    fields: &Fields,
    labels: &BTreeMap<String, String>,
    codes: &[String],
    groups: &mut HashMap<String, u64>,
) -> anyhow::Result<Row> {
    let object = object(line)?;
    let text = text_of(&object, &fields.text)?
        .ok_or_else(|| anyhow!("field `{}` is missing or null: name the text field with --text", fields.text))?;
    let label = text_of(&object, &fields.label)?
        .ok_or_else(|| anyhow!("field `{}` is missing or null: name the label field with --label", fields.label))?;
    let code = labels.get(&label).unwrap_or(&label);
    let Some(class) = codes.iter().position(|known| known == code) else {
        let known: Vec<&str> = labels.keys().map(String::as_str).collect();
        bail!("field `{}`: label {label:?} is not in the map, which knows {}", fields.label, known.join(", "));
    };
    let group = fields.group.as_ref().and_then(|field| object.get(field)).filter(|value| !value.is_null());
    // A row without a group is a group of its own.
    let fresh = groups.len() as u64;
    let key = group.map_or_else(|| format!("row {fresh}"), |value| format!("group {value}"));
    let group = *groups.entry(key).or_insert(fresh);
    Ok(Row { title: title_of(&object, &fields.title)?, text, class, group })
}

pub(crate) fn object(line: &[u8]) -> anyhow::Result<Map<String, Value>> {
    let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    serde_json::from_slice(line).context("not a JSON object")
}

/// A field's text; `None` when it is missing or null.
pub(crate) fn text_of(object: &Map<String, Value>, field: &str) -> anyhow::Result<Option<String>> {
    match object.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(other) => bail!("field `{field}` is {other}: text was expected"),
    }
}

/// The title; `title` and `title_kw` stand in for each other, and a message without one has an empty title.
pub(crate) fn title_of(object: &Map<String, Value>, field: &str) -> anyhow::Result<String> {
    for field in [field, "title", "title_kw"] {
        if let Some(title) = text_of(object, field)?.filter(|title| !title.is_empty()) {
            return Ok(title);
        }
    }
    Ok(String::new())
}

/// Phrases for the classes: the pack's own and, when given, the nodes of a taxonomy file.
pub(crate) fn phrases(
    rules: &SenseRules,
    taxonomy: Option<&Path>,
    labels: &BTreeMap<String, String>,
    codes: &[String],
) -> anyhow::Result<Vec<(String, usize)>> {
    let mut phrases = Vec::new();
    for (code, phrase) in rules.examples() {
        let class = codes.iter().position(|known| known == code);
        let class =
            class.with_context(|| format!("sense.toml: [examples] names class {code:?}, not one of {codes:?}"))?;
        phrases.push((phrase.to_owned(), class));
    }
    let Some(file) = taxonomy else { return Ok(phrases) };
    let mut reader =
        csv::Reader::from_path(file).with_context(|| format!("cannot read the taxonomy {}", file.display()))?;
    for (number, record) in (2..).zip(reader.records()) {
        let record = record.with_context(|| file.display().to_string())?;
        let top = record.get(0).unwrap_or_default();
        let class = labels.get(top).and_then(|code| codes.iter().position(|known| known == code));
        let class = class.with_context(|| {
            format!("{} line {number}, column level1: {top:?} is not in the map of labels", file.display())
        })?;
        phrases.push((record.iter().collect::<Vec<_>>().join("，"), class));
    }
    Ok(phrases)
}

/// A lesson from some of the rows.
pub(crate) fn lesson<'a>(
    name: &'a str,
    codes: &'a [String],
    rows: impl Iterator<Item = &'a Row>,
    phrases: &'a [(String, usize)],
    seed: u64,
    without: Option<Idea>,
) -> Lesson<'a> {
    let phrases = phrases.iter().map(|(phrase, class)| (phrase.as_str(), *class)).collect();
    Lesson { name, codes, examples: rows.map(Row::example).collect(), phrases, seed, without }
}
