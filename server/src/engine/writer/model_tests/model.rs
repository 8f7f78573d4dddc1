//! The protocol written a second time: what each deed must be answered, and what it must leave.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    calendar::Rule,
    deviation::{Deviation, holds, same},
    expected::Expected,
    flaws::Flaw,
    kin::Mark,
    limits::Limited,
    looks::Looks,
    seen::{Deed, Seen, What},
};
use crate::{
    domain::{Family, Position, Refusal, ScheduleId, State, TaskId},
    engine::Command,
};

#[derive(Default)]
pub struct Model {
    pub tasks: BTreeMap<TaskId, Expected>,
    pub queues: BTreeMap<String, Limited>,
    pub schedules: BTreeMap<ScheduleId, Rule>,
    /// Queue and key of tasks that came to want a place or left one.
    pub moved: BTreeSet<(String, String)>,
    /// What is on its way down from parents.
    pub marks: Vec<Mark>,
    /// What deleted children come to, and whose they were.
    pub gone: Vec<(TaskId, Family)>,
    /// How far each task was when it was last looked at, and in which attempt of which round.
    pub percents: BTreeMap<TaskId, ((u64, usize), f64)>,
    /// What must be gone of the log, and what may be.
    pub lost: BTreeSet<Position>,
    pub may_be_lost: BTreeSet<Position>,
    /// When tasks that are gone went, as long as that is remembered.
    pub graves: BTreeMap<TaskId, i64>,
    pub step: usize,
    pub now: i64,
    /// The one rule that this model has wrong.
    pub flaw: Option<Flaw>,
}

impl Deed {
    /// That it was allowed, or not; a refusal has written nothing.
    pub fn was(&self, allowed: bool) -> Result<(), Deviation> {
        same("whether it is allowed", self.answer.is_ok(), allowed)?;
        if allowed { Ok(()) } else { self.wrote_nothing() }
    }

    pub fn wrote_nothing(&self) -> Result<(), Deviation> {
        same("events where nothing changes", self.events.unwrap_or(0), 0)
    }

    /// The same of a call that shows a token: it is refused in one way only.
    pub fn was_by_holder(&self, allowed: bool) -> Result<(), Deviation> {
        self.was(allowed)?;
        let lost = |refusal: &Refusal| {
            matches!(
                refusal,
                Refusal::LeaseLost(_) | Refusal::TaskNotFound(_) | Refusal::TaskDeleted { .. }
            )
        };
        holds("a lost lease is called so", self.answer.as_ref().err().is_none_or(lost))
    }
}

impl Model {
    pub fn with(flaw: Flaw) -> Self {
        Model { flaw: Some(flaw), ..Model::default() }
    }

    /// How many terminal events each task must have.
    pub fn rounds(&self) -> BTreeMap<TaskId, usize> {
        let ended = |task: &Expected| task.rounds - usize::from(!task.state.is_done());
        self.tasks.iter().map(|(id, task)| (id.clone(), ended(task))).collect()
    }

    /// Does the deeds of one round to the model, and holds it against what came of them.
    pub fn hold(&mut self, deeds: &[Deed], seen: &Seen) -> Result<(), Deviation> {
        for deed in deeds {
            self.step += 1;
            self.now = deed.now;
            let (before, standing) = (self.states(), self.standing());
            self.play(deed, seen).map_err(|it| it.at(format!("step {}", self.step)))?;
            // At the end of a round all has gone down already; and who is leased keeps its place.
            if !matches!(deed.what, What::Line(_)) {
                self.note_families(&standing);
                self.note_moves(&before);
            }
        }
        let done = || deeds.iter().map(|deed| &deed.what).collect::<Vec<_>>();
        self.compare(seen).map_err(|it| it.at(format!("after step {}, {:?}", self.step, done())))
    }

    fn play(&mut self, deed: &Deed, seen: &Seen) -> Result<(), Deviation> {
        match &deed.what {
            What::Command(command) => {
                let place = || format!("{command:?}, answered {:?}", deed.answer);
                self.command(command, deed).map_err(|deviation| deviation.at(place()))
            }
            What::TimePassed => self.time_passed(seen),
            What::Line(line) => {
                let before = self.states();
                self.spread(seen);
                self.note_moves(&before);
                self.serve(line)
            }
            What::Restart => {
                self.restart();
                Ok(())
            }
        }
    }

    fn states(&self) -> BTreeMap<TaskId, State> {
        let keyed = self.tasks.iter().filter(|(_, task)| task.key.is_some());
        keyed.map(|(id, task)| (id.clone(), task.state)).collect()
    }

    fn note_moves(&mut self, before: &BTreeMap<TaskId, State>) {
        for (id, task) in &self.tasks {
            if let Some(key) = &task.key
                && before.get(id) != Some(&task.state)
                && !(task.state.is_done() && self.flaw == Some(Flaw::FreedPlaceForgotten))
            {
                self.moved.insert((task.queue.clone(), key.clone()));
            }
        }
    }

    fn compare(&mut self, seen: &Seen) -> Result<(), Deviation> {
        for (id, expected) in &self.tasks {
            same("a task's row", seen.tasks.get(id).map(Looks::seen), Some(Looks::of(expected)))
                .map_err(|it| it.at(id.to_string()))?;
        }
        let more = seen.tasks.keys().filter(|id| !self.tasks.contains_key(id));
        same("tasks that must not be there", more.collect(), Vec::new())?;
        self.compare_families(seen)?;
        self.compare_kept(seen)?;
        self.compare_schedules(seen)
    }

    fn command(&mut self, command: &Command, deed: &Deed) -> Result<(), Deviation> {
        match command {
            Command::Submit { task, .. } => self.submit(std::slice::from_ref(task), deed),
            Command::SubmitMany { tasks, .. } => self.submit(tasks, deed),
            Command::Report { id, token, report } => self.report(id, token, report, deed),
            Command::End { id, token, outcome } => self.end(id, token, outcome, deed),
            Command::Cancel { id, .. } => self.cancel(id, deed),
            Command::Retry { id, .. } => self.retry(id, deed),
            Command::Delete { id } => self.delete(id, deed),
            Command::SetQueue { name, settings } => {
                self.queues.entry(name.clone()).or_default().set(settings.clone(), self.now);
                self.look_at_raised();
                deed.was(true)
            }
            Command::ChangeQueue { name, change } => {
                self.queues.entry(name.clone()).or_default().change(change, self.now);
                self.look_at_raised();
                deed.was(true)
            }
            Command::PutSchedule { id, spec } => {
                self.put_schedule(id, spec);
                deed.was(true)
            }
            Command::ChangeSchedule { id, change } => self.pause_schedule(id, change.paused, deed),
            Command::RunSchedule { id, .. } => self.run_schedule(id, deed),
            Command::DeleteSchedule { id } => self.delete_schedule(id, deed),
            other => Err(Deviation(format!("the model does not know {other:?}"))),
        }
    }
}
