//! The listening socket against slow, greedy and endless peers.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::convert::Infallible;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::ConnectInfo;
use axum::routing::{get, post};
use muster_server::error::{Error, Result};
use muster_server::extract::ApiJson;
use muster_server::net::{Drained, NetLimits, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
const GET_AND_STAY: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";

fn limits() -> NetLimits {
    NetLimits {
        header_timeout: Duration::from_millis(300),
        body_timeout: Duration::from_millis(300),
        body_min_rate: 1024,
        write_timeout: Duration::from_millis(300),
        drain_timeout: Duration::from_millis(1500),
        max_connections: 50,
        max_connections_per_address: 4,
        loopback_exempt: true,
        exempt: Vec::new(),
    }
}

fn app() -> Router {
    let endless = || async {
        let chunk = Bytes::from(vec![b'x'; 64 * 1024]);
        Body::from_stream(futures_util::stream::repeat_with(move || Ok::<_, Infallible>(chunk.clone())))
    };
    let slow = || async {
        sleep(Duration::from_millis(600)).await;
        "done"
    };
    let echo = |ApiJson(value): ApiJson<serde_json::Value>| async move { Result::<String>::Ok(value.to_string()) };
    Router::new()
        .route("/", get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }))
        .route("/slow", get(slow))
        .route("/endless", get(endless))
        .route("/json", post(echo))
        .fallback(|| async { Error::not_found() })
}

struct Server {
    address: SocketAddr,
    stop: oneshot::Sender<()>,
    done: JoinHandle<Drained>,
}

async fn start(limits: NetLimits) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel();
    let done = tokio::spawn(serve(listener, app(), limits, async move {
        let _ = stopped.await;
    }));
    Server { address, stop, done }
}

impl Server {
    async fn open(&self, bytes: &[u8]) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(bytes).await.unwrap();
        stream
    }

    async fn ask(&self, bytes: &[u8]) -> String {
        to_end(self.open(bytes).await).await
    }
}

