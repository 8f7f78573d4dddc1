//! What an OpenTelemetry collector is told: the life of tasks as spans. A receiver on a socket of its
//! own decodes the protocol.

use std::collections::BTreeMap;

use milepost_tests::harness::{Options, Receiver, Server, soon};
use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::any_value::Value as Said,
    trace::v1::{Span, status::StatusCode},
};
use prost::Message;
use serde_json::{Value, json};

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const PARENT: &str = "b7ad6b7169203331";

fn traceparent(flags: &str) -> String {
    format!("00-{TRACE}-{PARENT}-{flags}")
}

async fn traced(collector: &Receiver) -> Server {
    Server::with(Options::flags(["--otlp-endpoint", &collector.url("")])).await
}

/// What the collector gets, until the span of this name has come: a task's own comes last.
async fn spans(collector: &mut Receiver, last: &str) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    while spans.iter().all(|span| span.name != last) {
        let received = soon("spans", collector.next()).await;
        assert_eq!(received.line, "POST /v1/traces");
        let request = ExportTraceServiceRequest::decode(received.body.as_slice());
        for resource in request.expect("the protocol's message").resource_spans {
            let about = resource.resource.expect("a resource").attributes;
            assert_eq!(attributes(&about)["service.name"], "milepost");
            spans.extend(resource.scope_spans.into_iter().flat_map(|scope| scope.spans));
        }
    }
    spans
}

fn attributes(
    given: &[opentelemetry_proto::tonic::common::v1::KeyValue],
) -> BTreeMap<String, Value> {
    let value = |said: Option<Said>| match said {
        Some(Said::StringValue(text)) => json!(text),
        Some(Said::IntValue(number)) => json!(number),
        other => panic!("{other:?}"),
    };
    let one = |pair: &opentelemetry_proto::tonic::common::v1::KeyValue| {
        (pair.key.clone(), value(pair.value.clone().and_then(|value| value.value)))
    };
    given.iter().map(one).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn named<'a>(spans: &'a [Span], name: &str) -> Vec<&'a Span> {
    spans.iter().filter(|span| span.name == name).collect()
}

#[tokio::test]
async fn a_task_is_told_as_a_chain_of_spans_under_the_span_that_submitted_it() {
    let mut collector = Receiver::start().await;
    let server = traced(&collector).await;
    let header = traceparent("01");
    let submission = json!({"kind": "k", "queue": "q", "max_attempts": 2});
    let request = server.post("/api/v1/tasks").header("traceparent", &header).json(&submission);
    let id = request.await.task(202)["id"].as_str().expect("an id").to_owned();
    assert_eq!(server.task(&id).await["trace_parent"], header);

    let wish = json!({"queues": ["q"], "worker": "w"});
    let first = server.lease_one(wish.clone()).await;
    let error = json!({"type": "broken", "title": "It broke"});
    first.fail(json!({"error": error, "retry_after_seconds": 0})).await.task(200);
    let second =
        server.lease_one(json!({"queues": ["q"], "worker": "w", "wait_seconds": 20})).await;
    second.complete(json!(1)).await.task(200);

    let spans = spans(&mut collector, "task k").await;
    let [whole] = named(&spans, "task k")[..] else { panic!("{spans:?}") };
    assert_eq!((hex(&whole.trace_id), hex(&whole.parent_span_id)), (TRACE.into(), PARENT.into()));
    assert_eq!(attributes(&whole.attributes)["milepost.task.id"], id.as_str());
    let attempts = named(&spans, "attempt");
    let waits = named(&spans, "queue wait");
    assert_eq!((attempts.len(), waits.len()), (2, 2));
    for (at, (attempt, wait)) in attempts.iter().zip(&waits).enumerate() {
        assert_eq!(hex(&attempt.trace_id), TRACE);
        assert_eq!(
            (&attempt.parent_span_id, &wait.parent_span_id),
            (&whole.span_id, &whole.span_id)
        );
        assert_eq!(wait.end_time_unix_nano, attempt.start_time_unix_nano, "it waits until it runs");
        let said = attributes(&attempt.attributes);
        assert_eq!(
            (&said["milepost.attempt"], &said["milepost.worker"]),
            (&json!(at + 1), &json!("w"))
        );
    }
    let codes: Vec<_> =
        attempts.iter().map(|span| span.status.clone().unwrap_or_default().code()).collect();
    assert_eq!(codes, [StatusCode::Error, StatusCode::Unset]);
    assert_eq!(attempts[1].end_time_unix_nano, whole.end_time_unix_nano);
    // Whoever works on it hangs its own spans under the attempt's.
    for (lease, attempt) in [&first, &second].into_iter().zip(&attempts) {
        let given = format!("00-{TRACE}-{}-01", hex(&attempt.span_id));
        assert_eq!(lease.json["trace_parent"], given);
    }
}

