//! Who can help: joining without an account, one's own page, certificates, and what staff see.

use muster_core::dispatch::registry::{Bar, ResourceKind};
use muster_core::dispatch::{Need, Point};
use muster_core::people::Actor;
use muster_core::time::Timestamp;
use muster_server::cli::export::csv;
use muster_server::cli::import::resources::Summary;
use muster_server::usecase::resource_enter::Entering;
use muster_server::usecase::resource_export::{Hsds, resource_export};
use muster_server::usecase::resource_import::{EntryFate, resource_import};
use muster_server::usecase::resource_own::{resource_assure, resource_leave, resource_own, resource_pause};
use muster_server::usecase::resource_view::resource_view;

use crate::app::{App, Browser, between, doors};
use crate::doctor::{health, said};

const AREA: &str = "900102001001000";
const DAY: i64 = Timestamp::DAY;

const FORM: [(&str, &str); 10] = [
    ("name", "欧阳晓雨"),
    ("phone", "13911112222"),
    ("age", "adult"),
    ("area", AREA),
    ("skill", "company"),
    ("skill", "driving"),
    ("tick", "0-0"),
    ("tick", "5-2"),
    ("reach", "3"),
    ("capacity", "2"),
];

/// The form with some fields written anew.
fn form<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = FORM.iter().filter(|(name, _)| !changes.iter().any(|(other, _)| other == name));
    let mut fields: Vec<_> = kept.copied().collect();
    for (name, value) in [("way", "phone"), ("consent", "yes")] {
        if !changes.iter().any(|(other, _)| *other == name) {
            fields.push((name, value));
        }
    }
    fields.extend(changes.iter().filter(|(_, value)| !value.is_empty()));
    fields
}

struct Slip {
    code: String,
    secret: String,
}

async fn join(browser: &mut Browser<'_>, changes: &[(&str, &str)]) -> Result<Slip, String> {
    browser.get("/help/join").await;
    let answer = browser.post("/help/join", &form(changes)).await;
    if answer.status != 200 {
        assert_eq!(answer.status, 422, "{}", answer.body);
        return Err(answer.body);
    }
    let big: Vec<String> = answer
        .body
        .split("class=\"code-big\"")
        .skip(1)
        .map(|rest| {
            let spans = rest.split_once("</p>").unwrap().0;
            spans.split("<span>").skip(1).map(|span| span.split_once("</span>").unwrap().0).collect()
        })
        .collect();
    Ok(Slip { code: big[0].clone(), secret: big[1].clone() })
}

async fn bars(app: &App, slip: &Slip) -> Vec<Bar> {
    resource_own(&app.state, &slip.code, &slip.secret).await.unwrap().standing.bars
}

doors!(somebody_joins_and_finds_their_own_page, async |app: &App| {
    let mut browser = app.browser();
    let slip = join(&mut browser, &[]).await.unwrap();
    assert_eq!(bars(app, &slip).await, []);
    let page = browser.get(&format!("/help/me/{}", slip.code)).await;
    assert!(page.status == 200 && !page.body.contains("欧阳"), "the number alone tells nothing");
    let keys = [("code", slip.code.as_str()), ("secret", slip.secret.as_str())];
    let page = browser.post("/help/me", &keys).await.body;
    assert!(page.contains("欧阳晓雨，您好") && page.contains("13911112222"), "{page}");
    let wrong = browser.post("/help/me", &[("code", slip.code.as_str()), ("secret", "ABCDEFGH")]).await;
    assert_eq!(wrong.status, 404);
    assert!(wrong.body.contains("编号和密码对不上"), "{}", wrong.body);

    let own = resource_own(&app.state, &slip.code, &slip.secret).await.unwrap();
    assert_eq!(own.standing.ticks, [(0, 0), (5, 2)]);
    assert_eq!(own.row.name, "欧", "staff read no more");
    let shown = format!("{:?}", own.row);
    assert!(!shown.contains("欧阳晓雨") && !shown.contains("13911112222"), "sealed: {shown}");
    let pack = &app.state.pack.dispatch;
    assert_eq!(own.standing.counts, pack.bits(["company"]), "driving needs a certificate");
});

