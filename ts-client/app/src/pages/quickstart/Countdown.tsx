import { Button, Group, TextInput } from '@mantine/core';
import { type ReactNode, useId, useState } from 'react';

import type { State } from '../../api';
import { ProgressBar } from '../../parts/ProgressBar';
import classes from './quickstart.module.css';
import { percentOf, type Run } from './run';
import { useRun } from './useRun';

/** One run: start it or just watch it, and see it move. `first` is the id it begins with. */
export function Countdown({ first }: { first: string }) {
  const [id, setId] = useState(first);
  const { run, note, starting, start, watch } = useRun();
  const title = useId();
  const name = id.trim();
  return (
    <section className={`panel ${classes.card}`} aria-labelledby={title} data-testid={`run-${first}`}>
      <h2 id={title} className={classes.cardTitle}>
        Run {name} <span className={classes.call}>POST /start_task/{'{id}'}, GET /sse_progress/{'{id}'}</span>
      </h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name !== '') void start(name);
        }}
      >
        <Group align="flex-end" gap="xs">
          <TextInput
            flex={1}
            label="Id"
            autoComplete="off"
            spellCheck={false}
            value={id}
            onChange={(event) => setId(event.currentTarget.value)}
          />
          <Button type="submit" loading={starting} disabled={name === ''}>
            Start
          </Button>
          <Button variant="default" disabled={name === ''} onClick={() => watch(name)}>
            Watch
          </Button>
        </Group>
      </form>
      <div className={classes.run}>
        <div className={classes.runHead}>
          <span className="numbers" data-testid="run-percent">
            {percentOf(run)} %
          </span>
          <span className={classes.runState} data-at={run.at} role="status" data-testid="run-state">
            {say(run)}
          </span>
        </div>
        <ProgressBar
          large
          label={`Progress of ${name}`}
          task={{ state: colourOf(run), progress: { percent: percentOf(run), updated_at: '' } }}
        />
        <p className={classes.note} data-bad={note?.bad || undefined} role={note?.bad ? 'alert' : undefined}>
          {note?.text}
        </p>
      </div>
    </section>
  );
}

function colourOf(run: Run): State {
  switch (run.at) {
    case 'done':
      return 'succeeded';
    case 'failed':
    case 'lost':
      return 'failed';
    case 'running':
      return run.lost ? 'retrying' : 'running';
    default:
      return 'queued';
  }
}

function say(run: Run): ReactNode {
  switch (run.at) {
    case 'idle':
      return 'Not started';
    case 'opening':
      return 'Connecting';
    case 'waiting':
      return 'Waiting for it to begin';
    case 'running':
      return run.lost ? 'Reconnecting' : 'Running';
    case 'reconnecting':
      return 'Reconnecting';
    case 'done':
      return 'Done';
    case 'failed':
      return `Failed: ${run.reason}`;
    case 'unknown':
      return run.message;
    case 'lost':
      return 'The connection is lost. Watch again to go on.';
  }
}
