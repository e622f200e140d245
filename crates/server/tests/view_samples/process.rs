//! Samples of the pages on which a case is worked on or watched.

use askama::Template;
use muster_server::i18n::Lang;
use muster_server::view::Elder;
use muster_server::view::photos::Shown;
use muster_server::view::plan::{
    Gantt, PartActs, PartForm, PartLine, PartTyped, PlanPage, Proposal, ProposedLine, Span,
};
use muster_server::view::presence::Present;
use muster_server::view::process::{
    Acts, Answer, CaseForms, CasePage, Clock, ConflictPage, Due, HearForm, Judgement, Likely, Opened, Owed, RatingForm,
    Reporter, Row, Run, Step, Told, TrackFormPage, TrackPage, TriagePage, Typed, Urge, Waiting,
};

use muster_server::view::practices::BesideCase;
use muster_server::view::qr::Qr;
use muster_server::view::shares::{KindLine, Money};
use muster_server::view::side::{Asked, Line, Note, Order, Side, SideActs};

use muster_server::view::way::{Aside, Next, Sheet, Stage, Way};

use super::practices;
use super::{Sample, coded, group, shell, staff, when};

const CODE: &str = "7K3FQ9WX2M4AC";
const TEXT: &str = "桂花社区 3 号楼的电梯从上周五开始一直停在 7 楼，物业说在等配件。楼里有好几位八十多岁的老人，\
                    买菜看病都要爬楼，昨天有位阿姨在楼梯上扭伤了脚。\n希望尽快修好，或者先给个临时办法。";

fn code_groups() -> Vec<String> {
    ["7K3F", "Q9WX", "2M4AC"].map(str::to_owned).to_vec()
}

fn line(ours: bool, who: &str, text: &str) -> Line {
    let read = ours.then(|| when("11月24日 周二 08:10"));
    Line { ours, who: who.into(), text: text.into(), when: when("11月23日 周一 16:05"), read }
}

fn side() -> Side {
    Side {
        matter: Some(("两家都说不归自己".into(), when("11月24日 周二 11:00"))),
        thread: vec![
            line(true, "望江区住房和城乡建设局", "配件已订，预计周三到货。"),
            line(false, "反映人", "谢谢，701 的老人需要送菜。"),
        ],
        notes: vec![Note {
            who: "李倩".into(),
            text: "物业维修基金余额不足。".into(),
            when: when("11月24日 周二 09:00"),
        }],
        asked: vec![Asked {
            id: "0197a3".into(),
            what: "延期 3 个工作日".into(),
            reason: "主控板缺货，厂家三日后到货。".into(),
            who: "李倩".into(),
            when: when("11月24日 周二 09:20"),
            state: "open".into(),
            answer: String::new(),
            may_decide: true,
        }],
        orders: vec![Order {
            ground: "多次反映仍未解决".into(),
            text: "两日内报告处置方案。".into(),
            when: when("11月24日 周二 10:00"),
            report: None,
        }],
        acts: SideActs {
            contact: true,
            urge: true,
            line: true,
            note: true,
            extend: true,
            park: true,
            resume: true,
            supervise: true,
            report: true,
            send: true,
            matter: true,
        },
        extend_hint: "1–5 个工作日".into(),
        ..Side::default()
    }
}

fn photos() -> Vec<Shown> {
    vec![Shown { id: "0197a2".into(), width: 1600, height: 1200 }; 2]
}

fn due(mood: &'static str, words: &str, text: &str) -> Due {
    Due { words: words.into(), when: when(text), mood }
}

fn step(what: &str, who: &str, text: &str, internal: bool) -> Step {
    Step { when: when("11月23日 周一 09:30"), what: what.into(), who: who.into(), text: text.into(), internal }
}

pub(crate) fn pages(lang: Lang) -> Vec<Sample> {
    let mut pages = track(lang);
    pages.extend(super::inbox::pages(lang));
    pages.extend(triage(lang));
    pages.extend(case(lang));
    pages.extend(plans(lang));
    pages.push(conflict(lang));
    pages
}

