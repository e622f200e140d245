//! Practices beside a case: what others did in a matter like it, and taking one up.

use axum::response::Response;
use muster_core::people::Action;
use muster_core::process::CaseState;
use muster_core::sense::likeness::shared;
use serde::Deserialize;
use uuid::Uuid;

use super::frame::{Frame, can};
use super::practices::line;
use super::words::Places;
use crate::error::Result;
use crate::extract::{ApiPath, PageForm};
use crate::usecase::case_view::CaseFile;
use crate::usecase::practice_likely::practice_likely;
use crate::usecase::practice_use::practice_use;
use crate::view::Shell;
use crate::view::practices::{BesideCase, LikelyShown};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Taken {
    csrf: String,
}

/// Words that a case and a practice share, of which so many are shown.
const WORDS: usize = 3;
/// From so much on, likeness is called close, or near.
const CLOSE: f32 = 0.15;
const NEAR: f32 = 0.06;

/// The case again, with the measures in the draft of the answer.
pub(super) async fn take(
    frame: Frame,
    ApiPath((code, id)): ApiPath<(String, Uuid)>,
    PageForm(typed): PageForm<Taken>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    practice_use(&frame.state, frame.actor(), &code, id).await?;
    Ok(frame.go(&format!("/case/{code}?practice={id}#answer-title")))
}

/// What the page of a case shows of practices.
pub(super) async fn beside(frame: &Frame, shell: &Shell, places: &Places, file: &CaseFile) -> Result<BesideCase> {
    let case = &file.case;
    let likely = if matches!(case.state, CaseState::Triage | CaseState::Assigned | CaseState::Working) {
        practice_likely(&frame.state, frame.actor(), case).await?
    } else {
        Vec::new()
    };
    let may_use = can(frame.actor(), Action::PracticeUse, &case.subject());
    let shown = likely.into_iter().map(|likely| {
        let row = &likely.shown.row;
        let practice = format!("{}\n{}\n{}", row.title, row.matter, row.measures);
        LikelyShown {
            line: line(frame, shell, places, &likely.shown),
            measures: row.measures.clone(),
            likeness: match likely.likeness {
                close if close >= CLOSE => "close",
                near if near >= NEAR => "near",
                _ => "some",
            },
            same_class: likely.same_class,
            words: shared(&case.text, &practice).into_iter().take(WORDS).map(str::to_owned).collect(),
            used: likely.used,
            may_use,
        }
    });
    Ok(BesideCase {
        likely: shown.collect(),
        drafted: None,
        own: file.practice.map(|id| id.to_string()),
        may_propose: case.state == CaseState::Closed
            && file.practice.is_none()
            && can(frame.actor(), Action::PracticePropose, &case.subject()),
    })
}
