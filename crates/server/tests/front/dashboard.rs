//! The dashboard of the desk and of the wall: queues, map, targets, intervals and the comparison by mix, of a known history.

use muster_core::time::Timestamp;

use crate::app::{App, between, doors};
use crate::figures_history::{accept, given, links, live, plain, told};

fn queue(page: &str, code: &str) -> i64 {
    let at = format!("<li class=\"queue {code}");
    let item = between(page, &at, "</li>").unwrap_or_else(|| panic!("no queue {code}: {page}"));
    between(item, "<strong>", "</strong>").unwrap().parse().unwrap()
}

fn queues(page: &str) -> [i64; 6] {
    ["triage", "assigned", "working", "answered", "soon", "late"].map(|code| queue(page, code))
}

doors!(queues_count_what_waits_and_open_their_lists, async |app: &App| {
    live(app).await;
    let mut leader = app.signed_in("leader").await;
    let district = leader.get("/dashboard?area=900102000000000").await.body;
    assert_eq!(queues(&district), [0, 1, 0, 0, 0, 1], "one case is open, and late");
    let city = leader.get("/dashboard").await.body;
    assert_eq!(queues(&city), [0, 2, 0, 0, 0, 2]);
    assert_eq!(queues(&leader.get("/dashboard?category=03").await.body), [0; 6]);
    let lists = links(&district, "/inbox?");
    assert_eq!(lists.len(), 6, "{lists:?}");
    for (href, name) in lists {
        let list = leader.get(&href).await.body;
        let expected = usize::from(name == "待签收" || name == "已超时");
        assert_eq!(list.matches("<li class=\"row\"").count(), expected, "{name}: {href}");
    }
    let new = given(app, 0, "900102001001", "0201").await;
    told(app, 2, "900102001001").await;
    app.hand.advance(11 * Timestamp::SECOND);
    assert_eq!(queues(&leader.get("/dashboard?area=900102000000000").await.body)[..2], [1, 2]);
    accept(app, &new).await;
    assert_eq!(queues(&leader.get("/dashboard?area=900102000000000").await.body)[..3], [1, 2, 0], "counted before");
    app.hand.advance(11 * Timestamp::SECOND);
    assert_eq!(queues(&leader.get("/dashboard?area=900102000000000").await.body)[..3], [1, 1, 1]);
});

doors!(targets_intervals_and_the_gap_stand_beside_the_figures, async |app: &App| {
    live(app).await;
    let mut leader = app.signed_in("leader").await;
    let page = plain(&leader.get("/dashboard?area=900102000000000").await.body);
    for words in [
        "按时率 60.0%5 件中的 3 件95% 区间 23.1%–88.2%目标不低于 95%，还差 35.0 个百分点",
        "满意率 50.0%数量太少，仅供参考2 件中的 1 件95% 区间 9.5%–90.5%目标不低于 85%",
        "按期结案率",
        "暂缓期间仍须反馈",
    ] {
        assert!(page.contains(words), "{words}: {page}");
    }
    let street = plain(&leader.get("/dashboard?area=900102001000000").await.body);
    assert!(street.contains("目标不低于 98%"), "a street aims higher: {street}");
    for n in 0..5 {
        let case = given(app, n, "900103001001", "0201").await;
        accept(app, &case).await;
        crate::figures_history::answer(app, &case, "fixed").await;
        crate::figures_history::rate(app, &case, n < 2, None).await;
    }
    let page = plain(&leader.get("/dashboard?area=900103000000000").await.body);
    assert!(page.contains("单位认定比居民确认高 60.0 个百分点"), "{page}");
});

doors!(the_map_has_its_table_and_follows_what_is_drawn, async |app: &App| {
    live(app).await;
    let mut leader = app.signed_in("leader").await;
    let page = leader.get("/dashboard?show=repeat").await.body;
    let map = between(&page, "id=\"map\"", "</section>").unwrap();
    assert!(map.contains("<circle class=\"plain\"") && map.contains("<circle class=\"few\""), "{map}");
    let rows = plain(between(map, "<tbody>", "</tbody>").unwrap());
    assert!(rows.contains("滨湖区616.7%没有目标"), "{rows}");
    let page = leader.get("/dashboard").await.body;
    let map = between(&page, "id=\"map\"", "</section>").unwrap();
    assert!(plain(map).contains("滨湖区660.0%差 5 个百分点以上"), "{map}");
    assert!(map.contains("<circle class=\"short\""));
    let wrong = leader.get("/dashboard?show=wisdom").await;
    assert_eq!(wrong.status, 422);
});

