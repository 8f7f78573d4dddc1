//! Runs over many tasks, by the SDK and by `milepost bulk`.

use milepost_client::types::{BulkRequest, BulkSelection, TaskState, TaskSubmission};
use serde_json::json;

use crate::{milepost::text, server::Server};

fn kind(name: &str) -> milepost_client::types::builder::BulkRequest {
    BulkRequest::builder().filter(BulkSelection::builder().kind(name.to_owned()))
}

#[tokio::test]
async fn many_tasks_are_cancelled_retried_and_deleted() {
    let server = Server::start();
    let milepost = server.client();
    let tasks = (0..300).map(|_| TaskSubmission::builder().kind("k"));
    milepost.submit_all("a", tasks).await.unwrap();
    for run in [
        milepost.bulk_cancel(kind("k")).await.unwrap(),
        milepost.bulk_cancel(kind("other")).await.unwrap(),
    ] {
        assert_eq!(milepost.wait(&run.id).await.unwrap().state, TaskState::Succeeded);
    }
    let run = milepost.bulk_retry(kind("k")).await.unwrap();
    let output = milepost.wait(&run.id).await.unwrap().output.unwrap();
    assert_eq!((&output["matched"], &output["changed"]), (&json!(300), &json!(300)));
    let run = milepost.bulk_delete(kind("k")).await.unwrap();
    let output = milepost.wait(&run.id).await.unwrap().output.unwrap();
    assert_eq!(output["matched"], 0, "none is done");
    let nothing = BulkRequest::builder().filter(BulkSelection::builder());
    let error = milepost.bulk_delete(nothing).await.unwrap_err();
    assert!(error.is_problem("invalid-request"), "{error}");
}

#[tokio::test]
async fn the_command_shows_the_run_and_what_came_of_it() {
    let server = Server::start();
    for label in ["a=1", "a=2"] {
        server.prints(&["submit", "k", "--queue", "q", "--label", label]).await;
    }
    let wish = ["bulk", "cancel", "--queue", "q", "--kind", "k", "--label", "a=1"];
    let dry = [&wish[..], &["--dry-run", "--watch"]].concat();
    let said = server.prints(&dry).await;
    assert!(said.contains(r#""matched": 1"#) && said.contains(r#""changed": 0"#), "{said}");
    let wet = [&wish[..], &["--created-after", "2020-01-01T00:00:00Z", "--watch"]].concat();
    let said = server.prints(&wet).await;
    assert!(said.contains(r#""changed": 1"#), "{said}");
    let run = server.prints(&["bulk", "retry", "--state", "cancelled"]).await;
    let done = server.run(&["watch", run.trim()]).await;
    assert!(done.status.success(), "{}", text(&done.stderr));
    let queued = server.prints_json(&["list", "--state", "queued", "--json"]).await;
    assert_eq!(queued.as_array().map(Vec::len), Some(2), "{queued}");
    let run = server.prints_json(&["bulk", "delete", "--kind", "k", "--json"]).await;
    assert_eq!(run["kind"], "milepost.bulk.delete");
    server.refuses(&["bulk", "delete"], 1, &["filter: must say which tasks"]).await;
    server.refuses(&["bulk", "cancel", "--state", "failed"], 1, &["filter.states"]).await;
    server.refuses(&["bulk", "cancel", "--created-before", "soon"], 2, &["soon"]).await;
}
