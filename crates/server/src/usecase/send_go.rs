//! Sends what is due. Any number of nodes may: each holds what it takes for as long as its lease runs.
//!
//! A node that dies after a receiver has taken something and before that is written leaves it to be sent once more: at
//! least once is what can be promised. The id that goes with each try is the same, so that a receiver may see it.

use futures_util::StreamExt;
use muster_core::id::{AccountId, ReportId, ResourceId};
use muster_core::send::{Quiet, Send, Tried, Way};
use muster_core::time::Timestamp;
use muster_store::Tx;
use muster_store::dispatch::resource_get;
use muster_store::intake::report_get;
use muster_store::people::{Unit, account_get, unit_list};
use muster_store::send::{SendRow, SentNotice, notices_of_sends, send_settle, sends_claim};
use muster_store::way::{account_way_forget, account_way_get, report_way_get, wants_get};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::notice_wants::{address_of, key_of, quiet_of};
use super::notice_words::{Wording, code_in};
use super::offer_told::still_told;
use super::report_hear::{key_of as person_key, person_of, way_of_handle};
use super::resource::address_of as resource_address;
use crate::config::Origin;
use crate::error::Result;
use crate::i18n::{Lang, Text};
use crate::secret::{DataKey, place};
use crate::send::{FaultKind, Outgoing, SendFault};
use crate::state::State;

/// Sends that one round takes, and how many of them at once.
const ROUND: i64 = 20;
const AT_ONCE: usize = 10;

/// Sends a round of what is due; returns how many were taken.
pub async fn sends_go(state: &State) -> Result<usize> {
    let held = sends_hold(state).await?;
    if held.is_empty() {
        return Ok(0);
    }
    let (count, units) = (held.len(), unit_list(&mut state.read().await?).await?);
    let going = held.into_iter().map(|row| {
        let units = &units;
        async move {
            let id = row.id;
            if let Err(error) = go(state, row, units).await {
                tracing::warn!(%error, send = %id, "a send will be tried again when its lease is over");
            }
        }
    });
    futures_util::stream::iter(going).buffer_unordered(AT_ONCE).collect::<()>().await;
    Ok(count)
}

/// Takes what is due, for long enough to send all of it even where every receiver is slow.
pub async fn sends_hold(state: &State) -> Result<Vec<SendRow>> {
    let ways = state.senders.own();
    if ways.is_empty() {
        return Ok(Vec::new());
    }
    let now = state.now();
    let rounds = ROUND / AT_ONCE as i64 + 1;
    let lease = now.plus(state.senders.timeout.as_micros() as i64 * rounds + Timestamp::MINUTE);
    let mut tx = state.db.write().await?;
    let held = sends_claim(&mut tx, &ways, now, state.chance.uuid(now), lease, ROUND).await?;
    if !held.is_empty() {
        tx.commit().await?;
    }
    Ok(held)
}

/// Whom a send is for, at the moment it goes out.
enum Whom {
    /// They said stop, or the account is closed.
    Nobody,
    /// What is sealed does not open.
    Unreadable,
    Somebody(Recipient),
}

struct Recipient {
    to: Zeroizing<String>,
    lang: Lang,
    quiet: Quiet,
}

