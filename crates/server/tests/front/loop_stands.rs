//! The loop, as the people in it see it on their pages: reported, decided, accepted, answered, confirmed, counted.

use muster_core::time::Timestamp;

use crate::app::{App, Browser, doors};
use crate::figures_history::{links, listed, plain, table};
use crate::pages_forms::{receipt, value};

const WHAT: &str = "小区三号楼楼道里的自来水管漏水，已经漏了两天，地上都是水，老人进出很滑。";
const AREA: &str = "900102001001";

/// The three screens, each with what the one before it carried.
async fn report(resident: &mut Browser<'_>) -> (String, String) {
    let key = value(&resident.get("/").await.body, "key").unwrap();
    let first = [("text", WHAT), ("area", AREA), ("place", "三号楼"), ("key", key.as_str())];
    let contact = resident.post("/report/contact", &first).await;
    assert_eq!(contact.status, 200, "{}", contact.body);
    let carried = |page: &str| -> Vec<(String, String)> {
        let names = ["text", "area", "place", "name", "phone", "behalf", "key"];
        names.iter().filter_map(|name| Some(((*name).to_owned(), value(page, name)?))).collect()
    };
    let mut fields = carried(&contact.body);
    fields.retain(|(name, _)| name != "phone" && name != "name");
    fields.extend([("phone".to_owned(), "19900000077".to_owned()), ("name".to_owned(), "王女士".to_owned())]);
    let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let check = resident.post("/report/check", &pairs).await;
    assert_eq!(check.status, 200, "{}", check.body);
    assert!(check.body.contains(WHAT) && check.body.contains("王女士"), "everything is read back");
    let fields = carried(&check.body);
    let pairs: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let done = resident.post("/report", &pairs).await;
    assert_eq!(done.status, 200, "{}", done.body);
    receipt(&done.body)
}

/// Gives the case to a unit on the triage page where a person has to; returns the login of the unit's handler.
async fn decide(app: &App, code: &str) -> String {
    let mut operator = app.signed_in("operator1").await;
    let page = operator.get(&format!("/triage?case={code}")).await;
    assert_eq!(page.status, 200);
    if let Some(version) = value(&page.body, "version") {
        let decided = operator.post(&format!("/triage/{code}"), &[("category", "0101"), ("version", &version)]).await;
        assert_eq!((decided.status, decided.header("location")), (303, "/triage"), "{}", decided.body);
    }
    let mut tx = app.state.read().await.unwrap();
    let case = muster_store::process::case_by_code(&mut tx, &code.parse().unwrap()).await.unwrap().unwrap();
    muster_store::people::unit_get(&mut tx, case.unit().unwrap()).await.unwrap().unwrap().code
}

/// Whether a page leads to the case.
fn opens(page: &str, code: &str) -> bool {
    links(page, "/case/").iter().any(|(href, _)| href.replace('-', "") == format!("/case/{code}"))
}

doors!(a_report_is_answered_confirmed_and_counted, async |app: &App| {
    let mut resident = app.browser();
    resident.get("/").await;
    let big = resident.post("/prefs", &[("elder", "25"), ("back", "/")]).await;
    assert_eq!((big.status, big.header("location")), (303, "/"));
    let (code, secret) = report(&mut resident).await;
    let shown = resident.get(&format!("/track/{code}")).await;
    assert_eq!(shown.status, 200);
    assert!(!shown.body.contains("三号楼") && !shown.body.contains("漏水"), "the code alone tells no words");
    assert!(shown.body.contains("data-elder=\"25\""), "the size is kept");

    let unit = decide(app, &code).await;
    app.advance(Timestamp::HOUR).await;
    let mut handler = app.signed_in(&unit).await;
    let inbox = handler.get("/inbox").await;
    assert!(opens(&inbox.body, &code), "{}", inbox.body);
    let case = handler.get(&format!("/case/{code}")).await;
    assert!(case.body.contains("漏水") && !case.body.contains("王女士") && !case.body.contains("19900000077"));
    let version = value(&case.body, "version").unwrap();
    let accepted = handler.post(&format!("/case/{code}/accept"), &[("version", &version)]).await;
    assert_eq!(accepted.status, 303, "{}", accepted.body);
    app.advance(10 * Timestamp::MINUTE).await;
    let version = value(&handler.get(&format!("/case/{code}")).await.body, "version").unwrap();
    let said = "当天换好了水管，地面已经清理。";
    let answer = [("version", version.as_str()), ("outcome", "fixed"), ("text", said), ("evidence", "现场照片 3 号")];
    let answered = handler.post(&format!("/case/{code}/answer"), &answer).await;
    assert_eq!(answered.status, 303, "{}", answered.body);

    app.advance(Timestamp::HOUR).await;
    resident.get("/track").await;
    let opened = resident.post("/track", &[("code", &code), ("secret", &secret)]).await;
    assert_eq!(opened.status, 200, "{}", opened.body);
    assert!(opened.body.contains(said) && opened.body.contains("三号楼"));
    assert!(!opened.body.contains("现场照片 3 号"), "what only staff may read");
    let rated = [("secret", secret.as_str()), ("resolved", "yes"), ("satisfaction", "5"), ("comment", "很快，谢谢")];
    let rated = resident.post(&format!("/track/{code}/callback"), &rated).await;
    assert_eq!(rated.status, 200, "{}", rated.body);
    assert!(plain(&rated.body).contains("已办结"));

    let mut leader = app.signed_in("leader").await;
    for round in ["unfolded", "folded"] {
        let page = leader.get("/dashboard?area=900102001000000").await;
        let line = table(&page.body)["柳港里社区"].join(" | ");
        let once = "100.0% （少） 1/1";
        assert_eq!(line, format!("1 | {once} | {once} | {once} | {once} | {once}"), "{round}");
        for (href, text) in links(&page.body, "/dashboard/").into_iter().filter(|(_, text)| text == "1") {
            assert_eq!(listed(&mut leader, &href).await, 1, "{href} {text}");
            assert!(opens(&leader.get(&href).await.body, &code), "{href} opens the case");
        }
        app.advance(Timestamp::SECOND).await;
    }
    let open = app.browser().get("/open").await;
    assert!(!plain(&open.body).contains("100.0%"), "one case is too few to publish");
});

doors!(the_language_and_the_size_stay, async |app: &App| {
    let mut resident = app.browser();
    resident.get("/track").await;
    let english = resident.post("/prefs", &[("lang", "en"), ("back", "/track")]).await;
    assert_eq!((english.status, english.header("location")), (303, "/track"));
    resident.get("/track").await;
    resident.post("/prefs", &[("elder", "30"), ("back", "https://evil.example")]).await;
    let (code, _) = report(&mut resident).await;
    for page in ["/", "/track", "/open", "/login", "/nowhere", &format!("/track/{code}")] {
        let page = resident.get(page).await;
        assert!(page.body.contains("<html lang=\"en\" data-elder=\"30\">"), "{}", page.body);
        assert!(!page.body.contains('⟦'), "no word is missing");
    }
    resident.post("/prefs", &[("elder", "off"), ("lang", "zh"), ("back", "/")]).await;
    assert!(resident.get("/").await.body.contains("<html lang=\"zh-CN\">"));
});
