import type { Children } from '../api';
import { amount } from '../live/format';
import classes from './parts.module.css';

/** How many of a task's children are not done. */
export function openOf({ total, done }: Children): number {
  return Math.max(0, total - done);
}

/** How a task's children stand, as one bar: a piece for each way, as long as their number. */
export function Tally({ counts, large = false }: { counts: Children; large?: boolean }) {
  const pieces = [
    { name: 'succeeded', value: counts.succeeded },
    { name: 'failed', value: counts.failed },
    { name: 'cancelled', value: counts.cancelled },
    { name: 'open', value: openOf(counts) },
  ].filter(({ value }) => value > 0);
  const words = pieces.map(({ name, value }) => `${amount(value)} ${name}`).join(', ');
  return (
    <div className={classes.tally} role="img" aria-label={`Of ${amount(counts.total)} children: ${words}`} data-large={large || undefined}>
      {pieces.map(({ name, value }) => (
        <span key={name} data-standing={name} style={{ flexGrow: value }} />
      ))}
    </div>
  );
}
