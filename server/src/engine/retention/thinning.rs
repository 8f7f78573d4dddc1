//! Thinning the progress of a done task: most of its events go, and a picture of it stays.

use super::{Room, Sweeper};
use crate::{
    domain::{EventType, Position, Task, retention::MAX_PROGRESS},
    engine::batch::Batch,
    store::{Store, StoreError},
};

/// A task with more events than one sweep looks at. First its progress events are counted by attempt,
/// then most of them go.
#[derive(Debug, Default)]
pub(super) struct Thinning {
    /// Where the task ended: one that was opened again and ended anew has other attempts.
    end: Position,
    counts: Vec<u64>,
    counted: bool,
    /// Everything up to here was looked at …
    after: Position,
    /// … which attempt that was, by its place in `counts`, and how many of its events.
    attempt: usize,
    nth: u64,
}

impl Sweeper {
    /// Leaves of each attempt about [`MAX_PROGRESS`] progress events, evenly. Returns whether that is
    /// done.
    pub(super) fn thin(
        &mut self,
        store: &mut dyn Store,
        batch: &mut Batch,
        task: &Task,
        room: &mut Room,
    ) -> Result<bool, StoreError> {
        let mut state = self.thinning.remove(&*task.queue).unwrap_or_default();
        let end = task.end_position().unwrap_or(task.cursor);
        if state.end != end {
            state = Thinning { end, ..Thinning::default() };
        }
        loop {
            let limit = room.0;
            let page = store.events_of(task.seq, state.after, limit)?;
            room.take(page.len());
            let whole = page.len() < limit;
            let counted = state.counted;
            let dropped: Vec<Position> = page
                .into_iter()
                .filter_map(|(position, event)| state.pass(position, event))
                .collect();
            batch.drop_events(dropped);
            match (whole, counted) {
                (true, true) => return Ok(true),
                (true, false) if state.counts.iter().all(|count| *count <= MAX_PROGRESS) => {
                    return Ok(true);
                }
                (true, false) => state.begin_to_drop(),
                (false, _) => {}
            }
            if room.0 == 0 {
                self.thinning.insert(task.queue.to_string(), state);
                return Ok(false);
            }
        }
    }
}

impl Thinning {
    fn begin_to_drop(&mut self) {
        (self.counted, self.after, self.attempt, self.nth) = (true, 0, 0, 0);
    }

    /// Counts an event; when all are counted, gives its position if it is to go.
    fn pass(&mut self, position: Position, event: EventType) -> Option<Position> {
        self.after = position;
        match event {
            EventType::Started => {
                self.attempt += 1;
                self.nth = 0;
                return None;
            }
            EventType::Progress => {}
            _ => return None,
        }
        self.nth += 1;
        if self.counted {
            let of = self.counts.get(self.attempt).copied().unwrap_or(0);
            return (!stays(self.nth - 1, of)).then_some(position);
        }
        self.counts.resize(self.counts.len().max(self.attempt + 1), 0);
        self.counts[self.attempt] += 1;
        None
    }
}

/// Whether the `nth` of so many events is one of those that stay: the first, the last, and what lies
/// evenly between.
fn stays(nth: u64, of: u64) -> bool {
    let place = |nth: u64| nth * (MAX_PROGRESS - 1) / (of - 1);
    of <= MAX_PROGRESS || nth == 0 || place(nth) != place(nth - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thinning_leaves_a_hundred_evenly_with_the_first_and_the_last() {
        for of in [1, 2, 99, 100, 101, 150, 1_000, 99_999] {
            let kept: Vec<u64> = (0..of).filter(|nth| stays(*nth, of)).collect();
            assert_eq!(kept.len() as u64, of.min(MAX_PROGRESS), "of {of}");
            assert_eq!((kept.first(), kept.last()), (Some(&0), Some(&(of - 1))), "of {of}");
            let gaps = kept.windows(2).map(|pair| pair[1] - pair[0]);
            let (least, most) = (gaps.clone().min().unwrap_or(0), gaps.max().unwrap_or(0));
            assert!(most - least <= 1, "of {of}: {least} to {most}");
        }
    }
}
