//! The plan of a case: see it, give parts out, sign for one's own and finish it.

use std::collections::BTreeMap;

use axum::response::Response;
use jiff::civil::Date;
use muster_core::id::UnitId;
use serde::Deserialize;

use super::frame::{Frame, explain, is_about_form};
use super::plan_parts::page;
use crate::error::{Error, Result};
use crate::extract::{ApiPath, ApiQuery, PageForm};
use crate::usecase::part_accept::part_accept;
use crate::usecase::part_add::{NewPart, part_add};
use crate::usecase::part_cancel::part_cancel;
use crate::usecase::part_done::{PartResult, part_done};
use crate::usecase::plan_apply::{Taken, plan_apply};
use crate::view::plan::{PartForm, PartTyped};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    template: String,
}

/// The form for a new part; the fields of [`PartForm`].
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Added {
    csrf: String,
    version: String,
    title: String,
    unit: String,
    helper: String,
    amount: String,
    budget_unit: String,
    parent: String,
    after: String,
    not_before: String,
    optional: String,
    reason: String,
}

/// The forms of one part.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct OfPart {
    csrf: String,
    version: String,
    text: String,
    evidence: String,
    reason: String,
}

/// What stood in the forms when one of them comes back.
#[derive(Debug, Default)]
pub(super) struct Back {
    pub(super) form: PartForm,
    pub(super) part: Option<(i64, PartTyped)>,
    pub(super) template: String,
    pub(super) chosen: BTreeMap<String, String>,
}

pub(super) async fn view(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    ApiQuery(asked): ApiQuery<Asked>,
) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = page(&frame, &code, Back { template: asked.template, ..Back::default() }).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn add(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Added>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let version = typed.version.parse().ok();
    let done = match typed.read() {
        Ok(new) => part_add(&frame.state, frame.actor(), &code, &new, version).await.map(drop),
        Err(error) => Err(error),
    };
    after(frame, &code, Back { form: typed.form(), ..Back::default() }, done, str::to_owned).await
}

pub(super) async fn apply(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<BTreeMap<String, String>>,
) -> Result<Response> {
    let word = |name: &str| typed.get(name).cloned().unwrap_or_default();
    frame.check(&word("csrf"))?;
    let chosen = typed.iter().filter_map(|(name, unit)| Some((name.strip_prefix("unit-")?, unit)));
    let units: BTreeMap<String, UnitId> =
        chosen.filter_map(|(key, unit)| Some((key.to_owned(), unit.parse().ok()?))).collect();
    let taken =
        Taken { template: word("template"), units, reason: word("reason"), version: word("version").parse().ok() };
    let done = plan_apply(&frame.state, frame.actor(), &code, &taken).await.map(drop);
    let back = Back { template: taken.template, chosen: typed, ..Back::default() };
    let rename = |field: &str| match field.strip_prefix("units/") {
        Some(key) => format!("unit-{key}"),
        None if field == "reason" => "plan-reason".to_owned(),
        None => field.to_owned(),
    };
    after(frame, &code, back, done, rename).await
}

pub(super) async fn accept(
    frame: Frame,
    ApiPath((code, number)): ApiPath<(String, i64)>,
    PageForm(typed): PageForm<OfPart>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let done = part_accept(&frame.state, frame.actor(), (&code, number), typed.version.parse().ok()).await.map(drop);
    after(frame, &code, typed.back(number), done, str::to_owned).await
}

pub(super) async fn done(
    frame: Frame,
    ApiPath((code, number)): ApiPath<(String, i64)>,
    PageForm(typed): PageForm<OfPart>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let result = PartResult { text: typed.text.clone(), evidence: typed.evidence.clone() };
    let version = typed.version.parse().ok();
    let done = part_done(&frame.state, frame.actor(), (&code, number), &result, version).await.map(drop);
    after(frame, &code, typed.back(number), done, |field| format!("{field}-{number}")).await
}

pub(super) async fn cancel(
    frame: Frame,
    ApiPath((code, number)): ApiPath<(String, i64)>,
    PageForm(typed): PageForm<OfPart>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let version = typed.version.parse().ok();
    let done = part_cancel(&frame.state, frame.actor(), (&code, number), &typed.reason, version).await.map(drop);
    after(frame, &code, typed.back(number), done, |field| format!("{field}-{number}")).await
}

/// The plan again: changed, or with what was typed and why it was not taken.
async fn after(
    frame: Frame,
    code: &str,
    back: Back,
    done: Result<()>,
    rename: impl Fn(&str) -> String,
) -> Result<Response> {
    match done {
        Ok(()) => Ok(frame.go(&format!("/case/{code}/plan"))),
        Err(error) if is_about_form(&error) => {
            let mut page = page(&frame, code, back).await?;
            explain(&mut page.shell, &error, rename);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

impl OfPart {
    fn back(self, number: i64) -> Back {
        let typed = PartTyped { text: self.text, evidence: self.evidence, reason: self.reason };
        Back { part: Some((number, typed)), ..Back::default() }
    }
}

impl Added {
    fn form(&self) -> PartForm {
        PartForm {
            title: self.title.clone(),
            unit: self.unit.clone(),
            helper: self.helper.clone(),
            amount: self.amount.clone(),
            budget_unit: self.budget_unit.clone(),
            parent: self.parent.clone(),
            after: self.after.clone(),
            not_before: self.not_before.clone(),
            optional: !self.optional.is_empty(),
            reason: self.reason.clone(),
        }
    }

    fn read(&self) -> Result<NewPart> {
        let no_number = |text: &str| {
            Error::invalid("after", "part-unknown", format!("{text:?} is no number of a part; write such as 1, 2."))
        };
        let numbers = self.after.split([',', '，', '、', ' ']).map(str::trim).filter(|text| !text.is_empty());
        let after: Vec<i64> =
            numbers.map(|text| text.parse().map_err(|_| no_number(text))).collect::<Result<Vec<_>>>()?;
        let no_day = || {
            let detail = format!("{:?} is no day; write it as 2026-06-01.", self.not_before);
            Error::invalid("not_before", "date-wrong", detail)
        };
        let not_before: Option<Date> = match self.not_before.trim() {
            "" => None,
            text => Some(text.parse().map_err(|_| no_day())?),
        };
        Ok(NewPart {
            title: self.title.clone(),
            unit: self.unit.parse().ok(),
            cooperating: self.helper.parse().into_iter().collect(),
            required: self.optional.is_empty(),
            // What is no number is out of range.
            amount: self.amount.trim().parse().unwrap_or(0),
            budget_unit: self.budget_unit.clone(),
            parent: self.parent.parse().ok(),
            after,
            not_before,
            reason: self.reason.clone(),
        })
    }
}
