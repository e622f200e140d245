//! Two people on one case: the second is told what happened, keeps the words, and goes on where that is possible.

use muster_core::people::Actor;
use muster_core::time::Timestamp;
use muster_server::usecase::case_triage::{Decision, case_triage};

use crate::app::{App, doors};
use crate::figures_history::{accept, answer, given, plain, rate, told};
use crate::pages_forms::{has_form, value};

doors!(an_answer_written_while_the_case_changed_is_sent_after_a_look, async |app: &App| {
    let case = given(app, 0, "900102001001", "0201").await;
    let at = format!("/case/{}", case.code.replace('-', ""));
    let mut handler = app.signed_in("bh-human-resources").await;
    let version = value(&handler.get(&at).await.body, "version").unwrap();
    app.hand.advance(Timestamp::MINUTE);
    accept(app, &case).await;
    let typed =
        [("version", version.as_str()), ("outcome", "fixed"), ("text", "写了半小时的答复"), ("evidence", "记录")];
    let stale = handler.post(&format!("{at}/answer"), &typed).await;
    assert_eq!(stale.status, 412, "{}", stale.body);
    for (name, typed) in &typed[1..] {
        assert_eq!(value(&stale.body, name).as_deref(), Some(*typed), "{name}: {}", stale.body);
    }
    let seen = plain(&stale.body);
    assert!(seen.contains("您填写时，别人更新了这件工单"), "{seen}");
    assert!(seen.contains("签收") && !seen.contains("收到诉求"), "only what happened since: {seen}");
    assert!(seen.contains("已解决"), "the choice in words");
    assert!(has_form(&stale.body, &format!("{at}/answer")));
    let now = value(&stale.body, "version").unwrap();
    assert_ne!(now, version);
    let again = [("version", now.as_str()), typed[1], typed[2], typed[3]];
    assert_eq!(handler.post(&format!("{at}/answer"), &again).await.status, 303);
    assert!(handler.get(&at).await.body.contains("写了半小时的答复"));
});

doors!(an_act_that_is_no_longer_possible_says_what_is, async |app: &App| {
    let case = given(app, 0, "900102001001", "0201").await;
    let at = format!("/case/{}", case.code.replace('-', ""));
    let mut handler = app.signed_in("bh-human-resources").await;
    let version = value(&handler.get(&at).await.body, "version").unwrap();
    accept(app, &case).await;
    answer(app, &case, "fixed").await;
    rate(app, &case, true, Some(5)).await;
    for (form, typed) in [
        ("answer", vec![("outcome", "fixed"), ("text", "第二份答复"), ("evidence", "记录")]),
        ("dispute", vec![("reason", "not_our_duty"), ("note", "应由别的单位办")]),
        ("accept", vec![]),
    ] {
        // With the version seen before, and of a form that knows none.
        for version in [Some(version.clone()), None] {
            let mut fields = typed.clone();
            if let Some(version) = &version {
                fields.push(("version", version));
            }
            let refused = handler.post(&format!("{at}/{form}"), &fields).await;
            let status = if version.is_some() { 412 } else { 409 };
            assert_eq!(refused.status, status, "{form} {version:?}: {}", refused.body);
            for (name, words) in &typed {
                assert_eq!(value(&refused.body, name).as_deref(), Some(*words), "{form}: {}", refused.body);
            }
            assert!(!refused.body.contains("仍按我填写的提交"), "it cannot be sent again");
            if status == 409 {
                assert!(refused.body.contains("现在可以：重新办理"), "{}", refused.body);
            }
        }
    }
    let mut coordinator = app.signed_in("bh-coordinator").await;
    let page = coordinator.get(&at).await;
    assert_eq!(page.status, 200);
    let mut tx = app.state.read().await.unwrap();
    let unit = muster_store::people::unit_by_code(&mut tx, "bh-education").await.unwrap().unwrap().id.to_string();
    drop(tx);
    let fields = [("unit", unit.as_str()), ("reason", "请他们再看看")];
    let refused = coordinator.post(&format!("{at}/assign"), &fields).await;
    assert_eq!(refused.status, 409, "{}", refused.body);
    assert_eq!(value(&refused.body, "reason").as_deref(), Some("请他们再看看"));
    assert!(plain(&refused.body).contains("滨湖区教育局"));
});

doors!(two_operators_decide_one_case, async |app: &App| {
    let case = told(app, 0, "900102001001").await;
    let code = case.code.replace('-', "");
    let mut second = app.signed_in("operator2").await;
    let page = second.get(&format!("/triage?case={code}")).await;
    let version = value(&page.body, "version").unwrap();
    let decision = Decision { category: "0201".to_owned(), ..Decision::default() };
    case_triage(&app.state, &Actor::System, &case.code, &decision).await.unwrap();
    let refuse = [("version", version.as_str()), ("reason", "no_place"), ("note", "写给反映人的说明")];
    let stale = second.post(&format!("/triage/{code}/refuse"), &refuse).await;
    assert_eq!(stale.status, 412, "{}", stale.body);
    assert_eq!(value(&stale.body, "note").as_deref(), Some("写给反映人的说明"));
    assert!(plain(&stale.body).contains("派单"), "what happened since");
    let late = second.post(&format!("/triage/{code}"), &[("category", "0301")]).await;
    assert_eq!(late.status, 409, "{}", late.body);
    assert!(late.body.contains("现在可以："), "{}", late.body);
});

doors!(a_case_given_away_meanwhile_keeps_the_words_of_its_former_unit, async |app: &App| {
    let case = given(app, 0, "900102001001", "0201").await;
    let at = format!("/case/{}", case.code.replace('-', ""));
    let mut handler = app.signed_in("bh-human-resources").await;
    handler.get(&at).await;
    let mut tx = app.state.read().await.unwrap();
    let other = muster_store::people::unit_by_code(&mut tx, "bh-education").await.unwrap().unwrap().id;
    drop(tx);
    let assign = muster_server::usecase::case_assign::case_assign;
    assign(&app.state, &Actor::System, &case.code, other, "归教育局", None).await.unwrap();
    let typed = [("outcome", "fixed"), ("text", "已经写好的答复"), ("evidence", "记录")];
    let gone = handler.post(&format!("{at}/answer"), &typed).await;
    assert_eq!(gone.status, 404, "what is not theirs does not exist");
    assert_eq!(value(&gone.body, "text").as_deref(), Some("已经写好的答复"));
});

doors!(a_callback_that_comes_too_late_keeps_the_words, async |app: &App| {
    let case = given(app, 0, "900102001001", "0201").await;
    accept(app, &case).await;
    answer(app, &case, "fixed").await;
    let mut reporter = app.browser();
    reporter.get("/track").await;
    app.advance(8 * Timestamp::DAY).await;
    let at = format!("/track/{}/callback", case.code.replace('-', ""));
    let fields = [("secret", case.secret.as_str()), ("resolved", "no"), ("comment", "其实没有修好")];
    let late = reporter.post(&at, &fields).await;
    assert_eq!(late.status, 409, "{}", late.body);
    assert_eq!(value(&late.body, "comment").as_deref(), Some("其实没有修好"));
    assert!(late.body.contains("现在可以：重新办理"), "{}", late.body);
});
