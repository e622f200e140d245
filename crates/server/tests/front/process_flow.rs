//! The side paths of a case: hearing, more time, parking, ruling, supervision, levels. Golden tests by their number in
//! the sources (docs/reference/process.md).

use muster_core::id::UnitId;
use muster_core::people::Actor;
use muster_core::process::Move;
use muster_core::time::Timestamp;
use muster_server::error::Error;
use muster_server::usecase::case_assign::case_assign;
use muster_server::usecase::case_contact::{Contact, case_contact};
use muster_server::usecase::case_line::{line_write, line_write_own};
use muster_server::usecase::case_note::note_write;
use muster_server::usecase::case_rate::case_reopen;
use muster_server::usecase::case_refuse::case_refuse;
use muster_server::usecase::case_resume::case_resume;
use muster_server::usecase::case_send::case_send;
use muster_server::usecase::case_track::case_track;
use muster_server::usecase::case_triage::{Decision as Triage, case_triage};
use muster_server::usecase::case_urge::{case_urge, case_urge_own};
use muster_server::usecase::case_view::{CaseFile, case_view};
use muster_server::usecase::extension_ask::{Extension, extension_ask};
use muster_server::usecase::notice_list::notice_list;
use muster_server::usecase::parking_ask::{Parking, parking_ask};
use muster_server::usecase::report_submit::Receipt;
use muster_server::usecase::request_decide::{Decision, request_decide};
use muster_server::usecase::supervision_order::supervision_order;
use muster_server::usecase::supervision_report::supervision_report;
use muster_server::usecase::task_dispute::task_dispute;
use muster_server::usecase::unit_edit::{UnitDraft, unit_edit};
use muster_store::people::unit_list;
use muster_store::process::{CaseRow, ClockRow};

use crate::app::{App, doors};
use crate::doctor::{actor, health, said};
use crate::figures_history::{accept, answer, given, plain, told};

const AREA: &str = "900102001001";
const HOUR: i64 = Timestamp::HOUR;
const DAY: i64 = Timestamp::DAY;

async fn file(app: &App, case: &Receipt) -> CaseFile {
    case_view(&app.state, &Actor::System, &case.code).await.unwrap()
}

/// The one running clock of a kind.
async fn running(app: &App, case: &Receipt, kind: &str) -> Option<ClockRow> {
    let mut clocks = file(app, case).await.clocks;
    clocks.retain(|clock| clock.kind == kind && clock.stopped_at.is_none());
    assert!(clocks.len() <= 1, "{clocks:?}");
    clocks.pop()
}

async fn unit(app: &App, code: &str) -> UnitId {
    let mut tx = app.state.read().await.unwrap();
    unit_list(&mut tx).await.unwrap().into_iter().find(|unit| unit.code == code).unwrap().id
}

fn refused(done: Result<CaseRow, Error>, status: u16, what: &str) {
    let error = done.map(|case| case.state).expect_err(what);
    assert_eq!(error.status(), status, "{what}: {error}");
    assert!(format!("{error:?}").contains(what), "{what}: {error:?}");
}

async fn sound(app: &App) {
    assert_eq!(said(&health(app).await), Vec::<String>::new());
}

doors!(golden_12_the_resident_hears_within_24_hours_and_every_72_after, async |app: &App| {
    let case = given(app, 0, AREA, "0201").await;
    let handler = actor(app, "bh-human-resources").await;
    let first = running(app, &case, "feedback_first").await.unwrap();
    assert_eq!(first.due_at, first.started_at.plus(24 * HOUR), "from dispatch");
    app.advance(20 * HOUR).await;
    line_write(&app.state, &handler, &case.code, "已联系维修队，明天上门。").await.unwrap();
    assert!(running(app, &case, "feedback_first").await.is_none(), "heard in time");
    let next = running(app, &case, "feedback_next").await.unwrap();
    assert_eq!(next.due_at, next.started_at.plus(72 * HOUR));
    assert_eq!(next.started_at, app.state.now());
    app.advance(73 * HOUR).await;
    let late = running(app, &case, "feedback_next").await.unwrap();
    assert_eq!(late.broken_at, Some(next.due_at.0), "nobody wrote for three days");
    assert_eq!(late.rung, 2, "a warning at 80 % and an alarm");
    answer(app, &case, "fixed").await;
    assert!(running(app, &case, "feedback_next").await.is_none(), "an answer ends the duty");
    sound(app).await;
});

