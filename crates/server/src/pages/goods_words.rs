//! Goods in the reader's words: quantities with their unit, until when they are good, and the sentences of the trail.

use std::collections::BTreeMap;

use muster_core::dispatch::goods::{GoodsKind, Line, Shelf, is_reversed};
use muster_core::id::Code;
use muster_core::pack::Item;
use muster_store::dispatch::{ConsignmentSeen, GoodsEntryRow, LotRow, NeedRow};

use super::frame::Frame;
use super::words::Places;
use crate::error::{Error, Result};
use crate::paper::dated;
use crate::usecase::goods::{Ground, shelf};
use crate::usecase::lot_view::LotFile;
use crate::view::Shell;
use crate::view::goods::{LotLine, ShelfWords, TrailLine, WantLine};
use crate::view::qr::Qr;
use crate::view::way::Sheet;

pub(super) type Typed = BTreeMap<String, String>;

pub(super) fn word<'a>(typed: &'a Typed, name: &str) -> &'a str {
    typed.get(name).map_or("", String::as_str)
}

pub(super) fn version(typed: &Typed) -> Option<i64> {
    word(typed, "version").parse().ok()
}

pub(super) fn ground(typed: &Typed) -> Ground {
    Ground { document: word(typed, "document").to_owned(), note: word(typed, "note").to_owned() }
}

/// A whole number; full-width digits are digits.
pub(super) fn quantity(typed: &Typed) -> Result<i64> {
    let text = word(typed, "quantity").trim();
    let narrow =
        |c: char| if ('０'..='９').contains(&c) { char::from_u32(c as u32 - 0xfee0).unwrap_or(c) } else { c };
    let digits: String = text.chars().map(narrow).collect();
    let wrong =
        |_| Error::invalid("quantity", "goods-quantity", format!("{text:?} is no quantity; write a whole number."));
    digits.parse().map_err(wrong)
}

impl Frame {
    pub(super) fn item(&self, code: &str) -> Option<&Item> {
        self.state.pack.dispatch.item(code)
    }

    pub(super) fn item_name(&self, code: &str) -> String {
        self.item(code).map_or_else(|| code.to_owned(), |item| self.name(&item.name))
    }

    pub(super) fn unit_of(&self, code: &str) -> String {
        self.item(code).map(|item| self.name(&item.unit)).unwrap_or_default()
    }

    /// `12 箱`, `12 cases`.
    pub(super) fn so_many(&self, item: &str, quantity: i64) -> String {
        format!("{quantity} {}", self.unit_of(item)).trim_end().to_owned()
    }

    pub(super) fn shelf_words(&self, shell: &Shell, lot: &LotRow) -> ShelfWords {
        let (words, mood) = match shelf(&self.state, lot, self.state.now()) {
            Shelf::Keeps => (shell.t("goods-keeps").into_owned(), "calm"),
            Shelf::TooSoon => (shell.t("goods-too-soon").into_owned(), "late"),
            Shelf::Expired => (shell.t("goods-expired").into_owned(), "late"),
            Shelf::Days(days) if days <= self.state.pack.dispatch.goods.soon_days => {
                (shell.count("goods-days", days), "soon")
            }
            Shelf::Days(days) => (shell.count("goods-days", days), "calm"),
        };
        ShelfWords { expires: lot.expires_on.map(dated).unwrap_or_default(), words, mood }
    }

    pub(super) fn lot_line(&self, shell: &Shell, lot: &LotRow, stock: &str) -> LotLine {
        LotLine {
            code: lot.code.to_string(),
            item: self.item_name(&lot.item),
            stock: stock.to_owned(),
            on_hand: self.so_many(&lot.item, lot.on_hand),
            free: self.so_many(&lot.item, lot.free()),
            shelf: self.shelf_words(shell, lot),
            received: self.when(lot.received_at),
        }
    }

    pub(super) fn want(&self, need: &NeedRow, places: &Places) -> WantLine {
        let item = need.item.as_deref().unwrap_or_default();
        WantLine {
            title: need.title.clone(),
            place: need.place.clone(),
            area: places.area(need.area),
            missing: self.so_many(item, (need.head - need.filled).max(0)),
            asked: self.so_many(item, need.head),
            until: self.when(need.closes_at),
        }
    }

    /// The lines of a lot as sentences, the oldest first. `public` leaves out who handled it.
    pub(super) fn trail(&self, shell: &Shell, file: &LotFile, may_reverse: bool, public: bool) -> Vec<TrailLine> {
        let lines: Vec<Line> = file.entries.iter().map(GoodsEntryRow::line).collect();
        let line = |entry: &GoodsEntryRow| {
            let of = entry.consignment_id;
            let seen = file.consignments.iter().find(|seen| Some(seen.row.id) == of);
            let void = entry.reverses.is_some() || is_reversed(&lines, entry.number);
            TrailLine {
                number: entry.number,
                when: self.when(entry.at),
                text: self.sentence(shell, file, entry, seen, public),
                note: entry.note.clone(),
                document: entry.document.clone().unwrap_or_default(),
                by: entry.by_id.and_then(|id| file.names.get(&id).cloned()).unwrap_or_default(),
                consignment: seen.filter(|_| !public).map(|seen| seen.row.code.to_string()).unwrap_or_default(),
                void,
                may_reverse: may_reverse && !void,
                note_id: format!("note-{}", entry.number),
            }
        };
        file.entries.iter().map(line).collect()
    }

    fn sentence(
        &self,
        shell: &Shell,
        file: &LotFile,
        entry: &GoodsEntryRow,
        seen: Option<&ConsignmentSeen>,
        public: bool,
    ) -> String {
        let quantity = self.so_many(&file.lot.item, entry.quantity);
        let title = seen.map_or("", |seen| seen.need_title.as_str());
        if let Some(number) = entry.reverses {
            return shell.with2("trail-reversed", "number", number, "quantity", quantity);
        }
        let receiver = seen.and_then(|seen| file.receivers.get(&seen.row.id)).filter(|_| !public);
        match (entry.kind, receiver) {
            (GoodsKind::Donated, _) => shell.with2("trail-donated", "quantity", quantity, "place", &file.stock.name),
            (GoodsKind::Received, Some(name)) => {
                let by = shell.with("trail-signed", "name", name);
                format!("{}{by}", shell.with2("trail-received", "quantity", quantity, "place", title))
            }
            (GoodsKind::Spoiled, _) => shell.with("trail-spoiled", "quantity", quantity),
            (GoodsKind::Counted, _) if entry.quantity > 0 => shell.with("trail-more", "quantity", quantity),
            (GoodsKind::Counted, _) => {
                shell.with("trail-fewer", "quantity", self.so_many(&file.lot.item, -entry.quantity))
            }
            (kind, _) => {
                let key = format!("trail-{kind}");
                shell.text.with2(&key, "quantity", quantity, "place", title)
            }
        }
    }

    /// What a printed page of goods has on top.
    pub(super) fn goods_sheet(&self, shell: &Shell, way: &str, code: &Code) -> Sheet {
        let path = format!("/{way}/{}", code.as_str());
        let address = self.origin().map(|origin| format!("{origin}{path}"));
        let printed = shell.with("sheet-printed", "at", self.when(self.state.now()).text);
        Sheet { qr: address.as_deref().and_then(Qr::of), address: address.unwrap_or(path), printed }
    }
}
