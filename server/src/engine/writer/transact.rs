//! One transaction of the writer: the commands, then what is due, then the line.

use std::{sync::Arc, time::Instant};

use super::{MAX_DUE, RENEW_PAGE, Work, serve::Served};
use crate::{
    domain::{Moment, Refusal, Timestamp},
    engine::{
        after::{self, release},
        batch::{Batch, Wake},
        command::{Command, Leased, Reply},
        decide::{self, decide},
        family,
        keyed::{give_places, look_at_raised},
        queue::Job,
        schedules, spread, sweep,
        tally::Commit,
        webhooks,
    },
    store::{Needs, StoreError},
};

/// How often a transaction goes from children to those who wait for them, and back.
const MAX_TURNS: usize = 8;

/// What one transaction came to.
pub(super) struct Done {
    pub replies: Vec<Result<Reply, Refusal>>,
    /// Places in the line, and what they are given.
    pub served: Vec<(usize, Vec<Leased>)>,
}

impl Work {
    /// One transaction: the commands, then what is due, then the line.
    pub(super) fn transact(&mut self, jobs: &[Job], whole: bool) -> Result<Done, StoreError> {
        let result = self.try_transact(jobs, whole);
        if result.is_err() {
            self.store.rollback();
            self.retention.forget();
        }
        result
    }

    fn try_transact(&mut self, jobs: &[Job], whole: bool) -> Result<Done, StoreError> {
        let began = Instant::now();
        self.store.begin()?;
        let start = self.store.next_position()?;
        let mut batch = Batch::new(self.store.epoch(), start, self.webhooks.clone());
        let wishes: Vec<Command> = self.fresh_requests(whole);
        self.load(&mut batch, jobs.iter().map(|job| &job.command).chain(&wishes))?;
        let mut replies = Vec::with_capacity(jobs.len());
        for job in jobs {
            after::learn(self.store.as_mut(), &mut batch, &job.command)?;
            replies.push(decide(&mut batch, &job.command, &job.at));
        }
        let now = self.clock.now();
        let weight = jobs.iter().map(|job| job.command.weight()).sum();
        if whole && let Some(room) = self.retention.room(now.steady, weight) {
            self.retention.sweep(self.store.as_mut(), &mut batch, room, &now)?;
        }
        // Asked once: the clock goes on during the commit, and what falls due then is for the next
        // sweep, not to be counted as swept.
        let swept = match whole && self.sweep_is_due() {
            true => Some((self.clock.now().steady, self.sweep(&mut batch)?)),
            false => None,
        };
        if swept.is_some() || (whole && self.telling_is_due()) {
            self.tell(&mut batch)?;
        }
        let more = self.reach_others(&mut batch)?;
        webhooks::deliver(&mut batch, &self.clock.now());
        // At once for the first keys of each queue that was set; the sweep looks at the rest.
        for _ in jobs.iter().filter(|job| job.command.sets_a_queue()) {
            self.store.write(&batch.take_changes())?;
            look_at_raised(self.store.as_mut(), &mut batch)?;
        }
        give_places(self.store.as_mut(), &mut batch)?;
        let mut wake = batch.take_wake();
        let mut served = Served::default();
        let now = self.clock.now().steady;
        if whole {
            wake.append(self.wake.clone());
            wake.opened.extend(self.refilled(now));
            served = self.lease_out(&mut batch, &wake)?;
        }
        self.store.write(&batch.take_changes())?;
        self.store.commit()?;

        if whole {
            self.wake = Wake::default();
            self.refills.retain(|_, at| *at > now);
            self.refills.extend(served.refills);
            if let Some((at, more_due)) = swept {
                (self.swept, self.more_due) = (at, more_due);
            }
            self.waiting.iter_mut().for_each(|waiting| waiting.fresh = false);
        } else {
            self.wake.append(wake);
        }
        self.more_due |= more;
        self.tell_at = self.tell_at.into_iter().chain(batch.tell_at()).min();
        self.webhooks = batch.webhooks().clone();
        let end = batch.next_position();
        if end > start {
            self.set_ailing(None);
        }
        let dropped_to = batch.dropped_to();
        let (touched, events, tallies) = batch.into_outcome();
        (self.on_commit)(&Commit {
            tail: end - 1,
            touched: &touched,
            commands: jobs.len(),
            events: &events,
            dropped_to,
            took: began.elapsed(),
            tallies: &tallies,
        });
        Ok(Done { replies, served: served.leases })
    }

