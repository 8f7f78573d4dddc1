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

/// The longest event taken. The server's frames have at most 32 KiB, but a snapshot of one task may
/// carry more.
const MAX_EVENT: usize = 8 * 1024 * 1024;
/// The longest wait between two attempts to connect.
const LONGEST_WAIT: Duration = Duration::from_secs(30);
/// The first wait, until the server has said its own (`retry:`).
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// The body of an open stream; without one, the server said that nothing more will come (204).
pub(crate) type Opened = Option<BoxStream<'static, Result<Bytes, Error>>>;
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
    /// The stream is over.
    Closed,
}

/// How patient a stream is.
#[derive(Clone, Debug)]
pub(crate) struct Patience {
    /// How long a connection may be silent. The server sends something at least every 15 s or so.
    pub idle: Duration,
    /// How long to go on without any connection; without it, for ever.
    pub give_up_after: Option<Duration>,
}

pub(crate) struct Resuming {
    connect: Connect,
    patience: Patience,
    body: Opened,
    parser: Parser,
    last_id: Option<String>,
    backoff: Backoff,
    asked_to_wait: Option<Duration>,
    first: bool,
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
            parser: Parser::new(MAX_EVENT),
            last_id,
            backoff: Backoff::new(FIRST_WAIT, LONGEST_WAIT),
            asked_to_wait: None,
            first: true,
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
            while let Some(frame) = self.parser.next_frame() {
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
            Ok(None) => "the server closed the stream".to_owned(),
            Err(_) => format!("nothing came for {} s", self.patience.idle.as_secs()),
        };
        tracing::debug!(reason, "the event stream ended; connecting again");
        self.body = None;
        self.lost(reason);
        Ok(())
    }

    async fn open(&mut self) -> Result<(), Error> {
        if !std::mem::take(&mut self.first) {
            sleep(self.backoff.next_delay(self.asked_to_wait.take())).await;
        }
        let opening = (self.connect)(self.last_id.clone());
        let opened = match timeout(self.patience.idle, opening).await {
            Ok(opened) => opened,
            Err(_) => Err(Error::Timeout(self.patience.idle)),
        };
        match opened {
            Ok(None) => {
                self.close();
                Ok(())
            }
            Ok(body) => {
                self.body = body;
                self.parser = Parser::new(MAX_EVENT);
                self.lost_since = None;
                self.connection.send_replace(Connection::Open);
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

    fn lost(&mut self, reason: String) {
        self.lost_since.get_or_insert_with(Instant::now);
        self.connection.send_replace(Connection::Connecting(Some(reason)));
    }
}
