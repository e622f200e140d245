//! What every use-case needs: the database, the rules, the keys, time and chance.

use std::path::Path;
use std::sync::{Arc, PoisonError, RwLock};

use anyhow::Context;
use muster_core::pack::Pack;
use muster_core::sense::{Gazetteer, Judgement, Model, ModelFault, SenseRules, judge};
use muster_core::time::Timestamp;
use muster_store::Db;
use muster_store::people::{Area, area_get, areas_put, instance_get, instance_put};
use tokio::sync::broadcast;

use crate::clock::{Chance, Clock};
use crate::config::Config;
use crate::error::{Error, Result};
use crate::hook::Hooks;
use crate::pack_default::{self, default_pack};
use crate::paper::Press;
use crate::password::Passwords;
use crate::photo::Photos;
use crate::practices::Practices;
use crate::ratelimit::Limits;
use crate::roster::Roster;
use crate::secret::{MasterKey, create_master_key};
use crate::send::Senders;
use crate::usecase::gazetteer_learn::gazetteer_load;
use crate::usecase::model_decide::model_follow;
use crate::usecase::queues_view::Queues;

/// Shared by every request and job; cheap to clone.
#[derive(Clone)]
pub struct State(Arc<Shared>);

pub struct Shared {
    pub db: Db,
    pub pack: Pack,
    model: RwLock<Arc<Model>>,
    /// Version of the classifier that ships with the program.
    shipped: String,
    known: RwLock<Arc<Gazetteer>>,
    /// Held while a model is made.
    pub(crate) learning: tokio::sync::Mutex<()>,
    pub sense: SenseRules,
    pub keys: MasterKey,
    pub clock: Clock,
    pub chance: Chance,
    pub passwords: Passwords,
    pub limits: Limits,
    pub photos: Photos,
    pub press: Press,
    pub hooks: Hooks,
    pub senders: Senders,
    /// Who can be asked for help, followed from the database.
    pub roster: Roster,
    pub queues: Queues,
    /// Accepted practices, followed from the database.
    pub practices: Practices,
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
const MODEL: &[u8] = include_bytes!("../../../models/zhengwu-2.bin");

/// The name under which the instance keeps the check value of its master key.
pub(crate) const KEY_CHECK: &str = "master-key-check";

impl State {
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
        let sense = SenseRules::from_toml(&pack_default::sense_rules(config.pack.as_deref())?)?.naming(&pack.taxonomy);
        let unknown = |reason: &&str| pack.refusals.iter().all(|known| known.code != *reason);
        if let Some(reason) = sense.reasons().find(unknown) {
            anyhow::bail!("sense.toml: [[refusal]] names the reason {reason:?}, which refusals.toml does not have");
        }
        let db = Db::open(&config.database_url()).await.context("opening the database")?;
        let keys = keys(&db, &config.master_key_path(), &chance).await?;
        let root = Area { id: pack.root_area, parent: None, name: pack.root_area_name.zh.clone() };
        let mut tx = db.write().await?;
        if area_get(&mut tx, root.id).await?.is_none() {
            areas_put(&mut tx, &[root]).await?;
        }
        tx.commit().await?;
        let hooks = Hooks::load(&config.hook)?;
        let senders = Senders::load(&config, &keys)?;
        let mut tx = db.read().await?;
        for hook in hooks.all() {
            if area_get(&mut tx, hook.area).await?.is_none() {
                tracing::warn!(hook = hook.name, area = %hook.area, "a hook's area is not there: its messages are refused until it is imported");
            }
        }
        let shipped = Self::shipped_model()?;
        let state = Self(Arc::new(Shared {
            known: RwLock::default(),
            learning: tokio::sync::Mutex::default(),
            shipped: shipped.version().to_owned(),
            model: RwLock::new(Arc::new(shipped)),
            passwords: Passwords::new(std::thread::available_parallelism()?.get(), &chance)?,
            limits: Limits::new(&config, &clock, &chance),
            photos: Photos::default(),
            press: Press::default(),
            hooks,
            senders,
            roster: Roster::default(),
            queues: Queues::default(),
            practices: Practices::default(),
            bell: broadcast::channel(64).0,
            db,
            pack,
            sense,
            keys,
            clock,
            chance,
            config,
        }));
        model_follow(&state).await?;
        gazetteer_load(&state).await?;
        Ok(state)
    }

    /// The classifier that judges. It changes when a person adopts another: who asks twice may be given two.
    pub fn model(&self) -> Arc<Model> {
        self.model.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// What sensing says of a message, here and now.
    pub fn judge(&self, title: &str, text: &str) -> Judgement {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        judge(&self.model(), &self.sense, &known, title, text)
    }

    pub(crate) fn look_up_in(&self, known: Gazetteer) {
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(known);
    }

    pub(crate) fn judge_with(&self, model: Model) {
        *self.model.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(model);
    }

    pub(crate) fn shipped_model() -> std::result::Result<Model, ModelFault> {
        Model::from_bytes(MODEL)
    }

    /// Whether the shipped classifier judges.
    pub fn is_shipped_model(&self) -> bool {
        self.model().version() == self.shipped
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
