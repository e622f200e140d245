//! Who is asked to help hears it by the way they chose, not in the night, and with nothing of whom they would help; who asked for
//! help hears what became of it.

use muster_core::dispatch::offer::OfferState;
use muster_core::people::Actor;
use muster_core::time::Timestamp;
use muster_server::config::Config;
use muster_server::i18n::Lang;
use muster_server::state::State;
use muster_server::usecase::need_change::{NeedChange, need_cancel, need_change};
use muster_server::usecase::need_post::{Posted, need_post};
use muster_server::usecase::notice_list::{notice_list, notices_deliver};
use muster_server::usecase::offer_answer::{OfferAnswer, offer_answer};
use muster_server::usecase::offer_invite::offer_invite;
use muster_server::usecase::offer_own::{OwnOffer, offers_own};
use muster_server::usecase::offer_withdraw::offer_withdraw;
use muster_server::usecase::resource::Offer;
use muster_server::usecase::resource_edit::resource_end;
use muster_server::usecase::resource_enter::{Entering, resource_enter};
use muster_server::usecase::resource_join::{Joined, Joining, resource_join};

use crate::app::{App, between, doors};
use crate::doctor::{actor, health, said};
use crate::offers::draft;
use crate::receivers::{Receiver, Reply};
use crate::sends::{go, in_state, node, sms, smtp};

const AREA: &str = "900102001001";
const HOUR: i64 = Timestamp::HOUR;

fn ways(config: &mut Config) {
    config.public_url = Some("https://muster.example.org".to_owned().try_into().unwrap());
}

async fn joined(state: &State, way: &str) -> Joined {
    let offer = Offer {
        area: Some(AREA.parse().unwrap()),
        skills: vec!["escort".to_owned()],
        ticks: (0..7).flat_map(|day| (0..3).map(move |part| (day, part))).collect(),
        reach: 10,
        capacity: 7,
        ..Offer::default()
    };
    let joining = Joining {
        name: "林小满".to_owned(),
        phone: "19900000555".to_owned(),
        adult: true,
        way: way.to_owned(),
        mail: if way == "mail" { "lin@example.org".to_owned() } else { String::new() },
        lang: if way == "mail" { Lang::En } else { Lang::Zh },
        consents: true,
        offer,
        ..Joining::default()
    };
    resource_join(state, &Actor::Anonymous, &joining).await.unwrap()
}

async fn posted(app: &App) -> Posted {
    need_post(&app.state, &actor(app, "coordinator").await, &draft(app)).await.unwrap()
}

async fn invited(app: &App, node: &State, need: &Posted, who: &Joined) -> OwnOffer {
    let coordinator = actor(app, "coordinator").await;
    offer_invite(node, &coordinator, need.code.as_str(), &[who.code.as_str().to_owned()]).await.unwrap();
    mine(app, who).await
}

async fn mine(app: &App, who: &Joined) -> OwnOffer {
    offers_own(&app.state, who.code.as_str(), &who.secret).await.unwrap().into_iter().next().unwrap()
}

async fn says(app: &App, who: &Joined, yes: bool) -> OfferState {
    let offer = mine(app, who).await.offer.id;
    let answer = OfferAnswer { yes, ..OfferAnswer::default() };
    offer_answer(&app.state, offer, (who.code.as_str(), who.secret.as_str()), &answer).await.unwrap().state
}

/// Templates of what the coordinator was told, the newest first.
async fn staff_told(app: &App, node: &State) -> Vec<String> {
    while notices_deliver(node).await.unwrap() > 0 {}
    let told = notice_list(&app.state, &actor(app, "coordinator").await).await.unwrap();
    told.into_iter().map(|row| row.template).filter(|template| template.starts_with("need_")).collect()
}

fn texts(gateway: &Receiver) -> Vec<String> {
    let read =
        |body: &str| serde_json::from_str::<serde_json::Value>(body).unwrap()["text"].as_str().unwrap().to_owned();
    gateway.got().iter().map(|got| read(&got.body)).collect()
}

