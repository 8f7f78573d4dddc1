//! A stream made of long polls: the bytes a server would have sent, had they got through.
//!
//! Because it speaks the same bytes, whoever reads them (parser, cursor, reconnects) is the same, and
//! a stream can change between both forms at any event: what counts is the cursor.

use std::{fmt::Write as _, time::Duration};

use bytes::Bytes;
use futures_util::{
    StreamExt,
    future::{BoxFuture, FutureExt, OptionFuture},
    stream,
};
use serde_json::json;
use tokio::time::{Instant, sleep};

use super::{
    connect::Connector,
    filter::Subject,
    fold::is_after,
    history::{History, Page},
    picture,
    resume::Opened,
};
use crate::{
    client::{REQUEST_LIMIT, within},
    error::Error,
};

/// Between two polls, so that a busy subject costs some requests a second and not hundreds.
const BREATH: Duration = Duration::from_millis(50);
/// After a poll that was answered empty before its time: a server that goes down does that.
const LONG_BREATH: Duration = Duration::from_secs(1);

pub(super) struct Polling {
    connector: Connector,
    history: History,
    wait: Duration,
    /// Everything up to here was told.
    position: Option<String>,
    /// The picture being told, and the position from which events go on after it.
    picture: Option<(String, picture::Pages)>,
    /// For one task: its cursor, while it is done. The stream ends once all up to there was told.
    done_at: Option<String>,
    /// How long to breathe before the next poll; none before the first, which is not to wait either.
    breath: Option<Duration>,
    /// Whether a stream gets through by now, while that is being tried.
    probe: Option<BoxFuture<'static, bool>>,
    over: bool,
}

impl Polling {
    /// Goes on after `last_id`, or begins. The first bytes are there when this returns.
    pub async fn open(
        connector: Connector,
        last_id: Option<String>,
        wait: Duration,
    ) -> Result<Opened, Error> {
        let (milepost, subject) = (connector.milepost.clone(), connector.subject.clone());
        let resumes = last_id.is_some() || connector.from_start;
        let mut polling = Polling {
            history: History::new(milepost.clone(), subject.clone()),
            connector,
            wait,
            position: last_id,
            picture: None,
            done_at: None,
            breath: None,
            probe: None,
            over: false,
        };
        if !resumes {
            polling.begin_picture().await?;
        } else if let Subject::Task(id) = &subject {
            let task = milepost.get(id).await?;
            polling.done_at = task.done.then_some(task.cursor);
        }
        let had_all = polling.is_told_whole();
        let first = polling.next().await?.filter(|_| !(had_all && polling.over));
        // The task is done, and nothing after a cursor that can be used is left to tell.
        let Some(first) = first else { return Ok(Opened::Over) };
        let rest = stream::try_unfold(polling, |mut polling| async move {
            Ok(polling.next().await?.map(|bytes| (bytes, polling)))
        });
        Ok(Opened::Polls(stream::iter([Ok(first)]).chain(rest).boxed()))
    }

    /// The next bytes; `None` at the end.
    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        if self.over {
            return Ok(None);
        }
        let mut frames = Frames::default();
        if self.picture.is_some() {
            self.next_of_picture(&mut frames).await?;
        } else {
            self.next_of_history(&mut frames).await?;
        }
        if self.is_told_whole() {
            frames.event(None, "stream.end", r#"{"type":"stream.end"}"#);
            self.over = true;
        }
        Ok(Some(frames.0.into()))
    }

    async fn begin_picture(&mut self) -> Result<(), Error> {
        let milepost = &self.connector.milepost;
        // Noted before anything is read, so that nothing falls between the picture and the events.
        let system = within(REQUEST_LIMIT, milepost.api().get_system().send()).await?;
        let pages = picture::pages(milepost, &self.connector.subject);
        self.picture = Some((system.into_inner().log_end, pages));
        Ok(())
    }

