//! A browser is told by Web Push what its account is told, until it says stop there or on the page.

use muster_core::people::{Action, Actor};
use muster_core::send::Way;
use muster_core::time::Timestamp;
use muster_store::way::{
    AccountWayRow, WantsRow, account_way_forget, account_way_put, account_ways, wants_get, wants_put,
};
use uuid::Uuid;

use super::act::Act;
use super::notice_wants::{key_of, own};
use crate::error::{Error, Result};
use crate::i18n::Lang;
use crate::secret::{DataKey, place};
use crate::send::Subscription;
use crate::state::State;

/// Browsers of one account, at most.
const BROWSERS_MOST: usize = 10;

/// A browser that is told; what it is, nobody keeps.
#[derive(Clone, Copy, Debug)]
pub struct Browser {
    pub id: Uuid,
    pub since: Timestamp,
}

/// Those of the account, the oldest first.
pub async fn push_list(state: &State, actor: &Actor) -> Result<Vec<Browser>> {
    let account = own(actor)?;
    let mut tx = state.read().await?;
    let ways = account_ways(&mut tx, account).await?;
    let living = ways.iter().filter(|way| way.way == Way::Push && way.enabled);
    Ok(living.map(|way| Browser { id: way.id, since: Timestamp(way.made_at) }).collect())
}

/// The same browser twice is one.
pub async fn push_add(state: &State, actor: &Actor, subscription: &Subscription, lang: Lang) -> Result<()> {
    let account = own(actor)?;
    if !state.senders.accepts(subscription) {
        let detail =
            "This browser's push service is none that the city sends to; choose mail or short messages instead.";
        return Err(Error::invalid("push", "push-service", detail));
    }
    let mut act = Act::begin(state, actor).await?;
    let (key, row) = if let Some(row) = wants_get(&mut act.tx, account).await? {
        (key_of(state, &row)?, row)
    } else {
        let key = DataKey::generate(&state.chance);
        let row = WantsRow {
            account_id: account,
            wrapped_key: state.keys.wrap(&key, &account.to_string(), &state.chance),
            lang: lang.code().to_owned(),
            digest_hour: None,
            quiet_from: None,
            quiet_until: None,
            changed_at: act.at.0,
        };
        (key, row)
    };
    wants_put(&mut act.tx, &row).await?;
    let ways = account_ways(&mut act.tx, account).await?;
    let index = state.keys.handle_index(&format!("push:{}", subscription.endpoint)).to_vec();
    let known = ways.iter().find(|way| way.way == Way::Push && way.address_index.as_ref() == Some(&index));
    let living = ways.iter().filter(|way| way.way == Way::Push && way.enabled).count();
    if known.is_none() && living >= BROWSERS_MOST {
        let detail = format!("{BROWSERS_MOST} browsers are told already; remove one of them first.");
        return Err(Error::invalid("push", "push-many", detail));
    }
    let id = known.map_or_else(|| state.chance.uuid(act.at), |way| way.id);
    let address = serde_json::json!(subscription).to_string();
    let place = place("account_ways", "address_sealed", &id.to_string());
    let way = AccountWayRow {
        id,
        account_id: account.0,
        way: Way::Push,
        address_sealed: Some(key.seal(&state.chance, &place, address.as_bytes())),
        address_index: Some(index),
        enabled: true,
        made_at: act.at.0,
    };
    account_way_put(&mut act.tx, &way).await?;
    act.audit(Action::NoticeWants, "account", account.to_string(), None);
    act.commit().await
}

pub async fn push_remove(state: &State, actor: &Actor, id: Uuid) -> Result<()> {
    let account = own(actor)?;
    let mut act = Act::begin(state, actor).await?;
    let ways = account_ways(&mut act.tx, account).await?;
    let is_own = ways.iter().any(|way| way.id == id && way.way == Way::Push && way.enabled);
    if !is_own {
        return Err(Error::not_found());
    }
    account_way_forget(&mut act.tx, id).await?;
    act.audit(Action::NoticeWants, "account", account.to_string(), None);
    act.commit().await
}
