//! Geometry of the column chart that a template draws as inline SVG: no scripts, no style attributes, a table beside it.

/// One column to draw.
#[derive(Clone, Debug)]
pub struct Point {
    /// Name of the period, such as 11月 or 11月23日.
    pub label: String,
    /// Height in the unit of the indicator; `None` when nothing was counted or the count is too small to show.
    pub value: Option<f64>,
    /// The value in words: `128`, `93.2%`, `少于 5`, `—`.
    pub shown: String,
}

/// A column in the coordinates of the drawing.
#[derive(Clone, Debug)]
pub struct Column {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
    pub middle: f64,
    pub label: String,
    pub shown: String,
    /// Whether its label fits under the axis.
    pub named: bool,
    pub hidden: bool,
}

/// A horizontal line of the grid.
#[derive(Clone, Debug)]
pub struct Line {
    pub y: f64,
    pub label: String,
}

/// A chart ready to be drawn in a `viewBox` of [`WIDTH`] × [`HEIGHT`].
#[derive(Clone, Debug)]
pub struct Chart {
    pub columns: Vec<Column>,
    pub lines: Vec<Line>,
}

pub const WIDTH: f64 = 720.0;
pub const HEIGHT: f64 = 260.0;
const LEFT: f64 = 52.0;
const TOP: f64 = 12.0;
const BOTTOM: f64 = 32.0;
/// Columns keep this share of their slot.
const FILL: f64 = 0.5;
/// At most this many labels stand under the axis.
const LABELS: usize = 8;
const GRID: u32 = 4;

impl Chart {
    /// Lays the points out from zero to a round number above the largest. `suffix` follows the grid's numbers (`%` or nothing).
    pub fn new(points: &[Point], suffix: &str) -> Self {
        let most = points.iter().filter_map(|point| point.value).fold(0.0, f64::max);
        let top = if suffix == "%" { 100.0 } else { round_up(most) };
        let plot = HEIGHT - TOP - BOTTOM;
        let slot = (WIDTH - LEFT) / points.len().max(1) as f64;
        let every = points.len().div_ceil(LABELS).max(1);
        let columns = points.iter().enumerate().map(|(n, point)| {
            let height = point.value.map_or(0.0, |value| (value / top).clamp(0.0, 1.0) * plot);
            let x = LEFT + slot * n as f64 + slot * (1.0 - FILL) / 2.0;
            Column {
                x: tidy(x),
                y: tidy(TOP + plot - height),
                width: tidy(slot * FILL),
                height: tidy(height),
                middle: tidy(x + slot * FILL / 2.0),
                label: point.label.clone(),
                shown: point.shown.clone(),
                named: n % every == 0,
                hidden: point.value.is_none(),
            }
        });
        let lines = (0..=GRID).map(|n| {
            let share = f64::from(n) / f64::from(GRID);
            Line { y: tidy(TOP + plot * (1.0 - share)), label: format!("{}{suffix}", tidy(top * share)) }
        });
        Self { columns: columns.collect(), lines: lines.collect() }
    }
}

/// The next of 4, 8, 12, 20, 40, 80, 120, … so that four grid lines stand at whole numbers.
fn round_up(most: f64) -> f64 {
    let mut scale = 4.0;
    loop {
        for step in [1.0, 2.0, 3.0, 5.0] {
            if scale * step >= most {
                return scale * step;
            }
        }
        scale *= 10.0;
    }
}

/// Two decimals are finer than a screen can show.
fn tidy(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn point(value: f64) -> Point {
        Point { label: String::new(), value: Some(value), shown: String::new() }
    }

    #[test]
    fn the_top_line_is_round_and_above_the_largest_column() {
        for (most, top) in [(0.0, 4.0), (4.0, 4.0), (13.0, 20.0), (128.0, 200.0), (4_001.0, 8_000.0)] {
            assert!((round_up(most) - top).abs() < f64::EPSILON, "{most}");
        }
    }

    #[test]
    fn columns_stay_inside_the_drawing() {
        let chart = Chart::new(&[point(0.0), point(7.0), point(199.0)], "");
        for column in &chart.columns {
            assert!(column.x >= LEFT && column.x + column.width <= WIDTH);
            assert!(column.y >= TOP && column.y + column.height <= HEIGHT - BOTTOM + 0.01);
        }
    }

    #[test]
    fn long_series_name_few_columns() {
        let points: Vec<_> = (0..31).map(|n| point(f64::from(n))).collect();
        assert!(Chart::new(&points, "").columns.iter().filter(|column| column.named).count() <= LABELS);
    }

    #[test]
    fn an_empty_series_has_a_grid_and_no_column() {
        let chart = Chart::new(&[], "%");
        assert!(chart.columns.is_empty());
        assert_eq!(chart.lines[4].label, "100%");
    }
}
