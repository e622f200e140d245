//! Every rule of the doctor is shown a row that breaks it, planted behind the store's back, and must name it.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use jiff::civil::Weekday;
use jiff::tz::TimeZone;
use muster_core::area::AreaId;
use muster_core::evaluate::Measure;
use muster_core::id::{CaseId, Code, PartId, PersonId, ReportId, TaskId, UnitId};
use muster_core::intake::Channel;
use muster_core::process::{CaseState, Move, TaskState};
use muster_core::time::Timestamp;
use muster_core::time::calendar::Calendar;
use muster_store::audit::{AuditLine, audit_insert, audit_seal};
use muster_store::check::{Check, Measures, check};
use muster_store::evaluate::{DeltaRow, deltas_insert, fold};
use muster_store::intake::{
    JudgementRow, LikenessKey, PersonRow, ReportRow, judgements_insert, likeness_insert, persons_insert, reports_insert,
};
use muster_store::people::{Area, Unit, areas_put, unit_put};
use muster_store::photo::{PhotoRow, photos_insert};
use muster_store::process::{
    CaseRow, ClockRow, PartAfter, PartRow, Parts, StepRow, TaskRow, cases_insert, clocks_insert, parts_insert,
    steps_insert, tasks_insert,
};
use muster_store::testing::execute;
use muster_store::{Db, both};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Tuesday 2026-09-22 in UTC.
const NOW: Timestamp = Timestamp(1_790_035_200_000_000);
const AREA: &str = "900102001";

fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

fn area(code: &str) -> AreaId {
    code.parse().unwrap()
}

fn calendar() -> Calendar {
    Calendar::new("weekends", TimeZone::UTC, &[Weekday::Saturday, Weekday::Sunday])
}

async fn found(db: &Db) -> Vec<Check> {
    let calendar = calendar();
    let mut tx = db.snapshot().await.unwrap();
    let now = NOW.plus(Timestamp::MINUTE);
    let mut told = (0, 0);
    let checks =
        check(db, &mut tx, Measures { calendar: &calendar, now }, |done, all| told = (done, all)).await.unwrap();
    assert_eq!(told.0, told.1, "progress ends at the end");
    checks
}

/// Names and first offences of what was found.
async fn offences(db: &Db) -> Vec<(&'static str, String)> {
    let checks = found(db).await.into_iter().filter(|check| check.found > 0);
    checks.map(|check| (check.name, check.first.join("\n"))).collect()
}

fn case(n: u64, state: CaseState, unit: Option<UnitId>) -> CaseRow {
    CaseRow {
        id: CaseId(id(0x100 + u128::from(n))),
        code: Code::from_random(n * 7919 + 3),
        state,
        area: area(AREA),
        category: "010203".into(),
        kind: "help".into(),
        urgency: "routine".into(),
        title: "路灯坏了".into(),
        text: "路灯坏了三天".into(),
        place: String::new(),
        channel: Channel::Web,
        pack: "2026.1".into(),
        unit_id: unit.map(|unit| unit.0),
        triage_reason: None,
        refused_reason: None,
        outcome: None,
        confirmed: None,
        rating: None,
        reports: 1,
        received_at: NOW,
        assigned_at: unit.map(|_| NOW.0),
        accepted_at: None,
        answered_at: None,
        closed_at: None,
        due_at: Some(NOW.plus(2 * Timestamp::HOUR).0),
        parked_until: None,
        parked_ground: None,
        complex: false,
        version: 1,
    }
}

fn clock(n: u128, case: &CaseRow, task: Option<&TaskRow>, kind: &str, hours: i64) -> ClockRow {
    ClockRow {
        id: id(0x300 + n),
        case_id: case.id,
        task_id: task.map(|task| task.id.0),
        kind: kind.into(),
        started_at: NOW,
        budget_amount: hours,
        budget_unit: "natural_hours".into(),
        rolls: false,
        extra: 0,
        calendar: "weekends".into(),
        provisional: false,
        due_at: NOW.plus(hours * Timestamp::HOUR),
        stopped_at: None,
        broken_at: None,
        rung: 0,
        next_rung_at: Timestamp::NEVER.0,
    }
}