doors!(what_is_wrong_with_a_form_is_said_at_once_and_nothing_is_lost, async |app: &App| {
    let mut browser = app.browser();
    let body = join(&mut browser, &[("name", ""), ("phone", "ask my wife"), ("consent", "no"), ("skill", "")]).await;
    let body = body.err().unwrap();
    for said in ["请填写姓名", "电话号码不对", "不同意就不能邀请您", "请至少选一项能帮的忙"]
    {
        assert!(body.contains(said), "{said}: {body}");
    }
    assert!(body.contains("value=\"ask my wife\"") && body.contains("value=\"0-0\" checked"), "{body}");
});

doors!(a_minor_joins_with_a_guardian_only, async |app: &App| {
    let mut browser = app.browser();
    let body = join(&mut browser, &[("age", "minor"), ("born", "2010-05-31")]).await.err().unwrap();
    assert!(body.contains("未满 18 岁要监护人同意"), "{body}");
    let body = join(&mut browser, &[("age", "minor")]).await.err().unwrap();
    assert!(body.contains("或填写出生日期"), "{body}");
    let with = [("age", "minor"), ("born", "2010-05-31"), ("guardian", "王芳 13900001234")];
    let slip = join(&mut browser, &with).await.unwrap();
    let own = resource_own(&app.state, &slip.code, &slip.secret).await.unwrap();
    assert_eq!(own.row.minor_until, Some(20_280_531));
    assert_eq!(own.standing.bars, []);
    assert!(own.row.guardian_sealed.is_some());
});

doors!(one_changes_pauses_assures_and_leaves, async |app: &App| {
    let mut browser = app.browser();
    let slip = join(&mut browser, &[]).await.unwrap();
    let at = format!("/help/me/{}", slip.code);
    let secret = ("secret", slip.secret.as_str());
    let mut changed = form(&[("tick", "1-1"), ("off", "2026-12-24"), ("reach", "10")]);
    changed.extend([secret, ("version", "1")]);
    let answer = browser.post(&at, &changed).await;
    assert!(answer.status == 200 && answer.body.contains("已保存"), "{}", answer.body);
    let own = resource_own(&app.state, &slip.code, &slip.secret).await.unwrap();
    assert_eq!((own.standing.ticks, own.row.reach), (vec![(1, 1)], 10_000));
    let stale = browser.post(&at, &changed).await;
    assert_eq!(stale.status, 412, "written since: {}", stale.body);

    browser.post(&format!("{at}/pause"), &[secret, ("pause", "yes")]).await;
    assert_eq!(bars(app, &slip).await, [Bar::Paused]);
    browser.post(&format!("{at}/pause"), &[secret, ("pause", "no")]).await;
    assert_eq!(bars(app, &slip).await, []);

    app.advance(181 * DAY).await;
    assert_eq!(bars(app, &slip).await, [Bar::Stale], "not asked for after 180 days without a word");
    browser.get("/help/join").await;
    browser.post(&format!("{at}/assure"), &[secret]).await;
    assert_eq!(bars(app, &slip).await, []);

    let left = browser.post(&format!("{at}/leave"), &[secret]).await;
    assert!(left.status == 200 && left.body.contains("已经销毁"), "{}", left.body);
    assert_eq!(resource_own(&app.state, &slip.code, &slip.secret).await.unwrap_err().status(), 404);
    let code = slip.code.parse().unwrap();
    let mut tx = app.state.read().await.unwrap();
    let row = muster_store::dispatch::resource_by_code(&mut tx, &code).await.unwrap().unwrap();
    assert!(row.name_sealed.is_none() && row.person_id.is_none() && row.name.is_empty(), "{row:?}");
});

/// Of the slip's owner, with a certificate for driving.
async fn shows(browser: &mut Browser<'_>, slip: &Slip, skill: &str, expires: &str) {
    let fields = [
        ("secret", slip.secret.as_str()),
        ("cert", skill),
        ("title", "机动车驾驶证"),
        ("number", "J-2026-1"),
        ("expires", expires),
    ];
    let answer = browser.post(&format!("/help/me/{}/certificates", slip.code), &fields).await;
    assert!(answer.status == 200 && answer.body.contains("等人核对"), "{}", answer.body);
}

async fn counts(app: &App, slip: &Slip) -> u32 {
    resource_own(&app.state, &slip.code, &slip.secret).await.unwrap().standing.counts
}

