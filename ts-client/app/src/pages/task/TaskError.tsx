import { IconAlertTriangle } from '@tabler/icons-react';

import type { TaskError as Failure } from '../../api';
import { Code } from '../../parts/Code';
import { Panel } from './Panel';
import classes from './task.module.css';

/** Why a task, or its last attempt, failed. */
export function TaskError({ error }: { error: Failure }) {
  return (
    <Panel title="Error">
      <div className={classes.error} data-testid="task-error">
        <IconAlertTriangle size={18} aria-hidden />
        <div>
          <strong>{error.title ?? error.type}</strong>
          {error.title !== undefined && <div className="mono">{error.type}</div>}
        </div>
      </div>
      {error.detail !== undefined && <Code text={error.detail} what="error detail" maxHeight={320} />}
    </Panel>
  );
}
