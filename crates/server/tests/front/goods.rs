//! Goods: from whoever gives them to the hand that gets them, with nothing below nothing on the way.

use axum::http::Method;
use muster_core::area::AreaId;
use muster_core::dispatch::offer::{NeedKind, NeedState};
use muster_core::id::{Code, NeedId};
use muster_core::time::Timestamp;
use muster_store::dispatch::{NeedRow, need_by_code, needs_insert};
use muster_store::testing::{count, execute};
use serde_json::{Value, json};

use crate::app::{Api, App, NOW, between, doors};
use crate::doctor;

const AREA: &str = "900102001001000";
const ELSEWHERE: &str = "900103001000000";

/// Goods that somebody asks for; gives the code of the need.
async fn asked(app: &App, item: &str, quantity: i64, priority: i64) -> String {
    asked_in(app, AREA, item, quantity, priority).await
}

async fn asked_in(app: &App, area: &str, item: &str, quantity: i64, priority: i64) -> String {
    let code = Code::from_random(u64::from_le_bytes(app.state.chance.bytes()));
    let row = NeedRow {
        id: NeedId(app.state.chance.uuid(NOW)),
        code: code.clone(),
        kind: NeedKind::Goods,
        case_id: None,
        part_id: None,
        area: AreaId::new(area.parse().unwrap()).unwrap(),
        latitude: 0,
        longitude: 0,
        title: format!("安置点缺物资 {priority}"),
        text: String::new(),
        place: "社区活动室".to_owned(),
        person_id: None,
        contact_sealed: None,
        secret_hash: None,
        skills: String::new(),
        head: quantity,
        item: Some(item.to_owned()),
        opens_at: NOW,
        closes_at: NOW.plus(60 * Timestamp::DAY),
        minutes: 0,
        risk: "none".to_owned(),
        risk_text: String::new(),
        priority,
        vulnerable: false,
        state: NeedState::Open,
        filled: 0,
        created_at: NOW,
        created_by: None,
        ended_at: None,
        reason: None,
        version: 1,
    };
    let mut tx = app.state.db.write().await.unwrap();
    needs_insert(&mut tx, std::slice::from_ref(&row)).await.unwrap();
    tx.commit().await.unwrap();
    code.to_string()
}

async fn need(app: &App, code: &str) -> NeedRow {
    let mut tx = app.state.read().await.unwrap();
    need_by_code(&mut tx, &code.parse().unwrap()).await.unwrap().unwrap()
}

struct Desk<'a> {
    api: Api<'a>,
    stock: String,
}

async fn desk(app: &App) -> Desk<'_> {
    let api = app.api("coordinator").await;
    let opened = api.post("/api/v1/stocks", &json!({"area": AREA, "name": "望江区救灾物资库"})).await;
    assert_eq!(opened.status, 201, "{}", opened.body);
    let stock = text(&opened.json(), "code");
    Desk { api, stock }
}

impl Desk<'_> {
    async fn lot(&self, item: &str, quantity: i64, expires: &str) -> String {
        let body =
            json!({"item": item, "quantity": quantity, "expires": expires, "donor": "望江区慈善会", "named": true});
        let lot = self.api.post(&format!("/api/v1/stocks/{}/lots", self.stock), &body).await;
        assert_eq!(lot.status, 201, "{}", lot.body);
        text(&lot.json(), "code")
    }

    async fn act(&self, path: &str, body: Value) -> Value {
        let answer = self.api.post(&format!("/api/v1/{path}"), &body).await;
        assert!(matches!(answer.status, 200 | 201), "{path}: {}", answer.body);
        answer.json()
    }

    async fn fault(&self, path: &str, body: Value, pointer: &str, code: &str) {
        self.api.post(&format!("/api/v1/{path}"), &body).await.fault(pointer, code);
    }

    async fn keep(&self, lot: &str, need: &str, quantity: i64) -> String {
        text(&self.act("consignments", json!({"lot": lot, "need": need, "quantity": quantity})).await, "code")
    }
}

