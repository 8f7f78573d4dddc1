//! What happens by chance, and how often.

use std::ops::Range;

use proptest::{collection::vec, option, prelude::*};

use super::step::{From, Limits, Rate, Says, Step, Wanted};
use crate::domain::{Retention, schedule::Overlap};

/// Mostly a lease that may still be held: drawn evenly from all, nearly every call would only be
/// refused, and the rules of what follows each other on one lease would hardly be tried.
fn lease() -> impl Strategy<Value = usize> {
    prop_oneof![3 => 0..3usize, 1 => 0..64usize]
}

fn pause() -> impl Strategy<Value = Step> {
    (200..1500i64).prop_map(|milliseconds| Step::Advance { milliseconds })
}

fn restart() -> impl Strategy<Value = Step> {
    prop_oneof![Just(0i64), 1..4000i64].prop_map(|away| Step::Restart { away })
}

/// What shows only later, by when a lease ends: a report said again, as after an answer that was
/// lost, and a restart while a lease runs. Steps drawn one by one hardly ever meet like that.
fn midway() -> impl Strategy<Value = Vec<Step>> {
    let report = (0..3u64, says()).prop_map(|(sequence, says)| Step::Report {
        lease: 0,
        sequence: Some(sequence),
        says,
    });
    let what = prop_oneof![Just(Step::Again), restart()];
    (report, pause(), what, pause()).prop_map(|(report, a, what, b)| vec![report, a, what, b])
}

/// A worker that gets a task, and keeps it while it says more or less of it.
fn at_work() -> impl Strategy<Value = Vec<Step>> {
    let begin = wanted().prop_map(|wanted| {
        let wanted = Wanted { queue: 0, only: None, key: None, delay: 0, priority: 1, ..wanted };
        Step::Submit(alone(wanted))
    });
    let report = says().prop_map(|says| Step::Report { lease: 0, sequence: None, says });
    let told = vec(prop_oneof![report, pause()], 2..6);
    (begin, told).prop_map(|(begin, told)| {
        let wait = 0;
        let lease = Step::Lease { worker: 0, from: From::One(0), most: 1, seconds: 4, wait };
        [vec![begin, lease], told].concat()
    })
}

/// Tasks of one key, more than may be under way.
fn rush() -> impl Strategy<Value = Vec<Step>> {
    let task = || {
        (wanted(), 0..2u8).prop_map(|(wanted, key)| {
            let wanted = Wanted { queue: 1, key: Some(key), delay: 0, only: None, ..wanted };
            Step::Submit(alone(wanted))
        })
    };
    let lease = Step::Lease { worker: 0, from: From::One(1), most: 1, seconds: 5, wait: 2 };
    vec(task(), 2..5).prop_map(move |tasks| [tasks, vec![lease.clone()]].concat())
}

/// More tasks than a queue's limits let begin, and what they allow a little later.
fn limited() -> impl Strategy<Value = Vec<Step>> {
    let rate = (0..2u32, 1..3u32).prop_map(|(doubled, burst)| Rate { doubled, burst });
    let limits = prop_oneof![
        (1..3u32).prop_map(|most| Limits { running: Some(most), per_key: 1, rate: None }),
        rate.prop_map(|rate| Limits { running: None, per_key: 1, rate: Some(rate) }),
    ];
    let task = wanted().prop_map(|wanted| {
        let wanted = Wanted { queue: 1, key: None, deadline: None, only: None, ..wanted };
        Step::Submit(alone(Wanted { delay: 0, ..wanted }))
    });
    let lease = |wait| Step::Lease { worker: 1, from: From::One(1), most: 4, seconds: 2, wait };
    let later = prop_oneof![2 => pause(), 1 => restart()];
    (limits, vec(task, 3..5), later).prop_map(move |(limits, tasks, later)| {
        [vec![Step::Limit(limits)], tasks, vec![lease(0), later, lease(1)]].concat()
    })
}

/// What is no member of any family, and has no key that another may have.
fn alone(wanted: Wanted) -> Wanted {
    Wanted { parent: None, group: None, unique: None, after: Vec::new(), ..wanted }
}

