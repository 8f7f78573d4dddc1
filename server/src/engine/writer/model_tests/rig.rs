//! The real thing: the rounds of the writer on a database of its own, and a clock moved by hand.

use std::collections::{BTreeMap, BTreeSet};

use tempfile::TempDir;

use super::{closed::Closed, step::Step, *};
use crate::{
    domain::{LeaseToken, LogLevel, Position, RawJson, TaskError, TaskId, TaskView},
    engine::{NewLine, NewTask, Outcome, Report},
    store::{Reads, sqlite},
};

/// How long a cancelled worker has to end by itself.
pub const GRACE: u64 = 2;

pub struct Rig {
    pub work: Work,
    pub reads: Arc<dyn Reads>,
    pub clock: Clock,
    directory: Option<TempDir>,
    /// Tasks that were submitted and not deleted.
    ids: BTreeSet<TaskId>,
    /// Every lease ever given.
    leases: Vec<(TaskId, LeaseToken)>,
    /// The last report or end of an attempt.
    last_word: Option<Command>,
}

/// What was done.
pub enum What {
    Command(Box<Command>),
    TimePassed,
    Restart,
}

/// What was done, when, and what came of it.
pub struct Deed {
    pub what: What,
    /// On the steady clock.
    pub now: i64,
    pub answer: Result<Reply, Refusal>,
    /// How many events it wrote; not known where it shared its round with others.
    pub events: Option<u64>,
}

/// All tasks as everybody may see them.
pub type Seen = BTreeMap<TaskId, TaskView>;

fn open(directory: &TempDir, clock: &Clock) -> (Work, Arc<dyn Reads>) {
    let opened = sqlite::open(directory.path()).expect("a database");
    let queue = Arc::new(Queue::default());
    let mut work = Work::new(opened.store, queue, clock.clone(), Box::new(|_| {}));
    work.renew_leases().expect("renewed");
    (work, opened.reads)
}

