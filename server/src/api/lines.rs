//! Pages of a task's log lines. An event carries many lines, so a page may end within one.

use std::fmt;

use super::wire::event::LogLines;
use crate::{
    domain::{Cursor, Position},
    store::{Reads, Selection, StoreError},
    stream::resume::{Reset, resume},
};

/// Where a page ended: `<cursor>`, or `<cursor>.<lines>` within the event at that cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Place {
    cursor: Cursor,
    /// How many lines of the event were given; all of them, if nothing stands here.
    lines: Option<usize>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.lines {
            None => self.cursor.fmt(f),
            Some(lines) => write!(f, "{}.{lines}", self.cursor),
        }
    }
}

impl Place {
    fn parse(text: &str) -> Option<Self> {
        if let Ok(cursor) = text.parse() {
            return Some(Place { cursor, lines: None });
        }
        let (cursor, lines) = text.rsplit_once('.')?;
        let digits = !lines.is_empty() && lines.bytes().all(|byte| byte.is_ascii_digit());
        let lines = digits.then(|| lines.parse().ok()).flatten()?;
        Some(Place { cursor: cursor.parse().ok()?, lines: Some(lines) })
    }

    /// The last position of which nothing more is wanted.
    fn behind(&self) -> Position {
        match self.lines {
            None => self.cursor.position,
            Some(_) => self.cursor.position.saturating_sub(1),
        }
    }
}

/// At most `limit` lines of a task after a place, or from the oldest that is kept. A place that cannot
/// be used is told, and the page begins with the oldest.
pub fn page(
    reads: &dyn Reads,
    what: &Selection,
    seq: Position,
    after: Option<&str>,
    limit: usize,
) -> Result<LogLines, StoreError> {
    let Some(after) = after else { return read(reads, seq, None, limit) };
    let Some(place) = Place::parse(after) else {
        return begun_anew(reads, seq, Reset::Garbage, limit);
    };
    let page = read(reads, seq, Some(place), limit)?;
    // Looked at behind the reading: what is gone by now may have been gone by then.
    let before = Cursor { position: place.behind(), ..place.cursor };
    match resume(reads, what, &before.to_string())? {
        Ok(_) => Ok(page),
        Err(reset) => begun_anew(reads, seq, reset, limit),
    }
}

fn begun_anew(
    reads: &dyn Reads,
    seq: Position,
    reset: Reset,
    limit: usize,
) -> Result<LogLines, StoreError> {
    Ok(LogLines { reset: Some(reset.into()), ..read(reads, seq, None, limit)? })
}

fn read(
    reads: &dyn Reads,
    seq: Position,
    after: Option<Place>,
    limit: usize,
) -> Result<LogLines, StoreError> {
    let behind = after.map_or(0, |place| place.behind());
    let given = after.and_then(|place| Some((place.cursor.position, place.lines?)));
    // One more, to know whether there is another page.
    let sought = limit.saturating_add(given.map_or(0, |(_, lines)| lines)).saturating_add(1);
    let mut found = Vec::new();
    for (position, lines) in reads.log_lines(seq, behind, sought)? {
        let cursor = Cursor { epoch: reads.epoch(), position };
        let whole = lines.len();
        let skipped = given.filter(|(within, _)| *within == position).map_or(0, |(_, lines)| lines);
        for (at, line) in lines.into_iter().enumerate().skip(skipped) {
            let lines = Some(at + 1).filter(|given| *given < whole);
            found.push((line, Place { cursor, lines }));
        }
    }
    let more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| more).map(|(_, place)| place.to_string());
    let lines = found.into_iter().map(|(line, _)| line).collect();
    Ok(LogLines { lines, next, reset: None })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_round_trips_and_garbage_is_none() {
        for text in ["0000002a.7", "0000002a.7.0", "0000002a.7.12"] {
            assert_eq!(Place::parse(text).expect(text).to_string(), text);
        }
        for garbage in ["", "7", "0000002a", "0000002a.", "0000002a.7.", "0000002a.7.x", "a.7.1.2"]
        {
            assert_eq!(Place::parse(garbage), None, "{garbage:?}");
        }
    }
}