fn text(value: &Value, member: &str) -> String {
    value[member].as_str().unwrap_or_else(|| panic!("no {member} in {value}")).to_owned()
}

fn numbers(value: &Value, members: &[&str]) -> Vec<i64> {
    members.iter().map(|member| value[*member].as_i64().unwrap()).collect()
}

async fn healthy(app: &App) {
    assert_eq!(doctor::said(&doctor::health(app).await), Vec::<String>::new());
}

doors!(goods_go_from_the_giver_to_the_hand, async |app: &App| {
    let desk = desk(app).await;
    let lot = desk.lot("rice", 100, "2027-05-01").await;
    let need = asked(app, "rice", 30, 4).await;
    let slip = desk.keep(&lot, &need, 25).await;
    assert_eq!((self::need(app, &need).await.filled, self::need(app, &need).await.state.as_str()), (25, "open"));
    let at = format!("consignments/{slip}");
    desk.fault(&format!("{at}/send"), json!({"quantity": 26}), "/quantity", "goods-more").await;
    desk.fault(&format!("{at}/receive"), json!({"quantity": 1, "name": "张桂芳"}), "/quantity", "goods-more").await;
    let sent = desk.act(&format!("{at}/send"), json!({"quantity": 20, "document": "出库 7", "note": "李师傅"})).await;
    assert_eq!(sent["state"], "sent");

    // The receiver signs for a part with the word of the slip; the carrier enters another part.
    let word = text(&desk.api.get(&format!("/api/v1/{at}")).await.json(), "word");
    let stranger = app.stranger();
    let sign = |word: &str, quantity: i64| json!({"word": word, "quantity": quantity, "name": "张桂芳"});
    let door = format!("/api/v1/receipts/{slip}");
    stranger.post(&door, &sign("AAAA-AAAA", 1)).await.problem(404, "not-found");
    stranger.post(&door, &sign(&word, 0)).await.fault("/quantity", "goods-quantity");
    stranger.post(&door, &json!({"word": word, "quantity": 1, "name": " "})).await.fault("/name", "receiver-missing");
    let signed = stranger.post(&door, &sign(&word.to_lowercase(), 12)).await;
    assert_eq!(signed.status, 200, "{}", signed.body);
    stranger.post(&door, &sign(&word, 9)).await.fault("/quantity", "goods-more");
    desk.act(&format!("{at}/receive"), json!({"quantity": 3, "name": "王小明", "note": "放门口"})).await;
    desk.fault(&format!("{at}/return"), json!({"quantity": 4, "note": ""}), "/note", "reason-missing").await;
    desk.act(&format!("{at}/return"), json!({"quantity": 4, "note": "家中无人"})).await;
    desk.act(&format!("{at}/return"), json!({"quantity": 1, "lost": true, "note": "袋子破了"})).await;
    let settled = desk.act(&format!("{at}/release"), json!({"quantity": 5, "note": "已够"})).await;
    assert_eq!(settled["state"], "settled");
    assert_eq!(
        numbers(&settled, &["committed", "released", "sent", "received", "returned", "lost"]),
        [25, 5, 20, 15, 4, 1]
    );
    let file = desk.api.get(&format!("/api/v1/lots/{lot}")).await.json();
    assert_eq!(numbers(&file, &["on_hand", "committed"]), [84, 0]);
    assert_eq!(file["entries"].as_array().unwrap().len(), 8);
    assert_eq!(self::need(app, &need).await.filled, 15);
    let rest = desk.keep(&lot, &need, 15).await;
    assert_eq!(self::need(app, &need).await.state.as_str(), "filled");
    desk.act(&format!("consignments/{rest}/send"), json!({"quantity": 15})).await;
    desk.act(&format!("consignments/{rest}/receive"), json!({"quantity": 15, "name": "张桂芳"})).await;
    assert_eq!(self::need(app, &need).await.state.as_str(), "done");
    let over = json!({"lot": lot, "need": need, "quantity": 1});
    desk.fault("consignments", over, "/need", "need-over").await;

    let figures = desk.api.get("/api/v1/stocks").await.json()["figures"].clone();
    assert_eq!(numbers(&figures, &["given", "reached", "stocked", "idle"]), [0, 0, 69, 0], "its time is not over");
    app.advance(31 * Timestamp::DAY).await;
    let desk = Desk { api: app.api("coordinator").await, ..desk };
    let figures = desk.api.get("/api/v1/stocks").await.json()["figures"].clone();
    assert_eq!(numbers(&figures, &["given", "reached", "stocked", "idle"]), [100, 30, 69, 69]);
    // Who received is sealed.
    assert_eq!(
        count(&app.state.db, "select cast(count(*) as bigint) from consignments where receiver_sealed is not null")
            .await,
        2
    );
    healthy(app).await;
});

