//! What goes of done tasks when its time is over, as the protocol says it, and what is remembered of
//! those that are gone.

use std::collections::BTreeSet;

use super::{
    deviation::{Deviation, holds, same},
    expected::Expected,
    flaws::{Flaw, is},
    model::Model,
    rig::REMEMBERED,
    seen::Seen,
};
use crate::domain::{
    EventType, Position, State, TaskId,
    retention::{MAX_PROGRESS, Part},
};

type Events<'a> = &'a [(Position, EventType)];

impl Model {
    fn is_over(&self, task: &Expected, part: Part) -> bool {
        let queue = self.queues.get(&task.queue).zip(task.done_at);
        queue.is_some_and(|(queue, end)| queue.is_over(part, end, self.now, self.flaw))
    }

    /// Whether the task itself is kept no longer, but for its children.
    pub fn is_outlived(&self, task: &Expected) -> bool {
        let Some(end) = task.done_at else { return false };
        match task.retention.filter(|_| !is(self.flaw, Flaw::OwnRetentionLoses)) {
            Some(seconds) => {
                end + seconds as i64 * 1000 <= self.now && !is(self.flaw, Flaw::RetentionIgnored)
            }
            None => self.is_outlived_by_queue(task),
        }
    }

    fn is_outlived_by_queue(&self, task: &Expected) -> bool {
        let outstayed = task.outstayed && !is(self.flaw, Flaw::OutstayedStays);
        let over = self.is_over(task, Part::Tasks) && !is(self.flaw, Flaw::QueueRetentionIgnored);
        outstayed || (over && !(task.outstayed && is(self.flaw, Flaw::OutstayedStays)))
    }

    /// Those that a sweep must delete: all that were over before it, unless it left something for the
    /// next. What ends in a sweep may wait for the next one too.
    pub fn must_go(&self, waited_for: &BTreeSet<TaskId>, seen: &Seen) -> BTreeSet<TaskId> {
        let early = is(self.flaw, Flaw::ParentGoesEarly);
        let left = |id: &TaskId| {
            let mut children = self.tasks.values().filter(|task| task.parent.as_ref() == Some(id));
            children.all(|child| child.done_at.is_none_or(|at| at < self.now))
        };
        let must = |(id, task): &(&TaskId, &Expected)| {
            let before = task.done_at.is_some_and(|at| at < self.now) && left(id);
            let waits = waited_for.contains(*id) && !early;
            let due = before && !seen.more || !seen.tasks.contains_key(*id);
            self.is_outlived(task) && !waits && due
        };
        self.tasks.iter().filter(must).map(|(id, _)| id.clone()).collect()
    }

    /// A task is gone by itself. How far its events had gone by then is no matter, where they were
    /// to go as well.
    pub fn go(&mut self, id: &TaskId, seen: &Seen) -> Option<Expected> {
        let task = self.tasks.get(id)?;
        if [Part::Bodies, Part::Events, Part::Progress].iter().any(|part| self.is_over(task, *part))
        {
            let events = seen.events.get(id).into_iter().flatten();
            self.may_be_lost.extend(events.map(|(position, _)| *position));
        }
        self.remove(id)
    }

    /// Whose queue would keep them no longer, were it not for their children.
    pub fn note_outstayed(&mut self, seen: &Seen) {
        let waited_for = self.waited_for();
        let stays = |(id, task): &(&TaskId, &Expected)| {
            let row = seen.tasks.get(*id).map(|sight| &sight.row);
            let is_noted = row.is_some_and(|row| row.kept.outstayed);
            let now = task.retention.is_none() && self.is_outlived_by_queue(task);
            now && waited_for.contains(*id) && (!seen.more || is_noted)
        };
        let stay: Vec<_> = self.tasks.iter().filter(stays).map(|(id, _)| id.clone()).collect();
        for id in stay {
            self.tasks.entry(id).and_modify(|task| task.outstayed = true);
        }
    }

