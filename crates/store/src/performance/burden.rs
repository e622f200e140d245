//! What is laid on communities: how much they are sent, what of it is not theirs, and what they must report.

use std::collections::BTreeMap;

use muster_core::area::{AreaId, Level};
use muster_core::id::UnitId;
use muster_core::time::Timestamp;
use uuid::Uuid;

use crate::db::{Result, Tx, on};
use crate::people::{Unit, unit_list};

/// Of one unit of a community.
#[derive(Clone, Debug)]
pub struct Burden {
    pub unit: Unit,
    /// Handlers of the unit and grid workers of its community.
    pub workers: i64,
    /// Tasks by category.
    pub tasks: Vec<(String, i64)>,
    /// Tasks for a case that it had been given before.
    pub again: i64,
    /// Accounts it had to give: on supervision, and regularly while a case runs.
    pub forms: i64,
    /// ... beyond the first on one case.
    pub repeated: i64,
    /// Times it spoke with a resident, or tried to.
    pub calls: i64,
}

impl Burden {
    pub fn total(&self) -> i64 {
        self.tasks.iter().map(|(_, count)| count).sum()
    }
}

/// Communities whose units lie in `range` of areas, in the order of the units' codes; from `first` until before `end`.
pub async fn burdens(tx: &mut Tx, range: (i64, i64), (first, end): (Timestamp, Timestamp)) -> Result<Vec<Burden>> {
    let inside = |unit: &Unit| unit.area.level() == Level::Community && (range.0..=range.1).contains(&unit.area.get());
    let units: Vec<Unit> = unit_list(tx).await?.into_iter().filter(inside).collect();
    let mut of: BTreeMap<UnitId, Burden> = BTreeMap::new();
    for unit in &units {
        let none =
            Burden { unit: unit.clone(), workers: 0, tasks: Vec::new(), again: 0, forms: 0, repeated: 0, calls: 0 };
        of.insert(unit.id, none);
    }
    let days = (first.0, end.0);
    let tasks = "select t.unit_id, c.category, cast(count(*) as bigint) from tasks t join cases c on c.id = t.case_id
         join units u on u.id = t.unit_id
         where t.assigned_at >= $1 and t.assigned_at < $2 and u.area between $3 and $4 group by t.unit_id, c.category
         order by t.unit_id, c.category";
    let rows: Vec<(Uuid, String, i64)> = on!(tx, |conn| sqlx::query_as(tasks)
        .bind(days.0)
        .bind(days.1)
        .bind(range.0)
        .bind(range.1)
        .fetch_all(conn)
        .await?);
    for (unit, category, count) in rows {
        if let Some(burden) = of.get_mut(&UnitId(unit)) {
            burden.tasks.push((category, count));
        }
    }
    let again = "select t.unit_id, cast(count(*) as bigint), cast(count(distinct t.case_id) as bigint) from tasks t
         join units u on u.id = t.unit_id
         where t.assigned_at >= $1 and t.assigned_at < $2 and u.area between $3 and $4 group by t.unit_id";
    for (unit, all, cases) in counted(tx, again, days, range).await? {
        if let Some(burden) = of.get_mut(&unit) {
            burden.again = all - cases;
        }
    }
    let forms = "select t.unit_id, cast(count(*) as bigint), cast(count(distinct k.case_id) as bigint) from clocks k
         join tasks t on t.id = k.task_id join units u on u.id = t.unit_id
         where k.kind in ('supervise', 'feedback_first', 'feedback_next')
           and k.started_at >= $1 and k.started_at < $2 and u.area between $3 and $4 group by t.unit_id";
    for (unit, all, cases) in counted(tx, forms, days, range).await? {
        if let Some(burden) = of.get_mut(&unit) {
            (burden.forms, burden.repeated) = (all, all - cases);
        }
    }
    let calls = "select t.unit_id, cast(count(*) as bigint), cast(count(distinct s.case_id) as bigint) from steps s
         join tasks t on t.id = s.task_id join units u on u.id = t.unit_id
         where s.move = 'contact' and s.at >= $1 and s.at < $2 and u.area between $3 and $4 group by t.unit_id";
    for (unit, all, _) in counted(tx, calls, days, range).await? {
        if let Some(burden) = of.get_mut(&unit) {
            burden.calls = all;
        }
    }
    for (unit, area) in workers(tx, range).await? {
        let here = |burden: &&mut Burden| Some(burden.unit.id) == unit || (unit.is_none() && burden.unit.area == area);
        if let Some(burden) = of.values_mut().find(here) {
            burden.workers += 1;
        }
    }
    Ok(units.into_iter().filter_map(|unit| of.remove(&unit.id)).collect())
}

async fn counted(
    tx: &mut Tx,
    sql: &'static str,
    days: (i64, i64),
    range: (i64, i64),
) -> Result<Vec<(UnitId, i64, i64)>> {
    let rows: Vec<(Uuid, i64, i64)> = on!(tx, |conn| sqlx::query_as(sql)
        .bind(days.0)
        .bind(days.1)
        .bind(range.0)
        .bind(range.1)
        .fetch_all(conn)
        .await?);
    Ok(rows.into_iter().map(|(unit, all, cases)| (UnitId(unit), all, cases)).collect())
}

/// Everybody who handles for a unit or walks a grid, once: their unit, or the community they walk in.
async fn workers(tx: &mut Tx, range: (i64, i64)) -> Result<Vec<(Option<UnitId>, AreaId)>> {
    let rows: Vec<(Uuid, String, Option<Uuid>, i64)> = on!(tx, |conn| sqlx::query_as(
        "select g.account_id, g.role, g.unit_id, g.area from grants g join accounts a on a.id = g.account_id
         where g.role in ('unit_handler', 'grid_worker') and g.revoked_at is null and a.disabled_at is null
           and g.area between $1 and $2 order by g.account_id, g.role desc, g.area"
    )
    .bind(range.0)
    .bind(range.1)
    .fetch_all(conn)
    .await?);
    let mut found: Vec<(Option<UnitId>, AreaId)> = Vec::new();
    let mut last = None;
    for (account, role, unit, area) in rows {
        if last == Some(account) {
            continue;
        }
        last = Some(account);
        let Ok(area) = AreaId::new(area) else { continue };
        let unit = unit.filter(|_| role == "unit_handler").map(UnitId);
        found.push((unit, area.ancestor(Level::Community).unwrap_or(area)));
    }
    Ok(found)
}
