//! A connection that speaks HTTP/1.1: hyper around poem's endpoint, with patience that ends.

use std::{
    convert::Infallible,
    future::poll_fn,
    io,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http_body_util::combinators::BoxBody;
use hyper::{
    body::{Body, Frame, Incoming, SizeHint},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use poem::Endpoint;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

use super::{
    connection::{Ends, Service, close, linger, refuse},
    fault::Fault,
    handover::Handover,
    layer,
    live::{self, Framing, LiveStream},
    stage::{Late, Progress},
    wire::Wire,
};

/// A reader that stalls costs this much and no more; hyper's own 417,792 bytes would be 0.4 MB.
/// It bounds the read buffer too, and so the head of a request, but not its body.
const BUFFER_BYTES: usize = 16 * 1024;

/// A stream that goes on without hyper.
pub struct Live<S> {
    socket: S,
    stream: LiveStream,
    framing: Framing,
    /// How long its reader may take nothing.
    patience: Duration,
    drain: CancellationToken,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Live<S> {
    /// Sends it to its end, which is the connection's.
    pub async fn run(self) {
        let Live { mut socket, stream, framing, patience, drain } = self;
        if !live::send(&mut socket, stream, framing, patience).await {
            return;
        }
        if drain.is_cancelled() {
            Box::pin(close(&mut socket)).await;
        } else {
            Box::pin(linger(&mut socket)).await;
        }
    }
}

/// How hyper's part of a connection came to its end.
enum End {
    /// Its last response is a stream, whose head is sent.
    Live,
    Done(hyper::Result<()>),
    Late(Late),
}

/// Answers requests until the connection's end, or until a stream is all that is left of it.
pub async fn answer<S, E>(socket: S, ends: Ends, service: Arc<Service<E>>) -> Option<Live<S>>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    E: Endpoint + 'static,
{
    let peer = ends.peer;
    let progress = Progress::begin();
    let handover = Handover::default();
    let handler = {
        let (service, progress, handover) = (service.clone(), progress.clone(), handover.clone());
        service_fn(move |request: hyper::Request<Incoming>| {
            progress.serving();
            let (service, progress) = (service.clone(), progress.clone());
            let handover = handover.clone();
            let asked = (request.method().clone(), request.version());
            let request = ends.request(request);
            Box::pin(async move {
                let response = layer::response(service.endpoint.call(request).await);
                let response: hyper::Response<BoxBody<Bytes, io::Error>> = response.into();
                let response = handover.offer(response, asked);
                Ok::<_, Infallible>(response.map(|inner| Answer { inner, progress }))
            })
        })
    };
    let mut connection = http1::Builder::new()
        .header_read_timeout(None)
        .max_buf_size(BUFFER_BYTES)
        .serve_connection(
            TokioIo::new(Wire::new(socket, progress.clone(), handover.clone())),
            handler,
        );

    let end = {
        let mut drained = pin!(service.drain.cancelled());
        let mut draining = false;
        let mut timer = pin!(sleep_until(Instant::now() + service.patience.head));
        poll_fn(|context| {
            if !draining && drained.as_mut().poll(context).is_ready() {
                draining = true;
                Pin::new(&mut connection).graceful_shutdown();
            }
            if let Poll::Ready(result) = connection.poll_without_shutdown(context) {
                return Poll::Ready(End::Done(result));
            }
            if handover.is_due() {
                return Poll::Ready(End::Live);
            }
            let Some((at, late)) = progress.deadline(&service.patience) else {
                return Poll::Pending;
            };
            if timer.deadline() != at {
                timer.as_mut().reset(at);
            }
            timer.as_mut().poll(context).map(|()| End::Late(late))
        })
        .await
    };

    if let End::Done(Err(error)) = &end {
        tracing::debug!(%peer, %error, "a connection broke");
    }
    let (mut socket, held_back) = connection.into_parts().io.into_inner().into_parts();
    let fault = match (&end, held_back) {
        (End::Live, _) => {
            let (stream, framing) = handover.take()?;
            let (patience, drain) = (service.patience.stalled, service.drain.clone());
            return Some(Live { socket, stream, framing, patience, drain });
        }
        (End::Late(Late::Stalled), _) => return None,
        (End::Late(Late::Head), _) => Some(Fault::HeadLate(service.patience.head.as_secs())),
        (_, Some(414 | 431)) => Some(Fault::HeadTooLarge),
        (_, Some(_)) => Some(Fault::Malformed),
        (_, None) => None,
    };
    // A stream that hyper broke before it could leave ends now, not after the last words.
    drop(handover.take());
    if let Some(fault) = &fault {
        tracing::info!(%peer, status = fault.status().as_u16(), "request head refused");
        refuse(&mut socket, (service.explain)(fault, None)).await;
    }
    if fault.is_some() || !service.drain.is_cancelled() {
        linger(&mut socket).await;
    } else {
        close(&mut socket).await;
    }
    None
}

/// A response's body, whose end is the end of the answer.
struct Answer {
    inner: BoxBody<Bytes, io::Error>,
    progress: Progress,
}

impl Body for Answer {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Pin::new(&mut self.inner).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        self.progress.answered();
    }
}
