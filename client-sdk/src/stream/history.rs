//! The events after a cursor, as pages: one long poll for one filter, and for several filters the
//! pages of all of them put together.

use std::{collections::BTreeMap, time::Duration};

use futures_util::{
    FutureExt, StreamExt, TryFutureExt, TryStreamExt,
    stream::{self, FuturesUnordered},
};
use http::StatusCode;

use super::filter::{EventFilter, Subject};
use crate::{
    Milepost, client,
    client::{REQUEST_LIMIT, within},
    error::Error,
    types::{self, ResetReason},
};

/// How many events one request asks for.
const LIMIT: u64 = 500;
/// How many filters are asked for at once, where nothing is waited for.
const AT_ONCE: usize = 8;

/// Where the events of a stream are asked for.
pub(super) struct History {
    milepost: Milepost,
    subject: Subject,
    /// The filters, in pieces that fit into URLs.
    pieces: Vec<EventFilter>,
}

/// The events of a page in their order, and how far it was read.
pub(super) struct Page {
    pub items: Vec<Item>,
    pub cursor: String,
    /// Why it does not begin after the cursor that was asked for.
    pub reset: Option<ResetReason>,
}

/// An event, as a stream would carry it.
pub(super) struct Item {
    pub name: String,
    pub cursor: String,
    pub data: String,
}

impl From<types::Event> for Item {
    fn from(event: types::Event) -> Self {
        let value = serde_json::to_value(event).unwrap_or_default();
        let text = |field: &str| value[field].as_str().unwrap_or_default().to_owned();
        Item { name: text("type"), cursor: text("cursor"), data: value.to_string() }
    }
}

impl From<types::EventPage> for Page {
    fn from(page: types::EventPage) -> Self {
        let items = page.items.into_iter().map(Item::from).collect();
        Page { items, cursor: page.cursor, reset: page.reset }
    }
}

impl History {
    pub fn new(milepost: Milepost, subject: Subject) -> Self {
        let pieces = match &subject {
            Subject::Task(_) => Vec::new(),
            Subject::Filters(filters) => filters.iter().flat_map(EventFilter::in_pieces).collect(),
        };
        History { milepost, subject, pieces }
    }

    /// The next page after a cursor, or from the beginning of what is kept; where there is nothing
    /// yet, it waits that long for something.
    pub async fn page(&self, after: Option<&str>, wait: Duration) -> Result<Page, Error> {
        match (&self.subject, self.pieces.as_slice()) {
            (Subject::Task(id), _) => self.of_task(id, after, wait).await,
            (_, [filter]) => self.of_filter(filter, after, wait).await,
            (_, pieces) => self.of_any(pieces, after, wait).await,
        }
    }

    async fn of_task(&self, id: &str, after: Option<&str>, wait: Duration) -> Result<Page, Error> {
        let mut request = self.milepost.api().list_task_events().id(id).limit(LIMIT);
        if let Some(after) = after {
            request = request.after(after);
        }
        if let Some(prefer) = prefer(wait) {
            request = request.prefer(prefer);
        }
        match answered(wait, request.send()).await {
            Err(error) if error.status() == Some(StatusCode::NOT_FOUND) => {
                // A task that is gone has no history of its own any more, but the log has its last
                // words.
                let filter = EventFilter { tasks: vec![id.to_owned()], ..Default::default() };
                let page = self.of_filter(&filter, after, Duration::ZERO).await?;
                let deleted = page.items.iter().any(|item| item.name == "task.deleted");
                if deleted && page.reset.is_none() { Ok(page) } else { Err(error) }
            }
            page => page,
        }
    }

    async fn of_filter(
        &self,
        filter: &EventFilter,
        after: Option<&str>,
        wait: Duration,
    ) -> Result<Page, Error> {
        let mut request = self
            .milepost
            .api()
            .list_events()
            .task(filter.tasks.clone())
            .state(filter.states.clone())
            .label(filter.labels.clone())
            .limit(LIMIT);
        if let Some(queue) = &filter.queue {
            request = request.queue(queue);
        }
        if let Some(kind) = &filter.kind {
            request = request.kind(kind);
        }
        if let Some(after) = after {
            request = request.after(after);
        }
        if let Some(prefer) = prefer(wait) {
            request = request.prefer(prefer);
        }
        answered(wait, request.send()).await
    }

