//! Queues and their line as the protocol says they must be: who may be leased, and to whom.

use std::collections::BTreeMap;

use super::{
    deviation::{Deviation, holds, same},
    expected::Expected,
    flaws::{Flaw, is},
    model::Model,
    seen::Place,
};
use crate::{
    domain::{QueueSettings, State, TaskId, queue::QueueChange, retention::Part},
    engine::{Acquire, Leased},
};

#[derive(Clone, Debug, Default)]
pub struct Limited {
    settings: QueueSettings,
    /// What is in the bucket, in milliseconds of its filling, and when that was so; full at first.
    bucket: Option<(i64, i64)>,
    /// More of each key may be under way than when they were looked at last.
    raised: bool,
    /// When it was said last what is kept.
    keeps_since: i64,
}

impl Limited {
    pub fn set(&mut self, settings: QueueSettings, now: i64) {
        if settings.retention != self.settings.retention {
            self.keeps_since = now;
        }
        self.raised |= settings.max_concurrency_per_key > self.settings.max_concurrency_per_key;
        if settings.rate_limit != self.settings.rate_limit {
            self.bucket = None;
        }
        self.settings = settings;
    }

    pub fn change(&mut self, change: &QueueChange, now: i64) {
        let mut settings = self.settings.clone();
        settings.paused = change.paused.unwrap_or(settings.paused);
        let per_key = settings.max_concurrency_per_key;
        settings.max_concurrency_per_key = change.max_concurrency_per_key.unwrap_or(per_key);
        let retention = settings.retention.clone();
        settings.retention = change.retention.clone().unwrap_or(retention);
        self.set(settings, now);
    }

    /// Whether a part of what ended then is kept no longer.
    pub fn is_over(&self, part: Part, end: i64, now: i64, flaw: Option<Flaw>) -> bool {
        let later_only = is(flaw, Flaw::PolicyForLaterOnly) && end < self.keeps_since;
        let seconds = self.settings.retention.seconds(part).filter(|_| !later_only);
        seconds.is_some_and(|seconds| end + seconds as i64 * 1000 <= now)
    }

    /// How long a token takes to come, what is in the bucket now, and what fits it.
    fn level(&self, now: i64, flaw: Option<Flaw>) -> Option<(i64, i64)> {
        let rate = self.settings.rate_limit.as_ref().filter(|_| !is(flaw, Flaw::RateIgnored))?;
        let interval = rate.period_seconds as i64 * 1000 / i64::from(rate.limit);
        let full = interval * i64::from(rate.burst.unwrap_or(rate.limit));
        let (level, at) = self.bucket.unwrap_or((full, now));
        let rises = i64::from(!is(flaw, Flaw::BucketNeverFills));
        let level = level + (now - at) * rises;
        Some((interval, if is(flaw, Flaw::BurstUnbounded) { level } else { level.min(full) }))
    }

    /// How many more may begin, if so many run.
    fn room(&self, running: usize, now: i64, flaw: Option<Flaw>) -> usize {
        if self.settings.paused && !is(flaw, Flaw::PauseIgnored) {
            return 0;
        }
        let max = self.settings.max_concurrency.filter(|_| !is(flaw, Flaw::MostRunningIgnored));
        let places = max.map_or(usize::MAX, |max| (max as usize).saturating_sub(running));
        let level = self.level(now, flaw);
        places.min(level.map_or(usize::MAX, |(interval, level)| (level / interval) as usize))
    }

    fn begin(&mut self, now: i64, flaw: Option<Flaw>) {
        if let Some((interval, level)) = self.level(now, flaw) {
            self.bucket = Some((level - interval, now));
        }
    }

    /// As if it were full.
    pub fn forget_bucket(&mut self) {
        self.bucket = None;
    }
}

impl Model {
    /// Serves those who wait for work, the first one first.
    pub fn serve(&mut self, line: &[Place]) -> Result<(), Deviation> {
        self.give_places();
        let backwards = is(self.flaw, Flaw::LastInLineFirst);
        let mut line: Vec<_> = line.iter().collect();
        if backwards {
            line.reverse();
        }
        for place in line {
            let given = place.answer.as_deref().unwrap_or_default();
            let forgotten = !place.fresh && is(self.flaw, Flaw::WaitingForgotten);
            let served = self.lease(&place.wish, given, forgotten);
            served.map_err(|it| it.at(format!("{:?}", place.wish)))?;
            if given.is_empty() {
                same("whether it waits on", place.answer.is_none(), place.until > self.now)?;
            }
        }
        Ok(())
    }

