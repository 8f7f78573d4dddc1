import { useMutation } from '@tanstack/react-query';

import { milepost } from '../../api';
import { sayDone } from '../../parts/notices';
import { MoreActions } from '../../parts/RowActions';

interface Props {
  name: string;
  onEdit(name: string): void;
  onDeleted(): void;
}

export function KindActions({ name, onEdit, onDeleted }: Props) {
  const remove = useMutation({
    mutationFn: () => milepost.kinds.delete(name),
    onSuccess: () => sayDone(`Nothing is said of the kind ${name} any more.`),
    onSettled: onDeleted,
  });
  return (
    <MoreActions
      name={name}
      what="kind"
      text="Its tasks stay, and more can be submitted: with any input, and with their queue's defaults."
      deleting={remove.isPending}
      onEdit={() => onEdit(name)}
      onDelete={() => remove.mutate()}
    />
  );
}