    /// Each filter is waited for on its own. Once one has something, all are read that far.
    async fn of_any(
        &self,
        filters: &[EventFilter],
        after: Option<&str>,
        wait: Duration,
    ) -> Result<Page, Error> {
        let mut pages = Vec::with_capacity(filters.len());
        let mut has = None;
        if !wait.is_zero() {
            // Dropped with this block, and with it the polls that still wait.
            let mut polls = FuturesUnordered::new();
            for (at, filter) in filters.iter().enumerate() {
                polls.push(
                    self.of_filter(filter, after, wait).map_ok(move |page| (at, page)).boxed(),
                );
            }
            if let Some((at, page)) = polls.try_next().await? {
                has = Some(at);
                pages.push(page);
            }
        }
        let mut others = Vec::new();
        for (at, filter) in filters.iter().enumerate() {
            if has != Some(at) {
                others.push(self.of_filter(filter, after, Duration::ZERO).boxed());
            }
        }
        let others: Vec<Page> = stream::iter(others).buffered(AT_ONCE).try_collect().await?;
        pages.extend(others);
        merge(pages).ok_or_else(|| {
            Error::InvalidRequest("a stream without a filter is about no task".to_owned())
        })
    }
}

/// The pages of several filters after one cursor as one page, as far as all of them were read.
fn merge(mut pages: Vec<Page>) -> Option<Page> {
    if let Some(at) = pages.iter().position(|page| page.reset.is_some()) {
        return Some(pages.swap_remove(at));
    }
    let through = pages.iter().map(|page| position(&page.cursor)).min()?;
    let mut items: BTreeMap<u64, Item> = BTreeMap::new();
    let mut cursor = None;
    for page in pages {
        for item in page.items {
            let at = position(&item.cursor);
            // What has left one filter and matches another one has left none of them together.
            let is_word = item.name != "stream.left" || !items.contains_key(&at);
            if at <= through && is_word {
                items.insert(at, item);
            }
        }
        if position(&page.cursor) == through {
            cursor = Some(page.cursor);
        }
    }
    Some(Page { items: items.into_values().collect(), cursor: cursor?, reset: None })
}

fn position(cursor: &str) -> u64 {
    cursor.split_once('.').and_then(|(_, position)| position.parse().ok()).unwrap_or(0)
}

fn prefer(wait: Duration) -> Option<String> {
    (!wait.is_zero()).then(|| format!("wait={}", wait.as_secs().max(1)))
}

async fn answered(
    wait: Duration,
    request: impl Future<Output = client::Answer<types::EventPage>>,
) -> Result<Page, Error> {
    Ok(within(wait + REQUEST_LIMIT, request).await?.into_inner().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(items: &[(u64, &str)], through: u64) -> Page {
        let cursor = |position: u64| format!("0000000a.{position}");
        let items = items.iter().map(|(position, name)| Item {
            name: (*name).to_owned(),
            cursor: cursor(*position),
            data: String::new(),
        });
        Page { items: items.collect(), cursor: cursor(through), reset: None }
    }

    fn told(page: &Page) -> Vec<(u64, &str)> {
        page.items.iter().map(|item| (position(&item.cursor), item.name.as_str())).collect()
    }

    #[test]
    fn pages_of_several_filters_are_one_in_order_and_nothing_is_doubled() {
        let merged = merge(vec![
            page(&[(3, "task.started"), (9, "task.log")], 9),
            page(&[(2, "task.queued"), (3, "task.started")], 12),
        ])
        .unwrap();
        let expected = [(2, "task.queued"), (3, "task.started"), (9, "task.log")];
        assert_eq!(
            (told(&merged).as_slice(), merged.cursor.as_str()),
            (&expected[..], "0000000a.9")
        );
    }

    #[test]
    fn nothing_is_told_beyond_where_every_filter_was_read() {
        let merged =
            merge(vec![page(&[(3, "task.log")], 5), page(&[(4, "task.log"), (6, "task.log")], 8)]);
        let merged = merged.unwrap();
        assert_eq!(told(&merged), [(3, "task.log"), (4, "task.log")]);
        assert_eq!(merged.cursor, "0000000a.5");
    }

    #[test]
    fn a_task_that_goes_from_one_filter_to_another_has_not_left() {
        for order in [false, true] {
            let mut pages = vec![
                page(&[(3, "stream.left"), (4, "stream.left")], 5),
                page(&[(3, "task.started")], 5),
            ];
            if order {
                pages.reverse();
            }
            let merged = merge(pages).unwrap();
            assert_eq!(told(&merged), [(3, "task.started"), (4, "stream.left")]);
        }
    }

    #[test]
    fn one_filter_that_cannot_go_on_is_enough_to_begin_anew() {
        let reset = Page { reset: Some(ResetReason::Trimmed), ..page(&[(1, "task.log")], 5) };
        let merged = merge(vec![page(&[(3, "task.log")], 5), reset]).unwrap();
        assert_eq!(merged.reset, Some(ResetReason::Trimmed));
        assert!(merge(Vec::new()).is_none());
    }
}
