import { compareCursors, type EventPage, milepost, type Task } from '../api';

const PAGE = 1_000;

/**
 * A task's history, page by page, from behind `after` to at least the event that `task` is the result
 * of. A page may be short, or empty, and not be the last; so its cursor tells how far it went.
 */
export async function* historyOf(
  task: Task,
  after?: string,
  signal?: AbortSignal,
): AsyncGenerator<EventPage, void, undefined> {
  let cursor = after;
  for (;;) {
    const page = await milepost.history(task.id, { after: cursor, limit: PAGE, signal });
    yield page;
    const went = cursor === undefined || page.cursor !== cursor;
    const behind = (compareCursors(page.cursor, task.cursor) ?? 0) < 0;
    if (!went || (page.items.length < PAGE && !behind)) return;
    cursor = page.cursor;
  }
}
