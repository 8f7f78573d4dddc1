import { useState } from 'react';

/**
 * The value that was there before, as long as the new one says the same: what is made anew from the
 * tasks at each change is mostly equal, and who shows it need not be drawn again. For small values,
 * as they are compared as JSON.
 */
export function useKept<T>(value: T): T {
  const [kept, setKept] = useState(value);
  if (kept === value || JSON.stringify(kept) === JSON.stringify(value)) return kept;
  setKept(value);
  return value;
}
