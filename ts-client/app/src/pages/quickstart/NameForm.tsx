import { Alert, Button, Group, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';

import { explain } from '../../api';
import { dataKey, submitName } from './calls';
import classes from './quickstart.module.css';

/** `POST /api/submit`: says in green what was taken, in red what was not. */
export function NameForm() {
  const [name, setName] = useState('');
  const queries = useQueryClient();
  const submit = useMutation({
    mutationFn: submitName,
    onSuccess: () => {
      setName('');
      return queries.invalidateQueries({ queryKey: dataKey });
    },
    // Said below the field.
    meta: { quiet: true },
  });
  return (
    <section className={`panel ${classes.card}`} aria-labelledby="form-title">
      <h2 id="form-title" className={classes.cardTitle}>
        Form <span className={classes.call}>POST /api/submit</span>
      </h2>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit.mutate(name.trim());
        }}
      >
        <Group align="flex-end" gap="xs">
          <TextInput
            flex={1}
            label="Name"
            placeholder="Ada"
            autoComplete="off"
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" loading={submit.isPending}>
            Send
          </Button>
        </Group>
      </form>
      <div className={classes.answer}>
        {submit.isSuccess && (
          <Alert role="status" color="green" variant="light" data-testid="submit-success">
            {submit.data}
          </Alert>
        )}
        {submit.isError && (
          <Alert role="alert" color="red" variant="light" data-testid="submit-failure">
            {explain(submit.error)}
          </Alert>
        )}
      </div>
    </section>
  );
}
