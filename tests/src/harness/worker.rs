//! Submitting and working, in as few words as tests need.

use serde_json::{Value, json};

use super::{Answer, Client, assert_task};

impl Client {
    /// createTask, which must succeed; the task.
    pub async fn submit(&self, request: Value) -> Value {
        let answer = self.post("/api/v1/tasks").json(&request).await;
        let location = answer.header("location").map(str::to_owned);
        let task = answer.task(202);
        assert_eq!(location.as_deref(), task["links"]["self"].as_str(), "{task}");
        task
    }

    /// createTask with a kind only; the task's id.
    pub async fn submit_kind(&self, kind: &str) -> String {
        id_of(&self.submit(json!({"kind": kind})).await)
    }

    /// getTask, which must succeed.
    pub async fn task(&self, id: &str) -> Value {
        self.get(&format!("/api/v1/tasks/{id}")).await.task(200)
    }

    /// acquireLeases; `wish` is completed by a worker's name.
    pub async fn lease(&self, wish: Value) -> Vec<Lease> {
        let mut wish = wish;
        if wish.get("worker").is_none() {
            wish["worker"] = json!("tester");
        }
        let answer = self.post("/api/v1/leases").json(&wish).await.expect(200);
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{answer}");
        let leases = answer.json()["leases"].as_array().expect("leases are a list").clone();
        leases.into_iter().map(|lease| Lease::new(self.clone(), lease)).collect()
    }

    /// acquireLeases for one task, which must be there within some seconds.
    pub async fn lease_one(&self, wish: Value) -> Lease {
        let mut wish = wish;
        if wish.get("wait_seconds").is_none() {
            wish["wait_seconds"] = json!(20);
        }
        let mut leases = self.lease(wish).await;
        assert_eq!(leases.len(), 1, "one lease");
        leases.remove(0)
    }

    /// All events of a task so far, as listTaskEvents pages through them.
    pub async fn history(&self, id: &str) -> Vec<Value> {
        self.pages(&format!("/api/v1/tasks/{id}/history")).await
    }

    /// All events in the log so far, as listEvents pages through them. `query` begins with `&`.
    pub async fn log(&self, query: &str) -> Vec<Value> {
        self.pages(&format!("/api/v1/history?limit=1000{query}")).await
    }

    /// The types of a task's events so far, without `task.`.
    pub async fn types(&self, id: &str) -> Vec<String> {
        types_of(&self.history(id).await)
    }

    async fn pages(&self, path: &str) -> Vec<Value> {
        let joint = if path.contains('?') { '&' } else { '?' };
        let mut events = Vec::new();
        let mut page = self.get(path).await.expect(200).json();
        loop {
            assert!(page.get("reset").is_none(), "{page}");
            let items = page["items"].as_array().expect("items are a list").clone();
            let cursor = page["cursor"].as_str().expect("a page has a cursor").to_owned();
            if items.is_empty() {
                return events;
            }
            events.extend(items);
            page = self.get(&format!("{path}{joint}after={cursor}")).await.expect(200).json();
        }
    }
}

/// A task's id.
#[track_caller]
pub fn id_of(task: &Value) -> String {
    task["id"].as_str().unwrap_or_else(|| panic!("no id in {task}")).to_owned()
}

/// The types of events, without `task.`.
pub fn types_of(events: &[Value]) -> Vec<String> {
    let short = |event: &Value| {
        let kind = event["type"].as_str().expect("an event has a type");
        kind.strip_prefix("task.").unwrap_or(kind).to_owned()
    };
    events.iter().map(short).collect()
}

/// A lease, and what its worker can do with it.
#[derive(Clone, Debug)]
pub struct Lease {
    client: Client,
    /// As acquireLeases gave it.
    pub json: Value,
}

impl Lease {
    #[track_caller]
    fn new(client: Client, json: Value) -> Lease {
        assert_task(&json["task"]);
        assert_eq!(json["task"]["state"], "running", "{json}");
        assert!(json["token"].is_string() && json["fence"].is_u64(), "{json}");
        assert!(json["cancel_requested"].is_boolean(), "{json}");
        let itself = json["task"]["links"]["self"].as_str().unwrap_or_default();
        for name in ["report", "complete", "fail", "release"] {
            assert_eq!(json["links"][name], format!("{itself}/{name}"), "{json}");
        }
        Lease { client, json }
    }

    pub fn task_id(&self) -> String {
        id_of(&self.json["task"])
    }

    pub fn token(&self) -> &str {
        self.json["token"].as_str().unwrap_or_default()
    }

    pub fn fence(&self) -> u64 {
        self.json["fence"].as_u64().unwrap_or_default()
    }

    pub fn attempt(&self) -> u64 {
        self.json["task"]["attempt"].as_u64().unwrap_or_default()
    }

    /// Goes on with the client a restarted server has now.
    pub fn follow(&mut self, client: &Client) {
        self.client = client.clone();
    }

    /// reportTask.
    pub async fn report(&self, body: Value) -> Answer {
        self.send("report", body).await
    }

    /// completeTask with this output.
    pub async fn complete(&self, output: Value) -> Answer {
        self.send("complete", json!({"output": output})).await
    }

    /// failTask with this body, e.g. `{"error": {"type": "boom"}}`.
    pub async fn fail(&self, body: Value) -> Answer {
        self.send("fail", body).await
    }

    /// releaseTask.
    pub async fn release(&self) -> Answer {
        self.send("release", json!({})).await
    }

    /// Follows one of the lease's links, with its token added to the body.
    pub async fn send(&self, link: &str, body: Value) -> Answer {
        let mut body = body;
        body["lease"] = json!(self.token());
        self.client.post(self.link(link)).json(&body).await
    }

    pub fn link(&self, name: &str) -> &str {
        self.json["links"][name].as_str().unwrap_or_default()
    }
}
