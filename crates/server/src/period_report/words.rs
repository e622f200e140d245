//! The sentences of a report, and how numbers and their changes are written.

use muster_core::evaluate::exceptions::{Against, Exception};
use muster_core::evaluate::period::{Period, PeriodKind};
use muster_core::evaluate::snapshot::{Edition, Line, Shown, Snapshot, Value};

use super::name_in;
use crate::i18n::Text;

/// What stands where nothing was counted.
pub(super) const NOTHING: &str = "—";
/// What stands where something is not shown.
pub(super) const HIDDEN: &str = "＊";

pub fn period_words(text: Text, period: Period) -> String {
    let (year, place) = (period.year(), period.place());
    match period.kind() {
        PeriodKind::Month => text.with2("period-month", "year", year, "n", place),
        PeriodKind::Quarter => text.with2("period-quarter", "year", year, "n", place),
        PeriodKind::HalfYear if place == 1 => text.with("period-half-1", "year", year),
        PeriodKind::HalfYear => text.with("period-half-2", "year", year),
    }
}

pub fn title(text: Text, snapshot: &Snapshot) -> String {
    let area = name_in(text.lang, &snapshot.area_name);
    text.with2("period-report-title", "area", area, "period", period_words(text, snapshot.period))
}

/// A number as it is shown.
pub(super) fn shown(value: Option<Value>, is_ratio: bool) -> String {
    let Some(value) = value else { return NOTHING.to_owned() };
    match (value.ratio(), is_ratio) {
        (None, _) => HIDDEN.to_owned(),
        (Some(ratio), false) => ratio.numerator.to_string(),
        (Some(ratio), true) => ratio.percent().map_or(NOTHING.to_owned(), |percent| format!("{percent:.1}%")),
    }
}

/// How a number stands to another: a count by how many per cent, a ratio by how many points; empty where that says nothing.
pub(super) fn change(text: Text, is: Option<Value>, than: Option<Value>, is_ratio: bool) -> String {
    let both = || Some((is?.ratio()?, than?.ratio()?));
    let Some((is, than)) = both() else { return String::new() };
    if !is_ratio {
        return match than.numerator {
            0 => String::new(),
            _ => signed(100.0 * (is.numerator - than.numerator) as f64 / than.numerator as f64) + "%",
        };
    }
    match (is.percent(), than.percent()) {
        (Some(_), Some(_)) if is.is_small() || than.is_small() => text.get("figure-small-mark").into_owned(),
        (Some(now), Some(earlier)) => text.with("period-points", "a", signed(now - earlier)),
        _ => String::new(),
    }
}

fn signed(difference: f64) -> String {
    let tenths = (difference * 10.0).round() as i64;
    let sign = match tenths {
        0 => "",
        1.. => "+",
        _ => "−",
    };
    format!("{sign}{}.{}", tenths.abs() / 10, tenths.abs() % 10)
}

/// The values that a line had in an earlier period.
type Earlier = fn(&Line) -> &[Value];

/// Of the period before, and of the same one a year before, where there are such numbers: which, and its values of a line.
pub(super) fn comparisons(snapshot: &Snapshot) -> Vec<(&'static str, Earlier)> {
    let before: Earlier = |line| &line.before;
    let year_before: Earlier = |line| &line.year_before;
    let mut found = Vec::new();
    if snapshot.has_before() {
        found.push(("before", before));
    }
    if snapshot.has_year_before() {
        found.push(("year-before", year_before));
    }
    found
}

/// What stands out, in sentences.
pub(super) fn summary(text: Text, snapshot: &Snapshot) -> Vec<String> {
    let mut sentences = Vec::new();
    let stop = text.get("period-stop");
    let mut silent = Vec::new();
    for (place, one) in snapshot.indicators.iter().enumerate() {
        let is = snapshot.whole.now.get(place).copied();
        if !is_counted(snapshot, place) {
            silent.push(indicator_name(text, one));
            continue;
        }
        let mut sentence = text.with2("period-is", "name", indicator_name(text, one), "value", shown(is, one.is_ratio));
        if let Some(ratio) = is.and_then(Value::ratio).filter(|ratio| one.is_ratio && ratio.denominator > 0) {
            sentence += &text.with2("period-sides", "a", ratio.numerator, "b", ratio.denominator);
        }
        for (against, values) in comparisons(snapshot) {
            let change = change(text, is, values(&snapshot.whole).get(place).copied(), one.is_ratio);
            if !change.is_empty() {
                sentence += &text.with2("period-than", "against", text.label("against", against), "change", change);
            }
        }
        sentences.push(sentence + &stop);
    }
    if !silent.is_empty() {
        sentences.push(text.with("period-silent", "names", silent.join(&text.get("period-comma"))));
    }
    if let Some(day) = snapshot.until {
        sentences.push(text.with("period-unfinished", "day", crate::paper::dated(day)));
    } else if comparisons(snapshot).is_empty() {
        sentences.push(text.get("period-nothing-before").into_owned());
    }
    if snapshot.edition == Edition::Full {
        let found = snapshot.exceptions.len() as u64 + snapshot.exceptions_left;
        sentences.push(text.count("period-exceptions", found));
    }
    sentences
}

/// Whether anything at all was counted of an indicator: of one that has nothing nobody needs a column of dashes.
pub(super) fn is_counted(snapshot: &Snapshot, place: usize) -> bool {
    let of = |values: &[Value]| values.get(place).is_some_and(|value| *value != Value::count(0));
    of(&snapshot.whole.now) || of(&snapshot.whole.before) || of(&snapshot.whole.year_before)
}

pub(super) fn indicator_name(text: Text, shown: &Shown) -> String {
    name_in(text.lang, &shown.name)
}

/// One thing that lies outside, in a sentence.
pub(super) fn exception(text: Text, snapshot: &Snapshot, exception: &Exception) -> String {
    let is_ratio = snapshot.indicator(&exception.indicator).is_some_and(|shown| shown.is_ratio);
    let indicator =
        snapshot.indicator(&exception.indicator).map(|shown| indicator_name(text, shown)).unwrap_or_default();
    let place = name_in(text.lang, &exception.name);
    let place = if exception.is_own { text.with("compare-own", "name", place) } else { place };
    let about = text.with2("period-about", "place", place, "name", indicator);
    let is = side(text, exception.is, is_ratio);
    let than = side(text, exception.than, is_ratio);
    let than = match exception.against {
        Against::Target => text.with("period-aim", "value", shown(Some(exception.than), true)),
        Against::Others => {
            text.with2("period-others", "about", text.label("about", exception.about.as_str()), "value", than)
        }
        against => text.with2("period-was", "against", text.label("against", against.as_str()), "value", than),
    };
    text.with2("period-exception", "is", format!("{about}{is}"), "than", than)
}

fn side(text: Text, value: Value, is_ratio: bool) -> String {
    let shown = shown(Some(value), is_ratio);
    match value.ratio().filter(|_| is_ratio) {
        Some(ratio) => shown + &text.with2("period-sides", "a", ratio.numerator, "b", ratio.denominator),
        None => shown,
    }
}

/// How to read it, and what it leaves out.
pub(super) fn notes(text: Text, snapshot: &Snapshot) -> Vec<String> {
    let mut keys = vec!["period-note-counted", "period-note-small", "period-note-kinds"];
    match snapshot.edition {
        Edition::Full => keys.extend(["period-note-exceptions", "period-note-full"]),
        Edition::Open => keys.push("period-note-open"),
    }
    keys.push("period-note-frozen");
    keys.into_iter().map(|key| text.get(key).into_owned()).collect()
}
