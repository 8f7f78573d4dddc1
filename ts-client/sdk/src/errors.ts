// What can go wrong, as three classes: the server refused (a problem), no usable answer came (the
// network), or something answered that is not a Milepost. An abort is none of them: it is rethrown
// as the reason the caller's signal carries.

import type { FieldError, Problem } from "./types.js";

/** The base of this package's errors. */
export class MilepostError extends Error {
  override name = "MilepostError";
}

/** The server refused, and says why (RFC 9457). */
export class MilepostProblem extends MilepostError {
  override name = "MilepostProblem";

  constructor(
    /** The body as sent; made up from the status line where a proxy answered without one. */
    readonly problem: Problem,
    /** From `Retry-After`, where the server names a time. */
    readonly retryAfterSeconds?: number,
    /** With status 412: the `ETag` of what is there now, if anything is. */
    readonly etag?: string,
  ) {
    super(problem.detail);
  }

  /** A stable path, e.g. `/problems/task-not-found`; `about:blank` if the answer was no problem. */
  get type(): string {
    return this.problem.type;
  }

  /** The last part of `type`, e.g. `task-not-found`. */
  get slug(): string {
    return this.problem.type.slice(this.problem.type.lastIndexOf("/") + 1);
  }

  get title(): string {
    return this.problem.title;
  }

  get status(): number {
    return this.problem.status;
  }

  /** How to fix it. */
  get detail(): string {
    return this.problem.detail;
  }

  /** What is wrong with which field. */
  get errors(): readonly FieldError[] {
    return this.problem.errors ?? [];
  }

  /** Whether the same call may succeed later: overload, a server going down, a proxy's fault. */
  get isRetryable(): boolean {
    return isRetryableStatus(this.status);
  }
}

/** No usable answer came: refused, cut off, or unreadable. The request may have been carried out. */
export class MilepostNetworkError extends MilepostError {
  override name = "MilepostNetworkError";
}

/** Something answered that does not speak Milepost's protocol; `baseUrl` may be wrong. */
export class MilepostProtocolError extends MilepostError {
  override name = "MilepostProtocolError";
}

/** 408, 425 and 429 ask for another try, and 5xx is the server's fault (RFC 9110 §15, RFC 6585 §4). */
export function isRetryableStatus(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 429;
}

/** The problem an answer carries; made up from its status line when it carries none. */
export async function problemOf(response: Response): Promise<MilepostProblem> {
  let body: unknown;
  try {
    body = await response.json();
  } catch {
    // A proxy's page, or a body cut off: the status says enough.
  }
  return toProblem(body, response);
}

/** As {@link problemOf}, for a body that was read already. */
export function toProblem(body: unknown, response: Response): MilepostProblem {
  const retryAfter = Number.parseInt(response.headers.get("retry-after") ?? "", 10);
  const seconds = Number.isNaN(retryAfter) ? undefined : retryAfter;
  const etag = response.headers.get("etag") ?? undefined;
  if (isProblem(body)) return new MilepostProblem(body, seconds, etag);
  const title = response.statusText || `HTTP status ${response.status}`;
  const { status } = response;
  return new MilepostProblem({ type: "about:blank", title, status, detail: title }, seconds);
}

function isProblem(body: unknown): body is Problem {
  return (
    typeof body === "object" &&
    body !== null &&
    "type" in body &&
    typeof body.type === "string" &&
    "title" in body &&
    typeof body.title === "string" &&
    "status" in body &&
    typeof body.status === "number" &&
    "detail" in body &&
    typeof body.detail === "string"
  );
}
