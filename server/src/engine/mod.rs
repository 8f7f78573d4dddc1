//! The rules, and the one writer that applies them.
//!
//! `decide` is a pure core: a batch of rows and one command go in, a reply comes out, and the batch
//! collects what changed. The writer takes what waits, decides it all, commits once, and answers.

mod after;
mod batch;
mod bulk;
mod change;
pub mod clock;
pub mod command;
mod decide;
mod end;
mod family;
mod inspect;
mod keyed;
mod kinds;
pub mod lease;
mod precondition;
pub mod presence;
mod queue;
mod queues;
mod report;
mod retention;
mod schedules;
mod spread;
pub mod submit;
mod sweep;
pub mod tally;
mod unique;
mod webhooks;
pub mod writer;

use std::sync::Arc;

pub use command::{
    Acquire, Change, Command, IdempotencyKey, Leased, NewLine, Outcome, Reply, Report,
};
use tokio::{sync::oneshot, task::spawn_blocking};

pub use self::submit::MAX_TASKS as MAX_TASKS_PER_BATCH;
pub use crate::domain::NewTask;

use self::{
    clock::Clock,
    inspect::{Inspector, Schema},
    presence::{Presence, Seen},
    queue::{Job, Queue},
};
use crate::domain::{
    self, Kind, KindSpec, LeaseToken, Precondition, QueueSettings, Refusal, Schedule, ScheduleId,
    Shown, TaskId,
    bulk::BulkOrder,
    checks::Errors,
    lease::Reported,
    queue::QueueChange,
    schedule::{ScheduleChange, ScheduleSpec},
    webhook::{Secret, Webhook, WebhookChange, WebhookId, WebhookSpec},
};

type Answer = oneshot::Receiver<Result<Reply, Refusal>>;

/// The way in for everything that writes. Cheap to clone.
#[derive(Clone)]
pub struct Engine {
    queue: Arc<Queue>,
    clock: Clock,
    presence: Presence,
    inspector: Inspector,
    insists: Precondition,
}

/// How often inputs are looked at anew because their kinds have changed meanwhile.
const MAX_LOOKS: usize = 8;

impl Engine {
    /// The same way in, for a request that insists on how what it changes must be.
    #[must_use]
    pub fn only_if(&self, precondition: Precondition) -> Engine {
        Engine { insists: precondition, ..self.clone() }
    }

    /// Waits for the commit; a caller that goes away does not undo what it asked for.
    pub async fn run(&self, command: Command) -> Result<Reply, Refusal> {
        let mut command = command.only_if(self.insists.clone());
        for _ in 0..MAX_LOOKS {
            command = self.inspector.inspected(command).await?;
            // The writer answers every job, so a dropped sender means that it is gone.
            match self.ask(command)?.await.unwrap_or(Err(Refusal::ShuttingDown))? {
                Reply::Inspect(kinds, Some(again)) => {
                    self.inspector.learn(kinds).await;
                    command = *again;
                }
                reply => return Ok(reply),
            }
        }
        Err(Refusal::Overloaded)
    }

    /// Puts a command into the queue; its answer comes later.
    fn ask(&self, command: Command) -> Result<Answer, Refusal> {
        let (reply, answer) = oneshot::channel();
        self.queue.push(Job { command, reply: Some(reply), at: self.clock.now() })?;
        Ok(answer)
    }

    /// Whether writes are taken at the moment, or why not.
    pub fn writable(&self) -> Result<(), Refusal> {
        self.queue.writable()
    }

    pub async fn submit(
        &self,
        task: NewTask,
        key: Option<IdempotencyKey>,
    ) -> Result<Shown, Refusal> {
        Ok(self.submit_or_find(task, key).await?.0)
    }

    /// Whether the task was found comes second: it is another request's, open and with the same
    /// `unique_key`.
    pub async fn submit_or_find(
        &self,
        task: NewTask,
        key: Option<IdempotencyKey>,
    ) -> Result<(Shown, bool), Refusal> {
        match self.run(Command::Submit { task, key }).await? {
            Reply::Task(task) => Ok((task, false)),
            Reply::Put { task, created } => Ok((task, !created)),
            _ => Err(Refusal::Internal),
        }
    }

    /// All of them or none, in the order given.
    pub async fn submit_many(
        &self,
        tasks: Vec<NewTask>,
        key: Option<IdempotencyKey>,
    ) -> Result<Vec<Shown>, Refusal> {
        match self.run(Command::SubmitMany { tasks, key }).await? {
            Reply::Tasks(tasks) => Ok(tasks),
            _ => Err(Refusal::Internal),
        }
    }

    /// Whether the task is new comes second.
    pub async fn put(&self, task: NewTask, hash: String) -> Result<(Shown, bool), Refusal> {
        match self.run(Command::Put { task, hash }).await? {
            Reply::Put { task, created } => Ok((task, created)),
            _ => Err(Refusal::Internal),
        }
    }

