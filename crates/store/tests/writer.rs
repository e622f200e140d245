//! Acts that share a commit: each whole or not at all, in turn, and told the truth.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::sync::Arc;

use muster_store::people::{instance_get, instance_put};
use muster_store::{Db, Error, both, testing};

async fn value(db: &Db, key: &str) -> Option<String> {
    instance_get(&mut db.read().await.unwrap(), key).await.unwrap()
}

both!(every_act_told_done_is_there_and_no_other, |db: Db| async move {
    let db = Arc::new(db);
    let mut acts = tokio::task::JoinSet::new();
    for n in 0..200 {
        let db = Arc::clone(&db);
        acts.spawn(async move {
            let mut tx = db.write().await.unwrap();
            instance_put(&mut tx, &format!("key {n}"), "there").await.unwrap();
            // Every third is dropped half-way.
            if n % 3 == 0 {
                drop(tx);
                return (n, false);
            }
            tx.commit().await.unwrap();
            (n, value(&db, &format!("key {n}")).await.is_some())
        });
    }
    while let Some(done) = acts.join_next().await {
        let (n, seen) = done.unwrap();
        assert_eq!(seen, n % 3 != 0, "act {n}: what is told done is seen at once, by everybody");
    }
    for n in 0..200 {
        assert_eq!(value(&db, &format!("key {n}")).await.is_some(), n % 3 != 0, "act {n}");
    }
});

both!(an_act_sees_those_before_it_and_undoes_only_itself, |db: Db| async move {
    let mut tx = db.write().await.unwrap();
    instance_put(&mut tx, "count", "1").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = db.write().await.unwrap();
    assert_eq!(instance_get(&mut tx, "count").await.unwrap().as_deref(), Some("1"));
    instance_put(&mut tx, "count", "2").await.unwrap();
    drop(tx);
    let mut tx = db.write().await.unwrap();
    assert_eq!(instance_get(&mut tx, "count").await.unwrap().as_deref(), Some("1"));
    tx.commit().await.unwrap();
});

/// Where SQLite undoes the whole transaction by itself, as it does when the disk is full, everyone in it is told.
#[tokio::test]
async fn a_lost_transaction_is_told_to_all_in_it() {
    let held = testing::sqlite().await;
    let db = Arc::new(held.db.clone());
    let first = db.write().await.unwrap();
    let (one, two) = (Arc::clone(&db), Arc::clone(&db));
    let before = tokio::spawn(async move {
        let mut tx = one.write().await.unwrap();
        instance_put(&mut tx, "before", "x").await.unwrap();
        tx.commit().await
    });
    tokio::task::yield_now().await;
    let fatal = tokio::spawn(async move {
        let mut tx = two.write().await.unwrap();
        instance_put(&mut tx, "fatal", "x").await.unwrap();
        testing::undo_all(&mut tx).await;
    });
    tokio::task::yield_now().await;
    // The two waited, so they share the next commit.
    first.commit().await.unwrap();
    assert!(matches!(before.await.unwrap(), Err(Error::Unavailable(_))));
    fatal.await.unwrap();
    assert_eq!(value(&db, "before").await, None);
    let mut tx = db.write().await.unwrap();
    instance_put(&mut tx, "after", "x").await.unwrap();
    tx.commit().await.unwrap();
    assert!(value(&db, "after").await.is_some(), "the writer goes on");
}
