//! Samples of what several units do together: joint meetings, how long matters waited, and shared costs.

use askama::Template;
use muster_server::i18n::Lang;
use muster_server::view::meetings::{
    JointRow, MatterLine, MatterWaits, MeetingForm, MeetingPage, MeetingsPage, TaskLine, WaitLine, WaitedCase,
    WaitsPage,
};
use muster_server::view::shares::{Amounts, EntryLine, PartyField, PartyLine, ShareActs, SharesPage, WaiverLine};

use super::{Sample, areas, coded, group, staff, when};

const CODE: &str = "7K3FQ9WX2M4AC";

pub(crate) fn pages(lang: Lang) -> Vec<Sample> {
    let mut pages = meetings(lang);
    pages.extend(waits(lang));
    pages.extend(shares(lang));
    pages
}

fn matter(position: i64, decision: Option<&str>) -> MatterLine {
    let row = |place: usize| JointRow {
        label: if place == 1 { "meeting-lead" } else { "meeting-helps" },
        unit_name: format!("joint-unit-{place}"),
        title_name: format!("joint-title-{place}"),
        days_name: format!("joint-days-{place}"),
        unit_id: format!("joint-unit-{place}-{position}"),
        title_id: format!("joint-title-{place}-{position}"),
        days_id: format!("joint-days-{place}-{position}"),
        unit: String::new(),
        title: "更换主管".into(),
        days: "10".into(),
    };
    let task = |title: &str, due| TaskLine { unit: "区水务局".into(), title: title.into(), due };
    MatterLine {
        position,
        code: CODE.into(),
        title: "楼道水管漏水".into(),
        reason: "两家都说不归自己".into(),
        days: 21,
        decision: decision.map(str::to_owned),
        unit: "区水务局".into(),
        words: "由水务局负责，今后同类也归它。".into(),
        verdict_id: format!("verdict-{position}"),
        unit_id: format!("unit-{position}"),
        words_id: format!("words-{position}"),
        template_id: format!("template-{position}"),
        parts_id: format!("parts-{position}"),
        rows: vec![row(1), row(2)],
        tasks: vec![task("对整件事负责并答复", Some(when("12月8日 周二 24:00"))), task("更换主管", None)],
        typed_verdict: "joint".into(),
        typed_unit: String::new(),
        typed_words: String::new(),
        typed_template: String::new(),
    }
}

/// The queue with and without matters, and minutes half decided.
fn meetings(lang: Lang) -> Vec<Sample> {
    let waits = |meeting: Option<&str>| MatterWaits {
        code: CODE.into(),
        title: "楼道水管漏水".into(),
        area: "桂花社区".into(),
        reason: "两家都说不归自己".into(),
        since: when("11月3日 周二 09:30"),
        days: 20,
        put_by: Some("林岚".into()),
        meeting: meeting.map(str::to_owned),
        ticked: meeting.is_none(),
    };
    let units = || group(&[("12", "区水务局"), ("13", "区住房和城乡建设局")]);
    let queue = |waiting: Vec<MatterWaits>| MeetingsPage {
        shell: staff(lang, "meetings-page", "coordinator", "/inbox"),
        median: (!waiting.is_empty()).then_some(20),
        waiting,
        may_call: true,
        areas: areas(false).groups,
        units: units(),
        form: MeetingForm { units: vec!["13".into()], ..MeetingForm::default() },
    };
    let minutes = MeetingPage {
        shell: staff(lang, "meeting-page", "coordinator", "/inbox"),
        id: "0197a2".into(),
        area: "安和市".into(),
        held: when("11月24日 周二 14:00"),
        place: "市政务大厅 301".into(),
        chair: "文丽萍".into(),
        units_invited: "区水务局、区住房和城乡建设局".into(),
        matters: vec![matter(1, Some("joint")), matter(2, None)],
        may_decide: true,
        verdicts: group(&[("joint", "几家单位共同办理")]),
        units: units(),
        templates: group(&[("old_housing", "老旧小区改造")]),
    };
    vec![
        ("meetings", queue(vec![waits(None), waits(Some("/meetings/1"))]).render().expect("queue")),
        ("meetings-empty", queue(Vec::new()).render().expect("queue")),
        ("meeting", minutes.render().expect("minutes")),
    ]
}

