//! The one writer: takes what waits, decides it all on one batch, commits once, answers all.
//!
//! The running commit is the batching window; there is no timer to tune. While one batch is being
//! synced, the next gathers in the queue, so a loaded server commits larger batches, not more.

#[cfg(test)]
mod model_tests;
mod serve;
#[cfg(test)]
mod tests;
mod transact;

use std::{
    collections::{BTreeMap, HashSet, VecDeque},
    sync::Arc,
    thread::JoinHandle,
    time::Duration,
};

use tokio::sync::oneshot;

use super::{
    Engine,
    batch::{Wake, Webhooks},
    clock::Clock,
    command::{Acquire, Command, Leased, Reply},
    inspect::Inspector,
    lease,
    presence::Presence,
    queue::{Job, Queue},
    retention::{Sweeper, TOMBSTONE_SECONDS},
    tally::Commit,
};
use crate::{
    domain::{LeaseToken, Precondition, Refusal, TaskId, Timestamp},
    store::{Store, StoreError},
};

/// How often time is asked what it makes happen; expiries show within twice this.
const SWEEP: Duration = Duration::from_millis(200);
/// How many due tasks one batch takes.
const MAX_DUE: usize = 256;
/// How many running tasks are renewed at a time after a start.
const RENEW_PAGE: usize = 1000;

