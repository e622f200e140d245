//! Samples of the pages through which a report comes in.

use askama::Template;
use muster_server::i18n::Lang;
use muster_server::view::intake::{
    Advice, CheckPage, ContactPage, DeskForm, DeskPage, DonePage, Draft, EarlierCase, GridForm, GridPage, HomePage,
    SimilarCase, Slip, Taken,
};
use muster_server::view::photos::{Chooser, Kept};
use muster_server::view::qr::Qr;
use muster_server::view::{Choice, Elder};

use super::{Sample, areas, shell, staff, when};

fn urgent() -> Advice {
    Advice { call: Some("119".into()), ..Advice::default() }
}

fn other() -> Advice {
    let door = ("已进入诉讼或仲裁".into(), "请向受理案件的人民法院或仲裁机构反映".into());
    Advice { call: None, door: Some(door), other: Some(("柳荫路".into(), "柳河街道 桂花社区".into())) }
}

fn draft() -> Draft {
    Draft {
        text: "桂花社区 3 号楼的电梯从上周五开始一直停在 7 楼，物业说在等配件。楼里有好几位八十多岁的老人，\
               买菜看病都要爬楼，昨天有位阿姨在楼梯上扭伤了脚。\n希望尽快修好，或者先给个临时办法。"
            .into(),
        area: "330101".into(),
        place: "桂花社区 3 号楼 2 单元".into(),
        name: "王女士".into(),
        phone: "139 0000 1234".into(),
        behalf: "我母亲".into(),
        tell: "zh".into(),
        may_tell: true,
        key: "0197a0".into(),
        photos: photos(),
    }
}

fn photos() -> Chooser {
    let picture = "data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=".into();
    Chooser { kept: vec![Kept { token: "5c1e".into(), picture }], most: 3, side: 1600 }
}

fn similar() -> SimilarCase {
    SimilarCase {
        token: "3f9a".into(),
        class: "城乡建设".into(),
        area: "桂花社区".into(),
        state: "working".into(),
        when: when("2026年11月"),
        shared: vec!["3 号楼的电梯".into(), "买菜看病都要爬楼".into()],
    }
}

fn words(text: &str) -> Vec<String> {
    text.split(' ').map(str::to_owned).collect()
}

pub(crate) fn pages(lang: Lang) -> Vec<Sample> {
    let mut pages = resident(lang);
    pages.extend(desk(lang));
    pages.extend(grid(lang));
    pages
}

fn resident(lang: Lang) -> Vec<Sample> {
    let home = HomePage { shell: shell(lang, "home-page"), draft: Draft::default(), areas: areas(false) };
    let mut elder = shell(lang, "home-page");
    elder.elder = Elder::Largest;
    let elder = HomePage { shell: elder, draft: Draft::default(), areas: areas(true) };
    let mut wrong = shell(lang, "home-page");
    wrong.refuse("text", "text-empty", None);
    wrong.refuse("area", "area-unknown", None);
    let wrong =
        HomePage { shell: wrong, draft: Draft { place: "3 号楼".into(), ..Draft::default() }, areas: areas(true) };
    let contact = ContactPage { shell: shell(lang, "contact-page"), draft: draft(), advice: urgent() };
    let check = CheckPage {
        advice: other(),
        shell: shell(lang, "check-page"),
        draft: draft(),
        area_label: "望江区 · 柳河街道 · 桂花社区".into(),
        similar: vec![similar()],
        join: "none".into(),
    };
    let done = DonePage {
        advice: Advice::default(),
        shell: shell(lang, "done-page"),
        code: words("7K3F Q9WX 2M4AC"),
        secret: words("482 913 06"),
        unit: Some("望江区住房和城乡建设局".into()),
        due: when("11月30日 周一 17:30 前"),
        why: words("电梯故障属于“住房与物业—电梯”，由区住建部门牵头。 一般事项五个工作日内答复，周末不计。"),
        joined: false,
    };
    let waiting = DonePage {
        advice: Advice::default(),
        shell: shell(lang, "done-page"),
        code: words("7K3F Q9WX 2M4AC"),
        secret: words("482 913 06"),
        unit: None,
        due: when("11月30日 周一 17:30 前"),
        why: words("这件事可能涉及两个单位，专人会在今天内确认。"),
        joined: true,
    };
    vec![
        ("home", home.render().expect("home")),
        ("home-elder", elder.render().expect("home, elder")),
        ("home-wrong", wrong.render().expect("home, wrong")),
        ("report-contact", contact.render().expect("contact")),
        ("report-check", check.render().expect("check")),
        ("report-done", done.render().expect("done")),
        ("report-done-waiting", waiting.render().expect("done, waiting")),
    ]
}

