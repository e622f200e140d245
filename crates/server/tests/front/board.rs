//! The board: the plan is the best for all, says why, keeps who was promised, and answers "what if".

use muster_core::area::AreaId;
use muster_core::dispatch::reasons::Reason;
use muster_server::usecase::board_view::{Asked, Board, board_view};
use muster_server::usecase::need_post::{NeedDraft, need_post};
use muster_server::usecase::offer_invite::offer_invite;
use muster_store::dispatch::NeedBrief;

use crate::app::{App, doors};
use crate::doctor::{actor, health, said};
use crate::figures_history::plain;
use crate::offers::{draft, volunteer};

const TUESDAY: [(usize, usize); 2] = [(1, 0), (1, 1)];

async fn looked(app: &App, asked: Asked) -> Board {
    board_view(&app.state, &actor(app, "coordinator").await, &asked).await.unwrap()
}

async fn posted(app: &App, title: &str, priority: i64) -> String {
    let draft = NeedDraft { title: title.to_owned(), priority, ..draft(app) };
    need_post(&app.state, &actor(app, "coordinator").await, &draft).await.unwrap().code.as_str().to_owned()
}

/// Who is proposed for a need, by number.
fn proposed(board: &Board, code: &str) -> Vec<String> {
    let at = board.needs.iter().position(|need: &NeedBrief| need.code.as_str() == code).unwrap();
    let who =
        board.planned.lines[at].proposed.iter().map(|one| board.resources[&one.resource].code.as_str().to_owned());
    who.collect()
}

doors!(the_one_helper_is_kept_for_the_need_that_is_worth_most_and_what_if_says_otherwise, async |app: &App| {
    let helper = volunteer(app, &TUESDAY).await.code.as_str().to_owned();
    let (plain_need, pressing) = (posted(app, "陪老人去医院", 1).await, posted(app, "陪老人去急诊", 8).await);
    let board = looked(app, Asked::default()).await;
    assert_eq!((proposed(&board, &pressing), proposed(&board, &plain_need)), (vec![helper.clone()], vec![]));
    assert_eq!((board.planned.wanted, board.planned.found), (2, 1));
    assert_eq!(board.planned.objective, board.planned.dual, "proven");
    let at = board.needs.iter().position(|need| need.code.as_str() == plain_need).unwrap();
    let pressing_at = board.needs.iter().position(|need| need.code.as_str() == pressing).unwrap();
    assert_eq!(board.planned.lines[at].others[0].why, Reason::Kept { need: pressing_at as u32 });

    let pair = (plain_need.clone(), helper.clone());
    let pinned = looked(app, Asked { pins: vec![pair.clone()], ..Asked::default() }).await;
    assert_eq!((proposed(&pinned, &plain_need), proposed(&pinned, &pressing)), (vec![helper.clone()], vec![]));
    let before = pinned.plain.as_ref().unwrap();
    assert!(pinned.planned.objective < before.objective, "a wish costs something");
    let forbid = (pressing.clone(), helper.clone());
    let forbidden = looked(app, Asked { forbids: vec![forbid], ..Asked::default() }).await;
    assert_eq!(proposed(&forbidden, &plain_need), [helper.as_str()]);
    let unknown = looked(app, Asked { raises: vec!["no".to_owned()], ..Asked::default() }).await;
    assert_eq!(unknown.unknown, ["no"]);
});

doors!(what_was_promised_is_kept_and_counted_on, async |app: &App| {
    let helper = volunteer(app, &TUESDAY).await.code.as_str().to_owned();
    let first = posted(app, "陪老人去医院", 1).await;
    offer_invite(&app.state, &actor(app, "coordinator").await, &first, std::slice::from_ref(&helper)).await.unwrap();
    let second = posted(app, "陪老人去急诊", 8).await;
    let board = looked(app, Asked::default()).await;
    assert_eq!((proposed(&board, &first), proposed(&board, &second)), (vec![], vec![]), "their morning is booked");
    assert_eq!(board.waiting.values().sum::<i64>(), 1);
    assert_eq!((board.planned.wanted, board.planned.found), (1, 0), "who was asked is counted on");
    let other = volunteer(app, &TUESDAY).await.code.as_str().to_owned();
    let board = looked(app, Asked::default()).await;
    assert_eq!(proposed(&board, &second), [other.as_str()], "somebody new is seen at once");
    assert_eq!(said(&health(app).await), Vec::<String>::new());
});