    pub async fn update(&self, id: TaskId, change: Change) -> Result<Shown, Refusal> {
        expect_task(self.run(Command::Update { id, change }).await?)
    }

    pub async fn cancel(&self, id: TaskId, key: Option<IdempotencyKey>) -> Result<Shown, Refusal> {
        expect_task(self.run(Command::Cancel { id, key }).await?)
    }

    pub async fn retry(&self, id: TaskId, key: Option<IdempotencyKey>) -> Result<Shown, Refusal> {
        expect_task(self.run(Command::Retry { id, key }).await?)
    }

    pub async fn delete(&self, id: TaskId) -> Result<(), Refusal> {
        self.run(Command::Delete { id }).await.map(|_| ())
    }

    /// Waits up to `wait_seconds` for the first task; may be empty. Whoever drops the answer before
    /// it reached the worker must [`Engine::give_back`] what is in it.
    pub async fn acquire(&self, wish: Acquire) -> Result<Vec<Leased>, Refusal> {
        let _asking = (!wish.embedded).then(|| self.presence.asks(&wish, &self.clock));
        let mut expected = Expected { answer: self.ask(Command::Acquire(wish))?, engine: self };
        match (&mut expected.answer).await.unwrap_or(Err(Refusal::ShuttingDown))? {
            Reply::Leases(leases) => Ok(leases),
            _ => Err(Refusal::Internal),
        }
    }

    /// Releases leases whose caller is gone, without waiting for it.
    pub fn give_back(&self, leases: Vec<(TaskId, LeaseToken)>) {
        let job = Job { command: Command::GiveBack { leases }, reply: None, at: self.clock.now() };
        // Refused only when the server goes down or is full; then the leases expire by themselves.
        if let Err(refusal) = self.queue.push(job) {
            tracing::debug!(%refusal, "leases not given back");
        }
    }

    pub async fn report(
        &self,
        id: TaskId,
        token: LeaseToken,
        report: Report,
    ) -> Result<Reported, Refusal> {
        match self.run(Command::Report { id, token, report }).await? {
            Reply::Reported(reported) => Ok(reported),
            _ => Err(Refusal::Internal),
        }
    }

    /// Completes, fails or releases.
    pub async fn end(
        &self,
        id: TaskId,
        token: LeaseToken,
        outcome: Outcome,
    ) -> Result<Shown, Refusal> {
        expect_task(self.run(Command::End { id, token, outcome }).await?)
    }

    /// Replaces all that is set for a queue.
    pub async fn set_queue(
        &self,
        name: String,
        settings: QueueSettings,
    ) -> Result<domain::Queue, Refusal> {
        expect_queue(self.run(Command::SetQueue { name, settings }).await?)
    }

    pub async fn change_queue(
        &self,
        name: String,
        change: QueueChange,
    ) -> Result<domain::Queue, Refusal> {
        expect_queue(self.run(Command::ChangeQueue { name, change }).await?)
    }

    /// Creates or replaces what is said of a kind. Whether it is new comes second.
    pub async fn put_kind(&self, name: String, spec: KindSpec) -> Result<(Kind, bool), Refusal> {
        let mut errors = Errors::default();
        kinds::check(&name, &spec, &mut errors);
        // One that is too long is not read.
        let text = spec.input_schema.clone().filter(|_| spec.size() <= KindSpec::MAX_SCHEMA_BYTES);
        if let Some(text) = text {
            let read = spawn_blocking(move || Schema::read(&text).map(drop)).await;
            errors.take_all(read.map_err(|_| Refusal::Internal)?.err().unwrap_or_default());
        }
        errors.none_or(())?;
        match self.run(Command::PutKind { name, spec: Box::new(spec) }).await? {
            Reply::Kind(kind, created) => Ok((*kind, created)),
            _ => Err(Refusal::Internal),
        }
    }

    pub async fn delete_kind(&self, name: String) -> Result<(), Refusal> {
        self.run(Command::DeleteKind { name }).await.map(|_| ())
    }

    /// Whether it is new comes second: a repeated request is answered with the schedule as it is.
    pub async fn create_schedule(
        &self,
        id: Option<ScheduleId>,
        spec: ScheduleSpec,
        key: Option<IdempotencyKey>,
    ) -> Result<(Schedule, bool), Refusal> {
        let spec = Box::new(spec);
        expect_schedule(self.run(Command::CreateSchedule { id, spec, key }).await?)
    }

    /// Whether it is new comes second.
    pub async fn put_schedule(
        &self,
        id: ScheduleId,
        spec: ScheduleSpec,
    ) -> Result<(Schedule, bool), Refusal> {
        let spec = Box::new(spec);
        expect_schedule(self.run(Command::PutSchedule { id, spec }).await?)
    }

