//! The comparison tables: exact cells, sums that agree, links that list what they count, and nobody else's figures.

use muster_core::time::Timestamp;
use muster_server::jobs;

use crate::app::{App, Browser, doors};
use crate::figures_history::{Table, accept, given, links, listed, live, plain, table};

async fn compared(browser: &mut Browser<'_>, query: &str) -> Table {
    let page = browser.get(&format!("/dashboard?{query}")).await;
    assert_eq!(page.status, 200, "{query}: {}", page.body);
    table(&page.body)
}

fn row(table: &Table, label: &str) -> String {
    table.get(label).unwrap_or_else(|| panic!("no row {label} in {table:#?}")).join(" | ")
}

const NOTHING: &str = "— | — | — | — | — | —";

doors!(every_cell_of_a_known_history, async |app: &App| {
    live(app).await;
    let mut leader = app.signed_in("bh-leader").await;
    let by_area = compared(&mut leader, "area=900102000000000&by=area").await;
    let street = "4 | 75.0% （少） 3/4 | 75.0% （少） 3/4 | 75.0% （少） 3/4 | 66.7% （少） 2/3 | 50.0% （少） 1/2";
    assert_eq!(row(&by_area, "柳港街道"), street);
    assert_eq!(row(&by_area, "北闸街道"), "2 | 0.0% （少） 0/1 | 0.0% （少） 0/1 | — | — | —");
    assert_eq!(row(&by_area, "望湖街道"), NOTHING);
    let whole = "6 | 60.0% 3/5 | 60.0% 3/5 | 75.0% （少） 3/4 | 66.7% （少） 2/3 | 50.0% （少） 1/2";
    assert_eq!(row(&by_area, "合计"), whole);

    let below = compared(&mut leader, "area=900102001000000&by=area").await;
    let first = "2 | 100.0% （少） 2/2 | 100.0% （少） 2/2 | 100.0% （少） 2/2 | 50.0% （少） 1/2 | 50.0% （少） 1/2";
    assert_eq!(row(&below, "柳港里社区"), first);
    assert_eq!(row(&below, "老船厂社区"), "1 | 0.0% （少） 0/1 | 0.0% （少） 0/1 | 0.0% （少） 0/1 | — | —");
    let own = "1 | 100.0% （少） 1/1 | 100.0% （少） 1/1 | 100.0% （少） 1/1 | 100.0% （少） 1/1 | —";
    assert_eq!(row(&below, "柳港街道（本级，未细分）"), own);
    assert_eq!(row(&below, "榆钱巷社区"), NOTHING);
    assert_eq!(row(&below, "合计"), street, "the parts of a street are the street");

    let by_unit = compared(&mut leader, "area=900102000000000&by=unit").await;
    let pensions = "4 | 75.0% （少） 3/4 | 75.0% （少） 3/4 | 100.0% （少） 3/3 | 66.7% （少） 2/3 | 50.0% （少） 1/2";
    assert_eq!(row(&by_unit, "滨湖区人力资源和社会保障局"), pensions);
    assert_eq!(row(&by_unit, "滨湖区教育局"), "1 | 0.0% （少） 0/1 | 0.0% （少） 0/1 | 0.0% （少） 0/1 | — | —");
    assert!(!by_unit.contains_key("云山区人力资源和社会保障局"), "a unit that answers elsewhere has no line");
    assert_eq!(row(&by_unit, "合计"), whole.replacen('6', "5", 1), "five tasks; a joined report is none");

    let by_class = compared(&mut leader, "area=900102000000000&by=class").await;
    assert_eq!(by_class.len(), 13, "twelve classes and their sum");
    assert_eq!(row(&by_class, "合计"), whole);
    let by_day = compared(&mut leader, "area=900102000000000&by=period").await;
    assert_eq!(by_day.len(), 31, "thirty days and their sum");
    assert_eq!(row(&by_day, "合计"), whole);
    assert!(row(&by_day, "05-11").starts_with("6 | 100.0% （少） 3/3 |"), "{by_day:#?}");
    assert_eq!(row(&by_day, "05-10"), NOTHING);
});

doors!(the_unfolded_tail_and_the_folded_counts_agree, async |app: &App| {
    let first = given(app, 0, "900102001001", "0201").await;
    given(app, 1, "900102002001", "0301").await;
    accept(app, &first).await;
    let mut leader = app.signed_in("leader").await;
    for by in ["area", "unit", "class", "period"] {
        for period in ["7", "365", "", "2026-05-11..2026-05-11"] {
            let address = format!("area=900102000000000&by={by}&period={period}");
            let before = compared(&mut leader, &address).await;
            assert!(!before["合计"][0].starts_with('0'), "{address}: something was counted");
            jobs::settle(&app.state).await.unwrap();
            assert_eq!(compared(&mut leader, &address).await, before, "{address}");
        }
    }
});

