//! Submitting any number of tasks.
//!
//! One createTasks takes 1,000 tasks and a megabyte, and makes all of them or none. More are sent in
//! batches, one after another; each has an `Idempotency-Key` made from one key and its place, so that
//! after an error the same tasks can be sent again under the same key, and only the rest is made.
//! That is why the cut depends on nothing but the tasks themselves.

use std::iter::Peekable;

use crate::{Milepost, client::persistently, error::Error, types};

/// The most tasks in one batch.
const MOST_TASKS: usize = 1000;
/// The most bytes in one batch. The server takes 1 MiB; the rest is for what is around the tasks.
const MOST_BYTES: usize = 1000 * 1024;

/// Tasks on their way, batch by batch; see [`Milepost::batches`].
#[derive(Debug)]
pub struct Batches<I: Iterator<Item = types::TaskSubmission>> {
    milepost: Milepost,
    key: String,
    tasks: Peekable<I>,
    /// How many batches were cut off.
    number: usize,
    /// How many tasks were made.
    made: usize,
}

impl Milepost {
    /// Submits any number of tasks, and returns them in their order. Each batch of up to 1,000 is
    /// made wholly or not at all.
    ///
    /// `key` is a word of yours that no other tasks were submitted under in the last day. After an
    /// error, send the same tasks under the same key again: what was made is not made twice.
    ///
    /// ```no_run
    /// # async fn example(milepost: milepost_client::Milepost) -> Result<(), milepost_client::Error> {
    /// use milepost_client::types::TaskSubmission;
    /// use serde_json::json;
    ///
    /// let thumbnail = |page| TaskSubmission::builder().kind("thumbnail").input(json!(page));
    /// let made = milepost.submit_all("album-7", (1..=5000).map(thumbnail)).await?;
    /// assert_eq!(made.len(), 5000);
    /// # Ok(())
    /// # }
    /// ```
    pub async fn submit_all<T>(
        &self,
        key: &str,
        tasks: impl IntoIterator<Item = T>,
    ) -> Result<Vec<types::Task>, Error>
    where
        T: TryInto<types::TaskSubmission>,
        T::Error: std::fmt::Display,
    {
        let tasks: Result<Vec<_>, _> = tasks.into_iter().map(TryInto::try_into).collect();
        let tasks = tasks.map_err(|error| Error::InvalidRequest(error.to_string()))?;
        let mut batches = self.batches(key, tasks);
        let mut made = Vec::new();
        while let Some(batch) = batches.submit_next().await? {
            made.extend(batch);
        }
        Ok(made)
    }

    /// The same, batch by batch, for a program that wants to know of the tasks that were made before
    /// an error, or has more tasks than memory.
    pub fn batches<I>(&self, key: &str, tasks: I) -> Batches<I::IntoIter>
    where
        I: IntoIterator<Item = types::TaskSubmission>,
    {
        Batches {
            milepost: self.clone(),
            key: key.to_owned(),
            tasks: tasks.into_iter().peekable(),
            number: 0,
            made: 0,
        }
    }
}

impl<I: Iterator<Item = types::TaskSubmission>> Batches<I> {
    /// Submits the next batch, and returns its tasks; `None` when there are no more. In an error,
    /// `tasks[N]` is the place among all tasks. After one, nothing more should be asked for.
    pub async fn submit_next(&mut self) -> Result<Option<Vec<types::Task>>, Error> {
        let tasks = cut(&mut self.tasks)?;
        if tasks.is_empty() {
            return Ok(None);
        }
        self.number += 1;
        let key = format!("{}-{}", self.key, self.number);
        let body = types::TaskBatch { tasks };
        let api = self.milepost.api();
        let send = || api.create_tasks().idempotency_key(&key).body(body.clone()).send();
        let made = persistently(send).await.map_err(|error| moved(error, self.made))?;
        let made = made.into_inner().tasks;
        self.made += made.len();
        Ok(Some(made))
    }
}

/// Takes as many tasks as one batch may have. One that is too long goes alone: the server's answer
/// says so.
fn cut<I>(tasks: &mut Peekable<I>) -> Result<Vec<types::TaskSubmission>, Error>
where
    I: Iterator<Item = types::TaskSubmission>,
{
    let mut batch = Vec::new();
    let mut bytes = 0;
    while let Some(task) = tasks.peek() {
        let json = serde_json::to_vec(task)
            .map_err(|error| Error::InvalidRequest(format!("a task is no JSON: {error}")))?;
        bytes += json.len() + 1;
        if batch.len() == MOST_TASKS || (!batch.is_empty() && bytes > MOST_BYTES) {
            break;
        }
        batch.extend(tasks.next());
    }
    Ok(batch)
}

/// The server counts within the batch, whoever reads it from the first task.
fn moved(error: Error, by: usize) -> Error {
    let Error::Problem(mut refusal) = error else { return error };
    let problem = &mut refusal.problem;
    problem.detail = moved_places(&problem.detail, by);
    for field in &mut problem.errors {
        field.field = moved_places(&field.field, by);
    }
    Error::Problem(refusal)
}

fn moved_places(text: &str, by: usize) -> String {
    let mut parts = text.split("tasks[");
    let mut moved = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        moved.push_str("tasks[");
        let end = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
        match part[..end].parse::<usize>() {
            Ok(place) => moved.push_str(&format!("{}{}", place.saturating_add(by), &part[end..])),
            Err(_) => moved.push_str(part),
        }
    }
    moved
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn task(input: Value) -> types::TaskSubmission {
        types::TaskSubmission::builder().kind("k").input(input).try_into().unwrap()
    }

    fn sizes(tasks: Vec<types::TaskSubmission>) -> Vec<usize> {
        let mut tasks = tasks.into_iter().peekable();
        let mut sizes = Vec::new();
        loop {
            match cut(&mut tasks).unwrap().len() {
                0 => return sizes,
                size => sizes.push(size),
            }
        }
    }

    #[test]
    fn a_batch_has_at_most_a_thousand_tasks_and_a_megabyte() {
        assert_eq!(sizes((0..2500).map(|n| task(json!(n))).collect()), [1000, 1000, 500]);
        let long = "x".repeat(400_000);
        assert_eq!(sizes((0..5).map(|_| task(json!(long))).collect()), [2, 2, 1]);
        let longest = "x".repeat(2_000_000);
        assert_eq!(sizes(vec![task(json!(1)), task(json!(longest)), task(json!(2))]), [1, 1, 1]);
        assert_eq!(sizes(Vec::new()), [0; 0]);
    }

    #[test]
    fn a_place_in_a_batch_becomes_the_place_among_all() {
        let text = "tasks[1].kind: must not be empty. tasks[20].labels[2]: x tasks[]";
        let expected = "tasks[2001].kind: must not be empty. tasks[2020].labels[2]: x tasks[]";
        assert_eq!(moved_places(text, 2000), expected);
    }
}
