//! Changes that insist on the revision that was looked at.

use milepost_client::{Error, types::TaskSubmission};

use crate::server::Server;

fn is_stale<T: std::fmt::Debug>(answer: Result<T, Error>) -> bool {
    answer.expect_err("it has changed since").is_problem("precondition-failed")
}

#[tokio::test]
async fn a_task_is_cancelled_retried_and_deleted_only_as_it_was_seen() {
    let server = Server::start();
    let milepost = server.client();
    let task = milepost.submit(TaskSubmission::builder().kind("k")).await.unwrap();
    let seen = || async { milepost.get_revision(&task.id).await.unwrap().etag };
    let first = seen().await;
    assert!(is_stale(milepost.cancel_if_match(&task.id, "\"0\"").await));
    assert!(milepost.cancel_if_match(&task.id, &first).await.unwrap().done);
    assert!(is_stale(milepost.retry_if_match(&task.id, &first).await));
    assert!(!milepost.retry_if_match(&task.id, &seen().await).await.unwrap().done);
    milepost.cancel(&task.id).await.unwrap();
    assert!(is_stale(milepost.delete_if_match(&task.id, &first).await));
    milepost.delete_if_match(&task.id, &seen().await).await.unwrap();
}
