//! A letter to whoever reported, for somebody to print and post. Where it goes is shown for that only, and looking is on
//! the record.

use muster_core::people::{Action, Actor};
use muster_core::send::Way;
use muster_store::intake::report_get;
use muster_store::people::unit_list;
use muster_store::send::{notices_of_sends, send_lock};
use muster_store::way::report_way_get;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::act::Act;
use super::notice_words::{Wording, code_in};
use super::report_hear::{key_of, letter_place, person_of};
use super::send_list::reaches;
use crate::error::{Error, Result};
use crate::i18n::Lang;
use crate::state::State;

/// What stands on the sheet.
#[derive(Debug)]
pub struct Letter {
    pub address: Zeroizing<String>,
    pub code: String,
    pub text: String,
    /// The language the reporter chose.
    pub lang: Lang,
}

pub async fn send_letter(state: &State, actor: &Actor, send: Uuid) -> Result<Letter> {
    let mut act = Act::begin(state, actor).await?;
    let row = send_lock(&mut act.tx, send).await?;
    let notices = notices_of_sends(&mut act.tx, &[send]).await?;
    reaches(actor, Action::LetterPrint, &notices)?;
    let row = row.filter(|row| row.way == Way::Letter && row.ended_at.is_none()).ok_or_else(Error::not_found)?;
    let report = row.report().ok_or_else(Error::not_found)?;
    let chosen = report_way_get(&mut act.tx, report).await?.filter(|chosen| chosen.way == Way::Letter.as_str());
    let report = report_get(&mut act.tx, report).await?.ok_or_else(Error::not_found)?;
    let person = person_of(&mut act.tx, &report).await?;
    let (Some(chosen), Some(person)) = (chosen, person) else {
        let detail = "Whoever reported wants no letter any more; give this one up.";
        return Err(Error::conflict(detail, Vec::<String>::new()));
    };
    let sealed = chosen.letter_sealed.ok_or_else(Error::not_found)?;
    let key = key_of(state, &person)?;
    let plain = key.open(&letter_place(report.id), &sealed).map_err(|error| Error::internal(&error))?;
    let lang = Lang::parse(&chosen.lang).unwrap_or_default();
    let units = unit_list(&mut act.tx).await?;
    let wording = Wording { state, lang, units: &units };
    let notice = notices.first().ok_or_else(Error::not_found)?;
    let letter = Letter {
        address: Zeroizing::new(String::from_utf8_lossy(&plain).into_owned()),
        code: code_in(&notice.params),
        text: wording.short(&notice.template, &notice.params),
        lang,
    };
    act.audit(Action::LetterPrint, "send", send.to_string(), None);
    act.commit().await?;
    Ok(letter)
}
