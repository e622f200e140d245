//! Every rule that data, files and keys of an instance can show, looked at without changing anything.
//!
//! The rules of the rows are in `muster_store::check`; here are those that need the key, the pack or the machine.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use muster_core::id::{Code, PersonId};
use muster_core::pack::Pack;
use muster_core::time::Timestamp;
use muster_store::check::{Check, Measures, Remains, SealedRow, Weight, check, codes_known, remembered, sealed_rows};
use muster_store::db::sqlite_path;
use muster_store::dispatch::{needs_sealed, resources_sealed};
use muster_store::intake::person_get;
use muster_store::people::instance_get;
use muster_store::photo::photos_newest;
use muster_store::{Db, Tx};
use serde::Serialize;
use uuid::Uuid;

use crate::clock::Clock;
use crate::config::Config;
use crate::pack_default::{default_pack, load_dir};
use crate::secret::{MasterKey, place};
use crate::state::KEY_CHECK;
use crate::usecase::need::contact_place;
use crate::usecase::photo::photo_open;
use crate::usecase::resource::sealed_place;

/// What was found of one instance.
#[derive(Debug, Serialize)]
pub struct Health {
    /// `sqlite` or `postgres`.
    pub database: &'static str,
    pub at: Timestamp,
    pub checks: Vec<Check>,
}

impl Health {
    /// Checks that found the record wrong.
    pub fn findings(&self) -> usize {
        self.checks.iter().filter(|check| check.is_finding()).count()
    }

    /// Checks that found something to look after.
    pub fn warnings(&self) -> usize {
        self.checks.iter().filter(|check| check.found > 0).count() - self.findings()
    }
}

/// Examines the instance of a configuration in one snapshot; `progress` is told of cases read and cases in all.
///
/// # Errors
/// When there is nothing to examine or the database does not answer. What is wrong with the data is no error.
pub async fn examine(config: &Config, clock: &Clock, progress: impl FnMut(u64, u64)) -> anyhow::Result<Health> {
    let url = config.database_url();
    if let Some(path) = sqlite_path(&url) {
        ensure!(
            path.exists(),
            "there is no database at {}; name the instance with --data or --database",
            path.display()
        );
    }
    let pack = match &config.pack {
        Some(folder) => load_dir(folder)?,
        None => default_pack().clone(),
    };
    let db = Db::look(&url).await.context("opening the database")?;
    let now = clock.now();
    let mut tx = db.snapshot().await?;
    let mut checks = check(&db, &mut tx, Measures { calendar: &pack.calendar, now }, progress).await?;
    if !checks.iter().any(|check| check.name == "schema" && check.found > 0) {
        checks.extend(keys(&mut tx, &config.master_key_path()).await?);
    }
    drop(tx);
    checks.push(durability(&db).await?);
    let database = db.name();
    db.close().await;
    checks.push(disk(sqlite_path(&url).as_deref().and_then(Path::parent).unwrap_or(&config.data)));
    checks.push(calendar(&pack, now));
    Ok(Health { database, at: now, checks })
}

/// Photos that the master key is tried on.
const PHOTOS: i64 = 20;

/// What the master key must open, and what it shows when it does.
async fn keys(tx: &mut Tx, path: &Path) -> anyhow::Result<[Check; 2]> {
    let sentence = "The master key opens what was sealed.";
    let mut opens = Check::new("master-key", Weight::Finding, sentence);
    let sentence = "Every answer that was given to a sender who may ask again is of a stored case.";
    let mut acknowledged = Check::new("acknowledged", Weight::Finding, sentence);
    let stored = instance_get(tx, KEY_CHECK).await?;
    let keys = MasterKey::load(path).map_err(|fault| fault.to_string()).and_then(|keys| {
        let stored = stored.ok_or("the database keeps no check value of its key: no server has opened it")?;
        keys.verify(&stored).map_err(|fault| fault.to_string())?;
        Ok(keys)
    });
    match keys {
        Ok(keys) => {
            for row in sealed_rows(tx).await? {
                opens.judge(sealed_fault(&keys, &row));
            }
            for photo in photos_newest(tx, PHOTOS).await? {
                let opened = photo_open(&keys, &photo).map(drop);
                opens.judge(opened.err().map(|fault| format!("photos.content_sealed of {}: {fault}", photo.id)));
            }
            resources(tx, &keys, &mut opens).await?;
            needs(tx, &keys, &mut opens).await?;
            answers(tx, &keys, &mut opens, &mut acknowledged).await?;
        }
        Err(fault) => opens.judge(Some(fault)),
    }
    Ok([opens, acknowledged])
}

