//! Many tasks of the rig at once: their rows as the store keeps them, and leases for all that wait.

use std::collections::HashMap;

use super::{meant::wish, rig::Rig, *};
use crate::{
    domain::{RawJson, Task, TaskId},
    store::{Needs, Slot},
};

const BODIES: [Slot; 3] = [Slot::Output, Slot::Error, Slot::Checkpoint];

/// All that the store keeps of a task and its outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub task: Task,
    pub output: Option<RawJson>,
    pub error: Option<RawJson>,
    pub checkpoint: Option<RawJson>,
}

impl Rig {
    /// Leases all that waits for this worker.
    pub fn lease_all(&mut self, worker: &str, seconds: u64) -> HashMap<TaskId, Leased> {
        let mut given = HashMap::new();
        loop {
            let wish = wish(worker.to_owned(), lease::MAX_TASKS, seconds);
            let answer = self.round(vec![Command::Acquire(wish)]).pop();
            let Some(Ok(Reply::Leases(leases))) = answer else { panic!("leases: {answer:?}") };
            if leases.is_empty() {
                return given;
            }
            given.extend(leases.into_iter().map(|lease| (lease.task.id.clone(), lease)));
        }
    }

    /// The rows of these tasks, in their order.
    pub fn rows<'a>(&mut self, ids: impl Iterator<Item = &'a TaskId>) -> Vec<Row> {
        let ids: Vec<_> = ids.collect();
        let mut load = |needs: Needs| self.work.store.load(&needs).expect("rows");
        let tasks = ids.iter().map(|id| (*id).clone()).collect();
        let tasks = load(Needs { tasks, ..Needs::default() }).tasks;
        let places = tasks.iter().flat_map(|task| BODIES.map(|slot| (task.seq, slot)));
        let bodies = load(Needs { bodies: places.collect(), ..Needs::default() }).bodies;
        let mut bodies: HashMap<_, _> = bodies.into_iter().collect();
        let mut tasks: HashMap<_, _> =
            tasks.into_iter().map(|task| (task.id.clone(), task)).collect();
        let row = |id: &&TaskId| {
            let task = tasks.remove(*id).expect("there");
            let [output, error, checkpoint] = BODIES.map(|slot| bodies.remove(&(task.seq, slot)));
            Row { task: std::sync::Arc::unwrap_or_clone(task), output, error, checkpoint }
        };
        ids.iter().map(row).collect()
    }
}
