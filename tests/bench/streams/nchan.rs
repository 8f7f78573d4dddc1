//! nchan under nginx, side by side: pub/sub in C, in memory. It keeps no message on a disk, where
//! every report is durable before anybody sees it; that is in nchan's favour.

use std::{
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use milepost_tests::harness::{anonymous_memory, processor_time};
use tempfile::TempDir;

use super::crowd::{Plan, fresh};

const MODULE: &str = "ngx_nchan_module.so";

/// An nginx of the bench's own; it ends with this.
pub struct Nchan {
    child: Child,
    address: SocketAddr,
    /// Its configuration, and what it wants to write.
    _directory: TempDir,
}

impl Nchan {
    /// One that listens, or why there is none.
    pub fn start() -> Result<Nchan, String> {
        let module = module()?;
        let failed = |error: std::io::Error| format!("nginx: {error}");
        let address = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
            .and_then(|listener| listener.local_addr())
            .map_err(failed)?;
        let directory = TempDir::with_prefix("milepost-bench-").map_err(failed)?;
        let path = directory.path().join("nginx.conf");
        std::fs::write(&path, configuration(&module, address, directory.path())).map_err(failed)?;
        let child = Command::new("nginx")
            .arg("-p")
            .arg(directory.path())
            .arg("-c")
            .arg(&path)
            .args(["-e", "stderr"])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(failed)?;
        let mut nchan = Nchan { child, address, _directory: directory };
        let began = Instant::now();
        while TcpStream::connect(address).is_err() {
            let over = nchan.child.try_wait().map_err(failed)?.is_some();
            if over || began.elapsed() > Duration::from_secs(10) {
                return Err("nginx does not start with nchan".to_owned());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(nchan)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn publisher(channel: &str) -> String {
        format!("/publish?channel={channel}")
    }

    /// So many subscribers of a channel; nchan greets each with a comment.
    pub fn plan(&self, channel: &str, count: usize) -> Plan {
        let request = fresh(&format!("/subscribe?channel={channel}"));
        let plan = Plan::fresh(self.address, vec![request; count]);
        Plan { opened_by: b": hi", ..plan }
    }

    /// Of all its processes.
    pub fn processor_time(&self) -> Duration {
        self.processes().into_iter().map(processor_time).sum()
    }

    /// Of all its processes, in bytes.
    pub fn anonymous_memory(&self) -> u64 {
        self.processes().into_iter().map(anonymous_memory).sum()
    }

    /// The master and its workers.
    fn processes(&self) -> Vec<u32> {
        let master = self.child.id();
        let children = std::fs::read_to_string(format!("/proc/{master}/task/{master}/children"));
        let children = children.unwrap_or_default();
        let workers = children.split_whitespace().filter_map(|pid| pid.parse().ok());
        std::iter::once(master).chain(workers).collect()
    }
}

impl Drop for Nchan {
    fn drop(&mut self) {
        // SIGTERM, because a killed master would leave its workers behind.
        let pid = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw);
        if let Some(pid) = pid {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::TERM);
        }
        let _ = self.child.wait();
    }
}

/// Where nginx looks for modules, with this one in it.
fn module() -> Result<PathBuf, String> {
    let output = Command::new("nginx").arg("-V").output();
    let output = output.map_err(|_| "nginx is not installed".to_owned())?;
    let built = String::from_utf8_lossy(&output.stderr).into_owned();
    let mut words = built.split_whitespace();
    let folder = words.find_map(|word| word.strip_prefix("--modules-path="));
    let module = Path::new(folder.unwrap_or("/usr/lib/nginx/modules")).join(MODULE);
    match module.exists() {
        true => Ok(module),
        false => Err("nginx has no nchan (Debian: libnginx-mod-nchan)".to_owned()),
    }
}

/// One worker, which spares nchan the way between workers through shared memory; on two cores the
/// client needs the other.
fn configuration(module: &Path, address: SocketAddr, directory: &Path) -> String {
    let (module, directory) = (module.display(), directory.display());
    format!(
        "load_module {module};
daemon off;
worker_processes 1;
worker_rlimit_nofile 100000;
pid {directory}/nginx.pid;
error_log stderr crit;
events {{ worker_connections 20000; }}
http {{
  access_log off;
  client_body_temp_path {directory}/body;
  proxy_temp_path {directory}/proxy;
  fastcgi_temp_path {directory}/fastcgi;
  uwsgi_temp_path {directory}/uwsgi;
  scgi_temp_path {directory}/scgi;
  keepalive_requests 100000000;
  nchan_shared_memory_size 256m;
  nchan_message_buffer_length 1000;
  nchan_message_timeout 60s;
  server {{
    listen {address} backlog=4096;
    location = /publish {{
      nchan_publisher;
      nchan_channel_id $arg_channel;
    }}
    location = /subscribe {{
      nchan_subscriber eventsource;
      nchan_channel_id $arg_channel;
      nchan_subscriber_first_message newest;
    }}
  }}
}}
"
    )
}
