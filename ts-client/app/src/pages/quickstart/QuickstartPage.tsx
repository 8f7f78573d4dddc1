// The smallest whole example: a list, a form, and work that moves. It speaks the plain wire that a
// tutorial's page would (fetch and EventSource), through the generated types and nothing else.

import { Stack, Text } from '@mantine/core';

import { useTitle } from '../../parts/useTitle';
import { Countdown } from './Countdown';
import { DataList } from './DataList';
import { NameForm } from './NameForm';
import classes from './quickstart.module.css';

export function QuickstartPage() {
  useTitle('Quickstart');
  return (
    <Stack gap="md">
      <div>
        <h1 className={classes.title}>Quickstart</h1>
        <Text c="dimmed" size="sm">
          Four plain calls, on the same engine as everything else: read a list, submit a form, start work, watch it. The
          runs below are ordinary tasks of the queue <span className="mono">quickstart</span>.
        </Text>
      </div>
      <div className={classes.halves}>
        <DataList />
        <NameForm />
      </div>
      <div className={classes.halves}>
        <Countdown first="alpha" />
        <Countdown first="beta" />
      </div>
    </Stack>
  );
}
