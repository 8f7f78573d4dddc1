//! A store that is not there.

use crate::{
    domain::{
        Epoch, EventType, Position, Queue, Schedule, Task, TaskId, Timestamp, Tombstone,
        after::Release, family::Spread, webhook::Webhook,
    },
    store::{Changes, Loaded, Needs, Store, StoreError},
};

/// Stands where the store was while it is opened anew.
pub struct Closed;

impl Store for Closed {
    fn epoch(&self) -> Epoch {
        Epoch(0)
    }
    fn next_position(&mut self) -> Result<Position, StoreError> {
        closed()
    }
    fn begin(&mut self) -> Result<(), StoreError> {
        closed()
    }
    fn load(&mut self, _: &Needs) -> Result<Loaded, StoreError> {
        closed()
    }
    fn ready(
        &mut self,
        _: &[(String, usize)],
        _: &[String],
        _: &str,
        _: usize,
    ) -> Result<Vec<std::sync::Arc<Task>>, StoreError> {
        closed()
    }
    fn due(&mut self, _: Timestamp, _: Timestamp, _: usize) -> Result<Vec<Task>, StoreError> {
        closed()
    }
    fn taken(&mut self, _: &str, _: &str, _: usize) -> Result<usize, StoreError> {
        closed()
    }
    fn parked(&mut self, _: &str, _: &str, _: usize) -> Result<Vec<Task>, StoreError> {
        closed()
    }
    fn parked_keys(&mut self, _: &str, _: &str, _: usize) -> Result<Vec<String>, StoreError> {
        closed()
    }
    fn unparking(&mut self) -> Result<Option<Queue>, StoreError> {
        closed()
    }
    fn running_of(&mut self, _: &str, _: &str) -> Result<usize, StoreError> {
        closed()
    }
    fn running_in(&mut self, _: &str) -> Result<u64, StoreError> {
        closed()
    }
    fn due_schedules(&mut self, _: Timestamp, _: usize) -> Result<Vec<Schedule>, StoreError> {
        closed()
    }
    fn webhooks(&mut self) -> Result<Vec<Webhook>, StoreError> {
        closed()
    }
    fn spreading(&mut self, _: usize) -> Result<Vec<Task>, StoreError> {
        closed()
    }
    fn children(&mut self, _: &TaskId, _: &Spread, _: usize) -> Result<Vec<Task>, StoreError> {
        closed()
    }
    fn dependents(&mut self, _: Position, _: Position, _: usize) -> Result<Vec<Task>, StoreError> {
        closed()
    }
    fn releases(&mut self, _: usize) -> Result<Vec<Release>, StoreError> {
        closed()
    }
    fn untold(&mut self, _: usize) -> Result<Vec<Task>, StoreError> {
        closed()
    }
    fn running(&mut self, _: Position, _: usize) -> Result<Vec<Task>, StoreError> {
        closed()
    }
    fn forget_keys(&mut self, _: Timestamp, _: usize) -> Result<(), StoreError> {
        closed()
    }
    fn outlived(&mut self, _: Timestamp, _: usize) -> Result<Vec<Task>, StoreError> {
        closed()
    }
    fn retaining(&mut self, _: &str, _: usize) -> Result<Vec<Queue>, StoreError> {
        closed()
    }
    fn ended(&mut self, _: &str, _: Position, _: usize) -> Result<Vec<Task>, StoreError> {
        closed()
    }
    fn events_of(
        &mut self,
        _: Position,
        _: Position,
        _: usize,
    ) -> Result<Vec<(Position, EventType)>, StoreError> {
        closed()
    }
    fn tombstones(&mut self, _: Timestamp, _: usize) -> Result<Vec<Tombstone>, StoreError> {
        closed()
    }
    fn write(&mut self, _: &Changes) -> Result<(), StoreError> {
        closed()
    }
    fn commit(&mut self) -> Result<(), StoreError> {
        closed()
    }
    fn rollback(&mut self) {}
    fn probe(&mut self) -> Result<(), StoreError> {
        closed()
    }
    fn maintain(&mut self) -> Result<(), StoreError> {
        closed()
    }
}

fn closed<T>() -> Result<T, StoreError> {
    Err(StoreError::Other("closed".to_owned()))
}
