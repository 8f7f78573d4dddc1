//! A proxy that collects an answer before it passes it on, as some do by default, or that asks for
//! streams to be ended after a while.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use milepost_client::Milepost;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{TcpListener, TcpStream},
};

use crate::server::Server;

/// In front of a server, for as long as the test's runtime lives.
pub struct Proxy {
    pub url: String,
    conduct: Arc<Conduct>,
}

#[derive(Default)]
struct Conduct {
    passes_on: AtomicBool,
    /// After how many seconds the server is to end streams; 0 for never.
    seconds: AtomicUsize,
    /// How many requests asked for a stream.
    streams: AtomicUsize,
}

impl Proxy {
    pub async fn before(server: &Server) -> Proxy {
        let upstream = server.url.trim_start_matches("http://").parse().expect("an address");
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let conduct: Arc<Conduct> = Arc::default();
        let proxy = Proxy { url, conduct: Arc::clone(&conduct) };
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let conduct = Arc::clone(&conduct);
                tokio::spawn(async move {
                    // What breaks here is noticed on both sides of it.
                    let _ = pass(client, upstream, &conduct).await;
                });
            }
        });
        proxy
    }

    pub fn client(&self) -> Milepost {
        Milepost::new(&self.url).expect("the URL is right")
    }

    /// From now on, what comes is passed on at once.
    pub fn let_through(&self) {
        self.conduct.passes_on.store(true, Ordering::Relaxed);
    }

    /// From now on, the server ends each stream of many tasks after that long.
    pub fn end_streams_after(&self, seconds: usize) {
        self.conduct.seconds.store(seconds, Ordering::Relaxed);
    }

    pub fn streams(&self) -> usize {
        self.conduct.streams.load(Ordering::Relaxed)
    }
}

/// One request and its answer.
async fn pass(
    mut client: TcpStream,
    upstream: SocketAddr,
    conduct: &Conduct,
) -> std::io::Result<()> {
    let mut request = request(&mut client).await?;
    let line = request.lines().next().unwrap_or_default();
    if line.contains("/events") || line.contains("/event-streams") {
        conduct.streams.fetch_add(1, Ordering::Relaxed);
    }
    let seconds = conduct.seconds.load(Ordering::Relaxed);
    if seconds > 0 {
        let path = format!("/api/v1/events?max_seconds={seconds}&");
        request = request.replacen("/api/v1/events?", &path, 1);
    }
    // So that the end of the answer is the end of the connection.
    let request = request.replacen("\r\n", "\r\nConnection: close\r\n", 1);
    let mut server = TcpStream::connect(upstream).await?;
    server.write_all(request.as_bytes()).await?;
    let (mut from_client, mut to_client) = client.split();
    let (mut from_server, _to_server) = server.split();
    let answering = async {
        if conduct.passes_on.load(Ordering::Relaxed) {
            copy(&mut from_server, &mut to_client).await?;
        } else {
            let mut answer = Vec::new();
            from_server.read_to_end(&mut answer).await?;
            to_client.write_all(&answer).await?;
        }
        to_client.shutdown().await
    };
    let mut nothing = [0];
    tokio::select! {
        answered = answering => answered,
        // A client that leaves takes its request with it.
        _ = from_client.read(&mut nothing) => Ok(()),
    }
}

/// Head and body of a request, as text.
async fn request(client: &mut TcpStream) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    loop {
        if client.read_buf(&mut bytes).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let text = String::from_utf8_lossy(&bytes);
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse().ok())?
        });
        if body.len() >= length.unwrap_or(0) {
            return Ok(text.into_owned());
        }
    }
}
