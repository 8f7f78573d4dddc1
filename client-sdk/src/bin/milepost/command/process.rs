//! Runs a command in a process group of its own.
//!
//! The group is what gets signals, so that a script's children end with it. What the command prints
//! is read by one plain thread per pipe: a terminal that is stopped with Ctrl-S blocks that thread
//! and the command, as it would without us, and nothing else.

use std::{
    ffi::{OsStr, OsString},
    io::{self, PipeReader, Read, Write},
    os::unix::process::ExitStatusExt,
    process::{ExitStatus, Stdio},
    sync::Arc,
    thread,
    time::Duration,
};

use nix::{
    errno::Errno,
    sys::signal::{Signal, killpg},
    unistd::Pid,
};
use tokio::{
    process::{Child, Command},
    sync::mpsc,
    time::{Instant, sleep, timeout_at},
};

use super::lines::LineCutter;

/// How long output may still come from what the command left behind when it ended itself.
const AFTERGLOW: Duration = Duration::from_millis(500);

/// Which of its two pipes a command wrote to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    Stdout,
    Stderr,
}

/// Where a command's lines go.
pub type TakeLine = Arc<dyn Fn(Source, String) + Send + Sync>;

/// How to run a command.
pub struct Setup {
    /// The program and its arguments; not empty.
    pub command: Vec<OsString>,
    pub environment: Vec<(String, String)>,
    /// What it reads; without it, whatever we would read.
    pub input: Option<Vec<u8>>,
    /// Whether its output also goes to our own, byte for byte.
    pub pass_through: bool,
}

/// A command that was started.
pub struct Running {
    child: Child,
    group: Pid,
    /// Closed when both pipes have been read to their end.
    readers: mpsc::Receiver<()>,
    ended: bool,
}

impl Drop for Running {
    /// Nobody waits for it any more, so it must not go on by itself.
    fn drop(&mut self) {
        if !self.ended {
            let _ = self.signal(Signal::SIGKILL);
        }
    }
}

/// Starts the command.
pub fn start(setup: Setup, take_line: TakeLine) -> io::Result<Running> {
    let Some((program, arguments)) = setup.command.split_first() else {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "there is no command to run"));
    };
    let (stdout, stdout_end) = io::pipe()?;
    let (stderr, stderr_end) = io::pipe()?;
    let mut command = Command::new(program);
    command
        .args(arguments)
        .envs(setup.environment)
        .stdin(if setup.input.is_some() { Stdio::piped() } else { Stdio::inherit() })
        .stdout(stdout_end)
        .stderr(stderr_end)
        .process_group(0);
    let mut child = command.spawn().map_err(|error| explain(error, program))?;
    // It holds our copies of the write ends, without which the pipes never end.
    drop(command);
    let id = child.id().and_then(|id| i32::try_from(id).ok());
    let Some(id) = id else {
        return Err(io::Error::other("the command has no process id"));
    };
    if let (Some(input), Some(mut stdin)) = (setup.input, child.stdin.take()) {
        tokio::spawn(async move {
            // A command need not read what it is given.
            let _ = tokio::io::AsyncWriteExt::write_all(&mut stdin, &input).await;
        });
    }
    let (open, readers) = mpsc::channel(1);
    for (source, pipe) in [(Source::Stdout, stdout), (Source::Stderr, stderr)] {
        let (take_line, open) = (Arc::clone(&take_line), open.clone());
        thread::Builder::new().name(format!("{source:?}").to_lowercase()).spawn(move || {
            read(source, pipe, setup.pass_through, &*take_line);
            drop(open);
        })?;
    }
    Ok(Running { child, group: Pid::from_raw(id), readers, ended: false })
}

fn explain(error: io::Error, program: &OsStr) -> io::Error {
    let program = program.to_string_lossy();
    let text = match error.kind() {
        io::ErrorKind::NotFound => format!("there is no command {program:?}"),
        io::ErrorKind::PermissionDenied => format!("{program:?} may not be executed"),
        _ => format!("{program:?} could not be started: {error}"),
    };
    io::Error::new(error.kind(), text)
}

fn read(
    source: Source,
    mut pipe: PipeReader,
    pass_through: bool,
    take_line: &dyn Fn(Source, String),
) {
    let mut cutter = LineCutter::default();
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match pipe.read(&mut buffer) {
            Ok(0) => break,
            Ok(length) => {
                let bytes = &buffer[..length];
                // When nobody reads our output any more, closing the pipe tells the command so.
                if pass_through && pass_on(source, bytes).is_err() {
                    break;
                }
                cutter.push(bytes, |line| take_line(source, line));
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(_) => break,
        }
    }
    if let Some(line) = cutter.finish() {
        take_line(source, line);
    }
}

fn pass_on(source: Source, bytes: &[u8]) -> io::Result<()> {
    match source {
        Source::Stdout => {
            let mut stdout = io::stdout().lock();
            stdout.write_all(bytes)?;
            stdout.flush()
        }
        Source::Stderr => io::stderr().lock().write_all(bytes),
    }
}

impl Running {
    /// Waits for the command itself, not for what it started.
    pub async fn wait(&mut self) -> io::Result<ExitStatus> {
        let status = self.child.wait().await?;
        self.ended = true;
        Ok(status)
    }

    /// Signals the whole group; a group that is gone already is fine.
    pub fn signal(&self, signal: Signal) -> nix::Result<()> {
        match killpg(self.group, signal) {
            Err(Errno::ESRCH) => Ok(()),
            other => other,
        }
    }

    /// After the command ended on our signal: what is left of its group gets until `deadline`.
    pub async fn end_group(&self, deadline: Instant) {
        while killpg(self.group, None).is_ok() {
            if Instant::now() >= deadline {
                let _ = self.signal(Signal::SIGKILL);
                return;
            }
            sleep(Duration::from_millis(20)).await;
        }
    }

