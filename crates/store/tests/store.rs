//! Every store test runs on SQLite and on PostgreSQL.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use muster_core::area::AreaId;
use muster_core::evaluate::Measure;
use muster_core::id::{AccountId, CaseId, Code, PersonId, ReportId, UnitId};
use muster_core::intake::Channel;
use muster_core::people::{Role, Scope};
use muster_core::process::{Case, CaseState};
use muster_core::time::Timestamp;
use muster_store::audit::{AuditLine, audit_insert, audit_seal, audit_verify};
use muster_store::evaluate::{
    DeltaRow, FigureQuery, Parts, Side, deltas_insert, figure_events, figure_parts, figures, fold, recount,
};
use muster_store::intake::{
    IdempotencyRow, LikenessKey, PersonRow, Remembered, ReportRow, external_known, idempotency_get, idempotency_insert,
    likeness_insert, likeness_remove, likes, person_by_phone, reports_insert,
};
use muster_store::people::{
    Area, GrantRow, Login, Unit, account_by_login, account_disable, account_insert, area_list, area_path, areas_put,
    grants_insert, grants_of, session_get, session_insert, unit_put, units_at,
};
use muster_store::process::{
    CaseFilter, CaseOrder, CaseRow, case_count, case_get, case_list, case_lock, case_update, cases_insert,
};
use muster_store::{Db, Error, Rows, both, rows_insert};
use uuid::Uuid;

const NOW: Timestamp = Timestamp(1_790_000_000_000_000);

fn area(code: &str) -> AreaId {
    code.parse().unwrap()
}

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n + 1)
}

async fn city(db: &Db) -> Unit {
    let mut tx = db.write().await.unwrap();
    let areas = [("90", "省"), ("9001", "市"), ("900102", "区"), ("900102001", "街道"), ("900102002", "镇")];
    let areas: Vec<Area> = areas
        .iter()
        .map(|(code, name)| Area {
            id: area(code),
            parent: area(code).parent().map(AreaId::get),
            name: (*name).to_owned(),
        })
        .collect();
    areas_put(&mut tx, &areas).await.unwrap();
    let unit = Unit {
        id: UnitId(id(1)),
        code: "water".into(),
        name: "供水".into(),
        department: "water".into(),
        area: area("900102"),
    };
    unit_put(&mut tx, &unit).await.unwrap();
    tx.commit().await.unwrap();
    unit
}

fn case(n: u64, place: &str, text: &str) -> CaseRow {
    CaseRow {
        id: CaseId(id(1000 + u128::from(n))),
        code: Code::from_random(n * 7919 + 3),
        state: CaseState::Triage,
        area: area(place),
        category: "010203".into(),
        kind: "help".into(),
        urgency: "routine".into(),
        title: text.chars().take(8).collect(),
        text: text.to_owned(),
        place: String::new(),
        channel: Channel::Web,
        pack: "2026.1".into(),
        unit_id: None,
        triage_reason: Some("unsure".into()),
        refused_reason: None,
        outcome: None,
        confirmed: None,
        rating: None,
        reports: 1,
        received_at: NOW.plus(n as i64 * Timestamp::MINUTE),
        assigned_at: None,
        accepted_at: None,
        answered_at: None,
        closed_at: None,
        due_at: Some(NOW.plus((100 - n as i64) * Timestamp::HOUR).0),
        parked_until: None,
        parked_ground: None,
        complex: false,
        version: 1,
    }
}

both!(areas_units_and_paths, |db: Db| async move {
    let unit = city(&db).await;
    let mut tx = db.read().await.unwrap();
    let names: Vec<String> = area_path(&mut tx, area("900102001")).await.unwrap().into_iter().map(|a| a.name).collect();
    assert_eq!(names, ["省", "市", "区", "街道"]);
    assert_eq!(area_list(&mut tx, area("900102").range(), 10).await.unwrap().len(), 3);
    assert_eq!(units_at(&mut tx, &[("water", area("900102")), ("water", area("9001"))]).await.unwrap(), [unit]);
});

