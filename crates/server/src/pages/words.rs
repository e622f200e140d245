//! Rows and times as a page shows them.

use jiff::civil::Date;
use muster_core::area::{AreaId, Level};
use muster_core::id::UnitId;
use muster_core::intake::Channel;
use muster_core::pack::{Indicator, Name, Pack};
use muster_core::people::{Scope, Subject};
use muster_core::process::Move;
use muster_core::time::Timestamp;
use muster_store::people::{Area, Unit, area_list, unit_list};
use muster_store::process::{CaseRow, StepRow};

use super::frame::Frame;
use crate::error::Result;
use crate::i18n::Lang;
use crate::view::evaluate::How;
use crate::view::process::{Due, Row, Step};
use crate::view::{Areas, Choice, Group, When};

const WEEKDAYS_ZH: [&str; 7] = ["周一", "周二", "周三", "周四", "周五", "周六", "周日"];
const WEEKDAYS_EN: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS_EN: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Frame {
    pub(super) fn name(&self, name: &Name) -> String {
        match self.lang {
            Lang::Zh => name.zh.clone(),
            Lang::En if name.en.is_empty() => name.zh.clone(),
            Lang::En => name.en.clone(),
        }
    }

    /// How an indicator is counted.
    pub(super) fn how(&self, indicator: &Indicator) -> How {
        How {
            formula: self.name(&indicator.formula),
            left_out: self.name(&indicator.left_out),
            basis: indicator.basis.clone(),
        }
    }

    pub(super) fn when(&self, at: Timestamp) -> When {
        when(&self.state.pack, self.lang, at)
    }

    /// A promise in words: how long is left, or by how much it is missed.
    pub(super) fn due(&self, at: Timestamp) -> Due {
        let left = at.since(self.state.now());
        let (n, unit) = match left.abs() {
            span if span >= 2 * Timestamp::DAY => (span / Timestamp::DAY, "days"),
            span if span >= Timestamp::HOUR => (span / Timestamp::HOUR, "hours"),
            span => ((span / Timestamp::MINUTE).max(1), "minutes"),
        };
        let text = crate::i18n::Text { lang: self.lang };
        let key = if left < 0 { format!("due-late-{unit}") } else { format!("due-left-{unit}") };
        let mood = if left < 0 {
            "late"
        } else if left < Timestamp::DAY {
            "soon"
        } else {
            "calm"
        };
        Due { words: text.count(&key, n), when: self.when(at), mood }
    }

    pub(super) fn category(&self, code: &str) -> String {
        let found = self.state.pack.taxonomy.get(code);
        found.map_or_else(|| code.to_owned(), |category| self.name(&category.name))
    }

    pub(super) fn row(&self, case: &CaseRow, places: &Places) -> Row {
        Row {
            code: case.code.to_string(),
            title: case.title.clone(),
            area: places.area(case.area),
            unit: case.unit().map(|unit| places.unit(unit)).unwrap_or_default(),
            state: case.state.as_str().to_owned(),
            urgency: case.urgency.clone(),
            due: case.due_at.map(|at| self.due(Timestamp(at))),
            reports: case.reports as u64,
            version: case.version,
            around: String::new(),
        }
    }

    /// A line of the history; the resident's page passes `public` and never sees the inner side.
    pub(super) fn steps(&self, step: &StepRow, who: &str, public: bool) -> Vec<Step> {
        let when = self.when(step.at);
        let what = step_code(step.step).to_owned();
        let line = |text: String, internal| Step {
            when: when.clone(),
            what: what.clone(),
            who: who.to_owned(),
            text,
            internal,
        };
        let said = step.public_text.clone().or_else(|| self.contact(step)).unwrap_or_default();
        let mut lines = vec![line(said, false)];
        if !public {
            lines.extend(self.shown_by(step).map(|text| line(text, true)));
            lines.extend(step.internal_text.clone().map(|text| line(text, true)));
        }
        lines
    }

    /// How the unit turned to the resident, and whether it reached them.
    fn contact(&self, step: &StepRow) -> Option<String> {
        let text = crate::i18n::Text { lang: self.lang };
        let way = text.label("contact", step.detail["way"].as_str()?);
        let reached = step.detail["reached"].as_bool().unwrap_or_default();
        Some(text.with(if reached { "contact-reached" } else { "contact-missed" }, "way", way))
    }

    /// What the unit claims with an answer, and what shows it.
    fn shown_by(&self, step: &StepRow) -> Option<String> {
        let text = crate::i18n::Text { lang: self.lang };
        let outcome = text.label("outcome", step.detail["outcome"].as_str()?);
        let claim = format!("{}{}", text.get("case-claim"), outcome);
        let evidence = step.detail["evidence"].as_str().filter(|evidence| !evidence.is_empty());
        Some(evidence.map_or(claim.clone(), |evidence| format!("{claim}\n{}{evidence}", text.get("case-shown-by"))))
    }

    pub(super) async fn places(&self) -> Result<Places> {
        let mut tx = self.state.read().await?;
        let pack = &self.state.pack;
        let mut areas = area_list(&mut tx, pack.root_area.range(), MOST_AREAS).await?;
        // The pack names the whole in every language; the areas below have one name each.
        if let Some(root) =
            areas.iter_mut().find(|area| area.id == pack.root_area && area.name == pack.root_area_name.zh)
        {
            root.name = self.name(&pack.root_area_name);
        }
        let units = unit_list(&mut tx).await?;
        Ok(Places { areas, units })
    }

    pub(super) fn channels(&self) -> Vec<Choice> {
        let text = crate::i18n::Text { lang: self.lang };
        let offered = [Channel::Hotline, Channel::Station, Channel::Grid];
        offered.map(|channel| Choice::new(channel.as_str(), text.label("channel", channel.as_str()))).into()
    }

    pub(super) fn classes(&self) -> Vec<Group> {
        let options = self.state.pack.taxonomy.classes().map(|c| Choice::new(c.code.clone(), self.name(&c.name)));
        vec![Group { label: String::new(), options: options.collect() }]
    }

    /// Every category: a class and what is below it in one group.
    pub(super) fn categories(&self) -> Vec<Group> {
        let taxonomy = &self.state.pack.taxonomy;
        let group = |class: &muster_core::pack::Category| {
            let mut options = vec![Choice::new(class.code.clone(), self.name(&class.name))];
            options.extend(taxonomy.children(&class.code).map(|c| Choice::new(c.code.clone(), self.name(&c.name))));
            Group { label: self.name(&class.name), options }
        };
        taxonomy.classes().map(group).collect()
    }
}

