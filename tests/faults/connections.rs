//! Connections that are slow, silent or half.

use std::time::{Duration, Instant};

use milepost_tests::harness::{Connection, Server};

/// How long until the server closes it; its answer, if it gave one.
async fn closed_after(mut connection: Connection) -> (Duration, Option<u16>) {
    let began = Instant::now();
    let answer =
        milepost_tests::harness::soon("the server to close", connection.try_answer()).await;
    milepost_tests::harness::soon("the server to close", connection.closed()).await;
    (began.elapsed(), answer.map(|answer| answer.status))
}

#[tokio::test]
async fn silent_and_half_requests_are_closed_within_about_ten_seconds() {
    let server = Server::start().await;
    let host = server.address();
    let starts: [&[u8]; 5] =
        [b"", b"G", b"GET /healthz HTTP/1.1\r\nHost: x", b"PRI * HT", b"\r\n\r\n"];
    let mut open = Vec::new();
    for start in starts {
        let mut connection = Connection::open(host).await;
        connection.send(start).await;
        open.push(closed_after(connection));
    }
    for (took, status) in futures_util::future::join_all(open).await {
        assert!(took < Duration::from_secs(15), "{took:?}");
        assert!(matches!(status, None | Some(400 | 408)), "{status:?}");
    }
    server.get("/healthz").await.expect(200);
}

#[tokio::test]
async fn a_head_that_comes_one_byte_a_second_is_not_waited_for() {
    let server = Server::start().await;
    let (mut reader, mut writer) = Connection::open(server.address()).await.into_parts();
    let began = Instant::now();
    let drip = async move {
        for byte in b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: yes, very\r\n\r\n" {
            tokio::time::sleep(Duration::from_secs(1)).await;
            if tokio::io::AsyncWriteExt::write_all(&mut writer, &[*byte]).await.is_err() {
                break;
            }
        }
        std::future::pending::<()>().await;
    };
    let answer =
        async { milepost_tests::harness::soon("the server to close", reader.try_answer()).await };
    tokio::select! {
        answer = answer => assert!(answer.is_none_or(|answer| answer.status == 408)),
        () = drip => unreachable!("the drip never ends"),
    }
    assert!(began.elapsed() < Duration::from_secs(15), "{:?}", began.elapsed());
}

#[tokio::test]
async fn a_body_that_never_comes_holds_up_nobody_else() {
    let server = Server::start().await;
    let mut slow = Vec::new();
    for _ in 0..50 {
        let mut connection = Connection::open(server.address()).await;
        let head = "POST /api/v1/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{";
        connection.send(head.as_bytes()).await;
        slow.push(connection);
    }
    server.submit_kind("k").await;
    assert_eq!(server.log("").await.len(), 1);
}

#[tokio::test]
async fn a_connection_that_is_kept_alive_between_requests_may_rest_a_while() {
    let server = Server::start().await;
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {}\r\n\r\n", server.address());
    let mut connection = Connection::open(server.address()).await;
    for _ in 0..3 {
        connection.send(request.as_bytes()).await;
        assert_eq!(connection.answer().await.status, 200);
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

#[tokio::test]
async fn a_flood_of_connections_that_vanish_leaves_the_server_well() {
    let server = Server::start().await;
    for _ in 0..500 {
        let mut connection = Connection::open(server.address()).await;
        connection.send(b"GET /api/v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n").await;
    }
    milepost_tests::harness::soon("the streams to be gone", async {
        while server.get("/api/v1/system").await.expect(200).json()["open_streams"] != 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    })
    .await;
}
