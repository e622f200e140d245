//! Samples of the pages of performance.

use askama::Template;
use muster_server::i18n::Lang;
use muster_server::view::evaluate::Way;
use muster_server::view::performance::{
    AppealForm, AppealShown, AppealsPage, BehindCase, BurdenPage, BurdenShown, ExclusionNewPage, ExclusionsPage,
    ExemptCount, ExemptShown, InterviewPage, InterviewShown, InterviewsPage, JointShown, LineShown, OtherScore,
    PerformancePage, ScorePage, ScoreShown, SignalShown, SignalsPage, SummonsForm,
};

use super::{Sample, areas, group, shell, staff, when};

const CODE: &str = "7K3FQ9WX2M4AC";

pub(crate) fn pages(lang: Lang) -> Vec<Sample> {
    let mut pages = lists(lang);
    pages.extend(scores(lang));
    pages.extend(reviews(lang));
    pages.extend(interviews(lang));
    pages.extend(signals(lang));
    pages
}

fn tabs(current: &str) -> Vec<Way> {
    let doors = [("/performance", "performance-scores"), ("/performance/appeals", "appeals-title")];
    doors.map(|(href, key)| Way { key, href: href.into(), current: href == current }).into()
}

fn exempt(id: &str, state: &str) -> ExemptShown {
    ExemptShown {
        id: id.into(),
        code: CODE.into(),
        title: "楼道水管漏水".into(),
        kind: "blameless".into(),
        ground: "不可抗力".into(),
        evidence: "停工令附后".into(),
        state: state.into(),
        answer: if state == "open" { String::new() } else { "停工令属实".into() },
        asked: when("7月2日 周四 09:00"),
        unit: "区水务局".into(),
        answer_id: format!("answer-{id}"),
        typed: String::new(),
        may_decide: state == "open",
    }
}

fn appeal(state: &str) -> AppealShown {
    AppealShown {
        id: "a".into(),
        score: "s".into(),
        unit: "区水务局".into(),
        term: "2026 年第 2 季度".into(),
        part: "按时办结".into(),
        reason: "因暴雨停工四天，期间的时限应当扣除。".into(),
        asked: when("7月2日 周四 09:00"),
        decide_by: when("7月16日 周四 24:00"),
        late: state == "open",
        state: state.into(),
        answer: if state == "open" { String::new() } else { "停工令属实".into() },
        cases: vec![exempt("of-appeal", state)],
        answer_id: "answer-a".into(),
        typed: String::new(),
        may_decide: state == "open",
    }
}

fn other(name: &str) -> OtherScore {
    OtherScore {
        href: "/performance/s".into(),
        name: name.into(),
        points: "68.54".into(),
        mark: "good".into(),
        standing: "final".into(),
    }
}

fn lists(lang: Lang) -> Vec<Sample> {
    let row = |unit: &str, mark: &str, standing: &str| ScoreShown {
        id: "s".into(),
        unit: unit.into(),
        cells: vec!["81.20".into(), "—".into()],
        points: "68.54".into(),
        mark: mark.into(),
        standing: standing.into(),
    };
    let list = |rows: Vec<ScoreShown>| PerformancePage {
        shell: staff(lang, "performance-page", "coordinator", "/performance"),
        tabs: tabs("/performance"),
        term: "2026 年第 2 季度".into(),
        terms: group(&[("2026Q2", "2026 年第 2 季度")]),
        asked: "2026Q2".into(),
        parts: vec![("按时办结".into(), 60), ("协同办理".into(), 40)],
        rows,
        weight: 15,
        pass: 60,
        least: 20,
        may_make: true,
        areas: areas(false).groups,
        area: String::new(),
    };
    let rows = vec![
        row("区水务局", "good", "final"),
        row("区教育局", "failed", "provisional"),
        row("区民政局", "unrated", "provisional"),
    ];
    vec![
        ("performance", list(rows).render().expect("scores")),
        ("performance-empty", list(Vec::new()).render().expect("scores")),
    ]
}

