// @vitest-environment jsdom
// The feed against a server of a few lines: what it asks for, in which order, and what it makes of it.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import type { StreamState, Task, WatchedEvent } from '../src/api';
import { milepost } from '../src/api';
import { Feed } from '../src/live/feed';
import { taskLike } from './tasks';

/** One opened stream: what it was asked for, and the way to send down it. */
interface Opened {
  after: string | undefined;
  send(event: WatchedEvent): void;
  tell(state: StreamState): void;
}

const server = {
  logEnd: '0a1b2c3d.10',
  tasks: [] as Task[],
  calls: [] as string[],
  opened: [] as Opened[],
};
let stop = () => {};

beforeEach(() => {
  Object.assign(server, { logEnd: '0a1b2c3d.10', tasks: [], calls: [], opened: [] });
  vi.spyOn(milepost, 'system').mockImplementation(async () => {
    server.calls.push('system');
    return { log_end: server.logEnd, started_at: new Date().toISOString(), uptime_seconds: 0 } as never;
  });
  vi.spyOn(milepost, 'listTasks').mockImplementation(async ({ state } = {}) => {
    server.calls.push('list');
    return { items: server.tasks.filter((task) => state === undefined || state.includes(task.state)) };
  });
  vi.spyOn(milepost, 'follow').mockImplementation((_filter, { after, onState, signal } = {}) => {
    server.calls.push('watch');
    const waiting: WatchedEvent[] = [];
    let wake: (() => void) | undefined;
    signal?.addEventListener('abort', () => wake?.());
    async function* events() {
      for (;;) {
        if (signal?.aborted) return;
        const event = waiting.shift();
        if (event) yield event;
        else await new Promise<void>((resolve) => (wake = resolve));
      }
    }
    server.opened.push({
      after,
      send: (event) => {
        waiting.push(event);
        wake?.();
      },
      tell: (state) => onState?.(state),
    });
    return Object.assign(events(), { cursor: after }) as never;
  });
});

afterEach(() => {
  stop();
  vi.restoreAllMocks();
});

async function started(): Promise<Feed> {
  const feed = new Feed();
  stop = feed.start();
  await vi.waitFor(() => expect(server.opened).toHaveLength(1));
  return feed;
}

function event(type: 'task.queued' | 'task.deleted', task: Task, cursor: string): WatchedEvent {
  const { id, attempt } = task;
  return { type, cursor, task_id: id, at: task.updated_at, attempt, task: { ...task, cursor } } as WatchedEvent;
}

test('the end of the log is noted before the lists are read, and the stream goes on from there', async () => {
  server.tasks = [taskLike({ id: 'a' }), taskLike({ id: 'b', state: 'succeeded' })];
  const feed = await started();
  expect(server.calls).toEqual(['system', 'list', 'list', 'watch']);
  expect(server.opened[0]?.after).toBe('0a1b2c3d.10');
  expect(feed.view()).toMatchObject({ ready: true, allKnown: true, activeKnown: true, generation: 1 });
  expect(feed.view().tasks.map((task) => task.id)).toEqual(['b', 'a']);
});

test('a task that is submitted later appears', async () => {
  const feed = await started();
  server.opened[0]?.send(event('task.queued', taskLike({ id: 'new' }), '0a1b2c3d.11'));
  await vi.waitFor(() => expect(feed.view().tasks.map((task) => task.id)).toEqual(['new']));
});

test('a task that was deleted is not brought back by a list that was on its way', async () => {
  const task = taskLike({ id: 'a', state: 'succeeded' });
  server.tasks = [task];
  const feed = await started();
  server.opened[0]?.send(event('task.deleted', task, '0a1b2c3d.12'));
  await vi.waitFor(() => expect(feed.view().tasks).toEqual([]));
  feed.put([task]);
  expect(feed.get('a')).toBeUndefined();
  expect(feed.isDeleted('a')).toBe(true);
});

test('when its position is lost it begins anew, and says so', async () => {
  server.tasks = [taskLike({ id: 'a' })];
  const feed = await started();
  server.tasks = [taskLike({ id: 'other', cursor: 'ffffffff.3' })];
  server.logEnd = 'ffffffff.9';
  server.opened[0]?.send({ type: 'stream.reset', reason: 'epoch' });
  await vi.waitFor(() => expect(server.opened).toHaveLength(2));
  expect(server.opened[1]?.after).toBe('ffffffff.9');
  expect(feed.view().generation).toBe(2);
  expect(feed.view().tasks.map((task) => task.id)).toEqual(['other']);
});

test('a lost connection is said, and what is known stays', async () => {
  server.tasks = [taskLike({ id: 'a' })];
  const feed = await started();
  server.opened[0]?.tell({ status: 'live' });
  expect(feed.view().connection).toBe('live');
  server.opened[0]?.tell({ status: 'reconnecting', error: undefined, failures: 1, delay: 1_000 });
  expect(feed.view().connection).toBe('reconnecting');
  server.opened[0]?.tell({ status: 'reconnecting', error: undefined, failures: 9, delay: 1_000 });
  expect(feed.view().connection).toBe('offline');
  expect(feed.view().tasks).toHaveLength(1);
});

test('a server that does not answer at first is asked again', async () => {
  vi.mocked(milepost.system).mockRejectedValueOnce(new Error('no answer'));
  const feed = new Feed();
  stop = feed.start();
  await vi.waitFor(() => expect(feed.view().error?.message).toBe('no answer'));
  expect(feed.view()).toMatchObject({ ready: false, connection: 'reconnecting' });
  feed.reconnect();
  await vi.waitFor(() => expect(feed.view().ready).toBe(true));
  expect(feed.view().error).toBeUndefined();
});
