//! One connection, whatever it speaks.

use std::{io, net::SocketAddr, sync::Arc, time::Duration};

use poem::Endpoint;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

use super::{
    fault::{Explain, Fault},
    http1, live,
    stage::Patience,
};

/// How long what a refused client still sends is read and thrown away, so that it gets to read the
/// refusal: closing at once would reset the connection under it.
const LINGER: Duration = Duration::from_secs(2);

/// What every connection is served with.
pub struct Service<E> {
    pub endpoint: E,
    pub patience: Patience,
    pub explain: Explain,
    /// Ends idle connections, and the others after their response.
    pub drain: CancellationToken,
}

/// Serves one connection until its end.
pub async fn serve<E>(socket: TcpStream, peer: SocketAddr, service: Arc<Service<E>>)
where
    E: Endpoint + 'static,
{
    // Events are small and wanted at once.
    if let Err(error) = socket.set_nodelay(true) {
        tracing::debug!(%error, "a connection was gone before it was served");
        return;
    }
    let patience = service.patience.stalled;
    let drain = service.drain.clone();
    // On the heap, to be gone when only a stream is left of the connection.
    let Some(mut live) = Box::pin(http1::serve(socket, peer, service)).await else { return };
    let ended = live::send(&mut live.socket, live.stream, live.framing, patience).await;
    if ended && !drain.is_cancelled() {
        Box::pin(linger(&mut live.socket)).await;
    }
}

/// Tells a client that there is no room for it.
pub async fn turn_away<E>(mut socket: TcpStream, service: Arc<Service<E>>) {
    refuse(&mut socket, (service.explain)(&Fault::TooManyConnections, None)).await;
    linger(&mut socket).await;
}

/// Writes a problem where no handler can.
pub(super) async fn refuse(socket: &mut TcpStream, mut response: poem::Response) {
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
    let _ = timeout(LINGER, socket.write_all(&head)).await;
}

/// Says that nothing more comes, and reads until the peer says so too.
pub(super) async fn linger(socket: &mut TcpStream) {
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
