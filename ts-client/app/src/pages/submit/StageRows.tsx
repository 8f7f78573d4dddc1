import { ActionIcon, Button, Group, Input, NumberInput, Stack, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconPlus, IconX } from '@tabler/icons-react';

import type { Draft } from './draft';

/** The parts of the work, a row each, in order. */
export function StageRows({ form }: { form: UseFormReturnType<Draft> }) {
  return (
    <Input.Wrapper
      label="Stages"
      description="The parts of the work, in order, each with its weight in the whole"
      error={form.errors.stages}
      labelElement="div"
    >
      <Stack gap={6} mt={6}>
        {form.values.stages.map((_, index) => (
          // Rows are only ever added at the end or taken out, and hold nothing but their values.
          // oxlint-disable-next-line no-array-index-key
          <Group key={index} gap={6} wrap="nowrap" maw={520}>
            <TextInput
              flex={1}
              aria-label={`Stage ${index + 1}, name`}
              placeholder="name"
              {...form.getInputProps(`stages.${index}.name`)}
            />
            <NumberInput
              w={110}
              aria-label={`Stage ${index + 1}, weight`}
              placeholder="weight 1"
              {...form.getInputProps(`stages.${index}.weight`)}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove stage ${index + 1}`}
              onClick={() => form.removeListItem('stages', index)}
            >
              <IconX size={16} />
            </ActionIcon>
          </Group>
        ))}
        <div>
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={() => form.insertListItem('stages', { name: '', weight: '' })}
          >
            Add a stage
          </Button>
        </div>
      </Stack>
    </Input.Wrapper>
  );
}
