//! The board of the dispatcher: what is asked for, who is free, the plan with its reasons, and what would change it.

use std::collections::BTreeMap;

use axum::extract::RawQuery;
use axum::http::HeaderValue;
use axum::http::header::CONTENT_SECURITY_POLICY;
use axum::response::Response;
use jiff::ToSpan;
use muster_core::area::{AreaId, Level};
use muster_core::dispatch::hours::DAYS;
use muster_core::dispatch::reasons::Reason;
use muster_core::people::{Action, Subject, may};
use muster_store::dispatch::{NeedBrief, ResourceRow};
use serde::Deserialize;

use super::board_map::map;
use super::frame::{Frame, explain, is_about_form};
use super::words::{Places, day};
use crate::error::Result;
use crate::extract::PageForm;
use crate::usecase::board_plan::{self, Line};
use crate::usecase::board_view::{Asked, Board, board_view};
use crate::usecase::offer_invite::offer_invite;
use crate::view::board::{self as view, BoardPage};
use crate::view::{Notice, Shell};

/// How many names of what is not there are repeated.
const UNKNOWN_SHOWN: usize = 5;
/// Areas of a level that is passed over for the one below it: a map of so few shows nothing.
const FEW: usize = 3;
/// Rows of the table of gaps.
const GAPS: usize = 15;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Inviting {
    csrf: String,
    query: String,
    need: String,
    resource: Vec<String>,
}

pub(super) async fn view(frame: Frame, RawQuery(query): RawQuery) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let asked = read(query.as_deref().unwrap_or_default());
    let page = page(&frame, &asked).await?;
    Ok(with_policy(policy(&frame), frame.draw(&page)))
}

/// The policy of a page with a map whose tiles come from elsewhere.
fn policy(frame: &Frame) -> Option<HeaderValue> {
    frame.state.config.map.as_ref().and_then(|map| HeaderValue::try_from(map.policy()).ok())
}

fn with_policy(policy: Option<HeaderValue>, mut drawn: Response) -> Response {
    if let Some(policy) = policy {
        drawn.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    drawn
}

/// Invites what the plan proposes for one need, and shows the board as it is then.
pub(super) async fn invite(frame: Frame, PageForm(typed): PageForm<Inviting>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let asked = read(&typed.query);
    let done = offer_invite(&frame.state, frame.actor(), &typed.need, &typed.resource).await;
    match done {
        Ok(count) => {
            let mut page = page(&frame, &asked).await?;
            page.shell.notice = Some(Notice { good: true, text: page.shell.count("board-invited", count) });
            Ok(with_policy(policy(&frame), frame.draw(&page)))
        }
        // Somebody else was faster, or what decides has changed: the board as it is now, and why.
        Err(error) if is_about_form(&error) || error.status() == 409 => {
            let mut page = page(&frame, &asked).await?;
            explain(&mut page.shell, &error, |_| "needs".to_owned());
            Ok(with_policy(policy(&frame), frame.draw_error(&error, &page)))
        }
        Err(error) => Err(error),
    }
}

/// What stands in the address.
fn read(query: &str) -> Asked {
    let mut asked = Asked::default();
    let pair = |value: &str| value.split_once(':').map(|(need, who)| (need.to_owned(), who.to_owned()));
    for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
        match key.as_ref() {
            "area" => asked.area = value.parse().ok(),
            "pin" => asked.pins.extend(pair(&value)),
            "forbid" => asked.forbids.extend(pair(&value)),
            "raise" => asked.raises.push(value.into_owned()),
            _ => {}
        }
    }
    asked
}

fn query(asked: &Asked) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if let Some(area) = asked.area {
        query.append_pair("area", &area.to_string());
    }
    for (need, who) in &asked.pins {
        query.append_pair("pin", &format!("{need}:{who}"));
    }
    for (need, who) in &asked.forbids {
        query.append_pair("forbid", &format!("{need}:{who}"));
    }
    for need in &asked.raises {
        query.append_pair("raise", need);
    }
    query.finish()
}

fn address(asked: &Asked) -> String {
    match query(asked) {
        query if query.is_empty() => "/board".to_owned(),
        query => format!("/board?{query}"),
    }
}

/// The address of the board with one thing more asked.
fn with(asked: &Asked, change: impl FnOnce(&mut Asked)) -> String {
    let mut changed = asked.clone();
    change(&mut changed);
    address(&changed)
}

