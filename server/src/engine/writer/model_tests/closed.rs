//! A store that is not there.

use crate::{
    domain::{Epoch, Position, Task, Timestamp},
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
        _: &[String],
        _: &[String],
        _: &str,
        _: usize,
    ) -> Result<Vec<Task>, StoreError> {
        closed()
    }
    fn due(&mut self, _: Timestamp, _: Timestamp, _: usize) -> Result<Vec<Task>, StoreError> {
        closed()
    }
    fn running(&mut self, _: Position, _: usize) -> Result<Vec<Task>, StoreError> {
        closed()
    }
    fn forget_keys(&mut self, _: Timestamp, _: usize) -> Result<(), StoreError> {
        closed()
    }
    fn write(&mut self, _: &Changes) -> Result<(), StoreError> {
        closed()
    }
    fn commit(&mut self) -> Result<(), StoreError> {
        closed()
    }
    fn rollback(&mut self) {}
    fn maintain(&mut self) -> Result<(), StoreError> {
        closed()
    }
}

fn closed<T>() -> Result<T, StoreError> {
    Err(StoreError::Other("closed".to_owned()))
}
