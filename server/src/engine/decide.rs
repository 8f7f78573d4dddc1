//! The pure core: what a command must see, and what it does.

use super::{
    batch::Batch,
    change,
    command::{Command, IdempotencyKey, Reply},
    end, lease, report,
    submit::{self, key_name},
};
use crate::{
    domain::{Moment, Refusal, TaskId},
    store::{KeyName, Needs, Slot},
};

/// Adds to `needs` what `command` must see and the batch does not know yet. A key names tasks, and
/// a done task's picture has its outcome, so this is asked until nothing is added: at most three
/// times.
pub fn needs(command: &Command, batch: &Batch, needs: &mut Needs) {
    let mut ask = Ask { batch, needs };
    match command {
        Command::Submit { task, key } => {
            ask.idempotency_key(key.as_ref());
            ask.parent(task.parent_id.as_ref());
        }
        Command::Put { task, .. } => {
            ask.pictured(task.id.as_ref());
            ask.parent(task.parent_id.as_ref());
        }
        Command::Update { id, .. } | Command::Delete { id } => ask.pictured(Some(id)),
        Command::Cancel { id, key } | Command::Retry { id, key } => {
            ask.idempotency_key(key.as_ref());
            ask.pictured(Some(id));
        }
        Command::Acquire(wish) => {
            for id in lease::request_key(wish).map(|key| ask.key(key)).unwrap_or_default() {
                ask.task(&id);
            }
        }
        Command::Report { id, .. } => ask.task(id),
        Command::End { id, .. } => ask.pictured(Some(id)),
        Command::GiveBack { leases } => leases.iter().for_each(|(id, _)| ask.task(id)),
        Command::SubmitName { .. } => {}
        Command::StartCountdown { name } => {
            for id in ask.key(KeyName::countdown(name)) {
                ask.task(&id);
            }
        }
    }
}

struct Ask<'a> {
    batch: &'a Batch,
    needs: &'a mut Needs,
}

impl Ask<'_> {
    fn task(&mut self, id: &TaskId) {
        if !self.batch.knows_task(id) {
            self.needs.tasks.insert(id.clone());
        }
    }

    fn parent(&mut self, id: Option<&TaskId>) {
        if let Some(id) = id {
            self.task(id);
        }
    }

    /// A task with the outcome its picture shows.
    fn pictured(&mut self, id: Option<&TaskId>) {
        let Some(id) = id else { return };
        self.task(id);
        let Some(task) = self.batch.task(id).filter(|task| task.state.is_done()) else { return };
        for slot in [Slot::Output, Slot::Error] {
            if !self.batch.knows_body(task.seq, slot) {
                self.needs.bodies.insert((task.seq, slot));
            }
        }
    }

    /// A key; returns the tasks it names once it is known.
    fn key(&mut self, key: KeyName) -> Vec<TaskId> {
        if !self.batch.knows_key(&key) {
            self.needs.keys.insert(key);
            return Vec::new();
        }
        self.batch.key(&key).map(|entry| entry.tasks.clone()).unwrap_or_default()
    }

    fn idempotency_key(&mut self, key: Option<&IdempotencyKey>) {
        for id in key.map(|key| self.key(key_name(key))).unwrap_or_default() {
            self.pictured(Some(&id));
        }
    }
}

/// Decides one command. A refusal has changed nothing in the batch. Lease requests are not decided
/// here but by the writer, which asks the store for ready tasks when all else is decided.
pub fn decide(batch: &mut Batch, command: &Command, now: &Moment) -> Result<Reply, Refusal> {
    match command {
        Command::Submit { task, key } => submit::submit(batch, task, key.as_ref(), now),
        Command::Put { task, hash } => submit::put(batch, task, hash, now),
        Command::Update { id, change } => change::update(batch, id, change, now),
        Command::Cancel { id, key } => change::cancel(batch, id, key.as_ref(), now),
        Command::Retry { id, key } => change::retry(batch, id, key.as_ref(), now),
        Command::Delete { id } => change::delete(batch, id, now),
        Command::Acquire(wish) => lease::check(wish).map(|()| Reply::Leases(Vec::new())),
        Command::Report { id, token, report } => {
            report::report(batch, id, token, report, now).map(Reply::Reported)
        }
        Command::End { id, token, outcome } => end::end(batch, id, token, outcome, now),
        Command::GiveBack { leases } => {
            leases.iter().for_each(|(id, token)| end::give_back(batch, id, token, now));
            Ok(Reply::Done)
        }
        Command::SubmitName { name } => {
            batch.add_name(name.clone());
            Ok(Reply::Done)
        }
        Command::StartCountdown { name } => submit::start_countdown(batch, name, now),
    }
}
