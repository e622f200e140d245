//! Filters of the list of cases under a name: own, shared with an area, and true to what the list shows.

use muster_core::time::Timestamp;

use crate::app::{App, Browser, between, doors};
use crate::figures_history::{accept, answer, given, plain, told};

const AREA: &str = "900102001001";

/// The links of the saved views above the list, each with what it says.
fn saved(page: &str) -> Vec<(String, String)> {
    let Some(list) = between(page, "data-live-region=\"saved\">", "</ul>") else { return Vec::new() };
    let links = list.split("<li>").skip(1);
    links.map(|li| (between(li, "href=\"", "\"").unwrap().replace("&#38;", "&"), plain(li))).collect()
}

async fn keep(browser: &mut Browser<'_>, name: &str, query: &str) -> (u16, String) {
    browser.get("/inbox").await;
    let answer = browser.post("/inbox/views", &[("name", name), ("query", query)]).await;
    (answer.status, answer.body)
}

/// Addresses of the forms of one saved view, by a word of it.
fn id_of(page: &str, name: &str) -> String {
    let section = page.split("<section").find(|section| section.contains(name)).unwrap();
    between(section, "id=\"of-", "\"").unwrap().to_owned()
}

doors!(a_filter_is_kept_counted_renamed_and_removed, async |app: &App| {
    let late = given(app, 0, AREA, "0201").await;
    app.advance(20 * Timestamp::DAY).await;
    given(app, 1, AREA, "0201").await;
    let mut handler = app.signed_in("bh-human-resources").await;
    let (status, body) = keep(&mut handler, " 超时的 ", "tab=late&cursor=1_2&csrf=x&class=02").await;
    assert_eq!(status, 303, "{body}");
    let page = handler.get("/inbox?tab=late&class=02").await.body;
    let views = saved(&page);
    assert_eq!(views.len(), 1, "{page}");
    assert_eq!(views[0].0, "/inbox?tab=late&class=02", "the query and nothing else");
    assert!(views[0].1.contains("超时的") && views[0].1.contains('1'), "{views:?}");
    assert!(page.contains(&format!("/case/{}", late.code)), "the late one: {page}");
    assert_eq!(page.matches("<li class=\"row").count(), 1, "and only that");

    let (status, body) = keep(&mut handler, "超时的", "tab=all").await;
    assert_eq!(status, 422, "{body}");
    assert!(body.contains("同名") && body.contains("value=\"超时的\""), "nothing typed is lost: {body}");
    assert!(body.contains("value=\"tab=all\""), "{body}");
    for (name, why) in [(" ", "请写一个名称"), (&*"长".repeat(31), "最多 30 个字")] {
        let (status, body) = keep(&mut handler, name, "tab=all").await;
        assert!(status == 422 && body.contains(why), "{name}: {body}");
    }
    assert_eq!(keep(&mut handler, "全部", "tab=all").await.0, 303);

    let list = handler.get("/inbox/views").await.body;
    let at = format!("/inbox/views/{}", id_of(&list, "超时的"));
    let clash = handler.post(&at, &[("name", "全部")]).await;
    assert_eq!(clash.status, 422, "{}", clash.body);
    assert!(clash.body.contains("同名"), "{}", clash.body);
    assert_eq!(handler.post(&at, &[("name", "先办的")]).await.status, 303);
    assert!(saved(&handler.get("/inbox").await.body).iter().any(|(_, says)| says.contains("先办的")));

    // Nobody else sees it, and nobody else touches it.
    let mut other = app.signed_in("bh-education").await;
    assert!(saved(&other.get("/inbox").await.body).is_empty());
    for form in ["", "/remove", "/share"] {
        let answer = other.post(&format!("{at}{form}"), &[("name", "别人的")]).await;
        assert!(matches!(answer.status, 403 | 404), "{form}: {}", answer.status);
    }
    assert_eq!(handler.post(&format!("{at}/remove"), &[]).await.status, 303);
    assert_eq!(saved(&handler.get("/inbox").await.body).len(), 1);
});

doors!(the_twenty_first_is_refused_with_its_words_kept, async |app: &App| {
    let mut operator = app.signed_in("operator1").await;
    for n in 1..=20 {
        assert_eq!(keep(&mut operator, &format!("第 {n} 个"), "tab=soon").await.0, 303);
    }
    let (status, body) = keep(&mut operator, "第 21 个", "tab=soon").await;
    assert_eq!(status, 422);
    assert!(body.contains("已经存了 20 个") && body.contains("value=\"第 21 个\""), "{body}");
    assert_eq!(saved(&operator.get("/inbox").await.body).len(), 20);
});

