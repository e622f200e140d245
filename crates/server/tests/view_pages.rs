//! Every page renders in both languages, every key it asks for exists, and nothing in it breaks the content policy.
//!
//! To look at the pages: `MUSTER_PAGES_DIR=/tmp/pages cargo test -p muster-server --test view_pages`, then serve that folder.

mod view_samples;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use askama::Template;
use muster_server::assets;
use muster_server::i18n::{FAMILIES, Lang, SOURCES, Text};
use muster_server::view::intake::{Advice, ContactPage, Draft, HomePage};
use muster_server::view::{Areas, Elder, Shell};

const LANGS: [Lang; 2] = [Lang::Zh, Lang::En];

/// Sample pages of one language, written out when somebody wants to look at them.
fn pages(lang: Lang) -> Vec<view_samples::Sample> {
    let pages = view_samples::all(lang);
    if let Ok(dir) = std::env::var("MUSTER_PAGES_DIR") {
        let folder = Path::new(&dir).join(lang.code());
        fs::create_dir_all(&folder).expect("page folder");
        fs::create_dir_all(Path::new(&dir).join("assets")).expect("asset folder");
        for (name, html) in &pages {
            fs::write(folder.join(format!("{name}.html")), html).expect("page file");
        }
        for name in assets::names() {
            let (bytes, _, _) = assets::get(name).expect("listed asset");
            fs::write(Path::new(&dir).join("assets").join(name), bytes).expect("asset file");
        }
    }
    pages
}

#[test]
fn every_page_speaks_both_languages() {
    for lang in LANGS {
        for (name, html) in pages(lang) {
            let missing: Vec<_> =
                html.match_indices('⟦').map(|(at, _)| html[at..].chars().take(40).collect::<String>()).collect();
            assert!(missing.is_empty(), "{name} in {}: no words for {missing:?}", lang.tag());
            assert!(html.contains(&format!("lang=\"{}\"", lang.tag())), "{name}: language not named");
        }
    }
}

#[test]
fn no_page_breaks_the_content_policy() {
    for (name, html) in pages(Lang::Zh) {
        for banned in [" style=", "<style", " onclick=", "javascript:", "http://", "https://"] {
            assert!(!html.contains(banned), "{name} contains `{banned}`");
        }
        for script in html.match_indices("<script").map(|(at, _)| &html[at..]) {
            assert!(script.starts_with("<script type=\"module\" src=\"/assets/"), "{name} has an inline script");
        }
    }
}

#[test]
fn what_people_typed_is_text() {
    let draft = Draft { text: "</textarea><script>alert(1)</script>\" onfocus=\"x".into(), ..Draft::default() };
    for html in [
        HomePage { shell: Shell::new(Lang::Zh, "home-page"), draft: draft.clone(), areas: Areas::default() }.render(),
        ContactPage { shell: Shell::new(Lang::Zh, "contact-page"), draft, advice: Advice::default() }.render(),
    ] {
        let html = html.expect("page");
        assert!(!html.contains("<script>") && !html.contains("\" onfocus"), "typed text became markup");
        assert!(html.contains("alert(1)"), "typed text was lost");
    }
}

#[test]
fn preferences_are_read_back_as_they_were_kept() {
    for lang in LANGS {
        assert_eq!(Lang::parse(lang.code()), Some(lang));
    }
    for size in [Elder::Off, Elder::Large, Elder::Larger, Elder::Largest] {
        assert_eq!(Elder::parse(size.code()), Some(size));
    }
    assert_eq!(Elder::parse("99"), None);
    assert_eq!(Lang::negotiate("fr, en-GB;q=0.8, zh;q=0.5"), Lang::En);
    assert_eq!(Lang::negotiate("中文"), Lang::Zh);
}

#[test]
fn an_unknown_problem_still_has_words() {
    let mut shell = Shell::new(Lang::Zh, "home-page");
    shell.refuse("text", "never-heard-of", None);
    assert_eq!(shell.problem("text"), Some(&*shell.t("problem-other")));
}

#[test]
fn every_asset_a_page_names_exists() {
    for (name, html) in pages(Lang::Zh) {
        for link in html.match_indices("\"/assets/").map(|(at, _)| html[at + 1..].split('"').next().unwrap_or_default())
        {
            assert!(link.contains("?v="), "{name} links {link}, which is not in web/");
        }
    }
}

