//! The ledger of goods beside a naive count of single boxes, and transportation beside one that sends them one by one.

use std::collections::BTreeMap;

use jiff::civil::{Date, date};
use muster_core::dispatch::goods::{
    ConsignmentState, GoodsFault, GoodsKind, Line, Parcel, Shelf, Stand, enter, first_expired, reverse,
};
use muster_core::dispatch::transport::{Lane, NoProof, Transport, certify_transport, transport};
use proptest::prelude::*;

/// Every single box with where it is: plain to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Shelf,
    Kept(u128),
    Road(u128),
    Hand(u128),
    Gone,
    GoneFrom(u128),
}

#[derive(Clone, Default)]
struct Boxes(Vec<Place>);

impl Boxes {
    fn count(&self, place: Place) -> i64 {
        self.0.iter().filter(|here| **here == place).count() as i64
    }

    /// Moves so many from one place to another; false where there are fewer.
    fn go(&mut self, quantity: i64, from: Place, to: Place) -> bool {
        if self.count(from) < quantity {
            return false;
        }
        for here in self.0.iter_mut().filter(|here| **here == from).take(quantity as usize) {
            *here = to;
        }
        true
    }

    fn act(&mut self, kind: GoodsKind, quantity: i64, of: u128) -> bool {
        use GoodsKind as K;
        use Place::{Gone, GoneFrom, Hand, Kept, Road, Shelf};
        match kind {
            K::Donated => self.add(quantity),
            K::Counted if quantity > 0 => self.add(quantity),
            K::Counted => self.go(-quantity, Shelf, Gone),
            K::Spoiled => self.go(quantity, Shelf, Gone),
            K::Committed => self.go(quantity, Shelf, Kept(of)),
            K::Released => self.go(quantity, Kept(of), Shelf),
            K::Sent => self.go(quantity, Kept(of), Road(of)),
            K::Received => self.go(quantity, Road(of), Hand(of)),
            K::Returned => self.go(quantity, Road(of), Shelf),
            K::Lost => self.go(quantity, Road(of), GoneFrom(of)),
        }
    }

    fn add(&mut self, quantity: i64) -> bool {
        self.0.extend(std::iter::repeat_n(Place::Shelf, quantity as usize));
        true
    }
}

fn same(stand: &Stand, boxes: &Boxes) {
    let shelf = boxes.count(Place::Shelf);
    assert_eq!(stand.free(), shelf);
    let mut kept = 0;
    for of in 0..3 {
        let parcel = stand.parcels.get(&of).copied().unwrap_or_default();
        assert_eq!(parcel.kept(), boxes.count(Place::Kept(of)));
        assert_eq!(parcel.on_the_way(), boxes.count(Place::Road(of)));
        assert_eq!(parcel.received, boxes.count(Place::Hand(of)));
        assert_eq!(parcel.lost, boxes.count(Place::GoneFrom(of)));
        kept += parcel.kept();
    }
    assert_eq!((stand.committed, stand.on_hand), (kept, kept + shelf));
}

