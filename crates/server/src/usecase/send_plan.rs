//! What of the notices leaves the program: one send for each recipient and way that they want.

use muster_core::pack::Template;
use muster_core::send::{Send, Wants, Way};
use muster_core::time::Timestamp;
use muster_store::Tx;
use muster_store::send::{SendRow, send_add};
use muster_store::way::{Heard, ways_heard};
use uuid::Uuid;

use super::notice_wants::quiet_of;
use crate::error::{Error, Result};
use crate::state::State;

/// Plans, in the transaction that finds the recipients of these notices, what of them is sent.
pub(super) async fn sends_plan(tx: &mut Tx, state: &State, notices: &[Uuid], now: Timestamp) -> Result<()> {
    for heard in ways_heard(tx, notices).await? {
        let concerns = heard.report_id.is_none() || told_to_reporters(state, &heard.template);
        if state.senders.has(heard.way) && concerns {
            send_add(tx, &planned(state, &heard, now), heard.notice_id).await.map_err(Error::from)?;
        }
    }
    Ok(())
}

fn told_to_reporters(state: &State, template: &str) -> bool {
    let template = template.parse::<Template>().ok();
    template.is_some_and(|template| state.pack.notices.short(template).is_some())
}

fn planned(state: &State, heard: &Heard, now: Timestamp) -> SendRow {
    let wants = Wants {
        digest_hour: heard.digest_hour.and_then(|hour| u8::try_from(hour).ok()),
        quiet: quiet_of(state, heard.quiet_from, heard.quiet_until),
    };
    // Nobody is woken by a letter.
    let not_before = if heard.way == Way::Letter { now } else { wants.when(&state.pack.calendar, now, heard.urgent) };
    SendRow {
        id: state.chance.uuid(now),
        at: now,
        way: heard.way,
        account_id: heard.account_id,
        account_way_id: heard.account_way_id,
        report_id: heard.report_id,
        resource_id: heard.resource_id,
        urgent: heard.urgent,
        joinable: wants.digest_hour.is_some() && !heard.urgent && heard.account_id.is_some(),
        state: Send::Waiting { not_before }.code().to_owned(),
        tries: 0,
        not_before,
        lease: None,
        lease_until: None,
        fault: None,
        ended_at: None,
        ended_by: None,
        reason: None,
    }
}
