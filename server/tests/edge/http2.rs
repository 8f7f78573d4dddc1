//! HTTP/2, by prior knowledge on the plain port: many requests on one connection, each with an end.

use h2::client::{ResponseFuture, SendRequest};
use poem::http::{Method, Version};
use tokio::io::{AsyncRead, AsyncWrite};

use super::*;

const SHORT: Duration = Duration::from_millis(300);
const PREFACE: &str = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const NO_SETTINGS: [u8; 9] = [0, 0, 0, 4, 0, 0, 0, 0, 0];

/// A connection that speaks HTTP/2, driven by a task of its own.
pub struct Http2 {
    sender: SendRequest<Bytes>,
    driver: JoinHandle<Result<(), h2::Error>>,
}

impl Http2 {
    pub async fn over(socket: impl AsyncRead + AsyncWrite + Unpin + Send + 'static) -> Http2 {
        let (sender, connection) = h2::client::handshake(socket).await.unwrap();
        Http2 { sender, driver: tokio::spawn(connection) }
    }

    pub async fn request(&self, method: Method, url: &str, headers: &[(&str, &str)]) -> Answer {
        let mut request = poem::http::Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let sender = self.sender.clone().ready().await;
        let mut sender = sender.expect("the connection takes a request");
        let (response, _) = sender.send_request(request.body(()).unwrap(), true).unwrap();
        Answer::of(response).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.request(Method::GET, &format!("http://localhost{path}"), &[]).await
    }

    /// Waits until the server has closed it.
    pub async fn closed(self) {
        drop(self.sender);
        // Whether it said why is not the point here.
        let _ = timeout(GIVE_UP, self.driver).await.expect("the server closes").unwrap();
    }
}

pub struct Answer {
    pub status: u16,
    pub headers: poem::http::HeaderMap,
    body: h2::RecvStream,
}

impl Answer {
    async fn of(response: ResponseFuture) -> Answer {
        let response = timeout(GIVE_UP, response).await.expect("an answer in time");
        let response = response.expect("an answer");
        assert_eq!(response.version(), Version::HTTP_2);
        let (head, body) = response.into_parts();
        Answer { status: head.status.as_u16(), headers: head.headers, body }
    }

    /// The next piece of the body, read; nothing at its end.
    async fn piece(&mut self) -> Option<Result<Bytes, h2::Error>> {
        let piece = timeout(GIVE_UP, self.body.data()).await.expect("a piece in time")?;
        if let Ok(piece) = &piece {
            self.body.flow_control().release_capacity(piece.len()).unwrap();
        }
        Some(piece)
    }

    /// The rest of the body, to its clean end.
    pub async fn rest(mut self) -> Vec<u8> {
        let mut read = Vec::new();
        while let Some(piece) = self.piece().await {
            read.extend(piece.expect("the body goes on"));
        }
        read
    }
}

async fn connect(edge: &Edge) -> Http2 {
    Http2::over(edge.connect().await.0).await
}

#[tokio::test]
async fn a_client_that_knows_speaks_http_2_on_the_plain_port() {
    let edge = Edge::start(settings()).await;
    let client = connect(&edge).await;
    let answer = client.get("/api/hello").await;
    assert_eq!(
        (answer.status, answer.headers.get("content-length").unwrap().as_bytes()),
        (200, &b"5"[..])
    );
    assert_eq!(answer.rest().await, b"hello");
    let head = client.request(Method::HEAD, "http://localhost/api/hello", &[]).await;
    assert_eq!(head.headers["content-length"], "5");
    assert_eq!(head.rest().await, b"");
    assert_eq!(client.get("/api/large").await.rest().await.len(), 16 * 1024 * 1024);
}

#[tokio::test]
async fn a_hundred_streams_share_a_connection_and_leave_with_it() {
    let edge = Edge::start(settings()).await;
    let client = connect(&edge).await;
    let streams = (0..100).map(|_| client.get("/api/stream"));
    let mut streams = futures_util::future::join_all(streams).await;
    for stream in &mut streams {
        assert_eq!(stream.piece().await.unwrap().unwrap(), "data: 1\n\n");
        assert!(!stream.headers.contains_key("connection"));
    }
    edge.running.becomes(100).await;
    drop(streams.pop());
    edge.running.becomes(99).await;
    streams[0].piece().await.unwrap().unwrap();
    client.driver.abort();
    edge.running.becomes(0).await;
}