doors!(line_and_note_reach_whom_they_are_for, async |app: &App| {
    let case = given(app, 0, AREA, "0201").await;
    let handler = actor(app, "bh-human-resources").await;
    line_write(&app.state, &handler, &case.code, "维修队明天上午到。").await.unwrap();
    note_write(&app.state, &handler, &case.code, "业主与物业有旧怨，勿外传。", None).await.unwrap();
    let unread = &file(app, &case).await.lines[0];
    assert_eq!(unread.read_at, None);
    app.advance(HOUR).await;
    let mut resident = app.browser();
    resident.get("/track").await;
    let own = [("code", case.code.as_str()), ("secret", case.secret.as_str())];
    let page = resident.post("/track", &own).await;
    assert!(page.body.contains("维修队明天上午到。"), "{}", plain(&page.body));
    assert!(!page.body.contains("勿外传"), "a note among staff");
    let at = format!("/track/{}", case.code.replace('-', ""));
    let empty = resident.post(&format!("{at}/line"), &[("secret", &case.secret), ("line", " ")]).await;
    assert_eq!(empty.status, 422, "{}", empty.body);
    let words = [("secret", case.secret.as_str()), ("line", "上午家里有人，电话 13912345678。")];
    let sent = resident.post(&format!("{at}/line"), &words).await;
    assert_eq!(sent.status, 200, "{}", sent.body);
    let lines = file(app, &case).await.lines;
    assert!(lines[0].read_at.is_some(), "the unit sees when it was read");
    assert!(!lines[1].text.contains("13912345678"), "who they are is taken out: {}", lines[1].text);
    let mut desk = app.signed_in("bh-human-resources").await;
    let page = desk.get(&format!("/case/{}", case.code.replace('-', ""))).await;
    assert!(page.body.contains("上午家里有人") && page.body.contains("勿外传"), "{}", plain(&page.body));
    assert!(file(app, &case).await.lines[1].read_at.is_some(), "and so does the resident");
    // By the code alone nobody reads a word.
    let stranger = app.browser().get(&at).await;
    assert!(!stranger.body.contains("维修队"), "{}", stranger.body);
    sound(app).await;
});

doors!(more_time_is_asked_for_before_it_runs_out_and_granted_once, async |app: &App| {
    let case = given(app, 0, AREA, "0201").await;
    accept(app, &case).await;
    let (handler, coordinator) = (actor(app, "bh-human-resources").await, actor(app, "bh-coordinator").await);
    let ask = |amount, reason: &str| Extension { amount, reason: reason.to_owned(), version: None };
    refused(extension_ask(&app.state, &handler, &case.code, &ask(6, "缺件")).await, 422, "extension-amount");
    refused(extension_ask(&app.state, &handler, &case.code, &ask(2, " ")).await, 422, "reason-missing");
    extension_ask(&app.state, &handler, &case.code, &ask(2, "配件三日后到货")).await.unwrap();
    refused(extension_ask(&app.state, &handler, &case.code, &ask(1, "再要一天")).await, 422, "request-open");
    let before = (running(app, &case, "answer").await.unwrap(), running(app, &case, "promise").await.unwrap());
    let request = file(app, &case).await.requests[0].id;
    let no = Decision { granted: false, answer: String::new() };
    refused(request_decide(&app.state, &coordinator, &case.code, request, &no).await, 422, "reason-missing");
    let yes = Decision { granted: true, answer: String::new() };
    request_decide(&app.state, &coordinator, &case.code, request, &yes).await.unwrap();
    refused(request_decide(&app.state, &coordinator, &case.code, request, &yes).await, 409, "granted");
    let after = (running(app, &case, "answer").await.unwrap(), running(app, &case, "promise").await.unwrap());
    assert_eq!((after.0.extra, after.1.extra), (2, 2), "and the city's word with it");
    assert!(after.0.due_at > before.0.due_at && after.1.due_at > before.1.due_at);
    let seen = file(app, &case).await;
    let step = &seen.steps.iter().rfind(|(step, _)| step.step == Move::Extend).unwrap().0;
    assert_eq!(step.public_text.as_deref(), Some("配件三日后到货"), "the resident reads why");
    let entry = seen.entries.iter().find(|entry| entry.clock_id == after.0.id).unwrap();
    assert_eq!((entry.due_before, entry.due_after), (before.0.due_at.0, after.0.due_at.0), "both stay on the record");
    refused(extension_ask(&app.state, &handler, &case.code, &ask(1, "还要")).await, 422, "extension-times");
    sound(app).await;
    let late = given(app, 1, AREA, "0201").await;
    app.advance(10 * DAY).await;
    refused(extension_ask(&app.state, &handler, &late.code, &ask(1, "晚了")).await, 409, "run out");
    sound(app).await;
});

