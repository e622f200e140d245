//! The ways out of the program. What is not configured does not exist, and nothing is sent by it.
//!
//! Addresses of receivers come from the operator's configuration only, and no redirection is followed.

mod push;
mod sms;
mod smtp;
mod webhook;

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, bail};
use muster_core::send::Way;
use muster_core::time::Timestamp;
use rustls::{ClientConfig, RootCertStore};
use uuid::Uuid;
use zeroize::Zeroizing;

pub use push::{PushConfig, Subscription};
pub use sms::{SmsConfig, SmsFormat};
pub use smtp::{SmtpConfig, SmtpTls};
pub use webhook::WebhookConfig;

use crate::clock::Chance;
use crate::config::Config;
use crate::secret::MasterKey;

/// What goes to one recipient. Nothing in it is secret: a code and a state, never the words of a report.
#[derive(Debug)]
pub struct Outgoing<'a> {
    /// The same at every try: a receiver that has had it may drop it.
    pub id: Uuid,
    /// A mail address, a phone number, or how a channel knows somebody.
    pub to: &'a str,
    pub subject: String,
    /// As many lines as it takes.
    pub text: String,
    /// One line for a phone.
    pub short: String,
    /// The code of the case, or nothing where it is about several.
    pub code: String,
    /// A template of the pack's notices, or `digest`.
    pub template: String,
}

/// Why a try came to nothing. The sentence holds nothing of the recipient.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{why}")]
pub struct SendFault {
    pub why: String,
    pub kind: FaultKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// It may go well another time.
    Later,
    /// This message will never be taken.
    Never,
    /// Nothing will ever be taken there any more.
    Gone,
}

impl SendFault {
    fn once(why: impl Into<String>) -> Self {
        Self { why: why.into(), kind: FaultKind::Later }
    }

    pub(crate) fn never(why: impl Into<String>) -> Self {
        Self { why: why.into(), kind: FaultKind::Never }
    }

    fn gone(why: impl Into<String>) -> Self {
        Self { why: why.into(), kind: FaultKind::Gone }
    }
}

/// Every way out that this node has.
pub struct Senders {
    smtp: Option<smtp::Smtp>,
    sms: Option<sms::Sms>,
    webhook: Option<webhook::Webhook>,
    push: Option<push::Push>,
    /// How long a receiver may take.
    pub timeout: Duration,
    counts: [[AtomicU64; RESULTS.len()]; Way::ALL.len()],
}

/// What comes of a try, as it is counted.
const RESULTS: [&str; 3] = ["sent", "failed", "refused"];

impl Senders {
    /// Reads the secrets of what is configured.
    pub fn load(config: &Config, keys: &MasterKey) -> anyhow::Result<Self> {
        let timeout = Duration::from_secs(config.send_timeout_seconds);
        let client = || -> anyhow::Result<_> {
            Ok(http()?.timeout(timeout).redirect(reqwest::redirect::Policy::none()).build()?)
        };
        Ok(Self {
            smtp: config.smtp.as_ref().map(|smtp| smtp::Smtp::load(smtp, timeout)).transpose()?,
            sms: config.sms.as_ref().map(|sms| sms::Sms::load(sms, client()?)).transpose()?,
            webhook: config.webhook.as_ref().map(|hook| webhook::Webhook::load(hook, client()?)).transpose()?,
            push: config
                .push
                .as_ref()
                .map(|push| Ok::<_, anyhow::Error>(push::Push::load(push, keys, client()?)))
                .transpose()?,
            timeout,
            counts: Default::default(),
        })
    }

    /// Whether anything can go out this way. Letters always can: people print them.
    pub fn has(&self, way: Way) -> bool {
        match way {
            Way::Mail => self.smtp.is_some(),
            Way::Sms => self.sms.is_some(),
            Way::Chat => self.webhook.is_some(),
            Way::Push => self.push.is_some(),
            Way::Letter => true,
        }
    }

    /// The ways that go by themselves.
    pub fn own(&self) -> Vec<Way> {
        Way::ALL.iter().copied().filter(|way| *way != Way::Letter && self.has(*way)).collect()
    }

