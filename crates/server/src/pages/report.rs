//! A resident reports on three screens, without an account; each screen carries what was typed before.

use std::net::IpAddr;

use axum::Extension;
use axum::http::StatusCode;
use axum::response::Response;
use muster_core::intake::{self, Channel};
use muster_core::people::Actor;
use muster_core::send::Way;
use muster_core::time::Timestamp;
use serde::Deserialize;

use super::advice::advice;
use super::alike;
use super::frame::{Frame, explain, is_about_form};
use super::photos;
use super::words::{Places, groups};
use crate::error::{Code, Result};
use crate::extract::PageForm;
use crate::i18n::Lang;
use crate::security::ClientAddress;
use crate::usecase::report_submit::{Again, Choice, Receipt, report_submit_chosen};
use crate::view::When;
use crate::view::intake::{Advice, CheckPage, ContactPage, DonePage, Draft, HomePage};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    text: String,
    area: String,
    place: String,
    name: String,
    phone: String,
    behalf: String,
    tell: String,
    key: String,
    join: String,
    photos: Vec<String>,
    photo_fault: Vec<String>,
}

impl Typed {
    async fn draft(&self, frame: &Frame) -> Result<Draft> {
        Ok(Draft {
            text: self.text.clone(),
            area: self.area.clone(),
            place: self.place.clone(),
            name: self.name.clone(),
            phone: self.phone.clone(),
            behalf: self.behalf.clone(),
            tell: self.tell.clone(),
            may_tell: frame.state.senders.has(Way::Sms),
            key: self.key.clone(),
            photos: photos::chooser(&frame.state, &self.photos).await?,
        })
    }
}

pub(super) async fn home(frame: Frame) -> Result<Response> {
    let areas = frame.places().await?.choices();
    let key = frame.state.chance.uuid(frame.state.now()).to_string();
    let draft = Typed { key, ..Typed::default() }.draft(&frame).await?;
    let page = HomePage { shell: frame.shell("home-page"), draft, areas };
    Ok(frame.draw(&page))
}

/// Back to the first screen with everything typed.
pub(super) async fn what(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let areas = frame.places().await?.choices();
    let page = HomePage { shell: frame.shell("home-page"), draft: typed.draft(&frame).await?, areas };
    Ok(frame.draw(&page))
}

