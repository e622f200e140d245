//! Receivers on this machine that answer as they are told to: a gateway that speaks HTTP, a server for mail.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What a receiver makes of the next thing it gets.
#[derive(Clone, Debug)]
pub(crate) enum Reply {
    /// A number of its protocol, and for HTTP a body.
    Say(u16, &'static str),
    /// Takes it and never answers.
    Hang,
}

/// One thing received: the head as it came, and the body.
#[derive(Clone, Debug)]
pub(crate) struct Got {
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> &str {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        let mut found = lines.filter(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim());
        found.next().unwrap_or_default()
    }
}

/// A receiver that listens until it is dropped.
pub(crate) struct Receiver {
    pub(crate) port: u16,
    got: Arc<Mutex<Vec<Got>>>,
    replies: Arc<Mutex<VecDeque<Reply>>>,
    listening: tokio::task::JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

type Talk = (Arc<Mutex<Vec<Got>>>, Arc<Mutex<VecDeque<Reply>>>);

fn next(talk: &Talk, otherwise: u16) -> Reply {
    talk.1.lock().unwrap().pop_front().unwrap_or(Reply::Say(otherwise, "{}"))
}

impl Receiver {
    /// Takes everything, unless told otherwise.
    pub(crate) async fn http() -> Self {
        Self::listen(|stream, talk| tokio::spawn(http(stream, talk))).await
    }

    pub(crate) async fn smtp() -> Self {
        Self::listen(|stream, talk| tokio::spawn(smtp(stream, talk))).await
    }

    async fn listen(serve: impl Fn(TcpStream, Talk) -> tokio::task::JoinHandle<Option<()>> + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let talk: Talk = Talk::default();
        let (got, replies) = talk.clone();
        let listening = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                serve(stream, talk.clone());
            }
        });
        Self { port, got, replies, listening }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}/send", self.port)
    }

    pub(crate) fn reply(&self, replies: &[Reply]) {
        self.replies.lock().unwrap().extend(replies.iter().cloned());
    }

    pub(crate) fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }
}

/// One request a connection.
async fn http(stream: TcpStream, talk: Talk) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        (stream.read_line(&mut head).await.ok()? > 0).then_some(())?;
    }
    let mut got = Got { head, body: String::new() };
    let mut body = vec![0; got.header("content-length").parse().unwrap_or(0)];
    stream.read_exact(&mut body).await.ok()?;
    got.body = String::from_utf8_lossy(&body).into_owned();
    talk.0.lock().unwrap().push(got);
    match next(&talk, 200) {
        Reply::Say(status, body) => {
            let length = body.len();
            let answer = format!("HTTP/1.1 {status} x\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
            stream.write_all(answer.as_bytes()).await.ok()
        }
        Reply::Hang => std::future::pending().await,
    }
}

/// As much of RFC 5321 as a sender of one mail needs; what is told to it is said after the mail's data.
async fn smtp(stream: TcpStream, talk: Talk) -> Option<()> {
    let mut stream = BufReader::new(stream);
    let mut envelope = String::new();
    stream.write_all(b"220 here\r\n").await.ok()?;
    loop {
        let mut line = String::new();
        (stream.read_line(&mut line).await.ok()? > 0).then_some(())?;
        let word = line.get(..4).unwrap_or_default().to_ascii_uppercase();
        let answer = match word.as_str() {
            "EHLO" => "250-here\r\n250 8BITMIME".to_owned(),
            "DATA" => "354 go on".to_owned(),
            "QUIT" => "221 bye".to_owned(),
            _ => "250 ok".to_owned(),
        };
        envelope.push_str(&line);
        stream.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
        if word == "DATA" {
            let mut mail = String::new();
            while !mail.ends_with("\r\n.\r\n") {
                (stream.read_line(&mut mail).await.ok()? > 0).then_some(())?;
            }
            mail.truncate(mail.len() - 3);
            talk.0.lock().unwrap().push(Got { head: std::mem::take(&mut envelope), body: mail });
            match next(&talk, 250) {
                Reply::Say(code, _) => stream.write_all(format!("{code} said\r\n").as_bytes()).await.ok()?,
                Reply::Hang => std::future::pending().await,
            }
        }
    }
}
