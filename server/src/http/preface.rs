//! What a plain connection speaks, found out from its first bytes and without taking them.
//!
//! A client that knows a server speaks HTTP/2 begins with a fixed preface (RFC 9113 §3.4, "prior
//! knowledge"); whatever differs from it in any byte is HTTP/1.1. The bytes stay in the socket, so
//! both protocols read a connection from its beginning and nobody has to put anything back.

use std::{io, time::Duration};

use rustix::{
    io::Errno,
    net::{RecvFlags, recv},
};
use tokio::{io::Interest, net::TcpStream, time::timeout};
use tokio_util::sync::CancellationToken;

const PREFACE: &[u8; 24] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// What was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spoken {
    Http1,
    Http2,
    /// Not a byte came in time.
    Nothing,
    /// What came in time could be either.
    Half,
}

/// Waits until it is clear what the peer speaks, for at most `patience`. At the drain it is left to
/// HTTP/1.1, which lets go of a connection that said nothing and waits for one that began.
pub async fn spoken(socket: &TcpStream, patience: Duration, drain: &CancellationToken) -> Spoken {
    let mut begun = false;
    let decided = async {
        loop {
            let ready = socket.ready(Interest::READABLE).await?;
            match socket.try_io(Interest::READABLE, || peek(socket, &mut begun)) {
                // Half of a preface and then the end: HTTP/1.1 knows how to end. It must not be
                // waited for, because a socket that is closed is ready for ever.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if begun && ready.is_read_closed() {
                        return Ok(Spoken::Http1);
                    }
                }
                decided => return decided,
            }
        }
    };
    let decided = tokio::select! {
        biased;
        decided = timeout(patience, decided) => decided,
        () = drain.cancelled() => return Spoken::Http1,
    };
    match decided {
        Ok(Ok(spoken)) => spoken,
        Ok(Err(error)) => {
            tracing::debug!(%error, "a connection broke before it said anything");
            Spoken::Nothing
        }
        Err(_) if begun => Spoken::Half,
        Err(_) => Spoken::Nothing,
    }
}

/// What the bytes that are there say. While they could be either, more are waited for like first
/// ones: only those make the socket ready again.
fn peek(socket: &TcpStream, begun: &mut bool) -> io::Result<Spoken> {
    let mut read = [0; PREFACE.len()];
    let length = match recv(socket, &mut read[..], RecvFlags::PEEK) {
        Ok((length, _)) => length,
        Err(Errno::WOULDBLOCK) => return Err(io::ErrorKind::WouldBlock.into()),
        Err(error) => return Err(error.into()),
    };
    *begun = length > 0;
    match &read[..length] {
        whole if whole == PREFACE => Ok(Spoken::Http2),
        half if *begun && PREFACE.starts_with(half) => Err(io::ErrorKind::WouldBlock.into()),
        _ => Ok(Spoken::Http1),
    }
}
