//! Photos of a report through the pages: sent, kept while the form goes back and forth, and looked at on the record.

use muster_core::people::Action;
use muster_core::time::Timestamp;
use muster_server::doctor::examine;

use crate::app::{Answer, App, Browser, between, doors};
use crate::pages_forms::{receipt, value};
use crate::photo_files::{camera, png};

const AREA: &str = "900102001001001";
const SAID: &str = "四号楼东侧的下水井盖松动了，踩上去会翘起来";

fn tokens(page: &str) -> Vec<String> {
    let found = page.split(" name=\"photos\" value=\"").skip(1);
    found.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

/// Addresses of the forms that open photos.
fn doors_to_photos(page: &str) -> Vec<String> {
    let found = page.split("action=\"").skip(1).map(|rest| rest.split('"').next().unwrap().to_owned());
    found.filter(|action| action.contains("/photos/")).collect()
}

/// The three screens with these photos; the receipt page.
async fn report(resident: &mut Browser<'_>, files: &[(&str, &str, &[u8])]) -> Answer {
    let home = resident.get("/").await;
    let key = value(&home.body, "key").unwrap();
    let fields = [("key", key.as_str()), ("text", SAID), ("area", AREA)];
    let contact = resident.post_files("/report/contact", &fields, files).await;
    assert_eq!(contact.status, 200, "{}", contact.body);
    let kept = tokens(&contact.body);
    assert_eq!(kept.len(), files.len(), "{}", contact.body);
    let mut fields = fields.to_vec();
    fields.extend(kept.iter().map(|token| ("photos", token.as_str())));
    let check = resident.post("/report/check", &fields).await;
    assert_eq!(check.status, 200, "{}", check.body);
    assert_eq!(check.body.matches("src=\"data:image/jpeg;base64,").count(), files.len(), "{}", check.body);
    resident.post("/report", &fields).await
}

doors!(a_photo_is_looked_at_on_the_record_and_says_nothing_of_the_camera, async |app: &App| {
    let mut resident = app.browser();
    let (one, two) = (camera(640, 480), png(300, 200));
    let done = report(&mut resident, &[("photo", "a.jpg", &one), ("photo", "b.jpg", &two)]).await;
    assert_eq!(done.status, 200, "{}", done.body);
    let (code, secret) = receipt(&done.body);

    let mut staff = app.signed_in("coordinator").await;
    let page = staff.get(&format!("/case/{code}")).await;
    assert!(page.body.contains("照片 2 张") && !page.body.contains("data:image"), "not shown openly: {}", page.body);
    let addresses = doors_to_photos(&page.body);
    assert_eq!(addresses.len(), 2, "{}", page.body);
    let photo = staff.post(&addresses[0], &[]).await;
    assert_eq!(photo.status, 200, "{}", photo.body);
    assert_eq!(photo.header("content-type"), "image/jpeg");
    assert_eq!(photo.header("x-content-type-options"), "nosniff");
    assert_eq!(photo.header("cache-control"), "private, no-store");
    assert!(photo.header("content-security-policy").contains("sandbox"));
    assert!(photo.header("content-disposition").starts_with("inline"));
    assert!(!photo.picture.windows(4).any(|part| part == b"Exif"));
    let picture = image::load_from_memory(&photo.picture).unwrap();
    assert_eq!((picture.width(), picture.height()), (480, 640), "upright");
    let forged = staff.post(&addresses[1], &[("csrf", "0")]).await;
    assert_eq!(forged.status, 403);

    let mut auditor = app.signed_in("audit-admin").await;
    let audit = auditor.get("/admin/audit").await.body;
    let looks = audit.matches("photo_view").count();
    assert!(looks >= 1 && audit.contains(&code), "the look is on the record: {audit}");

    let mut elsewhere = app.signed_in("bh-human-resources").await;
    elsewhere.get("/inbox").await;
    assert_eq!(elsewhere.post(&addresses[0], &[]).await.status, 404, "a case of others does not exist");

    resident.get("/track").await;
    let opened = resident.post("/track", &[("code", &code), ("secret", &secret)]).await;
    let own = doors_to_photos(&opened.body);
    assert_eq!(own.len(), 2, "{}", opened.body);
    assert_eq!(resident.post(&own[1], &[("secret", &secret)]).await.picture.get(..2), Some(&[0xff, 0xd8][..]));
    assert_eq!(resident.post(&own[1], &[("secret", "00000000")]).await.status, 404);
    let by_code = resident.get(&format!("/track/{code}")).await;
    assert!(doors_to_photos(&by_code.body).is_empty(), "not by the code alone");

    let health = examine(&app.state.config, &app.state.clock, |_, _| {}).await.unwrap();
    let photos = health.checks.iter().find(|check| check.name == "photos").unwrap();
    assert_eq!((photos.looked, photos.found), (2, 0), "{photos:?}");
});

doors!(what_cannot_be_taken_is_named_and_the_rest_stays, async |app: &App| {
    let mut resident = app.browser();
    let home = resident.get("/").await;
    let key = value(&home.body, "key").unwrap();
    let fields = [("key", key.as_str()), ("text", SAID), ("area", AREA), ("place", "四号楼东侧")];
    let good = camera(64, 48);
    for (bytes, wrong) in [
        (&b"%PDF-1.7"[..], "照片 2：这是 PDF 文件"),
        (b"<svg onload='alert(1)'/>", "照片 2：这是图形或网页文件"),
        (b"", "照片 2：文件是空的"),
        (&good[..good.len() / 10], "照片 2：照片打不开"),
    ] {
        let files = [("photo", "a.jpg", &good[..]), ("photo", "b.jpg", bytes)];
        let back = resident.post_files("/report/contact", &fields, &files).await;
        assert_eq!(back.status, 422, "{}", back.body);
        let beside = between(&back.body, "id=\"photo-error\">", "</p>").unwrap_or_default();
        assert!(beside.contains(wrong), "{beside:?} in {}", back.body);
        assert_eq!(value(&back.body, "text").as_deref(), Some(SAID), "nothing typed is lost");
        assert_eq!(tokens(&back.body).len(), 1, "and the other photo stays: {}", back.body);
    }
    let large = vec![0xff; app.state.pack.intake.photos.bytes_max + 1];
    let back = resident.post_files("/report/contact", &fields, &[("photo", "a.jpg", &large)]).await;
    assert!(back.body.contains("照片 1：文件太大了"), "{}: {}", back.status, back.body);
    assert_eq!(value(&back.body, "text").as_deref(), Some(SAID));

    let files = [0, 1, 2, 3].map(|n| camera(64 + n, 48));
    let files: Vec<_> = files.iter().map(|file| ("photo", "a.jpg", &file[..])).collect();
    let back = resident.post_files("/report/contact", &fields, &files).await;
    assert!(back.body.contains("照片太多了"), "{}", back.body);
    let nothing = resident.post_files("/report/contact", &fields, &[("photo", "", b"")]).await;
    assert_eq!(nothing.status, 200, "no photo is asked for: {}", nothing.body);
});

doors!(a_form_sent_again_is_one_report_with_its_photos_once, async |app: &App| {
    let mut worker = app.signed_in("grid-liugangli-1").await;
    worker.get("/grid").await;
    let fields = [("key", "made-on-the-phone"), ("text", SAID), ("area", AREA), ("place", "四号楼东侧")];
    let photo = camera(64, 48);
    let files = [("photo", "a.jpg", &photo[..])];
    let first = worker.post_files("/grid", &fields, &files).await;
    let second = worker.post_files("/grid", &fields, &files).await;
    assert_eq!((first.status, second.status), (200, 200), "{}", second.body);
    assert_eq!(receipt(&first.body), receipt(&second.body));
    let other = worker.post_files("/grid", &fields, &[("photo", "a.jpg", &png(9, 9))]).await;
    assert_eq!(other.status, 422, "with another photo it is another report: {}", other.body);
    assert_eq!(tokens(&other.body).len(), 1);

    let mut staff = app.signed_in("coordinator").await;
    let page = staff.get(&format!("/case/{}", receipt(&first.body).0)).await.body;
    assert_eq!(doors_to_photos(&page).len(), 1, "{page}");

    let mut resident = app.browser();
    let home = resident.get("/").await;
    let key = value(&home.body, "key").unwrap();
    let fields = [("key", key.as_str()), ("text", "另一件事，说的是路灯不亮"), ("area", AREA)];
    let contact = resident.post_files("/report/contact", &fields, &files).await;
    let kept = tokens(&contact.body);
    let mut fields = fields.to_vec();
    fields.push(("photos", &kept[0]));
    let first = resident.post("/report", &fields).await;
    let second = resident.post("/report", &fields).await;
    assert_eq!(receipt(&first.body), receipt(&second.body), "the receipt that was lost on the way");
});

doors!(whoever_has_to_sign_in_again_keeps_the_photo, async |app: &App| {
    let mut worker = app.browser();
    worker.get("/").await;
    let fields = [("key", "made-on-the-phone"), ("text", SAID), ("area", AREA)];
    let photo = camera(64, 48);
    let sent = worker.post_files("/grid", &fields, &[("photo", "a.jpg", &photo)]).await;
    assert_eq!(sent.status, 401, "{}", sent.body);
    let held = value(&sent.body, "held").unwrap();
    let sign_in =
        [("login", "grid-liugangli-1"), ("password", crate::app::PASSWORD), ("next", "/grid"), ("held", &held)];
    let back = worker.post("/login", &sign_in).await;
    assert_eq!(tokens(&back.body).len(), 1, "{}: {}", back.status, back.body);
    let kept = tokens(&back.body);
    let done = worker.post("/grid", &[&fields[..], &[("photos", &kept[0])]].concat()).await;
    let (code, _) = receipt(&done.body);
    let page = worker.get(&format!("/case/{code}")).await.body;
    assert_eq!(doors_to_photos(&page).len(), 1, "{page}");
});

doors!(a_photo_of_a_form_that_never_came_is_gone_after_a_day, async |app: &App| {
    let mut resident = app.browser();
    let home = resident.get("/").await;
    let key = value(&home.body, "key").unwrap();
    let fields = [("key", key.as_str()), ("text", SAID), ("area", AREA)];
    let contact = resident.post_files("/report/contact", &fields, &[("photo", "a.jpg", &camera(64, 48))]).await;
    let kept = tokens(&contact.body);
    app.advance(Timestamp::DAY + Timestamp::HOUR).await;
    let late = resident.post("/report", &[&fields[..], &[("photos", &kept[0])]].concat()).await;
    assert_eq!(late.status, 422, "{}", late.body);
    assert!(late.body.contains("照片放得太久"), "{}", late.body);
    assert!(late.body.contains(SAID) && tokens(&late.body).is_empty(), "{}", late.body);
    let without = resident.post("/report", &fields).await;
    assert_eq!(without.status, 200, "and goes without it: {}", without.body);
});

doors!(the_desk_keeps_photos_while_it_looks_up, async |app: &App| {
    let mut operator = app.signed_in("operator1").await;
    let desk = operator.get("/desk?channel=station").await;
    let key = value(&desk.body, "key").unwrap();
    let fields =
        [("key", key.as_str()), ("text", SAID), ("area", AREA), ("channel", "station"), ("phone", "13900001234")];
    let found = operator.post_files("/desk/lookup", &fields, &[("photo", "a.jpg", &camera(64, 48))]).await;
    assert_eq!(found.status, 200, "{}", found.body);
    let kept = tokens(&found.body);
    assert_eq!(kept.len(), 1, "{}", found.body);
    let bad = operator.post_files("/desk/alike", &fields, &[("photo", "a.gif", b"GIF89a")]).await;
    assert!(bad.body.contains("照片 1：这是动图"), "{}", bad.body);
    let taken = operator.post("/desk", &[&fields[..], &[("photos", &kept[0])]].concat()).await;
    let (code, _) = receipt(&taken.body);
    let page = operator.get(&format!("/case/{code}")).await.body;
    assert_eq!(doors_to_photos(&page).len(), 1, "{page}");
    assert_eq!(Action::PhotoView.as_str(), "photo_view");
});

doors!(strangers_keep_only_so_many_photos, async |app: &App| {
    let mut resident = app.browser();
    let home = resident.get("/").await;
    let key = value(&home.body, "key").unwrap();
    let fields = [("key", key.as_str()), ("text", SAID), ("area", AREA)];
    let photo = png(1, 1);
    let files = [("photo", "a.png", &photo[..]); 3];
    let mut answer = resident.post_files("/report/contact", &fields, &files).await;
    for _ in 0..60 {
        answer = resident.post_files("/report/contact", &fields, &files).await;
    }
    assert_eq!(answer.status, 422);
    assert!(answer.body.contains("照片 3：这会儿发来的照片太多"), "{}", answer.body);
    let without = resident.post("/report", &fields).await;
    assert_eq!(without.status, 200, "words go on: {}", without.body);
});
