//! The board of the dispatcher.

use askama::Template;

use super::{Group, Shell, When};

/// `GET /board?area=…&pin=NEED:RESOURCE&forbid=NEED:RESOURCE&raise=NEED`. Posts `need`, `resource` … to `/board/invite`.
#[derive(Template)]
#[template(path = "dispatch/board.html")]
pub struct BoardPage {
    pub shell: Shell,
    pub areas: Vec<Group>,
    pub area: String,
    pub totals: Totals,
    pub wishes: Vec<Wish>,
    /// What the "what if" changes, in words; empty where nothing was asked.
    pub changes: Vec<String>,
    /// Names in the address that are none.
    pub unknown: Vec<String>,
    pub plain_href: String,
    pub needs: Vec<Asked>,
    /// Needs beside those shown.
    pub more: u64,
    pub map: Map,
    pub places: Vec<Place>,
    /// Names of the seven days.
    pub days: Vec<String>,
    /// The seven days part by part.
    pub parts: Vec<Part>,
    pub teams: Vec<Team>,
    pub gaps: Vec<Gap>,
    /// What forms send back so that they return to the same board.
    pub query: String,
    pub may_invite: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Totals {
    pub needs: u64,
    pub wanted: u64,
    pub found: u64,
    pub waiting: u64,
    pub free: u64,
    pub used: u64,
    pub objective: i64,
    pub dual: i64,
    pub took: String,
}

/// One part of the "what if", and the board without it.
#[derive(Clone, Debug)]
pub struct Wish {
    pub words: String,
    pub without: String,
}

#[derive(Clone, Debug, Default)]
pub struct Asked {
    pub code: String,
    pub title: String,
    pub area: String,
    pub skills: String,
    /// The part of the day it is planned for, or when it must be done by.
    pub when: String,
    pub closes: When,
    pub priority: i64,
    pub vulnerable: bool,
    pub head: i64,
    pub filled: i64,
    pub waiting: i64,
    pub wanted: u32,
    pub short: u32,
    pub able: u64,
    pub proposed: Vec<Proposed>,
    pub others: Vec<Other>,
    /// The board with this need one step more pressing; empty where it cannot be more.
    pub raise: String,
}

#[derive(Clone, Debug, Default)]
pub struct Proposed {
    pub code: String,
    pub name: String,
    pub why: String,
    pub is_pinned: bool,
    pub pin: String,
    pub forbid: String,
}

#[derive(Clone, Debug, Default)]
pub struct Other {
    pub code: String,
    pub name: String,
    pub why: String,
    pub pin: String,
}

/// A drawing of the areas by their middles, in a box of `width` × `height`.
#[derive(Clone, Debug, Default)]
pub struct Map {
    pub width: u32,
    pub height: u32,
    pub dots: Vec<Dot>,
    /// Under the dots, where the city names a server for them.
    pub tiles: Vec<Tile>,
    pub attribution: String,
}

#[derive(Clone, Debug, Default)]
pub struct Tile {
    pub href: String,
    pub x: i64,
    pub y: i64,
    pub size: i64,
}

#[derive(Clone, Debug, Default)]
pub struct Dot {
    pub x: u32,
    pub y: u32,
    pub r: u32,
    /// 0 where nobody is missing, to 4 where nobody was found.
    pub shade: u32,
    pub name: String,
    /// Where the name stands: `start`, `middle` or `end`.
    pub words: String,
    pub href: String,
}

/// The same in numbers.
#[derive(Clone, Debug, Default)]
pub struct Place {
    pub name: String,
    pub href: String,
    pub wanted: u64,
    pub found: u64,
    pub short: u64,
    pub free: u64,
}

#[derive(Clone, Debug, Default)]
pub struct Part {
    pub name: String,
    pub days: Vec<Cell>,
}

/// One part of a day over all.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    pub wanted: u64,
    pub found: u64,
    pub free: u64,
    /// `short`, `busy`, `idle` or nothing.
    pub state: &'static str,
}

/// An organisation's seven days: booked of what it takes at one time, part by part.
#[derive(Clone, Debug, Default)]
pub struct Team {
    pub code: String,
    pub name: String,
    pub area: String,
    /// Day by day.
    pub days: Vec<Vec<TeamCell>>,
    pub booked: i64,
    pub free: i64,
}

#[derive(Clone, Debug, Default)]
pub struct TeamCell {
    pub part: String,
    pub booked: i64,
    pub room: i64,
    pub is_free: bool,
}

/// Helpers missing, by area and skill.
#[derive(Clone, Debug, Default)]
pub struct Gap {
    pub area: String,
    pub skill: String,
    pub wanted: u64,
    pub short: u64,
}