doors!(what_cannot_be_given_out_stays, async |app: &App| {
    let desk = desk(app).await;
    let at = format!("stocks/{}/lots", desk.stock);
    let lot =
        |item: &str, quantity: i64, expires: &str| json!({"item": item, "quantity": quantity, "expires": expires});
    desk.fault(&at, lot("gold", 1, ""), "/item", "item-unknown").await;
    desk.fault(&at, lot("milk", 1, ""), "/expires", "expiry-missing").await;
    desk.fault(&at, lot("milk", 1, "明天"), "/expires", "expiry-wrong").await;
    desk.fault(&at, lot("milk", 1, "2026-05-10"), "/expires", "goods-expired").await;
    desk.fault(&at, lot("quilt", 0, ""), "/quantity", "goods-quantity").await;
    desk.fault(&at, lot("quilt", 1_000_001, ""), "/quantity", "goods-quantity").await;
    desk.fault(&at, json!({"item": "quilt", "quantity": 1, "named": true}), "/donor", "donor-missing").await;

    // Milk is given out until seven days before it expires.
    let (soon, later) = (desk.lot("milk", 10, "2026-05-17").await, desk.lot("milk", 10, "2026-05-18").await);
    let need = asked(app, "milk", 15, 1).await;
    let keep = |lot: &str, quantity: i64| json!({"lot": lot, "need": need, "quantity": quantity});
    desk.fault("consignments", keep(&soon, 1), "/quantity", "goods-too-soon").await;
    desk.fault("consignments", keep(&later, 11), "/quantity", "goods-more").await;
    let slip = desk.keep(&later, &need, 10).await;
    let quilts = desk.lot("quilt", 5, "").await;
    desk.fault("consignments", keep(&quilts, 1), "/need", "need-other-item").await;
    desk.fault("consignments", json!({"lot": quilts, "need": "nonsense", "quantity": 1}), "/need", "need-unknown")
        .await;
    let more = desk.lot("milk", 10, "2026-06-18").await;
    desk.fault("consignments", keep(&more, 6), "/quantity", "goods-beyond").await;

    // Kept today, too old tomorrow: it is given back and booked as spoiled.
    app.advance(Timestamp::DAY).await;
    let desk = Desk { api: app.api("coordinator").await, ..desk };
    desk.fault(&format!("consignments/{slip}/send"), json!({"quantity": 10}), "/quantity", "goods-too-soon").await;
    desk.fault(&format!("lots/{later}/spoil"), json!({"quantity": 1, "note": "过期"}), "/quantity", "goods-more").await;
    let released = desk.act(&format!("consignments/{slip}/release"), json!({"quantity": 10, "note": "快到期"})).await;
    assert_eq!(released["state"], "released");
    desk.fault(&format!("lots/{later}/spoil"), json!({"quantity": 1}), "/note", "reason-missing").await;
    let lot =
        desk.act(&format!("lots/{later}/spoil"), json!({"quantity": 10, "note": "过期", "document": "报损 1"})).await;
    assert_eq!(numbers(&lot, &["on_hand", "committed"]), [0, 0]);
    healthy(app).await;
});

