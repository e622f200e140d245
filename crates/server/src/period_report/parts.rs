//! The parts of a report: what stands in each table and chart.

use muster_core::evaluate::exceptions::About;
use muster_core::evaluate::snapshot::{Edition, Left, Line as Counted, Listed, Side, Snapshot, Value};

use super::words::{HIDDEN, NOTHING, change, comparisons, exception, indicator_name, is_counted, shown};
use super::{Cell, Chart, Column, Line, Links, Number, Part, Point, Table, name_in};
use crate::i18n::Text;

/// Classes named of each area.
const LARGEST: usize = 3;

/// What every part is made of.
struct Make<'a> {
    text: Text,
    snapshot: &'a Snapshot,
    links: &'a Links,
}

pub(super) fn parts(text: Text, snapshot: &Snapshot, links: &Links) -> Vec<Part> {
    let make = Make { text, snapshot, links };
    let full = snapshot.edition == Edition::Full;
    let mut parts = vec![make.whole(), make.months()];
    parts.extend(full.then(|| make.exceptions()));
    parts.extend((!snapshot.areas.is_empty()).then(|| make.lines("areas", &snapshot.areas, "area")));
    parts.push(make.lines("classes", &snapshot.classes, "category"));
    parts.extend((!snapshot.areas.is_empty()).then(|| make.grid()));
    parts.push(make.shares("channels", &snapshot.channels));
    parts.push(make.shares("kinds", &snapshot.kinds));
    parts.extend(full.then(|| make.cases()));
    parts.push(make.formulas());
    parts
}