proptest! {
    #[test]
    fn what_stands_is_what_single_boxes_show(acts in prop::collection::vec((0..9usize, -6..9i64, 0..3u128), 1..60)) {
        let (mut lines, mut boxes): (Vec<Line>, Boxes) = (Vec::new(), Boxes::default());
        for (kind, quantity, of) in acts {
            let kind = GoodsKind::ALL[kind];
            let consignment = kind.is_of_consignment().then_some(of);
            let in_range = quantity > 0 || (kind == GoodsKind::Counted && quantity < 0);
            let mut after = boxes.clone();
            match enter(&lines, kind, quantity, consignment) {
                Ok((line, stand)) => {
                    prop_assert!(in_range && after.act(kind, quantity, of), "{kind} {quantity} is too much");
                    lines.push(line);
                    boxes = after;
                    same(&stand, &boxes);
                }
                Err(GoodsFault::Quantity(_)) => prop_assert!(!in_range),
                Err(fault) => {
                    prop_assert!(matches!(fault, GoodsFault::More { .. }), "{fault}");
                    prop_assert!(!after.act(kind, quantity, of), "{kind} {quantity} was refused");
                }
            }
        }
        prop_assert_eq!(Stand::of(&lines).map(|stand| stand.free()), Ok(boxes.count(Place::Shelf)));
    }

    /// What is taken back is as if it had not been; and only what still stands where the line put it.
    #[test]
    fn a_counter_entry_undoes_its_line(acts in prop::collection::vec((0..9usize, 1..9i64, 0..3u128), 1..40), at in 0..40i64) {
        let mut lines: Vec<Line> = Vec::new();
        for (kind, quantity, of) in acts {
            let kind = GoodsKind::ALL[kind];
            if let Ok((line, _)) = enter(&lines, kind, quantity, kind.is_of_consignment().then_some(of)) {
                lines.push(line);
            }
        }
        let without: Vec<Line> = lines.iter().filter(|line| line.number != at).cloned().collect();
        match reverse(&lines, at) {
            Ok((line, stand)) => {
                prop_assert_eq!(line.reverses, Some(at));
                lines.push(line);
                let blank = |stand: Stand| {
                    let touched = stand.parcels.into_iter().filter(|(_, parcel)| *parcel != Parcel::default());
                    (stand.on_hand, stand.committed, touched.collect::<BTreeMap<_, _>>())
                };
                if let Ok(rest) = Stand::of(&without) {
                    prop_assert_eq!(blank(rest), blank(stand.clone()));
                }
                prop_assert_eq!(Stand::of(&lines).map(blank), Ok(blank(stand)));
                prop_assert_eq!(reverse(&lines, at), Err(GoodsFault::Fixed(at)));
                prop_assert_eq!(reverse(&lines, lines.len() as i64), Err(GoodsFault::Fixed(lines.len() as i64)));
            }
            Err(fault) => {
                let known = lines.iter().any(|line| line.number == at);
                prop_assert_eq!(fault, if known { GoodsFault::GoneOn(at) } else { GoodsFault::Unknown(at) });
            }
        }
    }

    #[test]
    fn what_expires_first_goes_first(lots in prop::collection::vec((prop::option::of(1..20i8), 0..5i64, 0..6i64), 0..8), quantity in 0..30i64) {
        let lots: Vec<(Option<Date>, i64, i64)> =
            lots.into_iter().map(|(day, came, free)| (day.map(|day| date(2026, 5, day)), came, free)).collect();
        let taken = first_expired(&lots, quantity);
        let (sum, all): (i64, i64) = (taken.iter().map(|(_, part)| part).sum(), lots.iter().map(|lot| lot.2).sum());
        prop_assert_eq!(sum, quantity.min(all));
        prop_assert!(taken.iter().all(|(at, part)| *part > 0 && *part <= lots[*at].2));
        let last = taken.last().map(|(at, _)| lots[*at].0.unwrap_or(Date::MAX));
        for (at, lot) in lots.iter().enumerate() {
            let left = lot.2 - taken.iter().find(|(of, _)| *of == at).map_or(0, |(_, part)| *part);
            prop_assert!(left == 0 || sum == 0 || last.is_none_or(|last| lot.0.unwrap_or(Date::MAX) >= last));
        }
    }
}

#[test]
fn a_consignment_is_settled_when_every_box_is_accounted_for() {
    let mut lines = Vec::new();
    let mut act = |kind, quantity, of| {
        let (line, stand) = enter(&lines, kind, quantity, of).unwrap();
        lines.push(line);
        stand.parcels.get(&1).copied().unwrap_or_default()
    };
    act(GoodsKind::Donated, 10, None);
    assert_eq!(act(GoodsKind::Committed, 8, Some(1)).state(), ConsignmentState::Committed);
    assert_eq!(act(GoodsKind::Sent, 6, Some(1)).state(), ConsignmentState::Sent);
    assert_eq!(act(GoodsKind::Received, 3, Some(1)).state(), ConsignmentState::Sent);
    act(GoodsKind::Returned, 2, Some(1));
    assert_eq!(act(GoodsKind::Lost, 1, Some(1)).state(), ConsignmentState::Sent, "two are still kept");
    let parcel = act(GoodsKind::Released, 2, Some(1));
    assert_eq!((parcel.state(), parcel.covers()), (ConsignmentState::Settled, 3));
    assert_eq!(enter(&lines, GoodsKind::Committed, 7, Some(2)), Err(GoodsFault::More { asked: 7, there: 6 }));
    assert_eq!(reverse(&lines, 1), Err(GoodsFault::GoneOn(1)), "what was donated has been given away");
}

#[test]
fn what_expires_soon_stays_where_it_is() {
    let (today, on) = (date(2026, 5, 11), |day| Some(date(2026, 5, day)));
    assert_eq!(Shelf::of(None, 30, today), Shelf::Keeps);
    assert_eq!(Shelf::of(on(18), 7, today), Shelf::Days(0), "the last day on which it may go");
    assert_eq!(Shelf::of(on(17), 7, today), Shelf::TooSoon);
    assert_eq!(Shelf::of(on(11), 0, today), Shelf::Days(0));
    assert_eq!(Shelf::of(on(10), 0, today), Shelf::Expired);
    assert_eq!(Shelf::of(Some(date(2027, 5, 11)), 5, today), Shelf::Days(360));
}

