//! Golden figures: a published weekly bulletin of urban management (郑州, 8 to 14 April 2019, two tables) out of events.

use muster_core::area::AreaId;
use muster_core::evaluate::Measure;
use muster_core::id::CaseId;
use muster_core::intake::{Channel, Draft};
use muster_core::people::Actor;
use muster_core::time::Timestamp;
use muster_server::jobs;
use muster_server::usecase::figures::{Ask, By, Part, Totals, dashboard_view, figures_compare};
use muster_server::usecase::report_submit::report_submit;
use muster_store::evaluate::{DeltaRow, deltas_insert};
use muster_store::process::case_by_code;
use uuid::Uuid;

use crate::app::{App, doors};
use crate::doctor::actor;

/// What each table counts. What was due and not closed in time is the rest of what was due.
const TABLES: [(&str, [(Measure, i64); 8]); 2] = [
    (
        "900102001000000",
        [
            (Measure::Received, 51_571),
            (Measure::Opened, 51_229),
            (Measure::Dispatched, 49_151),
            (Measure::Closed, 43_523),
            (Measure::PromiseKept, 40_394),
            (Measure::PromiseBroken, 52_434 - 40_394),
            (Measure::Reopened, 276),
            (Measure::Extended, 104),
        ],
    ),
    (
        "900102002000000",
        [
            (Measure::Received, 16_754),
            (Measure::Opened, 16_570),
            (Measure::Dispatched, 14_673),
            (Measure::Closed, 10_225),
            (Measure::PromiseKept, 8_765),
            (Measure::PromiseBroken, 18_086 - 8_765),
            (Measure::Reopened, 274),
            (Measure::Extended, 101),
        ],
    ),
];
const PRINTED: [[&str; 6]; 2] =
    [["99.34", "95.94", "83.01", "77.04", "0.53", "0.20"], ["98.90", "88.55", "56.54", "48.46", "1.51", "0.56"]];
const RATIOS: [&str; 6] = ["filing", "dispatching", "closing", "closing_on_time", "rework", "extension"];

/// One event after another over the days of the week and both communities, each by one; in the first table, whose events
/// are many, by a hundred where that many are left.
fn events(case: CaseId, table: usize, first: u128) -> Vec<DeltaRow> {
    let area: i64 = TABLES[table].0.parse().unwrap();
    let mut rows = Vec::new();
    for (measure, count) in TABLES[table].1 {
        let mut left = count;
        while left > 0 {
            let n = rows.len();
            let amount = if table == 0 { left.min(100) } else { 1 };
            left -= amount;
            rows.push(DeltaRow {
                id: Uuid::from_u128(first + n as u128),
                case_id: case,
                at: Timestamp(1_554_681_600_000_000 + n as i64),
                day: 20_190_408 + n as i64 % 7,
                area: AreaId::new(area + 1_000 * (1 + n as i64 % 2)).unwrap(),
                unit: None,
                class: ["01", "05"][n % 2].to_owned(),
                measure,
                amount,
                folded: false,
            });
        }
    }
    rows
}

fn ratios(app: &App, totals: &Totals) -> Vec<String> {
    let percent = |code: &&str| totals.ratio(app.state.pack.indicators.get(code).unwrap()).percent().unwrap();
    RATIOS.iter().map(|code| format!("{:.2}", percent(code))).collect()
}

doors!(the_twelve_published_ratios_come_out_of_events, async |app: &App| {
    let draft =
        Draft {
            area: Some("900102001001".parse().unwrap()), text: "路灯坏了好几天".to_owned(), ..Draft::default()
        };
    let receipt = report_submit(&app.state, &Actor::Anonymous, Channel::Web, &draft, None).await.unwrap();
    let mut tx = app.state.db.write().await.unwrap();
    let case = case_by_code(&mut tx, &receipt.code.parse().unwrap()).await.unwrap().unwrap().id;
    for table in 0..2 {
        deltas_insert(&mut tx, &events(case, table, 1 << (100 + table))).await.unwrap();
    }
    tx.commit().await.unwrap();
    let leader = actor(app, "leader").await;
    let ask = |area: &str| Ask { area: Some(area.parse().unwrap()), days: (20_190_408, 20_190_414), ..Ask::default() };
    for folded in [false, true] {
        if folded {
            jobs::settle(&app.state).await.unwrap();
        }
        for (table, printed) in TABLES.iter().zip(PRINTED) {
            let figures = dashboard_view(&app.state, &leader, &ask(table.0)).await.unwrap();
            assert_eq!(ratios(app, &figures.totals), printed, "{}, folded: {folded}", table.0);
        }
        let compared = figures_compare(&app.state, &leader, &ask("900102000000000"), By::Area).await.unwrap();
        for (table, printed) in TABLES.iter().zip(PRINTED) {
            let part = Part::Area(table.0.parse().unwrap());
            let (_, totals) = compared.parts.iter().find(|(line, _)| *line == part).unwrap();
            assert_eq!(ratios(app, totals), printed, "beside each other, folded: {folded}");
        }
    }
    let due = dashboard_view(&app.state, &leader, &ask(TABLES[0].0)).await.unwrap().totals;
    let due = due.sum(&[Measure::PromiseKept, Measure::PromiseBroken]);
    assert!(due > TABLES[0].1[1].1, "what is due holds cases opened before");
});
