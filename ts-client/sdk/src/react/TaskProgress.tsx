import type { CSSProperties, ReactElement, ReactNode } from "react";

import type { Progress, Task } from "../types.js";
import { useTask } from "./hooks.js";

export interface TaskProgressProps {
  taskId: string;
  /** Names the bar for who cannot see it. Default: the task's kind. */
  label?: string | undefined;
  className?: string | undefined;
  style?: CSSProperties | undefined;
  /** Instead of the line below the bar. */
  children?: ((task: Task | undefined) => ReactNode) | undefined;
}

const TRACK: CSSProperties = { height: "0.5em", background: "#8883", overflow: "hidden" };

/**
 * A task's progress, live: a bar and a line of text.
 *
 * Bare on purpose. Style it by its classes: `milepost-progress` (with `data-state`, `data-status`
 * and `data-stalled`), `milepost-progress-track`, `milepost-progress-bar`, `milepost-progress-text`.
 */
export function TaskProgress(props: TaskProgressProps): ReactElement {
  const { task, status, error } = useTask(props.taskId);
  const percent = percentOf(task);
  const text = error !== undefined && status === "error" ? error.message : describe(task);
  return (
    <div
      className={["milepost-progress", props.className].filter(Boolean).join(" ")}
      style={props.style}
      data-state={task?.state}
      data-status={status}
      data-stalled={task?.progress?.stalled === true || undefined}
    >
      {/* Without aria-valuenow the bar is indeterminate, which is the truth (WAI-ARIA 1.2). Not a
          progress element, because browsers let no stylesheet near its bar. */}
      <div
        // oxlint-disable-next-line jsx-a11y/prefer-tag-over-role
        role="progressbar"
        className="milepost-progress-track"
        style={TRACK}
        aria-label={props.label ?? task?.kind ?? "task"}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={percent === undefined ? undefined : Math.floor(percent)}
        aria-valuetext={text}
        aria-busy={task !== undefined && !task.done}
      >
        <div
          className="milepost-progress-bar"
          style={{ width: `${percent ?? 0}%`, height: "100%", background: "currentColor" }}
        />
      </div>
      <div className="milepost-progress-text">{props.children?.(task) ?? text}</div>
    </div>
  );
}

/** 0 to 100, where it is known: a task that succeeded is at 100 whatever it reported last. */
function percentOf(task: Task | undefined): number | undefined {
  if (task?.state === "succeeded") return 100;
  const progress = task?.progress;
  if (progress?.percent !== undefined) return progress.percent;
  const { current, total } = progress ?? {};
  if (current === undefined || total === undefined || total <= 0) return undefined;
  return Math.min(100, (100 * current) / total);
}

function describe(task: Task | undefined): string {
  if (task === undefined) return "…";
  if (task.state === "failed") return `failed: ${task.error?.title ?? task.error?.type ?? "unknown"}`;
  if (task.state !== "running") return task.state;
  const percent = percentOf(task);
  const parts = [
    // Not rounded up: 100 % is for what is done.
    percent === undefined ? undefined : `${Math.floor(percent)} %`,
    amount(task.progress),
    task.progress?.message ?? task.progress?.stage,
    task.progress?.stalled === true ? "stalled" : undefined,
    // An estimate of work that stands still is worth nothing.
    task.progress?.eta_seconds === undefined || task.progress.stalled === true ? undefined : `${duration(task.progress.eta_seconds)} left`,
  ];
  return parts.filter((part) => part !== undefined).join(" · ") || "running";
}

function amount(progress: Progress | undefined): string | undefined {
  if (progress?.current === undefined) return undefined;
  const total = progress.total === undefined ? "" : ` of ${progress.total}`;
  return `${progress.current}${total}${progress.unit === undefined ? "" : ` ${progress.unit}`}`;
}

function duration(seconds: number): string {
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
