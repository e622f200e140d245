//! A file of the policy pack is changed and tried on the cases of last quarter, before anybody decides on it.

use axum::response::Response;
use muster_core::evaluate::replay::{Difference, Replayed};
use muster_core::people::Action;
use serde::Deserialize;

use super::findings::day;
use super::frame::{Frame, explain, holds, is_about_form};
use super::words::Places;
use crate::error::{Error, Result};
use crate::extract::{ApiQuery, PageForm};
use crate::pack_default::{file_text, with_file};
use crate::usecase::rule_replay::{NAMED_MOST, Outcome, last_quarter, rule_replay};
use crate::view::replays::{ReplayCase, ReplayLine, ReplayShown, ReplaysPage};
use crate::view::{Choice, Group};

/// The files that decide whom a case goes to and when it is due.
const FILES: [&str; 3] = ["clocks.toml", "duties.toml", "calendar.toml"];

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    file: String,
    text: String,
    from: String,
    to: String,
}

pub(super) async fn form(frame: Frame, ApiQuery(asked): ApiQuery<Typed>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    if !holds(frame.actor(), Action::RuleReplay) {
        return Err(Error::forbidden("This account has no role that may try rules."));
    }
    let file = FILES.into_iter().find(|file| *file == asked.file).unwrap_or(FILES[0]);
    let text = file_text(frame.state.config.pack.as_deref(), file).map_err(|error| Error::internal(&*error))?;
    let (from, to) = last_quarter(frame.state.pack.calendar.local_date(frame.state.now()));
    let typed = Typed { file: file.to_owned(), text, from: from.to_string(), to: to.to_string(), ..Typed::default() };
    let page = page(&frame, &typed);
    Ok(frame.draw(&page))
}

pub(super) async fn run(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    match tried(&frame, &typed).await {
        Ok(Ok(outcome)) => {
            let places = frame.places().await?;
            let shown = shown(&frame, &places, &outcome);
            let page = ReplaysPage { shown: Some(shown), ..page(&frame, &typed) };
            Ok(frame.draw(&page))
        }
        Ok(Err(faults)) => {
            let error = Error::invalid("text", "replay-faults", faults.join("\n"));
            let mut page = ReplaysPage { faults, ..page(&frame, &typed) };
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) if is_about_form(&error) => {
            let mut page = page(&frame, &typed);
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

/// The outcome, or what is wrong in the text.
async fn tried(frame: &Frame, typed: &Typed) -> Result<std::result::Result<Outcome, Vec<String>>> {
    if !holds(frame.actor(), Action::RuleReplay) {
        return Err(Error::forbidden("This account has no role that may try rules."));
    }
    let no_file = || {
        let detail = format!("{:?} is no file of rules; use {}.", typed.file, FILES.join(", "));
        Error::invalid("file", "replay-file-unknown", detail)
    };
    let file = FILES.into_iter().find(|file| *file == typed.file).ok_or_else(no_file)?;
    let days = (day(frame, "from", &typed.from)?, day(frame, "to", &typed.to)?);
    // A browser sends lines as \r\n.
    let text = typed.text.replace("\r\n", "\n");
    let pack = with_file(frame.state.config.pack.as_deref(), file, &text).map_err(|error| Error::internal(&*error))?;
    match pack {
        Ok(pack) => Ok(Ok(rule_replay(&frame.state, frame.actor(), &pack, days).await?)),
        Err(faults) => Ok(Err(faults.iter().map(ToString::to_string).collect())),
    }
}

fn page(frame: &Frame, typed: &Typed) -> ReplaysPage {
    let options = FILES.map(|file| Choice::new(file, file)).into();
    ReplaysPage {
        shell: frame.shell("replays-page"),
        files: vec![Group { label: String::new(), options }],
        file: typed.file.clone(),
        text: typed.text.clone(),
        from: typed.from.clone(),
        to: typed.to.clone(),
        faults: Vec::new(),
        shown: None,
    }
}

fn shown(frame: &Frame, places: &Places, outcome: &Outcome) -> ReplayShown {
    let replay = &outcome.replay;
    let text = crate::i18n::Text { lang: frame.lang };
    ReplayShown {
        all: line(text.get("replay-all").into_owned(), &replay.all),
        classes: replay.classes.iter().map(|(class, sums)| line(frame.category(class), sums)).collect(),
        cases: replay.first.iter().map(|case| changed(frame, places, case)).collect(),
        changed_more: replay.first.len() == NAMED_MOST,
        homeless: (replay.all.homeless_before, replay.all.homeless_after),
        unknown: replay.all.unknown,
        cut: outcome.cut,
    }
}

fn line(label: String, sums: &Difference) -> ReplayLine {
    let share = |kept: u64, told: u64| {
        let percent = 100.0 * kept as f64 / told as f64;
        if told == 0 { "—".to_owned() } else { format!("{percent:.1}% ({kept}/{told})") }
    };
    ReplayLine {
        label,
        cases: sums.cases,
        moved: sums.moved,
        later: sums.later,
        earlier: sums.earlier,
        kept_before: share(sums.kept_before, sums.told_before),
        kept_after: share(sums.kept_after, sums.told_after),
    }
}

fn changed(frame: &Frame, places: &Places, case: &Replayed) -> ReplayCase {
    let text = crate::i18n::Text { lang: frame.lang };
    let unit = |unit: Option<muster_core::id::UnitId>| {
        unit.map_or_else(|| text.get("replay-no-unit").into_owned(), |unit| places.unit(unit))
    };
    ReplayCase {
        code: case.code.clone(),
        category: frame.category(&case.category),
        area: muster_core::area::AreaId::new(case.area).map(|area| places.area(area)).unwrap_or_default(),
        unit_before: unit(case.before.unit),
        unit_after: unit(case.after.unit),
        moved: case.moved(),
        due_before: frame.when(case.before.due).text,
        due_after: frame.when(case.after.due).text,
    }
}