/// A parent, its children, and what becomes of some of them.
fn family() -> impl Strategy<Value = Vec<Step>> {
    let group = prop_oneof![1 => Just(None), 2 => Just(Some(false)), 2 => Just(Some(true))];
    let begin = (wanted(), group).prop_map(|(wanted, group)| {
        let deadline = wanted.deadline.filter(|deadline| *deadline > 2000);
        let wanted = Wanted { queue: 0, delay: 0, only: None, key: None, deadline, ..wanted };
        Step::Submit(Wanted { group, unique: None, after: Vec::new(), ..wanted })
    });
    let children = vec(wanted(), 1..4).prop_map(|children| {
        let child = |(place, wanted): (usize, Wanted)| {
            let wanted = Wanted { queue: 0, delay: 0, only: None, key: None, ..wanted };
            let unique = wanted.unique.filter(|_| place == 0);
            let parent = Some(place);
            Step::Submit(Wanted {
                priority: 1,
                deadline: None,
                group: None,
                parent,
                unique,
                ..wanted
            })
        };
        children.into_iter().enumerate().map(child).collect::<Vec<_>>()
    });
    let lease = Step::Lease { worker: 1, from: From::One(0), most: 3, seconds: 5, wait: 0 };
    let end = || {
        prop_oneof![
            3 => (0..3usize).prop_map(|lease| Step::Complete { lease }),
            2 => (0..3usize, any::<bool>())
                .prop_map(|(lease, retryable)| Step::Fail { lease, retryable, after: 0 }),
            1 => (0..3usize, says())
                .prop_map(|(lease, says)| Step::Report { lease, sequence: None, says }),
        ]
    };
    let people = || {
        prop_oneof![
            3 => (0..5usize).prop_map(|back| Step::CancelBack { back }),
            2 => (0..5usize).prop_map(|back| Step::RetryBack { back }),
            1 => (0..5usize).prop_map(|back| Step::DeleteBack { back }),
        ]
    };
    let meet = || (end(), people()).prop_map(|(end, people)| Step::Together(vec![end, people]));
    let what = prop_oneof![4 => end(), 2 => people(), 2 => meet(), 1 => pause(), 1 => restart()];
    (begin, children, vec(what, 2..7)).prop_map(move |(begin, children, what)| {
        [vec![begin], children, vec![lease.clone()], what].concat()
    })
}

/// Tasks, others that are after them, and what becomes of some of them.
fn pipeline() -> impl Strategy<Value = Vec<Step>> {
    let begin = vec(wanted(), 1..3).prop_map(|first| {
        let quick = |wanted| Wanted { queue: 0, delay: 0, only: None, key: None, ..alone(wanted) };
        let first = first.into_iter().map(quick);
        first.map(|wanted| Step::Submit(Wanted { priority: 1, deadline: None, ..wanted }))
    });
    let behind = vec((wanted(), vec(0..3usize, 1..3), any::<bool>()), 1..4).prop_map(|behind| {
        let one = |(wanted, after, anyway): (Wanted, Vec<usize>, bool)| {
            Step::Submit(Wanted { queue: 0, only: None, after, anyway, ..alone(wanted) })
        };
        behind.into_iter().map(one).collect::<Vec<_>>()
    });
    let lease = Step::Lease { worker: 1, from: From::One(0), most: 2, seconds: 5, wait: 0 };
    let end = || {
        prop_oneof![
            3 => (0..2usize).prop_map(|lease| Step::Complete { lease }),
            2 => (0..2usize).prop_map(|lease| Step::Fail { lease, retryable: false, after: 0 }),
        ]
    };
    let people = || {
        prop_oneof![
            2 => (0..5usize).prop_map(|back| Step::CancelBack { back }),
            3 => (0..5usize).prop_map(|back| Step::RetryBack { back }),
            1 => (0..5usize).prop_map(|back| Step::DeleteBack { back }),
        ]
    };
    let meet = (end(), people()).prop_map(|(end, people)| Step::Together(vec![end, people]));
    let ends = (end(), end()).prop_map(|(a, b)| Step::Together(vec![a, b]));
    let what =
        prop_oneof![4 => end(), 3 => people(), 2 => meet, 1 => ends, 1 => pause(), 1 => restart()];
    (begin, behind, vec(what, 2..7)).prop_map(move |(begin, behind, what)| {
        begin.chain(behind).chain([lease.clone()]).chain(what).collect()
    })
}

fn keeps() -> impl Strategy<Value = Step> {
    let part = || option::weighted(0.4, 1..4u64);
    (option::weighted(0.4, 0..4u64), part(), part(), part()).prop_map(
        |(task_seconds, body_seconds, event_seconds, progress_seconds)| {
            Step::Keep(Retention { task_seconds, body_seconds, event_seconds, progress_seconds })
        },
    )
}

