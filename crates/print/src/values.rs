//! The paper as the template reads it.

use typst::foundations::{Array, Dict, IntoValue, Value};

use crate::{Bars, Paper, Section, Table};

/// Letters, digits and marks that may follow each other without a place to break the line.
const RUN_MOST: usize = 20;
/// From here on a line may end after any sign.
const IDEOGRAPHS: char = '\u{2e80}';
/// Shows as nothing and lets a line end.
const BREAK: char = '\u{200b}';

impl Paper {
    pub(crate) fn value(&self) -> Value {
        let (year, month, day) = self.date;
        dict([
            ("lang", text(&self.lang)),
            ("title", text(&self.title)),
            ("issuer", text(&self.issuer)),
            ("date", array([i64::from(year).into_value(), i64::from(month).into_value(), i64::from(day).into_value()])),
            ("facts", pairs(&self.facts)),
            ("sections", array(self.sections.iter().map(Section::value))),
            ("signatures", array(self.signatures.iter().map(|line| text(line)))),
            ("note", text(&self.note)),
            ("pages", array(self.page_words.iter().map(|word| word.as_str().into_value()))),
        ])
    }
}

impl Section {
    fn value(&self) -> Value {
        dict([
            ("heading", text(&self.heading)),
            ("mark", text(&self.mark)),
            ("aside", text(&self.aside)),
            ("lines", pairs(&self.lines)),
            ("said", array(self.said.iter().map(|said| text(said)))),
            ("chart", self.chart.as_ref().map_or(Value::None, Bars::value)),
            ("table", self.table.as_ref().map_or(Value::None, Table::value)),
        ])
    }
}

impl Bars {
    fn value(&self) -> Value {
        let one = |(length, shown): &(u16, String)| array([i64::from(*length).into_value(), text(shown)]);
        dict([
            ("names", array(self.names.iter().map(|name| text(name)))),
            ("bars", array(self.bars.iter().map(|bar| array([text(&bar.label), array(bar.values.iter().map(one))])))),
        ])
    }
}

impl Table {
    fn value(&self) -> Value {
        let width = self.columns.len();
        let cell = |row: &[String], place: usize| text(row.get(place).map_or("", String::as_str));
        dict([
            ("names", array(self.columns.iter().map(|column| text(&column.name)))),
            ("amounts", array(self.columns.iter().map(|column| column.amount.into_value()))),
            ("rows", array(self.rows.iter().map(|row| array((0..width).map(|place| cell(row, place)))))),
            ("sums", self.sums.into_value()),
            ("even", self.even.into_value()),
        ])
    }
}

fn pairs(pairs: &[(String, String)]) -> Value {
    array(pairs.iter().map(|(label, words)| array([text(label), text(words)])))
}

fn dict<const N: usize>(members: [(&str, Value); N]) -> Value {
    members.into_iter().map(|(name, value)| (name.into(), value)).collect::<Dict>().into_value()
}

fn array(items: impl IntoIterator<Item = Value>) -> Value {
    items.into_iter().collect::<Array>().into_value()
}

/// A text as it was written, with places to break in what would run over the edge, and without what has no glyph.
fn text(words: &str) -> Value {
    let mut shown = String::with_capacity(words.len());
    let mut run = 0;
    for c in words.chars().filter(|c| *c == '\n' || !c.is_control()) {
        run = if c.is_whitespace() || c >= IDEOGRAPHS { 0 } else { run + 1 };
        if run > RUN_MOST {
            shown.push(BREAK);
            run = 1;
        }
        shown.push(c);
    }
    shown.into_value()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_can_be_broken_and_a_word_cannot() {
        assert_eq!(text("word 词 https://a.b"), "word 词 https://a.b".into_value());
        let long = "x".repeat(41);
        let (x20, x) = ("x".repeat(20), "x");
        assert_eq!(text(&long), format!("{x20}\u{200b}{x20}\u{200b}{x}").into_value());
        assert_eq!(text("a\u{0}b\nc\r"), "ab\nc".into_value());
    }
}
