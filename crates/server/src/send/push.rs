//! To a browser that asked for it, through the push service of its maker: Web Push (RFC 8030), encrypted for the browser
//! alone (RFC 8291) and signed as ours (VAPID, RFC 8292).

use aes_gcm::aead::{Aead, KeyInit};
use aes_gcm::{Aes128Gcm, Nonce};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use muster_core::time::Timestamp;
use p256::ecdsa::SigningKey;
use p256::ecdsa::signature::Signer;
use p256::elliptic_curve::sec1::ToSec1Point;
use p256::{PublicKey, SecretKey, ecdh, ecdsa};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Outgoing, SendFault, ask};
use crate::clock::Chance;
use crate::secret::{MasterKey, mac};

/// `[push]` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PushConfig {
    /// Whom a push service may write to about us, such as `mailto:muster@example.org`.
    pub contact: String,
    /// Origins of the push services that browsers here may name; `*.` stands for any one name. Nothing is ever sent to
    /// another: a browser says where, so that it could point us at our own network.
    #[serde(default = "services")]
    pub services: Vec<String>,
}

/// Those of the makers of browsers.
fn services() -> Vec<String> {
    let known = [
        "https://fcm.googleapis.com",
        "https://updates.push.services.mozilla.com",
        "https://web.push.apple.com",
        "https://*.notify.windows.com",
    ];
    known.map(str::to_owned).to_vec()
}

impl PushConfig {
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        if !self.contact.starts_with("mailto:") && !self.contact.starts_with("https://") {
            faults.push(format!("`push.contact` is {:?}: write \"mailto:name@example.org\"", self.contact));
        }
        let is_origin = |text: &str| {
            Url::parse(&text.replacen("*.", "any.", 1)).is_ok_and(|url| url.has_host() && url.path() == "/")
        };
        for service in self.services.iter().filter(|service| !is_origin(service)) {
            faults
                .push(format!("`push.services` names {service:?}: write an origin, such as \"https://*.example.org\""));
        }
        faults
    }

    fn serves(&self, endpoint: &Url) -> bool {
        let origin = endpoint.origin().ascii_serialization();
        self.services.iter().any(|service| match service.split_once("*.") {
            None => *service == origin,
            Some((scheme, domain)) => {
                let name = origin.strip_prefix(scheme).and_then(|host| host.strip_suffix(domain));
                let name = name.and_then(|name| name.strip_suffix('.'));
                name.is_some_and(|name| !name.is_empty() && !name.contains(['.', '/', ':', '@']))
            }
        })
    }
}

/// Where and how one browser is reached, as its `PushSubscription` says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Subscription {
    pub endpoint: String,
    /// Base64url: the browser's public key, and a secret that it shares with us.
    pub p256dh: String,
    pub auth: String,
}

/// Characters of an address; those in use have some 300.
const ENDPOINT_MOST: usize = 2_000;
/// How long a push service keeps what a browser that is off has not taken: a day, in seconds.
const KEPT: &str = "86400";
/// Seconds for which a signature holds; the standard allows a day.
const SIGNED_FOR: i64 = 12 * 3600;

pub(super) struct Push {
    config: PushConfig,
    key: SigningKey,
    http: reqwest::Client,
}

impl Push {
    pub(super) fn load(config: &PushConfig, keys: &MasterKey, http: reqwest::Client) -> Self {
        Self { config: config.clone(), key: SigningKey::from(keys.push_key()), http }
    }

