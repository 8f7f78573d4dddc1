//! The generated Rust client, as the files of the operations use it beside the plain JSON client:
//! every operation is called through it, with success and, where there can be one, with a refusal.

use std::pin::pin;

use futures_util::{Stream, StreamExt};
use milepost_client::{Client, Error, types};
use milepost_tests::harness::{Server, soon};

/// The generated client of a server.
pub fn client(server: &Server) -> Client {
    Client::new(&server.url(""))
}

/// Asserts that it was refused, typed, with this status and type.
#[track_caller]
pub fn assert_refused<T: std::fmt::Debug>(
    answer: Result<T, impl Into<Error> + std::fmt::Debug>,
    status: u16,
    slug: &str,
) {
    let error: Error = answer.expect_err("a refusal").into();
    let problem = error.problem().unwrap_or_else(|| panic!("{error} is no problem"));
    assert_eq!(problem.status, status, "{error}");
    assert!(error.is_problem(slug), "{error}");
}

/// A task of this kind.
pub async fn submitted(client: &Client, kind: &str) -> types::Task {
    let request = client.create_task().body_map(|body| body.kind(kind));
    request.send().await.expect("a task").into_inner()
}

/// A task of this kind, leased.
pub async fn leased(client: &Client, kind: &str) -> types::Lease {
    submitted(client, kind).await;
    let request = client.acquire_leases().body_map(|body| body.worker("w").wait_seconds(10u64));
    let leases = request.send().await.expect("leases").into_inner().leases;
    leases.into_iter().next().expect("one lease")
}

/// What a stream says until this stands in it.
pub async fn read_until<B, E>(stream: impl Stream<Item = Result<B, E>>, wanted: &str) -> String
where
    B: AsRef<[u8]>,
    E: std::fmt::Debug,
{
    let mut stream = pin!(stream);
    let mut text = String::new();
    soon(wanted, async {
        while !text.contains(wanted) {
            let piece = stream.next().await.expect("more of the stream").expect("bytes");
            text.push_str(&String::from_utf8_lossy(piece.as_ref()));
        }
    })
    .await;
    text
}
