//! Reports of a period as rows: the content as it was written, one move at a time, and what a scope may list.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use muster_core::area::AreaId;
use muster_core::people::Scope;
use muster_core::time::Timestamp;
use muster_store::people::{Area, areas_put};
use muster_store::period_report::{
    PeriodReportRow, period_report_content, period_report_get, period_report_insert, period_report_move,
    period_reports, period_reports_of, period_reports_published,
};
use muster_store::{Db, both};
use uuid::Uuid;

fn area(id: i64) -> AreaId {
    AreaId::new(id).unwrap()
}

fn row(id: u128, of: i64) -> PeriodReportRow {
    PeriodReportRow {
        id: Uuid::from_u128(id),
        area: area(of),
        period: "2011Q3".parse().unwrap(),
        hash: "00".to_owned(),
        state: "draft".to_owned(),
        written_by: None,
        written_at: Timestamp(id as i64),
        approved_by: None,
        approved_at: None,
        published_by: None,
        published_at: None,
        ended_by: None,
        ended_at: None,
        reason: None,
        superseded_by: None,
    }
}

const CITY: i64 = 900_100_000_000_000;
const COUNTY: i64 = 900_102_000_000_000;

both!(a_report_moves_once_and_keeps_its_words, |db: Db| async move {
    let mut tx = db.write().await.unwrap();
    let place = |id| Area { id: area(id), parent: None, name: id.to_string() };
    areas_put(&mut tx, &[place(CITY), place(COUNTY)]).await.unwrap();
    let content = "{\"b\": 1,  \"a\":\"汉\"}";
    for new in [row(1, CITY), row(2, COUNTY), row(3, CITY)] {
        period_report_insert(&mut tx, &new, content).await.unwrap();
    }
    assert_eq!(period_report_content(&mut tx, Uuid::from_u128(1)).await.unwrap(), content, "byte for byte");
    assert_eq!(period_report_get(&mut tx, Uuid::from_u128(2)).await.unwrap(), Some(row(2, COUNTY)));

    let published = PeriodReportRow { state: "published".to_owned(), published_at: Some(9), ..row(1, CITY) };
    period_report_move(&mut tx, "draft", &published).await.unwrap();
    let again = period_report_move(&mut tx, "draft", &published).await;
    assert!(matches!(again, Err(muster_store::Error::Conflict(_))), "{again:?}");
    let ids = |rows: Vec<PeriodReportRow>| rows.into_iter().map(|row| row.id.as_u128()).collect::<Vec<_>>();
    assert_eq!(ids(period_reports_published(&mut tx, 10).await.unwrap()), [1]);
    let of = period_reports_of(&mut tx, area(CITY), "2011Q3".parse().unwrap()).await.unwrap();
    assert_eq!(ids(of), [3, 1], "the newest first");
    let scope = Scope { areas: vec![area(COUNTY).range()], units: Vec::new() };
    assert_eq!(ids(period_reports(&mut tx, &scope, 10).await.unwrap()), [2]);
    tx.commit().await.unwrap();
});
