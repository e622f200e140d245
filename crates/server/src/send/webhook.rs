//! Back through the gateway of a message channel, signed as the Standard Webhooks specification says.

use std::path::PathBuf;

use anyhow::Context;
use muster_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{Outgoing, SendFault, ask, url_fault};
use crate::hook::{secrets, sign};

/// `[webhook]` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct WebhookConfig {
    pub url: String,
    /// One secret a line, as those of `[[hook]]`; what goes out is signed with each.
    pub secret_file: PathBuf,
}

impl WebhookConfig {
    pub(crate) fn faults(&self) -> Vec<String> {
        url_fault("webhook.url", &self.url).into_iter().collect()
    }
}

pub(super) struct Webhook {
    url: String,
    secrets: Vec<Zeroizing<Vec<u8>>>,
    http: reqwest::Client,
}

impl Webhook {
    pub(super) fn load(config: &WebhookConfig, http: reqwest::Client) -> anyhow::Result<Self> {
        let secrets = secrets(&config.secret_file).context("reading webhook.secret_file")?;
        Ok(Self { url: config.url.clone(), secrets, http })
    }

    pub(super) async fn send(&self, message: &Outgoing<'_>, now: Timestamp) -> Result<(), SendFault> {
        let (id, timestamp) = (message.id.to_string(), (now.0 / Timestamp::SECOND).to_string());
        // A handle is the name of the hook, a colon, and how that channel knows the person.
        let (hook, to) = message.to.split_once(':').unwrap_or(("", message.to));
        let body = serde_json::json!({
            "type": "notice", "hook": hook, "to": to, "template": message.template, "code": message.code,
            "text": message.text,
        });
        let body = body.to_string();
        let signatures: Vec<String> =
            self.secrets.iter().map(|secret| sign(secret, &id, &timestamp, body.as_bytes())).collect();
        let request = self.http.post(&self.url).header("content-type", "application/json");
        let request = request.header("webhook-id", id).header("webhook-timestamp", timestamp);
        ask(request.header("webhook-signature", signatures.join(" ")).body(body), None).await
    }
}
