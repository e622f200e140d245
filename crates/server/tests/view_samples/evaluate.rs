//! Samples of the pages of figures.

use askama::Template;
use muster_server::i18n::Lang;
use muster_server::view::chart::{Chart, Point};
use muster_server::view::evaluate::{
    Aim, Aimed, Cell, CellSide, Column, Compared, Comparison, Counted, DashboardPage, Defined, Desk, Fair, FairLine,
    Figure, FigureCasesPage, FigureDot, FigureFilter, FigureMap, How, IndicatorsPage, MapRow, OpenPage, Queue, Queues,
    Side, SpotLine, Trend, WallPage, Way,
};
use muster_server::view::process::Pager;

use super::{Sample, areas, group, process, shell, staff, when};

const CODES: [&str; 6] = ["received", "response", "on_time", "claimed", "confirmed", "satisfaction"];
const NAMES: [&str; 6] = ["收到诉求", "响应率", "按时率", "单位认定解决率", "居民确认解决率", "满意率"];

fn how() -> How {
    How {
        formula: "按时答复的 ÷（按时答复的 + 到期没有答复的）。".into(),
        left_out: "时限未到的两边都不算。".into(),
        basis: "本产品定义".into(),
    }
}

fn figures(open: bool) -> Vec<Figure> {
    let values = [
        ("1,284", "", ""),
        ("99.1%", "1,272", "1,284"),
        ("93.2%", "1,101", "1,181"),
        ("88.0%", "1,039", "1,181"),
        ("71.5%", "844", "1,181"),
        ("—", "", ""),
    ];
    let figure = |((code, name), (value, numerator, denominator)): ((&str, &str), (&str, &str, &str))| Figure {
        code: code.into(),
        name: name.into(),
        how: how(),
        aim: (code == "on_time")
            .then(|| Aim { text: "目标不低于 95%，还差 1.8 个百分点".into(), missed: true }),
        value: value.into(),
        numerator: numerator.into(),
        denominator: denominator.into(),
        interval: if denominator.is_empty() { String::new() } else { "95% 区间 91.6%–94.5%".into() },
        ratio: code != "received",
        small: value == "—",
        notes: if open || code != "on_time" { Vec::new() } else { vec!["比之前 30 天高 1.2 个百分点".into()] },
        href: (!open).then(|| format!("/dashboard/{code}?period=2026-11")),
    };
    CODES.into_iter().zip(NAMES).zip(values).map(figure).collect()
}

fn trend() -> Trend {
    let heights = [88.0, 91.5, 93.2, 90.1, 95.0, 96.2, 93.0, 94.4, 0.0, 92.5, 93.9, 93.2];
    let points: Vec<_> = heights
        .iter()
        .enumerate()
        .map(|(n, height)| Point {
            label: format!("{}月", n + 1),
            value: (n != 8).then_some(*height),
            shown: if n == 8 { "—".into() } else { format!("{height}%") },
        })
        .collect();
    Trend { id: "ratio", name: "按时率".into(), chart: Chart::new(&points, "%") }
}

fn comparison() -> Comparison {
    let side = |code, count| CellSide { code, count, href: Some(format!("/dashboard/on_time?side={code}")) };
    let line = |label: &str, empty: bool| Compared {
        label: label.into(),
        href: Some("/dashboard?area=330101".into()),
        cells: (0..CODES.len())
            .map(|n| Cell {
                text: if empty { "—".into() } else { ["412", "99.0%", "94.1%", "90.2%", "73.0%", "70.4%"][n].into() },
                small: !empty && n == 5,
                href: (n == 0 && !empty).then(|| "/dashboard/received?area=330101".into()),
                sides: if n == 0 || empty {
                    Vec::new()
                } else {
                    vec![side("numerator", 388), side("denominator", 412)]
                },
            })
            .collect(),
    };
    let way = |key, code: &str| Way { key, href: format!("/dashboard?by={code}"), current: code == "area" };
    Comparison {
        ways: vec![way("compare-area", "area"), way("compare-unit", "unit")],
        columns: NAMES.map(|name| Column { name: name.into(), formula: how().formula }).to_vec(),
        lines: vec![line("柳河街道", false), line("渡口街道", false), line("云台镇", true)],
        total: line("合计", false),
    }
}