async fn page(frame: &Frame, asked: &Asked) -> Result<BoardPage> {
    let board = board_view(&frame.state, frame.actor(), asked).await?;
    let places = frame.places().await?;
    let shell = frame.shell("board-page");
    let drawn = Drawn { frame, shell: &shell, asked, board: &board, places: &places };
    let subject = |area| Subject { area: Some(area), unit: None };
    let by_area = drawn.by_area();
    Ok(BoardPage {
        areas: places.area_groups(),
        area: asked.area.map(|area| area.to_string()).unwrap_or_default(),
        totals: drawn.totals(),
        wishes: drawn.wishes(),
        changes: drawn.changes(),
        unknown: board.unknown.iter().take(UNKNOWN_SHOWN).cloned().collect(),
        plain_href: with(asked, |asked| *asked = Asked { area: asked.area, ..Asked::default() }),
        needs: board.shown.iter().map(|at| drawn.need(*at)).collect(),
        more: board.needs.len().saturating_sub(board.shown.len()) as u64,
        map: map(frame, &by_area, &places).await?,
        places: drawn.places_table(&by_area),
        days: (0..DAYS).map(|offset| drawn.day_name(offset)).collect(),
        parts: drawn.parts(),
        teams: board.teams.iter().map(|(row, booked)| drawn.team(row, booked)).collect(),
        gaps: drawn.gaps(),
        query: query(asked),
        may_invite: board
            .needs
            .first()
            .is_some_and(|need| may(frame.actor(), Action::OfferInvite, &subject(need.area)).is_ok()),
        shell,
    })
}

/// Helpers wanted, found and free in one area of the map.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Tally {
    pub(super) wanted: u64,
    pub(super) found: u64,
    pub(super) free: u64,
}

struct Drawn<'a> {
    frame: &'a Frame,
    shell: &'a Shell,
    asked: &'a Asked,
    board: &'a Board,
    places: &'a Places,
}