    pub async fn change_schedule(
        &self,
        id: ScheduleId,
        change: ScheduleChange,
    ) -> Result<Schedule, Refusal> {
        let change = Box::new(change);
        let (schedule, _) =
            expect_schedule(self.run(Command::ChangeSchedule { id, change }).await?)?;
        Ok(schedule)
    }

    pub async fn delete_schedule(&self, id: ScheduleId) -> Result<(), Refusal> {
        self.run(Command::DeleteSchedule { id }).await.map(|_| ())
    }

    /// Submits a schedule's task now.
    pub async fn run_schedule(
        &self,
        id: ScheduleId,
        key: Option<IdempotencyKey>,
    ) -> Result<Shown, Refusal> {
        expect_task(self.run(Command::RunSchedule { id, key }).await?)
    }

    /// Submits a run that does one thing to many tasks.
    pub async fn start_bulk(
        &self,
        order: BulkOrder,
        key: Option<IdempotencyKey>,
    ) -> Result<Shown, Refusal> {
        let order = Box::new(order);
        expect_task(self.run(Command::StartBulk { order, key }).await?)
    }

    /// A repeated request is answered with the webhook as it is.
    pub async fn create_webhook(
        &self,
        spec: WebhookSpec,
        secret: Option<Secret>,
        key: Option<IdempotencyKey>,
    ) -> Result<Webhook, Refusal> {
        let spec = Box::new(spec);
        expect_webhook(self.run(Command::CreateWebhook { spec, secret, key }).await?)
    }

    pub async fn change_webhook(
        &self,
        id: WebhookId,
        change: WebhookChange,
    ) -> Result<Webhook, Refusal> {
        let change = Box::new(change);
        expect_webhook(self.run(Command::ChangeWebhook { id, change }).await?)
    }

    /// A repeated request is answered with the webhook as it is.
    pub async fn rotate_webhook_secret(
        &self,
        id: WebhookId,
        secret: Option<Secret>,
        key: Option<IdempotencyKey>,
    ) -> Result<Webhook, Refusal> {
        expect_webhook(self.run(Command::RotateWebhookSecret { id, secret, key }).await?)
    }

    pub async fn delete_webhook(&self, id: WebhookId) -> Result<(), Refusal> {
        self.run(Command::DeleteWebhook { id }).await.map(|_| ())
    }

    /// Stops a webhook whose receiver wants no more.
    pub async fn disable_webhook(&self, id: WebhookId, reason: String) -> Result<(), Refusal> {
        self.run(Command::DisableWebhook { id, reason }).await.map(|_| ())
    }

    /// Submits a delivery that tells of nothing but itself.
    pub async fn test_webhook(
        &self,
        id: WebhookId,
        key: Option<IdempotencyKey>,
    ) -> Result<Shown, Refusal> {
        expect_task(self.run(Command::TestWebhook { id, key }).await?)
    }

    /// The workers that asked for work lately, by name.
    pub fn workers(&self) -> Vec<(String, Seen)> {
        self.presence.seen(self.clock.now().wall)
    }

    /// How many commands wait for the writer.
    pub fn waiting(&self) -> usize {
        self.queue.len()
    }

    /// Quickstart: stores a submitted name.
    pub async fn submit_name(&self, name: String) -> Result<(), Refusal> {
        self.run(Command::SubmitName { name }).await.map(|_| ())
    }

    /// Quickstart: starts a countdown, unless one of that name runs.
    pub async fn start_countdown(&self, name: String) -> Result<Shown, Refusal> {
        expect_task(self.run(Command::StartCountdown { name }).await?)
    }
}

/// Leases on their way to a caller. A caller that goes away in the moment between the writer's answer
/// and its own next look would else leave them to expire.
struct Expected<'a> {
    answer: Answer,
    engine: &'a Engine,
}

impl Drop for Expected<'_> {
    fn drop(&mut self) {
        self.answer.close();
        if let Ok(Ok(Reply::Leases(leases))) = self.answer.try_recv()
            && !leases.is_empty()
        {
            let leases = leases.into_iter().map(|lease| (lease.task.id, lease.token));
            self.engine.give_back(leases.collect());
        }
    }
}

fn expect_queue(reply: Reply) -> Result<domain::Queue, Refusal> {
    match reply {
        Reply::Queue(queue) => Ok(*queue),
        _ => Err(Refusal::Internal),
    }
}

fn expect_schedule(reply: Reply) -> Result<(Schedule, bool), Refusal> {
    match reply {
        Reply::Schedule(schedule, created) => Ok((*schedule, created)),
        _ => Err(Refusal::Internal),
    }
}

fn expect_webhook(reply: Reply) -> Result<Webhook, Refusal> {
    match reply {
        Reply::Webhook(webhook) => Ok(*webhook),
        _ => Err(Refusal::Internal),
    }
}

fn expect_task(reply: Reply) -> Result<Shown, Refusal> {
    match reply {
        Reply::Task(task) => Ok(task),
        _ => Err(Refusal::Internal),
    }
}
