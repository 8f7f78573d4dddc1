//! The words of Milepost as plain types, and the rules that need nothing but them.
//!
//! Nothing here knows HTTP, SQL or tokio. The serde form of a type *is* its public JSON: the log
//! stores an event as the bytes a watcher will read, so there is one rendering, not one a layer.
//! `api` declares the same shapes for the contract, and a test holds the two equal.

pub mod after;
pub mod attempt;
pub mod bulk;
pub mod checks;
pub mod cursor;
pub mod event;
pub mod family;
pub mod filter;
pub mod json;
pub mod kind;
pub mod lease;
pub mod links;
pub mod name;
pub mod pace;
pub mod precondition;
pub mod progress;
pub mod queue;
pub mod refusal;
pub mod retention;
pub mod schedule;
pub mod shown;
pub mod submission;
pub mod task;
pub mod time;
pub mod trace;
pub mod webhook;

pub use after::{After, AfterFailure};
pub use attempt::{Attempt, Ending};
pub use cursor::{Cursor, Epoch, Position};
pub use event::{Event, EventBody, EventType, LogLevel, LogLine};
pub use family::{ChildFailure, Children, Family, Kin};
pub use filter::{Filter, Filters, Verdict};
pub use json::RawJson;
pub use kind::{Kind, KindSpec};
pub use lease::{Fence, Lease, LeaseToken};
pub use links::TaskLinks;
pub use name::{Labels, TaskId};
pub use precondition::{Precondition, Revision};
pub use progress::{Progress, Stage};
pub use queue::{Queue, QueueSettings};
pub use refusal::{FieldError, Refusal};
pub use retention::{Kept, Retention, Tombstone};
pub use schedule::{Schedule, ScheduleId};
pub use shown::Shown;
pub use submission::NewTask;
pub use task::{State, Task, TaskError, TaskView};
pub use time::{Moment, Timestamp};
