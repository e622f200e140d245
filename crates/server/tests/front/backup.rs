//! An instance goes into a file while people write, and comes out of it whole, in another place.

use std::path::{Path, PathBuf};

use muster_core::intake::{Channel, Draft};
use muster_core::people::Actor;
use muster_core::time::Timestamp;
use muster_server::backup::{BackupError, Manifest, backup, manifest, restore};
use muster_server::clock::{Chance, Clock};
use muster_server::config::Config;
use muster_server::secret::create_master_key;
use muster_server::usecase::report_submit::report_submit;
use muster_store::Db;
use muster_store::copy::tables;
use muster_store::testing::{TestDb, beside};

use crate::app::{App, doors};
use crate::doctor::{TEXTS, reported, said};
use crate::photo_files::png;

/// A place to restore into, of the same kind as the app's database, with the app's key put in.
struct Elsewhere {
    config: Config,
    _folder: tempfile::TempDir,
    _db: Option<TestDb>,
}

impl Elsewhere {
    async fn of(app: &App) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let db = beside(app.url()).await;
        let database = db.as_ref().map(|db| db.url.clone().try_into().unwrap());
        let config = Config { data: folder.path().join("new"), database, ..Config::default() };
        std::fs::create_dir(&config.data).unwrap();
        std::fs::copy(app.state.config.master_key_path(), config.master_key_path()).unwrap();
        Self { config, _folder: folder, _db: db }
    }
}

/// Six reports, one more with a photo, and a backup of them in a folder of its own.
async fn backed_up(app: &App) -> (tempfile::TempDir, PathBuf, Manifest) {
    for (n, text) in TEXTS.iter().enumerate() {
        reported(app, text, &format!("k{n}")).await;
    }
    let rule = &app.state.pack.intake.photos;
    let (photo, _) = app.state.photos.read_bytes(&png(64, 48), rule).await.unwrap();
    let area = Some("900102001001".parse().unwrap());
    let draft =
        Draft { area, text: "四号楼的井盖松动，见照片".into(), photos: vec![photo], ..Draft::default() };
    report_submit(&app.state, &Actor::Anonymous, Channel::Web, &draft, None).await.unwrap();
    app.advance(Timestamp::SECOND).await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("city.backup");
    let made = backup(&app.state.config, &app.state.clock, &file).await.unwrap();
    assert_eq!(made.bytes, std::fs::metadata(&file).unwrap().len());
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing else is left");
    (folder, file, made.manifest)
}

async fn try_restore(app: &App, config: &Config, file: &Path) -> Result<(), String> {
    let result = restore(config, &app.state.clock, file, |_, _| {}).await;
    result.map(|_| ()).map_err(|error| format!("{error:#}"))
}

doors!(what_was_backed_up_comes_back, async |app: &App| {
    let (_folder, file, made) = backed_up(app).await;
    // What comes after the backup is not in it.
    reported(app, "小区北门的垃圾桶满了没人清理，苍蝇很多。", "after").await;
    assert_eq!(manifest(&file).unwrap(), made);
    let there = Elsewhere::of(app).await;
    let (read, health) = restore(&there.config, &app.state.clock, &file, |_, _| {}).await.unwrap();
    assert_eq!(read, made);
    assert_eq!(said(&health), Vec::<String>::new());
    assert!(made.tables["reports"] == 7 && made.tables["photos"] == 1 && made.tables["accounts"] > 100);
    let db = Db::look(&there.config.database_url()).await.unwrap();
    assert_eq!(tables(&mut db.snapshot().await.unwrap()).await.unwrap(), made.tables);
    db.close().await;
    // The key is not in the file, in no spelling.
    let key = std::fs::read_to_string(app.state.config.master_key_path()).unwrap();
    let bytes = std::fs::read(&file).unwrap();
    assert!(!bytes.windows(64).any(|window| window == key.trim().as_bytes()));
});

