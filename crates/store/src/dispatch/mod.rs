//! Who can help, what help is asked for, and who was invited.

mod goods;
mod resources;

pub use self::goods::{
    ConsignmentRow, ConsignmentSeen, GoodsEntryRow, GoodsFigures, GoodsNeedRow, LotPlaced, LotRow, consignment_by_code,
    consignment_insert, consignment_update, consignments_of_lot, consignments_open, entries_of_lot,
    goods_entries_insert, goods_figures, goods_need_by_code, goods_need_covered, goods_need_insert, goods_need_lock,
    goods_need_update, goods_needs_open, lot_by_code, lot_get, lot_insert, lot_lock, lot_update, lots_of_stock,
    lots_there, middle_of, stocks_there,
};
pub(crate) use self::goods::{goods_needs_after, lots_after};
pub use self::resources::{
    CertificateRow, ResourceRow, resource_by_code, resource_get, resource_lock, resource_update, resources_changed,
    resources_insert,
};