doors!(a_wrong_line_is_taken_back_while_the_goods_are_there, async |app: &App| {
    let desk = desk(app).await;
    let lot = desk.lot("quilt", 50, "").await;
    let at = format!("lots/{lot}");
    desk.fault(&format!("{at}/count"), json!({"quantity": 50, "note": "盘点"}), "/quantity", "count-same").await;
    desk.fault(&format!("{at}/count"), json!({"quantity": 48, "note": ""}), "/note", "reason-missing").await;
    desk.act(&format!("{at}/count"), json!({"quantity": 48, "note": "少两床"})).await;
    let need = asked(app, "quilt", 100, 2).await;
    let slip = desk.keep(&lot, &need, 40).await;
    desk.fault(&format!("{at}/count"), json!({"quantity": 39, "note": "又少"}), "/quantity", "count-kept").await;
    let reverse = async |number: i64, why: &str| {
        desk.api.post(&format!("/api/v1/{at}/entries/{number}/reverse"), &json!({"note": why})).await
    };
    reverse(2, "").await.fault("/note", "reason-missing");
    assert_eq!(reverse(2, "在另一间找到了").await.json()["on_hand"], 50);
    reverse(2, "再来").await.problem(409, "illegal-move");
    reverse(4, "冲销的冲销").await.problem(409, "illegal-move");
    reverse(1, "数量记错").await.problem(409, "illegal-move");
    reverse(99, "没有").await.problem(404, "not-found");
    desk.act(&format!("consignments/{slip}/send"), json!({"quantity": 40})).await;
    assert_eq!(reverse(5, "还没发车").await.status, 200);
    assert_eq!(desk.api.get(&format!("/api/v1/consignments/{slip}")).await.json()["state"], "committed");
    assert_eq!(reverse(3, "弄错需求").await.status, 200);
    assert_eq!(self::need(app, &need).await.filled, 0);

    // Who saw another version is told so.
    let tag = desk.api.get(&format!("/api/v1/{at}")).await.header("etag").to_owned();
    let spoil = json!({"quantity": 1, "note": "破了"}).to_string();
    let send = async || {
        desk.api.send(Method::POST, &format!("/api/v1/{at}/spoil"), &[("if-match", tag.as_str())], spoil.clone()).await
    };
    assert_eq!(send().await.status, 200);
    send().await.problem(412, "stale-etag");
    healthy(app).await;
});

doors!(two_at_once_take_the_last_box_once, async |app: &App| {
    let desk = desk(app).await;
    let lot = desk.lot("water", 1, "2027-01-01").await;
    let needs = [asked(app, "water", 1, 1).await, asked(app, "water", 1, 1).await];
    let take = async |need: &str| {
        desk.api.post("/api/v1/consignments", &json!({"lot": lot, "need": need, "quantity": 1})).await
    };
    let (one, other) = tokio::join!(take(&needs[0]), take(&needs[1]));
    let mut statuses = [one.status, other.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [201, 422], "{} {}", one.body, other.body);
    let refused = if one.status == 422 { one } else { other };
    let detail = refused.fault("/quantity", "goods-more");
    assert!(detail.contains("1 are more than the 0"), "{detail}");
    healthy(app).await;
});

