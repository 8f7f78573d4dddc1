//! Reads `text/event-stream`, in whatever pieces it arrives.
//!
//! Written to the rules of WHATWG HTML 9.2.6 and tested against them. It is our own because the
//! crate that is usually taken panics on a byte order mark, loses a `retry:` that stands alone, and
//! takes quadratic time for a long event.
//!
//! Two things go beyond the standard, because a cursor must never run ahead of what was delivered:
//! each message carries the id it was dispatched with, and a block with an `id:` but no data, which
//! fires no event in a browser, is handed out as [`Frame::Cursor`].

use std::{collections::VecDeque, mem, time::Duration};

/// What a piece of the stream amounts to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Frame {
    /// A dispatched event.
    Message(Message),
    /// The last event id was told without an event, be it a new one or the same again.
    Cursor(String),
    /// The server's wish for how long to wait before a reconnect.
    Retry(Duration),
}

/// A dispatched event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// The `event:` field, `message` when there was none.
    pub event: String,
    /// The `data:` lines, joined by newlines.
    pub data: String,
    /// The last event id at that moment; empty when there was none yet.
    pub id: String,
}

/// One event was longer than the parser was told to take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("an event of the stream is longer than {limit} bytes")]
pub struct TooLong {
    /// The limit it broke, in bytes.
    pub limit: usize,
}

/// The state between two pieces. A new connection needs a new parser.
#[derive(Debug)]
pub struct Parser {
    limit: usize,
    /// The line so far, without its end.
    line: Vec<u8>,
    /// The last byte was a CR: an LF right behind it belongs to the same line end.
    after_cr: bool,
    at_start: bool,
    event: String,
    data: String,
    /// The `id:` seen last. It only counts once its block is dispatched.
    pending_id: String,
    /// Whether the block so far has one.
    has_id: bool,
    id: String,
    frames: VecDeque<Frame>,
}

const BYTE_ORDER_MARK: &[u8] = b"\xEF\xBB\xBF";

impl Parser {
    /// `limit`: the longest event to keep in memory, in bytes.
    pub fn new(limit: usize) -> Self {
        Parser {
            limit,
            line: Vec::new(),
            after_cr: false,
            at_start: true,
            event: String::new(),
            data: String::new(),
            pending_id: String::new(),
            has_id: false,
            id: String::new(),
            frames: VecDeque::new(),
        }
    }

    /// Takes the next bytes of the body.
    pub fn push(&mut self, mut bytes: &[u8]) -> Result<(), TooLong> {
        while !bytes.is_empty() {
            if mem::take(&mut self.after_cr) && bytes[0] == b'\n' {
                bytes = &bytes[1..];
                continue;
            }
            let end = bytes.iter().position(|&byte| byte == b'\n' || byte == b'\r');
            let piece = &bytes[..end.unwrap_or(bytes.len())];
            if self.line.len() + self.data.len() + piece.len() > self.limit {
                return Err(TooLong { limit: self.limit });
            }
            self.line.extend_from_slice(piece);
            let Some(end) = end else { break };
            self.after_cr = bytes[end] == b'\r';
            bytes = &bytes[end + 1..];
            self.end_line();
        }
        Ok(())
    }

    /// The next frame that is complete.
    pub fn next_frame(&mut self) -> Option<Frame> {
        self.frames.pop_front()
    }

    fn end_line(&mut self) {
        let mut line = mem::take(&mut self.line);
        if mem::take(&mut self.at_start) && line.starts_with(BYTE_ORDER_MARK) {
            line.drain(..BYTE_ORDER_MARK.len());
        }
        if line.is_empty() {
            self.dispatch();
        } else {
            // A line end cannot lie within a UTF-8 sequence, so a line can be decoded by itself.
            self.field(&String::from_utf8_lossy(&line));
        }
        line.clear();
        self.line = line;
    }

