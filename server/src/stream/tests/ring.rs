//! The ring against the store: whatever is asked, both say the same.

use std::{collections::HashMap, sync::Arc};

use proptest::prelude::*;

use super::script::{EPOCH, Script, id as named};
use crate::{
    domain::{Cursor, EventType, Filter, Filters, Position, State, TaskId, Verdict},
    store::{EntryFacets, LogEntry, LogPage, NewEntry, Selection},
    stream::{
        chunk::Outcome,
        hub::{Hub, Waker},
        ring::Ring,
    },
};

const QUEUES: [&str; 3] = ["default", "other", "milepost.bulk"];
const KINDS: [&str; 2] = ["a", "b"];

fn id(task: u8) -> TaskId {
    TaskId::parse(&format!("task-{task}")).expect("an id")
}

/// What happens to one of eight tasks: its new state and labels.
#[derive(Clone, Debug)]
struct Change {
    task: u8,
    state: usize,
    label: bool,
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let change = (0..8u8, 0..State::ALL.len(), any::<bool>());
    prop::collection::vec(
        change.prop_map(|(task, state, label)| Change { task, state, label }),
        0..80,
    )
}

fn filters() -> impl Strategy<Value = Filter> {
    let state = prop::option::of(0..State::ALL.len());
    (prop::option::of(0..3usize), prop::option::of(0..2usize), state, any::<bool>(), 0..4u8)
        .prop_map(|(queue, kind, state, label, tasks)| Filter {
            tasks: (0..tasks % 3).map(id).collect(),
            queues: queue.map(|at| QUEUES[at].to_owned()).into_iter().collect(),
            kinds: kind.map(|at| KINDS[at].to_owned()).into_iter().collect(),
            states: state.map(|at| State::ALL[at]).into_iter().collect(),
            labels: label.then(|| ("l".to_owned(), "1".to_owned())).into_iter().collect(),
            parent: None,
            error_types: Vec::new(),
        })
}

fn log(changes: &[Change]) -> Vec<Arc<NewEntry>> {
    let mut last: Vec<Option<EntryFacets>> = vec![None; 8];
    let mut events = Vec::new();
    for (at, change) in changes.iter().enumerate() {
        let task = usize::from(change.task);
        let labels = change.label.then(|| ("l".to_owned(), "1".to_owned())).into_iter();
        let after = EntryFacets {
            queue: QUEUES[task % 3].into(),
            kind: KINDS[task % 2].into(),
            state: State::ALL[change.state],
            labels: Arc::new(labels.collect()),
            parent: None,
            error_type: None,
        };
        let before = last[task].replace(after.clone()).filter(|before| *before != after);
        let position = at as Position + 1;
        let entry = LogEntry {
            position,
            event_type: EventType::Updated,
            task_id: id(change.task),
            json: Cursor { epoch: EPOCH, position }.to_string(),
        };
        let task_seq = Position::from(change.task) + 1;
        events.push(Arc::new(NewEntry { entry: Arc::new(entry), after, before, task_seq }));
    }
    events
}

/// What a store would say, one event at a time.
fn told(events: &[Arc<NewEntry>], what: &Selection, after: Position, limit: usize) -> LogPage {
    let end = events.len() as Position;
    let mut page = LogPage { through: end.max(after), at_end: true, ..LogPage::default() };
    for event in events.iter().skip(after as usize) {
        let verdict = match what {
            Selection::Task { seq, .. } if *seq == event.task_seq => Verdict::Deliver,
            Selection::Task { .. } => Verdict::Skip,
            Selection::Filters(filter) => event.verdict(filter),
        };
        if verdict != Verdict::Skip {
            page.entries.push((event.entry.clone(), verdict));
        }
        if page.entries.len() == limit {
            page.through = event.entry.position;
            page.at_end = page.through == end;
            break;
        }
    }
    page
}

fn same(a: &LogPage, b: &LogPage) -> bool {
    (&a.entries, a.through, a.at_end) == (&b.entries, b.through, b.at_end)
}

