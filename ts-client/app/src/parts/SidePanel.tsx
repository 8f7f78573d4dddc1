import { Drawer } from '@mantine/core';
import type { ReactNode } from 'react';

interface Props {
  opened: boolean;
  title: string;
  onClose(): void;
  children: ReactNode;
}

/** A form beside what it changes. */
export function SidePanel({ opened, title, onClose, children }: Props) {
  return (
    <Drawer
      opened={opened}
      onClose={onClose}
      position="right"
      title={title}
      closeButtonProps={{ 'aria-label': 'Close' }}
      // The page has its one header; this is the head of a dialog.
      attributes={{ header: { role: 'presentation' } }}
    >
      {children}
    </Drawer>
  );
}
