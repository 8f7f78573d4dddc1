// All schedules: when they run, when they ran, and what can be done with them.

import { Button, Stack } from '@mantine/core';
import { useSchedules } from '@milepost/client/react';
import { IconCalendarClock, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';

import type { Schedule } from '../../api';
import { Blank } from '../../parts/Blank';
import { ListPanel } from '../../parts/ListPanel';
import { PageHead } from '../../parts/PageHead';
import { useTitle } from '../../parts/useTitle';
import { ScheduleDrawer } from './ScheduleDrawer';
import { ScheduleTable } from './ScheduleTable';

export function SchedulesPage() {
  useTitle('Schedules');
  const { schedules, ...list } = useSchedules();
  const [editing, setEditing] = useState<Schedule | 'new'>();
  const create = () => setEditing('new');
  const changed = () => void list.refetch();
  return (
    <Stack gap="md">
      <PageHead title="Schedules" text="Rules that submit tasks by the calendar.">
        <Button size="xs" leftSection={<IconPlus size={15} aria-hidden />} onClick={create}>
          Create a schedule
        </Button>
      </PageHead>
      <ListPanel
        what="schedules"
        {...list}
        empty={schedules.length === 0}
        blank={
          <Blank
            icon={<IconCalendarClock size={36} stroke={1.4} aria-hidden />}
            title="No schedules yet"
            text="A schedule submits the same task again and again: each night, each Monday, every ten seconds."
          >
            <Button variant="default" onClick={create}>
              Create a schedule
            </Button>
          </Blank>
        }
      >
        <ScheduleTable schedules={schedules} onEdit={setEditing} onChanged={changed} />
      </ListPanel>
      <ScheduleDrawer schedule={editing} onClose={() => setEditing(undefined)} onChanged={changed} />
    </Stack>
  );
}
