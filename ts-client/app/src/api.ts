// The one door to the server: the SDK's client for this page's own origin, and the contract's words.

import { createMilepost, MilepostNetworkError, MilepostProblem, type State } from '@milepost/client';

export { compareCursors, MilepostNetworkError, MilepostProblem, TaskStore, unwrap } from '@milepost/client';
export type {
  AfterFailure,
  Attempt,
  BulkSelection,
  ChildFailure,
  Children,
  EventPage,
  FieldError,
  Kind,
  KindDefinition,
  LogLevel,
  LogLine,
  NewSchedule,
  NewStage,
  NewTask,
  NewWebhook,
  Overlap,
  Progress,
  Queue,
  QueueChange,
  Retention,
  Schedule,
  ScheduleChange,
  ScheduledTask,
  Stage,
  State,
  StreamState,
  System,
  Task,
  TaskDefaults,
  TaskError,
  TaskEvent,
  TaskFilter,
  TaskPage,
  Watch,
  WatchedEvent,
  Webhook,
  WebhookChange,
  WebhookEvent,
  Worker,
  WorkerTask,
} from '@milepost/client';

export const milepost = createMilepost();

/** In the order of a task's life, as the page lists them. */
export const STATES = [
  'scheduled',
  'queued',
  'running',
  'retrying',
  'succeeded',
  'failed',
  'cancelled',
] as const satisfies readonly State[];

/** The states in which something is still to happen. */
export const ACTIVE = ['scheduled', 'queued', 'running', 'retrying'] as const satisfies readonly State[];

/** What went wrong, in a sentence for people. */
export function explain(error: unknown): string {
  if (error instanceof MilepostProblem) return error.detail ?? error.title;
  if (error instanceof MilepostNetworkError) return 'The server does not answer.';
  return error instanceof Error ? error.message : String(error);
}

/** Whether the server said that there is no such thing. */
export function isMissing(error: unknown): boolean {
  return error instanceof MilepostProblem && error.status === 404;
}
