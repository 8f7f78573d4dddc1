import { Autocomplete, Button, Checkbox, Group, SimpleGrid, Stack, TagsInput, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useKinds, useQueues } from '@milepost/client/react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import { milepost, type Webhook } from '../../api';
import { sayDone } from '../../parts/notices';
import { refusalOf } from '../../parts/refusal';
import { Refused } from '../../parts/Refused';
import { SidePanel } from '../../parts/SidePanel';
import { type Draft, draftOf, placeOf, toChange, toRequest, validate } from './draft';
import classes from './webhooks.module.css';

interface Props {
  /** The webhook; `new` for one that is to be made; absent while the drawer is shut. */
  webhook: Webhook | 'new' | undefined;
  onClose(): void;
  /** Told what is there now: of a new one with its secret. */
  onDone(webhook: Webhook): void;
}

export function WebhookDrawer({ webhook, onClose, onDone }: Props) {
  const known = webhook === 'new' ? undefined : webhook;
  return (
    <SidePanel
      opened={webhook !== undefined}
      onClose={onClose}
      title={known === undefined ? 'Create a webhook' : 'Edit the webhook'}
    >
      {webhook !== undefined && (
        <WebhookForm
          webhook={known}
          onDone={(done) => {
            onDone(done);
            onClose();
            if (known !== undefined) sayDone('The webhook is changed.');
          }}
        />
      )}
    </SidePanel>
  );
}

function WebhookForm({ webhook, onDone }: { webhook: Webhook | undefined; onDone(webhook: Webhook): void }) {
  const [rest, setRest] = useState<string>();
  const { queues } = useQueues();
  const { kinds } = useKinds();
  const form = useForm<Draft>({ initialValues: draftOf(webhook), validate });
  const save = useMutation({
    mutationFn: (draft: Draft) =>
      webhook === undefined
        ? milepost.webhooks.create(toRequest(draft))
        : milepost.webhooks.update(webhook.id, toChange(draft)),
    onSuccess: onDone,
    onError: (error) => {
      const refusal = refusalOf(error, placeOf);
      form.setErrors(refusal.fields);
      setRest(refusal.rest);
    },
    meta: { quiet: true },
  });
  return (
    <form
      noValidate
      aria-label="Webhook"
      onSubmit={form.onSubmit((draft) => {
        setRest(undefined);
        save.mutate(draft);
      })}
    >
      <Stack gap="md">
        <TextInput
          label="URL"
          description="Where the messages are posted; everybody who sees this page sees it"
          placeholder="https://example.com/hooks/milepost"
          type="url"
          spellCheck={false}
          withAsterisk
          data-autofocus
          {...form.getInputProps('url')}
        />
        <Textarea label="Description" description="What it is for" autosize minRows={1} maxRows={6} {...form.getInputProps('description')} />
        <Checkbox.Group label="Told when a task has" {...form.getInputProps('events')}>
          <Group gap="lg" mt={6}>
            <Checkbox value="task.succeeded" label="succeeded" />
            <Checkbox value="task.failed" label="failed" />
            <Checkbox value="task.cancelled" label="been cancelled" />
          </Group>
        </Checkbox.Group>
        <h3 className={classes.heading}>Only of these tasks</h3>
        <SimpleGrid cols={2}>
          <Autocomplete label="Kind" placeholder="Any" data={kinds.map(({ name }) => name)} limit={50} {...form.getInputProps('kind')} />
          <Autocomplete label="Queue" placeholder="Any" data={queues.map(({ name }) => name)} limit={50} {...form.getInputProps('queue')} />
        </SimpleGrid>
        <TagsInput
          label="Labels"
          description="All of them must be there"
          placeholder={form.values.labels.length === 0 ? 'key=value' : ''}
          splitChars={[',']}
          acceptValueOnBlur
          {...form.getInputProps('labels')}
        />
        {webhook === undefined && (
          <TextInput
            label="Secret"
            description="whsec_ and 24 to 64 bytes in base64; empty for one that the server makes"
            spellCheck={false}
            autoComplete="off"
            {...form.getInputProps('secret')}
          />
        )}
        <Refused title={webhook === undefined ? 'Not created' : 'Not changed'} text={rest} />
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending}>
            {webhook === undefined ? 'Create' : 'Save'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
