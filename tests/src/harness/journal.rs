//! A watcher that never gives up: what it wrote down must be the log, whatever happened to its
//! connections.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::task::JoinHandle;

use super::{
    Client, Dice, Item, PATIENCE, Watcher, checks::cursor_position, soon, watcher::Ending,
};

/// One event as a watcher got it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its `id:`.
    pub cursor: String,
    pub event: String,
    pub data: String,
}

/// What a reconnecting watcher has seen so far.
#[derive(Debug)]
pub struct Journal {
    pages: Arc<Mutex<Pages>>,
    reader: JoinHandle<()>,
}

#[derive(Debug, Default)]
struct Pages {
    entries: Vec<Entry>,
    /// Frames of the stream itself (`stream.…`), which are not in the log.
    frames: Vec<Entry>,
    last_id: String,
    connections: usize,
    ended: bool,
}

impl Journal {
    /// Watches `path` and reconnects with the last id whenever the connection ends, as an
    /// EventSource does, until it is answered 204 or was told `stream.end`.
    pub fn keep(client: &Client, path: &str) -> Journal {
        Journal::kept(client, path, None)
    }

    /// As [`Journal::keep`], but by one who leaves in the middle, again and again, and reads slowly at
    /// times.
    pub fn keep_fickly(client: &Client, path: &str, dice: Dice) -> Journal {
        Journal::kept(client, path, Some(dice))
    }

    fn kept(client: &Client, path: &str, mut whims: Option<Dice>) -> Journal {
        let pages = Arc::new(Mutex::new(Pages::default()));
        let (client, path, sink) = (client.clone(), path.to_owned(), pages.clone());
        let reader = tokio::spawn(async move { follow(&client, &path, &sink, &mut whims).await });
        Journal { pages, reader }
    }

    pub fn entries(&self) -> Vec<Entry> {
        self.lock().entries.clone()
    }

    pub fn frames(&self) -> Vec<Entry> {
        self.lock().frames.clone()
    }

    /// How often it connected.
    pub fn connections(&self) -> usize {
        self.lock().connections
    }

    /// Waits until it has an entry that fits.
    pub async fn reaches(&self, what: &str, fits: impl Fn(&Entry) -> bool) {
        soon(what, async {
            while !self.lock().entries.iter().any(&fits) {
                self.assert_well();
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
    }

    /// Waits until it has read the log through to this cursor, be it that a snapshot holds it.
    pub async fn reads_through(&self, what: &str, cursor: &str) {
        let end = cursor_position(&cursor.into());
        let deadline = Instant::now() + PATIENCE;
        loop {
            self.assert_well();
            let (reached, state) = {
                let pages = self.lock();
                let reached = match pages.last_id.as_str() {
                    "" => false,
                    id => cursor_position(&id.into()) >= end,
                };
                let Pages { entries, frames, last_id, connections, .. } = &*pages;
                let state = (last_id.clone(), entries.len(), frames.len(), *connections);
                (reached, state)
            };
            if reached {
                return;
            }
            let (last_id, entries, frames, connections) = state;
            assert!(
                Instant::now() < deadline,
                "{what} is not read through to {cursor}, but to {last_id:?}: {entries} entries and \
                 {frames} frames on {connections} connections"
            );
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until the stream has ended for good; what was seen.
    pub async fn whole(&self) -> Vec<Entry> {
        soon("the end of what is watched", async {
            while !self.lock().ended {
                self.assert_well();
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        })
        .await;
        self.entries()
    }

    /// A reader that panicked would otherwise only be waited for in vain.
    fn assert_well(&self) {
        let gave_up = self.reader.is_finished() && !self.lock().ended;
        assert!(!gave_up, "the watcher gave up; its own message is above");
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Pages> {
        lock(&self.pages)
    }
}

impl Drop for Journal {
    fn drop(&mut self) {
        self.reader.abort();
    }
}

fn lock(pages: &Mutex<Pages>) -> std::sync::MutexGuard<'_, Pages> {
    pages.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn follow(client: &Client, path: &str, pages: &Mutex<Pages>, whims: &mut Option<Dice>) {
    loop {
        let last_id = lock(pages).last_id.clone();
        let headers: Vec<(&str, &str)> = match last_id.as_str() {
            "" => vec![],
            id => vec![("Last-Event-ID", id)],
        };
        match Watcher::open(client, path, &headers).await {
            Some(Ok(mut watcher)) => {
                lock(pages).connections += 1;
                let ending = match whims {
                    None => read(&mut watcher, pages).await,
                    Some(dice) => {
                        let stay = Duration::from_millis(50 + dice.roll(3000));
                        let mut watcher = watcher.unchecked();
                        let reading = read_slowly(&mut watcher, pages, dice);
                        tokio::time::timeout(stay, reading).await.unwrap_or(Ending::Cut)
                    }
                };
                if ending == Ending::Clean && lock(pages).ended {
                    return;
                }
            }
            Some(Err(head)) if head.status == 204 => {
                lock(pages).ended = true;
                return;
            }
            Some(Err(head)) => assert_eq!(head.status, 503, "{path} was answered {head:?}"),
            None => {}
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn read(watcher: &mut Watcher, pages: &Mutex<Pages>) -> Ending {
    let mut ended = false;
    while let Some(item) = watcher.item().await {
        ended |= lock(pages).write(item);
    }
    lock(pages).ended |= ended;
    watcher.ending()
}

/// As [`read`], with a pause now and then.
async fn read_slowly(watcher: &mut Watcher, pages: &Mutex<Pages>, dice: &mut Dice) -> Ending {
    let mut ended = false;
    while let Some(item) = watcher.item().await {
        ended |= lock(pages).write(item);
        if dice.roll(100) == 0 {
            tokio::time::sleep(Duration::from_millis(dice.roll(400))).await;
        }
    }
    lock(pages).ended |= ended;
    watcher.ending()
}

impl Pages {
    /// Writes one item down; whether it says that nothing more comes.
    fn write(&mut self, item: Item) -> bool {
        match item {
            Item::Event(message) => {
                let ends = message.event == "stream.end" || message.data == "DONE";
                let is_frame = message.event.starts_with("stream.");
                self.last_id.clone_from(&message.last_id);
                let entry =
                    Entry { cursor: message.last_id, event: message.event, data: message.data };
                if is_frame {
                    self.frames.push(entry)
                } else {
                    self.entries.push(entry)
                }
                return ends;
            }
            Item::Id(id) => self.last_id = id,
            Item::Retry(_) | Item::Comment(_) => {}
        }
        false
    }
}
