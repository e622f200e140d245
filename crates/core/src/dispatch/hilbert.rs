//! Order along a Hilbert curve: what is near in the plane is mostly near in memory.

use super::pair::Point;

const BITS: u32 = 15;

/// Where along the curve through a square of this side a point lies.
pub(super) fn place(at: Point, side: f32) -> u32 {
    let most = (1u32 << BITS) - 1;
    let cell = |along: f32| ((along / side * (1u32 << BITS) as f32) as u32).min(most);
    let (mut x, mut y) = (cell(at.x), cell(at.y));
    let mut along = 0;
    for bit in (0..BITS).rev() {
        let half = 1 << bit;
        let (right, up) = (u32::from(x & half != 0), u32::from(y & half != 0));
        along = (along << 2) | ((3 * right) ^ up);
        if up == 0 {
            if right == 1 {
                (x, y) = (most - x, most - y);
            }
            (x, y) = (y, x);
        }
    }
    along
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_along_the_curve_go_to_a_neighbour() {
        let side = 16.0;
        let mut cells: Vec<(u32, i32, i32)> = (0..16)
            .flat_map(|x| (0..16).map(move |y| (x, y)))
            .map(|(x, y)| (place(Point { x: x as f32, y: y as f32 }, side), x, y))
            .collect();
        cells.sort_unstable();
        assert!(cells.windows(2).all(|two| (two[0].1 - two[1].1).abs() + (two[0].2 - two[1].2).abs() == 1));
    }
}