/// More areas than this are typed and suggested from a city's own list, not shown whole.
const MOST_AREAS: i64 = 3000;
const MOST_IN_SELECT: usize = 120;

/// The names a page needs.
pub(super) struct Places {
    pub(super) areas: Vec<Area>,
    pub(super) units: Vec<Unit>,
}

impl Places {
    pub(super) fn area(&self, id: AreaId) -> String {
        let own = self.areas.iter().find(|area| area.id == id);
        own.map_or_else(|| id.to_string(), |area| area.name.clone())
    }

    /// With the street or district before it, so that two communities of one name are told apart.
    pub(super) fn area_label(&self, id: AreaId) -> String {
        let above = id.parent().and_then(|parent| self.areas.iter().find(|area| area.id == parent));
        match above {
            Some(above) if id.level() > Level::City => format!("{} {}", above.name, self.area(id)),
            _ => self.area(id),
        }
    }

    pub(super) fn unit(&self, id: UnitId) -> String {
        self.units.iter().find(|unit| unit.id == id).map(|unit| unit.name.clone()).unwrap_or_default()
    }

    pub(super) fn unit_groups(&self) -> Vec<Group> {
        let options = self.units.iter().map(|unit| Choice::new(unit.id.to_string(), unit.name.clone()));
        vec![Group { label: String::new(), options: options.collect() }]
    }