fn step(n: u128, case: &CaseRow, step: Move, to: CaseState, detail: serde_json::Value) -> StepRow {
    StepRow {
        id: id(0x400 + n),
        case_id: case.id,
        task_id: None,
        at: NOW,
        position: n as i64,
        step,
        from_state: CaseState::Triage,
        to_state: to,
        actor_kind: "anonymous".into(),
        actor_id: None,
        unit_id: None,
        public_text: None,
        internal_text: None,
        detail,
    }
}

fn delta(n: u128, case: &CaseRow, measure: Measure) -> DeltaRow {
    DeltaRow {
        id: id(0x500 + n),
        case_id: case.id,
        at: NOW,
        day: 20_260_922,
        area: case.area,
        unit: case.unit(),
        class: "01".into(),
        measure,
        amount: 1,
        folded: false,
    }
}

fn report(n: u128, case: &CaseRow) -> ReportRow {
    ReportRow {
        id: ReportId(id(0x200 + n)),
        case_id: case.id,
        person_id: None,
        channel: Channel::Web,
        area: case.area,
        place: String::new(),
        title: case.title.clone(),
        text: case.text.clone(),
        original_sealed: None,
        name_sealed: None,
        on_behalf: false,
        secret_hash: vec![1],
        source: None,
        external_id: None,
        received_at: NOW,
        entered_at: NOW,
        entered_by: None,
        told_case: None,
        seen_at: None,
    }
}

fn person() -> PersonRow {
    PersonRow {
        id: PersonId(id(0x900)),
        wrapped_key: vec![1],
        phone_sealed: None,
        phone_index: None,
        handle_sealed: None,
        handle_index: None,
        created_at: NOW.0,
    }
}

fn photo(report: &ReportRow) -> PhotoRow {
    PhotoRow {
        id: id(0xa00),
        report_id: report.id,
        position: 0,
        width: 1600,
        height: 1200,
        content_sealed: vec![7; 100],
        sealed_hash: Sha256::digest([7; 100]).to_vec(),
        created_at: NOW,
    }
}

