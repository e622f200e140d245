//! Somebody offers to help: one page, no account, two minutes.

use axum::Extension;
use axum::response::Response;
use jiff::civil::Date;
use muster_core::dispatch::hours::WEEK;
use muster_core::dispatch::registry::AskWay;
use serde::Deserialize;

use super::frame::{Frame, explain, is_about_form};
use super::words::{Places, groups};
use crate::error::Result;
use crate::extract::PageForm;
use crate::security::ClientAddress;
use crate::usecase::resource::Offer;
use crate::usecase::resource_join::{Joined, Joining, ask_ways, help_wanted, resource_join};
use crate::view::qr::Qr;
use crate::view::resources::{JoinPage, JoinedPage, OfferForm, SkillTick, Tick, WeekDay};
use crate::view::{Choice, Group};

/// Kilometres that are offered.
const REACHES: [i64; 6] = [1, 3, 5, 10, 20, 50];
const REACH: &str = "3";

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    pub(super) csrf: String,
    pub(super) secret: String,
    pub(super) name: String,
    pub(super) phone: String,
    pub(super) age: String,
    pub(super) born: String,
    pub(super) guardian: String,
    pub(super) consent: String,
    pub(super) area: String,
    pub(super) skill: Vec<String>,
    pub(super) tick: Vec<String>,
    /// Days off: those kept, and one that is added.
    pub(super) off: Vec<String>,
    pub(super) reach: String,
    pub(super) capacity: String,
    pub(super) way: String,
    pub(super) mail: String,
    pub(super) version: String,
    pub(super) pause: String,
    pub(super) cert: String,
    pub(super) title: String,
    pub(super) number: String,
    pub(super) expires: String,
}

impl Typed {
    pub(super) fn offer(&self, places: &Places) -> Offer {
        Offer {
            area: places.find(&self.area),
            skills: self.skill.clone(),
            ticks: self.tick.iter().filter_map(|tick| read_tick(tick)).collect(),
            days_off: self.off.iter().filter_map(|day| day.trim().parse::<Date>().ok()).collect(),
            reach: self.reach.trim().parse().unwrap_or(0),
            capacity: self.capacity.trim().parse().unwrap_or(0),
        }
    }
}

/// `2-1`: Wednesday, the second part.
pub(super) fn read_tick(text: &str) -> Option<(usize, usize)> {
    let (day, part) = text.split_once('-')?;
    Some((day.parse().ok()?, part.parse().ok()?))
}

