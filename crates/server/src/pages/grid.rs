//! The grid worker's form: short, for a phone held in one hand. The phone keeps the page and what is written on it, and
//! sends it here once there is a network (`web/scripts/grid.js`).

use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use muster_core::intake::{Channel, Draft};
use muster_core::people::{Action, scope};
use muster_core::time::Timestamp;
use serde::Deserialize;

use super::desk::elsewhere;
use super::frame::{Frame, explain, is_about_form};
use super::photos;
use super::words::{Places, groups};
use crate::error::{Code, Error, Result};
use crate::extract::PageForm;
use crate::usecase::deny;
use crate::usecase::report_submit::{Again, Receipt, report_submit};
use crate::view::intake::{GridForm, GridPage, Taken};
use crate::view::{Notice, When};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    text: String,
    area: String,
    place: String,
    phone: String,
    key: String,
    photos: Vec<String>,
    photo_fault: Vec<String>,
}

impl Typed {
    fn draft(&self, places: &Places) -> Draft {
        Draft {
            area: places.find(&self.area),
            place: self.place.clone(),
            text: self.text.clone(),
            phone: self.phone.clone(),
            ..Draft::default()
        }
    }

    /// The key is drawn on the phone, so it is known among the account's own only.
    fn again(&self, account: &str, draft: &Draft) -> Option<Again> {
        (!self.key.is_empty()).then(|| Again::new(&format!("grid/{account}"), &self.key, draft))
    }
}

pub(super) async fn view(frame: Frame) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = page(&frame, &frame.places().await?, Typed::default()).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn send(frame: Frame, PageForm(mut typed): PageForm<Typed>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let places = frame.places().await?;
    match submit(&frame, &places, &typed).await.map_err(elsewhere) {
        Ok(receipt) => {
            let mut page = page(&frame, &places, Typed { area: typed.area, ..Typed::default() }).await?;
            page.taken = Some(taken(&frame, receipt));
            Ok(frame.draw(&page))
        }
        Err(error) if is_about_form(&error) => {
            let was_sent = error.code() == Code::KeyReused;
            if was_sent {
                typed.key.clear();
            }
            let mut page = page(&frame, &places, typed).await?;
            explain(&mut page.shell, &error, str::to_owned);
            if was_sent {
                page.shell.notice = Some(Notice { good: false, text: page.shell.t("grid-sent-before").into_owned() });
            }
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn submit(frame: &Frame, places: &Places, typed: &Typed) -> Result<Receipt> {
    let mut draft = typed.draft(places);
    draft.photos = photos::sent(&frame.state, &typed.photos, &typed.photo_fault).await?;
    let again = typed.again(&account(frame), &draft);
    report_submit(&frame.state, frame.actor(), Channel::Grid, &draft, again.as_ref()).await
}

/// The service worker's script. A browser lets it serve only what lies beside or below its own address, so it stands at
/// the root; it asks for it again at every visit.
pub(super) async fn worker() -> Result<Response> {
    let (bytes, kind, _) = crate::assets::get("grid-worker.js").ok_or_else(Error::not_found)?;
    Ok(([(CONTENT_TYPE, kind), (CACHE_CONTROL, "no-cache")], bytes).into_response())
}

fn account(frame: &Frame) -> String {
    frame.actor().account_id().map(|id| id.to_string()).unwrap_or_default()
}

fn taken(frame: &Frame, receipt: Receipt) -> Taken {
    Taken {
        code: groups(&receipt.code),
        secret: groups(&receipt.secret),
        unit: receipt.unit,
        due: receipt.due_at.map_or_else(When::default, |at| frame.when(Timestamp(at))),
    }
}

async fn page(frame: &Frame, places: &Places, typed: Typed) -> Result<GridPage> {
    let scope = scope(frame.actor(), Action::ReportEnter).map_err(deny)?;
    let areas = places.choices_in(&scope);
    let mut form =
        GridForm { text: typed.text, area: typed.area, place: typed.place, phone: typed.phone, key: typed.key };
    if let ([only], true) = (areas.groups[0].options.as_slice(), form.area.is_empty()) {
        form.area.clone_from(&only.value);
    }
    if form.key.is_empty() {
        form.key = frame.state.chance.uuid(frame.state.now()).to_string();
    }
    let photos = photos::chooser(&frame.state, &typed.photos).await?;
    Ok(GridPage { shell: frame.shell("grid-page"), account: account(frame), form, areas, photos, taken: None })
}