/// Two cases as the use-cases leave them: one with the water works, one that waits for a person.
async fn seed(db: &Db) {
    let mut tx = db.write().await.unwrap();
    let codes = ["90", "9001", "900102", AREA];
    let row = |code: &&str| Area { id: area(code), parent: area(code).parent().map(AreaId::get), name: "区".into() };
    areas_put(&mut tx, &codes.iter().map(row).collect::<Vec<_>>()).await.unwrap();
    let unit = UnitId(id(1));
    let water =
        Unit { id: unit, code: "water".into(), name: "供水".into(), department: "water".into(), area: area(AREA) };
    unit_put(&mut tx, &water).await.unwrap();
    let cases = [case(1, CaseState::Assigned, Some(unit)), case(2, CaseState::Triage, None)];
    let [with, waiting] = &cases;
    cases_insert(&mut tx, &cases).await.unwrap();
    let task = TaskRow {
        id: TaskId(id(0x600)),
        case_id: with.id,
        code: with.code.task(1),
        unit_id: unit,
        state: TaskState::Assigned,
        assigned_at: NOW,
        accepted_at: None,
        ended_at: None,
        ruled: false,
        for_unit_id: None,
    };
    tasks_insert(&mut tx, std::slice::from_ref(&task)).await.unwrap();
    let clocks = [
        clock(1, with, None, "answer", 48),
        clock(2, with, Some(&task), "accept", 2),
        clock(3, with, Some(&task), "answer", 24),
        clock(4, waiting, None, "dispatch", 2),
        clock(5, waiting, None, "answer", 48),
    ];
    clocks_insert(&mut tx, &clocks).await.unwrap();
    parts_insert(&mut tx, &parts(with, unit)).await.unwrap();
    let person = person();
    persons_insert(&mut tx, std::slice::from_ref(&person)).await.unwrap();
    let reports = [ReportRow { person_id: Some(person.id.0), ..report(1, with) }, report(2, waiting)];
    reports_insert(&mut tx, &reports).await.unwrap();
    photos_insert(&mut tx, &[photo(&reports[0])]).await.unwrap();
    let received = |report: &ReportRow| serde_json::json!({ "report": report.id });
    let steps = [
        step(0, with, Move::Receive, CaseState::Triage, received(&reports[0])),
        step(1, with, Move::Assign, CaseState::Assigned, serde_json::json!({})),
        step(2, waiting, Move::Receive, CaseState::Triage, received(&reports[1])),
    ];
    steps_insert(&mut tx, &steps).await.unwrap();
    let judgements: Vec<JudgementRow> = (0..2).map(|n| judgement(n, &reports[n as usize])).collect();
    judgements_insert(&mut tx, &judgements).await.unwrap();
    let keys = [(11, with, 0), (12, waiting, 1)];
    let keys = keys.map(|(key, case, n): (i64, &CaseRow, usize)| LikenessKey {
        key,
        case_id: case.id,
        report_id: reports[n].id,
    });
    likeness_insert(&mut tx, &keys).await.unwrap();
    let deltas = [
        delta(1, with, Measure::Received),
        delta(2, with, Measure::Opened),
        delta(3, with, Measure::Assigned),
        delta(4, waiting, Measure::Received),
        delta(5, waiting, Measure::Opened),
    ];
    deltas_insert(&mut tx, &deltas).await.unwrap();
    fold(&mut tx, 3).await.unwrap();
    let lines: Vec<AuditLine> = reports.iter().zip(0x700..).map(|(report, n)| line(n, report)).collect();
    audit_insert(&mut tx, &lines).await.unwrap();
    audit_seal(&mut tx, 1).await.unwrap();
    tx.commit().await.unwrap();
    seed_shares(db).await;
}

async fn seed_shares(db: &Db) {
    for sql in SHARES {
        execute(db, sql).await;
    }
}

/// A joint project of one party, which has paid.
const SHARES: [&str; 4] = [
    "insert into share_accounts (case_id, cost, opened_at, version, closed_at)
     select id, 100, received_at, 3, received_at from cases where state = 'assigned'",
    "insert into share_parties (id, case_id, number, kind, name, share)
     select id, id, 1, 'firm', '甲', 10000 from cases where state = 'assigned'",
    "insert into share_entries (id, case_id, number, party, kind, amount, dated, note, at)
     select id, id, 1, 1, 'charge', 100, 20260922, '', received_at from cases where state = 'assigned'",
    "insert into share_entries (id, case_id, number, party, kind, amount, dated, note, at)
     select (select id from cases where state = 'triage'), id, 2, 1, 'payment', 100, 20260922, '', received_at
     from cases where state = 'assigned'",
];

/// Two parts, the second after the first.
fn parts(case: &CaseRow, unit: UnitId) -> Parts {
    let part = |number: i64| PartRow {
        id: PartId(id(0x800 + number as u128)),
        case_id: case.id,
        number,
        code: case.code.part(number),
        parent_id: None,
        title: "水管".to_owned(),
        unit_id: unit,
        required: true,
        state: TaskState::Assigned,
        budget_amount: 24,
        budget_unit: "natural_hours".to_owned(),
        not_before: None,
        given_at: NOW,
        given_by: None,
        reason: "配合".to_owned(),
        started_at: None,
        calendar: None,
        provisional: false,
        due_at: None,
        accepted_at: None,
        ended_at: None,
        result: None,
        evidence: None,
        rung: 0,
        next_rung_at: None,
    };
    let mut first = part(1);
    (first.started_at, first.due_at) = (Some(NOW.0), Some(NOW.plus(24 * Timestamp::HOUR).0));
    first.calendar = Some(calendar().version().to_owned());
    let second = part(2);
    let after = vec![PartAfter { part_id: second.id, after_id: first.id }];
    Parts { rows: vec![first, second], units: Vec::new(), after }
}

