//! Bytes that may be here and not done with at once: so many for everybody together, counted as they come in, so that
//! what is only said to come takes nothing from anybody.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

#[derive(Debug)]
pub struct Room(Arc<Semaphore>);

impl Room {
    pub fn of(bytes: usize) -> Self {
        Self(Arc::new(Semaphore::new(bytes)))
    }

    /// So many bytes of it, for as long as they are held; `None` when they are not there.
    pub fn hold(&self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0).try_acquire_many_owned(u32::try_from(bytes).ok()?).ok()
    }
}

/// What came in so far, and the room it takes.
#[derive(Debug, Default)]
pub struct Incoming {
    bytes: Vec<u8>,
    held: Option<OwnedSemaphorePermit>,
}

impl Incoming {
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Takes the next piece; `None` when there is no room for it.
    #[must_use]
    pub fn take(&mut self, room: &Room, piece: &[u8]) -> Option<()> {
        let more = room.hold(piece.len())?;
        match &mut self.held {
            Some(held) => held.merge(more),
            None => self.held = Some(more),
        }
        self.bytes.extend_from_slice(piece);
        Some(())
    }

    /// The bytes, and what holds their room.
    pub fn into_parts(self) -> (Vec<u8>, Option<OwnedSemaphorePermit>) {
        (self.bytes, self.held)
    }
}
