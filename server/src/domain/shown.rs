//! A task's picture together with its JSON.

use std::{ops::Deref, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{json::RawJson, task::TaskView};

/// A picture that is rendered once: the event of a change and the answer to whoever asked for it show
/// the same. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Shown {
    view: Arc<TaskView>,
    json: Arc<RawJson>,
}

impl Shown {
    pub fn of(view: TaskView) -> Self {
        // A picture of ours is always JSON: its maps have string keys and its floats are finite.
        let json = RawJson::of(&view).unwrap_or_else(|_| RawJson::empty_object());
        Shown { view: Arc::new(view), json: Arc::new(json) }
    }

    pub fn json(&self) -> &str {
        self.json.get()
    }

    pub fn raw(&self) -> &RawJson {
        &self.json
    }
}

impl Deref for Shown {
    type Target = TaskView;

    fn deref(&self) -> &TaskView {
        &self.view
    }
}

impl PartialEq for Shown {
    fn eq(&self, other: &Self) -> bool {
        self.view == other.view
    }
}

impl Serialize for Shown {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.json.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Shown {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        TaskView::deserialize(deserializer).map(Shown::of)
    }
}
