//! Samples of the pages of practices.

use askama::Template;
use muster_server::i18n::Lang;
use muster_server::view::practices::{
    EffectShown, LikelyShown, OpenPracticePage, OpenPracticesPage, PracticeCasesPage, PracticeForm, PracticeFormPage,
    PracticeLine, PracticePage, PracticeStep, PracticeTab, PracticesPage, SourceCase,
};
use muster_server::view::process::Pager;

use super::{Sample, areas, group, process, shell, staff, when};

fn practice(state: &str, early: bool) -> PracticeLine {
    let effect = EffectShown {
        before: "做法实施前 90 天有同类工单 20 件，".into(),
        after: "实施后 90 天有 4 件。".into(),
        change: "同类工单按天数折算为原来的 20%".into(),
        range: "（95% 区间 7% 至 56%）".into(),
        small: true,
        early: false,
        told: "居民回访 6 件，确认解决 5 件。".into(),
    };
    PracticeLine {
        id: "0190".into(),
        title: "错时清运，垃圾不过夜".into(),
        class: "园林绿化环卫".into(),
        area: "安和市 望江区".into(),
        level: "county".into(),
        state: state.into(),
        matter: "老小区桶少车少，天热时满桶外溢。".into(),
        public: state == "accepted",
        views: 31,
        uses: 4,
        effect: if early { EffectShown { early, ..EffectShown::default() } } else { effect },
    }
}

/// One beside a case.
pub(crate) fn likely(may_use: bool) -> LikelyShown {
    LikelyShown {
        line: practice("accepted", false),
        measures: "记下桶位几点装满，改为早晚两清。".into(),
        likeness: "near",
        same_class: may_use,
        words: vec!["满桶外溢".into()],
        used: may_use,
        may_use,
    }
}

pub(crate) fn pages(lang: Lang) -> Vec<Sample> {
    let form = PracticeForm {
        title: "错时清运".into(),
        category: "01".into(),
        categories: group(&[("01", "城乡建设")]),
        areas: areas(false).groups,
        version: "2".into(),
        ..PracticeForm::default()
    };
    let tab = |state: &str, count| PracticeTab {
        state: state.into(),
        href: format!("/practices?show={state}"),
        count,
        current: state == "accepted",
    };
    let list = PracticesPage {
        shell: staff(lang, "practices-page", "coordinator", "/practices"),
        tabs: vec![tab("proposed", 2), tab("accepted", 10)],
        show: String::new(),
        q: String::new(),
        class: String::new(),
        level: String::new(),
        classes: group(&[("01", "城乡建设")]),
        levels: group(&[("county", "区县级")]),
        lines: vec![practice("accepted", false), practice("accepted", true)],
        total: 10,
        pager: Pager { first: None, next: Some("/practices?cursor=b".into()) },
        may_enter: true,
    };
    let open = OpenPracticesPage {
        shell: shell(lang, "open-practices-page"),
        q: String::new(),
        class: String::new(),
        classes: group(&[("01", "城乡建设")]),
        lines: vec![practice("accepted", false)],
        total: 1,
        pager: Pager::default(),
    };
    let mut pages = vec![
        ("practices", list.render().expect("practices")),
        ("open-practices", open.render().expect("open practices")),
    ];
    pages.extend(one_practice(lang, form));
    pages
}

fn one_practice(lang: Lang, form: PracticeForm) -> Vec<Sample> {
    let one = PracticePage {
        shell: staff(lang, "practice-page", "coordinator", "/practices"),
        line: practice("accepted", false),
        measures: "记下桶位几点装满，改为早晚两清。".into(),
        limits: "需要能调出一班人。".into(),
        case: Some(("7K2M".into(), "垃圾两天没运走".into())),
        window_days: 90,
        least_days: 14,
        measured: Some(when("11月23日 周一 09:30")),
        taken: 4,
        told: 6,
        steps: vec![PracticeStep {
            version: 1,
            act: "proposed".into(),
            when: when("11月20日 周五 09:30"),
            who: "林岚".into(),
            reason: "已核对".into(),
            old: Some(("旧标题".into(), "旧问题".into(), "旧做法".into(), "旧条件".into())),
        }],
        verdicts: vec!["retire", "withdraw"],
        version: "2".into(),
        reason: String::new(),
        edit: Some(form.clone()),
        edit_open: true,
    };
    let cases = PracticeCasesPage {
        shell: staff(lang, "practice-cases-page", "coordinator", "/practices"),
        id: "0190".into(),
        title: "错时清运，垃圾不过夜".into(),
        sides: vec![("before", true), ("after", false), ("told", false), ("solved", false), ("taken", false)],
        rows: process::rows(),
        hidden: 3,
    };
    let written = PracticeFormPage {
        shell: staff(lang, "practice-new-page", "unit_handler", "/inbox"),
        action: "/case/7K2M/practice".into(),
        case: Some(SourceCase {
            code: "7K2M".into(),
            title: "垃圾两天没运走".into(),
            text: "桶满得盖子都盖不上。".into(),
            answer: "已增加一次清运。".into(),
        }),
        form,
    };
    let open_one = OpenPracticePage {
        shell: shell(lang, "open-practice-page"),
        line: practice("accepted", true),
        measures: "记下桶位几点装满，改为早晚两清。".into(),
        limits: String::new(),
        window_days: 90,
    };
    vec![
        ("practice", one.render().expect("a practice")),
        ("practice-cases", cases.render().expect("cases behind a practice")),
        ("practice-form", written.render().expect("writing a practice")),
        ("open-practice", open_one.render().expect("an open practice")),
    ]
}
