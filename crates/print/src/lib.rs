//! Papers: a typed document becomes the bytes of a tagged PDF.
//!
//! Whatever people wrote goes to the typesetter as values, never as markup. No clock, no network, and no file but the
//! fonts: the same paper with the same fonts is the same bytes.

mod fonts;
#[cfg(test)]
mod tests;
mod values;
mod world;

use std::path::Path;

use typst::foundations::Smart;
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use crate::fonts::Fonts;
use crate::world::Desk;

/// A document on A4: a title, facts, sections, and lines to sign.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paper {
    /// BCP 47: `zh-CN` or `en`.
    pub lang: String,
    pub title: String,
    /// Who issues it; on the top of every page.
    pub issuer: String,
    /// Year, month and day, for the description of the file.
    pub date: (i32, u8, u8),
    /// Label and text.
    pub facts: Vec<(String, String)>,
    pub sections: Vec<Section>,
    /// A line each, to be signed.
    pub signatures: Vec<String>,
    /// Below the signatures, such as how the paper was made.
    pub note: String,
    /// Before, between and after the two numbers of a page: `第 `, ` 页，共 `, ` 页`.
    pub page_words: [String; 3],
}

/// A part of a paper under a heading of its own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    pub heading: String,
    /// Stands on the top of every page the section is on, such as the code of a case; may be empty.
    pub mark: String,
    /// In small type under the heading.
    pub aside: String,
    /// Label and text, one below the other.
    pub lines: Vec<(String, String)>,
    /// Sentences, each with a mark before it.
    pub said: Vec<String>,
    pub chart: Option<Bars>,
    pub table: Option<Table>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub columns: Vec<Column>,
    /// As many cells each as there are columns.
    pub rows: Vec<Vec<String>>,
    /// Whether the last row sums up the others.
    pub sums: bool,
    /// Columns of numbers share the room evenly, so that long names of them leave some for the words.
    pub even: bool,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Column {
    pub name: String,
    /// Amounts are set to the right and take only the room they need.
    pub amount: bool,
}

/// Bars below each other, with their numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bars {
    /// What the first and the second bar of each label are; empty where there is one.
    pub names: Vec<String>,
    pub bars: Vec<Bar>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bar {
    pub label: String,
    /// Length in thousandths of the longest, and the number as written.
    pub values: Vec<(u16, String)>,
}

/// Characters of one paper, at most: what a meeting of a day says, several times over.
pub const CHARACTERS_MOST: usize = 400_000;

#[derive(Debug, thiserror::Error)]
pub enum PrintError {
    #[error(
        "no Chinese font for papers in {folder}; install the Debian package fonts-noto-cjk, or set `fonts` to a folder with \
         Noto Serif CJK or Noto Sans CJK"
    )]
    NoFont { folder: String },
    #[error("the fonts in {folder} cannot be read: {cause}")]
    Unreadable { folder: String, cause: std::io::Error },
    #[error("the paper has {0} characters; at most {CHARACTERS_MOST} are printed")]
    TooLong(usize),
    #[error("the paper cannot be set: {0}")]
    Set(String),
}

/// Sets papers with the fonts of one folder, which it keeps in memory.
#[derive(Debug)]
pub struct Printer {
    fonts: Fonts,
}

impl Printer {
    /// Reads the fonts of a folder and of those in it.
    ///
    /// # Errors
    /// The folder cannot be read, or none of its fonts can set Chinese.
    pub fn open(folder: &Path) -> Result<Self, PrintError> {
        Fonts::read(folder).map(|fonts| Self { fonts })
    }

    /// The paper as a PDF. Takes the processor for as long as it lasts.
    ///
    /// # Errors
    /// The paper is too long, or the typesetter refuses it.
    pub fn print(&self, paper: &Paper) -> Result<Vec<u8>, PrintError> {
        let length = paper.characters();
        if length > CHARACTERS_MOST {
            return Err(PrintError::TooLong(length));
        }
        let desk = Desk::new(&self.fonts, paper);
        let set = typst::compile::<PagedDocument>(&desk).output.map_err(|faults| said(&faults));
        let options = PdfOptions { creator: Smart::Custom(Some("Muster".to_owned())), ..PdfOptions::default() };
        let printed = set.and_then(|document| typst_pdf::pdf(&document, &options).map_err(|faults| said(&faults)));
        // What it remembers of this paper would be kept for ever.
        typst::comemo::evict(0);
        printed
    }
}

fn said(faults: &[typst::diag::SourceDiagnostic]) -> PrintError {
    PrintError::Set(faults.iter().map(|fault| fault.message.to_string()).collect::<Vec<_>>().join("; "))
}

impl Paper {
    fn characters(&self) -> usize {
        let pairs = |pairs: &[(String, String)]| -> usize { pairs.iter().map(|(a, b)| count(a) + count(b)).sum() };
        let table = |table: &Table| -> usize { table.rows.iter().flatten().map(|cell| count(cell)).sum() };
        let bars = |bars: &Bars| -> usize { bars.bars.iter().map(|bar| count(&bar.label)).sum() };
        let section = |section: &Section| {
            count(&section.heading)
                + count(&section.aside)
                + pairs(&section.lines)
                + section.said.iter().map(|said| count(said)).sum::<usize>()
                + section.chart.as_ref().map_or(0, bars)
                + section.table.as_ref().map_or(0, table)
        };
        count(&self.title) + pairs(&self.facts) + self.sections.iter().map(section).sum::<usize>()
    }
}

fn count(text: &str) -> usize {
    text.chars().count()
}
