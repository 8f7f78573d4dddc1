//! One open stream, read byte by byte.

use std::{collections::VecDeque, time::Duration};

use serde_json::Value;

use super::{
    Client, Item, Message, Parser, declared,
    raw::{Chunk, Connection, Head},
    soon,
};

/// How a stream ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// With its last chunk: the server was done.
    Clean,
    /// The connection broke.
    Cut,
}

/// A stream that was answered with 200.
pub struct Watcher {
    method: &'static str,
    path: String,
    connection: Connection,
    pub head: Head,
    parser: Parser,
    items: VecDeque<Item>,
    ending: Option<Ending>,
    /// Whether events are held against the contract.
    checks: bool,
    /// Every byte of the body so far.
    pub bytes: Vec<u8>,
}

impl Client {
    /// Opens a stream.
    ///
    /// # Panics
    /// When the answer is not 200.
    pub async fn watch(&self, path: &str) -> Watcher {
        self.watch_with(path, &[]).await
    }

    /// Opens a stream as a reconnect after the event with this id.
    pub async fn watch_after(&self, path: &str, last_event_id: &str) -> Watcher {
        self.watch_with(path, &[("Last-Event-ID", last_event_id)]).await
    }

    pub async fn watch_with(&self, path: &str, headers: &[(&str, &str)]) -> Watcher {
        let opened = soon("a stream's head", Watcher::open(self, path, headers)).await;
        Client::opened(path, opened)
    }

    /// Opens a stream that is asked for with a body.
    ///
    /// # Panics
    /// When the answer is not 200.
    pub async fn watch_by(&self, path: &str, body: &Value) -> Watcher {
        let body = body.to_string();
        let request = format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.address(),
            body.len()
        );
        let opening = Watcher::open_by(self, "POST", path, &request);
        Client::opened(path, soon("a stream's head", opening).await)
    }

    fn opened(path: &str, opened: Option<Result<Watcher, Head>>) -> Watcher {
        match opened {
            Some(Ok(watcher)) => watcher,
            Some(Err(head)) => panic!("the stream {path} was answered {head:?}"),
            None => panic!("the stream {path} got no answer"),
        }
    }
}

impl Watcher {
    /// Opens a stream; the head alone where the answer is not 200, nothing where there is none.
    pub async fn open(
        client: &Client,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Option<Result<Watcher, Head>> {
        let mut request = format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\nAccept: text/event-stream\r\n",
            client.address()
        );
        for (name, value) in headers {
            request.push_str(&format!("{name}: {value}\r\n"));
        }
        request.push_str("\r\n");
        Watcher::open_by(client, "GET", path, &request).await
    }

    async fn open_by(
        client: &Client,
        method: &'static str,
        path: &str,
        request: &str,
    ) -> Option<Result<Watcher, Head>> {
        let mut connection = Connection::try_open(client.address()).await?;
        if !connection.try_send(request.as_bytes()).await {
            return None;
        }
        let head = connection.head().await?;
        if head.status != 200 {
            return Some(Err(head));
        }
        assert!(head.is_chunked(), "a stream has no length: {head:?}");
        Some(Ok(Watcher {
            method,
            path: path.to_owned(),
            connection,
            head,
            parser: Parser::default(),
            items: VecDeque::new(),
            ending: None,
            checks: true,
            bytes: Vec::new(),
        }))
    }

    /// Takes events as they come: of many who read the same, a few hold it against the contract.
    pub fn unchecked(self) -> Watcher {
        Watcher { checks: false, ..self }
    }

    /// The next item, whatever it is; nothing at the end.
    pub async fn item(&mut self) -> Option<Item> {
        loop {
            if let Some(item) = self.items.pop_front() {
                return Some(item);
            }
            if self.ending.is_some() {
                return None;
            }
            match self.connection.chunk().await {
                Chunk::Data(data) => {
                    let items = self.parser.feed(&data);
                    for item in &items {
                        if let Item::Event(message) = item
                            && self.checks
                        {
                            declared::assert_event_declared(self.method, &self.path, &message.data);
                        }
                    }
                    self.items.extend(items);
                    self.bytes.extend(data);
                }
                Chunk::Last => self.ending = Some(Ending::Clean),
                Chunk::Cut => self.ending = Some(Ending::Cut),
            }
        }
    }

    /// The next event; nothing at the end.
    pub async fn next(&mut self) -> Option<Message> {
        loop {
            match self.item().await {
                Some(Item::Event(message)) => return Some(message),
                Some(_) => {}
                None => return None,
            }
        }
    }

    /// The next event, which must come.
    #[track_caller]
    pub fn event(&mut self) -> impl Future<Output = Message> {
        let caller = std::panic::Location::caller();
        async move {
            let what = format!("an event, at {caller}");
            match soon(&what, self.next()).await {
                Some(message) => message,
                None => panic!("the stream ended ({:?}) before {what}", self.ending),
            }
        }
    }

    /// The next event, which must be of this type; its JSON.
    #[track_caller]
    pub fn expect(&mut self, event: &str) -> impl Future<Output = Value> {
        let caller = std::panic::Location::caller();
        let event = event.to_owned();
        async move {
            let message = self.event().await;
            assert_eq!(message.event, event, "at {caller}: {message:?}");
            let json = message.json();
            assert_eq!(json["type"], event.as_str(), "type and event: differ: {message:?}");
            json
        }
    }

    /// Reads events until one of this type; its JSON. Those before it are returned too.
    pub async fn until(&mut self, event: &str) -> (Vec<Message>, Value) {
        let mut before = Vec::new();
        loop {
            let message = self.event().await;
            if message.event == event {
                let json = message.json();
                return (before, json);
            }
            before.push(message);
        }
    }

    /// Reads to the end; the events until then, and how it ended.
    pub async fn rest(&mut self) -> (Vec<Message>, Ending) {
        let mut messages = Vec::new();
        soon("the stream's end", async {
            while let Some(message) = self.next().await {
                messages.push(message);
            }
        })
        .await;
        (messages, self.ending.unwrap_or(Ending::Cut))
    }

    /// Asserts that no event comes for a while.
    pub async fn is_quiet(&mut self, while_: Duration) {
        if let Ok(event) = tokio::time::timeout(while_, self.next()).await {
            panic!("nothing should come, but this did: {event:?}");
        }
    }

    /// How it ended, once it has.
    ///
    /// # Panics
    /// While it goes on.
    pub fn ending(&self) -> Ending {
        self.ending.expect("the stream has ended")
    }

    /// Whether a frame was begun that is not whole.
    pub fn is_amid_a_frame(&self) -> bool {
        self.parser.is_amid()
    }
}