doors!(a_parked_case_stands_still_and_goes_on_by_itself, async |app: &App| {
    let case = given(app, 0, AREA, "0201").await;
    accept(app, &case).await;
    let (handler, coordinator) = (actor(app, "bh-human-resources").await, actor(app, "bh-coordinator").await);
    let review = app.state.pack.calendar.local_date(app.state.now().plus(20 * DAY));
    let ask = |ground: &str, review: String| Parking {
        ground: ground.to_owned(),
        review,
        reason: "须等冬季停暖后开挖".to_owned(),
        version: None,
    };
    refused(
        parking_ask(&app.state, &handler, &case.code, &ask("lazy", review.to_string())).await,
        422,
        "ground-unknown",
    );
    refused(
        parking_ask(&app.state, &handler, &case.code, &ask("season", "2099-01-01".into())).await,
        422,
        "review-date",
    );
    parking_ask(&app.state, &handler, &case.code, &ask("season", review.to_string())).await.unwrap();
    let request = file(app, &case).await.requests[0].id;
    let before = running(app, &case, "answer").await.unwrap();
    let yes = Decision { granted: true, answer: String::new() };
    let parked = request_decide(&app.state, &coordinator, &case.code, request, &yes).await.unwrap();
    assert!(parked.parked_until.is_some());
    let still = running(app, &case, "answer").await.unwrap();
    assert!(still.is_paused() && running(app, &case, "promise").await.unwrap().is_paused());
    let heard = running(app, &case, "feedback_next").await.unwrap();
    assert_eq!(heard.due_at, heard.started_at.plus(72 * HOUR), "the resident is owed a word also meanwhile");
    assert_eq!(file(app, &case).await.case.due_at, Some(heard.due_at.0), "which is what is due next");
    let page = app.browser().get(&format!("/track/{}", case.code.replace('-', ""))).await;
    assert!(page.body.contains("受季节或天气限制"), "{}", plain(&page.body));
    sound(app).await;
    app.advance(21 * DAY).await;
    let on = running(app, &case, "answer").await.unwrap();
    assert_eq!(file(app, &case).await.case.parked_until, None, "the day of review has come");
    assert!(on.due_at.since(before.due_at) >= 18 * DAY, "what was left of it is left");
    assert_eq!((on.stopped_at, on.broken_at), (None, None));
    refused(case_resume(&app.state, &coordinator, &case.code, "再来", None).await, 409, "not parked");
    sound(app).await;
});

