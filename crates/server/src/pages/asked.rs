//! What a list of cases was asked for, as it stands in the address: the whole of a saved view.

use muster_core::id::UnitId;
use muster_core::process::CaseState;
use muster_core::time::Timestamp;
use muster_store::process::{CaseFilter, CaseOrder, Cursor};
use serde::Deserialize;

use super::frame::Frame;
use super::query::query_of;
use super::words::Places;
use crate::usecase::case_list::COUNT_MOST;

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub(super) tab: String,
    pub(super) area: String,
    pub(super) unit: String,
    pub(super) class: String,
    pub(super) state: String,
    pub(super) q: String,
    /// `key_id` of the last row shown.
    pub(super) cursor: String,
}

/// When what runs out next does so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Within {
    Any,
    Past,
    Day,
}

const WITH_US: &[CaseState] = &[CaseState::Triage, CaseState::Assigned, CaseState::Working];

/// A tab, the states it shows and when they are due.
const TABS: [(&str, &[CaseState], Within); 6] = [
    ("mine", &[CaseState::Assigned, CaseState::Working], Within::Any),
    ("waiting", &[CaseState::Assigned], Within::Any),
    ("late", WITH_US, Within::Past),
    ("soon", WITH_US, Within::Day),
    ("answered", &[CaseState::Answered], Within::Any),
    ("all", &[], Within::Any),
];

/// Rows of a page.
const ROWS: i64 = 30;

impl Asked {
    /// Reads what follows `?`; what is no part of a filter is passed over.
    pub(super) fn read(query: &str) -> Self {
        let mut asked = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            let field = match &*name {
                "tab" => &mut asked.tab,
                "area" => &mut asked.area,
                "unit" => &mut asked.unit,
                "class" => &mut asked.class,
                "state" => &mut asked.state,
                "q" => &mut asked.q,
                _ => continue,
            };
            value.trim().clone_into(field);
        }
        asked
    }

    /// What follows `?`, without the place on a page.
    pub(super) fn query(&self) -> String {
        let pairs = [
            ("tab", self.tab()),
            ("area", &self.area),
            ("unit", &self.unit),
            ("class", &self.class),
            ("state", &self.state),
            ("q", self.q.trim()),
        ];
        query_of(pairs)
    }

    pub(super) fn address(&self) -> String {
        let mut address = format!("/inbox?{}", self.query());
        if !self.cursor.is_empty() {
            address.push_str("&cursor=");
            address.extend(url::form_urlencoded::byte_serialize(self.cursor.as_bytes()));
        }
        address
    }

    pub(super) fn tabs() -> impl Iterator<Item = &'static str> {
        TABS.iter().map(|(code, ..)| *code)
    }

    pub(super) fn tab(&self) -> &str {
        if self.tab.is_empty() { "mine" } else { &self.tab }
    }

    /// The same filter under another tab, from its first page.
    pub(super) fn under(&self, tab: &str) -> Self {
        Self { tab: tab.to_owned(), cursor: String::new(), ..self.clone() }
    }

    pub(super) fn first(&self) -> Self {
        Self { cursor: String::new(), ..self.clone() }
    }

    pub(super) fn after(&self, cursor: Cursor) -> Self {
        Self { cursor: format!("{}_{}", cursor.key, cursor.id), ..self.clone() }
    }

    /// Keys of the words for what the filter names and nobody knows any more.
    pub(super) fn gone(&self, frame: &Frame, places: &Places) -> Vec<&'static str> {
        let taxonomy = &frame.state.pack.taxonomy;
        let unit = self.unit.parse::<UnitId>().ok();
        let named = [
            ("inbox-area", &self.area, places.find(&self.area).is_some()),
            ("inbox-unit", &self.unit, unit.is_some_and(|unit| !places.unit(unit).is_empty())),
            ("inbox-class", &self.class, taxonomy.classes().any(|class| class.code == self.class)),
            ("inbox-state", &self.state, self.state.parse::<CaseState>().is_ok()),
            ("inbox-tabs", &self.tab, TABS.iter().any(|(code, ..)| *code == self.tab)),
        ];
        named.into_iter().filter(|(_, value, known)| !value.is_empty() && !known).map(|(key, ..)| key).collect()
    }

    pub(super) fn filter(&self, places: &Places, now: Timestamp) -> CaseFilter {
        let (_, states, within) = TABS.iter().find(|(code, ..)| *code == self.tab()).unwrap_or(&TABS[0]);
        CaseFilter {
            area: places.find(&self.area),
            unit: self.unit.parse().ok(),
            class: Some(self.class.clone()).filter(|class| !class.is_empty()),
            states: self.state.parse().map_or_else(|_| states.to_vec(), |state| vec![state]),
            due: match within {
                Within::Any => (None, None),
                Within::Past => (None, Some(now)),
                Within::Day => (Some(now), Some(now.plus(Timestamp::DAY))),
            },
            text: Some(self.q.trim().to_owned()).filter(|q| !q.is_empty()),
            order: CaseOrder::Due,
            after: cursor(&self.cursor),
            limit: ROWS,
            ..CaseFilter::default()
        }
    }
}

fn cursor(text: &str) -> Option<Cursor> {
    let (key, id) = text.split_once('_')?;
    Some(Cursor { key: key.parse().ok()?, id: id.parse().ok()? })
}

/// A count as it is shown: beyond the most that is counted, that there are more.
pub(super) fn counted(count: i64) -> String {
    if count > COUNT_MOST { format!("{COUNT_MOST}+") } else { count.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_is_what_its_address_says() {
        let asked = Asked { tab: "late".into(), class: "03".into(), q: " 电梯 & 灯".into(), ..Asked::default() };
        let query = asked.query();
        assert_eq!(query, "tab=late&class=03&q=%E7%94%B5%E6%A2%AF+%26+%E7%81%AF");
        assert_eq!(Asked::read(&query), Asked { q: "电梯 & 灯".into(), ..asked });
        let more = Asked::read("cursor=1_2&tab=all&csrf=x&tab=mine&q=%20");
        assert_eq!(more, Asked { tab: "mine".into(), ..Asked::default() }, "only what is part of a filter");
        assert_eq!(Asked::default().query(), "tab=mine", "the tab is named: what is meant may change");
        let (key, id) = (7, uuid::Uuid::from_u128(1));
        let second = Asked::default().after(Cursor { key, id });
        assert_eq!(second.address(), "/inbox?tab=mine&cursor=7_00000000-0000-0000-0000-000000000001");
        assert_eq!(cursor(&second.cursor), Some(Cursor { key, id }));
        assert_eq!(second.first().address(), "/inbox?tab=mine");
    }
}
