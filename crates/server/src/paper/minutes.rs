//! The minutes of a joint meeting as a paper.

use muster_core::time::Timestamp;
use muster_print::{Column, Paper, Section, Table};

use super::{blank, words};
use crate::i18n::{Lang, Text};
use crate::pages::{groups, when};
use crate::state::State;
use crate::usecase::meeting_view::{Matter, Minutes};

/// `area` is the name of the area the meeting was held for.
pub(crate) fn minutes(state: &State, lang: Lang, area: &str, minutes: &Minutes) -> Paper {
    let (text, meeting) = (Text { lang }, &minutes.meeting);
    let day = state.pack.calendar.local_date(meeting.held_at);
    let units: Vec<_> = minutes.units.iter().map(|unit| unit.name.as_str()).collect();
    let fact = |key: &str, words: String| (text.get(key).into_owned(), words);
    let mut facts = vec![
        fact("meetings-held", when(&state.pack, lang, meeting.held_at).text),
        fact("meetings-place", format!("{} · {area}", meeting.place)),
        fact("meetings-chair", meeting.chair.clone()),
    ];
    if !units.is_empty() {
        facts.push(fact("meeting-units", units.join(&words(text, "paper-comma"))));
    }
    Paper {
        date: (i32::from(day.year()), day.month() as u8, day.day() as u8),
        facts,
        sections: minutes.matters.iter().map(|matter| section(state, lang, meeting.held_at, matter)).collect(),
        signatures: ["paper-sign-chair", "paper-sign-minutes"].map(|key| text.get(key).into_owned()).into(),
        note: text.get("paper-minutes-note").into_owned(),
        ..blank(state, lang, "meeting-title")
    }
}

fn section(state: &State, lang: Lang, held_at: Timestamp, matter: &Matter) -> Section {
    let (text, row) = (Text { lang }, &matter.row);
    let until = row.decided_at.map_or(held_at, Timestamp);
    let waited = text.count("meetings-waited", until.since(row.waiting_since) / Timestamp::DAY);
    let code = groups(matter.case.code.as_str()).join("-");
    let mut lines = vec![(text.get("paper-reason").into_owned(), matter_reason(text, &row.reason))];
    match &row.decision {
        Some(decision) => {
            let decided = text.label("decision", decision);
            let decided = match &matter.unit {
                Some(unit) => text.with2("paper-decided", "decision", decided, "unit", &unit.name),
                None => decided.into_owned(),
            };
            lines.push((text.get("meeting-verdict").into_owned(), decided));
            lines.push((text.get("paper-words").into_owned(), row.words.clone().unwrap_or_default()));
        }
        None => lines.push((text.get("meeting-verdict").into_owned(), text.get("meeting-open").into_owned())),
    }
    Section {
        heading: format!("{}. {}", row.position.unwrap_or_default(), matter.case.title),
        mark: code.clone(),
        aside: format!("{} {code} · {waited}", text.get("field-code")),
        lines,
        table: tasks(state, lang, matter),
        ..Section::default()
    }
}

fn tasks(state: &State, lang: Lang, matter: &Matter) -> Option<Table> {
    if matter.tasks.is_empty() {
        return None;
    }
    let text = Text { lang };
    let column = |key: &str| Column { name: text.get(key).into_owned(), amount: false };
    let whole = text.get("paper-whole").into_owned();
    let rows = matter.tasks.iter().map(|task| {
        let due =
            task.due.map_or_else(|| text.get("paper-due-later").into_owned(), |due| when(&state.pack, lang, due).text);
        vec![task.unit.clone(), task.title.clone().unwrap_or_else(|| whole.clone()), due]
    });
    Some(Table {
        columns: ["paper-task-unit", "paper-task", "paper-task-due"].map(column).into(),
        rows: rows.collect(),
        sums: false,
        even: false,
    })
}

/// Why a matter waits: a code of triage in words, or the words of whoever put it there.
pub(crate) fn matter_reason(text: Text, reason: &str) -> String {
    match reason {
        "no-duty" | "no-unit" | "disputed" => text.label("waits", reason).into_owned(),
        words => words.to_owned(),
    }
}
