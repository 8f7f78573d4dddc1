//! The one writer: takes what waits, decides it all on one batch, commits once, answers all.
//!
//! The running commit is the batching window; there is no timer to tune. While one batch is being
//! synced, the next gathers in the queue, so a loaded server commits larger batches, not more.

use std::{
    collections::{BTreeSet, VecDeque},
    sync::Arc,
    thread::JoinHandle,
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

use super::{
    Engine,
    batch::{Batch, Ready},
    clock::Clock,
    command::{Acquire, Command, Leased, Reply},
    decide::{self, decide},
    lease,
    queue::{Job, Queue},
    sweep,
};
use crate::{
    domain::{Position, Refusal, TaskId},
    store::{Needs, Slot, Store, StoreError},
};

/// How often time is asked what it makes happen; expiries show within twice this.
const SWEEP: Duration = Duration::from_millis(200);
/// How many due tasks one batch takes.
const MAX_DUE: usize = 256;
/// How many running tasks are renewed at a time after a start.
const RENEW_PAGE: usize = 1000;

/// Told of every commit: the last position, and the tasks with new events.
pub type OnCommit = Box<dyn Fn(Position, &[TaskId]) + Send>;

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

/// Starts the writer's thread. Leases that were running begin anew before the first command.
///
/// # Errors
/// What the store says when the running leases cannot be renewed, or the thread cannot be started.
pub fn start(
    store: Box<dyn Store>,
    clock: Clock,
    on_commit: OnCommit,
) -> Result<(Engine, Writer), StoreError> {
    let queue = Arc::new(Queue::default());
    let mut work = Work {
        store,
        queue: queue.clone(),
        clock,
        on_commit,
        waiting: VecDeque::new(),
        ready: BTreeSet::new(),
        swept: Instant::now(),
        more_due: false,
        failed: false,
    };
    work.renew_leases()?;
    let thread = std::thread::Builder::new()
        .name("writer".to_owned())
        .spawn(move || {
            let _closing = CloseWhenGone(work.queue.clone());
            work.run();
        })
        .map_err(|error| StoreError::Other(format!("the writer cannot start: {error}")))?;
    Ok((Engine { queue: queue.clone(), clock }, Writer { queue, thread }))
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
    until: Instant,
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
    /// Where tasks became leasable since the line was served last.
    ready: BTreeSet<Ready>,
    swept: Instant,
    more_due: bool,
    /// After a failed sync nothing may be written: what is on the disk is not known any more.
    failed: bool,
}

/// What one transaction came to.
struct Done {
    replies: Vec<Result<Reply, Refusal>>,
    /// Places in the line, and what they are given.
    served: Vec<(usize, Vec<Leased>)>,
}

impl Work {
    fn run(mut self) {
        while let Some(jobs) = self.queue.take(self.patience()) {
            let jobs = self.line_up(jobs);
            if self.failed {
                self.refuse_all(jobs, &Refusal::StorageFailed);
                continue;
            }
            if self.has_work(&jobs) {
                self.work(jobs);
            }
            self.send_away();
            if let Err(error) = self.store.maintain() {
                self.note(&error);
            }
        }
        for waiting in self.waiting.drain(..) {
            let _ = waiting.answer.send(Ok(Reply::Leases(Vec::new())));
        }
    }

    /// How long nothing needs to be done if nobody comes.
    fn patience(&self) -> Duration {
        if self.more_due {
            return Duration::ZERO;
        }
        let now = Instant::now();
        let ends = self.waiting.iter().map(|waiting| waiting.until);
        let next = ends.min().map_or(self.swept + SWEEP, |end| end.min(self.swept + SWEEP));
        next.saturating_duration_since(now)
    }

    /// Lease calls go to the end of the line. They stay jobs too where their request may have been
    /// answered before.
    fn line_up(&mut self, jobs: Vec<Job>) -> Vec<Job> {
        let mut others = Vec::with_capacity(jobs.len());
        for mut job in jobs {
            match (&job.command, job.reply.take()) {
                (Command::Acquire(wish), Some(answer)) => match lease::check(wish) {
                    Ok(()) => self.waiting.push_back(Waiting {
                        until: Instant::now() + Duration::from_secs(wish.wait_seconds),
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
        !jobs.is_empty() || self.sweep_is_due() || self.waiting.iter().any(|one| one.fresh)
    }

    fn sweep_is_due(&self) -> bool {
        self.more_due || self.swept.elapsed() >= SWEEP
    }

    fn work(&mut self, jobs: Vec<Job>) {
        match self.transact(&jobs, true) {
            Ok(done) => {
                self.serve(done.served);
                self.answer(jobs, done.replies);
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

    /// One transaction: the commands, then what is due, then the line.
    fn transact(&mut self, jobs: &[Job], whole: bool) -> Result<Done, StoreError> {
        let result = self.try_transact(jobs, whole);
        if result.is_err() {
            self.store.rollback();
        }
        result
    }

    fn try_transact(&mut self, jobs: &[Job], whole: bool) -> Result<Done, StoreError> {
        self.store.begin()?;
        let mut batch = Batch::new(self.store.epoch(), self.store.next_position()?);
        let first = batch.next_position();
        let wishes: Vec<Command> = self.fresh_requests(whole);
        self.load(&mut batch, jobs.iter().map(|job| &job.command).chain(&wishes))?;
        let replies = jobs.iter().map(|job| decide(&mut batch, &job.command, &job.at)).collect();
        let mut more_due = self.more_due;
        if whole && self.sweep_is_due() {
            more_due = self.sweep(&mut batch)?;
        }
        let mut ready = batch.take_ready();
        let mut served = Vec::new();
        if whole {
            ready.append(&mut self.ready.clone());
            served = self.lease_out(&mut batch, &ready)?;
        }
        self.store.write(&batch.take_changes())?;
        self.store.commit()?;

        if whole {
            self.ready.clear();
            if self.sweep_is_due() {
                self.swept = Instant::now();
                self.more_due = more_due;
            }
            self.waiting.iter_mut().for_each(|waiting| waiting.fresh = false);
        } else {
            self.ready.append(&mut ready);
        }
        self.queue.set_ailing(None);
        let end = batch.next_position();
        if end > first {
            (self.on_commit)(end - 1, &batch.into_touched());
        }
        Ok(Done { replies, served })
    }

    /// Lease calls that may have been answered before, as commands whose needs are loaded.
    fn fresh_requests(&self, whole: bool) -> Vec<Command> {
        let fresh = self.waiting.iter().filter(|one| one.fresh && one.wish.request_id.is_some());
        fresh.filter(|_| whole).map(|one| Command::Acquire(one.wish.clone())).collect()
    }

    /// Loads what the commands must see; a key names tasks, a done task has an outcome: so in
    /// rounds, at most three.
    fn load<'a>(
        &mut self,
        batch: &mut Batch,
        commands: impl Iterator<Item = &'a Command> + Clone,
    ) -> Result<(), StoreError> {
        for _ in 0..3 {
            let mut needs = Needs::default();
            commands.clone().for_each(|command| decide::needs(command, batch, &mut needs));
            if needs.is_empty() {
                break;
            }
            let found = self.store.load(&needs)?;
            batch.absorb(needs, found);
        }
        Ok(())
    }

    /// Returns whether more is due than fits a batch.
    fn sweep(&mut self, batch: &mut Batch) -> Result<bool, StoreError> {
        let now = self.clock.now();
        self.store.forget_keys(now.wall, MAX_DUE)?;
        let due = self.store.due(now.steady, now.wall, MAX_DUE)?;
        let more = due.len() == MAX_DUE;
        for task in due {
            let id = task.id.clone();
            // What the commands of this batch did is newer than what the store has.
            if !batch.knows_task(&id) {
                batch.absorb_task(task);
            }
            sweep::sweep(batch, &id, &self.clock.now());
        }
        Ok(more)
    }

    /// Serves the line: n ready tasks go to the first callers that want them.
    fn lease_out(
        &mut self,
        batch: &mut Batch,
        ready: &BTreeSet<Ready>,
    ) -> Result<Vec<(usize, Vec<Leased>)>, StoreError> {
        let mut served = Vec::new();
        for (place, waiting) in self.waiting.iter().enumerate() {
            let wish = &waiting.wish;
            let wanted = waiting.fresh || ready.iter().any(|ready| wants(wish, ready));
            if !wanted || waiting.answer.is_closed() {
                continue;
            }
            let mut given = if waiting.fresh { lease::given_before(batch, wish) } else { vec![] };
            if given.is_empty() {
                // The store must see what this batch queued and leased so far.
                self.store.write(&batch.take_changes())?;
                let tasks =
                    self.store.ready(&wish.queues, &wish.kinds, &wish.worker, wish.max_tasks)?;
                let now = self.clock.now();
                for task in tasks {
                    let id = task.id.clone();
                    batch.absorb_task(task);
                    lease::begin(batch, &id, wish, &now);
                    given.push(id);
                }
                lease::remember(batch, wish, &given, &now);
            }
            if given.is_empty() {
                continue;
            }
            load_bodies(self.store.as_mut(), batch, &given)?;
            served.push((place, given.iter().filter_map(|id| lease::leased(batch, id)).collect()));
        }
        Ok(served)
    }

    fn serve(&mut self, served: Vec<(usize, Vec<Leased>)>) {
        for (place, leases) in served.into_iter().rev() {
            let Some(waiting) = self.waiting.remove(place) else { continue };
            if let Err(Ok(Reply::Leases(leases))) = waiting.answer.send(Ok(Reply::Leases(leases))) {
                self.give_back(leases);
            }
        }
    }

    fn answer(&self, jobs: Vec<Job>, replies: Vec<Result<Reply, Refusal>>) {
        for (job, reply) in jobs.into_iter().zip(replies) {
            if let Some(answer) = job.reply {
                let _ = answer.send(reply);
            }
        }
    }

    fn give_back(&self, leases: Vec<Leased>) {
        let leases = leases.into_iter().map(|lease| (lease.task.id, lease.token)).collect();
        let job = Job { command: Command::GiveBack { leases }, reply: None, at: self.clock.now() };
        if let Err(refusal) = self.queue.push(job) {
            tracing::debug!(%refusal, "leases not given back");
        }
    }

    /// Callers that waited long enough go with empty hands; callers that left just go.
    fn send_away(&mut self) {
        let now = Instant::now();
        let line = std::mem::take(&mut self.waiting);
        let here = line.into_iter().filter(|one| !one.answer.is_closed());
        let (stay, go): (Vec<_>, Vec<_>) = here.partition(|one| one.fresh || one.until > now);
        self.waiting = stay.into();
        for waiting in go {
            let _ = waiting.answer.send(Ok(Reply::Leases(Vec::new())));
        }
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
        self.swept = Instant::now();
        self.more_due = false;
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
        tracing::error!(%error, "the store refused a write");
        if refusal != Refusal::Internal {
            self.queue.set_ailing(Some(refusal.clone()));
        }
        refusal
    }

    fn renew_leases(&mut self) -> Result<(), StoreError> {
        let mut after = 0;
        loop {
            self.store.begin()?;
            let running = self.store.running(after, RENEW_PAGE)?;
            let Some(last) = running.last().map(|task| task.seq) else {
                self.store.rollback();
                return Ok(());
            };
            let mut batch = Batch::new(self.store.epoch(), self.store.next_position()?);
            let now = self.clock.now();
            for task in running {
                let id = task.id.clone();
                batch.absorb_task(task);
                sweep::renew(&mut batch, &id, &now);
            }
            self.store.write(&batch.take_changes())?;
            self.store.commit()?;
            after = last;
        }
    }
}

fn wants(wish: &Acquire, ready: &Ready) -> bool {
    wish.queues.contains(&ready.queue)
        && (wish.kinds.is_empty() || wish.kinds.contains(&ready.kind))
        && ready.only_worker.as_ref().is_none_or(|only| *only == wish.worker)
}

fn load_bodies(
    store: &mut dyn Store,
    batch: &mut Batch,
    given: &[TaskId],
) -> Result<(), StoreError> {
    let mut needs = Needs::default();
    for task in given.iter().filter_map(|id| batch.task(id)) {
        for slot in [Slot::Input, Slot::Checkpoint] {
            if !batch.knows_body(task.seq, slot) {
                needs.bodies.insert((task.seq, slot));
            }
        }
    }
    if needs.is_empty() {
        return Ok(());
    }
    let found = store.load(&needs)?;
    batch.absorb(needs, found);
    Ok(())
}
