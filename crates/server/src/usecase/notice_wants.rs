//! How an account wants to hear what it is told. Only ever its own; addresses are sealed under a key of the account's.

use muster_core::id::AccountId;
use muster_core::pack::minutes;
use muster_core::people::{Action, Actor, Subject, may};
use muster_core::send::{Quiet, Way};
use muster_store::Tx;
use muster_store::way::{AccountWayRow, WantsRow, account_way_put, account_ways, wants_get, wants_put};
use zeroize::Zeroizing;

use super::act::{Act, deny};
use crate::error::{Error, FieldError, Result};
use crate::i18n::Lang;
use crate::secret::{DataKey, normalise_phone, place};
use crate::state::State;

/// What an account wants, in clear, for its own eyes.
#[derive(Debug)]
pub struct Wanted {
    pub mail: Zeroizing<String>,
    pub mail_on: bool,
    pub phone: Zeroizing<String>,
    pub phone_on: bool,
    pub digest_hour: Option<u8>,
    pub quiet: Quiet,
}

/// The same as typed.
#[derive(Clone, Debug, Default)]
pub struct WantsDraft {
    pub mail: String,
    pub mail_on: bool,
    pub phone: String,
    pub phone_on: bool,
    /// An hour, or empty: at once.
    pub digest_hour: String,
    /// `HH:MM`; the same twice: no quiet hours.
    pub quiet_from: String,
    pub quiet_until: String,
    pub lang: Lang,
}

pub async fn notice_wants(state: &State, actor: &Actor) -> Result<Wanted> {
    let account = own(actor)?;
    let mut tx = state.read().await?;
    let mut wanted = Wanted {
        mail: Zeroizing::default(),
        mail_on: false,
        phone: Zeroizing::default(),
        phone_on: false,
        digest_hour: None,
        quiet: state.pack.notices.sending.quiet,
    };
    let Some(row) = wants_get(&mut tx, account).await? else { return Ok(wanted) };
    let key = key_of(state, &row)?;
    wanted.digest_hour = row.digest_hour.and_then(|hour| u8::try_from(hour).ok());
    wanted.quiet = quiet_of(state, row.quiet_from, row.quiet_until);
    for way in account_ways(&mut tx, account).await? {
        let address = address_of(&key, &way)?.unwrap_or_default();
        match way.way {
            Way::Mail => (wanted.mail, wanted.mail_on) = (address, way.enabled),
            Way::Sms => (wanted.phone, wanted.phone_on) = (address, way.enabled),
            _ => {}
        }
    }
    Ok(wanted)
}

pub async fn notice_wants_set(state: &State, actor: &Actor, draft: &WantsDraft) -> Result<()> {
    let account = own(actor)?;
    let checked = check(draft)?;
    let mut act = Act::begin(state, actor).await?;
    let known = wants_get(&mut act.tx, account).await?;
    let key = match &known {
        Some(row) => key_of(state, row)?,
        None => DataKey::generate(&state.chance),
    };
    let own_quiet = Some(checked.quiet).filter(|quiet| *quiet != state.pack.notices.sending.quiet);
    let row = WantsRow {
        account_id: account,
        wrapped_key: known
            .map_or_else(|| state.keys.wrap(&key, &account.to_string(), &state.chance), |row| row.wrapped_key),
        lang: draft.lang.code().to_owned(),
        digest_hour: checked.digest_hour.map(i64::from),
        quiet_from: own_quiet.map(|quiet| i64::from(quiet.from)),
        quiet_until: own_quiet.map(|quiet| i64::from(quiet.until)),
        changed_at: act.at.0,
    };
    wants_put(&mut act.tx, &row).await?;
    let ways = account_ways(&mut act.tx, account).await?;
    for (way, address, enabled) in [(Way::Mail, checked.mail, draft.mail_on), (Way::Sms, checked.phone, draft.phone_on)]
    {
        let known = ways.iter().find(|row| row.way == way);
        keep(&mut act.tx, state, account, &key, (way, &address, enabled), known, act.at.0).await?;
    }
    act.audit(Action::NoticeWants, "account", account.to_string(), None);
    act.commit().await
}

