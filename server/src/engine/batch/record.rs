//! Writing an event: the task after it, what it means to those who wait, and what is counted.

use std::{collections::BTreeSet, sync::Arc};

use super::{Batch, Happened, Ready};
use crate::{
    domain::{
        Cursor, Event, EventBody, EventType, Moment, Shown, State, Task, TaskError, Tombstone,
        name::is_reserved,
        webhook::{Delivery, DeliveryType, WebhookEvent},
    },
    engine::{after, family, unique},
    store::{EntryFacets, LogEntry, NewEntry},
};

impl Batch {
    /// Writes an event and puts the row back as it is after it.
    ///
    /// Whoever goes on changing the task takes it out with [`Arc::unwrap_or_clone`].
    pub fn record(&mut self, mut task: Task, happened: Happened, now: &Moment) -> Arc<Task> {
        let position = self.next_position;
        self.next_position += 1;
        if task.seq == 0 {
            task.seq = position;
        }
        task.cursor = position;
        task.updated_at = now.wall;
        if matches!(happened, Happened::Queued) {
            task.queued_at = Some(now.wall);
            if task.ready_at == 0 {
                task.ready_at = position;
            }
        }
        // Lines come without the task, so what is seen of it must not change with them.
        if !matches!(happened, Happened::Log(_)) {
            family::show(&mut task, now);
        }
        if let Some(end) = after::note_end(&mut task) {
            self.changes.releases.push(end.clone());
            self.release_by(end);
        }
        let was = self.rows.get(&task.id).and_then(|row| row.current.clone());
        let was = was.as_deref();
        let before = was.filter(|was| !same_facets(was, &task)).map(facets);
        let (was_state, was_parked) =
            was.map_or((None, false), |was| (Some(was.state), was.parked));
        // Who has a key waits for a place first; `keyed` gives the places out when all is decided.
        let enters = task.state == State::Queued && was_state != Some(State::Queued);
        task.parked = match task.state {
            State::Queued if enters => task.concurrency_key.is_some(),
            State::Queued => was_parked,
            _ => false,
        };
        self.note_move(&task, was_state);

        let deleted = matches!(happened, Happened::Deleted);
        self.tally(&task, &happened, was_state);
        let body = self.event_body(&task, happened);
        let shown = body.task().cloned();
        let event_type = body.event_type();
        let event = Event {
            body,
            cursor: Cursor { epoch: self.epoch, position },
            task_id: task.id.clone(),
            at: now.wall,
            attempt: task.attempt,
        };
        let json = event.json();
        let entry = LogEntry { position, event_type, task_id: task.id.clone(), json };
        let event = Arc::new(NewEntry {
            entry: Arc::new(entry),
            before,
            after: facets(&task),
            task_seq: task.seq,
        });
        self.changes.events.push(event.clone());
        self.events.push(event);
        self.touched.insert(task.id.clone());
        self.note_end(&task, event_type, shown.as_ref(), now);
        let task = Arc::new(task);
        self.save(task.clone());
        if let Some(row) = self.rows.get_mut(&task.id) {
            row.shown = shown;
        }
        if deleted && let Some(row) = self.rows.get_mut(&task.id) {
            row.current = None;
            self.dead.insert(task.seq);
            self.graves.insert(task.id.clone(), now.wall);
            self.changes.tombstones.push(Tombstone {
                position,
                seq: task.seq,
                id: task.id.clone(),
                queue: task.queue.to_string(),
                at: now.wall,
                trimmed_to: task.kept.trimmed_to,
            });
        } else {
            unique::note(self, was, &task, now);
            family::child_moved(self, was, &task, now);
        }
        task
    }

    /// What a task's step means for those who wait: for work, or for its key's place.
    fn note_move(&mut self, task: &Task, was: Option<State>) {
        if was == Some(State::Running) && task.state != State::Running {
            self.open(&task.queue);
        }
        match &task.concurrency_key {
            Some(key) if was != Some(task.state) => {
                self.keys_moved.insert((task.queue.clone(), key.clone()));
            }
            _ => {}
        }
        if task.state == State::Queued && !task.parked {
            self.became_ready(task);
        }
    }

