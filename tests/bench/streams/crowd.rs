//! Thousands of watchers on one thread: one poll, one large buffer, no task and no parser each. A
//! client that did more would measure itself.

use std::{
    io::{ErrorKind, Read, Write},
    net::{SocketAddr, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU64, AtomicUsize, Ordering},
        mpsc::{Receiver, Sender, TryRecvError, channel},
    },
    thread::JoinHandle,
    time::{Duration, Instant},
};

use mio::{Events, Interest, Poll, Token};
use tokio::sync::oneshot;

use super::{
    reader::{Reader, Seen},
    stamp,
};

const BUFFER: usize = 256 * 1024;
/// How long nothing may come before what is missing counts as lost.
const SILENCE: Duration = Duration::from_secs(5);

/// Whom to ask for what.
pub struct Plan {
    pub address: SocketAddr,
    /// One stream each, as [`fresh`] and [`resumed`] write it.
    pub requests: Vec<String>,
    /// A stream is open once it has sent this.
    pub opened_by: &'static [u8],
    /// How many may be asked for and not open yet.
    pub at_once: usize,
}

impl Plan {
    /// A calm opening of streams that begin with a snapshot.
    pub fn fresh(address: SocketAddr, requests: Vec<String>) -> Plan {
        Plan { address, requests, opened_by: br#""more":false"#, at_once: 128 }
    }
}

/// A request for a stream.
pub fn fresh(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAccept: text/event-stream\r\n\r\n")
}

/// A request for a stream after a cursor, as an EventSource reconnects.
pub fn resumed(path: &str, cursor: &str) -> String {
    let request = fresh(path);
    format!("{}\r\nLast-Event-ID: {cursor}\r\n\r\n", request.trim_end())
}

/// The most descriptors that this process may have, which it takes at once.
pub fn descriptors() -> u64 {
    use rustix::process::{Resource, getrlimit, setrlimit};
    let mut limit = getrlimit(Resource::Nofile);
    limit.current = limit.maximum;
    // Where this is refused, the limit is what it was.
    let _ = setrlimit(Resource::Nofile, limit);
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}

/// Open streams; they end when it is dropped.
pub struct Crowd {
    /// From the first connection to the last stream's being open.
    pub opening: Duration,
    takes: Option<Sender<oneshot::Sender<Seen>>>,
    tally: Arc<Tally>,
    thread: Option<JoinHandle<()>>,
}

/// What others may read at any time.
#[derive(Default)]
struct Tally {
    deliveries: AtomicU64,
    ended: AtomicUsize,
}

impl Crowd {
    /// Opens all streams of a plan, and returns when all are open.
    ///
    /// # Panics
    /// When one is refused.
    pub async fn open(plan: Plan) -> Crowd {
        let (takes, orders) = channel();
        let (opened, opening) = oneshot::channel();
        let tally = Arc::new(Tally::default());
        let counted = tally.clone();
        let thread = std::thread::spawn(move || {
            let mut streams = Streams::new(counted);
            let began = Instant::now();
            streams.open(&plan);
            let _ = opened.send(began.elapsed());
            streams.read_on(&orders);
        });
        let opening = opening.await.expect("every stream opens");
        Crowd { opening, takes: Some(takes), tally, thread: Some(thread) }
    }

    /// Deliveries since the opening.
    pub fn deliveries(&self) -> u64 {
        self.tally.deliveries.load(Ordering::Relaxed)
    }

    /// Streams that the server closed.
    pub fn ended(&self) -> usize {
        self.tally.ended.load(Ordering::Relaxed)
    }

    /// What came since it was last asked.
    pub async fn take(&self) -> Seen {
        let (answer, seen) = oneshot::channel();
        let takes = self.takes.as_ref().expect("a crowd reads until it is dropped");
        takes.send(answer).expect("a crowd reads until it is dropped");
        seen.await.expect("a crowd reads until it is dropped")
    }

