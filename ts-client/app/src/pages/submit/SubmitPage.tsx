// Submitting a task by hand. The server's rules are not repeated here: what it refuses comes back
// with the name of the field, and is shown there. Only what could not even be sent is checked before.

import { Button, Group, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useId, useState } from 'react';

import { milepost } from '../../api';
import { feed } from '../../live/feed';
import { refusalOf } from '../../parts/refusal';
import { Refused } from '../../parts/Refused';
import { useTitle } from '../../parts/useTitle';
import { placeOf as placeOfInput, unreadable } from '../../schema/values';
import { type Draft, emptyDraft, placeOf, toRequest, validate } from './draft';
import { InputPart } from './InputPart';
import { LabelRows } from './LabelRows';
import { More } from './More';
import classes from './submit.module.css';
import { useInputForm } from './useInputForm';

export function SubmitPage() {
  useTitle('Submit a task');
  const navigate = useNavigate();
  const [refusal, setRefusal] = useState<string>();
  const { kind = '', parent = '' } = useSearch({ from: '/submit' });
  const form = useForm<Draft>({ initialValues: { ...emptyDraft(), kind, parent_id: parent }, validate });
  const input = useInputForm(form.values.kind.trim(), form.values.input);
  const kinds = useId();
  const place = (field: string) => {
    const name = placeOf(field);
    return name === 'input' && input.drawn ? placeOfInput(input.fields ?? [], field) : name;
  };
  const submit = useMutation({
    mutationFn: (draft: Draft) => {
      const request = toRequest(input.drawn ? { ...draft, input: input.text() } : draft);
      return milepost.submit(request.kind, request.input, request.options);
    },
    onSuccess: (task) => {
      feed.put([task]);
      return navigate({ to: '/tasks/$id', params: { id: task.id } });
    },
    onError: (error) => {
      const { fields, rest } = refusalOf(error, place);
      form.setErrors(fields);
      setRefusal(rest);
    },
    // The page shows the refusal itself.
    meta: { quiet: true },
  });

  return (
    <Stack gap="md" className={classes.page}>
      <div>
        <h1 className={classes.title}>Submit a task</h1>
        <Text c="dimmed" size="sm">
          It waits in its queue until a worker for its kind takes it.
        </Text>
      </div>
      <form
        className={`panel ${classes.form}`}
        noValidate
        aria-label="Submit a task"
        onSubmit={form.onSubmit(
          (draft) => {
            setRefusal(undefined);
            const wrong = input.drawn ? unreadable(input.fields ?? [], input.values) : {};
            if (Object.keys(wrong).length > 0) form.setErrors(wrong);
            else submit.mutate(draft);
          },
          (errors) => form.getInputNode(Object.keys(errors)[0] ?? '')?.focus(),
        )}
      >
        <Stack gap="md">
          <SimpleGrid cols={{ base: 1, sm: 2 }}>
            <TextInput
              label="Kind"
              description="What is to be done; names the worker's handler"
              placeholder="report.build"
              withAsterisk
              list={kinds}
              {...form.getInputProps('kind')}
            />
            <datalist id={kinds}>
              {input.kinds.map((kind) => (
                <option key={kind} value={kind} />
              ))}
            </datalist>
            <TextInput label="Queue" description="Where it waits" {...form.getInputProps('queue')} />
          </SimpleGrid>
          {input.description !== undefined && <p className={classes.about}>{input.description}</p>}
          <InputPart form={form} input={input} />
          <LabelRows form={form} />
          <More form={form} />
          <Refused title="Not submitted" text={refusal} />
          <Group justify="flex-end">
            <Button type="submit" loading={submit.isPending}>
              Submit
            </Button>
          </Group>
        </Stack>
      </form>
    </Stack>
  );
}
