//! Messages in the order of time, from a JSONL file.

use super::rows::{each_line, object, text_of};
use anyhow::{Context, bail, ensure};
use muster_core::time::Timestamp;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::path::PathBuf;

/// The file and where a message has its parts.
#[derive(clap::Args, Debug)]
pub(crate) struct Source {
    /// Messages, one JSON object a line
    pub(super) file: PathBuf,
    /// Field with the text
    #[arg(long, default_value = "text")]
    text: String,
    /// Field with the title; may be null
    #[arg(long, default_value = "title")]
    title: String,
    /// Field with the time: 2019-11-15 08:30:00
    #[arg(long, default_value = "time")]
    time: String,
    /// Field that tells people apart; may be null
    #[arg(long, default_value = "user")]
    user: String,
    /// Field with the group of near-duplicates; null where it is in none
    #[arg(long, default_value = "neardup_group")]
    group: String,
    /// Field with the issue it belongs to; null where it is of none
    #[arg(long, default_value = "silver_issue")]
    issue: String,
}

#[derive(Debug)]
pub(crate) struct Message {
    pub(super) line: usize,
    pub(super) at: Timestamp,
    pub(super) by: u64,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) group: Option<String>,
    pub(super) issue: Option<String>,
}

impl Message {
    pub(super) fn same_group(&self, other: &Self) -> bool {
        self.group.is_some() && self.group == other.group
    }

    pub(super) fn same_issue(&self, other: &Self) -> bool {
        self.issue.is_some() && self.issue == other.issue
    }
}

/// All messages, earliest first; of one moment in the order of the file.
pub(crate) fn read(args: &Source) -> anyhow::Result<Vec<Message>> {
    let file = &args.file;
    let mut people = HashMap::new();
    let mut messages = each_line(file, |line, bytes| message(line, bytes, args, &mut people))?;
    ensure!(!messages.is_empty(), "{} has no messages: give one JSON object a line", file.display());
    messages.sort_by_key(|message| message.at);
    Ok(messages)
}

fn message(line: usize, bytes: &[u8], args: &Source, people: &mut HashMap<String, u64>) -> anyhow::Result<Message> {
    let object = object(bytes)?;
    let text = text_of(&object, &args.text)?
        .with_context(|| format!("field `{}` is missing or null: name the text field with --text", args.text))?;
    let time = text_of(&object, &args.time)?
        .with_context(|| format!("field `{}` is missing or null: name the time field with --time", args.time))?;
    let number = people.len() as u64;
    // Who is not named is somebody else each time.
    let by = label(&object, &args.user)?.unwrap_or_else(|| format!("line {line}"));
    Ok(Message {
        line,
        at: at(&time).with_context(|| format!("field `{}`", args.time))?,
        by: *people.entry(by).or_insert(number),
        title: text_of(&object, &args.title)?.unwrap_or_default(),
        text,
        group: label(&object, &args.group)?,
        issue: label(&object, &args.issue)?,
    })
}

/// A word or a number that names something.
fn label(object: &Map<String, Value>, field: &str) -> anyhow::Result<Option<String>> {
    match object.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text.clone())),
        Some(Value::Number(number)) => Ok(Some(number.to_string())),
        Some(other) => bail!("field `{field}` is {other}: a word, a number or null was expected"),
    }
}

fn at(text: &str) -> anyhow::Result<Timestamp> {
    let when: jiff::civil::DateTime = text
        .trim()
        .replace('/', "-")
        .parse()
        .map_err(|_| anyhow::anyhow!("{text:?} is no time: write it as 2019-11-15 08:30:00"))?;
    Ok(Timestamp(jiff::tz::TimeZone::UTC.to_timestamp(when)?.as_microsecond()))
}