fn judgement(n: u128, report: &ReportRow) -> JudgementRow {
    JudgementRow {
        id: id(0x800 + n),
        report_id: report.id.0,
        case_id: report.case_id.0,
        at: NOW.0,
        model: "m".into(),
        category: "010203".into(),
        confidence: 0.9,
        detail: serde_json::json!({}),
        decided_by: None,
    }
}

fn line(n: u128, report: &ReportRow) -> AuditLine {
    AuditLine {
        id: id(n),
        at: NOW.0,
        actor_kind: "anonymous".into(),
        actor_id: None,
        action: "report_submit".into(),
        subject_kind: "report".into(),
        subject_id: report.id.to_string(),
        reason: None,
        seq: None,
        hash: None,
    }
}

/// Empties what `seed` fills.
async fn wipe(db: &Db) {
    for sql in [
        "delete from case_search",
        "delete from counts",
        "delete from deltas",
        "delete from notices",
        "delete from outbox",
        "delete from audit",
        "delete from audit_head",
        "delete from likeness_keys",
        "delete from judgements",
        "delete from steps",
        "delete from clocks",
        "delete from share_entries",
        "delete from share_parties",
        "delete from share_accounts",
        "delete from part_after",
        "delete from parts",
        "delete from tasks",
        "delete from photos",
        "delete from reports",
        "delete from persons",
    ] {
        if sql != "delete from case_search" || matches!(db, Db::Postgres(_)) {
            execute(db, sql).await;
        }
    }
    if matches!(db, Db::Sqlite { .. }) {
        execute(db, "delete from case_rows").await;
        execute(db, "insert into case_search (case_search) values ('delete-all')").await;
    }
    execute(db, "delete from cases").await;
    execute(db, "delete from units").await;
}

