//! A connection that speaks HTTP/2: hyper around poem's endpoint, bounded in streams, memory and time.
//!
//! One connection carries what a browser would need a hundred for, so a limit on connections says
//! little about it; these limits do. A reader that stalls costs its stream and not the connection,
//! because the other streams may be read by somebody else.

use std::{convert::Infallible, future::poll_fn, pin::pin, sync::Arc, task::Poll, time::Duration};

use futures_util::task::AtomicWaker;
use hyper::{body::Incoming, header, rt::Executor, server::conn::http2, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use poem::Endpoint;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{Instant, sleep_until},
};

use super::{
    connection::{Ends, LINGER, Service},
    flow::{self, Paced},
    handover::Handover,
    layer,
    stage::{Late, Patience, Progress},
    wire::Wire,
};

/// Streams open at once on one connection. Browsers and client libraries count on 100 (RFC 9113
/// §6.5.2 advises no less), and one that wants more opens another connection.
const MAX_STREAMS: u32 = 128;

/// What is taken from the endpoint for a stream before the peer has room for it.
const SEND_BUFFER_BYTES: usize = 32 * 1024;

/// What a peer may send of one body, and of all bodies, before it is read. A body is at most 1 MiB, so
/// more would only fill memory.
const STREAM_WINDOW_BYTES: u32 = 64 * 1024;
const CONNECTION_WINDOW_BYTES: u32 = 256 * 1024;

/// As much as the head of a request may have on HTTP/1.1.
const MAX_HEAD_BYTES: u32 = 16 * 1024;

/// A peer that has sent nothing for that long is asked for a sign of life, and must give it in time.
/// TCP alone notices only after many minutes that a peer is gone without a word.
const PING_INTERVAL: Duration = Duration::from_secs(20);
const PING_TIMEOUT: Duration = Duration::from_secs(10);

/// Serves one connection until its end.
pub async fn serve<S, E>(socket: S, ends: Ends, service: Arc<Service<E>>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    E: Endpoint + 'static,
{
    let peer = ends.peer;
    let handler = {
        let service = service.clone();
        service_fn(move |request: hyper::Request<Incoming>| {
            let (service, request) = (service.clone(), ends.request(request));
            Box::pin(async move {
                let mut response = layer::response(service.endpoint.call(request).await);
                // It belongs to HTTP/1.1; here the stream is what ends.
                response.headers_mut().remove(header::CONNECTION);
                let response: hyper::Response<_> = response.into();
                Ok::<_, Infallible>(response.map(Paced::new))
            })
        })
    };
    let progress = Progress::begin();
    let streams = Streams {
        shared: Arc::new(Shared { progress: progress.clone(), rested: AtomicWaker::new() }),
        patience: service.patience,
    };
    let shared = streams.shared.clone();
    let wire = TokioIo::new(Wire::new(socket, progress.clone(), Handover::default()));
    let mut connection = pin!(
        http2::Builder::new(streams)
            .timer(TokioTimer::new())
            .max_concurrent_streams(MAX_STREAMS)
            .max_send_buf_size(SEND_BUFFER_BYTES)
            .initial_stream_window_size(STREAM_WINDOW_BYTES)
            .initial_connection_window_size(CONNECTION_WINDOW_BYTES)
            .max_header_list_size(MAX_HEAD_BYTES)
            .keep_alive_interval(PING_INTERVAL)
            .keep_alive_timeout(PING_TIMEOUT)
            .serve_connection(wire, handler)
    );

    let mut drained = pin!(service.drain.cancelled());
    let mut timer = pin!(sleep_until(Instant::now() + service.patience.head));
    let mut patience = service.patience;
    let mut leaving = false;
    let result = poll_fn(|context| {
        shared.rested.register(context.waker());
        let mut leave = !leaving && drained.as_mut().poll(context).is_ready();
        loop {
            if leave {
                leaving = true;
                // The streams that are open end first; whoever has none need not wait long.
                patience.idle = LINGER;
                patience.head = LINGER;
                progress.rest();
                connection.as_mut().graceful_shutdown();
            }
            if let Poll::Ready(result) = connection.as_mut().poll(context) {
                return Poll::Ready(result);
            }
            let Some((at, late)) = progress.deadline(&patience) else { return Poll::Pending };
            if timer.deadline() != at {
                timer.as_mut().reset(at);
            }
            if timer.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            // One that only rested, or came early, is told, so that it sends no request into a closed
            // connection.
            leave = !leaving && matches!(late, Late::Resting | Late::Head);
            if !leave {
                tracing::debug!(%peer, ?late, "an HTTP/2 connection is cut");
                return Poll::Ready(Ok(()));
            }
        }
    })
    .await;
    if let Err(error) = result {
        tracing::debug!(%peer, %error, "a connection broke");
    }
}

/// What the connection and its streams, which run as tasks of their own, tell each other.
struct Shared {
    progress: Progress,
    /// Woken when the last stream ends: from then on the connection has a deadline.
    rested: AtomicWaker,
}

/// Runs the streams. They need no other end than the connection's: without it, h2 fails whatever they
/// wait for.
#[derive(Clone)]
struct Streams {
    shared: Arc<Shared>,
    patience: Patience,
}

impl<F> Executor<F> for Streams
where
    F: Future<Output = ()> + Send + 'static,
{
    fn execute(&self, stream: F) {
        let open = Open::new(self.shared.clone());
        let stalled = self.patience.stalled;
        tokio::spawn(async move {
            let _open = open;
            // Dropped before its end, a stream is reset.
            if flow::unless_stalled(stream, stalled).await.is_none() {
                tracing::debug!("an HTTP/2 stream that nobody reads is cut");
            }
        });
    }
}

/// Counts a stream as long as it is there.
struct Open(Arc<Shared>);

impl Open {
    fn new(shared: Arc<Shared>) -> Self {
        shared.progress.stream_began();
        Open(shared)
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        if self.0.progress.stream_ended() {
            self.0.rested.wake();
        }
    }
}
