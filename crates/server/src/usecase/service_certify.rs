//! Certificates of service: free, of confirmed hours only, to be verified by anybody and taken back by who gave them.

use jiff::civil::Date;
use muster_core::id::Code;
use muster_core::people::{Action, Actor, Subject, may};
use muster_core::time::day_number;
use muster_store::dispatch::{
    ServiceCertificateRow, resource_by_code, resource_get, service_certificate_by_code, service_certificate_insert,
    service_certificate_revoke, service_confirmed,
};
use subtle::ConstantTimeEq;

use super::act::{Act, deny, reason};
use crate::error::{Error, Result};
use crate::state::State;

/// Gives a certificate of the hours confirmed from one day to another.
pub async fn service_certify(state: &State, actor: &Actor, resource: &str, from: Date, until: Date) -> Result<Code> {
    let mut act = Act::begin(state, actor).await?;
    let code: Code = resource.parse().map_err(|_| Error::not_found())?;
    let row = resource_by_code(&mut act.tx, &code).await?.ok_or_else(Error::not_found)?;
    act.may(Action::ServiceCertify, &Subject::area(row.area))?;
    if from > until {
        return Err(Error::invalid("until", "window-order", "The last day must not be before the first."));
    }
    let calendar = &state.pack.calendar;
    let span = (calendar.day_bounds(from).0, calendar.day_bounds(until).1);
    let (minutes, times) = service_confirmed(&mut act.tx, row.id, span).await?;
    if times == 0 {
        let detail = "No hours of these days are confirmed; ask those who were helped to confirm them first.";
        return Err(Error::invalid("from", "service-none", detail));
    }
    let mut row = ServiceCertificateRow {
        id: state.chance.uuid(act.at),
        code: state.chance.code(),
        resource_id: row.id,
        from_day: day_number(from),
        until_day: day_number(until),
        minutes,
        times,
        issued_at: act.at,
        issued_by: actor.account_id().map(|id| id.0),
        revoked_at: None,
        reason: None,
        mac: Vec::new(),
    };
    row.mac = state.keys.service_mac(&figures(&row)).to_vec();
    service_certificate_insert(&mut act.tx, &row).await?;
    act.audit(Action::ServiceCertify, "service_certificate", row.code.as_str(), None);
    act.commit().await?;
    Ok(row.code)
}

/// Taken back, with the reason that whoever verifies it reads.
pub async fn service_revoke(state: &State, actor: &Actor, code: &str, why: &str) -> Result<()> {
    let mut act = Act::begin(state, actor).await?;
    let code: Code = code.parse().map_err(|_| Error::not_found())?;
    let row = service_certificate_by_code(&mut act.tx, &code).await?.ok_or_else(Error::not_found)?;
    let resource = resource_get(&mut act.tx, row.resource_id).await?.ok_or_else(Error::not_found)?;
    act.may(Action::ServiceRevoke, &Subject::area(resource.area))?;
    let why = reason(state, why)?;
    if row.revoked_at.is_some() {
        return Err(Error::conflict("The certificate was taken back already.", [] as [&str; 0]));
    }
    service_certificate_revoke(&mut act.tx, row.id, act.at, &why).await?;
    act.audit(Action::ServiceRevoke, "service_certificate", row.code.as_str(), Some(why));
    act.commit().await
}

/// What anybody who has the code of a certificate may know.
#[derive(Debug)]
pub struct Verified {
    pub row: ServiceCertificateRow,
    /// Number of whoever it was given to, and what staff know of the name.
    pub holder: Code,
    pub name: String,
    /// Whether it stands as it was given.
    pub genuine: bool,
}

pub async fn service_verify(state: &State, code: &str) -> Result<Verified> {
    may(&Actor::Anonymous, Action::ServiceVerify, &Subject::NONE).map_err(deny)?;
    let code: Code = code.parse().map_err(|_| Error::not_found())?;
    let mut tx = state.read().await?;
    let row = service_certificate_by_code(&mut tx, &code).await?.ok_or_else(Error::not_found)?;
    let resource = resource_get(&mut tx, row.resource_id).await?.ok_or_else(Error::not_found)?;
    let genuine = bool::from(state.keys.service_mac(&figures(&row)).as_slice().ct_eq(&row.mac));
    Ok(Verified { row, holder: resource.code, name: resource.name, genuine })
}

/// All that a certificate says; its MAC is over this.
fn figures(row: &ServiceCertificateRow) -> String {
    let ServiceCertificateRow { code, resource_id, from_day, until_day, minutes, times, issued_at, .. } = row;
    format!("{} {resource_id} {from_day} {until_day} {minutes} {times} {}", code.as_str(), issued_at.0)
}
