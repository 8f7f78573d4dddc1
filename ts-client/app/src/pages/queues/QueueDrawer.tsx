// A queue's limits, defaults and retention. The server's rules are not repeated here: what it refuses comes back
// with the name of the field, and is shown there.

import { Button, Group, NumberInput, SimpleGrid, Stack, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import { milepost, type Queue } from '../../api';
import { sayDone } from '../../parts/notices';
import { refusalOf } from '../../parts/refusal';
import { Refused } from '../../parts/Refused';
import { SidePanel } from '../../parts/SidePanel';
import { DepthChart } from './DepthChart';
import { changeOf, type Limits, limitsOf, placeOf } from './limits';
import classes from './queues.module.css';
import type { Depth } from './useDepth';

interface Props {
  /** The queue; `new` for one that is yet to be named; absent while the drawer is shut. */
  queue: Queue | 'new' | undefined;
  depths: readonly Depth[];
  onClose(): void;
  onChanged(): void;
}

export function QueueDrawer({ queue, depths, onClose, onChanged }: Props) {
  const known = queue === 'new' ? undefined : queue;
  return (
    <SidePanel
      opened={queue !== undefined}
      onClose={onClose}
      title={known === undefined ? 'Set up a queue' : known.name}
    >
      {queue !== undefined && (
        <Stack gap="lg">
          {known !== undefined && (
            <figure className={classes.figure}>
              <DepthChart name={known.name} depths={depths} width={392} height={96} />
              <figcaption>
                <span data-line="queued">Queued</span>
                <span data-line="running">Running</span>
                <span>since the page was opened</span>
              </figcaption>
            </figure>
          )}
          <LimitsForm
            queue={known}
            onDone={(name) => {
              onChanged();
              onClose();
              sayDone(`The limits of ${name} are set.`);
            }}
          />
        </Stack>
      )}
    </SidePanel>
  );
}

function LimitsForm({ queue, onDone }: { queue: Queue | undefined; onDone(name: string): void }) {
  const [rest, setRest] = useState<string>();
  const form = useForm<Limits>({
    initialValues: limitsOf(queue),
    validate: { name: (name) => (name.trim() === '' ? 'Name the queue' : null) },
  });
  const save = useMutation({
    mutationFn: (limits: Limits) => milepost.queues.update(limits.name.trim(), changeOf(limits)),
    onSuccess: ({ name }) => onDone(name),
    onError: (error) => {
      const refusal = refusalOf(error, placeOf);
      form.setErrors(refusal.fields);
      setRest(refusal.rest);
    },
    meta: { quiet: true },
  });
  const field = (name: keyof Limits, label: string, description: string, placeholder?: string) => (
    <NumberInput
      label={label}
      description={description}
      allowDecimal={false}
      {...(placeholder !== undefined && { placeholder })}
      {...form.getInputProps(name)}
    />
  );
  return (
    <form
      noValidate
      aria-label="Limits"
      onSubmit={form.onSubmit((limits) => {
        setRest(undefined);
        save.mutate(limits);
      })}
    >
      <Stack gap="md">
        {queue === undefined && (
          <TextInput label="Name" description="Where tasks will wait" withAsterisk data-autofocus {...form.getInputProps('name')} />
        )}
        <h3 className={classes.heading}>Limits</h3>
        <SimpleGrid cols={2} className={classes.fields}>
          {field('max_concurrency', 'At once', 'Tasks that run', 'Any number')}
          {field('max_concurrency_per_key', 'At once per key', 'With one concurrency key', '1')}
        </SimpleGrid>
        <SimpleGrid cols={3} className={classes.fields}>
          {field('rate', 'Rate', 'Attempts that begin', 'Any number')}
          {field('rate_period', 'In', 'Seconds', '1')}
          {field('rate_burst', 'Burst', 'At once after a rest', 'As the rate')}
        </SimpleGrid>
        <h3 className={classes.heading}>What its tasks get when they do not say</h3>
        <SimpleGrid cols={2} className={classes.fields}>
          {field('max_attempts', 'Attempts', 'Before a task fails', '3')}
          {field('timeout_seconds', 'Timeout', 'Seconds an attempt', 'None')}
          {field('backoff_base_seconds', 'Backoff', 'Seconds, doubled each time', '1')}
          {field('backoff_max_seconds', 'Longest backoff', 'Seconds', '300')}
          {field('stalled_after_seconds', 'Stalled after', 'Seconds without news', '60')}
          {field('retention_seconds', 'Kept for', 'Seconds after its end', 'For good')}
        </SimpleGrid>
        <h3 className={classes.heading}>What goes when a task is done for so long</h3>
        <SimpleGrid cols={2} className={classes.fields}>
          {field('task_seconds', 'The task', 'Seconds after its end', 'Kept')}
          {field('body_seconds', 'Input and output', 'It cannot be retried then', 'Kept')}
          {field('event_seconds', 'Events and log', 'All but the last', 'Kept')}
          {field('progress_seconds', 'Most progress', '100 an attempt stay', 'Kept')}
        </SimpleGrid>
        <Refused title="Not set" text={rest} />
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
