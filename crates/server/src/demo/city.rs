//! Reads `demo/*.toml` and puts areas, units and accounts into a fresh instance.

use std::collections::HashMap;

use anyhow::Context;
use muster_core::area::AreaId;
use muster_core::dispatch::registry::Place;
use muster_core::id::{AccountId, UnitId};
use muster_core::people::{Account, Actor, Grant, Role};
use muster_store::Tx;
use muster_store::dispatch::area_middle_put;
use muster_store::people::{Area, GrantRow, Login, Unit, account_insert, areas_put, grants_insert, unit_put};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::state::State;
use crate::usecase::gazetteer_learn::gazetteer_load;

#[derive(Deserialize)]
struct Areas {
    area: Vec<AreaEntry>,
}

#[derive(Deserialize)]
struct AreaEntry {
    id: i64,
    name: String,
    /// Of a square of a thousand, y downward.
    x: Option<i64>,
    y: Option<i64>,
}

#[derive(Deserialize)]
struct Units {
    unit: Vec<UnitEntry>,
}

#[derive(Deserialize)]
struct UnitEntry {
    code: String,
    name: String,
    department: String,
    area: i64,
}

#[derive(Deserialize)]
struct People {
    account: Vec<AccountEntry>,
    resident: Vec<Resident>,
}

#[derive(Deserialize)]
struct AccountEntry {
    login: String,
    name: String,
    #[serde(default)]
    shown: bool,
    grants: Vec<GrantEntry>,
}

#[derive(Deserialize)]
struct GrantEntry {
    role: String,
    area: i64,
    unit: Option<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Resident {
    pub(super) name: String,
    pub(super) phone: String,
}

#[derive(Deserialize)]
struct Reports {
    report: Vec<Told>,
}

/// A report of the month; see `demo/README.md`.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Told {
    pub(super) day: i64,
    pub(super) time: String,
    pub(super) channel: String,
    pub(super) area: i64,
    pub(super) place: String,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) category: String,
    pub(super) person: Option<usize>,
    pub(super) refuse: Option<String>,
}

#[derive(Deserialize)]
struct Answers {
    answer: Vec<Reply>,
    callback: Vec<Said>,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct Reply {
    pub(super) category: String,
    pub(super) outcome: String,
    #[serde(default)]
    pub(super) words: Vec<String>,
    pub(super) text: String,
}

/// What a resident says at the callback.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Said {
    pub(super) satisfied: bool,
    pub(super) text: String,
}

/// A login printed at the start.
#[derive(Debug)]
pub struct Shown {
    pub role: Role,
    pub login: String,
    pub name: String,
}

/// Everything the month needs.
pub struct City {
    pub shown: Vec<Shown>,
    actors: Vec<(Actor, Vec<Grant>)>,
    pub(super) residents: Vec<Resident>,
    pub(super) reports: Vec<Told>,
    pub(super) replies: Vec<Reply>,
    pub(super) callbacks: Vec<Said>,
}

fn read<T: DeserializeOwned>(name: &str, text: &str) -> anyhow::Result<T> {
    toml::from_str(text).with_context(|| format!("reading demo/{name}"))
}

impl Areas {
    /// The middles on the earth: the square is 30 km wide and lies where no city of this name is.
    fn middles(&self) -> anyhow::Result<Vec<(AreaId, Place)>> {
        let placed = self.area.iter().filter_map(|area| Some((area.id, area.x?, area.y?)));
        let middle = |(id, x, y): (i64, i64, i64)| {
            let place = Place { latitude: 30_500_000 - (y - 500) * 270, longitude: 118_300_000 + (x - 500) * 313 };
            Ok((AreaId::new(id)?, place))
        };
        placed.map(middle).collect()
    }

    fn rows(self) -> anyhow::Result<Vec<Area>> {
        let row = |area: AreaEntry| {
            let id = AreaId::new(area.id)?;
            Ok(Area { id, parent: id.parent().map(AreaId::get), name: area.name })
        };
        self.area.into_iter().map(row).collect()
    }
}

