//! One transaction of the writer: the commands, then what is due, then the line.

use std::collections::BTreeSet;

use super::{MAX_DUE, RENEW_PAGE, Work};
use crate::{
    domain::{Refusal, TaskId},
    engine::{
        batch::{Batch, Ready},
        command::{Acquire, Command, Leased, Reply},
        decide::{self, decide},
        lease,
        queue::Job,
        sweep,
    },
    store::{Needs, Slot, Store, StoreError},
};

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
        }
        result
    }

    fn try_transact(&mut self, jobs: &[Job], whole: bool) -> Result<Done, StoreError> {
        self.store.begin()?;
        let mut batch = Batch::new(self.store.epoch(), self.store.next_position()?);
        let first = batch.next_position();
        let wishes: Vec<Command> = self.fresh_requests(whole);
        self.load(&mut batch, jobs.iter().map(|job| &job.command).chain(&wishes))?;
        let replies = jobs.iter().map(|job| decide(&mut batch, &job.command, &job.at)).collect();
        // Asked once: the clock goes on during the commit, and what falls due then is for the next
        // sweep, not to be counted as swept.
        let swept = match whole && self.sweep_is_due() {
            true => Some((self.clock.now().steady, self.sweep(&mut batch)?)),
            false => None,
        };
        let mut ready = batch.take_ready();
        let mut served = Vec::new();
        if whole {
            ready.append(&mut self.ready.clone());
            served = self.lease_out(&mut batch, &ready)?;
        }
        self.store.write(&batch.take_changes())?;
        self.store.commit()?;

        if whole {
            self.ready.clear();
            if let Some((at, more_due)) = swept {
                (self.swept, self.more_due) = (at, more_due);
            }
            self.waiting.iter_mut().for_each(|waiting| waiting.fresh = false);
        } else {
            self.ready.append(&mut ready);
        }
        self.queue.set_ailing(None);
        let end = batch.next_position();
        if end > first {
            (self.on_commit)(end - 1, &batch.into_touched());
        }
        Ok(Done { replies, served })
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
        let more = due.len() == MAX_DUE;
        for task in due {
            let id = task.id.clone();
            // What the commands of this batch did is newer than what the store has.
            if !batch.knows_task(&id) {
                batch.absorb_task(task);
            }
            sweep::sweep(batch, &id, &self.clock.now());
        }
        Ok(more)
    }

    /// Serves the line: n ready tasks go to the first callers that want them.
    fn lease_out(
        &mut self,
        batch: &mut Batch,
        ready: &BTreeSet<Ready>,
    ) -> Result<Vec<(usize, Vec<Leased>)>, StoreError> {
        let mut served = Vec::new();
        for (place, waiting) in self.waiting.iter().enumerate() {
            let wish = &waiting.wish;
            let wanted = waiting.fresh || ready.iter().any(|ready| wants(wish, ready));
            if !wanted || waiting.answer.is_closed() {
                continue;
            }
            let mut given = if waiting.fresh { lease::given_before(batch, wish) } else { vec![] };
            if given.is_empty() {
                // The store must see what this batch queued and leased so far.
                self.store.write(&batch.take_changes())?;
                let tasks = self.store.ready(
                    &wish.queues,
                    &wish.kinds,
                    &wish.worker,
                    wish.max_tasks as usize,
                )?;
                let now = self.clock.now();
                for task in tasks {
                    let id = task.id.clone();
                    batch.absorb_task(task);
                    lease::begin(batch, &id, wish, &now);
                    given.push(id);
                }
                lease::remember(batch, wish, &given, &now);
            }
            if given.is_empty() {
                continue;
            }
            load_bodies(self.store.as_mut(), batch, &given)?;
            served.push((place, given.iter().filter_map(|id| lease::leased(batch, id)).collect()));
        }
        Ok(served)
    }

    pub(super) fn renew_leases(&mut self) -> Result<(), StoreError> {
        let mut after = 0;
        loop {
            self.store.begin()?;
            let running = self.store.running(after, RENEW_PAGE)?;
            let Some(last) = running.last().map(|task| task.seq) else {
                self.store.rollback();
                return Ok(());
            };
            let mut batch = Batch::new(self.store.epoch(), self.store.next_position()?);
            let now = self.clock.now();
            for task in running {
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

fn wants(wish: &Acquire, ready: &Ready) -> bool {
    wish.queues.contains(&ready.queue)
        && (wish.kinds.is_empty() || wish.kinds.contains(&ready.kind))
        && ready.only_worker.as_ref().is_none_or(|only| *only == wish.worker)
}

fn load_bodies(
    store: &mut dyn Store,
    batch: &mut Batch,
    given: &[TaskId],
) -> Result<(), StoreError> {
    let mut needs = Needs::default();
    for task in given.iter().filter_map(|id| batch.task(id)) {
        for slot in [Slot::Input, Slot::Checkpoint] {
            if !batch.knows_body(task.seq, slot) {
                needs.bodies.insert((task.seq, slot));
            }
        }
    }
    if needs.is_empty() {
        return Ok(());
    }
    let found = store.load(&needs)?;
    batch.absorb(needs, found);
    Ok(())
}
