// A form drawn from the fields of a schema. Each value stands under its pointer, and so does what is
// wrong with it.

import { ActionIcon, Button, Checkbox, Fieldset, Group, Input, NumberInput, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';

import type { Field, Scalar } from './fields';
import classes from './schema.module.css';
import type { Value, Values } from './values';

interface Props {
  fields: readonly Field[];
  values: Values;
  /** By place: `input/size`. */
  errors: Readonly<Record<string, unknown>>;
  onChange(pointer: string, value: Value): void;
}

export function SchemaFields({ fields, ...rest }: Props) {
  return (
    <Stack gap="md">
      {fields.map((field) => (
        <OneField key={field.pointer} field={field} {...rest} />
      ))}
    </Stack>
  );
}

function OneField({ field, values, errors, onChange }: { field: Field } & Omit<Props, 'fields'>) {
  const { shape, pointer, label, description, required } = field;
  const value = values[pointer];
  const error = message(errors, pointer);
  const about = { label, withAsterisk: required, error, ...(description !== '' && { description }) };
  const text = typeof value === 'string' ? value : '';
  const change = (next: Value) => onChange(pointer, next);
  switch (shape.type) {
    case 'group':
      return (
        <Fieldset legend={required ? `${label} *` : label}>
          <Stack gap="md">
            {description !== '' && <p className={classes.about}>{description}</p>}
            {error !== undefined && <Input.Error>{error}</Input.Error>}
            <SchemaFields fields={shape.fields} values={values} errors={errors} onChange={onChange} />
          </Stack>
        </Fieldset>
      );
    case 'boolean':
      return (
        <Checkbox
          label={label}
          checked={value === true}
          onChange={(event) => change(event.currentTarget.checked)}
          error={error}
          {...(description !== '' && { description })}
        />
      );
    case 'list':
      return (
        <Input.Wrapper {...about} labelElement="div">
          <ListRows label={label} item={shape.item} pointer={pointer} values={values} errors={errors} onChange={onChange} />
        </Input.Wrapper>
      );
    case 'json':
      return (
        <Textarea
          {...about}
          placeholder="JSON"
          autosize
          minRows={2}
          maxRows={14}
          spellCheck={false}
          classNames={{ input: classes.json }}
          value={text}
          onChange={(event) => change(event.currentTarget.value)}
        />
      );
    default:
      return <ScalarInput shape={shape} value={text} onChange={change} {...about} />;
  }
}

/** A list's entries, a row each. */
function ListRows({ label, item, pointer, values, errors, onChange }: { label: string; item: Scalar; pointer: string } & Omit<Props, 'fields'>) {
  const value = values[pointer];
  const items = Array.isArray(value) ? value : [];
  return (
    <Stack gap={6} mt={6}>
      {items.map((text, index) => (
        // Rows are only ever added at the end or taken out, and hold nothing but their values.
        // oxlint-disable-next-line no-array-index-key
        <Group key={index} gap={6} wrap="nowrap" align="flex-start" maw={520}>
          <div className={classes.entry}>
            <ScalarInput
              shape={item}
              aria-label={`${label}, entry ${index + 1}`}
              value={text}
              error={message(errors, `${pointer}/${index}`)}
              onChange={(next) => onChange(pointer, items.with(index, next))}
            />
          </div>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={`Remove entry ${index + 1} of ${label}`}
            onClick={() => onChange(pointer, items.toSpliced(index, 1))}
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
          aria-label={`Add an entry to ${label}`}
          onClick={() => onChange(pointer, [...items, ''])}
        >
          Add an entry
        </Button>
      </div>
    </Stack>
  );
}

interface ScalarProps {
  shape: Scalar;
  value: string;
  onChange(value: string): void;
  label?: string;
  description?: string;
  withAsterisk?: boolean;
  error?: string | undefined;
  'aria-label'?: string;
}

function ScalarInput({ shape, value, onChange, ...about }: ScalarProps) {
  if (shape.type === 'choice') {
    const options = shape.options.map((option) => ({
      value: JSON.stringify(option),
      label: typeof option === 'string' ? option : JSON.stringify(option),
    }));
    return (
      <Select
        {...about}
        data={options}
        value={value === '' ? null : value}
        onChange={(next) => onChange(next ?? '')}
        placeholder="Choose"
        clearable={about.withAsterisk !== true}
      />
    );
  }
  if (shape.type === 'number') {
    const { integer, min, max } = shape;
    return (
      <NumberInput
        {...about}
        allowDecimal={!integer}
        // What is out of bounds is not bent into them: the server says what it may be.
        clampBehavior="none"
        {...(min !== undefined && { min })}
        {...(max !== undefined && { max })}
        value={value}
        onChange={(next) => onChange(String(next))}
      />
    );
  }
  const typing = { ...about, value, onChange: (event: { currentTarget: { value: string } }) => onChange(event.currentTarget.value) };
  if (shape.long) return <Textarea {...typing} autosize minRows={2} maxRows={10} />;
  return <TextInput {...typing} type={shape.input} {...(shape.input === 'datetime-local' && { step: 1 })} />;
}

function message(errors: Readonly<Record<string, unknown>>, pointer: string): string | undefined {
  const error = errors[`input${pointer}`];
  return typeof error === 'string' ? error : undefined;
}
