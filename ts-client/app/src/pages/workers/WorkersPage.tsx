// Who works: what they take, what they run, and when they were last heard of.

import { Stack } from '@mantine/core';
import { useWorkers } from '@milepost/client/react';
import { IconRobot } from '@tabler/icons-react';

import { Blank } from '../../parts/Blank';
import { Code } from '../../parts/Code';
import { ListPanel } from '../../parts/ListPanel';
import { PageHead } from '../../parts/PageHead';
import { useTitle } from '../../parts/useTitle';
import { WorkerTable } from './WorkerTable';
import classes from './workers.module.css';

export function WorkersPage() {
  useTitle('Workers');
  const { workers, ...list } = useWorkers();
  return (
    <Stack gap="md">
      <PageHead title="Workers" text="Who asked for work in the last ten minutes, and who runs something." />
      <ListPanel what="workers" {...list} empty={workers.length === 0} blank={<FirstWorker />}>
        <WorkerTable workers={workers} />
      </ListPanel>
    </Stack>
  );
}

/** How little a worker is. */
function FirstWorker() {
  const curl = `curl ${window.location.origin}/api/v1/leases \\
  -H 'Content-Type: application/json' \\
  -d '{"worker": "my-worker", "wait_seconds": 30}'`;
  return (
    <Blank
      icon={<IconRobot size={36} stroke={1.4} aria-hidden />}
      title="Nobody works here yet"
      text="A worker is any program that asks for leases. It shows up with its first question:"
    >
      <div className={classes.first}>
        <Code text={curl} what="curl command" />
      </div>
    </Blank>
  );
}