#[tokio::test]
async fn a_handler_ends_when_its_client_leaves() {
    let edge = Edge::start(settings()).await;
    let client = connect(&edge).await;
    let waiting = tokio::time::timeout(SHORT, client.get("/api/forever"));
    assert!(waiting.await.is_err());
    edge.running.becomes(0).await;
}

#[tokio::test]
async fn half_a_preface_is_waited_for_no_longer_than_a_head() {
    let edge = Edge::start(Settings { header_timeout: SHORT, ..settings() }).await;
    for half in ["P", "PRI * HT", &PREFACE[..23]] {
        assert_problem(&edge.ask(half).await, 408);
    }
}

/// A socket that is closed is ready for ever: waiting for more of it must not turn into a loop.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn half_a_preface_and_then_the_end_holds_nobody_up() {
    let edge = Edge::start(settings()).await;
    for half in ["P", "PRI * HT", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r"] {
        for _ in 0..4 {
            let mut client = edge.connect().await;
            client.send(half).await;
            client.0.shutdown().await.unwrap();
            client.rest().await;
        }
    }
    let mut client = edge.connect().await;
    client.send(get("/api/hello")).await;
    client.until("hello").await;
}

#[tokio::test]
async fn a_preface_may_come_in_parts_and_so_may_what_only_begins_like_one() {
    let edge = Edge::start(settings()).await;
    let mut client = edge.connect().await;
    for part in [&PREFACE[..1], &PREFACE[1..8], &PREFACE[8..]] {
        client.send(part).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    client.send(NO_SETTINGS).await;
    let mut frame = [0; 9];
    timeout(GIVE_UP, client.0.read_exact(&mut frame)).await.expect("settings").unwrap();
    assert_eq!(frame[3], 4, "the server's first frame is its settings");

    let mut client = edge.connect().await;
    for part in ["P", "RI /api/hello HTTP/1.1\r\n", "Host: localhost\r\nConnection: close\r\n\r\n"]
    {
        client.send(part).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert!(client.rest().await.ends_with("hello"));
}

#[tokio::test]
async fn a_connection_that_never_asks_anything_is_closed() {
    let edge = Edge::start(Settings { header_timeout: SHORT, ..settings() }).await;
    let mut client = edge.connect().await;
    client.send([PREFACE.as_bytes(), &NO_SETTINGS].concat()).await;
    client.rest().await;
}

#[tokio::test]
async fn a_connection_that_rests_too_long_is_told_and_closed() {
    let edge = Edge::start(Settings { idle_timeout: SHORT, ..settings() }).await;
    let client = connect(&edge).await;
    for _ in 0..2 {
        assert_eq!(client.get("/api/hello").await.rest().await, b"hello");
        tokio::time::sleep(SHORT / 2).await;
    }
    // The sender stays, or the client would be the one that closes.
    let _sender = client.sender.clone();
    let ended = timeout(GIVE_UP, client.driver).await.expect("the server closes").unwrap();
    ended.expect("it says goodbye");
}

#[tokio::test]
async fn timers_do_not_touch_streams_that_are_open() {
    let short = Settings { header_timeout: SHORT, idle_timeout: SHORT, ..settings() };
    let edge = Edge::start(Settings { stall_timeout: SHORT, ..short }).await;
    let client = connect(&edge).await;
    let mut quiet = client.get("/api/quiet").await;
    quiet.piece().await.unwrap().unwrap();
    tokio::time::sleep(SHORT * 4).await;
    edge.running.becomes(1).await;
    assert_eq!(client.get("/api/hello").await.rest().await, b"hello");
}

#[tokio::test]
async fn a_reader_that_stalls_loses_its_stream_and_the_others_go_on() {
    let edge = Edge::start(Settings { stall_timeout: SHORT, ..settings() }).await;
    let client = connect(&edge).await;
    let stalled = client.get("/api/flood").await;
    edge.running.becomes(1).await;
    edge.running.becomes(0).await;
    drop(stalled);
    assert_eq!(client.get("/api/hello").await.rest().await, b"hello");
}

#[tokio::test]
async fn a_connection_that_nobody_reads_is_cut_off() {
    let edge = Edge::start(Settings { stall_timeout: SHORT, ..settings() }).await;
    let socket = edge.connect().await.0;
    let (sender, mut connection) = h2::client::Builder::new()
        .initial_window_size(1 << 30)
        .initial_connection_window_size(1 << 30)
        .handshake::<_, Bytes>(socket)
        .await
        .unwrap();
    let mut sender = sender.ready().await.unwrap();
    let request = poem::http::Request::get("http://localhost/api/flood").body(()).unwrap();
    let (response, _) = sender.send_request(request, true).unwrap();
    tokio::select! {
        _ = &mut connection => panic!("the connection ended"),
        response = response => assert_eq!(response.unwrap().status(), 200),
    }
    // From here on nobody drives it.
    edge.running.becomes(0).await;
    drop(connection);
}

#[tokio::test]
async fn the_authority_is_the_host_and_the_own_origin() {
    let edge = Edge::start(settings()).await;
    let client = connect(&edge).await;
    let ask = async |method, url: &str, headers: &[(&str, &str)]| {
        client.request(method, url, headers).await.status
    };
    assert_eq!(ask(Method::GET, "http://rebound.example/api/hello", &[]).await, 403);
    let both = [("host", "rebound.example")];
    assert_eq!(ask(Method::GET, "http://localhost/api/hello", &both).await, 403);
    let url = "http://localhost:1/api/hello";
    assert_eq!(ask(Method::POST, url, &[("origin", "http://localhost:1")]).await, 200);
    assert_eq!(ask(Method::POST, url, &[("origin", "http://localhost:2")]).await, 403);
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused_and_the_connection_goes_on() {
    let edge = Edge::start(settings()).await;
    let client = connect(&edge).await;
    let large = "x".repeat(20_000);
    let answer = client.request(Method::GET, "http://localhost/", &[("x", &large)]).await;
    assert_eq!(answer.status, 431);
    assert_eq!(client.get("/api/hello").await.status, 200);
}

#[tokio::test]
async fn nobody_is_tunnelled_anywhere() {
    let edge = Edge::start(settings()).await;
    let client = connect(&edge).await;
    let answer = client.request(Method::CONNECT, "localhost:22", &[]).await;
    assert_eq!(answer.status, 405);
}

#[tokio::test]
async fn the_drain_lets_streams_end_and_answers_what_runs() {
    let edge = Edge::start(settings()).await;
    let client = connect(&edge).await;
    let mut streaming = client.get("/api/stream").await;
    streaming.piece().await.unwrap().unwrap();
    let soon = client.get("/api/soon");
    let drained = async {
        edge.running.becomes(2).await;
        edge.drain.cancel();
    };
    let (soon, ()) = tokio::join!(soon, drained);
    assert_eq!(soon.rest().await, b"soon");
    streaming.rest().await;
    client.closed().await;
    edge.stopped().await;
}

#[tokio::test]
async fn the_drain_closes_idle_connections_and_cuts_what_does_not_end() {
    let short = Settings { drain_timeout: SHORT, ..settings() };
    let edge = Edge::start(short).await;
    let idle = connect(&edge).await;
    assert_eq!(idle.get("/api/hello").await.status, 200);
    let busy = connect(&edge).await;
    let forever = tokio::spawn(async move {
        let sender = busy.sender.clone();
        let request = poem::http::Request::get("http://localhost/api/forever").body(()).unwrap();
        let response = sender.ready().await.unwrap().send_request(request, true).unwrap().0;
        response.await.is_err()
    });
    edge.running.becomes(1).await;
    edge.drain.cancel();
    idle.closed().await;
    assert!(timeout(GIVE_UP, forever).await.expect("it is cut").unwrap());
    edge.running.becomes(0).await;
    edge.stopped().await;
}
