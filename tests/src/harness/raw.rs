//! HTTP/1.1 by hand: for requests no client library would send, and for streams read byte by byte.

use std::net::SocketAddr;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

use super::{Client, soon};

/// A response as it came.
#[derive(Clone, Debug)]
pub struct RawAnswer {
    pub status: u16,
    /// Names in lower case, in order.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl RawAnswer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Asserts that it is a problem of this status, and returns it.
    pub fn problem(&self, status: u16) -> serde_json::Value {
        assert_eq!(self.status, status, "{}", self.text());
        assert_eq!(self.header("content-type"), Some("application/problem+json"));
        serde_json::from_slice(&self.body).expect("a problem is JSON")
    }
}

impl Client {
    /// Sends these bytes on a connection of their own and reads one response.
    pub async fn raw(&self, request: impl AsRef<[u8]>) -> RawAnswer {
        let mut connection = Connection::open(self.address()).await;
        connection.send(request.as_ref()).await;
        connection.answer().await
    }
}

/// A connection, and what was read from it but not yet used.
///
/// Reading and writing are apart, so that a test can read an early answer while it still sends.
pub struct Connection {
    reader: Reader,
    writer: OwnedWriteHalf,
}

/// The reading side of a connection.
pub struct Reader {
    socket: OwnedReadHalf,
    unread: Vec<u8>,
}

/// The first line and the headers of a response.
#[derive(Clone, Debug)]
pub struct Head {
    pub status: u16,
    pub headers: Vec<(String, String)>,
}

impl Head {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn is_chunked(&self) -> bool {
        self.header("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked"))
    }
}

/// A piece of a chunked body.
#[derive(Debug, PartialEq, Eq)]
pub enum Chunk {
    Data(Vec<u8>),
    /// The last, empty chunk: the sender is done.
    Last,
    /// The connection ended before the last chunk.
    Cut,
}

impl Connection {
    pub async fn open(address: SocketAddr) -> Connection {
        let socket = soon("a connection", TcpStream::connect(address)).await;
        let socket = socket.expect("the server takes connections");
        Connection::over(socket)
    }

    pub async fn try_open(address: SocketAddr) -> Option<Connection> {
        Some(Connection::over(TcpStream::connect(address).await.ok()?))
    }

    fn over(socket: TcpStream) -> Connection {
        socket.set_nodelay(true).expect("a socket takes options");
        let (reader, writer) = socket.into_split();
        Connection { reader: Reader { socket: reader, unread: Vec::new() }, writer }
    }

    pub fn into_parts(self) -> (Reader, OwnedWriteHalf) {
        (self.reader, self.writer)
    }

    /// Sends; a peer that closed early is no failure, because it may have answered before.
    pub async fn send(&mut self, bytes: &[u8]) {
        let _ = soon("the server to read", self.writer.write_all(bytes)).await;
    }

    /// Sends, and says whether the peer still took it.
    pub async fn try_send(&mut self, bytes: &[u8]) -> bool {
        self.writer.write_all(bytes).await.is_ok()
    }

    /// Ends the sending side only.
    pub async fn finish(&mut self) {
        let _ = self.writer.shutdown().await;
    }

    /// The next response.
    ///
    /// # Panics
    /// When the connection ends before it.
    pub async fn answer(&mut self) -> RawAnswer {
        self.reader.answer().await
    }

    /// The next response, or nothing when the connection ends before it.
    pub async fn try_answer(&mut self) -> Option<RawAnswer> {
        self.reader.try_answer().await
    }

    /// The next response's head, or nothing when the connection ends before it.
    pub async fn head(&mut self) -> Option<Head> {
        self.reader.head().await
    }

    /// The next chunk of a chunked body.
    pub async fn chunk(&mut self) -> Chunk {
        self.reader.chunk().await
    }

    /// Waits until the peer has closed its side.
    pub async fn closed(&mut self) {
        while self.reader.fill().await {}
    }
}

impl Reader {
    /// The next response.
    ///
    /// # Panics
    /// When the connection ends before it.
    pub async fn answer(&mut self) -> RawAnswer {
        soon("a response", self.try_answer()).await.expect("a response before the end")
    }

    /// The next response, or nothing when the connection ends before it.
    pub async fn try_answer(&mut self) -> Option<RawAnswer> {
        let mut head = self.head().await?;
        while head.status == 100 {
            head = self.head().await?;
        }
        let mut body = Vec::new();
        if head.is_chunked() {
            while let Chunk::Data(data) = self.chunk().await {
                body.extend(data);
            }
        } else if let Some(length) = head.header("content-length") {
            let length: usize = length.parse().expect("Content-Length is a number");
            while self.unread.len() < length && self.fill().await {}
            body = self.unread.drain(..length.min(self.unread.len())).collect();
        } else if !matches!(head.status, 204 | 304) {
            while self.fill().await {}
            body = std::mem::take(&mut self.unread);
        }
        Some(RawAnswer { status: head.status, headers: head.headers, body })
    }

    /// The next response's head, or nothing when the connection ends before it.
    pub async fn head(&mut self) -> Option<Head> {
        let end = loop {
            if let Some(at) = self.unread.windows(4).position(|four| four == b"\r\n\r\n") {
                break at;
            }
            if !self.fill().await {
                return None;
            }
        };
        let text: Vec<u8> = self.unread.drain(..end + 4).collect();
        let text = String::from_utf8_lossy(&text).into_owned();
        let mut lines = text.trim_end().split("\r\n");
        let first = lines.next().unwrap_or_default();
        let status = first.split(' ').nth(1).and_then(|word| word.parse().ok());
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
            .collect();
        Some(Head { status: status.unwrap_or_else(|| panic!("no status in {first:?}")), headers })
    }

    /// The next chunk of a chunked body.
    pub async fn chunk(&mut self) -> Chunk {
        let line_end = loop {
            if let Some(at) = self.unread.windows(2).position(|two| two == b"\r\n") {
                break at;
            }
            if !self.fill().await {
                return Chunk::Cut;
            }
        };
        let line = String::from_utf8_lossy(&self.unread[..line_end]).into_owned();
        let size = line.split(';').next().unwrap_or_default().trim();
        let size = usize::from_str_radix(size, 16)
            .unwrap_or_else(|_| panic!("{line:?} is no size of a chunk"));
        let whole = line_end + 2 + size + 2;
        while self.unread.len() < whole {
            if !self.fill().await {
                return Chunk::Cut;
            }
        }
        let data = self.unread[line_end + 2..line_end + 2 + size].to_vec();
        self.unread.drain(..whole);
        if size == 0 { Chunk::Last } else { Chunk::Data(data) }
    }

    /// Reads what is there; false at the connection's end.
    async fn fill(&mut self) -> bool {
        let mut piece = [0; 16 * 1024];
        match self.socket.read(&mut piece).await {
            Ok(0) | Err(_) => false,
            Ok(length) => {
                self.unread.extend_from_slice(&piece[..length]);
                true
            }
        }
    }
}
