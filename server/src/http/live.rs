//! Streams that outlive their request: sent by themselves, without hyper around them.
//!
//! A watcher is quiet for most of its life. What answers requests is made for requests: a buffer to
//! read heads into, one to write to, a parser, a dozen layers of futures, together more than ten
//! kilobytes for each of ten thousand watchers who will never send another byte. So when the head of
//! a stream's response is on its way, [`super::http1`] takes the socket back from hyper, drops all of
//! that, and what is left of the connection is this: the socket, the stream, and the chunk that is
//! being written.
//!
//! Only HTTP/1.1 (and 1.0) connections can be taken apart like this; on HTTP/2 many streams share
//! one, and the body goes the usual way.

use std::{
    io::{self, IoSlice, Write},
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream::BoxStream};
use poem::Body;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

/// The bytes of a stream.
pub type LiveStream = BoxStream<'static, io::Result<Bytes>>;

/// A response's body that can leave its request. It travels in the response's extensions as well as
/// in its body: whoever takes it first sends it.
#[derive(Clone)]
pub struct LiveBody(Arc<Mutex<Option<LiveStream>>>);

impl LiveBody {
    pub fn of(stream: LiveStream) -> Self {
        LiveBody(Arc::new(Mutex::new(Some(stream))))
    }

    /// The stream, unless somebody took it before.
    pub fn take(&self) -> Option<LiveStream> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take()
    }

    /// The same as an ordinary body; it is empty if the stream is taken before it is read.
    pub fn into_body(self) -> Body {
        Body::from_bytes_stream(Untaken { from: self, stream: None })
    }
}

struct Untaken {
    from: LiveBody,
    stream: Option<LiveStream>,
}

impl Stream for Untaken {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.stream.is_none() {
            self.stream = self.from.take();
        }
        match &mut self.stream {
            Some(stream) => stream.poll_next_unpin(context),
            None => Poll::Ready(None),
        }
    }
}

/// How the peer learns where a stream ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// Each chunk says how long it is (HTTP/1.1).
    Chunked,
    /// By the end of the connection (HTTP/1.0).
    Bare,
}

/// Sends a stream until it ends (`true`), its peer is gone, or takes nothing for `patience`.
pub async fn send<S>(
    socket: &mut S,
    stream: LiveStream,
    framing: Framing,
    patience: Duration,
) -> bool
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let piece = Piece { head: Head::default(), data: Bytes::new(), written: 0 };
    Sending { socket, stream, framing, patience, piece, stalled: None, ended: false }.await
}

struct Sending<'a, S> {
    socket: &'a mut S,
    stream: LiveStream,
    framing: Framing,
    patience: Duration,
    piece: Piece,
    /// Runs while the peer takes nothing.
    stalled: Option<Pin<Box<Sleep>>>,
    /// The piece is the last one.
    ended: bool,
}

/// What is being written.
struct Piece {
    head: Head,
    data: Bytes,
    /// How much of head, data and tail together.
    written: usize,
}