fn waits(lang: Lang) -> Vec<Sample> {
    let line = |area: &str| WaitLine { area: area.into(), count: 12, median: "30 小时".into(), most: "9 天".into() };
    let page = |whole: Option<WaitLine>, cases: Vec<WaitedCase>| WaitsPage {
        shell: staff(lang, "waited-page", "coordinator", "/inbox"),
        from: "2025-11-24".into(),
        to: "2026-11-24".into(),
        areas: whole.iter().map(|_| line("望江区")).collect(),
        whole,
        total: cases.len() * 2,
        cut: !cases.is_empty(),
        cases,
    };
    let case = WaitedCase {
        code: CODE.into(),
        title: "楼道水管漏水".into(),
        area: "桂花社区".into(),
        waited: "9 天".into(),
        decided: when("11月24日 周二 15:10"),
        decision: "joint".into(),
        meeting: Some("/meetings/0197a2".into()),
    };
    vec![
        ("waits", page(Some(line("合计")), vec![case]).render().expect("waits")),
        ("waits-empty", page(None, Vec::new()).render().expect("waits")),
    ]
}

fn amounts(owed: &str, paid: &str, balance: &str) -> Amounts {
    Amounts {
        owed: owed.into(),
        pledged: owed.into(),
        paid: paid.into(),
        waived: "0.00".into(),
        balance: balance.into(),
        settled: balance == "0.00",
    }
}

fn party(number: i64, name: &str, share: &str, amounts: Amounts) -> PartyLine {
    PartyLine { number, name: name.into(), kind: "居民".into(), share: share.into(), amounts }
}

fn entry(number: i64, what: &str, may_reverse: bool) -> EntryLine {
    EntryLine {
        number,
        dated: "2026-11-20".into(),
        what: what.into(),
        party: "3 号楼全体业主".into(),
        amount: "12,000.00".into(),
        document: "收 0012".into(),
        note: "第一笔".into(),
        by: "林岚".into(),
        when: when("11月20日 周五 10:00"),
        may_reverse,
        reason_id: format!("reason-{number}"),
        reason: String::new(),
    }
}

fn waiver(id: &str, state: &str, may_decide: bool) -> WaiverLine {
    WaiverLine {
        id: id.into(),
        party: "3 号楼全体业主".into(),
        amount: "600.00".into(),
        reason: "两户低保家庭".into(),
        who: "林岚".into(),
        when: when("11月21日 周六 10:00"),
        state: state.into(),
        answer: String::new(),
        may_decide,
        answer_id: format!("answer-{id}"),
    }
}

fn field(place: usize) -> PartyField {
    PartyField {
        place,
        number: String::new(),
        kind: "residents".into(),
        name: "3 号楼全体业主".into(),
        share: "30".into(),
        kind_id: format!("kind-{place}"),
        name_id: format!("name-{place}"),
        share_id: format!("share-{place}"),
    }
}

/// An account under way, one that is wrong typed, and one nobody has opened.
fn shares(lang: Lang) -> Vec<Sample> {
    let shell = || staff(lang, "shares-page", "coordinator", "/inbox");
    let page = |is_open: bool| SharesPage {
        code: CODE.into(),
        code_groups: vec!["7K3F".into(), "Q9WX".into(), "2M4AC".into()],
        title: "加装电梯".into(),
        version: "3".into(),
        is_open,
        has_plan: true,
        cost: "400,000.00".into(),
        closed: None,
        parties: vec![
            party(1, "3 号楼全体业主", "30", amounts("120,000.00", "12,000.00", "108,000.00")),
            party(2, "区住房和城乡建设局", "70", amounts("280,000.00", "280,000.00", "0.00")),
        ],
        whole: amounts("400,000.00", "292,000.00", "108,000.00"),
        entries: vec![entry(4, "付款", true), entry(1, "应出", false)],
        unlisted: usize::from(is_open),
        waivers: vec![waiver("a", "open", true), waiver("b", "open", false), waiver("c", "granted", false)],
        acts: ShareActs { set: true, enter: is_open, waive: is_open, close: is_open },
        basis: "国办发〔2020〕23号".into(),
        fields: vec![field(1), field(2)],
        kinds: group(&[("residents", "居民")]),
        entry_kinds: coded(&shell(), "entry", &["payment", "pledge", "refund"]),
        party_choices: group(&[("1", "3 号楼全体业主")]),
        form: String::new(),
        typed: std::collections::BTreeMap::new(),
        shell: shell(),
    };
    let mut wrong = page(true);
    for (field, code) in [("parties", "shares-whole"), ("entry-amount", "amount-wrong"), ("close", "shares-unsettled")]
    {
        wrong.shell.refuse(field, code, None);
    }
    wrong.form = "set".into();
    vec![
        ("shares", page(true).render().expect("shares")),
        ("shares-wrong", wrong.render().expect("shares")),
        ("shares-none", page(false).render().expect("shares")),
    ]
}
