//! The pure core: what a command must see, and what it does.

use super::{
    batch::Batch,
    bulk, change,
    command::{Command, IdempotencyKey, Reply},
    end, kinds, lease, precondition, queues, report, schedules,
    submit::{self, COUNTDOWN_QUEUE, key_name},
    unique, webhooks,
};
use crate::{
    domain::{Moment, NewTask, Refusal, ScheduleId, TaskId, name::RESERVED},
    store::{KeyName, Needs, Slot},
};

/// Adds to `needs` what `command` must see and the batch does not know yet. A key names tasks, and
/// a done task's picture has its outcome, so this is asked until nothing is added: at most three
/// times.
pub fn needs(command: &Command, batch: &Batch, needs: &mut Needs) {
    let mut ask = Ask { batch, needs };
    match command.asked() {
        Command::Submit { task, key } => {
            ask.idempotency_key(key.as_ref());
            ask.submission(task);
        }
        Command::SubmitMany { tasks, key } => {
            ask.idempotency_key(key.as_ref());
            tasks.iter().for_each(|task| ask.submission(task));
        }
        Command::Put { task, .. } => {
            ask.pictured(task.id.as_ref());
            ask.submission(task);
        }
        Command::SetQueue { name, .. } | Command::ChangeQueue { name, .. } => ask.queue(name),
        Command::CreateSchedule { id, spec, key } => {
            ask.kind(&spec.task.kind);
            for id in id.iter().cloned().chain(ask.named_by(key.as_ref())) {
                ask.schedule(&id);
            }
        }
        Command::PutSchedule { id, spec } => {
            ask.kind(&spec.task.kind);
            ask.schedule(id);
        }
        Command::ChangeSchedule { id, change } => {
            change.task.iter().for_each(|task| ask.kind(&task.kind));
            ask.schedule(id);
        }
        Command::DeleteSchedule { id } => ask.schedule(id),
        Command::PutKind { name, .. } | Command::DeleteKind { name } => ask.kind(name),
        Command::RunSchedule { id, key } => {
            ask.idempotency_key(key.as_ref());
            ask.schedule(id);
            if let Some(schedule) = batch.schedule(id) {
                ask.queue(&schedule.spec.task.queue);
                ask.kind(&schedule.spec.task.kind);
            }
        }
        Command::Update { id, .. } | Command::Delete { id } => ask.pictured(Some(id)),
        Command::Cancel { id, key } => {
            ask.idempotency_key(key.as_ref());
            ask.pictured(Some(id));
        }
        Command::Retry { id, key } => {
            ask.idempotency_key(key.as_ref());
            ask.pictured(Some(id));
            ask.unique_key(batch.task(id).and_then(unique::key_of));
            batch.task(id).into_iter().flat_map(|task| task.after.ids()).for_each(|id| ask.row(id));
        }
        Command::Acquire(wish) => {
            for id in lease::request_key(wish).map(|key| ask.key(key)).unwrap_or_default() {
                ask.task(&id);
            }
        }
        Command::Report { id, .. } => ask.task(id),
        Command::End { id, .. } => ask.pictured(Some(id)),
        Command::StartBulk { key, .. } => {
            ask.idempotency_key(key.as_ref());
            ask.queue(RESERVED);
        }
        Command::CreateWebhook { key, .. } | Command::RotateWebhookSecret { key, .. } => {
            ask.named_by(key.as_ref());
        }
        Command::TestWebhook { key, .. } => ask.idempotency_key(key.as_ref()),
        // The batch has all webhooks.
        Command::ChangeWebhook { .. }
        | Command::DisableWebhook { .. }
        | Command::DeleteWebhook { .. } => {}
        Command::GiveBack { leases } => leases.iter().for_each(|(id, _)| ask.task(id)),
        Command::SubmitName { .. } | Command::OnlyIf { .. } => {}
        Command::StartCountdown { name } => {
            ask.queue(COUNTDOWN_QUEUE);
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
    fn row(&mut self, id: &TaskId) {
        if !self.batch.knows_task(id) {
            self.needs.tasks.insert(id.clone());
        }
    }

    /// A task, and those whose counters change with it.
    fn task(&mut self, id: &TaskId) {
        self.row(id);
        let batch = self.batch;
        for above in batch.task(id).into_iter().flat_map(|task| &task.kin.ancestors) {
            self.shown(&above.id);
        }
    }

    /// The task that has a unique key.
    fn unique_key(&mut self, name: Option<KeyName>) {
        for id in name.map(|name| self.key(name)).unwrap_or_default() {
            self.task(&id);
        }
    }

    /// What a new task must be held against.
    fn submission(&mut self, new: &NewTask) {
        self.pictured(new.parent_id.as_ref());
        self.unique_key(unique::key_of_new(new));
        new.after.iter().for_each(|id| self.row(id));
        self.queue(&new.queue);
        self.kind(&new.kind);
    }

    fn queue(&mut self, name: &str) {
        if !self.batch.knows_queue(name) {
            self.needs.queues.insert(name.to_owned());
        }
    }

    fn kind(&mut self, name: &str) {
        if !self.batch.knows_kind(name) {
            self.needs.kinds.insert(name.to_owned());
        }
    }

    fn schedule(&mut self, id: &ScheduleId) {
        if !self.batch.knows_schedule(id) {
            self.needs.schedules.insert(id.clone());
        }
    }

    /// A task with the outcome its picture shows.
    fn pictured(&mut self, id: Option<&TaskId>) {
        let Some(id) = id else { return };
        self.task(id);
        self.shown(id);
    }

    /// The same without those above it.
    fn shown(&mut self, id: &TaskId) {
        self.row(id);
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

    fn named_by(&mut self, key: Option<&IdempotencyKey>) -> Vec<TaskId> {
        key.map(|key| self.key(key_name(key))).unwrap_or_default()
    }

    fn idempotency_key(&mut self, key: Option<&IdempotencyKey>) {
        for id in self.named_by(key) {
            self.pictured(Some(&id));
        }
    }
}

/// Decides one command. A refusal has changed nothing in the batch. Lease requests are not decided
/// here but by the writer, which asks the store for ready tasks when all else is decided.
pub fn decide(batch: &mut Batch, command: &Command, now: &Moment) -> Result<Reply, Refusal> {
    match command {
        Command::OnlyIf { precondition, command } => {
            precondition::check(batch, precondition, command, now)?;
            decide(batch, command, now)
        }
        Command::Submit { task, key } => submit::submit(batch, task, key.as_ref(), now),
        Command::SubmitMany { tasks, key } => submit::submit_many(batch, tasks, key.as_ref(), now),
        Command::SetQueue { name, settings } => queues::set(batch, name, settings.clone(), now),
        Command::ChangeQueue { name, change } => queues::change(batch, name, change, now),
        Command::CreateSchedule { id, spec, key } => {
            schedules::create(batch, id.as_ref(), spec, key.as_ref(), now)
        }
        Command::PutSchedule { id, spec } => schedules::put(batch, id, spec, now),
        Command::ChangeSchedule { id, change } => schedules::change(batch, id, change, now),
        Command::DeleteSchedule { id } => schedules::delete(batch, id),
        Command::RunSchedule { id, key } => schedules::run(batch, id, key.as_ref(), now),
        Command::PutKind { name, spec } => kinds::put(batch, name, spec, now),
        Command::DeleteKind { name } => kinds::delete(batch, name),
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
        Command::StartBulk { order, key } => bulk::start(batch, order, key.as_ref(), now),
        Command::CreateWebhook { spec, secret, key } => {
            webhooks::create(batch, spec, secret.as_ref(), key.as_ref(), now)
        }
        Command::ChangeWebhook { id, change } => webhooks::change(batch, id, change, now),
        Command::RotateWebhookSecret { id, secret, key } => {
            webhooks::rotate(batch, id, secret.as_ref(), key.as_ref(), now)
        }
        Command::DisableWebhook { id, reason } => webhooks::disable(batch, id, reason, now),
        Command::DeleteWebhook { id } => webhooks::delete(batch, id, now),
        Command::TestWebhook { id, key } => webhooks::test(batch, id, key.as_ref(), now),
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
