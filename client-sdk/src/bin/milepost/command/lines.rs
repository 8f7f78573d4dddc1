//! Cuts a command's output into lines for the log.
//!
//! The terminal gets the bytes as they are; this is about what is worth keeping. A lone `\r` ends a
//! line too, because that is how programs redraw their progress. Memory is bounded: of a line
//! without an end only its beginning is kept.

/// How much of one line is kept, in bytes.
pub const MAX_LINE: usize = 8 * 1024;

/// The state between two reads from the same pipe.
#[derive(Debug, Default)]
pub struct LineCutter {
    line: Vec<u8>,
    /// Bytes of this line beyond [`MAX_LINE`].
    left_out: usize,
    after_cr: bool,
}

impl LineCutter {
    /// Takes what was read and hands each line that is complete to `take`.
    pub fn push(&mut self, mut bytes: &[u8], mut take: impl FnMut(String)) {
        while !bytes.is_empty() {
            if std::mem::take(&mut self.after_cr) && bytes[0] == b'\n' {
                bytes = &bytes[1..];
                continue;
            }
            let end = bytes.iter().position(|&byte| byte == b'\n' || byte == b'\r');
            self.keep(&bytes[..end.unwrap_or(bytes.len())]);
            let Some(end) = end else { break };
            self.after_cr = bytes[end] == b'\r';
            // `\r` at the start of a line draws over nothing; an empty line that ends with `\n` was
            // meant.
            let empty = self.line.is_empty();
            let line_feed = bytes[end] == b'\n' || bytes.get(end + 1) == Some(&b'\n');
            bytes = &bytes[end + 1..];
            if !empty || line_feed {
                take(self.end());
            }
        }
    }

    /// The last line, if the output did not end with a line end.
    pub fn finish(&mut self) -> Option<String> {
        (!self.line.is_empty()).then(|| self.end())
    }

    fn keep(&mut self, piece: &[u8]) {
        let kept = piece.len().min(MAX_LINE - self.line.len());
        self.line.extend_from_slice(&piece[..kept]);
        self.left_out += piece.len() - kept;
    }

    fn end(&mut self) -> String {
        let mut left_out = std::mem::take(&mut self.left_out);
        let mut bytes = std::mem::take(&mut self.line);
        if left_out > 0 {
            left_out += drop_half_character(&mut bytes);
        }
        let mut text = without_escapes(&String::from_utf8_lossy(&bytes));
        if left_out > 0 {
            text.push_str(&format!(" … ({left_out} bytes left out)"));
        }
        text
    }
}

/// Where the cut went through a character, the whole character goes. Returns how many bytes went.
fn drop_half_character(bytes: &mut Vec<u8>) -> usize {
    let Some(start) = bytes.iter().rposition(|byte| byte & 0b1100_0000 != 0b1000_0000) else {
        return 0;
    };
    let length = match bytes[start] {
        0xC2..=0xDF => 2,
        0xE0..=0xEF => 3,
        0xF0..=0xF4 => 4,
        _ => 1,
    };
    let there = bytes.len() - start;
    if there >= length {
        return 0;
    }
    bytes.truncate(start);
    there
}

/// Leaves out terminal control sequences (ECMA-48 5.4 CSI, 5.6 control strings): colours and cursor
/// movements mean nothing in a log.
fn without_escapes(text: &str) -> String {
    if !text.contains('\u{1b}') {
        return text.to_owned();
    }
    let mut kept = String::with_capacity(text.len());
    let mut rest = text.chars().peekable();
    while let Some(character) = rest.next() {
        if character != '\u{1b}' {
            kept.push(character);
            continue;
        }
        match rest.next() {
            Some('[') => {
                // Parameters and intermediates, then one final character from `@` to `~`.
                while let Some(next) = rest.next_if(|c| (' '..='~').contains(c)) {
                    if ('@'..='~').contains(&next) {
                        break;
                    }
                }
            }
            Some(']' | 'P' | 'X' | '^' | '_') => {
                // A string up to BEL or ESC \.
                while let Some(next) = rest.next() {
                    if next == '\u{7}' || (next == '\u{1b}' && rest.next_if_eq(&'\\').is_some()) {
                        break;
                    }
                }
            }
            // `ESC ( B` and its like: intermediates, then a final character.
            Some(' '..='/') => {
                while rest.next_if(|c| (' '..='/').contains(c)).is_some() {}
                rest.next();
            }
            _ => continue,
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cut(pieces: &[&[u8]]) -> Vec<String> {
        let mut cutter = LineCutter::default();
        let mut lines = Vec::new();
        for piece in pieces {
            cutter.push(piece, |line| lines.push(line));
        }
        lines.extend(cutter.finish());
        lines
    }

    #[test]
    fn a_carriage_return_ends_a_line_too() {
        assert_eq!(cut(&[b"10%\r20%\r\n30%\n\nend"]), ["10%", "20%", "30%", "", "end"]);
        assert_eq!(cut(&[b"\r  5%\r 10%\r"]), ["  5%", " 10%"]);
    }

    #[test]
    fn a_long_line_is_cut_between_characters_and_says_so() {
        let long = "ä".repeat(MAX_LINE);
        let lines = cut(&[b"x", long.as_bytes(), b"\nnext\n"]);
        assert!(lines[0].starts_with("xää") && !lines[0].contains('\u{FFFD}'));
        assert!(lines[0].ends_with(" … (8194 bytes left out)"), "{}", lines[0].len());
        assert_eq!(lines[1], "next");
    }

    #[test]
    fn invalid_utf_8_is_replaced_and_colours_are_left_out() {
        assert_eq!(cut(&[b"a\xFFb\n"]), ["a\u{FFFD}b"]);
        let coloured =
            b"\x1b[1;31merror\x1b[0m: \x1b]8;;http://x\x07link\x1b]8;;\x1b\\ \x1b[K\x1b(Bok\n";
        assert_eq!(cut(&[coloured]), ["error: link ok"]);
    }

    proptest! {
        #[test]
        fn where_a_read_ends_makes_no_difference_but_for_lone_empty_lines(
            parts in proptest::collection::vec(
                prop_oneof![Just("a"), Just("é"), Just("\r\n"), Just("\n"), Just("5%\r")], 0..16),
        ) {
            let text = parts.concat();
            let whole: Vec<String> =
                cut(&[text.as_bytes()]).into_iter().filter(|line| !line.is_empty()).collect();
            for at in 0..=text.len() {
                let (left, right) = text.as_bytes().split_at(at);
                let split: Vec<String> =
                    cut(&[left, right]).into_iter().filter(|line| !line.is_empty()).collect();
                prop_assert_eq!(&split, &whole);
            }
        }
    }
}
