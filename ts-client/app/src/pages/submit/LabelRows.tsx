import { ActionIcon, Button, Group, Input, Stack, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconPlus, IconX } from '@tabler/icons-react';

import type { Draft } from './draft';

/** Labels, a row each. */
export function LabelRows({ form }: { form: UseFormReturnType<Draft> }) {
  return (
    <Input.Wrapper
      label="Labels"
      description="To find it by, and to filter streams"
      error={form.errors.labels}
      labelElement="div"
    >
      <Stack gap={6} mt={6}>
        {form.values.labels.map((_, index) => (
          // Rows are only ever added at the end or taken out, and hold nothing but their values.
          // oxlint-disable-next-line no-array-index-key
          <Group key={index} gap={6} wrap="nowrap" maw={520}>
            <TextInput
              flex={1}
              size="sm"
              aria-label={`Label ${index + 1}, key`}
              placeholder="key"
              {...form.getInputProps(`labels.${index}.key`)}
            />
            <TextInput
              flex={1}
              size="sm"
              aria-label={`Label ${index + 1}, value`}
              placeholder="value"
              {...form.getInputProps(`labels.${index}.value`)}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={`Remove label ${index + 1}`}
              onClick={() => form.removeListItem('labels', index)}
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
            onClick={() => form.insertListItem('labels', { key: '', value: '' })}
          >
            Add a label
          </Button>
        </div>
      </Stack>
    </Input.Wrapper>
  );
}
