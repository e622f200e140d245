//! Samples of goods: what there is, a lot with its trail, and a slip.

use std::collections::BTreeMap;

use askama::Template;
use muster_server::i18n::Lang;
use muster_server::view::goods::{
    ConsignmentPage, DonationPage, GoodsFigure, GoodsPlanPage, ItemLine, LotLine, LotPage, ProposalLine, ReceiptPage,
    ShelfWords, SlipActs, StockLine, StockPage, StocksPage, TrailLine, WantLine,
};
use muster_server::view::way::Sheet;

use super::{Sample, areas, group, shell, staff, when};

const CODE: &str = "7K3F-Q9WX-2M4AC";

pub(crate) fn pages(lang: Lang) -> Vec<Sample> {
    let mut pages = stocks(lang);
    pages.extend(lots(lang));
    pages.extend(slips(lang));
    pages
}

fn groups() -> Vec<String> {
    ["7K3F", "Q9WX", "2M4AC"].map(str::to_owned).to_vec()
}

fn lot(mood: &'static str) -> LotLine {
    LotLine {
        code: CODE.into(),
        item: "大米".into(),
        stock: "望江区救灾物资库".into(),
        on_hand: "84 袋".into(),
        free: "60 袋".into(),
        shelf: ShelfWords { expires: "2026-12-30".into(), words: "还可发放 5 天".into(), mood },
        received: when("11月23日 周一 09:30"),
    }
}

fn want() -> WantLine {
    WantLine {
        title: "柳河安置点缺大米".into(),
        place: "社区活动室".into(),
        area: "柳河街道".into(),
        missing: "15 袋".into(),
        asked: "30 袋".into(),
        until: when("12月1日 周二 18:00"),
    }
}

fn stock() -> StockLine {
    StockLine { code: CODE.into(), name: "望江区救灾物资库".into(), area: "望江区".into() }
}

fn stocks(lang: Lang) -> Vec<Sample> {
    let figure =
        |code, numerator, denominator| GoodsFigure { code, value: "81.0 %".into(), numerator, denominator, days: 30 };
    let item =
        ItemLine { name: "大米".into(), unit: "袋".into(), on_hand: 84, free: 60, kept: 24, way: 5, missing: 15 };
    let whole = StocksPage {
        shell: staff(lang, "stocks-page", "coordinator", "/stocks"),
        figures: vec![figure("reached", 405, 500), figure("idle", 12, 84)],
        items: vec![item],
        soon: vec![lot("soon"), lot("late")],
        wants: vec![want()],
        stocks: vec![stock()],
        may_act: true,
        areas: areas(false),
        typed: BTreeMap::new(),
    };
    let empty = StocksPage {
        shell: staff(lang, "stocks-page", "leader", "/stocks"),
        figures: Vec::new(),
        items: Vec::new(),
        soon: Vec::new(),
        wants: Vec::new(),
        stocks: Vec::new(),
        may_act: false,
        areas: areas(false),
        typed: BTreeMap::new(),
    };
    let proposal = ProposalLine {
        lot: CODE.into(),
        need: CODE.into(),
        version: "3".into(),
        quantity: 15,
        shown: "15 袋".into(),
        item: "大米".into(),
        stock: "望江区救灾物资库".into(),
        want: want(),
        why: vec!["相距约 3.2 公里".into(), "还可发放 5 天".into()],
    };
    let plan = GoodsPlanPage {
        shell: staff(lang, "goods-plan-page", "coordinator", "/stocks/plan"),
        proposals: vec![proposal],
        uncovered: vec![("7 袋".into(), want())],
        objective: 123_456,
    };
    let mut one = StockPage {
        shell: staff(lang, "stock-page", "coordinator", "/stocks"),
        code: CODE.into(),
        code_groups: groups(),
        name: "望江区救灾物资库".into(),
        area: "望江区".into(),
        lots: vec![lot("calm"), lot("late")],
        may_act: true,
        items: group(&[("rice", "大米（袋）")]),
        typed: BTreeMap::from([("quantity".into(), "十".into())]),
    };
    one.shell.refuse("quantity", "goods-quantity", None);
    vec![
        ("stocks", whole.render().expect("stocks")),
        ("stocks-empty", empty.render().expect("stocks")),
        ("stocks-plan", plan.render().expect("plan")),
        ("stock", one.render().expect("stock")),
    ]
}

