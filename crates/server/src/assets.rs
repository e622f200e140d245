//! Styles, scripts and icons inside the binary, each under `/assets/NAME?v=HASH`.
//!
//! The style sheets are written in parts and served as one `muster.css`, so that a first view needs one request for them.
//! In development builds the parts are read from `web/` at the first use; restart to see a change.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

#[derive(RustEmbed)]
#[folder = "../../web/styles"]
struct Styles;

#[derive(RustEmbed)]
#[folder = "../../web/scripts"]
struct Scripts;

#[derive(RustEmbed)]
#[folder = "../../web/icons"]
struct Icons;

/// The parts of `muster.css`, in the order of their layers.
const STYLE_PARTS: [&str; 6] = ["tokens.css", "base.css", "layout.css", "parts.css", "pages.css", "print.css"];

struct Asset {
    bytes: Vec<u8>,
    content_type: &'static str,
    etag: String,
}

static ASSETS: LazyLock<BTreeMap<String, Asset>> = LazyLock::new(|| {
    let css = STYLE_PARTS.iter().filter_map(|name| Styles::get(name)).flat_map(|file| file.data.into_owned()).collect();
    let mut assets = BTreeMap::from([("muster.css".to_owned(), asset("muster.css", css))]);
    for (name, file) in
        Scripts::iter().map(|n| (n.clone(), Scripts::get(&n))).chain(Icons::iter().map(|n| (n.clone(), Icons::get(&n))))
    {
        if let Some(file) = file {
            assets.insert(name.to_string(), asset(&name, file.data.into_owned()));
        }
    }
    assets
});

fn asset(name: &str, bytes: Vec<u8>) -> Asset {
    let digest = Sha256::digest(&bytes);
    let etag = digest.iter().take(8).fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
    Asset { bytes, content_type: content_type(name), etag }
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

/// One asset: its bytes, content type, and the hash that is its `ETag` (without quotes) and its `?v=`.
///
/// A request whose `v` equals the hash may be cached for a year as immutable; any other must be revalidated.
pub fn get(name: &str) -> Option<(&'static [u8], &'static str, &'static str)> {
    ASSETS.get(name).map(|asset| (asset.bytes.as_slice(), asset.content_type, asset.etag.as_str()))
}

/// The address a page links to. A name that does not exist gives an address without a hash, which a test refuses.
pub fn asset_url(name: &str) -> String {
    ASSETS.get(name).map_or_else(|| format!("/assets/{name}"), |asset| format!("/assets/{name}?v={}", asset.etag))
}

/// The names of all assets, for tests and for the list a service worker may keep.
pub fn names() -> impl Iterator<Item = &'static str> {
    ASSETS.keys().map(String::as_str)
}