    fn field(&mut self, line: &str) {
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "event" => value.clone_into(&mut self.event),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => {
                value.clone_into(&mut self.pending_id);
                self.has_id = true;
            }
            "retry" if !value.is_empty() && value.bytes().all(|b| b.is_ascii_digit()) => {
                if let Ok(milliseconds) = value.parse() {
                    self.frames.push_back(Frame::Retry(Duration::from_millis(milliseconds)));
                }
            }
            // Comments have an empty name; unknown fields are to be ignored.
            _ => {}
        }
    }

    fn dispatch(&mut self) {
        let has_id = mem::take(&mut self.has_id);
        self.pending_id.clone_into(&mut self.id);
        let event = mem::take(&mut self.event);
        if self.data.is_empty() {
            if has_id {
                self.frames.push_back(Frame::Cursor(self.id.clone()));
            }
            return;
        }
        let mut data = mem::take(&mut self.data);
        data.pop();
        let event = if event.is_empty() { "message".to_owned() } else { event };
        self.frames.push_back(Frame::Message(Message { event, data, id: self.id.clone() }));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn parse(pieces: &[&[u8]]) -> Vec<Frame> {
        let mut parser = Parser::new(1 << 20);
        let mut frames = Vec::new();
        for piece in pieces {
            parser.push(piece).expect("within the limit");
            frames.extend(std::iter::from_fn(|| parser.next_frame()));
        }
        frames
    }

    fn message(event: &str, data: &str, id: &str) -> Frame {
        Frame::Message(Message { event: event.into(), data: data.into(), id: id.into() })
    }

    /// The standard read word for word over the whole text at once, as something to compare with.
    fn by_the_book(text: &[u8]) -> Vec<Frame> {
        let text = String::from_utf8_lossy(text).into_owned();
        let text = text.strip_prefix('\u{FEFF}').unwrap_or(&text).replace("\r\n", "\n");
        let mut lines: Vec<String> =
            text.replace('\r', "\n").split('\n').map(str::to_owned).collect();
        lines.pop();
        let (mut event, mut data, mut id, mut told) =
            (String::new(), Vec::<String>::new(), String::new(), false);
        let mut frames = Vec::new();
        for line in lines {
            let (name, value) = match line.find(':') {
                Some(at) => (line[..at].to_owned(), line[at + 1..].to_owned()),
                None => (line.clone(), String::new()),
            };
            let value = value.strip_prefix(' ').map(str::to_owned).unwrap_or(value);
            if line.is_empty() {
                let text = data.join("\n");
                let kind = if event.is_empty() { "message" } else { &event };
                if !data.is_empty() {
                    frames.push(message(kind, &text, &id));
                } else if told {
                    frames.push(Frame::Cursor(id.clone()));
                }
                told = false;
                event.clear();
                data.clear();
            } else if name == "event" {
                event = value;
            } else if name == "data" {
                data.push(value);
            } else if name == "id" && !value.contains('\0') {
                (id, told) = (value, true);
            } else if name == "retry"
                && let Ok(milliseconds) = value.parse()
                && value.chars().all(|c| c.is_ascii_digit())
            {
                frames.push(Frame::Retry(Duration::from_millis(milliseconds)));
            }
        }
        frames
    }

    #[test]
    fn a_message_has_its_type_its_data_and_its_id() {
        let text = b": hello\nevent: task.log\ndata: {\"a\":\ndata:  1}\nid: 00ff.7\n\n";
        assert_eq!(parse(&[text]), [message("task.log", "{\"a\":\n 1}", "00ff.7")]);
    }

    #[test]
    fn every_line_end_and_a_leading_byte_order_mark_are_understood() {
        for end in ["\n", "\r", "\r\n"] {
            let text = format!("\u{FEFF}data: a{end}data{end}{end}data: b{end}{end}");
            let expected = [message("message", "a\n", ""), message("message", "b", "")];
            assert_eq!(parse(&[text.as_bytes()]), expected, "{end:?}");
        }
    }

    #[test]
    fn an_id_stays_until_another_comes_and_one_with_nul_is_ignored() {
        let text = b"id: 1\ndata: a\n\ndata: b\n\nid: 2\0\ndata: c\n\nid\ndata: d\n\n";
        let expected = [("a", "1"), ("b", "1"), ("c", "1"), ("d", "")];
        assert_eq!(parse(&[text]), expected.map(|(data, id)| message("message", data, id)));
    }

    #[test]
    fn a_retry_of_digits_counts_even_alone_and_others_do_not() {
        let text = b"retry: 2000\n\nretry: 1000x\nretry:\nretry: -1\n\n";
        assert_eq!(parse(&[text]), [Frame::Retry(Duration::from_millis(2000))]);
    }

    #[test]
    fn an_id_without_data_is_the_cursor_be_it_new_or_not() {
        let text = b"event: ignored\nid: 5\n\nid: 5\n\ndata: x\n\n\n";
        let at = Frame::Cursor("5".into());
        assert_eq!(parse(&[text]), [at.clone(), at, message("message", "x", "5")]);
    }

    #[test]
    fn an_unfinished_block_is_neither_delivered_nor_does_it_move_the_cursor() {
        assert_eq!(parse(&[b"data: a\nid: 9\n"]), []);
        assert_eq!(parse(&[b"data: a\nid: 9\n", b"\r"]), [message("message", "a", "9")]);
    }

    #[test]
    fn bytes_that_are_no_utf_8_are_replaced() {
        assert_eq!(parse(&[b"data: a\xFFb\n\n"]), [message("message", "a\u{FFFD}b", "")]);
    }

    #[test]
    fn an_event_over_the_limit_is_an_error_in_one_line_and_in_many() {
        let mut parser = Parser::new(64);
        assert_eq!(parser.push(&[b'x'; 65]), Err(TooLong { limit: 64 }));
        let mut parser = Parser::new(64);
        let outcome = (0..100).try_for_each(|_| parser.push(b"data: 0123456789\n"));
        assert_eq!(outcome, Err(TooLong { limit: 64 }));
    }

    proptest! {
        /// Texts made of the pieces that have broken parsers before.
        #[test]
        fn any_text_split_at_any_byte_reads_as_the_standard_says(
            parts in proptest::collection::vec(prop_oneof![
                Just("\n"), Just("\r"), Just("\r\n"), Just("data"), Just("data:"), Just("data: "),
                Just("id: 7"), Just("id:"), Just("id: a\0b"), Just("retry: 15"), Just("retry:x"),
                Just("event: e"), Just(":"), Just(" "), Just("\u{FEFF}"), Just("ü"), Just("x"),
                Just("\n\n"), Just("\0"), Just("🦀"),
            ], 0..24),
            bytes in proptest::collection::vec(any::<u8>(), 0..4),
        ) {
            let mut text = parts.concat().into_bytes();
            text.extend(bytes);
            let expected = by_the_book(&text);
            for at in 0..=text.len() {
                prop_assert_eq!(parse(&[&text[..at], &text[at..]]), &expected[..]);
            }
            let single: Vec<&[u8]> = text.chunks(1).collect();
            prop_assert_eq!(parse(&single), expected);
        }
    }
}
