//! The operator's desk: who calls, what they told before, what they say now.

use axum::response::Response;
use muster_core::intake::{Channel, Draft};
use muster_core::time::Timestamp;
use serde::Deserialize;

use super::frame::{Frame, explain, is_about_form, status_of};
use super::words::groups;
use crate::error::Result;
use crate::extract::PageForm;
use crate::usecase::person::person_lookup;
use crate::usecase::report_submit::{Again, report_submit};
use crate::view::When;
use crate::view::intake::{DeskForm, DeskPage, EarlierCase, Taken};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    phone: String,
    name: String,
    behalf: String,
    area: String,
    place: String,
    text: String,
    channel: String,
    key: String,
}

impl Typed {
    fn form(self, key: String) -> DeskForm {
        DeskForm {
            phone: self.phone,
            name: self.name,
            behalf: self.behalf,
            area: self.area,
            place: self.place,
            text: self.text,
            channel: if self.channel.is_empty() { Channel::Hotline.as_str().to_owned() } else { self.channel },
            key: if self.key.is_empty() { key } else { self.key },
        }
    }
}

pub(super) async fn view(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = page(&frame, Typed::default()).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn lookup(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let found = person_lookup(&frame.state, frame.actor(), &typed.phone).await;
    let mut page = page(&frame, typed).await?;
    match found {
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
            Ok(frame.draw_as(status_of(&error), &page))
        }
        Err(error) => Err(error),
    }
}

pub(super) async fn take(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let places = frame.places().await?;
    let draft = Draft {
        area: places.find(&typed.area),
        place: typed.place.clone(),
        title: String::new(),
        text: typed.text.clone(),
        name: typed.name.clone(),
        phone: typed.phone.clone(),
        on_behalf: !typed.behalf.trim().is_empty(),
    };
    let channel =
        typed.channel.parse().ok().filter(|c| matches!(c, Channel::Hotline | Channel::Station | Channel::Grid));
    let again = (!typed.key.is_empty()).then(|| Again::new("desk", &typed.key, &draft));
    let channel = channel.unwrap_or(Channel::Hotline);
    match report_submit(&frame.state, frame.actor(), channel, &draft, again.as_ref()).await {
        Ok(receipt) => {
            let mut page = page(&frame, Typed::default()).await?;
            page.taken = Some(Taken {
                code: groups(&receipt.code),
                secret: groups(&receipt.secret),
                unit: receipt.unit,
                due: receipt.due_at.map_or_else(When::default, |at| frame.when(Timestamp(at))),
            });
            Ok(frame.draw(&page))
        }
        Err(error) if is_about_form(&error) => {
            let mut page = page(&frame, typed).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_as(status_of(&error), &page))
        }
        Err(error) => Err(error),
    }
}

async fn page(frame: &Frame, typed: Typed) -> Result<DeskPage> {
    muster_core::people::scope(frame.actor(), muster_core::people::Action::ReportEnter)
        .map_err(crate::usecase::deny)?;
    let key = frame.state.chance.uuid(frame.state.now()).to_string();
    Ok(DeskPage {
        shell: frame.shell("desk-page"),
        form: typed.form(key),
        areas: frame.places().await?.choices(),
        channels: frame.channels(),
        earlier: None,
        taken: None,
    })
}
