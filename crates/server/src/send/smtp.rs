//! Mail by SMTP: plain text with a subject.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context;
use lettre::message::header::ContentType;
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::transport::smtp::{AsyncSmtpTransport, Error};
use lettre::{AsyncTransport, Tokio1Executor};
use serde::{Deserialize, Serialize};

use super::{Outgoing, SendFault, secret_text};

/// How the connection is kept from being read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SmtpTls {
    /// From the first byte; port 465 unless another is named.
    #[default]
    Tls,
    /// After a greeting, and never without; port 587 unless another is named.
    Starttls,
    /// Not at all: for a server on this machine; port 25 unless another is named.
    None,
}

/// `[smtp]` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SmtpConfig {
    pub host: String,
    pub port: Option<u16>,
    #[serde(default)]
    pub tls: SmtpTls,
    pub user: Option<String>,
    pub password_file: Option<PathBuf>,
    /// Such as `安和市 12345 <muster@example.org>`.
    pub from: String,
}

impl SmtpConfig {
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if self.host.trim().is_empty() {
            faults.push("`smtp.host` is empty: name the mail server, such as \"mail.example.org\"".to_owned());
        }
        if self.from.parse::<Mailbox>().is_err() {
            faults.push(format!("`smtp.from` is {:?}: write \"Name <name@example.org>\"", self.from));
        }
        if self.user.is_some() != self.password_file.is_some() {
            faults.push("`smtp.user` and `smtp.password_file` go together: name both or neither".to_owned());
        }
        let is_here = matches!(self.host.as_str(), "localhost" | "127.0.0.1" | "::1");
        if self.tls == SmtpTls::None && self.user.is_some() && !is_here {
            let fault = "`smtp.tls` is \"none\" with a password: anybody on the way could read it; use \"starttls\"";
            faults.push(fault.to_owned());
        }
        faults
    }
}

pub(super) struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    timeout: Duration,
}

impl Smtp {
    pub(super) fn load(config: &SmtpConfig, timeout: Duration) -> anyhow::Result<Self> {
        let host = config.host.clone();
        let (tls, port) = match config.tls {
            SmtpTls::Tls => (Tls::Wrapper(TlsParameters::new_rustls(host.clone())?), 465),
            SmtpTls::Starttls => (Tls::Required(TlsParameters::new_rustls(host.clone())?), 587),
            SmtpTls::None => (Tls::None, 25),
        };
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(host)
            .port(config.port.unwrap_or(port))
            .tls(tls)
            .timeout(Some(timeout));
        if let (Some(user), Some(file)) = (&config.user, &config.password_file) {
            let password = secret_text(file).context("reading smtp.password_file")?;
            builder = builder.credentials(Credentials::new(user.clone(), password.trim_end().to_owned()));
        }
        Ok(Self { transport: builder.build(), from: config.from.parse()?, timeout })
    }

    pub(super) async fn send(&self, message: &Outgoing<'_>) -> Result<(), SendFault> {
        let to = message.to.parse().map_err(|_| SendFault::never("no mail address"))?;
        let domain = self.from.email.domain();
        let mail = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(message.subject.clone())
            .message_id(Some(format!("<{}@{domain}>", message.id)))
            .header(ContentType::TEXT_PLAIN)
            .body(message.text.clone())
            .map_err(|_| SendFault::never("no mail can be made of it"))?;
        // The library's own limit is for the connection only; a server may be slow after that.
        match tokio::time::timeout(self.timeout, self.transport.send(mail)).await {
            Ok(done) => done.map(drop).map_err(|error| fault(&error)),
            Err(_) => Err(SendFault::once("no answer in time")),
        }
    }
}

/// What a server says may repeat the address: only its number is kept.
fn fault(error: &Error) -> SendFault {
    match error.status() {
        Some(code) if error.is_permanent() => SendFault::never(format!("SMTP {code}")),
        Some(code) => SendFault::once(format!("SMTP {code}")),
        None if error.is_timeout() => SendFault::once("no answer in time"),
        None if error.is_tls() => SendFault::once("no TLS with the mail server"),
        None => SendFault::once("no connection to the mail server"),
    }
}
