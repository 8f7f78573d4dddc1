//! reportTask: `POST /api/v1/tasks/{id}/report`.

use std::time::Duration;

use milepost_client::types;
use milepost_tests::harness::{Lease, Server};
use serde_json::{Value, json};

use crate::generated;

async fn running(server: &Server) -> Lease {
    server.submit_kind("k").await;
    server.lease_one(json!({})).await
}

#[tokio::test]
async fn one_call_reports_logs_keeps_and_renews() {
    let server = Server::start().await;
    let lease = running(&server).await;
    let first_end = lease.json["expires_at"].as_str().expect("an end").to_owned();
    // Long enough for a rate to mean something.
    tokio::time::sleep(Duration::from_millis(1020)).await;
    let answer = lease
        .report(json!({
            "sequence": 1,
            "progress": {"current": 25, "total": 100, "unit": "files", "message": "copying", "stage": "copy"},
            "logs": [{"text": "a line"}],
            "checkpoint": {"at": 25},
        }))
        .await
        .expect(200)
        .json();
    assert_eq!(answer["cancel_requested"], false);
    assert!(answer["lease_expires_at"].as_str() > Some(first_end.as_str()), "{answer}");
    let task = server.task(&lease.task_id()).await;
    assert_eq!(answer["cursor"], task["cursor"]);
    let progress = &task["progress"];
    assert_eq!(progress["percent"], 25.0);
    assert_eq!((&progress["current"], &progress["total"]), (&json!(25.0), &json!(100.0)));
    assert_eq!(progress["unit"], "files");
    assert_eq!((&progress["message"], &progress["stage"]), (&json!("copying"), &json!("copy")));
    assert!(progress["eta_seconds"].is_number() && progress["rate_per_second"].is_number());
    assert!(!task.to_string().contains("checkpoint"), "a checkpoint is between attempts");
}

#[tokio::test]
async fn a_bare_heartbeat_renews_and_writes_no_event() {
    let server = Server::start().await;
    server.submit_kind("k").await;
    let lease = server.lease_one(json!({"lease_seconds": 1})).await;
    for _ in 0..8 {
        tokio::time::sleep(Duration::from_millis(400)).await;
        lease.report(json!({})).await.expect(200);
    }
    assert_eq!(server.types(&lease.task_id()).await, ["queued", "started"]);
    lease.complete(json!(1)).await.task(200);
}

#[tokio::test]
async fn a_sequence_makes_a_retry_harmless() {
    let server = Server::start().await;
    let lease = running(&server).await;
    let report = json!({"sequence": 5, "logs": [{"text": "once"}]});
    let first = lease.report(report.clone()).await.expect(200).json();
    tokio::time::sleep(Duration::from_millis(20)).await;
    let again = lease.report(report).await.expect(200).json();
    assert_eq!(first, again, "the first answer again");
    let low = json!({"sequence": 4, "logs": [{"text": "late"}]});
    lease.report(low).await.problem(409, "sequence-too-low");
    lease.report(json!({"sequence": 100, "logs": [{"text": "gap"}]})).await.expect(200);
    lease.report(json!({"logs": [{"text": "without"}]})).await.expect(200);
    let log = server.history(&lease.task_id()).await;
    let texts: Vec<&str> =
        log.iter().filter_map(|event| event["lines"][0]["text"].as_str()).collect();
    assert_eq!(texts, ["once", "gap", "without"]);
}

#[tokio::test]
async fn a_sequence_starts_anew_with_the_next_lease() {
    let server = Server::start().await;
    let lease = running(&server).await;
    lease.report(json!({"sequence": 9})).await.expect(200);
    lease.release().await.expect(200);
    let lease = server.lease_one(json!({})).await;
    lease.report(json!({"sequence": 0, "logs": [{"text": "new"}]})).await.expect(200);
}

