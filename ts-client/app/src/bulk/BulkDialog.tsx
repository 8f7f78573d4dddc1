import { Button, Group, Loader, Modal, Text } from '@mantine/core';
import { useTask } from '@milepost/client/react';
import { useMutation } from '@tanstack/react-query';

import { type BulkSelection, explain, milepost, type Task } from '../api';
import { Refused } from '../parts/Refused';
import { type Action, filterInWords, resultOf, tasks, words } from './bulk';
import { noteRun } from './useRuns';

interface Props {
  action: Action;
  filter: BulkSelection;
  /** The run that counts, once it is there. */
  counting: Task | undefined;
  /** Why it did not begin. */
  refusal: unknown;
  onClose(): void;
}

/** Says how many tasks match, and begins only then. */
export function BulkDialog({ action, filter, counting, refusal, onClose }: Props) {
  const { task = counting, error } = useTask(counting?.id);
  const counted = task && resultOf(task)?.matched;
  const begin = useMutation({
    mutationFn: () => milepost.bulk[action](filter),
    onSuccess: (run) => {
      noteRun(run.id);
      onClose();
    },
    meta: { quiet: true },
  });
  const close = () => {
    // Nobody waits for the count any more.
    if (task?.done === false) milepost.cancel(task.id).catch(() => {});
    onClose();
  };
  const failed = refusal ?? begin.error ?? error ?? undefined;
  const ended = task?.done === true && counted === undefined ? (task.error?.title ?? 'The count was stopped.') : undefined;
  const { button } = words[action];
  return (
    <Modal
      opened
      onClose={close}
      title={`${button} all that match?`}
      centered
      size="md"
      closeButtonProps={{ 'aria-label': 'Close' }}
      // The page has its one header; this is the head of a dialog.
      attributes={{ header: { role: 'presentation' } }}
    >
      <Text size="sm" c="dimmed" mb="xs">
        Tasks that are {filterInWords(filter)}.
      </Text>
      <Text size="sm" mb="md" role="status" data-testid="bulk-count">
        {counted === undefined && failed === undefined && ended === undefined && (
          <>
            <Loader size={13} color="gray" mr={6} aria-hidden />
            Counting them: {task?.progress?.message ?? 'none yet'}
          </>
        )}
        {counted !== undefined && sentence(action, counted)}
      </Text>
      <Refused title={begin.error ? 'Not begun' : 'Not counted'} text={failed === undefined ? ended : explain(failed)} />
      <Group justify="flex-end" gap="xs" mt="md">
        <Button variant="default" size="xs" onClick={close}>
          {counted === 0 || failed !== undefined ? 'Close' : 'Leave them'}
        </Button>
        {counted !== 0 && (
          <Button
            color={action === 'retry' ? 'mile' : 'red'}
            size="xs"
            disabled={counted === undefined}
            loading={begin.isPending}
            onClick={() => begin.mutate()}
          >
            {button} {counted === undefined ? 'them' : tasks(counted)}
          </Button>
        )}
      </Group>
    </Modal>
  );
}

function sentence(action: Action, count: number): string {
  if (count === 0) return `None of them can be ${words[action].done} now.`;
  const means: Record<Action, string> = {
    cancel: 'Those that run are told with their next report, and have their grace to stop.',
    retry: 'Each gets as many attempts again as it had.',
    delete: 'Their inputs, outputs and logs are gone for good.',
  };
  return `${tasks(count)} can be ${words[action].done}. ${means[action]} What is created from now on is left alone.`;
}
