// A worker of a few calls, so that what the page shows is real work.

import type { Milepost, Task } from '@milepost/client';
import { unwrap } from '@milepost/client';

interface Saying {
  percent?: number;
  message?: string;
  stage?: string;
  logs?: string[];
}

/** One lease. */
export class Job {
  readonly #path: { id: string };

  constructor(
    readonly milepost: Milepost,
    readonly task: Task,
    readonly lease: string,
  ) {
    this.#path = { id: task.id };
  }

  /** Reports, and hears whether somebody wants it to stop. */
  async report({ logs = [], ...progress }: Saying): Promise<boolean> {
    const body = {
      lease: this.lease,
      ...(Object.keys(progress).length > 0 && { progress }),
      logs: logs.map((text) => ({ text })),
    };
    const answer = await unwrap(
      this.milepost.api.POST('/api/v1/tasks/{id}/report', { params: { path: this.#path }, body }),
    );
    return answer.cancel_requested;
  }

  complete(output: unknown): Promise<Task> {
    const body = { lease: this.lease, output };
    return unwrap(this.milepost.api.POST('/api/v1/tasks/{id}/complete', { params: { path: this.#path }, body }));
  }

  fail(type: string, title: string, retryable = false): Promise<Task> {
    const body = { lease: this.lease, error: { type, title }, retryable };
    return unwrap(this.milepost.api.POST('/api/v1/tasks/{id}/fail', { params: { path: this.#path }, body }));
  }
}

/** Leases the next task of a kind. */
export async function lease(milepost: Milepost, kind: string, worker = 'e2e-worker', queue = 'default'): Promise<Job> {
  const body = { worker, queues: [queue], kinds: [kind], wait_seconds: 20, lease_seconds: 600 };
  const { leases } = await unwrap(milepost.api.POST('/api/v1/leases', { body }));
  const [first] = leases;
  if (first === undefined) throw new Error(`no task of kind ${kind} came`);
  return new Job(milepost, first.task, first.token);
}