fn scores(lang: Lang) -> Vec<Sample> {
    let line = |name: &str| LineShown {
        name: name.into(),
        weight: 60,
        met: 40,
        missed: 10,
        excluded: 1,
        forgiven: 2,
        rate: "80.00%".into(),
        points: "62.50".into(),
        zero: 50,
        full: 98,
        basis: "缺省值".into(),
        met_href: Some("/dashboard/on_time?side=numerator".into()),
        missed_href: Some("/dashboard/on_time?side=rest".into()),
    };
    let joint = JointShown { code: CODE.into(), title: "改管第一段".into(), met: true, exempt: false };
    let score = |standing: &str, appeal: Option<AppealShown>| ScorePage {
        shell: staff(lang, "score-page", "leader", "/performance"),
        id: "s".into(),
        unit: "区水务局".into(),
        term: "2026 年第 2 季度".into(),
        version: 2,
        points: "58.54".into(),
        mark: "failed".into(),
        standing: standing.into(),
        made: when("7月2日 周四 09:00"),
        appeal_until: when("7月23日 周四 24:00"),
        pack: "2026.1".into(),
        yearly: "按年度权重 15% 计 8.78 分".into(),
        weight: 15,
        pass: 60,
        lines: vec![line("按时办结"), line("及时响应")],
        joint: vec![joint.clone()],
        exempt: vec![exempt("own", "granted")],
        appeal,
        versions: vec![other("第 2 版"), other("第 1 版")],
        terms: vec![other("2026 年第 1 季度")],
        row: (standing == "final").then(|| (2, "主要负责人一年内不得提拔".into(), "济南条例".into())),
        interview: (standing == "final").then(|| "/interviews/i".into()),
        may_appeal: standing == "provisional",
        may_approve: standing == "ruled",
        parts: group(&[("on_time", "按时办结")]),
        grounds: group(&[("force_majeure", "不可抗力")]),
        form: AppealForm { reason: "停工".into(), ..AppealForm::default() },
    };
    vec![
        ("score", score("provisional", None).render().expect("score")),
        ("score-ruled", score("ruled", Some(appeal("granted"))).render().expect("score")),
        ("score-final", score("final", None).render().expect("score")),
    ]
}

fn reviews(lang: Lang) -> Vec<Sample> {
    let waiting = |some: bool| AppealsPage {
        shell: staff(lang, "appeals-page", "coordinator", "/performance"),
        tabs: tabs("/performance/appeals"),
        appeals: some.then(|| appeal("open")).into_iter().collect(),
        exempt: some.then(|| exempt("open", "open")).into_iter().collect(),
        ruled: some.then(|| other("区教育局")).into_iter().collect(),
    };
    let count = ExemptCount {
        month: "2026-07".into(),
        kind: "blameless".into(),
        ground: "不可抗力".into(),
        asked: 9,
        granted: 7,
        refused: 2,
    };
    let open = |counts: Vec<ExemptCount>| ExclusionsPage {
        shell: shell(lang, "exclusions-page"),
        tabs: Vec::new(),
        counts,
        grounds: vec![("exclusion".into(), "重复反映且无新的事实".into()), ("blameless".into(), "不可抗力".into())],
    };
    let ask = ExclusionNewPage {
        shell: staff(lang, "exclusion-new-page", "unit_handler", "/performance"),
        tabs: tabs("/performance/exclusions/new"),
        units: group(&[("12", "区水务局")]),
        grounds: group(&[("force_majeure", "不可抗力")]),
        unit: "12".into(),
        case: CODE.into(),
        ground: "force_majeure".into(),
        evidence: "停工令附后".into(),
        asked: vec![exempt("asked", "refused")],
    };
    vec![
        ("appeals", waiting(true).render().expect("appeals")),
        ("appeals-empty", waiting(false).render().expect("appeals")),
        ("exclusions", open(vec![count]).render().expect("exclusions")),
        ("exclusions-empty", open(Vec::new()).render().expect("exclusions")),
        ("exclusion-new", ask.render().expect("exclusion")),
    ]
}

