//! Photos through the API: sent in base64, listed without being shown, opened by staff and by their sender.

use axum::http::Method;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use serde_json::{Value, json};

use crate::app::{Answer, App, doors};
use crate::photo_files::{camera, png};

const KEY: &str = "0b7c2f64-6f0e-4a53-9d2e-3a1c3f1f0001";

fn report(photos: &[&[u8]]) -> Value {
    let photos: Vec<_> = photos.iter().map(|bytes| json!({ "content": BASE64_STANDARD.encode(bytes) })).collect();
    json!({ "area": "900102001001000", "text": "四号楼东侧的井盖松动，踩上去会翘。", "photos": photos })
}

async fn send(app: &App, key: &str, body: &Value) -> Answer {
    app.stranger().send(Method::POST, "/api/v1/reports", &[("idempotency-key", key)], body.to_string()).await
}

doors!(photos_go_along_and_are_opened_one_by_one, async |app: &App| {
    let body = report(&[&camera(64, 48), &png(30, 20)]);
    let receipt = send(app, KEY, &body).await;
    assert_eq!(receipt.status, 201, "{}", receipt.body);
    assert_eq!(send(app, KEY, &body).await.json(), receipt.json(), "sent again it is the same report");
    assert_eq!(send(app, KEY, &report(&[&png(9, 9)])).await.json()["code"], "idempotency-key-reused");
    let receipt = receipt.json();
    let (code, secret) = (receipt["code"].as_str().unwrap(), receipt["secret"].as_str().unwrap());

    let staff = app.api("coordinator").await;
    let case = staff.get(&format!("/api/v1/cases/{code}")).await.json();
    let sizes: Vec<_> = case["photos"].as_array().unwrap().iter().map(|p| (&p["width"], &p["height"])).collect();
    assert_eq!(sizes, [(&json!(48), &json!(64)), (&json!(30), &json!(20))]);
    assert_eq!(case["photos"][0]["report"], case["reports"][0]["id"]);
    let id = case["photos"][0]["id"].as_str().unwrap();
    let opened = staff.send(Method::POST, &format!("/api/v1/cases/{code}/photos/{id}"), &[], String::new()).await;
    assert_eq!((opened.status, opened.header("content-type")), (200, "image/jpeg"), "{}", opened.body);
    let foreign = app.api("bh-human-resources").await;
    let hidden = foreign.send(Method::POST, &format!("/api/v1/cases/{code}/photos/{id}"), &[], String::new()).await;
    assert_eq!(hidden.status, 404);

    let path = format!("/api/v1/track/{code}/photos/{id}");
    let own = app.stranger().send(Method::GET, &path, &[("case-secret", secret)], String::new()).await;
    assert_eq!(own.picture, opened.picture);
    for wrong in [&[("case-secret", "00000000")][..], &[]] {
        assert_eq!(app.stranger().send(Method::GET, &path, wrong, String::new()).await.status, 404);
    }
});

doors!(what_is_no_photo_is_named_by_its_place_in_the_body, async |app: &App| {
    let mut body = report(&[&png(9, 9), b"GIF89a"]);
    let refused = send(app, KEY, &body).await.json();
    assert_eq!(refused["errors"][0]["pointer"], "/photos/1/content", "{refused}");
    assert_eq!(refused["errors"][0]["code"], "photo-gif", "{refused}");
    body["photos"][1]["content"] = json!("*");
    let refused = send(app, KEY, &body).await.json();
    assert_eq!(refused["errors"][0]["code"], "photo-base64", "{refused}");
    let four = report(&[&png(1, 1), &png(2, 1), &png(3, 1), &png(4, 1)]);
    let refused = send(app, KEY, &four).await.json();
    assert_eq!(refused["errors"][0]["code"], "photos-many", "{refused}");
    assert_eq!(send(app, KEY, &report(&[])).await.status, 201, "none is asked for");
});
