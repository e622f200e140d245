//! Goods in stock, the consignments to those who need them, and the ledger of both.

use muster_core::area::AreaId;
use muster_core::dispatch::goods::{ConsignmentState, GoodsKind, Line, Parcel};
use muster_core::id::{Code, NeedId, ResourceId};
use muster_core::time::Timestamp;
use sqlx::FromRow;
use uuid::Uuid;

use super::ResourceRow;
use super::needs::NeedRow;
use crate::db::{Error, Result, Tx, on};
use crate::record::{insert, record};

/// What came together, from one giver, and expires on one day.
#[derive(Clone, Debug, FromRow)]
pub struct LotRow {
    pub id: Uuid,
    #[sqlx(try_from = "String")]
    pub code: Code,
    #[sqlx(try_from = "Uuid")]
    pub stock_id: ResourceId,
    pub item: String,
    pub donor: Option<String>,
    pub donor_person: Option<Uuid>,
    pub donor_sealed: Option<Vec<u8>>,
    #[sqlx(try_from = "i64")]
    pub received_at: Timestamp,
    /// yyyymmdd
    pub expires_on: Option<i64>,
    pub on_hand: i64,
    pub committed: i64,
    pub version: i64,
}

record!(
    LotRow,
    "insert into lots (id, code, stock_id, item, donor, donor_person, donor_sealed, received_at, expires_on, on_hand,
         committed, version) ",
    |row| [
        row.id,
        row.code.as_str(),
        row.stock_id.0,
        &row.item,
        &row.donor,
        row.donor_person,
        &row.donor_sealed,
        row.received_at.0,
        row.expires_on,
        row.on_hand,
        row.committed,
        row.version,
    ]
);

impl LotRow {
    pub fn free(&self) -> i64 {
        self.on_hand - self.committed
    }
}

/// One need's share of one lot.
#[derive(Clone, Debug, FromRow)]
pub struct ConsignmentRow {
    pub id: Uuid,
    #[sqlx(try_from = "String")]
    pub code: Code,
    pub lot_id: Uuid,
    #[sqlx(try_from = "Uuid")]
    pub need_id: NeedId,
    #[sqlx(try_from = "String")]
    pub state: ConsignmentState,
    pub committed: i64,
    pub released: i64,
    pub sent: i64,
    pub received: i64,
    pub returned: i64,
    pub lost: i64,
    pub receiver_person: Option<Uuid>,
    pub receiver_sealed: Option<Vec<u8>>,
    pub signed_at: Option<i64>,
    #[sqlx(try_from = "i64")]
    pub created_at: Timestamp,
    pub version: i64,
}

record!(
    ConsignmentRow,
    "insert into consignments (id, code, lot_id, need_id, state, committed, released, sent, received, returned, lost,
         receiver_person, receiver_sealed, signed_at, created_at, version) ",
    |row| [
        row.id,
        row.code.as_str(),
        row.lot_id,
        row.need_id.0,
        row.state.as_str(),
        row.committed,
        row.released,
        row.sent,
        row.received,
        row.returned,
        row.lost,
        row.receiver_person,
        &row.receiver_sealed,
        row.signed_at,
        row.created_at.0,
        row.version,
    ]
);

impl ConsignmentRow {
    pub fn parcel(&self) -> Parcel {
        let Self { committed, released, sent, received, returned, lost, .. } = *self;
        Parcel { committed, released, sent, received, returned, lost }
    }

    /// Takes the quantities of the ledger, and the state that follows from them.
    pub fn stand(&mut self, parcel: Parcel) {
        self.state = parcel.state();
        Parcel {
            committed: self.committed,
            released: self.released,
            sent: self.sent,
            received: self.received,
            returned: self.returned,
            lost: self.lost,
        } = parcel;
    }
}

/// A line of the ledger.
#[derive(Clone, Debug, FromRow)]
pub struct GoodsEntryRow {
    pub id: Uuid,
    pub lot_id: Uuid,
    pub number: i64,
    #[sqlx(try_from = "String")]
    pub kind: GoodsKind,
    pub quantity: i64,
    pub consignment_id: Option<Uuid>,
    pub reverses: Option<i64>,
    pub document: Option<String>,
    pub note: String,
    #[sqlx(try_from = "i64")]
    pub at: Timestamp,
    pub by_id: Option<Uuid>,
}

