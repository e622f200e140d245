//! The registry of resources.

use jiff::civil::Date;
use muster_core::area::AreaId;
use muster_core::dispatch::hours::Hours;
use muster_core::dispatch::registry::{AskWay, Entry, Place, ResourceKind, ResourceState};
use muster_core::id::{Code, ResourceId};
use muster_core::time::{Timestamp, date_of_number};
use sqlx::FromRow;
use uuid::Uuid;

use crate::db::{Error, Result, Tx, on};
use crate::record::{insert, record};

/// Who or what can help. Skills are words of the pack with a blank before and after each.
#[derive(Clone, Debug, FromRow)]
pub struct ResourceRow {
    #[sqlx(try_from = "Uuid")]
    pub id: ResourceId,
    #[sqlx(try_from = "String")]
    pub code: Code,
    pub secret_hash: Option<Vec<u8>>,
    #[sqlx(try_from = "String")]
    pub kind: ResourceKind,
    /// A word of `Branch`, of a volunteer.
    pub branch: Option<String>,
    pub parent_id: Option<Uuid>,
    pub person_id: Option<Uuid>,
    pub name_sealed: Option<Vec<u8>>,
    pub birth_sealed: Option<Vec<u8>>,
    pub name: String,
    #[sqlx(try_from = "i64")]
    pub area: AreaId,
    /// Millionths of a degree.
    pub latitude: i64,
    pub longitude: i64,
    pub skills: String,
    /// RFC 5545 lines.
    pub hours: String,
    /// Metres.
    pub reach: i64,
    pub capacity: i64,
    pub at_once: i64,
    /// yyyymmdd
    pub minor_until: Option<i64>,
    pub guardian_at: Option<i64>,
    /// Name and phone of whoever agreed for one who is under age.
    pub guardian_sealed: Option<Vec<u8>>,
    pub insured_until: Option<i64>,
    /// Keyed hash of the phone of a volunteer.
    pub phone_index: Option<Vec<u8>>,
    /// Where mail goes.
    pub mail_sealed: Option<Vec<u8>>,
    /// Of what is sent: `zh` or `en`.
    pub lang: String,
    pub ask: bool,
    #[sqlx(try_from = "String")]
    pub way: AskWay,
    #[sqlx(try_from = "i64")]
    pub assured_at: Timestamp,
    pub asked: i64,
    pub agreed: i64,
    pub came: i64,
    #[sqlx(try_from = "String")]
    pub state: ResourceState,
    #[sqlx(try_from = "i64")]
    pub joined_at: Timestamp,
    pub version: i64,
    #[sqlx(try_from = "i64")]
    pub changed_at: Timestamp,
}

impl ResourceRow {
    pub fn skills(&self) -> impl Iterator<Item = &str> {
        self.skills.split_whitespace()
    }

    pub fn place(&self) -> Place {
        Place { latitude: self.latitude, longitude: self.longitude }
    }

    /// As core decides on it; `hours` and `certified` are read from the row and its certificates.
    pub fn entry<'a>(&'a self, hours: &'a Hours, certified: &'a [(String, Option<Date>)], assured: Date) -> Entry<'a> {
        Entry {
            kind: self.kind,
            state: self.state,
            skills: self.skills().collect(),
            certified,
            consents: self.ask,
            minor_until: self.minor_until.and_then(date_of_number),
            guardian: self.guardian_at.is_some(),
            insured_until: self.insured_until.and_then(date_of_number),
            assured,
            hours,
            place: self.place(),
            reach: self.reach,
            capacity: self.capacity,
            asked: self.asked,
            came: self.came,
        }
    }
}

impl CertificateRow {
    /// The skill and the last day, of one that a person has seen.
    pub fn certifies(&self) -> Option<(String, Option<Date>)> {
        (self.state == "verified").then(|| (self.skill.clone(), self.expires_on.and_then(date_of_number)))
    }
}

record!(
    ResourceRow,
    "insert into resources (id, code, secret_hash, kind, branch, parent_id, person_id, name_sealed, birth_sealed, name,
         area, latitude, longitude, skills, hours, reach, capacity, at_once, minor_until, guardian_at,
         guardian_sealed, insured_until, phone_index, mail_sealed, lang, ask, way, assured_at, asked, agreed, came, state, joined_at,
         version, changed_at) ",
    |row| [
        row.id.0,
        row.code.as_str(),
        &row.secret_hash,
        row.kind.as_str(),
        &row.branch,
        row.parent_id,
        row.person_id,
        &row.name_sealed,
        &row.birth_sealed,
        &row.name,
        row.area.get(),
        row.latitude,
        row.longitude,
        &row.skills,
        &row.hours,
        row.reach,
        row.capacity,
        row.at_once,
        row.minor_until,
        row.guardian_at,
        &row.guardian_sealed,
        row.insured_until,
        &row.phone_index,
        &row.mail_sealed,
        &row.lang,
        row.ask,
        row.way.as_str(),
        row.assured_at.0,
        row.asked,
        row.agreed,
        row.came,
        row.state.as_str(),
        row.joined_at.0,
        row.version,
        row.changed_at.0,
    ]
);

/// What shows that somebody can do what they say.
#[derive(Clone, Debug, FromRow)]
pub struct CertificateRow {
    pub id: Uuid,
    #[sqlx(try_from = "Uuid")]
    pub resource_id: ResourceId,
    pub skill: String,
    pub title: String,
    pub number_sealed: Option<Vec<u8>>,
    /// yyyymmdd
    pub issued_on: Option<i64>,
    pub expires_on: Option<i64>,
    /// `open`, `verified`, `refused` or `revoked`.
    pub state: String,
    #[sqlx(try_from = "i64")]
    pub added_at: Timestamp,
    pub decided_at: Option<i64>,
    pub decided_by: Option<Uuid>,
    pub reason: Option<String>,
}