doors!(the_plan_gives_most_where_it_is_needed_most, async |app: &App| {
    let desk = desk(app).await;
    let (old, new) = (desk.lot("rice", 10, "2026-06-20").await, desk.lot("rice", 10, "2027-06-20").await);
    let (late, urgent) = (asked(app, "rice", 15, 1).await, asked(app, "rice", 12, 8).await);
    let plan = desk.api.get("/api/v1/stocks/plan").await.json();
    let of = |need: &str| -> i64 {
        let all = plan["proposals"].as_array().unwrap().iter();
        all.filter(|proposal| proposal["need"] == need).map(|proposal| proposal["quantity"].as_i64().unwrap()).sum()
    };
    assert_eq!((of(&urgent), of(&late)), (12, 8), "{plan}");
    // One more of the scarcest lot would go to the one that still lacks some.
    assert!(plan["proposals"].as_array().unwrap().iter().all(|proposal| proposal["lot_price"].as_i64().unwrap() > 0));
    let page = app.signed_in("coordinator").await.get("/stocks/plan").await;
    assert!(
        page.status == 200 && page.body.contains("分完仍有缺口") && page.body.contains("还缺 7 袋"),
        "{}",
        page.body
    );
    for proposal in plan["proposals"].as_array().unwrap() {
        desk.keep(
            proposal["lot"].as_str().unwrap(),
            proposal["need"].as_str().unwrap(),
            proposal["quantity"].as_i64().unwrap(),
        )
        .await;
    }
    for lot in [old, new] {
        let file = desk.api.get(&format!("/api/v1/lots/{lot}")).await.json();
        assert_eq!(numbers(&file, &["on_hand", "committed"]), [10, 10]);
    }
    assert_eq!(desk.api.get("/api/v1/stocks/plan").await.json()["proposals"], json!([]));
    healthy(app).await;
});

doors!(goods_are_for_those_of_the_area, async |app: &App| {
    let desk = desk(app).await;
    let lot = desk.lot("quilt", 5, "").await;
    let need = asked(app, "quilt", 5, 1).await;
    let slip = desk.keep(&lot, &need, 5).await;
    desk.act(&format!("consignments/{slip}/send"), json!({"quantity": 5})).await;
    let foreign = app.api("ys-coordinator").await;
    for path in [format!("stocks/{}", desk.stock), format!("lots/{lot}"), format!("consignments/{slip}")] {
        foreign.get(&format!("/api/v1/{path}")).await.problem(404, "not-found");
    }
    let body = json!({"quantity": 5, "name": "某人"});
    foreign.post(&format!("/api/v1/consignments/{slip}/receive"), &body).await.problem(404, "not-found");
    let leader = app.api("leader").await;
    assert_eq!(leader.get(&format!("/api/v1/lots/{lot}")).await.status, 200);
    leader
        .post(&format!("/api/v1/lots/{lot}/spoil"), &json!({"quantity": 1, "note": "破"}))
        .await
        .problem(403, "forbidden");
    app.stranger().get("/api/v1/stocks").await.problem(401, "unauthenticated");
    // A stock serves no need outside the jurisdiction of whoever acts.
    let elsewhere = asked_in(app, ELSEWHERE, "quilt", 1, 1).await;
    foreign.post("/api/v1/stocks", &json!({"area": AREA, "name": "别处"})).await.problem(404, "not-found");
    let stock = foreign.post("/api/v1/stocks", &json!({"area": ELSEWHERE, "name": "本区库"})).await.json();
    let own = Desk { api: foreign, stock: text(&stock, "code") };
    let lot = own.lot("quilt", 5, "").await;
    own.fault("consignments", json!({"lot": lot, "need": need, "quantity": 1}), "/need", "need-unknown").await;
    own.keep(&lot, &elsewhere, 1).await;
    assert_eq!(own.api.get("/api/v1/stocks").await.json()["needs"].as_array().unwrap().len(), 1);
    healthy(app).await;
});

