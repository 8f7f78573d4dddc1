//! Live events, typed, across reconnects.
//!
//! A stream begins with a snapshot of the tasks it is about and goes on with everything that happens
//! to them. It keeps the server's cursor and comes back with it when a connection breaks, so no event
//! is missed and none comes twice, however often the server is restarted. What it cannot resume, the
//! server says in the stream (`stream.reset`), and a new snapshot follows. Where something in between
//! holds streams back, the same events come by long polls.
//!
//! Types of event this client does not know arrive as [`Event::Unknown`]. One of them is its own: when
//! a connection breaks amid the first snapshot, `stream.restart` comes before the next one.

mod connect;
mod filter;
mod fold;
mod history;
mod parser;
mod picture;
mod poll;
mod resume;

use std::{
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{
    Stream, StreamExt,
    stream::{self, BoxStream},
};
use tokio::sync::watch;

use connect::Connector;
use filter::Subject;
use resume::{Patience, Resuming};

use crate::{Milepost, error::Error};

pub use crate::types::Event;
pub use filter::EventFilter;
pub use fold::Fold;
pub use parser::{Frame, Message, Parser, TooLong};
pub use resume::Connection;

/// How long a connection may be silent: the server sends something every 15 s or so, give or take.
const IDLE: Duration = Duration::from_secs(45);

/// How long the first bytes of a stream may take: the server sends them at once.
const FIRST_BYTES: Duration = Duration::from_secs(5);
/// How long polls go on before a stream is tried again.
const STREAM_AGAIN_AFTER: Duration = Duration::from_secs(5 * 60);

/// A stream of events. It connects when it is first polled and ends after `stream.end`, or with an
/// error that trying again would not help.
///
/// ```no_run
/// # async fn example(milepost: milepost_client::Milepost) -> Result<(), milepost_client::Error> {
/// use futures_util::StreamExt;
/// use milepost_client::stream::Event;
///
/// let mut events = milepost.watch_task("some-task");
/// while let Some(event) = events.next().await {
///     if let Event::TaskProgress { progress, .. } = event? {
///         println!("{:?} %", progress.percent);
///     }
/// }
/// # Ok(())
/// # }
/// ```
pub struct EventStream {
    subject: Subject,
    milepost: Milepost,
    after: Option<String>,
    from_start: bool,
    patience: Patience,
    state: State,
    connection: watch::Sender<Connection>,
}

enum State {
    New,
    Open(BoxStream<'static, Result<Event, Error>>),
}

impl EventStream {
    pub(crate) fn of_task(milepost: Milepost, id: String) -> Self {
        EventStream::new(milepost, Subject::Task(id))
    }

    pub(crate) fn of_filters(milepost: Milepost, filters: Vec<EventFilter>) -> Self {
        EventStream::new(milepost, Subject::Filters(filters))
    }

    fn new(milepost: Milepost, subject: Subject) -> Self {
        EventStream {
            subject,
            milepost,
            after: None,
            from_start: false,
            patience: Patience {
                first_bytes: FIRST_BYTES,
                stream_again_after: STREAM_AGAIN_AFTER,
                idle: IDLE,
                give_up_after: None,
            },
            state: State::New,
            connection: watch::Sender::new(Connection::Connecting(None)),
        }
    }

    /// Begins after this cursor, without a snapshot.
    pub fn after(mut self, cursor: impl Into<String>) -> Self {
        self.after = Some(cursor.into());
        self
    }

    /// Begins with the first event that is kept, without a snapshot.
    pub fn from_start(mut self) -> Self {
        self.from_start = true;
        self
    }

    /// How long a connection may be silent before it is given up for another one; 45 s unless set.
    pub fn idle_timeout(mut self, idle: Duration) -> Self {
        self.patience.idle = idle;
        self
    }

    /// How long the first bytes of a stream may take before the same events are fetched by long
    /// polls, because a proxy in between may hold streams back; 5 s unless set.
    pub fn first_bytes_timeout(mut self, limit: Duration) -> Self {
        self.patience.first_bytes = limit;
        self
    }

    /// How long events are fetched by long polls before a stream is tried again; 5 minutes unless
    /// set. Polls go on meanwhile.
    pub fn stream_again_after(mut self, wait: Duration) -> Self {
        self.patience.stream_again_after = wait;
        self
    }

    /// How long to go on without any connection before the stream ends with an error; for ever
    /// unless set.
    pub fn give_up_after(mut self, limit: Duration) -> Self {
        self.patience.give_up_after = Some(limit);
        self
    }

    /// Tells whether events can arrive right now, for a display that says "reconnecting".
    pub fn connection(&self) -> watch::Receiver<Connection> {
        self.connection.subscribe()
    }

    fn open(&self) -> BoxStream<'static, Result<Event, Error>> {
        let connector = Connector::new(
            self.milepost.clone(),
            self.subject.clone(),
            self.from_start,
            self.patience.clone(),
        );
        let resuming = Resuming::new(
            connector.into_connect(),
            self.patience.clone(),
            self.after.clone(),
            self.connection.clone(),
        );
        stream::unfold(resuming, |mut resuming| async move {
            let event = match resuming.next().await? {
                Ok(message) => decode(&message),
                Err(error) => Err(error),
            };
            if matches!(event, Ok(Event::StreamEnd) | Err(_)) {
                resuming.close();
            }
            Some((event, resuming))
        })
        .boxed()
    }
}

impl Stream for EventStream {
    type Item = Result<Event, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if matches!(self.state, State::New) {
            self.state = State::Open(self.open());
        }
        match &mut self.state {
            State::Open(events) => events.poll_next_unpin(context),
            State::New => Poll::Ready(None),
        }
    }
}

/// The union is open, so any JSON is an event; only what is no JSON at all is an error.
fn decode(message: &Message) -> Result<Event, Error> {
    serde_json::from_str(&message.data)
        .map_err(|error| Error::Undecodable(format!("event {:?}: {error}", message.event)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_event_of_a_later_server_is_kept_as_it_came() {
        let decoded = |value: serde_json::Value| {
            decode(&Message { data: value.to_string(), ..Default::default() }).unwrap()
        };
        let newer = json!({"type": "task.moved", "cursor": "00000000.7", "to": [1, 2]});
        assert_eq!(decoded(newer.clone()), Event::Unknown(newer));
        // Fields that a known event has gained are no harm.
        assert_eq!(decoded(json!({"type": "stream.end", "why": "x"})), Event::StreamEnd);
    }

    #[test]
    fn what_is_no_json_is_an_error() {
        let message = Message { data: "{".to_owned(), ..Default::default() };
        assert!(matches!(decode(&message), Err(Error::Undecodable(_))));
    }
}
