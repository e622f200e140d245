//! What every use-case needs: the database, the rules, the keys, time and chance.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use muster_core::pack::Pack;
use muster_core::sense::{Model, SenseRules};
use muster_core::time::Timestamp;
use muster_store::Db;
use muster_store::people::{Area, area_get, areas_put, instance_get, instance_put};
use tokio::sync::broadcast;

use crate::clock::{Chance, Clock};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::hook::Hooks;
use crate::pack_default::{self, default_pack};
use crate::password::Passwords;
use crate::photo::Photos;
use crate::ratelimit::Limits;
use crate::secret::{MasterKey, create_master_key};

/// Shared by every request and job; cheap to clone.
#[derive(Clone)]
pub struct State(Arc<Shared>);

pub struct Shared {
    pub db: Db,
    pub pack: Pack,
    pub model: Model,
    pub sense: SenseRules,
    pub keys: MasterKey,
    pub clock: Clock,
    pub chance: Chance,
    pub passwords: Passwords,
    pub limits: Limits,
    pub photos: Photos,
    pub hooks: Hooks,
    pub config: Config,
    /// Rings after a commit that changed cases; what changed is read from the database.
    pub bell: broadcast::Sender<()>,
}

impl std::ops::Deref for State {
    type Target = Shared;
    fn deref(&self) -> &Shared {
        &self.0
    }
}

/// The classifier that ships with the program; `models/README.md` is its card.
const MODEL: &[u8] = include_bytes!("../../../models/zhengwu-1.bin");

/// The name under which the instance keeps the check value of its master key.
pub(crate) const KEY_CHECK: &str = "master-key-check";

impl State {
    pub fn new(shared: Shared) -> Self {
        Self(Arc::new(shared))
    }

    /// Opens the instance a configuration names: its folder, database, key, pack and classifier.
    ///
    /// A new instance makes its key; one that has data refuses to start without the key it was written with.
    pub async fn open(config: Config, clock: Clock, chance: Chance) -> anyhow::Result<Self> {
        std::fs::create_dir_all(&config.data)
            .with_context(|| format!("creating the folder {}", config.data.display()))?;
        let pack = match &config.pack {
            Some(folder) => pack_default::load_dir(folder)?,
            None => default_pack().clone(),
        };
        let sense = SenseRules::from_toml(&pack_default::sense_rules(config.pack.as_deref())?)?;
        let db = Db::open(&config.database_url()).await.context("opening the database")?;
        let keys = keys(&db, &config.master_key_path(), &chance).await?;
        let root = Area { id: pack.root_area, parent: None, name: pack.root_area_name.zh.clone() };
        let mut tx = db.write().await?;
        if area_get(&mut tx, root.id).await?.is_none() {
            areas_put(&mut tx, &[root]).await?;
        }
        tx.commit().await?;
        let hooks = Hooks::load(&config.hook)?;
        let mut tx = db.read().await?;
        for hook in hooks.all() {
            if area_get(&mut tx, hook.area).await?.is_none() {
                tracing::warn!(hook = hook.name, area = %hook.area, "a hook's area is not there: its messages are refused until it is imported");
            }
        }
        Ok(Self::new(Shared {
            model: Model::from_bytes(MODEL)?,
            passwords: Passwords::new(std::thread::available_parallelism()?.get(), &chance)?,
            limits: Limits::new(&config, &clock, &chance),
            photos: Photos::default(),
            hooks,
            bell: broadcast::channel(64).0,
            db,
            pack,
            sense,
            keys,
            clock,
            chance,
            config,
        }))
    }

    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    pub async fn read(&self) -> Result<muster_store::Tx> {
        Ok(self.db.read().await?)
    }
}

/// What a failure of the store means to the caller.
impl From<muster_store::Error> for Error {
    fn from(error: muster_store::Error) -> Self {
        match error {
            muster_store::Error::NotFound => Self::not_found(),
            muster_store::Error::Unavailable(cause) => {
                tracing::warn!(cause, "the database does not answer");
                Self::unavailable(2)
            }
            muster_store::Error::Conflict(cause) => {
                tracing::info!(cause, "two writers met");
                Self::stale_etag()
            }
            other => Self::internal(&other),
        }
    }
}

/// The master key, checked against what the database was written with.
async fn keys(db: &Db, path: &Path, chance: &Chance) -> anyhow::Result<MasterKey> {
    let mut tx = db.write().await?;
    let keys = if let Some(check) = instance_get(&mut tx, KEY_CHECK).await? {
        let keys = MasterKey::load(path).context("this database holds data that only its master key can read")?;
        keys.verify(&check)?;
        keys
    } else {
        let keys = if path.exists() { MasterKey::load(path)? } else { create_master_key(path, chance)? };
        instance_put(&mut tx, KEY_CHECK, &keys.check_value()).await?;
        keys
    };
    tx.commit().await?;
    Ok(keys)
}