    /// Queues whose rate has a token again by `now`.
    fn refilled(&self, now: Timestamp) -> impl Iterator<Item = Arc<str>> + '_ {
        let filled = self.refills.iter().filter(move |(_, at)| **at <= now);
        filled.map(|(name, _)| name.as_str().into())
    }

    /// Lease calls that may have been answered before, as commands whose needs are loaded.
    fn fresh_requests(&self, whole: bool) -> Vec<Command> {
        let fresh = self.waiting.iter().filter(|one| one.fresh && one.wish.request_id.is_some());
        fresh.filter(|_| whole).map(|one| Command::Acquire(one.wish.clone())).collect()
    }

    /// Loads what the commands must see; a key names tasks, a done task has an outcome: so in
    /// rounds, at most three.
    fn load<'a>(
        &mut self,
        batch: &mut Batch,
        commands: impl Iterator<Item = &'a Command> + Clone,
    ) -> Result<(), StoreError> {
        for _ in 0..3 {
            let mut needs = Needs::default();
            commands.clone().for_each(|command| decide::needs(command, batch, &mut needs));
            if needs.is_empty() {
                break;
            }
            let found = self.store.load(&needs)?;
            batch.absorb(needs, found);
        }
        Ok(())
    }

    /// Returns whether more is due than fits a batch.
    fn sweep(&mut self, batch: &mut Batch) -> Result<bool, StoreError> {
        let now = self.clock.now();
        self.store.forget_keys(now.wall, MAX_DUE)?;
        let due = self.store.due(now.steady, now.wall, MAX_DUE)?;
        let mut more = due.len() >= MAX_DUE;
        family::learn_ancestors(self.store.as_mut(), batch, due.iter())?;
        for task in due {
            let id = task.id.clone();
            // What the commands of this batch did is newer than what the store has.
            if !batch.knows_task(&id) {
                batch.absorb_task(task);
            }
            sweep::sweep(batch, &id, &self.clock.now());
        }
        spread::take_up(self.store.as_mut(), batch)?;
        release::take_up(self.store.as_mut(), batch)?;
        more |= self.run_schedules(batch, &now)?;
        more |= look_at_raised(self.store.as_mut(), batch)?;
        Ok(more)
    }

    /// What happened to a task reaches its children and those who wait for it, and goes on from those.
    /// Returns whether more are to be reached than one transaction takes.
    fn reach_others(&mut self, batch: &mut Batch) -> Result<bool, StoreError> {
        for _ in 0..MAX_TURNS {
            let now = self.clock.now();
            let more = spread::spread(self.store.as_mut(), batch, &now)?;
            if release::release(self.store.as_mut(), batch, &now)? || more {
                return Ok(true);
            }
            if !batch.is_spreading() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Tells of the children of those tasks for which it had to wait until now.
    fn tell(&mut self, batch: &mut Batch) -> Result<(), StoreError> {
        let now = self.clock.now();
        let untold = self.store.untold(MAX_DUE)?;
        let more = untold.len() >= MAX_DUE;
        family::learn_shown(self.store.as_mut(), batch, &untold)?;
        self.tell_at = Some(now.steady).filter(|_| more);
        for task in untold {
            let at = task.kin.tell_at.filter(|at| *at > now.steady && !self.tell_all);
            if at.is_some() {
                self.tell_at = at;
                break;
            }
            let id = task.id.clone();
            if !batch.knows_task(&id) {
                batch.absorb_task(task);
            }
            family::tell(batch, &id, &now);
        }
        self.tell_all &= more;
        Ok(())
    }

    /// Submits what schedules have due. Returns whether more may be due.
    fn run_schedules(&mut self, batch: &mut Batch, now: &Moment) -> Result<bool, StoreError> {
        let due = self.store.due_schedules(now.wall, MAX_DUE)?;
        if due.is_empty() {
            return Ok(false);
        }
        let ids: Vec<_> = due.iter().map(|schedule| schedule.id.clone()).collect();
        let mut needs = Needs::default();
        for schedule in due {
            let last = schedule.last_task_id.iter().filter(|id| !batch.knows_task(id));
            needs.tasks.extend(last.cloned());
            let queue = &schedule.spec.task.queue;
            if !batch.knows_queue(queue) {
                needs.queues.insert(queue.clone());
            }
            let kind = &schedule.spec.task.kind;
            if !batch.knows_kind(kind) {
                needs.kinds.insert(kind.clone());
            }
            if !batch.knows_schedule(&schedule.id) {
                batch.absorb_schedule(schedule);
            }
        }
        let found = self.store.load(&needs)?;
        batch.absorb(needs, found);
        for id in &ids {
            schedules::fire(batch, id, &self.clock.now());
        }
        Ok(ids.len() >= MAX_DUE)
    }

    /// After a start. From then on each commit hands them on.
    pub(super) fn learn_webhooks(&mut self) -> Result<(), StoreError> {
        let found = self.store.webhooks()?;
        let by_id = found.into_iter().map(|webhook| (webhook.id.clone(), webhook));
        self.webhooks = Arc::new(by_id.collect());
        Ok(())
    }

    /// After a start. Workers elsewhere may still be at it; those inside the server ended with the
    /// process before, so what they held is given back by the first command.
    pub(super) fn renew_leases(&mut self) -> Result<(), StoreError> {
        let mut after = 0;
        let mut orphans = Vec::new();
        loop {
            self.store.begin()?;
            let running = self.store.running(after, RENEW_PAGE)?;
            let Some(last) = running.last().map(|task| task.seq) else {
                self.store.rollback();
                self.give_back(orphans);
                return Ok(());
            };
            let start = self.store.next_position()?;
            let mut batch = Batch::new(self.store.epoch(), start, self.webhooks.clone());
            let now = self.clock.now();
            for task in running {
                let own = task.lease.as_ref().filter(|lease| lease.embedded);
                orphans.extend(own.map(|lease| (task.id.clone(), lease.token.clone())));
                let id = task.id.clone();
                batch.absorb_task(task);
                sweep::renew(&mut batch, &id, &now);
            }
            self.store.write(&batch.take_changes())?;
            self.store.commit()?;
            after = last;
        }
    }
}
