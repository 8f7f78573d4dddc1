//! The writer on a real store, held against a model after every step.
//!
//! The model is the protocol written a second time, naively and without a database: what state each
//! task is in, whose lease counts, what time makes happen. Random commands run against both; time is
//! moved by hand. Whatever the model does not say (positions, events, counts) is checked by rules
//! that hold for every log.

mod closed;
mod step;

use std::collections::{BTreeMap, HashMap};

use proptest::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

use closed::Closed;
use step::{Step, step};

use super::*;
use crate::{
    domain::{
        EventType, Filter, LeaseToken, LogLevel, Position, RawJson, State, TaskError, TaskId,
    },
    engine::{NewLine, NewTask, Outcome, Report},
    store::{CountKey, Reads, Selection, sqlite},
};

/// A task as the protocol says it must be.
#[derive(Clone, Debug)]
struct Expected {
    state: State,
    priority: i32,
    only: Option<String>,
    attempt: u32,
    max_attempts: u32,
    per_round: u32,
    fence: u64,
    timeout: Option<u64>,
    lease: Option<Held>,
    cancel_at: Option<i64>,
    due: Option<i64>,
    ended: Option<(LeaseToken, String)>,
    /// The step at which it was queued: who was queued in an earlier one goes first.
    queued_in: usize,
    rounds: usize,
}

#[derive(Clone, Debug)]
struct Held {
    token: LeaseToken,
    seconds: u64,
    expires: i64,
    since: i64,
    last: Option<u64>,
}

const GRACE: u64 = 2;

impl Expected {
    fn fail(&mut self, retryable: bool, due: Option<i64>) {
        self.lease = None;
        self.state = match (self.cancel_at.take(), retryable && self.attempt < self.max_attempts) {
            (Some(_), _) => State::Cancelled,
            (None, true) => {
                self.due = due;
                State::Retrying
            }
            (None, false) => State::Failed,
        };
    }
}

struct Rig {
    work: Work,
    reads: Arc<dyn Reads>,
    clock: Clock,
    directory: Option<TempDir>,
    tasks: BTreeMap<TaskId, Expected>,
    /// Every lease ever given.
    leases: Vec<(TaskId, LeaseToken)>,
    step: usize,
}

fn open(directory: &TempDir, clock: &Clock) -> (Work, Arc<dyn Reads>) {
    let opened = sqlite::open(directory.path()).expect("a database");
    let queue = Arc::new(Queue::default());
    let mut work = Work::new(opened.store, queue, clock.clone(), Box::new(|_| {}));
    work.renew_leases().expect("renewed");
    (work, opened.reads)
}