doors!(a_certificate_counts_when_a_person_has_seen_it_and_until_it_runs_out, async |app: &App| {
    let mut browser = app.browser();
    let slip = join(&mut browser, &[]).await.unwrap();
    shows(&mut browser, &slip, "driving", "2026-08-31").await;
    let pack = &app.state.pack.dispatch;
    let (without, with) = (pack.bits(["company"]), pack.bits(["company", "driving"]));
    assert_eq!(counts(app, &slip).await, without, "not yet seen");

    let mut coordinator = app.signed_in("bh-coordinator").await;
    let waiting = coordinator.get("/resources?show=waiting").await.body;
    assert!(waiting.contains(&format!("/resources/{}", slip.code)), "{waiting}");
    let page = coordinator.get(&format!("/resources/{}", slip.code)).await.body;
    assert!(!page.contains("欧阳晓雨") && !page.contains("J-2026-1"), "{page}");
    let id = between(&page, &format!("/resources/{}/certificates/", slip.code), "\"").unwrap().to_owned();
    let at = format!("/resources/{}/certificates/{id}", slip.code);
    let nothing = coordinator.post(&at, &[("verdict", "refused"), ("reason", " ")]).await;
    assert_eq!(nothing.status, 422, "a refusal says why");
    assert_eq!(coordinator.post(&at, &[("verdict", "verified")]).await.status, 303);
    assert_eq!(counts(app, &slip).await, with);
    assert_eq!(coordinator.post(&at, &[("verdict", "verified")]).await.status, 412, "decided once");
    app.advance(150 * DAY).await;
    assert_eq!(counts(app, &slip).await, without, "run out");
});

doors!(who_a_volunteer_is_is_shown_with_a_reason_and_on_the_record, async |app: &App| {
    let slip = join(&mut app.browser(), &[]).await.unwrap();
    let at = format!("/resources/{}", slip.code);
    let mut coordinator = app.signed_in("bh-coordinator").await;
    coordinator.get(&at).await;
    let refused = coordinator.post(&format!("{at}/reveal"), &[("reason", "")]).await;
    assert!(refused.status == 422 && !refused.body.contains("13911112222"), "{}", refused.body);
    let shown = coordinator.post(&format!("{at}/reveal"), &[("reason", "核实保险姓名")]).await.body;
    assert!(shown.contains("欧阳晓雨") && shown.contains("13911112222"), "{shown}");
    let mut audit = app.signed_in("audit-admin").await;
    let record = audit.get("/admin/audit").await.body;
    assert!(record.contains("核实保险姓名") && !record.contains("欧阳晓雨"), "{record}");

    let mut leader = app.signed_in("bh-leader").await;
    assert_eq!(leader.get(&at).await.status, 200, "a leader looks");
    assert_eq!(leader.post(&format!("{at}/reveal"), &[("reason", "我想看看")]).await.status, 403);
    let mut elsewhere = app.signed_in("ys-coordinator").await;
    assert_eq!(elsewhere.get(&at).await.status, 404, "another district's");
    assert!(!elsewhere.get("/resources").await.body.contains(&slip.code));
    let mut operator = app.signed_in("bh-operator").await;
    assert_eq!(operator.get("/resources").await.status, 403);
    assert_eq!(resource_view(&app.state, &Actor::Anonymous, &slip.code).await.unwrap_err().status(), 401);
});

doors!(an_organisation_is_entered_with_its_hub, async |app: &App| {
    let mut coordinator = app.signed_in("bh-coordinator").await;
    coordinator.get("/resources").await;
    let fields = |name: &'static str, parent: &'static str| {
        let more = [("tick", "0-0"), ("skill", "company"), ("reach", "10"), ("capacity", "10"), ("at_once", "2")];
        let mut fields = vec![("kind", "organisation"), ("name", name), ("area", AREA), ("parent", parent)];
        fields.extend(more);
        fields
    };
    let hub = coordinator.post("/resources", &fields("滨湖公益枢纽", "")).await;
    assert!(hub.status == 200 && hub.body.contains("滨湖公益枢纽"), "{}", hub.body);
    let wrong = coordinator.post("/resources", &fields("无枢纽", "0000-0000-00000")).await;
    assert!(wrong.status == 422 && wrong.body.contains("没有这个编号的组织"), "{}", wrong.body);
    assert!(wrong.body.contains("value=\"无枢纽\""), "nothing typed is lost");
    let list = coordinator.get("/resources?kind=organisation").await.body;
    assert!(list.contains("滨湖公益枢纽") && list.contains("共 1 项"), "{list}");
});

