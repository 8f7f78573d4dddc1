//! Schedules: rules that submit tasks by the calendar.

use poem::Request;
use poem_openapi::{
    ApiResponse, OpenApi,
    param::{Path, Query},
};

use super::{
    Api, Tag,
    answers::ChangeAccepted,
    cached::{Found, Listed},
    conditional::{self, revised_tag},
    idempotency,
    paging::{NamedPage, default_limit, next_link},
    params::{Bounded, HeaderText, IdText},
    payload::{JsonBody, Reply},
    problem::{
        ChangingSetting, CreatingSchedule, DeletingSchedule, Failed, Problem, Reading, ReadingTask,
        RunningSchedule, Setting,
    },
    wire::schedule::{
        Schedule, ScheduleChange, ScheduleDefinition, ScheduleList, ScheduleSubmission,
    },
};
use crate::domain::{self, Refusal, checks};

/// The operations tagged "Schedules".
pub struct Schedules(pub Api);

const SCHEDULES: &str = "/api/v1/schedules";

/// A schedule that was made, or replaced.
#[derive(ApiResponse)]
pub enum SchedulePut {
    /// Made and durable.
    #[oai(status = 201)]
    Created(
        Reply<Schedule>,
        /// Where the schedule is.
        #[oai(header = "Location")]
        String,
        /// The schedule's revision, for `If-Match`.
        #[oai(header = "ETag")]
        String,
    ),
    /// It was there, and is replaced.
    #[oai(status = 200)]
    Replaced(
        Reply<Schedule>,
        /// Where the schedule is.
        #[oai(header = "Location")]
        String,
        /// The schedule's revision, for `If-Match`.
        #[oai(header = "ETag")]
        String,
    ),
}

/// A schedule that was made.
#[derive(ApiResponse)]
pub enum ScheduleCreated {
    /// Made and durable. With an `Idempotency-Key` that came before: the schedule as it is now.
    #[oai(status = 201)]
    Created(
        Reply<Schedule>,
        /// Where the schedule is.
        #[oai(header = "Location")]
        String,
        /// The schedule's revision, for `If-Match`.
        #[oai(header = "ETag")]
        String,
    ),
}

/// A schedule after a change.
#[derive(ApiResponse)]
pub enum ScheduleChanged {
    /// The schedule after the change.
    #[oai(status = 200)]
    Changed(
        Reply<Schedule>,
        /// The schedule's revision, for `If-Match`.
        #[oai(header = "ETag")]
        String,
    ),
}

/// The schedule is gone.
#[derive(ApiResponse)]
pub enum ScheduleDeleted {
    /// The schedule is deleted.
    #[oai(status = 204)]
    Deleted,
}

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Schedules")]
impl Schedules {
    /// Create a schedule
    ///
    /// At each moment of its rule it submits its task, which has the moment as `run_at` and the
    /// schedule as `schedule_id`. `overlap` says what happens to a run whose predecessor is not done
    /// yet: `skip` leaves it out, `allow` lets both go on, `cancel` cancels the predecessor. Runs
    /// that were missed while the server was away are made up by one run at once, however many they
    /// were. Across a change of daylight saving a rule for one moment of the day runs exactly once
    /// that day: in the hour that is left out, at the first moment after it; in the hour that comes
    /// twice, the first time. Rules that recur within the hour go on by the clock on the wall.
    #[oai(path = "/schedules", method = "post", operation_id = "createSchedule")]
    async fn create_schedule(
        &self,
        /// Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: HeaderText,
        body: JsonBody<ScheduleSubmission>,
    ) -> Result<ScheduleCreated, Failed<CreatingSchedule>> {
        let (id, spec) = body.value.into_spec()?;
        let request = || serde_json::to_string(&(&id, &spec)).unwrap_or_default();
        let key = idempotency::key("createSchedule", &idempotency_key, SCHEDULES, request)?;
        let (schedule, _) = self.0.engine.create_schedule(id, spec, key).await?;
        let (reply, location, tag) = located(schedule)?;
        Ok(ScheduleCreated::Created(reply, location, tag))
    }

    /// List schedules
    ///
    /// By id, in pages.
    #[oai(path = "/schedules", method = "get", operation_id = "listSchedules")]
    async fn list_schedules(
        &self,
        request: &Request,
        /// At most that many.
        #[oai(default = "default_limit")]
        limit: Query<Bounded<1, 200>>,
        /// `next_page` of the page before.
        page: Query<Option<String>>,
        /// The `ETag` of what you hold: 304 if nothing changed.
        #[oai(name = "If-None-Match")]
        if_none_match: HeaderText,
    ) -> Result<Listed<ScheduleList>, Failed<Reading>> {
        let page = NamedPage::of(limit.0, page.0.as_deref())?;
        let (after, sought) = (page.after.clone(), page.sought());
        let mut found = self.0.log.read(move |reads| reads.schedules(&after, sought)).await?;
        let next_page = page.cut(&mut found, |schedule| schedule.id.as_str());
        let link = next_link(request.original_uri(), next_page.as_deref());
        let items = found.into_iter().map(Schedule::from).collect();
        Ok(Listed::page(&ScheduleList { items, next_page }, link, &if_none_match)?)
    }

