//! Keeps a stream going: connects, reads, and connects again with the last event id.
//!
//! It knows nothing of what the events say. A connection that breaks and one that the server closes
//! are the same to it: whatever was not read to the end of its block was not received, and comes
//! again. The caller says when the stream is over.

use std::{sync::Arc, time::Duration};

use bytes::Bytes;
use futures_util::{StreamExt, future::BoxFuture, stream::BoxStream};
use tokio::{
    sync::watch,
    time::{Instant, sleep, timeout},
};

use super::parser::{Frame, Message, Parser};
use crate::{backoff::Backoff, error::Error};

/// An event of this client's own: the connection broke amid the first snapshot, and what comes next
/// is another one from its beginning. (After a `stream.reset` that goes without saying.)
pub(super) const RESTART: &str = "stream.restart";
/// The longest event taken. The server's frames have at most 32 KiB, but a snapshot of one task may
/// carry more.
const MAX_EVENT: usize = 8 * 1024 * 1024;
/// The longest wait between two attempts to connect.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The first wait, until the server has said its own (`retry:`).
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// A connection that ended sooner than this is no reason to come back at once.
const SHORT_LIFE: Duration = Duration::from_secs(1);

type Body = BoxStream<'static, Result<Bytes, Error>>;

/// What became of opening a stream.
pub(crate) enum Opened {
    /// The server sends events as they happen.
    Stream(Body),
    /// The same events, fetched by long polls.
    Polls(Body),
    /// The server said that nothing more will come (204).
    Over,
}

/// Opens the stream after the given event id.
pub(crate) type Connect =
    Arc<dyn Fn(Option<String>) -> BoxFuture<'static, Result<Opened, Error>> + Send + Sync>;

/// Whether events can arrive right now.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Connection {
    /// Not yet, or not again; with the reason, once there is one.
    Connecting(Option<String>),
    /// The server is sending.
    Open,
    /// Events are fetched by long polls, because streams do not get through.
    Polling,
    /// The stream is over.
    Closed,
}

/// How patient a stream is.
#[derive(Clone, Debug)]
pub(crate) struct Patience {
    /// How long the first bytes of a stream may take.
    pub first_bytes: Duration,
    /// How long polls go on before a stream is tried again.
    pub stream_again_after: Duration,
    /// How long a connection may be silent. The server sends something at least every 15 s or so.
    pub idle: Duration,
    /// How long to go on without any connection; without it, for ever.
    pub give_up_after: Option<Duration>,
}

pub(crate) struct Resuming {
    connect: Connect,
    patience: Patience,
    body: Option<Body>,
    opened_at: Instant,
    /// Whether the last that came was a position and nothing else: so the server ends a stream that
    /// is to be taken up at once.
    at_position: bool,
    /// Whether anything was told, and whether it is to be forgotten.
    told: bool,
    restarts: bool,
    parser: Parser,
    last_id: Option<String>,
    backoff: Backoff,
    asked_to_wait: Option<Duration>,
    /// Whether to wait before the next attempt to connect.
    waits: bool,
    over: bool,
    lost_since: Option<Instant>,
    connection: watch::Sender<Connection>,
}

impl Resuming {
    pub fn new(
        connect: Connect,
        patience: Patience,
        last_id: Option<String>,
        connection: watch::Sender<Connection>,
    ) -> Self {
        Resuming {
            connect,
            patience,
            body: None,
            opened_at: Instant::now(),
            at_position: false,
            told: false,
            restarts: false,
            parser: Parser::new(MAX_EVENT),
            last_id,
            backoff: Backoff::new(FIRST_WAIT, LONGEST_WAIT),
            asked_to_wait: None,
            waits: false,
            over: false,
            lost_since: None,
            connection,
        }
    }

    /// Nothing more is wanted.
    pub fn close(&mut self) {
        self.over = true;
        self.body = None;
        self.connection.send_replace(Connection::Closed);
    }