fn sealed_fault(keys: &MasterKey, row: &SealedRow) -> Option<String> {
    let (report, person) = (row.report_id.to_string(), row.person_id.to_string());
    let key = match keys.unwrap(&row.wrapped_key, &person) {
        Ok(key) => key,
        Err(fault) => return Some(format!("key of person {person}: {fault}")),
    };
    let values = [
        ("reports", "original_sealed", &report, &row.original_sealed),
        ("reports", "name_sealed", &report, &row.name_sealed),
        ("persons", "phone_sealed", &person, &row.phone_sealed),
        ("persons", "handle_sealed", &person, &row.handle_sealed),
    ];
    for (table, column, id, sealed) in values {
        let Some(sealed) = sealed else { continue };
        match key.open(&place(table, column, id), sealed) {
            Err(fault) => return Some(format!("{table}.{column} of {id}: {fault}")),
            Ok(phone) if column == "phone_sealed" => {
                let index = keys.blind_index(&String::from_utf8_lossy(&phone)).ok();
                if index.as_ref().map(<[u8; 32]>::as_slice) != row.phone_index.as_deref() {
                    return Some(format!("persons.phone_index of {id} is not that of the phone"));
                }
            }
            Ok(handle) if column == "handle_sealed" => {
                let index = keys.handle_index(&String::from_utf8_lossy(&handle));
                if Some(&index[..]) != row.handle_index.as_deref() {
                    return Some(format!("persons.handle_index of {id} is not that of the handle"));
                }
            }
            Ok(_) => {}
        }
    }
    None
}

/// Entries of the registry, and needs, that the master key is tried on.
const RESOURCES: i64 = 100;
const NEEDS: i64 = 100;

/// Opens what is sealed of the people of the registry who changed last.
async fn resources(tx: &mut Tx, keys: &MasterKey, opens: &mut Check) -> anyhow::Result<()> {
    for row in resources_sealed(tx, RESOURCES).await? {
        let own = |column: &'static str, sealed: Option<Vec<u8>>| (sealed_place(column, row.id), sealed);
        let values = vec![
            own("name_sealed", row.name_sealed),
            own("birth_sealed", row.birth_sealed),
            own("guardian_sealed", row.guardian_sealed),
            own("mail_sealed", row.mail_sealed),
        ];
        person(tx, keys, opens, (&format!("resources.person_id of {}", row.id), row.person_id), values).await?;
    }
    Ok(())
}

/// Opens who is helped, of the newest needs.
async fn needs(tx: &mut Tx, keys: &MasterKey, opens: &mut Check) -> anyhow::Result<()> {
    for row in needs_sealed(tx, NEEDS).await? {
        let values = vec![(contact_place(row.id), row.contact_sealed)];
        person(tx, keys, opens, (&format!("needs.person_id of {}", row.id), row.person_id), values).await?;
    }
    Ok(())
}

