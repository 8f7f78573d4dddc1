// One kind: what it is for, what its inputs must be, and what its tasks get.

import { Button, Group, Skeleton, Stack } from '@mantine/core';
import { useKind } from '@milepost/client/react';
import { IconMapQuestion } from '@tabler/icons-react';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { type ReactNode, useId, useState } from 'react';

import { explain, isMissing, type Kind } from '../../api';
import { moment } from '../../live/format';
import { Blank } from '../../parts/Blank';
import { Json } from '../../parts/Code';
import { PageHead } from '../../parts/PageHead';
import { useTitle } from '../../parts/useTitle';
import { KindActions } from './KindActions';
import { KindDrawer } from './KindDrawer';
import classes from './kinds.module.css';
import { defaultsInWords } from './words';

export function KindPage() {
  const { name } = useParams({ from: '/kinds/$name' });
  const { kind, error, refetch } = useKind(name);
  const [editing, setEditing] = useState<string>();
  const navigate = useNavigate();
  useTitle(name);
  if (isMissing(error) || (kind === undefined && error !== undefined)) {
    return (
      <section className="panel">
        <Blank
          whole
          role="status"
          icon={<IconMapQuestion size={36} stroke={1.4} aria-hidden />}
          title={isMissing(error) ? 'Nothing is said of this kind' : 'The kind could not be loaded'}
          text={isMissing(error) ? `There may be tasks of the kind ${name} all the same.` : explain(error)}
        >
          <Button component={Link} to="/kinds" variant="default">
            All kinds
          </Button>
        </Blank>
      </section>
    );
  }
  if (kind === undefined) return <Skeleton height={220} radius="md" role="status" aria-label="Loading the kind" />;
  return (
    <Stack gap="md">
      <PageHead title={kind.name} text={`Last changed ${moment(kind.updated_at)}`}>
        <Group gap="xs">
          <Button size="xs" variant="default" renderRoot={(props) => <Link {...props} to="/" search={{ kind: kind.name }} />}>
            Its tasks
          </Button>
          <Button size="xs" renderRoot={(props) => <Link {...props} to="/submit" search={{ kind: kind.name }} />}>
            Submit a task
          </Button>
          <KindActions name={kind.name} onEdit={setEditing} onDeleted={() => void navigate({ to: '/kinds' })} />
        </Group>
      </PageHead>
      {kind.description !== undefined && (
        <Part title="Description">
          <p className={classes.text}>{kind.description}</p>
        </Part>
      )}
      <Part title="Input schema">
        {kind.input_schema === undefined ? (
          <p className={classes.none}>Any input is taken.</p>
        ) : (
          <Json value={kind.input_schema} what="schema" maxHeight={520} />
        )}
      </Part>
      <Part title="Defaults">
        <Defaults kind={kind} />
      </Part>
      <KindDrawer name={editing} onClose={() => setEditing(undefined)} onChanged={() => void refetch()} />
    </Stack>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section className={`panel ${classes.part}`} aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {children}
    </section>
  );
}

function Defaults({ kind }: { kind: Kind }) {
  const words = defaultsInWords(kind.defaults);
  if (words.length === 0) return <p className={classes.none}>What a task does not say, its queue says.</p>;
  return (
    <dl className={classes.facts}>
      {words.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
