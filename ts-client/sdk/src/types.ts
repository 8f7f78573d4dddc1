// The words of the contract under the names the rest of this package uses. Everything that looks
// into the generated file goes through here, so that a renamed schema is one line's change.

import type * as contract from "./generated/openapi.js";

export type { paths, components, operations } from "./generated/openapi.js";

export type Task = contract.Task;
export type State = contract.TaskState;
export type Progress = contract.Progress;
export type TaskError = contract.TaskError;
export type LogLine = contract.LogLine;
export type LogLevel = contract.LogLevel;
export type NewTask = contract.TaskSubmission;
export type Children = contract.Children;
export type ChildFailure = contract.ChildFailure;
export type AfterFailure = contract.AfterFailure;
export type TaskChange = contract.TaskChange;
export type TaskPage = contract.TaskList;
export type BulkRequest = contract.BulkRequest;
export type BulkSelection = contract.BulkSelection;
export type EventPage = contract.EventPage;
export type Attempt = contract.Attempt;
export type AttemptState = contract.AttemptState;
export type Stage = contract.Stage;
export type NewStage = contract.StageDefinition;
export type Queue = contract.Queue;
export type QueueChange = contract.QueueChange;
export type QueueCounts = contract.QueueCounts;
export type QueueDefinition = contract.QueueDefinition;
export type QueuePage = contract.QueueList;
export type RateLimit = contract.RateLimit;
export type TaskDefaults = contract.TaskDefaults;
/** What of a queue's done tasks goes by itself, in seconds after their end. */
export type Retention = contract.Retention;
export type Kind = contract.Kind;
export type KindDefinition = contract.KindDefinition;
export type KindPage = contract.KindList;
export type Schedule = contract.Schedule;
export type NewSchedule = contract.ScheduleSubmission;
export type ScheduleChange = contract.ScheduleChange;
export type ScheduleDefinition = contract.ScheduleDefinition;
export type SchedulePage = contract.ScheduleList;
export type ScheduledTask = contract.ScheduledTask;
export type Overlap = contract.Overlap;
export type Webhook = contract.Webhook;
export type NewWebhook = contract.WebhookSubmission;
export type WebhookChange = contract.WebhookChange;
export type WebhookEvent = contract.WebhookEvent;
export type WebhookPage = contract.WebhookList;
export type Worker = contract.Worker;
export type WorkerPage = contract.WorkerList;
export type WorkerTask = contract.WorkerTask;
export type System = contract.SystemStatus;
export type Problem = contract.Problem;
export type FieldError = contract.FieldProblem;

export type ResetReason = contract.ResetReason;
export type StreamFilter = contract.WatchFilter;
export type StreamRequest = contract.WatchRequest;

/** Everything a stream can carry that this version knows: entries of the log and frames about the stream. */
export type Event = contract.Event;

/** An entry of the log: something that happened to a task. */
export type TaskEvent = Extract<Event, { cursor: string; task_id: string; at: string }>;

/** A frame about the stream itself. */
export type StreamFrame = Exclude<Event, TaskEvent> | StreamRestart;

/**
 * Made by this client, not sent by the server: the stream had no position to resume from and began
 * anew, so the snapshot that follows replaces everything, as after a `stream.reset`.
 */
export interface StreamRestart {
  type: "stream.restart";
}

/** An event that this version does not know, or whose data is not what the contract says. */
export interface UnknownEvent {
  type: "unknown";
  /** What the server calls it. */
  name: string;
  /** The position behind it, where it has one. */
  cursor: string | undefined;
  /** Its data: parsed, if it is JSON, else the text. */
  data: unknown;
}

/** What watching yields. */
export type WatchedEvent = TaskEvent | StreamFrame | UnknownEvent;

/** The states in which a task's life is over, until somebody retries it. */
export const DONE_STATES = ["succeeded", "failed", "cancelled"] as const satisfies State[];

/** Which tasks a list or a stream is about: all given parts must match; within a part, any value. */
export interface TaskFilter {
  /** Ids. */
  task?: string | readonly string[] | undefined;
  queue?: string | undefined;
  kind?: string | undefined;
  state?: State | readonly State[] | undefined;
  /** All of them must be there. */
  labels?: Readonly<Record<string, string>> | undefined;
}
