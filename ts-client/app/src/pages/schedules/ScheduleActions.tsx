import { IconPlayerSkipForward } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';

import { milepost, type Schedule } from '../../api';
import { feed } from '../../live/feed';
import { sayDone } from '../../parts/notices';
import { MoreActions, PauseAction, RowAction, RowActions } from '../../parts/RowActions';

interface Props {
  schedule: Schedule;
  onEdit(schedule: Schedule): void;
  onChanged(): void;
}

export function ScheduleActions({ schedule, onEdit, onChanged }: Props) {
  const { id, paused } = schedule;
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
      <MoreActions
        name={id}
        what="schedule"
        text="It submits nothing any more. The tasks it submitted stay, and go on."
        deleting={remove.isPending}
        onEdit={() => onEdit(schedule)}
        onDelete={() => remove.mutate()}
      />
    </RowActions>
  );
}
