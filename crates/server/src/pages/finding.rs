//! One finding: what is wrong, how far it is, and what this person may do about it now.

use axum::response::Response;
use muster_core::area::AreaId;
use muster_core::evaluate::Ratio;
use muster_core::evaluate::finding::{FindingMove, FindingStage};
use muster_core::people::{Action, Actor};
use muster_core::time::{Timestamp, date_of_number};
use muster_store::finding::{FindingRow, FindingStep};
use serde::Deserialize;
use uuid::Uuid;

use super::findings::day;
use super::frame::{Frame, can, explain, is_about_form};
use super::words::Places;
use crate::error::{Error, Result};
use crate::extract::{ApiPath, PageForm};
use crate::i18n::Text;
use crate::usecase::finding_check::finding_check;
use crate::usecase::finding_check_own::finding_check_own;
use crate::usecase::finding_claim::finding_claim;
use crate::usecase::finding_look::finding_look;
use crate::usecase::finding_open::Question;
use crate::usecase::finding_plan::{finding_begin, finding_plan};
use crate::usecase::finding_publish::finding_publish;
use crate::usecase::finding_register::{finding_drop, finding_register};
use crate::usecase::finding_strike::finding_strike;
use crate::usecase::finding_view::{FindingSeen, finding_value, finding_view};
use crate::view::findings::{
    FindingActs, FindingCaseLine, FindingFigure, FindingLine, FindingPage, FindingStepLine, FindingTyped, Station,
};

/// Every form of a finding.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    version: String,
    unit: String,
    due: String,
    measure: String,
    by: String,
    evidence: String,
    verdict: String,
    title: String,
    words: String,
    reason: String,
}

impl Typed {
    fn version(&self) -> Option<i64> {
        self.version.parse().ok()
    }
}

pub(super) async fn view(frame: Frame, ApiPath(id): ApiPath<Uuid>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = page(&frame, id, None).await?;
    Ok(frame.draw(&page))
}

/// A handler of one of its forms: reads, acts, and shows the finding as it is then.
macro_rules! act {
    ($name:ident, |$frame:ident, $id:ident, $typed:ident| $done:expr) => {
        pub(super) async fn $name(
            $frame: Frame,
            ApiPath($id): ApiPath<Uuid>,
            PageForm($typed): PageForm<Typed>,
        ) -> Result<Response> {
            $frame.check(&$typed.csrf)?;
            let done = async { $done }.await;
            after($frame, $id, &$typed, done).await
        }
    };
}

act!(register, |frame, id, typed| {
    let no_unit = |_| Error::invalid("unit", "unit-unknown", "Choose who puts it right; there is no finding without.");
    let owner = (typed.unit.parse().map_err(no_unit)?, day(&frame, "due", &typed.due)?);
    finding_register(&frame.state, frame.actor(), id, owner, typed.version()).await
});
act!(discard, |frame, id, typed| {
    finding_drop(&frame.state, frame.actor(), id, &typed.reason, typed.version()).await
});
act!(claim, |frame, id, typed| finding_claim(&frame.state, frame.actor(), id, typed.version()).await);
act!(plan, |frame, id, typed| {
    let plan = (typed.measure.as_str(), day(&frame, "by", &typed.by)?);
    finding_plan(&frame.state, frame.actor(), id, plan, typed.version()).await
});
act!(begin, |frame, id, typed| finding_begin(&frame.state, frame.actor(), id, typed.version()).await);
act!(check_own, |frame, id, typed| {
    finding_check_own(&frame.state, frame.actor(), id, &typed.evidence, typed.version()).await
});
act!(check, |frame, id, typed| {
    let said = (verdict(&typed.verdict, ("accept", "send_back"))?, typed.reason.as_str());
    finding_check(&frame.state, frame.actor(), id, said, typed.version()).await
});
act!(publish, |frame, id, typed| {
    let public = (typed.title.as_str(), typed.words.as_str());
    finding_publish(&frame.state, frame.actor(), id, public, typed.version()).await
});
act!(strike, |frame, id, typed| {
    finding_strike(&frame.state, frame.actor(), id, &typed.reason, typed.version()).await
});
act!(look, |frame, id, typed| {
    let said = (verdict(&typed.verdict, ("hold", "reopen"))?, typed.reason.as_str());
    finding_look(&frame.state, frame.actor(), id, said, typed.version()).await
});

fn verdict(typed: &str, (yes, no): (&str, &str)) -> Result<bool> {
    if typed == yes {
        return Ok(true);
    }
    let detail = format!("{typed:?} is no decision; use {yes} or {no}.");
    if typed == no { Ok(false) } else { Err(Error::invalid("verdict", "finding-verdict-unknown", detail)) }
}

