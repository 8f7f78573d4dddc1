export { MilepostProvider, useMilepost } from "./provider.js";
export {
  useSubmit,
  useTask,
  useTasks,
  type LiveTask,
  type LiveTasks,
  type Submission,
} from "./hooks.js";
export {
  useKind,
  useKinds,
  useQueue,
  useQueues,
  useSchedules,
  useTaskAttempts,
  useWebhook,
  useWebhooks,
  useWorkers,
  type Refetched,
} from "./lists.js";
export type { LiveStatus } from "./live.js";
export { TaskProgress, type TaskProgressProps } from "./TaskProgress.js";