doors!(an_invitation_goes_out_by_the_way_that_was_chosen, async |app: &App| {
    let (gateway, server) = (Receiver::http().await, Receiver::smtp().await);
    let node = node(app, 8, |config| {
        (config.sms, config.smtp) = (Some(sms(&gateway)), Some(smtp(&server)));
        ways(config);
    })
    .await;
    let all = [joined(&node, "sms").await, joined(&node, "mail").await, joined(&node, "page").await];
    let need = posted(app).await;
    for who in &all {
        invited(app, &node, &need, who).await;
    }
    go(&node).await;
    let (short, mails) = (texts(&gateway), server.got());
    assert_eq!((short.len(), mails.len()), (1, 1), "who looks at their own page is sent nothing");
    let own = format!("https://muster.example.org/help/me/{}", all[0].code.as_str());
    assert!(short[0].ends_with(&own) && short[0].chars().count() - own.chars().count() <= 71, "{}", short[0]);
    assert!(gateway.got()[0].body.contains("19900000555") && mails[0].head.contains("RCPT TO:<lin@example.org>"));
    let mail = mail_parser::MessageParser::default().parse(mails[0].body.as_bytes()).unwrap();
    assert!(
        mail.subject().unwrap().starts_with("Can you help?"),
        "in the language they joined in: {:?}",
        mail.subject()
    );
    let text = mail.body_text(0).unwrap();
    assert!(text.contains(&format!("https://muster.example.org/help/me/{}", all[1].code.as_str())), "{text}");
    let need_code = need.code.to_string();
    for secret in ["陈秀兰", "19900000321", "槐树里", "医院", need_code.as_str(), all[1].secret.as_str()] {
        assert!(!short[0].contains(secret) && !text.contains(secret), "{secret}");
    }
    assert_eq!(said(&health(app).await), Vec::<String>::new());
});

doors!(nobody_is_woken_and_what_is_over_by_the_morning_is_not_told, async |app: &App| {
    let gateway = Receiver::http().await;
    let node = node(app, 8, |config| config.sms = Some(sms(&gateway))).await;
    let (one, two) = (joined(&node, "sms").await, joined(&node, "sms").await);
    // Eleven in the evening.
    app.hand.advance(14 * HOUR);
    let coordinator = actor(app, "coordinator").await;
    let (need, other) = (posted(app).await, posted(app).await);
    let offer = invited(app, &node, &need, &one).await.offer;
    let seven = node.pack.calendar.day_bounds(jiff::civil::date(2026, 5, 12)).0.plus(7 * HOUR);
    assert!(offer.expires_at > seven, "the time to answer begins with the morning");
    let back = invited(app, &node, &other, &two).await.offer;
    go(&node).await;
    assert_eq!(gateway.got().len(), 0);
    offer_withdraw(&app.state, &coordinator, other.code.as_str(), back.id).await.unwrap();
    app.hand.advance(8 * HOUR);
    go(&node).await;
    let told = texts(&gateway);
    assert_eq!(
        told.len(),
        1,
        "an invitation that was taken back in the night, and that it was, is told to nobody: {told:?}"
    );
    assert!(told[0].contains("想请您帮个忙") && told[0].contains(&one.code.to_string()), "{told:?}");
    assert_eq!(in_state(app, "void").await, 2);
});

