//! The way of a case as one picture, the same for the resident and for staff; and what a printed page has besides.

use super::When;
use super::process::Due;
use super::qr::Qr;

/// One stage of the line: `received`, `assigned`, `accepted`, `working`, `answered`, `closed`; or `refused` as the end.
#[derive(Clone, Debug)]
pub struct Stage {
    pub code: &'static str,
    pub reached: bool,
    pub current: bool,
    pub when: Option<When>,
}

/// Where the case stands beside the line: what it is, in words, and since or until when.
#[derive(Clone, Debug)]
pub struct Aside {
    pub text: String,
    pub when: Option<When>,
}

/// What is due next, what for, and how its time was found, line by line.
#[derive(Clone, Debug)]
pub struct Next {
    pub due: Due,
    pub why: String,
    pub lines: Vec<String>,
}

#[derive(Clone, Debug, Default)]
pub struct Way {
    pub stages: Vec<Stage>,
    pub asides: Vec<Aside>,
    /// `None` when nothing is owed any more.
    pub next: Option<Next>,
}

/// Only on paper: where the case can be followed, as an address and as a QR code of it, and when this was printed.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    pub address: String,
    pub qr: Option<Qr>,
    pub printed: String,
}
