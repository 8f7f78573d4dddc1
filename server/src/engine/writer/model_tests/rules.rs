//! What holds of every database and every log, whatever a model says of it.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::{
    deviation::{Deviation, holds, same},
    rig::Rig,
    seen::{Seen, Sight},
};
use crate::{
    domain::{EventType, Filter, Position, State, Task, TaskId},
    store::{CountKey, LogEntry, Selection},
};

/// The stored counters count the tasks, and a done task has an output or an error: the output for as
/// long as its bodies are kept. One that is retrying has its last attempt's error.
pub fn counters(rig: &Rig, seen: &Seen) -> Result<(), Deviation> {
    let mut counts: BTreeMap<CountKey, u64> = BTreeMap::new();
    for Sight { view: task, row } in seen.tasks.values() {
        let (output, error) = (task.output.is_some(), task.error.is_some());
        same("done", task.done, task.state.is_done())?;
        let (won, kept) = (task.state == State::Succeeded, row.kept.bodies_dropped.is_none());
        same("an output after success", output, won && kept)?;
        let failed = (task.done && !won) || task.state == State::Retrying;
        same("an error after another end, or while retrying", error, failed)?;
        let (queue, kind) = (task.queue.clone(), task.kind.clone());
        let group = row.kin.group.is_some() && task.state == State::Running;
        let key = CountKey { queue, kind, state: task.state, apart: row.parked || group };
        *counts.entry(key).or_default() += 1;
    }
    same("the stored counters", rig.reads.counts().expect("counts"), counts)
}

/// Nobody is parked while its key has a free place, but for as long as a raised limit is still being
/// looked at; and who is parked has no lease.
pub fn places(rig: &Rig, seen: &Seen) -> Result<(), Deviation> {
    let rows = || seen.tasks.values().map(|sight| &sight.row);
    for parked in rows().filter(|row| row.parked) {
        same("what is parked", (parked.state, &parked.lease), (State::Queued, &None))?;
        let of_key = |row: &&Task| {
            (&row.queue, &row.concurrency_key) == (&parked.queue, &parked.concurrency_key)
        };
        let under_way = |row: &&Task| {
            !row.parked && matches!(row.state, State::Queued | State::Running) && of_key(row)
        };
        let queue = rig.reads.queue(&parked.queue).expect("read").and_then(|status| status.queue);
        let looked_at = queue.as_ref().is_none_or(|queue| queue.unparking.is_none());
        let settings = queue.map(|queue| queue.settings).unwrap_or_default();
        let free = rows().filter(under_way).count() < settings.max_concurrency_per_key as usize;
        holds("nobody is parked beside a free place", !(looked_at && free))
            .map_err(|it| it.at(parked.id.to_string()))?;
    }
    Ok(())
}

/// A cursor older than an event that is gone is told so, where that event may have been wanted; one
/// that is as new as all that is gone is not.
pub fn trimmed(rig: &Rig, seen: &Seen) -> Result<(), Deviation> {
    let trimmed = |what: &Selection, after| rig.reads.trimmed(what, after).expect("read");
    let everything = Selection::Filters(Filter::default().into());
    if let Some(last) = seen.lost.last() {
        holds("nothing is gone behind it", !trimmed(&everything, *last))?;
    }
    for (id, events) in &seen.events {
        // Thinned progress is no loss.
        let wanted = |event: &&(Position, EventType)| {
            event.1 != EventType::Progress && seen.lost.contains(&event.0)
        };
        let Some((last, _)) = events.iter().rev().find(wanted) else { continue };
        let at = |it: Deviation| it.at(format!("{id}, of which {last} is gone"));
        holds("a cursor into the log is told", trimmed(&everything, last - 1)).map_err(at)?;
        let of_task = Filter { tasks: [id.clone()].into(), ..Filter::default() };
        let of_task = Selection::Filters(of_task.into());
        holds("a filter of its own is told", trimmed(&of_task, last - 1)).map_err(at)?;
        if let Some(Sight { row, .. }) = seen.tasks.get(id) {
            let itself = Selection::Task { id: id.clone(), seq: row.seq };
            holds("its own watcher is told", trimmed(&itself, last - 1)).map_err(at)?;
            let gone = events.iter().rev().find(|event| seen.lost.contains(&event.0));
            let newer = gone.map_or(*last, |event| event.0);
            holds("and no other", !trimmed(&itself, newer)).map_err(at)?;
            let queue = Filter { queues: vec![row.queue.to_string()], ..Filter::default() };
            let queue = Selection::Filters(queue.into());
            holds("its queue's watcher is told", trimmed(&queue, last - 1)).map_err(at)?;
        }
    }
    Ok(())
}

