import { Button, Input, Stack, Textarea } from '@mantine/core';
import type { UseFormReturnType } from '@mantine/form';
import { IconBraces, IconForms } from '@tabler/icons-react';
import { useState } from 'react';

import { laidOut } from '../../parts/json';
import { SchemaFields } from '../../schema/SchemaFields';
import type { Draft } from './draft';
import classes from './submit.module.css';
import type { InputForm } from './useInputForm';

/** The input: by the fields of its kind's schema, or as JSON. */
export function InputPart({ form, input }: { form: UseFormReturnType<Draft>; input: InputForm }) {
  const [kept, setKept] = useState(false);
  const { fields, drawn } = input;
  if (fields === undefined) return <JsonInput form={form} />;
  if (drawn) {
    return (
      <section className={classes.input} aria-label="Input">
        <div className={classes.switch}>
          <h2>Input</h2>
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconBraces size={15} aria-hidden />}
            onClick={() => {
              form.setFieldValue('input', input.toJson());
              setKept(false);
            }}
          >
            Edit as JSON
          </Button>
        </div>
        {form.errors.input !== undefined && <Input.Error mb="xs">{form.errors.input}</Input.Error>}
        <SchemaFields
          fields={fields}
          values={input.values}
          errors={form.errors}
          onChange={(pointer, value) => {
            input.change(pointer, value);
            form.clearFieldError(`input${pointer}`);
          }}
        />
      </section>
    );
  }
  return (
    <Stack gap={6}>
      <JsonInput form={form} />
      <div className={classes.switch}>
        <span role="status">{kept ? 'The form cannot show all of this input.' : ''}</span>
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconForms size={15} aria-hidden />}
          onClick={() => {
            const shown = input.toFields();
            setKept(!shown);
            if (shown) form.setFieldValue('input', '');
          }}
        >
          Use the form
        </Button>
      </div>
    </Stack>
  );
}

function JsonInput({ form }: { form: UseFormReturnType<Draft> }) {
  return (
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
  );
}
