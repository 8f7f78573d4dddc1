import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDots, IconPencil, IconPlayerPause, IconPlayerPlay, IconTrash } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';

import { Confirm } from './Confirm';
import classes from './parts.module.css';

/** Heads the column of {@link RowActions}, for who hears the table. */
export function ActionsHead({ className }: { className?: string | undefined }) {
  return (
    <th scope="col" className={className}>
      <span className={classes.unseen}>Actions</span>
    </th>
  );
}

/** The last cell of a row: what can be done with what it shows. */
export function RowActions({ children }: { children: ReactNode }) {
  return (
    <td className={classes.actionCell}>
      <div className={classes.actions}>{children}</div>
    </td>
  );
}

interface ActionProps {
  /** The button's word, left out where there is no room for it. */
  word: string;
  icon: ReactNode;
  /** The whole of it: `Run now: nightly`. */
  label: string;
  loading: boolean;
  onClick(): void;
}

export function RowAction({ word, icon, label, ...button }: ActionProps) {
  return (
    <Button size="compact-sm" variant="default" leftSection={icon} aria-label={label} title={label} {...button}>
      <span className={classes.word}>{word}</span>
    </Button>
  );
}

/** Pauses what goes on, and lets go on what is paused. */
export function PauseAction({ paused, name, loading, onClick }: { paused: boolean; name: string; loading: boolean; onClick(): void }) {
  const word = paused ? 'Resume' : 'Pause';
  return (
    <Button
      size="compact-sm"
      className={classes.toggle}
      variant={paused ? 'light' : 'default'}
      leftSection={paused ? <IconPlayerPlay size={14} aria-hidden /> : <IconPlayerPause size={14} aria-hidden />}
      loading={loading}
      onClick={onClick}
      aria-label={`${word} ${name}`}
      title={`${word} ${name}`}
    >
      <span className={classes.word}>{word}</span>
    </Button>
  );
}

interface MoreProps {
  name: string;
  /** What it is: `schedule`. */
  what: string;
  /** What becomes of the rest when it is deleted. */
  text: string;
  deleting: boolean;
  onEdit(): void;
  onDelete(): void;
  /** What else can be done, as items of the menu. */
  children?: ReactNode;
}

/** Edits it, or deletes it once that is confirmed. */
export function MoreActions({ name, what, text, deleting, onEdit, onDelete, children }: MoreProps) {
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="md" loading={deleting} aria-label={`More for ${name}`}>
            <IconDots size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={15} aria-hidden />} onClick={onEdit}>
            Edit
          </Menu.Item>
          {children}
          <Menu.Item color="red" leftSection={<IconTrash size={15} aria-hidden />} onClick={() => setAsking(true)}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={asking}
        title={`Delete ${name}?`}
        text={text}
        action={`Delete the ${what}`}
        dismiss="Keep it"
        onConfirm={onDelete}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
