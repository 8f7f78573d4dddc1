//! The edge under real sockets: what a client can do to a connection, and what it gets for it.
//!
//! The operations behind it are a few small endpoints, and the timers are short; the tests wait for
//! what must happen and only give up late, so none of them measures speed.

mod bodies;
mod clients;
mod descriptors;
mod drain;
mod heads;
mod http2;
mod layers;
mod live;
mod patience;
mod tls;

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use futures_util::{Stream, StreamExt, stream};
use milepost_server::http::{self, Settings, fault::Fault, live::LiveBody};
use poem::{Body, Endpoint, Request, Response, endpoint::make};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
    time::timeout,
};
use tokio_util::sync::CancellationToken;

/// Longer than anything here takes, shorter than a person waits.
const GIVE_UP: Duration = Duration::from_secs(20);

/// What is at work in the endpoints right now.
#[derive(Clone, Default)]
struct Running(Arc<AtomicUsize>);

struct Run(Running);

impl Running {
    fn start(&self) -> Run {
        self.0.fetch_add(1, Ordering::SeqCst);
        Run(self.clone())
    }

    async fn becomes(&self, expected: usize) {
        let reached = async {
            while self.0.load(Ordering::SeqCst) != expected {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        timeout(GIVE_UP, reached).await.expect("the number of running handlers");
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.0.0.fetch_sub(1, Ordering::SeqCst);
    }
}

/// A served edge with its switch.
struct Edge {
    address: SocketAddr,
    running: Running,
    drain: CancellationToken,
    served: JoinHandle<()>,
}

fn settings() -> Settings {
    Settings {
        cors_origins: vec!["http://localhost:3000".parse().unwrap()],
        allowed_hosts: Vec::new(),
        max_body_bytes: 1024 * 1024,
        max_connections: 1000,
        open_connections: Arc::default(),
        max_connections_per_ip: None,
        tls: None,
        header_timeout: GIVE_UP,
        idle_timeout: GIVE_UP,
        stall_timeout: GIVE_UP,
        drain_timeout: GIVE_UP,
        explain,
    }
}

fn explain(fault: &Fault, path: Option<&str>) -> Response {
    Response::builder()
        .status(fault.status())
        .content_type("application/problem+json")
        .body(format!("{{\"detail\":{:?},\"instance\":{path:?}}}", fault.to_string()))
}

/// A stream as a response's body, or one that may leave hyper.
fn streamed<T: Into<Bytes>>(
    live: bool,
    stream: impl Stream<Item = Result<T, std::io::Error>> + Send + 'static,
) -> Response {
    let stream = stream.map(|piece| piece.map(Into::into)).boxed();
    if !live {
        return Response::builder().body(Body::from_bytes_stream(stream));
    }
    let live = LiveBody::of(stream);
    Response::builder().extension(live.clone()).body(live.into_body())
}

fn operations(running: Running, drain: CancellationToken) -> impl Endpoint {
    make(move |mut request: Request| {
        let (running, drain) = (running.clone(), drain.clone());
        async move {
            let run = running.start();
            let path = request.uri().path().to_owned();
            // The same under /api and /live.
            let live = path.starts_with("/live/");
            Ok::<_, poem::Error>(match path.replacen("/live/", "/api/", 1).as_str() {
                "/api/length" => {
                    let body = request.take_body().into_bytes().await?;
                    Response::from(body.len().to_string())
                }
                // Waits until somebody drops it.
                "/api/forever" => std::future::pending().await,
                "/api/soon" => {
                    tokio::time::sleep(Duration::from_millis(300)).await;
                    Response::from("soon")
                }
                // An event each 10 ms until the drain.
                "/api/stream" => {
                    let events = stream::unfold(run, move |run| {
                        let drain = drain.clone();
                        async move {
                            tokio::select! {
                                () = drain.cancelled() => None,
                                () = tokio::time::sleep(Duration::from_millis(10)) => {
                                    Some((Ok::<_, std::io::Error>("data: 1\n\n"), run))
                                }
                            }
                        }
                    });
                    streamed(live, events)
                }
                // Begins, and says nothing more.
                "/api/quiet" => {
                    let quiet = stream::unfold((run, false), |(run, begun)| async move {
                        if begun {
                            std::future::pending::<()>().await;
                        }
                        Some((Ok::<_, std::io::Error>("data: 1\n\n"), (run, true)))
                    });
                    streamed(live, quiet)
                }
                "/api/large" => Response::from(vec![b'x'; 16 * 1024 * 1024]),
                // More than any socket buffer takes.
                "/api/flood" => {
                    let piece = Bytes::from(vec![b'x'; 64 * 1024]);
                    let flood = stream::unfold((run, piece), |(run, piece)| async move {
                        Some((Ok::<_, std::io::Error>(piece.clone()), (run, piece)))
                    });
                    streamed(live, flood)
                }
                // The numbers up to 100,000, in pieces of all sizes.
                "/api/numbers" => {
                    let pieces = numbers();
                    streamed(live, stream::iter(pieces).map(Ok::<_, std::io::Error>))
                }
                // Says something and breaks.
                "/api/broken" => {
                    let pieces = [Ok("one"), Err(std::io::ErrorKind::Other.into())];
                    streamed(live, stream::iter(pieces))
                }
                _ => Response::from("hello"),
            })
        }
    })
}

/// A text of half a megabyte, in pieces of growing size.
fn numbers() -> Vec<Bytes> {
    let text: String = (0..100_000).map(|number| format!("{number},")).collect();
    let (mut rest, mut pieces) = (Bytes::from(text), Vec::new());
    while !rest.is_empty() {
        pieces.push(rest.split_to(rest.len().min(pieces.len() + 1)));
    }
    pieces
}

impl Edge {
    async fn start(settings: Settings) -> Edge {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (running, drain) = (Running::default(), CancellationToken::new());
        let operations = operations(running.clone(), drain.clone());
        let served = tokio::spawn(http::serve(listener, operations, settings, drain.clone()));
        Edge { address, running, drain, served }
    }

    async fn connect(&self) -> Client {
        Client(TcpStream::connect(self.address).await.unwrap())
    }

    /// Sends `request` on a connection of its own and reads until the server closes it.
    async fn ask(&self, request: impl AsRef<[u8]>) -> String {
        let mut client = self.connect().await;
        client.send(request).await;
        client.rest().await
    }

    async fn stopped(self) {
        timeout(GIVE_UP, self.served).await.expect("the server ends").unwrap();
    }
}

/// A client that does only what it is told.
struct Client(TcpStream);

impl Client {
    async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.write_all(bytes.as_ref()).await.unwrap();
    }

    /// Everything until the server closes, as text.
    async fn rest(&mut self) -> String {
        let mut read = Vec::new();
        timeout(GIVE_UP, self.0.read_to_end(&mut read)).await.expect("the server closes").unwrap();
        String::from_utf8_lossy(&read).into_owned()
    }

    /// What arrives up to and with `end`.
    async fn until(&mut self, end: &str) -> String {
        let mut read = String::new();
        while !read.ends_with(end) {
            let byte = timeout(GIVE_UP, self.0.read_u8()).await.expect("an answer").unwrap();
            read.push(char::from(byte));
        }
        read
    }

    /// Closes with a reset instead of an end.
    fn reset(self) {
        self.0.set_zero_linger().unwrap();
    }
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n")
}

/// Asserts a problem with this status whose connection ends.
fn assert_problem(answer: &str, status: u16) {
    assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "not {status}: {answer}");
    let lower = answer.to_lowercase();
    assert!(lower.contains("content-type: application/problem+json"), "no problem: {answer}");
    assert!(answer.contains("\r\n\r\n{\"detail\""), "no body: {answer}");
}
