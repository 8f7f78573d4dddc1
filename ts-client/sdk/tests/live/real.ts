// The real server, from the binary that MILEPOST_SERVER names; `make test` always sets it.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

import { createMilepost, unwrap, type Milepost, type Task } from "../../src/index.js";

export const binary = process.env["MILEPOST_SERVER"];

const READY = /^milepost-server listening on (http:\/\/127\.0\.0\.1:(\d+))$/;

/**
 * A server with a directory of its own that can be killed and started again where it was. Whoever
 * starts it removes it: hooks return {@link RealServer.remove} as their clean-up.
 */
export class RealServer {
  #process: ChildProcess | undefined;
  #port = "0";

  private constructor(readonly directory: string) {}

  static async start(): Promise<RealServer> {
    const server = new RealServer(await mkdtemp(join(tmpdir(), "milepost-sdk-")));
    try {
      await server.start();
    } catch (error) {
      await server.remove();
      throw error;
    }
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  client(): Milepost {
    return createMilepost({ baseUrl: this.url });
  }

  async start(): Promise<void> {
    if (binary === undefined) throw new Error("MILEPOST_SERVER names no binary");
    const flags = ["--listen", `127.0.0.1:${this.#port}`, "--data-dir", this.directory];
    const child = spawn(binary, flags, { stdio: ["ignore", "pipe", "pipe"] });
    this.#process = child;
    let log = "";
    child.stderr.on("data", (piece: Buffer) => {
      log += piece.toString();
    });
    const gone = once(child, "exit").then(([code]: unknown[]) => {
      throw new Error(`the server ended with ${String(code)} before it was ready:\n${log}`);
    });
    // Later ends are wanted, and nobody waits for this then.
    gone.catch(() => {});
    const ready = (async () => {
      for await (const line of createInterface({ input: child.stdout })) {
        const match = READY.exec(line);
        if (match?.[2] !== undefined) return match[2];
      }
      return gone;
    })();
    this.#port = await Promise.race([ready, gone]);
  }

  /** Ends it in the way of `signal`; SIGKILL is a power cut for a process. */
  async end(signal: "SIGKILL" | "SIGTERM"): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill(signal);
    await exit;
  }

  remove = async (): Promise<void> => {
    await this.end("SIGKILL");
    await rm(this.directory, { recursive: true, force: true });
  };
}

export interface Held {
  task: Task;
  lease: string;
  path: { id: string };
}

/** Leases the one task of this kind. */
export async function leaseOne(milepost: Milepost, kind: string, seconds = 30): Promise<Held> {
  const body = { worker: "vitest", kinds: [kind], max_tasks: 1, lease_seconds: seconds, wait_seconds: 10 };
  const { leases } = await unwrap(milepost.api.POST("/api/v1/leases", { body }));
  const [lease] = leases;
  if (lease === undefined) throw new Error(`no task of kind ${kind} came within 10 s`);
  return { task: lease.task, lease: lease.token, path: { id: lease.task.id } };
}

/** Waits until `probe` gives something that `holds`; in vain, the test's time limit speaks. */
export async function eventually<T>(probe: () => T | Promise<T>, holds: (value: T) => boolean): Promise<T> {
  for (;;) {
    const value = await probe();
    if (holds(value)) return value;
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

/** What streams show of a task: all but its input. */
export function streamed(task: Task): Task {
  const { input: _, ...rest } = task;
  return rest;
}