doors!(units_are_compared_by_what_they_have_to_do, async |app: &App| {
    for n in 0..7 {
        let case = given(app, n, "900102001001", "0201").await;
        accept(app, &case).await;
    }
    for n in 0..6 {
        given(app, n, "900103001001", "0301").await;
    }
    app.advance(10 * Timestamp::DAY).await;
    let mut leader = app.signed_in("leader").await;
    let page = leader.get("/dashboard?by=unit&mix=1&show=response").await.body;
    let fair = between(&page, "id=\"fair\"", "</section>").unwrap();
    let rows = plain(between(fair, "<tbody>", "</tbody>").unwrap());
    // Each class has one unit: what it reaches is what is expected of it, however little that is.
    assert!(rows.contains("滨湖区人力资源和社会保障局 100.0% 7/7 100.0% 1.00 0.65–1.00 与预期没有差别"), "{rows}");
    assert!(!rows.contains("云山区教育局"), "of whom nothing is expected nothing is said: {rows}");
    let page = leader.get("/dashboard?by=area&mix=1&show=response").await.body;
    let fair = plain(between(&page, "id=\"fair\"", "</section>").unwrap());
    assert!(fair.contains("滨湖区 100.0% 7/7") && fair.contains("Wilson"), "{fair}");
    let page = leader.get("/dashboard?by=unit&show=response").await.body;
    let asked = links(&page, "/dashboard?").into_iter().find(|(href, _)| href.ends_with("#fair")).unwrap();
    assert!(!between(&page, "id=\"fair\"", "</section>").unwrap().contains("<tbody>"), "only when asked for");
    let page = leader.get(asked.0.split('#').next().unwrap()).await.body;
    assert!(between(&page, "id=\"fair\"", "</section>").unwrap().contains("<tbody>"), "asked for by a link");
    let page = leader.get("/dashboard?by=class").await.body;
    assert!(!page.contains("id=\"fair\""), "classes are the mix");
});

doors!(the_wall_shows_the_same_and_nobody, async |app: &App| {
    live(app).await;
    let mut leader = app.signed_in("leader").await;
    let wall = leader.get("/dashboard/wall?area=900102000000000").await;
    assert_eq!(wall.status, 200, "{}", wall.body);
    assert_eq!(queues(&wall.body), [0, 1, 0, 0, 0, 1]);
    let seen = plain(&wall.body);
    assert!(seen.contains("按时率 60.0%") && seen.contains("还差 35.0 个百分点"), "{seen}");
    assert!(!wall.body.contains("/case/") && !wall.body.contains("<form"), "nothing leads to a case");
    assert!(wall.body.contains("data-live=\"/events\"") && wall.body.contains("data-live-every"));
    let mut street = app.signed_in("liugang-coordinator").await;
    assert_eq!(street.get("/dashboard/wall?area=900102000000000").await.status, 404);
    assert_eq!(street.get("/dashboard/wall").await.status, 200);
    assert_eq!(app.signed_in("evaluator").await.get("/dashboard/wall").await.status, 403);
    assert_eq!(app.browser().get("/dashboard/wall").await.status, 303, "to the login");
});

doors!(everybody_may_read_what_the_indicators_are, async |app: &App| {
    let page = app.browser().get("/open/indicators").await;
    assert_eq!(page.status, 200);
    let seen = plain(&page.body);
    for words in [
        "按期结案率",
        "对居民的承诺按期兑现 + 对居民的承诺到期未兑现",
        "2026 年起 85%",
        "居民参与率 等待：动员活动与实名参与",
    ] {
        assert!(seen.contains(words), "{words}: {seen}");
    }
});
