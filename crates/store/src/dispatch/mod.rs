//! Who can help, what help is asked for, and who was invited.

mod certificates;
mod listing;
mod resources;

pub use self::certificates::{
    certificate_decide, certificate_get, certificates_forget, certificates_insert, certificates_of,
};
pub use self::listing::{
    ResourceFilter, area_middle, area_middle_put, area_middles, helpers_wanted, organisations_named, person_forget,
    resource_count, resource_known, resource_page, resources_after, resources_public, slots_booked, volunteers_newest,
};
pub use self::resources::{
    CertificateRow, ResourceRow, civil, date_of, resource_by_code, resource_get, resource_lock, resource_update,
    resources_changed, resources_insert,
};
