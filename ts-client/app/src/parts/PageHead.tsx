import { Group, Text } from '@mantine/core';
import type { ReactNode } from 'react';

import classes from './parts.module.css';

/** A page's name, a line on what it shows, and what can be done on it. */
export function PageHead({ title, text, children }: { title: string; text: string; children?: ReactNode }) {
  return (
    <Group justify="space-between" align="flex-end" gap="sm">
      <div className={classes.naming}>
        <h1 className={classes.title}>{title}</h1>
        <Text c="dimmed" size="sm">
          {text}
        </Text>
      </div>
      {children}
    </Group>
  );
}
