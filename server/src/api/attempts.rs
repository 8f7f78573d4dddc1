//! The tries of a task.

use poem_openapi::{OpenApi, param::Path};

use super::{
    Api, Tag,
    cached::Found,
    params::{HeaderText, IdText},
    problem::{Failed, ReadingTask},
    wire::attempt::AttemptList,
};

/// listTaskAttempts.
pub struct Attempts(pub Api);

#[OpenApi(prefix_path = "/api/v1", tag = "Tag::Tasks")]
impl Attempts {
    /// List a task's attempts
    ///
    /// Who tried it, when, and how that ended, oldest first: the last 50 attempts that ended, and
    /// the one that runs. Of older ones its events tell.
    #[oai(path = "/tasks/:id/attempts", method = "get", operation_id = "listTaskAttempts")]
    async fn list_task_attempts(
        &self,
        /// The task.
        id: Path<IdText>,
        /// The `ETag` of what you hold: 304 if nothing changed.
        #[oai(name = "If-None-Match")]
        if_none_match: HeaderText,
    ) -> Result<Found<AttemptList>, Failed<ReadingTask>> {
        let id = id.id()?;
        let sought = id.clone();
        let items = self.0.log.read(move |reads| reads.attempts(&sought)).await?;
        let Some(items) = items else { return Err(self.0.missing(&id).await?.into()) };
        Ok(Found::of(&AttemptList { items }, &if_none_match)?)
    }
}
