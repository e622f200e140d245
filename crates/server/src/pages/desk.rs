//! The operator's desk: who calls, what they told before, what they say now.

use axum::response::Response;
use muster_core::intake::{Channel, Draft};
use muster_core::people::{Action, scope};
use muster_core::send::Way;
use muster_core::time::Timestamp;
use serde::Deserialize;

use super::advice::advice;
use super::alike;
use super::frame::{Frame, explain, is_about_form};
use super::photos;
use super::words::{Places, groups};
use crate::error::{Code, Error, Result};
use crate::extract::{ApiQuery, PageForm};
use crate::i18n::Lang;
use crate::usecase::deny;
use crate::usecase::person::person_lookup;
use crate::usecase::report_submit::{Again, Choice, Receipt, report_submit_chosen};
use crate::view::intake::{DeskForm, DeskPage, EarlierCase, Slip, Taken};
use crate::view::qr::Qr;
use crate::view::{Notice, When};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    phone: String,
    name: String,
    behalf: String,
    tell: String,
    area: String,
    place: String,
    text: String,
    channel: String,
    key: String,
    join: String,
    photos: Vec<String>,
    photo_fault: Vec<String>,
}

impl Typed {
    fn draft(&self, places: &Places) -> Draft {
        Draft {
            area: places.find_by_letters(&self.area),
            place: self.place.clone(),
            title: String::new(),
            text: self.text.clone(),
            name: self.name.clone(),
            phone: self.phone.clone(),
            on_behalf: !self.behalf.trim().is_empty(),
            // Who calls speaks with somebody of the city: in its language.
            tell_in: if self.tell.is_empty() { String::new() } else { Lang::Zh.code().to_owned() },
            ..Draft::default()
        }
    }

    fn channel(&self) -> Channel {
        let offered = |channel: &Channel| matches!(channel, Channel::Hotline | Channel::Station | Channel::Grid);
        self.channel.parse().ok().filter(offered).unwrap_or(Channel::Hotline)
    }

    fn form(self, key: String) -> DeskForm {
        let channel = self.channel();
        DeskForm {
            phone: self.phone,
            name: self.name,
            behalf: self.behalf,
            tell: !self.tell.is_empty(),
            area: self.area,
            place: self.place,
            text: self.text,
            channel: channel.as_str().to_owned(),
            key: if self.key.is_empty() { key } else { self.key },
        }
    }
}

/// What an address of the desk may name: the station's mode.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Mode {
    channel: String,
}

pub(super) async fn view(frame: Frame, ApiQuery(mode): ApiQuery<Mode>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let chosen = !mode.channel.is_empty();
    let mut page = page(&frame, Typed { channel: mode.channel, ..Typed::default() }).await?;
    page.chosen = chosen;
    Ok(frame.draw(&page))
}

