//! A small record without a fault, row by row.

use super::*;

pub(super) fn step(n: u128, case: &CaseRow, step: Move, to: CaseState, detail: serde_json::Value) -> StepRow {
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

pub(super) fn delta(n: u128, case: &CaseRow, measure: Measure) -> DeltaRow {
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

pub(super) fn report(n: u128, case: &CaseRow) -> ReportRow {
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

pub(super) fn person() -> PersonRow {
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

pub(super) fn photo(report: &ReportRow) -> PhotoRow {
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

fn deltas(with: &CaseRow, waiting: &CaseRow) -> [DeltaRow; 6] {
    [
        delta(1, with, Measure::Received),
        delta(2, with, Measure::Opened),
        delta(3, with, Measure::Assigned),
        delta(6, with, Measure::Dispatched),
        delta(4, waiting, Measure::Received),
        delta(5, waiting, Measure::Opened),
    ]
}

/// Two cases as the use-cases leave them: one with the water works, one that waits for a person.
pub(super) async fn seed(db: &Db) {
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
    deltas_insert(&mut tx, &deltas(with, waiting)).await.unwrap();
    fold(&mut tx, 3).await.unwrap();
    let lines: Vec<AuditLine> = reports.iter().zip(0x700..).map(|(report, n)| line(n, report)).collect();
    audit_insert(&mut tx, &lines).await.unwrap();
    audit_seal(&mut tx, 1).await.unwrap();
    tx.commit().await.unwrap();
    seed_shares(db).await;
}

pub(super) async fn seed_shares(db: &Db) {
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
pub(super) fn parts(case: &CaseRow, unit: UnitId) -> Parts {
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

pub(super) fn judgement(n: u128, report: &ReportRow) -> JudgementRow {
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

pub(super) fn line(n: u128, report: &ReportRow) -> AuditLine {
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
