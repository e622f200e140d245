//! The contract of a third party: where it stands, and how its seed comes about.

use crate::people::text_enum;

text_enum! {
    RoomState {
        /// Ordered; the seed is committed to, the frame still open.
        Ordered = "ordered",
        /// The frame is closed and its hash published; nothing is drawn yet.
        Framed = "framed",
        /// The sample is drawn and evaluators work on it.
        Running = "running",
        /// Signed: nothing changes any more, unless it is corrected as another version.
        Signed = "signed",
        Cancelled = "cancelled",
    }
}

text_enum! {
    /// How nobody can choose the seed after the frame is known.
    SeedKind {
        /// Drawn by the program; its hash is published with the contract, itself with the sample.
        Secret = "secret",
        /// A number that is drawn in public after the frame is closed.
        Source = "source",
    }
}

/// The most cases a contract can have looked at: what some people can read in half a year.
pub const SAMPLE_MOST: u32 = 5_000;

/// The seed of a number that was drawn in public, as it is published.
pub fn seed_of(source: &str, number: &str) -> String {
    format!("{}#{}", source.trim(), number.split_whitespace().collect::<Vec<_>>().join(" "))
}