doors!(a_list_is_taken_in_row_by_row_and_given_out_without_persons, async |app: &App| {
    let slip = join(&mut app.browser(), &[]).await.unwrap();
    let entry = |kind: ResourceKind, name: &str, parent: &str, hours: &str| Entering {
        kind: Some(kind),
        name: name.to_owned(),
        area: AREA.parse().ok(),
        parent: parent.to_owned(),
        skills: vec!["company".to_owned()],
        hours: hours.to_owned(),
        reach: 10,
        capacity: 5,
        at_once: 1,
        ..Entering::default()
    };
    let hours = "DTSTART:20260511T080000\nDURATION:PT4H\nRRULE:FREQ=WEEKLY;BYDAY=MO,WE";
    let rows = [
        entry(ResourceKind::Organisation, "暖巷助老社", "", hours),
        entry(ResourceKind::Service, "助餐点", "暖巷助老社", ""),
        entry(ResourceKind::Venue, "活动室", "没有这个组织", ""),
        entry(ResourceKind::Vehicle, "接送车", "", "RRULE:FREQ=MONTHLY"),
        entry(ResourceKind::Volunteer, "张三", "", ""),
    ];
    let fates = resource_import(&app.state, &Actor::System, &rows).await.unwrap();
    assert_eq!(fates[..2], [EntryFate::Added, EntryFate::Added]);
    for (fate, field) in fates[2..].iter().zip(["/parent", "/hours", "/kind"]) {
        let EntryFate::Rejected(faults) = fate else { panic!("{fate:?}") };
        assert_eq!(faults[0].pointer, field, "{faults:?}");
    }
    let again = resource_import(&app.state, &Actor::System, &rows[..2]).await.unwrap();
    assert_eq!(again, [EntryFate::Known, EntryFate::Known], "read in twice, it is there once");

    let out = resource_export(&app.state, &Actor::System).await.unwrap();
    assert_eq!(out.len(), 2);
    let csv = csv(&out);
    assert!(csv.contains("暖巷助老社") && !csv.contains("欧") && !csv.contains(&slip.code), "{csv}");
    let hsds = serde_json::to_value(Hsds::of(&app.state, &out)).unwrap();
    let required = [
        ("organizations", ["id", "name", "description"]),
        ("services", ["id", "organization_id", "status"]),
        ("locations", ["id", "location_type", "latitude"]),
        ("service_at_locations", ["id", "service_id", "location_id"]),
        ("schedules", ["id", "opens_at", "byday"]),
    ];
    for (table, columns) in required {
        let rows = hsds[table].as_array().unwrap();
        assert!(!rows.is_empty(), "{table}");
        assert!(rows.iter().all(|row| columns.iter().all(|column| !row[column].is_null())), "{table}: {rows:?}");
    }
    assert_eq!(hsds["schedules"][0]["byday"], "MO,WE");
    let services = hsds["services"].as_array().unwrap();
    assert!(
        services.iter().all(|service| service["organization_id"] == services[0]["organization_id"]),
        "{services:?}"
    );
});

#[derive(clap::Parser)]
struct HsdsLine {
    #[command(flatten)]
    args: muster_server::cli::import::hsds::Args,
}

async fn import_hsds(files: &crate::import_files::Files, app: &App, name: &str) -> Summary {
    let args = <HsdsLine as clap::Parser>::parse_from(files.line(&[name], &[])).args;
    let (summary, end) = muster_server::cli::import::hsds::Job::open(&args).unwrap().run(&app.state).await;
    end.unwrap();
    summary
}

