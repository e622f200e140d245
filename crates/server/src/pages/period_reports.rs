//! Reports of a period: written, approved by somebody else, published; and as everybody reads them.

use axum::response::{IntoResponse, Response};
use muster_core::evaluate::period::{Period, PeriodKind};
use muster_core::evaluate::snapshot::Snapshot;
use muster_core::people::{Action, Subject, scope};
use muster_core::time::Timestamp;
use muster_store::period_report::PeriodReportRow;
use serde::Deserialize;
use uuid::Uuid;

use super::frame::{Frame, can, explain, holds, is_about_form};
use super::words::Places;
use crate::error::{Error, Result};
use crate::extract::{ApiPath, PageForm};
use crate::i18n::Text;
use crate::paper::file_answer;
use crate::period_report::{
    Document, Links, PACKAGE_FILES, document, package_file, paper_of, period_words, title, workbook_of,
};
use crate::usecase::period_report_decide::{Verdict, allowed, period_report_decide};
use crate::usecase::period_report_view::{
    Names, period_report_list, period_report_open, period_report_open_list, period_report_view,
};
use crate::usecase::period_report_write::period_report_write;
use crate::view::Group;
use crate::view::period_reports::{
    FileLink, OpenReportPage, OpenReportsPage, Passed, ReportLine, ReportNewPage, ReportPage, ReportsPage,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    csrf: String,
    area: String,
    period: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Decided {
    csrf: String,
    verdict: String,
    reason: String,
}

pub(super) async fn list(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let (rows, names) = period_report_list(&frame.state, frame.actor()).await?;
    let places = frame.places().await?;
    let page = ReportsPage {
        shell: frame.shell("reports-page"),
        rows: rows.iter().map(|row| line(&frame, &places, row, &names)).collect(),
        may_write: holds(frame.actor(), Action::PeriodReportWrite),
    };
    Ok(frame.draw(&page))
}

fn line(frame: &Frame, places: &Places, row: &PeriodReportRow, names: &Names) -> ReportLine {
    let text = Text { lang: frame.lang };
    ReportLine {
        id: row.id.to_string(),
        area: places.area_label(row.area),
        period: period_words(text, row.period),
        state: row.state.clone(),
        written: frame.when(row.written_at),
        by: row.written_by.and_then(|id| names.get(&id).cloned()).unwrap_or_default(),
        waits: row.state == "draft" && may_approve(frame, row),
    }
}

/// Whether this person may approve it: not the one who wrote it.
fn may_approve(frame: &Frame, row: &PeriodReportRow) -> bool {
    let by = frame.actor().account_id().map(|account| account.0);
    by != row.written_by && can(frame.actor(), Action::PeriodReportDecide, &Subject::area(row.area))
}

pub(super) async fn form(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    scope(frame.actor(), Action::PeriodReportWrite).map_err(crate::usecase::deny)?;
    let today = frame.state.pack.calendar.local_date(frame.state.now());
    let last = Period::of(PeriodKind::Quarter, today).and_then(Period::before);
    let asked = Asked { period: last.map(|last| last.to_string()).unwrap_or_default(), ..Asked::default() };
    let page = new_page(&frame, &asked).await?;
    Ok(frame.draw(&page))
}

async fn new_page(frame: &Frame, asked: &Asked) -> Result<ReportNewPage> {
    let places = frame.places().await?;
    let reach = scope(frame.actor(), Action::PeriodReportWrite).map(|scope| scope.areas).unwrap_or_default();
    let mut areas: Vec<Group> = places.area_groups();
    for group in &mut areas {
        group.options.retain(|option| {
            let id: i64 = option.value.parse().unwrap_or_default();
            reach.iter().any(|(first, last)| (*first..=*last).contains(&id))
        });
    }
    let area = if asked.area.is_empty() {
        areas.iter().flat_map(|group| &group.options).next().map(|first| first.value.clone()).unwrap_or_default()
    } else {
        asked.area.clone()
    };
    Ok(ReportNewPage { shell: frame.shell("report-new-page"), areas, area, period: asked.period.clone() })
}

pub(super) async fn write(frame: Frame, PageForm(asked): PageForm<Asked>) -> Result<Response> {
    frame.check(&asked.csrf)?;
    let written = match read(&frame, &asked).await {
        Ok((area, period)) => period_report_write(&frame.state, frame.actor(), area, period).await,
        Err(error) => Err(error),
    };
    match written {
        Ok((row, _)) => Ok(frame.go(&format!("/reports/{}", row.id))),
        Err(error) if is_about_form(&error) => {
            let mut page = new_page(&frame, &asked).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn read(frame: &Frame, asked: &Asked) -> Result<(muster_core::area::AreaId, Period)> {
    let no_area = || Error::invalid("area", "area-unknown", "Choose an area from the list.");
    let area = frame.places().await?.find(&asked.area).ok_or_else(no_area)?;
    let period = asked.period.parse().map_err(|fault: muster_core::evaluate::period::PeriodFault| {
        Error::invalid("period", "report-period-unknown", format!("{fault}."))
    })?;
    Ok((area, period))
}

pub(super) async fn view(frame: Frame, ApiPath(id): ApiPath<Uuid>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = page(&frame, id, "").await?;
    Ok(frame.draw(&page))
}

pub(super) async fn decide(
    frame: Frame,
    ApiPath(id): ApiPath<Uuid>,
    PageForm(typed): PageForm<Decided>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let verdict = match typed.verdict.as_str() {
        "approve" => Ok(Verdict::Approve),
        "publish" => Ok(Verdict::Publish),
        "withdraw" => Ok(Verdict::Withdraw(typed.reason.clone())),
        other => Err(Error::invalid("verdict", "decision-unknown", format!("{other:?} is no decision."))),
    };
    let done = match verdict {
        Ok(verdict) => period_report_decide(&frame.state, frame.actor(), id, &verdict).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(frame.go(&format!("/reports/{id}"))),
        Err(error) if is_about_form(&error) => {
            let mut page = page(&frame, id, &typed.reason).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn page(frame: &Frame, id: Uuid, reason: &str) -> Result<ReportPage> {
    let (row, snapshot, names) = period_report_view(&frame.state, frame.actor(), id).await?;
    let may_decide = can(frame.actor(), Action::PeriodReportDecide, &Subject::area(row.area));
    let verdicts = allowed(&row.state).iter().filter(|_| may_decide);
    let files = ["report.pdf", "report.xlsx"];
    Ok(ReportPage {
        shell: titled(frame, &snapshot),
        document: drawn(frame, &row, &snapshot),
        id: id.to_string(),
        state: row.state.clone(),
        passed: passed(frame, &row, &names),
        reason_given: row.reason.clone().unwrap_or_default(),
        replaced_by: row.superseded_by.map(|id| format!("/reports/{id}")),
        verdicts: verdicts.copied().filter(|verdict| *verdict != "approve" || may_approve(frame, &row)).collect(),
        own: row.state == "draft" && may_decide && !may_approve(frame, &row),
        reason: reason.to_owned(),
        files: files.map(|name| file_link(frame, "/reports", id, name)).into(),
    })
}

fn titled(frame: &Frame, snapshot: &Snapshot) -> crate::view::Shell {
    let mut shell = frame.shell("reports-page");
    shell.title = title(shell.text, snapshot);
    shell
}

fn drawn(frame: &Frame, row: &PeriodReportRow, snapshot: &Snapshot) -> Document {
    document(&frame.state.pack, row, snapshot, frame.lang, &Links(Some(String::new())))
}

/// What has been done with it, by whom and when.
fn passed(frame: &Frame, row: &PeriodReportRow, names: &Names) -> Vec<Passed> {
    let ended = if row.state == "superseded" { "superseded" } else { "withdrawn" };
    let steps = [
        ("draft", Some(row.written_at.0), row.written_by),
        ("approved", row.approved_at, row.approved_by),
        ("published", row.published_at, row.published_by),
        (ended, row.ended_at, row.ended_by),
    ];
    let step = |(state, at, by): (&'static str, Option<i64>, Option<Uuid>)| {
        let by = by.and_then(|id| names.get(&id).cloned()).unwrap_or_default();
        Some(Passed { state, when: frame.when(Timestamp(at?)), by })
    };
    steps.into_iter().filter_map(step).collect()
}

fn file_link(frame: &Frame, base: &str, id: Uuid, name: &str) -> FileLink {
    let code = name.replace('.', "-");
    FileLink {
        href: format!("{base}/{id}/{name}"),
        label: Text { lang: frame.lang }.label("report-file", &code).into_owned(),
    }
}

pub(super) async fn file(frame: Frame, ApiPath((id, name)): ApiPath<(Uuid, String)>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let (row, snapshot, _) = period_report_view(&frame.state, frame.actor(), id).await?;
    drawn_file(&frame, &row, &snapshot, &name).await
}

/// The paper or the workbook of a report.
async fn drawn_file(frame: &Frame, row: &PeriodReportRow, snapshot: &Snapshot, name: &str) -> Result<Response> {
    let document = drawn(frame, row, snapshot);
    let bytes = match name {
        "report.pdf" => {
            let key = format!("{}/{}/{}/{}", row.id, row.hash, snapshot.edition, frame.lang.tag());
            frame.state.press.print_kept(&frame.state.config.fonts, &key, || paper_of(&document)).await?
        }
        "report.xlsx" => {
            let work = tokio::task::spawn_blocking(move || workbook_of(&document));
            work.await.map_err(|error| Error::internal(&error))??
        }
        _ => return Err(Error::not_found()),
    };
    Ok(file_answer(bytes, name, &format!("{}-{}", row.period, row.area)))
}

pub(super) async fn open_list(frame: Frame) -> Result<Response> {
    let rows = period_report_open_list(&frame.state).await?;
    let places = frame.places().await?;
    let mut page = OpenReportsPage { shell: frame.shell("open-reports-page"), rows: Vec::new() };
    page.rows = rows.iter().map(|row| line(&frame, &places, row, &Names::new())).collect();
    Ok(frame.draw(&page))
}

pub(super) async fn open(frame: Frame, ApiPath(id): ApiPath<Uuid>) -> Result<Response> {
    let (row, snapshot) = period_report_open(&frame.state, id).await?;
    let places = frame.places().await?;
    let mut shell = frame.shell("open-reports-page");
    if let Some(snapshot) = &snapshot {
        shell.title = title(shell.text, snapshot);
    }
    let files = ["report.pdf", "report.xlsx"].into_iter().chain(PACKAGE_FILES);
    let page = OpenReportPage {
        name: format!("{} {}", places.area_label(row.area), period_words(shell.text, row.period)),
        document: snapshot.as_ref().map(|snapshot| drawn(&frame, &row, snapshot)),
        state: row.state.clone(),
        published: row.published_at.map(|at| frame.when(Timestamp(at))).unwrap_or_default(),
        ended: row.ended_at.map(|at| frame.when(Timestamp(at))),
        reason: row.reason.clone().unwrap_or_default(),
        replaced_by: row.superseded_by.map(|id| format!("/open/reports/{id}")),
        files: files.map(|name| file_link(&frame, "/open/reports", id, name)).collect(),
        shell,
    };
    Ok(frame.draw(&page))
}

pub(super) async fn open_file(frame: Frame, ApiPath((id, name)): ApiPath<(Uuid, String)>) -> Result<Response> {
    let (row, snapshot) = period_report_open(&frame.state, id).await?;
    let snapshot = snapshot.ok_or_else(Error::not_found)?;
    match package_file(&row, &snapshot, &name) {
        Some(bytes) => Ok(file_answer(bytes, &name, &format!("{}-{}", row.period, row.area)).into_response()),
        None => drawn_file(&frame, &row, &snapshot, &name).await,
    }
}
