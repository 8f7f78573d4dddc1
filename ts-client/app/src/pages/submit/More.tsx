// What most submits leave to the server and the queue, shut until somebody wants it.

import { Button, Collapse, NumberInput, SimpleGrid, Stack, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconChevronDown, IconChevronRight } from '@tabler/icons-react';
import { useId, useState } from 'react';

import { AfterFields } from './AfterFields';
import type { Draft } from './draft';
import { FamilyFields } from './FamilyFields';
import { StageRows } from './StageRows';

export function More({ form }: { form: UseFormReturnType<Draft> }) {
  const [chosen, setChosen] = useState(() => form.values.parent_id !== '');
  const id = useId();
  // A refusal must not stand behind a shut door.
  const opened = chosen || FIELDS.some((name) => form.errors[name] !== undefined);
  const number = (name: keyof Draft & (typeof FIELDS)[number], label: string, description: string, placeholder: string) => (
    <NumberInput
      label={label}
      description={description}
      placeholder={placeholder}
      allowDecimal={false}
      {...form.getInputProps(name)}
    />
  );
  return (
    <div>
      <Button
        size="compact-sm"
        variant="subtle"
        color="gray"
        leftSection={opened ? <IconChevronDown size={15} aria-hidden /> : <IconChevronRight size={15} aria-hidden />}
        aria-expanded={opened}
        aria-controls={id}
        onClick={() => setChosen(!opened)}
      >
        More
      </Button>
      <Collapse expanded={opened} id={id}>
        <Stack gap="md" pt="sm">
          <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }}>
            {number('delay_seconds', 'Delay', 'Seconds from now', 'None')}
            <TextInput label="Run at" description="Instead of a delay" type="datetime-local" {...form.getInputProps('run_at')} />
            {number('deadline_seconds', 'Deadline', 'Seconds from now until it fails', 'None')}
            {number('priority', 'Priority', 'Higher goes first', '0')}
            {number('max_attempts', 'Attempts', 'Before it fails', 'As its queue says')}
            {number('timeout_seconds', 'Timeout', 'Seconds an attempt', 'As its queue says')}
          </SimpleGrid>
          <TextInput
            label="Concurrency key"
            description="Tasks of its queue that share this word run one at a time, or as many as the queue allows"
            placeholder="customer-42"
            {...form.getInputProps('concurrency_key')}
          />
          <TextInput
            label="Unique key"
            description="While a task of its queue with this word is not done, that one is shown instead of a new one"
            placeholder="nightly-import"
            {...form.getInputProps('unique_key')}
          />
          <AfterFields form={form} />
          <FamilyFields form={form} />
          <StageRows form={form} />
        </Stack>
      </Collapse>
    </div>
  );
}

const FIELDS = [
  'delay_seconds',
  'run_at',
  'deadline_seconds',
  'priority',
  'max_attempts',
  'timeout_seconds',
  'concurrency_key',
  'stages',
  'parent_id',
  'weight',
  'complete_when_children_done',
  'child_failure',
  'unique_key',
  'after',
  'after_failure',
] as const satisfies (keyof Draft)[];
