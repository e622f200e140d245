//! Scores of units: the list of a term, one score with all that belongs to it, and its appeal.

use axum::response::Response;
use muster_core::evaluate::Term;
use muster_core::evaluate::score::Standing;
use muster_core::pack::PartFrom;
use muster_core::people::{Action, Subject, scope};
use muster_core::time::Timestamp;
use muster_store::performance::{AppealRow, ExclusionCase, ScoreLineRow, ScoreRow};
use serde::Deserialize;
use uuid::Uuid;

use super::frame::{Frame, can, explain, holds, is_about_form};
use super::words::Places;
use crate::error::{Error, Result};
use crate::extract::{ApiPath, ApiQuery, PageForm};
use crate::usecase::score_appeal::{NewAppeal, score_appeal};
use crate::usecase::score_approve::score_approve;
use crate::usecase::score_list::score_list;
use crate::usecase::score_make::score_make;
use crate::usecase::score_view::{ScoreFile, score_view};
use crate::view::evaluate::Way;
use crate::view::performance::{
    AppealForm, AppealShown, ExemptShown, JointShown, LineShown, OtherScore, PerformancePage, ScorePage, ScoreShown,
};
use crate::view::{Choice, Group};

/// What is shown where nothing was counted.
const NOTHING: &str = "—";

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    pub(super) term: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Making {
    csrf: String,
    term: String,
    area: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Appealing {
    csrf: String,
    part: String,
    reason: String,
    cases: String,
    ground: String,
}

pub(super) async fn list(frame: Frame, ApiQuery(asked): ApiQuery<Asked>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = scores(&frame, &asked.term, "").await?;
    Ok(frame.draw(&page))
}

pub(super) async fn make(frame: Frame, PageForm(typed): PageForm<Making>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let made = match (term(&typed.term), frame.places().await?.find(&typed.area)) {
        (Ok(Some(term)), Some(area)) => score_make(&frame.state, frame.actor(), area, term).await,
        (Ok(None), _) => Err(Error::invalid("term", "term-unknown", "Choose a period from the list.")),
        (Err(error), _) => Err(error),
        (_, None) => Err(Error::invalid("area", "area-unknown", "Choose an area from the list.")),
    };
    match made {
        Ok(_) => Ok(frame.go(&format!("/performance?term={}", typed.term))),
        Err(error) if is_about_form(&error) => {
            let asked = if term(&typed.term).is_ok() { typed.term.as_str() } else { "" };
            let mut page = scores(&frame, asked, &typed.area).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn view(frame: Frame, ApiPath(id): ApiPath<Uuid>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = score(&frame, id, AppealForm::default()).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn appeal(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Appealing>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let Appealing { part, reason, cases, ground, .. } = typed;
    let codes = cases.split(|c: char| c.is_whitespace() || ",，、;；".contains(c)).filter(|code| !code.is_empty());
    let new = NewAppeal {
        part: part.clone(),
        reason: reason.clone(),
        cases: codes.map(str::to_owned).collect(),
        ground: ground.clone(),
    };
    match score_appeal(&frame.state, frame.actor(), id, &new).await {
        Ok(_) => Ok(frame.go(&format!("/performance/{id}"))),
        Err(error) if is_about_form(&error) => {
            let mut page = score(&frame, id, AppealForm { part, reason, cases, ground }).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn approve(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Appealing>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    match score_approve(&frame.state, frame.actor(), id).await {
        Ok(_) => Ok(frame.go(&format!("/performance/{id}"))),
        Err(error) if is_about_form(&error) => {
            let mut page = score(&frame, id, AppealForm::default()).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

/// The doors beside each other, as far as this person may enter.
pub(super) fn tabs(frame: &Frame, current: &str) -> Vec<Way> {
    let doors = [
        ("/performance", "performance-scores", Action::ScoreView),
        ("/performance/appeals", "appeals-title", Action::AppealList),
        ("/performance/exclusions/new", "exclusion-new-title", Action::ExclusionAsk),
        ("/performance/exclusions", "exclusions-title", Action::ScoreView),
        ("/interviews", "interviews-title", Action::InterviewView),
        ("/performance/signals", "signals-title", Action::SignalList),
        ("/performance/burden", "burden-title", Action::BurdenView),
    ];
    let open = doors.into_iter().filter(|(_, _, action)| holds(frame.actor(), *action));
    open.map(|(href, key, _)| Way { key, href: href.to_owned(), current: href == current }).collect()
}

pub(super) fn term(text: &str) -> Result<Option<Term>> {
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|wrong| Error::invalid("term", "term-unknown", format!("{wrong}.")))
}

pub(super) fn term_name(frame: &Frame, term: Term) -> String {
    let text = crate::i18n::Text { lang: frame.lang };
    let (word, year) = (term.to_string(), term.of_year().to_string());
    match word.split_once('Q') {
        Some((_, quarter)) => text.with2("performance-quarter", "y", year, "q", quarter),
        None => text.with("performance-year", "y", year),
    }
}

pub(super) fn term_group(frame: &Frame, terms: &[Term]) -> Vec<Group> {
    let options = terms.iter().map(|term| Choice::new(term.to_string(), term_name(frame, *term)));
    vec![Group { label: String::new(), options: options.collect() }]
}

/// Hundredths with two digits.
pub(super) fn points(points: Option<i64>) -> String {
    points.map_or_else(|| NOTHING.to_owned(), |points| format!("{}.{:02}", points / 100, points % 100))
}

async fn scores(frame: &Frame, asked: &str, area: &str) -> Result<PerformancePage> {
    let found = score_list(&frame.state, frame.actor(), term(asked)?).await?;
    let places = frame.places().await?;
    let rules = &frame.state.pack.performance;
    let cell = |lines: &[ScoreLineRow], code: &str| {
        points(lines.iter().find(|line| line.part == code).and_then(|line| line.points))
    };
    let row = |(row, lines): &(ScoreRow, Vec<ScoreLineRow>)| ScoreShown {
        id: row.id.to_string(),
        unit: places.unit(row.unit_id),
        cells: rules.parts.iter().map(|part| cell(lines, &part.code)).collect(),
        points: points(row.points),
        mark: row.mark.as_str().to_owned(),
        standing: row.standing.as_str().to_owned(),
    };
    Ok(PerformancePage {
        tabs: tabs(frame, "/performance"),
        term: term_name(frame, found.term),
        terms: term_group(frame, &found.terms),
        asked: found.term.to_string(),
        parts: rules.parts.iter().map(|part| (frame.name(&part.name), part.weight)).collect(),
        rows: found.scores.iter().map(row).collect(),
        weight: rules.weight,
        pass: rules.pass,
        least: rules.least,
        may_make: holds(frame.actor(), Action::ScoreMake),
        areas: areas(frame, &places),
        area: area.to_owned(),
        shell: frame.shell("performance-page"),
    })
}

async fn score(frame: &Frame, id: Uuid, form: AppealForm) -> Result<ScorePage> {
    let file = score_view(&frame.state, frame.actor(), id).await?;
    let rules = &frame.state.pack.performance;
    let shell = frame.shell("score-page");
    let score = &file.score;
    let unit = Subject { area: Some(file.unit.area), unit: Some(file.unit.id) };
    let yearly = score.points.map(|points| points * rules.weight / 100);
    let row = (file.failures > 0).then(|| {
        let follows = rules.consequence(file.failures).filter(|_| score.term.is_year());
        let name = follows.map(|known| frame.name(&known.name)).unwrap_or_default();
        (file.failures, name, follows.map(|known| known.basis.clone()).unwrap_or_default())
    });
    let places = frame.places().await?;
    let parts = rules.parts.iter().map(|part| Choice::new(part.code.clone(), frame.name(&part.name)));
    Ok(ScorePage {
        id: score.id.to_string(),
        unit: file.unit.name.clone(),
        term: term_name(frame, score.term),
        version: score.version,
        points: points(score.points),
        mark: score.mark.as_str().to_owned(),
        standing: score.standing.as_str().to_owned(),
        made: frame.when(score.made_at),
        appeal_until: frame.when(score.appeal_until),
        pack: score.pack.clone(),
        yearly: shell.with2("score-yearly", "w", rules.weight, "p", points(yearly)),
        weight: rules.weight,
        pass: rules.pass,
        lines: file.lines.iter().map(|line| line_shown(frame, &file, line)).collect(),
        joint: file.joint.iter().map(joint_shown).collect(),
        exempt: file.exclusions.iter().map(|held| exempt(frame, &places, held, "", false)).collect(),
        appeal: file.appeal.as_ref().map(|row| appeal_shown(frame, &places, row, score, &file.appealed, "", false)),
        versions: file
            .versions
            .iter()
            .map(|row| other(frame, row, &shell.count("score-version", row.version)))
            .collect(),
        terms: file.terms.iter().map(|row| other(frame, row, "")).collect(),
        row,
        interview: file.interview.as_ref().map(|interview| format!("/interviews/{}", interview.id)),
        may_appeal: score.standing == Standing::Provisional && can(frame.actor(), Action::ScoreAppeal, &unit),
        may_approve: score.standing == Standing::Ruled && can(frame.actor(), Action::ScoreApprove, &unit),
        parts: vec![Group { label: String::new(), options: parts.collect() }],
        grounds: grounds(frame),
        form,
        shell,
    })
}

/// The areas whose units this person may score.
fn areas(frame: &Frame, places: &Places) -> Vec<Group> {
    let reach = scope(frame.actor(), Action::ScoreMake).map(|scope| scope.areas).unwrap_or_default();
    let mut groups = places.area_groups();
    for group in &mut groups {
        group.options.retain(|option| {
            let id: i64 = option.value.parse().unwrap_or_default();
            reach.iter().any(|(first, last)| (*first..=*last).contains(&id))
        });
    }
    groups
}

fn joint_shown(row: &muster_store::performance::JointRow) -> JointShown {
    JointShown { code: row.code.clone(), title: row.title.clone(), met: row.met == 1, exempt: row.kind.is_some() }
}

fn line_shown(frame: &Frame, file: &ScoreFile, line: &ScoreLineRow) -> LineShown {
    let part = frame.state.pack.performance.part(&line.part);
    let (first, last) = file.score.term.days();
    let opens = |side: &str, count: i64| match part.map(|part| &part.from) {
        Some(PartFrom::Indicator(code)) if count > 0 => {
            Some(format!("/dashboard/{code}?unit={}&side={side}&period={first}..{last}", file.unit.id))
        }
        _ => None,
    };
    let rate = (line.worth_all > 0).then(|| format!("{:.2}%", 100.0 * line.worth_met as f64 / line.worth_all as f64));
    LineShown {
        name: part.map_or_else(|| line.part.clone(), |part| frame.name(&part.name)),
        weight: line.weight,
        met: line.met,
        missed: line.missed,
        excluded: line.excluded,
        forgiven: line.forgiven,
        rate: rate.unwrap_or_else(|| NOTHING.to_owned()),
        points: points(line.points),
        zero: part.map_or(0, |part| part.zero),
        full: part.map_or(0, |part| part.full),
        basis: part.map(|part| part.basis.clone()).unwrap_or_default(),
        met_href: opens("numerator", line.met),
        missed_href: opens("rest", line.missed),
    }
}

/// `name` is put before the term.
pub(super) fn other(frame: &Frame, row: &ScoreRow, name: &str) -> OtherScore {
    let parts = [name.to_owned(), term_name(frame, row.term)];
    OtherScore {
        href: format!("/performance/{}", row.id),
        name: parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        points: points(row.points),
        mark: row.mark.as_str().to_owned(),
        standing: row.standing.as_str().to_owned(),
    }
}

/// The grounds of the pack: those that leave a case out, and those that forgive.
pub(super) fn grounds(frame: &Frame) -> Vec<Group> {
    let text = crate::i18n::Text { lang: frame.lang };
    let known = &frame.state.pack.performance.grounds;
    let group = |kind: &muster_core::pack::Exempt| Group {
        label: text.label("exempt", kind.as_str()).into_owned(),
        options: known
            .iter()
            .filter(|ground| ground.kind == *kind)
            .map(|ground| Choice::new(ground.ground.code.clone(), frame.name(&ground.ground.name)))
            .collect(),
    };
    muster_core::pack::Exempt::ALL.iter().map(group).filter(|group| !group.options.is_empty()).collect()
}

pub(super) fn ground_name(frame: &Frame, code: &str) -> String {
    let known = frame.state.pack.performance.ground(code);
    known.map_or_else(|| code.to_owned(), |known| frame.name(&known.ground.name))
}

pub(super) fn exempt(
    frame: &Frame,
    places: &Places,
    held: &ExclusionCase,
    typed: &str,
    may_decide: bool,
) -> ExemptShown {
    let row = &held.row;
    ExemptShown {
        id: row.id.to_string(),
        code: held.code.clone(),
        title: held.title.clone(),
        kind: row.kind.as_str().to_owned(),
        ground: ground_name(frame, &row.ground),
        evidence: row.evidence.clone(),
        state: row.state.clone(),
        answer: row.answer.clone().unwrap_or_default(),
        asked: frame.when(row.asked_at),
        unit: places.unit(row.unit_id),
        answer_id: format!("answer-{}", row.id),
        typed: typed.to_owned(),
        may_decide,
    }
}

pub(super) fn appeal_shown(
    frame: &Frame,
    places: &Places,
    row: &AppealRow,
    score: &ScoreRow,
    cases: &[ExclusionCase],
    typed: &str,
    may_decide: bool,
) -> AppealShown {
    let part = row.part.as_deref().and_then(|code| frame.state.pack.performance.part(code));
    AppealShown {
        id: row.id.to_string(),
        score: score.id.to_string(),
        unit: places.unit(score.unit_id),
        term: term_name(frame, score.term),
        part: part.map(|part| frame.name(&part.name)).unwrap_or_default(),
        reason: row.reason.clone(),
        asked: frame.when(row.asked_at),
        decide_by: frame.when(row.decide_by),
        late: row.state == "open" && row.decide_by <= frame.state.now(),
        state: row.state.clone(),
        answer: row.answer.clone().unwrap_or_default(),
        cases: cases.iter().map(|held| exempt(frame, places, held, "", false)).collect(),
        answer_id: format!("answer-{}", row.id),
        typed: typed.to_owned(),
        may_decide,
    }
}

/// A form's date and time of the city.
pub(super) fn instant(frame: &Frame, text: &str) -> Option<Timestamp> {
    let wall: jiff::civil::DateTime = text.parse().ok()?;
    let at = frame.state.pack.zone.to_ambiguous_timestamp(wall).compatible().ok()?;
    Some(Timestamp(at.as_microsecond()))
}
