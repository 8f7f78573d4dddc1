// The tasks that failed for good, newest first: why, and what is to become of them.

import { Button, Stack } from '@mantine/core';
import { IconMoodCheck } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';

import { BulkActions } from '../../bulk/BulkActions';
import { Runs } from '../../bulk/Runs';
import { useFeedPart } from '../../live/useFeedPart';
import { Blank } from '../../parts/Blank';
import { PageHead } from '../../parts/PageHead';
import { useKept } from '../../parts/useKept';
import { useTitle } from '../../parts/useTitle';
import { FilterBar } from '../tasks/FilterBar';
import { type Filters, isFiltered, namesOf } from '../tasks/filters';
import { TaskListPanel } from '../tasks/TaskListPanel';
import { useHold } from '../tasks/useHold';
import { useTaskList } from '../tasks/useTaskList';
import { DeadLetterTable } from './DeadLetterTable';
import { Errors } from './Errors';
import { type DeadLetterSearch, filtersOf, groupByError, toggled, withoutErrors } from './search';

export function DeadLettersPage() {
  useTitle('Dead letters');
  const search = useSearch({ from: '/dead-letters' });
  const navigate = useNavigate({ from: '/dead-letters' });
  const offline = useFeedPart((view) => view.connection === 'offline');
  const asked = JSON.stringify(filtersOf(search));
  const filters = useMemo(() => JSON.parse(asked) as Filters, [asked]);
  const list = useTaskList(filters);
  // Counted whichever are chosen, so that another can be.
  const ofAnyError = useMemo(() => withoutErrors(filters), [filters]);
  const counted = useTaskList(ofAnyError);
  const errors = useKept(useMemo(() => groupByError(counted.tasks), [counted.tasks]));
  const types = useKept(useMemo(() => errors.map(({ type }) => type), [errors]));
  const { shown, held, release } = useHold(list.tasks);
  const known = useKept(useMemo(() => namesOf(list.all), [list.all]));
  const change = useCallback((next: DeadLetterSearch) => void navigate({ search: next, replace: true }), [navigate]);
  const { state: _, ...chosen } = filters;
  const { error_type: wanted = [] } = chosen;
  const choose = (type: string) => {
    const next = toggled(wanted, type);
    change(next.length === 0 ? withoutErrors(chosen) : { ...chosen, error_type: next });
  };

  return (
    <Stack gap="sm">
      <PageHead title="Dead letters" text="Tasks that failed for good: no attempt is left, or their worker said that none would help.">
        <BulkActions filters={filters} />
      </PageHead>
      <Runs />
      <FilterBar filters={chosen} known={known} errors={types} onChange={change} time />
      <Errors errors={errors} chosen={wanted} partial={counted.hasMore || counted.full} onChoose={choose} />
      <TaskListPanel
        list={list}
        what="Dead letters"
        held={held}
        release={release}
        blank={<Nothing filtered={isFiltered(search)} older={list.hasMore} onClear={() => void navigate({ search: {}, replace: true })} />}
      >
        {list.tasks.length > 0 && <DeadLetterTable tasks={shown} fading={offline} />}
      </TaskListPanel>
    </Stack>
  );
}

function Nothing({ filtered, older, onClear }: { filtered: boolean; older: boolean; onClear(): void }) {
  if (!filtered && !older) {
    return (
      <Blank
        icon={<IconMoodCheck size={36} stroke={1.4} aria-hidden />}
        title="No dead letters"
        text="No task has failed for good. One that does appears here by itself, and can be retried or deleted."
      />
    );
  }
  return (
    <Blank
      role="status"
      icon={null}
      title="No dead letter matches"
      text={older ? 'None of those looked at so far; there are older ones.' : 'No task that failed is like that.'}
    >
      <Button variant="default" onClick={onClear}>
        Show all dead letters
      </Button>
    </Blank>
  );
}
