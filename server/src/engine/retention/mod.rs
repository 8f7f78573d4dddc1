//! What of done tasks goes when its time is over: the task, its bodies, its events, most of its progress.
//! Some tasks say themselves how long they are kept.
//!
//! Each queue with a retention is gone through by where in the log its tasks ended, and remembers for
//! each part how far it has come; so a policy also reaches what was done before it was set. A sweep
//! does a bounded share of it, whatever waits, and the next goes on: commands are answered in between.

mod thinning;

use std::collections::{BTreeMap, HashSet};

use self::thinning::Thinning;
use super::{
    batch::{Batch, Happened},
    family,
};
use crate::{
    domain::{Moment, Position, Queue, State, Task, Timestamp, retention::Part},
    store::{Needs, Slot, Store, StoreError},
};

/// How much one share is: an event that is looked at counts as one, …
const ROOM: usize = 8;
/// … doubled with every share in a row that no command came between, so many times, …
const DOUBLINGS: u32 = 3;
/// … beside many commands twice as much as they are, so that it keeps up with them, up to …
const BESIDE: usize = 2;
/// … so much in one transaction.
const MOST: usize = 512;
/// A task counts as so many, because it stands in several indexes and its going is told.
const TASK: usize = 4;
/// How much later, in milliseconds, the next share is when one left something: after so much silence, …
const SILENCE: i64 = 3;
/// … or so long after the last, beside commands, …
const PAUSE: i64 = 20;
/// … and when it left nothing.
const REST: i64 = 200;
/// How many queues one sweep looks at.
const QUEUES: usize = 16;

/// How long what was deleted is remembered, unless told otherwise: a day, in seconds.
pub const TOMBSTONE_SECONDS: u64 = 24 * 3600;

/// Where the sweeps are. It may be forgotten at any time: what is not done is found again.
#[derive(Debug)]
pub struct Sweeper {
    tombstone_seconds: u64,
    /// When it did its last share, on the steady clock, and whether it left anything.
    last: Timestamp,
    more: bool,
    /// What the commands since then allow it to do beside them.
    credit: usize,
    /// How many shares there were since the last command, up to [`DOUBLINGS`].
    silent: u32,
    /// Whether tasks that say themselves how long they are kept come before the queues' this time.
    own_first: bool,
    /// The queue that was looked at last.
    after: String,
    /// Tasks whose progress is being thinned, by queue.
    thinning: BTreeMap<String, Thinning>,
}

/// What is left of a sweep's share.
struct Room(usize);

impl Room {
    fn take(&mut self, share: usize) {
        self.0 = self.0.saturating_sub(share);
    }
}

impl Sweeper {
    /// From `now` on, on the steady clock.
    pub fn new(tombstone_seconds: u64, now: Timestamp) -> Self {
        Sweeper {
            tombstone_seconds,
            last: now,
            more: false,
            credit: 0,
            silent: 0,
            own_first: false,
            after: String::new(),
            thinning: BTreeMap::new(),
        }
    }

    /// After a transaction that failed: what it was to have done is done again.
    pub fn forget(&mut self) {
        self.thinning.clear();
        self.more = false;
    }

    /// Whether the last share left something.
    #[cfg(test)]
    pub fn has_more(&self) -> bool {
        self.more
    }

    /// Whether a share is to be done when there is no command.
    pub fn is_due(&self, now: Timestamp) -> bool {
        self.more || self.has_rested(REST, now)
    }

    /// How large a share is to be done in a transaction with commands of this weight, if any. They would
    /// feel it if each of them had to wait for one.
    pub fn room(&mut self, now: Timestamp, weight: usize) -> Option<usize> {
        if weight == 0 {
            if !self.is_due(now) {
                return None;
            }
            let room = ROOM << self.silent;
            self.silent = DOUBLINGS.min(self.silent + 1);
            return Some(room);
        }
        self.silent = 0;
        if !self.more {
            return self.is_due(now).then_some(ROOM);
        }
        self.credit = MOST.min(self.credit + weight * BESIDE);
        let due = self.credit >= ROOM || self.has_rested(PAUSE, now);
        due.then_some(self.credit.max(ROOM))
    }

    fn has_rested(&self, milliseconds: i64, now: Timestamp) -> bool {
        self.last.plus_milliseconds(milliseconds) <= now
    }

    /// When the next share is to be done, if nobody comes.
    pub fn next(&self, now: Timestamp) -> Timestamp {
        match self.more {
            true => now.plus_milliseconds(SILENCE),
            false => self.last.plus_milliseconds(REST),
        }
    }

    /// Does so much of what is due.
    pub fn sweep(
        &mut self,
        store: &mut dyn Store,
        batch: &mut Batch,
        room: usize,
        now: &Moment,
    ) -> Result<(), StoreError> {
        (self.last, self.credit) = (now.steady, 0);
        self.more = self.share(store, batch, room, now)?;
        Ok(())
    }