#[tokio::test]
async fn percent_never_goes_back_within_an_attempt() {
    let server = Server::start().await;
    let lease = running(&server).await;
    for percent in [40.0, 10.0, 41.5] {
        lease.report(json!({"progress": {"percent": percent}})).await.expect(200);
        let seen = server.task(&lease.task_id()).await["progress"]["percent"].clone();
        assert_eq!(seen, json!(f64::max(40.0, percent)));
    }
    lease.fail(json!({"error": {"type": "boom"}, "retry_after_seconds": 0})).await.task(200);
    let second = server.lease_one(json!({})).await;
    second.report(json!({"progress": {"percent": 1}})).await.expect(200);
    assert_eq!(server.task(&lease.task_id()).await["progress"]["percent"], 1.0);
}

#[tokio::test]
async fn reports_close_together_may_share_an_event_and_none_is_lost() {
    let server = Server::start().await;
    let lease = running(&server).await;
    for n in 1..=30 {
        lease.report(json!({"progress": {"percent": n}})).await.expect(200);
    }
    assert_eq!(
        server.task(&lease.task_id()).await["progress"]["percent"],
        30.0,
        "the row is exact"
    );
    lease.complete(json!(1)).await.expect(200);
    let log = server.history(&lease.task_id()).await;
    let percents: Vec<f64> =
        log.iter().filter_map(|event| event["progress"]["percent"].as_f64()).collect();
    assert_eq!(percents.last(), Some(&30.0), "the last is written before the next other event");
    assert!(percents.is_sorted_by(|a, b| a < b), "{percents:?}");
}

