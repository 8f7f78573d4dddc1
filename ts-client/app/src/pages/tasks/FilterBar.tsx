import { Autocomplete, Button, Kbd, Pill, TagsInput, TextInput } from '@mantine/core';
import { useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { memo, useEffect, useEffectEvent, useRef, useState } from 'react';

import { shortId } from '../../live/format';
import { type Filters, isFiltered, isLabel } from './filters';
import classes from './tasks.module.css';

interface Props {
  filters: Filters;
  /** Names seen in the tasks that are loaded, as suggestions. */
  known: { queues: string[]; kinds: string[] };
  /** Types of errors seen in them; without it, a field for those is there only while one is chosen. */
  errors?: string[];
  /** A field for the time is there even while it is empty. */
  time?: boolean;
  onChange(filters: Filters): void;
}

export const FilterBar = memo(function FilterBar({ filters, known, errors, time = false, onChange }: Props) {
  const search = useRef<HTMLInputElement>(null);
  useHotkeys([['/', () => search.current?.focus()]]);

  const set = (name: 'q' | 'queue' | 'kind' | 'parent' | 'schedule' | 'created_after', text: string) => {
    const { [name]: _, ...others } = filters;
    onChange(text === '' ? others : { ...others, [name]: text });
  };
  const setLabels = (labels: string[]) => {
    const { label: _, ...others } = filters;
    const valid = labels.map((label) => label.trim()).filter(isLabel);
    onChange(valid.length === 0 ? others : { ...others, label: valid });
  };
  const setErrors = (types: string[]) => {
    const { error_type: _, ...others } = filters;
    const chosen = types.map((type) => type.trim()).filter(Boolean);
    onChange(chosen.length === 0 ? others : { ...others, error_type: chosen });
  };

  return (
    <div className={classes.filters} role="search">
      <SearchField input={search} value={filters.q ?? ''} onCommit={(text) => set('q', text)} />
      <NameField name="queue" value={filters.queue ?? ''} data={known.queues} onCommit={(text) => set('queue', text)} />
      <NameField name="kind" value={filters.kind ?? ''} data={known.kinds} onCommit={(text) => set('kind', text)} />
      <TagsInput
        className={classes.labelField}
        size="xs"
        aria-label="Labels"
        placeholder={filters.label ? '' : 'Label: key=value'}
        value={filters.label ?? []}
        onChange={setLabels}
        splitChars={[',', ' ']}
        acceptValueOnBlur
      />
      {(errors !== undefined || filters.error_type !== undefined) && (
        <TagsInput
          className={classes.labelField}
          size="xs"
          aria-label="Error types"
          placeholder={filters.error_type ? '' : 'Any error type'}
          data={errors ?? []}
          value={filters.error_type ?? []}
          onChange={setErrors}
          // A type may have blanks and commas in it.
          splitChars={[]}
          isDuplicate={(type, types) => types.includes(type)}
          acceptValueOnBlur
        />
      )}
      {(time || filters.created_after !== undefined) && (
        <TimeField value={filters.created_after} onCommit={(after) => set('created_after', after)} />
      )}
      {filters.parent !== undefined && (
        <Pill withRemoveButton removeButtonProps={{ 'aria-label': 'Show not only its children', 'aria-hidden': false, tabIndex: 0 }} onRemove={() => set('parent', '')}>
          Children of{' '}
          <Link to="/tasks/$id" params={{ id: filters.parent }} className="mono" title={filters.parent}>
            {shortId(filters.parent)}
          </Link>
        </Pill>
      )}
      {filters.schedule !== undefined && (
        <Pill withRemoveButton removeButtonProps={{ 'aria-label': 'Show not only its runs', 'aria-hidden': false, tabIndex: 0 }} onRemove={() => set('schedule', '')}>
          Runs of <Link to="/schedules">{filters.schedule}</Link>
        </Pill>
      )}
      <Button
        size="xs"
        variant="subtle"
        color="gray"
        className={classes.clear}
        data-idle={!isFiltered(filters) || undefined}
        onClick={() => onChange({})}
      >
        Clear filters
      </Button>
    </div>
  );
});

interface FieldProps {
  value: string;
  onCommit(text: string): void;
}

/** Filters while one types, a moment behind the keys. */
function SearchField({ value, onCommit, input }: FieldProps & { input: React.RefObject<HTMLInputElement | null> }) {
  const [text, setText] = useDraft(value);
  const commit = useEffectEvent(onCommit);
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => commit(text.trim()), 200);
    return () => clearTimeout(timer);
  }, [text, value]);
  return (
    <TextInput
      ref={input}
      className={classes.searchField}
      size="xs"
      aria-label="Search by id or kind"
      placeholder="Search by id or kind"
      leftSection={<IconSearch size={14} aria-hidden />}
      rightSection={text === '' ? <Kbd size="xs">/</Kbd> : null}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}

/** Queue and kind must be whole names, so they filter when the name is finished. */
function NameField({ name, value, data, onCommit }: FieldProps & { name: string; data: string[] }) {
  const [text, setText] = useDraft(value);
  const commit = (next: string) => {
    if (next.trim() !== value) onCommit(next.trim());
  };
  return (
    <Autocomplete
      className={classes.nameField}
      size="xs"
      aria-label={`Filter by ${name}`}
      placeholder={`Any ${name}`}
      data={data}
      value={text}
      clearable
      onChange={(next) => {
        setText(next);
        if (next === '') commit('');
      }}
      onOptionSubmit={commit}
      onBlur={() => commit(text)}
      onKeyDown={(event) => {
        if (event.key === 'Enter') commit(text);
      }}
    />
  );
}

/** A moment in the reader's own time; the address has it in UTC. */
function TimeField({ value, onCommit }: { value: string | undefined; onCommit(after: string): void }) {
  return (
    <TextInput
      className={classes.timeField}
      size="xs"
      type="datetime-local"
      aria-label="Created after"
      title="Created after"
      leftSection="After"
      leftSectionWidth={44}
      value={value === undefined ? '' : localTime(value)}
      onChange={(event) => {
        const text = event.currentTarget.value;
        onCommit(text === '' ? '' : new Date(text).toISOString());
      }}
    />
  );
}

/** A moment as `<input type="datetime-local">` has it. */
function localTime(at: string): string {
  const date = new Date(at);
  return new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** What is being typed; what the address says takes its place when that changes. */
function useDraft(value: string): [string, (text: string) => void] {
  const [draft, setDraft] = useState({ value, text: value });
  if (draft.value !== value) setDraft({ value, text: value });
  return [draft.text, (text) => setDraft({ value, text })];
}
