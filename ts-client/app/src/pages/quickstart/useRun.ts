import { useCallback, useEffect, useRef, useState } from 'react';

import { explain } from '../../api';
import { progressUrl, startRun } from './calls';
import { afterLoss, afterMessage, isOver, type Run } from './run';

export interface RunControl {
  run: Run;
  /** A word beside the run: that it was running already, or why it could not be started. */
  note: { text: string; bad: boolean } | undefined;
  starting: boolean;
  start(id: string): Promise<void>;
  watch(id: string): void;
}

/** Starts and watches one run after another, with the browser's own EventSource. */
export function useRun(): RunControl {
  const [run, setRun] = useState<Run>({ at: 'idle' });
  const [note, setNote] = useState<RunControl['note']>();
  const [starting, setStarting] = useState(false);
  const source = useRef<EventSource>(undefined);
  useEffect(() => () => source.current?.close(), []);

  const watch = useCallback((id: string) => {
    source.current?.close();
    setRun({ at: 'opening' });
    let now: Run = { at: 'opening' };
    const events = new EventSource(progressUrl(id));
    source.current = events;
    const go = (next: Run) => {
      now = next;
      setRun(next);
      // An EventSource that is not closed asks again after every end.
      if (isOver(next)) events.close();
    };
    events.addEventListener('message', (event: MessageEvent<string>) => go(afterMessage(now, event.data)));
    events.addEventListener('error', () => {
      if (source.current === events) go(afterLoss(now, events.readyState === EventSource.CLOSED));
    });
  }, []);

  const start = useCallback(
    async (id: string) => {
      setStarting(true);
      setNote(undefined);
      try {
        const answer = await startRun(id);
        if (answer === 'already running') setNote({ text: 'It was running already; this is that run.', bad: false });
        watch(id);
      } catch (error) {
        setNote({ text: explain(error), bad: true });
      } finally {
        setStarting(false);
      }
    },
    [watch],
  );

  const watchOnly = useCallback(
    (id: string) => {
      setNote(undefined);
      watch(id);
    },
    [watch],
  );
  return { run, note, starting, start, watch: watchOnly };
}
