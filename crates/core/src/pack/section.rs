//! Reading TOML with places: every getter leaves a fault that names file, line, key and value, and goes on with a
//! harmless stand-in. A stand-in never leaves the loader, because a pack with one fault is refused.

use std::ops::RangeInclusive;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fault::{Faults, PackFault};

/// A file of the pack, for the places in faults.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) file: &'a str,
    pub(super) text: &'a str,
    pub(super) faults: &'a Faults,
}

impl<'a> Source<'a> {
    /// Parses the file; `None` when it is not TOML, because what is left of it would only raise false faults.
    pub(super) fn parse(&self) -> Option<DeTable<'a>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in &errors {
            let line = error.span().map(|span| self.line(span.start));
            let text = line.and_then(|line| self.text.lines().nth(line - 1)).unwrap_or_default();
            self.faults.push(PackFault {
                file: self.file.to_owned(),
                line,
                key: String::new(),
                value: shortened(text.trim()),
                problem: format!("not TOML: {}", error.message()),
                advice: "correct the line; the rest of the file is checked after that".to_owned(),
            });
        }
        errors.is_empty().then(|| table.into_inner())
    }

    fn line(&self, offset: usize) -> usize {
        self.text.bytes().take(offset).filter(|byte| *byte == b'\n').count() + 1
    }
}

/// One table of a file.
pub(super) struct Section<'t, 'a> {
    source: Source<'a>,
    /// Path of this table with a trailing dot, empty at the root.
    path: String,
    /// Byte offset for faults about the table as a whole.
    offset: usize,
    table: &'t DeTable<'a>,
}

impl<'t, 'a> Section<'t, 'a> {
    pub(super) fn root(source: Source<'a>, table: &'t DeTable<'a>) -> Self {
        Self { source, path: String::new(), offset: 0, table }
    }

    /// Records a fault about `key` of this table; about the table itself when `key` is empty.
    pub(super) fn fault(&self, key: &str, problem: impl Into<String>, advice: impl Into<String>) {
        let place = self.table.iter().find(|(name, _)| name.get_ref() == key);
        let offset = place.map_or(self.offset, |(name, _)| name.span().start);
        let value = place.map(|(_, value)| shown(value.get_ref())).unwrap_or_default();
        let path = format!("{}{key}", self.path);
        let path = path.trim_end_matches('.').to_owned();
        self.push(offset, path, value, problem.into(), advice.into());
    }

    fn push(&self, offset: usize, key: String, value: String, problem: String, advice: String) {
        let Source { file, faults, .. } = self.source;
        let line = Some(self.source.line(offset));
        faults.push(PackFault { file: file.to_owned(), line, key, value, problem, advice });
    }

    /// Refuses every key that is not in `known`: a misspelt rule must not be silently ignored.
    pub(super) fn only(&self, known: &[&str]) {
        for name in self.table.keys() {
            if !known.contains(&name.get_ref().as_ref()) {
                self.fault(name.get_ref(), "unknown key", format!("known keys here: {}", known.join(", ")));
            }
        }
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.value(key).is_some()
    }

    fn value(&self, key: &str) -> Option<&'t Spanned<DeValue<'a>>> {
        self.table.get(key)
    }

    fn required(&self, key: &str) -> Option<&'t Spanned<DeValue<'a>>> {
        let value = self.value(key);
        if value.is_none() {
            self.fault(key, "missing", "add it");
        }
        value
    }

    /// A required text, not blank.
    pub(super) fn text(&self, key: &str) -> String {
        match self.required(key).map(Spanned::get_ref) {
            Some(DeValue::String(text)) if !text.trim().is_empty() => text.clone().into_owned(),
            Some(_) => {
                self.fault(key, "not a text", "write it between quotation marks, not blank");
                String::new()
            }
            None => String::new(),
        }
    }