/// Everything until the server closes; a reset counts as a close.
async fn to_end(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    let _ = timeout(Duration::from_secs(5), stream.read_to_end(&mut answer)).await.expect("the server closes");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn slow_heads_are_cut_while_others_are_served() {
    let server = start(limits()).await;
    let mut attackers = Vec::new();
    for _ in 0..40 {
        attackers.push(server.open(b"GET / HTTP/1.1\r\nHost: a\r\nX-Slow: ").await);
    }
    let started = Instant::now();
    for _ in 0..20 {
        let answer = server.ask(GET).await;
        assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("127.0.0.1"), "{answer}");
    }
    for attacker in attackers {
        let answer = to_end(attacker).await;
        assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    assert!(started.elapsed() < Duration::from_secs(3), "{:?}", started.elapsed());
}

#[tokio::test]
async fn drip_feeding_a_head_does_not_extend_its_time() {
    let server = start(limits()).await;
    let mut stream = server.open(b"GET / HTTP/1.1\r\n").await;
    let started = Instant::now();
    while started.elapsed() < Duration::from_secs(3) && stream.write_all(b"X-Drip: 1\r\n").await.is_ok() {
        sleep(Duration::from_millis(50)).await;
    }
    assert!(started.elapsed() < Duration::from_secs(2), "cut after {:?}", started.elapsed());
}

#[tokio::test]
async fn an_idle_connection_is_kept_for_the_header_time_and_then_closed() {
    let server = start(limits()).await;
    let mut stream = server.open(GET_AND_STAY).await;
    let mut buffer = [0; 1024];
    assert!(stream.read(&mut buffer).await.unwrap() > 0);
    sleep(Duration::from_millis(100)).await;
    stream.write_all(GET).await.unwrap();
    assert!(to_end(stream).await.starts_with("HTTP/1.1 200"), "reused");
    let idle = server.open(GET_AND_STAY).await;
    let started = Instant::now();
    to_end(idle).await;
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn when_all_places_work_one_is_told_to_come_back_and_may() {
    let server = start(NetLimits { max_connections: 3, ..limits() }).await;
    let slow = b"GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let inside = [server.open(slow).await, server.open(slow).await, server.open(slow).await];
    sleep(Duration::from_millis(50)).await;
    let answer = server.ask(GET).await;
    assert!(answer.starts_with("HTTP/1.1 503") && answer.contains("Retry-After: 5"), "{answer}");
    for stream in inside {
        assert!(to_end(stream).await.ends_with("done"), "a request being handled is never displaced");
    }
    assert!(server.ask(GET).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn whoever_waits_longest_makes_room_for_a_whole_request() {
    let patient = Duration::from_secs(30);
    let roomy = NetLimits { max_connections: 3, header_timeout: patient, body_timeout: patient, ..limits() };
    let server = start(roomy).await;
    let idle = server.open(GET_AND_STAY).await;
    let slow_head = server.open(b"GET / HTTP/1.1\r\nX: ").await;
    let slow_body = server
        .open(b"POST /json HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n[")
        .await;
    sleep(Duration::from_millis(50)).await;
    // Each of these stays, and so takes the place of one that waits.
    let mut newcomers = Vec::new();
    for _ in 0..3 {
        let mut stream = server.open(GET_AND_STAY).await;
        let mut buffer = [0; 1024];
        let count = stream.read(&mut buffer).await.unwrap();
        assert!(buffer[..count].starts_with(b"HTTP/1.1 200"));
        newcomers.push(stream);
    }
    for displaced in [idle, slow_head, slow_body] {
        assert!(!to_end(displaced).await.contains("408"), "displaced, not timed out");
    }
}

#[tokio::test]
async fn one_address_cannot_take_every_place() {
    let strict = NetLimits { loopback_exempt: false, header_timeout: Duration::from_secs(30), ..limits() };
    let server = start(strict.clone()).await;
    let _inside = [server.open(b"G").await, server.open(b"G").await, server.open(b"G").await, server.open(b"G").await];
    sleep(Duration::from_millis(50)).await;
    assert!(server.ask(GET).await.starts_with("HTTP/1.1 503"));

    let proxied = start(NetLimits { exempt: vec!["127.0.0.0/8".parse().unwrap()], ..strict }).await;
    let _inside =
        [proxied.open(b"G").await, proxied.open(b"G").await, proxied.open(b"G").await, proxied.open(b"G").await];
    sleep(Duration::from_millis(50)).await;
    assert!(proxied.ask(GET).await.starts_with("HTTP/1.1 200"), "a proxy speaks for many");
}

#[tokio::test]
async fn a_slow_body_is_answered_with_408() {
    let server = start(limits()).await;
    let head = b"POST /json HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{";
    let started = Instant::now();
    let answer = server.ask(head).await;
    assert!(answer.starts_with("HTTP/1.1 408") && answer.contains("request-timeout"), "{answer}");
    assert!(started.elapsed() < Duration::from_secs(2));
}

#[tokio::test]
async fn a_body_that_keeps_its_rate_may_take_longer_than_the_allowance() {
    let server = start(limits()).await;
    let head = b"POST /json HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Type: application/json\r\n\
                 Content-Length: 2050\r\n\r\n\"";
    let mut stream = server.open(head).await;
    // 256 bytes each 100 ms is two and a half times the rate, and takes 800 ms.
    for _ in 0..8 {
        sleep(Duration::from_millis(100)).await;
        stream.write_all(&[b'a'; 256]).await.unwrap();
    }
    stream.write_all(b"\"").await.unwrap();
    assert!(to_end(stream).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_client_that_does_not_read_is_cut() {
    let server = start(limits()).await;
    let mut stream = server.open(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n").await;
    sleep(Duration::from_millis(1500)).await;
    // What the kernel had taken is still readable; then comes the end, not more.
    let mut read = 0;
    let mut buffer = vec![0; 1 << 20];
    while let Ok(Ok(count @ 1..)) = timeout(Duration::from_secs(2), stream.read(&mut buffer)).await {
        read += count;
        assert!(read < 100 << 20, "still being served");
    }
}

#[tokio::test]
async fn stopping_lets_running_requests_end() {
    let server = start(limits()).await;
    let idle = server.open(GET_AND_STAY).await;
    let running = server.open(b"GET /slow HTTP/1.1\r\nHost: a\r\n\r\n").await;
    sleep(Duration::from_millis(100)).await;
    server.stop.send(()).unwrap();
    let answer = to_end(running).await;
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("done"), "{answer}");
    to_end(idle).await;
    assert_eq!(timeout(Duration::from_secs(2), server.done).await.unwrap().unwrap(), Drained { cut: 0 });
    assert!(TcpStream::connect(server.address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn stopping_cuts_what_never_ends() {
    let server = start(NetLimits { drain_timeout: Duration::from_millis(300), ..limits() }).await;
    let mut stream = server.open(b"GET /endless HTTP/1.1\r\nHost: a\r\n\r\n").await;
    let reader = tokio::spawn(async move {
        let mut buffer = vec![0; 1 << 20];
        while matches!(stream.read(&mut buffer).await, Ok(1..)) {}
    });
    sleep(Duration::from_millis(100)).await;
    server.stop.send(()).unwrap();
    assert_eq!(timeout(Duration::from_secs(3), server.done).await.unwrap().unwrap(), Drained { cut: 1 });
    timeout(Duration::from_secs(3), reader).await.unwrap().unwrap();
}

#[tokio::test]
async fn rubbish_and_giant_heads_are_refused() {
    let server = start(limits()).await;
    let answer = server.ask(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    let giant = [b"GET / HTTP/1.1\r\nX: ".to_vec(), vec![b'a'; 200_000]].concat();
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    let _ = stream.write_all(&giant).await;
    let answer = to_end(stream).await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 431"), "{answer}");
}
