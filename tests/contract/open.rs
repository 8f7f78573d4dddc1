//! The Rust client meets servers newer than itself, and keeps what it does not know.

use milepost_client::types::{Event, TaskState};
use serde_json::json;

#[test]
fn a_state_from_the_future_is_kept_and_given_back() {
    let state: TaskState = serde_json::from_value(json!("hibernating")).expect("any state is read");
    assert_eq!(state, TaskState::Unknown("hibernating".to_owned()));
    assert_eq!(state.to_string(), "hibernating");
    assert_eq!(serde_json::to_value(&state).expect("it is written"), json!("hibernating"));
    assert_eq!("hibernating".parse::<TaskState>().expect("any state is parsed"), state);
}

#[test]
fn a_known_state_is_read_as_itself() {
    let state: TaskState = serde_json::from_value(json!("queued")).expect("a state");
    assert_eq!(state, TaskState::Queued);
    assert_eq!(state.to_string(), "queued");
    assert_eq!("queued".parse::<TaskState>().expect("a state is parsed"), TaskState::Queued);
}

#[test]
fn an_event_from_the_future_is_kept_whole() {
    let sent = json!({"type": "task.hibernated", "cursor": "a.1", "until": [1, 2]});
    let event: Event = serde_json::from_value(sent.clone()).expect("any event is read");
    assert_eq!(event, Event::Unknown(sent.clone()));
    assert_eq!(serde_json::to_value(&event).expect("it is written"), sent);
}

#[test]
fn an_event_with_a_new_field_is_still_the_event_it_says_it_is() {
    let sent = json!({"type": "stream.draining", "because": "of the field"});
    let event: Event = serde_json::from_value(sent).expect("an event is read");
    assert!(!matches!(event, Event::Unknown(_)), "{event:?}");
}
