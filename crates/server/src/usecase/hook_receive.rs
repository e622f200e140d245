//! A gateway brings what somebody wrote to the city's account or mail box. It is taken in as any other report.

use muster_core::area::mentioned;
use muster_core::intake::{Channel, Draft};
use muster_core::people::{Action, Actor, Subject, may};
use muster_store::people::areas_named_in;
use sha2::{Digest, Sha256};

use super::act::{Act, deny};
use super::reference::area_code;
use super::report_submit::{Again, Receipt, report_submit};
use crate::error::{Code, Error, Result};
use crate::hook::{Hook, NotSigned, Signed};
use crate::i18n::Lang;
use crate::state::State;

/// Characters at the beginning of a text in which an area is looked for.
const PLACE_STANDS_IN: usize = 400;

/// The door of this name, when the head of the message is one its gateway may have written.
pub async fn hook_open<'a>(state: &'a State, name: &str, signed: Signed<'_>) -> Result<&'a Hook> {
    may(&Actor::Anonymous, Action::HookReceive, &Subject::NONE).map_err(deny)?;
    let hook = state.hooks.get(name).ok_or_else(Error::not_found)?;
    match hook.verify_head(signed, state.now()) {
        Ok(()) => Ok(hook),
        Err(fault) => Err(not_signed(state, hook, fault).await?),
    }
}

/// Refuses a message that is not from its gateway.
pub async fn hook_verify(state: &State, hook: &Hook, signed: Signed<'_>, body: &[u8]) -> Result<()> {
    match hook.verify(signed, body, state.now()) {
        Ok(()) => Ok(()),
        Err(fault) => Err(not_signed(state, hook, fault).await?),
    }
}

/// What is not signed goes on the record, so many times an hour.
async fn not_signed(state: &State, hook: &Hook, fault: NotSigned) -> Result<Error> {
    if state.limits.forged(&hook.name).is_ok() {
        let mut act = Act::begin(state, &Actor::Anonymous).await?;
        act.audit(Action::HookReceive, "hook", hook.name.as_str(), Some(fault.as_str().to_owned()));
        act.commit().await?;
    }
    Ok(Error::new(Code::SignatureWrong, format!("Nothing was taken in: {fault}.")))
}

/// A message as its gateway tells of it.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// How the channel knows the sender.
    pub from: String,
    /// A code, or empty.
    pub area: String,
    /// All but area and handle.
    pub draft: Draft,
}

/// Takes in a message. `id` and `body` are those that were signed: the second time they get the first answer.
pub async fn hook_receive(state: &State, hook: &Hook, id: &str, body: &[u8], message: Message) -> Result<Receipt> {
    let Message { from, area, mut draft } = message;
    let from = from.trim();
    if from.is_empty() || from.chars().count() > 200 || from.contains('\0') {
        let detail = "Say in `from` how the channel knows the sender, in 1 to 200 characters.";
        return Err(Error::invalid("from", "from-missing", detail));
    }
    draft.handle = match hook.channel {
        // An address is the same person through every mail box.
        Channel::Mail => format!("mail:{}", from.to_lowercase()),
        _ => format!("{}:{from}", hook.name),
    };
    // Whoever writes by a channel is answered on it, until they say stop.
    Lang::Zh.code().clone_into(&mut draft.tell_in);
    state.limits.sender(&draft.handle)?;
    draft.area = Some(if area.trim().is_empty() {
        said_in(state, hook, &draft).await?
    } else {
        let area = area_code("area", &area)?;
        let foreign =
            || Error::invalid("area", "area-foreign", format!("Area {area} is not within that of this hook."));
        Some(area).filter(|area| hook.area.contains(*area)).ok_or_else(foreign)?
    });
    let again =
        Again { scope: format!("hook/{}", hook.name), key: id.to_owned(), fingerprint: Sha256::digest(body).to_vec() };
    report_submit(state, &Actor::Anonymous, hook.channel, &draft, Some(&again)).await
}

/// The area whose name the message says first, or the hook's own.
async fn said_in(state: &State, hook: &Hook, draft: &Draft) -> Result<muster_core::area::AreaId> {
    let said = format!("{}\n{}\n{}", draft.place, draft.title, draft.text);
    let said: String = said.chars().take(PLACE_STANDS_IN).filter(|c| *c != '\0').collect();
    let mut tx = state.read().await?;
    let areas = areas_named_in(&mut tx, hook.area.range(), &said).await?;
    let named: Vec<_> = areas.iter().map(|area| (area.id, area.name.as_str())).collect();
    Ok(mentioned(&said, &named).unwrap_or(hook.area))
}
