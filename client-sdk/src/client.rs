//! The way in: one server, and the few things most programs do with it.

use std::{future::Future, sync::Arc, time::Duration};

use progenitor_client::ResponseValue;
use reqwest::header::ETAG;
use tokio::time::{sleep, timeout};

use crate::{
    backoff::Backoff,
    error::Error,
    generated::{Client, types},
    stream::{EventFilter, EventStream},
};

/// How long an ordinary request may take, from the first byte sent to the last one read.
pub(crate) const REQUEST_LIMIT: Duration = Duration::from_secs(30);
/// What a request that waits on the server may take beyond its wait.
const SLACK: Duration = Duration::from_secs(15);
/// How long one request of [`Milepost::wait`] waits on the server; it takes 60 s at most.
const WAIT_SECONDS: u64 = 50;
/// How often a request that is safe to repeat is sent in all.
const ATTEMPTS: u32 = 5;

type Configure = dyn Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync;
pub(crate) type Answer<T> = Result<ResponseValue<T>, progenitor_client::Error<types::Problem>>;

/// A Milepost server. Cheap to clone; clones share their connections.
///
/// ```no_run
/// # async fn example() -> Result<(), milepost_client::Error> {
/// use milepost_client::{Milepost, types::TaskSubmission};
///
/// let milepost = Milepost::new("http://127.0.0.1:8080")?;
/// let task = milepost.submit(TaskSubmission::builder().kind("thumbnails")).await?;
/// let task = milepost.wait(&task.id).await?;
/// println!("{:?}", task.output);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Milepost {
    api: Client,
    base_url: Arc<str>,
    configure: Arc<Configure>,
}

/// A task, and the tag that says which revision of it this is.
#[derive(Clone, Debug, PartialEq)]
pub struct Revision {
    /// The task.
    pub task: types::Task,
    /// Its `ETag`, for [`Milepost::get_if_changed`], [`Milepost::cancel_if_match`] and other changes
    /// with `If-Match`.
    pub etag: String,
}

impl std::fmt::Debug for Milepost {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Milepost").field("base_url", &self.base_url).finish_non_exhaustive()
    }
}

impl Milepost {
    /// A server by its base URL, e.g. `http://127.0.0.1:8080`. Connects to nothing yet.
    pub fn new(base_url: &str) -> Result<Self, Error> {
        Milepost::with(base_url, |http| http)
    }

    /// The same, with a say in how HTTP is done (headers, certificates, proxies). Do not set a total
    /// timeout: streams and long polls have none.
    ///
    /// `configure` is called again for each part of the SDK that needs connections of its own: a
    /// worker's heartbeat must not stand in line behind anything else.
    pub fn with(
        base_url: &str,
        configure: impl Fn(reqwest::ClientBuilder) -> reqwest::ClientBuilder + Send + Sync + 'static,
    ) -> Result<Self, Error> {
        let base_url = base_url.trim_end_matches('/');
        match reqwest::Url::parse(base_url) {
            Ok(url) if url.has_host() && matches!(url.scheme(), "http" | "https") => {}
            _ => {
                let reason = format!("{base_url:?} is no base URL such as http://127.0.0.1:8080");
                return Err(Error::Setup(reason));
            }
        }
        Milepost::build(base_url.into(), Arc::new(configure))
    }

    fn build(base_url: Arc<str>, configure: Arc<Configure>) -> Result<Self, Error> {
        let http = reqwest::Client::builder()
            .connect_timeout(Duration::from_secs(10))
            .tcp_keepalive(Duration::from_secs(30))
            .tcp_nodelay(true)
            .user_agent(concat!("milepost-client/", env!("CARGO_PKG_VERSION")));
        let http = configure(http)
            .build()
            .map_err(|error| Error::Setup(format!("HTTP cannot be set up: {error}")))?;
        Ok(Milepost { api: Client::new_with_client(&base_url, http), base_url, configure })
    }

