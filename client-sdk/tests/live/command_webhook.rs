//! `milepost webhook`.

use serde_json::json;

use crate::server::Server;

#[tokio::test]
async fn a_webhook_is_made_changed_listed_tested_and_deleted() {
    let server = Server::start();
    let line = ["webhook", "create", "http://127.0.0.1:9/", "--event", "failed", "--kind", "k"];
    let made = server.prints(&[&line[..], &["--label", "a=b"]].concat()).await;
    let (id, secret) = made.trim().split_once('\n').expect("two lines");
    assert!(secret.starts_with("whsec_"), "{made}");
    let webhook = server.prints_json(&["webhook", "get", id]).await;
    assert_eq!((&webhook["events"], &webhook["kind"]), (&json!(["task.failed"]), &json!("k")));
    assert_eq!((&webhook["labels"], &webhook["enabled"]), (&json!({"a": "b"}), &json!(true)));

    let update = ["webhook", "update", id, "--any-kind", "--queue", "q", "--disable", "--json"];
    let webhook = server.prints_json(&update).await;
    assert_eq!((&webhook["queue"], &webhook["enabled"]), (&json!("q"), &json!(false)));
    assert!(webhook.get("kind").is_none(), "{webhook}");
    let table = server.prints(&["webhook", "list"]).await;
    assert!(table.starts_with("ID") && table.contains("disabled"), "{table}");

    let rotated = server.prints(&["webhook", "rotate-secret", id]).await;
    assert!(rotated.starts_with("whsec_") && rotated.trim() != secret, "{rotated}");
    assert_eq!(server.prints(&["webhook", "delete", id]).await, format!("{id} deleted\n"));
    assert_eq!(server.prints_json(&["webhook", "list", "--json"]).await, json!([]));
}

#[tokio::test]
async fn what_is_no_webhook_is_refused_with_a_sentence() {
    let server = Server::start();
    server.refuses(&["webhook", "create", "nowhere"], 1, &["(400)", "url: "]).await;
    server.refuses(&["webhook", "update", "nobody"], 2, &["nothing to update"]).await;
    let update = ["webhook", "update", "nobody", "--enable"];
    server.refuses(&update, 1, &["(404)", "nobody"]).await;
    for command in ["get", "test", "rotate-secret", "delete"] {
        server.refuses(&["webhook", command, "nobody"], 1, &["(404)", "nobody"]).await;
    }
}
