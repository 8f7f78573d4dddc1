// All tasks, newest first, moving as they move. Everything live comes from the page's one stream;
// lists are asked for once each, for what was there before.

import { Alert, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { IconAlertTriangle, IconArrowUp, IconPlus } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';

import { explain, type State } from '../../api';
import { useFeedPart } from '../../live/useFeedPart';
import { Blank } from '../../parts/Blank';
import { useKept } from '../../parts/useKept';
import { useTitle } from '../../parts/useTitle';
import { Counts } from './Counts';
import { FilterBar } from './FilterBar';
import { type Filters, isFiltered } from './filters';
import { FirstTask } from './FirstTask';
import classes from './tasks.module.css';
import { TaskTable } from './TaskTable';
import { useHold } from './useHold';
import { useTaskList } from './useTaskList';

const NONE: readonly State[] = [];

export function TasksPage() {
  useTitle('Tasks');
  const filters = useSearch({ from: '/' });
  const navigate = useNavigate({ from: '/' });
  const offline = useFeedPart((view) => view.connection === 'offline');
  const list = useTaskList(filters);
  const { shown, held, release } = useHold(list.tasks);
  const change = useCallback((next: Filters) => void navigate({ search: next, replace: true }), [navigate]);
  const choose = useCallback((state: State[]) => change(withStates(filters, state)), [change, filters]);
  const known = useKept(useMemo(() => namesOf(list.all), [list.all]));
  const filtered = isFiltered(filters);

  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="sm">
        <h1 className={classes.title}>Tasks</h1>
        <Button component={Link} to="/submit" size="xs" leftSection={<IconPlus size={15} aria-hidden />}>
          Submit a task
        </Button>
      </Group>
      <Counts counts={list.counts} chosen={filters.state ?? NONE} onChoose={choose} />
      <FilterBar filters={filters} known={known} onChange={change} />

      {list.error !== undefined && list.ready && (
        <Alert color="red" variant="light" icon={<IconAlertTriangle size={18} />} title="Older tasks could not be loaded">
          <Group justify="space-between">
            <Text size="sm">{explain(list.error)}</Text>
            <Button size="xs" variant="default" onClick={list.retry}>
              Try again
            </Button>
          </Group>
        </Alert>
      )}

      <section className={`panel ${classes.tablePanel}`} aria-label="Tasks" aria-busy={!list.ready}>
        {!list.ready && list.error === undefined && <Loading />}
        {!list.ready && list.error !== undefined && (
          <Blank
            role="alert"
            icon={<IconAlertTriangle size={36} stroke={1.4} aria-hidden />}
            title="The tasks could not be loaded"
            text={`${explain(list.error)} The page goes on trying.`}
          >
            <Button variant="default" onClick={list.retry}>
              Try again
            </Button>
          </Blank>
        )}
        {list.ready && list.tasks.length === 0 && !filtered && <FirstTask />}
        {list.ready && list.tasks.length === 0 && filtered && (
          <Blank
            role="status"
            icon={null}
            title="No task matches"
            text={list.hasMore ? 'None of the tasks looked at so far; there are older ones.' : 'No task is like that now.'}
          >
            <Button variant="default" onClick={() => change({})}>
              Show all tasks
            </Button>
          </Blank>
        )}
        {list.ready && list.tasks.length > 0 && (
          <>
            {held > 0 && (
              <button type="button" className={classes.held} onClick={release}>
                <IconArrowUp size={14} aria-hidden /> {held} new {held === 1 ? 'task' : 'tasks'}
              </button>
            )}
            <TaskTable tasks={shown} fading={offline} />
          </>
        )}
        {list.ready && (list.hasMore || list.full) && (
          <div className={classes.more}>
            {list.full ? (
              <Text size="sm" c="dimmed">
                The newest {list.all.length.toLocaleString('en')} tasks are shown. Filter to reach older ones.
              </Text>
            ) : (
              <Button variant="default" size="xs" loading={list.loadingMore} onClick={list.loadMore}>
                Load older tasks
              </Button>
            )}
          </div>
        )}
      </section>
    </Stack>
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

function withStates(filters: Filters, state: Filters['state']): Filters {
  const { state: _, ...others } = filters;
  return state === undefined || state.length === 0 ? others : { ...others, state };
}

function namesOf(tasks: readonly { queue: string; kind: string }[]): { queues: string[]; kinds: string[] } {
  return { queues: sorted(tasks.map((task) => task.queue)), kinds: sorted(tasks.map((task) => task.kind)) };
}

function sorted(names: string[]): string[] {
  return [...new Set(names)].toSorted();
}