/// One fault: what is planted, which rules must name it, and a word their lines must hold.
type Fault = (&'static str, &'static [&'static str], &'static str);

const FAULTS: [Fault; 39] = [
    ("update photos set content_sealed = sealed_hash", &["photos"], "was changed"),
    ("update reports set person_id = null", &["photos"], "belongs to no report of a person"),
    ("update cases set reports = 2 where state = 'triage'", &["reports-counted"], "has 1 reports and counts 2"),
    (
        "delete from judgements where confidence > 0 and report_id in (select id from reports where case_id in
      (select id from cases where state = 'triage'))",
        &["reports-judged"],
        "report 00000000",
    ),
    ("update cases set code = '0000000000001' where state = 'triage'", &["codes"], "0000000000001"),
    ("update tasks set code = 'X-1'", &["codes"], "X-1"),
    ("update tasks set state = 'cancelled', ended_at = assigned_at", &["tasks", "clocks-stopped"], "assigned"),
    ("update cases set unit_id = null where state = 'assigned'", &["tasks"], "another unit"),
    ("update clocks set due_at = due_at + 1 where kind = 'accept'", &["clocks-due", "cases-due"], "accept"),
    ("update clocks set budget_unit = 'moons' where kind = 'accept'", &["clocks-due"], "moons"),
    ("update cases set due_at = null where state = 'triage'", &["cases-due"], "due -"),
    ("update clocks set broken_at = due_at where kind = 'dispatch'", &["clocks-broken"], "before it ran out"),
    (
        "update clocks set stopped_at = due_at + 1 where kind = 'dispatch'",
        &["clocks-broken", "cases-due", "times"],
        "too late",
    ),
    (
        "update cases set state = 'closed' where state = 'triage'",
        &["clocks-stopped", "likeness-open", "history-replays"],
        "closed",
    ),
    ("update steps set detail = '{}' where to_state = 'triage'", &["reports-received"], "has 0 steps"),
    (
        "update steps set move = 'join' where to_state = 'triage'",
        &["received-once", "figures-follow"],
        "0 receive steps",
    ),
    ("update steps set from_state = 'working' where move = 'assign'", &["history-unbroken"], "begins in working"),
    ("update steps set move = 'accept' where move = 'assign'", &["history-replays", "acts-audited"], "cannot accept"),
    ("update steps set move = 'dance' where move = 'assign'", &["history-replays", "acts-audited"], "dance"),
    ("update steps set at = at + 1 where move = 'assign'", &["history-replays", "acts-audited"], "another time"),
    ("update cases set state = 'working' where state = 'assigned'", &["history-replays"], "the row says working"),
    ("update cases set received_at = received_at + 1 where state = 'triage'", &["times"], "older than the case"),
    ("update parts set due_at = due_at + 1 where number = 1", &["parts-due"], "should be"),
    ("insert into part_after (part_id, after_id) select after_id, part_id from part_after", &["parts-order"], "1 → 2"),
    (
        "update cases set state = 'answered' where state = 'assigned'",
        &["parts-required", "history-replays", "tasks", "likeness-open"],
        "under a case that is answered",
    ),
    (
        "update share_entries set amount = 101 where kind = 'charge'",
        &["shares-ledger", "shares-closed"],
        "owes 101 fen, should be 100",
    ),
    ("update share_entries set amount = 99 where kind = 'payment'", &["shares-closed"], "balance of 1 fen"),
    (
        "insert into period_reports (id, area, period, content, hash, state, written_at, published_at)
         select id, area, '2026Q3', '{}', 'ff', 'published', received_at, received_at from cases where state = 'triage'",
        &["reports-frozen", "reports-approved"],
        "without another's approval",
    ),
    ("update tasks set ended_at = assigned_at - 1, accepted_at = null", &["times"], "task"),
    ("delete from audit where seq is null", &["reports-audited"], "has 0 lines"),
    (
        "insert into audit (id, at, actor_kind, action, subject_kind, subject_id)
      select case_id, assigned_at, 'account', 'task_accept', 'case', (select code from cases where state = 'triage')
      from tasks",
        &["acts-audited"],
        "0 acts, 1 lines",
    ),
    ("update deltas set measure = 'joined' where measure = 'opened' and not folded", &["figures-follow"], "joined"),
    (
        "update counts set amount = amount + 1 where period = 202609 and area = 900000000000000 and unit = ''
      and class = '' and measure = 'received'",
        &["counts"],
        "received 202609 area 900000000000000",
    ),
    ("delete from counts where period = 20260922 and area = 900102001000000", &["counts"], "recount 1"),
    ("update audit set subject_id = 'x' where seq = 1", &["audit-chain", "reports-audited"], "line 1"),
    ("update audit set at = at - 3600000000 where seq is null", &["audit-tail"], "61 minutes"),
    (
        "insert into outbox (id, at, event) select id, received_at - 3600000000, '{}' from cases where state = 'triage'",
        &["outbox-age"],
        "61 minutes",
    ),
    (
        "insert into notices (id, at, audience, case_id, template, params, urgent)
         select id, received_at - 3600000000, 'reporters', id, 'answered', '{}', false from cases where state = 'triage'",
        &["notices-late"],
        "61 minutes",
    ),
    (
        "update clocks set started_at = started_at - 10800000000, due_at = due_at - 10800000000 where kind = 'dispatch'",
        &["cases-due", "promises-late", "times"],
        "61 minutes",
    ),
];

