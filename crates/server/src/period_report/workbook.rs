//! A report as a workbook: a sheet a part, numbers as numbers, charts that the office program draws itself.

use rust_xlsxwriter::{
    Chart as Drawn, ChartType, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
    XlsxError,
};

use super::{Chart, Column, Document, Number, Part, Table};
use crate::i18n::Text;

/// A face that office programs have for Chinese; they put another in its place where they have not.
const FACE: &str = "Microsoft YaHei";
/// Letters of a column, at least and at most.
const WIDTHS: (usize, usize) = (8, 60);
/// The least size of a chart, and what each point adds to its length.
const CHART: (u32, u32, u32) = (640, 320, 24);

struct Formats {
    title: Format,
    head: Format,
    text: Format,
    count: Format,
    share: Format,
    /// Of a change, a dash or a mark in a column of numbers.
    sign: Format,
    sum: Format,
}

impl Formats {
    fn new() -> Self {
        let base = || Format::new().set_font_name(FACE).set_font_size(10);
        let cell = || base().set_align(FormatAlign::Top);
        Self {
            title: base().set_bold().set_font_size(14),
            head: base().set_bold().set_border_bottom(FormatBorder::Thin).set_text_wrap().set_align(FormatAlign::Top),
            text: cell().set_text_wrap(),
            count: cell().set_num_format("0"),
            share: cell().set_num_format("0.0%"),
            sign: cell().set_align(FormatAlign::Right),
            sum: cell().set_bold(),
        }
    }
}

pub(super) fn workbook(document: &Document) -> Result<Vec<u8>, XlsxError> {
    let text = Text { lang: document.lang };
    let formats = Formats::new();
    let mut workbook = Workbook::new();
    let (year, month, day) = document.day;
    // Otherwise the program would write the moment at which it draws.
    let written = ExcelDateTime::from_ymd(year as u16, month, day)?;
    let about = DocProperties::new().set_title(&document.title).set_author(&document.issuer);
    workbook.set_properties(&about.set_creation_datetime(&written));
    front(workbook.add_worksheet(), text, document, &formats)?;
    for part in &document.parts {
        sheet(workbook.add_worksheet(), part, &part.heading, part.table.as_ref(), &formats)?;
        if let Some(long) = &part.sheet {
            let name = text.label("report-sheet", part.code);
            sheet(workbook.add_worksheet(), &Part::default(), &name, Some(long), &formats)?;
        }
    }
    workbook.save_to_buffer()
}

/// What it is, what stands out, and how to read it.
fn front(sheet: &mut Worksheet, text: Text, document: &Document, formats: &Formats) -> Result<(), XlsxError> {
    sheet.set_name(named(&text.get("period-report-summary")))?;
    sheet
        .set_column_width(0, 18)?
        .set_column_width(1, 90)?
        .set_landscape()
        .set_paper_size(9)
        .set_print_fit_to_pages(1, 0);
    sheet.write_string_with_format(0, 0, &document.title, &formats.title)?;
    let mut row = 2;
    for (label, words) in &document.facts {
        sheet.write_string_with_format(row, 0, label, &formats.sum)?;
        sheet.write_string_with_format(row, 1, words, &formats.text)?;
        row += 1;
    }
    row += 1;
    for sentence in document.summary.iter().chain(&document.notes) {
        sheet.write_string_with_format(row, 1, sentence, &formats.text)?;
        row += 1;
    }
    Ok(())
}

fn sheet(
    sheet: &mut Worksheet,
    part: &Part,
    name: &str,
    table: Option<&Table>,
    formats: &Formats,
) -> Result<(), XlsxError> {
    let name = named(name);
    sheet.set_name(&name)?.set_landscape().set_paper_size(9).set_print_fit_to_pages(1, 0);
    let mut row = 0;
    for line in std::iter::once(&part.aside).chain(part.lines.iter().map(|line| &line.text)) {
        if !line.is_empty() {
            sheet.write_string_with_format(row, 0, line, &formats.count)?;
            row += 1;
        }
    }
    let mut width = 0;
    if let Some(table) = table {
        width = fill(sheet, table, row, formats)?;
        if row == 0 {
            sheet.set_freeze_panes(1, 1)?.set_repeat_rows(0, 0)?;
        }
    }
    if let Some(chart) = &part.chart {
        let drawn = drawn(chart, &name, (row, width + 2), sheet, formats)?;
        sheet.insert_chart(row, width + 6, &drawn)?;
    }
    Ok(())
}

