//! Papers: what a page shows, as a PDF to sign and keep. One is set at a time, within a limit.

mod minutes;
mod statement;

pub(crate) use minutes::{matter_reason, minutes};
pub(crate) use statement::{dated, entry_words, statement};

use std::path::Path;
use std::sync::{Arc, OnceLock};
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

/// Sets papers; its fonts are read with the first.
#[derive(Debug)]
pub struct Press {
    printer: Arc<OnceLock<Printer>>,
    /// Held by the work itself, so that whoever stops waiting does not let another begin beside it.
    one: Arc<Semaphore>,
}

impl Default for Press {
    fn default() -> Self {
        Self { printer: Arc::default(), one: Arc::new(Semaphore::new(1)) }
    }
}

impl Press {
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

/// What every paper of the city begins with.
fn blank(state: &State, lang: Lang, title: &str) -> Paper {
    let text = Text { lang };
    Paper {
        lang: lang.tag().to_owned(),
        title: text.get(title).into_owned(),
        issuer: name(lang, &state.pack.root_area_name),
        page_words: ["paper-page", "paper-of", "paper-end"].map(|key| words(text, key)),
        ..Paper::default()
    }
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
