import { Radio, Stack, TagsInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';

import type { Draft } from './draft';

/** What it waits for, and what becomes of it when that fails. */
export function AfterFields({ form }: { form: UseFormReturnType<Draft> }) {
  return (
    <Stack gap="xs">
      <TagsInput
        label="After"
        description="The ids of the tasks that must end before it may begin"
        placeholder={form.values.after.length === 0 ? 'None' : ''}
        splitChars={[',', ' ', '\n']}
        acceptValueOnBlur
        {...form.getInputProps('after')}
      />
      {form.values.after.length > 0 && (
        <Radio.Group label="When one of them fails or is cancelled" {...form.getInputProps('after_failure')}>
          <Stack gap={6} mt={6}>
            <Radio value="cancel" label="It is cancelled, and so is what waits for it" />
            <Radio value="run" label="It runs all the same" />
          </Stack>
        </Radio.Group>
      )}
    </Stack>
  );
}
