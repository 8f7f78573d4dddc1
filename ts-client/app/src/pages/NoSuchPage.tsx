import { Button } from '@mantine/core';
import { IconMapQuestion } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';

import { Blank } from '../parts/Blank';
import { useTitle } from '../parts/useTitle';

export function NoSuchPage() {
  useTitle('Not found');
  return (
    <Blank
      whole
      icon={<IconMapQuestion size={36} stroke={1.4} aria-hidden />}
      title="There is no such page"
      text="The address may be mistyped, or from another version of the dashboard."
    >
      <Button component={Link} to="/" variant="default">
        All tasks
      </Button>
    </Blank>
  );
}
