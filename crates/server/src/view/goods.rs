//! Goods in stock: what there is, where it came from, for whom it is kept, and which hand got it.

use std::collections::BTreeMap;

use askama::Template;

use super::way::Sheet;
use super::{Areas, Group, Shell, When};

/// A share with both its sides.
#[derive(Clone, Debug, Default)]
pub struct GoodsFigure {
    /// `reached` or `idle`.
    pub code: &'static str,
    /// In per cent, or a dash.
    pub value: String,
    pub numerator: i64,
    pub denominator: i64,
    /// The rule's days.
    pub days: i64,
}

/// One kind of goods over all stocks, in its unit.
#[derive(Clone, Debug, Default)]
pub struct ItemLine {
    pub name: String,
    pub unit: String,
    pub on_hand: i64,
    pub free: i64,
    pub kept: i64,
    pub way: i64,
    /// Asked for and not covered.
    pub missing: i64,
}

/// A lot in a list.
#[derive(Clone, Debug, Default)]
pub struct LotLine {
    pub code: String,
    pub item: String,
    pub stock: String,
    pub on_hand: String,
    pub free: String,
    pub shelf: ShelfWords,
    pub received: When,
}

/// Until when it is good, in words.
#[derive(Clone, Debug, Default)]
pub struct ShelfWords {
    /// The day it expires; empty of what keeps.
    pub expires: String,
    pub words: String,
    /// `calm`, `soon` or `late`.
    pub mood: &'static str,
}

/// Goods that are asked for.
#[derive(Clone, Debug, Default)]
pub struct WantLine {
    pub title: String,
    pub place: String,
    pub area: String,
    pub missing: String,
    pub asked: String,
    pub until: When,
}

#[derive(Clone, Debug, Default)]
pub struct StockLine {
    pub code: String,
    pub name: String,
    pub area: String,
}

/// `/stocks`. Posts to it: `area`, `name`.
#[derive(Template)]
#[template(path = "dispatch/stocks.html")]
pub struct StocksPage {
    pub shell: Shell,
    pub figures: Vec<GoodsFigure>,
    pub items: Vec<ItemLine>,
    pub soon: Vec<LotLine>,
    pub wants: Vec<WantLine>,
    pub stocks: Vec<StockLine>,
    /// Coordinators plan and open stocks; others look.
    pub may_act: bool,
    pub areas: Areas,
    pub typed: BTreeMap<String, String>,
}

/// `/stocks/{code}`. Posts to its `/lots`: `item`, `quantity`, `expires`, `donor`, `named`, `document`, `note`.
#[derive(Template)]
#[template(path = "dispatch/stock.html")]
pub struct StockPage {
    pub shell: Shell,
    pub code: String,
    pub code_groups: Vec<String>,
    pub name: String,
    pub area: String,
    pub lots: Vec<LotLine>,
    pub may_act: bool,
    pub items: Vec<Group>,
    pub typed: BTreeMap<String, String>,
}

/// So much of a lot for a need, with the reasons.
#[derive(Clone, Debug, Default)]
pub struct ProposalLine {
    pub lot: String,
    pub need: String,
    pub version: String,
    pub quantity: i64,
    pub shown: String,
    pub item: String,
    pub stock: String,
    pub want: WantLine,
    pub why: Vec<String>,
}

/// `/stocks/plan`. Each proposal posts to `/consignments`: `lot`, `need`, `quantity`, `version`.
#[derive(Template)]
#[template(path = "dispatch/goods_plan.html")]
pub struct GoodsPlanPage {
    pub shell: Shell,
    pub proposals: Vec<ProposalLine>,
    pub uncovered: Vec<(String, WantLine)>,
    pub objective: i64,
}

/// A line of the paper trail.
#[derive(Clone, Debug, Default)]
pub struct TrailLine {
    pub number: i64,
    pub when: When,
    /// A sentence.
    pub text: String,
    pub note: String,
    pub document: String,
    pub by: String,
    /// The code of a consignment.
    pub consignment: String,
    /// It was taken back, or takes back another.
    pub void: bool,
    pub may_reverse: bool,
    /// Id of the control of its form: `note-N`.
    pub note_id: String,
}