// Found by seed 254 of the simulation, in one city with 252 and 253.
doors!(a_parked_case_that_is_given_away_goes_on_first_whatever_its_state, async |app: &App| {
    let (handler, coordinator) = (actor(app, "bh-human-resources").await, actor(app, "bh-coordinator").await);
    let (housing, above) = (unit(app, "bh-housing").await, unit(app, "mh-human-resources").await);
    let park = async |case: &Receipt| {
        let review = app.state.pack.calendar.local_date(app.state.now().plus(20 * DAY)).to_string();
        let ask =
            Parking { ground: "season".to_owned(), review, reason: "冬季无法施工".to_owned(), version: None };
        parking_ask(&app.state, &handler, &case.code, &ask).await.unwrap();
        let request = file(app, case).await.requests.last().unwrap().id;
        let yes = Decision { granted: true, answer: String::new() };
        request_decide(&app.state, &coordinator, &case.code, request, &yes).await.unwrap();
    };
    for (n, signed) in [(0, true), (1, false)] {
        let case = given(app, n, AREA, "0201").await;
        if signed {
            accept(app, &case).await;
        }
        park(&case).await;
        case_assign(&app.state, &coordinator, &case.code, housing, "改由住建办理", None).await.unwrap();
        sound(app).await;
        let sent = given(app, n + 2, AREA, "0201").await;
        if signed {
            accept(app, &sent).await;
        }
        park(&sent).await;
        case_send(&app.state, &handler, &sent.code, above, "超出区级权限", None).await.unwrap();
        sound(app).await;
    }
    let disputed = given(app, 4, AREA, "0201").await;
    park(&disputed).await;
    task_dispute(&app.state, &handler, &disputed.code, "应由住建部门办理", None).await.unwrap();
    let decision = Triage { category: "0201".to_owned(), unit: Some(housing), ..Triage::default() };
    case_triage(&app.state, &coordinator, &disputed.code, &decision).await.unwrap();
    sound(app).await;
});

// Found by five of a thousand seeds of the simulation.
doors!(what_a_machine_began_whose_time_ran_ahead_does_not_end_before_it, async |app: &App| {
    let handler = actor(app, "bh-human-resources").await;
    let case = given(app, 0, AREA, "0201").await;
    accept(app, &case).await;
    app.hand.advance(2 * DAY);
    line_write(&app.state, &handler, &case.code, "配件已经订了。").await.unwrap();
    app.hand.advance(HOUR - 2 * DAY);
    answer(app, &case, "fixed").await;
    let clocks = file(app, &case).await.clocks;
    for clock in &clocks {
        assert!(clock.stopped_at.is_none_or(|stopped| stopped >= clock.started_at.0), "{clock:?}");
    }
    app.advance(3 * DAY).await;
    sound(app).await;
});

doors!(golden_13_and_15_an_objection_comes_soon_and_a_ruling_is_final, async |app: &App| {
    let handler = actor(app, "bh-human-resources").await;
    let coordinator = actor(app, "bh-coordinator").await;
    let (human, housing) = (unit(app, "bh-human-resources").await, unit(app, "bh-housing").await);
    let case = given(app, 0, AREA, "0201").await;
    task_dispute(&app.state, &handler, &case.code, "应由住建部门办理", None).await.unwrap();
    assert!(running(app, &case, "rule").await.is_some(), "a ruling is owed");
    case_assign(&app.state, &coordinator, &case.code, human, "清单载明由人社负责", None).await.unwrap();
    assert!(running(app, &case, "rule").await.is_none());
    let seen = file(app, &case).await;
    let ruled = seen.steps.iter().rfind(|(step, _)| step.step == Move::Assign).unwrap();
    assert_eq!(ruled.0.detail["charged"], "unit", "who objected wrongly bears the delay");
    refused(task_dispute(&app.state, &handler, &case.code, "还是不归我们", None).await, 409, "cannot be returned");

    let other = given(app, 1, AREA, "0201").await;
    task_dispute(&app.state, &handler, &other.code, "应由住建部门办理", None).await.unwrap();
    case_assign(&app.state, &coordinator, &other.code, housing, "确属住建", None).await.unwrap();
    let seen = file(app, &other).await;
    assert_eq!(seen.steps.last().unwrap().0.detail["charged"], "dispatch", "whoever sent it there was wrong");

    let complex = told(app, 2, AREA).await;
    let decision = Triage { category: "0201".to_owned(), complex: true, ..Triage::default() };
    case_triage(&app.state, &coordinator, &complex.code, &decision).await.unwrap();
    let plain = given(app, 3, AREA, "0201").await;
    // The clock stands on a Monday: Wednesday is the second working day after it.
    app.advance(2 * DAY).await;
    refused(task_dispute(&app.state, &handler, &plain.code, "不归我们", None).await, 409, "could be raised until");
    task_dispute(&app.state, &handler, &complex.code, "不归我们", None).await.unwrap();
    sound(app).await;
});

