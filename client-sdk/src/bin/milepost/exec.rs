//! `exec`: runs a command as a task.
//!
//! The task is made for a worker with a random name, which is us, so nobody else takes it. The
//! command comes first: when the server goes away it goes on and the reports catch up later; when the
//! lease is lost it goes on without a task. Only a cancel, a timeout or the person at the terminal
//! end it.

use std::{env, os::unix::process::ExitStatusExt, time::Duration};

use milepost_client::{
    Error, Milepost,
    types::{Lease, LeaseRequest, Task, TaskRelease, TaskState, TaskSubmission, builder},
    worker::{Failure, Hold, HoldOptions, Reporter, Stop},
};
use nix::sys::signal::Signal;
use serde_json::json;
use tokio::{
    signal::unix::{Signal as Signals, SignalKind, signal},
    task::JoinHandle,
    time::timeout,
};

use crate::{
    args::Exec,
    command::{
        process::{self, Setup},
        session::{Ended, Session},
        terminal::Lender,
    },
    outcome::{Complaint, FAILED, Outcome, note},
};

/// How late a cancel may be heard of.
const HEARTBEAT: Duration = Duration::from_secs(1);
const LEASE_SECONDS: u64 = 60;
/// What may wait for a server that does not answer.
pub const LOG_LIMIT: usize = 4 * 1024 * 1024;
/// How long to try to tell the server how the command ended.
const LAST_WORDS: Duration = Duration::from_secs(60);
/// How often to look for the task's own lease among others.
const LOOKS: u64 = 7;

pub async fn run(milepost: Milepost, arguments: Exec) -> Outcome {
    // From here on signals wait for the command to be there, instead of ending us half way.
    let mut terminal = Terminal::new()?;
    let worker = worker_name("exec");
    let task = milepost.submit(submission(&arguments, &worker)).await?;
    note(format_args!("{}/tasks/{}", milepost.base_url(), task.id));
    let lease = match lease(&milepost, &task, &worker).await {
        Ok(lease) => lease,
        Err(complaint) => {
            // Nobody else can take it, so it would wait for ever.
            let _ = milepost.cancel(&task.id).await;
            return Err(complaint);
        }
    };
    let options =
        HoldOptions { heartbeat: HEARTBEAT, log_limit: Some(LOG_LIMIT), ..Default::default() };
    let hold = Hold::start(&milepost, &lease, options)?;
    let setup = Setup {
        command: arguments.command.clone(),
        environment: std::iter::once(("MILEPOST_TASK_ID".to_owned(), task.id.clone()))
            .chain(lease.trace_parent.clone().map(|parent| ("TRACEPARENT".to_owned(), parent)))
            .collect(),
        input: None,
        pass_through: true,
    };
    let session = match Session::start(setup, &arguments.running, hold.reporter()) {
        Ok(session) => session,
        Err(error) => {
            let failure = Failure::new("not-started", error.to_string()).permanent();
            tell(hold.fail(failure), &mut terminal).await;
            let code = if error.kind() == std::io::ErrorKind::NotFound { 127 } else { 126 };
            return Err(Complaint { message: error.to_string(), code });
        }
    };
    let mut execution =
        Execution { milepost, id: task.id, reporter: hold.reporter(), cancel: None };
    let ended = execution.attend(session, &mut terminal).await?;
    if let Some(cancel) = execution.cancel {
        // The server should know of the cancel before it hears of the end.
        let _ = timeout(Duration::from_secs(5), cancel).await;
    }
    let code = process::exit_code(ended.status);
    if execution.reporter.stop() == Some(Stop::LeaseLost) {
        return Ok(code);
    }
    match verdict(&ended) {
        Ok(()) => tell(hold.complete(Some(json!({ "exit_code": 0 }))), &mut terminal).await,
        Err(failure) => tell(hold.fail(failure), &mut terminal).await,
    }
    Ok(code)
}

fn submission(arguments: &Exec, worker: &str) -> builder::TaskSubmission {
    let words = arguments.command.iter().map(|word| word.to_string_lossy());
    let mut labels: std::collections::BTreeMap<String, String> =
        arguments.labels.iter().cloned().collect();
    labels.extend(arguments.name.clone().map(|name| ("name".to_owned(), name)));
    TaskSubmission::builder()
        .kind(arguments.kind.clone())
        .queue(arguments.queue.clone())
        .input(json!({
            "command": words.collect::<Vec<_>>(),
            "directory": env::current_dir().ok().map(|path| path.to_string_lossy().into_owned()),
            "host": host_name(),
        }))
        .labels(labels)
        // A command that failed half way is not run again behind anybody's back.
        .max_attempts(1)
        .timeout_seconds(arguments.timeout.map(|timeout| timeout.as_secs().max(1)))
        // The server's patience has to outlast ours.
        .cancel_grace_seconds((arguments.running.grace.as_secs() + 30).min(3600))
        .worker(worker.to_owned())
}

/// A name nobody else has: `exec-myhost-3f2a…`.
pub fn worker_name(what: &str) -> String {
    let random = uuid::Uuid::new_v4().simple().to_string();
    let host: String = host_name().chars().filter(|c| !c.is_control()).take(60).collect();
    format!("{what}-{host}-{}", &random[..12])
}

fn host_name() -> String {
    nix::unistd::gethostname()
        .map_or_else(|_| "unknown-host".to_owned(), |name| name.to_string_lossy().into_owned())
}

