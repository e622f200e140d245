//! The service station: the desk for somebody who stands before it and takes a slip home.

use muster_core::intake::Channel;
use muster_server::view::qr::Qr;

use crate::app::{App, between, doors};
use crate::figures_history::plain;
use crate::pages_forms::{receipt, value};

const SAID: &str = "小区北门的路灯坏了一个多星期，晚上黑得看不见路";

doors!(the_slip_says_what_to_take_home_and_its_code_has_no_secret, async |app: &App| {
    let mut staff = app.signed_in("operator1").await;
    let hotline = staff.get("/desk").await.body;
    assert_eq!(value(&hotline, "channel").as_deref(), Some("hotline"));
    assert!(!hotline.contains("<header class=\"line between station\">"), "calls are not in large type");
    let station = staff.get("/desk?channel=station").await.body;
    assert_eq!(value(&station, "channel").as_deref(), Some("station"));
    assert!(station.contains("<header class=\"line between station\">"), "{station}");

    let fields = [("text", SAID), ("area", "柳港里社区"), ("name", "王女士"), ("phone", "13900001234"), ("key", "s-1")];
    let taken = staff.post("/desk", &[&fields[..], &[("channel", "station")]].concat()).await;
    assert_eq!(taken.status, 200, "{}", taken.body);
    assert_eq!(value(&taken.body, "channel").as_deref(), Some("station"), "the next visitor stands there too");
    let (code, secret) = receipt(&taken.body);
    let slip = between(&taken.body, "<section class=\"paper\"", "</section>").unwrap();
    let words = plain(slip);
    let address = format!("http://front.test/track/{code}");
    for told in [address.as_str(), "12345", "承诺时间", "扫一扫查进度"] {
        assert!(words.contains(told), "{told} in {words}");
    }
    let squeezed = words.replace(' ', "");
    assert!(squeezed.contains(&code) && squeezed.contains(&secret), "{words}");
    assert!(slip.contains(&Qr::of(&address).unwrap().path), "the square leads to the case, and says no more");
    for hidden in ["王女士", "13900001234", "路灯"] {
        assert!(!words.contains(hidden), "a slip may lie about: {hidden} in {words}");
    }
    let mut tx = app.state.read().await.unwrap();
    let case = muster_store::process::case_by_code(&mut tx, &code.parse().unwrap()).await.unwrap().unwrap();
    assert_eq!((case.channel, case.reports), (Channel::Station, 1));

    staff.get("/desk").await;
    let call = staff.post("/desk", &[("text", "楼上漏水，墙皮掉了一地"), ("area", "柳港里社区"), ("key", "s-2")]).await;
    assert_eq!(call.status, 200, "{}", call.body);
    assert!(!call.body.contains("class=\"paper\""), "nobody hands paper through a telephone");
});

doors!(an_area_is_found_by_its_name_and_shown_by_it, async |app: &App| {
    let mut staff = app.signed_in("operator1").await;
    let page = staff.get("/desk").await.body;
    assert!(page.contains("<datalist id=\"areas\">") && page.contains("柳港里社区\"></option>"), "{page}");
    let refused = staff.post("/desk", &[("text", "嗯"), ("area", "900102001001"), ("key", "s-3")]).await;
    assert_eq!(refused.status, 422);
    let shown = value(&refused.body, "area").unwrap();
    assert!(shown.ends_with("柳港里社区"), "a name, not digits: {shown}");
    for (letters, found) in [("柳港里", true), ("柳港", false), ("社区", false), (" ", false)] {
        let answer = staff.post("/desk", &[("text", "嗯"), ("area", letters), ("key", "s-5")]).await;
        let area = value(&answer.body, "area").unwrap();
        assert_eq!(area.ends_with("柳港里社区"), found, "{letters}: {area}");
        assert_eq!(answer.body.contains("id=\"area-error\""), !found, "{letters}: an area is found or asked for");
    }
    let unknown = staff.post("/desk", &[("text", SAID), ("area", "月球"), ("key", "s-4")]).await;
    assert_eq!(unknown.status, 422);
    assert_eq!(value(&unknown.body, "area").as_deref(), Some("月球"), "nothing typed is lost");
});
