import { Autocomplete, Button, Group, Select, SimpleGrid, Stack, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import { milepost, type Schedule } from '../../api';
import { sayDone } from '../../parts/notices';
import { refusalOf } from '../../parts/refusal';
import { Refused } from '../../parts/Refused';
import { SidePanel } from '../../parts/SidePanel';
import { CronField } from './CronField';
import { type Draft, draftOf, placeOf, toChange, toRequest, validate } from './draft';
import classes from './schedules.module.css';

interface Props {
  /** The schedule; `new` for one that is to be made; absent while the drawer is shut. */
  schedule: Schedule | 'new' | undefined;
  onClose(): void;
  onChanged(): void;
}

export function ScheduleDrawer({ schedule, onClose, onChanged }: Props) {
  const known = schedule === 'new' ? undefined : schedule;
  return (
    <SidePanel
      opened={schedule !== undefined}
      onClose={onClose}
      title={known === undefined ? 'Create a schedule' : known.id}
    >
      {schedule !== undefined && (
        <ScheduleForm
          schedule={known}
          onDone={({ id }) => {
            onChanged();
            onClose();
            sayDone(known === undefined ? `The schedule ${id} is there.` : `The schedule ${id} is changed.`);
          }}
        />
      )}
    </SidePanel>
  );
}

const ZONES = ['UTC', ...Intl.supportedValuesOf('timeZone').filter((zone) => zone !== 'UTC')];

function ScheduleForm({ schedule, onDone }: { schedule: Schedule | undefined; onDone(schedule: Schedule): void }) {
  const [rest, setRest] = useState<string>();
  const form = useForm<Draft>({ initialValues: draftOf(schedule), validate });
  const save = useMutation({
    mutationFn: (draft: Draft) =>
      schedule === undefined
        ? milepost.schedules.create(toRequest(draft))
        : milepost.schedules.update(schedule.id, toChange(draft, schedule)),
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
      aria-label="Schedule"
      onSubmit={form.onSubmit((draft) => {
        setRest(undefined);
        save.mutate(draft);
      })}
    >
      <Stack gap="md">
        {schedule === undefined && (
          <TextInput
            label="Id"
            description="A name of your own; empty for one that is made up"
            placeholder="nightly-report"
            {...form.getInputProps('id')}
          />
        )}
        <CronField rule={form.values.cron} zone={form.values.time_zone} {...form.getInputProps('cron')} />
        <SimpleGrid cols={2}>
          <Autocomplete
            label="Time zone"
            description="In which the rule is read"
            data={ZONES}
            limit={50}
            {...form.getInputProps('time_zone')}
          />
          <Select
            label="Overlap"
            description="When the last run is not done"
            data={[
              { value: 'skip', label: 'Skip the run' },
              { value: 'allow', label: 'Let both run' },
              { value: 'cancel', label: 'Cancel the last one' },
            ]}
            allowDeselect={false}
            {...form.getInputProps('overlap')}
          />
        </SimpleGrid>
        <h3 className={classes.heading}>What each run submits</h3>
        <SimpleGrid cols={2}>
          <TextInput label="Kind" placeholder="report.build" withAsterisk {...form.getInputProps('kind')} />
          <TextInput label="Queue" {...form.getInputProps('queue')} />
        </SimpleGrid>
        <Textarea
          label="Input"
          description="Any JSON; empty for none"
          autosize
          minRows={3}
          maxRows={14}
          spellCheck={false}
          classNames={{ input: classes.rule }}
          {...form.getInputProps('input')}
        />
        <Refused title={schedule === undefined ? 'Not created' : 'Not changed'} text={rest} />
        <Group justify="flex-end">
          <Button type="submit" loading={save.isPending}>
            {schedule === undefined ? 'Create' : 'Save'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