proptest! {
    #[test]
    fn a_page_of_the_ring_is_the_page_of_the_log(
        changes in changes(),
        filters in prop::collection::vec(filters(), 1..4),
        asked in prop::collection::vec((0..5usize, 0..90u64, 1..9usize, 0..4usize), 1..40),
        commits in prop::collection::vec(1..9usize, 1..40),
    ) {
        let events = log(&changes);
        let ring = Ring::behind(0);
        let mut known = 0;
        let mut commits = commits.into_iter().cycle();
        for (what, after, limit, more) in asked {
            for _ in 0..more {
                let next = (known + commits.next().expect("endless")).min(events.len());
                ring.push(&events[known..next], next as Position);
                known = next;
            }
            let what = match filters.get(what) {
                Some(filter) => Selection::Filters(filter.clone().into()),
                None => Selection::Task { id: id(what as u8), seq: what as Position },
            };
            let page = ring.page(&what, after, limit).expect("all of it is in the ring");
            let expected = told(&events[..known], &what, after, limit);
            prop_assert!(same(&page, &expected), "{what:?} after {after}: {page:?} {expected:?}");
        }
    }
}

proptest! {
    /// The same through the topics of watchers who came at different times.
    #[test]
    fn what_a_topic_knows_is_the_page_of_the_log(
        changes in changes(),
        filters in prop::collection::vec(filters(), 1..4),
        asked in prop::collection::vec((0..11usize, 0..90u64, 1..9usize, 0..4usize), 1..40),
        commits in prop::collection::vec(1..9usize, 1..40),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
        let _entered = runtime.enter();
        let events = log(&changes);
        let hub = Hub::new(0);
        let mut wakers: HashMap<usize, Waker> = HashMap::new();
        let mut known = 0;
        let mut commits = commits.into_iter().cycle();
        for (at, after, limit, more) in asked {
            for _ in 0..more {
                let next = (known + commits.next().expect("endless")).min(events.len());
                let fresh = &events[known..next];
                let mut touched: Vec<_> =
                    fresh.iter().map(|event| event.entry.task_id.clone()).collect();
                touched.sort();
                touched.dedup();
                hub.committed(next as Position, &touched, fresh);
                known = next;
            }
            let what = match filters.get(at) {
                Some(filter) => Selection::Filters(filter.clone().into()),
                None => {
                    let task = (at - filters.len()) as u8;
                    Selection::Task { id: id(task), seq: Position::from(task) + 1 }
                }
            };
            let waker = wakers.entry(at).or_insert_with(|| match &what {
                Selection::Task { id, .. } => hub.watch_task(id),
                Selection::Filters(filters) => hub.watch_filters(filters),
            });
            let page = hub.page(waker, &what, after, limit).expect("all of it is in memory");
            let expected = told(&events[..known], &what, after, limit);
            prop_assert!(same(&page, &expected), "{what:?} after {after}: {page:?} {expected:?}");
        }
    }
}

#[tokio::test]
async fn a_crowd_that_is_woken_together_is_sent_one_chunk() {
    let script = Script::new();
    script.create("a");
    let log = script.log();
    let what = Selection::Task { id: named("a"), seq: 1 };
    let (first, second) = (log.hub.watch_task(&named("a")), log.hub.watch_task(&named("a")));
    let one = log.chunk(&first, &what, 0).await.expect("a chunk");
    let other = log.chunk(&second, &what, 0).await.expect("a chunk");
    assert!(Arc::ptr_eq(&one, &other));
    script.progress("a", 1.0);
    let newer = log.chunk(&first, &what, 0).await.expect("a chunk");
    assert!(newer.through > one.through && newer.events == one.events + 1);
    drop(second);
    let alone = log.chunk(&first, &what, newer.through).await.expect("a chunk");
    let again = log.chunk(&first, &what, newer.through).await.expect("a chunk");
    assert!(!Arc::ptr_eq(&alone, &again), "nothing is kept for nobody");
}

