//! How the body of an HTTP/2 response flows, and when it has ceased to.
//!
//! hyper asks a body for its next piece when the peer has room for it. So a body that gave a piece and
//! was not asked for another is one whose reader takes nothing; a body that was asked and had nothing
//! waits for the server, and that may last.

use std::{
    cell::Cell,
    future::poll_fn,
    io,
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use hyper::body::{Body, Frame, SizeHint};
use tokio::time::{Instant, Sleep, sleep_until};

/// A piece is as large as a frame. One large piece would leave the body at once, and lie in memory
/// unseen until the reader takes it.
const PIECE_BYTES: usize = 16 * 1024;

tokio::task_local! {
    /// Since when the last piece of this task's body waits for the reader.
    static HANDED: Cell<Option<Instant>>;
}

/// A body in pieces, with a note of when it gave the last one.
pub struct Paced {
    inner: BoxBody<Bytes, io::Error>,
    /// What is left of a large piece.
    rest: Bytes,
}

impl Paced {
    pub fn new(inner: BoxBody<Bytes, io::Error>) -> Self {
        Paced { inner, rest: Bytes::new() }
    }

    fn poll_piece(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if self.rest.is_empty() {
            let polled = Pin::new(&mut self.inner).poll_frame(context);
            let Poll::Ready(Some(Ok(frame))) = polled else { return polled };
            match frame.into_data() {
                Ok(data) => self.rest = data,
                Err(trailers) => return Poll::Ready(Some(Ok(trailers))),
            }
        }
        let piece = self.rest.split_to(self.rest.len().min(PIECE_BYTES));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}

impl Body for Paced {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let polled = self.get_mut().poll_piece(context);
        let handed = polled.is_ready().then(Instant::now);
        // Outside `unless_stalled` nobody looks.
        let _ = HANDED.try_with(|since| since.set(handed));
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let (inner, rest) = (self.inner.size_hint(), self.rest.len() as u64);
        let mut hint = SizeHint::new();
        hint.set_lower(inner.lower() + rest);
        if let Some(upper) = inner.upper() {
            hint.set_upper(upper + rest);
        }
        hint
    }
}

/// Runs the task of a stream, and gives it up (`None`) when its reader takes nothing for that long.
pub async fn unless_stalled<F: Future>(stream: F, patience: Duration) -> Option<F::Output> {
    let watched = async {
        let mut stream = pin!(stream);
        // Most streams never wait for their reader.
        let mut timer: Option<Pin<Box<Sleep>>> = None;
        poll_fn(|context| {
            if let Poll::Ready(output) = stream.as_mut().poll(context) {
                return Poll::Ready(Some(output));
            }
            let Some(since) = HANDED.with(Cell::get) else { return Poll::Pending };
            let at = since + patience;
            let timer = timer.get_or_insert_with(|| Box::pin(sleep_until(at)));
            if timer.deadline() != at {
                timer.as_mut().reset(at);
            }
            timer.as_mut().poll(context).map(|()| None)
        })
        .await
    };
    HANDED.scope(Cell::new(None), watched).await
}

#[cfg(test)]
mod tests {
    use futures_util::stream;
    use http_body_util::{BodyExt, Full, StreamBody};

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(10);

    fn body(pieces: Vec<&'static [u8]>) -> Paced {
        let frames = pieces.into_iter().map(|piece| Ok(Frame::data(Bytes::from_static(piece))));
        Paced::new(BodyExt::boxed(StreamBody::new(stream::iter(frames))))
    }

    #[tokio::test]
    async fn a_large_body_comes_in_pieces_and_keeps_its_length() {
        let whole = Bytes::from(vec![b'x'; 40_000]);
        let inner = Full::new(whole).map_err(|never| match never {}).boxed();
        let mut body = Paced::new(inner);
        let mut lengths = Vec::new();
        assert_eq!(body.size_hint().exact(), Some(40_000));
        while !body.is_end_stream() {
            let frame = body.frame().await.unwrap().unwrap();
            lengths.push(frame.data_ref().unwrap().len());
            let left = 40_000 - lengths.iter().sum::<usize>();
            assert_eq!(body.size_hint().exact(), Some(left as u64));
        }
        assert_eq!(lengths, [16_384, 16_384, 7_232]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_is_not_asked_for_more_is_given_up() {
        let began = Instant::now();
        let stream = async {
            let mut body = body(vec![b"a", b"b"]);
            body.frame().await;
            std::future::pending::<()>().await;
        };
        assert_eq!(unless_stalled(stream, PATIENCE).await, None);
        assert_eq!(began.elapsed().as_secs(), 10);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_is_asked_now_and_then_is_not() {
        let stream = async {
            let mut body = body(vec![b"a", b"b", b"c"]);
            while body.frame().await.is_some() {
                tokio::time::sleep(PATIENCE / 2).await;
            }
        };
        assert_eq!(unless_stalled(stream, PATIENCE).await, Some(()));
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_has_nothing_to_give_waits_as_long_as_it_takes() {
        let stream = async {
            let quiet = stream::once(async {
                tokio::time::sleep(PATIENCE * 100).await;
                Ok::<_, io::Error>(Frame::data(Bytes::new()))
            });
            let mut body = Paced::new(BodyExt::boxed(StreamBody::new(Box::pin(quiet))));
            body.frame().await;
        };
        assert_eq!(unless_stalled(stream, PATIENCE).await, Some(()));
    }
}
