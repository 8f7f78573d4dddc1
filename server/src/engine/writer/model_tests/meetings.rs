//! Every order of what can meet in a family, along a dependency, around a unique key and with a queue
//! that keeps nothing for long: each on a database of its own, held against the model after each step.
//!
//! Shorter orders are also played with two neighbours in one transaction, at every place; the full run
//! takes longer scenes, and any neighbours together.

use super::{
    run,
    step::{Fate, From, Limits, Step, Wanted},
};
use crate::domain::Retention;

/// What has happened before, and what can then happen in any order.
struct Scene {
    name: &'static str,
    before: Vec<Step>,
    acts: Vec<Step>,
    /// So many of the acts, the first ones, are played every day.
    daily: usize,
}

/// So many seconds after its end a task of the second queue goes, in the scenes that are about that.
const KEPT: u64 = 1;

fn task() -> Wanted {
    Wanted { queue: 1, attempts: 2, priority: 1, ..Wanted::default() }
}

fn child() -> Wanted {
    Wanted { parent: Some(0), ..task() }
}

fn lease() -> Step {
    Step::Lease { worker: 0, from: From::One(1), most: 4, seconds: 3, wait: 0 }
}

/// Nobody holds what was leased before any more, and what ended before is kept no longer.
fn expire() -> Step {
    Step::Advance { milliseconds: 4000 }
}

fn restart() -> Step {
    Step::Restart { away: 1000 }
}

fn keep(seconds: u64) -> Vec<Step> {
    let free = Step::Limit(Limits { running: None, per_key: 1, rate: None });
    let task_seconds = Some(seconds);
    vec![free, Step::Keep(Retention { task_seconds, ..Retention::default() })]
}

fn families() -> Vec<Scene> {
    use Fate::*;
    let of_group = |collects| {
        let group = Wanted { group: Some(collects), ..task() };
        let last = Wanted { parent: Some(1), ..task() };
        vec![Step::Submit(group), Step::Submit(child()), Step::Submit(last), lease()]
    };
    let worked = || vec![Step::Submit(task()), Step::Submit(child()), lease()];
    vec![
        Scene {
            name: "a parent is cancelled while its last child ends",
            before: worked(),
            acts: vec![
                Step::Of(0, Cancel),
                Step::Of(1, Complete),
                Step::Of(1, Fail),
                expire(),
                Step::Of(1, Retry),
                Step::Of(0, Retry),
                Step::Of(1, Delete),
            ],
            daily: 4,
        },
        Scene {
            name: "a group that fails at once is cancelled and retried while its last child ends",
            before: of_group(false),
            acts: vec![
                Step::Of(0, Cancel),
                Step::Of(1, FailForGood),
                Step::Of(2, Complete),
                Step::Of(0, Retry),
                expire(),
                Step::Of(1, Retry),
                lease(),
            ],
            daily: 4,
        },
        Scene {
            name: "a group that waits for all is cancelled and retried while its last child ends",
            before: of_group(true),
            acts: vec![
                Step::Of(1, FailForGood),
                Step::Of(2, Complete),
                Step::Of(0, Retry),
                Step::Of(1, Delete),
                Step::Of(0, Cancel),
                expire(),
                restart(),
            ],
            daily: 4,
        },
        Scene {
            name: "what is done in a family goes between any two steps",
            before: [keep(KEPT), worked()].concat(),
            acts: vec![
                Step::Of(0, Complete),
                Step::Of(1, FailForGood),
                expire(),
                Step::Of(1, Retry),
                Step::Of(0, Cancel),
                Step::Advance { milliseconds: 1500 },
                Step::Submit(child()),
            ],
            daily: 4,
        },
        Scene {
            name: "children of a group go between any two steps",
            before: [keep(KEPT), of_group(true)].concat(),
            acts: vec![
                Step::Of(1, FailForGood),
                expire(),
                Step::Of(2, Cancel),
                Step::Of(0, Retry),
                Step::Of(0, Cancel),
                restart(),
                Step::Advance { milliseconds: 1500 },
            ],
            daily: 4,
        },
    ]
}

fn dependencies() -> Vec<Scene> {
    use Fate::*;
    let behind = |anyway| Wanted { after: vec![0], anyway, ..task() };
    let two = |anyway| vec![Step::Submit(task()), lease(), Step::Submit(behind(anyway))];
    let acts = || {
        vec![
            Step::Of(0, FailForGood),
            Step::Of(0, Retry),
            Step::Of(1, Cancel),
            Step::Of(1, Retry),
            Step::Of(0, Delete),
            Step::Of(1, Delete),
            Step::Of(0, Cancel),
        ]
    };
    let gone = vec![
        Step::Of(0, FailForGood),
        expire(),
        Step::Of(1, Retry),
        Step::Of(0, Retry),
        Step::Of(1, Cancel),
        lease(),
        restart(),
    ];
    vec![
        Scene {
            name: "a dependency is lost while who waits is cancelled and retried",
            before: two(false),
            acts: acts(),
            daily: 4,
        },
        Scene {
            name: "a dependency is lost while who waits anyway is cancelled and retried",
            before: two(true),
            acts: acts(),
            daily: 4,
        },
        Scene {
            name: "a dependency goes between any two steps",
            before: [keep(KEPT), two(false)].concat(),
            acts: gone.clone(),
            daily: 4,
        },
        Scene {
            name: "a dependency of who waits anyway goes between any two steps",
            before: [keep(KEPT), two(true)].concat(),
            acts: gone,
            daily: 4,
        },
        Scene {
            name: "of two dependencies one fails, and the other is retried",
            before: vec![
                Step::Submit(task()),
                Step::Submit(task()),
                lease(),
                Step::Submit(Wanted { after: vec![0, 1], ..task() }),
            ],
            acts: vec![
                Step::Of(0, FailForGood),
                Step::Of(1, Cancel),
                Step::Of(1, Complete),
                Step::Of(0, Retry),
                Step::Of(2, Retry),
                Step::Of(1, Delete),
                restart(),
            ],
            daily: 4,
        },
    ]
}

