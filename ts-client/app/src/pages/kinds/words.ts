// What a kind's tasks get, in words.

import type { TaskDefaults } from '../../api';
import { duration } from '../../live/format';

/** Name and value of each default that is set. */
export function defaultsInWords(defaults: TaskDefaults): [name: string, value: string][] {
  const words: [string, string | undefined][] = [
    ['Attempts', defaults.max_attempts?.toString()],
    ['Timeout', of(defaults.timeout_seconds, ' an attempt')],
    ['Backoff', of(defaults.backoff_base_seconds, ', doubled each time')],
    ['Longest backoff', of(defaults.backoff_max_seconds)],
    ['Stalled after', of(defaults.stalled_after_seconds)],
    ['Kept for', of(defaults.retention_seconds, ' after its end')],
  ];
  return words.filter((word): word is [string, string] => word[1] !== undefined);
}

const of = (seconds: number | undefined, more = '') => (seconds === undefined ? undefined : `${duration(seconds)}${more}`);
