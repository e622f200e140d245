//! What happens in the city, event after event: needs come, people are asked, answer or stay silent, come or do not.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::city::{City, DAY, WEEK, begins};
use super::{Rules, Teams, Way};
use crate::dispatch::{Resource, Roster};
use crate::rng::{Rng, mix};

/// Tells the chance of coming from that of saying yes.
const COMES: u64 = 0x00c0_ffee;
/// Minutes from one plan to the next.
const REPLAN: u32 = 60;
/// Mean of the minutes until somebody answers who does.
const ANSWER: f64 = 45.0;
/// Of those who would not say yes, how many say no; the others stay silent.
const SAYS_NO: f64 = 0.5;
/// Nobody answers in these minutes of the day.
const NIGHT: (u32, u32) = (22 * 60, 7 * 60);
/// Every invitation of the last week makes a yes so much less likely.
const TIRED_OF_ASKING: f64 = 0.92;
/// Needs that an organisation serves in one part.
const ORGANISATION_AT_ONCE: u32 = 5;
/// An organisation may be asked so many times as often as a person.
const ORGANISATION_BUDGET: u32 = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    LeaveBegins(u32),
    LeaveEnds(u32),
    NeedComes(usize),
    Answer(usize),
    Expires(usize),
    Begins(usize),
    Plan,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Said {
    Waiting,
    Yes,
    No,
    Silent,
    /// Somebody else said yes before; or the two were parted by a leave.
    Withdrawn,
}

#[derive(Debug)]
pub(super) struct Offer {
    pub(super) need: usize,
    pub(super) resource: u32,
    pub(super) likely: f64,
    pub(super) said: Said,
    says_yes: bool,
}

#[derive(Debug, Default)]
pub(super) struct NeedState {
    pub(super) asked: BTreeSet<u32>,
    /// Offers that wait, and those that said yes.
    pub(super) waiting: Vec<usize>,
    pub(super) agreed: Vec<usize>,
    pub(super) filled_at: Option<u32>,
    /// How many came.
    pub(super) came: u32,
}

#[derive(Debug, Default)]
pub(super) struct PersonState {
    /// Parts that are taken, with the need.
    booked: Vec<(u32, usize)>,
    /// Minutes of invitations.
    pub(super) invited: Vec<u32>,
    /// Parts in which they came.
    pub(super) served: Vec<u32>,
    pub(super) no_shows: u32,
    asked: u32,
    kept: u32,
}

pub(super) struct World<'a> {
    pub(super) city: &'a City,
    pub(super) rules: &'a Rules,
    pub(super) way: Way,
    pub(super) teams: Teams,
    pub(super) now: u32,
    pub(super) roster: Roster,
    pub(super) needs: Vec<NeedState>,
    pub(super) people: Vec<PersonState>,
    pub(super) offers: Vec<Offer>,
    /// Needs that came, have not begun and are not filled.
    pub(super) open: BTreeSet<usize>,
    /// What the last plan says of a helper's part.
    pub(super) prices: BTreeMap<(u32, u32), i32>,
    queue: BinaryHeap<Reverse<(u32, Event)>>,
}

/// Needs that a resource serves in one part.
pub(super) fn at_once(resource: &Resource) -> u32 {
    if resource.group == 1 { 1 } else { ORGANISATION_AT_ONCE }
}

impl<'a> World<'a> {
    pub(super) fn new(city: &'a City, rules: &'a Rules, way: Way, teams: Teams) -> Self {
        let mut queue = BinaryHeap::new();
        for (need, wanted) in city.wanted.iter().enumerate() {
            queue.push(Reverse((wanted.arrives, Event::NeedComes(need))));
            queue.push(Reverse((begins(wanted.slot), Event::Begins(need))));
        }
        for (resource, hidden) in (0..).zip(&city.hidden) {
            if let Some((from, to)) = hidden.leave {
                queue.push(Reverse((from * DAY, Event::LeaveBegins(resource))));
                queue.push(Reverse((to * DAY, Event::LeaveEnds(resource))));
            }
        }
        let end = city.wanted.iter().map(|wanted| begins(wanted.slot)).max().unwrap_or(0);
        if way == Way::Plan {
            (0..end).step_by(REPLAN as usize).for_each(|minute| queue.push(Reverse((minute, Event::Plan))));
        }
        Self {
            roster: Roster::new((0..).zip(city.resources.iter().cloned())),
            needs: city.wanted.iter().map(|_| NeedState::default()).collect(),
            people: city.resources.iter().map(|_| PersonState::default()).collect(),
            offers: Vec::new(),
            open: BTreeSet::new(),
            prices: BTreeMap::new(),
            now: 0,
            city,
            rules,
            way,
            teams,
            queue,
        }
    }

