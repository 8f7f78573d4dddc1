// The Quickstart's calls, typed by the contract.

import { milepost, unwrap } from '../../api';

export const dataKey = ['quickstart', 'data'];

/** The greeting and the list. */
export function getData(signal: AbortSignal) {
  return unwrap(milepost.api.GET('/api/data', { signal }));
}

/** Submits a name; gives the server's word for success, throws its word for failure. */
export async function submitName(name: string): Promise<string> {
  const body = name === '' ? {} : { name };
  const { data, error, response } = await milepost.api.POST('/api/submit', { body });
  if (data) return data.message;
  throw new Error(messageOf(error) ?? `The server answered ${response.status}.`);
}

/** Starts a run; whether it is this call's, or one that was running already. */
export async function startRun(id: string): Promise<'started' | 'already running'> {
  const { error, response } = await milepost.api.POST('/start_task/{id}', { params: { path: { id } } });
  if (response.ok) return 'started';
  if (response.status === 409) return 'already running';
  throw new Error(messageOf(error) ?? `The server answered ${response.status}.`);
}

/** Where a run is watched. */
export function progressUrl(id: string): string {
  return `${milepost.baseUrl}/sse_progress/${encodeURIComponent(id)}`;
}

/** What an error's body says, be it the Quickstart's own form or a problem. */
function messageOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  if ('message' in error && typeof error.message === 'string') return error.message;
  if ('detail' in error && typeof error.detail === 'string') return error.detail;
  return undefined;
}