both!(accounts_sessions_and_grants, |db: Db| async move {
    city(&db).await;
    let mut tx = db.write().await.unwrap();
    let account = Login {
        id: AccountId(id(5)),
        login: "li".into(),
        name: "李".into(),
        password_hash: "x".into(),
        created_at: 1,
        disabled_at: None,
    };
    account_insert(&mut tx, &account).await.unwrap();
    let grant =
        GrantRow { id: id(6), account_id: account.id.0, role: Role::Operator, area: area("9001"), unit_id: None };
    grants_insert(&mut tx, &[grant], NOW, None).await.unwrap();
    session_insert(&mut tx, b"hash", account.id, NOW, NOW.plus(Timestamp::HOUR)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.read().await.unwrap();
    assert_eq!(account_by_login(&mut tx, "li").await.unwrap().unwrap().id, account.id);
    assert_eq!(grants_of(&mut tx, account.id).await.unwrap()[0].role, Role::Operator);
    let idle = NOW.plus(-Timestamp::MINUTE);
    assert!(session_get(&mut tx, b"hash", NOW, idle).await.unwrap().is_some());
    assert!(session_get(&mut tx, b"hash", NOW.plus(2 * Timestamp::HOUR), idle).await.unwrap().is_none(), "expired");
    assert!(session_get(&mut tx, b"hash", NOW, NOW.plus(1)).await.unwrap().is_none(), "idle");
    drop(tx);
    let mut tx = db.write().await.unwrap();
    assert!(matches!(account_insert(&mut tx, &account).await, Err(Error::Conflict(_))));
    drop(tx);
    let mut tx = db.write().await.unwrap();
    assert!(account_disable(&mut tx, account.id, NOW).await.unwrap());
    tx.commit().await.unwrap();
    let mut tx = db.read().await.unwrap();
    assert!(session_get(&mut tx, b"hash", NOW, idle).await.unwrap().is_none(), "disabled");
});

both!(cases_are_found_by_words_area_and_state, |db: Db| async move {
    city(&db).await;
    let mut tx = db.write().await.unwrap();
    let texts = ["小区门口路灯坏了三天", "水管爆裂 K102 road", "路灯太亮睡不着"];
    let mut cases: Vec<CaseRow> =
        (0..30).map(|n| case(n, if n % 2 == 0 { "900102001" } else { "900102002" }, texts[n as usize % 3])).collect();
    for (n, case) in cases.iter_mut().enumerate() {
        // Some are closed, and an import enters old matters late.
        case.due_at = (n % 4 != 0).then_some(NOW.0 + (n % 5) as i64);
        case.received_at = NOW.plus(-((n * 7 % 30) as i64));
    }
    cases_insert(&mut tx, &cases).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.read().await.unwrap();
    let all = Scope { areas: vec![area("9001").range()], units: Vec::new() };
    let filter = CaseFilter { scope: all.clone(), limit: 100, ..CaseFilter::default() };
    for (text, place, expected) in [
        ("路灯", None, 20),
        ("灯", None, 20),
        ("路灯坏了", None, 10),
        ("k102", None, 10),
        ("地铁", None, 0),
        ("100%", None, 0),
        ("路灯", Some("900102001"), 10),
        ("路灯", Some("900102"), 20),
    ] {
        let asked = CaseFilter { text: Some(text.into()), area: place.map(area), ..filter.clone() };
        assert_eq!(case_list(&mut tx, &asked).await.unwrap().len(), expected, "{text} {place:?}");
        assert_eq!(case_count(&mut tx, &asked, 1000).await.unwrap(), expected as i64, "{text} {place:?}");
    }
    let none = CaseFilter {
        scope: Scope { areas: vec![area("900103").range()], units: Vec::new() },
        limit: 10,
        ..CaseFilter::default()
    };
    assert!(case_list(&mut tx, &none).await.unwrap().is_empty(), "outside the scope");
    for (order, words, expected) in [
        (CaseOrder::Due, None, 30),
        (CaseOrder::Newest, None, 30),
        (CaseOrder::Due, Some("灯"), 20),
        (CaseOrder::Due, Some("路灯"), 20),
        (CaseOrder::Newest, Some("路灯"), 20),
    ] {
        let text = words.map(str::to_owned);
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let asked = CaseFilter { order, after, limit: 7, text: text.clone(), ..filter.clone() };
            let page = case_list(&mut tx, &asked).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(order.cursor(last));
            seen.extend(page.iter().map(|c| (c.id, c.due_at)));
        }
        let unique: std::collections::BTreeSet<_> = seen.iter().map(|(id, _)| *id).collect();
        assert_eq!((seen.len(), unique.len()), (expected, expected), "{order:?} {words:?}");
        if order == CaseOrder::Due && words != Some("路灯") {
            assert!(seen.is_sorted_by_key(|(_, due)| due.unwrap_or(i64::MAX)), "what runs out first comes first");
        }
    }
});

