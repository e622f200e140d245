//! Short messages by whatever HTTP gateway the operator has: address, head and body are theirs, with gaps that are filled.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, bail};
use muster_core::pack::{Template, fill};
use reqwest::Method;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde::{Deserialize, Serialize};

use super::{Outgoing, SendFault, ask, secret_text, url_fault};

/// How the body is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SmsFormat {
    #[default]
    Json,
    Form,
}

/// `[sms]` of the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct SmsConfig {
    pub url: String,
    /// `POST` or `PUT`.
    #[serde(default = "post")]
    pub method: String,
    #[serde(default)]
    pub format: SmsFormat,
    /// Head lines with the gateway's secret, one `Name: value` a line.
    pub headers_file: Option<PathBuf>,
    /// With gaps `{phone}`, `{template_id}`, `{params}` (an object with the code), `{text}` and `{id}`.
    pub body: String,
    /// A text that the answer must contain, for gateways that say 200 and mean no.
    pub accepts: Option<String>,
    /// The gateway's own number of each template of the pack's notices; `digest` and `other` too.
    #[serde(default)]
    pub templates: BTreeMap<String, String>,
}

fn post() -> String {
    "POST".to_owned()
}

const GAPS: [&str; 5] = ["phone", "template_id", "params", "text", "id"];

impl SmsConfig {
    pub(crate) fn faults(&self) -> Vec<String> {
        let mut faults: Vec<String> = url_fault("sms.url", &self.url).into_iter().collect();
        if !matches!(self.method.as_str(), "POST" | "PUT") {
            faults.push(format!("`sms.method` is {:?}: use \"POST\" or \"PUT\"", self.method));
        }
        let known = |name: &&String| matches!(name.as_str(), "digest" | "other") || name.parse::<Template>().is_ok();
        for name in self.templates.keys().filter(|name| !known(name)) {
            faults.push(format!("`sms.templates` names {name:?}: use a notice of the pack, \"digest\" or \"other\""));
        }
        if !self.body.contains("{phone}") {
            faults.push("`sms.body` has no {phone}: the gateway would not know whom to send to".to_owned());
        }
        match self.filled(|_| Some("0".to_owned())) {
            Err(gap) => faults.push(format!("`sms.body` has the gap {{{gap}}}; known: {{{}}}", GAPS.join("}, {"))),
            Ok(body) if self.format == SmsFormat::Json && serde_json::from_str::<serde_json::Value>(&body).is_err() => {
                faults
                    .push("`sms.body` is no JSON once its gaps are filled; texts stand between quotation marks".into());
            }
            Ok(_) => {}
        }
        faults
    }

    /// Braces of JSON are no gaps: only those round one of the known words, or round a word that looks like one.
    fn filled(&self, word: impl Fn(&str) -> Option<String>) -> Result<String, String> {
        if self.format == SmsFormat::Form {
            return fill(&self.body, |gap| GAPS.contains(&gap).then(|| word(gap)).flatten());
        }
        let mut filled = String::new();
        let mut rest = self.body.as_str();
        while let Some((before, after)) = rest.split_once('{') {
            filled.push_str(before);
            let gap = after.split('}').next().filter(|_| after.contains('}')).unwrap_or_default();
            let is_word = !gap.is_empty() && gap.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
            if is_word {
                let known = GAPS.contains(&gap).then(|| word(gap)).flatten();
                filled.push_str(&known.ok_or_else(|| gap.to_owned())?);
                rest = &after[gap.len() + 1..];
            } else {
                filled.push('{');
                rest = after;
            }
        }
        filled.push_str(rest);
        Ok(filled)
    }
}

pub(super) struct Sms {
    config: SmsConfig,
    method: Method,
    headers: HeaderMap,
    http: reqwest::Client,
}

impl Sms {
    pub(super) fn load(config: &SmsConfig, http: reqwest::Client) -> anyhow::Result<Self> {
        let mut headers = HeaderMap::new();
        let kind = match config.format {
            SmsFormat::Json => "application/json; charset=utf-8",
            SmsFormat::Form => "application/x-www-form-urlencoded",
        };
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        if let Some(file) = &config.headers_file {
            let text = secret_text(file).context("reading sms.headers_file")?;
            for (number, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
                let pair = line.split_once(':').and_then(|(name, value)| {
                    Some((name.trim().parse::<HeaderName>().ok()?, value.trim().parse::<HeaderValue>().ok()?))
                });
                let Some((name, mut value)) = pair else {
                    bail!("line {} of {} is no head line: write Name: value", number + 1, file.display());
                };
                value.set_sensitive(true);
                headers.insert(name, value);
            }
        }
        Ok(Self { method: config.method.parse()?, headers, http, config: config.clone() })
    }

