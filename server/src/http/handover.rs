//! How a stream leaves hyper.
//!
//! hyper writes the head of its response and is given a body that stays silent; the stream itself
//! waits here. When hyper has asked that body for its first bytes the head is in the buffer, and when
//! the buffer has been flushed after that, nothing of hyper's is left to send and the socket can be
//! taken away from it.

use std::{
    io,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body_util::{BodyExt, combinators::BoxBody};
use hyper::{
    Method, Response, Version,
    body::{Body, Frame},
    header::{CONNECTION, HeaderValue},
};

use super::live::{Framing, LiveBody, LiveStream};

/// One connection's stream on its way out. Its lock is only ever taken from that connection's task.
#[derive(Clone, Default)]
pub struct Handover(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    offered: Option<(LiveStream, Framing)>,
    /// hyper has asked for the body: the head is written, to its buffer at least.
    asked: bool,
    /// All of that buffer was handed to the socket.
    flushed: bool,
}

impl Handover {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the stream of a response, if it is one; the response is then without it.
    pub fn offer(
        &self,
        mut response: Response<BoxBody<Bytes, io::Error>>,
        (method, version): (Method, Version),
    ) -> Response<BoxBody<Bytes, io::Error>> {
        let live = response.extensions_mut().remove::<LiveBody>();
        if method == Method::HEAD {
            return response;
        }
        let Some(stream) = live.and_then(|live| live.take()) else { return response };
        let framing = if version >= Version::HTTP_11 { Framing::Chunked } else { Framing::Bare };
        self.state().offered = Some((stream, framing));
        // Nothing can be asked on it any more.
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        response.map(|_| BoxBody::new(Silent(self.clone()).map_err(|never| match never {})))
    }

    /// The socket took all it was given.
    pub fn flushed(&self) {
        let mut state = self.state();
        state.flushed = state.asked;
    }

    /// Whether hyper has nothing more to say.
    pub fn is_due(&self) -> bool {
        self.state().flushed
    }

    /// What is to be sent from here on.
    pub fn take(&self) -> Option<(LiveStream, Framing)> {
        self.state().offered.take()
    }
}

/// A body that has not begun, and never will.
struct Silent(Handover);

impl Body for Silent {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.0.state().asked = true;
        Poll::Pending
    }
}
