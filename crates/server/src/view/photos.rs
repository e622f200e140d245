//! Photos on pages: chosen in a form, or listed before somebody opens one.

/// The part of a form in which photos are chosen.
#[derive(Clone, Debug, Default)]
pub struct Chooser {
    /// Those the form has already.
    pub kept: Vec<Kept>,
    pub most: usize,
    /// Pixels of the longer side to which a script makes them smaller before they are sent.
    pub side: u32,
}

/// A photo that was sent with a form which came back.
#[derive(Clone, Debug)]
pub struct Kept {
    pub token: String,
    /// A small picture, as an address with the data in it.
    pub picture: String,
}

/// A photo nobody has opened on this page.
#[derive(Clone, Debug)]
pub struct Shown {
    pub id: String,
    pub width: i64,
    pub height: i64,
}