/// A part under way, one that waits for it, and one that is done.
fn parts() -> Vec<PartLine> {
    let acts = PartActs { accept: true, done: true, cancel: true };
    let line = |number: i64, state, acts| PartLine {
        number,
        code: format!("{CODE}.{number}"),
        title: "更换楼道水管".into(),
        depth: usize::from(number == 2),
        unit: "区水务局".into(),
        helpers: "区城市管理局".into(),
        state,
        required: number != 3,
        critical: number != 3,
        slack: "2 天".into(),
        start: Some(when("11月23日 周一 09:30")),
        finish: Some(when("11月25日 周三 24:00")),
        due: Some(due("calm", "还有 2 天", "11月25日 周三 24:00")),
        after: "1".into(),
        budget: "2 个工作日".into(),
        reason: "三号楼先换".into(),
        result: if state == "done" { "已更换 30 米".into() } else { String::new() },
        evidence: if state == "done" { "验收单".into() } else { String::new() },
        acts,
        text_id: format!("text-{number}"),
        evidence_id: format!("evidence-{number}"),
        reason_id: format!("reason-{number}"),
        typed: PartTyped::default(),
    };
    vec![line(1, "assigned", acts), line(2, "waiting", PartActs::default()), line(3, "done", PartActs::default())]
}

pub(crate) fn owed() -> Vec<Owed> {
    vec![Owed {
        case: CODE.into(),
        number: 1,
        title: "更换楼道水管".into(),
        case_title: "楼道水管漏水".into(),
        state: "assigned",
        due: Some(due("soon", "还有 5 小时", "11月23日 周一 24:00")),
    }]
}

/// A plan under way, with a template that is looked at; and one that nobody has begun.
fn plans(lang: Lang) -> Vec<Sample> {
    let day = 86_400_000_000;
    let span = |number, start, finish, slack, mood| Span { number, title: "水管".into(), start, finish, slack, mood };
    let spans =
        [span(1, 0, 3 * day, 0, "critical"), span(2, 3 * day, 4 * day, day, "calm"), span(3, 0, day, 0, "over")];
    let proposed = |field: &str, critical: bool| ProposedLine {
        field: field.into(),
        title: "征求居民意见".into(),
        depth: usize::from(!critical),
        unit: "12".into(),
        start: when("11月23日 周一 09:30"),
        finish: when("12月21日 周一 24:00"),
        budget: "20 个工作日".into(),
        required: critical,
        critical,
        basis: "国办发〔2020〕23号".into(),
    };
    let page = |parts: Vec<PartLine>, proposal| {
        let gantt = if parts.is_empty() { &[][..] } else { &spans[..] };
        PlanPage {
            shell: staff(lang, "plan-page", "unit_handler", "/inbox"),
            code: CODE.into(),
            code_groups: code_groups(),
            version: "7".into(),
            title: "楼道水管漏水".into(),
            end: (!parts.is_empty()).then(|| when("11月27日 周五 24:00")),
            gantt: Gantt::new(gantt, day, [(day, "11/24".into()), (2 * day, "11/25".into())]),
            parts,
            may_shares: true,
            may_ask: true,
            may_add: true,
            units: group(&[("12", "区水务局")]),
            parents: group(&[("1", "1 更换楼道水管")]),
            budget_units: group(&[("working_days", "工作日")]),
            templates: group(&[("old_housing", "老旧小区改造")]),
            template: "old_housing".into(),
            proposal,
            form: PartForm::default(),
        }
    };
    let proposal = Proposal {
        code: "old_housing".into(),
        name: "老旧小区改造".into(),
        basis: "国办发〔2020〕23号".into(),
        parts: vec![proposed("unit-opinion", true), proposed("unit-survey", false)],
        reason: String::new(),
    };
    let render = |page: PlanPage| page.render().expect("plan");
    vec![("plan", render(page(parts(), Some(proposal)))), ("plan-empty", render(page(Vec::new(), None)))]
}

/// Where the case stands, and beside it.
fn way(current: usize, asides: &[&str]) -> Way {
    let codes = ["received", "assigned", "accepted", "working", "answered", "closed"];
    let stage = |(n, code)| Stage {
        code,
        reached: n <= current,
        current: n == current,
        when: (n <= current).then(|| when("11月23日 周一 09:30")),
    };
    let aside = |text: &&str| Aside { text: (*text).to_owned(), when: Some(when("3月1日 周一 00:00")) };
    Way {
        stages: codes.into_iter().enumerate().map(stage).collect(),
        asides: asides.iter().map(aside).collect(),
        next: Some(Next {
            due: due("calm", "还有 4 个工作日", "11月30日 周一 17:30"),
            why: "一般事项五个工作日内答复，从派单起算，周末不计。".into(),
            lines: vec!["从 11月23日 周一 09:30 起".into(), "加 5 个工作日".into()],
        }),
    }
}

