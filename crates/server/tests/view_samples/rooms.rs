//! Samples of the pages of third-party evaluation.

use askama::Template;
use muster_server::i18n::Lang;
use muster_server::view::Choice;
use muster_server::view::room::{
    Asked, CallPage, CallShown, CallsPage, MaskedLine, NumberShown, OwnCasePage, OwnRoomPage, OwnRoomsPage, OwnShown,
};
use muster_server::view::rooms::{
    AgreementShown, DiffersShown, FoundShown, Line, Part, PartShown, RedrawPage, Remark, ResultPage, RoomForm,
    RoomNewPage, RoomOpenPage, RoomPage, RoomShown, RoomsPage, Seed, Tick,
};

use super::{Sample, areas, coded, group, staff, when};

const HASH: &str = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

fn room(state: &'static str) -> RoomShown {
    RoomShown {
        id: "7".into(),
        title: "上半年办理质量评价".into(),
        agency: "湖东社会治理研究院".into(),
        area: "安和市".into(),
        state,
        cases: "2026-01-01 至 2026-06-30".into(),
        work: "2026-07-10 至 2026-08-10".into(),
        judged: 12,
        sampled: 30,
    }
}

fn seed(is_source: bool, is_drawn: bool) -> Seed {
    Seed {
        is_source,
        source: if is_source { "双色球第2026101期".into() } else { String::new() },
        source_at: is_source.then(|| when("9月1日 周二 21:15")),
        hash: if is_source { String::new() } else { HASH.into() },
        seed: if is_drawn { "双色球第2026101期#01 07 33".into() } else { String::new() },
        frame_size: 1284,
        frame_hash: HASH.into(),
    }
}

fn facts() -> Vec<(String, String)> {
    vec![("评价机构".into(), "湖东社会治理研究院".into()), ("样本件数".into(), "30".into())]
}

fn ticks() -> Vec<Tick> {
    vec![Tick { choice: Choice::new("1", "黄传芳 evaluator"), ticked: true }]
}

fn room_page(lang: Lang, state: &'static str, wrong: bool) -> RoomPage {
    let mut shell = staff(lang, "room-page", "leader", "/rooms");
    if wrong {
        shell.refuse("number", "room-number-early", None);
        shell.refuse("until", "room-until", None);
    }
    let drawn = state == "signed" || state == "running";
    let part =
        |name: &str| Part { name: name.into(), cases: 412, sampled: 14, weight: "29.43".into(), judged: 6, called: 2 };
    let line = |kind: &str, text: &str, is_code| Line {
        when: when("7月10日 周五 09:30"),
        who: "林岚".into(),
        kind: kind.into(),
        text: text.into(),
        is_code,
    };
    RoomPage {
        facts: facts(),
        seed: seed(true, drawn),
        number: "01 07".into(),
        parts: if drawn { vec![part("柳河街道"), part("云台镇")] } else { Vec::new() },
        calls: true,
        evaluators: "黄传芳、于慧敏".into(),
        ticks: ticks(),
        until: "2026-08-10".into(),
        reason: String::new(),
        changes_open: wrong,
        under_way: state != "signed",
        lines: vec![line("order", "", false), line("frame", HASH, true), line("until", "人手不够", false)],
        has_result: state == "signed",
        shell,
        room: room(state),
    }
}