doors!(a_gift_is_followed_without_a_name, async |app: &App| {
    let desk = desk(app).await;
    let body = json!({"item": "clothes", "quantity": 20, "donor": "赵敏秋", "note": "放在三号架"});
    let lot = text(&desk.act(&format!("stocks/{}/lots", desk.stock), body).await, "code");
    let need = asked(app, "clothes", 20, 1).await;
    let slip = desk.keep(&lot, &need, 20).await;
    desk.act(&format!("consignments/{slip}/send"), json!({"quantity": 20})).await;
    desk.act(&format!("consignments/{slip}/receive"), json!({"quantity": 18, "name": "钱多宝"})).await;

    let page = app.browser().get(&format!("/donation/{lot}")).await;
    assert!(page.status == 200 && page.body.contains("18 件 已送到") && page.body.contains("20 件"), "{}", page.body);
    let api = app.stranger().get(&format!("/api/v1/donations/{lot}")).await;
    for secret in ["赵", "钱", "三号架", slip.as_str(), "陈"] {
        assert!(!page.body.contains(secret) && !api.body.contains(secret), "{secret} is shown: {}", page.body);
    }
    assert_eq!(app.browser().get("/donation/nonsense").await.status, 422);
    let staff = app.signed_in("coordinator").await.get(&format!("/lots/{lot}")).await;
    assert!(staff.body.contains("赵＊＊") && staff.body.contains("钱＊＊ 签收"), "{}", staff.body);
    assert!(!staff.body.contains("赵敏秋") && !staff.body.contains("钱多宝"));
    healthy(app).await;
});

doors!(goods_are_handled_on_the_pages, async |app: &App| {
    let mut browser = app.signed_in("coordinator").await;
    let page = browser.get("/stocks").await;
    assert!(page.body.contains("还没有物资"), "{}", page.body);
    let refused = browser.post("/stocks", &[("name", " "), ("area", AREA)]).await;
    assert!(refused.status == 422 && refused.body.contains("id=\"name-error\""), "{}", refused.body);
    let opened = browser.post("/stocks", &[("name", "中心库房"), ("area", AREA)]).await;
    assert_eq!(opened.status, 303, "{}", opened.body);
    let stock = opened.header("location").to_owned();
    browser.get(&stock).await;
    let gift =
        [("item", "milk"), ("quantity", "十箱"), ("expires", "2026-06-30"), ("donor", "某公司"), ("named", "yes")];
    let refused = browser.post(&format!("{stock}/lots"), &gift).await;
    assert!(refused.status == 422 && refused.body.contains("id=\"quantity-error\""), "{}", refused.body);
    assert!(
        refused.body.contains("value=\"十箱\"") && refused.body.contains("value=\"2026-06-30\""),
        "nothing typed is lost"
    );
    let mut right = gift;
    right[1].1 = "１０";
    let taken = browser.post(&format!("{stock}/lots"), &right).await;
    assert_eq!(taken.status, 303, "{}", taken.body);
    let lot = taken.header("location").to_owned();
    let need = asked(app, "milk", 8, 4).await;
    let page = browser.get(&lot).await;
    assert!(page.body.contains("安置点缺物资 4 · 8 箱") && page.body.contains("收到 10 箱"), "{}", page.body);
    let code = lot.trim_start_matches("/lots/");
    let keep = |quantity: &'static str| {
        [
            ("lot", code.to_owned()),
            ("need", need.clone()),
            ("quantity", quantity.to_owned()),
            ("version", "1".to_owned()),
        ]
    };
    let version = between(&page.body, "name=\"version\" value=\"", "\"").unwrap().to_owned();
    let mut fields = keep("11");
    fields[3].1.clone_from(&version);
    let send = |fields: &[(&'static str, String); 4]| fields.clone();
    let form = send(&fields);
    let pairs: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let refused = browser.post("/consignments", &pairs).await;
    assert!(refused.status == 422 && refused.body.contains("id=\"commit-quantity-error\""), "{}", refused.body);
    fields[2].1 = "8".to_owned();
    let form = send(&fields);
    let pairs: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let kept = browser.post("/consignments", &pairs).await;
    assert_eq!(kept.status, 303, "{}", kept.body);
    let slip = kept.header("location").to_owned();
    let page = browser.get(&slip).await;
    assert!(page.body.contains("已预留") && !page.body.contains("签收口令"), "{}", page.body);
    let act = async |browser: &mut crate::app::Browser<'_>, rest: &str, fields: &[(&str, &str)]| {
        let page = browser.get(&slip).await.body;
        let version = between(&page, "name=\"version\" value=\"", "\"").unwrap().to_owned();
        let all: Vec<(&str, &str)> = [&[("version", version.as_str())], fields].concat();
        browser.post(&format!("{slip}/{rest}"), &all).await
    };
    assert_eq!(act(&mut browser, "send", &[("quantity", "8"), ("note", "三轮车")]).await.status, 303);
    let page = browser.get(&slip).await.body;
    assert!(page.contains("签收口令") && page.contains("class=\"sheet\""), "{page}");
    let word: String =
        between(&page, "<p class=\"code-big\">", "</p>").unwrap().replace("<span>", "").replace("</span>", "");

    let mut receiver = app.browser();
    let door = slip.replace("/consignments/", "/receipt/");
    assert!(receiver.get(&door).await.body.contains("送来 8 箱"));
    let wrong = receiver.post(&door, &[("word", "22222222"), ("quantity", "5"), ("name", "孙奶奶")]).await;
    assert!(
        wrong.status == 404 && wrong.body.contains("id=\"word-error\"") && wrong.body.contains("孙奶奶"),
        "{}",
        wrong.body
    );
    let signed = receiver.post(&door, &[("word", &word), ("quantity", "5"), ("name", "孙奶奶")]).await;
    assert!(signed.status == 200 && signed.body.contains("已签收，谢谢"), "{}", signed.body);

    let refused = act(&mut browser, "return", &[("quantity", "3"), ("note", ""), ("lost", "no")]).await;
    assert!(refused.status == 422 && refused.body.contains("id=\"back-note-error\""), "{}", refused.body);
    assert_eq!(
        act(&mut browser, "return", &[("quantity", "3"), ("note", "家里放不下"), ("lost", "no")]).await.status,
        303
    );
    assert!(browser.get(&slip).await.body.contains("已交清"));
    let trail = browser.get(&lot).await.body;
    for line in ["发出 8 箱，送往", "5 箱 已送到", "孙＊＊ 签收", "3 箱 退回库房", "家里放不下"]
    {
        assert!(trail.contains(line), "{line}: {trail}");
    }
    let page = browser.get("/stocks").await.body;
    assert!(page.contains("还缺 3 箱，共需 8 箱"), "{page}");
    assert!(receiver.get(&door).await.body.contains("不用再签收"));
    assert_eq!(app.signed_in("grid-songping-1").await.get("/stocks").await.status, 403);
    healthy(app).await;
});

