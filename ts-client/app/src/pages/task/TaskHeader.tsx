import { Button, Group } from '@mantine/core';
import { IconArrowLeft, IconPlayerStop, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import { milepost, type Task } from '../../api';
import { feed } from '../../live/feed';
import { isStalled } from '../../live/silence';
import { Confirm } from '../../parts/Confirm';
import { Copy } from '../../parts/Copy';
import { Mark } from '../../parts/Mark';
import { sayDone } from '../../parts/notices';
import { StateBadge } from '../../parts/StateBadge';
import { Ancestors } from './family/Ancestors';
import classes from './task.module.css';

interface Props {
  task: Task;
  /** Something was done that a finished stream would not tell. */
  onChanged(): void;
}

export function TaskHeader({ task, onChanged }: Props) {
  return (
    <div className={classes.head}>
      <div className={classes.naming}>
        <nav aria-label="Above this task">
          <ol className={classes.above}>
            <li>
              <Link to="/" className={classes.back}>
                {task.parent_id === undefined && <IconArrowLeft size={14} aria-hidden />} Tasks
              </Link>
            </li>
            {task.parent_id !== undefined && <Ancestors parent={task.parent_id} />}
          </ol>
        </nav>
        <Group gap="sm" wrap="wrap">
          <h1 className={classes.kind}>{task.kind}</h1>
          <StateBadge state={task.state} cancelling={task.cancel_requested === true} />
          {isStalled(task) && <Mark colour="retrying">Stalled</Mark>}
        </Group>
        <div className={classes.id}>
          <span className="mono">{task.id}</span>
          <Copy value={task.id} what="Copy task id" size="xs" />
        </div>
      </div>
      <Actions task={task} onChanged={onChanged} />
    </div>
  );
}

/** What the task's links allow now, and nothing else. */
function Actions({ task, onChanged }: Props) {
  const navigate = useNavigate();
  const [asking, setAsking] = useState<'cancel' | 'delete'>();
  const close = () => setAsking(undefined);
  const taken = (next: Task) => {
    feed.put([next]);
    onChanged();
  };
  const cancel = useMutation({ mutationFn: () => milepost.cancel(task.id), onSuccess: taken });
  const retry = useMutation({ mutationFn: () => milepost.retry(task.id), onSuccess: taken });
  const remove = useMutation({
    mutationFn: () => milepost.delete(task.id),
    onSuccess: async () => {
      await navigate({ to: '/' });
      sayDone('The task is deleted.');
    },
  });
  const { links } = task;
  return (
    <Group gap="xs">
      {links.cancel !== undefined && (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlayerStop size={15} aria-hidden />}
          loading={cancel.isPending}
          disabled={task.cancel_requested === true}
          onClick={() => setAsking('cancel')}
        >
          {task.cancel_requested ? 'Cancel requested' : 'Cancel'}
        </Button>
      )}
      {links.retry !== undefined && (
        <Button
          size="xs"
          leftSection={<IconRefresh size={15} aria-hidden />}
          loading={retry.isPending}
          onClick={() => retry.mutate()}
        >
          Retry
        </Button>
      )}
      {links.delete !== undefined && (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconTrash size={15} aria-hidden />}
          loading={remove.isPending}
          onClick={() => setAsking('delete')}
        >
          Delete
        </Button>
      )}
      <Confirm
        opened={asking === 'cancel'}
        title="Cancel this task?"
        text={
          task.state === 'running'
            ? `Its worker is told with its next report, and has ${task.cancel_grace_seconds} seconds to stop.`
            : 'It has not begun, and will not.'
        }
        action="Cancel the task"
        dismiss="Keep it"
        onConfirm={() => cancel.mutate()}
        onClose={close}
      />
      <Confirm
        opened={asking === 'delete'}
        title="Delete this task?"
        text="Its input, output and log are gone for good."
        action="Delete the task"
        dismiss="Keep it"
        onConfirm={() => remove.mutate()}
        onClose={close}
      />
    </Group>
  );
}