async fn after(frame: Frame, id: Uuid, typed: &Typed, done: Result<()>) -> Result<Response> {
    match done {
        Ok(()) => Ok(frame.go(&format!("/findings/{id}"))),
        Err(error) if is_about_form(&error) => {
            let mut page = page(&frame, id, Some(typed)).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn page(frame: &Frame, id: Uuid, typed: Option<&Typed>) -> Result<FindingPage> {
    let seen = finding_view(&frame.state, frame.actor(), id).await?;
    let places = frame.places().await?;
    let row = &seen.row;
    let shell = frame.shell("finding-page");
    let at = |at: Option<i64>| at.map(|at| frame.when(Timestamp(at)));
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let asking = asking(row);
    let figure = match &asking {
        Some(asking) => figure_of(frame, &places, asking)
            .await?
            .map(|figure| FindingFigure { now: seen.now.map(|now| (percent(now), sides(now))), ..figure }),
        None => None,
    };
    Ok(FindingPage {
        line: line(frame, &places, row),
        version: row.version,
        words: row.words.clone(),
        found: frame.when(row.found_at),
        due: at(row.due_at),
        plan_due: at(row.plan_due_at),
        measure: text(&row.measure),
        evidence: text(&row.evidence),
        public_title: text(&row.public_title),
        public_words: text(&row.public_words),
        next_look: at(row.look_at),
        figure,
        hotspot: seen.hotspot.clone(),
        cases: (seen.cases.iter())
            .map(|case| FindingCaseLine {
                code: case.code.clone(),
                title: case.title.clone(),
                state: case.state.clone(),
            })
            .collect(),
        stations: stations(row.stage),
        steps: seen.steps.iter().map(|(step, who)| step_line(frame, &places, step, who)).collect(),
        acts: acts(frame.actor(), &seen),
        typed: typed_of(frame, row, typed),
        units: places.unit_groups(),
        shell,
    })
}

fn typed_of(frame: &Frame, row: &FindingRow, typed: Option<&Typed>) -> FindingTyped {
    if let Some(typed) = typed {
        let Typed { unit, due, measure, by, evidence, title, words, reason, .. } = typed.clone();
        return FindingTyped { unit, due, measure, by, evidence, title, words, reason };
    }
    // A day ends where the next begins.
    let last = |at: i64| frame.state.pack.calendar.local_date(Timestamp(at).plus(-1)).to_string();
    let usual = frame.state.now().plus(frame.state.pack.findings.usual_days * Timestamp::DAY);
    FindingTyped {
        due: last(usual.0),
        measure: row.measure.clone().unwrap_or_default(),
        by: row.plan_due_at.or(row.due_at).map(last).unwrap_or_default(),
        title: row.title.clone(),
        ..FindingTyped::default()
    }
}

/// A finding as a line of a list.
pub(super) fn line(frame: &Frame, places: &Places, row: &FindingRow) -> FindingLine {
    FindingLine {
        id: row.id.to_string(),
        title: row.title.clone(),
        source: row.source.to_string(),
        stage: row.stage.to_string(),
        area: places.area_label(row.area),
        unit: row.unit_id.map(|unit| places.unit(unit.into())).unwrap_or_default(),
        owed: row.owed_at.map(|at| frame.due(Timestamp(at))),
        reopened: row.reopened,
    }
}

fn stations(stage: FindingStage) -> Vec<Station> {
    let here = FindingStage::WAY.iter().position(|known| *known == stage);
    let station = |(place, known): (usize, &FindingStage)| Station {
        stage: known.as_str(),
        done: here.is_some_and(|here| place < here),
        current: here == Some(place),
    };
    FindingStage::WAY.iter().enumerate().map(station).collect()
}

fn acts(actor: &Actor, seen: &FindingSeen) -> FindingActs {
    let row = &seen.row;
    let allowed = row.state().map(|state| state.allowed()).unwrap_or_default();
    let may = |step, action| allowed.contains(&step) && can(actor, action, &row.subject());
    let own = match actor {
        Actor::Account(account) => {
            row.own_checked_by == Some(account.id.0)
                || account
                    .grants
                    .iter()
                    .any(|grant| grant.unit.is_some() && grant.unit.map(|unit| unit.0) == row.unit_id)
        }
        _ => false,
    };
    let check = may(FindingMove::Accept, Action::FindingCheck);
    FindingActs {
        register: may(FindingMove::Register, Action::FindingOpen),
        claim: may(FindingMove::Claim, Action::FindingClaim),
        plan: may(FindingMove::Plan, Action::FindingPlan),
        begin: may(FindingMove::Begin, Action::FindingPlan),
        check_own: may(FindingMove::CheckOwn, Action::FindingCheckOwn),
        check: check && !own,
        barred: check && own,
        publish: may(FindingMove::Publish, Action::FindingPublish),
        strike: may(FindingMove::Strike, Action::FindingStrike),
        look: row.look_asked && may(FindingMove::Hold, Action::FindingLook),
    }
}

fn step_line(frame: &Frame, places: &Places, step: &FindingStep, who: &str) -> FindingStepLine {
    let text = Text { lang: frame.lang };
    let number = |name: &str| step.detail[name].as_i64();
    let detail = match step.step {
        FindingMove::Register => {
            let unit = step.detail["unit"].as_str().and_then(|unit| unit.parse().ok()).map(|unit| places.unit(unit));
            let due = number("due").map(|due| frame.when(Timestamp(due)).text).unwrap_or_default();
            text.with2("finding-step-owner", "unit", unit.unwrap_or_default(), "due", due)
        }
        FindingMove::Plan => number("by")
            .map(|by| text.with("finding-step-by", "by", frame.when(Timestamp(by)).text))
            .unwrap_or_default(),
        FindingMove::Hold | FindingMove::Reopen => match (number("numerator"), number("denominator")) {
            (Some(numerator), Some(denominator)) => {
                let now = Ratio { numerator, denominator };
                text.with2("finding-step-figure", "value", percent(now), "sides", sides(now))
            }
            _ => String::new(),
        },
        _ => String::new(),
    };
    FindingStepLine {
        step: step.step.to_string(),
        who: who.to_owned(),
        when: frame.when(step.at),
        text: step.words.clone(),
        detail,
    }
}

/// A figure that is asked for, with what it was if that is known.
pub(super) struct Asking {
    pub(super) area: AreaId,
    pub(super) question: Question,
    pub(super) then: Option<Ratio>,
}

fn asking(row: &FindingRow) -> Option<Asking> {
    let question = Question {
        indicator: row.indicator.clone()?,
        unit: row.figure_unit_id.map(Into::into),
        class: row.class.clone(),
        days: (row.from_day?, row.to_day?),
    };
    Some(Asking { area: row.area, question, then: row.figure() })
}

/// The figure in words, with the way to its cases; `None` where there is no such figure.
pub(super) async fn figure_of(frame: &Frame, places: &Places, asking: &Asking) -> Result<Option<FindingFigure>> {
    let Asking { area, question, then } = asking;
    let then = match then {
        Some(then) => *then,
        None => match finding_value(&frame.state, frame.actor(), *area, question).await {
            Ok(value) => value,
            Err(error) if matches!(error.status(), 403 | 404 | 422) => return Ok(None),
            Err(error) => return Err(error),
        },
    };
    let day = |number: i64| date_of_number(number).map(|date| date.to_string()).unwrap_or_default();
    let (from, to) = (day(question.days.0), day(question.days.1));
    let mut scope = vec![places.area_label(*area)];
    scope.extend(question.unit.map(|unit| places.unit(unit)));
    scope.extend(Some(&question.class).filter(|class| !class.is_empty()).map(|class| frame.category(class)));
    scope.push(format!("{from} – {to}"));
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("area", &area.to_string());
    if let Some(unit) = question.unit {
        query.append_pair("unit", &unit.to_string());
    }
    if !question.class.is_empty() {
        query.append_pair("category", &question.class);
    }
    query.append_pair("period", &format!("{from}..{to}")).append_pair("side", "rest");
    let href = format!("/dashboard/{}?{}", question.indicator, query.finish());
    Ok(Some(FindingFigure {
        name: figure_name(frame, &question.indicator),
        scope: scope.join(" · "),
        then: percent(then),
        then_sides: sides(then),
        now: None,
        href: super::frame::holds(frame.actor(), Action::IndicatorCases).then_some(href),
    }))
}

/// The name of an indicator of the pack; one of another pack stands for itself.
pub(super) fn figure_name(frame: &Frame, code: &str) -> String {
    let indicators = &frame.state.pack.indicators;
    let measured = indicators.get(code).map(|indicator| &indicator.name);
    let awaited = || indicators.awaited().find(|awaited| awaited.code == code).map(|awaited| &awaited.name);
    measured.or_else(awaited).map_or_else(|| code.to_owned(), |name| frame.name(name))
}

fn percent(ratio: Ratio) -> String {
    ratio.percent().map_or_else(|| "—".to_owned(), |percent| format!("{percent:.1}%"))
}

fn sides(ratio: Ratio) -> String {
    format!("{} / {}", ratio.numerator, ratio.denominator)
}
