//! Bodies without measure.

use milepost_tests::harness::{Connection, Server};
use tokio::io::AsyncWriteExt;

#[tokio::test]
async fn sixty_four_megabytes_in_chunks_are_refused_and_never_held() {
    let server = Server::start().await;
    server.get("/healthz").await.expect(200);
    let before = server.resident_memory();
    for path in ["/api/v1/tasks", "/api/submit", "/api/v1/leases"] {
        let (mut reader, mut writer) = Connection::open(server.address()).await.into_parts();
        let head = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n"
        );
        // The server may hang up on the way, or read on for a while and forget what it reads, so
        // that its refusal is not lost; what it may not is keep it.
        let send = async {
            let _ = writer.write_all(head.as_bytes()).await;
            let size = format!("{:x}\r\n", 1 << 20);
            let chunk = [size.into_bytes(), vec![b'['; 1 << 20], b"\r\n".to_vec()].concat();
            for _ in 0..64 {
                if writer.write_all(&chunk).await.is_err() {
                    break;
                }
            }
        };
        let exchange = async { tokio::join!(reader.answer(), send) };
        let (answer, ()) = milepost_tests::harness::soon("the refusal", exchange).await;
        answer.problem(413);
    }
    let grown = server.resident_memory().saturating_sub(before);
    assert!(grown < 24 << 20, "it grew by {} MiB", grown >> 20);
}

#[tokio::test]
async fn chunks_without_an_end_are_refused_at_the_limit() {
    let server = Server::start().await;
    let (mut reader, mut writer) = Connection::open(server.address()).await.into_parts();
    let head = "POST /api/v1/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    writer.write_all(head.as_bytes()).await.expect("a head is taken");
    let chunk = [b"400\r\n".to_vec(), vec![b' '; 0x400], b"\r\n".to_vec()].concat();
    let endless = async {
        for _ in 0..4096 {
            if writer.write_all(&chunk).await.is_err() {
                break;
            }
        }
        std::future::pending::<()>().await;
    };
    tokio::select! {
        answer = milepost_tests::harness::soon("the refusal", reader.answer()) => {
            answer.problem(413);
        }
        () = endless => unreachable!("it never ends"),
    }
}

#[tokio::test]
async fn chunks_that_are_none_are_refused() {
    let server = Server::start().await;
    let head = "POST /api/v1/tasks HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    for body in ["zz\r\n", "-5\r\n{}\r\n", "ffffffffffffffffff\r\n", "5\r\n{}\r\n0\r\n\r\n"] {
        let mut connection = Connection::open(server.address()).await;
        connection.send(format!("{head}{body}").as_bytes()).await;
        connection.finish().await;
        let answer = milepost_tests::harness::soon("an end", connection.try_answer()).await;
        assert!(answer.is_none_or(|answer| (400..500).contains(&answer.status)), "{body:?}");
    }
    assert!(server.log("").await.is_empty());
}
