import { Alert } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';

/** What the server refused and no field can show. */
export function Refused({ title, text }: { title: string; text: string | undefined }) {
  if (text === undefined) return null;
  return (
    <Alert role="alert" color="red" variant="light" icon={<IconAlertTriangle size={18} />} title={title}>
      {text}
    </Alert>
  );
}
