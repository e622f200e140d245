//! One's own page in the registry, by number and secret.

use axum::Extension;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::response::Response;
use muster_core::dispatch::registry::ResourceState;
use muster_core::time::{date_of_number, day_number};
use muster_store::dispatch::CertificateRow;

use super::frame::{Frame, explain, is_about_form};
use super::help::{Typed, offer_form};
use super::need_lines::own_offer;
use super::words::groups;
use crate::error::{Error, Result};
use crate::extract::{ApiPath, PageForm};
use crate::security::ClientAddress;
use crate::state::State;
use crate::usecase::certificate_add::{INSURANCE, Shown, certificate_add_own};
use crate::usecase::offer_own::offers_own;
use crate::usecase::resource_own::{
    Change, OwnEntry, resource_assure, resource_change, resource_leave, resource_own, resource_pause,
};
use crate::view::resources::{CertificateForm, CertificateShown, MeFormPage, MePage, Tick};
use crate::view::{Choice, Group, Notice};

/// A form about one's own entry: sent from our page, and no more often than a secret may be tried.
pub(super) struct Mine {
    frame: Frame,
    code: String,
    typed: Typed,
}

impl FromRequest<State> for Mine {
    type Rejection = Error;

    async fn from_request(request: Request, state: &State) -> Result<Self> {
        let (mut parts, body) = request.into_parts();
        let frame = Frame::from_request_parts(&mut parts, state).await?;
        let ApiPath(code) = ApiPath::<String>::from_request_parts(&mut parts, state).await?;
        let Extension(ClientAddress(address)) = Extension::from_request_parts(&mut parts, state).await?;
        let PageForm(typed) = PageForm::<Typed>::from_request(Request::from_parts(parts, body), state).await?;
        frame.check(&typed.csrf)?;
        frame.state.limits.code(address, &code)?;
        Ok(Self { frame, code, typed })
    }
}

#[derive(Debug, Default, serde::Deserialize)]
#[serde(default)]
pub(super) struct Keys {
    csrf: String,
    code: String,
    secret: String,
}

pub(super) async fn form(frame: Frame) -> Response {
    let page = MeFormPage { shell: frame.shell("me-page"), code: String::new() };
    frame.draw(&page)
}

/// Where the printed slip leads: the number is filled in, the secret is not.
pub(super) async fn by_code(frame: Frame, ApiPath(code): ApiPath<String>) -> Result<Response> {
    let code = code.parse::<muster_core::id::Code>().map_err(|_| Error::not_found())?;
    let page = MeFormPage { shell: frame.shell("me-page"), code: code.to_string() };
    Ok(frame.draw(&page))
}

pub(super) async fn open(
    frame: Frame,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    PageForm(keys): PageForm<Keys>,
) -> Result<Response> {
    frame.check(&keys.csrf)?;
    let found = match frame.state.limits.code(address, &keys.code) {
        Ok(()) => resource_own(&frame.state, &keys.code, &keys.secret).await,
        Err(error) => Err(error),
    };
    match found {
        Ok(entry) => {
            let page = page(&frame, &entry, &keys.secret, None).await?;
            Ok(frame.draw(&page))
        }
        Err(error) => {
            let mut shell = frame.shell("me-page");
            if error.status() == 404 {
                shell.refuse("code", "not-found", None);
            } else {
                explain(&mut shell, &error, str::to_owned);
            }
            let page = MeFormPage { shell, code: keys.code };
            Ok(frame.draw_error(&error, &page))
        }
    }
}

pub(super) async fn change(Mine { frame, code, typed }: Mine) -> Result<Response> {
    let places = frame.places().await?;
    let change =
        Change { way: typed.way.clone(), mail: typed.mail.clone(), lang: frame.lang, offer: typed.offer(&places) };
    let version = typed.version.parse().unwrap_or(0);
    let done = resource_change(&frame.state, &code, &typed.secret, &change, version).await;
    after(frame, &code, &typed, done, "me-changed").await
}

pub(super) async fn assure(Mine { frame, code, typed }: Mine) -> Result<Response> {
    let done = resource_assure(&frame.state, &code, &typed.secret).await;
    after(frame, &code, &typed, done, "me-assured-now").await
}

pub(super) async fn pause(Mine { frame, code, typed }: Mine) -> Result<Response> {
    let pause = typed.pause == "yes";
    let done = resource_pause(&frame.state, &code, &typed.secret, pause).await;
    after(frame, &code, &typed, done, if pause { "me-paused-now" } else { "me-goes-on" }).await
}

pub(super) async fn certificate(Mine { frame, code, typed }: Mine) -> Result<Response> {
    let done = certificate_add_own(&frame.state, &code, &typed.secret, &shown(&typed)).await;
    after(frame, &code, &typed, done, "certificate-sent").await
}

pub(super) async fn leave(Mine { frame, code, typed }: Mine) -> Result<Response> {
    resource_leave(&frame.state, &code, &typed.secret).await?;
    let mut shell = frame.shell("me-page");
    shell.notice = Some(Notice { good: true, text: shell.t("me-left").into_owned() });
    let page = MeFormPage { shell, code: String::new() };
    Ok(frame.draw(&page))
}

