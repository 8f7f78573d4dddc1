//! The SSE encoder.
//!
//! Own, because the encoders at hand write `id` and `event` as they come and let a bare `\r` through,
//! which is a line end to every reader: whoever can put one into a text could forge events. Here each
//! field is one line by construction. Data is normally one line of JSON, in which line ends are
//! escaped; text that is not JSON is split as WHATWG HTML 9.2.6 joins it.

use std::fmt::Display;

use bytes::{BufMut, Bytes, BytesMut};
use memchr::{memchr2, memchr3};

/// Frames on their way into one chunk.
#[derive(Default)]
pub struct Frames {
    buffer: BytesMut,
}

impl Frames {
    /// How long the client is to wait before it comes back; an id or event it is not.
    pub fn retry(&mut self, milliseconds: u64) -> &mut Self {
        self.line("retry", &milliseconds.to_string());
        self.end()
    }

    /// An event: `id` moves the client's cursor, `event` is its type; `data` is read as it was given,
    /// but for `\r\n` and `\r`, which arrive as `\n`.
    pub fn event(
        &mut self,
        id: Option<&dyn Display>,
        event: Option<&str>,
        data: &str,
    ) -> &mut Self {
        if let Some(id) = id {
            self.line("id", &id.to_string());
        }
        if let Some(event) = event {
            self.line("event", event);
        }
        let mut rest = data;
        while let Some(at) = memchr2(b'\r', b'\n', rest.as_bytes()) {
            self.line("data", &rest[..at]);
            let width = if rest[at..].starts_with("\r\n") { 2 } else { 1 };
            rest = &rest[at + width..];
        }
        self.line("data", rest);
        self.end()
    }

    /// Moves the client's cursor without an event: a block without data dispatches none.
    pub fn position(&mut self, id: &dyn Display) -> &mut Self {
        self.line("id", &id.to_string());
        self.end()
    }

    pub fn len(&self) -> usize {
        self.buffer.len()
    }

    pub fn is_empty(&self) -> bool {
        self.buffer.is_empty()
    }

    /// What was written so far, as one chunk.
    pub fn take(&mut self) -> Bytes {
        // The whole of it: what a split leaves behind would be kept for as long as a stream is quiet.
        std::mem::take(&mut self.buffer).freeze()
    }

    /// `value` up to its first line end: a field that spans two lines would be two fields. A NUL
    /// makes readers ignore an id, so nothing from it on is written either.
    fn line(&mut self, field: &str, value: &str) {
        let bytes = value.as_bytes();
        let end = match field {
            // It comes here line by line.
            "data" => None,
            _ => memchr3(b'\r', b'\n', 0, bytes),
        };
        let value = &value[..end.unwrap_or(value.len())];
        self.buffer.reserve(field.len() + value.len() + 3);
        self.buffer.put_slice(field.as_bytes());
        self.buffer.put_slice(b": ");
        self.buffer.put_slice(value.as_bytes());
        self.buffer.put_u8(b'\n');
    }

    fn end(&mut self) -> &mut Self {
        self.buffer.put_u8(b'\n');
        self
    }
}