impl Rig {
    fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let clock = Clock::manual(Timestamp(1_700_000_000_000));
        let (work, reads) = open(&directory, &clock);
        let (tasks, leases) = (BTreeMap::new(), Vec::new());
        Rig { work, reads, clock, directory: Some(directory), tasks, leases, step: 0 }
    }

    fn now(&self) -> i64 {
        self.clock.now().steady.0
    }

    fn run(&mut self, command: Command) -> Result<Reply, Refusal> {
        let (reply, mut answer) = oneshot::channel();
        self.work.round(vec![Job { command, reply: Some(reply), at: self.clock.now() }]);
        answer.try_recv().expect("every command is answered in its round")
    }

    /// Runs a command that the model says is refused, or not.
    fn expect(&mut self, command: Command, accepted: bool) -> Option<Reply> {
        let before = self.end();
        let result = self.run(command.clone());
        assert_eq!(result.is_ok(), accepted, "{command:?}: {result:?}");
        if !accepted {
            assert_eq!(self.end(), before, "{command:?} was refused and has changed the log");
        }
        result.ok()
    }

    fn end(&self) -> Position {
        self.reads.log_end().expect("the log's end")
    }

    fn pick(&self, index: usize) -> Option<TaskId> {
        let ids: Vec<_> = self.tasks.keys().collect();
        (!ids.is_empty()).then(|| ids[index % ids.len()].clone())
    }

    fn take(&mut self, step: &Step) {
        self.step += 1;
        match step.clone() {
            Step::Submit { priority, attempts, delay, timeout, only } => {
                self.submit(priority, attempts, delay, timeout, only);
            }
            Step::Lease { worker, most, seconds } => self.lease(worker, most, seconds),
            Step::Report { lease, sequence } => self.report(lease, sequence),
            Step::Complete { lease } => {
                self.end_attempt(lease, Outcome::Complete { output: None });
            }
            Step::Fail { lease, retryable, after } => {
                let error = TaskError::new("model", "as the model says");
                let retry_after_seconds = Some(after);
                self.end_attempt(lease, Outcome::Fail { error, retryable, retry_after_seconds });
            }
            Step::Release { lease } => self.end_attempt(lease, Outcome::Release),
            Step::Cancel { task } => self.cancel(task),
            Step::Retry { task } => self.retry(task),
            Step::Delete { task } => self.delete(task),
            Step::Advance { milliseconds } => {
                self.clock.advance(milliseconds.max(SWEEP.as_millis() as i64));
                self.work.round(Vec::new());
                self.time_passed();
            }
            Step::Restart => self.restart(),
        }
    }

    fn submit(
        &mut self,
        priority: i32,
        attempts: u32,
        delay: i64,
        timeout: Option<u64>,
        only: Option<u8>,
    ) {
        let only = only.map(|worker| format!("w{worker}"));
        let due = (delay > 0).then(|| self.now() + delay);
        let new = NewTask {
            priority,
            max_attempts: Some(attempts),
            timeout_seconds: timeout,
            cancel_grace_seconds: GRACE,
            run_at: due.map(Timestamp),
            worker: only.clone(),
            ..NewTask::of("k")
        };
        let reply = self.expect(Command::Submit { task: new, key: None }, true);
        let Some(Reply::Task(task)) = reply else { panic!("a task") };
        let expected = Expected {
            state: if due.is_some() { State::Scheduled } else { State::Queued },
            priority,
            only,
            attempt: 0,
            max_attempts: attempts,
            per_round: attempts,
            fence: 0,
            timeout,
            lease: None,
            cancel_at: None,
            due,
            ended: None,
            queued_in: self.step,
            rounds: 1,
        };
        self.tasks.insert(task.id, expected);
    }

    fn lease(&mut self, worker: u8, most: usize, seconds: u64) {
        let worker = format!("w{worker}");
        let wish = Acquire {
            worker: worker.clone(),
            request_id: None,
            queues: vec!["default".into()],
            kinds: vec![],
            max_tasks: most as u64,
            lease_seconds: seconds,
            wait_seconds: 0,
        };
        let Some(Reply::Leases(given)) = self.expect(Command::Acquire(wish), true) else {
            panic!("leases")
        };
        let mut ready: Vec<(i32, usize)> = Vec::new();
        for task in self.tasks.values() {
            if task.state == State::Queued && task.only.as_ref().is_none_or(|only| *only == worker)
            {
                ready.push((-task.priority, task.queued_in));
            }
        }
        ready.sort_unstable();
        let ranks: Vec<(i32, usize)> = given
            .iter()
            .map(|lease| {
                let task = &self.tasks[&lease.task.id];
                assert_eq!(task.state, State::Queued, "only queued tasks are leased");
                assert!(task.only.as_ref().is_none_or(|only| *only == worker));
                (-task.priority, task.queued_in)
            })
            .collect();
        assert_eq!(ranks, ready[..most.min(ready.len())], "the best ready tasks, in their order");
        let now = self.now();
        for lease in given {
            let Some(task) = self.tasks.get_mut(&lease.task.id) else { panic!("known") };
            task.fence += 1;
            assert_eq!(lease.fence, task.fence, "the fence rises by one with each lease");
            task.state = State::Running;
            task.attempt += 1;
            task.ended = None;
            let expires = now + seconds as i64 * 1000;
            let token = lease.token.clone();
            task.lease = Some(Held { token, seconds, expires, since: now, last: None });
            self.leases.push((lease.task.id, lease.token));
        }
    }

    fn pick_lease(&self, index: usize) -> Option<(TaskId, LeaseToken)> {
        (!self.leases.is_empty()).then(|| self.leases[index % self.leases.len()].clone())
    }

    fn report(&mut self, index: usize, sequence: u64) {
        let Some((id, token)) = self.pick_lease(index) else { return };
        let held = self.tasks.get(&id).and_then(|task| task.lease.clone());
        let held = held.filter(|held| held.token == token);
        let last = held.as_ref().and_then(|held| held.last);
        let accepted = held.is_some() && last.is_none_or(|last| sequence >= last);
        let repeated = last == Some(sequence);
        let logs = vec![NewLine { level: LogLevel::Info, text: format!("line\r\n{sequence}") }];
        let report = Report {
            sequence: Some(sequence),
            logs,
            checkpoint: RawJson::of(&sequence).ok(),
            ..Report::default()
        };
        let before = self.end();
        let reply = self.expect(Command::Report { id: id.clone(), token, report }, accepted);
        let Some(Reply::Reported(answer)) = reply else { return };
        let now = self.now();
        let Some(task) = self.tasks.get_mut(&id) else { panic!("known") };
        assert_eq!(answer.cancel_requested && !repeated, task.cancel_at.is_some() && !repeated);
        if repeated {
            assert_eq!(self.end(), before, "a repeated report writes nothing");
        } else if let Some(held) = task.lease.as_mut() {
            held.expires = now + held.seconds as i64 * 1000;
            held.last = Some(sequence);
            assert_eq!(answer.lease_expires_at.0, held.expires);
        }
    }

    fn end_attempt(&mut self, index: usize, outcome: Outcome) {
        let Some((id, token)) = self.pick_lease(index) else { return };
        let said = (token.clone(), format!("{outcome:?}"));
        let task = self.tasks.get(&id);
        let holds = task.and_then(|task| task.lease.as_ref()).is_some_and(|h| h.token == token);
        let repeated = task.is_some_and(|task| task.ended.as_ref() == Some(&said));
        let before = self.end();
        let command = Command::End { id: id.clone(), token, outcome: outcome.clone() };
        self.expect(command, holds || repeated);
        if !holds {
            assert_eq!(self.end(), before, "a repeated end writes nothing");
            return;
        }
        let now = self.now();
        let Some(task) = self.tasks.get_mut(&id) else { panic!("known") };
        task.ended = Some(said);
        task.lease = None;
        match outcome {
            Outcome::Complete { .. } => {
                task.cancel_at = None;
                task.state = State::Succeeded;
            }
            Outcome::Fail { retryable, retry_after_seconds, .. } => {
                let wait = retry_after_seconds.unwrap_or(0) as i64 * 1000;
                task.fail(retryable, Some(now + wait));
            }
            Outcome::Release if task.cancel_at.take().is_some() => task.state = State::Cancelled,
            Outcome::Release => {
                task.state = State::Queued;
                task.attempt -= 1;
            }
        }
    }

    fn cancel(&mut self, index: usize) {
        let Some(id) = self.pick(index) else { return };
        let state = self.tasks[&id].state;
        let accepted = !matches!(state, State::Succeeded | State::Failed);
        self.expect(Command::Cancel { id: id.clone(), key: None }, accepted);
        let now = self.now();
        let Some(task) = self.tasks.get_mut(&id) else { panic!("known") };
        match state {
            State::Running => task.cancel_at = task.cancel_at.or(Some(now)),
            State::Scheduled | State::Queued | State::Retrying => task.state = State::Cancelled,
            _ => {}
        }
    }

    fn retry(&mut self, index: usize) {
        let Some(id) = self.pick(index) else { return };
        let accepted = matches!(self.tasks[&id].state, State::Failed | State::Cancelled);
        self.expect(Command::Retry { id: id.clone(), key: None }, accepted);
        let step = self.step;
        if accepted && let Some(task) = self.tasks.get_mut(&id) {
            task.state = State::Queued;
            task.max_attempts = task.attempt + task.per_round;
            task.queued_in = step;
            task.ended = None;
            task.rounds += 1;
        }
    }

    fn delete(&mut self, index: usize) {
        let Some(id) = self.pick(index) else { return };
        let accepted = self.tasks[&id].state.is_done();
        self.expect(Command::Delete { id: id.clone() }, accepted);
        if accepted {
            self.tasks.remove(&id);
        }
    }

    /// What must have happened by itself.
    fn time_passed(&mut self) {
        let (now, step) = (self.now(), self.step);
        for (id, task) in &mut self.tasks {
            match task.state {
                State::Scheduled | State::Retrying if task.due.is_some_and(|due| due <= now) => {
                    task.state = State::Queued;
                    task.queued_in = step;
                }
                State::Running => {
                    let Some(held) = task.lease.clone() else { panic!("running has a lease") };
                    let after = |at: Option<i64>, seconds: u64| {
                        at.is_some_and(|at| at + seconds as i64 * 1000 <= now)
                    };
                    let timed_out = task.timeout.is_some_and(|t| after(Some(held.since), t));
                    if held.expires <= now || timed_out || after(task.cancel_at, GRACE) {
                        let due = self.reads.task(id).expect("read").and_then(|(_, t)| t.run_at);
                        task.fail(true, due.map(|due| due.0));
                        if task.state == State::Retrying {
                            let wait = task.due.map_or(-1, |due| due - now);
                            assert!((0..=300_000).contains(&wait), "backoff of {wait} ms");
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn restart(&mut self) {
        let directory = self.directory.take().expect("a directory");
        let nothing: Box<dyn Store> = Box::new(Closed);
        drop(std::mem::replace(&mut self.work.store, nothing));
        (self.work, self.reads) = open(&directory, &self.clock);
        self.directory = Some(directory);
        let now = self.now();
        for task in self.tasks.values_mut() {
            if let Some(held) = task.lease.as_mut() {
                held.expires = now + held.seconds as i64 * 1000;
            }
            task.cancel_at = task.cancel_at.map(|_| now);
        }
    }

    /// What must hold after every step.
    fn check(&self) {
        let mut counts: BTreeMap<CountKey, u64> = BTreeMap::new();
        for (id, expected) in &self.tasks {
            let (_, task) = self.reads.task(id).expect("read").expect("there");
            let seen = (task.state, task.attempt, task.max_attempts, task.cancel_requested);
            let cancel = expected.cancel_at.is_some();
            let due = (expected.state, expected.attempt, expected.max_attempts, cancel);
            assert_eq!(seen, due, "{id} after step {}", self.step);
            assert_eq!(task.done, task.output.is_some() != task.error.is_some());
            assert_eq!(task.output.is_some(), task.state == State::Succeeded);
            assert_eq!(
                task.worker.is_some() && task.state == State::Running,
                expected.lease.is_some()
            );
            let key =
                CountKey { queue: task.queue, kind: task.kind, state: task.state, parked: false };
            *counts.entry(key).or_default() += 1;
        }
        assert_eq!(self.reads.counts().expect("counts"), counts, "the stored counters");
    }

    /// What must hold of the whole log: no gap, and folding it gives the tasks.
    fn check_log(&self) {
        let mut folded: HashMap<TaskId, Value> = HashMap::new();
        let mut ends: HashMap<TaskId, usize> = HashMap::new();
        let everything = Selection::Filter(Filter::default());
        let page = self.reads.log(&everything, 0, 100_000).expect("the log");
        for (index, (entry, _)) in page.entries.iter().enumerate() {
            assert_eq!(entry.position, index as Position + 1, "positions have no gap");
            let mut event: Value = serde_json::from_str(&entry.json).expect("JSON");
            assert_eq!(event["type"], entry.event_type.as_str());
            if entry.event_type.is_terminal() {
                *ends.entry(entry.task_id.clone()).or_default() += 1;
            }
            match entry.event_type {
                EventType::Deleted => {
                    folded.remove(&entry.task_id);
                }
                EventType::Progress | EventType::Log => {
                    let Some(task) = folded.get_mut(&entry.task_id) else { panic!("folded") };
                    if entry.event_type == EventType::Progress {
                        task["progress"] = event["progress"].take();
                    }
                    task["updated_at"] = event["at"].take();
                    task["cursor"] = event["cursor"].take();
                }
                _ => {
                    folded.insert(entry.task_id.clone(), event["task"].take());
                }
            }
        }
        for (id, expected) in &self.tasks {
            let (_, task) = self.reads.task(id).expect("read").expect("there");
            let task = serde_json::to_value(task).expect("JSON");
            assert_eq!(folded.remove(id), Some(task), "folding gives the task");
            let ends = ends.get(id).copied().unwrap_or(0);
            let rounds = expected.rounds - usize::from(!expected.state.is_done());
            assert_eq!(ends, rounds, "one terminal event a round");
        }
        assert!(folded.is_empty(), "nothing else is left: {folded:?}");
    }
}

/// Few in the everyday loop, as many as `PROPTEST_CASES` says at night.
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(32)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), ..ProptestConfig::default() })]

    #[test]
    fn the_writer_does_what_the_model_says(steps in proptest::collection::vec(step(), 1..60)) {
        let mut rig = Rig::new();
        for step in &steps {
            rig.take(step);
            rig.check();
        }
        rig.check_log();
    }
}
