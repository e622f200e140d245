//! Policy packs: the dated, cited rules of one jurisdiction.
//!
//! A pack is a handful of TOML files, checked as a whole: [`Pack::load`] returns a pack in which every reference
//! holds, or every fault at once. Nothing here is a default: what a city decides stands in its pack.

mod clocks;
mod days;
mod dispatch;
mod duties;
mod fault;
mod findings;
mod flow;
mod indicators;
mod ladder;
mod notices;
mod performance;
mod plans;
mod practices;
mod questionnaire;
mod request;
mod rules;
mod section;
mod shares;
mod taxonomy;

use jiff::civil::Date;
use jiff::tz::{TimeZone, TimeZoneDatabase};

pub use self::clocks::{ClockKind, Clocks};
pub use self::dispatch::{Dispatch, GoodsRule, Item, OfferRule, Prior, Risk, Skill};
pub use self::duties::{DUTY_LEVELS, Department, Duties, Duty};
pub use self::fault::PackFault;
pub use self::findings::Findings;
pub use self::flow::{Flow, Ground};
pub use self::indicators::{Awaited, Better, Indicator, Indicators, Line, Target};
pub use self::ladder::{Ladder, Rung, RungAt, Told};
pub use self::notices::{NoticeText, Notices, Sending, Template, fill, minutes};
pub use self::performance::{Consequence, DetectRule, Exempt, ExemptGround, PartFrom, Performance, ScorePart};
pub use self::plans::{PlanPart, PlanTemplate};
pub use self::practices::PracticeRule;
pub use self::questionnaire::Questionnaires;
pub use self::request::{RequestKind, Urgency};
pub use self::rules::{IntakeRules, JoinRule, OUTCOMES, Outcome, PhotoRule, RefusalReason, Retention, SerialRule};
pub use self::shares::{Shares, UsualShare};
pub use self::taxonomy::{Category, Crosswalk, Name, Taxonomy};

use self::fault::Faults;
use self::section::{Section, Source};
use crate::area::AreaId;
use crate::time::calendar::Calendar;

/// The files every pack has.
pub const FILES: [&str; 20] = [
    "pack.toml",
    "taxonomy.toml",
    "crosswalk.toml",
    "duties.toml",
    "clocks.toml",
    "ladder.toml",
    "flow.toml",
    "calendar.toml",
    "outcomes.toml",
    "refusals.toml",
    "intake.toml",
    "plans.toml",
    "notices.toml",
    "shares.toml",
    "dispatch.toml",
    "performance.toml",
    "indicators.toml",
    "questionnaire.toml",
    "practices.toml",
    "findings.toml",
];

/// Files of a pack that another module reads and checks.
pub const ALSO: &[&str] = &["sense.toml", "labels.toml"];

/// The rules of one jurisdiction from one date on.
#[derive(Clone, Debug)]
pub struct Pack {
    pub name: Name,
    /// Such as `2026.1`; a case keeps the version it was decided under.
    pub version: String,
    pub effective_from: Date,
    pub basis: String,
    pub zone: TimeZone,
    /// The area everything of this instance lies in.
    pub root_area: AreaId,
    pub root_area_name: Name,
    pub taxonomy: Taxonomy,
    pub crosswalk: Crosswalk,
    pub duties: Duties,
    pub clocks: Clocks,
    pub ladder: Ladder,
    pub flow: Flow,
    pub calendar: Calendar,
    /// In the order of [`OUTCOMES`].
    pub outcomes: Vec<Outcome>,
    pub refusals: Vec<RefusalReason>,
    pub intake: IntakeRules,
    /// In the order of the file.
    pub plans: Vec<PlanTemplate>,
    pub notices: Notices,
    pub shares: Shares,
    pub dispatch: Dispatch,
    pub performance: Performance,
    pub indicators: Indicators,
    /// What third-party evaluators are asked.
    pub questionnaires: Questionnaires,
    pub practices: PracticeRule,
    pub findings: Findings,
}

impl Pack {
    /// Reads a pack from its files (name, content) and checks it as a whole.
    ///
    /// # Errors
    /// Every fault found, in the order of [`FILES`]: missing and unknown files, syntax, unknown keys, values out of
    /// range, and references that lead nowhere.
    pub fn load(files: &[(&str, &str)]) -> Result<Self, Vec<PackFault>> {
        let faults = Faults::default();
        for (file, _) in files.iter().filter(|(file, _)| !FILES.contains(file) && !ALSO.contains(file)) {
            let known: Vec<_> = FILES.iter().chain(ALSO).copied().collect();
            faults.file(file, "unknown file", &format!("files of a pack: {}", known.join(", ")));
        }
        let pack = Self::read(files, &faults);
        match pack {
            Some(pack) if faults.count() == 0 => Ok(pack),
            _ => {
                let mut faults = faults.into_vec();
                faults.sort_by_key(|fault| (FILES.iter().position(|file| *file == fault.file), fault.line));
                Err(faults)
            }
        }
    }