    pub(super) fn run(&mut self) {
        while let Some(Reverse((minute, event))) = self.queue.pop() {
            self.now = minute;
            match event {
                Event::LeaveBegins(resource) => self.leave(resource),
                Event::LeaveEnds(resource) => self.roster.set(resource, self.city.resources[resource as usize].clone()),
                Event::NeedComes(need) => {
                    self.open.insert(need);
                    self.ask(need);
                }
                Event::Answer(offer) => self.answered(offer),
                Event::Expires(offer) => self.closed(offer, Said::Silent),
                Event::Begins(need) => self.begin(need),
                Event::Plan => {
                    if !self.open.is_empty() {
                        self.plan();
                        self.open.clone().into_iter().for_each(|need| self.ask(need));
                    }
                }
            }
        }
    }

    /// What the city knows of somebody who is there: how often they said yes and came, how much they did lately.
    pub(super) fn known(&self, resource: u32) -> Option<Resource> {
        let (known, person) = (self.roster.get(resource)?, &self.people[resource as usize]);
        let acceptance = self.rules.prior.acceptance(person.asked, person.kept) as f32;
        let since = self.now.saturating_sub(7 * DAY);
        let recent = person.booked.iter().filter(|(slot, _)| begins(*slot) >= since).count() as u32;
        Some(Resource { recent, acceptance, ..known.clone() })
    }

    pub(super) fn is_free(&self, resource: u32, slot: u32) -> bool {
        let resource_of = &self.city.resources[resource as usize];
        let booked = self.people[resource as usize].booked.iter();
        let in_slot = booked.clone().filter(|(other, _)| *other == slot).count() as u32;
        let in_week = booked.filter(|(other, _)| other / WEEK == slot / WEEK).count() as u32;
        in_slot < at_once(resource_of) && in_week < resource_of.capacity
    }

    /// Tasks that somebody can still take in this week.
    pub(super) fn left_this_week(&self, resource: u32) -> u32 {
        let week = self.now / (7 * DAY);
        let booked =
            self.people[resource as usize].booked.iter().filter(|(slot, _)| slot / WEEK == week).count() as u32;
        self.city.resources[resource as usize].capacity.saturating_sub(booked)
    }

    pub(super) fn has_budget(&self, resource: usize) -> bool {
        let most =
            if self.city.resources[resource].group == 1 { 1 } else { ORGANISATION_BUDGET } * self.rules.week_most;
        self.invited_lately(resource) < most
    }

    fn invited_lately(&self, resource: usize) -> u32 {
        let since = self.now.saturating_sub(7 * DAY);
        self.people[resource].invited.iter().rev().take_while(|minute| **minute >= since).count() as u32
    }

    /// Asks as many as the way wants asked now.
    fn ask(&mut self, need: usize) {
        if self.open.contains(&need) {
            for resource in self.choose(need) {
                self.invite(need, resource);
            }
        }
    }

    fn invite(&mut self, need: usize, resource: u32) {
        let (city, at) = (self.city, resource as usize);
        let (wanted, hidden) = (&city.wanted[need], &city.hidden[at]);
        let square = city.resources[at].at.square_to(wanted.need.at);
        let distance = f64::from(square).sqrt();
        let known = self.known(resource).expect("only those there are asked");
        // The same two meet the same chance in every way and order.
        let mut chance = Rng(mix(city.seed ^ (need as u64) << 32 ^ u64::from(resource)));
        let truly = Resource { acceptance: hidden.acceptance as f32, ..known.clone() }.likely(distance);
        let says_yes = chance.unit() < truly * TIRED_OF_ASKING.powi(self.invited_lately(at) as i32);
        let speaks = says_yes || chance.unit() < SAYS_NO;
        let answers = self.now + (-ANSWER * (1.0 - chance.unit()).ln()) as u32 + 1;
        let of_day = answers % DAY;
        let awake = match of_day {
            late if late >= NIGHT.0 => answers + DAY - NIGHT.0 + NIGHT.1,
            early if early < NIGHT.1 => answers - early + NIGHT.1,
            _ => answers,
        };
        let wait = if wanted.is_urgent { self.rules.wait_urgent } else { self.rules.wait };
        let expires = self.now + wait;
        let offer = self.offers.len();
        let event =
            if speaks && awake < expires { (awake, Event::Answer(offer)) } else { (expires, Event::Expires(offer)) };
        self.queue.push(Reverse(event));
        self.offers.push(Offer { need, resource, likely: known.likely(distance), said: Said::Waiting, says_yes });
        self.needs[need].asked.insert(resource);
        self.needs[need].waiting.push(offer);
        let person = &mut self.people[at];
        person.invited.push(self.now);
        person.booked.push((wanted.slot, need));
    }