    /// Units above and below a unit, the nearest level above first: where a case can be sent.
    pub(super) fn levels_of(&self, unit: UnitId) -> Vec<Group> {
        let Some(own) = self.units.iter().find(|known| known.id == unit) else { return Vec::new() };
        let choice = |unit: &Unit| Choice::new(unit.id.to_string(), unit.name.clone());
        let other = |other: &&Unit| other.area.level() != own.area.level();
        let mut above: Vec<&Unit> =
            self.units.iter().filter(other).filter(|unit| unit.area.contains(own.area)).collect();
        above.sort_by_key(|unit| std::cmp::Reverse(unit.area.level()));
        let below = self.units.iter().filter(other).filter(|unit| own.area.contains(unit.area));
        let options = above.into_iter().chain(below).map(choice).collect();
        vec![Group { label: String::new(), options }]
    }

    /// What a resident chooses from: communities under their street, or a searchable list.
    pub(super) fn choices(&self) -> Areas {
        let shown = |area: &&Area| (Level::Township..=Level::Community).contains(&area.id.level());
        let shown: Vec<&Area> = self.areas.iter().filter(shown).collect();
        if shown.len() > MOST_IN_SELECT {
            let options = shown.iter().map(|a| Choice::new(a.id.to_string(), self.area_label(a.id))).collect();
            return Areas { groups: vec![Group { label: String::new(), options }], searchable: true };
        }
        let mut groups: Vec<Group> = Vec::new();
        for area in shown {
            if area.id.level() == Level::Township || groups.is_empty() {
                groups.push(Group { label: self.area_label(area.id), options: Vec::new() });
            }
            if let Some(group) = groups.last_mut() {
                group.options.push(Choice::new(area.id.to_string(), area.name.clone()));
            }
        }
        if groups.is_empty() {
            let options = self.areas.iter().map(|a| Choice::new(a.id.to_string(), a.name.clone())).collect();
            groups.push(Group { label: String::new(), options });
        }
        Areas { groups, searchable: false }
    }

    /// The same for whoever works by keyboard: always a field in which a few letters find the area.
    pub(super) fn suggested(&self) -> Areas {
        let groups = self.choices().groups.into_iter();
        let ids = groups.flat_map(|group| group.options).filter_map(|choice| choice.value.parse::<AreaId>().ok());
        let options = ids.map(|id| Choice::new(id.to_string(), self.area_label(id))).collect();
        Areas { groups: vec![Group { label: String::new(), options }], searchable: true }
    }

    /// What a keyboard typed into [`Self::suggested`]: a few letters are enough where one area only has them in its name.
    pub(super) fn find_by_letters(&self, typed: &str) -> Option<AreaId> {
        let letters = typed.trim();
        let by_letters = || {
            let list = self.suggested().groups.remove(0).options;
            let mut found = list
                .iter()
                .filter_map(|choice| choice.value.parse().ok())
                .filter(|id| self.area(*id).contains(letters));
            found.next().filter(|_| found.next().is_none())
        };
        self.find(typed).or_else(|| if letters.is_empty() { None } else { by_letters() })
    }

    /// What someone on the spot chooses from: the areas of their own grants and below them.
    pub(super) fn choices_in(&self, scope: &Scope) -> Areas {
        let own: Vec<&Area> = self.areas.iter().filter(|area| scope.covers(&Subject::area(area.id))).collect();
        let options = own.iter().map(|a| Choice::new(a.id.to_string(), self.area_label(a.id))).collect();
        Areas { groups: vec![Group { label: String::new(), options }], searchable: own.len() > MOST_IN_SELECT }
    }

    /// All areas for a staff filter.
    pub(super) fn area_groups(&self) -> Vec<Group> {
        let upper = self.areas.iter().filter(|a| a.id.level() <= Level::Community);
        let options = upper.map(|a| Choice::new(a.id.to_string(), self.area_label(a.id))).collect();
        vec![Group { label: String::new(), options }]
    }