fn result(lang: Lang) -> ResultPage {
    let found = |name: &str, value: &str, by_call, small| FoundShown {
        name: name.into(),
        by_call,
        value: value.into(),
        interval: "62.1% – 78.9%".into(),
        judged: 28,
        cannot_tell: 2,
        residents: if by_call { String::new() } else { "74.2%".into() },
        residents_of: if by_call { String::new() } else { "598/806".into() },
        small,
    };
    let differs = DiffersShown { number: 4, code: "7K2M9QXAB3D4E".into(), found: "否".into(), resident: "是".into() };
    ResultPage {
        shell: staff(lang, "room-result-page", "leader", "/rooms"),
        room: room("signed"),
        signed: when("8月3日 周一 16:20"),
        signer: "黄传芳".into(),
        hash: HASH.into(),
        version: 2,
        versions: vec![1, 2],
        is_whole: false,
        found: vec![
            found("从材料看，问题解决了吗？", "71.2%", false, false),
            found("居民给几分？", "3.80", true, true),
        ],
        agreements: vec![AgreementShown {
            id: "agreement-solved".into(),
            name: "问题解决了吗？".into(),
            both_yes: 12,
            both_no: 4,
            only_found: 1,
            only_resident: 3,
            summary: "20 件里 16 件一致。".into(),
            kappa: "κ 0.53".into(),
            differing: vec![differs],
        }],
        parts: vec![PartShown {
            name: "柳河街道".into(),
            cases: 412,
            sampled: 4,
            judged: 4,
            solved: "75.0%".into(),
            interval: "30.1% – 95.4%".into(),
            small: true,
        }],
        remarks: vec![Remark { number: 8, by_call: true, text: "只写了日期。".into() }],
        residents: vec!["单位自己说已解决：88.0%（共 1284 件）。".into()],
        method: vec!["范围是全部办结的工单。".into()],
        seed: seed(false, true),
        calls: true,
    }
}

fn own(state: &'static str) -> OwnShown {
    let room = room(state);
    OwnShown {
        id: room.id,
        title: room.title,
        agency: room.agency,
        cases: room.cases,
        work: room.work,
        state,
        judged: 2,
        sampled: 3,
        groups: vec![(2, 1), (1, 1)],
    }
}

fn own_room(lang: Lang, state: &'static str, may_sign: bool) -> OwnRoomPage {
    let mut shell = staff(lang, "own-room-page", "evaluator", "/room");
    if may_sign {
        shell.refuse("name", "room-name", None);
    }
    let signed = vec![(1, when("8月3日 周一 16:20"), "黄传芳".to_owned(), HASH.to_owned())];
    OwnRoomPage {
        room: own(state),
        method: vec!["范围是全部办结的工单。".into()],
        numbers: [1, 2, 3].map(|number| NumberShown { number, judged: number != 2 }).into(),
        next: Some(2),
        is_open: state == "running",
        may_sign,
        hash: HASH.into(),
        name: String::new(),
        reason: String::new(),
        version: 2,
        signed: if state == "signed" { signed } else { Vec::new() },
        shell,
    }
}

fn asked() -> Vec<Asked> {
    let question = |code: &str, options: &[&str]| Asked {
        id: format!("q-{code}"),
        code: code.into(),
        name: "从材料看，问题解决了吗？".into(),
        hint: "看做了什么、有什么依据。".into(),
        options: options.iter().map(|option| Choice::new(*option, *option)).collect(),
        chosen: "yes".into(),
    };
    vec![
        question("solved", &["yes", "no", "cannot_tell"]),
        question("marks", &["1", "2", "5"]),
        question("remark", &[]),
    ]
}

fn own_case(lang: Lang) -> OwnCasePage {
    let mut shell = staff(lang, "own-case-page", "evaluator", "/room");
    shell.refuse("q-solved", "room-answer-missing", None);
    let line = |side, what: &str| MaskedLine {
        when: when("3月4日 周三 10:00"),
        side,
        what: what.into(),
        text: "[单位]已到[区域]核实。".into(),
        outcome: if what == "answered" { "fixed".into() } else { String::new() },
        evidence: if what == "answered" { "现场记录".into() } else { String::new() },
    };
    OwnCasePage {
        id: "7".into(),
        room: "上半年办理质量评价".into(),
        number: 2,
        of: 30,
        category: "物业管理".into(),
        title: "电梯停运".into(),
        text: "[区域]三号楼电梯停运，[姓名]，[电话]。".into(),
        reports: 2,
        received: when("3月2日 周一 08:20"),
        promised: Some((when("3月9日 周一 24:00"), true)),
        photos: 1,
        lines: vec![
            line("resident", "created"),
            line("unit", "answered"),
            line("staff", ""),
            line("system", "assigned"),
        ],
        questions: asked(),
        revision: 0,
        shell,
    }
}

