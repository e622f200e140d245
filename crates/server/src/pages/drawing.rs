//! Where places stand on a drawing without tiles from elsewhere.

use muster_core::dispatch::registry::Place;

/// Size of the drawing, and room for names at its edges.
pub(super) const WIDTH: f64 = 720.0;
pub(super) const HEIGHT: f64 = 420.0;
const EDGE: f64 = 60.0;
/// Radii of the smallest and the largest dot.
const SMALL: f64 = 7.0;
const LARGE: f64 = 30.0;

/// A place on the drawing, and the side from which its name is written so that it stays inside.
pub(super) struct Spot {
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) words: &'static str,
}

/// North is up; one scale for both directions, narrower towards the poles.
pub(super) fn lay_out(places: &[Place]) -> Vec<Spot> {
    let bounds = |of: fn(&Place) -> i64| {
        let values = places.iter().map(of);
        (values.clone().min().unwrap_or(0) as f64, values.max().unwrap_or(0) as f64)
    };
    let (west, east) = bounds(|place| place.longitude);
    let (south, north) = bounds(|place| place.latitude);
    let narrow = (south / 1e6).to_radians().cos();
    let (wide, high) = (((east - west) * narrow).max(1.0), (north - south).max(1.0));
    let scale = ((WIDTH - 2.0 * EDGE) / wide).min((HEIGHT - 2.0 * EDGE) / high);
    let spot = |place: &Place| {
        let x = WIDTH / 2.0 + ((place.longitude as f64 - f64::midpoint(west, east)) * narrow) * scale;
        let y = HEIGHT / 2.0 - (place.latitude as f64 - f64::midpoint(south, north)) * scale;
        let words = match x {
            x if x < EDGE * 1.5 => "start",
            x if x > WIDTH - EDGE * 1.5 => "end",
            _ => "middle",
        };
        Spot { x: x as u32, y: y as u32, words }
    };
    places.iter().map(spot).collect()
}

/// The radius of a dot whose surface stands for `n` of `most`.
pub(super) fn radius(n: f64, most: f64) -> u32 {
    (SMALL + (LARGE - SMALL) * (n / most.max(1.0)).max(0.0).sqrt()) as u32
}