    /// The same server over connections of its own. A connection belongs to the async runtime that
    /// opened it, so what runs on another thread must not share them.
    pub(crate) fn apart(&self) -> Result<Self, Error> {
        Milepost::build(Arc::clone(&self.base_url), Arc::clone(&self.configure))
    }

    /// Every operation of the contract, as generated. Its errors become [`Error`] with `?`.
    pub fn api(&self) -> &Client {
        &self.api
    }

    /// Where the server is, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.base_url
    }

    /// Submits a task. Sent with an `Idempotency-Key`, so that a lost answer is asked for again and
    /// still makes one task.
    pub async fn submit<T>(&self, task: T) -> Result<types::Task, Error>
    where
        T: TryInto<types::TaskSubmission>,
        T::Error: std::fmt::Display,
    {
        let task = task.try_into().map_err(|error| Error::InvalidRequest(error.to_string()))?;
        let key = new_key();
        let send = || self.api.create_task().idempotency_key(&key).body(task.clone()).send();
        Ok(persistently(send).await?.into_inner())
    }

    /// A task, whole.
    pub async fn get(&self, id: &str) -> Result<types::Task, Error> {
        Ok(persistently(|| self.api.get_task().id(id).send()).await?.into_inner())
    }

    /// A task with its revision.
    pub async fn get_revision(&self, id: &str) -> Result<Revision, Error> {
        Ok(revision(persistently(|| self.api.get_task().id(id).send()).await?))
    }

    /// The task if it is no longer the revision of this tag; `None` if nothing changed.
    pub async fn get_if_changed(&self, id: &str, etag: &str) -> Result<Option<Revision>, Error> {
        let send = || self.api.get_task().id(id).if_none_match(etag).send();
        match persistently(send).await {
            Ok(answer) => Ok(Some(revision(answer))),
            Err(Error::UnexpectedStatus(status)) if status == http::StatusCode::NOT_MODIFIED => {
                Ok(None)
            }
            Err(error) => Err(error),
        }
    }

    /// Waits until a task is done, by long polls, across broken connections and restarts of the
    /// server. Put a `tokio::time::timeout` around it to wait no longer than you like.
    pub async fn wait(&self, id: &str) -> Result<types::Task, Error> {
        let limit = Duration::from_secs(WAIT_SECONDS) + SLACK;
        let mut backoff = Backoff::for_requests();
        loop {
            let request = self.api.get_task().id(id).prefer(format!("wait={WAIT_SECONDS}"));
            match within(limit, request.send()).await {
                Ok(answer) if answer.done => return Ok(answer.into_inner()),
                Ok(_) => backoff.reset(),
                Err(error) if error.is_retryable() => {
                    sleep(backoff.next_delay(error.retry_after())).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Asks for a task to be cancelled. One that waits is cancelled at once; a running one when its
    /// worker has heard of it.
    pub async fn cancel(&self, id: &str) -> Result<types::Task, Error> {
        let key = new_key();
        let send = || self.api.cancel_task().id(id).idempotency_key(&key).send();
        Ok(persistently(send).await?.into_inner())
    }

    /// Gives a failed or cancelled task another round of attempts.
    pub async fn retry(&self, id: &str) -> Result<types::Task, Error> {
        let key = new_key();
        let send = || self.api.retry_task().id(id).idempotency_key(&key).send();
        Ok(persistently(send).await?.into_inner())
    }

    /// Removes a task that is done. Not repeated after a lost answer: the second try would say that
    /// there is no such task.
    pub async fn delete(&self, id: &str) -> Result<(), Error> {
        within(REQUEST_LIMIT, self.api.delete_task().id(id).send()).await.map(|_| ())
    }

    /// Cancels a task only if it is still the revision of this tag; else a problem with status 412.
    pub async fn cancel_if_match(&self, id: &str, etag: &str) -> Result<types::Task, Error> {
        let key = new_key();
        let send = || self.api.cancel_task().id(id).idempotency_key(&key).if_match(etag).send();
        Ok(persistently(send).await?.into_inner())
    }

    /// The same for another round of attempts.
    pub async fn retry_if_match(&self, id: &str, etag: &str) -> Result<types::Task, Error> {
        let key = new_key();
        let send = || self.api.retry_task().id(id).idempotency_key(&key).if_match(etag).send();
        Ok(persistently(send).await?.into_inner())
    }

    /// The same for its removal.
    pub async fn delete_if_match(&self, id: &str, etag: &str) -> Result<(), Error> {
        let request = self.api.delete_task().id(id).if_match(etag);
        within(REQUEST_LIMIT, request.send()).await.map(|_| ())
    }

    /// The last lines a task's workers wrote, oldest first.
    pub async fn logs(&self, id: &str, tail: u64) -> Result<Vec<types::LogLine>, Error> {
        let send = || self.api.list_task_logs().id(id).tail(tail).send();
        Ok(persistently(send).await?.into_inner().lines)
    }

    /// Who tried a task, when, and how that ended, oldest first.
    pub async fn attempts(&self, id: &str) -> Result<Vec<types::Attempt>, Error> {
        let send = || self.api.list_task_attempts().id(id).send();
        Ok(persistently(send).await?.into_inner().items)
    }

    /// Asks for leases, waiting on the server as long as the request says. The request should have a
    /// `request_id`, and the same one again after an error, so that leases whose answer was lost are
    /// found again.
    pub async fn acquire(&self, request: types::LeaseRequest) -> Result<Vec<types::Lease>, Error> {
        let limit = Duration::from_secs(request.wait_seconds.unwrap_or(0)) + SLACK;
        let answer = within(limit, self.api.acquire_leases().body(request).send()).await?;
        Ok(answer.into_inner().leases)
    }

    /// One task's events: a snapshot, then everything that happens, until it is done.
    pub fn watch_task(&self, id: impl Into<String>) -> EventStream {
        EventStream::of_task(self.clone(), id.into())
    }

    /// The events of all tasks a filter matches, on one connection, for ever.
    pub fn watch_events(&self, filter: EventFilter) -> EventStream {
        EventStream::of_filters(self.clone(), vec![filter])
    }

    /// The events of all tasks that any of the filters matches, on one connection, for ever: at most
    /// 64 filters. A task is told to have left when none of them matches it any more.
    ///
    /// ```no_run
    /// # fn example(milepost: milepost_client::Milepost) {
    /// use milepost_client::{stream::EventFilter, types::TaskState};
    ///
    /// let running = EventFilter { states: vec![TaskState::Running], ..Default::default() };
    /// let mine = EventFilter { labels: vec!["user=17".to_owned()], ..Default::default() };
    /// let events = milepost.watch_any([running, mine]);
    /// # }
    /// ```
    pub fn watch_any(&self, filters: impl IntoIterator<Item = EventFilter>) -> EventStream {
        EventStream::of_filters(self.clone(), filters.into_iter().collect())
    }
}

fn revision(answer: ResponseValue<types::Task>) -> Revision {
    let etag = answer.headers().get(ETAG).and_then(|value| value.to_str().ok());
    let etag = etag.unwrap_or_default().to_owned();
    Revision { task: answer.into_inner(), etag }
}

/// A key no other request has.
pub(crate) fn new_key() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// One request, ended after `limit`.
pub(crate) async fn within<T>(
    limit: Duration,
    request: impl Future<Output = Answer<T>>,
) -> Result<ResponseValue<T>, Error> {
    match timeout(limit, request).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(Error::Timeout(limit)),
    }
}

/// A request that is safe to repeat, sent until it is answered or has failed for good.
pub(crate) async fn persistently<T, F>(
    mut request: impl FnMut() -> F,
) -> Result<ResponseValue<T>, Error>
where
    F: Future<Output = Answer<T>>,
{
    let mut backoff = Backoff::for_requests();
    for _ in 1..ATTEMPTS {
        match within(REQUEST_LIMIT, request()).await {
            Err(error) if error.is_retryable() => {
                sleep(backoff.next_delay(error.retry_after())).await;
            }
            answer => return answer,
        }
    }
    within(REQUEST_LIMIT, request()).await
}
