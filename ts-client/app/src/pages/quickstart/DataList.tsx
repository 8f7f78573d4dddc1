import { Alert, Button, Group, Skeleton } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';

import { explain } from '../../api';
import { dataKey, getData } from './calls';
import classes from './quickstart.module.css';

/** `GET /api/data`: loading, there, or failed with a way to try again. */
export function DataList() {
  const data = useQuery({ queryKey: dataKey, queryFn: ({ signal }) => getData(signal) });
  return (
    <section className={`panel ${classes.card}`} aria-labelledby="data-title">
      <h2 id="data-title" className={classes.cardTitle}>
        Data <span className={classes.call}>GET /api/data</span>
      </h2>
      {data.isPending && (
        <div role="status" aria-label="Loading the list" className={classes.bones}>
          {Array.from({ length: 4 }, (_, row) => (
            <Skeleton key={row} height={16} width={row === 0 ? '60%' : '35%'} />
          ))}
        </div>
      )}
      {data.isError && (
        <Alert role="alert" color="red" variant="light" icon={<IconAlertTriangle size={18} />} title="The list could not be loaded">
          <Group justify="space-between">
            <span>{explain(data.error)}</span>
            <Button size="xs" variant="default" loading={data.isFetching} onClick={() => void data.refetch()}>
              Try again
            </Button>
          </Group>
        </Alert>
      )}
      {data.data && (
        <>
          <p className={classes.greeting}>{data.data.message}</p>
          <ul className={classes.items} aria-label="Items">
            {data.data.items.map((item, index) => (
              // The same name may be submitted twice.
              // oxlint-disable-next-line no-array-index-key
              <li key={index}>{item}</li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
