import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconPencil, IconTrash } from '@tabler/icons-react';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';

import { milepost } from '../../api';
import { Confirm } from '../../parts/Confirm';
import { sayDone } from '../../parts/notices';

interface Props {
  name: string;
  onEdit(name: string): void;
  onDeleted(): void;
}

export function KindActions({ name, onEdit, onDeleted }: Props) {
  const [asking, setAsking] = useState(false);
  const remove = useMutation({
    mutationFn: () => milepost.kinds.delete(name),
    onSuccess: () => sayDone(`Nothing is said of the kind ${name} any more.`),
    onSettled: onDeleted,
  });
  return (
    <>
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" size="md" loading={remove.isPending} aria-label={`More for ${name}`}>
            <IconDots size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconPencil size={15} aria-hidden />} onClick={() => onEdit(name)}>
            Edit
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={15} aria-hidden />} onClick={() => setAsking(true)}>
            Delete
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={asking}
        title={`Delete ${name}?`}
        text="Its tasks stay, and more can be submitted: with any input, and with their queue's defaults."
        action="Delete the kind"
        dismiss="Keep it"
        onConfirm={() => remove.mutate()}
        onClose={() => setAsking(false)}
      />
    </>
  );
}