#[test]
fn every_form_carries_the_token() {
    for (name, html) in pages(Lang::Zh) {
        for form in html.split("<form").skip(1).filter(|form| form.contains("method=\"post\"")) {
            let body = form.split("</form>").next().unwrap_or_default();
            assert!(body.contains("name=\"csrf\""), "{name}: a form without csrf: {}", &body[..body.len().min(80)]);
        }
    }
}

#[test]
fn ids_are_unique_and_labels_have_their_control() {
    for (name, html) in pages(Lang::Zh) {
        let mut seen = BTreeSet::new();
        for id in attributes(&html, " id=\"") {
            assert!(seen.insert(id), "{name}: id `{id}` twice");
        }
        for id in attributes(&html, " for=\"").into_iter().chain(attributes(&html, "href=\"#")) {
            assert!(seen.contains(id), "{name}: nothing has the id `{id}`");
        }
    }
}

#[test]
fn translations_have_the_same_keys() {
    let [zh, en] = SOURCES.map(|(_, source)| keys(source));
    assert_eq!(zh.difference(&en).collect::<Vec<_>>(), Vec::<&String>::new(), "missing in en.ftl");
    assert_eq!(en.difference(&zh).collect::<Vec<_>>(), Vec::<&String>::new(), "missing in zh-CN.ftl");
    for (lang, source) in SOURCES {
        for key in keys(source) {
            assert!(Text { lang }.has(&key), "{}: `{key}` cannot be read", lang.tag());
        }
    }
}

#[test]
fn families_are_complete() {
    for (family, codes) in FAMILIES {
        for code in *codes {
            for lang in LANGS {
                assert!(Text { lang }.has(&format!("{family}-{code}")), "{}: no `{family}-{code}`", lang.tag());
            }
        }
    }
}

#[test]
fn no_key_is_unused() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = String::new();
    for folder in ["../../web/templates", "src", "tests"] {
        for file in files(&root.join(folder)) {
            sources.push_str(&fs::read_to_string(file).expect("source file"));
        }
    }
    let of_family =
        |key: &str| FAMILIES.iter().any(|(family, codes)| codes.iter().any(|code| key == format!("{family}-{code}")));
    let unused: Vec<_> = keys(SOURCES[0].1)
        .into_iter()
        .filter(|key| !of_family(key) && !sources.contains(&format!("\"{key}\"")))
        .collect();
    assert!(unused.is_empty(), "no page uses {unused:?}");
}

/// The code of a field error is the key of its words: a page never falls back to the API's sentence.
#[test]
fn every_refusal_of_a_field_has_words() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut codes = BTreeSet::new();
    for file in ["src/usecase", "src/pages"].iter().flat_map(|folder| files(&root.join(folder))) {
        let source = fs::read_to_string(file).expect("source file");
        for start in ["invalid(", "fault("] {
            for call in source.split(start).skip(1) {
                if let ["", _, between, code] = call.trim_start().split('"').take(4).collect::<Vec<_>>()[..]
                    && between.trim() == ","
                {
                    codes.insert(code.to_owned());
                }
            }
        }
    }
    assert!(codes.contains("category-unknown") && codes.contains("login-form"), "the codes are found: {codes:?}");
    for refusal in muster_server::password::PasswordRefusal::ALL {
        codes.insert(refusal.code().to_owned());
    }
    for lang in LANGS {
        let missing: Vec<_> = codes.iter().filter(|code| !Text { lang }.has(&format!("problem-{code}"))).collect();
        assert!(missing.is_empty(), "{}: no words for {missing:?}", lang.tag());
    }
}

fn attributes<'a>(html: &'a str, start: &str) -> Vec<&'a str> {
    html.split(start).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

fn keys(source: &str) -> BTreeSet<String> {
    let line_key = |line: &str| {
        let (key, _) = line.split_once(" =")?;
        key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_').then(|| key.to_owned())
    };
    source.lines().filter_map(line_key).collect()
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("folder").map(|entry| entry.expect("entry").path());
    entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect()
}
