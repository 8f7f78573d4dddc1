import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';

import { ACTIVE, milepost, type State, STATES, type Task } from '../../api';
import { type Feed, feed, useFeed } from '../../live/feed';
import { useKept } from '../../parts/useKept';
import type { Count } from './Counts';
import { type Filters, isFiltered, matches } from './filters';

const PAGE = 100;
// More rows than this are not looked through by eye; a filter reaches the older ones.
const MOST_ROWS = 3_000;

export interface TaskList {
  /** Those the filters let through, newest first, without holes. */
  tasks: readonly Task[];
  /** All that are known. */
  all: readonly Task[];
  counts: Record<State, Count>;
  ready: boolean;
  error: unknown;
  hasMore: boolean;
  loadingMore: boolean;
  /** So many rows that no more are loaded. */
  full: boolean;
  loadMore(): void;
  retry(): void;
}

interface LoadedPage {
  next: string | undefined;
  /** When the oldest task of the page was created. */
  floor: string | undefined;
}

/**
 * The rows of the table: the feed's tasks that match, down to where the list of just these tasks has
 * been read. Below that the feed may know single tasks, with holes between them that nobody sees.
 * Another feed than the page's has tasks that the page's leaves out.
 */
export function useTaskList(filters: Filters, source: Feed = feed): TaskList {
  const { tasks: all, ready, generation, error: feedError, floor: feedFloor, activeKnown, allKnown } = useFeed(source);
  const query = useInfiniteQuery({
    queryKey: ['tasks', source.serial, generation, filters],
    enabled: ready,
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) => loadPage(source, filters, pageParam, signal),
    getNextPageParam: (page) => page.next,
    // What is in a list goes on living in the feed; asking again would bring nothing new.
    staleTime: Number.POSITIVE_INFINITY,
    placeholderData: (before, asked) => (asked?.queryKey[3] === filters ? keepPreviousData(before) : undefined),
  });

  const pages = query.data?.pages;
  const hasMore = query.hasNextPage;
  const tasks = useMemo(() => {
    const floor = pages === undefined ? feedFloor : hasMore ? floorOf(pages) : undefined;
    return all.filter((task) => (floor === undefined || task.created_at >= floor) && matches(task, filters));
  }, [all, filters, pages, hasMore, feedFloor]);
  const counts = useKept(useMemo(() => countByState(all, activeKnown, allKnown), [all, activeKnown, allKnown]));

  const { fetchNextPage, refetch } = query;
  const full = tasks.length >= MOST_ROWS;
  const loadMore = useCallback(() => void fetchNextPage(), [fetchNextPage]);
  const retry = useCallback(() => {
    if (source.view().ready) void refetch();
    else source.reconnect();
  }, [refetch, source]);
  return {
    tasks,
    all,
    counts,
    // While a list is on its way, what matches already is shown; "nothing" is said only when known.
    ready: ready && (pages !== undefined || tasks.length > 0),
    error: ready ? (query.error ?? undefined) : feedError,
    hasMore: hasMore && !full,
    loadingMore: query.isFetchingNextPage,
    full,
    loadMore,
    retry,
  };
}

async function loadPage(source: Feed, filters: Filters, page: string | undefined, signal: AbortSignal): Promise<LoadedPage> {
  const { label, ...others } = filters;
  const labels = Object.fromEntries((label ?? []).map((text) => splitLabel(text)));
  const answer = await milepost.listTasks({ ...others, ...(label && { labels }), limit: PAGE, page, signal });
  source.put(answer.items);
  if (answer.next_page === undefined && !isFiltered(filters)) source.noteAllKnown();
  return { next: answer.next_page, floor: answer.items.at(-1)?.created_at };
}

/** Where a list has been read to; a page may be empty and still not be the last. */
function floorOf(pages: readonly LoadedPage[]): string | undefined {
  return pages.findLast((page) => page.floor !== undefined)?.floor;
}

function splitLabel(text: string): [string, string] {
  const at = text.indexOf('=');
  return [text.slice(0, at), text.slice(at + 1)];
}

function countByState(tasks: readonly Task[], activeKnown: boolean, allKnown: boolean): Record<State, Count> {
  const active: readonly State[] = ACTIVE;
  const counts = Object.fromEntries(
    STATES.map((state) => [state, { value: 0, atLeast: active.includes(state) ? !activeKnown : !allKnown }]),
  ) as Record<State, Count>;
  for (const task of tasks) {
    const count = counts[task.state];
    if (count) count.value += 1;
  }
  return counts;
}
