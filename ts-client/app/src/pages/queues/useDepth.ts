import { useState } from 'react';

import type { Queue } from '../../api';
import { serverTime } from '../../live/clock';

/** How deep a queue was at a time. */
export interface Depth {
  at: number;
  queued: number;
  running: number;
}

type Depths = ReadonlyMap<string, readonly Depth[]>;

// Half an hour at one answer every three seconds.
const MOST = 600;

/** How deep each queue was since the page was opened: a sample for each answer. */
export function useDepth(queues: readonly Queue[]): Depths {
  const [known, setKnown] = useState<{ queues: readonly Queue[]; depths: Depths }>({ queues: [], depths: new Map() });
  if (known.queues !== queues) setKnown({ queues, depths: sampled(known.depths, queues, serverTime()) });
  return known.depths;
}

function sampled(before: Depths, queues: readonly Queue[], at: number): Depths {
  return new Map(
    queues.map(({ name, counts }) => {
      const sample = { at, queued: counts.queued, running: counts.running };
      return [name, [...(before.get(name) ?? []), sample].slice(-MOST)];
    }),
  );
}
