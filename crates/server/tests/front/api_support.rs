//! What the tests of the API share.

use axum::http::Method;
use serde_json::{Value, json};

use crate::app::{Answer, Api};

pub(crate) const WHAT: &str = "小区三号楼楼道里的自来水管漏水，已经漏了两天，地上都是水，老人进出很滑。";

impl Api<'_> {
    /// A POST with headers, such as `("if-match", "\"1\"")`.
    pub(crate) async fn act(&self, path: &str, headers: &[(&str, &str)], body: &Value) -> Answer {
        self.send(Method::POST, path, headers, body.to_string()).await
    }

    pub(crate) async fn look(&self, path: &str, headers: &[(&str, &str)]) -> Answer {
        self.send(Method::GET, path, headers, String::new()).await
    }

    pub(crate) async fn report(&self, key: &str, body: &Value) -> Answer {
        self.act("/api/v1/reports", &[("idempotency-key", key)], body).await
    }

    /// Reports and returns the receipt.
    pub(crate) async fn reported(&self, key: &str, text: &str) -> Value {
        let answer = self.report(key, &json!({"area": "900102001001", "text": text})).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.json()
    }
}

impl Answer {
    /// Asserts a problem and gives its body.
    pub(crate) fn problem(&self, status: u16, code: &str) -> Value {
        assert_eq!(self.status, status, "{}", self.body);
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["code"], code, "{}", self.body);
        assert_eq!(problem["status"], status);
        problem
    }

    /// Asserts a 422 about one field and gives its sentence.
    pub(crate) fn fault(&self, pointer: &str, code: &str) -> String {
        let problem = self.problem(422, "invalid");
        let fault = &problem["errors"][0];
        assert_eq!((&fault["pointer"], &fault["code"]), (&json!(pointer), &json!(code)), "{}", self.body);
        fault["detail"].as_str().unwrap().to_owned()
    }
}

/// The body for a reviewer: what differs from run to run is named instead of shown.
pub(crate) fn masked(mut value: Value) -> String {
    mask(&mut value);
    serde_json::to_string_pretty(&value).unwrap()
}

fn mask(value: &mut Value) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter_mut() {
                match (name.as_str(), &*member) {
                    ("report" | "by" | "unit", Value::String(text)) if text.len() == 36 => *member = json!("[id]"),
                    ("id", Value::String(text)) if text.len() == 36 => *member = json!("[id]"),
                    ("code", Value::String(text)) if text.chars().any(|c| c.is_ascii_uppercase()) => {
                        *member = json!("[code]");
                    }
                    ("task", Value::String(_)) => *member = json!("[code]"),
                    ("confidence", _) => *member = json!("[0 to 1]"),
                    ("detail", Value::Object(stored))
                        if stored.contains_key("evidence") && stored.contains_key("model") =>
                    {
                        *member = json!("[the judgement]");
                    }
                    _ => mask(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask),
        _ => {}
    }
}