    /// What a browser must be told so that it takes messages from us alone.
    pub(super) fn public_key(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.key.verifying_key().to_sec1_point(false))
    }

    /// Whether it is one that a message could be made for and that we would send to.
    pub(super) fn accepts(&self, subscription: &Subscription) -> bool {
        let endpoint = Url::parse(&subscription.endpoint);
        subscription.endpoint.len() <= ENDPOINT_MOST
            && endpoint.is_ok_and(|endpoint| self.config.serves(&endpoint))
            && Receiver::read(subscription).is_some()
    }

    pub(super) async fn send(&self, message: &Outgoing<'_>, now: Timestamp, chance: &Chance) -> Result<(), SendFault> {
        let subscription: Option<Subscription> = serde_json::from_str(message.to).ok();
        let known = subscription.filter(|subscription| self.accepts(subscription));
        let Some((subscription, receiver)) = known.and_then(|known| Some((known.clone(), Receiver::read(&known)?)))
        else {
            return Err(SendFault::gone("the push service is not among `push.services` any more"));
        };
        let words = serde_json::json!({ "id": message.id, "title": message.short });
        let body = receiver.encrypt(words.to_string().as_bytes(), &secret(chance), chance.bytes());
        let request = self.http.post(&subscription.endpoint).header("ttl", KEPT);
        let request =
            request.header("content-encoding", "aes128gcm").header("content-type", "application/octet-stream");
        let request = request.header("authorization", self.signature(&subscription.endpoint, now));
        ask(request.body(body), None).await.map_err(|fault| match fault.why.as_str() {
            // The browser said stop, or is no more.
            "HTTP 404" | "HTTP 410" => SendFault::gone(fault.why),
            _ => fault,
        })
    }

    fn signature(&self, endpoint: &str, now: Timestamp) -> String {
        let origin = Url::parse(endpoint).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
        let claims = serde_json::json!({
            "aud": origin, "exp": now.0 / Timestamp::SECOND + SIGNED_FOR, "sub": self.config.contact,
        });
        let coded = |text: &str| URL_SAFE_NO_PAD.encode(text);
        let signed = format!("{}.{}", coded(r#"{"typ":"JWT","alg":"ES256"}"#), coded(&claims.to_string()));
        let signature: ecdsa::Signature = self.key.sign(signed.as_bytes());
        format!("vapid t={signed}.{}, k={}", URL_SAFE_NO_PAD.encode(signature.to_bytes()), self.public_key())
    }
}

/// A key for one message.
fn secret(chance: &Chance) -> SecretKey {
    // One draw in 2^32 is no key of the curve.
    loop {
        let bytes: [u8; 32] = chance.bytes();
        if let Ok(key) = SecretKey::from_slice(&bytes) {
            return key;
        }
    }
}

/// A browser's side of the agreement.
struct Receiver {
    key: PublicKey,
    auth: Vec<u8>,
}

impl Receiver {
    fn read(subscription: &Subscription) -> Option<Self> {
        let bytes = |text: &str| URL_SAFE_NO_PAD.decode(text.trim_end_matches('=')).ok();
        let key = PublicKey::from_sec1_bytes(&bytes(&subscription.p256dh)?).ok()?;
        let auth = bytes(&subscription.auth)?;
        (auth.len() == 16).then_some(Self { key, auth })
    }

    /// RFC 8291, section 3.4, in one record of RFC 8188.
    fn encrypt(&self, words: &[u8], own: &SecretKey, salt: [u8; 16]) -> Vec<u8> {
        let own_public = own.public_key().to_sec1_point(false);
        let shared = ecdh::diffie_hellman(own.to_nonzero_scalar(), self.key.as_affine());
        let agreed = mac(&self.auth, shared.raw_secret_bytes());
        let theirs = self.key.to_sec1_point(false);
        let info = [b"WebPush: info\0", theirs.as_bytes(), own_public.as_bytes(), &[1]].concat();
        let drawn = mac(&salt, &mac(&agreed, &info));
        let key = mac(&drawn, b"Content-Encoding: aes128gcm\0\x01");
        let nonce = mac(&drawn, b"Content-Encoding: nonce\0\x01");
        let cipher = Aes128Gcm::new_from_slice(&key[..16]).expect("16 bytes are a key");
        let nonce = Nonce::try_from(&nonce[..12]).expect("12 bytes are a nonce");
        let sealed = cipher.encrypt(&nonce, [words, &[2]].concat().as_slice()).expect("GCM takes a short message");
        let record = 4096_u32.to_be_bytes();
        [&salt[..], &record, &[own_public.as_bytes().len() as u8], own_public.as_bytes(), &sealed].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    /// RFC 8291, section 5 and appendix A.
    #[test]
    fn the_example_of_the_standard() {
        let receiver = Receiver::read(&Subscription {
            endpoint: String::new(),
            p256dh: "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
                .to_owned(),
            auth: "BTBZMqHH6r4Tts7J_aSIgg".to_owned(),
        });
        let own = SecretKey::from_slice(&bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")).unwrap();
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let sealed = receiver.unwrap().encrypt(b"When I grow up, I want to be a watermelon", &own, salt);
        let expected = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tl\
                        zAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4\
                        a-fN";
        assert_eq!(URL_SAFE_NO_PAD.encode(sealed), expected);
    }

    #[test]
    fn only_services_that_are_named_are_sent_to() {
        let config = PushConfig { contact: "mailto:a@example.org".to_owned(), services: services() };
        assert_eq!(config.faults(), Vec::<String>::new());
        let serves = |url: &str| Url::parse(url).is_ok_and(|url| config.serves(&url));
        for url in ["https://fcm.googleapis.com/fcm/send/abc", "https://wns2-par02p.notify.windows.com/w/?token=x"] {
            assert!(serves(url), "{url}");
        }
        for url in [
            "http://fcm.googleapis.com/fcm/send/abc",
            "https://fcm.googleapis.com:8443/",
            "https://fcm.googleapis.com.example.org/",
            "https://fcm.googleapis.com@127.0.0.1/",
            "https://notify.windows.com/",
            "https://evilnotify.windows.com/",
            "https://a.b.notify.windows.com/",
            "https://127.0.0.1/",
            "http://169.254.169.254/latest",
            "file:///etc/passwd",
        ] {
            assert!(!serves(url), "{url}");
        }
    }
}