    /// Get a schedule
    ///
    /// Its rule, when it runs next, and what it did last.
    #[oai(path = "/schedules/:id", method = "get", operation_id = "getSchedule")]
    async fn get_schedule(
        &self,
        /// The schedule.
        id: Path<IdText>,
        /// The `ETag` of what you hold: 304 if nothing changed.
        #[oai(name = "If-None-Match")]
        if_none_match: HeaderText,
    ) -> Result<Found<Schedule>, Failed<ReadingTask>> {
        let id = id.schedule_id()?;
        let sought = id.clone();
        let schedule = self.0.log.read(move |reads| reads.schedule(&sought)).await?;
        let schedule = schedule.ok_or(Refusal::ScheduleNotFound(id))?;
        Ok(Found::beyond(schedule.revision, &schedule.into(), &if_none_match)?)
    }

    /// Create or replace a schedule
    ///
    /// Harmless to send again. What is left out returns to its default; what the schedule ran stays
    /// known, and a run that is due stays due where the rule is the same.
    #[oai(path = "/schedules/:id", method = "put", operation_id = "putSchedule")]
    async fn put_schedule(
        &self,
        /// The id: `[A-Za-z0-9][A-Za-z0-9._~-]{0,127}`.
        id: Path<IdText>,
        /// Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1).
        #[oai(name = "If-Match")]
        if_match: HeaderText,
        /// `*`: only if it is not there yet (RFC 9110 §13.1.2).
        #[oai(name = "If-None-Match")]
        if_none_match: HeaderText,
        body: JsonBody<ScheduleDefinition>,
    ) -> Result<SchedulePut, Failed<Setting>> {
        let id = checks::id("id", id.text()).map_err(|error| Problem::invalid(vec![error]))?;
        let (schedule, created) = self
            .0
            .engine
            .only_if(conditional::for_put(&if_match, &if_none_match)?)
            .put_schedule(id, body.value.into_spec())
            .await?;
        let (reply, location, tag) = located(schedule)?;
        Ok(match created {
            true => SchedulePut::Created(reply, location, tag),
            false => SchedulePut::Replaced(reply, location, tag),
        })
    }

    /// Change a schedule
    ///
    /// Pause it and let it go on, or give it another rule or task. What is left out stays as it is;
    /// `task` is replaced as a whole.
    #[oai(path = "/schedules/:id", method = "patch", operation_id = "updateSchedule")]
    async fn update_schedule(
        &self,
        /// The schedule.
        id: Path<IdText>,
        /// Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1).
        #[oai(name = "If-Match")]
        if_match: HeaderText,
        body: JsonBody<ScheduleChange>,
    ) -> Result<ScheduleChanged, Failed<ChangingSetting>> {
        let change = body.value.into_change();
        let schedule = self
            .0
            .engine
            .only_if(conditional::if_match(&if_match)?)
            .change_schedule(id.schedule_id()?, change)
            .await?;
        let (reply, _, tag) = located(schedule)?;
        Ok(ScheduleChanged::Changed(reply, tag))
    }

    /// Delete a schedule
    ///
    /// It submits nothing any more. The tasks it submitted stay, and go on.
    #[oai(path = "/schedules/:id", method = "delete", operation_id = "deleteSchedule")]
    async fn delete_schedule(
        &self,
        /// The schedule.
        id: Path<IdText>,
        /// Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1).
        #[oai(name = "If-Match")]
        if_match: HeaderText,
    ) -> Result<ScheduleDeleted, Failed<DeletingSchedule>> {
        self.0
            .engine
            .only_if(conditional::if_match(&if_match)?)
            .delete_schedule(id.schedule_id()?)
            .await?;
        Ok(ScheduleDeleted::Deleted)
    }

    /// Run a schedule now
    ///
    /// Submits its task at once, whatever its `overlap` and though it is paused. When its rule runs
    /// next stays as it was.
    #[oai(path = "/schedules/:id/run", method = "post", operation_id = "runSchedule")]
    async fn run_schedule(
        &self,
        /// The schedule.
        id: Path<IdText>,
        /// Only if it is still so: its `ETag`, several of them, or `*` (RFC 9110 §13.1.1).
        #[oai(name = "If-Match")]
        if_match: HeaderText,
        /// Your word for this request: 1 to 255 printable ASCII characters, e.g. a UUID.
        #[oai(name = "Idempotency-Key")]
        idempotency_key: HeaderText,
    ) -> Result<ChangeAccepted, Failed<RunningSchedule>> {
        let id = id.schedule_id()?;
        let path = format!("{SCHEDULES}/{id}/run");
        let key = idempotency::key("runSchedule", &idempotency_key, &path, String::new)?;
        Ok(ChangeAccepted::of(
            &self.0.engine.only_if(conditional::if_match(&if_match)?).run_schedule(id, key).await?,
        ))
    }
}

/// The schedule, where it is, and its tag.
fn located(schedule: domain::Schedule) -> Result<(Reply<Schedule>, String, String), Problem> {
    let revision = schedule.revision;
    let schedule = Schedule::from(schedule);
    let reply = Reply::of(&schedule)?;
    let tag = revised_tag(revision, reply.bytes());
    Ok((reply, schedule.links.itself, tag))
}