    /// Waits until all output is read. A process the command left behind may hold the pipes open
    /// for ever, so not for long.
    pub async fn finish_output(mut self) {
        let _ = timeout_at(Instant::now() + AFTERGLOW, self.readers.recv()).await;
    }

    /// The group's id, which is the command's process id.
    pub fn group(&self) -> Pid {
        self.group
    }
}

/// The code a shell would give: the command's own, or 128 and the number of the signal.
pub fn exit_code(status: ExitStatus) -> i32 {
    status.code().unwrap_or_else(|| 128 + status.signal().unwrap_or(0))
}

/// The end of a command in words.
pub fn describe(status: ExitStatus) -> String {
    match (status.code(), status.signal().map(Signal::try_from)) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(Ok(signal))) => format!("ended by {signal}"),
        (None, _) => "ended by a signal".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;

    struct Finished {
        status: ExitStatus,
        lines: Vec<(Source, String)>,
    }

    fn shell(script: &str) -> Setup {
        Setup {
            command: ["sh", "-c", script].map(OsString::from).to_vec(),
            environment: Vec::new(),
            input: Some(Vec::new()),
            pass_through: false,
        }
    }

    type Lines = Arc<Mutex<Vec<(Source, String)>>>;

    fn collector() -> (Lines, TakeLine) {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&lines);
        (lines, Arc::new(move |source, line| sink.lock().unwrap().push((source, line))))
    }

    async fn run(setup: Setup) -> Finished {
        let (lines, take_line) = collector();
        let mut running = start(setup, take_line).unwrap();
        let status = running.wait().await.unwrap();
        running.finish_output().await;
        let lines = lines.lock().unwrap().clone();
        Finished { status, lines }
    }

    #[tokio::test]
    async fn lines_of_both_pipes_arrive_and_the_exit_code_is_kept() {
        let done = run(shell(r"printf '10%%\r20%%\r30%%\nlast'; echo oops >&2; exit 3")).await;
        let from = |wanted| -> Vec<&str> {
            let lines = done.lines.iter().filter(move |(source, _)| *source == wanted);
            lines.map(|(_, line)| line.as_str()).collect()
        };
        assert_eq!(from(Source::Stdout), ["10%", "20%", "30%", "last"]);
        assert_eq!(from(Source::Stderr), ["oops"]);
        assert_eq!(exit_code(done.status), 3);
        assert_eq!(describe(done.status), "exit code 3");
    }

    #[tokio::test]
    async fn a_signal_reaches_the_commands_children() {
        let (lines, take_line) = collector();
        let mut running = start(shell("sleep 600 & echo $!; wait"), take_line).unwrap();
        while lines.lock().unwrap().is_empty() {
            sleep(Duration::from_millis(10)).await;
        }
        let grandchild = Pid::from_raw(lines.lock().unwrap()[0].1.parse().unwrap());
        running.signal(Signal::SIGTERM).unwrap();
        let status = running.wait().await.unwrap();
        assert_eq!(exit_code(status), 128 + 15);
        assert_eq!(describe(status), "ended by SIGTERM");
        running.end_group(Instant::now() + Duration::from_secs(10)).await;
        assert!(is_gone(grandchild));
    }

    #[tokio::test]
    async fn what_ignores_the_first_signal_is_killed_at_the_deadline() {
        let (lines, take_line) = collector();
        let script = "(trap '' TERM; echo ready; while :; do sleep 0.05; done) & wait";
        let mut running = start(shell(script), take_line).unwrap();
        while lines.lock().unwrap().is_empty() {
            sleep(Duration::from_millis(10)).await;
        }
        running.signal(Signal::SIGTERM).unwrap();
        running.wait().await.unwrap();
        let group = running.group();
        assert!(killpg(group, None).is_ok(), "the subshell ignores the signal");
        running.end_group(Instant::now()).await;
        while killpg(group, None).is_ok() {
            sleep(Duration::from_millis(10)).await;
        }
    }

    /// Gone, or a zombie that only waits for its new parent to collect it.
    fn is_gone(process: Pid) -> bool {
        match std::fs::read_to_string(format!("/proc/{process}/stat")) {
            Ok(stat) => stat.rsplit(')').next().is_some_and(|rest| rest.starts_with(" Z")),
            Err(_) => true,
        }
    }

    #[tokio::test]
    async fn input_and_environment_reach_the_command() {
        let mut setup = shell("cat; echo; echo $MILEPOST_TASK_ID");
        setup.input = Some(br#"{"a":1}"#.to_vec());
        setup.environment.push(("MILEPOST_TASK_ID".to_owned(), "t1".to_owned()));
        let lines = run(setup).await.lines;
        assert_eq!(lines, [r#"{"a":1}"#, "t1"].map(|line| (Source::Stdout, line.to_owned())));
    }

    #[tokio::test]
    async fn a_process_left_behind_does_not_keep_the_end_waiting() {
        let (_, take_line) = collector();
        let mut running = start(shell("sleep 600 & echo started"), take_line).unwrap();
        running.wait().await.unwrap();
        let group = running.group();
        running.finish_output().await;
        killpg(group, Signal::SIGKILL).unwrap();
    }

    #[tokio::test]
    async fn a_command_that_does_not_exist_says_so() {
        let (_, take_line) = collector();
        let mut setup = shell("");
        setup.command = vec!["no-such-command-here".into()];
        let Err(error) = start(setup, take_line) else { panic!("it started") };
        assert_eq!(error.to_string(), r#"there is no command "no-such-command-here""#);
    }
}