both!(a_stale_version_is_refused, |db: Db| async move {
    let unit = city(&db).await;
    let mut tx = db.write().await.unwrap();
    cases_insert(&mut tx, &[case(1, "900102001", "路灯坏了")]).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.write().await.unwrap();
    let mut mine = case_lock(&mut tx, CaseId(id(1001))).await.unwrap().unwrap().case;
    let mut theirs = mine.clone();
    mine.take(&Case::Triage.assign(NOW).unwrap());
    mine.unit_id = Some(unit.id.0);
    case_update(&mut tx, &mut mine).await.unwrap();
    assert_eq!(mine.version, 2);
    assert!(matches!(case_update(&mut tx, &mut theirs).await, Err(Error::Conflict(_))));
    assert_eq!(mine.state_machine().unwrap().state(), CaseState::Assigned);
});

both!(many_rows_are_stored_as_few_are, |db: Db| async move {
    city(&db).await;
    let odd = "一\t二\\N三\n四\r五\\六 'seven\" {8}\\.";
    let cases: Vec<CaseRow> = (0..1_200).map(|n| case(n, "900102001", &format!("{odd} {n}"))).collect();
    let key = |n: i64| PersonRow {
        id: PersonId(id(90_000 + n as u128)),
        wrapped_key: (0..=255).collect(),
        phone_sealed: None,
        phone_index: Some(n.to_le_bytes().to_vec()),
        handle_sealed: None,
        handle_index: None,
        created_at: -n,
    };
    let persons: Vec<PersonRow> = (0..1_200).map(key).collect();
    let mut tx = db.write().await.unwrap();
    rows_insert(&mut tx, &Rows { cases: cases.clone(), persons, ..Rows::default() }).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.read().await.unwrap();
    for case in cases.iter().step_by(97) {
        let found = case_get(&mut tx, case.id).await.unwrap().unwrap();
        assert_eq!((found.text, found.triage_reason), (case.text.clone(), case.triage_reason.clone()));
        assert_eq!((found.unit_id, found.due_at), (None, case.due_at));
    }
    let person = person_by_phone(&mut tx, &7_i64.to_le_bytes()).await.unwrap().unwrap();
    assert_eq!((person.wrapped_key, person.phone_sealed, person.created_at), ((0..=255).collect(), None, -7));
});

both!(likes_and_external_ids, |db: Db| async move {
    city(&db).await;
    let mut tx = db.write().await.unwrap();
    let case = case(1, "900102001", "路灯坏了");
    cases_insert(&mut tx, std::slice::from_ref(&case)).await.unwrap();
    let report = ReportRow {
        id: ReportId(id(50)),
        case_id: case.id,
        person_id: None,
        channel: Channel::Import,
        area: case.area,
        place: String::new(),
        title: "t".into(),
        text: "路灯坏了".into(),
        original_sealed: None,
        name_sealed: None,
        on_behalf: false,
        secret_hash: vec![1],
        source: Some("file".into()),
        external_id: Some("7".into()),
        received_at: NOW,
        entered_at: NOW,
        entered_by: None,
        told_case: None,
        seen_at: None,
    };
    reports_insert(&mut tx, std::slice::from_ref(&report)).await.unwrap();
    let keys = [11, 12].map(|key| LikenessKey { key, case_id: case.id, report_id: report.id });
    likeness_insert(&mut tx, &keys).await.unwrap();
    assert_eq!(external_known(&mut tx, "file", &["7".into(), "8".into()]).await.unwrap(), ["7"]);
    assert_eq!(likes(&mut tx, &[12], area("900102").range(), NOW.plus(-1), 10).await.unwrap().len(), 1);
    assert_eq!(likes(&mut tx, &[13], area("900102").range(), NOW.plus(-1), 10).await.unwrap().len(), 0);
    likeness_remove(&mut tx, case.id).await.unwrap();
    assert_eq!(likes(&mut tx, &[12], area("900102").range(), NOW.plus(-1), 10).await.unwrap().len(), 0);
    let answer = Remembered { fingerprint: vec![1], status: 201, body: vec![2] };
    let row = IdempotencyRow { scope: "api".into(), key: "k".into(), answer, created_at: NOW };
    idempotency_insert(&mut tx, row.clone()).await.unwrap();
    assert_eq!(idempotency_get(&mut tx, "api", "k").await.unwrap().unwrap().body, [2]);
    assert!(matches!(idempotency_insert(&mut tx, row).await, Err(Error::Conflict(_))));
});