record!(
    GoodsEntryRow,
    "insert into goods_entries (id, lot_id, number, kind, quantity, consignment_id, reverses, document, note, at,
         by_id) ",
    |row| [
        row.id,
        row.lot_id,
        row.number,
        row.kind.as_str(),
        row.quantity,
        row.consignment_id,
        row.reverses,
        &row.document,
        &row.note,
        row.at.0,
        row.by_id,
    ]
);

impl GoodsEntryRow {
    pub fn line(&self) -> Line {
        Line {
            number: self.number,
            kind: self.kind,
            quantity: self.quantity,
            consignment: self.consignment_id.map(|id| id.as_u128()),
            reverses: self.reverses,
        }
    }
}

macro_rules! needs {
    ($rest:literal) => {
        concat!("select * from needs where kind = 'goods' and ", $rest)
    };
}

/// A lot and where it stands.
#[derive(Clone, Debug, FromRow)]
pub struct LotPlaced {
    #[sqlx(flatten)]
    pub lot: LotRow,
    pub stock_code: String,
    pub stock_name: String,
    pub latitude: i64,
    pub longitude: i64,
}

/// A consignment with what it is about, for lists and slips.
#[derive(Clone, Debug, FromRow)]
pub struct ConsignmentSeen {
    #[sqlx(flatten)]
    pub row: ConsignmentRow,
    #[sqlx(try_from = "String")]
    pub lot_code: Code,
    pub item: String,
    pub expires_on: Option<i64>,
    #[sqlx(try_from = "String")]
    pub stock_code: Code,
    pub stock_name: String,
    #[sqlx(try_from = "i64")]
    pub stock_area: AreaId,
    #[sqlx(try_from = "String")]
    pub need_code: Code,
    pub need_title: String,
    pub need_place: String,
    #[sqlx(try_from = "i64")]
    pub need_area: AreaId,
}

macro_rules! seen {
    ($rest:literal) => {
        concat!(
            "select c.*, l.code as lot_code, l.item, l.expires_on, r.code as stock_code, r.name as stock_name,
             r.area as stock_area, n.code as need_code, n.title as need_title, n.place as need_place, n.area as need_area
             from consignments c join lots l on l.id = c.lot_id join resources r on r.id = l.stock_id
             join needs n on n.id = c.need_id where ",
            $rest
        )
    };
}

/// What became of what was given, in units of all items.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct GoodsFigures {
    /// Given in the lots of the window, and of it what reached a hand in time.
    pub given: i64,
    pub reached: i64,
    /// In stock now, and of it what nobody has been promised for longer than that.
    pub stocked: i64,
    pub idle: i64,
}

pub async fn lot_insert(tx: &mut Tx, lot: &LotRow) -> Result<()> {
    insert(tx, std::slice::from_ref(lot)).await
}

pub async fn lot_by_code(tx: &mut Tx, code: &Code) -> Result<Option<LotRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from lots where code = $1")
        .bind(code.as_str())
        .fetch_optional(conn)
        .await?))
}

pub async fn lot_get(tx: &mut Tx, id: Uuid) -> Result<Option<LotRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from lots where id = $1").bind(id).fetch_optional(conn).await?))
}

/// Holds a lot, and with it its ledger and its consignments, until the end of the transaction.
pub async fn lot_lock(tx: &mut Tx, id: Uuid) -> Result<Option<LotRow>> {
    let sql = match tx {
        Tx::Sqlite(_) => "select * from lots where id = $1",
        Tx::Postgres(_) => "select * from lots where id = $1 for update",
    };
    Ok(on!(tx, |conn| sqlx::query_as(sql).bind(id).fetch_optional(conn).await?))
}

