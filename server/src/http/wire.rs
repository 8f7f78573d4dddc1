//! The socket under hyper: it keeps the connection's account, and holds back hyper's bare answers.
//!
//! When a head cannot be parsed, hyper answers by itself, without a body and before any handler
//! could know. Every error of this server is a problem, so that answer is swallowed here and its
//! status kept; the connection then writes a problem in its place.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::{handover::Handover, stage::Progress};

/// A connection as hyper sees it: over TCP, or over TLS.
pub struct Wire<S> {
    socket: S,
    progress: Progress,
    handover: Handover,
    held_back: Option<u16>,
}

impl<S> Wire<S> {
    pub fn new(socket: S, progress: Progress, handover: Handover) -> Self {
        Wire { socket, progress, handover, held_back: None }
    }

    /// The socket, and the status hyper wanted to answer with by itself.
    pub fn into_parts(self) -> (S, Option<u16>) {
        (self.socket, self.held_back)
    }

    /// Swallows `written` if it is hyper's own.
    fn hold_back(&mut self, written: &[u8]) -> bool {
        if self.progress.is_serving() {
            return false;
        }
        let status = bare_refusal(written);
        self.held_back = self.held_back.or(status);
        status.is_some()
    }
}

/// The status of a head that refuses and has no body: while no request is being answered, only hyper
/// writes one.
fn bare_refusal(written: &[u8]) -> Option<u16> {
    let head = written.strip_prefix(b"HTTP/1.1 ")?.strip_suffix(b"\r\n\r\n")?;
    let head = std::str::from_utf8(head).ok()?;
    let status = head.get(..3)?.parse().ok().filter(|status| (400..500).contains(status))?;
    let empty = head.lines().any(|line| line.eq_ignore_ascii_case("content-length: 0"));
    (empty && !head.contains("\r\n\r\n")).then_some(status)
}

impl<S: AsyncRead + Unpin> AsyncRead for Wire<S> {
    fn poll_read(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        let before = buffer.filled().len();
        ready!(Pin::new(&mut wire.socket).poll_read(context, buffer))?;
        if buffer.filled().len() > before {
            wire.progress.received();
        }
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Wire<S> {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        written: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[IoSlice::new(written)])
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        written: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let wire = self.get_mut();
        if let [only] = written
            && wire.hold_back(only)
        {
            return Poll::Ready(Ok(only.len()));
        }
        let result = Pin::new(&mut wire.socket).poll_write_vectored(context, written);
        wire.progress.wrote(result.is_ready());
        result
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        let result = Pin::new(&mut wire.socket).poll_flush(context);
        // TLS takes what is written before the peer has room for it, so only a flush tells.
        wire.progress.wrote(result.is_ready());
        if matches!(result, Poll::Ready(Ok(()))) {
            wire.handover.flushed();
        }
        result
    }

    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().socket).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::bare_refusal;

    #[test]
    fn only_a_whole_refusing_head_without_a_body_is_hypers_own() {
        let head = |status: &str, length: &str| {
            format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\ndate: now\r\n\r\n")
        };
        assert_eq!(bare_refusal(head("400 Bad Request", "0").as_bytes()), Some(400));
        assert_eq!(bare_refusal(head("431 Too Large", "0").as_bytes()), Some(431));
        assert_eq!(bare_refusal(head("200 OK", "0").as_bytes()), None);
        assert_eq!(bare_refusal(head("400 Bad Request", "10").as_bytes()), None);
        let twice = head("400 Bad Request", "0").repeat(2);
        assert_eq!(bare_refusal(twice.as_bytes()), None);
        assert_eq!(bare_refusal(b"data: HTTP/1.1 400 Bad Request\r\n\r\n"), None);
    }
}
