//! A QR code as the path of an SVG: one unit a module, without the quiet margin around it.

use std::fmt::Write;

use qrcode::{Color, EcLevel, QrCode};

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Qr {
    /// Modules along one side.
    pub side: usize,
    /// The dark modules, a row at a time, for the attribute `d`.
    pub path: String,
}

impl Qr {
    /// `None` when the text is too long for the largest code. Level M still reads with a seventh of it smudged.
    pub fn of(text: &str) -> Option<Self> {
        let code = QrCode::with_error_correction_level(text, EcLevel::M).ok()?;
        let side = code.width();
        let rows = code.to_colors();
        let path = rows.chunks(side).enumerate().map(|(y, row)| line(y, row)).collect();
        Some(Self { side, path })
    }

    /// The view box with the margin of four modules that readers need (ISO/IEC 18004, 6.3.8).
    pub fn view_box(&self) -> String {
        let whole = self.side + 8;
        format!("-4 -4 {whole} {whole}")
    }
}

fn line(y: usize, row: &[Color]) -> String {
    let mut path = String::new();
    let mut x = 0;
    for run in row.chunk_by(|a, b| a == b) {
        if run[0] == Color::Dark {
            let _ = write!(path, "M{x} {y}h{n}v1H{x}z", n = run.len());
        }
        x += run.len();
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Paints the path again and compares every module.
    #[test]
    fn the_path_is_the_code() {
        let text = "https://muster.example.org/track/7K3FQ9WX2M4AC";
        let qr = Qr::of(text).unwrap();
        let mut dark = vec![false; qr.side * qr.side];
        for run in qr.path.split('z').filter(|run| !run.is_empty()) {
            let (start, length) = run.strip_prefix('M').unwrap().split_once('h').unwrap();
            let (x, y) = start.split_once(' ').unwrap();
            let (x, y): (usize, usize) = (x.parse().unwrap(), y.parse().unwrap());
            let length: usize = length.split('v').next().unwrap().parse().unwrap();
            dark[y * qr.side + x..][..length].fill(true);
        }
        let code = QrCode::with_error_correction_level(text, EcLevel::M).unwrap();
        let colors: Vec<bool> = code.to_colors().iter().map(|color| *color == Color::Dark).collect();
        assert_eq!((qr.side, dark), (code.width(), colors));
        assert!(qr.view_box().starts_with("-4 -4 "));
        assert_eq!(Qr::of(&"x".repeat(10_000)), None);
    }
}
