//! Streams that leave hyper: nobody notices, but for the memory.

use super::*;

const SHORT: Duration = Duration::from_millis(300);

/// The body of a response, taken out of its chunks.
fn unchunked(answer: &str) -> String {
    let (_, mut rest) = answer.split_once("\r\n\r\n").expect("a body");
    let mut body = String::new();
    loop {
        let (size, after) = rest.split_once("\r\n").expect("a chunk's length");
        let size = usize::from_str_radix(size, 16).expect("a hexadecimal length");
        body.push_str(&after[..size]);
        rest = after[size..].strip_prefix("\r\n").expect("a chunk's end");
        if size == 0 {
            assert_eq!(rest, "", "nothing comes after the last chunk");
            return body;
        }
    }
}

fn whole() -> String {
    numbers().iter().map(|piece| std::str::from_utf8(piece).unwrap()).collect()
}

#[tokio::test]
async fn a_stream_arrives_whole_in_chunks_and_its_connection_ends_with_it() {
    let edge = Edge::start(settings()).await;
    let answer = edge.ask(get("/live/numbers")).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{}", &answer[..100]);
    let head = answer.split("\r\n\r\n").next().unwrap().to_lowercase();
    assert!(head.contains("transfer-encoding: chunked") && head.contains("connection: close"));
    assert_eq!(unchunked(&answer), whole());
    edge.running.becomes(0).await;
}

#[tokio::test]
async fn to_an_old_client_it_arrives_bare() {
    let edge = Edge::start(settings()).await;
    let answer = edge.ask("GET /live/numbers HTTP/1.0\r\nHost: localhost\r\n\r\n").await;
    let (head, body) = answer.split_once("\r\n\r\n").expect("a body");
    assert!(!head.to_lowercase().contains("chunked"), "{head}");
    assert_eq!(body, whole());
}

#[tokio::test]
async fn a_socket_that_takes_little_at_a_time_gets_every_byte_once() {
    let edge = Edge::start(settings()).await;
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(1).unwrap();
    let mut client = Client(socket.connect(edge.address).await.unwrap());
    client.send(get("/live/numbers")).await;
    let (mut read, mut piece) = (Vec::new(), [0; 1999]);
    loop {
        let count = timeout(GIVE_UP, client.0.read(&mut piece)).await.unwrap().unwrap();
        if count == 0 {
            break;
        }
        read.extend_from_slice(&piece[..count]);
        if read.len() % 7 == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }
    assert_eq!(unchunked(std::str::from_utf8(&read).unwrap()), whole());
}

#[tokio::test]
async fn one_that_breaks_ends_without_its_last_chunk() {
    let edge = Edge::start(settings()).await;
    let answer = edge.ask(get("/live/broken")).await;
    assert!(answer.ends_with("3\r\none\r\n"), "{answer}");
}

#[tokio::test]
async fn silent_ones_end_when_their_clients_leave() {
    let edge = Edge::start(settings()).await;
    let mut clients = Vec::new();
    for _ in 0..200 {
        let mut client = edge.connect().await;
        client.send(get("/live/quiet")).await;
        client.until("data: 1\n\n").await;
        clients.push(client);
    }
    edge.running.becomes(200).await;
    for (at, client) in clients.into_iter().enumerate() {
        if at % 2 == 0 { client.reset() } else { drop(client) }
    }
    edge.running.becomes(0).await;
}

#[tokio::test]
async fn what_a_client_says_behind_its_request_is_not_answered_and_hides_nothing() {
    let edge = Edge::start(settings()).await;
    let mut client = edge.connect().await;
    client.send(get("/live/quiet") + &get("/api/hello").repeat(50)).await;
    client.until("data: 1\n\n").await;
    client.send(get("/api/hello")).await;
    drop(client);
    edge.running.becomes(0).await;
}

#[tokio::test]
async fn a_reader_that_stalls_is_cut_off_and_one_that_is_quiet_is_not() {
    let edge = Edge::start(Settings { stall_timeout: SHORT, ..settings() }).await;
    let mut quiet = edge.connect().await;
    quiet.send(get("/live/quiet")).await;
    quiet.until("data: 1\n\n").await;
    let mut stalling = edge.connect().await;
    stalling.send(get("/live/flood")).await;
    stalling.until("xxx").await;
    edge.running.becomes(1).await;
    tokio::time::sleep(SHORT).await;
    edge.running.becomes(1).await;
    drop(quiet);
    edge.running.becomes(0).await;
}

#[tokio::test]
async fn asking_for_the_head_alone_opens_no_stream() {
    let edge = Edge::start(settings()).await;
    let mut client = edge.connect().await;
    client.send("HEAD /live/quiet HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    assert!(client.until("\r\n\r\n").await.starts_with("HTTP/1.1 200"));
    edge.running.becomes(0).await;
    client.send(get("/api/hello")).await;
    client.until("hello").await;
}

#[tokio::test]
async fn the_drain_lets_them_end_by_themselves() {
    let edge = Edge::start(settings()).await;
    let mut client = edge.connect().await;
    client.send(get("/live/stream")).await;
    client.until("data: 1\n\n").await;
    edge.drain.cancel();
    assert!(client.rest().await.ends_with("0\r\n\r\n"), "the last chunk is there");
    edge.stopped().await;
}

#[tokio::test]
async fn those_that_do_not_end_in_time_are_cut() {
    let short = Settings { drain_timeout: SHORT, ..settings() };
    let edge = Edge::start(short).await;
    let mut client = edge.connect().await;
    client.send(get("/live/quiet")).await;
    client.until("data: 1\n\n").await;
    edge.drain.cancel();
    client.rest().await;
    edge.running.becomes(0).await;
    edge.stopped().await;
}
