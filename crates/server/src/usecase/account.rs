//! Accounts and grants: kept by the security administrator, who sees no case.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use muster_core::area::AreaId;
use muster_core::id::AccountId;
use muster_core::people::{Action, Actor, Grant, Role, Subject, grant_check, may};
use muster_core::time::Timestamp;
use muster_store::audit::{AuditLine, audit_list};
use muster_store::people::{
    GrantRow, Login, account_disable as disable, account_get, account_insert, account_list as list, area_get,
    grant_revoke as revoke, grants_all, grants_insert, grants_of, sessions_end, unit_by_code,
};
use uuid::Uuid;

use super::act::{Act, deny};
use crate::error::{Error, FieldError, Result};
use crate::password::check_new;
use crate::state::State;

/// A grant as typed: the unit by its code.
#[derive(Clone, Debug, Default)]
pub struct GrantDraft {
    pub role: String,
    pub area: String,
    pub unit: String,
}

#[derive(Clone, Debug, Default)]
pub struct AccountDraft {
    pub login: String,
    pub name: String,
    pub password: String,
    pub grants: Vec<GrantDraft>,
}

/// Every fault of the draft at once. The password is checked for length and against the common ones.
pub async fn account_create(state: &State, actor: &Actor, draft: &AccountDraft) -> Result<AccountId> {
    may(actor, Action::AccountCreate, &Subject::NONE).map_err(deny)?;
    let mut faults = Vec::new();
    let mut fault = |field: &str, code: &str, detail: String| {
        faults.push(FieldError { pointer: format!("/{field}"), code: code.to_owned(), detail });
    };
    let login = draft.login.trim();
    let simple = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
    if !(2..=40).contains(&login.len()) || !login.chars().all(simple) {
        fault("login", "login-form", format!("{login:?}: use 2 to 40 letters, digits, dots or hyphens."));
    }
    if draft.name.trim().is_empty() || draft.name.chars().count() > 60 {
        fault("name", "name-form", "Give the name that colleagues will see, at most 60 characters.".to_owned());
    }
    if let Err(refusal) = check_new(&draft.password, login) {
        fault("password", refusal.code(), refusal.to_string());
    }
    if !faults.is_empty() {
        return Err(Error::invalid_fields(faults));
    }
    let password_hash =
        state.passwords.hash(&draft.password, &state.chance).await.map_err(|error| Error::internal(&error))?;
    let mut act = Act::begin(state, actor).await?;
    let id = AccountId(state.chance.uuid(act.at));
    let row = Login {
        id,
        login: login.to_owned(),
        name: draft.name.trim().to_owned(),
        password_hash,
        created_at: act.at.0,
        disabled_at: None,
    };
    account_insert(&mut act.tx, &row).await.map_err(|error| match error {
        muster_store::Error::Conflict(_) => {
            Error::invalid("login", "login-taken", format!("The name {login:?} is taken; choose another."))
        }
        other => other.into(),
    })?;
    act.audit(Action::AccountCreate, "account", id.to_string(), None);
    for grant in &draft.grants {
        add_grant(&mut act, id, grant).await?;
    }
    act.commit().await?;
    Ok(id)
}

pub async fn grant_add(state: &State, actor: &Actor, account: AccountId, draft: &GrantDraft) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    act.may(Action::GrantEdit, &Subject::NONE)?;
    add_grant(&mut act, account, draft).await?;
    act.commit().await
}

async fn add_grant(act: &mut Act<'_>, account: AccountId, draft: &GrantDraft) -> Result<()> {
    let state = act.state;
    let role: Role = draft.role.parse().map_err(|detail: String| Error::invalid("role", "role-unknown", detail))?;
    let area: AreaId = draft
        .area
        .parse()
        .map_err(|fault: muster_core::area::AreaFault| Error::invalid("area", "area-unknown", fault.to_string()))?;
    if area_get(&mut act.tx, area).await?.is_none() {
        return Err(Error::invalid("area", "area-unknown", format!("There is no area {area}.")));
    }
    let unit = match draft.unit.trim() {
        "" => None,
        code => {
            let unit = unit_by_code(&mut act.tx, code).await?;
            let unknown = || Error::invalid("unit", "unit-unknown", format!("There is no unit {code:?}."));
            Some(unit.ok_or_else(unknown)?.id)
        }
    };
    let grant = Grant { role, area, unit };
    let held: Vec<Grant> = grants_of(&mut act.tx, account).await?.iter().map(GrantRow::grant).collect();
    grant_check(&held, &grant).map_err(|refusal| Error::invalid("role", "grant-refused", refusal.to_string()))?;
    let id = state.chance.uuid(act.at);
    let row = GrantRow { id, account_id: account.0, role, area, unit_id: unit.map(|unit| unit.0) };
    let by = act.actor.account_id();
    grants_insert(&mut act.tx, &[row], act.at, by).await?;
    act.audit(Action::GrantEdit, "account", account.to_string(), Some(format!("+{role} {area}")));
    Ok(())
}

/// Takes a grant back; the account's sessions end, so that it takes effect at once.
pub async fn grant_revoke(state: &State, actor: &Actor, account: AccountId, grant: Uuid) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    act.may(Action::GrantEdit, &Subject::NONE)?;
    let held = grants_of(&mut act.tx, account).await?;
    if !held.iter().any(|row| row.id == grant) || !revoke(&mut act.tx, grant, act.at).await? {
        return Err(Error::not_found());
    }
    sessions_end(&mut act.tx, account).await?;
    act.audit(Action::GrantEdit, "account", account.to_string(), Some(format!("-{grant}")));
    act.commit().await
}

pub async fn account_disable(state: &State, actor: &Actor, account: AccountId) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    act.may(Action::AccountDisable, &Subject::NONE)?;
    if !disable(&mut act.tx, account, act.at).await? {
        return Err(Error::not_found());
    }
    act.audit(Action::AccountDisable, "account", account.to_string(), None);
    act.commit().await
}

/// Accounts with their grants, by login.
pub async fn account_list(state: &State, actor: &Actor) -> Result<Vec<(Login, Vec<GrantRow>)>> {
    may(actor, Action::AccountList, &Subject::NONE).map_err(deny)?;
    let mut tx = state.read().await?;
    let accounts = list(&mut tx, 1000).await?;
    let grants = grants_all(&mut tx).await?;
    let of = |id: AccountId| grants.iter().filter(|grant| grant.account_id == id.0).cloned().collect();
    Ok(accounts
        .into_iter()
        .map(|account| {
            let held = of(account.id);
            (account, held)
        })
        .collect())
}

/// The newest audit lines before `before`, optionally about one subject.
pub async fn audit_view(
    state: &State,
    actor: &Actor,
    subject: Option<&str>,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<AuditLine>> {
    may(actor, Action::AuditView, &Subject::NONE).map_err(deny)?;
    let mut tx = state.read().await?;
    audit_list(&mut tx, subject, before, limit.clamp(1, 200)).await.map_err(Error::from)
}

/// Name and login of the accounts that made these lines, so that a reader knows who it was.
pub async fn audit_names(state: &State, actor: &Actor, lines: &[AuditLine]) -> Result<HashMap<Uuid, String>> {
    may(actor, Action::AuditView, &Subject::NONE).map_err(deny)?;
    let mut tx = state.read().await?;
    let mut names = HashMap::new();
    for id in lines.iter().filter_map(|line| line.actor_id) {
        if let Entry::Vacant(free) = names.entry(id)
            && let Some(account) = account_get(&mut tx, id.into()).await?
        {
            free.insert(format!("{} {}", account.name, account.login));
        }
    }
    Ok(names)
}
