//! More submits than the server can write.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use milepost_tests::harness::{Connection, Server, soon};
use serde_json::json;

/// Submits in flight at once: more bodies than the server takes on.
const CALLERS: usize = 600;

#[tokio::test]
async fn a_flood_of_submits_is_written_or_refused_at_once_and_costs_no_lease() {
    let server = Server::start().await;
    let id = server.submit_kind("precious").await;
    let lease = server.lease_one(json!({"lease_seconds": 10})).await;
    let stop = Arc::new(AtomicBool::new(false));
    let stopped = stop.clone();
    let worker = tokio::spawn(async move {
        let mut reports = 0;
        while !stopped.load(Ordering::Relaxed) {
            lease
                .report(json!({"sequence": reports, "progress": {"percent": 1}}))
                .await
                .expect(200);
            reports += 1;
        }
        lease.complete(json!(reports)).await.task(200);
    });
    let body = json!({"kind": "flood", "input": "x".repeat(200_000)}).to_string();
    let request = format!(
        "POST /api/v1/tasks HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n{body}",
        server.address(),
        body.len()
    );
    let request: Arc<str> = request.into();
    let callers = (0..CALLERS).map(|_| {
        let (request, address) = (request.clone(), server.address());
        async move {
            let mut connection = Connection::open(address).await;
            connection.send(request.as_bytes()).await;
            connection.answer().await
        }
    });
    let answers = soon("every answer", futures_util::future::join_all(callers)).await;
    let mut written = 0;
    for answer in answers {
        match answer.status {
            202 => written += 1,
            503 => {
                assert!(answer.header("retry-after").is_some(), "{answer:?}");
                assert_eq!(answer.problem(503)["type"], "/problems/overloaded");
            }
            other => panic!("{other}: {}", answer.text()),
        }
    }
    assert!(written > 0, "some were written");
    stop.store(true, Ordering::Relaxed);
    soon("the worker", worker).await.expect("a worker that was never refused");
    assert_eq!(server.task(&id).await["state"], "succeeded");
    assert_eq!(server.log("&kind=flood").await.len(), written, "what was told is what is there");
    println!("{written} of {CALLERS} were written");
    tokio::time::sleep(Duration::from_millis(10)).await;
}