/// A chunk's length, as its first line says it.
#[derive(Default)]
struct Head {
    text: [u8; 18],
    length: u8,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Future for Sending<'_, S> {
    type Output = bool;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<bool> {
        let sending = self.get_mut();
        loop {
            match sending.poll_write(context) {
                Poll::Ready(Ok(())) if sending.ended => return Poll::Ready(true),
                Poll::Ready(Ok(())) => {}
                Poll::Ready(Err(_)) => return Poll::Ready(false),
                Poll::Pending => return sending.poll_gone(context),
            }
            match sending.stream.poll_next_unpin(context) {
                Poll::Ready(Some(Ok(data))) => sending.piece = Piece::of(data, sending.framing),
                // Without a last chunk: the peer sees that something is missing.
                Poll::Ready(Some(Err(_))) => return Poll::Ready(false),
                Poll::Ready(None) => {
                    sending.ended = true;
                    sending.piece = Piece::of(Bytes::new(), sending.framing);
                }
                Poll::Pending => return sending.poll_gone(context),
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Sending<'_, S> {
    /// Writes what is left of the piece.
    fn poll_write(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while let Some(slices) = self.piece.rest(self.framing) {
            match Pin::new(&mut *self.socket).poll_write_vectored(context, &slices) {
                Poll::Ready(Ok(0)) => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                Poll::Ready(Ok(count)) => {
                    self.piece.written += count;
                    self.stalled = None;
                }
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => return self.poll_stalled(context),
            }
        }
        // Nobody needs to keep what everybody has.
        self.piece.data = Bytes::new();
        self.piece.written = 0;
        self.piece.head.length = 0;
        match Pin::new(&mut *self.socket).poll_flush(context) {
            Poll::Pending => self.poll_stalled(context),
            Poll::Ready(flushed) => {
                self.stalled = None;
                Poll::Ready(flushed)
            }
        }
    }

    fn poll_stalled(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let patience = self.patience;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// Whether the peer has left. What it says meanwhile is nothing: its one request is being
    /// answered, and the connection ends with the answer.
    fn poll_gone(&mut self, context: &mut Context<'_>) -> Poll<bool> {
        let mut waste = [0; 512];
        loop {
            let mut buffer = ReadBuf::new(&mut waste);
            match ready!(Pin::new(&mut *self.socket).poll_read(context, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => {}
                Ok(()) | Err(_) => return Poll::Ready(false),
            }
        }
    }
}

impl Piece {
    /// `data`, framed; none of it is the end.
    fn of(data: Bytes, framing: Framing) -> Self {
        let mut head = Head::default();
        if framing == Framing::Chunked {
            let mut rest = &mut head.text[..];
            // Sixteen digits and a line end: any length fits.
            let written = write!(rest, "{:x}\r\n", data.len());
            debug_assert!(written.is_ok());
            head.length = 18 - rest.len() as u8;
        }
        Piece { head, data, written: 0 }
    }

    /// What is not written yet; `None` when all is.
    fn rest(&self, framing: Framing) -> Option<[IoSlice<'_>; 3]> {
        let head = &self.head.text[..usize::from(self.head.length)];
        let tail: &[u8] = match framing {
            Framing::Chunked if !head.is_empty() => b"\r\n",
            Framing::Chunked | Framing::Bare => b"",
        };
        let mut skip = self.written;
        let mut rest = [head, &self.data[..], tail].map(|part| {
            let cut = skip.min(part.len());
            skip -= cut;
            &part[cut..]
        });
        // An empty slice first would count as nothing written.
        while rest[0].is_empty() && rest.iter().any(|part| !part.is_empty()) {
            rest.rotate_left(1);
        }
        (!rest[0].is_empty()).then(|| rest.map(IoSlice::new))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(piece: &Piece, framing: Framing) -> Vec<u8> {
        let slices = piece.rest(framing);
        slices.iter().flatten().flat_map(|slice| slice.iter().copied()).collect()
    }

    #[test]
    fn a_piece_goes_on_where_its_last_write_ended() {
        for (framing, data, whole) in [
            (Framing::Chunked, "0123456789abcdef!", "11\r\n0123456789abcdef!\r\n"),
            (Framing::Chunked, "", "0\r\n\r\n"),
            (Framing::Bare, "data: 1\n\n", "data: 1\n\n"),
            (Framing::Bare, "", ""),
        ] {
            let mut piece = Piece::of(Bytes::from(data), framing);
            for written in 0..=whole.len() {
                piece.written = written;
                assert_eq!(rest(&piece, framing), whole.as_bytes()[written..]);
                let first = piece.rest(framing).map(|slices| slices[0].len());
                assert_eq!(first.is_none(), written == whole.len());
                assert_ne!(first, Some(0), "an empty first slice is no progress");
            }
        }
    }
}
