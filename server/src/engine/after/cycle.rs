//! Who waits for a task, and who for those: what a new dependency is held against.
//!
//! A task waits for what it is `after`, and a group for its children. A dependency is older than who
//! names it, so a circle always goes through a group: one end of it is a new child, the other somebody
//! who waits for that group. So it is enough to look from the groups above a new task.

use std::collections::{HashMap, HashSet};

use crate::{
    domain::{NewTask, Position, Task, TaskId},
    engine::{batch::Batch, command::Command, family},
    store::{Needs, Store, StoreError},
};

/// How many waiting tasks are looked at for one command.
pub const MOST_LOOKED_AT: usize = 1000;

/// Who waits for a task, by its id: those that are after it, and the group it is a child of.
#[derive(Default)]
pub struct Waiters {
    of: HashMap<TaskId, Vec<TaskId>>,
    /// There were more than may be looked at.
    pub too_many: bool,
}

impl Waiters {
    pub fn of(&self, id: &TaskId) -> &[TaskId] {
        self.of.get(id).map(Vec::as_slice).unwrap_or_default()
    }

    /// Everybody who waits for a task, and who for those; nothing, where they are too many to know.
    pub fn all_of(&self, id: &TaskId) -> Option<HashSet<TaskId>> {
        let mut all = HashSet::new();
        let mut next = vec![id];
        while let Some(id) = next.pop() {
            if all.insert(id.clone()) {
                next.extend(self.of(id));
            }
        }
        (!self.too_many).then_some(all)
    }
}

/// The group that waits for a task. Those above it must be in the batch.
fn group_above(batch: &Batch, task: &Task) -> Option<TaskId> {
    let above = task.kin.parent()?;
    let parent = batch.task(&above.id).filter(|parent| parent.seq == above.seq)?;
    parent.kin.group.map(|_| parent.id.clone())
}

/// The group that will wait for a new task.
pub fn group_of_new<'a>(batch: &Batch, new: &'a NewTask) -> Option<&'a TaskId> {
    let parent = new.parent_id.as_ref()?;
    batch.task(parent)?.kin.group.map(|_| parent)
}

/// Loads who waits for whom, as far as a command's dependencies must be held against it.
pub fn learn(
    store: &mut dyn Store,
    batch: &mut Batch,
    command: &Command,
) -> Result<(), StoreError> {
    let new = match command.asked() {
        Command::Submit { task, .. } | Command::Put { task, .. } => std::slice::from_ref(task),
        Command::SubmitMany { tasks, .. } => tasks,
        Command::Retry { id, .. } => {
            let waits = batch.task(id).is_some_and(|task| !task.after.tasks.is_empty());
            return if waits { look(store, batch, vec![id.clone()]) } else { Ok(()) };
        }
        _ => return Ok(()),
    };
    let waiting = new.iter().filter(|new| !new.after.is_empty());
    let groups: HashSet<&TaskId> = waiting.filter_map(|new| group_of_new(batch, new)).collect();
    let groups: Vec<TaskId> = groups.into_iter().cloned().collect();
    if groups.is_empty() { Ok(()) } else { look(store, batch, groups) }
}

/// The same for a task that gets a new round, together with what it is after.
pub fn learn_again(
    store: &mut dyn Store,
    batch: &mut Batch,
    id: &TaskId,
) -> Result<(), StoreError> {
    let Some(task) = batch.task(id).filter(|task| !task.after.tasks.is_empty()) else {
        return Ok(());
    };
    let tasks = task.after.ids().filter(|id| !batch.knows_task(id)).cloned().collect();
    family::load(store, batch, Needs { tasks, ..Needs::default() })?;
    look(store, batch, vec![id.clone()])
}

fn look(store: &mut dyn Store, batch: &mut Batch, from: Vec<TaskId>) -> Result<(), StoreError> {
    // The store must see who waits since this batch.
    store.write(&batch.take_changes())?;
    let mut waiters = Waiters::default();
    let mut left = MOST_LOOKED_AT;
    let mut next = from;
    while let Some(id) = next.pop().filter(|_| !waiters.too_many) {
        let Some(task) = batch.task(&id).filter(|_| !waiters.of.contains_key(&id)) else {
            continue;
        };
        let (seq, awaited) = (task.seq, task.after.awaited);
        let mut found: Vec<TaskId> = group_above(batch, task).into_iter().collect();
        if awaited {
            let page = store.dependents(seq, Position::MAX >> 1, left)?;
            waiters.too_many = page.len() == left;
            left -= page.len();
            family::learn_ancestors(store, batch, page.iter())?;
            for task in page {
                found.push(task.id.clone());
                if !batch.knows_task(&task.id) {
                    batch.absorb_task(task);
                }
            }
        }
        next.extend(found.iter().cloned());
        waiters.of.insert(id, found);
    }
    batch.set_waiters(waiters);
    Ok(())
}