fn sheet() -> Sheet {
    let address = format!("muster.example.org/track/{CODE}");
    Sheet { qr: Qr::of(&address), address, printed: "林岚 打印于 11月23日 周一 09:30".into() }
}

fn track_page(lang: Lang, opened: Option<Opened>, current: usize) -> TrackPage {
    TrackPage {
        shell: shell(lang, "track-page"),
        code: CODE.into(),
        code_groups: code_groups(),
        class: "住房与物业 · 电梯".into(),
        unit: Some("望江区住房和城乡建设局".into()),
        state: ["assigned", "accepted", "working", "answered"][current].into(),
        way: way(current + 1, if opened.is_some() { &[] } else { &["已挂账：资金需列入下一年度预算。复核日"] }),
        sheet: sheet(),
        received: when("11月23日 周一 09:30"),
        opened,
    }
}

fn track(lang: Lang) -> Vec<Sample> {
    let form = TrackFormPage { shell: shell(lang, "track-page"), code: String::new() };
    let answered = Opened {
        secret: "48291306".into(),
        text: TEXT.into(),
        place: "桂花社区 3 号楼 2 单元".into(),
        photos: photos(),
        history: vec![
            step("created", "", "", false),
            step("assigned", "", "电梯故障由区住建部门牵头。", false),
            step("accepted", "望江区住房和城乡建设局", "", false),
            step("answered", "望江区住房和城乡建设局", "配件已到，今天下午恢复运行。", false),
        ],
        thread: vec![
            line(true, "望江区住房和城乡建设局", "配件已订，预计周三到货。维修期间安排人帮老人代买代送。"),
            line(false, "反映人", "谢谢，2 单元 701 的老人需要送菜。"),
        ],
        hear: HearForm {
            ways: vec!["sms", "letter"],
            chosen: "letter".into(),
            now: "sms",
            letter: "王秀英\n松坪路 3 号".into(),
        },
        money: Some(Money {
            cost: "400,000.00".into(),
            kinds: vec![KindLine {
                kind: "居民".into(),
                share: "30".into(),
                owed: "120,000.00".into(),
                paid: "12,000.00".into(),
                rest: "108,000.00".into(),
            }],
        }),
        may_part: true,
        answer: Some(Answer {
            outcome: "fixed".into(),
            unit: "望江区住房和城乡建设局".into(),
            text: "您好，维保单位今天上午更换了主控板，下午三点电梯恢复运行。我们已要求物业公布备件清单，\
                   今后停运超过 24 小时会在楼下张贴通知，并安排人帮老人代买代送。"
                .into(),
            when: when("11月25日 周三 15:20"),
        }),
        may_rate: true,
        may_reopen: true,
        urge: Urge::Now,
        rating: RatingForm::default(),
    };
    let mut wrong = track_page(lang, Some(answered.clone()), 3);
    wrong.shell.refuse("resolved", "resolved-empty", None);
    wrong.shell.refuse("reason", "reason-empty", None);
    let closed = track_page(lang, None, 2);
    let mut elder = track_page(lang, None, 2);
    elder.shell.elder = Elder::Large;
    let answered = track_page(lang, Some(answered), 3);
    vec![
        ("track-form", form.render().expect("track form")),
        ("track-closed", closed.render().expect("track without secret")),
        ("track-elder", elder.render().expect("track, elder")),
        ("track-answered", answered.render().expect("track, answered")),
        ("track-wrong", wrong.render().expect("track, wrong")),
    ]
}

fn row(title: &str, state: &str, urgency: &str, due: Due) -> Row {
    Row {
        code: CODE.into(),
        title: title.into(),
        area: "柳河街道 · 桂花社区".into(),
        unit: "区住房和城乡建设局".into(),
        state: state.into(),
        urgency: urgency.into(),
        due: Some(due),
        reports: 3,
        version: 4,
        around: if state == "working" { "李倩、王建".into() } else { String::new() },
    }
}