/// Opens values that are sealed under one person's key, and their phone.
async fn person(
    tx: &mut Tx,
    keys: &MasterKey,
    opens: &mut Check,
    (whose, id): (&str, Option<Uuid>),
    mut values: Vec<(String, Option<Vec<u8>>)>,
) -> anyhow::Result<()> {
    let found = match id {
        Some(id) => person_get(tx, PersonId(id)).await?,
        None => None,
    };
    let Some(person) = found else {
        opens.judge(Some(format!("{whose}: there is no such person")));
        return Ok(());
    };
    let id = person.id.to_string();
    let key = match keys.unwrap(&person.wrapped_key, &id) {
        Ok(key) => key,
        Err(fault) => {
            opens.judge(Some(format!("persons.wrapped_key of {id}: {fault}")));
            return Ok(());
        }
    };
    values.push((place("persons", "phone_sealed", &id), person.phone_sealed));
    for (at, sealed) in values.iter().filter_map(|(at, sealed)| Some((at, sealed.as_ref()?))) {
        opens.judge(key.open(at, sealed).err().map(|fault| format!("{at}: {fault}")));
    }
    Ok(())
}

/// Opens every remembered answer and looks for the case it speaks of.
async fn answers(tx: &mut Tx, keys: &MasterKey, opens: &mut Check, acknowledged: &mut Check) -> anyhow::Result<()> {
    let mut after = Remains::default();
    loop {
        let page = remembered(tx, &after).await?;
        let mut codes = Vec::new();
        for answer in &page {
            let name = format!("{}/{}", answer.scope, answer.key);
            match keys.open(&place("idempotency", "body", &name), &answer.body) {
                Ok(body) => {
                    opens.judge(None);
                    let said = serde_json::from_slice(&body).ok().and_then(|body: serde_json::Value| {
                        body["code"].as_str().and_then(|code| code.parse::<Code>().ok())
                    });
                    codes.extend(said.map(|code| (name, code.as_str().to_owned())));
                }
                Err(fault) => opens.judge(Some(format!("answer {name}: {fault}"))),
            }
        }
        let asked: Vec<String> = codes.iter().map(|(_, code)| code.clone()).collect();
        let known: HashSet<String> = codes_known(tx, &asked).await?.into_iter().collect();
        for (name, code) in codes {
            let lost = || format!("answer {name} is of case {code}, which is not there");
            acknowledged.judge((!known.contains(&code)).then(lost));
        }
        let Some(last) = page.into_iter().next_back() else { return Ok(()) };
        after = last;
    }
}

async fn durability(db: &Db) -> anyhow::Result<Check> {
    let sentence = "The database keeps what it acknowledges.";
    let mut check = Check::new("durability", Weight::Finding, sentence);
    for (setting, value, safe) in db.durability().await? {
        check.judge((!safe).then(|| format!("{setting} is {value}")));
    }
    Ok(check)
}

/// Below this share of free space a disk is called full.
const FREE_PERCENT: u64 = 10;

fn disk(folder: &Path) -> Check {
    let mut check = Check::new("disk", Weight::Warning, "The disk of the instance has room.");
    let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() };
    check.judge(match rustix::fs::statvfs(&folder) {
        Err(fault) => Some(format!("{}: {fault}", folder.display())),
        Ok(space) => {
            let percent = space.f_bavail * 100 / space.f_blocks.max(1);
            let free = space.f_bavail * space.f_frsize / (1 << 20);
            (percent < FREE_PERCENT).then(|| format!("{}: {percent} % free, {free} MiB", folder.display()))
        }
    });
    check
}

/// The list of a year appears in the November before; promises reach about a quarter ahead.
const AHEAD: i64 = 92 * Timestamp::DAY;

fn calendar(pack: &Pack, now: Timestamp) -> Check {
    let sentence = "The calendar knows the days off that promises will reach.";
    let mut check = Check::new("calendar", Weight::Warning, sentence);
    let calendar = &pack.calendar;
    for at in [now, now.plus(AHEAD)] {
        let date = calendar.local_date(at);
        check.judge((!calendar.covers(date)).then(|| {
            format!(
                "{} lacks {}: due times in it are provisional; load a pack that has it",
                calendar.version(),
                date.year()
            )
        }));
    }
    check
}
