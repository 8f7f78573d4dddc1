import { type LiveTask, useTask } from '@milepost/client/react';
import { useEffect } from 'react';

import { feed } from '../../live/feed';
import { useFeedPart } from '../../live/useFeedPart';

/** A task, live for as long as its page is open: also when it is done and somebody retries it later. */
export function useLiveTask(id: string): LiveTask & { deleted: boolean } {
  const live = useTask(id);
  // A stream ends with its task; the page's feed goes on, and sees what becomes of it.
  const goesOn = useFeedPart(() => feed.get(id)?.done === false);
  const deleted = useFeedPart(() => feed.isDeleted(id));
  const revived = live.status === 'ended' && goesOn;
  const { restart } = live;
  useEffect(() => {
    if (revived) restart();
  }, [revived, restart]);
  return { ...live, deleted };
}