/// Writes a table from a row on; returns how many columns it takes. Both sides of a ratio have columns of their own.
fn fill(sheet: &mut Worksheet, table: &Table, top: u32, formats: &Formats) -> Result<u16, XlsxError> {
    let mut at = 0;
    for (place, column) in table.columns.iter().enumerate() {
        let sides = table.rows.iter().filter_map(|row| row.get(place)).find(|cell| !cell.sides.is_empty());
        sheet.write_string_with_format(top, at, &column.name, &formats.head)?;
        sheet.set_column_width(at, width(table, place, column))?;
        let heads = sides.map(|cell| cell.sides.iter().map(|(word, ..)| word.clone()).collect::<Vec<_>>());
        let heads = heads.unwrap_or_default();
        for (head, next) in heads.iter().zip(at + 1..) {
            sheet.write_string_with_format(top, next, format!("{}: {head}", column.name), &formats.head)?;
            sheet.set_column_width(next, 10)?;
        }
        for (row, cells) in (top + 1..).zip(&table.rows) {
            let Some(cell) = cells.get(place) else { continue };
            match cell.number {
                Number::Count(count) => sheet.write_number_with_format(row, at, count as f64, &formats.count)?,
                Number::Share(share) => sheet.write_number_with_format(row, at, share, &formats.share)?,
                Number::None if column.is_number => {
                    sheet.write_string_with_format(row, at, &cell.text, &formats.sign)?
                }
                Number::None => sheet.write_string_with_format(row, at, &cell.text, &formats.text)?,
            };
            for ((_, count, _), next) in cell.sides.iter().zip(at + 1..) {
                sheet.write_number_with_format(row, next, *count as f64, &formats.count)?;
            }
        }
        at += 1 + heads.len() as u16;
    }
    Ok(at)
}

/// Letters a column needs; one of Chinese takes the room of two.
fn width(table: &Table, place: usize, column: &Column) -> f64 {
    let room = |text: &str| text.chars().map(|c| if c >= '\u{2e80}' { 2 } else { 1 }).sum::<usize>();
    let cells = table.rows.iter().filter_map(|row| row.get(place)).map(|cell| room(&cell.text));
    let head = if column.is_number { room(&column.name) / 2 } else { room(&column.name) };
    (cells.max().unwrap_or(0).max(head) + 2).clamp(WIDTHS.0, WIDTHS.1) as f64
}

/// Names of sheets are short, and some signs cannot stand in them.
fn named(name: &str) -> String {
    name.chars().filter(|c| !r"[]:*?/\".contains(*c)).take(31).collect()
}

/// A chart draws cells: its numbers stand beside the table, in columns of their own.
fn drawn(
    chart: &Chart,
    name: &str,
    (top, left): (u32, u16),
    sheet: &mut Worksheet,
    formats: &Formats,
) -> Result<Drawn, XlsxError> {
    for (place, series) in (left + 1..).zip(&chart.names) {
        sheet.write_string_with_format(top, place, series, &formats.head)?;
    }
    for (row, point) in (top + 1..).zip(&chart.points) {
        sheet.write_string_with_format(row, left, &point.label, &formats.count)?;
        for (place, value) in (left + 1..).zip(&point.values) {
            if let Some(value) = value {
                sheet.write_number_with_format(row, place, *value as f64, &formats.count)?;
            }
        }
    }
    let mut drawn = Drawn::new(if chart.is_upright { ChartType::Column } else { ChartType::Bar });
    let last = top + chart.points.len() as u32;
    for place in 0..chart.names.len() as u16 {
        let at = left + 1 + place;
        drawn.add_series().set_name((name, top, at)).set_categories((name, top + 1, left, last, left)).set_values((
            name,
            top + 1,
            at,
            last,
            at,
        ));
    }
    let (wide, tall, each) = CHART;
    let points = chart.points.len() as u32;
    if chart.is_upright {
        drawn.y_axis().set_min(0);
        drawn.set_width(wide.max(points * each * 2)).set_height(tall);
    } else {
        // The first lies on top, as in the table.
        drawn.y_axis().set_reverse();
        drawn.x_axis().set_min(0);
        drawn.set_width(wide).set_height(tall.max(points * each * chart.names.len() as u32));
    }
    if chart.names.len() == 1 {
        drawn.legend().set_hidden();
    }
    drawn.title().set_name(name);
    drawn.set_alt_text(name);
    Ok(drawn)
}
