//! The description of the API is the committed one, and says what the server does: no more routes, no fewer.

use std::collections::BTreeSet;
use std::path::Path;

use muster_server::api::document::document;
use serde_json::Value;

use crate::app::{App, doors};

fn committed() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/openapi.json")
}

#[test]
fn the_committed_document_is_fresh() {
    let made = document().unwrap();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(committed(), made).unwrap();
    }
    let stored = std::fs::read_to_string(committed()).unwrap_or_default();
    assert!(stored == made, "run: UPDATE=1 cargo test -p muster-server --test front api_document");
}

#[test]
fn every_route_is_described_and_nothing_else() {
    let document: Value = serde_json::from_str(document().unwrap()).unwrap();
    assert_eq!(document["openapi"], "3.1.0");
    let mut described = BTreeSet::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys() {
            described.insert((path.clone(), method.clone()));
        }
    }
    let routed: BTreeSet<_> = muster_server::router::all()
        .filter(|route| route.path.starts_with("/api/") || route.path.starts_with("/hooks/"))
        .map(|route| (route.path.to_owned(), route.method.to_owned()))
        .collect();
    assert_eq!(described, routed);
}

/// What a client generator trips over.
#[test]
fn operations_have_names_of_their_own_and_every_reference_leads_somewhere() {
    let document: Value = serde_json::from_str(document().unwrap()).unwrap();
    let operations: Vec<&Value> =
        document["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values()).collect();
    let names: BTreeSet<_> = operations.iter().map(|operation| operation["operationId"].as_str().unwrap()).collect();
    assert_eq!(names.len(), operations.len());
    for operation in &operations {
        for (status, response) in operation["responses"].as_object().unwrap() {
            let problem = response["content"].get("application/problem+json").is_some();
            assert_eq!(problem, status.as_str() >= "400", "{} {status}", operation["operationId"]);
        }
    }
    let mut open = vec![&document];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(place)) = members.get("$ref") {
                    assert!(document.pointer(place.strip_prefix('#').unwrap()).is_some(), "{place}");
                }
                open.extend(members.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
}

doors!(the_document_is_served, async |app: &App| {
    let answer = app.stranger().get("/api/openapi.json").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.body, document().unwrap());
});