#[tokio::test]
async fn a_withheld_progress_event_is_written_when_it_is_due() {
    let server = Server::start().await;
    let lease = running(&server).await;
    lease.report(json!({"progress": {"percent": 1}})).await.expect(200);
    lease.report(json!({"progress": {"percent": 2}})).await.expect(200);
    let path = format!("/api/v1/tasks/{}/history", lease.task_id());
    milepost_tests::harness::soon("the withheld event", async {
        loop {
            let page = server.get(&path).await.expect(200).json();
            let last = page["items"].as_array().and_then(|items| items.last().cloned());
            if last.is_some_and(|event| event["progress"]["percent"] == 2.0) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn the_next_attempt_gets_the_last_checkpoint() {
    let server = Server::start().await;
    let lease = running(&server).await;
    lease.report(json!({"checkpoint": {"row": 1}})).await.expect(200);
    lease.report(json!({"checkpoint": [1, "two", null]})).await.expect(200);
    lease.report(json!({"progress": {"percent": 3}})).await.expect(200);
    lease.fail(json!({"error": {"type": "boom"}, "retry_after_seconds": 0})).await.task(200);
    let second = server.lease_one(json!({})).await;
    assert_eq!(second.json["checkpoint"], json!([1, "two", null]));
    second.release().await.expect(200);
    let third = server.lease_one(json!({})).await;
    assert_eq!(third.json["checkpoint"], json!([1, "two", null]), "a release keeps it");
}

#[tokio::test]
async fn long_reports_are_cut_into_frames_of_at_most_32_kib() {
    let server = Server::start().await;
    let lease = running(&server).await;
    let lines: Vec<Value> =
        (0..300).map(|n| json!({"text": format!("{n} {}", "é".repeat(300))})).collect();
    lease.report(json!({"logs": lines})).await.expect(200);
    let log = server.history(&lease.task_id()).await;
    let logs: Vec<&Value> = log.iter().filter(|event| event["type"] == "task.log").collect();
    assert!(logs.len() > 1, "one event cannot hold it");
    assert!(logs.iter().all(|event| event.to_string().len() <= 32 * 1024));
    let texts: Vec<Value> = logs
        .iter()
        .flat_map(|event| event["lines"].as_array().cloned().unwrap_or_default())
        .map(|line| json!({"text": line["text"]}))
        .collect();
    assert_eq!(texts, lines, "every line is there, in order");
}

#[tokio::test]
async fn a_stale_token_changes_nothing() {
    let server = Server::start().await;
    let old = running(&server).await;
    old.release().await.expect(200);
    let new = server.lease_one(json!({})).await;
    assert!(new.fence() > old.fence());
    let before = (server.task(&old.task_id()).await, server.log("").await.len());
    let everything = json!({"sequence": 1, "progress": {"percent": 99}, "logs": [{"text": "x"}], "checkpoint": 1});
    old.report(everything).await.problem(409, "lease-lost");
    let mut forged = new.clone();
    forged.json["token"] = json!("lease_00000000000000000000000000000000");
    forged.report(json!({"progress": {"percent": 99}})).await.problem(409, "lease-lost");
    forged.json["token"] = json!("");
    let empty = forged.report(json!({"progress": {"percent": 99}})).await;
    assert!(matches!(empty.status.as_u16(), 400 | 409), "{empty}");
    assert_eq!((server.task(&old.task_id()).await, server.log("").await.len()), before);
    new.complete(json!(1)).await.task(200);
}

#[tokio::test]
async fn a_token_is_good_for_its_own_task_only() {
    let server = Server::start().await;
    let one = running(&server).await;
    let two = running(&server).await;
    let body = json!({"lease": one.token(), "progress": {"percent": 50}});
    server.post(two.link("report")).json(&body).await.problem(409, "lease-lost");
    assert!(server.task(&two.task_id()).await.get("progress").is_none());
}

#[tokio::test]
async fn wrong_fields_are_named_and_change_nothing() {
    let server = Server::start().await;
    let lease = running(&server).await;
    for (body, field) in [
        (json!({"progress": {"percent": 101}}), "progress.percent"),
        (json!({"progress": {"percent": -0.5}}), "progress.percent"),
        (json!({"progress": {"percent": "half"}}), "progress.percent"),
        (json!({"progress": {"percent": 1, "total": 2}}), "progress.percent"),
        (json!({"progress": {"current": -1}}), "progress.current"),
        (json!({"progress": {"speed": 1}}), "progress.speed"),
        (json!({"progress": 50}), "progress"),
        (json!({"logs": "a line"}), "logs"),
        (json!({"logs": [{"level": "loud", "text": "x"}]}), "logs[0].level"),
        (json!({"logs": [{"level": "info"}]}), "logs[0].text"),
        (json!({"sequence": -1}), "sequence"),
        (json!({"sequence": 1.5}), "sequence"),
        (json!({"percent": 50}), "percent"),
    ] {
        let mut body = body;
        body["checkpoint"] = json!("must not be kept");
        lease.report(body).await.names_field(400, field);
    }
    server.post(lease.link("report")).json(&json!({})).await.names_field(400, "lease");
    let stray = json!({"lease": lease.token()});
    server.post("/api/v1/tasks/nobody/report").json(&stray).await.problem(404, "");
    assert_eq!(server.types(&lease.task_id()).await, ["queued", "started"]);
    lease.release().await.expect(200);
    assert!(server.lease_one(json!({})).await.json.get("checkpoint").is_none());
}

#[tokio::test]
async fn through_the_generated_client() {
    let server = Server::start().await;
    let api = generated::client(&server);
    let lease = generated::leased(&api, "k").await;
    let progress = types::ReportedProgress::builder().current(1.0).total(4.0);
    let progress = types::ReportedProgress::try_from(progress).expect("progress");
    let report = api.report_task().id(&lease.task.id);
    let report = report.body_map(|body| body.lease(&lease.token).sequence(1u64).progress(progress));
    assert!(!report.send().await.expect("an answer").cancel_requested);
    let task = api.get_task().id(&lease.task.id).send().await.expect("the task").into_inner();
    assert_eq!(task.progress.and_then(|progress| progress.percent), Some(25.0));
    let forged = api.report_task().id(&lease.task.id).body_map(|body| body.lease("lease_forged"));
    generated::assert_refused(forged.send().await, 409, "lease-lost");
}
