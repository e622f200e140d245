//! What comes out of the typesetter: every word as it was written, inside the page, the same every time.

use std::path::Path;

use typst::layout::{Abs, Frame, FrameItem, Point};
use typst_layout::PagedDocument;

use crate::world::Desk;
use crate::{Bar, Bars, CHARACTERS_MOST, Column, Paper, PrintError, Printer, Section, Table};

/// Where the Debian package fonts-noto-cjk puts them; `scripts/setup` installs it.
const FONTS: &str = "/usr/share/fonts/opentype/noto";

fn printer() -> Printer {
    Printer::open(Path::new(FONTS)).unwrap()
}

fn paper() -> Paper {
    let section = |place: usize| Section {
        heading: format!("{place}. 老旧小区屋面渗漏"),
        mark: format!("CODE-{place}"),
        aside: "等了 12 天".to_owned(),
        lines: vec![("决定".to_owned(), "由住建局牵头".to_owned())],
        said: vec!["按时率 93.2%".to_owned()],
        chart: Some(Bars {
            names: vec!["本期".to_owned(), "上期".to_owned()],
            bars: vec![Bar {
                label: "柳河街道".to_owned(),
                values: vec![(1_000, "128".to_owned()), (500, "64".to_owned())],
            }],
        }),
        table: Some(Table {
            columns: vec![
                Column { name: "承办单位".to_owned(), amount: false },
                Column { name: "金额".to_owned(), amount: true },
            ],
            rows: vec![
                vec!["水务局".to_owned(), "1,000.00".to_owned()],
                vec!["合计".to_owned(), "1,000.00".to_owned()],
            ],
            sums: true,
            even: false,
        }),
    };
    Paper {
        lang: "zh-CN".to_owned(),
        title: "联席会议纪要".to_owned(),
        issuer: "明湖市".to_owned(),
        date: (2026, 5, 12),
        facts: vec![("地点".to_owned(), "301 室".to_owned())],
        sections: (1..=12).map(section).collect(),
        signatures: vec!["主持：".to_owned(), "记录：".to_owned()],
        note: String::new(),
        page_words: ["第 ".to_owned(), " 页，共 ".to_owned(), " 页".to_owned()],
    }
}

/// The words of every page, and how far right the furthest of them reaches.
fn set(printer: &Printer, paper: &Paper) -> (Vec<String>, Abs) {
    let document: PagedDocument = typst::compile(&Desk::new(&printer.fonts, paper)).output.unwrap();
    let mut furthest = Abs::zero();
    let page = |frame: &Frame, furthest: &mut Abs| {
        let mut words = String::new();
        walk(frame, Point::zero(), &mut words, furthest);
        words
    };
    (document.pages().iter().map(|set| page(&set.frame, &mut furthest)).collect(), furthest)
}

fn walk(frame: &Frame, at: Point, words: &mut String, furthest: &mut Abs) {
    for (place, item) in frame.items() {
        match item {
            FrameItem::Group(group) => walk(&group.frame, at + *place, words, furthest),
            FrameItem::Text(text) => {
                words.push_str(&text.text);
                furthest.set_max(at.x + place.x + text.width());
            }
            _ => {}
        }
    }
}

#[test]
fn the_same_paper_is_the_same_bytes() {
    let one = printer().print(&paper()).unwrap();
    assert!(one.starts_with(b"%PDF-") && one.len() > 5_000, "{} bytes", one.len());
    assert_eq!(one, printer().print(&paper()).unwrap());
    let other = Paper { title: "另一份".to_owned(), ..paper() };
    assert_ne!(one, printer().print(&other).unwrap());
}

#[test]
fn pages_are_numbered_and_say_whose_they_are() {
    let (pages, _) = set(&printer(), &paper());
    assert!(pages.len() >= 2, "{} pages", pages.len());
    for (place, words) in (1..).zip(&pages) {
        assert!(words.contains(&format!("第 {place} 页，共 {} 页", pages.len())), "{words}");
        assert!(words.contains("明湖市") && words.contains("CODE-"), "{words}");
    }
    for words in ["按时率 93.2%", "柳河街道", "128", "上期"] {
        assert!(pages[0].contains(words), "{words} in {}", pages[0]);
    }
    assert!(pages[0].contains("CODE-1") && !pages[0].contains("CODE-12"), "{}", pages[0]);
    let last = &pages[pages.len() - 1];
    assert!(last.contains("CODE-12") && last.contains("主持：") && !last.contains("CODE-1 "), "{last}");
}

#[test]
fn what_people_wrote_is_never_markup() {
    let words =
        r#"#panic("spliced") #sys.inputs $x^2$ *bold* _it_ \u{41} `raw` <mark> @ref // note = head [a] {b} "q" ~ --"#;
    let (printer, mut paper) = (printer(), paper());
    paper.sections.truncate(1);
    paper.sections[0].lines = vec![("决定".to_owned(), words.to_owned())];
    words.clone_into(&mut paper.sections[0].heading);
    paper.sections[0].table = None;
    words.clone_into(&mut paper.title);
    let squeezed = |text: &str| text.chars().filter(|c| !c.is_whitespace() && *c != '\u{200b}').collect::<String>();
    let (pages, _) = set(&printer, &paper);
    assert_eq!(squeezed(&pages.concat()).matches(&squeezed(words)).count(), 3, "{}", pages.concat());
    printer.print(&paper).unwrap();
}

#[test]
fn a_very_long_line_stays_on_the_page() {
    let (printer, mut paper) = (printer(), paper());
    for line in ["x".repeat(5_000), "好".repeat(5_000), "1234567890.".repeat(400), "¡".repeat(3_000)] {
        paper.sections[0].lines = vec![("决定".to_owned(), line.clone())];
        paper.sections[0].said = vec![line.clone()];
        paper.sections[0].chart.as_mut().unwrap().bars[0].label.clone_from(&line);
        paper.sections[0].table.as_mut().unwrap().rows[0][0] = line;
        let (pages, furthest) = set(&printer, &paper);
        let width = Abs::mm(210.0) - Abs::cm(2.4) + Abs::pt(1.0);
        assert!(furthest <= width, "{} reaches {furthest:?} of {width:?}", &pages[0][..200]);
    }
}

#[test]
fn what_cannot_be_printed_is_said() {
    let empty = tempfile::tempdir().unwrap();
    for folder in [empty.path(), Path::new("/nowhere")] {
        let error = Printer::open(folder).expect_err("no font").to_string();
        assert!(error.contains("fonts-noto-cjk") && error.contains(&folder.display().to_string()), "{error}");
    }
    let mut long = paper();
    long.sections[0].aside = "好".repeat(CHARACTERS_MOST);
    assert!(matches!(printer().print(&long), Err(PrintError::TooLong(_))));
}
