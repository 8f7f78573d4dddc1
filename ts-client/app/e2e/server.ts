// The real server, from the binary that MILEPOST_SERVER names, on a port and a directory of its own.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { createMilepost, type Milepost } from '@milepost/client';

const READY = /^milepost-server listening on (http:\/\/127\.0\.0\.1:(\d+))$/;

export class Server {
  #process: ChildProcess | undefined;
  #port = '0';

  private constructor(
    readonly directory: string,
    readonly flags: readonly string[],
  ) {}

  /** Starts one; `flags` are added to its command line. */
  static async start(...flags: string[]): Promise<Server> {
    const server = new Server(await mkdtemp(join(tmpdir(), 'milepost-e2e-')), flags);
    await server.start();
    return server;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  client(): Milepost {
    return createMilepost({ baseUrl: this.url });
  }

  /** Starts it where it was: the same port, the same directory. */
  async start(): Promise<void> {
    const binary = process.env.MILEPOST_SERVER;
    if (!binary) throw new Error('MILEPOST_SERVER must name the milepost-server binary');
    const flags = ['--listen', `127.0.0.1:${this.#port}`, '--data-dir', this.directory, ...this.flags];
    const child = spawn(binary, flags, { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#process = child;
    let log = '';
    child.stderr.on('data', (piece: Buffer) => (log += piece.toString()));
    const gone = once(child, 'exit').then(([code]: unknown[]) => {
      throw new Error(`the server ended with ${String(code)} before it was ready:\n${log}`);
    });
    // Later ends are wanted.
    gone.catch(() => {});
    this.#port = await Promise.race([ready(child), gone]);
  }

  /** The process ends as in a power cut: nothing is flushed, nobody is told. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.directory, { recursive: true, force: true });
  }
}

async function ready(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('the server has no output');
  for await (const line of createInterface({ input: child.stdout })) {
    const port = READY.exec(line)?.[2];
    if (port !== undefined) {
      // Read on, or a server that says more would wait for a reader.
      child.stdout.resume();
      return port;
    }
  }
  throw new Error('the server never said that it listens');
}
