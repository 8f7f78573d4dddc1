import { ActionIcon, Tooltip } from '@mantine/core';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { milepost, type Queue, type State } from '../../api';
import { useNow } from '../../live/clock';
import { amount, duration, moment } from '../../live/format';
import { Mark } from '../../parts/Mark';
import { ActionsHead, PauseAction, RowActions } from '../../parts/RowActions';
import { DepthChart } from './DepthChart';
import { inWords } from './limits';
import classes from './queues.module.css';
import type { Depth } from './useDepth';

interface Props {
  queues: readonly Queue[];
  depths: ReadonlyMap<string, readonly Depth[]>;
  onEdit(queue: Queue): void;
  onChanged(): void;
}

export function QueueTable({ queues, depths, onEdit, onChanged }: Props) {
  return (
    <table className={classes.table}>
      <caption>Queues, by name</caption>
      <thead>
        <tr>
          <th scope="col">Queue</th>
          <th scope="col" className={classes.number}>
            Queued
          </th>
          <th scope="col" className={classes.number}>
            Running
          </th>
          <th scope="col" className={classes.number}>
            Retrying
          </th>
          <th scope="col" className={classes.number}>
            Failed
          </th>
          <th scope="col">Oldest wait</th>
          <th scope="col">Limits</th>
          <th scope="col">Depth</th>
          <ActionsHead />
        </tr>
      </thead>
      <tbody>
        {queues.map((queue) => (
          <QueueRow key={queue.name} queue={queue} depths={depths.get(queue.name) ?? []} onEdit={onEdit} onChanged={onChanged} />
        ))}
      </tbody>
    </table>
  );
}

function QueueRow({ queue, depths, onEdit, onChanged }: Omit<Props, 'queues' | 'depths'> & { queue: Queue; depths: readonly Depth[] }) {
  const { name, paused, parked, counts } = queue;
  return (
    <tr data-testid="queue-row" data-queue={name}>
      <th scope="row">
        <span className={classes.name}>
          <Link to="/" search={{ queue: name }}>
            {name}
          </Link>
          {paused && <Mark colour="retrying">Paused</Mark>}
        </span>
      </th>
      <Count queue={name} state="queued" value={counts.queued}>
        {parked > 0 && `${amount(parked)} parked`}
      </Count>
      <Count queue={name} state="running" value={counts.running}>
        {queue.max_concurrency !== undefined && `of ${amount(queue.max_concurrency)}`}
      </Count>
      <Count queue={name} state="retrying" value={counts.retrying} />
      <Count queue={name} state="failed" value={counts.failed} />
      <td className="numbers">
        <OldestWait since={queue.oldest_queued_at} />
      </td>
      <td>
        <Limits queue={queue} />
      </td>
      <td>
        <DepthChart name={name} depths={depths} width={110} height={30} />
      </td>
      <RowActions>
        <PauseButton queue={queue} onChanged={onChanged} />
        <Tooltip label="Limits and defaults" withArrow>
          <ActionIcon variant="subtle" color="gray" size="md" onClick={() => onEdit(queue)} aria-label={`Edit ${name}`}>
            <IconAdjustmentsHorizontal size={17} />
          </ActionIcon>
        </Tooltip>
      </RowActions>
    </tr>
  );
}

/** How many tasks are in a state, and the way to them. */
function Count({ queue, state, value, children }: { queue: string; state: State; value: number; children?: React.ReactNode }) {
  return (
    <td className={`numbers ${classes.number}`} data-testid={state}>
      {value === 0 ? (
        <span className={classes.zero}>0</span>
      ) : (
        <Link to="/" search={{ queue, state: [state] }} className={classes.count} data-state={state}>
          {amount(value)}
        </Link>
      )}
      {children && <div className={classes.under}>{children}</div>}
    </td>
  );
}

function OldestWait({ since }: { since: string | undefined }) {
  const now = useNow();
  if (since === undefined) return <span className={classes.zero}>–</span>;
  return <span title={`since ${moment(since)}`}>{duration((now - Date.parse(since)) / 1_000)}</span>;
}

function Limits({ queue }: { queue: Queue }) {
  const words = inWords(queue);
  return <span className={words.length > 0 ? undefined : classes.zero}>{words.length > 0 ? words.join(', ') : 'none'}</span>;
}

function PauseButton({ queue: { name, paused }, onChanged }: { queue: Queue; onChanged(): void }) {
  const change = useMutation({
    mutationFn: () => milepost.queues.update(name, { paused: !paused }),
    onSettled: onChanged,
  });
  return <PauseAction paused={paused} name={name} loading={change.isPending} onClick={() => change.mutate()} />;
}
