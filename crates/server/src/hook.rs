//! Doors for the gateways of message channels, each with a secret of its own. Signatures are those of the Standard Webhooks
//! specification (1.0.0, <https://www.standardwebhooks.com>): HMAC-SHA-256 over `id.timestamp.body`.

use std::collections::BTreeMap;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use muster_core::area::AreaId;
use muster_core::intake::Channel;
use muster_core::time::Timestamp;
use serde::{Deserialize, Serialize};
use subtle::{Choice, ConstantTimeEq};
use zeroize::Zeroizing;

use crate::room::Room;
use crate::secret::mac;

/// How far the time of a message may be from ours, either way.
const WINDOW: i64 = 5 * Timestamp::MINUTE;
/// Signatures of one message that are looked at: a gateway that changes its secret sends two.
const SIGNATURES: usize = 8;
const ID_MOST: usize = 200;
/// The most bytes of messages that are here and not done with, all together; photos of forms have their own.
const COMING_IN: usize = 96 << 20;
/// Bytes of a secret, as the specification has it.
const SECRET: std::ops::RangeInclusive<usize> = 24..=64;

/// One `[[hook]]` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct HookConfig {
    /// The last part of its address: letters, digits and hyphens.
    pub name: String,
    /// One secret a line, in base64, with or without `whsec_` before it; a message signed with any of them is taken.
    pub secret_file: PathBuf,
    /// Where its messages come from: the area of those that name none.
    pub area: String,
    /// `chat` or `mail`.
    pub channel: Channel,
}

impl HookConfig {
    /// What is wrong with it, in words for whoever wrote it.
    pub(crate) fn faults(&self) -> Vec<String> {
        let Self { name, area, channel, .. } = self;
        let mut faults = Vec::new();
        let is_plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if name.is_empty() || !is_plain {
            faults.push(format!("`hook.name` is {name:?}: use letters, digits and hyphens, such as \"wechat\""));
        }
        if let Err(fault) = area.parse::<AreaId>() {
            faults.push(format!("`hook.area` of {name}: {fault}"));
        }
        if !matches!(channel, Channel::Chat | Channel::Mail) {
            faults.push(format!("`hook.channel` of {name} is {channel}: use \"chat\" or \"mail\""));
        }
        faults
    }
}

/// A door that is open.
pub struct Hook {
    pub name: String,
    pub area: AreaId,
    pub channel: Channel,
    secrets: Vec<Zeroizing<Vec<u8>>>,
}

impl std::fmt::Debug for Hook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Hook({})", self.name)
    }
}

/// What stands in the head of a message.
#[derive(Clone, Copy, Debug)]
pub struct Signed<'a> {
    /// `webhook-id`: the same for every try of one message.
    pub id: &'a str,
    /// `webhook-timestamp`: seconds since 1970 UTC.
    pub timestamp: &'a str,
    /// `webhook-signature`: `v1,<base64>`, several with spaces between.
    pub signature: &'a str,
}

/// Why a message is not from the gateway it says it is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotSigned {
    #[error("webhook-id has no or more than 200 printable characters")]
    Id,
    #[error("webhook-timestamp is no number of seconds within five minutes of this server's clock")]
    Stale,
    #[error("no signature in webhook-signature is that of this id, time and body")]
    Forged,
}

impl NotSigned {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Id => "id",
            Self::Stale => "stale",
            Self::Forged => "forged",
        }
    }
}

impl Hook {
    /// What the head alone tells, before a body is read: whoever knows no secret may still say anything here.
    pub fn verify_head(&self, signed: Signed<'_>, now: Timestamp) -> Result<(), NotSigned> {
        let Signed { id, timestamp, .. } = signed;
        if id.is_empty() || id.len() > ID_MOST || !id.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(NotSigned::Id);
        }
        let seconds: i64 = timestamp.parse().map_err(|_| NotSigned::Stale)?;
        let at = seconds.checked_mul(Timestamp::SECOND).ok_or(NotSigned::Stale)?;
        if at.abs_diff(now.0) > WINDOW.unsigned_abs() {
            return Err(NotSigned::Stale);
        }
        Ok(())
    }

    pub fn verify(&self, signed: Signed<'_>, body: &[u8], now: Timestamp) -> Result<(), NotSigned> {
        self.verify_head(signed, now)?;
        let Signed { id, timestamp, signature } = signed;
        let message = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat();
        let given = signature.split_ascii_whitespace().take(SIGNATURES).filter_map(|one| one.strip_prefix("v1,"));
        let given: Vec<Vec<u8>> = given.filter_map(|text| BASE64_STANDARD.decode(text).ok()).collect();
        let mut same = Choice::from(0);
        for secret in &self.secrets {
            let ours = mac(secret, &message);
            for theirs in &given {
                same |= ours.as_slice().ct_eq(theirs);
            }
        }
        if same.into() { Ok(()) } else { Err(NotSigned::Forged) }
    }
}

/// All doors, by name.
#[derive(Debug)]
pub struct Hooks {
    by_name: BTreeMap<String, Hook>,
    /// For messages, through all of them.
    pub coming_in: Room,
}

impl Hooks {
    /// Reads the secrets of the configured doors.
    pub fn load(configured: &[HookConfig]) -> anyhow::Result<Self> {
        let mut hooks = BTreeMap::new();
        for HookConfig { name, secret_file, area, channel } in configured {
            let secrets = secrets(secret_file).with_context(|| format!("reading the secret of the hook {name}"))?;
            let hook = Hook { name: name.clone(), area: area.parse()?, channel: *channel, secrets };
            ensure!(hooks.insert(name.clone(), hook).is_none(), "two hooks are named {name}; names are used once");
        }
        Ok(Self { by_name: hooks, coming_in: Room::of(COMING_IN) })
    }