    fn share(
        &mut self,
        store: &mut dyn Store,
        batch: &mut Batch,
        room: usize,
        now: &Moment,
    ) -> Result<bool, StoreError> {
        // Half of it is for what was deleted, so that neither keeps the other waiting.
        let half = room / 2;
        let mut room = Room(half);
        let mut more = self.bury(store, batch, &mut room, now)?;
        let mut room = Room(half + room.0);
        self.own_first = !self.own_first;
        if self.own_first {
            more |= expire(store, batch, &mut room, now)?;
        }
        for queue in self.next_queues(store)? {
            self.after.clone_from(&queue.name);
            more |= self.keep(store, batch, queue, &mut room, now)?;
            if room.0 == 0 {
                break;
            }
        }
        if !self.own_first {
            more |= expire(store, batch, &mut room, now)?;
        }
        Ok(more)
    }

    /// The queues after the one that was looked at last, and then from the first on.
    fn next_queues(&self, store: &mut dyn Store) -> Result<Vec<Queue>, StoreError> {
        let mut queues = store.retaining(&self.after, QUEUES)?;
        if queues.len() < QUEUES && !self.after.is_empty() {
            let first = store.retaining("", QUEUES - queues.len())?;
            queues.extend(first.into_iter().take_while(|queue| queue.name <= self.after));
        }
        Ok(queues)
    }

    /// The events of tasks that were deleted long enough ago, and then that they were.
    fn bury(
        &self,
        store: &mut dyn Store,
        batch: &mut Batch,
        room: &mut Room,
        now: &Moment,
    ) -> Result<bool, StoreError> {
        let seconds = i64::try_from(self.tombstone_seconds).unwrap_or(i64::MAX);
        let over = now.wall.plus_milliseconds(seconds.saturating_mul(-1000));
        let stones = store.tombstones(over, room.0 / TASK)?;
        let full = stones.len() >= room.0 / TASK;
        for mut stone in stones {
            let events = store.events_of(stone.seq, 0, room.0)?;
            let whole = events.len() < room.0;
            if let Some((last, _)) = events.last() {
                batch.trim(&stone.queue, events.iter().map(|(position, _)| *position), *last);
                stone.trimmed_to = stone.trimmed_to.max(*last);
            }
            room.take(events.len().max(TASK));
            if !whole {
                // Until the next share comes to the rest, who asks for this task is told.
                batch.save_tombstone(stone);
                return Ok(true);
            }
            batch.forget_deleted(stone.position);
            if room.0 == 0 {
                return Ok(true);
            }
        }
        Ok(full)
    }

    /// What one queue keeps no longer. Returns whether there is more of it.
    fn keep(
        &mut self,
        store: &mut dyn Store,
        batch: &mut Batch,
        queue: Queue,
        room: &mut Room,
        now: &Moment,
    ) -> Result<bool, StoreError> {
        let name = queue.name.clone();
        // What the commands of this batch set is newer than what the store has.
        if !batch.knows_queue(&name) {
            batch.absorb_queue(queue);
        }
        let Some(mut queue) = batch.queue(&name).cloned() else { return Ok(false) };
        let before = queue.walked;
        let mut more = false;
        for part in Part::ALL {
            let Some(seconds) = queue.settings.retention.seconds(part) else { continue };
            let (to, left) =
                self.walk(store, batch, (&name, part, seconds), before.of(part), room, now)?;
            queue.walked.set(part, to);
            more |= left;
        }
        if queue.walked != before {
            batch.save_queue(queue);
        }
        Ok(more)
    }

    /// Goes on through the tasks of a queue that are done. Returns how far it came, and whether more is
    /// due.
    fn walk(
        &mut self,
        store: &mut dyn Store,
        batch: &mut Batch,
        (queue, part, seconds): (&str, Part, u64),
        after: Position,
        room: &mut Room,
        now: &Moment,
    ) -> Result<(Position, bool), StoreError> {
        if room.0 < TASK {
            return Ok((after, true));
        }
        let mut tasks = store.ended(queue, after, room.0 / TASK)?;
        let full = tasks.len() >= room.0 / TASK;
        // What ended in this very transaction is for a later one: its end is to be seen first.
        let began = batch.first_position();
        let over = |task: &Task| {
            let end = task.finished_at.unwrap_or(task.updated_at);
            let ended_before = task.end_position().is_none_or(|position| position < began);
            ended_before && end.plus_seconds(seconds) <= now.wall
        };
        let due = tasks.iter().take_while(|task| over(task)).count();
        let more = full && due == tasks.len();
        tasks.truncate(due);
        learn(store, batch, part, &tasks)?;
        let mut to = after;
        for stored in tasks {
            if room.0 == 0 {
                return Ok((to, true));
            }
            let Some(end) = stored.end_position() else { continue };
            // One that a command of this batch opened again stands further on when it ends anew.
            let current = batch.task(&stored.id).filter(|task| task.end_position() == Some(end));
            if let Some(task) = current.cloned() {
                // The store does not have yet what this batch told of it, and so could not drop it.
                if part == Part::Bodies && task.cursor >= began {
                    return Ok((to, true));
                }
                room.take(TASK);
                let whole = match part {
                    Part::Tasks => delete(batch, task, now),
                    Part::Bodies => drop_bodies(store, batch, task, room, now)?,
                    Part::Events => trim_events(store, batch, task, room)?,
                    Part::Progress => self.thin(store, batch, &task, room)?,
                };
                if !whole {
                    return Ok((to, true));
                }
            }
            to = end;
        }
        Ok((to, more))
    }
}

