//! The other side of the wire, written from the standard (WHATWG HTML 9.2.5 and 9.2.6) and not from
//! the encoder.

use std::collections::VecDeque;

use futures_util::StreamExt;
use serde_json::Value;

use crate::stream::subscription::{Body, Opened};

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Seen {
    pub id: String,
    pub event: String,
    pub data: String,
}

impl Seen {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.data).expect("data is JSON")
    }
}

/// An EventSource without a network.
#[derive(Default)]
pub struct Reader {
    text: String,
    started: bool,
    data: Option<String>,
    event: String,
    next_id: String,
    pub last_id: String,
    pub retry: Option<u64>,
    pub seen: VecDeque<Seen>,
    /// How many bytes were read.
    pub taken: usize,
}

impl Reader {
    pub fn read(&mut self, bytes: &[u8]) {
        self.taken += bytes.len();
        self.text.push_str(std::str::from_utf8(bytes).expect("whole characters in a chunk"));
        if !std::mem::replace(&mut self.started, true) {
            self.text = self.text.strip_prefix('\u{feff}').unwrap_or(&self.text).to_owned();
        }
        while let Some(at) = self.text.find(['\r', '\n']) {
            let width = if self.text[at..].starts_with("\r\n") { 2 } else { 1 };
            let line = self.text[..at].to_owned();
            self.text.drain(..at + width);
            self.line(&line);
        }
    }

    fn line(&mut self, line: &str) {
        if line.is_empty() {
            return self.dispatch();
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "event" => self.event = value.to_owned(),
            "data" => {
                let data = self.data.get_or_insert_default();
                data.push_str(value);
                data.push('\n');
            }
            "id" if !value.contains('\0') => self.next_id = value.to_owned(),
            "retry" if value.bytes().all(|b| b.is_ascii_digit()) => {
                self.retry = value.parse().ok();
            }
            _ => {}
        }
    }

    fn dispatch(&mut self) {
        self.last_id = self.next_id.clone();
        let event = std::mem::take(&mut self.event);
        let Some(mut data) = self.data.take() else { return };
        data.pop();
        let event = if event.is_empty() { "message".to_owned() } else { event };
        self.seen.push_back(Seen { id: self.last_id.clone(), event, data });
    }
}

/// A body that is being read.
pub struct Watcher {
    body: Body,
    pub reader: Reader,
}

impl Watcher {
    pub fn of(opened: Opened) -> Self {
        match opened {
            Opened::Stream(body) => Watcher { body, reader: Reader::default() },
            Opened::Finished => panic!("204 where a stream was expected"),
        }
    }

    /// Reads one chunk; whether there was one.
    pub async fn chunk(&mut self) -> bool {
        match self.body.next().await {
            Some(bytes) => {
                self.reader.read(&bytes.expect("a chunk"));
                true
            }
            None => false,
        }
    }

    /// The next event; `None` at the end of the body.
    pub async fn event(&mut self) -> Option<Seen> {
        // Time stands still in these tests, so a stream that only stays alive would do so for ever.
        for _ in 0..1000 {
            if !self.reader.seen.is_empty() {
                return self.reader.seen.pop_front();
            }
            if !self.chunk().await {
                return None;
            }
        }
        panic!("nothing but keep-alives, where an event was expected")
    }

    /// The types of all events up to the end of the body.
    pub async fn rest(&mut self) -> Vec<String> {
        let mut types = Vec::new();
        while let Some(seen) = self.event().await {
            types.push(seen.event);
        }
        types
    }

    /// The next `count` events' types.
    pub async fn types(&mut self, count: usize) -> Vec<String> {
        let mut types = Vec::new();
        for _ in 0..count {
            types.push(self.event().await.expect("an event").event);
        }
        types
    }
}
