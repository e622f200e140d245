//! The registry: who and what can help, for coordinators and leaders.

use axum::response::Response;
use jiff::civil::Date;
use muster_core::area::AreaId;
use muster_core::dispatch::hours::Hours;
use muster_core::dispatch::registry::{ResourceKind, ResourceState};
use muster_core::id::ResourceId;
use muster_core::people::{Action, Subject};
use muster_core::time::{Timestamp, date_of_number};
use muster_store::dispatch::ResourceRow;
use serde::Deserialize;
use uuid::Uuid;

use super::frame::{Frame, can, explain, holds, is_about_form};
use super::help::{part_names, read_tick, skill_ticks, way_ticks, week};
use super::help_me::{certificate_form, certificates, shown, skill_name};
use super::query::query_of;
use super::words::{Places, groups};
use crate::error::{Error, Result};
use crate::extract::{ApiPath, ApiQuery, PageForm};
use crate::usecase::certificate_add::certificate_add;
use crate::usecase::certificate_decide::{Seen as Verdict, certificate_decide};
use crate::usecase::resource_edit::{resource_edit, resource_end};
use crate::usecase::resource_enter::{Entering, resource_enter};
use crate::usecase::resource_list::{Listed, ResourceAsk, resource_list, stale_before};
use crate::usecase::resource_view::{RevealedPerson, Seen, resource_reveal, resource_view};
use crate::view::process::Pager;
use crate::view::resources::{EnterForm, PersonShown, ResourceLine, ResourcePage, ResourcesPage};
use crate::view::{Choice, Group};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    kind: String,
    area: String,
    skill: String,
    /// `stale` or `waiting`.
    show: String,
    /// Time of joining and id of the last row shown.
    cursor: String,
}

impl Asked {
    fn ask(&self) -> ResourceAsk {
        let after = self.cursor.split_once('_');
        let after = after.and_then(|(at, id)| Some((Timestamp(at.parse().ok()?), ResourceId(id.parse().ok()?))));
        ResourceAsk {
            kind: self.kind.parse().ok(),
            area: self.area.parse().ok(),
            skill: Some(self.skill.clone()).filter(|skill| !skill.is_empty()),
            stale: self.show == "stale",
            waiting: self.show == "waiting",
            parent: None,
            after,
        }
    }

    fn link(&self, cursor: &str) -> String {
        let Self { kind, area, skill, show, .. } = self;
        let fields = [("kind", &**kind), ("area", area), ("skill", skill), ("show", show), ("cursor", cursor)];
        format!("/resources?{}", query_of(fields))
    }
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    kind: String,
    name: String,
    area: String,
    parent: String,
    skill: Vec<String>,
    tick: Vec<String>,
    reach: String,
    capacity: String,
    at_once: String,
    way: String,
    phone: String,
    mail: String,
    version: String,
    reason: String,
}

