//! The files of a derived pack, and those by which the record is imported under it.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};
use muster_core::area::{AreaId, Level};
use muster_core::time::clock::{Budget, BudgetUnit};
use serde::Serialize;
use toml::Table;

use crate::pack_default::default_file;

/// A file of the built-in pack without what it says of classes that a record does not have.
fn without(name: &str, cut: impl FnOnce(&mut Table) -> Option<toml::Value>) -> anyhow::Result<String> {
    let text = default_file(name).with_context(|| format!("the built-in pack has no {name}"))?;
    let mut file: Table = text.parse()?;
    cut(&mut file).with_context(|| format!("the built-in {name} names no classes"))?;
    Ok(toml::to_string(&file)?)
}

/// Numbers of two digits, in the order of the names.
fn codes(names: impl Iterator<Item = String>, what: &str) -> anyhow::Result<BTreeMap<String, String>> {
    let names: BTreeSet<String> = names.collect();
    ensure!(names.len() <= 99, "{} {what}; a code has room for 99: map a column that is coarser", names.len());
    Ok(names.into_iter().enumerate().map(|(number, name)| (name, format!("{:02}", number + 1))).collect())
}

/// The names of a record and the codes they get.
pub(super) struct Kit {
    root: AreaId,
    root_name: String,
    groups: BTreeMap<String, String>,
    units: BTreeMap<String, String>,
    areas: BTreeMap<String, String>,
    /// Code of each class.
    classes: BTreeMap<String, String>,
    /// Group and unit of each class.
    homes: BTreeMap<String, (String, String)>,
}

#[derive(Serialize)]
struct Row {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    category: Vec<String>,
    amount: u32,
    unit: BudgetUnit,
    basis: &'static str,
}

const RECORD: &str = "the record: what most deadlines of the class follow";
/// By which a folder is known as made by this command.
pub(super) const DERIVED: &str = "derived from a record by muster pack derive";
const UNSAID: &str = "not in the record";

impl Kit {
    pub(super) fn new(
        root: (AreaId, String),
        homes: BTreeMap<String, (String, String)>,
        areas: BTreeSet<String>,
    ) -> anyhow::Result<Self> {
        let groups = codes(homes.values().map(|(group, _)| group.clone()), "groups of classes")?;
        let units = codes(homes.values().map(|(_, unit)| unit.clone()), "units")?;
        let mut classes = BTreeMap::new();
        for (group, code) in &groups {
            let within = homes.iter().filter(|(_, home)| home.0 == *group).map(|(class, _)| class.clone());
            let numbers = codes(within, &format!("classes of {group}"))?;
            classes.extend(numbers.into_iter().map(|(class, number)| (class, format!("{code}{number}"))));
        }
        let (root, root_name) = root;
        Ok(Self { root, root_name, groups, units, areas: codes(areas.into_iter(), "areas")?, classes, homes })
    }

    /// Writes all files anew.
    pub(super) fn write(
        &self,
        out: &Path,
        zone: &str,
        calendar: &str,
        budgets: &BTreeMap<&str, Budget>,
    ) -> anyhow::Result<()> {
        let write = |name: &str, text: String| {
            let file = out.join(name);
            fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
        };
        write("pack/pack.toml", toml::to_string(&self.head(zone))?)?;
        write("pack/calendar.toml", calendar.to_owned())?;
        write("pack/taxonomy.toml", toml::to_string(&self.taxonomy())?)?;
        write("pack/crosswalk.toml", format!("source = {UNSAID:?}\n\n[labels]\n\n[nodes]\n"))?;
        write("pack/duties.toml", toml::to_string(&self.duties())?)?;
        write("pack/plans.toml", String::new())?;
        write("pack/indicators.toml", without("indicators.toml", |file| file.remove("conflicts"))?)?;
        let classes = |file: &mut Table| file.get_mut("difficulty")?.as_table_mut()?.remove("class");
        write("pack/performance.toml", without("performance.toml", classes)?)?;
        write("pack/clocks.toml", toml::to_string(&self.clocks(budgets))?)?;
        write("areas.csv", self.areas_csv()?)?;
        write("units.csv", self.units_csv()?)?;
        let areas: BTreeMap<&str, String> =
            self.areas.iter().map(|(name, code)| (name.as_str(), self.area(code))).collect();
        let values = BTreeMap::from([
            ("area", toml::Value::try_from(areas)?),
            ("category", toml::Value::try_from(&self.classes)?),
        ]);
        write("values.toml", toml::to_string(&values)?)
    }

    fn head(&self, zone: &str) -> Table {
        let mut head = toml::toml! {
            version = "derived"
            effective_from = "2000-01-01"
        };
        head.insert("basis".to_owned(), DERIVED.into());
        head.insert("zone".to_owned(), zone.into());
        head.insert("name".to_owned(), name(&self.root_name).into());
        let mut root = name(&self.root_name);
        root.insert("id".to_owned(), self.root.get().into());
        head.insert("root_area".to_owned(), root.into());
        head
    }

