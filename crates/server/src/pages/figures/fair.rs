//! Areas or units held against what their own mix of classes lets expect, as a table in the order of their codes.

use muster_core::evaluate::{Adjusted, Standing};
use muster_core::pack::Line;

use super::asked::{Asked, Way};
use super::desk::Sight;
use super::parts::{NOTHING, percent};
use crate::error::Result;
use crate::usecase::figures::{By, Part, figures_fair};
use crate::view::evaluate::{Fair, FairLine};

/// The comparison where it is asked for, or the address at which it is; neither for classes and times, nor for counts that
/// are no share.
pub(super) async fn fair(sight: &Sight<'_>) -> Result<Option<Fair>> {
    let (frame, shown) = (sight.frame, sight.shown);
    let by = match sight.asked.way() {
        Way::Parts(by @ (By::Area | By::Unit)) if shown.line != Line::Apart => by,
        _ => return Ok(None),
    };
    let name = frame.name(&shown.name);
    if sight.asked.mix != "1" {
        let href = Asked { mix: "1".to_owned(), ..sight.asked.clone() }.address("/dashboard");
        return Ok(Some(Fair { name, href: Some(format!("{href}#fair")), lines: Vec::new() }));
    }
    let parts = figures_fair(&frame.state, frame.actor(), sight.ask, by, shown).await?;
    let lines = parts.iter().filter_map(|(part, adjusted)| Some(line(sight, part, adjusted.as_ref()?)));
    Ok(Some(Fair { name, href: None, lines: lines.collect() }))
}

fn line(sight: &Sight<'_>, part: &Part, adjusted: &Adjusted) -> FairLine {
    let mut at = sight.asked.clone();
    let label = match part {
        Part::Unit(unit) => {
            at.unit = unit.to_string();
            sight.places.unit(*unit)
        }
        Part::Area(area) | Part::Own(area) => {
            at.area = area.to_string();
            sight.places.area(*area)
        }
        Part::Class(class) => sight.frame.category(class),
    };
    let (low, high) = adjusted.interval;
    FairLine {
        label,
        href: Asked { by: String::new(), ..at }.address("/dashboard"),
        observed: percent(adjusted.observed).unwrap_or_else(|| NOTHING.to_owned()),
        sides: format!("{}/{}", adjusted.observed.numerator, adjusted.observed.denominator),
        expected: format!("{:.1}%", adjusted.expected_percent()),
        ratio: format!("{:.2}", adjusted.ratio),
        interval: format!("{low:.2}–{high:.2}"),
        standing: match adjusted.standing() {
            Standing::Few => "few",
            Standing::AsExpected => "as_expected",
            Standing::Above => "above",
            Standing::Below => "below",
        },
    }
}
