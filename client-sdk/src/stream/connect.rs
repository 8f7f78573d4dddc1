//! How a stream is opened: as Server-Sent Events, or, where these do not get through, by long polls.
//!
//! A proxy that collects an answer before it passes it on lets nothing of a stream through, and no
//! error tells. But the server sends its first bytes at once; so when none come in time, the same
//! events are fetched by long polls, which end, and so get through. Now and then it is tried whether
//! a stream gets through by now.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::{
    StreamExt, TryStreamExt,
    future::BoxFuture,
    stream::{self, BoxStream},
};
use progenitor_client::{ByteStream, ResponseValue};
use tokio::time::{Instant, timeout};

use super::{
    filter::{EventFilter, MAX_IDS_IN_URL, Subject},
    poll::Polling,
    resume::{Connect, Opened, Patience},
};
use crate::{Milepost, client, error::Error, types};

/// The longest wait of one long poll on the server.
const LONGEST_POLL: Duration = Duration::from_secs(20);

/// Opens the same stream again and again.
#[derive(Clone)]
pub(super) struct Connector {
    pub milepost: Milepost,
    pub subject: Subject,
    pub from_start: bool,
    pub patience: Patience,
    /// Until when no stream is tried, because none got through.
    polls_until: Arc<Mutex<Option<Instant>>>,
}

impl Connector {
    pub fn new(milepost: Milepost, subject: Subject, from_start: bool, patience: Patience) -> Self {
        Connector { milepost, subject, from_start, patience, polls_until: Arc::default() }
    }

    pub fn into_connect(self) -> Connect {
        Arc::new(move |last_id| {
            let connector = self.clone();
            Box::pin(async move { connector.open(last_id).await })
        })
    }

    async fn open(&self, last_id: Option<String>) -> Result<Opened, Error> {
        let polls_until = *self.polls_until.lock().unwrap_or_else(PoisonError::into_inner);
        if polls_until.is_none_or(|until| until <= Instant::now()) {
            match timeout(self.patience.first_bytes, self.stream(last_id.clone())).await {
                Ok(opened) => {
                    self.poll_until(None);
                    return opened;
                }
                Err(_) => self.poll_until(Some(Instant::now() + self.patience.stream_again_after)),
            }
            let seconds = self.patience.first_bytes.as_secs_f32();
            tracing::debug!(seconds, "nothing of the stream came; going on by long polls");
        }
        // As long as a connection may be silent, more than one poll fits in.
        let wait = (self.patience.idle / 2).min(LONGEST_POLL);
        let opened = Polling::open(self.clone(), last_id, wait).await;
        if opened.is_err() {
            // Polls do not get through either: it is not the stream.
            self.poll_until(None);
        }
        opened
    }

    fn poll_until(&self, until: Option<Instant>) {
        *self.polls_until.lock().unwrap_or_else(PoisonError::into_inner) = until;
    }

    /// When a stream is to be tried again.
    pub fn stream_again_at(&self) -> Instant {
        let until = *self.polls_until.lock().unwrap_or_else(PoisonError::into_inner);
        until.unwrap_or_else(Instant::now)
    }

    /// Whether a stream gets through by now. If so, the next one is opened as a stream; if not, it is
    /// tried again after a while.
    pub async fn stream_gets_through(self, last_id: Option<String>) -> bool {
        let opened = timeout(self.patience.first_bytes, self.stream(last_id)).await;
        // Without an answer, or with a refusal, polls go on, which will be told the same.
        let through = matches!(opened, Ok(Ok(_)));
        let again = Instant::now() + self.patience.stream_again_after;
        self.poll_until((!through).then_some(again));
        through
    }

    /// The stream, once its first bytes are here.
    async fn stream(&self, last_id: Option<String>) -> Result<Opened, Error> {
        // `from=start` is for the beginning only: a cursor wins over it.
        let from = (self.from_start && last_id.is_none()).then_some(types::StreamFrom::Start);
        let answer = match &self.subject {
            Subject::Task(id) => self.watch_task(id, from, last_id).await,
            Subject::Filters(filters) => match filters.as_slice() {
                [filter] if filter.tasks.len() <= MAX_IDS_IN_URL => {
                    self.watch_events(filter, from, last_id).await
                }
                filters => self.open_event_stream(filters, from, last_id)?.await,
            },
        };
        let mut body = match answer.map_err(Error::from) {
            Ok(answer) => body(answer),
            // The contract's 204: the task is done, and nothing after the cursor is left to tell.
            Err(Error::UnexpectedStatus(http::StatusCode::NO_CONTENT)) => return Ok(Opened::Over),
            Err(error) => return Err(error),
        };
        let first = body.next().await.transpose()?.map(Ok);
        Ok(Opened::Stream(stream::iter(first).chain(body).boxed()))
    }

    async fn watch_task(
        &self,
        id: &str,
        from: Option<types::StreamFrom>,
        last_id: Option<String>,
    ) -> client::Answer<ByteStream> {
        let mut request = self.milepost.api().watch_task().id(id);
        if let Some(from) = from {
            request = request.from(from);
        }
        if let Some(last_id) = last_id {
            request = request.last_event_id(last_id);
        }
        request.send().await
    }

    async fn watch_events(
        &self,
        filter: &EventFilter,
        from: Option<types::StreamFrom>,
        last_id: Option<String>,
    ) -> client::Answer<ByteStream> {
        let mut request = self
            .milepost
            .api()
            .watch_events()
            .task(filter.tasks.clone())
            .state(filter.states.clone())
            .label(filter.labels.clone());
        if let Some(queue) = &filter.queue {
            request = request.queue(queue);
        }
        if let Some(kind) = &filter.kind {
            request = request.kind(kind);
        }
        if let Some(from) = from {
            request = request.from(from);
        }
        if let Some(last_id) = last_id {
            request = request.last_event_id(last_id);
        }
        request.send().await
    }

    fn open_event_stream(
        &self,
        filters: &[EventFilter],
        from: Option<types::StreamFrom>,
        last_id: Option<String>,
    ) -> Result<BoxFuture<'_, client::Answer<ByteStream>>, Error> {
        if filters.is_empty() {
            // Left out, it would be about every task.
            let reason = "a stream without a filter is about no task".to_owned();
            return Err(Error::InvalidRequest(reason));
        }
        let filters = filters.iter().map(EventFilter::in_body).collect::<Result<_, _>>()?;
        let body = types::WatchRequest { filters, from, ..Default::default() };
        let mut request = self.milepost.api().open_event_stream().body(body);
        if let Some(last_id) = last_id {
            request = request.last_event_id(last_id);
        }
        Ok(Box::pin(request.send()))
    }
}

fn body(answer: ResponseValue<ByteStream>) -> BoxStream<'static, Result<bytes::Bytes, Error>> {
    answer.into_inner_stream().map_err(Error::Unreachable).boxed()
}
