//! Practices on both databases: who sees which, who was faster, and what the record says.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use muster_core::area::AreaId;
use muster_core::evaluate::{Effect, PracticeState};
use muster_core::people::Scope;
use muster_core::time::Timestamp;
use muster_store::people::{Area, areas_put};
use muster_store::practice::{
    PracticeFilter, PracticeRow, PracticeVersionRow, practice_get, practice_insert, practice_measured, practice_seen,
    practice_update, practice_versions, practices, practices_after, practices_to_measure, practices_total,
};
use muster_store::{Db, Error, both};
use uuid::Uuid;

const NOW: Timestamp = Timestamp(1_790_000_000_000_000);

fn area(code: &str) -> AreaId {
    code.parse().unwrap()
}

async fn city(db: &Db) {
    let mut tx = db.write().await.unwrap();
    let areas: Vec<Area> = ["90", "9001", "900102", "900103"]
        .iter()
        .map(|code| Area { id: area(code), parent: area(code).parent().map(AreaId::get), name: (*code).to_owned() })
        .collect();
    areas_put(&mut tx, &areas).await.unwrap();
    tx.commit().await.unwrap();
}

fn practice(n: u128, place: &str, state: PracticeState) -> PracticeRow {
    PracticeRow {
        id: Uuid::from_u128(n),
        area: area(place),
        level: area(place).level().code().to_owned(),
        category: "010201".into(),
        title: format!("错时清运{n}"),
        matter: "桶满外溢".into(),
        measures: "早晚两清，漏运当天补，100%".into(),
        limits: String::new(),
        case_id: None,
        unit_id: None,
        worked_at: None,
        state,
        public: false,
        proposed_at: NOW.plus(n as i64),
        proposed_by: None,
        decided_at: None,
        decided_by: None,
        reason: None,
        changed_at: NOW.plus(n as i64),
        version: 1,
    }
}

fn version(row: &PracticeRow) -> PracticeVersionRow {
    PracticeVersionRow {
        practice_id: row.id,
        version: row.version,
        at: row.changed_at,
        account_id: None,
        act: "edited".into(),
        area: row.area,
        category: row.category.clone(),
        title: row.title.clone(),
        matter: row.matter.clone(),
        measures: row.measures.clone(),
        limits: row.limits.clone(),
        reason: None,
    }
}

both!(what_is_not_accepted_is_seen_within_reach_only, |db: Db| async move {
    city(&db).await;
    let mut tx = db.write().await.unwrap();
    for (n, place, state) in [
        (1, "900102", PracticeState::Accepted),
        (2, "900102", PracticeState::Proposed),
        (3, "900103", PracticeState::Proposed),
        (4, "9001", PracticeState::Retired),
    ] {
        let row = practice(n, place, state);
        practice_insert(&mut tx, &row, &version(&row)).await.unwrap();
    }
    tx.commit().await.unwrap();
    let mut tx = db.read().await.unwrap();
    let within = |code: &str| Some(Scope { areas: vec![area(code).range()], units: Vec::new() });
    for (scope, seen) in [(None, vec![1]), (within("900102"), vec![2, 1]), (within("9001"), vec![4, 3, 2, 1])] {
        let filter = PracticeFilter { scope, limit: 10, ..PracticeFilter::default() };
        let rows = practices(&mut tx, &filter).await.unwrap();
        assert_eq!(rows.iter().map(|shown| shown.row.id.as_u128()).collect::<Vec<_>>(), seen);
        assert_eq!(practices_total(&mut tx, &filter).await.unwrap(), seen.len() as i64);
    }
    for (text, found) in [("清运1", 1), ("早晚 漏运", 1), ("早晚 电梯", 0), ("100%", 1), ("10_%", 0)] {
        let filter = PracticeFilter { text: text.into(), limit: 10, ..PracticeFilter::default() };
        assert_eq!(practices(&mut tx, &filter).await.unwrap().len(), found, "{text}");
    }
    let first = PracticeFilter { scope: within("9001"), limit: 2, ..PracticeFilter::default() };
    let page = practices(&mut tx, &first).await.unwrap();
    let after = page.last().map(|last| (last.row.proposed_at, last.row.id));
    let rest = practices(&mut tx, &PracticeFilter { after, ..first }).await.unwrap();
    assert_eq!(rest.iter().map(|shown| shown.row.id.as_u128()).collect::<Vec<_>>(), [2, 1]);
    let changed = practices_after(&mut tx, (NOW.plus(2), Uuid::from_u128(2)), 10).await.unwrap();
    assert_eq!(changed.iter().map(|row| row.id.as_u128()).collect::<Vec<_>>(), [3, 4]);
});

both!(the_second_of_two_who_change_it_is_told, |db: Db| async move {
    city(&db).await;
    let row = practice(1, "900102", PracticeState::Proposed);
    let mut tx = db.write().await.unwrap();
    practice_insert(&mut tx, &row, &version(&row)).await.unwrap();
    let next = PracticeRow { title: "改过".into(), state: PracticeState::Accepted, version: 2, ..row.clone() };
    practice_update(&mut tx, &next, &version(&next)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.write().await.unwrap();
    assert!(matches!(practice_update(&mut tx, &next, &version(&next)).await, Err(Error::Conflict(_))));
    drop(tx);
    let mut tx = db.write().await.unwrap();
    assert_eq!(practices_to_measure(&mut tx, NOW, 10).await.unwrap(), [row.id]);
    let effect = Effect { before: 5, before_days: 30, after: 1, after_days: 20, told: 2, solved: 1 };
    practice_measured(&mut tx, row.id, &effect, NOW).await.unwrap();
    practice_seen(&mut tx, row.id).await.unwrap();
    assert!(practices_to_measure(&mut tx, NOW, 10).await.unwrap().is_empty());
    tx.commit().await.unwrap();
    let mut tx = db.read().await.unwrap();
    let shown = practice_get(&mut tx, row.id).await.unwrap().unwrap();
    assert_eq!((shown.row.title.as_str(), shown.views, shown.uses), ("改过", 1, 0));
    assert_eq!(shown.effect.effect(), effect);
    let versions = practice_versions(&mut tx, row.id).await.unwrap();
    assert_eq!(versions.iter().map(|version| version.version).collect::<Vec<_>>(), [2, 1]);
});