fn desk() -> Desk {
    let queue = |(code, count)| Queue { code, count, href: (code != "late").then(|| "/inbox?tab=all".into()) };
    let counts = [("triage", 3), ("assigned", 8), ("working", 41), ("answered", 12), ("soon", 5), ("late", 2)];
    let dot = |(x, shade, name): (u32, &'static str, &str)| FigureDot {
        x,
        y: 200,
        r: 20,
        shade,
        name: name.into(),
        value: "93.2%".into(),
        words: "middle",
        href: "/dashboard?area=330101".into(),
    };
    let dots: Vec<_> =
        [(120, "good", "柳河街道"), (360, "close", "渡口街道"), (600, "short", "云台镇")].map(dot).into();
    let row = |dot: &FigureDot| MapRow {
        name: dot.name.clone(),
        href: dot.href.clone(),
        count: 412,
        value: dot.value.clone(),
        shade: dot.shade,
    };
    Desk {
        scope: "望江区 · 2026 年 11 月".into(),
        fresh: when("11月23日 周一 09:30"),
        live: true,
        queues: Queues { at: when("11月23日 周一 09:30"), list: counts.map(queue).into() },
        figures: figures(false),
        map: Some(FigureMap {
            name: "按时率".into(),
            lead: "收到诉求".into(),
            width: 720,
            height: 420,
            rows: dots.iter().map(row).collect(),
            dots,
            shades: vec!["good", "close", "short", "few", "plain"],
        }),
        trends: vec![trend()],
        spots: vec![SpotLine {
            name: "停水 水压".into(),
            area: "柳河街道".into(),
            people: 14,
            last: when("11月23日 周一 08:10"),
            is_taken: true,
        }],
    }
}

fn fair() -> Vec<FairLine> {
    let line = |(label, standing): (&str, &'static str)| FairLine {
        label: label.into(),
        href: "/dashboard?area=330101".into(),
        observed: "94.1%".into(),
        sides: "388/412".into(),
        expected: "93.0%".into(),
        ratio: "1.01".into(),
        interval: "0.98–1.03".into(),
        standing,
    };
    [("柳河街道", "as_expected"), ("渡口街道", "above"), ("云台镇", "below"), ("山口村", "few")].map(line).into()
}

fn indicators(lang: Lang) -> IndicatorsPage {
    let aim = Aimed { from: 2026, levels: "街道、乡镇".into(), percent: 98.0, basis: "由本级核定".into() };
    let measured = Defined {
        code: "on_time".into(),
        name: "按时率".into(),
        how: how(),
        unit: "办理时限".into(),
        over: vec!["按时答复".into()],
        under: vec!["按时答复".into(), "办理时限到期未答复".into()],
        better: "higher",
        awaits: String::new(),
        aims: vec![aim],
    };
    let awaited = Defined {
        code: "participation".into(),
        name: "居民参与率".into(),
        awaits: "动员活动与实名参与".into(),
        ..measured.clone()
    };
    IndicatorsPage { shell: shell(lang, "indicators-page"), measured: vec![measured], awaited: vec![awaited] }
}

pub(crate) fn pages(lang: Lang) -> Vec<Sample> {
    let periods = group(&[("2026-11", "2026 年 11 月"), ("2026-10", "2026 年 10 月")]);
    let filter = FigureFilter { period: "2026-11".into(), ..FigureFilter::default() };
    let dashboard = DashboardPage {
        shell: staff(lang, "dashboard-page", "leader", "/dashboard"),
        filter: filter.clone(),
        areas: areas(false).groups,
        units: group(&[("12", "区住房和城乡建设局")]),
        categories: group(&[("06", "城市管理")]),
        periods: periods.clone(),
        by: "area".into(),
        shows: group(&[("on_time", "按时率")]),
        desk: desk(),
        more: figures(false).split_off(1),
        comparison: comparison(),
        fair: Some(Fair { name: "按时率".into(), href: None, lines: fair() }),
        wall: "/dashboard/wall".into(),
    };
    let wall = WallPage {
        shell: staff(lang, "wall-page", "leader", "/dashboard/wall"),
        desk: desk(),
        back: "/dashboard".into(),
    };
    let side = |code, count, current| Side { code, href: format!("/dashboard/on_time?side={code}"), count, current };
    let cases = FigureCasesPage {
        shell: staff(lang, "figure-cases-page", "leader", "/dashboard"),
        figure: figures(false).swap_remove(2),
        scope: "望江区 · 2026 年 11 月".into(),
        sides: vec![side("denominator", 1181, false), side("numerator", 1101, false), side("rest", 80, true)],
        rows: process::rows().into_iter().map(|row| Counted { row, when: when("11月20日 周五 16:05") }).collect(),
        total: 80,
        pager: Pager { first: Some("/dashboard/on_time".into()), next: Some("/dashboard/on_time?cursor=b".into()) },
        back: "/dashboard?period=2026-11".into(),
        finding: Some("/findings/new?indicator=on_time".into()),
    };
    let open = OpenPage {
        shell: shell(lang, "open-page"),
        filter,
        areas: areas(false).groups,
        periods,
        scope: "安和市 · 2026 年 11 月".into(),
        fresh: when("11月23日 周一 09:30"),
        figures: figures(true),
        trend: Some(trend()),
    };
    vec![
        ("dashboard", dashboard.render().expect("dashboard")),
        ("figure-cases", cases.render().expect("cases behind a figure")),
        ("wall", wall.render().expect("wall")),
        ("open", open.render().expect("open figures")),
        ("indicators", indicators(lang).render().expect("indicators")),
    ]
}