pub(super) async fn contact(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let places = frame.places().await?;
    let mut said = core_draft(&Typed { phone: String::new(), ..typed.clone() }, places.find(&typed.area));
    let mut shell = frame.shell("home-page");
    match photos::sent(&frame.state, &typed.photos, &typed.photo_fault).await {
        Ok(photos) => said.photos = photos,
        Err(error) if is_about_form(&error) => explain(&mut shell, &error, str::to_owned),
        Err(error) => return Err(error),
    }
    if let Err(faults) = intake::accept(&said, &frame.state.pack.intake) {
        refuse(&mut shell, &faults);
    }
    let draft = typed.draft(&frame).await?;
    if shell.problems.is_empty() {
        let advice = advice(&frame, &places, &typed.text, places.find(&typed.area));
        let page = ContactPage { shell: frame.shell("contact-page"), draft, advice };
        return Ok(frame.draw(&page));
    }
    let page = HomePage { shell, draft, areas: places.choices() };
    Ok(frame.draw_as(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

pub(super) async fn check(
    frame: Frame,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let places = frame.places().await?;
    let area = places.find(&typed.area);
    if let Err(faults) = intake::accept(&core_draft(&typed, area), &frame.state.pack.intake) {
        let mut shell = frame.shell("contact-page");
        refuse(&mut shell, &faults);
        let advice = advice(&frame, &places, &typed.text, area);
        let page = ContactPage { shell, draft: typed.draft(&frame).await?, advice };
        return Ok(frame.draw_as(StatusCode::UNPROCESSABLE_ENTITY, &page));
    }
    let page = check_page(&frame, &places, &typed, limited(&frame, address)).await?;
    Ok(frame.draw(&page))
}

/// Whether this address has asked for like cases too often; then none are shown, and reporting goes on.
fn limited(frame: &Frame, address: IpAddr) -> bool {
    frame.state.limits.alike(address).is_err()
}

/// Everything read back, with the open cases it may be about.
async fn check_page(frame: &Frame, places: &Places, typed: &Typed, limited: bool) -> Result<CheckPage> {
    let area = places.find(&typed.area);
    let (similar, join) = if limited {
        (Vec::new(), String::new())
    } else {
        let draft = core_draft(typed, area);
        alike::similar(frame, places, &Actor::Anonymous, Channel::Web, &draft, &typed.key, &typed.join).await?
    };
    Ok(CheckPage {
        shell: frame.shell("check-page"),
        advice: advice(frame, places, &typed.text, area),
        draft: typed.draft(frame).await?,
        area_label: area.map(|area| places.area_label(area)).unwrap_or_default(),
        similar,
        join,
    })
}

pub(super) async fn send(
    frame: Frame,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    PageForm(mut typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let places = frame.places().await?;
    let choice = alike::choice(&typed.join, &typed.key);
    match submit(&frame, &places, address, &typed, &choice).await {
        Ok(receipt) => {
            let page = done(&frame, &receipt, &choice);
            Ok(frame.draw(&page))
        }
        Err(error) if is_about_form(&error) => {
            // Changed after it was sent: whoever sends it once more means another report.
            if error.code() == Code::KeyReused {
                typed.key = frame.state.chance.uuid(frame.state.now()).to_string();
            }
            let mut page = check_page(&frame, &places, &typed, limited(&frame, address)).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn submit(frame: &Frame, places: &Places, address: IpAddr, typed: &Typed, choice: &Choice) -> Result<Receipt> {
    let state = &frame.state;
    state.limits.report(address)?;
    let mut draft = core_draft(typed, places.find(&typed.area));
    draft.photos = photos::sent(state, &typed.photos, &typed.photo_fault).await?;
    let again = (!typed.key.is_empty()).then(|| Again::new("page", &typed.key, &draft).choosing(choice));
    report_submit_chosen(state, &Actor::Anonymous, Channel::Web, &draft, again.as_ref(), choice).await
}

fn done(frame: &Frame, receipt: &Receipt, choice: &Choice) -> DonePage {
    let shell = frame.shell("done-page");
    let mut why = match receipt.why.as_str() {
        "joined" => Vec::new(),
        "unsure" | "elsewhere" | "no-duty" | "no-unit" => vec![shell.t("done-unit-open").into_owned()],
        basis => vec![basis.to_owned()],
    };
    if matches!(choice, Choice::Same(_)) && !receipt.joined {
        why.insert(0, shell.t("done-parted").into_owned());
    }
    DonePage {
        code: groups(&receipt.code),
        secret: groups(&receipt.secret),
        unit: receipt.unit.clone(),
        due: receipt.due_at.map_or_else(When::default, |at| frame.when(Timestamp(at))),
        why,
        joined: receipt.joined,
        advice: Advice { call: receipt.call.clone(), ..Advice::default() },
        shell,
    }
}

fn core_draft(typed: &Typed, area: Option<muster_core::area::AreaId>) -> intake::Draft {
    intake::Draft {
        area,
        place: typed.place.clone(),
        title: String::new(),
        text: typed.text.clone(),
        name: typed.name.clone(),
        phone: typed.phone.clone(),
        on_behalf: !typed.behalf.trim().is_empty(),
        tell_in: Lang::parse(&typed.tell).map(|lang| lang.code().to_owned()).unwrap_or_default(),
        ..intake::Draft::default()
    }
}

/// Core's refusals in the page's words.
fn refuse(shell: &mut crate::view::Shell, faults: &[intake::Refusal]) {
    for fault in faults {
        let key = format!("problem-{}", fault.code());
        let message = if shell.text.has(&key) { shell.t(&key).into_owned() } else { fault.to_string() };
        shell.problems.push(crate::view::Problem { field: fault.field().to_owned(), message });
    }
}
