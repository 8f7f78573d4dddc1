//! Schedules: rules that submit tasks by the calendar.

use poem_openapi::{Enum, Object, types::Example};
use serde::{Deserialize, Serialize};

use super::{declared_as, scheduled_task::ScheduledTask};
use crate::{
    api::strict,
    domain::{
        self, Refusal, ScheduleId, TaskId, Timestamp, checks,
        schedule::{self, Overlap, ScheduleSpec},
    },
};

declared_as!(Overlap, DeclaredOverlap);

/// What happens to a run whose predecessor is not done. It concerns the rule's runs only: one that
/// runSchedule asks for begins in any case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[oai(rename = "Overlap", rename_all = "snake_case")]
pub enum DeclaredOverlap {
    /// The run is left out, and `last_skipped_at` says so.
    Skip,
    /// Both go on.
    Allow,
    /// The predecessor is cancelled, as cancelTask does it, and the run begins.
    Cancel,
}

fn default_time_zone() -> Option<String> {
    Some(ScheduleSpec::DEFAULT_TIME_ZONE.to_owned())
}

fn default_overlap() -> Option<Overlap> {
    Some(Overlap::default())
}

fn default_paused() -> Option<bool> {
    Some(false)
}

/// A schedule to be made. `null` is the same as leaving a field out.
#[derive(Debug, Object, Deserialize)]
#[oai(example, skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct ScheduleSubmission {
    /// An id of your own: `[A-Za-z0-9][A-Za-z0-9._~-]{0,127}`. Without it the server makes one.
    pub id: Option<String>,
    /// When it runs: minute, hour, day of the month, month, weekday, e.g. `30 9 * * MON-FRI`; a rule
    /// of six fields begins with seconds. `@hourly`, `@daily`, `@weekly`, `@monthly` and `@yearly`
    /// are rules too. At most 256 characters.
    #[oai(validator(max_length = 256))]
    pub cron: String,
    /// The zone its rule is read in, of the IANA database, e.g. `Europe/Berlin`.
    #[oai(default = "default_time_zone")]
    pub time_zone: Option<String>,
    /// What happens to a run whose predecessor is not done.
    #[oai(default = "default_overlap")]
    #[serde(default, deserialize_with = "strict::optional_word")]
    pub overlap: Option<Overlap>,
    /// `true`: it submits nothing by itself.
    #[oai(default = "default_paused")]
    pub paused: Option<bool>,
    /// What each run submits.
    #[serde(deserialize_with = "strict::object")]
    pub task: ScheduledTask,
}

/// All that is to be said of a schedule. What is left out returns to its default; `null` is the same
/// as leaving a field out.
#[derive(Debug, Object, Deserialize)]
#[oai(example, skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct ScheduleDefinition {
    /// When it runs: minute, hour, day of the month, month, weekday, e.g. `30 9 * * MON-FRI`; a rule
    /// of six fields begins with seconds. `@hourly`, `@daily`, `@weekly`, `@monthly` and `@yearly`
    /// are rules too. At most 256 characters.
    #[oai(validator(max_length = 256))]
    pub cron: String,
    /// The zone its rule is read in, of the IANA database, e.g. `Europe/Berlin`.
    #[oai(default = "default_time_zone")]
    pub time_zone: Option<String>,
    /// What happens to a run whose predecessor is not done.
    #[oai(default = "default_overlap")]
    #[serde(default, deserialize_with = "strict::optional_word")]
    pub overlap: Option<Overlap>,
    /// `true`: it submits nothing by itself.
    #[oai(default = "default_paused")]
    pub paused: Option<bool>,
    /// What each run submits.
    #[serde(deserialize_with = "strict::object")]
    pub task: ScheduledTask,
}

/// What may change about a schedule; what is left out stays as it is.
#[derive(Debug, Object, Deserialize)]
#[oai(example, skip_serializing_if_is_none)]
#[serde(deny_unknown_fields)]
pub struct ScheduleChange {
    /// When it runs: minute, hour, day of the month, month, weekday, e.g. `30 9 * * MON-FRI`; a rule
    /// of six fields begins with seconds. `@hourly`, `@daily`, `@weekly`, `@monthly` and `@yearly`
    /// are rules too. At most 256 characters.
    #[oai(validator(max_length = 256))]
    pub cron: Option<String>,
    /// The zone its rule is read in, of the IANA database, e.g. `Europe/Berlin`.
    pub time_zone: Option<String>,
    /// What happens to a run whose predecessor is not done.
    #[serde(default, deserialize_with = "strict::optional_word")]
    pub overlap: Option<Overlap>,
    /// `true`: it submits nothing by itself. Set back to `false`, it goes on with the next moment of
    /// its rule, and makes up nothing.
    pub paused: Option<bool>,
    /// What each run submits; replaced as a whole.
    #[serde(default, deserialize_with = "strict::optional_object")]
    pub task: Option<ScheduledTask>,
}