/// Takes in what the store found, with what their events will show, and those whose counters change.
fn learn(
    store: &mut dyn Store,
    batch: &mut Batch,
    part: Part,
    tasks: &[Task],
) -> Result<(), StoreError> {
    match part {
        Part::Tasks => family::learn_ancestors(store, batch, tasks.iter())?,
        Part::Bodies => {
            let errors = tasks.iter().map(|task| (task.seq, Slot::Error));
            let bodies = errors.filter(|(seq, slot)| !batch.knows_body(*seq, *slot)).collect();
            family::load(store, batch, Needs { bodies, ..Needs::default() })?;
        }
        Part::Events | Part::Progress => {}
    }
    for task in tasks {
        if !batch.knows_task(&task.id) {
            batch.absorb_task(task.clone());
        }
    }
    Ok(())
}

/// Deletes tasks whose own `retention_seconds` are over. Returns whether there are more.
fn expire(
    store: &mut dyn Store,
    batch: &mut Batch,
    room: &mut Room,
    now: &Moment,
) -> Result<bool, StoreError> {
    let limit = room.0 / TASK;
    if limit == 0 {
        return Ok(true);
    }
    let began = batch.first_position();
    let tasks = store.outlived(now.wall, limit)?;
    learn(store, batch, Part::Tasks, &tasks)?;
    for stored in &tasks {
        // What the commands of this batch did is newer than what the store has.
        let over = |task: &&Task| {
            let ended_before = task.end_position().is_some_and(|position| position < began);
            ended_before && task.due_at.is_some_and(|due| due <= now.wall)
        };
        let Some(mut task) = batch.task(&stored.id).filter(over).cloned() else { continue };
        room.take(TASK);
        if task.kin.has_open_children() {
            // The last of them arms it again.
            task.due_at = None;
            batch.save(task);
        } else {
            batch.record(task, Happened::Deleted, now);
        }
    }
    Ok(tasks.len() == limit)
}

/// Those that say how long they are kept go at their own time.
fn delete(batch: &mut Batch, mut task: Task, now: &Moment) -> bool {
    if task.retention_seconds.is_some() {
        return true;
    }
    if task.kin.has_open_children() {
        task.kept.outstayed = true;
        batch.save(task);
    } else {
        batch.record(task, Happened::Deleted, now);
    }
    true
}

/// The bodies go, and the events that carry the output with them, from the end of the task to the event
/// that tells it. Returns whether that is done.
fn drop_bodies(
    store: &mut dyn Store,
    batch: &mut Batch,
    mut task: Task,
    room: &mut Room,
    now: &Moment,
) -> Result<bool, StoreError> {
    let Some(end) = task.end_position() else { return Ok(true) };
    let told = match task.kept.bodies_dropped {
        Some(told) => told,
        None => {
            let told = batch.next_position();
            for slot in [Slot::Input, Slot::Output, Slot::Checkpoint] {
                batch.set_body(task.seq, slot, None);
            }
            task.kept.end = Some(end);
            task.kept.bodies_dropped = Some(told);
            task = (*batch.record(task, Happened::Updated, now)).clone();
            told
        }
    };
    if task.state != State::Succeeded {
        return Ok(true);
    }
    drop_between(store, batch, task, (end - 1, told), room)
}

/// The events before the one that ended the task. Returns whether that is done.
fn trim_events(
    store: &mut dyn Store,
    batch: &mut Batch,
    task: Task,
    room: &mut Room,
) -> Result<bool, StoreError> {
    let Some(end) = task.end_position() else { return Ok(true) };
    drop_between(store, batch, task, (0, end), room)
}

/// A task's events after a position and before another one go, as many as there is room for.
fn drop_between(
    store: &mut dyn Store,
    batch: &mut Batch,
    mut task: Task,
    (after, before): (Position, Position),
    room: &mut Room,
) -> Result<bool, StoreError> {
    let limit = room.0.max(1);
    let page = store.events_of(task.seq, after, limit)?;
    let whole = page.len() < limit;
    room.take(page.len());
    let gone: HashSet<Position> =
        page.iter().map(|(position, _)| *position).filter(|position| *position < before).collect();
    if let Some(last) = gone.iter().max().copied() {
        let past = gone.len() < page.len();
        batch.trim(&task.queue, gone, last);
        task.kept.trimmed_to = last.max(task.kept.trimmed_to);
        batch.save(task);
        return Ok(whole || past);
    }
    Ok(true)
}
