//! The commands that steps mean: their numbers point at tasks and leases there are.

use super::{
    rig::{GRACE, Rig},
    step::{Fate, From, Limits, QUEUES, Rate, Says, Step, Wanted},
};
use crate::{
    domain::{
        AfterFailure, ChildFailure, LogLevel, NewTask, QueueSettings, RawJson, ScheduleId, Stage,
        TaskError, TaskId, Timestamp,
        progress::ProgressReport,
        queue::{QueueChange, RateLimit},
        schedule::{ScheduleChange, ScheduleSpec},
    },
    engine::{Acquire, Command, NewLine, Outcome, Report},
};

/// The stages of a task that has some, and what they weigh; a third one that workers name is none
/// of them.
pub const STAGES: [(&str, f64); 2] = [("load", 1.0), ("convert", 3.0)];
const NO_STAGE: &str = "afterwards";

impl Rig {
    /// Nothing, where the step needs a task or a lease and there is none.
    pub fn meant(&self, step: &Step) -> Option<Command> {
        let limited = || QUEUES[1].to_owned();
        Some(match step.clone() {
            Step::Submit(wanted) => Command::Submit { task: self.task(&wanted), key: None },
            Step::SubmitMany { tasks, spoiled } => {
                let mut tasks: Vec<_> = tasks.iter().map(|wanted| self.task(wanted)).collect();
                // The model knows no circles within one request.
                tasks.iter_mut().for_each(|task| {
                    (task.after, task.after_failure) = (Vec::new(), None);
                });
                if let Some(last) = tasks.last_mut().filter(|_| spoiled) {
                    last.priority = 101;
                }
                Command::SubmitMany { tasks, key: None }
            }
            Step::Lease { worker, from, most, seconds, wait } => {
                let queues = match from {
                    From::One(queue) => vec![QUEUES[queue].to_owned()],
                    From::Both => QUEUES.map(str::to_owned).to_vec(),
                };
                let wish = wish(format!("w{worker}"), most as u64, seconds);
                Command::Acquire(Acquire { queues, wait_seconds: wait, ..wish })
            }
            Step::Report { lease, sequence, says } => {
                let (id, token) = self.lease(lease)?;
                Command::Report { id, token, report: report(sequence, &says) }
            }
            Step::Complete { lease } => self.ending(lease, Outcome::Complete { output: None })?,
            Step::Fail { lease, retryable, after } => {
                let error = TaskError::new("model", "as the model says");
                let retry_after_seconds = Some(after);
                self.ending(lease, Outcome::Fail { error, retryable, retry_after_seconds })?
            }
            Step::Release { lease } => self.ending(lease, Outcome::Release)?,
            Step::Again => self.last_word()?,
            Step::Cancel { task } => Command::Cancel { id: self.pick(task)?, key: None },
            Step::Retry { task } => Command::Retry { id: self.pick(task)?, key: None },
            Step::Delete { task } => Command::Delete { id: self.pick(task)? },
            Step::CancelBack { back } => Command::Cancel { id: self.pick_back(back)?, key: None },
            Step::RetryBack { back } => Command::Retry { id: self.pick_back(back)?, key: None },
            Step::DeleteBack { back } => Command::Delete { id: self.pick_back(back)? },
            Step::Of(place, fate) => self.fate(self.nth(place)?, fate),
            Step::Keep(retention) => Command::ChangeQueue {
                name: limited(),
                change: QueueChange { retention: Some(retention), ..QueueChange::default() },
            },
            Step::Limit(limits) => Command::SetQueue { name: limited(), settings: limits.into() },
            Step::Pause(paused) => Command::ChangeQueue {
                name: limited(),
                change: QueueChange { paused: Some(paused), ..QueueChange::default() },
            },
            Step::PerKey(most) => Command::ChangeQueue {
                name: limited(),
                change: QueueChange {
                    max_concurrency_per_key: Some(most),
                    ..QueueChange::default()
                },
            },
            Step::Schedule { schedule, every, overlap } => Command::PutSchedule {
                id: schedule_id(schedule),
                spec: Box::new(ScheduleSpec {
                    cron: format!("*/{every} * * * * *"),
                    time_zone: ScheduleSpec::DEFAULT_TIME_ZONE.to_owned(),
                    overlap,
                    paused: false,
                    task: NewTask {
                        max_attempts: Some(1),
                        retention_seconds: Some(3),
                        cancel_grace_seconds: GRACE,
                        ..NewTask::of("k")
                    },
                }),
            },
            Step::PauseSchedule { schedule, paused } => Command::ChangeSchedule {
                id: schedule_id(schedule),
                change: Box::new(ScheduleChange {
                    paused: Some(paused),
                    ..ScheduleChange::default()
                }),
            },
            Step::RunSchedule { schedule } => {
                Command::RunSchedule { id: schedule_id(schedule), key: None }
            }
            Step::DeleteSchedule { schedule } => {
                Command::DeleteSchedule { id: schedule_id(schedule) }
            }
            Step::Advance { .. } | Step::Restart { .. } | Step::Together(_) => return None,
        })
    }

