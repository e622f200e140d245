//! `muster sense judge`.

use super::{rows, shipped};
use muster_core::sense::{Gazetteer, judge};
use serde_json::json;
use std::io::{BufRead, BufWriter, Write};
use std::path::PathBuf;

#[derive(clap::Args, Debug)]
pub(crate) struct Args {
    /// Field with the text
    #[arg(long, default_value = "text")]
    text: String,
    /// Field with the title
    #[arg(long, default_value = "title")]
    title: String,
    /// Model file [default: the built-in model]
    #[arg(long)]
    model: Option<PathBuf>,
    /// The pack's sense.toml [default: the built-in pack's]
    #[arg(long)]
    rules: Option<PathBuf>,
}

pub(crate) fn run(args: &Args) -> anyhow::Result<()> {
    let model = shipped::model(args.model.as_deref())?;
    let rules = shipped::rules(args.rules.as_deref())?;
    let known = Gazetteer::default();
    let mut input = std::io::stdin().lock();
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut line = Vec::new();
    for number in 1u64.. {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        if line.trim_ascii().is_empty() {
            continue;
        }
        match message(&line, args) {
            Ok((title, text)) => serde_json::to_writer(&mut out, &judge(&model, &rules, &known, &title, &text))?,
            Err(fault) => serde_json::to_writer(&mut out, &json!({ "line": number, "error": format!("{fault:#}") }))?,
        }
        out.write_all(b"\n")?;
    }
    Ok(out.flush()?)
}

fn message(line: &[u8], args: &Args) -> anyhow::Result<(String, String)> {
    let object = rows::object(line)?;
    let title = rows::title_of(&object, &args.title)?;
    match rows::text_of(&object, &args.text)? {
        Some(text) => Ok((title, text)),
        None if !title.is_empty() => Ok((title, String::new())),
        None => anyhow::bail!("field `{}` is missing or null, and so is the title: nothing to judge", args.text),
    }
}
