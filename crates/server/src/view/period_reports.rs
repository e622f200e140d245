//! Pages of reports of a period.

use askama::Template;

use super::{Group, Shell, When};
use crate::period_report::Document;

/// One report in a list. `state` is of the family `report-state`.
#[derive(Clone, Debug, Default)]
pub struct ReportLine {
    pub id: String,
    pub area: String,
    pub period: String,
    pub state: String,
    pub written: When,
    /// Empty where the machine wrote it.
    pub by: String,
    /// For this person to approve.
    pub waits: bool,
}

/// `GET /reports`.
#[derive(Template)]
#[template(path = "evaluate/period_reports.html")]
pub struct ReportsPage {
    pub shell: Shell,
    pub rows: Vec<ReportLine>,
    pub may_write: bool,
}

/// `GET /reports/new`; posts to `/reports`: `area`, `period`.
#[derive(Template)]
#[template(path = "evaluate/period_report_new.html")]
pub struct ReportNewPage {
    pub shell: Shell,
    pub areas: Vec<Group>,
    pub area: String,
    pub period: String,
}

/// One step a report has taken. `state` is of the family `report-state`.
#[derive(Clone, Debug, Default)]
pub struct Passed {
    pub state: &'static str,
    pub when: When,
    pub by: String,
}

#[derive(Clone, Debug, Default)]
pub struct FileLink {
    pub href: String,
    pub label: String,
}

/// `GET /reports/{id}`; posts to it: `verdict`, `reason`.
#[derive(Template)]
#[template(path = "evaluate/period_report.html")]
pub struct ReportPage {
    pub shell: Shell,
    pub document: Document,
    pub id: String,
    pub state: String,
    pub passed: Vec<Passed>,
    pub reason_given: String,
    pub replaced_by: Option<String>,
    /// Of `approve`, `publish` and `withdraw`, those that are open to this person.
    pub verdicts: Vec<&'static str>,
    /// This person wrote it, so somebody else approves it.
    pub own: bool,
    pub reason: String,
    pub files: Vec<FileLink>,
}

/// `GET /open/reports`.
#[derive(Template)]
#[template(path = "evaluate/open_reports.html")]
pub struct OpenReportsPage {
    pub shell: Shell,
    pub rows: Vec<ReportLine>,
}

/// `GET /open/reports/{id}`: the edition for everybody, or what became of it.
#[derive(Template)]
#[template(path = "evaluate/open_report.html")]
pub struct OpenReportPage {
    pub shell: Shell,
    pub name: String,
    pub document: Option<Document>,
    pub state: String,
    pub published: When,
    pub ended: Option<When>,
    pub reason: String,
    pub replaced_by: Option<String>,
    pub files: Vec<FileLink>,
}
