//! One stream's bytes: the response's head, the chunks taken off, and the stamps found. It keeps no
//! byte that it does not have to, because ten thousand of them share the cores with the server.

use memchr::{memchr, memmem};

use super::{
    delays::Delays,
    stamp::{DIGITS, SIGN},
};

/// What a crowd's streams delivered.
#[derive(Default)]
pub struct Seen {
    pub deliveries: u64,
    /// Of the streams, without HTTP's framing.
    pub bytes: u64,
    pub delays: Delays,
    /// When the last delivery came, as [`super::stamp::now`] counts.
    pub last: u64,
}

pub struct Reader {
    framing: Framing,
    /// What came before the stream was known to be open; none when it is.
    opening: Option<Vec<u8>>,
    opened_by: &'static [u8],
    /// A stamp whose end has not come yet: its digits so far, and how many are missing.
    half: Option<(u64, u8)>,
    pub deliveries: u64,
}

enum Framing {
    Head(Vec<u8>),
    /// A chunk's size, as far as it was read; whether an extension began, whose bytes say nothing.
    Size(usize, bool),
    Data(usize),
    /// The line end behind a chunk.
    Behind,
    /// No chunks: the connection's end is the stream's.
    Whole,
    Over,
}

impl Reader {
    /// A stream that counts as open once it sent `opened_by`; deliveries count from then on.
    pub fn new(opened_by: &'static [u8]) -> Reader {
        Reader {
            framing: Framing::Head(Vec::new()),
            opening: Some(Vec::new()),
            opened_by,
            half: None,
            deliveries: 0,
        }
    }

    pub fn is_open(&self) -> bool {
        self.opening.is_none()
    }

    /// Whether the last chunk has come.
    pub fn is_over(&self) -> bool {
        matches!(self.framing, Framing::Over)
    }

    /// # Panics
    /// When the answer is not 200: the server would be measured at something else.
    pub fn read(&mut self, mut bytes: &[u8], now: u64, seen: &mut Seen) {
        while !bytes.is_empty() {
            match &mut self.framing {
                Framing::Head(head) => {
                    let before = head.len();
                    head.extend_from_slice(bytes);
                    let Some(end) = memmem::find(head, b"\r\n\r\n") else { return };
                    bytes = &bytes[end + 4 - before..];
                    self.framing = after_head(&head[..end]);
                }
                Framing::Size(size, extended) => {
                    let (byte, rest) = (bytes[0], &bytes[1..]);
                    bytes = rest;
                    match (byte as char).to_digit(16) {
                        Some(digit) if !*extended => *size = *size * 16 + digit as usize,
                        _ if byte != b'\n' => *extended = true,
                        _ if *size == 0 => self.framing = Framing::Over,
                        _ => self.framing = Framing::Data(*size),
                    }
                }
                Framing::Data(left) => {
                    let (data, rest) = bytes.split_at(bytes.len().min(*left));
                    bytes = rest;
                    *left -= data.len();
                    if *left == 0 {
                        self.framing = Framing::Behind;
                    }
                    self.stream(data, now, seen);
                }
                Framing::Behind => {
                    if bytes[0] == b'\n' {
                        self.framing = Framing::Size(0, false);
                    }
                    bytes = &bytes[1..];
                }
                Framing::Whole => return self.stream(bytes, now, seen),
                Framing::Over => return,
            }
        }
    }

    fn stream(&mut self, bytes: &[u8], now: u64, seen: &mut Seen) {
        seen.bytes += bytes.len() as u64;
        let Some(opening) = &mut self.opening else { return self.stamps(bytes, now, seen) };
        opening.extend_from_slice(bytes);
        if let Some(at) = memmem::find(opening, self.opened_by) {
            let rest = opening.split_off(at);
            self.opening = None;
            self.stamps(&rest, now, seen);
        }
    }

    fn stamps(&mut self, mut bytes: &[u8], now: u64, seen: &mut Seen) {
        loop {
            let (mut value, mut missing) = match self.half.take() {
                Some(half) => half,
                None => {
                    let Some(at) = memchr(SIGN, bytes) else { return };
                    bytes = &bytes[at + 1..];
                    (0, DIGITS)
                }
            };
            while missing > 0 {
                let Some((&byte, rest)) = bytes.split_first() else {
                    self.half = Some((value, missing));
                    return;
                };
                bytes = rest;
                value = value << 4 | digit(byte);
                missing -= 1;
            }
            self.deliveries += 1;
            seen.deliveries += 1;
            seen.delays.push(now.saturating_sub(value));
            seen.last = now;
        }
    }
}

/// The value of a hexadecimal digit, which a stamp has in lower case; without a branch, because this
/// runs ten times a delivery.
fn digit(byte: u8) -> u64 {
    u64::from(byte & 15) + 9 * u64::from(byte >> 6)
}

fn after_head(head: &[u8]) -> Framing {
    let text = String::from_utf8_lossy(head).to_ascii_lowercase();
    assert!(text.starts_with("http/1.1 200"), "a stream was answered:\n{text}");
    match text.contains("transfer-encoding: chunked") {
        true => Framing::Size(0, false),
        false => Framing::Whole,
    }
}