doors!(a_change_an_end_and_enough_others_are_told, async |app: &App| {
    let gateway = Receiver::http().await;
    let node = node(app, 8, |config| config.sms = Some(sms(&gateway))).await;
    let coordinator = actor(app, "coordinator").await;
    let (one, two) = (joined(&node, "sms").await, joined(&node, "sms").await);
    let need = posted(app).await;
    invited(app, &node, &need, &one).await;
    let first = invited(app, &node, &need, &two).await;
    go(&node).await;
    assert_eq!(texts(&gateway).len(), 2);
    let change = NeedChange {
        head: 1,
        priority: 2,
        opens_at: first.need.opens_at.plus(HOUR / 2),
        closes_at: first.need.closes_at,
        version: None,
    };
    need_change(&node, &coordinator, need.code.as_str(), &change).await.unwrap();
    let away = NeedChange {
        opens_at: first.need.opens_at.plus(10 * HOUR),
        closes_at: first.need.closes_at.plus(9 * HOUR),
        ..change
    };
    let refused = need_change(&node, &coordinator, need.code.as_str(), &away).await.unwrap_err();
    assert_eq!(refused.field("closes").unwrap().code, "window-held");
    go(&node).await;
    assert_eq!(texts(&gateway)[2..].iter().filter(|text| text.contains("有变动")).count(), 2);
    assert_eq!(says(app, &one, true).await, OfferState::Accepted);
    go(&node).await;
    assert!(texts(&gateway)[4..].iter().all(|text| text.contains("人手够了")) && texts(&gateway).len() == 5);
    need_cancel(&node, &coordinator, need.code.as_str(), "家人回来了").await.unwrap();
    go(&node).await;
    let told = texts(&gateway);
    assert!(told.len() == 6 && told[5].contains("取消了") && told[5].contains(&one.code.to_string()), "{told:?}");
    assert_eq!(staff_told(app, &node).await, ["need_filled"]);
});

doors!(who_asked_for_help_hears_what_becomes_of_it_and_finds_it, async |app: &App| {
    let who = joined(&app.state, "page").await;
    let need = posted(app).await;
    invited(app, &app.state, &need, &who).await;
    assert_eq!(says(app, &who, false).await, OfferState::Declined);
    assert_eq!(staff_told(app, &app.state).await, ["need_short"], "nobody else can be asked");
    app.advance(30 * HOUR).await;
    assert_eq!(staff_told(app, &app.state).await, ["need_expired", "need_short"]);
    let mut page = app.signed_in("coordinator").await;
    let list = page.get("/notices").await.body;
    assert!(list.contains("到时间只落实 0"), "{list}");
    let id = between(&list, "action=\"/notices/", "\"").unwrap().to_owned();
    let opened = page.post(&format!("/notices/{id}"), &[]).await;
    assert_eq!(opened.header("location"), format!("/needs/{}", need.code.as_str()));
});

doors!(an_organisation_is_written_to_and_one_that_ends_is_not, async |app: &App| {
    let gateway = Receiver::http().await;
    let node = node(app, 8, |config| config.sms = Some(sms(&gateway))).await;
    let coordinator = actor(app, "coordinator").await;
    let entering = Entering {
        kind: Some(muster_core::dispatch::registry::ResourceKind::Organisation),
        name: "暖巷助老社".to_owned(),
        area: AREA.parse().ok(),
        skills: vec!["escort".to_owned()],
        hours: "DTSTART:20260511T060000\nDURATION:PT18H\nRRULE:FREQ=DAILY".to_owned(),
        reach: 10,
        capacity: 5,
        at_once: 1,
        way: "sms".to_owned(),
        phone: "19900000666".to_owned(),
        ..Entering::default()
    };
    let entered = resource_enter(&node, &coordinator, &entering).await.unwrap();
    let who = Joined { code: entered.code, secret: entered.secret };
    let need = posted(app).await;
    invited(app, &node, &need, &who).await;
    go(&node).await;
    assert!(gateway.got().len() == 1 && gateway.got()[0].body.contains("19900000666"));
    assert_eq!(said(&health(app).await), Vec::<String>::new());

    let mut page = app.signed_in("coordinator").await;
    let at = format!("/resources/{}", who.code.as_str());
    let shown = page.get(&at).await.body;
    assert!(!shown.contains("19900000666") && shown.contains("修改这条登记"), "{shown}");
    let version = between(&shown, "name=\"version\" value=\"", "\"").unwrap().to_owned();
    let form = [
        ("version", version.as_str()),
        ("name", "暖巷社"),
        ("area", AREA),
        ("skill", "escort"),
        ("tick", "1-0"),
        ("reach", "8"),
        ("capacity", "5"),
        ("at_once", "2"),
        ("way", "page"),
    ];
    assert_eq!(page.post(&at, &form).await.status, 303);
    let stale = page.post(&at, &form).await;
    assert_eq!(stale.status, 412, "{}", stale.body);
    let shown = page.get(&at).await.body;
    assert!(
        shown.contains("暖巷社") && !shown.contains("联系人</h2>"),
        "with its own page the number is forgotten: {shown}"
    );
    gateway.reply(&[Reply::Say(200, "")]);
    assert_eq!(page.post(&format!("{at}/end"), &[("reason", "")]).await.status, 422);
    assert_eq!(page.post(&format!("{at}/end"), &[("reason", "已经解散")]).await.status, 303);
    assert_eq!(page.get(&at).await.status, 404);
    let seen =
        muster_server::usecase::need_view::need_view(&app.state, &coordinator, need.code.as_str()).await.unwrap();
    assert_eq!(seen.offers[0].0.state, OfferState::Declined, "others are asked instead");
    let again = resource_end(&app.state, &coordinator, who.code.as_str(), "已经解散").await.unwrap_err();
    assert_eq!(again.status(), 404);
    assert_eq!(said(&health(app).await), Vec::<String>::new());
});