    /// Reads what a form sent: digits, or a label typed or picked. Digits of no area are nothing; in a country's list, of
    /// which we hold a part, the store will say so.
    pub(super) fn find(&self, typed: &str) -> Option<AreaId> {
        let typed = typed.trim();
        let is_part = self.areas.len() as i64 >= MOST_AREAS;
        let known = |id: &AreaId| is_part || self.areas.iter().any(|area| area.id == *id);
        let by_label = || self.areas.iter().find(|a| a.name == typed || self.area_label(a.id) == typed).map(|a| a.id);
        typed.parse().ok().filter(known).or_else(by_label)
    }
}

pub(super) fn step_code(step: Move) -> &'static str {
    match step {
        Move::Receive => "created",
        Move::Join => "joined",
        Move::Part => "parted",
        Move::Assign => "assigned",
        Move::Refuse => "refused",
        Move::Accept => "accepted",
        Move::Answer => "answered",
        Move::Dispute => "disputed",
        Move::Rate => "called_back",
        Move::Lapse => "closed",
        Move::Reopen => "reopened",
        Move::PartAdd => "part_added",
        Move::PartDone => "part_done",
        Move::PartCancel => "part_cancelled",
        other => other.as_str(),
    }
}

/// A moment in the city's zone, with its weekday. Promises end with a day: midnight is the 24:00 of the day before,
/// so that nobody reads a day too many into it.
pub(crate) fn when(pack: &Pack, lang: Lang, at: Timestamp) -> When {
    let Ok(instant) = jiff::Timestamp::from_microsecond(at.0) else { return When::default() };
    let local = pack.calendar.local(at);
    let offset = pack.zone.to_offset(instant).seconds() / 60;
    let (date, hour) = match local.date().yesterday() {
        Ok(before) if local.time() == jiff::civil::Time::midnight() => (before, 24),
        _ => (local.date(), local.hour()),
    };
    let (minute, weekday) = (local.minute(), date.weekday().to_monday_zero_offset() as usize);
    let (y, m, d) = (date.year(), date.month(), date.day());
    // The weekday and the hour stay together when a line is too short.
    let text = match lang {
        Lang::Zh => format!("{y}年{m}月{d}日 {}\u{a0}{hour:02}:{minute:02}", WEEKDAYS_ZH[weekday]),
        Lang::En => {
            let (weekday, month) = (WEEKDAYS_EN[weekday], MONTHS_EN[m as usize - 1]);
            format!("{weekday}\u{a0}{d}\u{a0}{month}\u{a0}{y}, {hour:02}:{minute:02}")
        }
    };
    let sign = if offset < 0 { '-' } else { '+' };
    let zone = format!("{sign}{:02}:{:02}", offset.abs() / 60, offset.abs() % 60);
    When { iso: format!("{}{zone}", local.strftime("%Y-%m-%dT%H:%M:%S")), text }
}

/// A day of this year with its weekday, short enough for the head of a column.
pub(super) fn day(lang: Lang, date: Date) -> String {
    let weekday = date.weekday().to_monday_zero_offset() as usize;
    match lang {
        Lang::Zh => format!("{}月{}日 {}", date.month(), date.day(), WEEKDAYS_ZH[weekday]),
        Lang::En => format!("{} {} {}", WEEKDAYS_EN[weekday], date.day(), MONTHS_EN[date.month() as usize - 1]),
    }
}

/// In groups of four, as read aloud.
pub(crate) fn groups(code: &str) -> Vec<String> {
    let plain: Vec<char> = code.chars().filter(|c| *c != '-').collect();
    let mut cut: Vec<String> = plain.chunks(4).map(|chunk| chunk.iter().collect()).collect();
    if cut.len() > 1 && cut.last().is_some_and(|last| last.len() == 1) {
        let last = cut.pop().unwrap_or_default();
        if let Some(before) = cut.last_mut() {
            before.push_str(&last);
        }
    }
    cut
}