#[tokio::test]
async fn a_chunk_that_says_only_how_far_the_log_goes_is_not_kept() {
    let script = Script::with_ring();
    script.create("a");
    let log = script.log();
    let what = Selection::Task { id: named("a"), seq: 1 };
    let (first, second) = (log.hub.watch_task(&named("a")), log.hub.watch_task(&named("a")));
    assert_eq!(log.chunk(&first, &what, 1).await.expect("a chunk").through, 1);
    let foreign = script.create("b");
    for waker in [&first, &second] {
        let quiet = log.chunk(waker, &what, 1).await.expect("a chunk");
        assert_eq!((quiet.through, quiet.bytes.len()), (foreign, 0), "the cursor moves on");
    }
}

#[tokio::test]
async fn watchers_of_an_id_that_is_used_again_are_not_sent_each_others_chunks() {
    let script = Script::with_ring();
    script.create("a");
    let log = script.log();
    let (first, second) = (log.hub.watch_task(&named("a")), log.hub.watch_task(&named("a")));
    script.happen("a", EventType::Deleted);
    let again = script.create("a");
    let old = Selection::Task { id: named("a"), seq: 1 };
    let new = Selection::Task { id: named("a"), seq: again };
    let of_new = log.chunk(&second, &new, 1).await.expect("a chunk");
    let of_old = log.chunk(&first, &old, 1).await.expect("a chunk");
    assert_eq!((of_new.events, of_new.outcome), (1, Some(Outcome::Open)));
    assert_eq!((of_old.events, of_old.outcome), (1, Some(Outcome::Deleted)));
}

#[tokio::test]
async fn more_than_a_topic_notes_is_found_in_the_ring() {
    let script = Script::with_ring();
    script.create("a");
    let log = script.log();
    let everything = Filters::default();
    let waker = log.hub.watch_filters(&everything);
    for n in 0..5000 {
        script.progress("a", f64::from(n) / 50.0);
    }
    let what = Selection::Filters(everything);
    let page = log.hub.page(&waker, &what, 1, 10_000).expect("all of it is in memory");
    assert_eq!((page.entries.len(), page.through, page.at_end), (5000, 5001, true));
    let page = log.hub.page(&waker, &what, 4990, 10_000).expect("all of it is in memory");
    assert_eq!(page.entries.len(), 11);
}

#[test]
fn what_is_no_longer_or_was_never_in_the_ring_is_for_the_store() {
    let change = |task| Change { task, state: 1, label: false };
    let mut events = log(&(0..8).map(change).collect::<Vec<_>>());
    for event in &mut events {
        let event = Arc::make_mut(event);
        Arc::make_mut(&mut event.entry).json = "x".repeat(5 * 1024 * 1024);
    }
    let everything = Selection::Filters(Filter::default().into());
    let ring = Ring::behind(0);
    ring.push(&events, 8);
    assert!(ring.page(&everything, 0, 10).is_none(), "forty megabytes are too much");
    let page = ring.page(&everything, 5, 10).expect("the newest three are there");
    assert_eq!((page.through, page.at_end), (8, true));

    ring.push(&[], 9);
    assert!(ring.page(&everything, 8, 10).is_none(), "an event it was not given");
    assert!(ring.page(&everything, 9, 10).is_some());
    let started = Ring::behind(100);
    assert!(started.page(&everything, 99, 10).is_none());
    assert!(started.page(&everything, 100, 10).is_some_and(|page| page.entries.is_empty()));
}

#[tokio::test]
async fn what_is_gone_from_the_log_is_not_read_from_memory() {
    let events = log(&vec![Change { task: 0, state: 0, label: false }; 6]);
    let hub = Hub::new(0);
    let everything = Filters::from(Filter::default());
    let waker = hub.watch_filters(&everything);
    let what = Selection::Filters(everything);
    hub.committed(6, &[], &events);
    assert_eq!(hub.page(&waker, &what, 0, 9).map(|page| page.entries.len()), Some(6));
    hub.forget(Some(4));
    for after in 0..4 {
        assert!(hub.page(&waker, &what, after, 9).is_none(), "the store knows what is left");
    }
    assert_eq!(hub.page(&waker, &what, 4, 9).map(|page| page.entries.len()), Some(2));
    hub.forget(None);
    hub.forget(Some(3));
    assert_eq!(hub.page(&waker, &what, 4, 9).map(|page| page.entries.len()), Some(2));
}