    /// The next event; `None` once the stream is over. After an error it is over.
    pub async fn next(&mut self) -> Option<Result<Message, Error>> {
        loop {
            if self.over {
                return None;
            }
            if std::mem::take(&mut self.restarts) {
                let (event, id) = (RESTART.to_owned(), String::new());
                let data = serde_json::json!({"type": RESTART}).to_string();
                return Some(Ok(Message { event, data, id }));
            }
            while let Some(frame) = self.parser.next_frame() {
                self.at_position = matches!(frame, Frame::Cursor(_));
                match frame {
                    Frame::Retry(wait) => self.backoff.set_first(wait.min(LONGEST_WAIT)),
                    Frame::Cursor(id) => {
                        self.last_id = Some(id);
                        self.backoff.reset();
                    }
                    Frame::Message(message) => {
                        if !message.id.is_empty() {
                            self.last_id = Some(message.id.clone());
                        }
                        self.backoff.reset();
                        self.told = true;
                        return Some(Ok(message));
                    }
                }
            }
            let step = if self.body.is_some() { self.read().await } else { self.open().await };
            if let Err(error) = step {
                self.close();
                return Some(Err(error));
            }
        }
    }

    async fn read(&mut self) -> Result<(), Error> {
        let Some(body) = &mut self.body else { return Ok(()) };
        let reason = match timeout(self.patience.idle, body.next()).await {
            Ok(Some(Ok(bytes))) => return self.parser.push(&bytes).map_err(Error::StreamTooLong),
            Ok(Some(Err(error))) => error.to_string(),
            Ok(None) if self.at_position && self.opened_at.elapsed() >= SHORT_LIFE => {
                tracing::debug!("the server closed the stream in its time; going on at once");
                self.body = None;
                self.waits = false;
                return Ok(());
            }
            Ok(None) => "the server closed the stream".to_owned(),
            Err(_) => format!("nothing came for {} s", self.patience.idle.as_secs()),
        };
        tracing::debug!(reason, "the event stream ended; connecting again");
        self.body = None;
        self.lost(reason);
        Ok(())
    }

