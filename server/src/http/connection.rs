//! One connection, whatever it speaks.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use hyper::body::Incoming;
use poem::{
    Endpoint,
    http::uri::Scheme,
    web::{LocalAddr, RemoteAddr},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use super::{
    fault::{Explain, Fault},
    http1::{self, Live},
    http2,
    peers::Place,
    preface::{self, Spoken},
    stage::Patience,
    tls::{self, Tls},
};

/// How long what a refused client still sends is read and thrown away, so that it gets to read the
/// refusal: closing at once would reset the connection under it.
pub(super) const LINGER: Duration = Duration::from_secs(2);

/// What every connection is served with.
pub struct Service<E> {
    pub endpoint: E,
    pub patience: Patience,
    pub explain: Explain,
    /// Without it, connections are plain.
    pub tls: Option<Tls>,
    /// Ends idle connections, and the others after their response.
    pub drain: CancellationToken,
}

/// Between whom a connection is, and how it is protected.
#[derive(Clone)]
pub struct Ends {
    pub local: SocketAddr,
    pub peer: SocketAddr,
    pub scheme: Scheme,
}

impl Ends {
    /// A request that came over it.
    pub fn request(&self, request: hyper::Request<Incoming>) -> poem::Request {
        let (local, peer) = (LocalAddr(self.local.into()), RemoteAddr(self.peer.into()));
        (request, local, peer, self.scheme.clone()).into()
    }
}

/// Serves one connection until its end, and gives its place back then.
pub fn serve<E>(
    socket: TcpStream,
    peer: SocketAddr,
    place: Option<Place>,
    service: Arc<Service<E>>,
) -> impl Future<Output = ()> + Send
where
    E: Endpoint + 'static,
{
    // On the heap, to be gone when only a stream is left of the connection.
    let beginning = Box::pin(begin(socket, peer, service));
    async move {
        let _place = place;
        let Some(live) = beginning.await else { return };
        live.run().await;
    }
}

/// Serves a connection until its end, or until a stream is all that is left of it.
async fn begin<E>(
    socket: TcpStream,
    peer: SocketAddr,
    service: Arc<Service<E>>,
) -> Option<Live<TcpStream>>
where
    E: Endpoint + 'static,
{
    // Events are small and wanted at once.
    let local = socket.set_nodelay(true).and_then(|()| socket.local_addr());
    let local = match local {
        Ok(local) => local,
        Err(error) => {
            tracing::debug!(%error, "a connection was gone before it was served");
            return None;
        }
    };
    let mut ends = Ends { local, peer, scheme: Scheme::HTTP };
    // What is rare is on the heap: every connection's future is as large as its largest moment.
    if let Some(tls) = &service.tls {
        ends.scheme = Scheme::HTTPS;
        Box::pin(tls::serve(tls.clone(), socket, ends, service.clone())).await;
        return None;
    }
    match preface::spoken(&socket, service.patience.head, &service.drain).await {
        Spoken::Http1 => return http1::answer(socket, ends, service).await,
        Spoken::Http2 => Box::pin(http2::serve(socket, ends, service)).await,
        Spoken::Nothing => {}
        Spoken::Half => {
            let fault = Fault::HeadLate(service.patience.head.as_secs());
            Box::pin(turn_away(socket, fault, service)).await;
        }
    }
    None
}

/// Tells a client what it is not served for.
pub(super) async fn turn_away<E>(mut socket: TcpStream, fault: Fault, service: Arc<Service<E>>) {
    refuse(&mut socket, (service.explain)(&fault, None)).await;
    linger(&mut socket).await;
}

/// Writes a problem where no handler can.
pub(super) async fn refuse(socket: &mut (impl AsyncWrite + Unpin), mut response: poem::Response) {
    let Ok(body) = response.take_body().into_bytes().await else { return };
    let status = response.status();
    let reason = status.canonical_reason().unwrap_or_default();
    let date = chrono::Utc::now().format("%a, %d %b %Y %H:%M:%S GMT");
    let mut head = format!(
        "HTTP/1.1 {} {reason}\r\ndate: {date}\r\nconnection: close\r\ncontent-length: {}\r\n",
        status.as_u16(),
        body.len()
    )
    .into_bytes();
    for (name, value) in response.headers() {
        head.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    head.extend(b"\r\n");
    head.extend(body);
    // The peer may be gone, or may not read; both are its own loss.
    let written = async {
        socket.write_all(&head).await?;
        socket.flush().await
    };
    let _ = timeout(LINGER, written).await;
}

/// Says that nothing more comes, which over TLS is more than closing the socket.
pub(super) async fn close(socket: &mut (impl AsyncWrite + Unpin)) {
    // A peer that does not take it finds the socket closed.
    let _ = timeout(LINGER, socket.shutdown()).await;
}

/// Says that nothing more comes, and reads until the peer says so too.
pub(super) async fn linger(socket: &mut (impl AsyncRead + AsyncWrite + Unpin)) {
    let ended = async {
        socket.shutdown().await?;
        // On the heap: every connection's future is as large as its largest moment.
        let mut waste = vec![0; 4096];
        while socket.read(&mut waste).await? > 0 {}
        io::Result::Ok(())
    };
    // Either way the socket is closed next.
    let _ = timeout(LINGER, ended).await;
}