/// Tasks of a queue that does not keep everything, and what becomes of some of them as time passes.
fn kept() -> impl Strategy<Value = Vec<Step>> {
    let free = Step::Limit(Limits { running: None, per_key: 3, rate: None });
    let parent = option::weighted(0.4, Just(0usize));
    let task = (wanted(), parent, option::weighted(0.3, any::<bool>())).prop_map(
        |(wanted, parent, group)| {
            let wanted = Wanted { queue: 1, delay: 0, only: None, key: None, ..alone(wanted) };
            let retention = wanted.retention.filter(|_| wanted.staged);
            Step::Submit(Wanted { priority: 1, deadline: None, retention, parent, group, ..wanted })
        },
    );
    let lease = Step::Lease { worker: 1, from: From::One(1), most: 3, seconds: 5, wait: 0 };
    let what = prop_oneof![
        4 => (0..3usize).prop_map(|lease| Step::Complete { lease }),
        3 => (0..3usize).prop_map(|lease| Step::Fail { lease, retryable: false, after: 0 }),
        2 => (0..3usize, says())
            .prop_map(|(lease, says)| Step::Report { lease, sequence: None, says }),
        4 => (500..3000i64).prop_map(|milliseconds| Step::Advance { milliseconds }),
        2 => (0..3usize).prop_map(|back| Step::CancelBack { back }),
        3 => (0..3usize).prop_map(|back| Step::RetryBack { back }),
        1 => (0..3usize).prop_map(|back| Step::DeleteBack { back }),
        1 => restart(),
        1 => keeps(),
    ];
    (option::weighted(0.7, keeps()), vec(task, 1..4), vec(what, 3..9)).prop_map(
        move |(keeps, tasks, what)| {
            let begin = [free.clone()].into_iter().chain(keeps);
            begin.chain(tasks).chain([lease.clone()]).chain(what).collect()
        },
    )
}

/// A key that goes from one task to the next, and whose first task wants it back.
fn one_key() -> impl Strategy<Value = Vec<Step>> {
    let task = || {
        wanted().prop_map(|wanted| {
            let after = Vec::new();
            let wanted = Wanted { queue: 0, deadline: None, parent: None, after, ..wanted };
            Step::Submit(Wanted { group: None, unique: Some(0), ..wanted })
        })
    };
    let end = Step::CancelBack { back: 0 };
    (task(), task(), 0..2usize).prop_map(move |(first, second, back)| {
        vec![end.clone(), first, end.clone(), second, Step::RetryBack { back }]
    })
}

/// A schedule whose time comes, whatever is set for it meanwhile, and whether or not the server is up.
fn due() -> impl Strategy<Value = Vec<Step>> {
    let begin = (0..2u8, every(), overlap())
        .prop_map(|(schedule, every, overlap)| Step::Schedule { schedule, every, overlap });
    let stop =
        option::of((0..2u8).prop_map(|schedule| Step::PauseSchedule { schedule, paused: true }));
    let long = || (500..3000i64).prop_map(|milliseconds| Step::Advance { milliseconds });
    let away = option::of((2000..4000i64).prop_map(|away| Step::Restart { away }));
    (begin, long(), stop, away, long()).prop_map(|(begin, a, stop, away, b)| {
        [begin, a].into_iter().chain(stop).chain(away).chain([b]).collect()
    })
}

fn every() -> impl Strategy<Value = i64> {
    prop_oneof![Just(1i64), Just(2), Just(5)]
}

fn overlap() -> impl Strategy<Value = Overlap> {
    prop_oneof![Just(Overlap::Skip), Just(Overlap::Allow), Just(Overlap::Cancel)]
}

/// A run of so many scenes, nearly all of one step.
pub fn steps(scenes: Range<usize>) -> impl Strategy<Value = Vec<Step>> {
    let together = vec(call(), 2..6).prop_map(Step::Together);
    let scene = prop_oneof![
        36 => call().prop_map(|step| vec![step]),
        4 => together.prop_map(|step| vec![step]),
        4 => (1..3000i64).prop_map(|milliseconds| vec![Step::Advance { milliseconds }]),
        1 => restart().prop_map(|step| vec![step]),
        2 => midway(),
        2 => at_work(),
        1 => rush(),
        1 => due(),
        3 => family(),
        1 => one_key(),
        2 => pipeline(),
        2 => kept(),
        2 => limited(),
        3 => setting().prop_map(|step| vec![step]),
    ];
    vec(scene, scenes).prop_map(|scenes| scenes.concat())
}