doors!(golden_14_what_its_list_does_not_hold_is_not_pushed_down_to_a_community, async |app: &App| {
    let case = given(app, 0, AREA, "0201").await;
    let handler = actor(app, "bh-human-resources").await;
    let coordinator = actor(app, "bh-coordinator").await;
    let community = unit(app, "cm-liugangli").await;
    refused(case_send(&app.state, &handler, &case.code, community, "请社区处理", None).await, 422, "outside-list");
    refused(
        case_assign(&app.state, &coordinator, &case.code, community, "请社区处理", None).await,
        422,
        "outside-list",
    );
    let waiting = told(app, 1, AREA).await;
    let decision = Triage { category: "0201".to_owned(), unit: Some(community), ..Triage::default() };
    refused(case_triage(&app.state, &coordinator, &waiting.code, &decision).await, 422, "outside-list");
    assert_eq!(file(app, &case).await.case.unit(), Some(unit(app, "bh-human-resources").await), "where it was");
});

doors!(golden_14_a_grid_gets_what_its_list_holds_and_no_permit_or_penalty, async |app: &App| {
    let grid = UnitDraft {
        code: "grid-1".to_owned(),
        name: "柳港里第一网格".to_owned(),
        department: "community".to_owned(),
        area: format!("{AREA}001").parse().unwrap(),
    };
    unit_edit(&app.state, &Actor::System, &[grid]).await.unwrap();
    let (coordinator, grid) = (actor(app, "bh-coordinator").await, unit(app, "grid-1").await);
    // Waste in the street may go to it; enforcement of urban management, and anything not listed, may not.
    let waste = given(app, 0, AREA, "010213").await;
    case_send(&app.state, &coordinator, &waste.code, grid, "请网格员清理", None).await.unwrap();
    assert_eq!(file(app, &waste).await.case.unit(), Some(grid));
    for (n, category) in ["010202", "010301", "0201"].into_iter().enumerate() {
        let case = given(app, n + 1, AREA, category).await;
        let sent = case_send(&app.state, &coordinator, &case.code, grid, "请网格员处理", None).await;
        refused(sent, 422, "outside-list");
        refused(
            case_assign(&app.state, &coordinator, &case.code, grid, "请网格员处理", None).await,
            422,
            "outside-list",
        );
    }
    sound(app).await;
});

doors!(a_resident_who_reads_no_page_hears_by_telephone, async |app: &App| {
    let case = given(app, 0, AREA, "0201").await;
    let handler = actor(app, "bh-human-resources").await;
    let contact = async |way: &str, reached: Option<bool>| {
        let contact = Contact { way: way.to_owned(), reached };
        case_contact(&app.state, &handler, &case.code, &contact).await
    };
    refused(contact("pigeon", Some(true)).await, 422, "contact-way-unknown");
    refused(contact("phone", None).await, 422, "reached-missing");
    let operator = actor(app, "bh-operator").await;
    let foreign = Contact { way: "phone".to_owned(), reached: Some(true) };
    refused(case_contact(&app.state, &operator, &case.code, &foreign).await, 403, "role");
    contact("phone", Some(false)).await.unwrap();
    assert!(running(app, &case, "feedback_first").await.is_some(), "a try that found nobody is no feedback");
    app.advance(HOUR).await;
    contact("visit", Some(true)).await.unwrap();
    assert!(running(app, &case, "feedback_first").await.is_none());
    assert_eq!(running(app, &case, "feedback_next").await.unwrap().started_at, app.state.now());
    let tracked = case_track(&app.state, &case.code, Some(&case.secret)).await.unwrap();
    let told: Vec<_> =
        tracked.steps.iter().filter(|step| step.step == Move::Contact).map(|step| step.detail.clone()).collect();
    assert_eq!(told.len(), 2);
    assert_eq!(told[1], serde_json::json!({ "way": "visit", "reached": true }));
    sound(app).await;
});