    pub fn all(&self) -> impl Iterator<Item = &Hook> {
        self.by_name.values()
    }

    pub fn get(&self, name: &str) -> Option<&Hook> {
        self.by_name.get(name)
    }
}

/// The signature of what goes out, as [`Hook::verify`] takes it.
pub(crate) fn sign(secret: &[u8], id: &str, timestamp: &str, body: &[u8]) -> String {
    let message = [id.as_bytes(), b".", timestamp.as_bytes(), b".", body].concat();
    format!("v1,{}", BASE64_STANDARD.encode(mac(secret, &message)))
}

pub(crate) fn secrets(path: &Path) -> anyhow::Result<Vec<Zeroizing<Vec<u8>>>> {
    let text = Zeroizing::new(std::fs::read_to_string(path).with_context(|| path.display().to_string())?);
    let mode = std::fs::metadata(path)?.permissions().mode() & 0o777;
    if mode & 0o077 != 0 {
        bail!("{0} is readable by others (mode {mode:o}). Run: chmod 600 {0}", path.display());
    }
    let mut secrets = Vec::new();
    for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        let base64 = line.trim().strip_prefix("whsec_").unwrap_or(line.trim());
        let secret = BASE64_STANDARD.decode(base64).ok().filter(|secret| SECRET.contains(&secret.len()));
        let secret = secret.with_context(|| {
            format!(
                "line {} of {} is no secret: write 24 to 64 bytes in base64, made by: openssl rand -base64 32",
                number + 1,
                path.display()
            )
        })?;
        secrets.push(Zeroizing::new(secret));
    }
    ensure!(!secrets.is_empty(), "{} holds no secret; make one by: openssl rand -base64 32", path.display());
    Ok(secrets)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the specification's reference libraries.
    const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    const ID: &str = "msg_p5jXN8AQM9LWM0D4loKWxJek";
    const TIMESTAMP: &str = "1614265330";
    const BODY: &[u8] = br#"{"test": 2432232314}"#;
    const SIGNATURE: &str = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
    const NOW: Timestamp = Timestamp(1_614_265_330 * Timestamp::SECOND);

    fn hook(lines: &str) -> anyhow::Result<Hooks> {
        let folder = tempfile::tempdir().unwrap();
        let secret_file = folder.path().join("secret");
        std::fs::write(&secret_file, lines).unwrap();
        std::fs::set_permissions(&secret_file, std::fs::Permissions::from_mode(0o600)).unwrap();
        let area = "900102".to_owned();
        Hooks::load(&[HookConfig { name: "wechat".into(), secret_file, area, channel: Channel::Chat }])
    }

    fn verify(signed: Signed<'_>, body: &[u8], now: Timestamp) -> Result<(), NotSigned> {
        hook(SECRET).unwrap().get("wechat").unwrap().verify(signed, body, now)
    }

    #[test]
    fn the_example_of_the_specification_is_genuine() {
        let signed = Signed { id: ID, timestamp: TIMESTAMP, signature: SIGNATURE };
        assert_eq!(verify(signed, BODY, NOW), Ok(()));
        let two = format!("v1a,x v1,AAAA {SIGNATURE} v2,y");
        assert_eq!(verify(Signed { signature: &two, ..signed }, BODY, NOW), Ok(()), "one of several is enough");
        let both = hook(&format!("{}\n\n{SECRET}\n", BASE64_STANDARD.encode([7; 32]))).unwrap();
        assert_eq!(both.get("wechat").unwrap().verify(signed, BODY, NOW), Ok(()), "while the secret is changed");
    }

    #[test]
    fn anything_else_is_not() {
        let signed = Signed { id: ID, timestamp: TIMESTAMP, signature: SIGNATURE };
        let long = "x".repeat(201);
        for (id, timestamp, signature, body, why) in [
            ("msg_other", TIMESTAMP, SIGNATURE, BODY, NotSigned::Forged),
            (ID, TIMESTAMP, SIGNATURE, b"{}", NotSigned::Forged),
            (ID, "1614265331", SIGNATURE, BODY, NotSigned::Forged),
            (ID, TIMESTAMP, "", BODY, NotSigned::Forged),
            (ID, TIMESTAMP, "v1,", BODY, NotSigned::Forged),
            (ID, TIMESTAMP, &SIGNATURE[3..], BODY, NotSigned::Forged),
            (ID, TIMESTAMP, &SIGNATURE[..20], BODY, NotSigned::Forged),
            (ID, "soon", SIGNATURE, BODY, NotSigned::Stale),
            (ID, "9223372036854775807", SIGNATURE, BODY, NotSigned::Stale),
            ("", TIMESTAMP, SIGNATURE, BODY, NotSigned::Id),
            ("a b", TIMESTAMP, SIGNATURE, BODY, NotSigned::Id),
            (&long, TIMESTAMP, SIGNATURE, BODY, NotSigned::Id),
        ] {
            let signed = Signed { id, timestamp, signature };
            assert_eq!(verify(signed, body, NOW), Err(why), "{signed:?}");
        }
        for (seconds, expected) in
            [(300, Ok(())), (-300, Ok(())), (301, Err(NotSigned::Stale)), (-301, Err(NotSigned::Stale))]
        {
            assert_eq!(verify(signed, BODY, NOW.plus(seconds * Timestamp::SECOND)), expected, "{seconds}");
        }
    }

    #[test]
    fn a_secret_that_is_none_stops_the_start() {
        for (lines, part) in [("", "holds no secret"), ("hunter2", "line 1"), ("whsec_AAAA", "line 1")] {
            let fault = format!("{:#}", hook(lines).unwrap_err());
            assert!(fault.contains(part) && fault.contains("wechat") && !fault.contains("hunter2"), "{fault}");
        }
    }
}