fn call() -> impl Strategy<Value = Step> {
    let leased = (0..2u8, from(), 1..4usize, 1..6u64, prop_oneof![3 => Just(0u64), 1 => 1..4u64]);
    let report = (lease(), option::of(0..3u64), says());
    prop_oneof![
        4 => wanted().prop_map(Step::Submit),
        1 => (vec(wanted(), 1..4), any::<bool>())
            .prop_map(|(tasks, spoiled)| Step::SubmitMany { tasks, spoiled }),
        6 => leased.prop_map(|(worker, from, most, seconds, wait)| Step::Lease {
            worker, from, most, seconds, wait,
        }),
        5 => report.prop_map(|(lease, sequence, says)| Step::Report { lease, sequence, says }),
        3 => lease().prop_map(|lease| Step::Complete { lease }),
        3 => (lease(), any::<bool>(), 0..3u64)
            .prop_map(|(lease, retryable, after)| Step::Fail { lease, retryable, after }),
        2 => lease().prop_map(|lease| Step::Release { lease }),
        3 => Just(Step::Again),
        3 => (0..64usize).prop_map(|task| Step::Cancel { task }),
        2 => (0..64usize).prop_map(|task| Step::Retry { task }),
        1 => (0..64usize).prop_map(|task| Step::Delete { task }),
    ]
}

fn wanted() -> impl Strategy<Value = Wanted> {
    let place = (0..2usize, option::of(0..2u8), -1..2i32, option::weighted(0.2, 0..2u8));
    let tries = (1..4u32, prop_oneof![Just(0i64), 1..5000i64], option::of(1..4u64));
    let ends = (option::weighted(0.2, 0..6000i64), option::weighted(0.3, 0..4u64));
    let kin = (
        option::weighted(0.2, 0..4usize),
        option::of(1..4u8),
        option::weighted(0.1, any::<bool>()),
        option::weighted(0.15, 0..2u8),
        prop_oneof![9 => Just(Vec::new()), 1 => vec(0..6usize, 1..3)],
        any::<bool>(),
    );
    (place, tries, ends, option::of(1..4u64), any::<bool>(), kin).prop_map(
        |((queue, key, priority, only), tries, ends, silence, staged, kin)| {
            let ((attempts, delay, timeout), (deadline, retention)) = (tries, ends);
            let (parent, weight, group, unique, after, anyway) = kin;
            Wanted {
                queue,
                key,
                priority,
                attempts,
                delay,
                deadline,
                timeout,
                silence,
                retention,
                only,
                staged,
                parent,
                weight,
                group,
                unique,
                after,
                anyway,
            }
        },
    )
}

fn from() -> impl Strategy<Value = From> {
    prop_oneof![1 => Just(From::One(0)), 1 => Just(From::One(1)), 2 => Just(From::Both)]
}

fn says() -> impl Strategy<Value = Says> {
    prop_oneof![
        3 => Just(Says::Nothing),
        1 => Just(Says::Line),
        1 => Just(Says::Checkpoint),
        4 => (option::of(0..3u8), option::of(0..101u8))
            .prop_map(|(stage, percent)| Says::Progress { stage, percent }),
    ]
}

/// What people set: limits, and schedules.
fn setting() -> impl Strategy<Value = Step> {
    let rate = (0..3u32, 1..3u32).prop_map(|(doubled, burst)| Rate { doubled, burst });
    let limits = (option::of(1..3u32), 1..3u32, option::of(rate));
    prop_oneof![
        4 => limits.prop_map(|(running, per_key, rate)| {
            Step::Limit(Limits { running, per_key, rate })
        }),
        2 => prop_oneof![1 => Just(true), 2 => Just(false)].prop_map(Step::Pause),
        3 => (1..4u32).prop_map(Step::PerKey),
        2 => (0..2u8, every(), overlap())
            .prop_map(|(schedule, every, overlap)| Step::Schedule { schedule, every, overlap }),
        1 => (0..2u8, any::<bool>())
            .prop_map(|(schedule, paused)| Step::PauseSchedule { schedule, paused }),
        1 => (0..2u8).prop_map(|schedule| Step::RunSchedule { schedule }),
        1 => (0..2u8).prop_map(|schedule| Step::DeleteSchedule { schedule }),
    ]
}