pub(super) async fn join(frame: Frame) -> Result<Response> {
    let way = ask_ways(&frame.state).first().map_or("", |way| way.as_str());
    let (reach, capacity) = (REACH.to_owned(), "2".to_owned());
    let typed = Typed { reach, capacity, way: way.to_owned(), ..Typed::default() };
    let page = page(&frame, &typed).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn send(
    frame: Frame,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let joining = joining(&frame, &typed, &frame.places().await?);
    let joined = match frame.state.limits.report(address) {
        Ok(()) => resource_join(&frame.state, frame.actor(), &joining).await,
        Err(error) => Err(error),
    };
    match joined {
        Ok(joined) => {
            let page = done(&frame, &joined);
            Ok(frame.draw(&page))
        }
        Err(error) if is_about_form(&error) => {
            let mut page = page(&frame, &typed).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

fn joining(frame: &Frame, typed: &Typed, places: &Places) -> Joining {
    Joining {
        name: typed.name.clone(),
        phone: typed.phone.clone(),
        adult: typed.age == "adult",
        born: typed.born.clone(),
        guardian: typed.guardian.clone(),
        branch: String::new(),
        way: typed.way.clone(),
        mail: typed.mail.clone(),
        lang: frame.lang,
        consents: typed.consent == "yes",
        offer: typed.offer(places),
    }
}

fn done(frame: &Frame, joined: &Joined) -> JoinedPage {
    let address = format!("{}/help/me/{}", frame.origin().unwrap_or_default(), joined.code.as_str());
    JoinedPage {
        shell: frame.shell("joined-page-title"),
        code: groups(joined.code.as_str()),
        secret: groups(&joined.secret),
        qr: frame.origin().and_then(|_| Qr::of(&address)),
        address,
    }
}

async fn page(frame: &Frame, typed: &Typed) -> Result<JoinPage> {
    let places = frame.places().await?;
    let area = places.find(&typed.area).unwrap_or(frame.state.pack.root_area);
    Ok(JoinPage {
        shell: frame.shell("join-page"),
        name: typed.name.clone(),
        phone: typed.phone.clone(),
        age: typed.age.clone(),
        born: typed.born.clone(),
        guardian: typed.guardian.clone(),
        consent: typed.consent == "yes",
        form: offer_form(frame, &places, typed),
        wanted: help_wanted(&frame.state, area).await?,
        assured_days: frame.state.pack.dispatch.assured_days,
        week_most: frame.state.pack.dispatch.offer.week_most,
    })
}

/// The form as it was typed, with all there is to choose from.
pub(super) fn offer_form(frame: &Frame, places: &Places, typed: &Typed) -> OfferForm {
    let shell = frame.shell("join-page");
    let ticks: Vec<_> = typed.tick.iter().filter_map(|tick| read_tick(tick)).collect();
    let one = |label: &str, values: Vec<i64>| {
        let options = values.into_iter().map(|value| Choice::new(value.to_string(), shell.count(label, value)));
        vec![Group { label: String::new(), options: options.collect() }]
    };
    let most = i64::from(frame.state.pack.dispatch.offer.week_most);
    let own = typed.reach.parse().ok().filter(|reach| *reach > 0 && !REACHES.contains(reach));
    OfferForm {
        areas: places.choices(),
        area: typed.area.clone(),
        skills: skill_ticks(frame, &typed.skill),
        parts: part_names(frame),
        week: week(frame, &ticks),
        reaches: one("help-km", REACHES.into_iter().chain(own).collect()),
        reach: typed.reach.clone(),
        capacities: one("help-times", (1..=most).collect()),
        capacity: typed.capacity.clone(),
        ways: way_ticks(frame, &typed.way),
        mail: typed.mail.clone(),
    }
}

pub(super) fn way_ticks(frame: &Frame, chosen: &str) -> Vec<Tick> {
    let shell = frame.shell("join-page");
    let tick = |way: AskWay| Tick {
        value: way.as_str().to_owned(),
        label: shell.label("ask-way", way.as_str()).into_owned(),
        on: way.as_str() == chosen,
    };
    ask_ways(&frame.state).into_iter().map(tick).collect()
}

pub(super) fn skill_ticks(frame: &Frame, chosen: &[String]) -> Vec<SkillTick> {
    let tick = |skill: &muster_core::pack::Skill| SkillTick {
        tick: Tick { value: skill.code.clone(), label: frame.name(&skill.name), on: chosen.contains(&skill.code) },
        certificate: skill.certificate,
    };
    frame.state.pack.dispatch.skills.iter().map(tick).collect()
}

/// The parts of a day from each hour to the next; a line may end within where a screen is narrow.
pub(super) fn part_names(frame: &Frame) -> Vec<String> {
    let parts = &frame.state.pack.dispatch.parts;
    let end = |at: usize| parts.get(at + 1).map_or("24:00".to_owned(), |next| next.strftime("%H:%M").to_string());
    parts.iter().enumerate().map(|(at, part)| format!("{}–\u{200b}{}", part.strftime("%H:%M"), end(at))).collect()
}

pub(super) fn week(frame: &Frame, ticks: &[(usize, usize)]) -> Vec<WeekDay> {
    let (shell, parts) = (frame.shell("join-page"), part_names(frame));
    let day = |day: usize| {
        let label = shell.label("weekday", (day + 1).to_string()).into_owned();
        let tick = |(part, name): (usize, &String)| Tick {
            value: format!("{day}-{part}"),
            label: format!("{label} {name}"),
            on: ticks.contains(&(day, part)),
        };
        WeekDay { ticks: parts.iter().enumerate().map(tick).collect(), label: label.clone() }
    };
    (0..WEEK.len()).map(day).collect()
}
