// What stands in a schedule's form, and the way from there to a request.

import type { NewSchedule, Overlap, Schedule, ScheduleChange, ScheduledTask } from '../../api';
import { firstName } from '../../parts/refusal';
import { jsonError, parseExactly } from '../../parts/json';

export interface Draft {
  id: string;
  cron: string;
  time_zone: string;
  overlap: Overlap;
  kind: string;
  queue: string;
  /** JSON as typed. */
  input: string;
}

/** The form for a schedule, or for a new one. */
export function draftOf(schedule: Schedule | undefined): Draft {
  const task = schedule?.task;
  return {
    id: schedule?.id ?? '',
    cron: schedule?.cron ?? '',
    time_zone: schedule?.time_zone ?? 'UTC',
    overlap: schedule?.overlap ?? 'skip',
    kind: task?.kind ?? '',
    queue: task?.queue ?? 'default',
    input: task?.input === undefined ? '' : JSON.stringify(task.input, null, 2),
  };
}

export const validate = {
  cron: (cron: string) => (cron.trim() === '' ? 'Say when it runs' : null),
  kind: (kind: string) => (kind.trim() === '' ? 'Name the kind of work' : null),
  input: jsonError,
};

/** The schedule a valid draft stands for. */
export function toRequest(draft: Draft): NewSchedule {
  const id = draft.id.trim();
  return { ...(id !== '' && { id }), ...ruleOf(draft), task: taskOf(draft, {}) };
}

/**
 * The change that makes `schedule` what the draft says. A task is replaced as a whole: what the form
 * does not show of it is kept, and one that nobody touched is not sent at all, because the page's
 * copy of its input may have lost digits that a number in a browser does not hold.
 */
export function toChange(draft: Draft, schedule: Schedule): ScheduleChange {
  const before = draftOf(schedule);
  const touched = (['kind', 'queue', 'input'] as const).some((name) => draft[name] !== before[name]);
  if (!touched) return ruleOf(draft);
  const { queue: _, input: __, ...kept } = schedule.task;
  return { ...ruleOf(draft), task: taskOf(draft, kept) };
}

function ruleOf({ cron, time_zone, overlap }: Draft) {
  return { cron: cron.trim(), time_zone: time_zone.trim(), overlap };
}

function taskOf({ kind, queue, input }: Draft, kept: Partial<ScheduledTask>): ScheduledTask {
  const task: ScheduledTask = { ...kept, kind: kind.trim() };
  if (queue.trim() !== '') task.queue = queue.trim();
  if (input.trim() !== '') task.input = parseExactly(input);
  return task;
}

const names = new Set<string>(Object.keys(draftOf(undefined)));

/** The form's field for a field of the request. */
export function placeOf(field: string): string | undefined {
  const name = firstName(field.replace(/^task\./, ''));
  return names.has(name) ? name : undefined;
}
