//! Streams and bodies with a pace: the peer keeps it or is cut off.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep, sleep_until};

use super::NetLimits;
use super::doors::Ticket;

/// A socket whose writes fail once the peer has taken nothing for `limit`.
pub(super) struct PacedStream {
    stream: TcpStream,
    limit: Duration,
    waiting: Option<Pin<Box<Sleep>>>,
}

impl PacedStream {
    pub(super) fn new(stream: TcpStream, limit: Duration) -> Self {
        Self { stream, limit, waiting: None }
    }

    fn judge<T>(&mut self, cx: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.waiting = None;
            return written;
        }
        let limit = self.limit;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(limit)));
        ready!(waiting.as_mut().poll(cx));
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the client takes nothing of its answer")))
    }
}

impl AsyncRead for PacedStream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for PacedStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, data: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, data);
        self.judge(cx, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        data: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, data);
        self.judge(cx, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// A body fell behind its time. The extractors answer it with 408.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("the body came too slowly")]
pub struct TooSlow;

/// A body that fails with [`TooSlow`] when it falls behind `allowance` plus a second for each `min_rate` bytes.
/// From its first wait to its end the connection counts as waiting.
pub(super) struct PacedBody<B> {
    inner: B,
    allowance: Duration,
    min_rate: u64,
    received: u64,
    started: Option<Instant>,
    deadline: Option<Pin<Box<Sleep>>>,
    ticket: Arc<Ticket>,
}

impl<B> PacedBody<B> {
    pub(super) fn new(inner: B, limits: &NetLimits, ticket: Arc<Ticket>) -> Self {
        let (allowance, min_rate) = (limits.body_timeout, limits.body_min_rate.max(1));
        Self { inner, allowance, min_rate, received: 0, started: None, deadline: None, ticket }
    }
}

impl<B> HttpBody for PacedBody<B>
where
    B: HttpBody<Data = Bytes> + Unpin,
    B::Error: std::error::Error + Send + Sync + 'static,
{
    type Data = Bytes;
    type Error = axum::BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::BoxError>>> {
        let this = &mut *self;
        // The time starts when a handler wants the body, not while it waits for something else.
        let started = *this.started.get_or_insert_with(Instant::now);
        if let Poll::Ready(frame) = Pin::new(&mut this.inner).poll_frame(cx) {
            match &frame {
                Some(Ok(frame)) => this.received += frame.data_ref().map_or(0, |data| data.len() as u64),
                Some(Err(_)) | None => this.ticket.works(),
            }
            return Poll::Ready(frame.map(|frame| frame.map_err(Into::into)));
        }
        let earned = Duration::from_secs_f64(this.received as f64 / this.min_rate as f64);
        let until = started + this.allowance + earned;
        let ticket = &this.ticket;
        let deadline = this.deadline.get_or_insert_with(|| {
            ticket.waits();
            Box::pin(sleep_until(until))
        });
        if deadline.deadline() != until {
            deadline.as_mut().reset(until);
        }
        ready!(deadline.as_mut().poll(cx));
        this.ticket.works();
        Poll::Ready(Some(Err(TooSlow.into())))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// The answer's body; when hyper is done with it, the connection waits for its next request.
pub(super) struct AnswerBody {
    inner: Body,
    ticket: Arc<Ticket>,
}

impl AnswerBody {
    pub(super) fn new(inner: Body, ticket: Arc<Ticket>) -> Self {
        Self { inner, ticket }
    }
}

impl Drop for AnswerBody {
    fn drop(&mut self) {
        self.ticket.waits();
    }
}

impl HttpBody for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.inner).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
