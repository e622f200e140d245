//! The open data of a published report: tables as CSV, and a datapackage.json with their dictionary (Table Schema).

use muster_core::evaluate::open::K;
use muster_core::evaluate::snapshot::{Line, Snapshot, Value};
use muster_store::period_report::PeriodReportRow;
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};

use super::title;
use crate::i18n::{Lang, Text};
use crate::secret::hex;

/// In the order of the package; the description is the first.
pub const PACKAGE_FILES: [&str; 4] = ["datapackage.json", "received.csv", "indicators.csv", "months.csv"];

/// One file of the package of an open edition.
pub fn package_file(row: &PeriodReportRow, open: &Snapshot, name: &str) -> Option<Vec<u8>> {
    match name {
        "datapackage.json" => Some(description(row, open).into_bytes()),
        "received.csv" => Some(received(open)),
        "indicators.csv" => Some(indicators(open)),
        "months.csv" => Some(months(open)),
        _ => None,
    }
}

/// Stands for all classes.
const ALL: &str = "all";

fn received(open: &Snapshot) -> Vec<u8> {
    let mut table = Csv::new(&["area_code", "own", "area", "class_code", "class", "received", "suppressed"]);
    let count = |values: &[Value]| values.first().and_then(|value| value.over);
    let mut line = |area: &Line, class: (&str, &str), n: Option<i64>| {
        table.row(&[&area.key, flag(area.is_own), &area.name.zh, class.0, class.1, &number(n), flag(n.is_none())]);
    };
    let every = (ALL, ALL);
    line(&open.whole, every, count(&open.whole.now));
    for class in &open.classes {
        line(&open.whole, (&class.key, &class.name.zh), count(&class.now));
    }
    for (area, counts) in open.areas.iter().zip(&open.grid) {
        line(area, every, count(&area.now));
        for (class, n) in open.classes.iter().zip(counts) {
            line(area, (&class.key, &class.name.zh), *n);
        }
    }
    table.bytes()
}

fn indicators(open: &Snapshot) -> Vec<u8> {
    let mut table = Csv::new(&["part", "code", "own", "name", "indicator", "met", "counted", "suppressed"]);
    let whole = std::slice::from_ref(&open.whole);
    for (part, lines) in [("whole", whole), ("area", &open.areas[..]), ("class", &open.classes[..])] {
        for line in lines {
            for (value, one) in line.now.iter().zip(&open.indicators).filter(|(_, one)| one.is_ratio) {
                let (met, counted) = (number(value.over), number(value.under));
                let hidden = flag(value.is_hidden());
                table.row(&[part, &line.key, flag(line.is_own), &line.name.zh, &one.code, &met, &counted, hidden]);
            }
        }
    }
    table.bytes()
}

fn months(open: &Snapshot) -> Vec<u8> {
    let mut table = Csv::new(&["month", "received", "suppressed"]);
    for (month, count) in &open.months {
        let month = format!("{}-{:02}", month / 100, month % 100);
        table.row(&[&month, &number(*count), flag(count.is_none())]);
    }
    table.bytes()
}

fn number(n: Option<i64>) -> String {
    n.map(|n| n.to_string()).unwrap_or_default()
}

fn flag(yes: bool) -> &'static str {
    if yes { "true" } else { "false" }
}

struct Csv(String);

impl Csv {
    fn new(head: &[&str]) -> Self {
        let mut csv = Self(String::new());
        csv.row(head);
        csv
    }

    fn row(&mut self, cells: &[&str]) {
        let quoted = |cell: &&str| {
            let needs = cell.contains([',', '"', '\n', '\r']);
            if needs { format!("\"{}\"", cell.replace('"', "\"\"")) } else { (*cell).to_owned() }
        };
        self.0 += &cells.iter().map(quoted).collect::<Vec<_>>().join(",");
        self.0.push_str("\r\n");
    }

    fn bytes(self) -> Vec<u8> {
        self.0.into_bytes()
    }
}