pub(crate) fn rows() -> Vec<Row> {
    vec![
        row("渡口路路面塌陷，已有电动车摔倒", "assigned", "danger", due("late", "超时 3 小时", "今天 周一 08:00")),
        row(
            "桂花社区 3 号楼电梯停运，老人出行困难",
            "working",
            "urgent",
            due("soon", "还有 5 小时", "今天 周一 17:30"),
        ),
        row(
            "小区门口夜间烧烤油烟和噪声扰民，从晚上八点一直到凌晨两点，多次向物业和社区反映都没有改善，家里有准备高考的孩子",
            "answered",
            "routine",
            due("calm", "还有 4 个工作日", "11月30日 周一 17:30"),
        ),
        row(
            "公交 23 路末班车提前，下夜班的人赶不上",
            "working",
            "routine",
            due("calm", "还有 4 个工作日", "11月30日 周一 17:30"),
        ),
    ]
}

fn waiting() -> Waiting {
    let run = |text: &str, weighed| Run { text: text.into(), weighed };
    let likely = |category: &str, label: &str, chance: &str, percent, words: &[&str], unit: Option<&str>| Likely {
        category: category.into(),
        label: label.into(),
        chance: chance.into(),
        percent,
        words: words.iter().map(ToString::to_string).collect(),
        unit: unit.map(str::to_owned),
    };
    Waiting {
        code: CODE.into(),
        version: "3".into(),
        text: vec![
            run("小区门口的", false),
            run("烧烤摊", true),
            run("每天晚上摆到凌晨两点，", false),
            run("油烟", true),
            run("直往屋里飘，", false),
            run("占了人行道", true),
            run("，盲道也堵了。打过电话，来人就收，人走又摆。", false),
        ],
        area: "望江区 · 柳河街道".into(),
        place: "柳河路和花园路口".into(),
        channel: "hotline".into(),
        received: when("11月23日 周一 09:12"),
        due: due("soon", "还有 48 分钟", "今天 10:12"),
        why: "两类都有可能，差距不到一成，请您定一下。".into(),
        likely: vec![
            likely("0601", "城市管理 · 占道经营", "likely", 52, &["占了人行道", "烧烤摊"], Some("望江区城市管理局")),
            likely("0702", "生态环境 · 油烟", "perhaps", 44, &["油烟"], None),
        ],
        practices: vec![practices::likely(false)],
    }
}

fn triage_page(lang: Lang, case: Option<Waiting>, queue: Vec<Row>) -> TriagePage {
    let shell = staff(lang, "triage-page", "coordinator", "/triage");
    let refusals = coded(&shell, "refuse", &["not_a_request", "duplicate", "legal_process"]);
    TriagePage {
        total: queue.len() as u64,
        case,
        categories: group(&[("0601", "城市管理 · 占道经营"), ("0702", "生态环境 · 油烟")]),
        units: group(&[("12", "区住房和城乡建设局"), ("14", "区城市管理局")]),
        refusals,
        category: String::new(),
        unit: String::new(),
        reason: String::new(),
        note: String::new(),
        queue,
        shell,
    }
}

fn triage(lang: Lang) -> Vec<Sample> {
    let mut wrong = triage_page(lang, Some(waiting()), rows());
    wrong.shell.refuse("category", "category-unknown", None);
    wrong.shell.refuse("reason", "reason-empty", None);
    vec![
        ("triage", triage_page(lang, Some(waiting()), rows()).render().expect("triage")),
        ("triage-wrong", wrong.render().expect("triage, wrong")),
        ("triage-empty", triage_page(lang, None, Vec::new()).render().expect("triage, empty")),
    ]
}

fn told() -> Vec<Told> {
    let report = |id: &str, text: &str, first, knows| Told {
        id: id.into(),
        text: text.into(),
        channel: "hotline".into(),
        when: when("11月23日 周一 09:30"),
        first,
        knows,
        seen: (knows == "seen").then(|| when("11月24日 周二 10:05")),
        may_part: !first,
        may_tell: knows == "open",
    };
    vec![report("1", TEXT, true, "seen"), report("2", "三号楼电梯又坏了，老人下不了楼。", false, "open")]
}

