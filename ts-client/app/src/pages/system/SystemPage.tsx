import { Button, Group, Skeleton, Stack } from '@mantine/core';
import { IconAlertTriangle, IconExternalLink, IconRefresh } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';

import { explain, milepost, type System } from '../../api';
import { useNow } from '../../live/clock';
import { amount, duration, moment } from '../../live/format';
import { useFeedPart } from '../../live/useFeedPart';
import { Blank } from '../../parts/Blank';
import { useTitle } from '../../parts/useTitle';
import classes from './system.module.css';

/** What the server says of itself, when asked. */
export function SystemPage() {
  useTitle('System');
  const generation = useFeedPart((view) => view.generation);
  const system = useQuery({
    queryKey: ['system', 'page', generation],
    queryFn: ({ signal }) => milepost.system({ signal }),
    refetchOnWindowFocus: true,
    refetchOnMount: 'always',
  });
  return (
    <Stack gap="md" className={classes.page}>
      <Group justify="space-between">
        <h1 className={classes.title}>System</h1>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRefresh size={14} aria-hidden />}
          loading={system.isFetching}
          onClick={() => void system.refetch()}
        >
          Ask again
        </Button>
      </Group>
      {system.isPending && <Skeleton height={230} />}
      {system.isError && (
        <section className="panel">
          <Blank
            role="alert"
            icon={<IconAlertTriangle size={36} stroke={1.4} aria-hidden />}
            title="The server could not be asked"
            text={explain(system.error)}
          />
        </section>
      )}
      {system.data && <Answer system={system.data} />}
      <section className={`panel ${classes.links}`} aria-label="For programs">
        <Elsewhere href="/docs" name="API reference">
          every operation, to be tried out from the page
        </Elsewhere>
        <Elsewhere href="/openapi.json" name="openapi.json">
          the contract that every client is made from
        </Elsewhere>
        <Elsewhere href="/healthz" name="/healthz">
          whether the process is up
        </Elsewhere>
        <Elsewhere href="/readyz" name="/readyz">
          whether it takes work
        </Elsewhere>
      </section>
    </Stack>
  );
}

function Answer({ system }: { system: System }) {
  const uptime = (useNow() - Date.parse(system.started_at)) / 1_000;
  return (
    <>
      <section className={classes.numbers} aria-label="Now">
        <Number name="Running tasks" value={amount(system.running_tasks)} />
        <Number name="Queued tasks" value={amount(system.queued_tasks)} />
        <Number name="Open streams" value={amount(system.open_streams)} />
        <Number name="Uptime" value={duration(uptime)} />
      </section>
      <section className={`panel ${classes.facts}`} aria-label="Server">
        <dl>
          <Fact name="Version">{system.version}</Fact>
          <Fact name="API version">{system.api_version}</Fact>
          <Fact name="Started">{moment(system.started_at)}</Fact>
          <Fact name="Store">{system.store}</Fact>
          <Fact name="Epoch">
            <span className="mono">{system.epoch}</span>
          </Fact>
          <Fact name="End of the log">
            <span className="mono">{system.log_end}</span>
          </Fact>
          {Object.entries(system.limits).map(([name, value]) => (
            <Fact key={name} name={limitName(name)}>
              {value.toLocaleString('en')}
            </Fact>
          ))}
        </dl>
      </section>
    </>
  );
}

/** `max_body_bytes` as people say it: `Max. body bytes`. */
function limitName(name: string): string {
  return name.replace(/^max_/, 'Max. ').replaceAll('_', ' ');
}

function Number({ name, value }: { name: string; value: string }) {
  return (
    <dl className={`panel numbers ${classes.number}`}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd className="numbers">{children}</dd>
    </div>
  );
}

function Elsewhere({ href, name, children }: { href: string; name: string; children: string }) {
  return (
    <a href={href} target="_blank" rel="noreferrer" className={classes.link}>
      <span className={classes.linkName}>
        {name} <IconExternalLink size={13} aria-hidden />
      </span>
      <span className={classes.linkText}>{children}</span>
    </a>
  );
}