    /// Notes who is to be told of a task's end. The deliveries are made when all else is decided.
    fn note_end(
        &mut self,
        task: &Task,
        event_type: EventType,
        shown: Option<&Shown>,
        now: &Moment,
    ) {
        // What the server does for itself is nobody's concern, and deliveries would tell of each other.
        if self.webhooks.is_empty() || is_reserved(&task.queue) {
            return;
        }
        let Some(event) = WebhookEvent::of(event_type) else { return };
        let cursor = Cursor { epoch: self.epoch, position: task.cursor };
        let wanting = self.webhooks.values().filter(|webhook| webhook.spec.wants(event, task));
        self.deliveries.extend(wanting.map(|webhook| Delivery {
            webhook_id: webhook.id.clone(),
            event: DeliveryType::Task(event),
            at: now.wall,
            task_id: Some(task.id.clone()),
            cursor: Some(cursor),
            task: shown.map(|shown| shown.raw().clone()),
        }));
    }

    fn became_ready(&mut self, task: &Task) {
        let known = self.wake.ready.last().is_some_and(|last| {
            last.queue == task.queue
                && last.kind == task.kind
                && last.only_worker == task.only_worker
        });
        if known {
            return;
        }
        self.wake.ready.insert(Ready {
            queue: task.queue.clone(),
            kind: task.kind.clone(),
            only_worker: task.only_worker.clone(),
        });
    }

    /// Lets a parked task be leased. Nobody sees a difference in the task, so there is no event.
    pub fn unpark(&mut self, mut task: Task) {
        task.parked = false;
        self.became_ready(&task);
        self.save(task);
    }

    /// Takes a ready task out of the line again: its key allows fewer than when it came in.
    pub fn park(&mut self, mut task: Task) {
        task.parked = true;
        self.save(task);
    }

    /// Keys whose places are to be given out anew.
    pub fn move_key(&mut self, queue: &str, key: String) {
        self.keys_moved.insert((queue.into(), key));
    }

    pub fn take_moved_keys(&mut self) -> BTreeSet<(Arc<str>, String)> {
        std::mem::take(&mut self.keys_moved)
    }

    fn tally(&mut self, task: &Task, happened: &Happened, was: Option<State>) {
        let new = was.is_none();
        if !new && matches!(happened, Happened::Queued | Happened::Progress | Happened::Log(_)) {
            return;
        }
        if !self.tallies.contains_key(&task.queue) {
            self.tallies.insert(task.queue.clone(), Default::default());
        }
        let Some(tally) = self.tallies.get_mut(&task.queue) else { return };
        tally.submitted += u64::from(new);
        match happened {
            Happened::Started => tally.leased += u64::from(task.lease.is_some()),
            Happened::Retrying(error) => {
                tally.retried += 1;
                tally.expired += u64::from(error.kind == TaskError::LEASE_EXPIRED);
            }
            Happened::Succeeded => tally.succeeded += 1,
            Happened::Failed => {
                tally.failed += 1;
                let last = task.attempts.last().and_then(|attempt| attempt.error.as_ref());
                let expired = last.is_some_and(|error| error.kind == TaskError::LEASE_EXPIRED);
                tally.expired += u64::from(was == Some(State::Running) && expired);
            }
            Happened::Cancelled => tally.cancelled += 1,
            _ => {}
        }
    }

    fn event_body(&self, of: &Task, happened: Happened) -> EventBody {
        let task = || Shown::of(self.view(of));
        match happened {
            Happened::Scheduled => EventBody::Scheduled { task: task() },
            Happened::Queued => EventBody::Queued { task: task() },
            Happened::Started => EventBody::Started { task: task() },
            Happened::Progress => EventBody::Progress {
                progress: of.progress.clone().unwrap_or_default(),
                children: of.kin.told,
            },
            Happened::Log(lines) => EventBody::Log { lines },
            Happened::CancelRequested => EventBody::CancelRequested { task: task() },
            Happened::Retrying(error) => {
                EventBody::Retrying { error: error.shortened(), task: task() }
            }
            Happened::Succeeded => EventBody::Succeeded { task: task() },
            Happened::Failed => EventBody::Failed { task: task() },
            Happened::Cancelled => EventBody::Cancelled { task: task() },
            Happened::Updated => EventBody::Updated { task: task() },
            Happened::Deleted => EventBody::Deleted { task: task() },
        }
    }
}

fn facets(task: &Task) -> EntryFacets {
    EntryFacets {
        queue: task.queue.clone(),
        kind: task.kind.clone(),
        state: task.state,
        labels: task.labels.clone(),
        parent: task.parent_id.clone(),
        error_type: task.error_type.clone(),
    }
}

/// Whether filters see no difference between the two.
fn same_facets(a: &Task, b: &Task) -> bool {
    a.state == b.state
        && a.queue == b.queue
        && a.kind == b.kind
        && a.labels == b.labels
        && a.parent_id == b.parent_id
        && a.error_type == b.error_type
}