async fn go(state: &State, mut row: SendRow, units: &[Unit]) -> Result<()> {
    let (sending, now) = (row.sending()?, state.now());
    let mut tx = state.read().await?;
    let notices = notices_of_sends(&mut tx, &[row.id]).await?;
    let recipient = match row.resource_id {
        // An invitation that was taken back before it went out is told to nobody, nor that it was taken back.
        Some(_) if !still_told(&mut tx, now, &notices).await? => Whom::Nobody,
        _ => recipient(&mut tx, state, &row).await?,
    };
    drop(tx);
    let next = match recipient {
        Whom::Nobody => sending.void(now),
        Whom::Unreadable => {
            row.fault = Some("the address cannot be opened: see muster doctor, master-key".to_owned());
            sending.tried(Tried::Refused, now, &state.pack.notices.sending, 0)
        }
        Whom::Somebody(Recipient { quiet, .. }) if !row.urgent && quiet.after(&state.pack.calendar, now) > now => {
            // Planned for the day and not sent by then: it waits for the morning all the same.
            sending.hold(quiet.after(&state.pack.calendar, now))
        }
        Whom::Somebody(recipient) => {
            let wording = Wording { state, lang: recipient.lang, units };
            let message = compose(&wording, &row, &notices, &recipient.to);
            let fault = state.senders.send(row.way, &message, now, &state.chance).await.err();
            state.senders.count(row.way, fault.as_ref());
            let tried = tried(fault.as_ref());
            let gone = fault.as_ref().is_some_and(|fault| fault.kind == FaultKind::Gone);
            row.fault = fault.map(|fault| fault.why);
            let chance = u64::from_le_bytes(state.chance.bytes());
            if let Some(way) = row.account_way_id.filter(|_| gone) {
                way_forget(state, way).await?;
                sending.void(state.now())
            } else {
                let next = sending.tried(tried, state.now(), &state.pack.notices.sending, chance);
                next.and_then(|next| kept(state, next, row.urgent, recipient.quiet))
            }
        }
    };
    row.take(next.map_err(|error| crate::error::Error::internal(&error))?);
    settle(state, &row).await
}

fn tried(fault: Option<&SendFault>) -> Tried {
    match fault {
        None => Tried::Taken,
        Some(fault) if fault.kind == FaultKind::Later => Tried::Failed,
        Some(_) => Tried::Refused,
    }
}

/// The next try keeps out of the quiet hours too.
fn kept(state: &State, next: Send, urgent: bool, quiet: Quiet) -> std::result::Result<Send, muster_core::send::NotNow> {
    match next {
        Send::Retry { not_before, .. } if !urgent => next.hold(quiet.after(&state.pack.calendar, not_before)),
        other => Ok(other),
    }
}

async fn settle(state: &State, row: &SendRow) -> Result<()> {
    let mut tx = state.db.write().await?;
    if !send_settle(&mut tx, row).await? {
        tracing::warn!(send = %row.id, "another node took a send whose lease was over: it may go out twice");
    }
    tx.commit().await?;
    Ok(())
}

/// Nothing is taken there any more: the address goes, and nothing more is planned for it.
async fn way_forget(state: &State, way: Uuid) -> Result<()> {
    let mut tx = state.db.write().await?;
    account_way_forget(&mut tx, way).await?;
    tx.commit().await?;
    Ok(())
}

async fn recipient(tx: &mut Tx, state: &State, row: &SendRow) -> Result<Whom> {
    match (row.account(), row.account_way_id, row.report()) {
        (Some(account), Some(way), _) => of_account(tx, state, account, way).await,
        (_, _, Some(report)) => of_report(tx, state, report, row.way).await,
        _ => match row.resource() {
            Some(resource) => of_resource(tx, state, resource, row.way).await,
            None => Ok(Whom::Nobody),
        },
    }
}

async fn of_resource(tx: &mut Tx, state: &State, resource: ResourceId, way: Way) -> Result<Whom> {
    let Some(row) = resource_get(tx, resource).await?.filter(|row| row.way.as_str() == way.as_str()) else {
        return Ok(Whom::Nobody);
    };
    let (lang, quiet) = (Lang::parse(&row.lang).unwrap_or_default(), state.pack.notices.sending.quiet);
    Ok(match resource_address(tx, state, &row, way).await {
        Err(_) => Whom::Unreadable,
        Ok(None) => Whom::Nobody,
        Ok(Some(to)) => Whom::Somebody(Recipient { to, lang, quiet }),
    })
}

async fn of_account(tx: &mut Tx, state: &State, account: AccountId, way: Uuid) -> Result<Whom> {
    let living = account_get(tx, account).await?.is_some_and(|account| account.disabled_at.is_none());
    let (wants, way) = (wants_get(tx, account).await?, account_way_get(tx, way).await?);
    let (Some(wants), Some(way), true) = (wants, way.filter(|way| way.enabled), living) else {
        return Ok(Whom::Nobody);
    };
    let lang = Lang::parse(&wants.lang).unwrap_or_default();
    let quiet = quiet_of(state, wants.quiet_from, wants.quiet_until);
    Ok(match key_of(state, &wants).and_then(|key| address_of(&key, &way)) {
        Err(_) => Whom::Unreadable,
        Ok(None) => Whom::Nobody,
        Ok(Some(to)) => Whom::Somebody(Recipient { to, lang, quiet }),
    })
}

