// The one place that calls fetch: it adds the caller's headers and gives failures their class.

import { MilepostNetworkError, toProblem } from "./errors.js";

export interface TransportOptions {
  /** Where the server is, e.g. `http://127.0.0.1:8080`. Default: the page's own origin. */
  baseUrl?: string | undefined;
  /** Sent with every request; a function is asked before each, e.g. for a token that is renewed. */
  headers?: HeadersInit | (() => HeadersInit | Promise<HeadersInit>) | undefined;
  /** Instead of the global fetch. */
  fetch?: ((request: Request) => Promise<Response>) | undefined;
}

export class Transport {
  readonly baseUrl: string;
  readonly #headers: TransportOptions["headers"];
  readonly #fetch: (request: Request) => Promise<Response>;

  constructor(options: TransportOptions) {
    this.baseUrl = (options.baseUrl ?? ownOrigin()).replace(/\/+$/, "");
    this.#headers = options.headers;
    // Looked up at each call, so that a test or a tracer may replace the global later.
    this.#fetch = options.fetch ?? ((request) => globalThis.fetch(request));
  }

  fetch = async (request: Request): Promise<Response> => {
    const headers = typeof this.#headers === "function" ? await this.#headers() : this.#headers;
    new Headers(headers).forEach((value, name) => request.headers.set(name, value));
    try {
      return await this.#fetch(request);
    } catch (error) {
      if (request.signal.aborted) throw request.signal.reason;
      const { origin } = new URL(request.url);
      throw new MilepostNetworkError(`no answer from ${origin}`, { cause: error });
    }
  };
}

/** An address to build requests from; empty outside of a page, where `baseUrl` must be given. */
function ownOrigin(): string {
  const origin = globalThis.location?.origin;
  return origin === undefined || origin === "null" ? "" : origin;
}

/** The data of an answer of {@link Milepost.api}, or its problem, thrown. */
export async function unwrap<T>(
  answer: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  let result: Awaited<typeof answer>;
  try {
    result = await answer;
  } catch (error) {
    // No valid address, or a body that was cut off or is not JSON.
    if (error instanceof TypeError || error instanceof SyntaxError) {
      throw new MilepostNetworkError("the request could not be made, or its answer not be read", {
        cause: error,
      });
    }
    throw error;
  }
  if (!result.response.ok) throw toProblem(result.error, result.response);
  return result.data as T;
}
