//! `--if-match` and `--if-none-match`, and the tags that `get --etag` prints.

use crate::server::Server;

const STALE: &[&str] = &["(412)", "has changed", "Get it again"];

impl Server {
    async fn tag(&self, get: &[&str]) -> String {
        let tag = self.prints(&[get, &["--etag"]].concat()).await;
        assert!(tag.starts_with('"') && tag.ends_with("\"\n"), "{tag}");
        tag.trim().to_owned()
    }

    /// Each change is made as it was seen, and refused once that is no longer so.
    async fn changes_only_what_was_seen(&self, get: &[&str], changes: &[&[&str]]) {
        for change in changes {
            let tag = self.tag(get).await;
            let change = [change, &["--if-match", &tag][..]].concat();
            self.prints(&change).await;
            self.refuses(&change, 1, STALE).await;
        }
    }
}

#[tokio::test]
async fn a_task_is_cancelled_retried_and_deleted_only_as_it_was_seen() {
    let server = Server::start();
    let id = server.prints(&["submit", "k"]).await;
    let id = id.trim();
    let get = ["get", id];
    server.changes_only_what_was_seen(&get, &[&["cancel", id], &["retry", id]]).await;
    let stale = server.tag(&get).await;
    server.prints(&["cancel", id]).await;
    server.refuses(&["delete", id, "--if-match", &stale], 1, STALE).await;
    let tag = server.tag(&get).await;
    let deleted = format!("{id} deleted\n");
    assert_eq!(server.prints(&["delete", id, "--if-match", &tag]).await, deleted);
}

#[tokio::test]
async fn queues_kinds_schedules_and_webhooks_are_changed_only_as_they_were_seen() {
    let server = Server::start();
    server.prints(&["queue", "pause", "q"]).await;
    let set = ["queue", "set", "q", "--attempts", "3"];
    let changes = [&["queue", "resume", "q"][..], &["queue", "pause", "q"], &set];
    server.changes_only_what_was_seen(&["queue", "get", "q"], &changes).await;

    server.prints(&["kind", "put", "k"]).await;
    let put = ["kind", "put", "k", "--description", "Words"];
    server.changes_only_what_was_seen(&["kind", "get", "k"], &[&put]).await;

    server.prints(&["schedule", "create", "s", "k", "--cron", "0 0 1 1 *"]).await;
    let update = ["schedule", "update", "s", "--cron", "0 1 1 1 *"];
    let changes = [&["schedule", "pause", "s"][..], &["schedule", "resume", "s"], &update];
    server.changes_only_what_was_seen(&["schedule", "get", "s"], &changes).await;

    let made = server.prints(&["webhook", "create", "http://127.0.0.1:9/"]).await;
    let webhook = made.lines().next().expect("its id");
    let update = ["webhook", "update", webhook, "--kind", "k"];
    let changes = [&update[..], &["webhook", "rotate-secret", webhook]];
    server.changes_only_what_was_seen(&["webhook", "get", webhook], &changes).await;

    for (noun, id) in [("kind", "k"), ("schedule", "s"), ("webhook", webhook)] {
        let delete = [noun, "delete", id];
        let stale = [&delete[..], &["--if-match", "\"0\""]].concat();
        server.refuses(&stale, 1, STALE).await;
        let tag = server.tag(&[noun, "get", id]).await;
        let said = server.prints(&[&delete[..], &["--if-match", &tag]].concat()).await;
        assert_eq!(said, format!("{id} deleted\n"));
    }
}

#[tokio::test]
async fn what_does_something_with_a_thing_insists_on_its_state_too() {
    let server = Server::start();
    server.prints(&["schedule", "create", "s", "k", "--cron", "0 0 1 1 *"]).await;
    let seen = server.tag(&["schedule", "get", "s"]).await;
    let run = ["schedule", "run", "s", "--if-match", &seen];
    server.prints(&run).await;
    server.prints(&run).await;
    server.prints(&["schedule", "pause", "s"]).await;
    server.refuses(&run, 1, STALE).await;
    let listed = server.prints_json(&["list", "--json"]).await;
    assert_eq!(listed.as_array().map(Vec::len), Some(2), "a run is no change, a refusal no run");

    let made = server.prints(&["webhook", "create", "http://127.0.0.1:9/"]).await;
    let webhook = made.lines().next().expect("its id");
    server.refuses(&["webhook", "test", webhook, "--if-match", "\"0\""], 1, STALE).await;
}

#[tokio::test]
async fn a_kind_is_made_only_where_there_is_none() {
    let server = Server::start();
    let put = ["kind", "put", "k", "--if-none-match", "*"];
    assert_eq!(server.prints(&put).await, "k set\n");
    server.refuses(&put, 1, &["(412)", "leave If-None-Match out"]).await;
    server.refuses(&["kind", "put", "other", "--if-match", "*"], 1, &["(412)"]).await;
    server.prints(&["kind", "put", "k", "--if-match", "*"]).await;
}

#[tokio::test]
async fn what_cannot_be_insisted_on_is_refused_with_a_sentence() {
    let server = Server::start();
    let words = ["--if-match", "one only"];
    for two in [&["cancel", "a", "b"][..], &["kind", "delete", "a", "b"]] {
        server.refuses(&[two, &["--if-match", "*"]].concat(), 2, &words).await;
    }
    let id = server.prints(&["submit", "k"]).await;
    server.refuses(&["cancel", id.trim(), "--if-match", "no tag"], 1, &["(400)"]).await;
    server.refuses(&["cancel", id.trim(), "--if-match", "a\nb"], 2, &["get --etag"]).await;
    server.refuses(&["get", "nobody", "--etag"], 1, &["(404)"]).await;
    let task = server.prints_json(&["get", id.trim()]).await;
    assert_eq!(task["state"], "queued");
}