/// Writes what stands of a lot; `Conflict` when somebody wrote since it was read.
pub async fn lot_update(tx: &mut Tx, lot: &mut LotRow) -> Result<()> {
    let written = on!(tx, |conn| sqlx::query(
        "update lots set on_hand = $2, committed = $3, version = version + 1 where id = $1 and version = $4"
    )
    .bind(lot.id)
    .bind(lot.on_hand)
    .bind(lot.committed)
    .bind(lot.version)
    .execute(conn)
    .await?
    .rows_affected());
    if written != 1 {
        return Err(Error::Conflict("the lot was written meanwhile".to_owned()));
    }
    lot.version += 1;
    Ok(())
}

/// The lots of a stock, what expires first before the others.
pub async fn lots_of_stock(tx: &mut Tx, stock: ResourceId, limit: i64) -> Result<Vec<LotRow>> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
        "select * from lots where stock_id = $1
         order by case when on_hand > 0 then 0 else 1 end, item, coalesce(expires_on, 99999999), received_at, id limit $2"
    )
    .bind(stock.0)
    .bind(limit)
    .fetch_all(conn)
    .await?
    }))
}

/// What there is within a range of areas.
pub async fn lots_there(tx: &mut Tx, (first, last): (i64, i64)) -> Result<Vec<LotPlaced>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select l.*, r.code as stock_code, r.name as stock_name, r.latitude, r.longitude
         from lots l join resources r on r.id = l.stock_id
         where r.area between $1 and $2 and l.on_hand > 0 order by l.item, coalesce(l.expires_on, 99999999), l.id"
    )
    .bind(first)
    .bind(last)
    .fetch_all(conn)
    .await?))
}

pub async fn stocks_there(tx: &mut Tx, (first, last): (i64, i64)) -> Result<Vec<ResourceRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select * from resources where kind = 'stock' and area between $1 and $2 order by area, name, id"
    )
    .bind(first)
    .bind(last)
    .fetch_all(conn)
    .await?))
}

pub async fn consignment_insert(tx: &mut Tx, row: &ConsignmentRow) -> Result<()> {
    insert(tx, std::slice::from_ref(row)).await
}

pub async fn consignment_by_code(tx: &mut Tx, code: &Code) -> Result<Option<ConsignmentSeen>> {
    Ok(on!(tx, |conn| sqlx::query_as(seen!("c.code = $1")).bind(code.as_str()).fetch_optional(conn).await?))
}

pub async fn consignments_of_lot(tx: &mut Tx, lot: Uuid) -> Result<Vec<ConsignmentSeen>> {
    Ok(on!(tx, |conn| sqlx::query_as(seen!("c.lot_id = $1 order by c.created_at, c.id"))
        .bind(lot)
        .fetch_all(conn)
        .await?))
}

/// Those of the stocks in a range of areas that are kept or on the way, the oldest first.
pub async fn consignments_open(tx: &mut Tx, (first, last): (i64, i64)) -> Result<Vec<ConsignmentSeen>> {
    Ok(on!(tx, |conn| sqlx::query_as(seen!(
        "r.area between $1 and $2 and c.state in ('committed', 'sent') order by c.created_at, c.id"
    ))
    .bind(first)
    .bind(last)
    .fetch_all(conn)
    .await?))
}

/// Writes all but code, lot, need and time of making; `Conflict` when somebody wrote since it was read.
pub async fn consignment_update(tx: &mut Tx, row: &mut ConsignmentRow) -> Result<()> {
    let written = on!(tx, |conn| {
        sqlx::query(
        "update consignments set state = $2, committed = $3, released = $4, sent = $5, received = $6, returned = $7,
             lost = $8, receiver_person = $9, receiver_sealed = $10, signed_at = $11, version = version + 1
         where id = $1 and version = $12"
    )
    .bind(row.id)
    .bind(row.state.as_str())
    .bind(row.committed)
    .bind(row.released)
    .bind(row.sent)
    .bind(row.received)
    .bind(row.returned)
    .bind(row.lost)
    .bind(row.receiver_person)
    .bind(&row.receiver_sealed)
    .bind(row.signed_at)
    .bind(row.version)
    .execute(conn)
    .await?
    .rows_affected()
    });
    if written != 1 {
        return Err(Error::Conflict("the consignment was written meanwhile".to_owned()));
    }
    row.version += 1;
    Ok(())
}

