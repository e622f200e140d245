//! The one writer of a SQLite database, and the commits that waiting acts share.
//!
//! SQLite lets one transaction write at a time, and makes it durable with a sync of the disk that costs as much as the
//! act itself. So acts that wait for each other share a sync: the first begins a transaction and lines up its end behind
//! the acts that are waiting; each runs inside a savepoint, in its turn; then all are committed at once.
//!
//! INVARIANT: [`Act::commit`] returns after the commit that holds the act, never before. If that commit fails, every act
//! in it is told so.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use tokio::sync::{Mutex, OwnedMutexGuard, watch};

use crate::db::{Error, Result};

/// An act that has not got its turn by then is told that the database does not answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// What became of the commit that several acts share: not yet, done, or failed with a reason.
type Outcome = Option<std::result::Result<(), String>>;

/// Cheap to clone; clones are the same writer.
#[derive(Clone, Debug)]
pub struct Writer(Arc<Mutex<Shared>>);

#[derive(Debug)]
struct Shared {
    /// `None` once closed.
    connection: Option<SqliteConnection>,
    /// Told when the transaction that is open has ended; `None` when none is open.
    group: Option<watch::Sender<Outcome>>,
    /// The last act was dropped inside its savepoint.
    is_abandoned: bool,
    /// The last act has written all it will, and its savepoint is still there.
    is_written: bool,
}

/// One act's turn. Dropped without [`Act::commit`], what it wrote is undone.
#[derive(Debug)]
pub struct Act {
    shared: OwnedMutexGuard<Shared>,
    is_done: bool,
}

impl Writer {
    pub(crate) async fn open(options: &SqliteConnectOptions) -> Result<Self> {
        let connection = Some(options.connect().await?);
        Ok(Self(Arc::new(Mutex::new(Shared { connection, group: None, is_abandoned: false, is_written: false }))))
    }

    async fn turn(&self) -> Result<OwnedMutexGuard<Shared>> {
        let turn = tokio::time::timeout(PATIENCE, Arc::clone(&self.0).lock_owned()).await;
        turn.map_err(|_| Error::Unavailable(format!("no turn to write within {} s", PATIENCE.as_secs())))
    }

    /// Waits for a turn to write and takes the write lock, so that the act never fails half-way.
    pub(crate) async fn begin(&self) -> Result<Act> {
        let mut shared = self.turn().await?;
        shared.tidy().await?;
        let is_first = shared.group.is_none();
        // From here on a dropped act is tidied up after, whatever it has come to.
        let mut act = Act { shared, is_done: false };
        if is_first {
            act.shared.group = Some(watch::channel(None).0);
            let writer = self.clone();
            // Lines up behind the acts that are waiting now: they will be in the same commit.
            tokio::spawn(async move {
                if let Ok(mut shared) = writer.turn_to_end().await {
                    shared.end().await;
                }
            });
            act.shared.run("begin immediate; savepoint act").await?;
        } else if std::mem::take(&mut act.shared.is_written) {
            act.shared.run("release act; savepoint act").await?;
        } else {
            act.shared.run("savepoint act").await?;
        }
        Ok(act)
    }

    /// The end of a transaction waits as long as it takes.
    async fn turn_to_end(&self) -> Result<OwnedMutexGuard<Shared>> {
        let mut shared = Arc::clone(&self.0).lock_owned().await;
        shared.tidy().await?;
        Ok(shared)
    }

    /// The connection outside any transaction, for settings and upkeep.
    pub(crate) async fn alone(&self) -> Result<Act> {
        let mut shared = self.turn().await?;
        shared.tidy().await?;
        shared.end().await;
        Ok(Act { shared, is_done: true })
    }

    /// Ends what is under way and closes the connection.
    pub(crate) async fn close(&self) {
        let mut shared = Arc::clone(&self.0).lock_owned().await;
        shared.tidy().await.ok();
        shared.end().await;
        if let Some(connection) = shared.connection.take() {
            connection.close().await.ok();
        }
    }
}

impl Shared {
    fn connection(&mut self) -> Result<&mut SqliteConnection> {
        self.connection.as_mut().ok_or_else(|| Error::Unavailable("the database is closed".to_owned()))
    }

    async fn run(&mut self, sql: &'static str) -> Result<()> {
        sqlx::query(sql).execute(self.connection()?).await?;
        Ok(())
    }

    /// Undoes an act that was dropped. Where its savepoint is gone, SQLite has undone the whole transaction by itself
    /// (the disk was full, say), and nobody in it may believe that it was kept.
    async fn tidy(&mut self) -> Result<()> {
        if std::mem::take(&mut self.is_abandoned)
            && let Err(error) = self.run("rollback to act; release act").await
        {
            self.run("rollback").await.ok();
            self.tell(Err(error.to_string()));
        }
        Ok(())
    }

    /// Commits the open transaction with the savepoint of the last act, if any, and tells everyone in it.
    async fn end(&mut self) {
        if self.group.is_none() {
            return;
        }
        self.is_written = false;
        let outcome = self.run("commit").await;
        if outcome.is_err() {
            self.run("rollback").await.ok();
        }
        self.tell(outcome.map_err(|error| error.to_string()));
    }

    fn tell(&mut self, outcome: std::result::Result<(), String>) {
        if let Some(group) = self.group.take() {
            // Nobody waiting is no error: an act may have been dropped.
            group.send(Some(outcome)).ok();
        }
    }
}

impl Act {
    /// Leaves the turn to the next, who lets go of this act's savepoint, and waits until the shared commit is durable.
    pub(crate) async fn commit(mut self) -> Result<()> {
        // Dropped from here on, the act is in the commit or not, as its caller will not learn.
        self.is_done = true;
        self.shared.is_written = true;
        let lost = || Error::Unavailable("the transaction ended without a commit".to_owned());
        let mut group = self.shared.group.as_ref().ok_or_else(lost)?.subscribe();
        drop(self);
        let outcome = group.wait_for(Option::is_some).await.map_err(|_| lost())?.clone();
        outcome.ok_or_else(lost)?.map_err(Error::Unavailable)
    }
}

impl Drop for Act {
    fn drop(&mut self) {
        if !self.is_done {
            self.shared.is_abandoned = true;
        }
    }
}

impl Deref for Act {
    type Target = SqliteConnection;
    fn deref(&self) -> &SqliteConnection {
        self.shared.connection.as_ref().expect("an act has its turn only while the connection is open")
    }
}

impl DerefMut for Act {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        self.shared.connection.as_mut().expect("an act has its turn only while the connection is open")
    }
}
