//! The operations over HTTP/2, by prior knowledge on the plain port.

use milepost_tests::harness::{Client, Item, Options, Parser, Server, soon};
use reqwest::{Response, Version};
use serde_json::{Value, json};

/// The events of a stream, to its end.
async fn events(mut stream: Response) -> Vec<Value> {
    let mut parser = Parser::default();
    let mut events = Vec::new();
    let whole = async {
        while let Some(piece) = stream.chunk().await.expect("the stream ends cleanly") {
            for item in parser.feed(&piece) {
                if let Item::Event(message) = item {
                    events.push(message.json());
                }
            }
        }
    };
    soon("the stream's end", whole).await;
    events
}

#[tokio::test]
async fn a_task_lives_its_whole_life_over_it() {
    let server = Server::start().await;
    let client = Client::over_http2(server.address());
    let id = client.submit_kind("k").await;
    let stream = client.open(&format!("/api/v1/tasks/{id}/events?from=start")).await;
    assert_eq!(stream.version(), Version::HTTP_2);
    assert_eq!(stream.headers()["content-type"], "text/event-stream");
    assert_eq!(stream.headers()["cache-control"], "no-store, no-transform");
    for name in ["connection", "keep-alive", "transfer-encoding", "upgrade"] {
        assert!(!stream.headers().contains_key(name), "{name} belongs to HTTP/1.1");
    }
    let lease = client.lease_one(json!({})).await;
    let report = json!({"progress": {"percent": 50}, "logs": [{"text": "half"}]});
    lease.report(report).await.expect(200);
    lease.complete(json!({"answer": 42})).await.expect(200);
    assert_eq!(client.task(&id).await["output"]["answer"], 42);

    let mut seen = events(stream).await;
    assert_eq!(seen.pop().expect("an end")["type"], "stream.end");
    assert_eq!(seen, client.history(&id).await);
    let refused = client.get("/api/v1/tasks/none").await;
    refused.problem(404, "task-not-found");
}

#[tokio::test]
async fn a_hundred_watchers_share_a_connection_that_counts_as_one() {
    // One for the watchers, one for this test.
    let server = Server::with(Options::flags(["--max-connections-per-ip", "2"])).await;
    let client = Client::over_http2(server.address());
    let id = client.submit_kind("k").await;
    let path = format!("/api/v1/tasks/{id}/events?from=start");
    let watchers = futures_util::future::join_all((0..100).map(|_| client.open(&path))).await;
    let system = server.get("/api/v1/system").await.expect(200).json();
    assert_eq!(system["open_streams"], 100);

    let lease = server.lease_one(json!({})).await;
    lease.report(json!({"logs": [{"text": "for all"}]})).await.expect(200);
    lease.complete(json!(1)).await.expect(200);
    let history = server.history(&id).await;
    for seen in futures_util::future::join_all(watchers.into_iter().map(events)).await {
        assert_eq!(seen[..seen.len() - 1], history);
    }
}

#[tokio::test]
async fn the_drain_tells_every_stream_and_ends_in_time() {
    let mut server = Server::start().await;
    let client = Client::over_http2(server.address());
    let streams: Vec<_> =
        futures_util::future::join_all((0..20).map(|_| client.open("/api/v1/events"))).await;
    server.ask_to_stop();
    for seen in futures_util::future::join_all(streams.into_iter().map(events)).await {
        assert_eq!(seen.last().expect("a last word")["type"], "stream.draining");
    }
    assert!(server.stopped().await.success());
    assert!(!server.stderr().contains("cutting"), "{}", server.stderr());
}
