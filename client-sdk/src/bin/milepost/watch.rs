//! `watch`: progress bars on a terminal, plain lines elsewhere, or every event as JSON.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, IsTerminal},
};

use futures_util::StreamExt;
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use milepost_client::{
    Milepost,
    stream::{Connection, Event, EventFilter, EventStream, Fold},
    types::{Progress, Task, TaskState},
};

use crate::{
    far::far,
    outcome::{Complaint, FAILED, Outcome, SUCCEEDED, note, print},
};

/// The most tasks one stream may name.
const MOST_TASKS: usize = 500;

pub async fn run(milepost: Milepost, ids: Vec<String>, json: bool) -> Outcome {
    let ids: BTreeSet<String> = ids.into_iter().collect();
    if ids.len() > MOST_TASKS {
        return Err(Complaint::usage(format!("at most {MOST_TASKS} tasks can be watched at once")));
    }
    // A stream about tasks that do not exist would be silent for ever.
    for id in &ids {
        milepost.get(id).await?;
    }
    let events = match ids.first() {
        Some(id) if ids.len() == 1 => milepost.watch_task(id),
        _ => {
            let tasks = ids.iter().cloned().collect();
            milepost.watch_events(EventFilter { tasks, ..Default::default() })
        }
    };
    let display = if json {
        Display::Json
    } else if io::stderr().is_terminal() {
        Display::Bars(Bars::default())
    } else {
        Display::Lines(BTreeMap::new())
    };
    Watching { waiting: ids, fold: Fold::new(), display, failed: false }.run(events).await
}

struct Watching {
    /// Tasks that are not done yet.
    waiting: BTreeSet<String>,
    fold: Fold,
    display: Display,
    failed: bool,
}

impl Watching {
    async fn run(mut self, mut events: EventStream) -> Outcome {
        let mut connection = events.connection();
        while !self.waiting.is_empty() {
            tokio::select! {
                event = events.next() => match event {
                    Some(event) => self.take(&event?),
                    None => break,
                },
                Ok(()) = connection.changed() => {
                    let now = connection.borrow_and_update().clone();
                    match now {
                        Connection::Connecting(Some(reason)) => {
                            self.display.tell(&format!("reconnecting: {reason}"));
                        }
                        Connection::Polling => {
                            self.display.tell("streams do not get through; asking now and then");
                        }
                        _ => {}
                    }
                }
            }
        }
        Ok(if self.failed { FAILED } else { SUCCEEDED })
    }

    fn take(&mut self, event: &Event) {
        self.fold.apply(event);
        self.display.event(event, &self.fold);
        if let Event::TaskDeleted { task_id, .. } = event
            && self.waiting.remove(task_id)
        {
            self.display.tell(&format!("{task_id} was deleted"));
            self.failed = true;
        }
        let done: Vec<&Task> =
            self.fold.tasks().filter(|task| task.done && self.waiting.contains(&task.id)).collect();
        for task in done {
            self.waiting.remove(&task.id);
            self.failed |= task.state != TaskState::Succeeded;
        }
    }
}

enum Display {
    Json,
    Bars(Bars),
    /// What was printed last of each task.
    Lines(BTreeMap<String, String>),
}

impl Display {
    fn event(&mut self, event: &Event, fold: &Fold) {
        match self {
            Display::Json => {
                if let Ok(line) = serde_json::to_string(event) {
                    print(line);
                }
            }
            Display::Bars(bars) => bars.event(event, fold),
            Display::Lines(printed) => {
                if let Event::TaskLog { task_id, lines, .. } = event {
                    for line in lines {
                        print(format_args!("{task_id} | {}", line.text));
                    }
                }
                for task in fold.tasks() {
                    let line = one_line(task);
                    if printed.get(&task.id) != Some(&line) {
                        print(&line);
                        printed.insert(task.id.clone(), line);
                    }
                }
            }
        }
    }

    fn tell(&self, text: &str) {
        match self {
            Display::Bars(bars) => bars.all.suspend(|| note(text)),
            _ => note(text),
        }
    }
}

/// A task in one line, without what changes at every moment.
fn one_line(task: &Task) -> String {
    let mut line = format!("{} {} {}", task.id, task.kind, task.state);
    if let Some(progress) = &task.progress {
        if let Some(far) = far(Some(progress)) {
            line += &format!(" {far}");
        }
        if let Some(message) = &progress.message {
            line += &format!(" {message}");
        }
    }
    if let Some(reason) = reason(task) {
        line += &format!(": {reason}");
    }
    line
}

/// Why a task failed or is being tried again.
fn reason(task: &Task) -> Option<String> {
    let error = task.error.as_ref()?;
    Some(error.title.clone().unwrap_or_else(|| error.type_.clone()))
}

#[derive(Default)]
struct Bars {
    all: MultiProgress,
    bars: BTreeMap<String, ProgressBar>,
}

impl Bars {
    fn event(&mut self, event: &Event, fold: &Fold) {
        if let Event::TaskLog { lines, .. } = event {
            for line in lines {
                // A bar that cannot be drawn is no reason to stop watching.
                let _ = self.all.println(&line.text);
            }
        }
        for task in fold.tasks() {
            let bar = self.bars.entry(task.id.clone()).or_insert_with(|| {
                let bar = self.all.add(ProgressBar::new(100));
                bar.set_style(style("{prefix:12!} {bar:30.cyan/blue} {pos:>3}% {wide_msg}"));
                bar.set_prefix(task.kind.clone());
                bar
            });
            let progress = task.progress.as_ref();
            if let Some(percent) = progress.and_then(|progress| progress.percent) {
                bar.set_position(percent as u64);
            }
            bar.set_message(message(task));
            if task.done && !bar.is_finished() {
                bar.abandon();
            }
        }
    }
}

fn message(task: &Task) -> String {
    let progress = task.progress.as_ref();
    let parts = if task.done || task.error.is_some() {
        vec![Some(task.state.to_string()), reason(task)]
    } else {
        let eta = progress.and_then(|progress| progress.eta_seconds);
        vec![
            (task.state != TaskState::Running).then(|| task.state.to_string()),
            progress.filter(|progress| progress.stalled).map(|_| "stalled".to_owned()),
            progress.and_then(stage),
            progress.and_then(|progress| progress.message.clone()),
            eta.map(|seconds| format!("{seconds:.0} s left")),
        ]
    };
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The stage, and how far it is where the bar shows the whole: `encode 40%`.
fn stage(progress: &Progress) -> Option<String> {
    let stage = progress.stage.as_ref()?;
    Some(match progress.stage_percent {
        Some(percent) => format!("{stage} {percent:.0}%"),
        None => stage.clone(),
    })
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