doors!(every_number_opens_as_many_lines_as_it_says, async |app: &App| {
    live(app).await;
    let mut leader = app.signed_in("leader").await;
    let mut opened = 0;
    for by in ["area", "unit", "class", "period"] {
        for place in ["area=900102001000000", "area=900102000000000&unit=", "area=900100000000000&category=02"] {
            let address = format!("/dashboard?{place}&by={by}");
            let page = leader.get(&address).await;
            for (href, text) in links(&page.body, "/dashboard/") {
                let Ok(count) = text.parse::<usize>() else { continue };
                assert_eq!(listed(&mut leader, &href).await, count, "{address}: {href}");
                opened += 1;
            }
        }
    }
    assert!(opened > 150, "only {opened} links were opened");
    for name in
        ["response", "on_time", "claimed_resolution", "confirmed", "satisfaction", "feedback", "repeat", "alone"]
    {
        let page = leader.get(&format!("/dashboard/{name}?area=900102000000000")).await;
        let sides = links(&page.body, &format!("/dashboard/{name}"));
        assert_eq!(sides.len(), 3, "{name}: all, met, not met");
        for (href, text) in sides {
            let count: usize = text.rsplit(' ').next().unwrap().parse().unwrap();
            assert_eq!(listed(&mut leader, &href).await, count, "{href}");
        }
    }
});

doors!(long_lists_of_events_go_on_to_the_next_page, async |app: &App| {
    for _ in 0..60 {
        crate::figures_history::told(app, 4, "900102002001").await;
    }
    let mut leader = app.signed_in("leader").await;
    let page = leader.get("/dashboard/received?area=900102000000000").await;
    assert_eq!(page.body.matches("<li class=\"row\">").count(), 50);
    assert_eq!(listed(&mut leader, "/dashboard/received?area=900102000000000").await, 60);
});

doors!(a_period_is_told_from_the_one_before, async |app: &App| {
    let round = async |late: usize| {
        for n in 0..6 {
            let case = given(app, n, "900102001001", "0201").await;
            if n >= late {
                accept(app, &case).await;
            }
        }
        app.advance(10 * Timestamp::DAY).await;
    };
    round(0).await;
    let mut leader = app.signed_in("leader").await;
    let first = plain(&leader.get("/dashboard?period=30").await.body);
    assert!(first.contains("比之前 30 天多 6 件"), "{first}");
    assert!(!first.contains("天高") && !first.contains("天低"), "there is nothing before to compare with");
    app.advance(20 * Timestamp::DAY).await;
    round(3).await;
    let mut leader = app.signed_in("leader").await;
    let second = plain(&leader.get("/dashboard?period=30").await.body);
    assert!(second.contains("与之前 30 天相同"), "{second}");
    assert!(second.contains("比之前 30 天低 50.0 个百分点"), "{second}");
    let all = plain(&leader.get("/dashboard?period=").await.body);
    assert!(!all.contains("比之前"), "nothing is before all time");
});

doors!(nobody_sees_the_figures_of_others, async |app: &App| {
    live(app).await;
    let mut street = app.signed_in("liugang-coordinator").await;
    let shown = compared(&mut street, "").await;
    assert!(row(&shown, "合计").starts_with("4 | 75.0%"), "the own street without asking");
    for foreign in ["area=900102002000000", "area=900102000000000", "area=900100000000000"] {
        for page in ["/dashboard", "/dashboard/received", "/dashboard/on_time"] {
            let answer = street.get(&format!("{page}?{foreign}")).await;
            assert_eq!(answer.status, 404, "{page}?{foreign}");
        }
    }
    let by_unit = compared(&mut street, "by=unit").await;
    assert!(row(&by_unit, "滨湖区人力资源和社会保障局").starts_with("3 | 100.0%"), "only what it did for this street");

    let mut handler = app.signed_in("bh-education").await;
    let own = compared(&mut handler, "by=unit").await;
    assert_eq!(own.keys().collect::<Vec<_>>(), ["合计", "滨湖区教育局"]);
    assert!(row(&compared(&mut handler, "by=class").await, "合计").starts_with("1 | 0.0% （少） 0/1"));
    let leader = app.signed_in("leader").await.get("/dashboard?by=unit&area=900102000000000").await;
    let other = links(&leader.body, "/dashboard?").into_iter().find(|(_, text)| text == "滨湖区人力资源和社会保障局");
    let other = other.unwrap().0;
    assert_eq!(handler.get(&other).await.status, 404, "{other}");

    let mut operator = app.signed_in("bh-operator").await;
    let page = operator.get("/dashboard").await;
    assert_eq!(page.status, 200);
    let figures = links(&page.body, "/dashboard/").into_iter().filter(|(href, _)| !href.contains("/dashboard/wall"));
    assert_eq!(figures.count(), 0, "whoever may not list the cases gets no link to them");
    for login in ["evaluator", "security-admin", "grid-fangji-1"] {
        assert_eq!(app.signed_in(login).await.get("/dashboard").await.status, 403, "{login}");
    }
});

doors!(what_cannot_be_asked_is_said, async |app: &App| {
    let mut leader = app.signed_in("leader").await;
    for bad in [
        "period=yesterday",
        "period=2026-05-11..2026-05-01",
        "area=abc",
        "area=900199000000000",
        "unit=7",
        "category=99",
        "period=2026-02-30..2026-03-01",
    ] {
        let answer = leader.get(&format!("/dashboard?{bad}")).await;
        assert_eq!(answer.status, 422, "{bad}: {}", answer.body);
    }
    assert_eq!(leader.get("/dashboard?area=%ff").await.status, 400);
    assert_eq!(
        leader.get("/dashboard/received?cursor=x_y_z").await.status,
        200,
        "a cursor of nowhere is the first page"
    );
    assert_eq!(leader.get("/dashboard/wisdom").await.status, 404);
});
