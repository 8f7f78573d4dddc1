//! What the rules do on a real store, with time moved by hand.

mod bulk;
mod dependencies;
mod families;
mod groups;
mod keys;
mod kinds;
mod many;
mod preconditions;
mod progress;
mod queues;
mod retention;
mod schedules;
mod time;
mod unique;
mod webhooks;

use std::sync::Arc;

use tempfile::TempDir;

use super::*;
use crate::{
    domain::{NewTask, RawJson, State, TaskError, TaskId, TaskView},
    engine::{Leased, Outcome, Report},
    store::{Reads, sqlite},
};

/// 14 November 2023, 22:13:20 UTC.
const START: Timestamp = Timestamp(1_700_000_000_000);

struct Rig {
    work: Work,
    reads: Arc<dyn Reads>,
    clock: Clock,
    directory: Option<TempDir>,
}

impl Rig {
    fn new() -> Self {
        Rig::on(tempfile::tempdir().expect("a directory"), Clock::manual(START))
    }

    fn on(directory: TempDir, clock: Clock) -> Self {
        let opened = sqlite::open(directory.path()).expect("a database");
        let queue = Arc::new(Queue::default());
        let mut work = Work::new(opened.store, queue, clock.clone(), Box::new(|_| {}));
        work.renew_leases().expect("renewed");
        if let Some(jobs) = work.queue.take(std::time::Duration::ZERO) {
            work.round(jobs);
        }
        work.learn_webhooks().expect("learned");
        Rig { work, reads: opened.reads, clock, directory: Some(directory) }
    }

    /// The server goes away, `milliseconds` pass, and it is back.
    fn restart_after(self, milliseconds: i64) -> Self {
        let Rig { work, reads, clock, directory } = self;
        drop((work, reads));
        clock.advance(milliseconds);
        Rig::on(directory.expect("a directory"), clock)
    }

    fn run(&mut self, command: Command) -> Result<Reply, Refusal> {
        let (reply, mut answer) = oneshot::channel();
        self.work.round(vec![Job { command, reply: Some(reply), at: self.clock.now() }]);
        answer.try_recv().expect("every command is answered in its round")
    }

    fn submit(&mut self, task: NewTask) -> TaskId {
        match self.run(Command::Submit { task, key: None }).expect("submitted") {
            Reply::Task(task) => task.id.clone(),
            other => panic!("{other:?}"),
        }
    }

    /// Time passes, in steps as small as the sweep's where it is not long.
    fn pass(&mut self, milliseconds: i64) {
        let mut left = milliseconds;
        while left > 0 {
            let step = left.min((SWEEP.as_millis() as i64).max(left / 200));
            self.clock.advance(step);
            self.work.round(Vec::new());
            while self.work.more_due || self.work.retention.has_more() {
                self.work.round(Vec::new());
            }
            left -= step;
        }
    }

    fn lease(&mut self, max_tasks: u64) -> Vec<Leased> {
        self.lease_of("default", max_tasks)
    }

    fn lease_of(&mut self, queue: &str, max_tasks: u64) -> Vec<Leased> {
        match self.run(Command::Acquire(wish(queue, max_tasks))).expect("leases") {
            Reply::Leases(leases) => leases,
            other => panic!("{other:?}"),
        }
    }

    fn ids(leases: &[Leased]) -> Vec<TaskId> {
        leases.iter().map(|lease| lease.task.id.clone()).collect()
    }

    fn report(&mut self, lease: &Leased, report: Report) {
        let (id, token) = (lease.task.id.clone(), lease.token.clone());
        self.run(Command::Report { id, token, report }).expect("reported");
    }

    fn end(&mut self, lease: &Leased, outcome: Outcome) {
        let (id, token) = (lease.task.id.clone(), lease.token.clone());
        self.run(Command::End { id, token, outcome }).expect("ended");
    }

    fn complete(&mut self, lease: &Leased) {
        self.end(lease, Outcome::Complete { output: None });
    }

    fn task(&self, id: &TaskId) -> TaskView {
        self.reads.task(id).expect("read").expect("there is such a task").1
    }

    fn state(&self, id: &TaskId) -> State {
        self.task(id).state
    }
}

fn wish(queue: &str, max_tasks: u64) -> Acquire {
    Acquire {
        worker: "w".to_owned(),
        request_id: None,
        queues: vec![queue.to_owned()],
        kinds: Vec::new(),
        max_tasks,
        lease_seconds: 3600,
        wait_seconds: 0,
        embedded: false,
    }
}

fn failure() -> Outcome {
    let error = TaskError::new("boom", "It broke");
    Outcome::Fail { error, retryable: true, retry_after_seconds: None }
}

fn invalid_fields(result: Result<Reply, Refusal>) -> Vec<String> {
    match result {
        Err(Refusal::Invalid(errors)) => errors.into_iter().map(|error| error.field).collect(),
        other => panic!("expected invalid fields, found {other:?}"),
    }
}
