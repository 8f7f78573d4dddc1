import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useRef } from 'react';

import type { EventPage, Task, TaskEvent } from '../../api';
import { historyOf } from '../../live/history';

/** An event that is more than progress or log lines. */
export type Milestone = Exclude<TaskEvent, { type: 'task.progress' | 'task.log' }>;

// A task that reported for days has a history of many pages; so many are read without being asked.
const PAGES_AT_ONCE = 20;

interface Piece {
  milestones: Milestone[];
  cursor: string;
  behind: boolean;
}

/**
 * A task's milestones, from its history. The stream brings the task itself, not its past; so when the
 * task has changed in a way that must have an event, the history is read on from where it was read to.
 */
export function useTimeline(task: Task): {
  milestones: readonly Milestone[];
  pending: boolean;
  /** There is more history than was read. */
  behind: boolean;
  error: unknown;
  loadMore(): void;
} {
  const query = useInfiniteQuery({
    queryKey: ['timeline', task.id],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => readOn(task, pageParam, signal),
    getNextPageParam: (piece) => piece.cursor,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });
  const { fetchNextPage, isSuccess, isFetching } = query;
  const facts = JSON.stringify([task.state, task.attempt, task.cancel_requested, task.labels, task.priority, task.run_at]);
  const read = useRef('');
  useEffect(() => {
    // A change while a page is on its way may not be in it: it is read for afterwards.
    if (!isSuccess || isFetching || read.current === facts) return;
    read.current = facts;
    void fetchNextPage();
  }, [facts, isSuccess, isFetching, fetchNextPage]);

  const pieces = query.data?.pages;
  const milestones = useMemo(() => pieces?.flatMap((piece) => piece.milestones) ?? [], [pieces]);
  return {
    milestones,
    pending: query.isFetching,
    behind: pieces?.at(-1)?.behind ?? false,
    error: query.error ?? undefined,
    loadMore: () => void (isSuccess ? query.fetchNextPage() : query.refetch()),
  };
}

async function readOn(task: Task, after: string | undefined, signal: AbortSignal): Promise<Piece> {
  const milestones: Milestone[] = [];
  let cursor = after ?? '';
  let pages = 0;
  for await (const page of historyOf(task, after, signal)) {
    milestones.push(...page.items.filter(isMilestone));
    cursor = page.cursor;
    pages += 1;
    if (pages === PAGES_AT_ONCE) return { milestones, cursor, behind: true };
  }
  return { milestones, cursor, behind: false };
}

/** All milestones carry the task as they left it, and nothing else in a history does. */
function isMilestone(event: EventPage['items'][number]): event is Milestone {
  return 'task' in event;
}