/// Told of every commit.
pub type OnCommit = Box<dyn Fn(&Commit<'_>) + Send>;

/// The running writer, and how to stop it.
pub struct Writer {
    queue: Arc<Queue>,
    thread: JoinHandle<()>,
}

impl Writer {
    /// Refuses new commands, finishes those that wait, and returns when the last is committed.
    /// Blocks.
    pub fn stop(self) {
        self.queue.close(Refusal::ShuttingDown);
        if self.thread.join().is_err() {
            tracing::error!("the writer had panicked");
        }
    }
}

/// Starts the writer's thread. Leases that were running begin anew before the first command. What is
/// deleted is remembered for `tombstone_seconds`.
///
/// # Errors
/// What the store says when the running leases cannot be renewed, or the thread cannot be started.
pub fn start(
    store: Box<dyn Store>,
    clock: Clock,
    tombstone_seconds: u64,
    on_commit: OnCommit,
) -> Result<(Engine, Writer), StoreError> {
    let queue = Arc::new(Queue::default());
    let mut work = Work::new(store, queue.clone(), clock.clone(), on_commit);
    work.retention = Sweeper::new(tombstone_seconds, clock.now().steady);
    work.renew_leases()?;
    work.learn_webhooks()?;
    let thread = std::thread::Builder::new()
        .name("writer".to_owned())
        .spawn(move || {
            let _closing = CloseWhenGone(work.queue.clone());
            work.run();
        })
        .map_err(|error| StoreError::Other(format!("the writer cannot start: {error}")))?;
    let presence = Presence::default();
    let inspector = Inspector::default();
    let insists = Precondition::default();
    let engine = Engine { queue: queue.clone(), clock, presence, inspector, insists };
    Ok((engine, Writer { queue, thread }))
}

/// Should the writer ever panic, whoever waits for it is told, and nobody new begins to wait.
struct CloseWhenGone(Arc<Queue>);

impl Drop for CloseWhenGone {
    fn drop(&mut self) {
        if std::thread::panicking() {
            tracing::error!("the writer panicked; the server takes no writes until a restart");
            self.0.close(Refusal::StorageFailed);
            while self.0.take(Duration::ZERO).is_some() {}
        }
    }
}

type Answer = oneshot::Sender<Result<Reply, Refusal>>;

/// A lease call that stands in line.
struct Waiting {
    wish: Acquire,
    answer: Answer,
    /// On the steady clock.
    until: Timestamp,
    /// Not tried yet.
    fresh: bool,
}

struct Work {
    store: Box<dyn Store>,
    queue: Arc<Queue>,
    clock: Clock,
    on_commit: OnCommit,
    /// First come, first served.
    waiting: VecDeque<Waiting>,
    /// All of them, as committed.
    webhooks: Webhooks,
    /// Whom in the line to look at, since it was served last.
    wake: Wake,
    /// When queues whose rate is used up, and for which somebody waits, have their next token; on the
    /// steady clock.
    refills: BTreeMap<String, Timestamp>,
    /// When the last sweep was, on the steady clock.
    swept: Timestamp,
    more_due: bool,
    retention: Sweeper,
    /// When a word about a task's children is due that had to wait, on the steady clock.
    tell_at: Option<Timestamp>,
    /// After a start all of them are: their times were told by another clock.
    tell_all: bool,
    /// After a failed sync nothing may be written: what is on the disk is not known any more.
    failed: bool,
    /// The last write found no room, and none has succeeded since.
    ailing: bool,
}

impl Work {
    fn new(store: Box<dyn Store>, queue: Arc<Queue>, clock: Clock, on_commit: OnCommit) -> Self {
        Work {
            store,
            queue,
            swept: clock.now().steady,
            retention: Sweeper::new(TOMBSTONE_SECONDS, clock.now().steady),
            tell_at: Some(clock.now().steady),
            tell_all: true,
            clock,
            on_commit,
            waiting: VecDeque::new(),
            webhooks: Webhooks::default(),
            wake: Wake::default(),
            refills: BTreeMap::new(),
            more_due: false,
            failed: false,
            ailing: false,
        }
    }

    fn run(mut self) {
        while let Some(jobs) = self.queue.take(self.patience()) {
            self.round(jobs);
        }
        for waiting in self.waiting.drain(..) {
            let _ = waiting.answer.send(Ok(Reply::Leases(Vec::new())));
        }
    }

    /// One turn: a batch, its answers, and the housekeeping after it.
    fn round(&mut self, jobs: Vec<Job>) {
        let jobs = self.line_up(jobs);
        if self.failed {
            return self.refuse_all(jobs, &Refusal::StorageFailed);
        }
        if self.has_work(&jobs) {
            self.work(jobs);
        }
        self.send_away();
        if let Err(error) = self.store.maintain() {
            self.note(&error);
        }
    }

    /// How long nothing needs to be done if nobody comes.
    fn patience(&self) -> Duration {
        if self.more_due {
            return Duration::ZERO;
        }
        let ends = self.waiting.iter().map(|waiting| waiting.until);
        let sweep = self.swept.plus_milliseconds(SWEEP.as_millis() as i64);
        let now = self.clock.now().steady;
        let sweep = sweep.min(self.retention.next(now));
        let next = ends.chain(self.refills.values().copied()).chain(self.tell_at).min();
        let next = next.map_or(sweep, |next| next.min(sweep));
        Duration::from_millis((next.0 - now.0).max(0) as u64)
    }

    /// Lease calls go to the end of the line. They stay jobs too where their request may have been
    /// answered before.
    fn line_up(&mut self, jobs: Vec<Job>) -> Vec<Job> {
        let mut others = Vec::with_capacity(jobs.len());
        for mut job in jobs {
            match (&job.command, job.reply.take()) {
                (Command::Acquire(wish), Some(answer)) => match lease::check(wish) {
                    Ok(()) => self.waiting.push_back(Waiting {
                        until: self.clock.now().steady.plus_seconds(wish.wait_seconds),
                        wish: wish.clone(),
                        answer,
                        fresh: true,
                    }),
                    Err(refusal) => drop(answer.send(Err(refusal))),
                },
                (_, reply) => {
                    job.reply = reply;
                    others.push(job);
                }
            }
        }
        others
    }

    fn has_work(&self, jobs: &[Job]) -> bool {
        !jobs.is_empty()
            || self.sweep_is_due()
            || self.refill_is_due()
            || self.telling_is_due()
            || self.retention.is_due(self.clock.now().steady)
            || self.waiting.iter().any(|one| one.fresh)
    }

    fn refill_is_due(&self) -> bool {
        let now = self.clock.now().steady;
        self.refills.values().any(|at| *at <= now)
    }

    fn telling_is_due(&self) -> bool {
        let now = self.clock.now().steady;
        self.tell_at.is_some_and(|at| at <= now)
    }

    fn sweep_is_due(&self) -> bool {
        let since = self.clock.now().steady.0 - self.swept.0;
        self.more_due || since >= SWEEP.as_millis() as i64
    }

    fn work(&mut self, jobs: Vec<Job>) {
        let idle = jobs.is_empty();
        match self.transact(&jobs, true) {
            Ok(done) => {
                self.serve(done.served);
                self.answer(jobs, done.replies);
                // A sweep that had nothing to write has proved nothing.
                if self.ailing && idle {
                    self.probe();
                }
            }
            // One command may be the cause: alone, only the guilty one fails.
            Err(StoreError::Other(why)) if !jobs.is_empty() => {
                tracing::warn!(%why, commands = jobs.len(), "a batch failed; trying one by one");
                for job in jobs {
                    let result = self.transact(std::slice::from_ref(&job), false);
                    let reply = match result {
                        Ok(mut done) => done.replies.pop().unwrap_or(Err(Refusal::Internal)),
                        Err(error) => Err(self.note(&error)),
                    };
                    self.answer(vec![job], vec![reply]);
                }
            }
            Err(error) => {
                let refusal = self.note(&error);
                self.refuse_all(jobs, &refusal);
            }
        }
    }

    fn serve(&mut self, served: Vec<(usize, Vec<Leased>)>) {
        for (place, leases) in served.into_iter().rev() {
            let Some(waiting) = self.waiting.remove(place) else { continue };
            if let Err(Ok(Reply::Leases(leases))) = waiting.answer.send(Ok(Reply::Leases(leases))) {
                let leases = leases.into_iter().map(|lease| (lease.task.id, lease.token));
                self.give_back(leases.collect());
            }
        }
    }

    fn answer(&self, jobs: Vec<Job>, replies: Vec<Result<Reply, Refusal>>) {
        for (job, reply) in jobs.into_iter().zip(replies) {
            if let Some(answer) = job.reply {
                let reply = match reply {
                    Ok(Reply::Inspect(kinds, _)) => {
                        Ok(Reply::Inspect(kinds, Some(Box::new(job.command))))
                    }
                    reply => reply,
                };
                let _ = answer.send(reply);
            }
        }
    }

    fn give_back(&self, leases: Vec<(TaskId, LeaseToken)>) {
        if leases.is_empty() {
            return;
        }
        let job = Job { command: Command::GiveBack { leases }, reply: None, at: self.clock.now() };
        if let Err(refusal) = self.queue.push(job) {
            tracing::debug!(%refusal, "leases not given back");
        }
    }

    /// Callers that waited long enough go with empty hands, and so does one that has asked again
    /// meanwhile: both would else be given tasks of their own. Callers that left just go.
    fn send_away(&mut self) {
        let now = self.clock.now().steady;
        let mut asked = HashSet::new();
        let mut stay = VecDeque::with_capacity(self.waiting.len());
        for waiting in std::mem::take(&mut self.waiting).into_iter().rev() {
            if waiting.answer.is_closed() {
                continue;
            }
            let request = waiting.wish.request_id.clone();
            let again = request.is_some_and(|id| !asked.insert((waiting.wish.worker.clone(), id)));
            if !waiting.fresh && (again || waiting.until <= now) {
                let _ = waiting.answer.send(Ok(Reply::Leases(Vec::new())));
            } else {
                stay.push_front(waiting);
            }
        }
        self.waiting = stay;
    }

    fn refuse_all(&mut self, jobs: Vec<Job>, refusal: &Refusal) {
        for answer in jobs.into_iter().filter_map(|job| job.reply) {
            let _ = answer.send(Err(refusal.clone()));
        }
        let line = std::mem::take(&mut self.waiting);
        let (fresh, rest): (Vec<_>, Vec<_>) = line.into_iter().partition(|one| one.fresh);
        self.waiting = rest.into();
        for waiting in fresh {
            let _ = waiting.answer.send(Err(refusal.clone()));
        }
        // Nothing was swept; asking again at once would only spin.
        self.swept = self.clock.now().steady;
        self.more_due = false;
        self.retention.forget();
        self.refills.clear();
        // The next sweep asks for it again.
        self.tell_at = None;
    }

    /// Finds out whether there is room again.
    fn probe(&mut self) {
        match self.store.probe() {
            Ok(()) => self.set_ailing(None),
            Err(error) => drop(self.note(&error)),
        }
    }

    /// Logs a failure and says what clients are told of it.
    fn note(&mut self, error: &StoreError) -> Refusal {
        let refusal = match error {
            StoreError::Full(_) => Refusal::StorageFull,
            StoreError::Io(_) => {
                self.failed = true;
                Refusal::StorageFailed
            }
            StoreError::Other(_) => Refusal::Internal,
        };
        if self.ailing && refusal != Refusal::Internal {
            tracing::debug!(%error, "the store still refuses writes");
        } else {
            tracing::error!(%error, "the store refused a write");
        }
        if refusal != Refusal::Internal {
            self.set_ailing(Some(refusal.clone()));
        }
        refusal
    }

    fn set_ailing(&mut self, ailing: Option<Refusal>) {
        if self.ailing && ailing.is_none() {
            tracing::info!("the store takes writes again");
        }
        self.ailing = ailing.is_some();
        self.queue.set_ailing(ailing);
    }
}
