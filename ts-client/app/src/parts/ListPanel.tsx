import { Button, Skeleton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { Refetched } from '@milepost/client/react';
import type { ReactNode } from 'react';

import { explain } from '../api';
import { Blank } from './Blank';
import classes from './parts.module.css';

interface Props extends Refetched {
  /** What is listed: `queues`. */
  what: string;
  /** There is nothing to list. */
  empty: boolean;
  /** What stands there then. */
  blank: ReactNode;
  children: ReactNode;
}

/** A list that is asked for: on its way, failed, empty, there, or there but too old. */
export function ListPanel({ what, loaded, error, refetch, empty, blank, children }: Props) {
  const again = (
    <Button variant="default" size="xs" onClick={() => void refetch()}>
      Try again
    </Button>
  );
  return (
    <section className={`panel ${classes.list}`} aria-label={what} aria-busy={!loaded && error === undefined}>
      {!loaded && error === undefined && (
        <div className={classes.loading} role="status" aria-label={`Loading ${what}`}>
          {Array.from({ length: 4 }, (_, row) => (
            <Skeleton key={row} height={20} radius="sm" />
          ))}
        </div>
      )}
      {!loaded && error !== undefined && (
        <Blank
          role="alert"
          icon={<IconAlertTriangle size={36} stroke={1.4} aria-hidden />}
          title={`The ${what} could not be loaded`}
          text={`${explain(error)} The page goes on trying.`}
        >
          {again}
        </Blank>
      )}
      {loaded && error !== undefined && (
        <div className={classes.stale} role="alert">
          <IconAlertTriangle size={16} aria-hidden />
          <span>{explain(error)} This is what was known before.</span>
          {again}
        </div>
      )}
      {loaded && (empty ? blank : <div className={classes.scroll}>{children}</div>)}
    </section>
  );
}
