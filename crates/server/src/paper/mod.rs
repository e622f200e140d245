//! Papers: what a page shows, as a PDF to sign and keep. One is set at a time, within a limit.

mod minutes;
mod statement;

pub(crate) use minutes::{matter_reason, minutes};
pub(crate) use statement::{dated, entry_words, statement};

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use axum::http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use muster_core::pack::Name;
use muster_print::{Paper, PrintError, Printer};
use tokio::sync::Semaphore;

use crate::error::{Code, Error, Result};
use crate::i18n::{Lang, Text};
use crate::state::State;

/// How long somebody waits for a paper, those before it included.
const PATIENCE: Duration = Duration::from_secs(30);

/// Papers that are kept after they were set, for everybody who asks for the same.
const KEPT: usize = 24;

/// Sets papers; its fonts are read with the first.
#[derive(Debug)]
pub struct Press {
    printer: Arc<OnceLock<Printer>>,
    /// By a key that says all that the paper says, the last asked for at the end.
    kept: Mutex<VecDeque<(String, Vec<u8>)>>,
    /// Held by the work itself, so that whoever stops waiting does not let another begin beside it.
    one: Arc<Semaphore>,
}

impl Default for Press {
    fn default() -> Self {
        Self { printer: Arc::default(), kept: Mutex::default(), one: Arc::new(Semaphore::new(1)) }
    }
}

impl Press {
    /// As [`Self::print`], for a paper that is the same for everybody: nobody makes the press work twice for it.
    pub(crate) async fn print_kept(&self, folder: &Path, key: &str, paper: impl FnOnce() -> Paper) -> Result<Vec<u8>> {
        if let Some(pdf) = self.kept(key) {
            return Ok(pdf);
        }
        let pdf = self.print(folder, paper()).await?;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.retain(|(known, _)| known != key);
        kept.push_back((key.to_owned(), pdf.clone()));
        if kept.len() > KEPT {
            kept.pop_front();
        }
        Ok(pdf)
    }

    fn kept(&self, key: &str) -> Option<Vec<u8>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let place = kept.iter().position(|(known, _)| known == key)?;
        let found = kept.remove(place)?;
        let pdf = found.1.clone();
        kept.push_back(found);
        Some(pdf)
    }

    pub(crate) async fn print(&self, folder: &Path, paper: Paper) -> Result<Vec<u8>> {
        let (printer, one, folder) = (Arc::clone(&self.printer), Arc::clone(&self.one), folder.to_owned());
        let work = async move {
            let held = one.acquire_owned().await.map_err(|error| Error::internal(&error))?;
            let set = tokio::task::spawn_blocking(move || {
                let _held = held;
                print(&printer, &folder, &paper)
            });
            set.await.map_err(|error| Error::internal(&error))?.map_err(Error::from)
        };
        match tokio::time::timeout(PATIENCE, work).await {
            Ok(done) => done,
            Err(_) => Err(Error::unavailable(PATIENCE.as_secs())),
        }
    }
}

fn print(printer: &OnceLock<Printer>, folder: &Path, paper: &Paper) -> std::result::Result<Vec<u8>, PrintError> {
    // A font that is missing today may be installed tomorrow: only what was found is kept.
    if let Some(printer) = printer.get() {
        return printer.print(paper);
    }
    let opened = Printer::open(folder)?;
    printer.get_or_init(|| opened).print(paper)
}

impl From<PrintError> for Error {
    fn from(fault: PrintError) -> Self {
        match fault {
            PrintError::NoFont { .. } | PrintError::Unreadable { .. } => {
                tracing::warn!(%fault, "a paper was not printed");
                Self::new(Code::FontMissing, format!("{fault}."))
            }
            PrintError::TooLong(_) => Self::too_large(format!("{fault}.")),
            PrintError::Set(_) => Self::internal(&fault),
        }
    }
}

/// The answer that carries a paper, for nobody but the one who asked.
pub(crate) fn answer(pdf: Vec<u8>, name: &str) -> Response {
    let disposition = format!("inline; filename=\"{name}.pdf\"");
    let headers = [
        (CONTENT_TYPE, "application/pdf".to_owned()),
        (CONTENT_DISPOSITION, disposition),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, pdf).into_response()
}

/// The answer that carries a file of a report: papers are shown, the rest is saved.
pub(crate) fn file_answer(bytes: Vec<u8>, name: &str, about: &str) -> Response {
    let kind = name.rsplit('.').next().unwrap_or_default();
    let (content, way) = match kind {
        "pdf" => ("application/pdf", "inline"),
        "xlsx" => ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "attachment"),
        "csv" => ("text/csv; charset=utf-8", "attachment"),
        _ => ("application/json", "inline"),
    };
    let stem = name.trim_end_matches(kind).trim_end_matches('.');
    let headers = [
        (CONTENT_TYPE, content.to_owned()),
        (CONTENT_DISPOSITION, format!("{way}; filename=\"{stem}-{about}.{kind}\"")),
        (CACHE_CONTROL, "no-store".to_owned()),
    ];
    (headers, bytes).into_response()
}

/// What every paper of the city begins with.
fn blank(state: &State, lang: Lang, title: &str) -> Paper {
    let text = Text { lang };
    Paper {
        lang: lang.tag().to_owned(),
        title: text.get(title).into_owned(),
        issuer: name(lang, &state.pack.root_area_name),
        page_words: page_words(text),
        ..Paper::default()
    }
}

/// What stands around the numbers of a page.
pub(crate) fn page_words(text: Text) -> [String; 3] {
    ["paper-page", "paper-of", "paper-end"].map(|key| words(text, key))
}

/// A translation file drops blanks at the ends of a line; the marks of a paper need theirs, written as `_`.
fn words(text: Text, key: &str) -> String {
    text.get(key).replace('_', " ")
}

fn name(lang: Lang, name: &Name) -> String {
    match lang {
        Lang::En if !name.en.is_empty() => name.en.clone(),
        _ => name.zh.clone(),
    }
}
