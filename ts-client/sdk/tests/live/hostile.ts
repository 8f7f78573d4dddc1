// Tasks whose every text is made to break a reader of streams, driven by plain HTTP: what is to be
// shown here is what any client may see, so this one's own code has no part in it.

import { readFile } from "node:fs/promises";

/** One event, as a reader of the stream gave it. */
export interface Read {
  id: string;
  type: string;
  data: string;
}

/** An event of the log, as listEvents tells it. */
export interface Told {
  type: string;
  cursor: string;
  task_id: string;
  progress?: { percent?: number };
}

interface Hostile {
  name: string;
  text: string;
  times?: number;
}

const FILE = new URL("../../../../tests/conformance/hostile.json", import.meta.url);

/** What no text may bring about: an event of this type is one that a text has made. */
export const FORGED = "evil";

/** The types that a reader which wants to know them beforehand has to listen for. */
export const TYPES = [
  ...["scheduled", "queued", "started", "progress", "log", "cancel_requested", "retrying"].map((name) => `task.${name}`),
  ...["succeeded", "failed", "cancelled", "updated", "deleted"].map((name) => `task.${name}`),
  ...["snapshot", "reset", "left", "end", "draining"].map((name) => `stream.${name}`),
  "message",
  FORGED,
];

export async function hostileTexts(): Promise<string[]> {
  const all = JSON.parse(await readFile(FILE, "utf8")) as Hostile[];
  return all.map(({ text, times = 1 }) => text.repeat(times));
}

/** Lives through two attempts of a task whose texts are all `text`; gives the task's id. */
export async function live(server: string, kind: string, text: string): Promise<string> {
  // Names refuse control characters, and have at most 128 others.
  const name = /\p{Cc}/u.test(text) || text === "" ? "data: 😀" : first(text, 100);
  const { id } = await post<{ id: string }>(`${server}/api/v1/tasks`, {
    kind,
    input: { text },
    labels: { [name.replaceAll("=", "")]: name },
    stages: [{ name: "one" }, { name: "data: two" }],
  });
  const task = `${server}/api/v1/tasks/${id}`;
  let lease = await leased(server, kind, name);
  // A message of its own for each limit of the contract.
  const progress = { current: 1, total: 3, unit: first(text, 128), message: first(text, 4096), stage: first(text, 128) };
  await post(`${task}/report`, { lease, progress, checkpoint: { [text]: text } });
  const logs = ["debug", "info", "warn", "error"].map((level) => ({ level, text }));
  await post(`${task}/report`, { lease, logs: [...logs, { text: `${text}\n${text}` }] });
  const error = { type: first(`e ${name}`, 128), title: text, detail: `${text}${text}` };
  await post(`${task}/fail`, { lease, error, retry_after_seconds: 0 });
  lease = await leased(server, kind, name);
  await post(`${task}/report`, { lease, progress: { stage: "data: two", percent: 50, message: first(text, 4096) } });
  if (text.length % 2 === 0) await post(`${task}/complete`, { lease, output: { text, [text]: [text] } });
  else await post(`${task}/fail`, { lease, error, retryable: false });
  return id;
}

/** All events of a history, which the streams are held against: `path` is listEvents' or listTaskEvents'. */
export async function history(server: string, path: string): Promise<Told[]> {
  const found: Told[] = [];
  let after = "";
  for (;;) {
    const url = new URL(path, server);
    url.searchParams.set("limit", "1000");
    if (after !== "") url.searchParams.set("after", after);
    const page = (await answer(await fetch(url))) as { items: Told[]; cursor: string };
    found.push(...page.items);
    if (page.items.length === 0) return found;
    after = page.cursor;
  }
}

/** What was read, less the frames about the stream itself, in the form of {@link told}. */
export function entries(read: readonly Read[]): { id: string; type: string; event: unknown }[] {
  return read
    .filter(({ type }) => !type.startsWith("stream."))
    .map(({ id, type, data }) => ({ id, type, event: JSON.parse(data) as unknown }));
}

/** What a stream has to give for this history. */
export function told(events: readonly Told[]): { id: string; type: string; event: unknown }[] {
  return events.map((event) => ({ id: event.cursor, type: event.type, event }));
}

async function leased(server: string, kind: string, worker: string): Promise<string> {
  const { leases } = await post<{ leases: { token: string }[] }>(`${server}/api/v1/leases`, {
    worker,
    kinds: [kind],
    wait_seconds: 20,
    lease_seconds: 600,
  });
  const [lease] = leases;
  if (lease === undefined) throw new Error(`no task of kind ${kind} came`);
  return lease.token;
}

async function post<T>(url: string, body: unknown): Promise<T> {
  const headers = { "content-type": "application/json" };
  return (await answer(await fetch(url, { method: "POST", headers, body: JSON.stringify(body) }))) as T;
}

async function answer(response: Response): Promise<unknown> {
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}

/** The first characters, none of them cut in two. */
function first(text: string, count: number): string {
  return [...text].slice(0, count).join("");
}