pub(super) async fn lookup(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let found = person_lookup(&frame.state, frame.actor(), &typed.phone).await;
    let files = photos::untaken(&typed.photo_fault);
    let mut page = page(&frame, typed).await?;
    match files.and(found) {
        Ok(cases) => {
            let places = frame.places().await?;
            let earlier = cases.iter().map(|case| EarlierCase {
                code: case.code.to_string(),
                title: case.title.clone(),
                state: case.state.as_str().to_owned(),
                unit: case.unit().map(|unit| places.unit(unit)).unwrap_or_default(),
                when: frame.when(case.received_at),
            });
            page.earlier = Some(earlier.collect());
            Ok(frame.draw(&page))
        }
        Err(error) if is_about_form(&error) => {
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

/// The open cases that what was typed may be about.
pub(super) async fn alike(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let places = frame.places().await?;
    let draft = typed.draft(&places);
    let mut page = page(&frame, typed.clone()).await?;
    if let Err(error) = photos::untaken(&typed.photo_fault) {
        explain(&mut page.shell, &error, str::to_owned);
    }
    let (key, join) = (&page.form.key, &typed.join);
    let found = alike::similar(&frame, &places, frame.actor(), Channel::Hotline, &draft, key, join).await?;
    page.join = found.1;
    page.similar = Some(found.0);
    Ok(frame.draw(&page))
}

pub(super) async fn take(frame: Frame, PageForm(mut typed): PageForm<Typed>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let places = frame.places().await?;
    let choice = alike::choice(&typed.join, &typed.key);
    match submit(&frame, &places, &typed, &choice).await.map_err(elsewhere) {
        Ok(receipt) => {
            let page = taken(&frame, receipt, &choice, typed.channel()).await?;
            Ok(frame.draw(&page))
        }
        Err(error) if is_about_form(&error) => {
            if error.code() == Code::KeyReused {
                typed.key.clear();
            }
            let mut page = page(&frame, typed).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn submit(frame: &Frame, places: &Places, typed: &Typed, choice: &Choice) -> Result<Receipt> {
    let state = &frame.state;
    let mut draft = typed.draft(places);
    draft.photos = photos::sent(state, &typed.photos, &typed.photo_fault).await?;
    let again = (!typed.key.is_empty()).then(|| Again::new("desk", &typed.key, &draft).choosing(choice));
    report_submit_chosen(state, frame.actor(), typed.channel(), &draft, again.as_ref(), choice).await
}

/// Permission speaks of what does not exist; whoever chose an area of a form can choose another.
pub(super) fn elsewhere(error: Error) -> Error {
    match error.code() {
        Code::NotFound => Error::invalid("area", "area-foreign", "Reports from this area are taken elsewhere."),
        _ => error,
    }
}

/// An empty form for the next call, with what to read aloud to this one.
async fn taken(frame: &Frame, receipt: Receipt, choice: &Choice, channel: Channel) -> Result<DeskPage> {
    let at_station = channel == Channel::Station;
    let next = if at_station { channel.as_str().to_owned() } else { String::new() };
    let mut page = page(frame, Typed { channel: next, ..Typed::default() }).await?;
    if matches!(choice, Choice::Same(_)) && !receipt.joined {
        page.shell.notice = Some(Notice { good: true, text: page.shell.t("done-parted").into_owned() });
    }
    page.slip = at_station.then(|| slip(frame, &receipt));
    page.advice.call.clone_from(&receipt.call);
    page.taken = Some(Taken {
        code: groups(&receipt.code),
        secret: groups(&receipt.secret),
        unit: receipt.unit,
        due: receipt.due_at.map_or_else(When::default, |at| frame.when(Timestamp(at))),
    });
    Ok(page)
}

fn slip(frame: &Frame, receipt: &Receipt) -> Slip {
    let address = format!("{}/track/{}", frame.origin().unwrap_or_default(), receipt.code.replace('-', ""));
    Slip {
        class: receipt.unit.is_some().then(|| frame.category(&receipt.class)),
        qr: frame.origin().and_then(|_| Qr::of(&address)),
        address,
    }
}

async fn page(frame: &Frame, typed: Typed) -> Result<DeskPage> {
    scope(frame.actor(), Action::ReportEnter).map_err(deny)?;
    let key = frame.state.chance.uuid(frame.state.now()).to_string();
    let places = frame.places().await?;
    let photos = photos::chooser(&frame.state, &typed.photos).await?;
    let mut form = typed.form(key);
    form.area = places.find_by_letters(&form.area).map_or(form.area, |area| places.area_label(area));
    Ok(DeskPage {
        advice: advice(frame, &places, &form.text, places.find(&form.area)),
        shell: frame.shell("desk-page"),
        form,
        may_tell: frame.state.senders.has(Way::Sms),
        areas: places.suggested(),
        photos,
        channels: frame.channels(),
        earlier: None,
        similar: None,
        join: String::new(),
        taken: None,
        slip: None,
        account: frame.actor().account_id().map(|id| id.to_string()).unwrap_or_default(),
        chosen: false,
        decides: scope(frame.actor(), Action::CaseTriage).is_ok(),
    })
}
