// The form for an input, where the kind that was typed has a schema that one can be drawn from.

import { useKinds } from '@milepost/client/react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';

import { milepost } from '../../api';
import { jsonError, laidOut, parseExactly } from '../../parts/json';
import { type Field, fieldsOf } from '../../schema/fields';
import { blank, inputOf, type Value, type Values, valuesOf } from '../../schema/values';

export interface InputForm {
  /** Kinds that something is said of. */
  kinds: readonly string[];
  /** What is said of the kind that was typed. */
  description: string | undefined;
  /** The fields that can be drawn; absent where there is only JSON. */
  fields: readonly Field[] | undefined;
  /** Whether they are: else the input is typed as JSON. */
  drawn: boolean;
  values: Values;
  change(pointer: string, value: Value): void;
  /** The input as JSON, as the fields say it. */
  text(): string;
  /** Goes on with JSON; it is what the fields said. */
  toJson(): string;
  /** Goes on with the fields, once the JSON is emptied; `false` when they cannot show it. */
  toFields(): boolean;
}

/** `json` is what stands in the field for JSON: what was typed there is not hidden behind a form. */
export function useInputForm(kind: string, json: string): InputForm {
  const { kinds } = useKinds();
  const listed = kinds.find(({ name }) => name === kind);
  const { data: whole } = useQuery({
    // Asked for again when the list says that it was changed.
    queryKey: ['kind', kind, listed?.updated_at],
    queryFn: ({ signal }) => milepost.kinds.get(kind, { signal }),
    enabled: listed?.checks_input === true,
    staleTime: Infinity,
  });
  const schema = whole?.input_schema;
  const fields = useMemo(() => fieldsOf(schema), [schema]);
  // What was typed belongs to the fields it was typed into.
  const [typed, setTyped] = useState<{ fields: readonly Field[] | undefined; values: Values }>();
  const [asJson, setAsJson] = useState(false);
  const values = useMemo(
    () => (typed !== undefined && typed.fields === fields ? typed.values : blank(fields ?? [])),
    [typed, fields],
  );
  const text = () => JSON.stringify(inputOf(fields ?? [], values), null, 2);
  return {
    kinds: useMemo(() => kinds.map(({ name }) => name), [kinds]),
    description: listed?.description,
    fields,
    drawn: fields !== undefined && !asJson && json.trim() === '',
    values,
    change: (pointer, value) => setTyped({ fields, values: { ...values, [pointer]: value } }),
    text,
    toJson() {
      setAsJson(true);
      return laidOut(text());
    },
    toFields() {
      if (fields === undefined || jsonError(json) !== null) return false;
      const shown = valuesOf(fields, json.trim() === '' ? undefined : parseExactly(json));
      if (shown === undefined) return false;
      setTyped({ fields, values: shown });
      setAsJson(false);
      return true;
    },
  };
}
