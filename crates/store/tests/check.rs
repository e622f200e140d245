//! Every rule of the doctor is shown a row that breaks it, planted behind the store's back, and must name it.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod check_rows;

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

use self::check_rows::*;

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
        "delete from period_reports",
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