pub(super) fn shown(typed: &Typed) -> Shown {
    let Typed { cert: skill, title, number, expires, .. } = typed.clone();
    Shown { skill, title, number, expires }
}

/// The page again: as it is now, or with what was typed and why it was not taken.
async fn after(frame: Frame, code: &str, typed: &Typed, done: Result<()>, said: &str) -> Result<Response> {
    match done {
        Ok(()) => {
            let entry = resource_own(&frame.state, code, &typed.secret).await?;
            let mut page = page(&frame, &entry, &typed.secret, None).await?;
            page.shell.notice = Some(Notice { good: true, text: page.shell.t(said).into_owned() });
            Ok(frame.draw(&page))
        }
        Err(error) if is_about_form(&error) => {
            let entry = resource_own(&frame.state, code, &typed.secret).await?;
            let mut page = page(&frame, &entry, &typed.secret, Some(typed)).await?;
            explain(&mut page.shell, &error, |field| if field == "skill" { "cert".into() } else { field.into() });
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

/// `typed` is what was not taken: it stays in the form.
pub(super) async fn page(frame: &Frame, entry: &OwnEntry, secret: &str, typed: Option<&Typed>) -> Result<MePage> {
    let places = frame.places().await?;
    let OwnEntry { row, standing, name, phone, mail } = entry;
    let shell = frame.shell("me-page");
    let kept = Typed {
        area: if places.choices().searchable { places.area_label(row.area) } else { row.area.to_string() },
        skill: row.skills().map(str::to_owned).collect(),
        tick: standing.ticks.iter().map(|(day, part)| format!("{day}-{part}")).collect(),
        off: standing.days_off.iter().map(ToString::to_string).collect(),
        reach: (row.reach / 1_000).to_string(),
        capacity: row.capacity.to_string(),
        way: row.way.as_str().to_owned(),
        mail: mail.to_string(),
        ..Typed::default()
    };
    // A certificate that was refused leaves the rest of the page as it is kept.
    let offered = typed.filter(|typed| !typed.version.is_empty()).unwrap_or(&kept);
    let off = offered.off.iter().filter(|day| !day.is_empty());
    let offers = offers_own(&frame.state, row.code.as_str(), secret).await?;
    Ok(MePage {
        offers: offers.iter().map(|offer| own_offer(frame, offer)).collect(),
        code: row.code.as_str().to_owned(),
        code_groups: groups(row.code.as_str()),
        secret: secret.to_owned(),
        name: if name.is_empty() { row.name.clone() } else { name.to_string() },
        phone: phone.to_string(),
        paused: row.state == ResourceState::Paused,
        bars: standing.bars.iter().map(|bar| bar.as_str()).collect(),
        assured: frame.when(row.assured_at),
        joined: frame.when(row.joined_at),
        assured_days: frame.state.pack.dispatch.assured_days,
        asked: row.asked,
        agreed: row.agreed,
        came: row.came,
        version: row.version,
        form: offer_form(frame, &places, offered),
        days_off: off.map(|day| Tick { value: day.clone(), label: day.clone(), on: true }).collect(),
        certificates: certificates(frame, &standing.certificates),
        shown: certificate_form(frame, typed),
        shell,
    })
}

pub(super) fn certificates(frame: &Frame, rows: &[CertificateRow]) -> Vec<CertificateShown> {
    let today = day_number(frame.state.pack.calendar.local_date(frame.state.now()));
    let shown = |row: &CertificateRow| {
        let expired = row.state == "verified" && row.expires_on.is_some_and(|until| until < today);
        CertificateShown {
            id: row.id.to_string(),
            what: skill_name(frame, &row.skill),
            title: row.title.clone(),
            state: if expired { "expired".to_owned() } else { row.state.clone() },
            expires: row.expires_on.and_then(date_of_number).map(|day| day.to_string()).unwrap_or_default(),
            reason: row.reason.clone().unwrap_or_default(),
        }
    };
    rows.iter().map(shown).collect()
}

/// In the reader's language; a word that the pack no longer has stands for itself.
pub(super) fn skill_name(frame: &Frame, code: &str) -> String {
    if code == INSURANCE {
        return frame.shell("me-page").t("certificate-insurance").into_owned();
    }
    frame.state.pack.dispatch.skill(code).map_or_else(|| code.to_owned(), |skill| frame.name(&skill.name))
}

pub(super) fn certificate_form(frame: &Frame, typed: Option<&Typed>) -> CertificateForm {
    let skills = frame.state.pack.dispatch.skills.iter().filter(|skill| skill.certificate);
    let mut options: Vec<Choice> = skills.map(|skill| Choice::new(&skill.code, frame.name(&skill.name))).collect();
    options.push(Choice::new(INSURANCE, skill_name(frame, INSURANCE)));
    let Typed { cert: skill, title, number, expires, .. } = typed.cloned().unwrap_or_default();
    CertificateForm { kinds: vec![Group { label: String::new(), options }], skill, title, number, expires }
}
