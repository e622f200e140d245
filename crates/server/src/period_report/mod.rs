//! Reports of a period in words and pictures: one document of a frozen snapshot, drawn as page, paper and workbook.
//!
//! Nothing here reads the database, the clock or chance: the same snapshot in the same language is the same bytes.

mod package;
mod page;
mod paper;
mod parts;
mod words;
mod workbook;

pub use package::{PACKAGE_FILES, package_file};
pub use page::{Bar, Bars, bars, page};
pub use words::{period_words, title};

use muster_core::evaluate::snapshot::{Edition, Snapshot};
use muster_core::pack::{Name, Pack};
use muster_print::Paper;
use muster_store::period_report::PeriodReportRow;

use crate::error::{Error, Result};
use crate::i18n::{Lang, Text};
use crate::pages::when;

/// A report as it is read, from its title to its last note.
#[derive(Clone, Debug, Default)]
pub struct Document {
    pub lang: Lang,
    pub title: String,
    pub issuer: String,
    /// When it was written: year, month, day.
    pub day: (i32, u8, u8),
    pub facts: Vec<(String, String)>,
    /// What stands out, in sentences.
    pub summary: Vec<String>,
    pub parts: Vec<Part>,
    pub notes: Vec<String>,
}

/// A part under a heading of its own.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// The name of its section in the page.
    pub code: &'static str,
    pub heading: String,
    pub aside: String,
    pub lines: Vec<Line>,
    pub chart: Option<Chart>,
    pub table: Option<Table>,
    /// In a workbook instead of the table: longer or wider than a page can be.
    pub sheet: Option<Table>,
}

/// A sentence, with where its number is opened.
#[derive(Clone, Debug, Default)]
pub struct Line {
    pub text: String,
    pub href: Option<String>,
}

#[derive(Clone, Debug, Default)]
pub struct Chart {
    /// Of the periods beside each other: one or two.
    pub names: Vec<String>,
    pub points: Vec<Point>,
    /// Months stand side by side; areas and classes lie below each other.
    pub is_upright: bool,
}

/// As many values as the chart has names; what is not shown is none.
#[derive(Clone, Debug, Default)]
pub struct Point {
    pub label: String,
    pub values: Vec<Option<i64>>,
}

#[derive(Clone, Debug, Default)]
pub struct Table {
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<Cell>>,
    /// Whether the last row sums up the others.
    pub sums: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Column {
    pub name: String,
    pub is_number: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Cell {
    pub text: String,
    pub number: Number,
    pub small: bool,
    pub href: Option<String>,
    /// Both sides of a ratio: word, count, and where its cases are.
    pub sides: Vec<(String, i64, Option<String>)>,
}

/// What a workbook reckons with.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Number {
    #[default]
    None,
    Count(i64),
    /// A share of one.
    Share(f64),
}

impl Cell {
    fn text(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }
}

/// Where numbers are opened: the address of the server, empty on its own pages; none where nothing is opened.
#[derive(Clone, Debug, Default)]
pub struct Links(pub Option<String>);

/// The document of a report in one language.
pub fn document(pack: &Pack, row: &PeriodReportRow, snapshot: &Snapshot, lang: Lang, links: &Links) -> Document {
    let text = Text { lang };
    let written = pack.calendar.local_date(row.written_at);
    let fact = |key: &str, words: String| (text.get(key).into_owned(), words);
    let (first, last) = (snapshot.period.first(), snapshot.period.last());
    let mut facts = vec![
        fact("period-report-area", name_in(lang, &snapshot.area_name)),
        fact("period-report-period", format!("{} ({first} – {last})", period_words(text, snapshot.period))),
        fact("period-report-written", when(pack, lang, row.written_at).text),
        fact("period-report-edition", text.label("edition", snapshot.edition.as_str()).into_owned()),
        fact("period-report-id", row.id.to_string()),
        fact("period-report-hash", row.hash.clone()),
    ];
    if let Some(day) = snapshot.until {
        facts.push(fact("period-report-until", crate::paper::dated(day)));
    }
    let links = if snapshot.edition == Edition::Open { &Links(None) } else { links };
    Document {
        lang,
        title: title(text, snapshot),
        issuer: name_in(lang, &pack.root_area_name),
        day: (i32::from(written.year()), written.month() as u8, written.day() as u8),
        facts,
        summary: words::summary(text, snapshot),
        parts: parts::parts(text, snapshot, links),
        notes: words::notes(text, snapshot),
    }
}

/// The paper of a document, to be set by the press.
pub fn paper_of(document: &Document) -> Paper {
    paper::paper(document)
}

/// The workbook of a document.
pub fn workbook_of(document: &Document) -> Result<Vec<u8>> {
    workbook::workbook(document).map_err(|error| Error::internal(&error))
}

pub(crate) fn name_in(lang: Lang, name: &Name) -> String {
    match lang {
        Lang::En if !name.en.is_empty() => name.en.clone(),
        _ => name.zh.clone(),
    }
}
