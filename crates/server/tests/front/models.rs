//! What people decide becomes a proposal, tried on decisions it has not learned from; a named person adopts it.

use muster_core::intake::{Channel, Draft};
use muster_core::people::Actor;
use muster_server::clock::{Chance, Clock};
use muster_server::config::Config;
use muster_server::state::State;
use muster_server::usecase::case_triage::{Decision, case_triage};
use muster_server::usecase::model_decide::model_follow;
use muster_server::usecase::model_propose::model_propose;
use muster_server::usecase::report_submit::{Receipt, report_submit};

use crate::app::{App, NOW, between, doors};
use crate::doctor::{actor, health, said};

/// A matter of this city that no shipped model can know, each time in other words.
async fn fair(app: &App, n: usize) -> Receipt {
    let open = ["星火会", "河灯夜", "老街会"][n % 3];
    let mark = |at: usize| char::from_u32(0x6c00 + ((n * 37 + at * 101) % 900) as u32).unwrap();
    let own: String = (0..12).map(mark).collect();
    let text = format!("{own}，{open}鲤鱼灯坊{}，{}。", mark(20), (30..36).map(mark).collect::<String>());
    let area = Some("900102001001".parse().unwrap());
    report_submit(&app.state, &Actor::Anonymous, Channel::Web, &Draft { area, text, ..Draft::default() }, None)
        .await
        .unwrap()
}

/// Tells of it until so many waited for a person, who decided.
async fn decided(app: &App, count: usize) {
    let coordinator = actor(app, "coordinator").await;
    let mut waited = 0;
    for n in (0..).take_while(|n| *n < 3 * count) {
        let receipt = fair(app, n).await;
        if receipt.state == "triage" && waited < count {
            let decision = Decision { category: "0201".to_owned(), ..Decision::default() };
            case_triage(&app.state, &coordinator, &receipt.code, &decision).await.unwrap();
            waited += 1;
        }
    }
    assert_eq!(waited, count);
}

doors!(a_named_person_lets_the_new_model_judge, async |app: &App| {
    let few = model_propose(&app.state, &Actor::System).await.unwrap_err();
    assert!(few.to_string().contains("0 cases so far; 40 are needed"), "{few}");
    decided(app, 80).await;
    let mut city = app.signed_in("coordinator").await;
    let page = city.get("/models").await;
    assert!(page.body.contains("出厂模型") && page.body.contains("还没有生成过模型"), "{}", page.body);
    let made = city.post("/models", &[]).await;
    assert_eq!(made.status, 303, "{}", made.body);
    let page = city.get("/models").await.body;
    let id = between(&page, "action=\"/models/", "\"").unwrap().to_owned();
    let version = between(&page, &format!("id=\"model-{id}\">"), "<").unwrap().to_owned();
    assert!(version.contains("+local-"), "{version}");

    let shares = page.split("<tbody>").nth(1).unwrap().split("</tr>").next().unwrap();
    let right = |cell: usize| -> f64 {
        let cell = shares.split("<td>").nth(cell).unwrap();
        let cell = cell.trim_start_matches("<strong>");
        cell.split('\u{a0}').next().unwrap().parse().unwrap()
    };
    assert!(right(2) > right(1) + 30.0, "on decisions it has not learned from: {shares}");
    let same = city.post("/models", &[]).await;
    assert!(same.status == 409 && same.body.contains("会是同一个模型"), "{}", same.body);

    let before = fair(app, 400).await;
    assert_ne!(before.class, "02", "a proposal judges nothing");
    let silent = city.post(&format!("/models/{id}"), &[("verdict", "adopt"), ("reason", " ")]).await;
    assert!(silent.status == 422 && silent.body.contains("aria-invalid"), "{}", silent.body);
    let adopted = city.post(&format!("/models/{id}"), &[("verdict", "adopt"), ("reason", "本地灯会")]).await;
    assert_eq!(adopted.status, 303, "{}", adopted.body);
    assert_eq!(app.state.model().version(), version);
    let page = city.get("/models").await.body;
    assert!(page.contains("正在使用") && page.contains("文丽萍") && page.contains("本地灯会"), "{page}");
    let after = fair(app, 401).await;
    assert_eq!((after.state.as_str(), after.class.as_str()), ("assigned", "02"), "{after:?}");
    let case = city.get(&format!("/case/{}", after.code)).await.body;
    assert!(case.contains(&version), "the judgement names its model: {case}");

    let twice = city.post(&format!("/models/{id}"), &[("verdict", "reject"), ("reason", "晚了")]).await;
    assert_eq!(twice.status, 409);
    assert_eq!(said(&health(app).await), Vec::<String>::new());
});

