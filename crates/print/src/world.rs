//! What the typesetter may see: the one template, the paper as a value, and the fonts.

use std::path::PathBuf;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Dict, Duration, IntoValue};
use typst::syntax::{FileId, Source};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};

use crate::Paper;
use crate::fonts::Fonts;

const TEMPLATE: &str = include_str!("paper.typ");

pub(crate) struct Desk<'a> {
    library: LazyHash<Library>,
    fonts: &'a Fonts,
    template: Source,
}

impl<'a> Desk<'a> {
    pub(crate) fn new(fonts: &'a Fonts, paper: &Paper) -> Self {
        let mut inputs = Dict::new();
        inputs.insert("paper".into(), paper.value());
        inputs.insert("text".into(), fonts.text.clone().into_value());
        inputs.insert("heading".into(), fonts.heading.clone().into_value());
        let library = LazyHash::new(Library::builder().with_inputs(inputs).build());
        Self { library, fonts, template: Source::detached(TEMPLATE) }
    }
}

impl World for Desk<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &self.fonts.book
    }

    fn main(&self) -> FileId {
        self.template.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == self.template.id() { Ok(self.template.clone()) } else { Err(FileError::NotFound(PathBuf::new())) }
    }

    fn file(&self, _: FileId) -> FileResult<Bytes> {
        Err(FileError::AccessDenied)
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.fonts.faces.get(index).cloned()
    }

    /// Nothing a paper says may depend on when it is printed.
    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}
