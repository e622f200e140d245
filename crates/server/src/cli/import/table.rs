//! Rows of a file, one at a time: JSONL or CSV, plain or gzip, told apart by name and content.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fs::File;
use std::io::{Cursor, Read};
use std::path::Path;

use anyhow::{Context, bail, ensure};
use flate2::read::MultiGzDecoder;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::Value;

use super::records::{self, Broken, Record, Records, Shape};
use super::rejects::Fault;

/// Rows read ahead to learn which columns a JSONL file has.
const AHEAD: usize = 100;

/// Values by column, as they stand in the file; those of CSV are all text.
pub(in crate::cli) type Columns = BTreeMap<String, Value>;

/// One row, or why there is none.
#[derive(Debug)]
pub(in crate::cli) struct Row {
    pub(in crate::cli) line: u64,
    pub(in crate::cli) columns: Result<Columns, (Fault, String)>,
}

pub(in crate::cli) struct Table {
    /// File name without `.gz`; `stdin` for standard input.
    pub(in crate::cli) name: String,
    /// Every column of CSV; of JSONL those of the first rows.
    pub(in crate::cli) columns: Vec<String>,
    records: Records<Box<dyn Read>>,
    shape: Shape,
    ahead: VecDeque<Row>,
    /// Met while looking ahead; said when the rows before it are given out.
    failed: Option<anyhow::Error>,
}

impl Table {
    /// Opens a file, or standard input for `-`. `bar` follows the bytes read.
    pub(in crate::cli) fn open(path: &Path, bar: &ProgressBar) -> anyhow::Result<Self> {
        if path == Path::new("-") {
            return Self::read("stdin", Box::new(std::io::stdin()));
        }
        let file = File::open(path).with_context(|| format!("cannot read {}", path.display()))?;
        let size = file.metadata().with_context(|| format!("cannot read {}", path.display()))?;
        ensure!(!size.is_dir(), "{} is a folder; name a file in it", path.display());
        bar.inc_length(size.len());
        bar.set_style(ProgressStyle::with_template("{bar:30} {percent:>3} % {msg} {elapsed}")?);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Self::read(&name, Box::new(bar.wrap_read(file)))
    }

    /// Reads from `input`; `name` tells the form where it can.
    pub(in crate::cli) fn read(name: &str, mut input: Box<dyn Read>) -> anyhow::Result<Self> {
        let mut head = Vec::new();
        input.by_ref().take(2).read_to_end(&mut head).with_context(|| format!("cannot read {name}"))?;
        let packed = head == [0x1f, 0x8b];
        let whole = Cursor::new(head).chain(input);
        let input: Box<dyn Read> = if packed { Box::new(MultiGzDecoder::new(whole)) } else { Box::new(whole) };
        let name = name.strip_suffix(".gz").unwrap_or(name).to_owned();
        let mut records = Records::new(input);
        let shape = shape(&name, &mut records).with_context(|| format!("cannot read {name}"))?;
        let mut table = Self { name, columns: Vec::new(), records, shape, ahead: VecDeque::new(), failed: None };
        match shape {
            Shape::Csv { .. } => table.read_header()?,
            Shape::Lines => table.look_ahead(),
        }
        Ok(table)
    }

    fn read_header(&mut self) -> anyhow::Result<()> {
        let header = self.records.next(self.shape).with_context(|| format!("cannot read {}", self.name))?;
        let Some(header) = header else { return Ok(()) };
        let Ok(fields) = self.fields(&header) else {
            bail!(
                "{}: the first line, which names the columns, is not UTF-8 text; save the file as UTF-8 \
                 (in a spreadsheet: \"CSV UTF-8\")",
                self.name
            );
        };
        ensure!(
            header.broken.is_none(),
            "{}: the first line, which names the columns, has a quote that is not closed, or is too long",
            self.name
        );
        self.columns = fields.into_iter().map(|field| field.trim().to_owned()).collect();
        Ok(())
    }

    fn look_ahead(&mut self) {
        let mut known = BTreeSet::new();
        while self.ahead.len() < AHEAD {
            match self.read_row() {
                Ok(Some(row)) => {
                    known.extend(row.columns.iter().flat_map(BTreeMap::keys).cloned());
                    self.ahead.push_back(row);
                }
                Ok(None) => break,
                Err(error) => {
                    self.failed = Some(error);
                    break;
                }
            }
        }
        self.columns = known.into_iter().collect();
    }

