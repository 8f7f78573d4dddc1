//! A command at work for a task: its lines become the task's log, its numbers the task's progress,
//! and it is stopped when it has to.

use std::{
    collections::VecDeque,
    io,
    process::ExitStatus,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use milepost_client::worker::{LogLevel, Progress, Reporter};
use nix::{sys::signal::Signal, unistd::Pid};
use serde_json::Value;
use tokio::time::{Instant, sleep_until};

use super::{
    output::{Directive, directive, percent},
    process::{self, Setup, Source, TakeLine},
};
use crate::args;

/// How many of the last lines are quoted when a command fails.
const QUOTED_LINES: usize = 10;
/// How long each of them may be, in characters.
const QUOTED_LENGTH: usize = 300;

/// What the output of a command has told so far.
#[derive(Debug, Default)]
pub struct Told {
    /// The last `::output`.
    pub output: Option<Value>,
    /// The last `::fail`.
    pub failure: Option<String>,
    /// The last line of standard output that is no directive and not empty.
    pub last_line: Option<String>,
    /// The last lines of both pipes.
    tail: VecDeque<String>,
}

impl Told {
    /// The last lines, to be quoted in an error.
    pub fn quote(&self) -> String {
        self.tail.iter().map(String::as_str).collect::<Vec<_>>().join("\n")
    }

    fn remember(&mut self, source: Source, line: &str) {
        if line.trim().is_empty() {
            return;
        }
        if source == Source::Stdout {
            self.last_line = Some(line.to_owned());
        }
        if self.tail.len() == QUOTED_LINES {
            self.tail.pop_front();
        }
        self.tail.push_back(line.chars().take(QUOTED_LENGTH).collect());
    }
}

/// A running command, and what it told.
pub struct Session {
    running: process::Running,
    told: Arc<Mutex<Told>>,
    grace: Duration,
    /// When it is killed, once it was asked to end.
    deadline: Option<Instant>,
    asked: Option<Signal>,
}

/// What a command left.
#[derive(Debug)]
pub struct Ended {
    pub status: ExitStatus,
    /// The signal by which we asked it to end.
    pub asked: Option<Signal>,
    pub told: Told,
}

impl Session {
    pub fn start(setup: Setup, options: &args::Running, reporter: Reporter) -> io::Result<Self> {
        let told = Arc::new(Mutex::new(Told::default()));
        let take_line = reader(Arc::clone(&told), options, reporter);
        let running = process::start(setup, take_line)?;
        Ok(Session { running, told, grace: options.grace, deadline: None, asked: None })
    }

    /// The command's process group.
    pub fn group(&self) -> Pid {
        self.running.group()
    }

    /// Asks the command and its children to end. Asking again kills them.
    pub fn ask_to_end(&mut self, signal: Signal) {
        let signal = if self.asked.is_some() { Signal::SIGKILL } else { signal };
        // It may have ended by itself a moment ago.
        let _ = self.running.signal(signal);
        self.asked.get_or_insert(signal);
        self.deadline.get_or_insert_with(|| Instant::now() + self.grace);
    }

    /// Waits for the end of the command, and kills it when its time is up. May be cancelled and
    /// called again.
    pub async fn wait(&mut self) -> io::Result<ExitStatus> {
        if let Some(deadline) = self.deadline {
            tokio::select! {
                status = self.running.wait() => return status,
                () = sleep_until(deadline) => {
                    let _ = self.running.signal(Signal::SIGKILL);
                }
            }
        }
        self.running.wait().await
    }

    /// After the end: what was asked to end ends wholly, and all output is read.
    pub async fn finish(self, status: ExitStatus) -> Ended {
        if let Some(deadline) = self.deadline {
            self.running.end_group(deadline).await;
        }
        self.running.finish_output().await;
        let told = std::mem::take(&mut *self.told.lock().unwrap_or_else(PoisonError::into_inner));
        Ended { status, asked: self.asked, told }
    }
}

fn reader(told: Arc<Mutex<Told>>, options: &args::Running, reporter: Reporter) -> TakeLine {
    let (no_percent, stderr_level) = (options.no_percent, LogLevel::from(options.stderr_level));
    Arc::new(move |source, line| {
        match directive(&line) {
            Some(Directive::Progress(progress)) => return reporter.progress(progress),
            Some(Directive::Stages(stages)) => return reporter.stages(stages),
            Some(Directive::Fail(message)) => {
                told.lock().unwrap_or_else(PoisonError::into_inner).failure = Some(message);
                return;
            }
            Some(Directive::Output(output)) => {
                told.lock().unwrap_or_else(PoisonError::into_inner).output = Some(output);
                return;
            }
            Some(Directive::Checkpoint(checkpoint)) => {
                // It is JSON already, so it can be written as JSON.
                let _ = reporter.checkpoint(checkpoint);
                return;
            }
            None => {}
        }
        if !no_percent && let Some(percent) = percent(&line) {
            reporter.progress(Progress::percent(percent));
        }
        told.lock().unwrap_or_else(PoisonError::into_inner).remember(source, &line);
        let level = match source {
            Source::Stdout => LogLevel::Info,
            Source::Stderr => stderr_level.clone(),
        };
        reporter.log_at(level, line);
    })
}
