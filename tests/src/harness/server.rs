//! One server process: started, killed, restarted, and looked at when a test fails.

use std::{
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    ops::Deref,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError, mpsc},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::{binary, client::Client, process, soon};

/// What the server prints when it listens, up to the address: one for each protocol.
const READY: [&str; 2] =
    ["milepost-server listening on http://", "milepost-server listening on https://"];

/// What differs from a plain server.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Further flags.
    pub flags: Vec<String>,
    /// Where it listens; else on a free port of loopback.
    pub listen: Option<String>,
    /// Where the data lie; else a directory that goes away with the server.
    pub data_dir: Option<PathBuf>,
    /// The largest file the process may write, in KiB: a disk that fails beyond it.
    pub largest_file: Option<u64>,
    /// How many files and sockets the process may have open.
    pub descriptors: Option<u64>,
}

impl Options {
    /// A server with these further flags.
    pub fn flags<S: Into<String>>(flags: impl IntoIterator<Item = S>) -> Self {
        Options { flags: flags.into_iter().map(Into::into).collect(), ..Options::default() }
    }
}

/// A server process of the test's own. When it is dropped, it is killed and its data are gone; if
/// the test failed, what it wrote to stderr is shown.
pub struct Server {
    child: Option<Child>,
    client: Client,
    data_dir: PathBuf,
    options: Options,
    stderr: Arc<Mutex<Vec<u8>>>,
    /// Removed when the server is dropped.
    _directory: TempDir,
}

impl Server {
    /// A server with its defaults, on a free port and an empty directory.
    pub async fn start() -> Server {
        Server::with(Options::default()).await
    }

    /// A server that listens.
    ///
    /// # Panics
    /// When it does not come up; what it said is in the message.
    pub async fn with(options: Options) -> Server {
        match Server::try_with(options).await {
            Ok(server) => server,
            Err(said) => panic!("the server did not start:\n{said}"),
        }
    }

    /// A server that listens, or what it said on stderr before it gave up.
    pub async fn try_with(options: Options) -> Result<Server, String> {
        let directory = TempDir::with_prefix("milepost-test-").expect("a directory can be made");
        let data_dir = options.data_dir.clone().unwrap_or_else(|| directory.path().join("data"));
        let stderr = Arc::new(Mutex::new(Vec::new()));
        let listen = options.listen.clone().unwrap_or_else(|| "127.0.0.1:0".to_owned());
        let spawned = spawn(&options, &data_dir, &listen, &stderr).await?;
        Ok(Server {
            child: Some(spawned.child),
            client: Client::new(spawned.address),
            data_dir,
            options,
            stderr,
            _directory: directory,
        })
    }

    pub fn data_dir(&self) -> &Path {
        &self.data_dir
    }

    /// The process's id.
    ///
    /// # Panics
    /// While it is stopped.
    pub fn pid(&self) -> u32 {
        self.child.as_ref().expect("the server runs").id()
    }

    /// Everything it wrote to stderr so far.
    pub fn stderr(&self) -> String {
        said(&self.stderr)
    }

    /// SIGKILL, as a crash or a power cut would end it.
    pub async fn kill9(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().expect("the server can be killed");
            exit_of(&mut child).await;
        }
    }

    /// SIGTERM; returns how it ended and how long that took.
    pub async fn terminate(&mut self) -> (ExitStatus, Duration) {
        let mut child = self.child.take().expect("the server runs");
        let began = Instant::now();
        signal(&child, Signal::TERM);
        let status = exit_of(&mut child).await;
        (status, began.elapsed())
    }

    /// SIGINT, as Ctrl-C sends it; returns how it ended.
    pub async fn interrupt(&mut self) -> ExitStatus {
        let mut child = self.child.take().expect("the server runs");
        signal(&child, Signal::INT);
        exit_of(&mut child).await
    }

    /// SIGTERM without waiting for the end; [`Server::stopped`] waits for it.
    pub fn ask_to_stop(&self) {
        signal(self.child.as_ref().expect("the server runs"), Signal::TERM);
    }

    /// Waits until it has ended by itself.
    pub async fn stopped(&mut self) -> ExitStatus {
        let mut child = self.child.take().expect("the server runs");
        exit_of(&mut child).await
    }

    /// Starts it again after it was stopped, on the same port and data.
    pub async fn restart(&mut self) {
        self.restart_with(self.options.clone()).await;
    }

    /// Starts it again with other options.
    pub async fn restart_with(&mut self, options: Options) {
        assert!(self.child.is_none(), "stop the server before you start it again");
        let listen = self.address().to_string();
        let spawned = spawn(&options, &self.data_dir, &listen, &self.stderr).await;
        match spawned {
            Ok(spawned) => self.child = Some(spawned.child),
            Err(said) => panic!("the server did not start again:\n{said}"),
        }
        // Connections that the old process left behind would only fail the next request.
        self.client = Client::new(self.address());
        self.options = options;
    }

    /// Processor time the process has used.
    pub fn processor_time(&self) -> Duration {
        process::processor_time(self.pid())
    }

    /// Resident memory of the process, in bytes.
    pub fn resident_memory(&self) -> u64 {
        process::resident_memory(self.pid())
    }
}