async fn of_report(tx: &mut Tx, state: &State, report: ReportId, way: Way) -> Result<Whom> {
    let (chosen, report) = (report_way_get(tx, report).await?, report_get(tx, report).await?);
    let (Some(chosen), Some(report)) = (chosen.filter(|chosen| chosen.way == way.as_str()), report) else {
        return Ok(Whom::Nobody);
    };
    let Some(person) = person_of(tx, &report).await? else { return Ok(Whom::Nobody) };
    let id = person.id.to_string();
    let (column, sealed) = match way {
        Way::Sms => ("phone_sealed", &person.phone_sealed),
        way if way_of_handle(&report) == Some(way) => ("handle_sealed", &person.handle_sealed),
        _ => return Ok(Whom::Nobody),
    };
    let to = person_key(state, &person).and_then(|key| opened(&key, &place("persons", column, &id), sealed.as_ref()));
    let lang = Lang::parse(&chosen.lang).unwrap_or_default();
    Ok(match to {
        Err(_) => Whom::Unreadable,
        Ok(None) => Whom::Nobody,
        Ok(Some(to)) => {
            // An address of mail stands after the channel's name; a gateway gets the whole, as it gave it.
            let bare = to.strip_prefix("mail:").filter(|_| way == Way::Mail).map(|to| Zeroizing::new(to.to_owned()));
            Whom::Somebody(Recipient { to: bare.unwrap_or(to), lang, quiet: state.pack.notices.sending.quiet })
        }
    })
}

fn opened(key: &DataKey, at: &str, sealed: Option<&Vec<u8>>) -> Result<Option<Zeroizing<String>>> {
    let Some(sealed) = sealed else { return Ok(None) };
    let plain = key.open(at, sealed).map_err(|error| crate::error::Error::internal(&error))?;
    Ok(Some(Zeroizing::new(String::from_utf8_lossy(&plain).into_owned())))
}

fn compose<'a>(wording: &Wording<'_>, row: &SendRow, notices: &[SentNotice], to: &'a str) -> Outgoing<'a> {
    let text = Text { lang: wording.lang };
    let origin = wording.state.config.public_url.as_ref().map(Origin::as_str);
    let mut message = Outgoing {
        id: row.id,
        to,
        subject: String::new(),
        text: String::new(),
        short: String::new(),
        code: String::new(),
        template: "digest".to_owned(),
    };
    if let [notice] = notices {
        message.code = code_in(&notice.params);
        message.template.clone_from(&notice.template);
    }
    let mut lines = Vec::new();
    if let (Some(_), [notice, ..]) = (row.report_id, notices) {
        message.short = wording.short(&notice.template, &notice.params);
        lines.push(message.short.clone());
        if let Some(origin) = origin {
            lines.push(text.with("send-look", "url", format!("{origin}/track/{}", message.code.replace('-', ""))));
        }
        lines.push(text.get("send-stop").into_owned());
    } else if let (Some(_), [notice, ..]) = (row.resource_id, notices) {
        let (title, body) = wording.of(&notice.template, &notice.params);
        message.short.clone_from(&title);
        lines.push(format!("{title}\n{body}"));
        if let Some(origin) = origin {
            let own = format!("{origin}/help/me/{}", message.code.replace('-', ""));
            if row.way == Way::Sms {
                message.short = format!("{title} {own}");
            }
            lines.push(own);
        }
        lines.push(text.get("send-helper-stop").into_owned());
        message.subject = title;
    } else {
        let words: Vec<_> = notices.iter().map(|notice| wording.of(&notice.template, &notice.params)).collect();
        message.short = match &words[..] {
            [(title, _)] => title.clone(),
            many => text.count("send-many", many.len()),
        };
        lines.extend(words.into_iter().map(|(title, body)| format!("{title}\n{body}\n")));
        lines.extend(origin.map(|origin| format!("{origin}/notices")));
        lines.push(text.get("send-settings").into_owned());
    }
    if message.subject.is_empty() {
        message.subject.clone_from(&message.short);
    }
    message.text = lines.join("\n");
    message
}
