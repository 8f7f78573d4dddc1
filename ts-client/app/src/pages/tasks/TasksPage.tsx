// All tasks, newest first, moving as they move. Everything live comes from the page's one stream;
// lists are asked for once each, for what was there before.

import { Button, Group, Stack } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';

import type { State } from '../../api';
import { BulkActions } from '../../bulk/BulkActions';
import { Runs } from '../../bulk/Runs';
import { useFeedPart } from '../../live/useFeedPart';
import { Blank } from '../../parts/Blank';
import { useKept } from '../../parts/useKept';
import { useTitle } from '../../parts/useTitle';
import { Counts } from './Counts';
import { FilterBar } from './FilterBar';
import { type Filters, isFiltered, namesOf } from './filters';
import { FirstTask } from './FirstTask';
import classes from './tasks.module.css';
import { TaskListPanel } from './TaskListPanel';
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
        <Group gap={6}>
          {filtered && <BulkActions filters={filters} />}
          <Button component={Link} to="/submit" size="xs" leftSection={<IconPlus size={15} aria-hidden />}>
            Submit a task
          </Button>
        </Group>
      </Group>
      <Runs />
      <Counts counts={list.counts} chosen={filters.state ?? NONE} onChoose={choose} />
      <FilterBar filters={filters} known={known} onChange={change} />

      <TaskListPanel
        list={list}
        what="Tasks"
        held={held}
        release={release}
        blank={
          filtered ? (
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
          ) : (
            <FirstTask />
          )
        }
      >
        {list.tasks.length > 0 && <TaskTable tasks={shown} fading={offline} />}
      </TaskListPanel>
    </Stack>
  );
}

function withStates(filters: Filters, state: Filters['state']): Filters {
  const { state: _, ...others } = filters;
  return state === undefined || state.length === 0 ? others : { ...others, state };
}
