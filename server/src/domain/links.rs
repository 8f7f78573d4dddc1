//! Where to go from a task.

use serde::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{Error, IgnoredAny},
    ser::SerializeStruct,
};

use super::{name::TaskId, schedule::ScheduleId};

/// The links of a task, relative to the server's root; `cancel`, `retry` and `delete` stand only while they
/// are allowed. Every picture of a task has them, so they are made where they are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskLinks {
    pub id: TaskId,
    pub parent: Option<TaskId>,
    pub schedule: Option<ScheduleId>,
    pub cancel: bool,
    pub retry: bool,
    pub delete: bool,
}

const TASKS: &str = "/api/v1/tasks/";
const CHILDREN: &str = "/api/v1/tasks?parent=";
const SCHEDULES: &str = "/api/v1/schedules/";

impl TaskLinks {
    /// The task's own path.
    pub fn itself(&self) -> String {
        [TASKS, self.id.as_str()].concat()
    }
}

impl Serialize for TaskLinks {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut links = serializer.serialize_struct("TaskLinks", 11)?;
        let mut path = String::with_capacity(CHILDREN.len() + 2 * self.id.as_str().len());
        let mut link = |name, root: &str, id: &TaskId, sub: &str| {
            path.clear();
            [root, id.as_str(), sub].iter().for_each(|part| path.push_str(part));
            links.serialize_field(name, &path)
        };
        link("self", TASKS, &self.id, "")?;
        for (name, sub) in [
            ("events", "/events"),
            ("history", "/history"),
            ("logs", "/logs"),
            ("attempts", "/attempts"),
        ] {
            link(name, TASKS, &self.id, sub)?;
        }
        link("children", CHILDREN, &self.id, "")?;
        if let Some(parent) = &self.parent {
            link("parent", TASKS, parent, "")?;
        }
        if let Some(schedule) = &self.schedule {
            link("schedule", SCHEDULES, schedule, "")?;
        }
        for (name, sub, allowed) in [
            ("cancel", "/cancel", self.cancel),
            ("retry", "/retry", self.retry),
            ("delete", "", self.delete),
        ] {
            if allowed {
                link(name, TASKS, &self.id, sub)?;
            }
        }
        links.end()
    }
}

impl<'de> Deserialize<'de> for TaskLinks {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        struct Written {
            #[serde(rename = "self")]
            itself: String,
            parent: Option<String>,
            schedule: Option<String>,
            cancel: Option<IgnoredAny>,
            retry: Option<IgnoredAny>,
            delete: Option<IgnoredAny>,
        }

        let written = Written::deserialize(deserializer)?;
        let id = |link: String, root: &str| {
            let id = link.strip_prefix(root).and_then(TaskId::parse);
            id.ok_or_else(|| D::Error::custom(format_args!("{link} is no link of a task's")))
        };
        Ok(TaskLinks {
            id: id(written.itself, TASKS)?,
            parent: written.parent.map(|link| id(link, TASKS)).transpose()?,
            schedule: written.schedule.map(|link| id(link, SCHEDULES)).transpose()?,
            cancel: written.cancel.is_some(),
            retry: written.retry.is_some(),
            delete: written.delete.is_some(),
        })
    }
}
