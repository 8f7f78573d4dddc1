// Many running tasks that all report, as one worker with a batch for each round trip.

import { type components, type Milepost, unwrap } from '@milepost/client';

interface Member {
  task_id: string;
  lease: string;
}

// As many as one call leases, and so as many as share a round trip.
const SHARE = 100;

/** Tasks of one kind that run and report, all at the same pace. */
export class Crowd {
  readonly #step: number[];
  #running: Promise<void>[] = [];
  #stopped = false;

  private constructor(
    readonly milepost: Milepost,
    readonly shares: readonly Member[][],
    /** After how many reports a task is at 100 %. */
    readonly total: number,
  ) {
    this.#step = shares.map(() => 0);
  }

  /** Submits and leases `count` tasks. */
  static async start(milepost: Milepost, kind: string, count: number, total: number): Promise<Crowd> {
    const tasks = Array.from({ length: count }, () => ({ kind, labels: { team: 'crowd' } }));
    await unwrap(milepost.api.POST('/api/v1/task-batches', { body: { tasks } }));
    const shares: Member[][] = [];
    for (let leased = 0; leased < count; leased += shares.at(-1)?.length ?? 0) {
      const body = { worker: 'crowd', kinds: [kind], max_tasks: SHARE, lease_seconds: 600, wait_seconds: 20 };
      const { leases } = await unwrap(milepost.api.POST('/api/v1/leases', { body }));
      if (leases.length === 0) throw new Error(`only ${leased} of ${count} tasks could be leased`);
      shares.push(leases.map(({ task, token }) => ({ task_id: task.id, lease: token })));
    }
    return new Crowd(milepost, shares, total);
  }

  get ids(): string[] {
    return this.shares.flat().map((member) => member.task_id);
  }

  /** How many reports were taken so far. */
  get reports(): number {
    return this.#step.reduce((sum, step, share) => sum + step * (this.shares[share]?.length ?? 0), 0);
  }

  /** How many reports of the task with this id were taken so far. */
  stepOf(id: string): number {
    return this.#step[this.shares.findIndex((members) => members.some(({ task_id }) => task_id === id))] ?? 0;
  }

  /** Begins to report `rate` times a second for each task. */
  go(rate: number): void {
    this.#stopped = false;
    const period = 1_000 / rate;
    this.#running = this.shares.map(async (members, share) => {
      // Spread over the period, as workers that know nothing of each other are.
      let due = performance.now() + (period * share) / this.shares.length;
      while (!this.#stopped) {
        await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
        // What could not be said in time is left out, not made up for in a burst.
        due = Math.max(due + period, performance.now());
        await this.#report(members, (this.#step[share] ?? 0) + 1);
        this.#step[share] = (this.#step[share] ?? 0) + 1;
      }
    });
    for (const one of this.#running) one.catch(() => {});
  }

  /** Ends the reports; throws what went wrong meanwhile. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#running);
  }

  /** All of them are done. */
  async complete(): Promise<void> {
    for (const members of this.shares) {
      await this.#send(members.map(({ task_id, lease }) => ({ type: 'complete', task_id, lease })));
    }
  }

  async #report(members: readonly Member[], step: number): Promise<void> {
    const progress = { current: step, total: this.total, unit: 'files', message: `file ${step} is read` };
    await this.#send(members.map(({ task_id, lease }) => ({ type: 'report', task_id, lease, progress })));
  }

  async #send(items: components['schemas']['ReportItem'][]): Promise<void> {
    const { items: results } = await unwrap(this.milepost.api.POST('/api/v1/reports', { body: { items } }));
    const refused = results.find(({ status }) => status !== 200);
    if (refused !== undefined) throw new Error(`what a worker said was refused: ${JSON.stringify(refused)}`);
  }
}
