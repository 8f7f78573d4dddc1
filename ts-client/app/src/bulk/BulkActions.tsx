import { Button, Group } from '@mantine/core';
import { IconPlayerStop, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import { type BulkSelection, milepost } from '../api';
import type { Filters } from '../pages/tasks/filters';
import { type Action, actionsFor, bulkFilterOf, words } from './bulk';
import { BulkDialog } from './BulkDialog';

interface Props {
  filters: Filters;
  /** Offers this alone, with `word` on the button. */
  only?: Action;
  word?: string;
}

const icons: Record<Action, React.ReactNode> = {
  cancel: <IconPlayerStop size={14} aria-hidden />,
  retry: <IconRefresh size={14} aria-hidden />,
  delete: <IconTrash size={14} aria-hidden />,
};

/** What can be done to all tasks that match, once one has seen how many they are. */
export function BulkActions({ filters, only, word }: Props) {
  const [asked, setAsked] = useState<{ action: Action; filter: BulkSelection }>();
  const count = useMutation({
    mutationFn: ({ action, filter }: { action: Action; filter: BulkSelection }) => milepost.bulk[action](filter, { dryRun: true }),
    // The dialog shows the refusal itself.
    meta: { quiet: true },
  });
  const ask = (action: Action) => {
    const next = { action, filter: bulkFilterOf(filters) };
    setAsked(next);
    count.mutate(next);
  };
  return (
    <>
      <Group gap={6} role="group" aria-label="All that match">
        {(only === undefined ? actionsFor(filters.state) : [only]).map((action) => (
          <Button key={action} size="xs" variant="default" leftSection={icons[action]} onClick={() => ask(action)}>
            {word ?? `${words[action].button} all that match`}
          </Button>
        ))}
      </Group>
      {asked !== undefined && (
        <BulkDialog {...asked} counting={count.data} refusal={count.error} onClose={() => setAsked(undefined)} />
      )}
    </>
  );
}