doors!(a_file_that_was_cut_or_changed_is_refused, async |app: &App| {
    let (folder, file, _) = backed_up(app).await;
    let there = Elsewhere::of(app).await;
    let whole = std::fs::read(&file).unwrap();
    let other = folder.path().join("other");
    for place in [3, 20, 90, 120, whole.len() / 2, whole.len() - 1] {
        let mut changed = whole.clone();
        changed[place] ^= 4;
        std::fs::write(&other, &changed).unwrap();
        assert!(try_restore(app, &there.config, &other).await.is_err(), "byte {place} was changed");
    }
    for length in [0, 10, 90, whole.len() / 2, whole.len() - 1] {
        std::fs::write(&other, &whole[..length]).unwrap();
        assert!(try_restore(app, &there.config, &other).await.is_err(), "cut at {length}");
    }
    std::fs::write(&other, &whole[..whole.len() - 1]).unwrap();
    let refusal = try_restore(app, &there.config, &other).await.unwrap_err();
    assert!(refusal.contains("was cut short or changed"), "{refusal}");
    std::fs::write(&other, "something else\n").unwrap();
    assert!(matches!(manifest(&other), Err(BackupError::Foreign(_))));
    assert!(matches!(manifest(&folder.path().join("nothing")), Err(BackupError::Unreadable { .. })));
    let newer = String::from_utf8_lossy(&whole[..80]).replacen("backup 1", "backup 2", 1);
    std::fs::write(&other, newer).unwrap();
    assert!(matches!(manifest(&other), Err(BackupError::NewerFormat { .. })));
    // After all of it the place is still empty, and takes the whole file.
    try_restore(app, &there.config, &file).await.unwrap();
});

doors!(a_wrong_place_or_key_is_refused_with_its_name, async |app: &App| {
    let (_folder, file, _) = backed_up(app).await;
    let there = Elsewhere::of(app).await;

    let key = there.config.master_key_path();
    std::fs::remove_file(&key).unwrap();
    let refusal = try_restore(app, &there.config, &file).await.unwrap_err();
    assert!(refusal.contains("there is no master key at"), "{refusal}");
    create_master_key(&key, &Chance::seeded(99)).unwrap();
    let refusal = try_restore(app, &there.config, &file).await.unwrap_err();
    assert!(refusal.contains("the master key is not the one"), "{refusal}");
    std::fs::copy(app.state.config.master_key_path(), &key).unwrap();

    let refusal = try_restore(app, &app.state.config, &file).await.unwrap_err();
    assert!(refusal.contains("the target is not empty"), "{refusal}");
    let (kind, wrong) = match app.state.db.name() {
        "sqlite" => ("sqlite", "postgres://127.0.0.1:1/none".to_owned()),
        _ => ("postgres", format!("sqlite:{}", there.config.data.join("x.db").display())),
    };
    let config = Config { database: Some(wrong.try_into().unwrap()), ..there.config.clone() };
    let refusal = try_restore(app, &config, &file).await.unwrap_err();
    assert!(refusal.contains(&format!("holds a {kind} database")), "{refusal}");
    try_restore(app, &there.config, &file).await.unwrap();
});

doors!(a_newer_schema_is_refused, async |app: &App| {
    muster_store::testing::execute(
        &app.state.db,
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         select 9999, 'later', true, checksum, 0 from _sqlx_migrations where version = 1",
    )
    .await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("city.backup");
    backup(&app.state.config, &app.state.clock, &file).await.unwrap();
    let there = Elsewhere::of(app).await;
    let refusal = try_restore(app, &there.config, &file).await.unwrap_err();
    assert!(refusal.contains("was made with schema 9999"), "{refusal}");
});

doors!(a_backup_lies_elsewhere_and_overwrites_nothing, async |app: &App| {
    let refused = async |file: &Path| backup(&app.state.config, &app.state.clock, file).await.unwrap_err().to_string();
    let inside = app.state.config.data.join("city.backup");
    let refusal = refused(&inside).await;
    assert!(refusal.contains("beside what it is a copy of") && !inside.exists(), "{refusal}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("city.backup");
    std::fs::write(&file, "precious").unwrap();
    assert!(refused(&file).await.contains("exists already"));
    assert_eq!(std::fs::read_to_string(&file).unwrap(), "precious");
    let refusal = refused(&folder.path().join("no/such/folder/city.backup")).await;
    assert!(refusal.contains("no/such/folder"), "{refusal}");
});

#[tokio::test]
async fn a_place_without_an_instance_has_nothing_to_back_up() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config { data: folder.path().join("empty"), ..Config::default() };
    let file = folder.path().join("city.backup");
    assert!(backup(&config, &Clock::system(), &file).await.is_err());
    assert!(!config.data.exists() && !file.exists(), "looking makes nothing");
}