doors!(whoever_waits_may_urge_once_a_day_and_the_third_time_brings_supervision, async |app: &App| {
    let case = given(app, 0, AREA, "0201").await;
    let operator = actor(app, "bh-operator").await;
    case_urge_own(&app.state, &case.code, &case.secret).await.unwrap();
    refused(case_urge(&app.state, &operator, &case.code).await, 422, "urged-already");
    app.advance(25 * HOUR).await;
    case_urge(&app.state, &operator, &case.code).await.unwrap();
    assert!(file(app, &case).await.supervisions.is_empty());
    app.advance(25 * HOUR).await;
    case_urge_own(&app.state, &case.code, &case.secret).await.unwrap();
    let orders = file(app, &case).await.supervisions;
    assert_eq!((orders.len(), orders[0].ground.as_str(), orders[0].ordered_by), (1, "repeated", None));
    let handler = actor(app, "bh-human-resources").await;
    app.advance(0).await;
    let told = notice_list(&app.state, &handler).await.unwrap();
    assert_eq!(told.iter().filter(|told| told.template == "urged").count(), 3, "{told:?}");
    answer(app, &case, "fixed").await;
    refused(case_urge_own(&app.state, &case.code, &case.secret).await, 409, "cannot urge");
    sound(app).await;
});

doors!(what_nobody_has_yet_is_urged_with_whoever_decides, async |app: &App| {
    let case = told(app, 0, AREA).await;
    case_urge_own(&app.state, &case.code, &case.secret).await.unwrap();
    app.advance(0).await;
    let told = notice_list(&app.state, &actor(app, "liugang-coordinator").await).await.unwrap();
    assert_eq!(told.iter().filter(|told| told.template == "urged").count(), 1, "{told:?}");
    sound(app).await;
});

doors!(an_appeal_against_a_refusal_is_decided_by_another_person, async |app: &App| {
    let case = told(app, 0, AREA).await;
    let (coordinator, operator) = (actor(app, "bh-coordinator").await, actor(app, "bh-operator").await);
    let refuse = async |who: &Actor| {
        case_refuse(&app.state, who, &case.code, "litigation", Some("属于法院管辖".to_owned()), None).await
    };
    refuse(&coordinator).await.unwrap();
    case_reopen(&app.state, &case.code, &case.secret, "法院说不归他们管").await.unwrap();
    refused(refuse(&coordinator).await, 422, "appeal-own");
    refuse(&operator).await.unwrap();
    sound(app).await;
});

doors!(what_goes_up_comes_back_with_its_answer, async |app: &App| {
    let case = given(app, 0, AREA, "0201").await;
    let (handler, upper) = (actor(app, "bh-human-resources").await, actor(app, "mh-human-resources").await);
    let (below, above) = (unit(app, "bh-human-resources").await, unit(app, "mh-human-resources").await);
    refused(case_send(&app.state, &handler, &case.code, below, "自己", None).await, 422, "unit-same");
    let beside = unit(app, "ys-human-resources").await;
    refused(case_send(&app.state, &handler, &case.code, beside, "隔壁", None).await, 422, "unit-level");
    case_send(&app.state, &handler, &case.code, above, "需市级统筹资金", None).await.unwrap();
    assert_eq!(file(app, &case).await.case.unit(), Some(above), "one owner");
    refused(task_dispute(&app.state, &handler, &case.code, "x", None).await, 404, "not");
    app.advance(HOUR).await;
    let words = muster_server::usecase::task_answer::Answer {
        outcome: "fixed".to_owned(),
        text: "市级资金已拨付。".to_owned(),
        evidence: "拨付单 12 号".to_owned(),
        ..Default::default()
    };
    muster_server::usecase::task_answer::task_answer(&app.state, &upper, &case.code, &words).await.unwrap();
    let back = file(app, &case).await;
    assert_eq!((back.case.unit(), back.case.state.as_str()), (Some(below), "assigned"), "its sender owes the answer");
    let step = &back.steps.last().unwrap().0;
    assert_eq!((step.step, step.internal_text.as_deref()), (Move::SendBack, Some("市级资金已拨付。")));
    assert_eq!(step.public_text, None, "the resident hears it from the unit that answers them");
    app.advance(HOUR).await;
    answer(app, &case, "fixed").await;
    assert_eq!(file(app, &case).await.case.state.as_str(), "answered");
    sound(app).await;
});

