import { IconHourglassEmpty } from '@tabler/icons-react';

import type { Task } from '../../api';
import { duration } from '../../live/format';
import { useSilence } from '../../live/silence';
import classes from './task.module.css';

/** That a task's worker is there but says nothing. */
export function Stalled({ task }: { task: Task }) {
  return (
    <div className={classes.stalled} role="status" data-testid="stalled">
      <IconHourglassEmpty size={16} aria-hidden />
      <span>
        <strong>Stalled.</strong> No news for {duration(useSilence(task))}. {task.worker ?? 'Its worker'} keeps the lease but
        reports nothing.
      </span>
    </div>
  );
}