/// One address for each way: a changed one takes the place of the other, an empty one takes it back.
async fn keep(
    tx: &mut Tx,
    state: &State,
    account: AccountId,
    key: &DataKey,
    (way, address, enabled): (Way, &str, bool),
    known: Option<&AccountWayRow>,
    at: i64,
) -> Result<()> {
    if address.is_empty() && known.is_none() {
        return Ok(());
    }
    let id = known.map_or_else(|| state.chance.uuid(at.into()), |row| row.id);
    let sealed =
        || key.seal(&state.chance, &place("account_ways", "address_sealed", &id.to_string()), address.as_bytes());
    let row = AccountWayRow {
        id,
        account_id: account.0,
        way,
        address_sealed: (!address.is_empty()).then(sealed),
        address_index: (!address.is_empty()).then(|| state.keys.handle_index(&format!("{way}:{address}")).to_vec()),
        enabled: enabled && !address.is_empty(),
        made_at: at,
    };
    account_way_put(tx, &row).await.map_err(Error::from)
}

struct Checked {
    mail: String,
    phone: String,
    digest_hour: Option<u8>,
    quiet: Quiet,
}

fn check(draft: &WantsDraft) -> Result<Checked> {
    let mut faults = Vec::new();
    let mut fault = |field: &str, code: &str, detail: &str| {
        let (pointer, code) = (format!("/{field}"), code.to_owned());
        faults.push(FieldError { pointer, code, detail: detail.to_owned() });
    };
    let mail = draft.mail.trim().to_owned();
    if mail.is_empty() && draft.mail_on {
        fault("mail", "mail-missing", "Write the address that mail shall go to, or switch mail off.");
    }
    if !mail.is_empty() && (mail.len() > 200 || mail.parse::<lettre::Address>().is_err()) {
        fault("mail", "mail-invalid", "This is no mail address; write it as name@example.org.");
    }
    let typed = draft.phone.trim();
    let phone = if typed.is_empty() { Ok(String::new()) } else { normalise_phone(typed) };
    if typed.is_empty() && draft.phone_on {
        fault("phone", "phone-missing", "Write the number that messages shall go to, or switch them off.");
    }
    if phone.is_err() {
        fault("phone", "phone-invalid", "This is no phone number; write digits such as 13900000000.");
    }
    let hour = draft.digest_hour.trim();
    let digest_hour = hour.parse::<u8>().ok().filter(|hour| *hour < 24);
    if !hour.is_empty() && digest_hour.is_none() {
        fault("digest", "digest-hour", "Choose at once, or an hour from 0 to 23.");
    }
    let (from, until) = (minutes(draft.quiet_from.trim()), minutes(draft.quiet_until.trim()));
    for (field, time) in [("quiet_from", from), ("quiet_until", until)] {
        if time.is_none() {
            fault(field, "time-form", "Write a time of day such as 22:00.");
        }
    }
    match (phone, from, until) {
        (Ok(phone), Some(from), Some(until)) if faults.is_empty() => {
            Ok(Checked { mail, phone, digest_hour, quiet: Quiet { from, until } })
        }
        _ => Err(Error::invalid_fields(faults)),
    }
}

pub(super) fn key_of(state: &State, row: &WantsRow) -> Result<DataKey> {
    state.keys.unwrap(&row.wrapped_key, &row.account_id.to_string()).map_err(|error| Error::internal(&error))
}

/// An address in clear; `None` once it was taken back.
pub(super) fn address_of(key: &DataKey, way: &AccountWayRow) -> Result<Option<Zeroizing<String>>> {
    let Some(sealed) = &way.address_sealed else { return Ok(None) };
    let at = place("account_ways", "address_sealed", &way.id.to_string());
    let plain = key.open(&at, sealed).map_err(|error| Error::internal(&error))?;
    Ok(Some(Zeroizing::new(String::from_utf8_lossy(&plain).into_owned())))
}

/// Hours in which nothing is sent: those chosen, or the pack's.
pub(super) fn quiet_of(state: &State, from: Option<i64>, until: Option<i64>) -> Quiet {
    match (from, until) {
        (Some(from), Some(until)) => Quiet { from: from as u16, until: until as u16 },
        _ => state.pack.notices.sending.quiet,
    }
}

pub(super) fn own(actor: &Actor) -> Result<AccountId> {
    may(actor, Action::NoticeWants, &Subject::NONE).map_err(deny)?;
    actor.account_id().ok_or_else(Error::unauthenticated)
}