    fn answered(&mut self, offer: usize) {
        if self.offers[offer].says_yes {
            self.agreed(offer);
        } else {
            self.closed(offer, Said::No);
        }
    }

    fn agreed(&mut self, offer: usize) {
        if self.offers[offer].said != Said::Waiting {
            return;
        }
        let need = self.offers[offer].need;
        self.offers[offer].said = Said::Yes;
        self.people[self.offers[offer].resource as usize].asked += 1;
        let state = &mut self.needs[need];
        state.waiting.retain(|other| *other != offer);
        state.agreed.push(offer);
        if state.agreed.len() as u32 == self.city.wanted[need].need.head {
            state.filled_at = Some(self.now);
            self.open.remove(&need);
            for other in std::mem::take(&mut self.needs[need].waiting) {
                self.withdraw(other);
            }
        }
    }

    /// A no, or nothing said in time: somebody else is asked.
    fn closed(&mut self, offer: usize, said: Said) {
        if self.offers[offer].said != Said::Waiting {
            return;
        }
        let Offer { need, resource, .. } = self.offers[offer];
        self.offers[offer].said = said;
        self.people[resource as usize].asked += 1;
        self.needs[need].waiting.retain(|other| *other != offer);
        self.unbook(resource, need);
        self.ask(need);
    }

    fn withdraw(&mut self, offer: usize) {
        let Offer { need, resource, .. } = self.offers[offer];
        self.offers[offer].said = Said::Withdrawn;
        self.unbook(resource, need);
    }

    fn unbook(&mut self, resource: u32, need: usize) {
        self.people[resource as usize].booked.retain(|(_, other)| *other != need);
    }

    /// Somebody goes on leave: what they were asked for and what they agreed to and has not begun goes to others.
    fn leave(&mut self, resource: u32) {
        self.roster.remove(resource);
        let to = self.city.hidden[resource as usize].leave.map_or(0, |leave| leave.1 * DAY);
        let booked = self.people[resource as usize].booked.clone();
        let away = self.now..to;
        for (_, need) in booked.into_iter().filter(|(slot, _)| away.contains(&begins(*slot))) {
            let NeedState { waiting, agreed, .. } = &mut self.needs[need];
            let of_theirs = |offer: &usize| self.offers[*offer].resource == resource;
            let offer =
                waiting.iter().chain(agreed.iter()).copied().find(of_theirs).expect("a part is booked with an offer");
            waiting.retain(|other| *other != offer);
            agreed.retain(|other| *other != offer);
            self.withdraw(offer);
            self.needs[need].filled_at = None;
            self.open.insert(need);
            self.ask(need);
        }
    }

    /// Whoever agreed comes, or does not.
    fn begin(&mut self, need: usize) {
        self.open.remove(&need);
        for offer in std::mem::take(&mut self.needs[need].waiting) {
            self.withdraw(offer);
        }
        for offer in self.needs[need].agreed.clone() {
            let resource = self.offers[offer].resource as usize;
            let mut chance = Rng(mix(self.city.seed ^ COMES ^ (need as u64) << 32 ^ resource as u64));
            let person = &mut self.people[resource];
            if chance.unit() < self.city.hidden[resource].no_show {
                person.no_shows += 1;
            } else {
                person.kept += 1;
                person.served.push(self.city.wanted[need].slot);
                self.needs[need].came += 1;
            }
        }
    }
}
