//! Open tasks that were written last, as their rows have them: what is leased, reported on and ended
//! was mostly written a moment before, and needs no look into the file and no parsing.
//!
//! Only the store writes the file, and tells this of every write; so what stands here is what the open
//! transaction sees. A rollback forgets it all.

use std::sync::Arc;

use foldhash::HashMap;

use super::super::Slot;
use crate::domain::{Position, RawJson, Task, TaskId};

/// How many tasks the younger half holds before it becomes the older one, which is dropped. In the unit
/// tests so few that they often ask for what is not here any more.
const HALF: usize = if cfg!(test) { 3 } else { 4096 };
/// The longest row, and the longest body, that is kept. In bytes.
const MAX_ROW: usize = 4096;
const MAX_BODY: usize = 1024;

#[derive(Default)]
pub struct Recent {
    young: Half,
    old: Half,
}

#[derive(Default)]
struct Half {
    tasks: HashMap<Position, Known>,
    ids: HashMap<TaskId, Position>,
}

struct Known {
    task: Arc<Task>,
    input: Body,
    checkpoint: Body,
}

enum Body {
    Unknown,
    Is(Option<RawJson>),
}

impl Recent {
    /// A row that was not there before, and so has no bodies yet.
    pub fn inserted(&mut self, task: &Arc<Task>, row: &str) {
        let known = Known { task: task.clone(), input: Body::Is(None), checkpoint: Body::Is(None) };
        self.put(known, row);
    }

    pub fn updated(&mut self, task: &Arc<Task>, row: &str) {
        let (input, checkpoint) = match self.take(task.seq) {
            Some(known) => (known.input, known.checkpoint),
            None => (Body::Unknown, Body::Unknown),
        };
        self.put(Known { task: task.clone(), input, checkpoint }, row);
    }

    pub fn deleted(&mut self, seq: Position) {
        self.take(seq);
    }

    pub fn set_body(&mut self, seq: Position, slot: Slot, body: Option<&RawJson>) {
        let half = match self.young.tasks.contains_key(&seq) {
            true => &mut self.young,
            false => &mut self.old,
        };
        let Some(known) = half.tasks.get_mut(&seq) else { return };
        let is = match body {
            Some(body) if body.get().len() > MAX_BODY => Body::Unknown,
            body => Body::Is(body.cloned()),
        };
        match slot {
            Slot::Input => known.input = is,
            Slot::Checkpoint => known.checkpoint = is,
            // Written with the end, after which the task is not here.
            Slot::Output | Slot::Error => {}
        }
    }

    pub fn forget_all(&mut self) {
        *self = Recent::default();
    }

    pub fn task(&self, seq: Position) -> Option<&Arc<Task>> {
        self.known(seq).map(|known| &known.task)
    }

    pub fn find(&self, id: &TaskId) -> Option<&Arc<Task>> {
        let seq = self.young.ids.get(id).or_else(|| self.old.ids.get(id))?;
        self.task(*seq)
    }

    /// A body, or that there is none; nothing, if that is not known here.
    pub fn body(&self, seq: Position, slot: Slot) -> Option<Option<&RawJson>> {
        let known = self.known(seq)?;
        let body = match slot {
            Slot::Input => &known.input,
            Slot::Checkpoint => &known.checkpoint,
            Slot::Output | Slot::Error => return None,
        };
        match body {
            Body::Is(body) => Some(body.as_ref()),
            Body::Unknown => None,
        }
    }

    fn known(&self, seq: Position) -> Option<&Known> {
        self.young.tasks.get(&seq).or_else(|| self.old.tasks.get(&seq))
    }

    fn put(&mut self, known: Known, row: &str) {
        self.take(known.task.seq);
        if known.task.state.is_done() || row.len() > MAX_ROW {
            return;
        }
        if self.young.tasks.len() >= HALF {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.ids.insert(known.task.id.clone(), known.task.seq);
        self.young.tasks.insert(known.task.seq, known);
    }

    fn take(&mut self, seq: Position) -> Option<Known> {
        self.young.take(seq).or_else(|| self.old.take(seq))
    }
}

impl Half {
    fn take(&mut self, seq: Position) -> Option<Known> {
        let known = self.tasks.remove(&seq)?;
        self.ids.remove(&known.task.id);
        Some(known)
    }
}