    fn lease(
        &mut self,
        wish: &Acquire,
        given: &[Leased],
        forgotten: bool,
    ) -> Result<(), Deviation> {
        let (now, flaw) = (self.now, self.flaw);
        let (best, parked) = if forgotten { Default::default() } else { self.best(wish) };
        for id in parked {
            self.tasks.entry(id).and_modify(|task| task.parked = true);
        }
        let mut ranks = Vec::new();
        for lease in given {
            let task = self.tasks.get(&lease.task.id);
            let task = task.filter(|task| task.may_go_to(&wish.worker, flaw));
            holds("only a task that is ready is leased", task.is_some())?;
            ranks.extend(task.map(|task| task.rank(flaw)));
        }
        same("the best ready tasks, in their order", ranks, best)?;
        for lease in given {
            let Some(task) = self.tasks.get_mut(&lease.task.id) else { continue };
            task.start(lease.token.clone(), wish.lease_seconds, now, flaw);
            same("the fence", lease.fence, task.fence)?;
            let expires = task.lease.as_ref().map(|held| held.expires);
            same("the lease's end", Some(lease.expires_at.0), expires)?;
            self.queues.entry(lease.task.queue.to_string()).or_default().begin(now, flaw);
        }
        Ok(())
    }

    /// The ranks of the tasks that a wish is to be given, and who is parked on the way there: a
    /// ready task whose key has all its places running, since its queue's limit was lowered.
    fn best(&self, wish: &Acquire) -> (Vec<(i32, i64, i64)>, Vec<TaskId>) {
        let flaw = self.flaw;
        let wanted = |task: &Expected| wish.queues.contains(&task.queue);
        let running = |of: &dyn Fn(&Expected) -> bool| {
            self.tasks.values().filter(|task| task.lease.is_some() && of(task)).count()
        };
        let ready = self.tasks.iter().filter(|(_, task)| wanted(task));
        let mut ready: Vec<_> =
            ready.filter(|(_, task)| task.may_go_to(&wish.worker, flaw)).collect();
        ready.sort_unstable_by_key(|(_, task)| task.rank(flaw));
        let (mut best, mut parked) = (Vec::new(), Vec::new());
        let (mut rooms, mut places) = (BTreeMap::new(), BTreeMap::new());
        for (id, task) in ready {
            let limited = self.queues.get(&task.queue).cloned().unwrap_or_default();
            let room = rooms.entry(&task.queue).or_insert_with(|| {
                limited.room(running(&|other| other.queue == task.queue), self.now, flaw)
            });
            if *room == 0 || best.len() == wish.max_tasks as usize {
                continue;
            }
            if let Some(key) = &task.key {
                let place = places.entry((&task.queue, key)).or_insert_with(|| {
                    let of_key = |other: &Expected| {
                        (&other.queue, other.key.as_ref()) == (&task.queue, Some(key))
                    };
                    let most = limited.settings.max_concurrency_per_key as usize;
                    most.saturating_sub(running(&of_key))
                });
                if *place == 0 {
                    parked.push(id.clone());
                    continue;
                }
                *place -= 1;
            }
            *room -= 1;
            best.push(task.rank(flaw));
        }
        (best, parked)
    }

    /// Gives out the free places of every key whose tasks moved.
    fn give_places(&mut self) {
        let flaw = self.flaw;
        for (queue, key) in std::mem::take(&mut self.moved) {
            let anywhere = is(flaw, Flaw::KeyHoldsInEveryQueue);
            let of_key = |task: &Expected| {
                task.key.as_ref() == Some(&key) && (anywhere || task.queue == queue)
            };
            let under_way = |task: &Expected| match task.state {
                State::Queued => !task.parked,
                State::Running => true,
                State::Retrying => is(flaw, Flaw::RetryHoldsItsPlace),
                _ => false,
            };
            let taken = self.tasks.values().filter(|task| of_key(task) && under_way(task)).count();
            let limited = self.queues.get(&queue).cloned().unwrap_or_default();
            let places = limited.settings.max_concurrency_per_key as usize;
            let parked = self.tasks.values_mut().filter(|task| of_key(task) && task.parked);
            let mut parked: Vec<_> = parked.filter(|task| task.queue == queue).collect();
            parked.sort_by_key(|task| match is(flaw, Flaw::PlacesByArrival) {
                true => (0, task.rank(flaw).1, task.rank(flaw).2),
                false => task.rank(flaw),
            });
            for task in parked.into_iter().take(places.saturating_sub(taken)) {
                task.parked = false;
            }
        }
    }

    /// Where more of a key may be under way than before, each key gets its new places.
    pub fn look_at_raised(&mut self) {
        for (name, queue) in &mut self.queues {
            if std::mem::take(&mut queue.raised) && !is(self.flaw, Flaw::RaiseForgotten) {
                let here = self.tasks.values().filter(|task| task.queue == *name);
                let keys = here.filter_map(|task| task.key.clone());
                self.moved.extend(keys.map(|key| (name.clone(), key)));
            }
        }
    }
}