    pub(super) async fn send(&self, message: &Outgoing<'_>) -> Result<(), SendFault> {
        let body = self.body(message).map_err(|gap| SendFault::never(format!("sms.body has the gap {{{gap}}}")))?;
        let request = self.http.request(self.method.clone(), &self.config.url).headers(self.headers.clone());
        let request = request.header("Idempotency-Key", message.id.to_string()).body(body);
        ask(request, self.config.accepts.as_deref()).await
    }

    fn body(&self, message: &Outgoing<'_>) -> Result<String, String> {
        let templates = &self.config.templates;
        let template = templates.get(&message.template).or_else(|| templates.get("other"));
        let params = serde_json::json!({ "code": message.code }).to_string();
        let word = |gap: &str| {
            Some(match gap {
                "phone" => message.to.to_owned(),
                "template_id" => template.cloned().unwrap_or_default(),
                "params" => params.clone(),
                "text" => message.short.clone(),
                "id" => message.id.to_string(),
                _ => return None,
            })
        };
        self.config.filled(|gap| {
            let word = word(gap)?;
            Some(match self.config.format {
                SmsFormat::Form => url::form_urlencoded::byte_serialize(word.as_bytes()).collect(),
                SmsFormat::Json if gap == "params" => word,
                SmsFormat::Json => inside(&word),
            })
        })
    }
}

/// As it stands between the quotation marks of a JSON text.
fn inside(word: &str) -> String {
    let quoted = serde_json::Value::from(word).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn config(format: SmsFormat, body: &str) -> SmsConfig {
        let templates = BTreeMap::from([("closed".to_owned(), "SMS_7".to_owned()), ("other".into(), "SMS_1".into())]);
        SmsConfig {
            url: "https://gateway.example.org/send".into(),
            method: post(),
            format,
            headers_file: None,
            body: body.into(),
            accepts: None,
            templates,
        }
    }

    fn body(config: SmsConfig, template: &str) -> String {
        assert_eq!(config.faults(), Vec::<String>::new());
        let sms = Sms {
            config,
            method: Method::POST,
            headers: HeaderMap::new(),
            http: crate::send::http().unwrap().build().unwrap(),
        };
        let message = Outgoing {
            id: Uuid::nil(),
            to: "13900000000",
            subject: String::new(),
            text: String::new(),
            short: "说\"好\"\n了 {phone}".into(),
            code: "7K3F".into(),
            template: template.into(),
        };
        sms.body(&message).unwrap()
    }

    #[test]
    fn gaps_are_filled_as_the_format_needs_it() {
        let json = r#"{"to":["{phone}"],"tpl":"{template_id}","params":{params},"say":"{text}","n":{"id":"{id}"}}"#;
        let filled: serde_json::Value = serde_json::from_str(&body(config(SmsFormat::Json, json), "closed")).unwrap();
        assert_eq!(filled["to"][0], "13900000000");
        assert_eq!((&filled["tpl"], &filled["params"]["code"]), (&"SMS_7".into(), &"7K3F".into()));
        assert_eq!(filled["say"], "说\"好\"\n了 {phone}", "what is filled in is not filled again");
        let form = body(config(SmsFormat::Form, "mobile={phone}&tpl={template_id}&p={params}"), "parked");
        assert_eq!(form, "mobile=13900000000&tpl=SMS_1&p=%7B%22code%22%3A%227K3F%22%7D");
    }

    #[test]
    fn what_cannot_work_is_said_at_the_start() {
        let wrong = |body: &str| config(SmsFormat::Json, body).faults().join("\n");
        assert!(wrong(r#"{"to":"{phone}","x":"{secret}"}"#).contains("{secret}"));
        assert!(wrong(r#"{"to":{phone}"#).contains("no JSON"));
        assert!(wrong(r#"{"to":"1"}"#).contains("{phone}"));
        let other = SmsConfig { url: "gateway".into(), method: "GET".into(), ..config(SmsFormat::Form, "a={phone}") };
        let faults = other.faults().join("\n");
        assert!(faults.contains("`sms.url`") && faults.contains("`sms.method`"), "{faults}");
    }
}