#[tokio::test]
async fn a_task_that_nobody_traces_is_the_root_of_its_own_and_one_not_sampled_is_not_told() {
    let mut collector = Receiver::start().await;
    let mut server = traced(&collector).await;
    let silent = json!({"kind": "silent", "trace_parent": traceparent("00")});
    let told = json!({"kind": "told"});
    for submission in [silent, told] {
        let kind = submission["kind"].clone();
        server.submit(submission).await;
        let lease = server.lease_one(json!({"kinds": [kind]})).await;
        lease.complete(json!(1)).await.task(200);
    }
    // What is left is sent before it goes.
    assert!(server.terminate().await.0.success());
    let spans = spans(&mut collector, "task told").await;
    let [whole] = named(&spans, "task told")[..] else { panic!("{spans:?}") };
    assert!(whole.parent_span_id.is_empty() && hex(&whole.trace_id) != TRACE);
    assert!(spans.iter().all(|span| span.trace_id == whole.trace_id), "{spans:?}");
    assert_eq!(spans.len(), 3, "the attempt and the wait before it too");
}

#[tokio::test]
async fn a_collector_that_cannot_be_one_is_a_wrong_setting() {
    for wrong in ["not a url", "localhost:4318", "ftp://localhost", "http://a/?b=c", ""] {
        let options = Options::flags(["--otlp-endpoint", wrong]);
        let said = Server::try_with(options).await.err().expect("it does not start");
        assert!(said.contains("exit status: 2") && said.contains("--otlp-endpoint"), "{said}");
    }
}

#[tokio::test]
async fn an_attempt_that_outlives_the_server_is_told_by_the_next_one() {
    let mut collector = Receiver::start().await;
    let mut server = traced(&collector).await;
    server.submit(json!({"kind": "k", "trace_parent": traceparent("01")})).await;
    let mut lease = server.lease_one(json!({"lease_seconds": 60})).await;
    server.kill9().await;
    server.restart().await;
    lease.follow(&server);
    lease.complete(json!(1)).await.task(200);
    let spans = spans(&mut collector, "task k").await;
    let [attempt] = named(&spans, "attempt")[..] else { panic!("{spans:?}") };
    let given = format!("00-{TRACE}-{}-01", hex(&attempt.span_id));
    assert_eq!(lease.json["trace_parent"], given, "both name the same span");
}

#[tokio::test]
async fn a_header_that_is_none_or_a_field_beside_it_is_of_no_matter() {
    let server = Server::start().await;
    let submit = async |header: &str, body: Value| {
        let request = server.post("/api/v1/tasks").header("traceparent", header).json(&body);
        request.await.task(202)["trace_parent"].clone()
    };
    assert_eq!(submit("nonsense", json!({"kind": "k"})).await, Value::Null);
    let own = traceparent("00");
    let body = json!({"kind": "k", "trace_parent": own});
    assert_eq!(submit(&traceparent("01"), body).await, own.as_str());
    let batch = json!({"tasks": [{"kind": "a"}, {"kind": "b", "trace_parent": own}]});
    let header = traceparent("01");
    let request = server.post("/api/v1/task-batches").header("traceparent", &header).json(&batch);
    let made = request.await.expect(202).json();
    assert_eq!(made["tasks"][0]["trace_parent"], header.as_str());
    assert_eq!(made["tasks"][1]["trace_parent"], own.as_str());
    let put = server.put("/api/v1/tasks/mine").header("traceparent", &header);
    assert_eq!(put.json(&json!({"kind": "k"})).await.task(202)["trace_parent"], header.as_str());
    // Sent again from another trace it is the same request.
    let again = server.put("/api/v1/tasks/mine").header("traceparent", &own);
    assert_eq!(again.json(&json!({"kind": "k"})).await.task(200)["trace_parent"], header.as_str());
    let lease = server.lease_one(json!({})).await;
    assert_eq!(lease.json.get("trace_parent"), None, "nobody tells of its attempt");
}
