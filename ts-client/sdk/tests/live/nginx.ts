// nginx in front of a server, with its default settings and what a test adds to them.

import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const PROGRAM = process.env["NGINX"] ?? "nginx";

export class Nginx {
  #process: ChildProcess | undefined;

  private constructor(
    readonly directory: string,
    readonly port: number,
  ) {}

  /** Starts one that passes everything on to `target`; `settings` are added to its `http` block. */
  static async before(target: string, settings = ""): Promise<Nginx> {
    const directory = await mkdtemp(join(tmpdir(), "milepost-nginx-"));
    const nginx = new Nginx(directory, await freePort());
    // What nginx keeps in files would else lie where only root may write.
    const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((of) => `${of}_temp_path ${directory}/${of};`);
    await writeFile(
      join(directory, "nginx.conf"),
      `daemon off;
      master_process off;
      pid ${directory}/nginx.pid;
      events {}
      http {
        access_log off;
        ${paths.join("\n")}
        ${settings}
        server {
          listen 127.0.0.1:${nginx.port};
          location / { proxy_pass ${target}; }
        }
      }`,
    );
    await nginx.start();
    return nginx;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Starts it where it was. */
  async start(): Promise<void> {
    const flags = ["-p", this.directory, "-c", join(this.directory, "nginx.conf"), "-e", "stderr"];
    const child = spawn(PROGRAM, flags, { stdio: ["ignore", "ignore", "pipe"] });
    let log = "";
    child.stderr.on("data", (piece: Buffer) => {
      log += piece.toString();
    });
    let ended: Error | undefined;
    child.on("error", (cause) => (ended = new Error(`${PROGRAM} does not start: make tools installs it`, { cause })));
    child.on("exit", (code) => (ended ??= new Error(`nginx ended with ${String(code)}:\n${log}`)));
    this.#process = child;
    while (!(await answers(this.url))) {
      if (ended !== undefined) throw ended;
    }
  }

  /** Ends it as a power cut would: its connections are gone, nobody is told. */
  async kill(): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, "exit");
    child.kill("SIGKILL");
    await exit;
  }

  remove = async (): Promise<void> => {
    await this.kill();
    await rm(this.directory, { recursive: true, force: true });
  };
}

async function answers(url: string): Promise<boolean> {
  await new Promise((resolve) => {
    setTimeout(resolve, 20);
  });
  return fetch(`${url}/healthz`).then(
    (response) => response.ok,
    () => false,
  );
}

/** nginx cannot say which port it was given, so one that is free is looked for. */
async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, "close");
  return port;
}
