//! Signals with their cases, and what is laid on communities.

use axum::response::Response;
use muster_core::evaluate::Term;
use muster_core::people::Action;
use muster_store::performance::{SignalCase, SignalRow};
use serde::Deserialize;
use uuid::Uuid;

use super::appeals::may_decide;
use super::frame::{Frame, explain, is_about_form};
use super::interviews::finding;
use super::performance::{Asked, tabs, term, term_group, term_name};
use super::words::Places;
use crate::error::Result;
use crate::extract::{ApiPath, ApiQuery, PageForm};
use crate::usecase::burden_view::{Borne, burden_view};
use crate::usecase::signal_decide::signal_decide;
use crate::usecase::signal_list::signal_list;
use crate::view::performance::{BehindCase, BurdenPage, BurdenShown, SignalShown, SignalsPage};

/// Terms of the burden meter to choose from.
const TERMS: usize = 5;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    verdict: String,
    words: String,
}

pub(super) async fn list(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = page(&frame, None).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn decide(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let followed = typed.verdict == "followed";
    match signal_decide(&frame.state, frame.actor(), id, followed, &typed.words).await {
        Ok(row) if followed => {
            let places = frame.places().await?;
            let name = crate::i18n::Text { lang: frame.lang }.label("detector", row.detector.as_str()).into_owned();
            let unit = places.units.iter().find(|unit| unit.id == row.unit_id);
            Ok(frame.go(&unit.map_or_else(|| "/performance/signals".to_owned(), |unit| finding("signal", unit, &name))))
        }
        Ok(_) => Ok(frame.go("/performance/signals")),
        Err(error) if is_about_form(&error) => {
            let mut page = page(&frame, Some((id, &typed))).await?;
            explain(&mut page.shell, &error, |field| format!("words-{id}").replace("words", field));
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn page(frame: &Frame, typed: Option<(Uuid, &Typed)>) -> Result<SignalsPage> {
    let found = signal_list(&frame.state, frame.actor()).await?;
    let places = frame.places().await?;
    let typed_of = |id: Uuid| typed.filter(|(of, _)| *of == id).map_or("", |(_, typed)| typed.words.as_str());
    Ok(SignalsPage {
        tabs: tabs(frame, "/performance/signals"),
        signals: found.iter().map(|(row, cases)| shown(frame, &places, row, cases, typed_of(row.id))).collect(),
        shell: frame.shell("signals-page"),
    })
}

fn shown(frame: &Frame, places: &Places, row: &SignalRow, cases: &[SignalCase], typed: &str) -> SignalShown {
    let text = crate::i18n::Text { lang: frame.lang };
    let day = |day: i64| format!("{}-{:02}-{:02}", day / 10_000, day / 100 % 100, day % 100);
    let behind = |case: &SignalCase| BehindCase {
        code: case.code.clone(),
        title: case.title.clone(),
        area: places.area_label(case.area),
        state: case.state.clone(),
    };
    let chance =
        if row.corrected < 1e-4 { text.get("signals-less").into_owned() } else { format!("{:.4}", row.corrected) };
    SignalShown {
        id: row.id.to_string(),
        unit: places.unit(row.unit_id),
        detector: row.detector.as_str().to_owned(),
        state: row.state.clone(),
        days: format!("{} – {}", day(row.first_day), day(row.last_day)),
        hits: row.hits,
        trials: row.trials,
        expected: format!("{:.1}", row.expected),
        chance,
        cases: cases.iter().map(behind).collect(),
        more: (row.hits - cases.len() as i64).max(0),
        words: row.words.clone().unwrap_or_default(),
        words_id: format!("words-{}", row.id),
        typed: typed.to_owned(),
        may_decide: row.state == "new" && may_decide(frame, places, Action::SignalDecide, row.unit_id),
    }
}

pub(super) async fn burden(frame: Frame, ApiQuery(asked): ApiQuery<Asked>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let (shown, found) = burden_view(&frame.state, frame.actor(), term(&asked.term)?).await?;
    let now = Term::quarter_of(frame.state.pack.calendar.local_date(frame.state.now()));
    let mut terms: Vec<Term> = std::iter::successors(Some(now), |term| Some(term.before())).take(TERMS).collect();
    if !terms.contains(&shown) {
        terms.push(shown);
    }
    let page = BurdenPage {
        tabs: tabs(&frame, "/performance/burden"),
        term: term_name(&frame, shown),
        terms: term_group(&frame, &terms),
        asked: shown.to_string(),
        rows: found.iter().map(|borne| community(&frame, borne)).collect(),
        shell: frame.shell("burden-page"),
    };
    Ok(frame.draw(&page))
}

fn community(frame: &Frame, borne: &Borne) -> BurdenShown {
    let burden = &borne.burden;
    let each = |count: i64| match burden.workers {
        0 => "—".to_owned(),
        workers => format!("{:.1}", count as f64 / workers as f64),
    };
    BurdenShown {
        unit: burden.unit.name.clone(),
        tasks: burden.total(),
        per_worker: each(burden.total()),
        outside: borne.outside_total(),
        categories: borne.outside.iter().map(|(code, count)| (frame.category(code), *count)).collect(),
        again: burden.again,
        forms: burden.forms,
        repeated: burden.repeated,
        calls: each(burden.calls),
        workers: burden.workers,
    }
}
