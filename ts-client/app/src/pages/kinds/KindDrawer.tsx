// All that is said of a kind. The server's rules are not repeated here: what it refuses comes back with
// the name of the field, and is shown there.

import { Button, Group, NumberInput, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';

import { explain, type Kind, milepost } from '../../api';
import { sayDone } from '../../parts/notices';
import { refusalOf } from '../../parts/refusal';
import { Refused } from '../../parts/Refused';
import { SidePanel } from '../../parts/SidePanel';
import { type Draft, definitionOf, draftOf, placeOf, validate } from './draft';
import classes from './kinds.module.css';

interface Props {
  /** The kind's name; empty for one that is yet to be named; absent while the drawer is shut. */
  name: string | undefined;
  onClose(): void;
  onChanged(): void;
}

export function KindDrawer({ name, onClose, onChanged }: Props) {
  return (
    <SidePanel opened={name !== undefined} onClose={onClose} title={name === '' ? 'Describe a kind' : (name ?? '')}>
      {name !== undefined && (
        <Loaded
          key={name}
          name={name}
          onDone={(kind) => {
            onChanged();
            onClose();
            sayDone(`The kind ${kind.name} is set.`);
          }}
        />
      )}
    </SidePanel>
  );
}

/** Lists have no schemas, so the kind is asked for. */
function Loaded({ name, onDone }: { name: string; onDone(kind: Kind): void }) {
  const { data, error } = useQuery({
    queryKey: ['kind to edit', name],
    queryFn: ({ signal }) => milepost.kinds.get(name, { signal }),
    enabled: name !== '',
    gcTime: 0,
    staleTime: Infinity,
  });
  if (error !== null) return <Refused title="Not loaded" text={explain(error)} />;
  if (name !== '' && data === undefined) return null;
  return <KindForm kind={data} onDone={onDone} />;
}

function KindForm({ kind, onDone }: { kind: Kind | undefined; onDone(kind: Kind): void }) {
  const [rest, setRest] = useState<string>();
  const form = useForm<Draft>({ initialValues: draftOf(kind), validate });
  const save = useMutation({
    mutationFn: (draft: Draft) => milepost.kinds.put(draft.name.trim(), definitionOf(draft)),
    onSuccess: onDone,
    onError: (error) => {
      const refusal = refusalOf(error, placeOf);
      form.setErrors(refusal.fields);
      setRest(refusal.rest);
    },
    meta: { quiet: true },
  });
  const field = (name: keyof Draft, label: string, description: string) => (
    <NumberInput
      label={label}
      description={description}
      placeholder="As its queue says"
      allowDecimal={false}
      {...form.getInputProps(name)}
    />
  );
  return (
    <form
      noValidate
      aria-label="Kind"
      onSubmit={form.onSubmit((draft) => {
        setRest(undefined);
        save.mutate(draft);
      })}
    >
      <Stack gap="md">
        {kind === undefined && (
          <TextInput
            label="Name"
            description="As tasks name it"
            placeholder="report.build"
            withAsterisk
            data-autofocus
            {...form.getInputProps('name')}
          />
        )}
        <Textarea label="Description" description="What its tasks do" autosize minRows={2} maxRows={8} {...form.getInputProps('description')} />
        <Textarea
          label="Input schema"
          description="A JSON Schema that inputs must fit; empty for any input"
          placeholder='{"type": "object", "properties": {"month": {"type": "string"}}}'
          autosize
          minRows={6}
          maxRows={22}
          spellCheck={false}
          classNames={{ input: classes.json }}
          {...form.getInputProps('input_schema')}
        />
        <h3 className={classes.heading}>What its tasks get when they do not say</h3>
        <SimpleGrid cols={2} className={classes.fields}>
          {field('max_attempts', 'Attempts', 'Before a task fails')}
          {field('timeout_seconds', 'Timeout', 'Seconds an attempt')}
          {field('backoff_base_seconds', 'Backoff', 'Seconds, doubled each time')}
          {field('backoff_max_seconds', 'Longest backoff', 'Seconds')}
          {field('stalled_after_seconds', 'Stalled after', 'Seconds without news')}
          {field('retention_seconds', 'Kept for', 'Seconds after its end')}
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
