import { Button, Group } from '@mantine/core';
import { Link } from '@tanstack/react-router';

import { Blank } from '../../parts/Blank';
import { Code } from '../../parts/Code';
import { Mark } from '../../shell/Logo';
import classes from './tasks.module.css';

/** What an empty server shows: the shortest ways to see something move. */
export function FirstTask() {
  const here = window.location.origin;
  const curl = `curl ${here}/api/v1/tasks \\
  -H 'Content-Type: application/json' \\
  -d '{"kind": "report", "input": {"month": "2026-10"}}'`;
  const exec = `milepost exec -- sh -c 'for i in $(seq 0 5 100); do echo "$i%"; sleep 0.5; done'`;
  return (
    <Blank
      icon={<Mark size={44} />}
      title="No tasks yet"
      text="Submit one from any program, or run a command as a task; it shows up here at once."
    >
      <div className={classes.first}>
        <h3 className={classes.firstStep}>Run a command as a task</h3>
        <Code text={exec} what="command" />
        <h3 className={classes.firstStep}>Submit a task for a worker</h3>
        <Code text={curl} what="curl command" />
        <Group justify="center" mt="md" gap="xs">
          <Button component={Link} to="/submit">
            Submit a task
          </Button>
          <Button component={Link} to="/quickstart" variant="default">
            Open the Quickstart
          </Button>
        </Group>
      </div>
    </Blank>
  );
}
