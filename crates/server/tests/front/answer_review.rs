//! An answer is looked at before it is sent: hints, never a block, and nothing is stored.

use crate::app::{App, doors};
use crate::figures_history::{accept, given};

doors!(whoever_answers_may_have_it_read_first, async |app: &App| {
    let told = given(app, 0, "900102001001", "0201").await;
    accept(app, &told).await;
    let code = told.code.replace('-', "");
    let mut handler = app.signed_in("bh-human-resources").await;
    let page = handler.get(&format!("/case/{code}")).await;
    assert!(page.body.contains("name=\"check\""), "{}", page.body);
    let path = format!("/case/{code}/answer");
    let passed_on = [("check", "yes"), ("outcome", "fixed"), ("text", "您好，已收悉，已转交。"), ("evidence", "甲")];
    let read = handler.post(&path, &passed_on).await;
    assert_eq!(read.status, 200);
    for words in ["内容较短", "只说了转办或收悉", "没有写明日期", "没有写明找谁"] {
        assert!(read.body.contains(words), "{words}: {}", read.body);
    }
    assert!(
        read.body.contains("您好，已收悉，已转交。") && read.body.contains("甲</textarea>"),
        "nothing typed is lost"
    );
    let mut tx = app.state.read().await.unwrap();
    let case = muster_store::process::case_by_code(&mut tx, &told.code.parse().unwrap()).await.unwrap().unwrap();
    assert_eq!(case.answered_at, None, "nothing was sent");
    drop(tx);

    let mut other = app.signed_in("bh-education").await;
    other.get("/inbox").await;
    assert_eq!(other.post(&path, &passed_on).await.status, 404, "another unit's case does not exist");
    let sent = handler.post(&path, &[("outcome", "fixed"), ("text", "已转交。"), ("evidence", "甲")]).await;
    assert_ne!(sent.status, 422, "a hint is no block: {}", sent.body);
});