fn new_page(lang: Lang) -> RoomNewPage {
    let mut shell = staff(lang, "room-new-page", "leader", "/rooms");
    for (field, code) in [("title", "room-title-missing"), ("size", "room-size"), ("evaluators", "room-evaluators")] {
        shell.refuse(field, code, None);
    }
    RoomNewPage {
        form: RoomForm { size: "0".into(), calls: true, seed: "source".into(), ..RoomForm::default() },
        areas: areas(false).groups,
        strata: coded(&shell, "strata", &["all", "area", "unit", "class"]),
        allocations: coded(&shell, "allocation", &["proportional", "equal", "neyman"]),
        questionnaires: group(&[("half_year", "半年办理质量评价")]),
        evaluators: ticks(),
        shell,
    }
}

pub(crate) fn pages(lang: Lang) -> Vec<Sample> {
    let leader = |title| staff(lang, title, "leader", "/rooms");
    let operator = |title| staff(lang, title, "operator", "/rooms/calls");
    let redraw = RedrawPage {
        shell: leader("room-redraw-page"),
        room: room("running"),
        seed: seed(false, true),
        is_same: false,
        compared: vec![("room-frame-same", true), ("room-sample-same", false)],
        drawn: 30,
        differing: vec![2, 7],
    };
    let open = RoomOpenPage {
        shell: leader("room-open-page"),
        room: room("signed"),
        facts: facts(),
        seed: seed(true, true),
        signatures: vec![(1, when("8月3日 周一 16:20"), HASH.into())],
    };
    let call = CallShown {
        href: "/rooms/7/calls/2".into(),
        title: "电梯停运".into(),
        code: "7K2M9QXAB3D4E".into(),
        area: "柳河街道".into(),
        room: "上半年办理质量评价".into(),
        until: when("8月10日 周一 24:00"),
    };
    let call_page = CallPage {
        shell: operator("call-page"),
        id: "7".into(),
        number: 2,
        code: "7K2M9QXAB3D4E".into(),
        title: "电梯停运".into(),
        text: "三号楼电梯停运。".into(),
        questions: asked(),
        revision: 0,
    };
    let states = ["ordered", "framed", "running", "signed", "cancelled"].map(room).into();
    let own_rooms = |rooms| OwnRoomsPage { shell: staff(lang, "own-page", "evaluator", "/room"), rooms };
    vec![
        ("rooms", RoomsPage { shell: leader("rooms-page"), rooms: states }.render().expect("contracts")),
        ("rooms-empty", RoomsPage { shell: leader("rooms-page"), rooms: Vec::new() }.render().expect("no contract")),
        ("room-new", new_page(lang).render().expect("a new contract")),
        ("room-ordered", room_page(lang, "ordered", false).render().expect("an open frame")),
        ("room-framed", room_page(lang, "framed", true).render().expect("a closed frame")),
        ("room-signed", room_page(lang, "signed", false).render().expect("a signed contract")),
        ("room-redraw", redraw.render().expect("drawn again")),
        ("room-result", result(lang).render().expect("a result")),
        ("room-open", open.render().expect("a published design")),
        ("own-rooms", own_rooms(vec![own("running")]).render().expect("own contracts")),
        ("own-rooms-none", own_rooms(Vec::new()).render().expect("no own contract")),
        ("own-room", own_room(lang, "running", true).render().expect("a sample")),
        ("own-room-signed", own_room(lang, "signed", false).render().expect("a signed sample")),
        ("own-case", own_case(lang).render().expect("a masked case")),
        ("calls", CallsPage { shell: operator("calls-page"), calls: vec![call] }.render().expect("calls")),
        ("call", call_page.render().expect("a call")),
    ]
}