/// `/lots/{code}`. Posts to `/consignments`: `lot`, `need`, `quantity`, `note`; to its `/count` and `/spoil`: `quantity`,
/// `note`; to its `/entries/{number}/reverse`: `note`.
#[derive(Template)]
#[template(path = "dispatch/lot.html")]
pub struct LotPage {
    pub shell: Shell,
    pub code: String,
    pub code_groups: Vec<String>,
    pub version: String,
    pub item: String,
    pub unit: String,
    pub stock: StockLine,
    pub donor: String,
    pub received: When,
    pub shelf: ShelfWords,
    pub on_hand: i64,
    pub kept: i64,
    pub free: i64,
    pub trail: Vec<TrailLine>,
    pub may_act: bool,
    pub wants: Vec<Group>,
    /// Which form is shown with what was typed: `commit`, `count`, `spoil` or none.
    pub form: String,
    /// By the id of the control.
    pub typed: BTreeMap<String, String>,
}

/// What is done with a consignment now.
#[expect(clippy::struct_excessive_bools, reason = "each act is offered or not, independently of the others")]
#[derive(Clone, Copy, Debug, Default)]
pub struct SlipActs {
    pub send: bool,
    pub release: bool,
    pub receive: bool,
    pub back: bool,
}

/// `/consignments/{code}`, the slip that goes along. Posts to its `/send`, `/release`, `/receive`, `/return`.
#[derive(Template)]
#[template(path = "dispatch/consignment.html")]
pub struct ConsignmentPage {
    pub shell: Shell,
    pub code: String,
    pub code_groups: Vec<String>,
    pub version: String,
    pub lot: String,
    pub item: String,
    pub unit: String,
    pub expires: String,
    pub stock: StockLine,
    pub want: WantLine,
    pub state: String,
    /// By key of the label, each with its quantity; what is nothing is left out.
    pub counts: Vec<(&'static str, String)>,
    pub kept: i64,
    pub way: i64,
    pub receiver: String,
    pub signed: Option<When>,
    pub sheet: Sheet,
    /// The word by which the receiver signs, in groups; none unless some is on the way.
    pub word: Vec<String>,
    pub acts: SlipActs,
    pub form: String,
    pub typed: BTreeMap<String, String>,
}

/// `/donation/{code}`: what became of what somebody gave, without a name.
#[derive(Template)]
#[template(path = "dispatch/donation.html")]
pub struct DonationPage {
    pub shell: Shell,
    pub code_groups: Vec<String>,
    pub item: String,
    pub given: String,
    pub received: String,
    pub here: String,
    pub stock: String,
    pub donor: String,
    pub when: When,
    pub trail: Vec<TrailLine>,
    pub sheet: Sheet,
}

/// `/receipt/{code}`: the receiver signs. Posts to itself: `word`, `quantity`, `name`.
#[derive(Template)]
#[template(path = "dispatch/receipt.html")]
pub struct ReceiptPage {
    pub shell: Shell,
    pub code: String,
    pub code_groups: Vec<String>,
    pub item: String,
    pub unit: String,
    pub title: String,
    pub stock: String,
    pub way: i64,
    pub typed: BTreeMap<String, String>,
}

macro_rules! typed {
    ($($page:ident),+) => {$(
        impl $page {
            fn typed(&self, id: &str) -> &str {
                self.typed.get(id).map_or("", String::as_str)
            }
        }
    )+};
}
typed!(StocksPage, StockPage, LotPage, ConsignmentPage, ReceiptPage);

impl GoodsFigure {
    /// Key of how it is reckoned.
    fn how(&self) -> &'static str {
        if self.code == "idle" { "goods-how-idle" } else { "goods-how-reached" }
    }
}

impl LotPage {
    /// Whether any need asks for it.
    fn is_wanted(&self) -> bool {
        self.wants.iter().any(|group| !group.options.is_empty())
    }
}

impl ConsignmentPage {
    /// What was typed, or all that there is.
    fn or(&self, id: &str, all: impl std::fmt::Display) -> String {
        self.typed.get(id).cloned().unwrap_or_else(|| all.to_string())
    }
}
