// Submitting a task by hand. The server's rules are not repeated here: what it refuses comes back
// with the name of the field, and is shown there. Only what could not even be sent is checked before.

import { Button, Group, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';

import { milepost } from '../../api';
import { feed } from '../../live/feed';
import { laidOut } from '../../parts/json';
import { refusalOf } from '../../parts/refusal';
import { Refused } from '../../parts/Refused';
import { useTitle } from '../../parts/useTitle';
import { type Draft, emptyDraft, placeOf, toRequest, validate } from './draft';
import { LabelRows } from './LabelRows';
import { More } from './More';
import classes from './submit.module.css';

export function SubmitPage() {
  useTitle('Submit a task');
  const navigate = useNavigate();
  const [refusal, setRefusal] = useState<string>();
  const form = useForm<Draft>({ initialValues: emptyDraft(), validate });
  const submit = useMutation({
    mutationFn: (draft: Draft) => {
      const { kind, input, options } = toRequest(draft);
      return milepost.submit(kind, input, options);
    },
    onSuccess: (task) => {
      feed.put([task]);
      return navigate({ to: '/tasks/$id', params: { id: task.id } });
    },
    onError: (error) => {
      const { fields, rest } = refusalOf(error, placeOf);
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
            submit.mutate(draft);
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
              {...form.getInputProps('kind')}
            />
            <TextInput label="Queue" description="Where it waits" {...form.getInputProps('queue')} />
          </SimpleGrid>
          <Textarea
            label="Input"
            description="Any JSON; empty for none"
            placeholder='{"month": "2026-10"}'
            autosize
            minRows={5}
            maxRows={18}
            spellCheck={false}
            classNames={{ input: classes.json }}
            {...form.getInputProps('input')}
            onBlur={() => {
              form.setFieldValue('input', laidOut);
              form.validateField('input');
            }}
          />
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