    async fn open(&mut self) -> Result<(), Error> {
        if std::mem::replace(&mut self.waits, true) {
            sleep(self.backoff.next_delay(self.asked_to_wait.take())).await;
        }
        let opening = (self.connect)(self.last_id.clone());
        let limit = self.patience.first_bytes.saturating_add(self.patience.idle);
        let opened = match timeout(limit, opening).await {
            Ok(opened) => opened,
            Err(_) => Err(Error::Timeout(limit)),
        };
        match opened {
            Ok(Opened::Over) => {
                self.close();
                Ok(())
            }
            Ok(Opened::Stream(body)) => {
                self.opened(body, Connection::Open);
                Ok(())
            }
            Ok(Opened::Polls(body)) => {
                self.opened(body, Connection::Polling);
                Ok(())
            }
            Err(error) if error.is_retryable() => {
                self.asked_to_wait = error.retry_after();
                let since = *self.lost_since.get_or_insert_with(Instant::now);
                if self.patience.give_up_after.is_some_and(|limit| since.elapsed() >= limit) {
                    return Err(error);
                }
                self.lost(error.to_string());
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    fn opened(&mut self, body: Body, connection: Connection) {
        self.body = Some(body);
        self.opened_at = Instant::now();
        self.at_position = false;
        self.restarts = std::mem::take(&mut self.told) && self.last_id.is_none();
        self.parser = Parser::new(MAX_EVENT);
        self.lost_since = None;
        // Not told again by a stream that was taken up where the server had ended it.
        self.connection
            .send_if_modified(|now| std::mem::replace(now, connection.clone()) != connection);
    }

    fn lost(&mut self, reason: String) {
        self.lost_since.get_or_insert_with(Instant::now);
        self.connection.send_replace(Connection::Connecting(Some(reason)));
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::VecDeque, sync::Mutex};

    use futures_util::{FutureExt, stream};

    use super::*;
    use crate::error::Refusal;

    /// What the server does on one connection.
    enum Server {
        /// Sends this and closes.
        Closes(&'static str),
        /// Sends this, and closes a while later.
        ClosesLater(&'static str),
        /// Sends this and says nothing more.
        FallsSilent(&'static str),
        Refuses(u16),
        SaysDone,
    }

    /// When, in seconds from the start, and with which id.
    type Asked = (f64, Option<String>);

    struct Told {
        resuming: Resuming,
        /// Every connection that was asked for.
        asked: Arc<Mutex<Vec<Asked>>>,
    }

    /// A stream over a server that does these things in turn.
    fn follow(script: Vec<Server>) -> Told {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let script = Mutex::new(VecDeque::from(script));
        let (start, log) = (Instant::now(), Arc::clone(&asked));
        let connect: Connect = Arc::new(move |id| {
            log.lock().unwrap().push((start.elapsed().as_secs_f64(), id));
            let bytes =
                |text: &'static str| stream::iter([Ok(Bytes::from_static(text.as_bytes()))]);
            let opened = match script.lock().unwrap().pop_front() {
                Some(Server::Closes(text)) => Ok(Opened::Stream(bytes(text).boxed())),
                Some(Server::ClosesLater(text)) => {
                    let end = stream::once(sleep(Duration::from_secs(20)));
                    let end = end.filter_map(|()| std::future::ready(None));
                    Ok(Opened::Stream(bytes(text).chain(end).boxed()))
                }
                Some(Server::FallsSilent(text)) => {
                    Ok(Opened::Stream(bytes(text).chain(stream::pending()).boxed()))
                }
                Some(Server::Refuses(status)) => Err(refusal(status)),
                Some(Server::SaysDone) | None => Ok(Opened::Over),
            };
            async move { opened }.boxed()
        });
        let patience = Patience {
            first_bytes: Duration::from_secs(5),
            stream_again_after: Duration::from_secs(300),
            idle: Duration::from_secs(45),
            give_up_after: None,
        };
        let connection = watch::Sender::new(Connection::Connecting(None));
        Told { resuming: Resuming::new(connect, patience, None, connection), asked }
    }

    fn refusal(status: u16) -> Error {
        let problem = serde_json::json!({"type": "about:blank", "title": "", "status": status,
            "detail": ""});
        let problem = serde_json::from_value(problem).unwrap();
        Error::Problem(Box::new(Refusal { problem, retry_after: None }))
    }

    impl Told {
        async fn all(&mut self) -> (Vec<String>, Option<Error>) {
            let mut data = Vec::new();
            while let Some(next) = self.resuming.next().await {
                match next {
                    Ok(message) => data.push(message.data),
                    Err(error) => return (data, Some(error)),
                }
            }
            (data, None)
        }

        fn ids(&self) -> Vec<Option<String>> {
            self.asked.lock().unwrap().iter().map(|(_, id)| id.clone()).collect()
        }

        fn times(&self) -> Vec<f64> {
            self.asked.lock().unwrap().iter().map(|(at, _)| *at).collect()
        }
    }

    #[tokio::test(start_paused = true)]
    async fn after_a_clean_close_it_goes_on_behind_the_last_whole_event() {
        let mut told = follow(vec![
            Server::Closes("id: 1\ndata: a\n\nid: 2\ndata: b\n\nid: 3\ndata: cut off"),
            Server::Closes("id: 3\ndata: c\n\nid: 4\n\n"),
            Server::SaysDone,
        ]);
        let (data, error) = told.all().await;
        assert_eq!(data, ["a", "b", "c"]);
        assert!(error.is_none());
        assert_eq!(told.ids(), [None, Some("2".to_owned()), Some("4".to_owned())]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_that_the_server_ends_with_a_position_is_taken_up_at_once_and_in_silence() {
        let mut told = follow(vec![
            Server::ClosesLater("retry: 4000\n\nid: 1\ndata: a\n\nid: 2\n\n"),
            Server::ClosesLater("retry: 4000\n\nid: 3\ndata: b\n\nid: 3\n\n"),
            Server::SaysDone,
        ]);
        let mut connection = told.resuming.connection.subscribe();
        assert_eq!(told.resuming.next().await.unwrap().unwrap().data, "a");
        assert_eq!(*connection.borrow_and_update(), Connection::Open);
        assert_eq!(told.resuming.next().await.unwrap().unwrap().data, "b");
        assert!(!connection.has_changed().unwrap(), "nobody has to hear of it");
        assert!(told.resuming.next().await.is_none());
        assert_eq!(told.times(), [0.0, 20.0, 40.0]);
        assert_eq!(told.ids(), [None, Some("2".to_owned()), Some("3".to_owned())]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_first_snapshot_that_breaks_off_is_begun_again_and_said_to_be() {
        let mut told = follow(vec![
            Server::Closes("data: page 1\n\n"),
            Server::Refuses(503),
            Server::Closes("data: page 1\n\nid: 1\ndata: page 2\n\n"),
            Server::Closes("id: 2\ndata: event\n\n"),
            Server::SaysDone,
        ]);
        let restart = r#"{"type":"stream.restart"}"#;
        let expected = ["page 1", restart, "page 1", "page 2", "event"];
        assert_eq!(told.all().await.0, expected);
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_goes_down_or_ends_every_stream_at_once_is_given_its_time() {
        let drained = "retry: 4000\n\nid: 1\n\nevent: stream.draining\ndata: {}\n\n";
        for server in [Server::ClosesLater(drained), Server::Closes("retry: 4000\n\nid: 1\n\n")] {
            let later = if matches!(server, Server::ClosesLater(_)) { 20.0 } else { 0.0 };
            let mut told = follow(vec![server, Server::SaysDone]);
            told.all().await;
            assert!((3.0..5.0).contains(&(told.times()[1] - later)), "{:?}", told.times());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_waits_as_long_as_the_server_says_and_longer_after_failures() {
        let mut told = follow(vec![
            Server::Closes("retry: 4000\n\nid: 1\ndata: a\n\n"),
            Server::Refuses(503),
            Server::Refuses(502),
            Server::SaysDone,
        ]);
        told.all().await;
        let times = told.times();
        assert!((3.0..5.0).contains(&times[1]), "{times:?}");
        assert!((6.0..10.0).contains(&(times[2] - times[1])), "{times:?}");
        assert!((12.0..20.0).contains(&(times[3] - times[2])), "{times:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_connection_is_given_up_for_another() {
        let mut told = follow(vec![
            Server::FallsSilent("id: 1\ndata: a\n\n"),
            Server::Closes("id: 2\ndata: b\n\n"),
            Server::SaysDone,
        ]);
        let (data, _) = told.all().await;
        assert_eq!(data, ["a", "b"]);
        assert!(told.times()[1] >= 45.0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_for_good_ends_it_with_the_error() {
        let mut told = follow(vec![
            Server::Closes("id: 1\ndata: a\n\n"),
            Server::Refuses(404),
            Server::Closes("id: 2\ndata: b\n\n"),
        ]);
        let (data, error) = told.all().await;
        assert_eq!(data, ["a"]);
        assert_eq!(error.and_then(|error| error.status()), Some(http::StatusCode::NOT_FOUND));
        assert!(told.resuming.next().await.is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn it_gives_up_when_it_was_told_to() {
        let mut told = follow((0..100).map(|_| Server::Refuses(503)).collect());
        told.resuming.patience.give_up_after = Some(Duration::from_secs(60));
        let start = Instant::now();
        let (_, error) = told.all().await;
        assert!(error.is_some_and(|error| error.is_retryable()));
        assert!((60.0..120.0).contains(&start.elapsed().as_secs_f64()));
    }
}
