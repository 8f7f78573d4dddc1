// What a watcher of `/sse_progress/{id}` knows of a run, message by message.

export type Run =
  | { at: 'idle' }
  /** The start was asked for, or the first message is awaited. */
  | { at: 'opening' }
  /** Connected, and nothing is running: the server keeps the line open. */
  | { at: 'waiting' }
  | { at: 'running'; percent: number; lost: boolean }
  | { at: 'done' }
  | { at: 'failed'; percent: number; reason: string }
  | { at: 'unknown'; message: string }
  /** No message yet, and the connection is lost; the browser tries again. */
  | { at: 'reconnecting' }
  /** The browser gave up. */
  | { at: 'lost' };

const FAILED = 'FAILED:';

/** The run after one message. Whatever is no known word and no number is the server's reason to say no. */
export function afterMessage(run: Run, message: string): Run {
  if (message === 'keep-alive') {
    return run.at === 'running' ? { ...run, lost: false } : { at: 'waiting' };
  }
  if (message === 'DONE') return { at: 'done' };
  if (message.startsWith(FAILED)) {
    return { at: 'failed', percent: percentOf(run), reason: message.slice(FAILED.length).trim() };
  }
  if (/^\d{1,3}$/.test(message)) return { at: 'running', percent: Math.min(100, Number(message)), lost: false };
  return { at: 'unknown', message };
}

/** The run after the connection was lost; `forGood` when the browser does not try again by itself. */
export function afterLoss(run: Run, forGood: boolean): Run {
  if (forGood) return { at: 'lost' };
  return run.at === 'running' ? { ...run, lost: true } : { at: 'reconnecting' };
}

/** Whether nothing more will come, so that the connection can be closed. */
export function isOver(run: Run): boolean {
  return run.at === 'done' || run.at === 'failed' || run.at === 'unknown';
}

export function percentOf(run: Run): number {
  if (run.at === 'done') return 100;
  return run.at === 'running' || run.at === 'failed' ? run.percent : 0;
}
