//! What a connection is doing, and until when it may.
//!
//! hyper's own header timer also runs between two requests, and knows nothing of a reader that
//! stalls; so the connection keeps its own account, written by the three who see it: the socket, the
//! handler, and the end of a response's body.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::time::Instant;

/// How long a connection may stay in each of its stages.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// For the head of a request: from its first byte to its last, and for a new connection's first
    /// byte.
    pub head: Duration,
    /// Between two requests.
    pub idle: Duration,
    /// For a reader that takes nothing of what was sent to it.
    pub stalled: Duration,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// Nothing has arrived on it.
    New,
    /// A request's head is on its way.
    Head,
    /// A request is being answered.
    Serving,
    /// Between two requests.
    Idle,
    /// Between two requests of HTTP/2, where what arrives need not be one.
    Resting,
}

#[derive(Debug)]
struct Account {
    stage: Stage,
    /// Requests that are being answered at once, which HTTP/2 allows.
    streams: usize,
    since: Instant,
    stalled_since: Option<Instant>,
}

/// Why a connection's time is up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Late {
    /// It said nothing.
    Silent,
    /// It began a request and did not end its head.
    Head,
    /// Its HTTP/2 peer has had nothing to ask for long.
    Resting,
    /// It does not read.
    Stalled,
}

/// The shared account of one connection. Its lock is only ever taken from that connection's task,
/// or from where a response's body is dropped, and never held across anything slow.
#[derive(Clone, Debug)]
pub struct Progress(Arc<Mutex<Account>>);

impl Progress {
    /// Of a connection that was just accepted.
    pub fn begin() -> Self {
        let account =
            Account { stage: Stage::New, streams: 0, since: Instant::now(), stalled_since: None };
        Progress(Arc::new(Mutex::new(account)))
    }

    fn account(&self) -> MutexGuard<'_, Account> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn enter(&self, stage: Stage) {
        let mut account = self.account();
        account.stage = stage;
        account.since = Instant::now();
    }

    /// Bytes arrived.
    pub fn received(&self) {
        let mut account = self.account();
        if matches!(account.stage, Stage::New | Stage::Idle) {
            account.stage = Stage::Head;
            account.since = Instant::now();
        }
    }

    /// A head is complete, and its request goes to the handler.
    pub fn serving(&self) {
        self.enter(Stage::Serving);
    }

    /// The response's last byte was handed over.
    pub fn answered(&self) {
        self.enter(Stage::Idle);
    }

    /// A request of HTTP/2 goes to the handler.
    pub fn stream_began(&self) {
        let mut account = self.account();
        account.streams += 1;
        account.stage = Stage::Serving;
    }

    /// A stream of HTTP/2 is over; whether it was the last that was open.
    pub fn stream_ended(&self) -> bool {
        self.account().streams -= 1;
        self.rest()
    }

    /// Between two requests of HTTP/2 begins now, if none is being answered; whether that is so.
    pub fn rest(&self) -> bool {
        let mut account = self.account();
        if account.streams > 0 {
            return false;
        }
        account.stage = Stage::Resting;
        account.since = Instant::now();
        true
    }

    /// Whether a handler or its response is at work.
    pub fn is_serving(&self) -> bool {
        self.account().stage == Stage::Serving
    }

    /// Whether the socket took what was written to it.
    pub fn wrote(&self, progress: bool) {
        let mut account = self.account();
        if progress {
            account.stalled_since = None;
        } else if account.stalled_since.is_none() {
            account.stalled_since = Some(Instant::now());
        }
    }

    /// When patience ends, and with what; never while a request is answered to a client that reads.
    pub fn deadline(&self, patience: &Patience) -> Option<(Instant, Late)> {
        let account = self.account();
        let of_stage = match account.stage {
            Stage::New => Some((account.since + patience.head, Late::Silent)),
            Stage::Head => Some((account.since + patience.head, Late::Head)),
            Stage::Idle => Some((account.since + patience.idle, Late::Silent)),
            Stage::Resting => Some((account.since + patience.idle, Late::Resting)),
            Stage::Serving => None,
        };
        let of_reader =
            account.stalled_since.map(|since| (since + patience.stalled, Late::Stalled));
        [of_stage, of_reader].into_iter().flatten().min_by_key(|(at, _)| *at)
    }
}
