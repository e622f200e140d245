//! Pages of figures: the dashboard, the cases behind a figure, and the figures open to everybody.
//!
//! Every figure names its formula and opens its cases. A count below five on an open page comes as `hidden`, without a number.

use askama::Template;

use super::chart::Chart;
use super::process::{Pager, Row};
use super::{Group, Shell, When};

/// Filters as they stand in the address: `area`, `unit`, `category`, `period`.
#[derive(Clone, Debug, Default)]
pub struct FigureFilter {
    pub area: String,
    pub unit: String,
    pub category: String,
    pub period: String,
    /// The indicator that colours the map, is drawn over time and compared by mix.
    pub show: String,
}

/// What a figure is and how it is computed, in the words of the pack.
#[derive(Clone, Debug, Default)]
pub struct How {
    pub formula: String,
    /// What stands on neither side, and where the definition comes from; empty for a plain count.
    pub left_out: String,
    pub basis: String,
}

/// What is aimed at, in words, and whether the figure falls short of it.
#[derive(Clone, Debug)]
pub struct Aim {
    pub text: String,
    pub missed: bool,
}

/// One indicator, or the count that stands before them.
#[derive(Clone, Debug)]
pub struct Figure {
    pub code: String,
    pub name: String,
    pub how: How,
    pub aim: Option<Aim>,
    /// As shown: `1,284`, `93.2%`, `4.3`, or `—` when there is nothing to divide.
    pub value: String,
    pub numerator: String,
    pub denominator: String,
    /// The interval of a share in words; empty for counts.
    pub interval: String,
    /// Whether the figure is a ratio, so that numerator and denominator are shown.
    pub ratio: bool,
    /// The counts are too small to read anything into (staff) or to be shown (open page).
    pub small: bool,
    /// How it stands to the period before, and what it leaves out, in words.
    pub notes: Vec<String>,
    /// Opens the cases; `None` on open pages and for those who may not list them.
    pub href: Option<String>,
}

/// One indicator over time, drawn and as a table.
#[derive(Clone, Debug)]
pub struct Trend {
    /// Tells trends of one page apart.
    pub id: &'static str,
    /// Name of what is drawn.
    pub name: String,
    pub chart: Chart,
}

/// One side of a cell's line: how many, and where they are listed. `code` is of the family `side`.
#[derive(Clone, Debug)]
pub struct CellSide {
    pub code: &'static str,
    pub count: i64,
    pub href: Option<String>,
}

/// One cell of a comparison.
#[derive(Clone, Debug)]
pub struct Cell {
    /// A ratio, a count, or `—` where nothing was counted.
    pub text: String,
    pub small: bool,
    /// Opens the cases of a count; a ratio opens them by its sides.
    pub href: Option<String>,
    /// Above and below the line; none for a count.
    pub sides: Vec<CellSide>,
}

/// A column of a comparison.
#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    pub formula: String,
}

/// One line of a comparison: an area, unit, class or time with the indicators of `Comparison::columns`.
#[derive(Clone, Debug)]
pub struct Compared {
    pub label: String,
    pub href: Option<String>,
    pub cells: Vec<Cell>,
}

/// One way to compare: its word is the translation `key`.
#[derive(Clone, Debug)]
pub struct Way {
    pub key: &'static str,
    pub href: String,
    pub current: bool,
}

/// The parts of the chosen whole beside each other, in the order of their codes, never by size.
#[derive(Clone, Debug)]
pub struct Comparison {
    pub ways: Vec<Way>,
    pub columns: Vec<Column>,
    pub lines: Vec<Compared>,
    pub total: Compared,
}

/// One queue. `code` is of the family `queue`.
#[derive(Clone, Debug)]
pub struct Queue {
    pub code: &'static str,
    pub count: i64,
    pub href: Option<String>,
}

/// What waits for whom, as of `at`.
#[derive(Clone, Debug)]
pub struct Queues {
    pub at: When,
    pub list: Vec<Queue>,
}

/// An area on the map; `shade` is of the family `shade`.
#[derive(Clone, Debug)]
pub struct FigureDot {
    pub x: u32,
    pub y: u32,
    pub r: u32,
    pub shade: &'static str,
    pub name: String,
    pub value: String,
    /// `start`, `middle` or `end`.
    pub words: &'static str,
    pub href: String,
}

/// The same as a line of the table beside the map.
#[derive(Clone, Debug)]
pub struct MapRow {
    pub name: String,
    pub href: String,
    pub count: i64,
    pub value: String,
    pub shade: &'static str,
}

/// The areas below, as large as what they counted and coloured by how they stand to the target.
#[derive(Clone, Debug)]
pub struct FigureMap {
    /// Of the indicator, and of what the size stands for.
    pub name: String,
    pub lead: String,
    pub width: u32,
    pub height: u32,
    pub dots: Vec<FigureDot>,
    pub rows: Vec<MapRow>,
    pub shades: Vec<&'static str>,
}

