import { IconRefresh } from '@tabler/icons-react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';

import { milepost, type Task, type TaskError } from '../../api';
import { useNow } from '../../live/clock';
import { age, duration, moment, shortId } from '../../live/format';
import { ActionsHead, RowAction, RowActions } from '../../parts/RowActions';
import { StateBadge } from '../../parts/StateBadge';
import tasks from '../tasks/tasks.module.css';
import { Gap, useWindowRows } from '../tasks/useWindowRows';
import classes from './webhooks.module.css';

interface Props {
  deliveries: readonly Task[];
  fading: boolean;
  onChanged(delivery: Task): void;
}

export function DeliveryTable({ deliveries, fading, onChanged }: Props) {
  const { body, visible, before, after } = useWindowRows(deliveries);
  const { mutate } = useMutation({
    mutationFn: (delivery: Task) => milepost.retry(delivery.id),
    onSuccess: onChanged,
  });
  return (
    <table className={`${tasks.table} ${classes.table}`} data-fading={fading || undefined} aria-rowcount={deliveries.length + 1}>
      <caption className={tasks.unseen}>Deliveries, newest first</caption>
      <thead>
        <tr aria-rowindex={1}>
          <th scope="col" className={classes.stateColumn}>
            State
          </th>
          <th scope="col" className={classes.deliveryColumn}>
            Delivery
          </th>
          <th scope="col">Last attempt</th>
          <th scope="col" className={classes.attemptsColumn}>
            Attempts
          </th>
          <th scope="col" className={classes.nextColumn}>
            Next try
          </th>
          <ActionsHead className={classes.actionColumn} />
        </tr>
      </thead>
      <tbody ref={body}>
        <Gap height={before} />
        {visible.map(({ index }) => {
          const delivery = deliveries[index];
          return delivery && <DeliveryRow key={delivery.id} delivery={delivery} position={index + 2} onRetry={mutate} />;
        })}
        <Gap height={after} />
      </tbody>
    </table>
  );
}

interface RowProps {
  delivery: Task;
  position: number;
  onRetry(delivery: Task): void;
}

const DeliveryRow = memo(function DeliveryRow({ delivery, position, onRetry }: RowProps) {
  const { id, state, attempt, max_attempts, links } = delivery;
  return (
    <tr className={tasks.row} aria-rowindex={position} data-testid="delivery" data-task={id} data-state={state}>
      <td>
        <StateBadge state={state} cancelling={delivery.cancel_requested === true} still />
      </td>
      <td className={tasks.taskCell}>
        <Link to="/tasks/$id" params={{ id }} className={`mono ${tasks.rowLink}`} title={id}>
          {shortId(id)}
        </Link>
        <Since at={delivery.created_at} />
      </td>
      <td>
        <LastError delivery={delivery} />
      </td>
      <td className={`numbers ${classes.attemptsColumn}`}>
        {attempt} of {max_attempts}
      </td>
      <NextTry delivery={delivery} />
      <RowActions>
        {links.retry !== undefined && (
          <RowAction
            word="Retry"
            icon={<IconRefresh size={14} aria-hidden />}
            label={`Retry ${shortId(id)}`}
            loading={false}
            onClick={() => onRetry(delivery)}
          />
        )}
      </RowActions>
    </tr>
  );
});

function Since({ at }: { at: string }) {
  const words = age((useNow() - Date.parse(at)) / 1_000);
  return (
    <div className={classes.under} title={moment(at)}>
      {words === 'now' ? words : `${words} ago`}
    </div>
  );
}

/** What the receiver said last, or why it said nothing. */
function LastError({ delivery }: { delivery: Task }) {
  const error = useLastError(delivery);
  if (error === undefined) return null;
  return (
    <div title={error.detail ?? error.title}>
      <div className={classes.title} data-waits={!delivery.done || undefined}>
        {error.title ?? error.type}
      </div>
      {error.title !== undefined && <div className={`mono ${classes.type}`}>{error.type}</div>}
    </div>
  );
}

/** A task that goes on has no error of its own, so its attempts are asked for: once for each of them. */
function useLastError({ id, state, attempt, done, error }: Task): TaskError | undefined {
  const over = state === 'running' ? attempt - 1 : attempt;
  const { data } = useQuery({
    queryKey: ['last error', id, over],
    queryFn: async ({ signal }) => {
      const attempts = await milepost.attempts(id, { signal });
      return attempts.findLast((one) => one.error !== undefined)?.error ?? null;
    },
    enabled: !done && error === undefined && over > 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (error !== undefined || done) return error;
  return data ?? undefined;
}

function NextTry({ delivery: { state, run_at } }: { delivery: Task }) {
  const now = useNow();
  const waits = (state === 'retrying' || state === 'scheduled') && run_at !== undefined;
  const seconds = waits ? (Date.parse(run_at) - now) / 1_000 : 0;
  return (
    <td className={`numbers ${classes.nextColumn}`} title={waits ? moment(run_at) : undefined} data-testid="next-try">
      {waits ? (seconds < 1 ? 'now' : `in ${duration(seconds)}`) : ''}
    </td>
  );
}
