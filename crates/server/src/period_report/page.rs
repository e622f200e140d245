//! A report as a page that stands by itself, and the geometry of its lying bars.

use askama::Template;

use super::{Chart, Document, Part};
use crate::error::{Error, Result};
use crate::i18n::Text;
use crate::view::chart::{Chart as Columns, Point};

/// A page without a server: its styles are in it.
#[derive(Template)]
#[template(path = "evaluate/period_report_file.html")]
struct FilePage<'a> {
    shell: Text,
    document: &'a Document,
    styles: &'a str,
}

/// The document as one HTML file.
pub fn page(document: &Document) -> Result<String> {
    let styles = crate::assets::get("muster.css").map(|(bytes, ..)| String::from_utf8_lossy(bytes)).unwrap_or_default();
    let page = FilePage { shell: Text { lang: document.lang }, document, styles: &styles };
    page.render().map_err(|error| Error::internal(&error))
}

/// Bars below each other in a drawing as wide as [`WIDTH`].
#[derive(Clone, Debug)]
pub struct Bars {
    pub height: u32,
    pub bars: Vec<Bar>,
}

/// One bar with its number; the label stands beside the first of its point.
#[derive(Clone, Debug)]
pub struct Bar {
    pub label: Option<String>,
    pub y: u32,
    pub width: u32,
    pub shown: String,
    /// Of the period before, in a lighter colour.
    pub is_then: bool,
}

const ROOM: u32 = 440;
const BAR: u32 = 16;
const GAP: u32 = 10;

/// Lays the points of a lying chart below each other.
pub fn bars(chart: &Chart) -> Bars {
    let most = chart.points.iter().flat_map(|point| &point.values).filter_map(|value| *value).max().unwrap_or(0).max(1);
    let mut bars = Vec::new();
    let mut y = 0;
    for point in &chart.points {
        for (place, value) in point.values.iter().enumerate() {
            bars.push(Bar {
                label: (place == 0).then(|| short(&point.label)),
                y,
                width: (value.unwrap_or(0).max(0) * i64::from(ROOM) / most) as u32,
                shown: value.map_or(super::words::HIDDEN.to_owned(), |value| value.to_string()),
                is_then: place > 0,
            });
            y += BAR;
        }
        y += GAP;
    }
    Bars { height: y, bars }
}

/// As much of a name as the room beside the bars holds; the table has all of it.
fn short(name: &str) -> String {
    let mut room = 26_usize;
    let mut short = String::new();
    for c in name.chars() {
        let takes = if c >= '\u{2e80}' { 2 } else { 1 };
        if room < takes {
            return short + "…";
        }
        room -= takes;
        short.push(c);
    }
    short
}

impl Part {
    /// The upright columns of a part, for a template.
    pub fn columns(&self) -> Option<Columns> {
        let chart = self.chart.as_ref().filter(|chart| chart.is_upright)?;
        let point = |point: &super::Point| {
            let value = point.values.first().copied().flatten();
            Point {
                label: point.label.clone(),
                value: value.map(|value| value as f64),
                shown: value.map_or(super::words::HIDDEN.to_owned(), |value| value.to_string()),
            }
        };
        Some(Columns::new(&chart.points.iter().map(point).collect::<Vec<_>>(), ""))
    }

    /// The lying bars of a part, for a template.
    pub fn lying(&self) -> Option<Bars> {
        self.chart.as_ref().filter(|chart| !chart.is_upright && !chart.points.is_empty()).map(bars)
    }
}