doors!(what_a_coordinator_shares_shows_each_reader_their_own_cases, async |app: &App| {
    let case = given(app, 0, AREA, "0201").await;
    accept(app, &case).await;
    let mut coordinator = app.signed_in("bh-coordinator").await;
    assert_eq!(keep(&mut coordinator, "全区在办", "tab=mine").await.0, 303);
    let list = coordinator.get("/inbox/views").await.body;
    let at = format!("/inbox/views/{}", id_of(&list, "全区在办"));
    let foreign = coordinator.post(&format!("{at}/share"), &[("area", "900103000000000")]).await;
    assert_eq!(foreign.status, 404, "not with a district that is not theirs: {}", foreign.body);
    assert_eq!(coordinator.post(&format!("{at}/share"), &[("area", "900102000000000")]).await.status, 303);
    assert!(coordinator.get("/inbox/views").await.body.contains("的工作人员也能看到"));

    let mut reader = app.signed_in("bh-human-resources").await;
    let mine = saved(&reader.get("/inbox").await.body);
    assert!(mine[0].1.contains("全区在办") && mine[0].1.contains('1') && mine[0].1.contains("共享"), "{mine:?}");
    let mut other = app.signed_in("bh-education").await;
    let theirs = saved(&other.get("/inbox").await.body);
    assert!(theirs[0].1.contains('0'), "what is not theirs is not counted: {theirs:?}");
    let mut elsewhere = app.signed_in("ys-coordinator").await;
    assert!(saved(&elsewhere.get("/inbox").await.body).is_empty(), "another district");
    assert_eq!(other.post(&format!("{at}/remove"), &[]).await.status, 404, "a reader does not remove it");
    assert_eq!(elsewhere.post(&format!("{at}/remove"), &[]).await.status, 404);
    let refused = other.post(&format!("{at}/share"), &[("area", "")]).await;
    assert_eq!(refused.status, 404, "nor take it back: {}", refused.body);

    coordinator.get("/inbox/views").await;
    assert_eq!(coordinator.post(&format!("{at}/share"), &[("area", "")]).await.status, 303);
    assert!(saved(&other.get("/inbox").await.body).is_empty(), "taken back");
});

doors!(a_view_of_what_is_no_longer_there_says_so, async |app: &App| {
    given(app, 0, AREA, "0201").await;
    let mut handler = app.signed_in("bh-human-resources").await;
    let unit = "00000000-0000-0000-0000-000000000007";
    let query = format!("tab=all&unit={unit}&class=99");
    assert_eq!(keep(&mut handler, "老单位", &query).await.0, 303);
    let page = handler.get(&format!("/inbox?{query}")).await.body;
    let seen = plain(&page);
    assert!(seen.contains("这个筛选里的承办单位、分类已经不存在"), "{seen}");
    assert_eq!(page.matches("<li class=\"row").count(), 0, "not what nobody asked for");
    assert!(saved(&page)[0].1.contains("已失效"), "{:?}", saved(&page));
    let list = plain(&handler.get("/inbox/views").await.body);
    assert!(list.contains("其中的承办单位、分类已经不存在"), "{list}");
});

doors!(every_tab_counts_what_it_lists, async |app: &App| {
    for n in 0..3 {
        let case = given(app, n, AREA, "0201").await;
        if n > 0 {
            accept(app, &case).await;
        }
        if n > 1 {
            answer(app, &case, "fixed").await;
        }
    }
    app.advance(21 * Timestamp::DAY).await;
    given(app, 3, AREA, "0201").await;
    told(app, 4, AREA).await;
    app.advance(Timestamp::HOUR).await;
    let mut coordinator = app.signed_in("bh-coordinator").await;
    let page = coordinator.get("/inbox").await.body;
    let tabs = between(&page, "data-live-region=\"tabs\">", "</ul>").unwrap();
    let mut counts = Vec::new();
    for tab in tabs.split("<li>").skip(1) {
        let href = between(tab, "href=\"", "\"").unwrap();
        let count: usize = between(tab, "class=\"badge\">", "<").unwrap().parse().unwrap();
        let listed = coordinator.get(href).await.body.matches("<li class=\"row\">").count();
        assert_eq!(count, listed, "{href}");
        counts.push(count);
    }
    let [under_way, to_accept, late, soon, answered, all] = counts[..] else { panic!("{counts:?}") };
    assert_eq!((under_way, to_accept, late, answered, all), (3, 2, 2, 0, 5));
    assert!(soon > 0, "what has just come in must be given out within hours");
});