    /// Bodies and events of what was done before, and all that is left of what was deleted.
    pub fn drop_parts(&mut self, seen: &Seen) {
        let (now, flaw) = (self.now, self.flaw);
        let mut lost = Vec::new();
        let mut dropped = Vec::new();
        for (id, task) in self.tasks.iter().filter(|(_, task)| task.done_at < Some(now)) {
            let Some(row) = seen.tasks.get(id).map(|sight| &sight.row) else { continue };
            let events = seen.events.get(id).map(Vec::as_slice).unwrap_or_default();
            let ended = |event: &&(Position, EventType)| event.1.is_terminal();
            let Some((end, _)) = events.iter().rev().find(ended) else { continue };
            let told = row.kept.bodies_dropped;
            if self.is_over(task, Part::Bodies)
                && !task.bodies_dropped
                && !is(flaw, Flaw::BodiesStay)
                && (!seen.more || told.is_some())
            {
                dropped.push(id.clone());
                if task.state == State::Succeeded && !is(flaw, Flaw::OutputStaysInTheLog) {
                    let carries = |at: Position| at >= *end && at < told.unwrap_or(*end);
                    lost.extend(among(events, carries));
                }
            }
            if self.is_over(task, Part::Events) && !is(flaw, Flaw::EventsStay) && !seen.more {
                let last = end + u64::from(is(flaw, Flaw::LastEventGoes));
                lost.extend(among(events, |at| at < last));
            }
            if self.is_over(task, Part::Progress) && !is(flaw, Flaw::ProgressStays) && !seen.more {
                lost.extend(thinned(events));
            }
        }
        for id in dropped {
            self.tasks.entry(id).and_modify(|task| task.bodies_dropped = true);
        }
        let is_forgotten = |at: i64| at + REMEMBERED as i64 * 1000 <= now;
        let forever = is(flaw, Flaw::DeletedRememberedForever);
        let forgotten = self.graves.iter().filter(|(_, at)| is_forgotten(**at) && !forever);
        let forgotten: Vec<_> = forgotten.map(|(id, _)| id.clone()).collect();
        for id in forgotten.iter().filter(|id| !seen.more || !seen.remembered.contains(*id)) {
            self.graves.remove(id);
            lost.extend(seen.events.get(id).into_iter().flatten().map(|(position, _)| *position));
        }
        self.lost.extend(lost);
    }

    /// The log has all that is kept, and nothing else; of what is gone, it is known for a while.
    pub fn compare_kept(&self, seen: &Seen) -> Result<(), Deviation> {
        if seen.more {
            return Ok(());
        }
        let (remembered, should) = (seen.remembered.iter(), self.graves.keys());
        same("what is remembered", remembered.collect::<Vec<_>>(), should.collect())?;
        let stays: Vec<_> = self.lost.difference(&seen.lost).collect();
        same("events that should be gone", stays, Vec::new())?;
        let gone = seen.lost.difference(&self.lost);
        let missing = gone.filter(|position| !self.may_be_lost.contains(position)).count();
        holds("no event is gone that is to be kept", missing == 0)
    }
}

fn among(events: Events, wanted: impl Fn(Position) -> bool) -> Vec<Position> {
    let positions = events.iter().map(|(position, _)| *position);
    positions.filter(|position| wanted(*position)).collect()
}

/// The progress that goes: of each attempt's, all but a hundred that lie evenly.
fn thinned(events: Events) -> Vec<Position> {
    let mut gone = Vec::new();
    for attempt in events.split(|(_, event)| *event == EventType::Started) {
        let progress = attempt.iter().filter(|(_, event)| *event == EventType::Progress);
        let progress: Vec<_> = progress.map(|(position, _)| *position).collect();
        let (all, most) = (progress.len() as u64, MAX_PROGRESS);
        if all <= most {
            continue;
        }
        // The k-th that stays is the first one at or behind k equal parts of the way.
        let stays: BTreeSet<u64> =
            (0..most).map(|nth| (nth * (all - 1)).div_ceil(most - 1)).collect();
        let places = (0..all).filter(|place| !stays.contains(place));
        gone.extend(places.map(|place| progress[place as usize]));
    }
    gone
}
