//! Which classifier judges; what people decided becomes a proposal, and a named person adopts it.

use axum::response::Response;
use muster_core::people::{Action, Subject};
use muster_core::time::Timestamp;
use muster_store::people::account_get;
use serde::Deserialize;
use uuid::Uuid;

use super::frame::{Frame, can, explain, is_about_form};
use crate::error::{Code, Error, Result};
use crate::extract::{ApiPath, PageForm};
use crate::usecase::model_decide::{Verdict, model_decide};
use crate::usecase::model_list::{Models, model_list};
use crate::usecase::model_propose::{LEAST, Right, Trial, model_propose};
use crate::view::Notice;
use crate::view::models::{ModelsPage, Shown, Week};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    verdict: String,
    reason: String,
}

pub(super) async fn list(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = page(&frame, None).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn propose(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    match model_propose(&frame.state, frame.actor()).await {
        Ok((row, _)) => Ok(frame.go(&format!("/models#model-{}", row.id))),
        Err(error) if error.code() == Code::IllegalMove => {
            let mut page = page(&frame, None).await?;
            let key = error.fields().first().map_or("models-same", |fault| fault.code.as_str());
            page.shell.notice = Some(Notice { good: false, text: page.shell.with(key, "n", LEAST) });
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn decide(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let verdict = match typed.verdict.as_str() {
        "adopt" => Ok(Verdict::Adopt),
        "retire" => Ok(Verdict::Retire),
        "reject" => Ok(Verdict::Reject),
        other => Err(Error::invalid("verdict", "verdict-unknown", format!("{other:?} is no decision."))),
    };
    let done = match verdict {
        Ok(verdict) => model_decide(&frame.state, frame.actor(), id, verdict, &typed.reason).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(frame.go(&format!("/models#model-{id}"))),
        Err(error) if is_about_form(&error) => {
            let mut page = page(&frame, Some((id, &typed))).await?;
            explain(&mut page.shell, &error, |field| format!("{field}-{id}"));
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn page(frame: &Frame, typed: Option<(Uuid, &Typed)>) -> Result<ModelsPage> {
    let Models { judges, is_shipped, models, weeks, mix } = model_list(&frame.state, frame.actor()).await?;
    let city = Subject::area(frame.state.pack.root_area);
    let may_decide = can(frame.actor(), Action::ModelDecide, &city);
    let mut shown = Vec::new();
    let mut tx = frame.state.read().await?;
    for (row, trial) in models {
        let by = match row.decided_by {
            Some(id) => account_get(&mut tx, id.into()).await?.map(|account| account.name),
            None => None,
        };
        let typed = typed.filter(|(of, _)| *of == row.id).map(|(_, typed)| typed);
        let verdicts = if may_decide { verdicts(&row.state) } else { Vec::new() };
        shown.push(Shown {
            id: row.id.to_string(),
            state: row.state,
            version: row.version,
            base: row.base,
            made: frame.when(Timestamp(row.made_at)),
            by: by.unwrap_or_default(),
            when: row.decided_at.map(|at| frame.when(Timestamp(at))),
            reason: row.reason.unwrap_or_default(),
            verdicts,
            reason_id: format!("reason-{}", row.id),
            typed: typed.map(|typed| typed.reason.clone()).unwrap_or_default(),
            is_open: typed.is_some(),
            ..tried(frame, &trial)
        });
    }
    let unread = shown.iter().any(|model| model.state == "adopted" && model.version != judges);
    Ok(ModelsPage {
        shell: frame.shell("models-page"),
        unread,
        judges,
        is_shipped,
        may_propose: can(frame.actor(), Action::ModelPropose, &city),
        least: LEAST,
        models: shown,
        weeks: weeks.iter().skip_while(|week| week.judged == 0).map(|week| shown_week(frame, week)).collect(),
        mix: mix.map(|mix| format!("{:.0} %", mix * 100.0)),
    })
}

fn verdicts(state: &str) -> Vec<&'static str> {
    match state {
        "proposed" => vec!["adopt", "reject"],
        "retired" | "rejected" => vec!["adopt"],
        "adopted" => vec!["retire"],
        _ => Vec::new(),
    }
}

fn tried(frame: &Frame, trial: &Trial) -> Shown {
    let share = |right: Right| part(right.right as i64, right.of as i64);
    let sure = |count: usize| part(count as i64, trial.seen as i64);
    let moves = trial.moves.iter().map(|(from, to, count)| (frame.category(from), frame.category(to), *count));
    Shown {
        decided: trial.decided,
        carried: trial.carried,
        before: share(trial.before),
        after: share(trial.after),
        carried_before: share(trial.carried_before),
        carried_after: share(trial.carried_after),
        alone_before: share(trial.alone_before),
        alone_after: share(trial.alone_after),
        gains: trial.after.right > trial.before.right,
        seen: trial.seen,
        changed: trial.changed,
        sure_before: sure(trial.sure_before),
        sure_after: sure(trial.sure_after),
        moves: moves.collect(),
        ..Shown::default()
    }
}

fn shown_week(frame: &Frame, week: &crate::usecase::model_list::Week) -> Week {
    let none = "–".to_owned();
    Week {
        began: frame.state.pack.calendar.local_date(week.began).to_string(),
        judged: week.judged,
        confidence: if week.judged == 0 { none } else { format!("{:.0}\u{a0}%", week.confidence * 100.0) },
        sure: part(week.sure, week.judged),
        decided: week.decided,
        otherwise: part(week.otherwise, week.decided),
    }
}

/// A share with both of its sides.
fn part(of: i64, all: i64) -> String {
    if all == 0 {
        "–".to_owned()
    } else {
        format!("{:.0}\u{a0}% （{of}\u{a0}/\u{a0}{all}）", of as f64 * 100.0 / all as f64)
    }
}
