import { Button } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';

import { Blank } from '../parts/Blank';

/** A fault of the page itself. The work it was showing goes on without it. */
export function Broken({ error }: { error: unknown }) {
  return (
    <Blank
      whole
      role="alert"
      icon={<IconAlertTriangle size={36} stroke={1.4} aria-hidden />}
      title="This page failed"
      text={error instanceof Error ? error.message : String(error)}
    >
      <Button variant="default" onClick={() => window.location.reload()}>
        Load it again
      </Button>
    </Blank>
  );
}
