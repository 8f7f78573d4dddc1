// All queues: how deep they are, what limits them, and the way to hold one up.

import { Button, Stack } from '@mantine/core';
import { useQueues } from '@milepost/client/react';
import { IconPlus, IconStack2 } from '@tabler/icons-react';
import { useState } from 'react';

import type { Queue } from '../../api';
import { Blank } from '../../parts/Blank';
import { ListPanel } from '../../parts/ListPanel';
import { PageHead } from '../../parts/PageHead';
import { useTitle } from '../../parts/useTitle';
import { QueueDrawer } from './QueueDrawer';
import { QueueTable } from './QueueTable';
import { useDepth } from './useDepth';

export function QueuesPage() {
  useTitle('Queues');
  const { queues, ...list } = useQueues();
  const depths = useDepth(queues);
  const [editing, setEditing] = useState<Queue | 'new'>();
  const setUp = () => setEditing('new');
  const changed = () => void list.refetch();
  return (
    <Stack gap="md">
      <PageHead title="Queues" text="Where tasks wait, and how many of them may run.">
        <Button size="xs" leftSection={<IconPlus size={15} aria-hidden />} onClick={setUp}>
          Set up a queue
        </Button>
      </PageHead>
      <ListPanel
        what="queues"
        {...list}
        empty={queues.length === 0}
        blank={
          <Blank
            icon={<IconStack2 size={36} stroke={1.4} aria-hidden />}
            title="No queues yet"
            text="A queue is there from its first task on. Set one up before, to give it limits."
          >
            <Button variant="default" onClick={setUp}>
              Set up a queue
            </Button>
          </Blank>
        }
      >
        <QueueTable queues={queues} depths={depths} onEdit={setEditing} onChanged={changed} />
      </ListPanel>
      <QueueDrawer
        queue={editing}
        depths={editing === undefined || editing === 'new' ? [] : (depths.get(editing.name) ?? [])}
        onClose={() => setEditing(undefined)}
        onChanged={changed}
      />
    </Stack>
  );
}