/// Sends single units along the way that brings most, found by Bellman and Ford over every arc.
fn naive(problem: &Transport) -> i64 {
    let (supplies, demands) = (problem.supplies.len(), problem.demands.len());
    let (source, sink) = (supplies + demands, supplies + demands + 1);
    let mut arcs: Vec<(usize, usize, i64, i64)> = Vec::new();
    let mut arc = |from, to, cost: i64, room| arcs.extend([(from, to, cost, room), (to, from, -cost, 0)]);
    problem.supplies.iter().enumerate().for_each(|(at, there)| arc(source, at, 0, *there));
    problem.demands.iter().enumerate().for_each(|(at, asked)| arc(supplies + at, sink, 0, *asked));
    for Lane { supply, demand, room, value } in &problem.lanes {
        arc(*supply as usize, supplies + *demand as usize, -value, *room);
    }
    let mut objective = 0;
    loop {
        let (mut cost, mut by) = (vec![i64::MAX; sink + 1], vec![usize::MAX; sink + 1]);
        cost[source] = 0;
        let mut changed = true;
        while changed {
            changed = false;
            for (at, &(from, to, along, room)) in arcs.iter().enumerate() {
                if room > 0 && cost[from] < i64::MAX && cost[from] + along < cost[to] {
                    (cost[to], by[to], changed) = (cost[from] + along, at, true);
                }
            }
        }
        if cost[sink] >= 0 {
            return objective;
        }
        objective -= cost[sink];
        let mut node = sink;
        while node != source {
            arcs[by[node]].3 -= 1;
            arcs[by[node] ^ 1].3 += 1;
            node = arcs[by[node]].0;
        }
    }
}

fn problem() -> impl Strategy<Value = Transport> {
    (0..6usize, 0..6usize).prop_flat_map(|(supplies, demands)| {
        let lanes = prop::collection::vec((any::<bool>(), 0..7i64, -2..9i64), supplies * demands);
        let sides = (prop::collection::vec(0..9i64, supplies), prop::collection::vec(0..9i64, demands));
        (sides, lanes).prop_map(move |((there, asked), lanes)| {
            let lane = |(at, (exists, room, value)): (usize, (bool, i64, i64))| {
                let (supply, demand) = ((at / demands) as u32, (at % demands) as u32);
                exists.then_some(Lane { supply, demand, room, value })
            };
            Transport {
                supplies: there,
                demands: asked,
                lanes: lanes.into_iter().enumerate().filter_map(lane).collect(),
            }
        })
    })
}

proptest! {
    #[test]
    fn no_way_to_share_out_goods_is_worth_more(problem in problem()) {
        let plan = transport(&problem);
        let proof = certify_transport(&problem, &plan);
        prop_assert_eq!(proof.as_ref().map(|proof| proof.objective), Ok(naive(&problem)), "{:?}", plan);
        // One unit less on a lane that brings something is seen.
        if let Some(at) = (0..plan.flows.len()).find(|at| plan.flows[*at] > 0 && problem.lanes[*at].value > 0) {
            let mut less = plan.clone();
            less.flows[at] -= 1;
            let gap = matches!(certify_transport(&problem, &less), Err(NoProof::Gap { .. }));
            prop_assert!(gap);
        }
        prop_assert_eq!(Transport::from_text(&problem.to_text()), Ok(problem));
    }
}

#[test]
fn made_up_instances_are_proven_and_survive_their_file() {
    for seed in 0..100 {
        let problem = Transport::made_up(seed);
        assert_eq!(problem.check(), Ok(()));
        let proof = certify_transport(&problem, &transport(&problem)).unwrap();
        assert_eq!(proof.objective, proof.dual);
        assert_eq!(Transport::from_text(&problem.to_text()).unwrap(), problem);
    }
    for (wrong, said) in [
        ("", "the first line is not MUSTERG1 followed by three counts"),
        ("MUSTERG1 1 1 1\n5\n5\n0 0 x 1\n", "line 4 is not the whole numbers it should be"),
        ("MUSTERG1 1 1 1\n5\n5\n0 1 1 1\n", "lane 0 names a supply or a demand that is not there"),
        ("MUSTERG1 1 1 0\n-5\n5\n", "a quantity of -5; use 0 to 10000000"),
    ] {
        assert_eq!(Transport::from_text(wrong).unwrap_err().to_string(), said);
    }
}
