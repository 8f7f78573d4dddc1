import { Checkbox, NumberInput, Radio, SimpleGrid, Stack, TextInput } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';

import type { Draft } from './draft';

/** What it is a part of, and whether it is done with its own parts. */
export function FamilyFields({ form }: { form: UseFormReturnType<Draft> }) {
  return (
    <>
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        <TextInput label="Parent" description="The id of the task it is a part of" placeholder="None" {...form.getInputProps('parent_id')} />
        <NumberInput label="Weight" description="In its parent's progress" placeholder="1" {...form.getInputProps('weight')} />
      </SimpleGrid>
      <Stack gap="xs">
        <Checkbox
          label="Done when its children are"
          description="No worker takes it: it waits for children, and ends when all of them have"
          {...form.getInputProps('complete_when_children_done', { type: 'checkbox' })}
        />
        {form.values.complete_when_children_done && (
          <Radio.Group label="When a child fails" {...form.getInputProps('child_failure')}>
            <Stack gap={6} mt={6}>
              <Radio value="fail_fast" label="It fails at once, and the other children are cancelled" />
              <Radio value="collect" label="The others go on, and it fails when all are done" />
            </Stack>
          </Radio.Group>
        )}
      </Stack>
    </>
  );
}