fn case_page(lang: Lang, acts: Acts) -> CasePage {
    let shell = staff(lang, "case-page", "unit_handler", "/inbox");
    let outcomes = coded(&shell, "outcome", &["fixed", "partly", "explained", "not_fixed", "out_of_scope"]);
    let dispute_reasons = coded(&shell, "dispute", &["not_our_duty", "wrong_area", "no_authority"]);
    CasePage {
        code: CODE.into(),
        code_groups: code_groups(),
        version: "5".into(),
        way: way(3, &["已挂账：资金需列入下一年度预算。复核日", "督办中：多次反映仍未解决"]),
        sheet: sheet(),
        around: vec![Present { name: "李倩".into(), since: when("11月23日 周一 09:12") }],
        title: "桂花社区 3 号楼电梯停运，老人出行困难".into(),
        state: "working".into(),
        urgency: "urgent".into(),
        area: "望江区 · 柳河街道 · 桂花社区".into(),
        place: "3 号楼 2 单元".into(),
        unit: "望江区住房和城乡建设局".into(),
        channel: "hotline".into(),
        received: when("11月23日 周一 09:30"),
        reports: 3,
        text: TEXT.into(),
        told: told(),
        photos: photos(),
        parts: parts(),
        parts_wait: 1,
        may_part: true,
        reporter: Reporter { name: "王**".into(), phone: "139****1234".into(), on_behalf: true, revealed: false },
        judgement: Some(Judgement {
            class: "住房与物业 · 电梯".into(),
            chance: "likely".into(),
            percent: 97,
            words: ["电梯", "停在 7 楼", "物业"].map(str::to_owned).to_vec(),
            basis: "《特种设备安全法》；望江区权责清单第 112 项".into(),
            call: None,
            groups: vec!["老年人".into()],
            places: vec!["桂花社区（柳河街道 桂花社区）".into()],
            language: Some("latin"),
            by: "模型 2026-11".into(),
        }),
        clocks: vec![
            Clock {
                rungs: vec![("80%".into(), when("11月23日 周一 08:00"))],
                label: "答复时限".into(),
                due: due("soon", "还有 5 小时", "今天 周一 17:30"),
                lines: ["从 11月16日 周一 09:30 起", "加 5 个工作日", "跳过 11月21日、22日（周末）"]
                    .map(str::to_owned)
                    .to_vec(),
            },
            Clock {
                rungs: Vec::new(),
                label: "对居民的承诺".into(),
                due: due("calm", "还有 2 个工作日", "11月25日 周三 17:30"),
                lines: vec!["从收到诉求起 7 个工作日".into()],
            },
        ],
        history: vec![
            step("created", "", "", false),
            step("judged", "", "住房与物业 · 电梯，很可能（97%）", true),
            step("assigned", "望江区住房和城乡建设局", "电梯故障由区住建部门牵头。", false),
            step("joined", "", "同楼 2 位住户反映同一件事。", true),
            step("accepted", "望江区住房和城乡建设局", "", false),
        ],
        acts,
        outcomes,
        dispute_reasons,
        units: group(&[("12", "区住房和城乡建设局"), ("14", "区城市管理局")]),
        side: side(),
        practices: BesideCase { likely: vec![practices::likely(true)], may_propose: true, ..BesideCase::default() },
        forms: CaseForms::default(),
        shell,
    }
}

fn case(lang: Lang) -> Vec<Sample> {
    let fresh = Acts { accept: true, dispute: true, reveal: true, ..Acts::default() };
    let working = Acts { answer: true, dispute: true, assign: true, reveal: true, ..Acts::default() };
    let mut wrong = case_page(lang, working);
    wrong.shell.refuse("outcome", "outcome-empty", None);
    wrong.shell.refuse("text", "text-too-long", Some(4000));
    wrong.shell.refuse("reveal-reason", "reason-empty", None);
    wrong.forms.text = "今天上午更换了主控板。".into();
    vec![
        ("case-new", case_page(lang, fresh).render().expect("case, new")),
        ("case", case_page(lang, working).render().expect("case, working")),
        ("case-wrong", wrong.render().expect("case, wrong")),
    ]
}

fn conflict(lang: Lang) -> Sample {
    let shell = staff(lang, "conflict-page", "unit_handler", "/inbox");
    let typed = |name: &str, label: &str, value: &str, shown: Option<&str>| Typed {
        name: name.into(),
        label: label.into(),
        value: value.into(),
        shown: shown.map(str::to_owned),
    };
    let page = ConflictPage {
        typed: vec![
            typed("outcome", &shell.t("case-outcome"), "fixed", Some(&shell.label("outcome", "fixed"))),
            typed("text", &shell.t("case-answer-text"), "维保单位今天上午更换了主控板，下午三点电梯恢复运行。", None),
        ],
        code: CODE.into(),
        version: "6".into(),
        action: format!("/case/{CODE}/answer"),
        since: vec![step("joined", "", "又有 1 位住户反映同一件事。", true)],
        state: "working".into(),
        may_resend: true,
        shell,
    };
    ("conflict", page.render().expect("conflict"))
}
