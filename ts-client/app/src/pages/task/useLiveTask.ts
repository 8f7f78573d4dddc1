import { type LiveTask, useTask, useTasks } from '@milepost/client/react';
import { useEffect } from 'react';

import { compareCursors, type Task } from '../../api';
import { feed } from '../../live/feed';
import { OWN_QUEUE } from '../../live/own';
import { useFeedPart } from '../../live/useFeedPart';

/**
 * Whether a task whose stream has ended is known to go on. Only what is newer than its end counts: the
 * feed may hear of the end later, and what it knew before would open the stream again and again.
 */
export function isRevived(live: Pick<LiveTask, 'status'> & { task?: Pick<Task, 'cursor'> | undefined }, goesOnAt: string | undefined): boolean {
  if (live.status !== 'ended' || goesOnAt === undefined) return false;
  return live.task === undefined || (compareCursors(goesOnAt, live.task.cursor) ?? 0) > 0;
}

/** A task, live for as long as its page is open: also when it is done and somebody retries it later. */
export function useLiveTask(id: string): LiveTask & { deleted: boolean } {
  const live = useTask(id);
  // A stream ends with its task; the page's feed goes on, and sees what becomes of it.
  const goesOnAt = useFeedPart(() => {
    const known = feed.get(id);
    return known?.done === false ? known.cursor : undefined;
  });
  // What the feed leaves out is followed on by itself.
  const { tasks: own } = useTasks(live.task?.queue === OWN_QUEUE ? { task: id, queue: OWN_QUEUE } : null);
  const now = own[0];
  const deleted = useFeedPart(() => feed.isDeleted(id));
  const revived = isRevived(live, goesOnAt);
  const { restart } = live;
  useEffect(() => {
    if (revived) restart();
  }, [revived, restart]);
  const isNewer = now !== undefined && (compareCursors(now.cursor, live.task?.cursor ?? now.cursor) ?? 0) > 0;
  return { ...live, ...(isNewer && { task: now }), deleted };
}
