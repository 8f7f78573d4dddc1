//! The real thing: the rounds of the writer on a database of its own, and a clock moved by hand.

use std::collections::{BTreeMap, BTreeSet};

use tempfile::TempDir;

use super::{
    closed::Closed,
    deviation::Deviation,
    seen::{Deed, Place, Seen, Sight, What},
    step::Step,
    *,
};
use crate::{
    domain::{Filter, LeaseToken, Position, Task, TaskId},
    store::{LogEntry, Needs, Reads, Selection, sqlite},
};

/// How long a cancelled worker has to end by itself.
pub const GRACE: u64 = 2;

/// How many seconds what was deleted is remembered.
pub const REMEMBERED: u64 = 3;

type Receiver = oneshot::Receiver<Result<Reply, Refusal>>;

/// Who stands in line for work.
struct Stand {
    wish: Acquire,
    until: i64,
    fresh: bool,
    answer: Receiver,
}

pub struct Rig {
    pub work: Work,
    pub reads: Arc<dyn Reads>,
    pub clock: Clock,
    directory: Option<TempDir>,
    /// Tasks that were submitted and are not known to be gone.
    ids: BTreeSet<TaskId>,
    /// Every lease ever given.
    leases: Vec<(TaskId, LeaseToken)>,
    /// The last report or end of an attempt.
    last_word: Option<Command>,
    line: Vec<Stand>,
    /// Every task that was ever submitted, in their order.
    cast: Vec<TaskId>,
    /// Tasks that are gone.
    dead: BTreeSet<TaskId>,
    /// Every event there ever was, as it was written.
    history: Vec<Arc<LogEntry>>,
    /// Those that are in the log no more.
    lost: BTreeSet<Position>,
}

fn open(directory: &TempDir, clock: &Clock) -> (Work, Arc<dyn Reads>) {
    let opened = sqlite::open(directory.path()).expect("a database");
    let queue = Arc::new(Queue::default());
    let mut work = Work::new(opened.store, queue, clock.clone(), Box::new(|_| {}));
    work.retention = Sweeper::new(REMEMBERED, clock.now().steady);
    work.renew_leases().expect("renewed");
    (work, opened.reads)
}

