import type { ReactNode } from 'react';

import classes from './parts.module.css';

/** A word on a thing that is not its state: paused, stalled. The colour is one of the states'. */
export function Mark({ colour, children }: { colour: 'retrying' | 'queued' | 'running' | 'succeeded'; children: ReactNode }) {
  return (
    <span className={classes.mark} style={{ '--mark': `var(--${colour})` } as React.CSSProperties}>
      {children}
    </span>
  );
}