    /// Waits until there were so many deliveries, or nothing comes any more.
    pub async fn until(&self, deliveries: u64) {
        let (mut before, mut since) = (self.deliveries(), Instant::now());
        while before < deliveries && since.elapsed() < SILENCE {
            tokio::time::sleep(Duration::from_millis(2)).await;
            let now = self.deliveries();
            if now != before {
                (before, since) = (now, Instant::now());
            }
        }
    }
}

impl Drop for Crowd {
    fn drop(&mut self) {
        self.takes = None;
        if let Some(thread) = self.thread.take() {
            // If it panicked, it has said so.
            let _ = thread.join();
        }
    }
}

struct Stream {
    socket: mio::net::TcpStream,
    reader: Reader,
}

struct Streams {
    poll: Poll,
    events: Events,
    /// By their tokens; none once the server closed it.
    streams: Vec<Option<Stream>>,
    open: usize,
    buffer: Vec<u8>,
    seen: Seen,
    tally: Arc<Tally>,
}

impl Streams {
    fn new(tally: Arc<Tally>) -> Streams {
        Streams {
            poll: Poll::new().expect("sockets can be polled"),
            events: Events::with_capacity(4096),
            streams: Vec::new(),
            open: 0,
            buffer: vec![0; BUFFER],
            seen: Seen::default(),
            tally,
        }
    }

    fn open(&mut self, plan: &Plan) {
        for request in &plan.requests {
            let mut socket =
                TcpStream::connect(plan.address).expect("the server takes connections");
            socket.write_all(request.as_bytes()).expect("the server takes a request");
            socket.set_nonblocking(true).expect("a socket can be read without waiting");
            let mut socket = mio::net::TcpStream::from_std(socket);
            let token = Token(self.streams.len());
            let registry = self.poll.registry();
            registry.register(&mut socket, token, Interest::READABLE).expect("it can be polled");
            self.streams.push(Some(Stream { socket, reader: Reader::new(plan.opened_by) }));
            while self.streams.len() - self.open >= plan.at_once {
                self.turn();
            }
        }
        while self.open < self.streams.len() {
            self.turn();
        }
    }

    fn read_on(&mut self, orders: &Receiver<oneshot::Sender<Seen>>) {
        loop {
            match orders.try_recv() {
                Ok(answer) => {
                    let _ = answer.send(std::mem::take(&mut self.seen));
                }
                Err(TryRecvError::Empty) => {}
                Err(TryRecvError::Disconnected) => return,
            }
            self.turn();
        }
    }

    /// Reads what is there, or waits a little for something.
    fn turn(&mut self) {
        if let Err(error) = self.poll.poll(&mut self.events, Some(Duration::from_millis(5))) {
            assert!(error.kind() == ErrorKind::Interrupted, "sockets can be polled: {error}");
            return;
        }
        let before = self.seen.deliveries;
        for event in &self.events {
            let Some(slot) = self.streams.get_mut(event.token().0) else { continue };
            let Some(stream) = slot else { continue };
            let was_open = stream.reader.is_open();
            let goes_on = stream.drain(&mut self.buffer, &mut self.seen);
            self.open += usize::from(!was_open && stream.reader.is_open());
            if !goes_on {
                assert!(stream.reader.is_open(), "a stream ended before it was open");
                *slot = None;
                self.tally.ended.fetch_add(1, Ordering::Relaxed);
            }
        }
        self.tally.deliveries.fetch_add(self.seen.deliveries - before, Ordering::Relaxed);
    }
}

impl Stream {
    /// Reads until the socket is empty; whether more can come.
    fn drain(&mut self, buffer: &mut [u8], seen: &mut Seen) -> bool {
        loop {
            match self.socket.read(buffer) {
                Ok(0) => return false,
                Ok(length) => {
                    self.reader.read(&buffer[..length], stamp::now(), seen);
                    if self.reader.is_over() {
                        return false;
                    }
                    // A buffer that was not filled has emptied the socket; what comes later is told.
                    if length < buffer.len() {
                        return true;
                    }
                }
                Err(error) if error.kind() == ErrorKind::WouldBlock => return true,
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return false,
            }
        }
    }
}
