//! What people set, in the batch: queues, schedules, kinds, webhooks.

use std::sync::Arc;

use super::{Batch, Webhooks};
use crate::domain::{
    Kind, Queue, QueueSettings, Schedule, ScheduleId,
    webhook::{Webhook, WebhookId},
};

impl Batch {
    /// Takes in a schedule the store found by its time.
    pub fn absorb_schedule(&mut self, schedule: Schedule) {
        self.schedules.insert(schedule.id.clone(), Some(schedule));
    }

    pub fn knows_queue(&self, name: &str) -> bool {
        self.queues.contains_key(name)
    }

    pub fn knows_schedule(&self, id: &ScheduleId) -> bool {
        self.schedules.contains_key(id)
    }

    pub fn queue(&self, name: &str) -> Option<&Queue> {
        self.queues.get(name)?.as_ref()
    }

    /// What holds for a queue, set or not.
    pub fn queue_settings(&self, name: &str) -> QueueSettings {
        match self.queue(name) {
            Some(queue) => queue.settings.clone(),
            None => QueueSettings::unset(name),
        }
    }

    pub fn save_queue(&mut self, queue: Queue) {
        self.changes.queues.retain(|other| other.name != queue.name);
        self.changes.queues.push(queue.clone());
        self.queues.insert(queue.name.clone(), Some(queue));
    }

    /// Takes in a queue the store found by other means than its name.
    pub fn absorb_queue(&mut self, queue: Queue) {
        self.queues.insert(queue.name.clone(), Some(queue));
    }

    pub fn schedule(&self, id: &ScheduleId) -> Option<&Schedule> {
        self.schedules.get(id)?.as_ref()
    }

    pub fn save_schedule(&mut self, schedule: Schedule) {
        self.forget_changes_of(&schedule.id);
        self.changes.schedules.push(schedule.clone());
        self.schedules.insert(schedule.id.clone(), Some(schedule));
    }

    pub fn delete_schedule(&mut self, id: &ScheduleId) {
        self.forget_changes_of(id);
        self.changes.deleted_schedules.push(id.clone());
        self.schedules.insert(id.clone(), None);
    }

    fn forget_changes_of(&mut self, id: &ScheduleId) {
        self.changes.schedules.retain(|other| other.id != *id);
        self.changes.deleted_schedules.retain(|other| other != id);
    }

    pub fn knows_kind(&self, name: &str) -> bool {
        self.kinds.contains_key(name)
    }

    /// What somebody has said of a kind.
    pub fn kind(&self, name: &str) -> Option<&Kind> {
        self.kinds.get(name)?.as_ref()
    }

    pub fn save_kind(&mut self, kind: Kind) {
        self.forget_kind_changes(&kind.name);
        self.changes.kinds.push(kind.clone());
        self.kinds.insert(kind.name.clone(), Some(kind));
    }

    pub fn delete_kind(&mut self, name: &str) {
        self.forget_kind_changes(name);
        self.changes.deleted_kinds.push(name.to_owned());
        self.kinds.insert(name.to_owned(), None);
    }

    fn forget_kind_changes(&mut self, name: &str) {
        self.changes.kinds.retain(|other| other.name != name);
        self.changes.deleted_kinds.retain(|other| other != name);
    }

    pub fn webhooks(&self) -> &Webhooks {
        &self.webhooks
    }

    pub fn save_webhook(&mut self, webhook: Webhook) {
        self.forget_webhook_changes(&webhook.id);
        self.changes.webhooks.push(webhook.clone());
        Arc::make_mut(&mut self.webhooks).insert(webhook.id.clone(), webhook);
    }

    pub fn delete_webhook(&mut self, id: &WebhookId) {
        self.forget_webhook_changes(id);
        self.changes.deleted_webhooks.push(id.clone());
        Arc::make_mut(&mut self.webhooks).remove(id);
    }

    fn forget_webhook_changes(&mut self, id: &WebhookId) {
        self.changes.webhooks.retain(|other| other.id != *id);
        self.changes.deleted_webhooks.retain(|other| other != id);
    }
}
