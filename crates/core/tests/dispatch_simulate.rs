//! A small city under every way to dispatch: always the same, and with what the documentation says of the order of the ways.

use std::fmt::Write;

use muster_core::dispatch::Worth;
use muster_core::dispatch::simulate::{City, Figures, Rules, Scene, Teams, Way, simulate};
use muster_core::pack::Prior;

fn rules() -> Rules {
    let prior = Prior { agreed: 4, asked: 6 };
    Rules { worth: Worth::default(), prior, wait: 240, wait_urgent: 30, week_most: 4, target: 0.8 }
}

fn city(seed: u64) -> City {
    let scene = Scene { days: 7, needs_a_day: 60, resources: 600, side: 12.0, is_surge: true, seed };
    City::new(&scene, rules().prior.acceptance(0, 0))
}

#[test]
fn a_small_city_under_every_way() {
    let city = city(1);
    let mut table = String::new();
    for teams in [Teams::Separate, Teams::One] {
        for way in Way::ALL {
            let figures = simulate(&city, &rules(), way, teams);
            assert_eq!(simulate(&city, &rules(), way, teams), figures, "two runs are equal");
            let Figures { filled, filled_by_weight, helped, hours_median, hours_p90, idle, worn, gini, .. } = figures;
            writeln!(
                table,
                "{teams:?} {way:?}: filled {filled:.3} ({filled_by_weight:.3}), helped {helped:.3}, hours {hours_median:.2} {hours_p90:.2}, \
                 idle {idle:.3}, worn {worn:.3}, gini {gini:.3}, declined {:.3}, no-shows {:.3}, invitations {} ({:.2}), km {:.2}, gap {:.3}",
                figures.declined,
                figures.no_shows,
                figures.invitations,
                figures.invitations_a_helper,
                figures.km,
                figures.district_gap
            )
            .unwrap();
        }
    }
    insta::assert_snapshot!(table);
}