fn taken() -> Taken {
    Taken {
        code: words("7K3F Q9WX 2M4AC"),
        secret: words("482 913 06"),
        unit: Some("望江区住房和城乡建设局".into()),
        due: when("11月30日 周一 17:30 前"),
    }
}

fn grid(lang: Lang) -> Vec<Sample> {
    let page = |form: GridForm, taken| GridPage {
        shell: staff(lang, "grid-page", "grid_worker", "/grid"),
        account: "0197a1".into(),
        form,
        areas: areas(false),
        photos: Chooser { most: 3, side: 1600, ..Chooser::default() },
        taken,
    };
    let fresh = page(GridForm::default(), Some(taken()));
    let typed = draft();
    let mut wrong = page(GridForm { text: typed.text, place: typed.place, ..GridForm::default() }, None);
    wrong.shell.refuse("area", "area-missing", None);
    vec![("grid", fresh.render().expect("grid")), ("grid-wrong", wrong.render().expect("grid, wrong"))]
}

fn desk(lang: Lang) -> Vec<Sample> {
    let channels = ["hotline", "visit", "letter", "wechat"];
    let shell = staff(lang, "desk-page", "operator", "/desk");
    let channels: Vec<_> = channels.iter().map(|code| Choice::new(*code, shell.label("channel", code))).collect();
    let empty = DeskPage {
        advice: Advice::default(),
        shell: shell.clone(),
        may_tell: true,
        form: DeskForm { channel: "station".into(), ..DeskForm::default() },
        areas: areas(false),
        photos: photos(),
        channels: channels.clone(),
        earlier: None,
        similar: None,
        join: String::new(),
        taken: Some(taken()),
        slip: Some(Slip {
            class: Some("住房与物业".into()),
            address: "/track/7K3FQ9WX2M4AC".into(),
            qr: Qr::of("/track/7K3FQ9WX2M4AC"),
        }),
        account: "0197a1".into(),
        chosen: false,
        decides: true,
    };
    let earlier = |title: &str, state: &str| EarlierCase {
        code: "7K3FQ9WX2M4AC".into(),
        title: title.into(),
        state: state.into(),
        unit: "区住房和城乡建设局".into(),
        when: when("11月20日 周五"),
    };
    let typed = draft();
    let found = DeskPage {
        advice: Advice::default(),
        shell,
        may_tell: true,
        form: DeskForm {
            phone: typed.phone,
            name: typed.name,
            behalf: typed.behalf,
            tell: true,
            area: typed.area,
            place: typed.place,
            text: typed.text,
            channel: "hotline".into(),
            key: typed.key,
        },
        areas: areas(false),
        photos: photos(),
        channels,
        earlier: Some(vec![
            earlier("桂花社区 3 号楼电梯停运，老人出行困难", "working"),
            earlier("小区门口夜间烧烤油烟扰民，多次反映", "closed"),
        ]),
        similar: Some(vec![similar()]),
        join: "none".into(),
        taken: None,
        slip: None,
        account: "0197a1".into(),
        chosen: true,
        decides: true,
    };
    vec![("desk", empty.render().expect("desk")), ("desk-found", found.render().expect("desk, found"))]
}
