//! The accuracy-coverage curve as a picture: of the messages the classifier is surest of, how many are right.

use muster_core::sense::measure::{Outcome, right_among_surest};
use std::fmt::{self, Write};

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 400.0;
const LEFT: f64 = 64.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 48.0;
const BOTTOM: f64 = 56.0;
/// The surest half and more: below it a share of a few messages says nothing.
const FROM: f64 = 0.5;
const STEP: f64 = 0.1;
/// Shares at which the figure is written beside the curve.
const TOLD: [f64; 4] = [0.7, 0.8, 0.9, 1.0];

/// Draws the curve of some answers under a title.
pub(crate) fn svg(outcomes: &[Outcome], title: &str) -> Result<String, fmt::Error> {
    let points: Vec<(f64, f64)> = (0..=50)
        .map(|step| FROM + f64::from(step) * (1.0 - FROM) / 50.0)
        .map(|share| (share, right_among_surest(outcomes, share)))
        .collect();
    let lowest = points.iter().map(|point| point.1).fold(1.0, f64::min);
    let floor = ((lowest * 50.0).floor() / 50.0).min(0.98);
    let x = |share: f64| LEFT + (share - FROM) / (1.0 - FROM) * (WIDTH - LEFT - RIGHT);
    let y = |right: f64| TOP + (1.0 - right) / (1.0 - floor) * (HEIGHT - TOP - BOTTOM);

    let mut out = String::new();
    writeln!(out, r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">"#)?;
    writeln!(out, "<title>{title}</title>")?;
    writeln!(out, r##"<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>"##)?;
    writeln!(out, r##"<g font-family="sans-serif" font-size="13" fill="#333">"##)?;
    writeln!(out, r#"<text x="{LEFT}" y="26" font-size="15" font-weight="bold">{title}</text>"#)?;
    let mut right = floor;
    while right < 1.0 + 1e-9 {
        let (at, end) = (y(right), WIDTH - RIGHT);
        writeln!(out, r##"<path d="M{LEFT} {at:.1}H{end:.1}" stroke="#ddd"/>"##)?;
        writeln!(
            out,
            r#"<text x="{:.1}" y="{:.1}" text-anchor="end">{:.0} %</text>"#,
            LEFT - 8.0,
            at + 4.0,
            right * 100.0
        )?;
        right += 0.02;
    }
    let mut share = FROM;
    while share < 1.0 + 1e-9 {
        let at = HEIGHT - BOTTOM + 20.0;
        writeln!(out, r#"<text x="{:.1}" y="{at:.1}" text-anchor="middle">{:.0} %</text>"#, x(share), share * 100.0)?;
        share += STEP;
    }
    let (middle, below) = (f64::midpoint(LEFT, WIDTH - RIGHT), HEIGHT - 14.0);
    writeln!(
        out,
        r#"<text x="{middle:.1}" y="{below:.1}" text-anchor="middle">share decided, the surest first</text>"#
    )?;
    writeln!(out, r#"<text x="{LEFT}" y="{:.1}">right among them</text>"#, TOP - 6.0)?;
    let line: Vec<String> = points.iter().map(|&(share, right)| format!("{:.1} {:.1}", x(share), y(right))).collect();
    writeln!(out, r##"<path d="M{}" fill="none" stroke="#1d5fa8" stroke-width="2"/>"##, line.join("L"))?;
    for share in TOLD {
        let right = right_among_surest(outcomes, share);
        let (at, up) = (x(share), y(right));
        writeln!(out, r##"<circle cx="{at:.1}" cy="{up:.1}" r="3.5" fill="#1d5fa8"/>"##)?;
        let (beside, above) = (at - 6.0, up + 18.0);
        writeln!(out, r#"<text x="{beside:.1}" y="{above:.1}" text-anchor="end">{:.1} %</text>"#, right * 100.0)?;
    }
    writeln!(out, "</g>\n</svg>")?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_ends_at_the_accuracy_of_all_and_stays_in_the_frame() {
        let outcomes: Vec<Outcome> = (0..100u16)
            .map(|n| Outcome { truth: 0, answer: usize::from(n < 10), confidence: f32::from(n) / 100.0 })
            .collect();
        let picture = svg(&outcomes, "A title").expect("a picture");
        assert!(picture.contains("<title>A title</title>"));
        assert!(picture.contains(">90.0 %</text>") && picture.contains(">100.0 %</text>"), "{picture}");
        let line = picture.lines().find(|line| line.contains("stroke-width")).expect("the curve");
        let numbers = line.split(['M', 'L', ' ', '"']).filter_map(|piece| piece.parse::<f64>().ok());
        let points: Vec<f64> = numbers.take(102).collect();
        assert_eq!(points.len(), 102);
        assert!(
            points.chunks(2).all(|p| (LEFT..=WIDTH - RIGHT).contains(&p[0]) && (TOP..=HEIGHT - BOTTOM).contains(&p[1]))
        );
    }
}