fn trail() -> Vec<TrailLine> {
    let line = |number: i64, text: &str, consignment: &str, void| TrailLine {
        number,
        when: when("11月23日 周一 09:30"),
        text: text.into(),
        note: "放在三号架".into(),
        document: "收 7".into(),
        by: "林岚".into(),
        consignment: consignment.into(),
        void,
        may_reverse: !void,
        note_id: format!("note-{number}"),
    };
    vec![
        line(1, "收到 100 袋，入库“望江区救灾物资库”", "", false),
        line(2, "报损 3 袋", "", true),
        line(3, "15 袋 已送到“柳河安置点缺大米”，张＊＊ 签收", CODE, false),
    ]
}

fn lots(lang: Lang) -> Vec<Sample> {
    let lot = LotPage {
        shell: staff(lang, "lot-page", "coordinator", "/stocks"),
        code: CODE.into(),
        code_groups: groups(),
        version: "4".into(),
        item: "大米".into(),
        unit: "袋".into(),
        stock: stock(),
        donor: "望江区慈善会".into(),
        received: when("11月23日 周一 09:30"),
        shelf: lot("calm").shelf,
        on_hand: 84,
        kept: 24,
        free: 60,
        trail: trail(),
        may_act: true,
        wants: group(&[("7K3FQ9WX2M4AC", "柳河安置点缺大米 · 15 袋")]),
        form: String::new(),
        typed: BTreeMap::new(),
    };
    let gift = DonationPage {
        shell: shell(lang, "donation-page"),
        code_groups: groups(),
        item: "大米".into(),
        given: "100 袋".into(),
        received: "15 袋".into(),
        here: "84 袋".into(),
        stock: "望江区救灾物资库".into(),
        donor: "望江区慈善会".into(),
        when: when("11月23日 周一 09:30"),
        trail: trail(),
        sheet: Sheet::default(),
    };
    vec![("lot", lot.render().expect("lot")), ("donation", gift.render().expect("donation"))]
}

fn slips(lang: Lang) -> Vec<Sample> {
    let slip = |state: &str, acts: SlipActs| ConsignmentPage {
        shell: staff(lang, "consignment-page", "coordinator", "/stocks"),
        code: CODE.into(),
        code_groups: groups(),
        version: "2".into(),
        lot: CODE.into(),
        item: "大米".into(),
        unit: "袋".into(),
        expires: "2026-12-30".into(),
        stock: stock(),
        want: want(),
        state: state.into(),
        counts: vec![("slip-kept", "5 袋".into()), ("slip-way", "15 袋".into())],
        kept: 5,
        way: 15,
        receiver: "张＊＊".into(),
        signed: Some(when("11月24日 周二 15:00")),
        sheet: Sheet::default(),
        word: vec!["AB2C".into(), "D3EF".into()],
        acts,
        form: String::new(),
        typed: BTreeMap::new(),
    };
    let all = SlipActs { send: true, release: true, receive: true, back: true };
    let receipt = |way| ReceiptPage {
        shell: shell(lang, "receipt-page"),
        code: CODE.into(),
        code_groups: groups(),
        item: "大米".into(),
        unit: "袋".into(),
        title: "柳河安置点缺大米".into(),
        stock: "望江区救灾物资库".into(),
        way,
        typed: BTreeMap::new(),
    };
    vec![
        ("consignment", slip("sent", all).render().expect("slip")),
        ("consignment-settled", slip("settled", SlipActs::default()).render().expect("slip")),
        ("receipt", receipt(15).render().expect("receipt")),
        ("receipt-nothing", receipt(0).render().expect("receipt")),
    ]
}
