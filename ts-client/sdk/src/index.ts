export {
  createMilepost,
  Milepost,
  type CallOptions,
  type ChangeOptions,
  type HistoryOptions,
  type ListOptions,
  type MilepostOptions,
  type PageOptions,
  type PutOptions,
  type SubmitOptions,
} from "./milepost.js";
export type { FollowOptions, ShareOptions } from "./share/follow.js";
export type { LongPollOptions } from "./streams.js";
export { Bulk, type BulkOptions } from "./bulk.js";
export { Kinds } from "./kinds.js";
export { Queues } from "./queues.js";
export { Schedules } from "./schedules.js";
export { Webhooks } from "./webhooks.js";
export { Workers } from "./workers.js";
export { unwrap, type TransportOptions } from "./transport.js";
export {
  MilepostError,
  MilepostNetworkError,
  MilepostProblem,
  MilepostProtocolError,
} from "./errors.js";
export type { StreamState, Watch, WatchOptions } from "./watch/watch.js";
export { decodeFields as decodeEvent } from "./watch/decode.js";
export { BlockTooLong, SseParser, type Block } from "./watch/parser.js";
export { emptyState, fold, foldTask, type TasksState } from "./fold/fold.js";
export { TaskStore, type TaskStoreOptions } from "./fold/store.js";
export { compareCursors } from "./fold/cursor.js";
export * from "./types.js";
