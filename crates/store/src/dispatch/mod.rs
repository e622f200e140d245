//! Who can help, what help is asked for, and who was invited.

mod resources;

pub use self::resources::{
    CertificateRow, ResourceRow, resource_by_code, resource_get, resource_lock, resource_update, resources_changed,
    resources_insert,
};