    /// The next row; `None` at the end.
    ///
    /// # Errors
    /// The stream cannot be read on: the disk, or a damaged gzip file.
    pub(in crate::cli) fn next(&mut self) -> anyhow::Result<Option<Row>> {
        match (self.ahead.pop_front(), self.failed.take()) {
            (Some(row), failed) => {
                self.failed = failed;
                Ok(Some(row))
            }
            (None, Some(error)) => Err(error),
            (None, None) => self.read_row(),
        }
    }

    fn read_row(&mut self) -> anyhow::Result<Option<Row>> {
        let record = self.records.next(self.shape);
        let record = record.with_context(|| format!("{} cannot be read to its end", self.name))?;
        Ok(record.map(|record| {
            let columns = match (record.broken, self.shape) {
                (Some(Broken::TooLong), _) => Err(Fault::row(
                    "row-long",
                    "the row is longer than a mebibyte; only its beginning is repeated here",
                )),
                (Some(Broken::OpenQuote), _) => Err(Fault::row(
                    "quote-open",
                    "a quote opens here and is not closed; double the quotes inside a field",
                )),
                (None, Shape::Lines) => object(&record.bytes),
                (None, Shape::Csv { .. }) => self.record(&record),
            };
            let columns = columns.map_err(|fault| (fault, String::from_utf8_lossy(&record.bytes).into_owned()));
            Row { line: record.line, columns }
        }))
    }

    fn record(&self, record: &Record) -> Result<Columns, Fault> {
        let fields = self.fields(record).map_err(|place| {
            let column = self.columns.get(place).map_or("", String::as_str);
            Fault::new(column, "utf8-invalid", "not UTF-8 text; save the file as UTF-8")
        })?;
        let (found, expected) = (fields.len(), self.columns.len());
        if found != expected {
            let reason = format!("{found} columns where the first line names {expected}; put quotes around commas");
            return Err(Fault::row("columns-wrong", reason));
        }
        Ok(self.columns.iter().cloned().zip(fields.into_iter().map(Value::String)).collect())
    }

    /// The fields of a CSV record, or the place of the first that is not UTF-8.
    fn fields(&self, record: &Record) -> Result<Vec<String>, usize> {
        let Shape::Csv { delimiter } = self.shape else { return Ok(Vec::new()) };
        let fields = records::fields(&record.bytes, delimiter).into_iter().enumerate();
        fields.map(|(place, field)| String::from_utf8(field).map_err(|_| place)).collect()
    }
}

fn object(line: &[u8]) -> Result<Columns, Fault> {
    let line = std::str::from_utf8(line).map_err(|fault| {
        let place = fault.valid_up_to() + 1;
        Fault::row("utf8-invalid", format!("byte {place} of the line is not UTF-8 text"))
    })?;
    serde_json::from_str(line).map_err(|fault| {
        let reason = format!("not a JSON object: {fault}; write one object a line");
        Fault::row("json-invalid", reason)
    })
}

/// JSONL or CSV: by the ending of the name, else by the first character.
fn shape(name: &str, records: &mut Records<Box<dyn Read>>) -> anyhow::Result<Shape> {
    let head = records.peek(4)?;
    ensure!(
        !head.starts_with(b"\xff\xfe") && !head.starts_with(b"\xfe\xff"),
        "it is UTF-16 text; save it as UTF-8 (in a spreadsheet: \"CSV UTF-8\")"
    );
    records.skip_mark()?;
    let ending = Path::new(name).extension().unwrap_or_default().to_ascii_lowercase();
    let head = records.peek(1 << 12)?;
    let first = head.iter().find(|byte| !byte.is_ascii_whitespace());
    let lines = match ending.to_str() {
        Some("jsonl" | "ndjson" | "json") => true,
        Some("csv" | "tsv") => false,
        _ => first == Some(&b'{'),
    };
    ensure!(
        !(lines && first == Some(&b'[')),
        "it is one JSON array; write one object a line (jq -c '.[]' {name} > rows.jsonl)"
    );
    Ok(if lines { Shape::Lines } else { Shape::Csv { delimiter: delimiter(head) } })
}

/// The most frequent of comma, tab and semicolon in the first line; a comma when there is none.
fn delimiter(head: &[u8]) -> u8 {
    let first = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let count = |delimiter: u8| first.split(|byte| *byte == delimiter).count();
    // The last of equals wins.
    [b';', b'\t', b','].into_iter().max_by_key(|delimiter| count(*delimiter)).unwrap_or(b',')
}