    /// A required whole number within the bounds.
    pub(super) fn int(&self, key: &str, bounds: RangeInclusive<i64>) -> i64 {
        let Some(value) = self.required(key) else { return *bounds.start() };
        let number = match value.get_ref() {
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix()).ok(),
            _ => None,
        };
        match number {
            Some(number) if bounds.contains(&number) => number,
            _ => {
                let (first, last) = (bounds.start(), bounds.end());
                self.fault(key, "not a whole number in range", format!("use {first} to {last}"));
                *first
            }
        }
    }

    /// A required number within the bounds.
    pub(super) fn real(&self, key: &str, bounds: RangeInclusive<f64>) -> f64 {
        let Some(value) = self.required(key) else { return *bounds.start() };
        let number = match value.get_ref() {
            DeValue::Float(number) => number.as_str().parse().ok(),
            DeValue::Integer(number) => number.as_str().parse().ok(),
            _ => None,
        };
        match number {
            Some(number) if bounds.contains(&number) => number,
            _ => {
                let (first, last) = (bounds.start(), bounds.end());
                self.fault(key, "not a number in range", format!("use {first} to {last}"));
                *first
            }
        }
    }

    /// A yes or no, `false` when absent.
    pub(super) fn flag(&self, key: &str) -> bool {
        match self.value(key).map(Spanned::get_ref) {
            Some(DeValue::Boolean(yes)) => *yes,
            Some(_) => {
                self.fault(key, "not true or false", "write true or false without quotation marks");
                false
            }
            None => false,
        }
    }

    /// A required date, written `"2026-01-01"`.
    pub(super) fn date(&self, key: &str) -> Date {
        let text = self.text(key);
        if text.is_empty() {
            return Date::ZERO;
        }
        text.parse().unwrap_or_else(|_| {
            self.fault(key, "not a date", "write \"YYYY-MM-DD\"");
            Date::ZERO
        })
    }

    /// A required word out of a closed set; `words` lists it for the advice.
    pub(super) fn word<T>(&self, key: &str, parse: impl Fn(&str) -> Option<T>, words: &[&str]) -> Option<T> {
        let text = self.text(key);
        if text.is_empty() {
            return None;
        }
        let word = parse(&text);
        if word.is_none() {
            self.fault(key, "unknown word", format!("use one of: {}", words.join(", ")));
        }
        word
    }

    /// A list of texts, empty when absent.
    pub(super) fn texts(&self, key: &str) -> Vec<String> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let texts = value.get_ref().as_array().and_then(|array| {
            array.iter().map(|item| item.get_ref().as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
        });
        texts.unwrap_or_else(|| {
            self.fault(key, "not a list of texts", "write [\"…\", \"…\"]");
            Vec::new()
        })
    }

    /// A list of words out of a closed set, empty when absent.
    pub(super) fn words<T>(&self, key: &str, parse: impl Fn(&str) -> Option<T>, words: &[&str]) -> Vec<T> {
        let texts = self.texts(key);
        let mut parsed = Vec::with_capacity(texts.len());
        for text in texts {
            match parse(&text) {
                Some(word) => parsed.push(word),
                None => self.fault(key, format!("unknown word {text:?}"), format!("use: {}", words.join(", "))),
            }
        }
        parsed
    }

    /// The tables of `[[key]]`, none when absent.
    pub(super) fn tables(&self, key: &str) -> Vec<Section<'t, 'a>> {
        let Some(value) = self.value(key) else { return Vec::new() };
        let Some(array) = value.get_ref().as_array() else {
            self.fault(key, "not a list of tables", format!("write [[{key}]]"));
            return Vec::new();
        };
        let mut sections = Vec::with_capacity(array.len());
        for (index, item) in array.iter().enumerate() {
            match item.get_ref().as_table() {
                Some(table) => sections.push(Section {
                    source: self.source,
                    path: format!("{}{key}[{}].", self.path, index + 1),
                    offset: item.span().start,
                    table,
                }),
                None => self.fault(key, "not a list of tables", format!("write [[{key}]]")),
            }
        }
        sections
    }

    /// A required table.
    pub(super) fn table(&self, key: &str) -> Option<Section<'t, 'a>> {
        let value = self.required(key)?;
        let section = self.inner(key, value);
        if section.is_none() {
            self.fault(key, "not a table", format!("write [{key}] or {key} = {{ … }}"));
        }
        section
    }

    fn inner(&self, key: &str, value: &'t Spanned<DeValue<'a>>) -> Option<Section<'t, 'a>> {
        let table = value.get_ref().as_table()?;
        let path = format!("{}{key}.", self.path);
        Some(Section { source: self.source, path, offset: value.span().start, table })
    }

    /// Key and table of every entry, for tables whose keys are codes.
    pub(super) fn entries(&self) -> Vec<(&'t str, Section<'t, 'a>)> {
        let mut entries = Vec::with_capacity(self.table.len());
        for (name, value) in self.table {
            let name: &str = name.get_ref();
            match self.inner(name, value) {
                Some(section) => entries.push((name, section)),
                None => self.fault(name, "not a table", "write { … }"),
            }
        }
        entries
    }

    /// The keys, for tables whose keys are codes.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'t str> {
        self.table.keys().map(|name| name.get_ref().as_ref())
    }

    /// Key and text of every entry, for tables that map text to text.
    pub(super) fn pairs(&self) -> Vec<(&'t str, String)> {
        self.table.keys().map(|name| (name.get_ref().as_ref(), self.text(name.get_ref()))).collect()
    }
}

/// The value as a fault shows it: on one line; nothing for tables.
fn shown(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => shortened(text),
        DeValue::Integer(number) => number.to_string(),
        DeValue::Float(number) => number.to_string(),
        DeValue::Boolean(yes) => yes.to_string(),
        DeValue::Datetime(time) => time.to_string(),
        DeValue::Array(items) => {
            let items: Vec<_> = items.iter().map(|item| shown(item.get_ref())).collect();
            shortened(&items.join(", "))
        }
        DeValue::Table(_) => String::new(),
    }
}

fn shortened(text: &str) -> String {
    match text.char_indices().nth(60) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