pub async fn goods_entries_insert(tx: &mut Tx, entries: &[GoodsEntryRow]) -> Result<()> {
    insert(tx, entries).await
}

pub async fn entries_of_lot(tx: &mut Tx, lot: Uuid) -> Result<Vec<GoodsEntryRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from goods_entries where lot_id = $1 order by number")
        .bind(lot)
        .fetch_all(conn)
        .await?))
}

/// What is asked for in a range of areas and not yet there, the most urgent first.
pub async fn goods_needs_open(tx: &mut Tx, (first, last): (i64, i64)) -> Result<Vec<NeedRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(needs!(
        "area between $1 and $2 and state in ('open', 'filled') order by priority desc, closes_at, id"
    ))
    .bind(first)
    .bind(last)
    .fetch_all(conn)
    .await?))
}

/// What the consignments of a need make together: (covered, received).
pub async fn goods_need_covered(tx: &mut Tx, id: NeedId) -> Result<(i64, i64)> {
    Ok(on!(tx, |conn| sqlx::query_as(
        "select cast(coalesce(sum(committed - released - returned - lost), 0) as bigint),
             cast(coalesce(sum(received), 0) as bigint) from consignments where need_id = $1"
    )
    .bind(id.0)
    .fetch_one(conn)
    .await?))
}

/// Over the stocks in a range of areas. `window` bounds the lots by when they came; `reach` is the span in which what was
/// given should be in a hand, and `idle` the moment before which what is free has come.
pub async fn goods_figures(
    tx: &mut Tx,
    (first, last): (i64, i64),
    window: (Timestamp, Timestamp),
    reach: i64,
    idle: Timestamp,
) -> Result<GoodsFigures> {
    Ok(on!(tx, |conn| {
        sqlx::query_as(
        "select
           cast((select coalesce(sum(e.quantity), 0) from goods_entries e join lots l on l.id = e.lot_id
             join resources r on r.id = l.stock_id where r.area between $1 and $2 and l.received_at between $3 and $4
             and e.kind = 'donated' and e.reverses is null and not exists (select 1 from goods_entries x
               where x.lot_id = e.lot_id and x.reverses = e.number)) as bigint) as given,
           cast((select coalesce(sum(e.quantity), 0) from goods_entries e join lots l on l.id = e.lot_id
             join resources r on r.id = l.stock_id where r.area between $1 and $2 and l.received_at between $3 and $4
             and e.kind = 'received' and e.at <= l.received_at + $5 and e.reverses is null and not exists
               (select 1 from goods_entries x where x.lot_id = e.lot_id and x.reverses = e.number)) as bigint) as reached,
           cast((select coalesce(sum(l.on_hand), 0) from lots l join resources r on r.id = l.stock_id
             where r.area between $1 and $2) as bigint) as stocked,
           cast((select coalesce(sum(l.on_hand - l.committed), 0) from lots l join resources r on r.id = l.stock_id
             where r.area between $1 and $2 and l.received_at < $6) as bigint) as idle"
    )
    .bind(first)
    .bind(last)
    .bind(window.0.0)
    .bind(window.1.0)
    .bind(reach)
    .bind(idle.0)
    .fetch_one(conn)
    .await?
    }))
}

/// Lots after `after` in the order of their ids.
pub(crate) async fn lots_after(tx: &mut Tx, after: Uuid, limit: i64) -> Result<Vec<LotRow>> {
    Ok(on!(tx, |conn| sqlx::query_as("select * from lots where id > $1 order by id limit $2")
        .bind(after)
        .bind(limit)
        .fetch_all(conn)
        .await?))
}

/// Needs of goods after `after` in the order of their ids.
pub(crate) async fn goods_needs_after(tx: &mut Tx, after: Uuid, limit: i64) -> Result<Vec<NeedRow>> {
    Ok(on!(tx, |conn| sqlx::query_as(needs!("id > $1 order by id limit $2"))
        .bind(after)
        .bind(limit)
        .fetch_all(conn)
        .await?))
}
