import { Tooltip, UnstyledButton } from '@mantine/core';

import { type Connection as Word, feed } from '../live/feed';
import { useFeedPart } from '../live/useFeedPart';
import classes from './shell.module.css';

const words: Record<Word, { name: string; meaning: string }> = {
  connecting: { name: 'Connecting', meaning: 'Connecting to the server' },
  live: { name: 'Live', meaning: 'What you see is what is happening' },
  reconnecting: { name: 'Reconnecting', meaning: 'The connection is lost; nothing will be missed. Press to try now' },
  offline: { name: 'Offline', meaning: 'The server does not answer. Press to try now' },
};

/** Whether what the page shows is live. */
export function Connection() {
  const connection = useFeedPart((view) => view.connection);
  const { name, meaning } = words[connection];
  return (
    <Tooltip label={meaning} withArrow>
      <UnstyledButton
        className={classes.connection}
        data-connection={connection}
        data-testid="connection"
        aria-label={`Connection: ${name}`}
        onClick={connection === 'live' ? undefined : feed.reconnect}
      >
        <span className={classes.light} aria-hidden="true" />
        <span className={classes.connectionWord} role="status">
          {name}
        </span>
      </UnstyledButton>
    </Tooltip>
  );
}