both!(figures_are_the_same_folded_or_not, |db: Db| async move {
    let unit = city(&db).await;
    let mut tx = db.write().await.unwrap();
    cases_insert(&mut tx, &[case(1, "900102001", "路灯坏了")]).await.unwrap();
    let delta = |n: u128, measure, day| DeltaRow {
        id: id(n),
        case_id: CaseId(id(1001)),
        at: NOW,
        day,
        area: area("900102001"),
        unit: Some(unit.id),
        class: "01".into(),
        measure,
        amount: 1,
        folded: false,
    };
    let rows: Vec<DeltaRow> = (0..40)
        .map(|n| {
            delta(n, if n % 2 == 0 { Measure::Received } else { Measure::Answered }, 20_260_900 + 1 + (n as i64 % 3))
        })
        .collect();
    deltas_insert(&mut tx, &rows).await.unwrap();
    tx.commit().await.unwrap();
    let query =
        FigureQuery { area: area("9001"), unit: Some(unit.id), class: "01".into(), days: (20_260_901, 20_260_902) };
    let mut before = None;
    loop {
        let mut tx = db.write().await.unwrap();
        let read = figures(&mut tx, &query, false).await.unwrap();
        assert_eq!(read.iter().map(|(_, _, n)| n).sum::<i64>(), 27);
        let parts = Parts::Areas(["9001", "900102001", "900102002"].map(area).to_vec());
        let parts = figure_parts(&mut tx, &query, &parts, &[Measure::Received]).await.unwrap();
        assert_eq!(parts, [(0, "received".to_owned(), 13), (1, "received".to_owned(), 13)]);
        let units = figure_parts(&mut tx, &query, &Parts::Units(vec![unit.id]), &[Measure::Answered]).await.unwrap();
        assert_eq!(units, [(0, "answered".to_owned(), 14)]);
        let classes = Parts::Classes(vec!["02".into(), "01".into()]);
        let classes = figure_parts(&mut tx, &query, &classes, &[Measure::Answered]).await.unwrap();
        assert_eq!(classes, [(1, "answered".to_owned(), 14)]);
        assert_eq!(*before.get_or_insert(read.clone()), read);
        assert!(recount(&mut tx).await.unwrap().is_empty());
        let folded = fold(&mut tx, 7).await.unwrap();
        tx.commit().await.unwrap();
        if folded == 0 {
            break;
        }
    }
    let mut tx = db.read().await.unwrap();
    let month = figures(&mut tx, &FigureQuery { days: (20_260_901, 20_260_930), ..query.clone() }, true).await.unwrap();
    assert_eq!(month.iter().map(|(_, _, n)| n).sum::<i64>(), 40);
    let side = Side { measures: &[Measure::Received, Measure::Answered], without: None };
    let (range, mut seen, mut after) = (area("900102").range(), 0, None);
    loop {
        let page = figure_events(&mut tx, &query, range, side, after, 5).await.unwrap();
        seen += page.len();
        match page.last() {
            Some(last) => after = Some(last.cursor()),
            None => break,
        }
    }
    assert_eq!(seen, 27, "one row for each event counted");
    let side = Side { measures: &[Measure::Received], without: Some(Measure::Answered) };
    assert!(figure_events(&mut tx, &query, range, side, None, 50).await.unwrap().is_empty(), "all in one instant");
});

both!(the_chain_shows_tampering, |db: Db| async move {
    let line = |n: u128| AuditLine {
        id: id(n),
        at: n as i64,
        actor_kind: "system".into(),
        actor_id: None,
        action: "case_view".into(),
        subject_kind: "case".into(),
        subject_id: n.to_string(),
        reason: None,
        seq: None,
        hash: None,
    };
    let mut tx = db.write().await.unwrap();
    audit_insert(&mut tx, &(0..9).map(line).collect::<Vec<_>>()).await.unwrap();
    assert_eq!(audit_seal(&mut tx, 5).await.unwrap(), 5);
    let check = audit_verify(&mut tx).await.unwrap();
    assert_eq!((check.sealed, check.unsealed, check.broken_at), (5, 4, None));
    assert_eq!(audit_seal(&mut tx, 50).await.unwrap(), 4);
    tx.commit().await.unwrap();
    muster_store::testing::execute(&db, "update audit set subject_id = 'x' where seq = 3").await;
    let mut tx = db.read().await.unwrap();
    assert_eq!(audit_verify(&mut tx).await.unwrap().broken_at, Some(3));
    drop(tx);
    muster_store::testing::execute(&db, "delete from audit where seq = 3").await;
    let mut tx = db.read().await.unwrap();
    assert_eq!(audit_verify(&mut tx).await.unwrap().broken_at, Some(3));
});
