import { useQueries } from '@tanstack/react-query';
import { useMemo, useState } from 'react';

import { milepost, type State, type Task } from '../../../api';
import { feed, useFeed } from '../../../live/feed';
import type { Branch } from './rows';
import { type FamilySearch, type Standing, statesOf } from './search';

const PAGE = 200;

interface LoadedPage {
  next: string | undefined;
  /** When the oldest task of the page was created. */
  floor: string | undefined;
}

type Tokens = readonly (string | undefined)[];
const FIRST: Tokens = [undefined];

export interface Family {
  /** The children of the task and of those that are open, by their parent's id. */
  branches: ReadonlyMap<string, Branch>;
  /** Reads the next page of a task's children; after an error, what could not be read. */
  loadMore(parent: string): void;
}

/**
 * The children of a task and of those below it that are open. Lists bring what is there; from then on the
 * page's feed keeps it current, as it does with the table of all tasks.
 */
export function useFamily(root: string, { children: standing, open }: FamilySearch): Family {
  const { tasks, ready, generation } = useFeed();
  // The pages that were asked for, by what is listed: each is named by the one before it.
  const [asked, setAsked] = useState<Readonly<Record<string, Tokens>>>({});
  const lists = [root, ...(open ?? []).filter((id) => id !== root)].map((parent) => {
    const show = parent === root ? standing : undefined;
    const key = `${parent} ${show ?? ''}`;
    return { parent, show, key, tokens: asked[key] ?? FIRST };
  });
  const results = useQueries({
    queries: lists.flatMap(({ parent, show, tokens }) =>
      tokens.map((token) => ({
        queryKey: ['children', generation, parent, show, token],
        queryFn: ({ signal }: { signal: AbortSignal }) => loadPage(parent, show, token, signal),
        enabled: ready,
        staleTime: Number.POSITIVE_INFINITY,
      })),
    ),
  });

  const byParent = useMemo(() => groupByParent(tasks), [tasks]);
  const branches = new Map<string, Branch>();
  const ends = new Map<string, { key: string; tokens: Tokens; next: string | undefined; retry: (() => void) | undefined }>();
  let at = 0;
  for (const { parent, show, key, tokens } of lists) {
    const own = results.slice(at, at + tokens.length);
    at += tokens.length;
    // Pages are read in order; below one that is missing nothing is known for sure.
    const missing = own.findIndex(({ data }) => data === undefined);
    const pages = (missing === -1 ? own : own.slice(0, missing)).flatMap(({ data }) => data ?? []);
    const failed = own.find(({ isError }) => isError);
    const next = missing === -1 ? pages.at(-1)?.next : undefined;
    const hasMore = missing > 0 || next !== undefined;
    const floor = hasMore ? pages.findLast((page) => page.floor !== undefined)?.floor : undefined;
    branches.set(parent, {
      tasks: pages.length === 0 ? [] : shown(byParent.get(parent) ?? [], floor, statesOf(show)),
      hasMore,
      loading: missing !== -1 && failed === undefined,
      error: failed?.error ?? undefined,
    });
    ends.set(parent, { key, tokens, next, retry: failed && (() => void failed.refetch()) });
  }

  const loadMore = (parent: string) => {
    const end = ends.get(parent);
    if (end === undefined) return;
    const { key, tokens, next, retry } = end;
    if (retry !== undefined) retry();
    else if (next !== undefined) setAsked((before) => ({ ...before, [key]: [...tokens, next] }));
  };
  return { branches, loadMore };
}

async function loadPage(parent: string, show: Standing | undefined, page: string | undefined, signal: AbortSignal): Promise<LoadedPage> {
  const state = statesOf(show);
  const answer = await milepost.listTasks({ parent, ...(state && { state }), limit: PAGE, page, signal });
  feed.put(answer.items);
  return { next: answer.next_page, floor: answer.items.at(-1)?.created_at };
}

function shown(tasks: readonly Task[], floor: string | undefined, states: readonly State[] | undefined): readonly Task[] {
  return tasks.filter(
    (task) => (floor === undefined || task.created_at >= floor) && (states === undefined || states.includes(task.state)),
  );
}

function groupByParent(tasks: readonly Task[]): ReadonlyMap<string, Task[]> {
  const groups = new Map<string, Task[]>();
  for (const task of tasks) {
    if (task.parent_id === undefined) continue;
    const group = groups.get(task.parent_id);
    if (group === undefined) groups.set(task.parent_id, [task]);
    else group.push(task);
  }
  return groups;
}