async fn found_units(state: &State, tx: &mut Tx, units: Units) -> anyhow::Result<HashMap<String, UnitId>> {
    let mut known = HashMap::new();
    for unit in units.unit {
        let id = UnitId(state.chance.uuid(state.now()));
        let (code, area) = (unit.code.clone(), AreaId::new(unit.area)?);
        unit_put(tx, &Unit { id, code, name: unit.name, department: unit.department, area }).await?;
        known.insert(unit.code, id);
    }
    Ok(known)
}

async fn found_account(
    state: &State,
    tx: &mut Tx,
    account: &AccountEntry,
    hash: &str,
    units: &HashMap<String, UnitId>,
) -> anyhow::Result<Account> {
    let now = state.now();
    let id = AccountId(state.chance.uuid(now));
    let row = Login {
        id,
        login: account.login.clone(),
        name: account.name.clone(),
        password_hash: hash.to_owned(),
        created_at: now.0,
        disabled_at: None,
    };
    account_insert(tx, &row).await?;
    let (mut grants, mut rows) = (Vec::new(), Vec::new());
    for grant in &account.grants {
        let role: Role = grant.role.parse().map_err(anyhow::Error::msg)?;
        let unit = grant.unit.as_ref().and_then(|code| units.get(code).copied());
        let area = AreaId::new(grant.area)?;
        grants.push(Grant { role, area, unit });
        let (row, unit_id) = (state.chance.uuid(now), unit.map(|unit| unit.0));
        rows.push(GrantRow { id: row, account_id: id.0, role, area, unit_id });
    }
    grants_insert(tx, &rows, now, None).await?;
    Ok(Account { id, name: account.name.clone(), grants })
}

impl City {
    /// Founds the city in an empty instance. All accounts share one password, hashed once.
    pub async fn found(state: &State, password: &str) -> anyhow::Result<Self> {
        let areas: Areas = read("areas.toml", include_str!("../../../../demo/areas.toml"))?;
        let units: Units = read("units.toml", include_str!("../../../../demo/units.toml"))?;
        let people: People = read("people.toml", include_str!("../../../../demo/people.toml"))?;
        let reports: Reports = read("reports.toml", include_str!("../../../../demo/reports.toml"))?;
        let answers: Answers = read("answers.toml", include_str!("../../../../demo/answers.toml"))?;
        let mut tx = state.db.write().await?;
        let middles = areas.middles()?;
        areas_put(&mut tx, &areas.rows()?).await?;
        for (area, place) in middles {
            area_middle_put(&mut tx, area, place).await?;
        }
        let known = found_units(state, &mut tx, units).await?;
        let hash = state.passwords.hash(password, &state.chance).await?;
        let (mut shown, mut actors) = (Vec::new(), Vec::new());
        for account in people.account {
            let actor = found_account(state, &mut tx, &account, &hash, &known).await?;
            let grants = actor.grants.clone();
            if let (true, Some(first)) = (account.shown, grants.first()) {
                shown.push(Shown { role: first.role, login: account.login, name: account.name });
            }
            actors.push((Actor::Account(actor), grants));
        }
        tx.commit().await?;
        gazetteer_load(state).await?;
        Ok(Self {
            shown,
            actors,
            residents: people.resident,
            reports: reports.report,
            replies: answers.answer,
            callbacks: answers.callback,
        })
    }

    /// Someone who holds `role` for an area around `area`, or for `unit` where one is given.
    pub(super) fn actor(&self, role: Role, area: AreaId, unit: Option<UnitId>) -> Option<&Actor> {
        let fits = |grant: &Grant| {
            grant.role == role && if unit.is_some() { grant.unit == unit } else { grant.area.contains(area) }
        };
        self.actors.iter().find(|(_, grants)| grants.iter().any(fits)).map(|(actor, _)| actor)
    }
}
