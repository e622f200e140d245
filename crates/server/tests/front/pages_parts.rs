//! The plan of a case on its page: parts given out, signed for and finished in a browser; nothing typed is lost.

use crate::app::{App, Browser, between, doors};
use crate::doctor;

async fn unit(app: &App, code: &str) -> String {
    let mut tx = app.state.read().await.unwrap();
    muster_store::people::unit_by_code(&mut tx, code).await.unwrap().unwrap().id.to_string()
}

async fn case(app: &App) -> String {
    let code = doctor::reported(app, "老楼楼道墙皮脱落，外墙保温也掉，想问什么时候改造。", "parts").await.code;
    let coordinator = doctor::actor(app, "coordinator").await;
    let housing = unit(app, "mh-housing").await.parse().unwrap();
    muster_server::usecase::case_assign::case_assign(&app.state, &coordinator, &code, housing, "牵头", None)
        .await
        .unwrap();
    code
}

/// The version the page's forms carry.
async fn version(browser: &mut Browser<'_>, code: &str) -> String {
    let page = browser.get(&format!("/case/{code}/plan")).await;
    between(&page.body, "name=\"version\" value=\"", "\"").unwrap().to_owned()
}

doors!(a_part_goes_from_the_lead_to_a_unit_and_back, async |app: &App| {
    let code = case(app).await;
    let water = unit(app, "mh-water").await;
    let mut lead = app.signed_in("mh-housing").await;
    let page = lead.get(&format!("/case/{code}")).await;
    assert!(page.body.contains("需要几个单位分头办？") && page.body.contains("/answer\""), "{}", page.body);
    let seen = version(&mut lead, &code).await;
    let path = format!("/case/{code}/parts");
    let typed = [
        ("version", seen.as_str()),
        ("title", "换水管"),
        ("unit", water.as_str()),
        ("amount", "两天"),
        ("budget_unit", "working_days"),
        ("after", "1，2"),
        ("reason", "三号楼先换"),
    ];
    let refused = lead.post(&path, &typed).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("id=\"amount-error\"") && refused.body.contains("id=\"after-error\""));
    assert!(refused.body.contains("value=\"换水管\"") && refused.body.contains("三号楼先换"), "nothing typed is lost");
    let mut right = typed;
    (right[3].1, right[5].1) = ("2", "");
    let given = lead.post(&path, &right).await;
    assert_eq!((given.status, given.header("location")), (303, format!("/case/{code}/plan").as_str()));
    let page = lead.get(&format!("/case/{code}")).await;
    assert!(page.body.contains("还有 1 项必办分工没有办结"), "{}", page.body);
    assert!(!page.body.contains(&format!("/case/{code}/answer\"")), "no form for an answer that would be refused");
    let again = lead.post(&path, &right).await;
    assert_eq!(again.status, 412, "somebody changed it meanwhile");
    assert!(again.body.contains("value=\"换水管\""));

    let mut unit = app.signed_in("mh-water").await;
    let inbox = unit.get("/inbox").await;
    assert!(inbox.body.contains("分给本单位的分项（1 项未办结）"), "{}", inbox.body);
    assert!(inbox.body.contains("/plan#part-1\">换水管</a>"), "{}", inbox.body);
    let page = unit.get(&format!("/case/{code}/plan")).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("<svg class=\"chart gantt\"") && page.body.contains("class=\"bar critical\""));
    assert!(page.body.contains("待签收") && page.body.contains("决定总工期") && page.body.contains("2 个工作日"));
    assert!(
        !page.body.contains("id=\"add\"") && !page.body.contains("/cancel\""),
        "only its own part is its to work on"
    );
    let accepted = unit.post(&format!("/case/{code}/parts/1/accept"), &[]).await;
    assert_eq!(accepted.status, 303, "{}", accepted.body);
    unit.get(&format!("/case/{code}/plan")).await;
    let silent = unit.post(&format!("/case/{code}/parts/1/done"), &[("text", " "), ("evidence", "验收单")]).await;
    assert_eq!(silent.status, 422);
    assert!(silent.body.contains("id=\"text-1-error\"") && silent.body.contains("value=\"验收单\""), "{}", silent.body);
    let done = unit.post(&format!("/case/{code}/parts/1/done"), &[("text", "换了 30 米")]).await;
    assert_eq!(done.status, 303, "{}", done.body);
    assert!(!unit.get("/inbox").await.body.contains("分给本单位的分项"));
    let page = lead.get(&format!("/case/{code}")).await;
    assert!(page.body.contains("分工办结") && page.body.contains(&format!("/case/{code}/answer\"")), "{}", page.body);
    let mut stranger = app.signed_in("mh-education").await;
    assert_eq!(stranger.get(&format!("/case/{code}/plan")).await.status, 404);
});

doors!(a_template_is_looked_at_before_it_is_taken_up, async |app: &App| {
    let code = case(app).await;
    let mut coordinator = app.signed_in("coordinator").await;
    let page = coordinator.get(&format!("/case/{code}/plan?template=old_housing")).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let form = between(&page.body, "id=\"proposal\"", "</form>").unwrap();
    assert_eq!(form.matches("<select id=\"unit-").count(), 15);
    assert!(form.contains("柳港街道办事处</option>") && form.contains("2026年11月19日"), "{form}");
    let water = unit(app, "mh-water").await;
    let seen = between(form, "name=\"version\" value=\"", "\"").unwrap().to_owned();
    let path = format!("/case/{code}/plan");
    let typed = [("version", seen.as_str()), ("template", "old_housing"), ("unit-survey", &water), ("reason", "")];
    let silent = coordinator.post(&path, &typed).await;
    assert_eq!(silent.status, 422);
    assert!(silent.body.contains("id=\"plan-reason-error\""), "{}", silent.body);
    let survey = between(&silent.body, "<select id=\"unit-survey\"", "</select>").unwrap();
    assert!(survey.contains(&format!("<option value=\"{water}\" selected>")), "what was chosen stays: {survey}");
    let mut right = typed;
    right[3].1 = "列入今年计划";
    assert_eq!(coordinator.post(&path, &right).await.status, 303);
    let page = coordinator.get(&path).await;
    assert!(page.body.contains("共 15 项") && page.body.contains("施工图设计"), "{}", page.body);
    let unknown = coordinator.get(&format!("/case/{code}/plan?template=palace")).await;
    assert_eq!(unknown.status, 422);
});
