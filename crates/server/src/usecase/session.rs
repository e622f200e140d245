//! Signing in and out. A session is a random token; the server keeps its hash and may end it at any time.

use muster_core::people::{Account, Action, Actor, Subject, may};
use muster_core::time::Timestamp;
use muster_store::people::{
    GrantRow, account_by_login, grants_of, session_end, session_get, session_insert, session_touch,
};
use sha2::{Digest, Sha256};

use super::act::{Act, deny};
use crate::error::{Error, Result};
use crate::secret::hex;
use crate::state::State;

/// Ends a session that is not used.
const IDLE: i64 = 30 * Timestamp::MINUTE;
/// Ends a session in any case: one working day.
const ABSOLUTE: i64 = 10 * Timestamp::HOUR;
/// A session is marked as used at most this often, so that reading does not write.
const TOUCH: i64 = Timestamp::MINUTE;

/// A new session: the token is given to the browser or the API client and not kept.
#[derive(Debug)]
pub struct SignedIn {
    pub token: String,
    pub expires_at: Timestamp,
    pub account: Account,
}

/// The same answer, after the same work, for an unknown account and a wrong password.
pub async fn session_login(state: &State, login: &str, password: &str) -> Result<SignedIn> {
    may(&Actor::Anonymous, Action::SessionLogin, &Subject::NONE).map_err(deny)?;
    let wrong = || {
        let detail = "Name or password is wrong. Names are written as given by the administrator.";
        Error::invalid("password", "login-wrong", detail)
    };
    let account = {
        let mut tx = state.read().await?;
        account_by_login(&mut tx, login.trim()).await?.filter(|account| account.disabled_at.is_none())
    };
    let stored = account.as_ref().map(|account| account.password_hash.as_str());
    let right = state.passwords.verify(password, stored).await.map_err(|error| Error::internal(&error))?;
    let Some(account) = account.filter(|_| right) else {
        tracing::info!("a sign-in was refused");
        return Err(wrong());
    };
    let (token, hash) = new_token(state);
    let grants = {
        let mut tx = state.read().await?;
        grants_of(&mut tx, account.id).await?.iter().map(GrantRow::grant).collect()
    };
    let account = Account { id: account.id, name: account.name, grants };
    let actor = Actor::Account(account.clone());
    let mut act = Act::begin(state, &actor).await?;
    let expires_at = act.at.plus(ABSOLUTE);
    session_insert(&mut act.tx, &hash, account.id, act.at, expires_at).await?;
    act.audit(Action::SessionLogin, "account", account.id.to_string(), None);
    act.commit().await?;
    Ok(SignedIn { token, expires_at, account })
}

/// Who holds this token; anonymous when nobody does. What a page asks for by itself does not keep its session alive: a desk
/// that nobody works at ends.
pub async fn session_actor(state: &State, token: &str, by_itself: bool) -> Result<Actor> {
    let now = state.now();
    let hash = token_hash(token);
    let mut tx = state.read().await?;
    let Some(session) = session_get(&mut tx, &hash, now, now.plus(-IDLE)).await? else {
        return Ok(Actor::Anonymous);
    };
    drop(tx);
    if !by_itself && now.since(session.seen_at) > TOUCH {
        let mut tx = state.db.write().await?;
        session_touch(&mut tx, &hash, now).await?;
        tx.commit().await?;
    }
    Ok(Actor::Account(session.account))
}

pub async fn session_logout(state: &State, actor: &Actor, token: &str) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    act.may(Action::SessionLogout, &Subject::NONE)?;
    session_end(&mut act.tx, &token_hash(token)).await?;
    if let Some(id) = actor.account_id() {
        act.audit(Action::SessionLogout, "account", id.to_string(), None);
    }
    act.commit().await
}

/// A token and the hash under which its session is kept.
pub fn new_token(state: &State) -> (String, [u8; 32]) {
    let token = hex(&state.chance.bytes::<32>());
    let hash = token_hash(&token);
    (token, hash)
}

fn token_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}
