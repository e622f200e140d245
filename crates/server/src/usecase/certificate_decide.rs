//! A person has seen a certificate and says whether it counts.

use jiff::civil::Date;
use muster_core::people::{Action, Actor, Subject};
use muster_core::time::{date_of_number, day_number};
use muster_store::dispatch::{certificate_decide as decide, certificate_get, resource_lock, resource_update};
use uuid::Uuid;

use super::act::{Act, reason};
use super::certificate_add::INSURANCE;
use crate::error::{Error, Result};
use crate::state::State;

/// What is decided. Until when it holds is what stands on it, if anything does.
#[derive(Clone, Debug)]
pub enum Seen {
    Verified {
        expires: Option<Date>,
    },
    Refused {
        reason: String,
    },
    /// It counted and does so no longer.
    Revoked {
        reason: String,
    },
}

pub async fn certificate_decide(state: &State, actor: &Actor, id: Uuid, seen: &Seen) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let mut certificate = certificate_get(&mut act.tx, id).await?.ok_or_else(Error::not_found)?;
    let held = resource_lock(&mut act.tx, certificate.resource_id).await?;
    let mut row = held.ok_or_else(Error::not_found)?;
    act.may(Action::CertificateDecide, &Subject::area(row.area))?;
    let from = if matches!(seen, Seen::Revoked { .. }) { "verified" } else { "open" };
    if certificate.state != from {
        return Err(Error::stale_etag());
    }
    let today = state.pack.calendar.local_date(act.at);
    match seen {
        Seen::Verified { expires } => {
            let until = expires.or(certificate.expires_on.and_then(date_of_number));
            if until.is_some_and(|until| until < today) {
                let detail = "It has run out already; refuse it, or give the date that stands on it.";
                return Err(Error::invalid("expires", "certificate-expired", detail));
            }
            if certificate.skill == INSURANCE && until.is_none() {
                return Err(Error::invalid("expires", "date-wrong", "An insurance ends: give its last day."));
            }
            certificate.expires_on = until.map(day_number);
            "verified".clone_into(&mut certificate.state);
        }
        Seen::Refused { reason: why } => {
            certificate.reason = Some(reason(state, why)?);
            "refused".clone_into(&mut certificate.state);
        }
        Seen::Revoked { reason: why } => {
            certificate.reason = Some(reason(state, why)?);
            "revoked".clone_into(&mut certificate.state);
        }
    }
    let at = act.at;
    decide(&mut act.tx, &certificate, from, actor.account_id(), at).await?;
    if certificate.skill == INSURANCE {
        row.insured_until = if certificate.state == "verified" { certificate.expires_on } else { None };
    }
    resource_update(&mut act.tx, &mut row, at).await?;
    act.audit(Action::CertificateDecide, "resource", row.code.as_str(), certificate.reason.clone());
    act.commit().await
}
