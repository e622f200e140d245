//! A report as a paper.

use muster_print::{Bar, Bars, Column, Paper, Section, Table};

use super::words::HIDDEN;
use super::{Cell, Chart, Document, Part};
use crate::i18n::Text;

pub(super) fn paper(document: &Document) -> Paper {
    let text = Text { lang: document.lang };
    Paper {
        lang: document.lang.tag().to_owned(),
        title: document.title.clone(),
        issuer: document.issuer.clone(),
        date: document.day,
        facts: document.facts.clone(),
        sections: std::iter::once(Section {
            heading: text.get("period-report-summary").into_owned(),
            said: document.summary.clone(),
            ..Section::default()
        })
        .chain(document.parts.iter().map(|part| section(text, part)))
        .collect(),
        signatures: Vec::new(),
        note: document.notes.join("\n"),
        page_words: crate::paper::page_words(text),
    }
}

fn section(text: Text, part: &Part) -> Section {
    let table = part.table.as_ref().map(|table| Table {
        columns: table.columns.iter().map(|c| Column { name: c.name.clone(), amount: c.is_number }).collect(),
        rows: table.rows.iter().map(|row| row.iter().map(|cell| words(text, cell)).collect()).collect(),
        sums: table.sums,
        even: table.columns.iter().filter(|column| column.is_number).count() > 4,
    });
    let chart = part.chart.as_ref().map(bars);
    Section {
        heading: part.heading.clone(),
        aside: part.aside.clone(),
        said: part.lines.iter().map(|line| line.text.clone()).collect(),
        // A picture of the months has its numbers in it.
        table: table.filter(|_| !part.chart.as_ref().is_some_and(|chart| chart.is_upright)),
        chart,
        ..Section::default()
    }
}

/// The value, a mark where it is of few, and both sides below it.
fn words(text: Text, cell: &Cell) -> String {
    let small = if cell.small { text.get("figure-small-mark") } else { "".into() };
    match cell.sides.as_slice() {
        // A line may end after the stroke.
        [(_, over, _), (_, under, _)] => format!("{}{small}\n{over}/\u{200b}{under}", cell.text),
        _ => cell.text.clone(),
    }
}

const THOUSANDTHS: i64 = 1_000;

fn bars(chart: &Chart) -> Bars {
    let most = chart.points.iter().flat_map(|point| &point.values).filter_map(|value| *value).max().unwrap_or(0).max(1);
    let length = |value: Option<i64>| (value.unwrap_or(0) * THOUSANDTHS / most) as u16;
    let shown = |value: Option<i64>| value.map_or(HIDDEN.to_owned(), |value| value.to_string());
    Bars {
        names: if chart.names.len() > 1 { chart.names.clone() } else { Vec::new() },
        bars: chart
            .points
            .iter()
            .map(|point| Bar {
                label: point.label.clone(),
                values: point.values.iter().map(|value| (length(*value), shown(*value))).collect(),
            })
            .collect(),
    }
}
