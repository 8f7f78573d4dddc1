// What a webhook was told, and is yet to be told, live: its deliveries are tasks of the server's own.

import { Button } from '@mantine/core';
import { IconMailFast } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useState } from 'react';

import type { State, Webhook } from '../../api';
import { BulkActions } from '../../bulk/BulkActions';
import { Runs } from '../../bulk/Runs';
import { Feed, useFeed } from '../../live/feed';
import { Blank } from '../../parts/Blank';
import { Counts } from '../tasks/Counts';
import { TaskListPanel } from '../tasks/TaskListPanel';
import { useHold } from '../tasks/useHold';
import { useTaskList } from '../tasks/useTaskList';
import { DeliveryTable } from './DeliveryTable';
import { deliveriesOf, filtersOf } from './search';
import classes from './webhooks.module.css';

export function Deliveries({ webhook: { id } }: { webhook: Webhook }) {
  const [feed] = useState(() => new Feed(deliveriesOf(id)));
  useEffect(() => feed.start(), [feed]);
  const { connection } = useFeed(feed);
  const { state } = useSearch({ from: '/webhooks/$id' });
  const navigate = useNavigate({ from: '/webhooks/$id' });
  const asked = state?.join(' ');
  const filters = useMemo(() => filtersOf(id, asked === undefined ? {} : { state: asked.split(' ') as State[] }), [id, asked]);
  const list = useTaskList(filters, feed);
  const { shown, held, release } = useHold(list.tasks);
  const choose = useCallback(
    (states: State[]) =>
      void navigate({ search: states.length > 0 ? { state: states } : {}, replace: true, resetScroll: false }),
    [navigate],
  );
  const failed = useMemo(() => filtersOf(id, { state: ['failed'] }), [id]);
  return (
    <>
      <div className={classes.deliveriesHead}>
        <h2>Deliveries</h2>
        <BulkActions filters={failed} only="retry" word="Retry all failed" />
      </div>
      <Runs />
      <Counts counts={list.counts} chosen={state ?? []} onChoose={choose} />
      <TaskListPanel
        list={list}
        what="Deliveries"
        held={held}
        release={release}
        blank={
          state === undefined ? (
            <Blank
              icon={<IconMailFast size={36} stroke={1.4} aria-hidden />}
              title="Nothing was told yet"
              text="What ends from now on appears here by itself. Deliveries are kept for a week."
            />
          ) : (
            <Blank role="status" icon={null} title="No delivery is like that" text="Of those that are kept: a week from their end.">
              <Button variant="default" onClick={() => choose([])}>
                Show all deliveries
              </Button>
            </Blank>
          )
        }
      >
        {list.tasks.length > 0 && (
          <DeliveryTable deliveries={shown} fading={connection === 'offline'} onChanged={(task) => feed.put([task])} />
        )}
      </TaskListPanel>
    </>
  );
}