/// A running server is talked to like any client would.
impl Deref for Server {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
        // The reader of stderr may still be on its way to the end of the pipe.
        let deadline = Instant::now() + Duration::from_secs(1);
        while Arc::strong_count(&self.stderr) > 1 && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(2));
        }
        let said = self.stderr();
        if std::thread::panicking() {
            eprintln!("--- the server at {} said:\n{said}---", self.client.address());
        } else {
            assert!(!said.contains("panicked at"), "the server panicked:\n{said}");
        }
    }
}

struct Spawned {
    child: Child,
    address: SocketAddr,
}

async fn spawn(
    options: &Options,
    data_dir: &Path,
    listen: &str,
    stderr: &Arc<Mutex<Vec<u8>>>,
) -> Result<Spawned, String> {
    let limits = [("f", options.largest_file), ("n", options.descriptors)]
        .into_iter()
        .filter_map(|(limit, value)| value.map(|value| format!("ulimit -{limit} {value}; ")))
        .collect::<String>();
    let mut command = if limits.is_empty() {
        Command::new(binary::server())
    } else {
        // The signal that comes with a file's limit is ignored, so that a write fails with an error
        // as it does on a broken disk.
        let mut shell = Command::new("bash");
        shell.args(["-c", &format!("trap '' XFSZ; {limits}exec \"$0\" \"$@\"")]);
        shell.arg(binary::server());
        shell
    };
    command
        .args(["--listen", listen, "--data-dir"])
        .arg(data_dir)
        .args(&options.flags)
        .env("RUST_BACKTRACE", "1")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().expect("the server can be run");

    let sink = stderr.clone();
    let mut pipe = child.stderr.take().expect("stderr is a pipe");
    std::thread::spawn(move || {
        let mut piece = [0; 4096];
        while let Ok(length @ 1..) = pipe.read(&mut piece) {
            lock(&sink).extend_from_slice(&piece[..length]);
        }
    });
    let (ready, listens) = mpsc::channel();
    let pipe = child.stdout.take().expect("stdout is a pipe");
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let address = READY.iter().find_map(|ready| line.strip_prefix(ready));
            let address = address.and_then(|rest| rest.trim().parse().ok());
            if let Some(address) = address {
                let _ = ready.send(address);
            }
        }
    });
    let address = soon("the server's ready line", async {
        loop {
            match listens.try_recv() {
                Ok(address) => return Some(address),
                Err(mpsc::TryRecvError::Disconnected) => return None,
                Err(mpsc::TryRecvError::Empty) => {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
            }
        }
    })
    .await;
    match address {
        Some(address) => Ok(Spawned { child, address }),
        None => {
            let status = exit_of(&mut child).await;
            // Its last words may still be in the pipe.
            tokio::time::sleep(Duration::from_millis(50)).await;
            Err(format!("{status}\n{}", said(stderr)))
        }
    }
}

async fn exit_of(child: &mut Child) -> ExitStatus {
    soon("the server's end", async {
        loop {
            if let Some(status) = child.try_wait().expect("a child can be waited for") {
                return status;
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    })
    .await
}

fn signal(child: &Child, signal: Signal) {
    let pid = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    kill_process(pid.expect("a child has an id"), signal).expect("a child can be signalled");
}

fn lock(stderr: &Mutex<Vec<u8>>) -> std::sync::MutexGuard<'_, Vec<u8>> {
    stderr.lock().unwrap_or_else(PoisonError::into_inner)
}

fn said(stderr: &Mutex<Vec<u8>>) -> String {
    String::from_utf8_lossy(&lock(stderr)).into_owned()
}
