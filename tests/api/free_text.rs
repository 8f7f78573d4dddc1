//! Strings that break naive servers: stored, and given back to the letter, wherever text is free.

use milepost_tests::harness::{Server, id_of};
use serde_json::{Value, json};

/// Each was a bug somewhere: NUL, the line ends of the event stream, a byte order mark, JavaScript's
/// line separators, a pair of surrogates, right-to-left marks, markup, and fields of the stream.
const TEXTS: [&str; 14] = [
    "\u{0}",
    "a\u{0}b",
    "\r",
    "\n",
    "a\rid: 99\revent: evil\rdata: x\r\r",
    "a\nid: 99\n\ndata: x\n\n",
    "\r\n\r\n",
    "\u{feff}start",
    "\u{2028}\u{2029}\u{85}",
    "😀 \u{10ffff}",
    "\u{202e}txet",
    "<script>alert(1)</script>&amp;\"'`\\",
    "data: x",
    " leading and trailing ",
];

#[tokio::test]
async fn every_free_text_comes_back_to_the_letter() {
    let server = Server::start().await;
    for text in TEXTS {
        let request = json!({"kind": "k", "input": {"text": text, text: 1}});
        let id = id_of(&server.submit(request.clone()).await);
        assert_eq!(server.task(&id).await["input"], request["input"], "input");
        let first = server.lease_one(json!({})).await;
        assert_eq!(first.json["task"]["input"], request["input"], "a lease's input");
        let report = json!({
            "progress": {"percent": 1, "message": text, "stage": text},
            "logs": [{"text": text}, {"text": format!("{text}{text}")}],
            "checkpoint": {"text": text},
        });
        first.report(report).await.expect(200);
        let progress = server.task(&id).await["progress"].clone();
        assert_eq!((&progress["message"], &progress["stage"]), (&json!(text), &json!(text)));
        let error = json!({"type": "boom", "title": text, "detail": text});
        first.fail(json!({"error": error, "retry_after_seconds": 0})).await.task(200);
        let second = server.lease_one(json!({})).await;
        assert_eq!(second.json["checkpoint"], json!({"text": text}), "checkpoint");
        second.complete(json!({"text": text})).await.expect(200);
        assert_eq!(server.task(&id).await["output"], json!({"text": text}), "output");

        let log = server.history(&id).await;
        let lines: Vec<&Value> = log.iter().filter_map(|event| event.get("lines")).collect();
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0][0]["text"], text);
        assert_eq!(lines[0][1]["text"], format!("{text}{text}"));
        let retrying = log.iter().find(|event| event["type"] == "task.retrying").expect("a retry");
        assert_eq!(retrying["error"], error);
        let path = format!("/api/v1/tasks/{id}/logs");
        assert_eq!(server.get(&path).await.expect(200).json()["lines"][0]["text"], text);
    }
}

#[tokio::test]
async fn names_refuse_control_characters_and_take_everything_else() {
    let server = Server::start().await;
    for text in TEXTS {
        let request = json!({"kind": text, "queue": text, "labels": {"label": text}});
        let answer = server.post("/api/v1/tasks").json(&request).await;
        if text.chars().any(char::is_control) {
            answer.problem(400, "");
        } else {
            let task = answer.task(202);
            let wanted = (&json!(text), &json!(text), &json!(text));
            assert_eq!((&task["kind"], &task["queue"], &task["labels"]["label"]), wanted);
        }
    }
}

#[tokio::test]
async fn keys_that_stand_twice_in_an_input_are_kept_as_they_came() {
    let server = Server::start().await;
    let body = r#"{"kind":"k","input":{"a":1,"a":2}}"#;
    let id = id_of(&server.post("/api/v1/tasks").body("application/json", body).await.task(202));
    let text = server.get(&format!("/api/v1/tasks/{id}")).await.text();
    assert!(text.contains(r#"{"a":1,"a":2}"#), "{text}");
}

#[tokio::test]
async fn quickstart_names_come_back_to_the_letter() {
    let server = Server::start().await;
    for text in TEXTS {
        let answer = server.post("/api/submit").json(&json!({"name": text})).await.expect(200);
        assert_eq!(answer.json()["message"], format!("Данные '{text}' успешно получены!"));
        assert_eq!(server.get("/api/data").await.json()["items"][3], text);
    }
}
