//! The third-party room in words: days, design, seed, parts, and figures with their intervals.

use muster_core::evaluate::Ratio;
use muster_core::evaluate::estimate::Estimate;
use muster_core::evaluate::question::{Question, QuestionKind};
use muster_core::evaluate::room::SeedKind;
use muster_core::evaluate::sample::StrataBy;
use muster_core::time::Timestamp;

use super::frame::Frame;
use super::words::Places;
use crate::usecase::room::Contract;
use crate::view::rooms::{Facts, RoomShown, Seed};

/// What is shown where there is no figure.
const NONE: &str = "—";

impl Frame {
    /// Two inclusive days of the city, of a span that ends before its second moment.
    pub(super) fn room_days(&self, (from, until): (Timestamp, Timestamp)) -> String {
        let day = |at| self.state.pack.calendar.local_date(at);
        let text = crate::i18n::Text { lang: self.lang };
        text.with2("rooms-days", "a", day(from), "b", day(until.plus(-1)))
    }

    pub(super) fn room_shown(&self, contract: &Contract, places: &Places, (judged, sampled): (i64, i64)) -> RoomShown {
        let row = &contract.row;
        RoomShown {
            id: row.id.to_string(),
            title: row.title.clone(),
            agency: row.agency.clone(),
            area: places.area_label(row.area),
            state: row.state.as_str(),
            cases: self.room_days((row.cases_from, row.cases_until)),
            work: self.room_days((row.work_from, row.work_until)),
            judged,
            sampled,
        }
    }

    /// Body, area, days, design and questions, by name.
    pub(super) fn room_facts(&self, contract: &Contract, shown: &RoomShown) -> Facts {
        let text = crate::i18n::Text { lang: self.lang };
        let design = &contract.design;
        let name = |key: &str| text.get(key).into_owned();
        let calls = if contract.row.calls { "room-calls-yes" } else { "room-calls-no" };
        vec![
            (name("room-agency"), shown.agency.clone()),
            (name("inbox-area"), shown.area.clone()),
            (name("room-cases"), shown.cases.clone()),
            (name("room-work"), shown.work.clone()),
            (name("room-size"), design.size.to_string()),
            (name("room-by"), text.label("strata", design.by.as_str()).into_owned()),
            (name("room-least"), design.least.to_string()),
            (name("room-allocation"), text.label("allocation", design.allocation.as_str()).into_owned()),
            (name("room-questionnaire"), self.name(&contract.questionnaire.name)),
            (name("room-basis"), contract.questionnaire.basis.clone()),
            (name("room-interview"), name(calls)),
        ]
    }

    pub(super) fn room_seed(&self, contract: &Contract) -> Seed {
        let row = &contract.row;
        Seed {
            is_source: row.seed_kind == SeedKind::Source,
            source: row.seed_source.clone().unwrap_or_default(),
            source_at: row.seed_at.map(|at| self.when(Timestamp(at))),
            hash: row.seed_hash.clone().unwrap_or_default(),
            seed: row.seed.clone().unwrap_or_default(),
            frame_size: row.frame_size.unwrap_or_default(),
            frame_hash: row.frame_hash.clone().unwrap_or_default(),
        }
    }

    /// What a stratum is called.
    pub(super) fn room_part(&self, by: StrataBy, key: &str, places: &Places) -> String {
        let text = crate::i18n::Text { lang: self.lang };
        match by {
            StrataBy::All => text.label("strata", by.as_str()).into_owned(),
            StrataBy::Area => key.parse().map_or_else(|_| key.to_owned(), |id| places.area(id)),
            StrataBy::Class => self.category(key),
            StrataBy::Unit => {
                let unit = places.units.iter().find(|unit| unit.code == key);
                unit.map_or_else(|| text.get("room-no-unit").into_owned(), |unit| unit.name.clone())
            }
        }
    }

    /// How it was done, in sentences that a reader can check.
    pub(super) fn room_method(&self, contract: &Contract, (strata, sampled): (usize, i64)) -> Vec<String> {
        let text = crate::i18n::Text { lang: self.lang };
        let row = &contract.row;
        let by = text.label("strata", contract.design.by.as_str()).into_owned();
        let allocation = text.label("allocation", contract.design.allocation.as_str()).into_owned();
        let seed = if row.seed_kind == SeedKind::Source { "room-method-source" } else { "room-method-secret" };
        let calls = if row.calls { "room-method-calls" } else { "room-method-no-calls" };
        vec![
            text.with2(
                "room-method-frame",
                "n",
                row.frame_size.unwrap_or_default(),
                "days",
                self.room_days((row.cases_from, row.cases_until)),
            ),
            text.with2("room-method-sample", "n", sampled, "parts", strata),
            text.with2("room-method-shares", "by", by, "allocation", allocation),
            text.get(seed).into_owned(),
            text.get("room-method-blind").into_owned(),
            text.get(calls).into_owned(),
            text.get("room-method-estimate").into_owned(),
        ]
    }
}

/// An estimate as a share or a mark.
pub(super) fn value(question: &Question, estimate: Option<&Estimate>) -> String {
    estimate.map_or_else(|| NONE.to_owned(), |found| figure(question.kind, found.mean))
}

pub(super) fn interval(question: &Question, estimate: Option<&Estimate>) -> String {
    let span =
        |found: &Estimate| format!("{} – {}", figure(question.kind, found.low), figure(question.kind, found.high));
    estimate.map_or_else(|| NONE.to_owned(), span)
}

fn figure(kind: QuestionKind, value: f64) -> String {
    if kind == QuestionKind::YesNo { format!("{:.1}%", 100.0 * value) } else { format!("{value:.2}") }
}

pub(super) fn percent(ratio: Ratio) -> String {
    ratio.percent().map_or_else(|| NONE.to_owned(), |percent| format!("{percent:.1}%"))
}
