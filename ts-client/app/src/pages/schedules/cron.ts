// A rule in words. The server decides what a rule means; this only helps to see a slip of the hand.

import { toString } from 'cronstrue';

/** What a rule says, in words; absent for one that is not understood here. */
export function cronInWords(rule: string): string | undefined {
  // The library knows a seventh field, for years, which the server has not.
  if (rule.trim().split(/\s+/).length > 6) return undefined;
  try {
    return toString(rule.trim(), { use24HourTimeFormat: true, verbose: false });
  } catch {
    return undefined;
  }
}
