//! Somebody who is called: an HTTP server for the tests that remembers what it was sent and answers
//! what the test says.

use std::{
    collections::VecDeque,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    task::JoinHandle,
};

use super::soon;

/// A request as it came.
#[derive(Debug)]
pub struct Received {
    /// Method and target, e.g. `POST /hook`.
    pub line: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Received {
    /// A header's text.
    ///
    /// # Panics
    /// When it is absent.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).unwrap_or_else(|| panic!("no {name}: {self:?}"));
        value.to_str().expect("plain text")
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("JSON")
    }
}

/// Listens until it is dropped.
pub struct Receiver {
    address: SocketAddr,
    answers: Arc<Mutex<VecDeque<String>>>,
    received: mpsc::UnboundedReceiver<Received>,
    listening: JoinHandle<()>,
}

/// What is answered when the test says nothing.
const TAKEN: &str = "204 No Content\r\n";
/// An answer that never comes.
pub const SILENCE: &str = "";

impl Receiver {
    /// Listens on a free port of loopback.
    ///
    /// # Panics
    /// When there is none.
    pub async fn start() -> Receiver {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let answers = Arc::new(Mutex::new(VecDeque::new()));
        let (sender, received) = mpsc::unbounded_channel();
        let ready = answers.clone();
        let listening = tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                tokio::spawn(serve(socket, ready.clone(), sender.clone()));
            }
        });
        Receiver { address, answers, received, listening }
    }

    /// Where it is.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The next request is answered so: a status line without its version, headers, each with its end of
    /// line, and a body after an empty line, if there is one.
    pub fn answers(&self, answer: &str) {
        let mut answers = self.answers.lock().unwrap_or_else(PoisonError::into_inner);
        answers.push_back(answer.to_owned());
    }

    /// The next request, however long it takes to come.
    ///
    /// # Panics
    /// When none comes.
    pub async fn next(&mut self) -> Received {
        soon("a call", self.received.recv()).await.expect("it listens")
    }

    /// Whether nobody has called since the last one was looked at.
    pub fn is_quiet(&mut self) -> bool {
        self.received.try_recv().is_err()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

async fn serve(
    mut socket: TcpStream,
    answers: Arc<Mutex<VecDeque<String>>>,
    received: mpsc::UnboundedSender<Received>,
) {
    let Some(request) = read(&mut socket).await else { return };
    let answer = answers.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    let answer = answer.unwrap_or_else(|| TAKEN.to_owned());
    let _ = received.send(request);
    if answer == SILENCE {
        // Held open until the other side has had enough.
        let _ = socket.read(&mut [0; 1]).await;
        return;
    }
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((answer.trim_end(), ""));
    let length = body.len();
    let text =
        format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    let _ = socket.write_all(text.as_bytes()).await;
}

async fn read(socket: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = memchr::memmem::find(&bytes, b"\r\n\r\n") {
            break at + 4;
        }
        if socket.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let mut lines = head.lines();
    let line = lines.next()?.trim_end_matches(" HTTP/1.1").to_owned();
    let mut headers = HeaderMap::new();
    for (name, value) in lines.filter_map(|line| line.split_once(": ")) {
        headers.append(name.parse::<HeaderName>().ok()?, HeaderValue::from_str(value).ok()?);
    }
    let length: usize = headers.get("content-length")?.to_str().ok()?.parse().ok()?;
    while bytes.len() < end + length {
        if socket.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    Some(Received { line, headers, body: bytes.split_off(end) })
}