    fn task(&self, wanted: &Wanted) -> NewTask {
        let stage = |(name, weight): (&str, f64)| Stage { name: name.to_owned(), weight };
        let later = |milliseconds: i64| Timestamp(self.now() + milliseconds);
        let after: Vec<TaskId> =
            wanted.after.iter().filter_map(|back| self.pick_back(*back)).collect();
        let family = NewTask {
            parent_id: wanted.parent.and_then(|back| self.pick_back(back)),
            weight: wanted.weight.map(f64::from),
            unique_key: wanted.unique.map(|key| format!("unique {key}")),
            queue: QUEUES[wanted.queue].to_owned(),
            max_attempts: Some(wanted.attempts),
            cancel_grace_seconds: GRACE,
            deadline_at: wanted.deadline.map(later),
            retention_seconds: wanted.retention,
            ..NewTask::of("k")
        };
        if let Some(collects) = wanted.group {
            return NewTask {
                complete_when_children_done: true,
                child_failure: collects.then_some(ChildFailure::Collect),
                ..family
            };
        }
        NewTask {
            after_failure: (wanted.anyway && !after.is_empty()).then_some(AfterFailure::Run),
            after,
            concurrency_key: wanted.key.map(|key| format!("customer {key}")),
            priority: wanted.priority,
            timeout_seconds: wanted.timeout,
            run_at: Some(wanted.delay).filter(|delay| *delay > 0).map(later),
            stalled_after_seconds: wanted.silence,
            worker: wanted.only.map(|worker| format!("w{worker}")),
            stages: if wanted.staged { STAGES.map(stage).to_vec() } else { Vec::new() },
            ..family
        }
    }

    fn fate(&self, id: TaskId, fate: Fate) -> Command {
        let fail = |retryable| Outcome::Fail {
            error: TaskError::new("model", "as the model says"),
            retryable,
            retry_after_seconds: Some(0),
        };
        let outcome = match fate {
            Fate::Cancel => return Command::Cancel { id, key: None },
            Fate::Retry => return Command::Retry { id, key: None },
            Fate::Delete => return Command::Delete { id },
            Fate::Complete => Outcome::Complete { output: None },
            Fate::Fail => fail(true),
            Fate::FailForGood => fail(false),
        };
        Command::End { token: self.lease_of(&id), id, outcome }
    }

    fn ending(&self, lease: usize, outcome: Outcome) -> Option<Command> {
        let (id, token) = self.lease(lease)?;
        Some(Command::End { id, token, outcome })
    }
}

impl std::convert::From<Limits> for QueueSettings {
    fn from(limits: Limits) -> Self {
        let rate_limit = |rate: Rate| RateLimit {
            limit: Rate::LIMIT,
            period_seconds: rate.period_seconds(),
            burst: Some(rate.burst),
        };
        QueueSettings {
            max_concurrency: limits.running,
            max_concurrency_per_key: limits.per_key,
            rate_limit: limits.rate.map(rate_limit),
            ..QueueSettings::default()
        }
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
        embedded: false,
    }
}

fn schedule_id(schedule: u8) -> ScheduleId {
    TaskId::parse(&format!("schedule-{schedule}")).expect("an id")
}

fn report(sequence: Option<u64>, says: &Says) -> Report {
    let mut report = Report { sequence, ..Report::default() };
    match says {
        Says::Nothing => {}
        Says::Line => {
            let text = format!("line\r\n{sequence:?}");
            report.logs = vec![NewLine { level: LogLevel::Info, text }];
        }
        Says::Checkpoint => report.checkpoint = RawJson::of(&sequence).ok(),
        Says::Progress { stage, percent } => {
            let name = |stage: u8| STAGES.get(usize::from(stage)).map_or(NO_STAGE, |stage| stage.0);
            report.progress = Some(ProgressReport {
                percent: percent.map(f64::from),
                stage: stage.map(|stage| name(stage).to_owned()),
                ..ProgressReport::default()
            });
        }
    }
    report
}