/// The lease of our own task. Tasks of the same kind and queue that are free for anybody may come
/// first; they are given back, and more are asked for.
async fn lease(milepost: &Milepost, task: &Task, worker: &str) -> Result<Lease, Complaint> {
    for look in 0..LOOKS {
        let request = LeaseRequest {
            worker: worker.to_owned(),
            request_id: None,
            queues: vec![task.queue.clone()],
            kinds: vec![task.kind.clone()],
            max_tasks: Some((1 << look).min(100)),
            lease_seconds: Some(LEASE_SECONDS),
            wait_seconds: Some(2),
        };
        let mut ours = None;
        for lease in milepost.acquire(request).await? {
            if lease.task.id == task.id {
                ours = Some(lease);
            } else {
                let body = TaskRelease { lease: lease.token };
                let release = milepost.api().release_task().id(lease.task.id).body(body);
                release.send().await.map_err(Error::from)?;
            }
        }
        if let Some(ours) = ours {
            return Ok(ours);
        }
    }
    let message = format!("the server does not hand out the task {}", task.id);
    Err(Complaint { message, code: FAILED })
}

struct Execution {
    milepost: Milepost,
    id: String,
    reporter: Reporter,
    /// Tells the server that the person at the terminal cancelled the task.
    cancel: Option<JoinHandle<()>>,
}

impl Execution {
    /// Stays with the command until it has ended.
    async fn attend(
        &mut self,
        mut session: Session,
        terminal: &mut Terminal,
    ) -> Result<Ended, Complaint> {
        let reporter = self.reporter.clone();
        let mut listening = true;
        let mut lender = Lender::new(session.group());
        loop {
            let lending = async {
                match &mut lender {
                    Some(lender) => lender.attend().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                status = session.wait() => {
                    let status = status.map_err(|error| Complaint {
                        message: format!("the command cannot be waited for: {error}"),
                        code: FAILED,
                    })?;
                    let interrupted = status.signal() == Some(Signal::SIGINT as i32);
                    if interrupted && lender.is_some_and(|lender| lender.has_lent()) {
                        // Ctrl-C went to the command, which had the terminal.
                        session.ask_to_end(Signal::SIGINT);
                        self.cancel();
                    }
                    return Ok(session.finish(status).await);
                }
                () = lending => {}
                stop = reporter.cancelled(), if listening => {
                    listening = false;
                    if stop == Stop::Cancelled || self.was_ended().await {
                        note("the task is to end; stopping the command");
                        session.ask_to_end(Signal::SIGTERM);
                    } else {
                        note("the server no longer counts on this task; the command goes on");
                    }
                }
                signal = terminal.next() => {
                    session.ask_to_end(signal);
                    self.cancel();
                }
            }
        }
    }

    /// Tells the server that the person at the terminal does not want it any more.
    fn cancel(&mut self) {
        self.cancel.get_or_insert_with(|| {
            let (milepost, id) = (self.milepost.clone(), self.id.clone());
            tokio::spawn(async move {
                let _ = milepost.cancel(&id).await;
            })
        });
    }

    /// After a lost lease: whether somebody wanted that (a cancel or a timeout), or it ran out while
    /// the server could not be reached.
    async fn was_ended(&self) -> bool {
        match timeout(Duration::from_secs(10), self.milepost.get(&self.id)).await {
            Ok(Ok(task)) => {
                task.state == TaskState::Cancelled
                    || task.error.is_some_and(|error| error.type_ == "timeout")
            }
            _ => false,
        }
    }
}

fn verdict(ended: &Ended) -> Result<(), Failure> {
    let how = process::describe(ended.status);
    match ended.asked {
        // Even with exit code 0: it was stopped, so it did not do what it was started for.
        Some(signal) => Err(Failure::new("cancelled", format!("{how} after {signal}")).permanent()),
        None if ended.status.success() => Ok(()),
        None => Err(Failure::new("exit", how).detail(ended.told.quote()).permanent()),
    }
}

/// Tells the server how it ended, but not for ever, and not against the person's will.
async fn tell(telling: impl Future<Output = Result<Task, Error>>, terminal: &mut Terminal) {
    let patiently = async {
        let mut telling = std::pin::pin!(telling);
        tokio::select! {
            told = &mut telling => return told,
            () = tokio::time::sleep(Duration::from_secs(3)) => {}
        }
        note("waiting for the server to hear how it ended; Ctrl-C to leave it");
        telling.await
    };
    tokio::select! {
        told = timeout(LAST_WORDS, patiently) => match told {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => note(format_args!("the server does not count the end: {error}")),
            Err(_) => note("the server cannot be reached and does not know how it ended"),
        },
        _ = terminal.next() => {}
    }
}

/// The ways a terminal or a supervisor asks us to end.
struct Terminal {
    interrupt: Signals,
    terminate: Signals,
    hang_up: Signals,
}

impl Terminal {
    fn new() -> Result<Self, Complaint> {
        let listen = |kind| {
            signal(kind).map_err(|error| Complaint {
                message: format!("signals cannot be listened for: {error}"),
                code: FAILED,
            })
        };
        Ok(Terminal {
            interrupt: listen(SignalKind::interrupt())?,
            terminate: listen(SignalKind::terminate())?,
            hang_up: listen(SignalKind::hangup())?,
        })
    }

    /// The next signal, as it is passed on to the command.
    async fn next(&mut self) -> Signal {
        tokio::select! {
            _ = self.interrupt.recv() => Signal::SIGINT,
            _ = self.terminate.recv() => Signal::SIGTERM,
            _ = self.hang_up.recv() => Signal::SIGHUP,
        }
    }
}