impl Rig {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let clock = Clock::manual(Timestamp(1_700_000_000_000));
        let (work, reads) = open(&directory, &clock);
        let (ids, leases) = (BTreeSet::new(), Vec::new());
        Rig { work, reads, clock, directory: Some(directory), ids, leases, last_word: None }
    }

    pub fn now(&self) -> i64 {
        self.clock.now().steady.0
    }

    pub fn end(&self) -> Position {
        self.reads.log_end().expect("the log's end")
    }

    /// One round of these commands, in one transaction; their answers.
    pub fn round(&mut self, commands: Vec<Command>) -> Vec<Result<Reply, Refusal>> {
        let at = self.clock.now();
        let mut answers = Vec::with_capacity(commands.len());
        let mut jobs = Vec::with_capacity(commands.len());
        for command in commands {
            let (reply, answer) = oneshot::channel();
            answers.push(answer);
            jobs.push(Job { command, reply: Some(reply), at });
        }
        self.work.round(jobs);
        let all = answers.iter_mut();
        all.map(|one| one.try_recv().expect("every command is answered in its round")).collect()
    }

    /// Moves the clock, and lets everything happen that is due then.
    pub fn pass(&mut self, milliseconds: i64) {
        self.clock.advance(milliseconds.max(SWEEP.as_millis() as i64));
        self.work.round(Vec::new());
        while self.work.more_due {
            self.work.round(Vec::new());
        }
    }

    pub fn look(&self) -> Seen {
        let task = |id: &TaskId| self.reads.task(id).expect("read").map(|(_, task)| task);
        self.ids.iter().filter_map(|id| Some((id.clone(), task(id)?))).collect()
    }

    /// Does one step; nothing, where it needs a task or a lease and there is none.
    pub fn take(&mut self, step: &Step) -> Vec<Deed> {
        let before = self.end();
        let steps =
            if let Step::Together(steps) = step { steps } else { std::slice::from_ref(step) };
        let mut commands = Vec::new();
        for step in steps {
            match self.meant(step) {
                Some(What::Command(command)) => commands.push(*command),
                Some(what) => {
                    let (now, answer) = (self.now(), Ok(Reply::Done));
                    return vec![Deed { what, now, answer, events: None }];
                }
                None => {}
            }
        }
        // Leases are given when all else in a round is decided.
        commands.sort_by_key(|command| matches!(command, Command::Acquire(_)));
        let answers = self.round(commands.clone());
        let events = (commands.len() == 1).then(|| self.end() - before);
        let mut deeds = Vec::new();
        for (command, answer) in commands.into_iter().zip(answers) {
            self.remember(&command, &answer);
            let what = What::Command(Box::new(command));
            deeds.push(Deed { what, now: self.now(), answer, events });
        }
        deeds
    }

    /// The command a step means: its numbers point at tasks and leases there are.
    fn meant(&mut self, step: &Step) -> Option<What> {
        let command = match step.clone() {
            Step::Submit { priority, attempts, delay, timeout, only } => {
                let run_at = (delay > 0).then(|| Timestamp(self.now() + delay));
                let task = NewTask {
                    priority,
                    max_attempts: Some(attempts),
                    timeout_seconds: timeout,
                    cancel_grace_seconds: GRACE,
                    run_at,
                    worker: only.map(|worker| format!("w{worker}")),
                    ..NewTask::of("k")
                };
                Command::Submit { task, key: None }
            }
            Step::Lease { worker, most, seconds } => {
                Command::Acquire(wish(format!("w{worker}"), most as u64, seconds))
            }
            Step::Report { lease, sequence } => {
                let (id, token) = self.lease(lease)?;
                Command::Report { id, token, report: report(sequence) }
            }
            Step::Complete { lease } => self.ending(lease, Outcome::Complete { output: None })?,
            Step::Fail { lease, retryable, after } => {
                let error = TaskError::new("model", "as the model says");
                let retry_after_seconds = Some(after);
                self.ending(lease, Outcome::Fail { error, retryable, retry_after_seconds })?
            }
            Step::Release { lease } => self.ending(lease, Outcome::Release)?,
            Step::Again => self.last_word.clone()?,
            Step::Cancel { task } => Command::Cancel { id: self.pick(task)?, key: None },
            Step::Retry { task } => Command::Retry { id: self.pick(task)?, key: None },
            Step::Delete { task } => Command::Delete { id: self.pick(task)? },
            Step::Advance { milliseconds } => {
                self.pass(milliseconds);
                return Some(What::TimePassed);
            }
            Step::Restart => {
                self.restart();
                return Some(What::Restart);
            }
            Step::Together(_) => return None,
        };
        Some(What::Command(Box::new(command)))
    }

    fn pick(&self, index: usize) -> Option<TaskId> {
        self.ids.iter().nth(index % self.ids.len().max(1)).cloned()
    }

    /// Counted back from the newest.
    fn lease(&self, back: usize) -> Option<(TaskId, LeaseToken)> {
        self.leases.iter().rev().nth(back % self.leases.len().max(1)).cloned()
    }

    fn ending(&self, lease: usize, outcome: Outcome) -> Option<Command> {
        let (id, token) = self.lease(lease)?;
        Some(Command::End { id, token, outcome })
    }

    fn remember(&mut self, command: &Command, answer: &Result<Reply, Refusal>) {
        if let Command::Report { .. } | Command::End { .. } = command {
            self.last_word = Some(command.clone());
        }
        match (command, answer) {
            (Command::Submit { .. }, Ok(Reply::Task(task))) => {
                self.ids.insert(task.id.clone());
            }
            (Command::Delete { id }, Ok(_)) => {
                self.ids.remove(id);
            }
            (Command::Acquire(_), Ok(Reply::Leases(given))) => {
                let given = given.iter().map(|lease| (lease.task.id.clone(), lease.token.clone()));
                self.leases.extend(given);
            }
            _ => {}
        }
    }

    /// The server goes down and comes up on the same directory.
    fn restart(&mut self) {
        let directory = self.directory.take().expect("a directory");
        let nothing: Box<dyn Store> = Box::new(Closed);
        drop(std::mem::replace(&mut self.work.store, nothing));
        (self.work, self.reads) = open(&directory, &self.clock);
        self.directory = Some(directory);
    }
}

/// A worker's wish for tasks of the default queue.
pub fn wish(worker: String, max_tasks: u64, lease_seconds: u64) -> Acquire {
    Acquire {
        worker,
        request_id: None,
        queues: vec![NewTask::DEFAULT_QUEUE.to_owned()],
        kinds: vec![],
        max_tasks,
        lease_seconds,
        wait_seconds: 0,
    }
}

fn report(sequence: u64) -> Report {
    Report {
        sequence: Some(sequence),
        logs: vec![NewLine { level: LogLevel::Info, text: format!("line\r\n{sequence}") }],
        checkpoint: RawJson::of(&sequence).ok(),
        ..Report::default()
    }
}
