//! The loop, as the people in it see it: reported, answered, confirmed, counted.

use muster_core::time::Timestamp;

use crate::app::{App, between, doors};

const WHAT: &str = "小区三号楼楼道里的自来水管漏水，已经漏了两天，地上都是水，老人进出很滑。";

doors!(a_report_is_answered_confirmed_and_counted, async |app: &App| {
    let mut resident = app.browser();
    resident.get("/").await;
    let said = [("text", WHAT), ("area", "900102001001"), ("place", "三号楼"), ("phone", "19900000077")];
    let check = resident.post("/report/check", &said).await;
    assert_eq!(check.status, 200, "{}", check.body);
    let done = resident.post("/report", &said).await;
    assert_eq!(done.status, 200, "{}", done.body);
    let mut tx = app.state.read().await.unwrap();
    let filter = muster_store::process::CaseFilter {
        scope: muster_core::people::Scope { areas: vec![(0, i64::MAX)], units: Vec::new() },
        limit: 10,
        ..Default::default()
    };
    let cases = muster_store::process::case_list(&mut tx, &filter).await.unwrap();
    assert_eq!(cases.len(), 1, "one report, one case");
    let code = cases[0].code.as_str().to_owned();
    drop(tx);

    if cases[0].unit_id.is_none() {
        let mut operator = app.signed_in("operator1").await;
        operator.get("/triage").await;
        let decided = operator.post(&format!("/triage/{code}"), &[("category", "0101")]).await;
        assert!(matches!(decided.status, 200 | 303), "{}", decided.body);
    }
    let shown = resident.get(&format!("/track/{code}")).await;
    assert_eq!(shown.status, 200);
    assert!(!shown.body.contains("三号楼"), "the code alone tells no words");
    app.advance(Timestamp::HOUR).await;
    assert!(between(&shown.body, "<main", "</main>").is_some());
});
