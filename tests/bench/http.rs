//! HTTP over one kept-alive connection, with as little work on the client's side as it allows: the
//! client's cores are the server's too.

use std::{
    io::{self, ErrorKind},
    net::SocketAddr,
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// One request, as bytes.
pub struct Request(Vec<u8>);

impl Request {
    pub fn get(path: &str) -> Request {
        Request(format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").into_bytes())
    }

    pub fn post(path: &str, body: &str) -> Request {
        let text = format!(
            "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        );
        Request(text.into_bytes())
    }
}

/// One response; the body lies in the connection's buffers.
pub struct Answer<'a> {
    pub status: u16,
    pub body: &'a [u8],
}

impl<'a> Answer<'a> {
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The body of a success.
    ///
    /// # Panics
    /// When it is none: a figure would mean something else than it says.
    pub fn expect_success(self, what: &str) -> &'a [u8] {
        let text = || String::from_utf8_lossy(self.body);
        assert!(self.is_success(), "{what} was answered {}: {}", self.status, text());
        self.body
    }
}

pub struct Connection {
    socket: TcpStream,
    buffer: Vec<u8>,
    /// What came in chunks, put together.
    body: Vec<u8>,
}

impl Connection {
    /// # Errors
    /// When nobody listens there.
    pub async fn try_open(address: SocketAddr) -> io::Result<Connection> {
        let socket = TcpStream::connect(address).await?;
        socket.set_nodelay(true)?;
        Ok(Connection { socket, buffer: Vec::with_capacity(4096), body: Vec::new() })
    }

    /// # Panics
    /// When nobody listens there.
    pub async fn open(address: SocketAddr) -> Connection {
        Connection::try_open(address).await.expect("the server takes connections")
    }

    /// Sends a request and reads its whole response.
    ///
    /// # Errors
    /// When the connection ends before, as it does when the server is killed.
    pub async fn try_ask(&mut self, request: &Request) -> io::Result<Answer<'_>> {
        self.socket.write_all(&request.0).await?;
        self.buffer.clear();
        let head = loop {
            self.fill().await?;
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
        };
        let status =
            self.buffer.get(9..12).and_then(|code| str::from_utf8(code).ok()?.parse().ok());
        let status = status.ok_or_else(|| other("a response without a status"))?;
        let body = match length(&self.buffer[..head])? {
            Some(length) => {
                while self.buffer.len() < head + length {
                    self.fill().await?;
                }
                if self.buffer.len() > head + length {
                    return Err(other("more came than was asked for"));
                }
                &self.buffer[head..]
            }
            None => {
                self.body.clear();
                let mut at = head;
                while !next_chunks(&self.buffer, &mut at, &mut self.body)? {
                    self.fill().await?;
                }
                &self.body
            }
        };
        Ok(Answer { status, body })
    }

    async fn fill(&mut self) -> io::Result<()> {
        match self.socket.read_buf(&mut self.buffer).await? {
            0 => Err(ErrorKind::UnexpectedEof.into()),
            _ => Ok(()),
        }
    }

    /// # Panics
    /// When the connection ends before the response.
    pub async fn ask(&mut self, request: &Request) -> Answer<'_> {
        self.try_ask(request).await.expect("the server answers on a kept connection")
    }
}

fn other(message: &'static str) -> io::Error {
    io::Error::other(message)
}

/// The length of the body; none when it comes in chunks, as leases do, whose handing over the server
/// wants to see.
fn length(head: &[u8]) -> io::Result<Option<usize>> {
    let head = str::from_utf8(head).map_err(io::Error::other)?;
    for (name, value) in head.split("\r\n").filter_map(|line| line.split_once(':')) {
        if name.eq_ignore_ascii_case("content-length") {
            return value.trim().parse().map(Some).map_err(io::Error::other);
        }
        if name.eq_ignore_ascii_case("transfer-encoding") {
            return Ok(None);
        }
    }
    Err(other("a response without a length"))
}

/// Takes the chunks that are whole, from `at` on; whether the last was among them.
fn next_chunks(buffer: &[u8], at: &mut usize, body: &mut Vec<u8>) -> io::Result<bool> {
    loop {
        let rest = &buffer[*at..];
        let Some(line) = rest.windows(2).position(|two| two == b"\r\n") else { return Ok(false) };
        let size = str::from_utf8(&rest[..line]).map_err(io::Error::other)?;
        let size = usize::from_str_radix(size, 16).map_err(io::Error::other)?;
        let Some(data) = rest.get(line + 2..line + 2 + size + 2) else { return Ok(false) };
        body.extend_from_slice(&data[..size]);
        *at += line + 2 + size + 2;
        if size == 0 {
            return Ok(true);
        }
    }
}