    async fn next_of_picture(&mut self, frames: &mut Frames) -> Result<(), Error> {
        let Some((_, pages)) = &mut self.picture else { return Ok(()) };
        match pages.next().await {
            Some(tasks) => {
                let tasks = tasks?;
                if let (Subject::Task(_), Some(task)) = (&self.connector.subject, tasks.first()) {
                    self.done_at = task.done.then(|| task.cursor.clone());
                }
                let page = json!({"type": "stream.snapshot", "tasks": tasks, "more": true});
                frames.event(None, "stream.snapshot", &page.to_string());
            }
            None => {
                self.position = self.picture.take().map(|(noted, _)| noted);
                let cursor = self.position.as_deref();
                let last = json!({
                    "type": "stream.snapshot", "tasks": [], "more": false, "cursor": cursor,
                });
                frames.event(cursor, "stream.snapshot", &last.to_string());
            }
        }
        Ok(())
    }

    async fn next_of_history(&mut self, frames: &mut Frames) -> Result<(), Error> {
        let Some(page) = self.poll().await? else {
            // A stream gets through again. It goes on from the position, which is told once more: so
            // ends a stream that is to be resumed at once.
            frames.position(self.position.as_deref());
            self.over = true;
            return Ok(());
        };
        if let Some(reason) = page.reset {
            let reset = json!({"type": "stream.reset", "reason": reason});
            frames.event(None, "stream.reset", &reset.to_string());
            self.done_at = None;
            return self.begin_picture().await;
        }
        for item in &page.items {
            frames.event(Some(&item.cursor), &item.name, &item.data);
            self.look_at_end(&item.name, &item.cursor);
        }
        frames.position(Some(&page.cursor));
        self.position = Some(page.cursor);
        Ok(())
    }

    /// The next page; `None` when a stream gets through again.
    async fn poll(&mut self) -> Result<Option<Page>, Error> {
        if Instant::now() >= self.connector.stream_again_at() && self.probe.is_none() {
            let probing = self.connector.clone().stream_gets_through(self.position.clone());
            self.probe = Some(probing.boxed());
        }
        let (breath, wait) = match self.breath {
            Some(breath) => (breath, self.wait),
            None => (Duration::ZERO, Duration::ZERO),
        };
        let (history, position) = (&self.history, self.position.as_deref());
        let polling = async {
            sleep(breath).await;
            let asked = Instant::now();
            Ok::<_, Error>((history.page(position, wait).await?, asked.elapsed()))
        };
        tokio::pin!(polling);
        let (page, took) = loop {
            tokio::select! {
                page = &mut polling => break page?,
                Some(through) = OptionFuture::from(self.probe.as_mut()) => {
                    self.probe = None;
                    if through {
                        return Ok(None);
                    }
                }
            }
        };
        let early = page.items.is_empty() && page.reset.is_none() && took < wait / 2;
        self.breath = Some(if early { LONG_BREATH } else { BREATH });
        Ok(Some(page))
    }

    /// A task's stream ends with the task.
    fn look_at_end(&mut self, event: &str, cursor: &str) {
        if !matches!(self.connector.subject, Subject::Task(_)) {
            return;
        }
        match event {
            "task.succeeded" | "task.failed" | "task.cancelled" | "task.deleted" => {
                self.done_at = Some(cursor.to_owned());
            }
            "task.scheduled"
            | "task.queued"
            | "task.started"
            | "task.cancel_requested"
            | "task.retrying" => self.done_at = None,
            _ => {}
        }
    }

    /// Whether the task is done, and its last event told.
    fn is_told_whole(&self) -> bool {
        match (&self.done_at, &self.position) {
            (Some(done_at), Some(position)) => {
                self.picture.is_none() && !is_after(done_at, position)
            }
            _ => false,
        }
    }
}

/// Server-Sent Events. Data is one line: JSON.
#[derive(Default)]
struct Frames(String);

impl Frames {
    fn event(&mut self, id: Option<&str>, event: &str, data: &str) {
        if let Some(id) = id {
            let _ = writeln!(self.0, "id: {id}");
        }
        let _ = write!(self.0, "event: {event}\ndata: {data}\n\n");
    }

    fn position(&mut self, id: Option<&str>) {
        if let Some(id) = id {
            let _ = write!(self.0, "id: {id}\n\n");
        }
    }
}