pub(super) async fn list(frame: Frame, ApiQuery(asked): ApiQuery<Asked>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = list_page(&frame, &asked, None).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn enter(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let places = frame.places().await?;
    match resource_enter(&frame.state, frame.actor(), &entering(&frame, &places, &typed)).await {
        Ok(entered) => {
            let mut page = view_page(&frame, entered.code.as_str()).await?;
            page.secret = groups(&entered.secret);
            Ok(frame.draw(&page))
        }
        Err(error) if is_about_form(&error) => {
            let mut page = list_page(&frame, &Asked::default(), Some(&typed)).await?;
            explain(&mut page.shell, &error, |field| if field == "kind" { "kind-new".into() } else { field.into() });
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

fn entering(frame: &Frame, places: &Places, typed: &Typed) -> Entering {
    let number = |text: &str| text.trim().parse().unwrap_or(-1);
    let ticks: Vec<_> = typed.tick.iter().filter_map(|tick| read_tick(tick)).collect();
    let parts = &frame.state.pack.dispatch.parts;
    let known: Vec<_> = ticks.into_iter().filter(|(day, part)| *day < 7 && *part < parts.len()).collect();
    let today = frame.state.pack.calendar.local_date(frame.state.now());
    Entering {
        kind: typed.kind.parse().ok(),
        name: typed.name.clone(),
        area: places.find(&typed.area),
        parent: typed.parent.clone(),
        skills: typed.skill.clone(),
        hours: Hours::weekly(&known, parts, today).to_string(),
        reach: number(&typed.reach),
        capacity: number(&typed.capacity),
        at_once: number(&typed.at_once),
        place: None,
        assured: None,
        way: typed.way.clone(),
        phone: typed.phone.clone(),
        mail: typed.mail.clone(),
        lang: frame.lang,
    }
}

async fn list_page(frame: &Frame, asked: &Asked, typed: Option<&Typed>) -> Result<ResourcesPage> {
    let Listed { rows, total, next } = resource_list(&frame.state, frame.actor(), &asked.ask()).await?;
    let places = frame.places().await?;
    let shell = frame.shell("resources-page");
    let group = |options: Vec<Choice>| vec![Group { label: String::new(), options }];
    let kinds = |from: usize| {
        let all = ResourceKind::ALL[from..].iter().map(|kind| kind.as_str());
        group(all.map(|kind| Choice::new(kind, shell.label("resource", kind))).collect())
    };
    let skills = frame.state.pack.dispatch.skills.iter();
    let show = |code: &str| Choice::new(code, shell.label("resources-show", code));
    let areas = places.areas.iter().map(|area| Choice::new(area.id.to_string(), places.area_label(area.id)));
    Ok(ResourcesPage {
        kinds: kinds(0),
        kind: asked.kind.clone(),
        areas: group(areas.collect()),
        area: asked.area.clone(),
        skills: group(skills.map(|skill| Choice::new(&skill.code, frame.name(&skill.name))).collect()),
        skill: asked.skill.clone(),
        shows: group(vec![show("stale"), show("waiting")]),
        show: asked.show.clone(),
        total,
        lines: rows.iter().map(|row| line(frame, &places, row)).collect(),
        pager: Pager {
            first: (!asked.cursor.is_empty()).then(|| asked.link("")),
            next: next.map(|(at, id)| asked.link(&format!("{}_{id}", at.0))),
        },
        enters: holds(frame.actor(), Action::ResourceEnter),
        form: enter_form(frame, &places, kinds(1), typed),
        assured_days: frame.state.pack.dispatch.assured_days,
        shell,
    })
}

fn enter_form(frame: &Frame, places: &Places, kinds: Vec<Group>, typed: Option<&Typed>) -> EnterForm {
    let empty = Typed {
        reach: "10".into(),
        capacity: "10".into(),
        at_once: "1".into(),
        way: "page".into(),
        ..Typed::default()
    };
    let known = typed.unwrap_or(&empty).clone();
    let ticks: Vec<_> = known.tick.iter().filter_map(|tick| read_tick(tick)).collect();
    EnterForm {
        kinds,
        skills: skill_ticks(frame, &known.skill),
        parts: part_names(frame),
        week: week(frame, &ticks),
        areas: places.choices(),
        open: typed.is_some(),
        kind: known.kind,
        name: known.name,
        area: known.area,
        parent: known.parent,
        reach: known.reach,
        capacity: known.capacity,
        at_once: known.at_once,
        ways: way_ticks(frame, &known.way),
        phone: known.phone,
        mail: known.mail,
    }
}

fn line(frame: &Frame, places: &Places, row: &ResourceRow) -> ResourceLine {
    ResourceLine {
        code: row.code.as_str().to_owned(),
        name: row.name.clone(),
        kind: row.kind.as_str().to_owned(),
        branch: row.branch.clone().unwrap_or_default(),
        area: places.area_label(row.area),
        skills: row.skills().map(|code| skill_name(frame, code)).collect(),
        paused: row.state == ResourceState::Paused,
        stale: row.assured_at < stale_before(&frame.state),
        assured: frame.when(row.assured_at),
    }
}

pub(super) async fn view(frame: Frame, ApiPath(code): ApiPath<String>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = view_page(&frame, &code).await?;
    Ok(frame.draw(&page))
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Said {
    csrf: String,
    reason: String,
    verdict: String,
    expires: String,
}

pub(super) async fn reveal(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(said): PageForm<Said>,
) -> Result<Response> {
    frame.check(&said.csrf)?;
    match resource_reveal(&frame.state, frame.actor(), &code, &said.reason).await {
        Ok(RevealedPerson { name, phone, mail, guardian }) => {
            let mut page = view_page(&frame, &code).await?;
            let text = |text: Option<zeroize::Zeroizing<String>>| text.map(|text| text.to_string()).unwrap_or_default();
            let (name, phone, mail, guardian) = (text(name), text(phone), text(mail), text(guardian));
            page.person = Some(PersonShown { name, phone, mail, guardian });
            Ok(frame.draw(&page))
        }
        Err(error) if is_about_form(&error) => {
            let mut page = view_page(&frame, &code).await?;
            page.reason.clone_from(&said.reason);
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

/// Written anew, with what was typed where it was not taken.
pub(super) async fn edit(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let places = frame.places().await?;
    let version = typed.version.parse().unwrap_or(0);
    match resource_edit(&frame.state, frame.actor(), &code, &entering(&frame, &places, &typed), version).await {
        Ok(_) => Ok(frame.go(&format!("/resources/{code}"))),
        Err(error) if is_about_form(&error) => {
            let mut page = view_page(&frame, &code).await?;
            page.edit = enter_form(&frame, &places, Vec::new(), Some(&typed));
            page.version = version;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn end(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    match resource_end(&frame.state, frame.actor(), &code, &typed.reason).await {
        Ok(()) => Ok(frame.go("/resources")),
        Err(error) if is_about_form(&error) => {
            let mut page = view_page(&frame, &code).await?;
            page.end_reason = typed.reason;
            explain(&mut page.shell, &error, |field| format!("end-{field}"));
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn certificate(
    frame: Frame,
    ApiPath(code): ApiPath<String>,
    PageForm(typed): PageForm<super::help::Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    match certificate_add(&frame.state, frame.actor(), &code, &shown(&typed)).await {
        Ok(()) => Ok(frame.go(&format!("/resources/{code}"))),
        Err(error) if is_about_form(&error) => {
            let mut page = view_page(&frame, &code).await?;
            page.shown = certificate_form(&frame, Some(&typed));
            explain(&mut page.shell, &error, |field| if field == "skill" { "cert".into() } else { field.into() });
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn decide(
    frame: Frame,
    ApiPath((code, id)): ApiPath<(String, Uuid)>,
    PageForm(said): PageForm<Said>,
) -> Result<Response> {
    frame.check(&said.csrf)?;
    let done = match verdict(&said) {
        Ok(verdict) => certificate_decide(&frame.state, frame.actor(), id, &verdict).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(()) => Ok(frame.go(&format!("/resources/{code}"))),
        Err(error) if is_about_form(&error) => {
            let mut page = view_page(&frame, &code).await?;
            explain(&mut page.shell, &error, |field| format!("{field}-{id}"));
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

fn verdict(said: &Said) -> Result<Verdict> {
    let reason = said.reason.clone();
    match said.verdict.as_str() {
        "refused" => Ok(Verdict::Refused { reason }),
        "revoked" => Ok(Verdict::Revoked { reason }),
        _ if said.expires.trim().is_empty() => Ok(Verdict::Verified { expires: None }),
        _ => match said.expires.trim().parse::<Date>() {
            Ok(day) => Ok(Verdict::Verified { expires: Some(day) }),
            Err(_) => Err(Error::invalid("expires", "date-wrong", "Write the date like 2027-05-31.")),
        },
    }
}

pub(super) async fn view_page(frame: &Frame, code: &str) -> Result<ResourcePage> {
    let Seen { row, standing, parent, members, alike } = resource_view(&frame.state, frame.actor(), code).await?;
    let places = frame.places().await?;
    let choice = |row: &ResourceRow| Choice::new(row.code.as_str(), &row.name);
    let skills = row.skills().map(|code| {
        let counts = standing.counts & frame.state.pack.dispatch.bits([code]) != 0;
        (skill_name(frame, code), counts)
    });
    let edits =
        row.kind != ResourceKind::Volunteer && can(frame.actor(), Action::ResourceEdit, &Subject::area(row.area));
    let known = typed_of(&places, &row, parent.as_ref(), &standing.ticks);
    Ok(ResourcePage {
        shell: frame.shell("resources-page"),
        line: line(frame, &places, &row),
        code_groups: groups(row.code.as_str()),
        secret: Vec::new(),
        bars: standing.bars.iter().map(|bar| bar.as_str()).collect(),
        skills: skills.collect(),
        parts: part_names(frame),
        week: week(frame, &standing.ticks),
        reach: frame.shell("resources-page").count("help-km", row.reach / 1_000),
        capacity: row.capacity,
        at_once: row.at_once,
        way: row.way.as_str().to_owned(),
        asked: row.asked,
        agreed: row.agreed,
        came: row.came,
        joined: frame.when(row.joined_at),
        minor: row.minor_until.and_then(date_of_number).is_some_and(|grown| today(frame) < grown),
        insured_until: row.insured_until.and_then(date_of_number).map(|day| day.to_string()).unwrap_or_default(),
        parent: parent.as_ref().map(choice),
        members: members.iter().filter(|row| row.kind != ResourceKind::Volunteer).map(choice).collect(),
        alike: alike.iter().map(choice).collect(),
        certificates: certificates(frame, &standing.certificates),
        decides: may_decide(frame, row.area),
        is_person: row.kind == ResourceKind::Volunteer,
        has_contact: row.person_id.is_some(),
        edit: EnterForm { open: false, ..enter_form(frame, &places, Vec::new(), Some(&known)) },
        edits,
        version: row.version,
        ends: row.kind != ResourceKind::Stock && can(frame.actor(), Action::ResourceEnd, &Subject::area(row.area)),
        end_reason: String::new(),
        person: None,
        reason: String::new(),
        shown: certificate_form(frame, None),
    })
}

/// An entry as its form has it; number and address are sealed and stay out of it.
fn typed_of(places: &Places, row: &ResourceRow, parent: Option<&ResourceRow>, ticks: &[(usize, usize)]) -> Typed {
    Typed {
        name: row.name.clone(),
        area: if places.choices().searchable { places.area_label(row.area) } else { row.area.to_string() },
        parent: parent.map(|parent| parent.code.to_string()).unwrap_or_default(),
        skill: row.skills().map(str::to_owned).collect(),
        tick: ticks.iter().map(|(day, part)| format!("{day}-{part}")).collect(),
        reach: (row.reach / 1_000).to_string(),
        capacity: row.capacity.to_string(),
        at_once: row.at_once.to_string(),
        way: row.way.as_str().to_owned(),
        ..Typed::default()
    }
}

fn today(frame: &Frame) -> Date {
    frame.state.pack.calendar.local_date(frame.state.now())
}

fn may_decide(frame: &Frame, area: AreaId) -> bool {
    can(frame.actor(), Action::CertificateDecide, &Subject::area(area))
}
