//! Who may come in: a cap over all and one per address, and who has to leave when the house is full.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::NetLimits;
use crate::address::subscriber;

/// Refusals being written at one time; beyond that connections are closed without a word.
const MAX_REFUSALS: usize = 64;
const REFUSAL: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
/// Whoever is told to leave is gone long before this.
const LEAVING: Duration = Duration::from_millis(200);

pub(super) struct Doors {
    places: Arc<Semaphore>,
    refusals: Arc<Semaphore>,
    inside: Mutex<Inside>,
    limits: Arc<NetLimits>,
}

#[derive(Default)]
struct Inside {
    per_address: HashMap<IpAddr, usize>,
    /// Connections without a whole request, the longest waiting first.
    waiting: BTreeMap<u64, Arc<Notify>>,
    next: u64,
}

/// One place inside, given back on drop. The connection, its request and its answer share it.
pub(super) struct Ticket {
    doors: Arc<Doors>,
    /// The key in `Inside::waiting`. INVARIANT: only touched while `inside` is locked.
    waiting: Mutex<Option<u64>>,
    leave: Arc<Notify>,
    _place: OwnedSemaphorePermit,
    _count: Option<Count>,
}

/// One connection of one address.
struct Count {
    doors: Arc<Doors>,
    address: IpAddr,
}

impl Doors {
    pub(super) fn new(limits: &Arc<NetLimits>) -> Self {
        Self {
            places: Arc::new(Semaphore::new(limits.max_connections.min(Semaphore::MAX_PERMITS))),
            refusals: Arc::new(Semaphore::new(MAX_REFUSALS)),
            inside: Mutex::default(),
            limits: Arc::clone(limits),
        }
    }

    /// `None` when the address has too many, or when all places are taken by requests being handled. Otherwise whoever
    /// has waited longest makes room: a flood of silent connections displaces itself, while a request that
    /// comes whole is past this stage within milliseconds.
    pub(super) async fn enter(doors: &Arc<Self>, peer: IpAddr) -> Option<Arc<Ticket>> {
        let count = if doors.is_exempt(peer) { None } else { Some(Self::count(doors, subscriber(peer))?) };
        let place = if let Ok(place) = Arc::clone(&doors.places).try_acquire_owned() {
            place
        } else {
            let (_, leave) = doors.lock().waiting.pop_first()?;
            leave.notify_one();
            timeout(LEAVING, Arc::clone(&doors.places).acquire_owned()).await.ok()?.ok()?
        };
        let ticket = Ticket {
            doors: Arc::clone(doors),
            waiting: Mutex::default(),
            leave: Arc::default(),
            _place: place,
            _count: count,
        };
        ticket.waits();
        Some(Arc::new(ticket))
    }

    /// Says 503 and hangs up. Closing with unread bytes would reset the connection before the answer is read, so what
    /// came is read first, for at most a second.
    pub(super) fn refuse(&self, mut stream: TcpStream) {
        let Ok(permit) = Arc::clone(&self.refusals).try_acquire_owned() else { return };
        tokio::spawn(async move {
            let goodbye = async {
                stream.write_all(REFUSAL).await?;
                stream.shutdown().await?;
                let mut sink = [0; 4096];
                while stream.read(&mut sink).await? > 0 {}
                io::Result::Ok(())
            };
            // Whether the peer heard it makes no difference.
            let _ = timeout(Duration::from_secs(1), goodbye).await;
            drop(permit);
        });
    }

    fn count(doors: &Arc<Self>, address: IpAddr) -> Option<Count> {
        let mut inside = doors.lock();
        let count = inside.per_address.entry(address).or_default();
        if *count >= doors.limits.max_connections_per_address {
            return None;
        }
        *count += 1;
        Some(Count { doors: Arc::clone(doors), address })
    }

    fn is_exempt(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        let is_proxy = self.limits.exempt.iter().any(|range| range.contains(peer));
        is_proxy || (self.limits.loopback_exempt && peer.is_loopback())
    }

    fn lock(&self) -> MutexGuard<'_, Inside> {
        self.inside.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ticket {
    /// From now on the peer is waited for. Who waits already keeps its place in the row.
    pub(super) fn waits(&self) {
        let mut inside = self.doors.lock();
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.is_none() {
            inside.next += 1;
            let since = inside.next;
            inside.waiting.insert(since, Arc::clone(&self.leave));
            *waiting = Some(since);
        }
    }

    /// From now on we are the ones who work.
    pub(super) fn works(&self) {
        let mut inside = self.doors.lock();
        if let Some(since) = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).take() {
            inside.waiting.remove(&since);
        }
    }

    pub(super) async fn told_to_leave(&self) {
        self.leave.notified().await;
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        self.works();
    }
}

impl Drop for Count {
    fn drop(&mut self) {
        let mut inside = self.doors.lock();
        if let Some(count) = inside.per_address.get_mut(&self.address) {
            *count -= 1;
            if *count == 0 {
                inside.per_address.remove(&self.address);
            }
        }
    }
}
