//! Schedules as the protocol says they must be.

use super::{
    deviation::{Deviation, same},
    expected::Expected,
    flaws::{Flaw, is},
    model::Model,
    seen::{Deed, Seen},
};
use crate::{
    domain::{
        NewTask, ScheduleId, TaskId,
        schedule::{Overlap, ScheduleSpec},
    },
    engine::Reply,
};

/// A rule that runs at every so many seconds of the minute.
#[derive(Clone, Debug)]
pub struct Rule {
    every: i64,
    overlap: Overlap,
    paused: bool,
    next: Option<i64>,
    last: Option<TaskId>,
    task: NewTask,
}

impl Rule {
    fn of(spec: &ScheduleSpec, now: i64) -> Self {
        let every = spec.cron.trim_start_matches("*/").split(' ').next();
        let every = every.and_then(|every| every.parse().ok()).expect("a rule of seconds");
        let (overlap, paused, task) = (spec.overlap, spec.paused, spec.task.clone());
        let mut rule = Rule { every, overlap, paused, next: None, last: None, task };
        rule.aim(now);
        rule
    }

    /// Its next run is the first one after now.
    pub fn aim(&mut self, now: i64) {
        let every = self.every * 1000;
        let next = Some((now.div_euclid(every) + 1) * every);
        self.next = next.filter(|_| !self.paused);
    }
}

impl Model {
    pub fn put_schedule(&mut self, id: &ScheduleId, spec: &ScheduleSpec) {
        let mut rule = Rule::of(spec, self.now);
        if let Some(before) = self.schedules.get(id) {
            rule.last = before.last.clone();
            if (before.every, before.paused) == (rule.every, rule.paused) {
                rule.next = before.next;
            }
        }
        self.schedules.insert(id.clone(), rule);
    }

    pub fn pause_schedule(
        &mut self,
        id: &ScheduleId,
        paused: Option<bool>,
        deed: &Deed,
    ) -> Result<(), Deviation> {
        let (now, flaw) = (self.now, self.flaw);
        let Some(rule) = self.schedules.get_mut(id) else { return deed.was(false) };
        deed.was(true)?;
        let paused = paused.filter(|_| !is(flaw, Flaw::SchedulePauseIgnored));
        if let Some(paused) = paused.filter(|paused| *paused != rule.paused) {
            rule.paused = paused;
            rule.aim(now);
        }
        Ok(())
    }

    pub fn delete_schedule(&mut self, id: &ScheduleId, deed: &Deed) -> Result<(), Deviation> {
        deed.was(self.schedules.remove(id).is_some())
    }

    /// At somebody's word it runs whatever the overlap, and though it is paused.
    pub fn run_schedule(&mut self, id: &ScheduleId, deed: &Deed) -> Result<(), Deviation> {
        let Some(rule) = self.schedules.get_mut(id) else { return deed.was(false) };
        deed.was(true)?;
        let Ok(Reply::Task(run)) = &deed.answer else { return Ok(()) };
        rule.last = Some(run.id.clone());
        let expected = Expected::new(&rule.task, self.now, (self.step, 0), self.flaw);
        self.tasks.insert(run.id.clone(), expected);
        Ok(())
    }

    /// What is due runs once, however many runs were missed.
    pub fn run_schedules(&mut self, seen: &Seen) -> Result<(), Deviation> {
        let (now, flaw) = (self.now, self.flaw);
        let due = |rule: &Rule| rule.next.is_some_and(|next| next <= now);
        let ids: Vec<_> = self.schedules.keys().cloned().collect();
        for id in ids {
            let Some(rule) = self.schedules.get_mut(&id).filter(|rule| due(rule)) else { continue };
            let missed = rule.next.map_or(0, |next| (now - next) / (rule.every * 1000));
            let at = rule.next;
            rule.aim(now);
            let (overlap, task, last) = (rule.overlap, rule.task.clone(), rule.last.clone());
            let before = last
                .filter(|last| self.tasks.get(last).is_some_and(|before| !before.state.is_done()));
            let skip = overlap == Overlap::Skip && !is(flaw, Flaw::OverlapAllowed);
            let mut runs = usize::from(!(skip && before.is_some()));
            if is(flaw, Flaw::MissedRunsAllMadeUp) {
                runs += missed as usize;
            }
            if let Some(before) = before.filter(|_| overlap == Overlap::Cancel)
                && let Some(before) = self.tasks.get_mut(&before)
                && !is(flaw, Flaw::OverlapNeverCancels)
            {
                before.ask_to_end(now, flaw);
            }
            let new = seen.tasks.values().filter(|sight| {
                sight.view.schedule_id.as_ref() == Some(&id)
                    && !self.tasks.contains_key(&sight.view.id)
            });
            let new: Vec<_> = new.collect();
            same("runs that are due", new.len(), runs).map_err(|it| it.at(id.to_string()))?;
            for sight in new {
                same("what it is for", sight.view.run_at.map(|at| at.0), at)?;
                let queued = (self.step, sight.row.ready_at);
                let expected = Expected::new(&task, now, queued, flaw);
                self.tasks.insert(sight.view.id.clone(), expected);
                if let Some(rule) = self.schedules.get_mut(&id) {
                    rule.last = Some(sight.view.id.clone());
                }
            }
        }
        Ok(())
    }

    pub fn compare_schedules(&self, seen: &Seen) -> Result<(), Deviation> {
        let is: Vec<_> = seen.schedules.keys().collect();
        same("the schedules there are", is, self.schedules.keys().collect())?;
        for (rule, schedule) in self.schedules.values().zip(seen.schedules.values()) {
            let is = (schedule.next_run_at.map(|at| at.0), schedule.last_task_id.clone());
            same("a schedule's next and last run", is, (rule.next, rule.last.clone()))
                .map_err(|it| it.at(schedule.id.to_string()))?;
        }
        Ok(())
    }
}