impl Drawn<'_> {
    fn totals(&self) -> view::Totals {
        let planned = &self.board.planned;
        view::Totals {
            needs: self.board.needs.len() as u64,
            wanted: planned.wanted,
            found: planned.found,
            waiting: self.board.waiting.values().sum::<i64>().max(0) as u64,
            free: planned.free as u64,
            used: planned.used as u64,
            objective: planned.objective,
            dual: planned.dual,
            took: format!("{:.2}", planned.seconds),
        }
    }

    fn wishes(&self) -> Vec<view::Wish> {
        let title = |code: &str| {
            let need = self.board.needs.iter().find(|need| need.code.as_str() == code);
            need.map_or_else(|| code.to_owned(), |need| need.title.clone())
        };
        let who = |code: &str| {
            let row = self.board.resources.values().find(|row| row.code.as_str() == code);
            row.map_or_else(|| code.to_owned(), |row| row.name.clone())
        };
        let mut wishes = Vec::new();
        for (place, (need, resource)) in self.asked.pins.iter().enumerate() {
            let words = self.shell.with2("board-wish-pin", "who", who(resource), "need", title(need));
            wishes.push(view::Wish { words, without: with(self.asked, |asked| drop(asked.pins.remove(place))) });
        }
        for (place, (need, resource)) in self.asked.forbids.iter().enumerate() {
            let words = self.shell.with2("board-wish-forbid", "who", who(resource), "need", title(need));
            wishes.push(view::Wish { words, without: with(self.asked, |asked| drop(asked.forbids.remove(place))) });
        }
        for (place, need) in self.asked.raises.iter().enumerate() {
            let words = self.shell.with("board-wish-raise", "need", title(need));
            wishes.push(view::Wish { words, without: with(self.asked, |asked| drop(asked.raises.remove(place))) });
        }
        wishes
    }

    /// What the "what if" does to the plan: helpers found, its worth, and for whom somebody else is proposed.
    fn changes(&self) -> Vec<String> {
        let Some(plain) = &self.board.plain else { return Vec::new() };
        let now = &self.board.planned;
        let signed = |change: i64| format!("{change:+}");
        let mut changes = vec![
            self.shell.with("board-change-found", "change", signed(now.found as i64 - plain.found as i64)),
            self.shell.with("board-change-value", "change", signed(now.objective - plain.objective)),
        ];
        let who = |line: &Line| line.proposed.iter().map(|one| one.resource).collect::<Vec<_>>();
        let other = now.lines.iter().zip(&plain.lines).enumerate();
        let touched: Vec<usize> = other.filter(|(_, (a, b))| who(a) != who(b)).map(|(at, _)| at).collect();
        changes.push(self.shell.count("board-change-needs", touched.len()));
        for at in touched.into_iter().take(5) {
            let (before, after) = (plain.lines[at].proposed.len(), now.lines[at].proposed.len());
            let numbers = format!("{before} → {after}");
            changes.push(self.shell.with2(
                "board-change-need",
                "need",
                &self.board.needs[at].title,
                "numbers",
                numbers,
            ));
        }
        changes
    }

    fn need(&self, at: usize) -> view::Asked {
        let (need, line) = (&self.board.needs[at], &self.board.planned.lines[at]);
        let code = need.code.as_str();
        let raise = |asked: &mut Asked| asked.raises.push(code.to_owned());
        view::Asked {
            code: code.to_owned(),
            title: need.title.clone(),
            area: self.places.area_label(need.area),
            skills: need.skills().map(|skill| self.skill(skill)).collect::<Vec<_>>().join(" · "),
            when: self.when(need, line),
            closes: self.frame.when(need.closes_at),
            priority: need.priority,
            vulnerable: need.vulnerable,
            head: need.head,
            filled: need.filled,
            waiting: self.board.waiting.get(&need.id).copied().unwrap_or(0),
            wanted: line.wanted,
            short: line.short(),
            able: line.able as u64,
            proposed: line.proposed.iter().map(|one| self.proposed(need, one)).collect(),
            others: line.others.iter().map(|one| self.other(need, one)).collect(),
            raise: if need.priority < 8 { with(self.asked, raise) } else { String::new() },
        }
    }

    fn proposed(&self, need: &NeedBrief, one: &board_plan::Proposed) -> view::Proposed {
        let row = self.board.resources.get(&one.resource);
        let code = row.map(|row| row.code.to_string().replace('-', "")).unwrap_or_default();
        let pair = (need.code.as_str().to_owned(), code.clone());
        let (km, percent) = (format!("{:.1}", one.km), format!("{:.0}", one.chance * 100.0));
        view::Proposed {
            name: name(row),
            why: self.shell.with2("board-why", "km", km, "chance", percent),
            is_pinned: one.is_pinned,
            pin: with(self.asked, |asked| asked.pins.push(pair.clone())),
            forbid: with(self.asked, |asked| {
                asked.pins.retain(|pinned| *pinned != pair);
                asked.forbids.push(pair.clone());
            }),
            code,
        }
    }

    fn other(&self, need: &NeedBrief, one: &board_plan::Other) -> view::Other {
        let row = self.board.resources.get(&one.resource);
        let code = row.map(|row| row.code.to_string().replace('-', "")).unwrap_or_default();
        let km = format!("{:.1}", one.km);
        let why = match one.why {
            Reason::Kept { need } => {
                let for_whom = self.board.needs.get(need as usize).map(|need| need.title.clone()).unwrap_or_default();
                self.shell.with2("board-kept", "km", km, "need", for_whom)
            }
            Reason::Outdone => self.shell.with("board-outdone", "km", km),
            Reason::Weary => self.shell.with("board-weary", "km", km),
            Reason::Time => self.shell.with("board-other-time", "km", km),
        };
        let pair = (need.code.as_str().to_owned(), code.clone());
        view::Other { name: name(row), why, pin: with(self.asked, |asked| asked.pins.push(pair)), code }
    }

    fn skill(&self, code: &str) -> String {
        self.frame.state.pack.dispatch.skill(code).map(|skill| self.frame.name(&skill.name)).unwrap_or_default()
    }

    fn when(&self, need: &NeedBrief, line: &Line) -> String {
        let parts = self.frame.state.pack.dispatch.parts.len();
        match line.slot.map(usize::from) {
            Some(slot) => format!("{} {}", self.day_name((slot / parts) as i64), self.part_names()[slot % parts]),
            None => self.shell.with("board-until", "when", self.frame.when(need.closes_at).text),
        }
    }

    fn day_name(&self, offset: i64) -> String {
        let date = self.frame.state.pack.calendar.local_date(self.frame.state.now()).saturating_add(offset.days());
        day(self.frame.lang, date)
    }

    fn part_names(&self) -> Vec<String> {
        let parts = &self.frame.state.pack.dispatch.parts;
        parts.iter().map(|part| part.strftime("%H:%M").to_string()).collect()
    }

    fn parts(&self) -> Vec<view::Part> {
        let names = self.part_names();
        let cell = |part: &board_plan::Part| view::Cell {
            wanted: part.wanted,
            found: part.found,
            free: part.free,
            state: match () {
                () if part.found < part.wanted => "short",
                () if part.wanted > 0 => "busy",
                () if part.free > 0 => "idle",
                () => "",
            },
        };
        let days = |at: usize| self.board.planned.parts.iter().skip(at).step_by(names.len()).map(cell).collect();
        names.iter().enumerate().map(|(at, name)| view::Part { name: name.clone(), days: days(at) }).collect()
    }

    fn team(&self, row: &ResourceRow, booked: &[i64]) -> view::Team {
        let (free, names) = (self.board.team_free.get(&row.id).copied().unwrap_or(0), self.part_names());
        let cell = |(at, booked): (usize, &i64)| view::TeamCell {
            part: names[at % names.len()].clone(),
            booked: *booked,
            room: row.at_once,
            is_free: free >> at & 1 == 1,
        };
        let cells: Vec<_> = booked.iter().enumerate().map(cell).collect();
        view::Team {
            code: row.code.as_str().to_owned(),
            name: row.name.clone(),
            area: self.places.area_label(row.area),
            booked: booked.iter().sum(),
            free: cells.iter().filter(|cell| cell.is_free).map(|cell| cell.room - cell.booked).sum::<i64>().max(0),
            days: cells.chunks(names.len()).map(<[_]>::to_vec).collect(),
        }
    }

    /// By the areas below the one that is looked at: of the first level with more than a few of them.
    fn by_area(&self) -> BTreeMap<AreaId, Tally> {
        let root = self.asked.area.unwrap_or(self.frame.state.pack.root_area);
        let mut by_area = BTreeMap::new();
        for level in Level::ALL.into_iter().filter(|level| *level > root.level() && *level < Level::Grid) {
            by_area = self.by_level(root, level);
            if by_area.len() > FEW {
                break;
            }
        }
        by_area
    }

    fn by_level(&self, root: AreaId, level: Level) -> BTreeMap<AreaId, Tally> {
        let of = |area: AreaId| area.ancestor(level).filter(|above| root.contains(*above)).unwrap_or(area);
        let mut by_area: BTreeMap<AreaId, Tally> = BTreeMap::new();
        for (need, line) in self.board.needs.iter().zip(&self.board.planned.lines) {
            let tally = by_area.entry(of(need.area)).or_default();
            tally.wanted += u64::from(line.wanted);
            tally.found += line.proposed.len() as u64;
        }
        for (area, free) in &self.board.planned.free_in {
            if root.contains(*area) {
                by_area.entry(of(*area)).or_default().free += free;
            }
        }
        by_area
    }

    fn places_table(&self, by_area: &BTreeMap<AreaId, Tally>) -> Vec<view::Place> {
        let mut rows: Vec<_> = by_area.iter().collect();
        rows.sort_by_key(|(area, tally)| (std::cmp::Reverse(tally.wanted - tally.found), **area));
        let row = |(area, tally): (&AreaId, &Tally)| view::Place {
            name: self.places.area(*area),
            href: with(self.asked, |asked| asked.area = Some(*area)),
            wanted: tally.wanted,
            found: tally.found,
            short: tally.wanted - tally.found,
            free: tally.free,
        };
        rows.into_iter().map(row).collect()
    }

    fn gaps(&self) -> Vec<view::Gap> {
        let mut gaps: BTreeMap<(AreaId, &str), (u64, u64)> = BTreeMap::new();
        for (need, line) in self.board.needs.iter().zip(&self.board.planned.lines) {
            let mut skills: Vec<&str> = need.skills().collect();
            if skills.is_empty() {
                skills.push("");
            }
            for skill in skills {
                let gap = gaps.entry((need.area, skill)).or_default();
                gap.0 += u64::from(line.wanted);
                gap.1 += u64::from(line.short());
            }
        }
        let mut gaps: Vec<_> = gaps.into_iter().filter(|(_, (_, short))| *short > 0).collect();
        gaps.sort_by_key(|(at, (_, short))| (std::cmp::Reverse(*short), *at));
        let gap = |((area, skill), (wanted, short)): ((AreaId, &str), (u64, u64))| view::Gap {
            area: self.places.area_label(area),
            skill: if skill.is_empty() { self.shell.t("board-any-skill").into_owned() } else { self.skill(skill) },
            wanted,
            short,
        };
        gaps.into_iter().take(GAPS).map(gap).collect()
    }
}

/// What staff read of a resource: of a person the family name, and the number's first letters.
fn name(row: Option<&ResourceRow>) -> String {
    row.map(|row| format!("{} {}", row.name, &row.code.as_str()[..4])).unwrap_or_default()
}