async fn every_fault_is_named(db: Db) {
    let mut wrong = Vec::new();
    for (plant, rules, word) in FAULTS {
        wipe(&db).await;
        seed(&db).await;
        assert_eq!(offences(&db).await, [], "clean before: {plant}");
        execute(&db, plant).await;
        let found = offences(&db).await;
        let mut names: Vec<_> = found.iter().map(|(name, _)| *name).collect();
        let mut rules = rules.to_vec();
        names.sort_unstable();
        rules.sort_unstable();
        if names != rules || !found.iter().any(|(_, lines)| lines.contains(word)) {
            wrong.push(format!("{plant}\n  expected {rules:?} and {word:?}\n  found {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

both!(every_planted_fault_is_named, every_fault_is_named);

both!(a_clean_record_is_looked_at_and_clean, |db: Db| async move {
    seed(&db).await;
    for check in found(&db).await {
        assert_eq!((check.found, check.first.len()), (0, 0), "{}: {:?}", check.name, check.first);
        let nothing_there = [
            "reports-frozen",
            "reports-approved",
            "goods-ledger",
            "goods-covered",
            "bookings-offers",
            "bookings-places",
            "needs-filled",
            "resources-counts",
            "registry-counts",
            "registry-persons",
            "rooms-sample",
            "rooms-signed",
            "promises-late",
            "outbox-age",
            "notices-late",
            "sends-late",
            "sends-dead",
        ];
        assert!(check.looked > 0 || nothing_there.contains(&check.name), "{} looked at nothing", check.name);
    }
});

both!(lost_references_are_named, |db: Db| async move {
    seed(&db).await;
    let off: &[&str] = match &db {
        Db::Sqlite { .. } => &["pragma foreign_keys = off"],
        Db::Postgres(_) => &["alter table cases disable trigger all", "alter table deltas disable trigger all"],
    };
    for sql in off {
        execute(&db, sql).await;
    }
    execute(&db, "update deltas set case_id = id where measure = 'assigned'").await;
    let found = offences(&db).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, "references");
    assert!(found[0].1.starts_with("1 rows of deltas"), "{found:?}");
});

both!(a_missing_index_row_is_named, |db: Db| async move {
    seed(&db).await;
    let table = if matches!(db, Db::Sqlite { .. }) {
        "delete from case_rows where case_id in (select id from cases where state = 'triage')"
    } else {
        "delete from case_search where case_id in (select id from cases where state = 'triage')"
    };
    execute(&db, table).await;
    let found = offences(&db).await;
    assert_eq!(found.len(), 1, "{found:?}");
    assert_eq!(found[0].0, "cases-searchable");
});

both!(another_schema_is_named_and_nothing_else_is_said, |db: Db| async move {
    seed(&db).await;
    execute(&db, "delete from _sqlx_migrations where version = 5").await;
    execute(
        &db,
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         select 9999, 'later', true, checksum, 0 from _sqlx_migrations where version = 1",
    )
    .await;
    let checks = found_without_progress(&db).await;
    assert_eq!(checks.len(), 1);
    assert_eq!((checks[0].name, checks[0].found), ("schema", 2));
    let lines = checks[0].first.join("\n");
    assert!(lines.contains("step 5 (record) is missing") && lines.contains("step 9999 is unknown"), "{lines}");
});

async fn found_without_progress(db: &Db) -> Vec<Check> {
    let calendar = calendar();
    let mut tx = db.snapshot().await.unwrap();
    check(db, &mut tx, Measures { calendar: &calendar, now: NOW }, |_, _| {}).await.unwrap()
}

both!(a_snapshot_does_not_see_what_is_written_after_it, |db: Db| async move {
    seed(&db).await;
    let calendar = calendar();
    let mut tx = db.snapshot().await.unwrap();
    let measures = Measures { calendar: &calendar, now: NOW };
    let before = check(&db, &mut tx, measures, |_, _| {}).await.unwrap();
    execute(&db, "update cases set reports = 2").await;
    let after = check(&db, &mut tx, measures, |_, _| {}).await.unwrap();
    assert_eq!(before.len(), after.len());
    assert!(after.iter().all(|check| check.found == 0), "the snapshot moved");
    drop(tx);
    assert_eq!(offences(&db).await[0].0, "reports-counted");
});

both!(a_snapshot_writes_nothing, |db: Db| async move {
    let mut tx = db.snapshot().await.unwrap();
    assert!(areas_put(&mut tx, &[Area { id: area("90"), parent: None, name: "省".into() }]).await.is_err());
});
