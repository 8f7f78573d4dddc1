//! Live events, typed, across reconnects.
//!
//! A stream begins with a snapshot of the tasks it is about and goes on with everything that happens
//! to them. It keeps the server's cursor and comes back with it when a connection breaks, so no event
//! is missed and none comes twice, however often the server is restarted. What it cannot resume, the
//! server says in the stream (`stream.reset`), and a new snapshot follows.
//!
//! Types of event this client does not know arrive as [`Event::Unknown`].

mod fold;
mod parser;
mod resume;

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use futures_util::{
    Stream, StreamExt, TryStreamExt,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use progenitor_client::{ByteStream, ResponseValue};
use tokio::sync::watch;

use resume::{Connect, Opened, Patience, Resuming};

use crate::{Milepost, client, error::Error, types};

pub use crate::types::Event;
pub use fold::Fold;
pub use parser::{Frame, Message, Parser, TooLong};
pub use resume::Connection;

/// How long a connection may be silent: the server sends something every 15 s or so, give or take.
const IDLE: Duration = Duration::from_secs(45);

/// Which tasks a stream is about: all given parts must match, and within one part any of its values.
/// An empty filter is about every task outside the server's own queue.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct EventFilter {
    /// By id, at most 150.
    pub tasks: Vec<String>,
    /// By queue.
    pub queue: Option<String>,
    /// By kind.
    pub kind: Option<String>,
    /// By state. A task that leaves these states is told by `stream.left`.
    pub states: Vec<types::TaskState>,
    /// By label, as `key=value`; all of them must match.
    pub labels: Vec<String>,
}

#[derive(Clone)]
enum Subject {
    Task(String),
    Filter(EventFilter),
}

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

    pub(crate) fn of_filter(milepost: Milepost, filter: EventFilter) -> Self {
        EventStream::new(milepost, Subject::Filter(filter))
    }

    fn new(milepost: Milepost, subject: Subject) -> Self {
        EventStream {
            subject,
            milepost,
            after: None,
            from_start: false,
            patience: Patience { idle: IDLE, give_up_after: None },
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
        let (milepost, subject) = (self.milepost.clone(), self.subject.clone());
        let from_start = self.from_start;
        let connect: Connect = Arc::new(move |last_id| {
            let (milepost, subject) = (milepost.clone(), subject.clone());
            Box::pin(async move { connect(&milepost, subject, from_start, last_id).await })
        });
        let resuming = Resuming::new(
            connect,
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

async fn connect(
    milepost: &Milepost,
    subject: Subject,
    from_start: bool,
    last_id: Option<String>,
) -> Result<Opened, Error> {
    let api = milepost.api();
    // `from=start` is for the beginning only: a cursor wins over it.
    let from_start = from_start && last_id.is_none();
    let answer: BoxFuture<'_, client::Answer<ByteStream>> = match subject {
        Subject::Task(id) => {
            let mut request = api.watch_task().id(id);
            if from_start {
                request = request.from(types::StreamFrom::Start);
            }
            if let Some(last_id) = last_id {
                request = request.last_event_id(last_id);
            }
            Box::pin(request.send())
        }
        Subject::Filter(filter) => {
            let mut request =
                api.watch_events().task(filter.tasks).state(filter.states).label(filter.labels);
            if let Some(queue) = filter.queue {
                request = request.queue(queue);
            }
            if let Some(kind) = filter.kind {
                request = request.kind(kind);
            }
            if from_start {
                request = request.from(types::StreamFrom::Start);
            }
            if let Some(last_id) = last_id {
                request = request.last_event_id(last_id);
            }
            Box::pin(request.send())
        }
    };
    match answer.await.map_err(Error::from) {
        Ok(answer) => Ok(Some(body(answer))),
        // The contract's 204: the task is done, and nothing after the cursor is left to tell.
        Err(Error::UnexpectedStatus(status)) if status == http::StatusCode::NO_CONTENT => Ok(None),
        Err(error) => Err(error),
    }
}

fn body(answer: ResponseValue<ByteStream>) -> BoxStream<'static, Result<bytes::Bytes, Error>> {
    answer.into_inner_stream().map_err(Error::Unreachable).boxed()
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
