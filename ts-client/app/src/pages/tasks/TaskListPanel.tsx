import { Alert, Button, Group, Skeleton, Text } from '@mantine/core';
import { IconAlertTriangle, IconArrowUp } from '@tabler/icons-react';
import type { ReactNode } from 'react';

import { explain } from '../../api';
import { Blank } from '../../parts/Blank';
import classes from './tasks.module.css';
import type { TaskList } from './useTaskList';

interface Props {
  list: TaskList;
  /** What is listed: `Tasks`. */
  what: string;
  /** New rows that are held back while the reader is further down. */
  held: number;
  release(): void;
  /** What stands there when there is nothing to list. */
  blank: ReactNode;
  /** The table; nothing when there is nothing to list. */
  children: ReactNode;
}

/** A list of tasks: on its way, failed, empty or there, with the way to older ones. */
export function TaskListPanel({ list, what, held, release, blank, children }: Props) {
  const again = (
    <Button size="xs" variant="default" onClick={list.retry}>
      Try again
    </Button>
  );
  return (
    <>
      {list.error !== undefined && list.ready && (
        <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} title="Older tasks could not be loaded">
          <Group justify="space-between">
            <Text size="sm">{explain(list.error)}</Text>
            {again}
          </Group>
        </Alert>
      )}
      <section className={`panel ${classes.tablePanel}`} aria-label={what} aria-busy={!list.ready}>
        {!list.ready && list.error === undefined && <Loading />}
        {!list.ready && list.error !== undefined && (
          <Blank
            role="alert"
            icon={<IconAlertTriangle size={36} stroke={1.4} aria-hidden />}
            title="The tasks could not be loaded"
            text={`${explain(list.error)} The page goes on trying.`}
          >
            {again}
          </Blank>
        )}
        {list.ready && held > 0 && (
          <button type="button" className={classes.held} onClick={release}>
            <IconArrowUp size={14} aria-hidden /> {held} new {held === 1 ? 'task' : 'tasks'}
          </button>
        )}
        {list.ready && (children || blank)}
        {list.ready && (list.hasMore || list.full) && (
          <div className={classes.more}>
            {list.full ? (
              <Text size="sm" c="dimmed">
                The newest {list.tasks.length.toLocaleString('en')} tasks are shown. Filter to reach older ones.
              </Text>
            ) : (
              <Button variant="default" size="xs" loading={list.loadingMore} onClick={list.loadMore}>
                Load older tasks
              </Button>
            )}
          </div>
        )}
      </section>
    </>
  );
}

function Loading() {
  return (
    <div className={classes.loading} role="status" aria-label="Loading tasks">
      {Array.from({ length: 8 }, (_, row) => (
        <Skeleton key={row} height={20} radius="sm" />
      ))}
    </div>
  );
}