    /// Counts a try for [`Senders::counted`].
    pub fn count(&self, way: Way, fault: Option<&SendFault>) {
        let result = fault.map_or(0, |fault| if fault.kind == FaultKind::Later { 1 } else { 2 });
        self.counts[way as usize][result].fetch_add(1, Ordering::Relaxed);
    }

    /// Tries since this node began: way, what came of it, how many.
    pub fn counted(&self) -> impl Iterator<Item = (Way, &'static str, u64)> {
        Way::ALL.iter().flat_map(|way| {
            let counts = RESULTS.iter().zip(&self.counts[*way as usize]);
            counts.map(|(result, count)| (*way, *result, count.load(Ordering::Relaxed)))
        })
    }

    /// What a browser must be told before it takes messages from here; `None` where none are sent.
    pub fn push_key(&self) -> Option<String> {
        self.push.as_ref().map(push::Push::public_key)
    }

    /// Whether messages would be sent to this browser.
    pub fn accepts(&self, subscription: &Subscription) -> bool {
        self.push.as_ref().is_some_and(|push| push.accepts(subscription))
    }

    /// Tries once.
    pub async fn send(
        &self,
        way: Way,
        message: &Outgoing<'_>,
        now: Timestamp,
        chance: &Chance,
    ) -> Result<(), SendFault> {
        if let (Way::Push, Some(push)) = (way, &self.push) {
            return push.send(message, now, chance).await;
        }
        match (way, &self.smtp, &self.sms, &self.webhook) {
            (Way::Mail, Some(smtp), ..) => smtp.send(message).await,
            (Way::Sms, _, Some(sms), _) => sms.send(message).await,
            (Way::Chat, .., Some(webhook)) => webhook.send(message, now).await,
            _ => Err(SendFault::once(format!("{way} is not configured on this node"))),
        }
    }
}

/// A client that speaks TLS by ring with the machine's certificates.
pub fn http() -> anyhow::Result<reqwest::ClientBuilder> {
    let mut roots = RootCertStore::empty();
    // A machine without certificates can still reach receivers that need none.
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let tls = ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(reqwest::Client::builder().tls_backend_preconfigured(tls).no_proxy())
}

/// The most of an answer that is read.
const ANSWER: usize = 64 << 10;

/// Sends a request and looks at what came back: a status that says "later", "never", or a body without `accepts`.
async fn ask(request: reqwest::RequestBuilder, accepts: Option<&str>) -> Result<(), SendFault> {
    // The error of the client may repeat the address with what stands in it: only its kind is kept.
    let mut answer = request.send().await.map_err(|error| unanswered(&error))?;
    let status = answer.status();
    if status.is_server_error() || matches!(status.as_u16(), 408 | 425 | 429) {
        return Err(SendFault::once(format!("HTTP {}", status.as_u16())));
    }
    if !status.is_success() {
        return Err(SendFault::never(format!("HTTP {}", status.as_u16())));
    }
    let Some(accepts) = accepts else { return Ok(()) };
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await.map_err(|error| unanswered(&error))? {
        body.extend_from_slice(&chunk);
        if body.len() > ANSWER {
            break;
        }
    }
    if String::from_utf8_lossy(&body).contains(accepts) {
        Ok(())
    } else {
        Err(SendFault::once(format!("HTTP {}, but the answer lacks what `accepts` names", status.as_u16())))
    }
}

fn unanswered(error: &reqwest::Error) -> SendFault {
    SendFault::once(if error.is_timeout() {
        "no answer in time"
    } else if error.is_connect() {
        "no connection"
    } else {
        "the connection broke off"
    })
}

/// The text of a file that only its owner may read.
fn secret_text(path: &Path) -> anyhow::Result<Zeroizing<String>> {
    let text = Zeroizing::new(std::fs::read_to_string(path).with_context(|| path.display().to_string())?);
    let mode = std::fs::metadata(path)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        bail!("{0} is readable by others (mode {mode:o}). Run: chmod 600 {0}", path.display());
    }
    Ok(text)
}

/// What is wrong with the address of a receiver, in words for whoever wrote it.
fn url_fault(key: &str, url: &str) -> Option<String> {
    let is_http = url::Url::parse(url).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    (!is_http)
        .then(|| format!("`{key}` is {url:?}: write the whole address, such as \"https://gateway.example.org/send\""))
}