doors!(who_joined_twice_is_seen_by_those_who_coordinate_and_by_nobody_else, async |app: &App| {
    let (one, two) = (joined(&app.state, "page").await, joined(&app.state, "page").await);
    let mut page = app.signed_in("coordinator").await;
    let shown = page.get(&format!("/resources/{}", one.code.as_str())).await.body;
    assert!(shown.contains("电话相同的登记") && shown.contains(two.code.as_str()), "{shown}");
    resource_end(&app.state, &actor(app, "coordinator").await, two.code.as_str(), "登记了两次").await.unwrap();
    let shown = page.get(&format!("/resources/{}", one.code.as_str())).await.body;
    assert!(!shown.contains("电话相同的登记"), "{shown}");
    let ended = muster_server::usecase::resource_own::resource_own(&app.state, two.code.as_str(), &two.secret).await;
    assert_eq!(ended.unwrap_err().status(), 404, "what was sealed is gone with its secret");
    assert_eq!(said(&health(app).await), Vec::<String>::new());
});

doors!(goods_are_asked_for_by_a_form_of_their_own, async |app: &App| {
    let mut page = app.signed_in("coordinator").await;
    let form = page.get("/needs/new?kind=goods").await.body;
    assert!(form.contains("name=\"item\"") && !form.contains("name=\"skill\""), "{form}");
    let fields = |item: &'static str, head: &'static str| {
        vec![
            ("kind", "goods"),
            ("title", "饮用水"),
            ("area", AREA),
            ("item", item),
            ("head", head),
            ("day", "2026-05-12"),
            ("from", "09:00"),
            ("until", "11:00"),
            ("risk", "none"),
            ("risk_text", "没有"),
            ("priority", "2"),
            ("name", "陈秀兰"),
            ("phone", "19900000321"),
            ("address", "槐树里七号楼"),
        ]
    };
    let wrong = page.post("/needs", &fields("", "0")).await;
    assert!(
        wrong.status == 422 && wrong.body.contains("name=\"item\"") && wrong.body.contains("陈秀兰"),
        "{}",
        wrong.body
    );
    let slip = page.post("/needs", &fields("water", "40")).await;
    assert_eq!(slip.status, 200, "{}", slip.body);
    let list = page.get("/needs").await.body;
    assert!(list.contains("0 / 40"), "{list}");
    let unknown = page.get("/needs/new?case=0000-0000-00000&part=3").await.body;
    assert!(unknown.contains("name=\"part\" value=\"3\""), "{unknown}");
});