fn interviews(lang: Lang) -> Vec<Sample> {
    let shown = |state: &str| InterviewShown {
        id: "i".into(),
        unit: "区水务局".into(),
        term: "2026 年第 2 季度".into(),
        failures: 2,
        state: state.into(),
        held: (state != "due").then(|| when("11月12日 周四 09:00")),
        place: "三楼会议室".into(),
    };
    let list = |interviews: Vec<InterviewShown>| InterviewsPage {
        shell: staff(lang, "interviews-page", "coordinator", "/performance"),
        tabs: tabs("/interviews"),
        interviews,
        failures: 2,
        basis: "信访工作条例（2022）第三十九条".into(),
    };
    let page = |state: &str| InterviewPage {
        shell: staff(lang, "interview-page", "coordinator", "/performance"),
        interview: shown(state),
        score: "s".into(),
        chair: "周副市长".into(),
        why: "连续不合格".into(),
        record: if state == "held" { "月底前补齐人手。".into() } else { String::new() },
        recorded: (state == "held").then(|| when("11月12日 周四 11:00")),
        may_call: state != "held",
        may_record: state == "called",
        commit: (state == "held").then(|| "/findings/new?source=interview".into()),
        form: SummonsForm::default(),
    };
    vec![
        ("interviews", list(vec![shown("due"), shown("held")]).render().expect("interviews")),
        ("interviews-empty", list(Vec::new()).render().expect("interviews")),
        ("interview-due", page("due").render().expect("interview")),
        ("interview-called", page("called").render().expect("interview")),
        ("interview-held", page("held").render().expect("interview")),
    ]
}

fn signals(lang: Lang) -> Vec<Sample> {
    let signal = |id: &str, state: &str| SignalShown {
        id: id.into(),
        unit: "区水务局".into(),
        detector: "spike".into(),
        state: state.into(),
        days: "2026-04-01 – 2026-06-30".into(),
        hits: 40,
        trials: 100,
        expected: "6.1".into(),
        chance: "0.0004".into(),
        cases: vec![BehindCase {
            code: CODE.into(),
            title: "楼道水管漏水".into(),
            area: "桂花社区".into(),
            state: "closed".into(),
        }],
        more: 39,
        words: if state == "new" { String::new() } else { "系统升级那一周集中补录。".into() },
        words_id: format!("words-{id}"),
        typed: String::new(),
        may_decide: state == "new",
    };
    let list = |signals: Vec<SignalShown>| SignalsPage {
        shell: staff(lang, "signals-page", "coordinator", "/performance"),
        tabs: tabs("/performance/signals"),
        signals,
    };
    let row = |unit: &str, outside: i64| BurdenShown {
        unit: unit.into(),
        tasks: 30,
        per_worker: "10.0".into(),
        outside,
        categories: vec![("工程质量".into(), outside)],
        again: 2,
        forms: 5,
        repeated: 3,
        calls: "4.3".into(),
        workers: 3,
    };
    let burden = |rows: Vec<BurdenShown>| BurdenPage {
        shell: staff(lang, "burden-page", "leader", "/performance"),
        tabs: tabs("/performance/burden"),
        term: "2026 年第 2 季度".into(),
        terms: group(&[("2026Q2", "2026 年第 2 季度")]),
        asked: "2026Q2".into(),
        rows,
    };
    vec![
        ("signals", list(vec![signal("a", "new"), signal("b", "explained")]).render().expect("signals")),
        ("signals-empty", list(Vec::new()).render().expect("signals")),
        ("burden", burden(vec![row("桂花社区", 3), row("渡口社区", 0)]).render().expect("burden")),
        ("burden-empty", burden(Vec::new()).render().expect("burden")),
    ]
}