record!(
    CertificateRow,
    "insert into certificates (id, resource_id, skill, title, number_sealed, issued_on, expires_on, state, added_at,
         decided_at, decided_by, reason) ",
    |row| [
        row.id,
        row.resource_id.0,
        &row.skill,
        &row.title,
        &row.number_sealed,
        row.issued_on,
        row.expires_on,
        &row.state,
        row.added_at.0,
        row.decided_at,
        row.decided_by,
        &row.reason,
    ]
);

pub async fn resources_insert(tx: &mut Tx, resources: &[ResourceRow]) -> Result<()> {
    insert(tx, resources).await
}

pub async fn resource_get(tx: &mut Tx, id: ResourceId) -> Result<Option<ResourceRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from resources where id = $1").bind(id.0).fetch_optional(conn).await?))
}

pub async fn resource_by_code(tx: &mut Tx, code: &Code) -> Result<Option<ResourceRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from resources where code = $1")
        .bind(code.as_str())
        .fetch_optional(conn)
        .await?))
}

/// Other entries of volunteers with the same phone, by code.
pub async fn resources_of_phone(tx: &mut Tx, row: &ResourceRow) -> Result<Vec<ResourceRow>> {
    let Some(index) = &row.phone_index else { return Ok(Vec::new()) };
    Ok(on!(tx, |conn| sqlx::query_as(
        "select * from resources where phone_index = $1 and id <> $2 and state <> 'left' order by code limit 20"
    )
    .bind(index)
    .bind(row.id.0)
    .fetch_all(conn)
    .await?))
}

/// Holds a resource until the end of the transaction.
pub async fn resource_lock(tx: &mut Tx, id: ResourceId) -> Result<Option<ResourceRow>> {
    let sql = match tx {
        Tx::Sqlite(_) => "select * from resources where id = $1",
        Tx::Postgres(_) => "select * from resources where id = $1 for update",
    };
    Ok(on!(tx, |conn| sqlx::query_as(sql).bind(id.0).fetch_optional(conn).await?))
}

/// Writes all but code, kind and time of joining; `Conflict` when somebody wrote since it was read.
pub async fn resource_update(tx: &mut Tx, row: &mut ResourceRow, at: Timestamp) -> Result<()> {
    let written = on!(tx, |conn| sqlx::query(
        "update resources set secret_hash = $2, branch = $3, parent_id = $4, person_id = $5, name_sealed = $6,
             birth_sealed = $7, name = $8, area = $9, latitude = $10, longitude = $11, skills = $12, hours = $13,
             reach = $14, capacity = $15, at_once = $16, minor_until = $17, guardian_at = $18, insured_until = $19,
             ask = $20, way = $21, assured_at = $22, asked = $23, agreed = $24, came = $25, state = $26,
             changed_at = $27, guardian_sealed = $28, mail_sealed = $29, lang = $30, phone_index = $31,
             version = version + 1
         where id = $1 and version = $32"
    )
    .bind(row.id.0)
    .bind(&row.secret_hash)
    .bind(&row.branch)
    .bind(row.parent_id)
    .bind(row.person_id)
    .bind(&row.name_sealed)
    .bind(&row.birth_sealed)
    .bind(&row.name)
    .bind(row.area.get())
    .bind(row.latitude)
    .bind(row.longitude)
    .bind(&row.skills)
    .bind(&row.hours)
    .bind(row.reach)
    .bind(row.capacity)
    .bind(row.at_once)
    .bind(row.minor_until)
    .bind(row.guardian_at)
    .bind(row.insured_until)
    .bind(row.ask)
    .bind(row.way.as_str())
    .bind(row.assured_at.0)
    .bind(row.asked)
    .bind(row.agreed)
    .bind(row.came)
    .bind(row.state.as_str())
    .bind(at.0)
    .bind(&row.guardian_sealed)
    .bind(&row.mail_sealed)
    .bind(&row.lang)
    .bind(&row.phone_index)
    .bind(row.version)
    .execute(conn)
    .await?
    .rows_affected());
    if written != 1 {
        return Err(Error::Conflict("the resource was written meanwhile".to_owned()));
    }
    row.version += 1;
    row.changed_at = at;
    Ok(())
}

/// All entries by id, a page at a time; `after` is the last of the page before.
pub async fn resources_all(tx: &mut Tx, after: Option<ResourceId>, most: i64) -> Result<Vec<ResourceRow>> {
    let after = after.map_or(Uuid::nil(), |id| id.0);
    Ok(on!(tx, |conn| sqlx::query_as("select * from resources where id > $1 and state = 'open' order by id limit $2")
        .bind(after)
        .bind(most)
        .fetch_all(conn)
        .await?))
}

/// Those of `ids` that are there, in no particular order.
pub async fn resources_get(tx: &mut Tx, ids: &[ResourceId]) -> Result<Vec<ResourceRow>> {
    let mut found = Vec::new();
    for chunk in ids.chunks(500) {
        let some: Vec<ResourceRow> = on!(tx, |conn| {
            let mut query = sqlx::QueryBuilder::new("select * from resources where id in (");
            let mut list = query.separated(", ");
            for id in chunk {
                list.push_bind(id.0);
            }
            query.push(")");
            query.build_query_as().fetch_all(conn).await?
        });
        found.extend(some);
    }
    Ok(found)
}