/// What everybody sees of a task's children is what is so, but where the word of it has to wait; and
/// that word is never far.
pub fn told(seen: &Seen) -> Result<(), Deviation> {
    for Sight { view, row } in seen.tasks.values() {
        let kin = &row.kin;
        let at = |it: Deviation| it.at(row.id.to_string());
        same("the children that are shown", view.children, kin.told).map_err(at)?;
        let wait = kin.tell_at.zip(kin.told_at).map(|(next, last)| next.0 - last.0);
        holds("it waits a moment", wait.is_none_or(|wait| wait == 50)).map_err(at)?;
        if kin.tell_at.is_none() {
            let so = kin.family.map(|family| family.children());
            same("what is told of children", kin.told, so).map_err(at)?;
        }
        let counts_itself = row.lease.as_ref().is_some_and(|lease| lease.percent_pace.is_some());
        if let Some(family) = kin.family
            && kin.tell_at.is_none()
            && !row.state.is_done()
            && !counts_itself
        {
            let percent = view.progress.as_ref().and_then(|progress| progress.percent);
            let reached = percent.is_some_and(|percent| percent >= family.percent());
            holds("a parent is as far as its children", reached).map_err(at)?;
        }
    }
    Ok(())
}

/// Positions have no gap, folding the events gives the tasks, and each task has as many terminal
/// events as `rounds` says; a task that is not named there is gone.
pub fn log(rig: &Rig, rounds: &BTreeMap<TaskId, usize>) -> Result<(), Deviation> {
    let mut folded: HashMap<TaskId, Value> = HashMap::new();
    let mut ends: HashMap<TaskId, usize> = HashMap::new();
    let mut position = 0;
    let history = rig.history();
    for entry in &history {
        same("positions have no gap", entry.position, position + 1)?;
        position += 1;
        if entry.event_type.is_terminal() {
            *ends.entry(entry.task_id.clone()).or_default() += 1;
        }
        fold(&mut folded, entry)?;
    }
    for entry in rig.log(0) {
        let written = &history[entry.position as usize - 1];
        same("an event is as it was written", &entry.json, &written.json)?;
    }
    same("the log's end", rig.end(), position)?;
    for (id, rounds) in rounds {
        let (_, task) = rig.reads.task(id).expect("read").expect("there");
        let task = serde_json::to_value(task).expect("JSON");
        same("folding gives the task", folded.remove(id), Some(task))?;
        same("one terminal event a round", ends.get(id).copied().unwrap_or(0), *rounds)?;
    }
    holds("no other task is left", folded.is_empty())
}

/// What a client does with an event.
fn fold(folded: &mut HashMap<TaskId, Value>, entry: &LogEntry) -> Result<(), Deviation> {
    let mut event: Value = serde_json::from_str(&entry.json).expect("JSON");
    same("its type", event["type"].as_str(), Some(entry.event_type.as_str()))?;
    match entry.event_type {
        EventType::Deleted => {
            folded.remove(&entry.task_id);
        }
        EventType::Progress | EventType::Log => {
            let Some(task) = folded.get_mut(&entry.task_id) else {
                return Err(Deviation(format!("an event of no task: {}", entry.json)));
            };
            if entry.event_type == EventType::Progress {
                task["progress"] = event["progress"].take();
                if let Some(children) = event.get_mut("children") {
                    task["children"] = children.take();
                }
            }
            task["updated_at"] = event["at"].take();
            task["cursor"] = event["cursor"].take();
        }
        _ => {
            folded.insert(entry.task_id.clone(), event["task"].take());
        }
    }
    Ok(())
}