doors!(what_goes_out_as_hsds_comes_in_again_and_what_is_wrong_is_named, async |app: &App| {
    let files = crate::import_files::Files::new();
    let tables = serde_json::json!({
        "organizations": [
            { "id": "m", "name": "暖巷助老社", "description": "陪伴聊天、代买代办", "parent_organization_id": "h" },
            { "id": "h", "name": "滨湖公益枢纽" },
            { "id": "x", "name": "没有枢纽的社", "parent_organization_id": "?" },
        ],
        "services": [
            { "id": "own", "organization_id": "m", "name": "暖巷助老社", "assured_date": "2026-05-01" },
            { "id": "s", "organization_id": "m", "name": "助餐点", "description": "Errands" },
            { "id": "bad", "organization_id": "m", "name": "坏日子", "assured_date": "soon" },
        ],
        "locations": [
            { "id": "l", "name": "活动室", "latitude": 95.0, "longitude": 118.0 },
            { "id": "v", "name": "礼堂", "external_identifier": AREA },
            { "id": "a", "name": "暖巷", "external_identifier": AREA },
        ],
        "service_at_locations": [{ "service_id": "own", "location_id": "a" }, { "service_id": "s", "location_id": "a" }],
        "schedules": [
            { "id": "t", "service_id": "own", "dtstart": "2026-05-11", "freq": "WEEKLY", "byday": "MO,WE",
              "opens_at": "08:00", "closes_at": "12:00" },
            { "id": "u", "location_id": "v", "dtstart": "2026-05-11", "freq": "DAILY", "opens_at": "18:00", "closes_at": "00:00" },
        ],
    });
    files.write("hsds.json", tables.to_string());
    let summary = import_hsds(&files, app, "hsds.json").await;
    // The hub says no place: without --area it is rejected, and so is its member.
    assert_eq!((summary.read, summary.added, summary.rejected), (7, 1, 6));
    let mut tables = tables;
    let hub = serde_json::json!({ "id": "hub", "organization_id": "h", "name": "滨湖公益枢纽" });
    tables["services"].as_array_mut().unwrap().push(hub);
    tables["service_at_locations"]
        .as_array_mut()
        .unwrap()
        .push(serde_json::json!({ "service_id": "hub", "location_id": "a" }));
    files.write("hsds.json", tables.to_string());
    let summary = import_hsds(&files, app, "hsds.json").await;
    assert_eq!((summary.read, summary.added, summary.known, summary.rejected), (7, 3, 1, 3));
    let rejects = std::fs::read_to_string(summary.rejects.unwrap()).unwrap();
    for (field, code) in
        [("parent_organization_id", "parent-unknown"), ("assured_date", "date-wrong"), ("latitude", "place-wrong")]
    {
        assert!(rejects.contains(field) && rejects.contains(code), "{field}: {rejects}");
    }
    let out = resource_export(&app.state, &Actor::System).await.unwrap();
    let row = out.iter().find(|row| row.name == "暖巷助老社").unwrap();
    assert_eq!(row.skills().collect::<Vec<_>>(), ["errand", "company"]);
    assert!(row.hours.contains("BYDAY=MO,WE") && row.parent_id.is_some(), "{row:?}");
    assert_eq!(app.state.pack.calendar.local_date(row.assured_at), jiff::civil::date(2026, 5, 1));
    let hall = out.iter().find(|row| row.name == "礼堂").unwrap();
    assert!(hall.kind == ResourceKind::Venue && hall.hours.contains("DTEND:20260512T000000"), "{hall:?}");
    // Our own file, read in again, changes nothing.
    files.write("own.json", serde_json::to_string(&Hsds::of(&app.state, &out)).unwrap());
    let again = import_hsds(&files, app, "own.json").await;
    assert_eq!((again.added, again.rejected), (0, 0));
});

doors!(the_roster_follows_who_comes_pauses_and_goes_stale, async |app: &App| {
    let mut browser = app.browser();
    let need = Need {
        at: Point { x: 0.0, y: 0.0 },
        skills: app.state.pack.dispatch.bits(["company"]),
        slots: u32::MAX,
        head: 1,
        weight: 1.0,
    };
    let near = async || {
        app.state.roster.follow(&app.state).await.unwrap();
        app.state.roster.read().as_ref().unwrap().near(&need, 0, 5, |_| false).len()
    };
    assert_eq!(near().await, 0);
    let slip = join(&mut browser, &[("reach", "50")]).await.unwrap();
    assert_eq!(near().await, 1);
    resource_pause(&app.state, &slip.code, &slip.secret, true).await.unwrap();
    assert_eq!(near().await, 0, "paused");
    resource_pause(&app.state, &slip.code, &slip.secret, false).await.unwrap();
    assert_eq!(near().await, 1);
    app.advance(181 * DAY).await;
    assert_eq!(near().await, 0, "not assured for long");
    resource_assure(&app.state, &slip.code, &slip.secret).await.unwrap();
    assert_eq!(near().await, 1);
    let sound = async || {
        let mut found = said(&health(app).await);
        // Half a year on, the holidays of the next one are not published.
        found.retain(|line| !line.starts_with("calendar: "));
        found
    };
    assert_eq!(sound().await, Vec::<String>::new(), "the doctor finds nothing");
    resource_leave(&app.state, &slip.code, &slip.secret).await.unwrap();
    assert_eq!(near().await, 0, "left");
    assert_eq!(sound().await, Vec::<String>::new(), "nor when somebody left");
});
