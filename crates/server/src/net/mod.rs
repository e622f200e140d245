//! The listening socket, hardened: slow heads, slow bodies, slow readers and floods of connections cost others nothing.
//!
//! hyper is driven directly because `axum::serve` has no time-outs: a thousand idle sockets stop it.

mod doors;
mod paced;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tower::ServiceExt;

use crate::address::Cidr;
use doors::{Doors, Ticket};
use paced::{AnswerBody, PacedBody, PacedStream};

pub use paced::TooSlow;

/// Largest head of a request; browsers and proxies stay far below.
const MAX_HEAD_BYTES: usize = 64 * 1024;

#[derive(Clone, Debug)]
pub struct NetLimits {
    /// For the whole head of a request; also how long an idle connection stays open.
    pub header_timeout: Duration,
    /// For a body, from its first read; each `body_min_rate` bytes received add a second.
    pub body_timeout: Duration,
    /// Bytes a second.
    pub body_min_rate: u64,
    /// A peer that takes no byte for so long is cut off.
    pub write_timeout: Duration,
    /// What running requests get when the server stops.
    pub drain_timeout: Duration,
    /// When all are taken, a newcomer gets the place of whoever has waited longest without a whole request.
    pub max_connections: usize,
    /// Per IPv4 address or IPv6 /64.
    pub max_connections_per_address: usize,
    /// Whether this machine itself is free of the limit per address.
    pub loopback_exempt: bool,
    /// Peers that are free of the limit per address: our proxies, which speak for many.
    pub exempt: Vec<Cidr>,
}

/// How serving ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drained {
    /// Connections that were still busy after `drain_timeout` and were cut.
    pub cut: usize,
}

/// Serves until `shutdown` completes, then stops accepting, lets running requests end and returns.
/// Handlers find the peer as `ConnectInfo<SocketAddr>`.
pub async fn serve(
    listener: TcpListener,
    app: Router,
    limits: NetLimits,
    shutdown: impl Future<Output = ()>,
) -> Drained {
    let limits = Arc::new(limits);
    let doors = Arc::new(Doors::new(&limits));
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut shutdown = std::pin::pin!(shutdown);
    loop {
        while connections.try_join_next().is_some() {}
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut shutdown => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                back_off(&error).await;
                continue;
            }
        };
        match Doors::enter(&doors, peer.ip()).await {
            Some(ticket) => {
                let connection = connection(stream, peer, app.clone(), Arc::clone(&limits), Arc::clone(&ticket));
                let watched = graceful.watch(connection);
                connections.spawn(async move {
                    tokio::select! {
                        ended = watched => if let Err(error) = ended {
                            tracing::debug!(%error, "connection ended early");
                        },
                        () = ticket.told_to_leave() => tracing::debug!("connection gave its place to a newer one"),
                    }
                });
            }
            None => doors.refuse(stream),
        }
    }
    drop(listener);
    let in_time = timeout(limits.drain_timeout, graceful.shutdown()).await.is_ok();
    while connections.try_join_next().is_some() {}
    let cut = if in_time { 0 } else { connections.len() };
    connections.shutdown().await;
    Drained { cut }
}

/// Out of file descriptors or the like: waiting lets connections end. A peer that went away needs no wait.
async fn back_off(error: &io::Error) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    if !matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset) {
        tracing::warn!(%error, "cannot accept connections; trying again in 100 ms");
        sleep(Duration::from_millis(100)).await;
    }
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    app: Router,
    limits: Arc<NetLimits>,
    ticket: Arc<Ticket>,
) -> impl GracefulConnection<Error = hyper::Error> + Send {
    // Small answers must not wait for Nagle; a socket that refuses the option is only slower.
    let _ = stream.set_nodelay(true);
    let io = TokioIo::new(PacedStream::new(stream, limits.write_timeout));
    let header_timeout = limits.header_timeout;
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        ticket.works();
        let (parts, body) = request.into_parts();
        let body = PacedBody::new(body, &limits, Arc::clone(&ticket));
        let mut request = Request::from_parts(parts, Body::new(body));
        request.extensions_mut().insert(ConnectInfo(peer));
        let answer = app.clone().oneshot(request);
        let ticket = Arc::clone(&ticket);
        async move { answer.await.map(|response| response.map(|body| AnswerBody::new(body, ticket))) }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(header_timeout)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(io, service)
}