    fn taxonomy(&self) -> Table {
        let nodes = self.groups.iter().chain(&self.classes).map(|(text, code)| (code.clone(), name(text).into()));
        let mut table = toml::toml! { basis = "the record" };
        table.insert("categories".to_owned(), nodes.collect::<Table>().into());
        table
    }

    fn duties(&self) -> Table {
        let level = self.root.level();
        let departments = self.units.iter().map(|(unit, code)| {
            let mut department = name(unit);
            department.insert("at".to_owned(), at(level, unit, "none"));
            (format!("unit_{code}"), department.into())
        });
        let duties = self.homes.iter().map(|(class, (_, unit))| {
            let mut duty = toml::toml! { cooperating = [] basis = "the record" };
            let code = self.units.get(unit).map(|code| format!("unit_{code}")).unwrap_or_default();
            duty.insert("category".to_owned(), self.classes.get(class).cloned().unwrap_or_default().into());
            duty.insert("answers_at".to_owned(), level.code().into());
            duty.insert("lead".to_owned(), at(level, &code, "none"));
            duty.into()
        });
        let mut table = Table::new();
        table.insert("duty".to_owned(), duties.collect::<Vec<toml::Value>>().into());
        table.insert("departments".to_owned(), departments.collect::<Table>().into());
        table
    }

    /// The answer has the budget of the record. The promise is an hour longer, since dispatch has one.
    fn clocks(&self, budgets: &BTreeMap<&str, Budget>) -> BTreeMap<&'static str, Vec<Row>> {
        let mut categories: BTreeMap<(u32, BudgetUnit), Vec<String>> = BTreeMap::new();
        for (class, budget) in budgets {
            let code = self.classes.get(*class).cloned();
            categories.entry((budget.amount, budget.unit)).or_default().extend(code);
        }
        let rows = |more: bool| {
            let of_record = categories.iter().map(|((amount, unit), category)| {
                let hour = if *unit == BudgetUnit::WorkingMinutes { 60 } else { 1 };
                let amount = amount + if more { hour } else { 0 };
                Row { category: category.clone(), amount, unit: *unit, basis: RECORD }
            });
            of_record.chain([for_all(17_000 + u32::from(more), BudgetUnit::NaturalHours)]).collect()
        };
        let one = |amount, unit| vec![for_all(amount, unit)];
        BTreeMap::from([
            ("dispatch", one(1, BudgetUnit::NaturalHours)),
            ("accept", one(1, BudgetUnit::WorkingDays)),
            ("answer", rows(false)),
            ("promise", rows(true)),
            ("callback", one(7, BudgetUnit::NaturalDays)),
            ("feedback_first", one(24, BudgetUnit::NaturalHours)),
            ("feedback_next", one(72, BudgetUnit::NaturalHours)),
            ("rule", one(1, BudgetUnit::WorkingDays)),
            ("supervise", one(3, BudgetUnit::WorkingDays)),
        ])
    }

    /// The digits of an area, as far as they say something.
    fn area(&self, number: &str) -> String {
        let level = self.root.level();
        let below = Level::ALL.into_iter().find(|each| *each > level).unwrap_or(level);
        let root: String = self.root.to_string().chars().take(level.digits() as usize).collect();
        format!("{root}{number:0>width$}", width = (below.digits() - level.digits()) as usize)
    }

    fn areas_csv(&self) -> anyhow::Result<String> {
        csv_text(&["code", "name"], self.areas.iter().map(|(name, code)| vec![self.area(code), name.clone()]))
    }

    fn units_csv(&self) -> anyhow::Result<String> {
        let rows = self.units.iter().map(|(unit, code)| {
            vec![format!("unit-{code}"), unit.clone(), format!("unit_{code}"), self.root.to_string()]
        });
        csv_text(&["code", "name", "department", "area"], rows)
    }
}

fn for_all(amount: u32, unit: BudgetUnit) -> Row {
    Row { category: Vec::new(), amount, unit, basis: UNSAID }
}

fn name(text: &str) -> Table {
    ["zh", "en"].into_iter().map(|language| (language.to_owned(), text.into())).collect()
}

/// A table of the five levels with one of them taken.
fn at(level: Level, value: &str, otherwise: &str) -> toml::Value {
    let word = |each: Level| if each == level { value } else { otherwise };
    muster_core::pack::DUTY_LEVELS
        .into_iter()
        .map(|each| (each.code().to_owned(), word(each).into()))
        .collect::<Table>()
        .into()
}

fn csv_text(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> anyhow::Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(head)?;
    for row in rows {
        writer.write_record(row)?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}
