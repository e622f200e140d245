//! The built-in policy pack, and packs read from a folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use anyhow::{Context, bail};
use muster_core::pack::{Pack, PackFault};

macro_rules! embedded {
    ($($file:literal),+ $(,)?) => {
        [$(($file, include_str!(concat!("../../../packs/default/", $file)))),+]
    };
}

/// The files of `packs/default` as they were at build time.
const DEFAULT_FILES: [(&str, &str); 20] = embedded![
    "pack.toml",
    "taxonomy.toml",
    "crosswalk.toml",
    "duties.toml",
    "clocks.toml",
    "ladder.toml",
    "flow.toml",
    "calendar.toml",
    "outcomes.toml",
    "refusals.toml",
    "intake.toml",
    "plans.toml",
    "notices.toml",
    "shares.toml",
    "dispatch.toml",
    "performance.toml",
    "indicators.toml",
    "questionnaire.toml",
    "practices.toml",
    "findings.toml",
];

/// The text of a file of the built-in pack.
pub fn default_file(name: &str) -> Option<&'static str> {
    DEFAULT_FILES.iter().find(|(file, _)| *file == name).map(|(_, text)| *text)
}

/// The built-in pack, read once.
///
/// # Panics
/// Never in a tested build: the files are part of the binary and a test loads them.
pub fn default_pack() -> &'static Pack {
    static PACK: OnceLock<Pack> = OnceLock::new();
    PACK.get_or_init(|| match Pack::load(&DEFAULT_FILES) {
        Ok(pack) => pack,
        Err(faults) => panic!("the built-in pack has faults:\n{}", lines(&faults)),
    })
}

/// The pack of a folder: its `.toml` files, and the built-in ones where it has none of that name.
pub fn load_dir(dir: &Path) -> anyhow::Result<Pack> {
    check_dir(dir)?.map_err(|faults| anyhow::anyhow!("the pack in {} has faults:\n{}", dir.display(), lines(&faults)))
}

/// The text of `sense.toml`: the folder's own, else the built-in one.
pub fn sense_rules(dir: Option<&Path>) -> anyhow::Result<String> {
    let own = dir.map(|dir| dir.join("sense.toml")).filter(|file| file.exists());
    match own {
        Some(file) => fs::read_to_string(&file).with_context(|| format!("reading {}", file.display())),
        None => Ok(include_str!("../../../packs/default/sense.toml").to_owned()),
    }
}

/// The text of one file of the pack in force: the folder's own, else the built-in one.
pub fn file_text(dir: Option<&Path>, name: &str) -> anyhow::Result<String> {
    let own = dir.map(|dir| dir.join(name)).filter(|file| file.exists());
    if let Some(file) = own {
        return fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()));
    }
    let built_in = DEFAULT_FILES.iter().find(|(known, _)| *known == name);
    Ok(built_in.with_context(|| format!("the pack has no file {name}"))?.1.to_owned())
}

/// The pack in force with another text in one of its files.
pub fn with_file(dir: Option<&Path>, name: &str, text: &str) -> anyhow::Result<Result<Pack, Vec<PackFault>>> {
    let own = match dir {
        Some(dir) => read_dir(dir)?,
        None => Vec::new(),
    };
    let mut files: BTreeMap<&str, &str> = DEFAULT_FILES.into_iter().collect();
    files.extend(own.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    files.insert(name, text);
    let files: Vec<(&str, &str)> = files.into_iter().collect();
    Ok(Pack::load(&files))
}

/// Like [`load_dir`], with the faults apart from failures to read the folder.
pub fn check_dir(dir: &Path) -> anyhow::Result<Result<Pack, Vec<PackFault>>> {
    let own = read_dir(dir)?;
    if own.is_empty() {
        bail!("{} has no .toml file; a pack overrides files of packs/default by name", dir.display());
    }
    let mut files: BTreeMap<&str, &str> = DEFAULT_FILES.into_iter().collect();
    files.extend(own.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    let files: Vec<(&str, &str)> = files.into_iter().collect();
    Ok(Pack::load(&files))
}

fn read_dir(dir: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    let entries = fs::read_dir(dir).with_context(|| format!("cannot read the folder {}", dir.display()))?;
    for entry in entries {
        let path = entry.with_context(|| format!("cannot read the folder {}", dir.display()))?.path();
        if path.extension().is_some_and(|extension| extension == "toml") {
            let text = fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}; a pack's files are UTF-8 text", path.display()))?;
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            files.push((name, text));
        }
    }
    Ok(files)
}

fn lines(faults: &[PackFault]) -> String {
    faults.iter().map(PackFault::to_string).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::{DEFAULT_FILES, check_dir, default_pack, load_dir};
    use muster_core::pack::FILES;

    #[test]
    fn the_built_in_pack_is_whole() {
        assert_eq!(DEFAULT_FILES.map(|(file, _)| file), FILES);
        assert_eq!(default_pack().version, "2026.1");
    }

    #[test]
    fn a_folder_overrides_files_by_name() -> anyhow::Result<()> {
        let dir = tempfile::tempdir()?;
        let (_, intake) = DEFAULT_FILES.iter().find(|(name, _)| *name == "intake.toml").expect("a file of the pack");
        let intake = intake.replace("title_max = 80", "title_max = 40");
        std::fs::write(dir.path().join("intake.toml"), intake)?;
        std::fs::write(dir.path().join("README.md"), "not a part of the pack")?;
        let pack = load_dir(dir.path())?;
        assert_eq!(pack.intake.title_max, 40);
        assert_eq!(pack.taxonomy.len(), default_pack().taxonomy.len());
        Ok(())
    }

    #[test]
    fn a_folder_that_is_no_pack_is_refused_with_its_name() -> anyhow::Result<()> {
        let dir = tempfile::tempdir()?;
        let name = dir.path().display().to_string();
        let empty = check_dir(dir.path()).map(|_| ()).expect_err("empty").to_string();
        assert!(empty.contains(&name) && empty.contains("no .toml file"), "{empty}");
        let absent = check_dir(&dir.path().join("absent")).map(|_| ()).expect_err("absent").to_string();
        assert!(absent.contains("absent"), "{absent}");
        std::fs::write(dir.path().join("pack.toml"), "version = 1")?;
        let faults = load_dir(dir.path()).map(|_| ()).expect_err("faults").to_string();
        assert!(faults.contains("pack.toml:1: version = \"1\": not a text"), "{faults}");
        Ok(())
    }
}