doors!(the_doctor_sees_goods_that_do_not_follow, async |app: &App| {
    let desk = desk(app).await;
    let lot = desk.lot("quilt", 10, "").await;
    let need = asked(app, "quilt", 10, 1).await;
    let slip = desk.keep(&lot, &need, 6).await;
    desk.act(&format!("consignments/{slip}/send"), json!({"quantity": 6})).await;
    for (wrong, right, named) in [
        ("update lots set on_hand = on_hand + 1", "update lots set on_hand = on_hand - 1", "the ledger 4 and 0"),
        (
            "update consignments set received = 1",
            "update consignments set received = 0",
            "something else than the ledger",
        ),
        (
            "update goods_entries set quantity = 5 where kind = 'donated'",
            "update goods_entries set quantity = 10 where kind = 'donated'",
            "more than the",
        ),
        (
            "update goods_entries set number = 9 where number = 3",
            "update goods_entries set number = 3 where number = 9",
            "stands where line 3 should",
        ),
        (
            "update needs set filled = 5 where kind = 'goods'",
            "update needs set filled = 6 where kind = 'goods'",
            "its consignments make 6",
        ),
        (
            "update needs set state = 'done' where kind = 'goods'",
            "update needs set state = 'open' where kind = 'goods'",
            "0 of 10 arrived",
        ),
    ] {
        execute(&app.state.db, wrong).await;
        let said = doctor::said(&doctor::health(app).await).join("\n");
        assert!(said.contains(named), "{wrong}: {said}");
        execute(&app.state.db, right).await;
    }
    healthy(app).await;
});
