//! Where places stand on a drawing, and which part of the world it covers.

use muster_core::dispatch::registry::Place;

/// Size of the drawing, and room for names at its edges.
pub(super) const WIDTH: f64 = 720.0;
pub(super) const HEIGHT: f64 = 420.0;
const EDGE: f64 = 60.0;
/// The largest scale: a single area is not drawn larger than a few streets.
const NEAREST: f64 = 256.0 * 16_384.0;
/// Radii of the smallest and the largest dot.
const SMALL: f64 = 7.0;
const LARGE: f64 = 30.0;

/// A place on the drawing, and the side from which its name is written so that it stays inside.
pub(super) struct Spot {
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) words: &'static str,
}

/// The part of the square of Web Mercator that a drawing covers.
pub(super) struct Window {
    /// Its middle, 0 to 1 eastward and southward.
    pub(super) middle: (f64, f64),
    /// Points of the drawing for the whole square.
    pub(super) scale: f64,
}

/// North is up; one scale for both directions.
pub(super) fn lay_out(places: &[Place]) -> (Vec<Spot>, Window) {
    let world: Vec<(f64, f64)> = places.iter().copied().map(mercator).collect();
    let bounds = |of: fn(&(f64, f64)) -> f64| {
        let values = world.iter().map(of);
        (values.clone().fold(f64::MAX, f64::min), values.fold(f64::MIN, f64::max))
    };
    let (west, east) = bounds(|(x, _)| *x);
    let (north, south) = bounds(|(_, y)| *y);
    let scale = ((WIDTH - 2.0 * EDGE) / (east - west)).min((HEIGHT - 2.0 * EDGE) / (south - north)).min(NEAREST);
    let middle = (f64::midpoint(west, east), f64::midpoint(north, south));
    let spot = |at: &(f64, f64)| {
        let (x, y) = (WIDTH / 2.0 + (at.0 - middle.0) * scale, HEIGHT / 2.0 + (at.1 - middle.1) * scale);
        let words = match x {
            x if x < EDGE * 1.5 => "start",
            x if x > WIDTH - EDGE * 1.5 => "end",
            _ => "middle",
        };
        Spot { x: x as u32, y: y as u32, words }
    };
    (world.iter().map(spot).collect(), Window { middle, scale })
}

/// The radius of a dot whose surface stands for `n` of `most`.
pub(super) fn radius(n: f64, most: f64) -> u32 {
    (SMALL + (LARGE - SMALL) * (n / most.max(1.0)).max(0.0).sqrt()) as u32
}

/// Where a place lies in the square of Web Mercator.
fn mercator(place: Place) -> (f64, f64) {
    let (latitude, longitude) = (place.latitude as f64 / 1e6, place.longitude as f64 / 1e6);
    let y = latitude.clamp(-85.0, 85.0).to_radians().tan().asinh() / std::f64::consts::PI;
    ((longitude + 180.0) / 360.0, (1.0 - y) / 2.0)
}
