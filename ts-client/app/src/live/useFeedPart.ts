import { useSyncExternalStore } from 'react';

import { feed, type FeedView } from './feed';

/**
 * One thing the feed knows; the component is drawn again only when that changes, not with every
 * report of a worker. `pick` must give the same for the same view: a word, a number, a part of it.
 */
export function useFeedPart<T>(pick: (view: FeedView) => T): T {
  return useSyncExternalStore(feed.subscribe, () => pick(feed.view()));
}
