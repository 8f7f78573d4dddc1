import type { State, Task } from '../src/api';

const DONE = new Set<State>(['succeeded', 'failed', 'cancelled']);

/** A task as the server would send it, with what a test cares about. */
export function taskLike(part: Partial<Task> & { id: string }): Task {
  const state = part.state ?? 'queued';
  const self = `/api/v1/tasks/${part.id}`;
  return {
    kind: 'report',
    queue: 'default',
    state,
    done: DONE.has(state),
    labels: {},
    priority: 0,
    attempt: 0,
    max_attempts: 3,
    cancel_grace_seconds: 30,
    created_at: '2026-11-22T09:00:00.000Z',
    updated_at: '2026-11-22T09:00:00.000Z',
    cursor: '0a1b2c3d.1',
    links: {
      self,
      events: `${self}/events`,
      history: `${self}/history`,
      logs: `${self}/logs`,
      attempts: `${self}/attempts`,
      children: `/api/v1/tasks?parent=${part.id}`,
    },
    ...part,
  };
}
