//! Accounts and grants for the security administrator; the audit list for the audit administrator.

use std::collections::HashMap;

use axum::response::Response;
use muster_core::id::{AccountId, Code};
use muster_core::people::Role;
use muster_core::time::Timestamp;
use muster_store::people::{GrantRow, Login};
use serde::Deserialize;
use uuid::Uuid;

use super::frame::{Frame, explain, is_about_form};
use super::words::Places;
use crate::error::Result;
use crate::extract::{ApiPath, ApiQuery, PageForm};
use crate::usecase::account::{
    AccountDraft, GrantDraft, account_create, account_disable, account_list, audit_names, audit_view, grant_add,
    grant_revoke,
};
use crate::view::people::{Account, AccountForm, AccountsPage, AuditLine, AuditPage, Grant};
use crate::view::process::Pager;
use crate::view::{Choice, Group};

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    csrf: String,
    login: String,
    name: String,
    password: String,
    role: String,
    unit: String,
    area: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    q: String,
    cursor: String,
}

/// Of one page.
const AUDIT_LINES: i64 = 100;
const ACCOUNTS: usize = 20;

impl Typed {
    fn grant(&self, places: &Places) -> GrantDraft {
        let unit = places.units.iter().find(|unit| unit.id.to_string() == self.unit);
        GrantDraft {
            role: self.role.clone(),
            area: places.find(&self.area).map_or_else(|| self.area.clone(), |area| area.to_string()),
            unit: unit.map_or_else(|| self.unit.clone(), |unit| unit.code.clone()),
        }
    }

    fn form(self) -> AccountForm {
        AccountForm { login: self.login, name: self.name, role: self.role, unit: self.unit, area: self.area }
    }
}

pub(super) async fn accounts(frame: Frame, ApiQuery(asked): ApiQuery<Asked>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let page = page(&frame, Typed::default(), asked).await?;
    Ok(frame.draw(&page))
}

pub(super) async fn create(frame: Frame, PageForm(typed): PageForm<Typed>) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let places = frame.places().await?;
    let draft = AccountDraft {
        login: typed.login.clone(),
        name: typed.name.clone(),
        password: typed.password.clone(),
        grants: vec![typed.grant(&places)],
    };
    let done = account_create(&frame.state, frame.actor(), &draft).await.map(drop);
    after(frame, typed, done).await
}

pub(super) async fn grant(
    frame: Frame,
    ApiPath(id): ApiPath<AccountId>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let draft = typed.grant(&frame.places().await?);
    let done = grant_add(&frame.state, frame.actor(), id, &draft).await;
    after(frame, typed, done).await
}

pub(super) async fn revoke(
    frame: Frame,
    ApiPath((account, grant)): ApiPath<(AccountId, Uuid)>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let done = grant_revoke(&frame.state, frame.actor(), account, grant).await;
    after(frame, typed, done).await
}

pub(super) async fn disable(
    frame: Frame,
    ApiPath(id): ApiPath<AccountId>,
    PageForm(typed): PageForm<Typed>,
) -> Result<Response> {
    frame.check(&typed.csrf)?;
    let done = account_disable(&frame.state, frame.actor(), id).await;
    after(frame, typed, done).await
}

async fn after(frame: Frame, typed: Typed, done: Result<()>) -> Result<Response> {
    match done {
        Ok(()) => Ok(frame.go(&address("/admin", &typed.login, None))),
        Err(error) if is_about_form(&error) => {
            let mut page = page(&frame, typed, Asked::default()).await?;
            explain(&mut page.shell, &error, str::to_owned);
            Ok(frame.draw_error(&error, &page))
        }
        Err(error) => Err(error),
    }
}

async fn page(frame: &Frame, typed: Typed, asked: Asked) -> Result<AccountsPage> {
    let places = frame.places().await?;
    let mut accounts = account_list(&frame.state, frame.actor()).await?;
    let q = asked.q.trim();
    accounts.retain(|(account, _)| account.login.contains(q) || account.name.contains(q));
    let total = accounts.len() as u64;
    let mut rest = accounts.into_iter().skip_while(|(account, _)| account.login <= asked.cursor);
    let accounts: Vec<_> = rest.by_ref().take(ACCOUNTS).collect();
    let last = accounts.last().map(|(account, _)| account.login.as_str()).filter(|_| rest.next().is_some());
    let pager = Pager {
        first: (!asked.cursor.is_empty()).then(|| address("/admin", q, None)),
        next: last.map(|login| address("/admin", q, Some(login))),
    };
    let shell = frame.shell("accounts-page");
    let roles = Role::ALL.iter().map(|role| Choice::new(role.as_str(), shell.label("role", role.as_str()))).collect();
    let shown = |(account, grants): &(Login, Vec<GrantRow>)| Account {
        id: account.id.to_string(),
        login: account.login.clone(),
        name: account.name.clone(),
        active: account.disabled_at.is_none(),
        grants: grants
            .iter()
            .map(|grant| Grant {
                id: grant.id.to_string(),
                role: grant.role.as_str().to_owned(),
                unit: grant.unit_id.map(|unit| places.unit(unit.into())).unwrap_or_default(),
                area: places.area(grant.area),
            })
            .collect(),
    };
    Ok(AccountsPage {
        accounts: accounts.iter().map(shown).collect(),
        total,
        pager,
        roles: vec![Group { label: String::new(), options: roles }],
        units: places.unit_groups(),
        areas: places.area_groups(),
        form: typed.form(),
        q: asked.q,
        shell,
    })
}

pub(super) async fn audit(frame: Frame, ApiQuery(asked): ApiQuery<Asked>) -> Result<Response> {
    if let Err(to_login) = frame.signed_in() {
        return Ok(to_login);
    }
    let before = asked.cursor.parse().map_or(Timestamp(i64::MAX), Timestamp);
    // A code as read aloud or copied in groups is the subject it names.
    let typed = asked.q.trim();
    let subject = typed.parse::<Code>().map_or_else(|_| typed.to_owned(), |code| code.as_str().to_owned());
    let subject = Some(subject.as_str()).filter(|subject| !subject.is_empty());
    let lines = audit_view(&frame.state, frame.actor(), subject, before, AUDIT_LINES).await?;
    let names = audit_names(&frame.state, frame.actor(), &lines).await?;
    let more = lines.last().filter(|_| lines.len() as i64 == AUDIT_LINES);
    let page = AuditPage {
        shell: frame.shell("audit-page"),
        pager: Pager {
            first: (!asked.cursor.is_empty()).then(|| address("/admin/audit", typed, None)),
            next: more.map(|line| address("/admin/audit", typed, Some(&line.at.to_string()))),
        },
        lines: lines.into_iter().map(|line| audit_line(&frame, line, &names)).collect(),
        q: asked.q,
    };
    Ok(frame.draw(&page))
}

fn address(path: &str, q: &str, cursor: Option<&str>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("q", q).extend_pairs(cursor.map(|cursor| ("cursor", cursor)));
    format!("{path}?{}", query.finish())
}

fn audit_line(frame: &Frame, line: muster_store::audit::AuditLine, names: &HashMap<Uuid, String>) -> AuditLine {
    let name = line.actor_id.and_then(|id| names.get(&id).cloned());
    AuditLine {
        when: frame.when(Timestamp(line.at)),
        actor: name.unwrap_or(line.actor_kind),
        action: line.action,
        subject: format!("{} {}", line.subject_kind, line.subject_id),
        reason: line.reason.unwrap_or_default(),
        sealed: line.seq.is_some(),
    }
}