impl Rig {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let clock = Clock::manual(Timestamp(1_700_000_000_000));
        let (work, reads) = open(&directory, &clock);
        let (ids, leases, line) = (BTreeSet::new(), Vec::new(), Vec::new());
        let directory = Some(directory);
        let (cast, dead, history, lost) = Default::default();
        let last_word = None;
        Rig {
            work,
            reads,
            clock,
            directory,
            ids,
            leases,
            last_word,
            line,
            cast,
            dead,
            history,
            lost,
        }
    }

    pub fn now(&self) -> i64 {
        self.clock.now().steady.0
    }

    pub fn end(&self) -> Position {
        self.reads.log_end().expect("the log's end")
    }

    fn send(&mut self, commands: Vec<Command>) -> Vec<Receiver> {
        let at = self.clock.now();
        let mut answers = Vec::with_capacity(commands.len());
        let mut jobs = Vec::with_capacity(commands.len());
        for command in commands {
            let (reply, answer) = oneshot::channel();
            answers.push(answer);
            jobs.push(Job { command, reply: Some(reply), at });
        }
        self.work.round(jobs);
        answers
    }

    /// One round of these commands, in one transaction; their answers. None of them may wait.
    pub fn round(&mut self, commands: Vec<Command>) -> Vec<Result<Reply, Refusal>> {
        self.send(commands).into_iter().map(|mut answer| now(&mut answer)).collect()
    }

    /// Moves the clock, and lets everything happen that is due then.
    pub fn pass(&mut self, milliseconds: i64) {
        self.clock.advance(milliseconds.max(SWEEP.as_millis() as i64));
        self.work.round(Vec::new());
        while self.work.more_due || self.work.retention.has_more() {
            self.work.round(Vec::new());
        }
    }

    /// All that there is. A task that is gone is looked for no more.
    pub fn look(&mut self) -> Seen {
        let mut schedules = BTreeMap::new();
        for schedule in self.reads.schedules("", 100).expect("schedules") {
            self.ids.extend(schedule.last_task_id.clone());
            schedules.insert(schedule.id.clone(), schedule);
        }
        let needs = Needs { tasks: self.ids.clone(), ..Needs::default() };
        let rows = self.work.store.load(&needs).expect("rows").tasks;
        let mut tasks = BTreeMap::new();
        for row in rows {
            let Some((_, view)) = self.reads.task(&row.id).expect("read") else { continue };
            tasks.insert(row.id.clone(), Sight { view, row: std::sync::Arc::unwrap_or_clone(row) });
        }
        self.dead.extend(self.ids.iter().filter(|id| !tasks.contains_key(*id)).cloned());
        self.ids.retain(|id| tasks.contains_key(id));
        self.history = self.history();
        let mut events: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for entry in &self.history {
            let of_task = events.entry(entry.task_id.clone()).or_default();
            of_task.push((entry.position, entry.event_type));
        }
        let stone = |id: &&TaskId| self.reads.tombstone(id).expect("read").is_some();
        let remembered = self.dead.iter().filter(stone).cloned().collect();
        let more = self.work.more_due || self.work.retention.has_more();
        Seen { tasks, schedules, remembered, events, lost: self.lost.clone(), more }
    }

    /// Every event there ever was.
    pub fn history(&self) -> Vec<Arc<LogEntry>> {
        let last = self.history.last().map_or(0, |entry| entry.position);
        self.history.iter().cloned().chain(self.log(last)).collect()
    }

    /// What the log has after a position.
    pub fn log(&self, after: Position) -> Vec<Arc<LogEntry>> {
        let everything = Selection::Filters(Filter::default().into());
        let (mut found, mut after) = (Vec::new(), after);
        loop {
            let page = self.reads.log(&everything, after, 10_000).expect("the log");
            found.extend(page.entries.into_iter().map(|(entry, _)| entry));
            if page.at_end {
                return found;
            }
            after = page.through;
        }
    }

    /// Does one step, and tells `hold` of each round it takes: what was done, and what is then to
    /// be seen.
    pub fn play(
        &mut self,
        step: &Step,
        mut hold: impl FnMut(&[Deed], &Seen, &Rig) -> Result<(), Deviation>,
    ) -> Result<(), Deviation> {
        let deeds = self.take(step);
        let seen = self.look();
        hold(&deeds, &seen, self)?;
        while self.work.more_due || self.work.retention.has_more() {
            // A share of retention alone is not the sweep that the model takes it for: what fell due with
            // the one before, such as an attempt after no delay, would stay.
            self.work.more_due = true;
            let deeds = self.sweep();
            let seen = self.look();
            hold(&deeds, &seen, self)?;
        }
        Ok(())
    }

    fn take(&mut self, step: &Step) -> Vec<Deed> {
        match step {
            Step::Advance { milliseconds } => {
                self.clock.advance((*milliseconds).max(SWEEP.as_millis() as i64));
                self.sweep()
            }
            Step::Restart { away } => {
                self.restart(*away);
                vec![self.deed(What::Restart)]
            }
            Step::Together(steps) => self.call(steps),
            step => self.call(std::slice::from_ref(step)),
        }
    }

    fn sweep(&mut self) -> Vec<Deed> {
        self.work.round(Vec::new());
        let kept: BTreeSet<_> = self.log(0).iter().map(|entry| entry.position).collect();
        let written = self.history.iter().map(|entry| entry.position);
        self.lost = written.filter(|position| !kept.contains(position)).collect();
        vec![self.deed(What::TimePassed), self.served()]
    }

    /// One round of the calls that these steps mean; nothing, where they mean none.
    fn call(&mut self, steps: &[Step]) -> Vec<Deed> {
        let before = self.end();
        let untold = self.work.store.untold(usize::MAX >> 1).expect("rows");
        // What is told of one goes on to all above it.
        let above = |task: &Task| task.kin.ancestors.clone().into_iter().map(|above| above.id);
        let untold: BTreeSet<_> =
            untold.iter().flat_map(|task| above(task).chain([task.id.clone()])).collect();
        let meant = steps.iter().filter_map(|step| self.meant(step));
        let is_wish = |command: &Command| matches!(command, Command::Acquire(_));
        // Leases are given when all else in a round is decided.
        let (wishes, calls): (Vec<_>, Vec<_>) = meant.partition(is_wish);
        if calls.is_empty() && wishes.is_empty() {
            return Vec::new();
        }
        let mut answers = self.send([calls.clone(), wishes.clone()].concat());
        let (now, single) = (self.now(), calls.len() == 1 && wishes.is_empty());
        for (wish, answer) in wishes.into_iter().zip(answers.split_off(calls.len())) {
            let Command::Acquire(wish) = wish else { continue };
            let until = now + wish.wait_seconds as i64 * 1000;
            self.line.push(Stand { wish, until, fresh: true, answer });
        }
        let served = self.served();
        let events = single.then(|| self.events(before, &untold));
        let mut deeds = Vec::new();
        for (command, mut answer) in calls.into_iter().zip(answers) {
            let answer = self::now(&mut answer);
            self.remember(&command, &answer);
            let what = What::Command(Box::new(command));
            deeds.push(Deed { what, now, answer, events });
        }
        deeds.push(served);
        deeds
    }

    /// How many events there are after a position, but for what had to wait and was told meanwhile.
    fn events(&self, after: Position, untold: &BTreeSet<TaskId>) -> u64 {
        let entries = self.log(after);
        entries.iter().filter(|entry| !untold.contains(&entry.task_id)).count() as u64
    }

    fn deed(&self, what: What) -> Deed {
        Deed { what, now: self.now(), answer: Ok(Reply::Done), events: None }
    }

    /// What the round came to for those who stand in line.
    fn served(&mut self) -> Deed {
        let mut places = Vec::new();
        for mut stand in std::mem::take(&mut self.line) {
            let answer = match stand.answer.try_recv() {
                Ok(Ok(Reply::Leases(given))) => Some(given),
                Ok(other) => panic!("a wish for leases is answered {other:?}"),
                Err(_) => None,
            };
            for lease in answer.iter().flatten() {
                self.leases.push((lease.task.id.clone(), lease.token.clone()));
            }
            let (wish, until, fresh) = (stand.wish.clone(), stand.until, stand.fresh);
            if answer.is_none() {
                stand.fresh = false;
                self.line.push(stand);
            }
            places.push(Place { wish, until, fresh, answer });
        }
        self.deed(What::Line(places))
    }

    pub fn pick(&self, index: usize) -> Option<TaskId> {
        self.ids.iter().nth(index % self.ids.len().max(1)).cloned()
    }

    /// Counted back from the newest.
    pub fn pick_back(&self, back: usize) -> Option<TaskId> {
        self.ids.iter().rev().nth(back % self.ids.len().max(1)).cloned()
    }

    /// Counted back from the newest.
    pub fn lease(&self, back: usize) -> Option<(TaskId, LeaseToken)> {
        self.leases.iter().rev().nth(back % self.leases.len().max(1)).cloned()
    }

    /// By the place of its submission; it may be gone.
    pub fn nth(&self, place: usize) -> Option<TaskId> {
        self.cast.get(place).cloned()
    }

    /// The last lease of a task, or one that nobody was ever given.
    pub fn lease_of(&self, id: &TaskId) -> LeaseToken {
        let last = self.leases.iter().rev().find(|lease| lease.0 == *id);
        last.map_or_else(|| LeaseToken::new("lease_never_given"), |lease| lease.1.clone())
    }

    pub fn last_word(&self) -> Option<Command> {
        self.last_word.clone()
    }

    fn remember(&mut self, command: &Command, answer: &Result<Reply, Refusal>) {
        if let Command::Report { .. } | Command::End { .. } = command {
            self.last_word = Some(command.clone());
        }
        if let (Command::Submit { .. }, Ok(Reply::Task(task))) = (command, answer) {
            self.cast.push(task.id.clone());
        }
        match answer {
            Ok(Reply::Task(task) | Reply::Put { task, .. }) => {
                self.ids.insert(task.id.clone());
            }
            Ok(Reply::Tasks(tasks)) => self.ids.extend(tasks.iter().map(|task| task.id.clone())),
            _ => {}
        }
    }

    /// The server goes down and comes up on the same directory. Who stood in line asks no more.
    fn restart(&mut self, away: i64) {
        self.line.clear();
        let directory = self.directory.take().expect("a directory");
        let nothing: Box<dyn Store> = Box::new(Closed);
        drop(std::mem::replace(&mut self.work.store, nothing));
        self.clock.advance(away);
        (self.work, self.reads) = open(&directory, &self.clock);
        self.directory = Some(directory);
    }
}

fn now(answer: &mut Receiver) -> Result<Reply, Refusal> {
    answer.try_recv().expect("every command is answered in its round")
}
