import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconPencil, IconPlayerSkipForward, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import { milepost, type Schedule } from '../../api';
import { feed } from '../../live/feed';
import { Confirm } from '../../parts/Confirm';
import { sayDone } from '../../parts/notices';
import { PauseAction, RowAction, RowActions } from '../../parts/RowActions';

interface Props {
  schedule: Schedule;
  onEdit(schedule: Schedule): void;
  onChanged(): void;
}

export function ScheduleActions({ schedule, onEdit, onChanged }: Props) {
  const { id, paused } = schedule;
  const [asking, setAsking] = useState(false);
  const pause = useMutation({
    mutationFn: () => milepost.schedules.update(id, { paused: !paused }),
    onSettled: onChanged,
  });
  const run = useMutation({
    mutationFn: () => milepost.schedules.run(id),
    onSuccess: (task) => {
      feed.put([task]);
      sayDone(`${id} has submitted a task.`);
    },
    onSettled: onChanged,
  });
  const remove = useMutation({
    mutationFn: () => milepost.schedules.delete(id),
    onSuccess: () => sayDone(`The schedule ${id} is deleted.`),
    onSettled: onChanged,
  });
  return (
    <RowActions>
      <RowAction
        word="Run now"
        icon={<IconPlayerSkipForward size={14} aria-hidden />}
        label={`Run now: ${id}`}
        loading={run.isPending}
        onClick={() => run.mutate()}
      />
      <PauseAction paused={paused} name={id} loading={pause.isPending} onClick={() => pause.mutate()} />
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="md" loading={remove.isPending} aria-label={`More for ${id}`}>
            <IconDots size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={15} aria-hidden />} onClick={() => onEdit(schedule)}>
            Edit
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={15} aria-hidden />} onClick={() => setAsking(true)}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={asking}
        title={`Delete ${id}?`}
        text="It submits nothing any more. The tasks it submitted stay, and go on."
        action="Delete the schedule"
        dismiss="Keep it"
        onConfirm={() => remove.mutate()}
        onClose={() => setAsking(false)}
      />
    </RowActions>
  );
}