impl Make<'_> {
    fn part(&self, code: &'static str) -> Part {
        Part { code, heading: self.text.label("report-part", code).into_owned(), ..Part::default() }
    }

    fn column(&self, key: &str, is_number: bool) -> Column {
        Column { name: self.text.get(key).into_owned(), is_number }
    }

    fn against(&self, code: &str) -> Column {
        Column { name: self.text.label("against", code).into_owned(), is_number: true }
    }

    /// The address of the cases, narrowed to one area or class.
    fn href(&self, indicator: &str, side: &str, narrow: &[(&str, &str)]) -> Option<String> {
        let base = self.links.0.as_ref()?;
        let period = format!("{}..{}", self.snapshot.period.first(), self.snapshot.period.last());
        let area = self.snapshot.area.to_string();
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if !narrow.iter().any(|(name, _)| *name == "area") {
            query.append_pair("area", &area);
        }
        query.extend_pairs(narrow).append_pair("period", &period);
        if !side.is_empty() {
            query.append_pair("side", side);
        }
        Some(format!("{base}/dashboard/{indicator}?{}", query.finish()))
    }

    /// A number with its sides and where they are opened.
    fn cell(&self, place: usize, value: Option<Value>, narrow: Option<&[(&str, &str)]>) -> Cell {
        let Some(one) = self.snapshot.indicators.get(place) else { return Cell::default() };
        let text = shown(value, one.is_ratio);
        let Some(ratio) = value.and_then(Value::ratio) else { return Cell::text(text) };
        let open = |side: &str, n: i64| narrow.filter(|_| n > 0).and_then(|narrow| self.href(&one.code, side, narrow));
        if !one.is_ratio {
            let href = open("", ratio.numerator);
            return Cell { text, number: Number::Count(ratio.numerator), href, ..Cell::default() };
        }
        let Some(percent) = ratio.percent() else { return Cell::text(text) };
        let side = |code: &str, n: i64| (self.text.label("side", code).into_owned(), n, open(code, n));
        Cell {
            text,
            number: Number::Share(percent / 100.0),
            small: ratio.is_small(),
            href: None,
            sides: vec![side("numerator", ratio.numerator), side("denominator", ratio.denominator)],
        }
    }

    fn whole(&self) -> Part {
        let comparisons = comparisons(self.snapshot);
        let aims = self.snapshot.indicators.iter().any(|one| one.target.is_some());
        let mut columns = vec![self.column("figure-name", false), self.column("period-report-now", true)];
        columns.extend(aims.then(|| self.column("period-report-target", true)));
        for (against, _) in &comparisons {
            columns.extend([self.against(against), self.column("period-report-change", true)]);
        }
        let row = |(place, one): (usize, &muster_core::evaluate::snapshot::Shown)| {
            let at = |values: &[Value]| values.get(place).copied();
            let now = at(&self.snapshot.whole.now);
            let mut cells = vec![Cell::text(indicator_name(self.text, one)), self.cell(place, now, Some(&[]))];
            cells.extend(aims.then(|| {
                Cell::text(one.target.map_or(NOTHING.to_owned(), |tenths| format!("{}.{}%", tenths / 10, tenths % 10)))
            }));
            for (_, values) in &comparisons {
                let then = at(values(&self.snapshot.whole));
                cells.push(self.cell(place, then, None));
                cells.push(Cell::text(change(self.text, now, then, one.is_ratio)));
            }
            cells
        };
        let rows = self.snapshot.indicators.iter().enumerate().map(row).collect();
        Part { table: Some(Table { columns, rows, sums: false }), ..self.part("whole") }
    }

    fn months(&self) -> Part {
        let counted = |(_, count): &&(i64, Option<i64>)| *count == Some(0);
        let months: Vec<_> = self.snapshot.months.iter().skip_while(counted).collect();
        let label = |month: i64| format!("{}-{:02}", month / 100, month % 100);
        let name = self.snapshot.indicators.first().map(|one| indicator_name(self.text, one)).unwrap_or_default();
        let points = months.iter().map(|(month, count)| Point { label: label(*month), values: vec![*count] });
        let row = |(month, count): &&(i64, Option<i64>)| vec![Cell::text(label(*month)), counted_cell(*count)];
        let columns = vec![self.column("figure-period", false), Column { name: name.clone(), is_number: true }];
        Part {
            chart: Some(Chart { names: vec![name], points: points.collect(), is_upright: true }),
            table: Some(Table { columns, rows: months.iter().map(row).collect(), sums: false }),
            ..self.part("months")
        }
    }

    /// Areas, or classes: what came in and how it stands to before, and the indicators.
    fn lines(&self, code: &'static str, lines: &[Counted], narrow: &str) -> Part {
        let comparisons = comparisons(self.snapshot);
        let comparisons: Vec<_> =
            comparisons.into_iter().filter(|(_, values)| lines.iter().any(|line| !values(line).is_empty())).collect();
        let Some(first) = self.snapshot.indicators.first() else { return Part::default() };
        let ratios: Vec<usize> =
            (1..self.snapshot.indicators.len()).filter(|place| is_counted(self.snapshot, *place)).collect();
        let number = |name: String| Column { name, is_number: true };
        let mut columns = vec![self.column("figure-name", false), number(indicator_name(self.text, first))];
        for (against, _) in &comparisons {
            columns.push(number(self.text.label("than", against).into_owned()));
        }
        columns.extend(ratios.iter().map(|at| number(indicator_name(self.text, &self.snapshot.indicators[*at]))));
        let shown: Vec<&Counted> = lines.iter().filter(|line| !is_empty(line)).collect();
        let row = |line: &&Counted| {
            // What stands at an area itself has no address of its own on the dashboard's cards.
            let at = [(narrow, line.key.as_str()), ("own", "1")];
            let narrow = if line.is_own { &at[..] } else { &at[..1] };
            let at = |values: &[Value], place: usize| values.get(place).copied();
            let mut cells = vec![Cell::text(self.name(line)), self.cell(0, at(&line.now, 0), Some(narrow))];
            for (_, values) in &comparisons {
                cells.push(Cell::text(change(self.text, at(&line.now, 0), at(values(line), 0), false)));
            }
            cells.extend(ratios.iter().map(|place| self.cell(*place, at(&line.now, *place), Some(narrow))));
            cells
        };
        let rows = shown.iter().map(row).collect();
        Part {
            chart: Some(self.chart(&shown)),
            table: Some(Table { columns, rows, sums: false }),
            aside: self.text.get("period-report-order").into_owned(),
            ..self.part(code)
        }
    }

    fn name(&self, line: &Counted) -> String {
        let name = name_in(self.text.lang, &line.name);
        if line.is_own { self.text.with("compare-own", "name", name) } else { name }
    }

    /// What came in, beside the same of a year before or, where there is none, of the period before.
    fn chart(&self, lines: &[&Counted]) -> Chart {
        let found = comparisons(self.snapshot);
        let then = found.last().filter(|(_, values)| lines.iter().any(|line| !values(line).is_empty()));
        let mut names = vec![self.text.get("period-report-now").into_owned()];
        names.extend(then.map(|(against, _)| self.text.label("against", against).into_owned()));
        let point = |line: &&Counted| {
            let count = |values: &[Value]| values.first().and_then(|value| value.over);
            let mut values = vec![count(&line.now)];
            values.extend(then.map(|(_, then)| count(then(line))));
            Point { label: self.name(line), values }
        };
        Chart { names, points: lines.iter().map(point).collect(), is_upright: false }
    }

    /// What came in by area and class: the largest of each area on a page, all of it in a workbook.
    fn grid(&self) -> Part {
        let classes: Vec<String> =
            self.snapshot.classes.iter().map(|class| name_in(self.text.lang, &class.name)).collect();
        let lines = self.snapshot.areas.iter().zip(&self.snapshot.grid).filter(|(line, _)| !is_empty(line));
        let (mut rows, mut wide) = (Vec::new(), Vec::new());
        for (line, counts) in lines {
            let mut order: Vec<(i64, usize)> =
                counts.iter().enumerate().filter_map(|(place, count)| Some(((*count)?, place))).collect();
            order.retain(|(count, _)| *count > 0);
            order.sort_by_key(|(count, place)| (std::cmp::Reverse(*count), *place));
            let mut cells = vec![Cell::text(self.name(line))];
            let named = order.iter().take(LARGEST).map(|(count, place)| format!("{}\u{a0}{count}", classes[*place]));
            cells.extend(named.map(Cell::text));
            cells.resize(LARGEST + 1, Cell::text(NOTHING));
            rows.push(cells);
            let counts = counts.iter().map(|count| counted_cell(*count));
            wide.push(std::iter::once(Cell::text(self.name(line))).chain(counts).collect());
        }
        let area = self.column("inbox-area", false);
        let place = |n: usize| Column { name: self.text.count("period-report-largest", n), is_number: false };
        let number = |name: String| Column { name, is_number: true };
        let columns = std::iter::once(area.clone()).chain((1..=LARGEST).map(place)).collect();
        Part {
            table: Some(Table { columns, rows, sums: false }),
            sheet: Some(Table {
                columns: std::iter::once(area).chain(classes.iter().cloned().map(number)).collect(),
                rows: wide,
                sums: false,
            }),
            ..self.part("grid")
        }
    }

    /// What came in by channel or kind, and what share that is.
    fn shares(&self, code: &'static str, lines: &[Counted]) -> Part {
        let count = |values: &[Value]| values.first().and_then(|value| value.over);
        let total: i64 = lines.iter().filter_map(|line| count(&line.now)).sum();
        let whole = lines.iter().all(|line| count(&line.now).is_some()) && total > 0;
        let comparisons: Vec<_> = comparisons(self.snapshot)
            .into_iter()
            .filter(|(_, values)| lines.iter().any(|line| !values(line).is_empty()))
            .collect();
        let row = |line: &Counted| {
            let now = count(&line.now);
            let share = now.filter(|_| whole).map(|now| now as f64 / total as f64);
            let mut cells = vec![Cell::text(name_in(self.text.lang, &line.name)), counted_cell(now)];
            cells.push(share.map_or(Cell::text(NOTHING), |share| Cell {
                text: format!("{:.1}%", 100.0 * share),
                number: Number::Share(share),
                ..Cell::default()
            }));
            cells.extend(comparisons.iter().map(|(_, values)| match values(line).first() {
                Some(then) => counted_cell(then.over),
                None => Cell::text(NOTHING),
            }));
            cells
        };
        let mut columns = vec![
            self.column("figure-name", false),
            self.column("period-report-now", true),
            self.column("period-report-share", true),
        ];
        columns.extend(comparisons.iter().map(|(against, _)| self.against(against)));
        Part { table: Some(Table { columns, rows: lines.iter().map(row).collect(), sums: false }), ..self.part(code) }
    }

    fn exceptions(&self) -> Part {
        let line = |found: &muster_core::evaluate::exceptions::Exception| {
            let narrow = if found.about == About::Area { "area" } else { "category" };
            let is_ratio = self.snapshot.indicator(&found.indicator).is_some_and(|shown| shown.is_ratio);
            let at = [(narrow, found.key.as_str()), ("own", "1")];
            let narrow = if found.is_own { &at[..] } else { &at[..1] };
            Line {
                text: exception(self.text, self.snapshot, found),
                href: self.href(&found.indicator, if is_ratio { "rest" } else { "" }, narrow),
            }
        };
        let mut lines: Vec<Line> = self.snapshot.exceptions.iter().map(line).collect();
        if lines.is_empty() {
            lines.push(Line { text: self.text.get("period-exceptions-none").into_owned(), href: None });
        }
        let left = self.snapshot.exceptions_left;
        lines.extend((left > 0).then(|| Line { text: self.text.count("period-exceptions-left", left), href: None }));
        Part { lines, aside: self.text.get("period-exceptions-how").into_owned(), ..self.part("exceptions") }
    }

    /// How many cases each side has, and on a sheet of their own the codes of those that were taken along.
    fn cases(&self) -> Part {
        let name =
            |code: &str| self.snapshot.indicator(code).map(|one| indicator_name(self.text, one)).unwrap_or_default();
        let side = |indicator: &str, side: Side| {
            let is_ratio = self.snapshot.indicator(indicator).is_some_and(|shown| shown.is_ratio);
            let code = if is_ratio { side.as_str() } else { "denominator" };
            self.text.label("side", code).into_owned()
        };
        let left = |left: &Left| {
            let href = self.href(&left.indicator, left.side.as_str(), &[]).filter(|_| left.of > 0);
            let of = Cell { href, ..counted_cell(Some(left.of as i64)) };
            let listed = counted_cell(Some(left.listed as i64));
            let out = counted_cell(Some((left.of - left.listed) as i64));
            vec![Cell::text(name(&left.indicator)), Cell::text(side(&left.indicator, left.side)), of, listed, out]
        };
        let class = |code: &str| {
            let known = self.snapshot.classes.iter().find(|class| class.key == code);
            known.map_or_else(|| code.to_owned(), |class| name_in(self.text.lang, &class.name))
        };
        let listed = |row: &Listed| {
            let words = [name(&row.indicator), side(&row.indicator, row.side), row.code.clone()];
            let rest = [crate::paper::dated(row.day), row.area.clone(), class(&row.class), row.unit.clone()];
            words.into_iter().chain(rest).map(Cell::text).collect()
        };
        let words = |keys: &[&str]| keys.iter().map(|key| self.column(key, false)).collect::<Vec<_>>();
        let mut columns = words(&["figure-name", "period-report-side"]);
        let numbers = ["period-report-counted", "period-report-listed", "period-report-left"];
        columns.extend(numbers.map(|key| self.column(key, true)));
        let counted = self.snapshot.cases_left.iter().filter(|left| left.of > 0);
        Part {
            aside: self.text.get("period-report-cases-note").into_owned(),
            table: Some(Table { columns, rows: counted.map(left).collect(), sums: false }),
            sheet: Some(Table {
                columns: words(&[
                    "figure-name",
                    "period-report-side",
                    "field-code",
                    "period-report-day",
                    "inbox-area",
                    "triage-category",
                    "inbox-unit",
                ]),
                rows: self.snapshot.cases.iter().map(listed).collect(),
                sums: false,
            }),
            ..self.part("cases")
        }
    }

    fn formulas(&self) -> Part {
        let row = |one: &muster_core::evaluate::snapshot::Shown| {
            [indicator_name(self.text, one), name_in(self.text.lang, &one.formula)].map(Cell::text).into()
        };
        let columns = vec![self.column("figure-name", false), self.column("figure-how", false)];
        let rows = self.snapshot.indicators.iter().map(row).collect();
        Part { table: Some(Table { columns, rows, sums: false }), ..self.part("formulas") }
    }
}

/// Whether nothing was counted of a line, now or before.
fn is_empty(line: &Counted) -> bool {
    let none = |values: &[Value]| values.iter().all(|value| *value == Value::count(0));
    none(&line.now) && none(&line.before) && none(&line.year_before)
}

fn counted_cell(count: Option<i64>) -> Cell {
    match count {
        Some(count) => Cell { text: count.to_string(), number: Number::Count(count), ..Cell::default() },
        None => Cell::text(HIDDEN),
    }
}
