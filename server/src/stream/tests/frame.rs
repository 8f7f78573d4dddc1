//! The encoder against a reader that knows nothing of it.

use proptest::prelude::*;
use serde_json::json;

use super::reader::{Reader, Seen};
use crate::stream::frame::Frames;

/// Any text, and often the characters that mean something to a reader of lines.
fn text() -> impl Strategy<Value = String> {
    let special = prop::sample::select(vec![
        "\0",
        "\r",
        "\n",
        "\r\n",
        "\u{feff}",
        "\u{2028}",
        "\u{2029}",
        "\u{85}",
        " ",
        ":",
        "\"",
        "\\",
        "id: 1",
        "data: x",
        "event: evil",
        "retry: 1",
        "\n\n",
        "\u{10ffff}",
    ])
    .prop_map(str::to_owned);
    let any = any::<String>();
    prop::collection::vec(prop_oneof![special, any], 0..8).prop_map(|parts| parts.concat())
}

fn read(frames: &mut Frames) -> Reader {
    let mut reader = Reader::default();
    reader.read(&frames.take());
    reader
}

proptest! {
    #[test]
    fn any_text_in_json_arrives_as_one_event_between_its_neighbours(text in text()) {
        let data = json!({"type": "task.log", "text": text}).to_string();
        let mut frames = Frames::default();
        frames.event(Some(&"e.1"), Some("task.log"), &data);
        frames.event(Some(&"e.2"), Some("after"), "{}");
        let seen: Vec<Seen> = read(&mut frames).seen.into();
        prop_assert_eq!(seen.len(), 2);
        prop_assert_eq!(&seen[0].json()["text"], &json!(text));
        prop_assert_eq!((seen[0].id.as_str(), seen[0].event.as_str()), ("e.1", "task.log"));
        prop_assert_eq!((seen[1].id.as_str(), seen[1].event.as_str()), ("e.2", "after"));
    }

    #[test]
    fn any_text_as_data_arrives_as_one_event_with_its_line_ends_made_one_kind(text in text()) {
        let mut frames = Frames::default();
        frames.event(None, None, &text);
        frames.event(None, Some("after"), "{}");
        let seen: Vec<Seen> = read(&mut frames).seen.into();
        prop_assert_eq!(seen.len(), 2);
        prop_assert_eq!(&seen[0].data, &text.replace("\r\n", "\n").replace('\r', "\n"));
        prop_assert_eq!(seen[0].event.as_str(), "message");
    }

    #[test]
    fn no_text_as_id_or_event_adds_a_field(id in text(), event in text()) {
        let mut frames = Frames::default();
        frames.retry(7);
        frames.event(Some(&id), Some(&event), "{}");
        let reader = read(&mut frames);
        prop_assert_eq!(reader.retry, Some(7));
        prop_assert_eq!(reader.seen.len(), 1);
        prop_assert_eq!(reader.seen[0].data.as_str(), "{}");
    }
}

#[test]
fn a_position_moves_the_cursor_and_is_no_event() {
    let mut frames = Frames::default();
    frames.position(&"e.9");
    let reader = read(&mut frames);
    assert_eq!((reader.last_id.as_str(), reader.seen.len()), ("e.9", 0));
}

#[test]
fn the_bytes_are_as_the_standard_shows_them() {
    let mut frames = Frames::default();
    frames.retry(2000).event(Some(&"e.1"), Some("task.queued"), "{}").position(&"e.2");
    frames.event(None, None, "a\nb");
    let expected = "retry: 2000\n\nid: e.1\nevent: task.queued\ndata: {}\n\nid: e.2\n\n\
                    data: a\ndata: b\n\n";
    assert_eq!(frames.take(), expected);
    assert!(frames.is_empty());
}