    /// The pack, or `None` where a fault leaves nothing to put in a field. Faults are in `faults` either way.
    fn read(files: &[(&str, &str)], faults: &Faults) -> Option<Self> {
        let sources = FILES.map(|file| {
            let text = files.iter().find(|(name, _)| *name == file).map(|(_, text)| *text);
            if text.is_none() {
                faults.file(file, "missing file", "every pack has one; copy it from packs/default");
            }
            text.map(|text| Source { file, text, faults })
        });
        let tables = sources.map(|source| source.and_then(|source| Some((source, source.parse()?))));
        let section = |file: &str| {
            let table = tables.iter().flatten().find(|(source, _)| source.file == file);
            table.map(|(source, table)| Section::root(*source, table))
        };
        let head = section("pack.toml").map(|root| Head::read(&root));
        let zone = head.as_ref().and_then(|head| head.zone.clone()).unwrap_or(TimeZone::UTC);

        let taxonomy = section("taxonomy.toml").map(|root| Taxonomy::read(&root));
        // References into a tree that could not be read are not checked: each would repeat the tree's own fault.
        let tree = taxonomy.as_ref().filter(|taxonomy| !taxonomy.is_empty());

        let crosswalk = section("crosswalk.toml").map(|root| Crosswalk::read(&root, tree));
        let duties = section("duties.toml").map(|root| Duties::read(&root, tree));
        let clocks = section("clocks.toml").map(|root| Clocks::read(&root, tree));
        let ladder = section("ladder.toml").map(|root| Ladder::read(&root));
        let flow = section("flow.toml").and_then(|root| Flow::read(&root));
        let calendar = section("calendar.toml").map(|root| days::read(&root, zone.clone()));
        if let (Some(root), Some(clocks), Some(calendar)) = (section("clocks.toml"), &clocks, &calendar)
            && faults.count() == 0
        {
            clocks.check_sums(&root, calendar);
        }
        let outcomes = section("outcomes.toml").map(|root| rules::outcomes(&root));
        let refusals = section("refusals.toml").map(|root| rules::refusals(&root));
        let intake = section("intake.toml").and_then(|root| rules::intake(&root));
        let plans = section("plans.toml").map(|root| plans::read(&root, duties.as_ref()));
        let notices = section("notices.toml").map(|root| Notices::read(&root));
        let shares = section("shares.toml").and_then(|root| Shares::read(&root));
        let dispatch = section("dispatch.toml").and_then(|root| Dispatch::read(&root));
        let indicators = section("indicators.toml").map(|root| Indicators::read(&root, tree));
        let performance =
            section("performance.toml").and_then(|root| Performance::read(&root, tree, indicators.as_ref()));
        let questionnaires = section("questionnaire.toml").map(|root| Questionnaires::read(&root));
        let practices = section("practices.toml").map(|root| PracticeRule::read(&root));
        let findings = section("findings.toml").and_then(|root| Findings::read(&root));
        let head = head?;
        Some(Self {
            name: head.name,
            version: head.version,
            effective_from: head.effective_from,
            basis: head.basis,
            zone,
            root_area: head.root_area?,
            root_area_name: head.root_area_name,
            taxonomy: taxonomy?,
            crosswalk: crosswalk?,
            duties: duties?,
            clocks: clocks?,
            ladder: ladder?,
            flow: flow?,
            calendar: calendar?,
            outcomes: outcomes?,
            refusals: refusals?,
            intake: intake?,
            plans: plans?,
            notices: notices?,
            shares: shares?,
            dispatch: dispatch?,
            performance: performance?,
            indicators: indicators?,
            questionnaires: questionnaires?,
            practices: practices?,
            findings: findings?,
        })
    }

    pub fn outcome(&self, code: &str) -> Option<&Outcome> {
        self.outcomes.iter().find(|outcome| outcome.code == code)
    }

    pub fn plan(&self, code: &str) -> Option<&PlanTemplate> {
        self.plans.iter().find(|plan| plan.code == code)
    }

    pub fn refusal(&self, code: &str) -> Option<&RefusalReason> {
        self.refusals.iter().find(|reason| reason.code == code)
    }
}

/// What `pack.toml` says.
struct Head {
    name: Name,
    version: String,
    effective_from: Date,
    basis: String,
    zone: Option<TimeZone>,
    root_area: Option<AreaId>,
    root_area_name: Name,
}

impl Head {
    fn read(root: &Section) -> Self {
        root.only(&["name", "version", "effective_from", "basis", "zone", "root_area"]);
        let area = root.table("root_area");
        let root_area = area.as_ref().and_then(|area| {
            area.only(&["id", "zh", "en"]);
            AreaId::new(area.int("id", 100_000_000_000_000..=999_999_999_999_999)).ok()
        });
        Self {
            name: root.table("name").map(|name| Name::read(&name)).unwrap_or_default(),
            version: root.text("version"),
            effective_from: root.date("effective_from"),
            basis: root.text("basis"),
            zone: zone(root),
            root_area,
            root_area_name: area.map(|area| Name::read(&area)).unwrap_or_default(),
        }
    }
}

/// The time zone, from the table bundled with the program: a machine without zone files decides the same.
fn zone(root: &Section) -> Option<TimeZone> {
    let name = root.text("zone");
    if name.is_empty() {
        return None;
    }
    let zone = TimeZoneDatabase::bundled().get(&name).ok();
    if zone.is_none() {
        root.fault("zone", "unknown time zone", "use a name of the IANA table, such as \"Asia/Shanghai\"");
    }
    zone
}