/// A rising cluster of reports.
#[derive(Clone, Debug)]
pub struct SpotLine {
    pub name: String,
    pub area: String,
    pub people: i64,
    pub last: When,
    pub is_taken: bool,
}

/// A part held against what its own mix of classes lets expect. `standing` is of the family `standing`.
#[derive(Clone, Debug)]
pub struct FairLine {
    pub label: String,
    pub href: String,
    pub observed: String,
    pub sides: String,
    pub expected: String,
    pub ratio: String,
    pub interval: String,
    pub standing: &'static str,
}

/// The comparison by mix of one indicator; `href` leads to it where it is not shown.
#[derive(Clone, Debug)]
pub struct Fair {
    pub name: String,
    pub href: Option<String>,
    pub lines: Vec<FairLine>,
}

/// What the dashboard of the desk and that of the wall have in common.
#[derive(Clone, Debug)]
pub struct Desk {
    /// What the figures cover, in words.
    pub scope: String,
    /// The moment the figures stand for.
    pub fresh: When,
    /// Whether this person's pages hear of changes.
    pub live: bool,
    pub queues: Queues,
    pub figures: Vec<Figure>,
    pub map: Option<FigureMap>,
    pub trends: Vec<Trend>,
    pub spots: Vec<SpotLine>,
}

/// `GET /dashboard/wall?…`, for a screen that nobody touches.
#[derive(Template)]
#[template(path = "evaluate/wall.html")]
pub struct WallPage {
    pub shell: Shell,
    pub desk: Desk,
    /// The same at a desk.
    pub back: String,
}

/// `GET /dashboard?area=&unit=&category=&period=&show=&by=&mix=`; `by` is `area`, `unit`, `class` or `period`.
#[derive(Template)]
#[template(path = "evaluate/dashboard.html")]
pub struct DashboardPage {
    pub shell: Shell,
    pub filter: FigureFilter,
    pub areas: Vec<Group>,
    pub units: Vec<Group>,
    pub categories: Vec<Group>,
    pub periods: Vec<Group>,
    /// The way of comparing, kept when the filter changes.
    pub by: String,
    /// The indicators that can be shown.
    pub shows: Vec<Group>,
    pub desk: Desk,
    /// The indicators that are not at the front.
    pub more: Vec<Figure>,
    pub comparison: Comparison,
    /// None for classes and times.
    pub fair: Option<Fair>,
    /// The same for a wall.
    pub wall: String,
}

/// A side of an indicator: the cases it counts, the cases that met it, those that did not.
#[derive(Clone, Debug)]
pub struct Side {
    /// `denominator`, `numerator` or `rest`.
    pub code: &'static str,
    pub href: String,
    pub count: u64,
    pub current: bool,
}

/// One case as often as it was counted.
#[derive(Clone, Debug)]
pub struct Counted {
    pub row: Row,
    /// When it was counted.
    pub when: When,
}

/// `GET /dashboard/{indicator}?area=&unit=&category=&period=&own=&side=&cursor=`.
#[derive(Template)]
#[template(path = "evaluate/cases.html")]
pub struct FigureCasesPage {
    pub shell: Shell,
    pub figure: Figure,
    pub scope: String,
    pub sides: Vec<Side>,
    pub rows: Vec<Counted>,
    pub total: u64,
    pub pager: Pager,
    /// The dashboard with the same filters.
    pub back: String,
    /// The form that opens a finding from this figure, for whoever may.
    pub finding: Option<String>,
}

/// What is aimed at from a year on; `levels` in words, empty for all.
#[derive(Clone, Debug)]
pub struct Aimed {
    pub from: i16,
    pub levels: String,
    pub percent: f64,
    pub basis: String,
}

/// An indicator as it is defined. `better` is of the family `better`; `awaits` says what an unmeasured one waits for.
#[derive(Clone, Debug)]
pub struct Defined {
    pub code: String,
    pub name: String,
    pub how: How,
    pub unit: String,
    /// The measures above and below the line, in words.
    pub over: Vec<String>,
    pub under: Vec<String>,
    pub better: &'static str,
    pub awaits: String,
    pub aims: Vec<Aimed>,
}

/// `GET /open/indicators`.
#[derive(Template)]
#[template(path = "evaluate/indicators.html")]
pub struct IndicatorsPage {
    pub shell: Shell,
    pub measured: Vec<Defined>,
    pub awaited: Vec<Defined>,
}

/// `GET /open?period=`: no personal data, no small counts, no links to cases.
#[derive(Template)]
#[template(path = "evaluate/open.html")]
pub struct OpenPage {
    pub shell: Shell,
    pub filter: FigureFilter,
    pub areas: Vec<Group>,
    pub periods: Vec<Group>,
    pub scope: String,
    pub fresh: When,
    pub figures: Vec<Figure>,
    pub trend: Option<Trend>,
}
