// All kinds that something is said of: what their inputs must be, and what their tasks get.

import { Button, Stack } from '@mantine/core';
import { useKinds } from '@milepost/client/react';
import { IconForms, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';

import { Blank } from '../../parts/Blank';
import { ListPanel } from '../../parts/ListPanel';
import { PageHead } from '../../parts/PageHead';
import { useTitle } from '../../parts/useTitle';
import { KindDrawer } from './KindDrawer';
import { KindTable } from './KindTable';

export function KindsPage() {
  useTitle('Kinds');
  const { kinds, ...list } = useKinds();
  const [editing, setEditing] = useState<string>();
  const describe = () => setEditing('');
  const changed = () => void list.refetch();
  return (
    <Stack gap="md">
      <PageHead title="Kinds" text="What inputs must be, and what tasks get when they do not say.">
        <Button size="xs" leftSection={<IconPlus size={15} aria-hidden />} onClick={describe}>
          Describe a kind
        </Button>
      </PageHead>
      <ListPanel
        what="kinds"
        {...list}
        empty={kinds.length === 0}
        blank={
          <Blank
            icon={<IconForms size={36} stroke={1.4} aria-hidden />}
            title="No kinds yet"
            text="Tasks may be of any kind. Describe one, and its inputs are checked, and submitted by a form."
          >
            <Button variant="default" onClick={describe}>
              Describe a kind
            </Button>
          </Blank>
        }
      >
        <KindTable kinds={kinds} onEdit={setEditing} onChanged={changed} />
      </ListPanel>
      <KindDrawer name={editing} onClose={() => setEditing(undefined)} onChanged={changed} />
    </Stack>
  );
}
