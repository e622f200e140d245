//! A photo of a report as it is kept: written anew from its picture, without anything else of the file that was sent.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Only `hash` goes into what a request is recognised by.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Photo {
    pub width: u32,
    pub height: u32,
    /// SHA-256 of `jpeg`.
    pub hash: [u8; 32],
    #[serde(skip)]
    pub jpeg: Arc<[u8]>,
}

impl fmt::Debug for Photo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Photo({}×{}, {} bytes)", self.width, self.height, self.jpeg.len())
    }
}
