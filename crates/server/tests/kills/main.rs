//! The server is killed under load, again and again: what it acknowledged is there, and nothing happened twice.
//!
//! Eight writers report, decide, accept and answer over HTTP and keep every acknowledgement; a report is sent again
//! under its key after each broken connection, an act is sent again when the case says that it did not happen. The
//! program is the built one with its production settings; SIGKILL comes at moments drawn from a seed. At the end the
//! record is compared with the acknowledgements, and the doctor looks at everything.
//!
//! `MUSTER_KILLS` (5) says how often, `MUSTER_SEED` from which seed: `make slow` kills 50 times. SIGKILL keeps what the
//! system has cached; the loss of power is not tried here.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod record;
mod server;
mod writer;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use muster_server::clock::Chance;
use muster_store::testing::TestDb;

use record::Acknowledged;
use server::{Instance, Server};
use writer::Writer;

const WRITERS: usize = 8;
/// Between a server that is ready and its end.
const LIFE: (u64, u64) = (50, 600);

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name}={text} is no number")))
}

async fn killed_under_load(db: TestDb) {
    let kills = number("MUSTER_KILLS").unwrap_or(5);
    let seed = number("MUSTER_SEED").unwrap_or_else(|| u64::from(u32::from_le_bytes(Chance::system().bytes())));
    let chance = Chance::seeded(seed);
    let instance = Arc::new(Box::pin(Instance::found(db)).await);
    let name = instance.name;
    eprintln!("{name}: {kills} kills from MUSTER_SEED={seed}");

    let mut server = Server::start(&instance).await;
    let stop = Arc::new(AtomicBool::new(false));
    let mut writers = tokio::task::JoinSet::new();
    for n in 0..WRITERS {
        let writer = Writer::new(n, seed, &instance, &stop);
        writers.spawn(writer.work());
    }
    let mut restarts = Vec::new();
    for _ in 0..kills {
        let span = LIFE.0 + u64::from_le_bytes(chance.bytes()) % (LIFE.1 - LIFE.0);
        tokio::time::sleep(Duration::from_millis(span)).await;
        server.kill().await;
        server = Server::start(&instance).await;
        restarts.push(server.ready_after);
    }
    stop.store(true, Ordering::SeqCst);
    let mut acknowledged = Acknowledged::default();
    while let Some(work) = writers.join_next().await {
        acknowledged.add(work.unwrap());
    }
    server.kill().await;
    drop(server);

    let verdict = record::compare(&instance, &acknowledged).await;
    restarts.sort();
    let (middle, most) = (restarts.get(restarts.len() / 2).copied(), restarts.last().copied());
    let millis = |span: Option<Duration>| span.unwrap_or_default().as_millis();
    eprintln!(
        "{name}: kills {kills}, acknowledged {} reports and {} acts, lost {}, doubled {}, broken connections {}, \
         restart p50 {} ms, max {} ms",
        acknowledged.reports.len(),
        acknowledged.acts.len(),
        verdict.lost.len(),
        verdict.doubled.len(),
        acknowledged.broken,
        millis(middle),
        millis(most),
    );
    assert_eq!(verdict.lost, Vec::<String>::new(), "acknowledged and lost; MUSTER_SEED={seed}");
    assert_eq!(verdict.doubled, Vec::<String>::new(), "happened twice; MUSTER_SEED={seed}");
    assert_eq!(verdict.doctor, Vec::<String>::new(), "the doctor's findings; MUSTER_SEED={seed}");
    assert!(acknowledged.reports.len() as u64 >= kills, "hardly anything was acknowledged: nothing is shown");
}

mod killed_under_load {
    use super::killed_under_load as run;

    #[tokio::test(flavor = "multi_thread")]
    async fn sqlite() {
        Box::pin(run(muster_store::testing::sqlite().await)).await;
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn postgres() {
        let Some(db) = muster_store::testing::postgres().await else {
            eprintln!("skipped: MUSTER_TEST_POSTGRES names no server");
            return;
        };
        Box::pin(run(db)).await;
    }
}
