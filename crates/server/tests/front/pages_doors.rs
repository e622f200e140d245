//! The doors in the head of a page: all in a row for those who have few, by parts for those who have many.

use crate::app::{App, between, doors};

doors!(many_doors_stand_by_parts_and_those_of_the_part_below, async |app: &App| {
    let mut leader = app.signed_in("leader").await;
    let page = leader.get("/dashboard").await.body;
    let head = between(&page, "<nav class=\"nav\"", "</nav>").unwrap();
    let (parts, below) = head.split_once("class=\"within\"").expect("a second row");
    assert!(parts.contains("<a href=\"/inbox\">办件</a>") && parts.contains("<a href=\"/board\">调度</a>"), "{parts}");
    assert!(parts.contains("<a href=\"/dashboard\" aria-current=\"true\">成效</a>"), "{parts}");
    assert!(below.contains("<a href=\"/dashboard\" aria-current=\"page\">看板</a>"), "{below}");
    assert!(below.contains("<a href=\"/findings\">问题清单</a>") && !below.contains("/needs"), "{below}");

    let behind = leader.get("/findings/new").await.body;
    let head = between(&behind, "<nav class=\"nav\"", "</nav>").unwrap();
    assert!(head.contains("<a href=\"/findings\" aria-current=\"true\">问题清单</a>"), "{head}");
});

doors!(few_doors_stand_in_one_row, async |app: &App| {
    let mut worker = app.signed_in("grid-liugangli-1").await;
    let page = worker.get("/grid").await.body;
    let head = between(&page, "<nav class=\"nav\"", "</nav>").unwrap();
    assert!(!head.contains("within") && head.contains("<a href=\"/notices\">"), "{head}");
});
