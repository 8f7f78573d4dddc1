//! The event stream format, read as WHATWG HTML 9.2.6 says, independent of every SDK.

/// What a stream says, piece by piece.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Item {
    /// An event, as `EventSource` would fire it.
    Event(Message),
    /// A block with an `id:` but no data: it fires nothing, and moves the last event id.
    Id(String),
    /// A new time to wait before a reconnect, in milliseconds.
    Retry(u64),
    Comment(String),
}

/// One event.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// `message` where the stream named none.
    pub event: String,
    pub data: String,
    /// The `id:` of this very block.
    pub id: Option<String>,
    /// The last event id after this block: what a reconnect would send.
    pub last_id: String,
}

impl Message {
    /// The data as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.data)
            .unwrap_or_else(|error| panic!("{error} in the data {:?}", self.data))
    }
}

/// Takes bytes as they come and gives items as they are whole.
#[derive(Debug, Default)]
pub struct Parser {
    /// Bytes of a line whose end has not come.
    line: Vec<u8>,
    begun: bool,
    /// The last byte was a carriage return: a line feed now belongs to it.
    after_return: bool,
    event: String,
    data: String,
    id: Option<String>,
    last_id: String,
}

impl Parser {
    pub fn feed(&mut self, bytes: &[u8]) -> Vec<Item> {
        let mut items = Vec::new();
        for &byte in bytes {
            let ends_line = match byte {
                b'\n' if self.after_return => {
                    self.after_return = false;
                    continue;
                }
                b'\n' | b'\r' => true,
                _ => false,
            };
            self.after_return = byte == b'\r';
            if ends_line {
                let line = std::mem::take(&mut self.line);
                self.take_line(&line, &mut items);
            } else {
                self.line.push(byte);
            }
        }
        items
    }

    /// Whether a block was begun that is not whole.
    pub fn is_amid(&self) -> bool {
        !self.line.is_empty()
            || !self.data.is_empty()
            || !self.event.is_empty()
            || self.id.is_some()
    }

    fn take_line(&mut self, line: &[u8], items: &mut Vec<Item>) {
        let line = match line.strip_prefix(b"\xEF\xBB\xBF") {
            Some(rest) if !self.begun => rest,
            _ => line,
        };
        self.begun = true;
        let line = std::str::from_utf8(line).expect("a stream is UTF-8");
        if line.is_empty() {
            self.dispatch(items);
        } else if let Some(comment) = line.strip_prefix(':') {
            items.push(Item::Comment(comment.to_owned()));
        } else {
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            self.take_field(field, value.strip_prefix(' ').unwrap_or(value), items);
        }
    }

    fn take_field(&mut self, field: &str, value: &str, items: &mut Vec<Item>) {
        match field {
            "event" => self.event = value.to_owned(),
            "data" => {
                self.data.push_str(value);
                self.data.push('\n');
            }
            "id" if !value.contains('\0') => self.id = Some(value.to_owned()),
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                items.extend(value.parse().map(Item::Retry));
            }
            _ => {}
        }
    }

    fn dispatch(&mut self, items: &mut Vec<Item>) {
        let id = self.id.take();
        let event = std::mem::take(&mut self.event);
        let mut data = std::mem::take(&mut self.data);
        if let Some(id) = &id {
            self.last_id.clone_from(id);
        }
        if data.is_empty() {
            items.extend(id.map(Item::Id));
            return;
        }
        data.pop();
        let event = if event.is_empty() { "message".to_owned() } else { event };
        items.push(Item::Event(Message { event, data, id, last_id: self.last_id.clone() }));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(stream: &str) -> Vec<(String, String, String)> {
        Parser::default()
            .feed(stream.as_bytes())
            .into_iter()
            .filter_map(|item| match item {
                Item::Event(message) => Some((message.event, message.data, message.last_id)),
                _ => None,
            })
            .collect()
    }

    fn event(name: &str, data: &str, id: &str) -> (String, String, String) {
        (name.into(), data.into(), id.into())
    }

    #[test]
    fn the_three_line_ends_are_one() {
        for end in ["\n", "\r", "\r\n"] {
            let stream = format!("event: e{end}data: 1{end}data: 2{end}{end}data:3{end}{end}");
            assert_eq!(events(&stream), [event("e", "1\n2", ""), event("message", "3", "")]);
        }
    }

    #[test]
    fn a_first_byte_order_mark_is_dropped_and_a_later_one_is_not() {
        assert_eq!(events("\u{feff}data: a\n\n"), [event("message", "a", "")]);
        assert_eq!(events("data: \u{feff}a\n\n"), [event("message", "\u{feff}a", "")]);
    }

    #[test]
    fn an_id_stays_until_the_next_and_one_with_nul_is_ignored() {
        let stream = "id: 1\ndata: a\n\ndata: b\n\nid: x\0y\ndata: c\n\nid\ndata: d\n\n";
        let wanted = [("a", "1"), ("b", "1"), ("c", "1"), ("d", "")];
        assert_eq!(events(stream), wanted.map(|(data, id)| event("message", data, id)));
    }

    #[test]
    fn a_block_without_data_fires_nothing_and_a_last_one_without_its_end_is_dropped() {
        let mut parser = Parser::default();
        let items = parser.feed(b"event: e\nid: 7\n\n: note\nretry: 20x\nretry: 30\n\ndata: a\n");
        assert_eq!(items, [Item::Id("7".into()), Item::Comment(" note".into()), Item::Retry(30)]);
        assert!(parser.is_amid());
    }

    #[test]
    fn bytes_may_come_one_at_a_time() {
        let stream = "id: 1\r\nevent: e\r\ndata: ж\r\n\r\n";
        let mut parser = Parser::default();
        let items: Vec<_> =
            stream.bytes().flat_map(|byte| parser.feed(std::slice::from_ref(&byte))).collect();
        let message = Message {
            event: "e".into(),
            data: "ж".into(),
            id: Some("1".into()),
            last_id: "1".into(),
        };
        assert_eq!(items, [Item::Event(message)]);
    }
}
