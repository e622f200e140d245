//! What came of it.

use serde::Serialize;

use super::city::{DISTRICTS, PARTS};
use super::world::{Said, World};

/// Needs of a district below which its share says little.
const FEW: u32 = 20;
/// A person who served so often in the seven days before is worn by one task more.
const WORN: usize = 2;

/// Shares are between 0 and 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Figures {
    pub needs: u32,
    /// Of the needs, those for whom enough had agreed when their part began; the same by weight; those to whom enough came.
    pub filled: f64,
    pub filled_by_weight: f64,
    pub helped: f64,
    /// Hours from coming to filled, of those filled.
    pub hours_median: f64,
    pub hours_p90: f64,
    /// Of the resources, those who served nobody.
    pub idle: f64,
    /// Of the tasks that persons did, those that fell on one who had served twice in the week before.
    pub worn: f64,
    /// Of tasks over the resources: 0 when all do the same, near 1 when one does everything.
    pub gini: f64,
    /// Of the invitations that were not withdrawn: a no or silence.
    pub declined: f64,
    /// Of those who agreed.
    pub no_shows: f64,
    pub invitations: u32,
    /// Invitations for each helper who came.
    pub invitations_a_helper: f64,
    /// Invitations for each resource.
    pub invitations_a_resource: f64,
    pub km: f64,
    /// Between the best and the worst served district, of those with twenty needs.
    pub district_gap: f64,
}

fn share(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

fn at(sorted: &[f64], quantile: f64) -> f64 {
    let last = sorted.len().saturating_sub(1) as f64;
    sorted.get((last * quantile).round() as usize).copied().unwrap_or(0.0)
}

/// Gini coefficient of counts.
fn gini(mut counts: Vec<usize>) -> f64 {
    counts.sort_unstable();
    let (sum, many) = (counts.iter().sum::<usize>() as f64, counts.len() as f64);
    let ranked: f64 = counts.iter().enumerate().map(|(rank, count)| (rank as f64 + 1.0) * *count as f64).sum();
    share(2.0 * ranked, many * sum) - share(many + 1.0, many) * f64::from(u8::from(sum > 0.0))
}

impl Figures {
    pub(super) fn of(world: &World) -> Self {
        let needs = || world.needs.iter().zip(&world.city.wanted);
        let is_filled = |state: &super::world::NeedState| state.filled_at.is_some();
        let count = |those: &dyn Fn(&(&super::world::NeedState, &super::city::Wanted)) -> bool| {
            needs().filter(those).count() as f64
        };
        let all = world.needs.len() as f64;
        let weight: f64 = needs().map(|(_, wanted)| f64::from(wanted.need.weight)).sum();
        let filled_weight: f64 =
            needs().filter(|(state, _)| is_filled(state)).map(|(_, wanted)| f64::from(wanted.need.weight)).sum();
        let mut hours: Vec<f64> =
            needs().filter_map(|(state, wanted)| Some(f64::from(state.filled_at? - wanted.arrives) / 60.0)).collect();
        hours.sort_by(f64::total_cmp);
        let served: Vec<usize> = world.people.iter().map(|person| person.served.len()).collect();
        let came = served.iter().sum::<usize>() as f64;
        let missed: u32 = world.people.iter().map(|person| person.no_shows).sum();
        let said = |those: &[Said]| world.offers.iter().filter(|offer| those.contains(&offer.said)).count() as f64;
        let declined = said(&[Said::No, Said::Silent]);
        Self {
            needs: world.needs.len() as u32,
            filled: share(count(&|(state, _)| is_filled(state)), all),
            filled_by_weight: share(filled_weight, weight),
            helped: share(count(&|(state, wanted)| state.came >= wanted.need.head), all),
            hours_median: at(&hours, 0.5),
            hours_p90: at(&hours, 0.9),
            idle: share(served.iter().filter(|tasks| **tasks == 0).count() as f64, served.len() as f64),
            worn: worn(world),
            gini: gini(served),
            declined: share(declined, declined + said(&[Said::Yes])),
            no_shows: share(f64::from(missed), f64::from(missed) + came),
            invitations: world.offers.len() as u32,
            invitations_a_helper: share(world.offers.len() as f64, came),
            invitations_a_resource: share(world.offers.len() as f64, world.people.len() as f64),
            km: share(distances(world), said(&[Said::Yes])),
            district_gap: district_gap(world),
        }
    }
}

fn worn(world: &World) -> f64 {
    let (mut tasks, mut worn) = (0, 0);
    let persons = world.people.iter().zip(&world.city.resources).filter(|(_, resource)| resource.group == 1);
    for (person, _) in persons {
        let mut served = person.served.clone();
        served.sort_unstable();
        for (at, slot) in served.iter().enumerate() {
            let lately = served[..at].iter().rev().take_while(|before| **before + 7 * PARTS > *slot).count();
            tasks += 1;
            worn += u32::from(lately >= WORN);
        }
    }
    share(f64::from(worn), f64::from(tasks))
}

/// Kilometres from those who agreed to where they were needed, together.
fn distances(world: &World) -> f64 {
    let agreed = world.offers.iter().filter(|offer| offer.said == Said::Yes);
    let square = |offer: &super::world::Offer| {
        let at = world.city.resources[offer.resource as usize].at;
        f64::from(at.square_to(world.city.wanted[offer.need].need.at))
    };
    agreed.map(|offer| square(offer).sqrt()).sum()
}

fn district_gap(world: &World) -> f64 {
    let mut counts = [(0u32, 0u32); DISTRICTS];
    for (state, wanted) in world.needs.iter().zip(&world.city.wanted) {
        let (all, filled) = &mut counts[wanted.district];
        *all += 1;
        *filled += u32::from(state.filled_at.is_some());
    }
    let shares =
        || counts.iter().filter(|(all, _)| *all >= FEW).map(|(all, filled)| share(f64::from(*filled), f64::from(*all)));
    shares().fold(0.0f64, f64::max) - shares().fold(1.0f64, f64::min).min(shares().fold(0.0f64, f64::max))
}

#[cfg(test)]
mod tests {
    use super::gini;

    #[test]
    fn a_gini_coefficient_is_that_of_its_definition() {
        for counts in [vec![3, 3, 3], vec![0, 0, 9], vec![1, 2, 3, 10], vec![0, 0]] {
            let (many, sum) = (counts.len() as f64, counts.iter().sum::<usize>() as f64);
            let pairs = counts.iter().flat_map(|a| counts.iter().map(move |b| a.abs_diff(*b) as f64));
            let defined = if sum > 0.0 { pairs.sum::<f64>() / (2.0 * many * sum) } else { 0.0 };
            assert!((gini(counts) - defined).abs() < 1e-12);
        }
    }
}
