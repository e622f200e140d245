//! The fonts a paper is set in: those of a folder that can set Chinese as it is written on the mainland.

use std::path::{Path, PathBuf};

use typst::foundations::Bytes;
use typst::text::{Font, FontBook, FontInfo};
use typst::utils::LazyHash;

use crate::PrintError;

/// Families for the text and for headings, the best first.
const TEXT: [&str; 4] = ["Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC", "Noto Sans CJK SC"];
const HEADING: [&str; 4] = ["Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Noto Serif CJK SC"];
const REGULAR: u16 = 400;
const BOLD: u16 = 700;
/// Deeper folders are not looked into.
const DEPTH: usize = 3;

pub(crate) struct Fonts {
    pub(crate) book: LazyHash<FontBook>,
    pub(crate) faces: Vec<Font>,
    pub(crate) text: String,
    pub(crate) heading: String,
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Fonts").field("text", &self.text).field("heading", &self.heading).finish_non_exhaustive()
    }
}

impl Fonts {
    pub(crate) fn read(folder: &Path) -> Result<Self, PrintError> {
        let mut found: Vec<Font> = Vec::new();
        for file in files(folder, DEPTH).map_err(|cause| unreadable(folder, cause))? {
            let data = std::fs::read(&file).map_err(|cause| unreadable(&file, cause))?;
            let faces: Vec<u32> = (0..)
                .zip(FontInfo::iter(&data))
                .filter(|(_, info)| wanted(info).is_some())
                .map(|(index, _)| index)
                .collect();
            if !faces.is_empty() {
                let data = Bytes::new(data);
                found.extend(faces.into_iter().filter_map(|index| Font::new(data.clone(), index)));
            }
        }
        let best = |families: [&str; 4], weight: u16| {
            let of = |family: &&str| found.iter().find(|font| fits(font.info(), family, weight));
            families.iter().find_map(of)
        };
        let (Some(text), heading) = (best(TEXT, REGULAR), best(HEADING, BOLD)) else {
            return Err(PrintError::NoFont { folder: folder.display().to_string() });
        };
        let heading = heading.unwrap_or(text);
        // Nothing else is kept: a font of this size is 20 MB.
        let faces = vec![text.clone(), heading.clone()];
        Ok(Self {
            text: text.info().family.clone(),
            heading: heading.info().family.clone(),
            book: LazyHash::new(FontBook::from_fonts(&faces)),
            faces,
        })
    }
}

fn wanted(info: &FontInfo) -> Option<()> {
    let text = TEXT.iter().any(|family| fits(info, family, REGULAR));
    let heading = HEADING.iter().any(|family| fits(info, family, BOLD));
    (text || heading).then_some(())
}

fn fits(info: &FontInfo, family: &str, weight: u16) -> bool {
    info.family == family && info.variant.weight.to_number() == weight
}

fn unreadable(path: &Path, cause: std::io::Error) -> PrintError {
    PrintError::Unreadable { folder: path.display().to_string(), cause }
}

/// Font files, in the order of their names, so that the choice is the same everywhere. A folder that is not there has none.
fn files(folder: &Path, depth: usize) -> std::io::Result<Vec<PathBuf>> {
    if !folder.exists() {
        return Ok(Vec::new());
    }
    let mut paths =
        std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<Vec<_>, _>>()?;
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() && depth > 1 {
            found.extend(files(&path, depth - 1)?);
        } else if path.extension().is_some_and(|kind| kind == "ttc" || kind == "otf" || kind == "ttf") {
            found.push(path);
        }
    }
    Ok(found)
}