doors!(a_unit_under_supervision_owes_a_report, async |app: &App| {
    let case = given(app, 0, AREA, "0201").await;
    let (handler, coordinator) = (actor(app, "bh-human-resources").await, actor(app, "bh-coordinator").await);
    let order = async |ground: &str, text: &str| {
        supervision_order(&app.state, &coordinator, &case.code, ground, text, None).await
    };
    refused(order("mood", "x").await, 422, "ground-unknown");
    refused(supervision_report(&app.state, &handler, &case.code, "没有督办", None).await, 409, "No order");
    order("unsolved", "两日内报告处置方案").await.unwrap();
    refused(order("effect", "再来一份").await, 422, "supervision-open");
    assert!(running(app, &case, "supervise").await.is_some(), "with a clock of its own");
    supervision_report(&app.state, &handler, &case.code, "已查明，本周内修复", None).await.unwrap();
    assert!(running(app, &case, "supervise").await.is_none());
    sound(app).await;
});

doors!(a_machine_whose_time_ran_ahead_breaks_no_promise_that_is_kept, async |app: &App| {
    let (kept, taken) = (given(app, 0, AREA, "0201").await, given(app, 1, AREA, "0201").await);
    app.advance(3 * DAY).await;
    assert!(running(app, &kept, "accept").await.unwrap().broken_at.is_some(), "the machine believes it is Thursday");
    app.hand.advance(-3 * DAY + HOUR);
    accept(app, &kept).await;
    let other = unit(app, "ys-human-resources").await;
    case_assign(&app.state, &actor(app, "coordinator").await, &taken.code, other, "另有分工", None).await.unwrap();
    let accepted = file(app, &kept).await.clocks.into_iter().find(|clock| clock.kind == "accept").unwrap();
    assert_eq!(accepted.broken_at, None, "signed in time");
    app.advance(3 * DAY).await;
    sound(app).await;
});

doors!(asked_for_again_and_again_it_is_put_under_supervision_by_itself, async |app: &App| {
    let case = given(app, 0, AREA, "0201").await;
    for round in 1..=2 {
        app.advance(HOUR).await;
        answer(app, &case, "fixed").await;
        app.advance(HOUR).await;
        case_reopen(&app.state, &case.code, &case.secret, "还在漏水").await.unwrap();
        let orders = file(app, &case).await.supervisions;
        assert_eq!(orders.len(), usize::from(round >= 2), "after round {round}");
    }
    let orders = file(app, &case).await.supervisions;
    assert_eq!((orders[0].ground.as_str(), orders[0].ordered_by), ("reopened", None), "by a rule, not by a person");
    line_write_own(&app.state, &case.code, &case.secret, "请派人来看看").await.unwrap();
    sound(app).await;
});

doors!(every_rung_is_passed_once_and_in_order_also_of_what_nobody_has, async |app: &App| {
    let waiting = told(app, 0, AREA).await;
    let with_unit = given(app, 1, AREA, "0201").await;
    // After a stop of a month everything that was reached is passed, and nothing twice.
    app.advance(30 * DAY).await;
    app.advance(HOUR).await;
    let ladder = &app.state.pack.ladder;
    for (case, kinds) in [(&waiting, vec!["dispatch", "promise"]), (&with_unit, vec!["accept", "answer", "promise"])] {
        let seen = file(app, case).await;
        for kind in kinds {
            let clock = seen.clocks.iter().rfind(|clock| clock.kind == kind && clock.stopped_at.is_none()).unwrap();
            let rungs: Vec<_> = seen.rungs.iter().filter(|rung| rung.clock_id == clock.id).collect();
            let numbers: Vec<_> = rungs.iter().map(|rung| rung.number).collect();
            let known = ladder.rungs(muster_core::pack::ClockKind::from_code(kind).unwrap()).len() as i64;
            assert_eq!(numbers, (0..known).collect::<Vec<_>>(), "{kind}");
            assert!(rungs.iter().map(|rung| rung.at).is_sorted(), "{kind}: {rungs:?}");
            assert!(clock.broken_at.is_some(), "{kind}");
        }
    }
    sound(app).await;
});