/// A rule that submits tasks by the calendar, and what it did.
#[derive(Debug, Object, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub struct Schedule {
    /// Made by the server (a UUIDv7), or chosen by the client.
    pub id: ScheduleId,
    /// When it runs: minute, hour, day of the month, month, weekday; a rule of six fields begins with
    /// seconds.
    pub cron: String,
    /// The zone its rule is read in, of the IANA database.
    pub time_zone: String,
    /// What happens to a run whose predecessor is not done.
    pub overlap: Overlap,
    /// Whether it submits nothing by itself.
    pub paused: bool,
    /// What each run submits.
    pub task: ScheduledTask,
    /// When it runs next; absent while it is paused, and when its rule names no further moment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_run_at: Option<Timestamp>,
    /// The moment its last run was for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_run_at: Option<Timestamp>,
    /// The task its last run submitted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_task_id: Option<TaskId>,
    /// The moment of the last run that was left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_skipped_at: Option<Timestamp>,
    /// When it was created.
    pub created_at: Timestamp,
    /// When anything was last said of it; a run is none.
    pub updated_at: Timestamp,
    /// Where to go from here.
    pub links: ScheduleLinks,
}

/// Paths relative to the server's root.
#[derive(Debug, Object, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub struct ScheduleLinks {
    /// The schedule itself.
    #[serde(rename = "self")]
    #[oai(rename = "self")]
    pub itself: String,
    /// POST here to run it now.
    pub run: String,
    /// The task its last run submitted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_task: Option<String>,
}

/// A page of schedules, by id.
#[derive(Debug, Object, Serialize)]
#[oai(skip_serializing_if_is_none)]
pub struct ScheduleList {
    /// The schedules.
    pub items: Vec<Schedule>,
    /// Give this as `page` to get the next one; absent at the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_page: Option<String>,
}

impl Example for ScheduleSubmission {
    fn example() -> Self {
        let ScheduleDefinition { cron, time_zone, overlap, paused, task } =
            ScheduleDefinition::example();
        let id = Some("nightly-report".to_owned());
        ScheduleSubmission { id, cron, time_zone, overlap, paused, task }
    }
}

impl Example for ScheduleDefinition {
    fn example() -> Self {
        ScheduleDefinition {
            cron: "30 3 * * *".to_owned(),
            time_zone: Some("Europe/Berlin".to_owned()),
            overlap: default_overlap(),
            paused: default_paused(),
            task: ScheduledTask::example(),
        }
    }
}

impl Example for ScheduleChange {
    fn example() -> Self {
        ScheduleChange {
            cron: Some("0 4 * * MON-FRI".to_owned()),
            time_zone: None,
            overlap: None,
            paused: Some(false),
            task: None,
        }
    }
}

impl ScheduleSubmission {
    /// The id, if one is given, and the rule; what is wrong with it, the engine says.
    pub fn into_spec(self) -> Result<(Option<ScheduleId>, ScheduleSpec), Refusal> {
        let ScheduleSubmission { id, cron, time_zone, overlap, paused, task } = self;
        let id = checks::optional_id("id", id.as_deref())?;
        let definition = ScheduleDefinition { cron, time_zone, overlap, paused, task };
        Ok((id, definition.into_spec()))
    }
}

impl ScheduleDefinition {
    /// The rule; what is wrong with it, the engine says.
    pub fn into_spec(self) -> ScheduleSpec {
        let zone = || ScheduleSpec::DEFAULT_TIME_ZONE.to_owned();
        ScheduleSpec {
            cron: self.cron,
            time_zone: self.time_zone.unwrap_or_else(zone),
            overlap: self.overlap.unwrap_or_default(),
            paused: self.paused.unwrap_or(false),
            task: self.task.into_task(),
        }
    }
}

impl ScheduleChange {
    /// What it changes; what is wrong with it, the engine says.
    pub fn into_change(self) -> schedule::ScheduleChange {
        schedule::ScheduleChange {
            cron: self.cron,
            time_zone: self.time_zone,
            overlap: self.overlap,
            paused: self.paused,
            task: self.task.map(ScheduledTask::into_task),
        }
    }
}

impl From<domain::Schedule> for Schedule {
    fn from(schedule: domain::Schedule) -> Self {
        let ScheduleSpec { cron, time_zone, overlap, paused, task } = schedule.spec;
        let itself = format!("/api/v1/schedules/{}", schedule.id);
        let last_task = schedule.last_task_id.as_ref().map(|id| format!("/api/v1/tasks/{id}"));
        Schedule {
            links: ScheduleLinks { run: format!("{itself}/run"), itself, last_task },
            id: schedule.id,
            cron,
            time_zone,
            overlap,
            paused,
            task: task.into(),
            next_run_at: schedule.next_run_at,
            last_run_at: schedule.last_run_at,
            last_task_id: schedule.last_task_id,
            last_skipped_at: schedule.last_skipped_at,
            created_at: schedule.created_at,
            updated_at: schedule.updated_at,
        }
    }
}
