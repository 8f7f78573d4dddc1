//! A real server on a free port and a directory of its own, that can be killed and started again.

use std::{
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::OnceLock,
};

use milepost_client::Milepost;

/// The binary named in `MILEPOST_SERVER`; without that, one that is built here.
fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| {
        if let Some(named) = std::env::var_os("MILEPOST_SERVER") {
            return named.into();
        }
        let built = Command::new(env!("CARGO"))
            .args(["build", "--quiet", "--package", "milepost-server"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .status()
            .expect("cargo can be run");
        assert!(built.success(), "the server does not build");
        Path::new(env!("CARGO_BIN_EXE_milepost")).with_file_name("milepost-server")
    })
}

pub struct Server {
    process: Option<Child>,
    directory: tempfile::TempDir,
    pub url: String,
    /// How often it was killed.
    pub was_killed: u32,
}

impl Server {
    pub fn start() -> Self {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let mut server = Server { process: None, directory, url: String::new(), was_killed: 0 };
        server.launch("127.0.0.1:0");
        server
    }

    fn launch(&mut self, listen: &str) {
        let mut process = Command::new(binary())
            .args(["--listen", listen, "--data-dir"])
            .arg(self.directory.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let mut line = String::new();
        let stdout = process.stdout.take().expect("it is piped");
        BufReader::new(stdout).read_line(&mut line).expect("the server says where it is");
        let url = line.trim().rsplit(' ').next().unwrap_or_default();
        assert!(url.starts_with("http://"), "{line}");
        self.url = url.to_owned();
        self.process = Some(process);
    }

    /// SIGKILL: no chance to finish anything.
    pub fn kill(&mut self) {
        if let Some(mut process) = self.process.take() {
            process.kill().expect("it can be killed");
            process.wait().expect("it can be waited for");
            self.was_killed += 1;
        }
    }

    /// The same data, the same address.
    pub fn start_again(&mut self) {
        let address = self.url.trim_start_matches("http://").to_owned();
        self.launch(&address);
    }

    pub fn client(&self) -> Milepost {
        Milepost::new(&self.url).expect("the URL is right")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