doors!(other_nodes_follow_and_the_shipped_model_comes_back, async |app: &App| {
    decided(app, 60).await;
    let data = tempfile::tempdir().unwrap();
    std::fs::copy(app.state.config.master_key_path(), data.path().join("master.key")).unwrap();
    let config = Config {
        data: data.path().to_owned(),
        database: Some(app.url().to_owned().try_into().unwrap()),
        ..Config::default()
    };
    let open = || State::open(config.clone(), Clock::virtual_at(NOW).0, Chance::seeded(8));
    let other = open().await.unwrap();
    let shipped = other.model().version().to_owned();
    let mut city = app.signed_in("coordinator").await;
    city.get("/models").await;
    city.post("/models", &[]).await;
    let page = city.get("/models").await.body;
    let form = format!("/models/{}", between(&page, "action=\"/models/", "\"").unwrap());
    city.post(&form, &[("verdict", "adopt"), ("reason", "试用")]).await;
    let version = app.state.model().version().to_owned();
    assert_ne!(version, shipped);
    assert_eq!(other.model().version(), shipped, "until it looks");
    assert!(model_follow(&other).await.unwrap() && other.model().version() == version);
    assert!(!model_follow(&other).await.unwrap(), "there is nothing new to take up");
    assert_eq!(open().await.unwrap().model().version(), version, "one that starts begins with it");
    let back = city.post(&form, &[("verdict", "retire"), ("reason", "先停用")]).await;
    assert_eq!(back.status, 303, "{}", back.body);
    assert_eq!(app.state.model().version(), shipped);
    assert!(model_follow(&other).await.unwrap() && other.is_shipped_model());

    city.post(&form, &[("verdict", "adopt"), ("reason", "再试")]).await;
    let damage = "update models set bytes = substr(bytes, 1, 100)";
    muster_store::testing::execute(&app.state.db, damage).await;
    let third = open().await.expect("a model that cannot be read stops nobody");
    assert!(third.is_shipped_model() && !model_follow(&third).await.unwrap());
});

doors!(a_rejected_model_may_be_adopted_after_all, async |app: &App| {
    decided(app, 44).await;
    let mut city = app.signed_in("coordinator").await;
    city.get("/models").await;
    city.post("/models", &[]).await;
    let page = city.get("/models").await.body;
    let form = format!("/models/{}", between(&page, "action=\"/models/", "\"").unwrap());
    assert_eq!(city.post(&form, &[("verdict", "yes"), ("reason", "好")]).await.status, 422, "no decision is none");
    assert_eq!(city.post(&form, &[("verdict", "reject"), ("reason", "再看看")]).await.status, 303);
    let same = city.post("/models", &[]).await;
    assert!(same.status == 409 && same.body.contains("会是同一个模型"), "{}", same.body);
    assert_eq!(city.post(&form, &[("verdict", "adopt"), ("reason", "还是用它")]).await.status, 303);
    assert!(!app.state.is_shipped_model());
});

doors!(models_are_the_citys_business, async |app: &App| {
    for (login, seen, made) in
        [("bh-coordinator", 404, 404), ("bh-operator", 403, 403), ("leader", 200, 403), ("coordinator", 200, 409)]
    {
        let mut browser = app.signed_in(login).await;
        let page = browser.get("/inbox").await;
        assert_eq!(page.body.contains("href=\"/models\""), seen == 200, "{login}");
        assert_eq!(browser.get("/models").await.status, seen, "{login}");
        browser.get("/inbox").await;
        assert_eq!(browser.post("/models", &[]).await.status, made, "{login}");
    }
});
