//! Who can help, what help is asked for, and who was invited.

mod certificates;
mod goods;
mod listing;
mod needs;
mod offers;
mod resources;
mod served;

pub use self::certificates::{
    certificate_decide, certificate_get, certificates_forget, certificates_insert, certificates_of,
    certificates_verified,
};
pub use self::goods::{
    ConsignmentRow, ConsignmentSeen, GoodsEntryRow, GoodsFigures, LotPlaced, LotRow, consignment_by_code,
    consignment_insert, consignment_update, consignments_of_lot, consignments_open, entries_of_lot,
    goods_entries_insert, goods_figures, goods_need_covered, goods_needs_open, lot_by_code, lot_get, lot_insert,
    lot_lock, lot_update, lots_of_stock, lots_there, stocks_there,
};
pub(crate) use self::goods::{goods_needs_after, lots_after};
pub use self::listing::{
    ResourceFilter, area_middle, area_middle_own, area_middle_put, area_middles, helpers_wanted, organisations_named,
    person_forget, resource_count, resource_known, resource_page, resources_after, resources_public, resources_sealed,
    team_page,
};
pub use self::needs::{
    NeedBrief, NeedFilter, NeedRow, need_by_code, need_get, need_insert, need_lock, need_update, needs_closing,
    needs_insert, needs_living, needs_open, needs_page, needs_sealed, offers_living,
};
pub use self::offers::{
    BookingRow, OfferRow, booking_places, booking_release, booking_take, bookings_of, bookings_within, offer_get,
    offer_insert, offer_update, offers_lapsed, offers_of_need, offers_of_resource, offers_since, offers_since_all,
};
pub use self::resources::{
    CertificateRow, ResourceRow, resource_by_code, resource_get, resource_lock, resource_update, resources_all,
    resources_get, resources_insert, resources_of_phone,
};
pub use self::served::{
    ServiceCertificateRow, service_certificate_by_code, service_certificate_insert, service_certificate_revoke,
    service_confirmed,
};
