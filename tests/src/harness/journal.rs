//! A watcher that never gives up: what it wrote down must be the log, whatever happened to its
//! connections.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::task::JoinHandle;

use super::{Client, Watcher, soon, watcher::Ending};

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
        let pages = Arc::new(Mutex::new(Pages::default()));
        let (client, path, sink) = (client.clone(), path.to_owned(), pages.clone());
        let reader = tokio::spawn(async move { follow(&client, &path, &sink).await });
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

async fn follow(client: &Client, path: &str, pages: &Mutex<Pages>) {
    loop {
        let last_id = lock(pages).last_id.clone();
        let headers: Vec<(&str, &str)> = match last_id.as_str() {
            "" => vec![],
            id => vec![("Last-Event-ID", id)],
        };
        match Watcher::open(client, path, &headers).await {
            Some(Ok(mut watcher)) => {
                lock(pages).connections += 1;
                if read(&mut watcher, pages).await == Ending::Clean && lock(pages).ended {
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
        let mut pages = lock(pages);
        match item {
            super::Item::Event(message) => {
                ended |= message.event == "stream.end" || message.data == "DONE";
                let is_frame = message.event.starts_with("stream.");
                pages.last_id.clone_from(&message.last_id);
                let entry =
                    Entry { cursor: message.last_id, event: message.event, data: message.data };
                if is_frame { pages.frames.push(entry) } else { pages.entries.push(entry) }
            }
            super::Item::Id(id) => pages.last_id = id,
            super::Item::Retry(_) | super::Item::Comment(_) => {}
        }
    }
    lock(pages).ended |= ended;
    watcher.ending()
}
