//! The demo city's instance, and the built program that serves it.

use std::collections::HashMap;
use std::fs::File;
use std::net::TcpListener;
use std::process::Stdio;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use muster_core::people::Role;
use muster_core::time::Timestamp;
use muster_server::clock::{Chance, Clock};
use muster_server::config::Config;
use muster_server::demo::City;
use muster_server::state::State;
use muster_server::usecase::session::new_token;
use muster_store::people::{account_by_login, grants_all, session_insert};
use muster_store::testing::TestDb;
use tokio::process::{Child, Command};
use uuid::Uuid;

/// Longer than any start on a busy machine; a server that takes longer will never be there.
const PATIENCE: Duration = Duration::from_mins(1);

/// A founded city with the tokens of those who act in it.
pub(crate) struct Instance {
    pub(crate) name: &'static str,
    pub(crate) config: Config,
    /// Where the server of the moment listens.
    pub(crate) port: AtomicU16,
    pub(crate) operator: String,
    /// By unit id.
    pub(crate) handlers: HashMap<Uuid, String>,
    _db: TestDb,
    data: tempfile::TempDir,
}

impl Instance {
    pub(crate) async fn found(db: TestDb) -> Self {
        let data = tempfile::tempdir().unwrap();
        let database = Some(db.url.clone().try_into().unwrap());
        let config = Config { data: data.path().to_owned(), database, ..Config::default() };
        let state = State::open(config.clone(), Clock::system(), Chance::system()).await.unwrap();
        City::found(&state, "killed-under-load-2026").await.unwrap();
        let operator = {
            let mut tx = state.read().await.unwrap();
            account_by_login(&mut tx, "operator1").await.unwrap().unwrap().id
        };
        let grants = grants_all(&mut state.read().await.unwrap()).await.unwrap();
        let mut instance = Self {
            name: state.db.name(),
            config,
            port: AtomicU16::new(0),
            operator: token(&state, operator.0).await,
            handlers: HashMap::new(),
            _db: db,
            data,
        };
        for grant in grants.iter().filter(|grant| grant.role == Role::UnitHandler) {
            let unit = grant.unit_id.unwrap();
            instance.handlers.insert(unit, token(&state, grant.account_id).await);
        }
        state.db.close().await;
        instance
    }
}

/// A session as signing in leaves it.
async fn token(state: &State, account: Uuid) -> String {
    let (token, hash) = new_token(state);
    let now = state.now();
    let mut tx = state.db.write().await.unwrap();
    session_insert(&mut tx, &hash, account.into(), now, now.plus(10 * Timestamp::HOUR)).await.unwrap();
    tx.commit().await.unwrap();
    token
}

/// The running program. It ends with the value, whatever happens to the test.
pub(crate) struct Server {
    child: Child,
    pub(crate) ready_after: Duration,
}

impl Server {
    /// Starts the program and waits until it says that it is ready.
    pub(crate) async fn start(instance: &Instance) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let log = File::options().create(true).append(true).open(instance.data.path().join("log")).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_muster"));
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("MUSTER_")) {
            command.env_remove(name);
        }
        let listen = format!("127.0.0.1:{port}");
        let database = instance.config.database_url();
        command.args(["serve", "--listen", &listen, "--database", &database, "--data"]).arg(instance.data.path());
        // One address reports thousands of times here; everything else is as in production.
        command.env("MUSTER_RATE_REPORT", "1000000/second");
        command.current_dir(instance.data.path()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
        let begun = Instant::now();
        let mut child = command.kill_on_drop(true).spawn().unwrap();
        let ready = format!("http://{listen}/readyz");
        let http = muster_server::send::http().unwrap().build().unwrap();
        while !http.get(&ready).send().await.is_ok_and(|answer| answer.status().is_success()) {
            let ended = child.try_wait().unwrap();
            let log = || std::fs::read_to_string(instance.data.path().join("log")).unwrap_or_default();
            assert!(ended.is_none() && begun.elapsed() < PATIENCE, "the server did not come up:\n{}", log());
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        instance.port.store(port, Ordering::SeqCst);
        Self { child, ready_after: begun.elapsed() }
    }

    /// SIGKILL.
    pub(crate) async fn kill(&mut self) {
        self.child.kill().await.unwrap();
    }
}