fn keys() -> Vec<Scene> {
    use Fate::*;
    let keyed = || Step::Submit(Wanted { unique: Some(0), ..task() });
    let acts = || {
        vec![
            Step::Of(0, FailForGood),
            keyed(),
            keyed(),
            Step::Of(0, Retry),
            Step::Of(1, Cancel),
            expire(),
            Step::Of(0, Delete),
        ]
    };
    vec![
        Scene {
            name: "two ask for a key around the end of who has it",
            before: vec![keyed(), lease()],
            acts: acts(),
            daily: 4,
        },
        Scene {
            name: "who had a key goes between any two steps",
            before: [keep(KEPT), vec![keyed(), lease()]].concat(),
            acts: vec![
                Step::Of(0, Complete),
                expire(),
                keyed(),
                Step::Of(0, Retry),
                Step::Of(1, Cancel),
                restart(),
                keyed(),
            ],
            daily: 4,
        },
    ]
}

fn orders(acts: &[Step]) -> Vec<Vec<Step>> {
    let mut found = vec![Vec::new()];
    for act in acts {
        let grown = found.iter().flat_map(|order| {
            (0..=order.len()).map(|at| {
                let mut order = order.clone();
                order.insert(at, act.clone());
                order
            })
        });
        found = grown.collect();
    }
    found
}

/// Whether a step is a call, that can share its transaction.
fn is_call(step: &Step) -> bool {
    !matches!(step, Step::Advance { .. } | Step::Restart { .. })
}

/// An order with neighbours joined as the bits say; nothing where one of them is no call.
fn joined(order: &[Step], bits: usize) -> Option<Vec<Step>> {
    let mut steps: Vec<Vec<Step>> = Vec::new();
    for (at, step) in order.iter().enumerate() {
        match steps.last_mut().filter(|_| at > 0 && bits >> (at - 1) & 1 == 1) {
            Some(last) if is_call(step) && last.iter().all(is_call) => last.push(step.clone()),
            Some(_) => return None,
            None => steps.push(vec![step.clone()]),
        }
    }
    let together = |mut steps: Vec<Step>| match steps.len() {
        1 => steps.remove(0),
        _ => Step::Together(steps),
    };
    Some(steps.into_iter().map(together).collect())
}

/// Plays all orders of so many of a scene's acts, with the neighbours joined that are wanted.
fn play(scene: &Scene, most: usize, wanted: impl Fn(usize) -> bool) {
    let acts = &scene.acts[..most];
    for order in orders(acts) {
        let ways = (0..1usize << (order.len() - 1)).filter(|bits| wanted(*bits));
        for steps in ways.filter_map(|bits| joined(&order, bits)) {
            // What has still to come does so at the end, and so shows.
            let after = [lease(), expire(), Step::Advance { milliseconds: 4000 }];
            let all = [&scene.before[..], &steps, &after].concat();
            if let Err(why) = run(&all) {
                panic!("{}, as {steps:#?}: {}", scene.name, why.0);
            }
        }
    }
}

fn daily(scenes: Vec<Scene>) {
    for scene in &scenes {
        play(scene, scene.daily, |bits| bits == 0);
        play(scene, scene.daily - 1, |bits| bits.count_ones() == 1);
    }
}

fn all(scenes: Vec<Scene>) {
    scenes.iter().for_each(|scene| play(scene, scene.acts.len() - 2, |_| true));
    scenes.iter().for_each(|scene| play(scene, scene.acts.len() - 1, |bits| bits == 0));
    scenes.iter().for_each(|scene| {
        let last: Vec<_> = scene.acts.iter().rev().cloned().collect();
        let turned = Scene { acts: last, before: scene.before.clone(), ..*scene };
        play(&turned, scene.acts.len() - 1, |bits| bits == 0);
    });
}

#[test]
fn families_keep_what_the_protocol_promises_in_every_order() {
    daily(families());
}

#[test]
fn dependencies_keep_what_the_protocol_promises_in_every_order() {
    daily(dependencies());
}

#[test]
fn unique_keys_keep_what_the_protocol_promises_in_every_order() {
    daily(keys());
}

#[test]
#[ignore = "forty thousand orders, each on a database of its own, take about an hour"]
fn all_scenes_keep_what_the_protocol_promises_in_every_order() {
    all([families(), dependencies(), keys()].into_iter().flatten().collect());
}