doors!(the_page_invites_what_it_proposes, async |app: &App| {
    let helper = volunteer(app, &TUESDAY).await.code.as_str().to_owned();
    let need = posted(app, "陪老人去医院", 2).await;
    let mut browser = app.signed_in("coordinator").await;
    let page = browser.get("/board").await;
    assert_eq!(page.status, 200, "{}", page.body);
    for words in ["陪老人去医院", "邀约这 1 位", "一般", "七天排班", "可邀约"] {
        assert!(page.body.contains(words), "{words}: {}", plain(&page.body));
    }
    for secret in ["陈秀兰", "19900000321", "槐树里小区七号楼", "林小满", "19900000555"] {
        assert!(!page.body.contains(secret), "{secret}");
    }
    let what_if = browser.get(&format!("/board?forbid={need}:{helper}&raise={need}")).await;
    assert!(what_if.body.contains("不用") && what_if.body.contains("更急一级"), "{}", plain(&what_if.body));
    let fields = [("need", need.as_str()), ("resource", helper.as_str()), ("query", "")];
    let invited = browser.post("/board/invite", &fields).await;
    assert_eq!(invited.status, 200, "{}", plain(&invited.body));
    assert!(
        invited.body.contains("已发出 1 份邀约") && invited.body.contains("已邀 1 人待答"),
        "{}",
        plain(&invited.body)
    );
    let again = browser.post("/board/invite", &fields).await;
    assert_eq!(again.status, 422, "{}", plain(&again.body));

    let mut handler = app.signed_in("bh-human-resources").await;
    assert_eq!(handler.get("/board").await.status, 403);
    let foreign: AreaId = "900102".parse().unwrap();
    let board = app.api("bh-coordinator").await.get(&format!("/api/v1/board?area={foreign}")).await;
    assert_eq!(board.status, 200, "{}", board.body);
    app.api("bh-coordinator").await.get("/api/v1/board?area=900101").await.problem(404, "not-found");
});

doors!(a_need_is_posted_and_looked_up_by_the_api, async |app: &App| {
    let helper = volunteer(app, &TUESDAY).await.code.as_str().to_owned();
    let coordinator = app.api("coordinator").await;
    let draft = draft(app);
    let body = serde_json::json!({
        "area": "900102001001", "title": draft.title, "text": draft.text, "place": draft.place, "name": draft.contact.name,
        "phone": draft.contact.phone, "address": draft.contact.address, "skills": ["escort"], "head": 1,
        "opens_at": draft.opens_at.0, "closes_at": draft.closes_at.0, "minutes": 60, "risk": draft.risk,
        "risk_text": draft.risk_text, "priority": 2,
    });
    let posted = coordinator.post("/api/v1/needs", &body).await;
    assert_eq!(posted.status, 201, "{}", posted.body);
    let code = posted.json()["code"].as_str().unwrap().to_owned();
    let found = coordinator.get(posted.header("location")).await;
    assert_eq!(found.status, 200, "{}", found.body);
    assert_eq!(
        found.json()["best"][0]["code"],
        serde_json::json!(helper.parse::<muster_core::id::Code>().unwrap().to_string())
    );
    assert!(!found.body.contains("陈秀兰") && !found.body.contains("19900000321"), "{}", found.body);
    let invited = coordinator.post(&format!("/api/v1/needs/{code}/offers"), &serde_json::json!({})).await;
    assert_eq!((invited.status, invited.json()["invited"].as_i64()), (201, Some(1)), "{}", invited.body);
    let mut vague = body.clone();
    vague["risk_text"] = serde_json::json!("");
    assert_eq!(coordinator.post("/api/v1/needs", &vague).await.status, 422);
});

doors!(tiles_come_from_the_server_that_is_named_and_from_no_other, async |app: &App| {
    let plain = app.signed_in("coordinator").await.get("/board").await;
    assert!(!plain.header("content-security-policy").contains("tiles.example.org"), "none by default");
    let node = crate::sends::node(app, 9, |config| {
        config.map = Some(muster_server::tiles::MapConfig {
            tiles: "https://tiles.example.org/{z}/{x}/{y}.png".to_owned(),
            attribution: "© 测绘院".to_owned(),
        });
    })
    .await;
    app.serve(&node);
    posted(app, "陪老人去医院", 2).await;
    let mut page = app.signed_in("coordinator").await;
    let board = page.get("/board").await;
    assert!(board.header("content-security-policy").contains("img-src 'self' data: https://tiles.example.org;"));
    let tiles = board.body.matches("<image href=\"https://tiles.example.org/").count();
    assert!((1..=24).contains(&tiles) && board.body.contains("© 测绘院"), "{tiles}: {}", board.body);
    assert!(!page.get("/needs").await.header("content-security-policy").contains("tiles.example.org"));
});