fn description(row: &PeriodReportRow, open: &Snapshot) -> String {
    let [zh, en] = [Lang::Zh, Lang::En].map(|lang| title(Text { lang }, open));
    let hidden = format!(
        "Counts from 1 to {} are not published, nor what they could be computed from; such cells are empty and marked as \
         suppressed. Zero is published.",
        K - 1
    );
    let codes: Vec<&str> = open.indicators.iter().filter(|one| one.is_ratio).map(|one| one.code.as_str()).collect();
    let formulas: Vec<String> =
        open.indicators.iter().map(|one| format!("{} ({}): {}", one.name.en, one.code, one.formula.en)).collect();
    let package = json!({
        "profile": "tabular-data-package",
        "name": format!("muster-report-{}-{}", open.area, open.period.to_string().to_lowercase()),
        "id": row.id,
        "title": en,
        "description": format!("{zh}\n\n{hidden}\n\n{}", formulas.join("\n")),
        "created": jiff::Timestamp::from_microsecond(row.written_at.0).map(|at| at.to_string()).unwrap_or_default(),
        "keywords": ["12345", open.period.to_string()],
        "resources": [
            resource("received", "What came in, by area and large class, with the sums of each", &received(open), &received_schema()),
            resource("indicators", "Both sides of every indicator, of the whole, by area and by large class", &indicators(open), &indicators_schema(&codes)),
            resource("months", "What came in, by month, from a year before the period on", &months(open), &months_schema()),
        ],
    });
    format!("{package:#}\n")
}

fn resource(name: &str, title: &str, bytes: &[u8], schema: &Json) -> Json {
    json!({
        "name": name,
        "path": format!("{name}.csv"),
        "profile": "tabular-data-resource",
        "title": title,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "bytes": bytes.len(),
        "hash": format!("sha256:{}", hex(&Sha256::digest(bytes))),
        "schema": schema,
    })
}

fn field(name: &str, kind: &str, description: &str) -> Json {
    json!({ "name": name, "type": kind, "description": description })
}

fn required(mut field: Json) -> Json {
    field["constraints"]["required"] = true.into();
    field
}

fn count(name: &str, description: &str) -> Json {
    let mut field = field(name, "integer", description);
    field["constraints"]["minimum"] = 0.into();
    field
}

fn suppressed() -> Json {
    required(field(
        "suppressed",
        "boolean",
        "Whether a number of this row is not published because it, or one that follows from it, is small (未公布)",
    ))
}

fn own() -> Json {
    required(field(
        "own",
        "boolean",
        "Whether this is what stands at the area itself and at none below it (本级，未细分)",
    ))
}

fn received_schema() -> Json {
    json!({
        "fields": [
            required(field("area_code", "string", "Code of the area, 15 digits (区域编码)")),
            own(),
            field("area", "string", "Name of the area (区域)"),
            required(field("class_code", "string", "Code of the large class, or `all` (分类编码)")),
            field("class", "string", "Name of the class (分类)"),
            count("received", "Reports that came in (收到诉求)"),
            suppressed(),
        ],
        "primaryKey": ["area_code", "own", "class_code"],
        "missingValues": [""],
    })
}

fn indicators_schema(codes: &[&str]) -> Json {
    let mut part = required(field("part", "string", "What the row is about (部分)"));
    part["constraints"]["enum"] = json!(["whole", "area", "class"]);
    let mut indicator = required(field(
        "indicator",
        "string",
        "Code of the indicator; the formulas stand in the description of the package (指标)",
    ));
    indicator["constraints"]["enum"] = json!(codes);
    json!({
        "fields": [
            part,
            required(field("code", "string", "Code of the area or the large class (编码)")),
            own(),
            field("name", "string", "Name of the area or class (名称)"),
            indicator,
            count("met", "Above the line of the indicator (达到)"),
            count("counted", "Below the line of the indicator (全部计入)"),
            suppressed(),
        ],
        "primaryKey": ["part", "code", "own", "indicator"],
        "missingValues": [""],
    })
}

fn months_schema() -> Json {
    json!({
        "fields": [
            required(field("month", "yearmonth", "Month of the calendar (月份)")),
            count("received", "Reports that came in (收到诉求)"),
            suppressed(),
        ],
        "primaryKey": "month",
        "missingValues": [""],
    })
}
