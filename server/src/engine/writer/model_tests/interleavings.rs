//! Every order of what can meet on one task, all against the real store.
//!
//! There are too many orders for a transaction each, so they live side by side, a task each: the
//! k-th step of all of them is one go. First the calls; then time passes; then leases are given.
//! The k-th step takes 2^k seconds, so a lease of 2^k seconds ends in exactly that step, whenever
//! before it was given or renewed. That is how one task's lease expires while its neighbour's lives.

use std::collections::BTreeMap;

use super::{
    deviation::{Deviation, holds, same},
    orders::{self, Order},
    rig::Rig,
    rules,
    story::{Act, Story},
    verdict,
};
use crate::{
    domain::State,
    engine::{Command, Reply, lease::MAX_LEASE_SECONDS},
};

/// As many as the writer takes from its queue at once.
const BATCH: usize = 512;

struct Stage {
    rig: Rig,
    stories: Vec<Story>,
}

impl Stage {
    fn new(orders: Vec<Order>) -> Self {
        let mut rig = Rig::new();
        let mut stories = Vec::new();
        for orders in orders.chunks(BATCH) {
            let tasks = orders.iter().map(Story::task);
            let submits = tasks.map(|task| Command::Submit { task, key: None }).collect();
            let ids = rig.round(submits).into_iter().map(|answer| match answer {
                Ok(Reply::Task(task)) => task.id.clone(),
                other => panic!("a task was submitted, and the answer is {other:?}"),
            });
            let rows = rig.rows(ids.collect::<Vec<_>>().iter());
            let cast = orders.iter().cloned().zip(rows);
            stories.extend(cast.map(|(order, row)| Story::new(order, row)));
        }
        Stage { rig, stories }
    }

    /// Makes all the calls of a step, and judges each by the row before and after it.
    fn call(&mut self, step: usize) -> Result<(), Deviation> {
        for stories in self.stories.chunks_mut(BATCH) {
            let calls = stories.iter_mut().filter_map(|story| {
                let call = story.call(step)?;
                Some((story, call))
            });
            let mut calls: Vec<_> = calls.collect();
            let end = self.rig.end();
            let answers = self.rig.round(calls.iter().map(|(_, call)| call.clone()).collect());
            let rows = self.rig.rows(calls.iter().map(|(story, _)| &story.id));
            let mut events = 0;
            for (((story, call), answer), row) in calls.iter_mut().zip(answers).zip(rows) {
                let before = story.turn(row);
                events += u64::from(before.task.cursor != story.row.task.cursor);
                let result = verdict::call(story, call, &answer, &before, self.rig.now());
                result
                    .and_then(|()| story.check_quiet(step, &before))
                    .map_err(tell(story, step))?;
            }
            same("one event a change, and none else", self.rig.end() - end, events)?;
        }
        Ok(())
    }

    /// Lets the step's time pass: leases that end now end, and what waits for its next attempt is
    /// queued again.
    fn pass(&mut self, step: usize) -> Result<(), Deviation> {
        self.rig.pass(1000 << step);
        let expires = |story: &Story| story.act(step) == Some(Act::Expire);
        let moves = |story: &&mut Story| expires(story) || story.row.task.state == State::Retrying;
        let mut stories: Vec<_> = self.stories.iter_mut().filter(moves).collect();
        let rows = self.rig.rows(stories.iter().map(|story| &story.id));
        for (story, row) in stories.iter_mut().zip(rows) {
            let before = story.turn(row);
            let result = verdict::time(&before, &story.row, expires(story));
            result.and_then(|()| story.check_quiet(step, &before)).map_err(tell(story, step))?;
        }
        Ok(())
    }

    /// Gives the leases of a step: those who wait get one, the others none.
    fn lease(&mut self, step: usize) -> Result<(), Deviation> {
        let mut lines: BTreeMap<String, Vec<&mut Story>> = BTreeMap::new();
        for story in &mut self.stories {
            if let Some(Act::Lease | Act::LeaseAgain) = story.act(step) {
                lines.entry(Story::worker(&story.order)).or_default().push(story);
            }
        }
        for (worker, stories) in lines {
            let expires = stories[0].order.step_of(Act::Expire).filter(|expires| *expires > step);
            let seconds = expires.map_or(MAX_LEASE_SECONDS, |expires| 1 << expires);
            let mut given = self.rig.lease_all(&worker, seconds);
            let rows = self.rig.rows(stories.iter().map(|story| &story.id));
            for (story, row) in stories.into_iter().zip(rows) {
                let before = story.turn(row);
                let lease = given.remove(&story.id);
                let result = verdict::lease(story, lease.as_ref(), &before);
                result
                    .and_then(|()| story.check_quiet(step, &before))
                    .map_err(tell(story, step))?;
                story.hands.tokens.extend(lease.map(|lease| lease.token));
            }
            holds("nobody else was given a lease", given.is_empty())?;
        }
        Ok(())
    }

    fn check_log(&self) -> Result<(), Deviation> {
        let ends = |story: &Story| usize::from(story.row.task.state.is_done());
        let rounds = self.stories.iter().map(|story| (story.id.clone(), ends(story)));
        rules::log(&self.rig, &rounds.collect())
    }
}

/// Tells a deviation with the story it happened in.
fn tell(story: &Story, step: usize) -> impl Fn(Deviation) -> Deviation {
    let Order { acts, twist, max_attempts, .. } = story.order.clone();
    move |deviation| {
        deviation.at(format!("step {step} of {acts:?}, {twist:?}, {max_attempts} attempts"))
    }
}

fn play(orders: Vec<Order>) {
    let mut stage = Stage::new(orders);
    let mut all = || {
        for step in 1..=8 {
            stage.call(step)?;
            stage.pass(step)?;
            stage.lease(step)?;
        }
        stage.check_log()
    };
    let result: Result<(), Deviation> = all();
    if let Err(Deviation(why)) = result {
        panic!("{why}");
    }
}

#[test]
fn every_order_of_what_can_meet_on_a_task_keeps_what_the_protocol_promises() {
    play(orders::different());
}

/// The same without leaving any out because it comes to the same as another.
#[test]
#[ignore = "40,320 orders in six settings take some ten minutes in a debug build"]
fn every_single_order_keeps_what_the_protocol_promises() {
    for orders in orders::all().chunks(8 * 7 * 6 * 5 * 4) {
        play(orders.to_vec());
    }
}
