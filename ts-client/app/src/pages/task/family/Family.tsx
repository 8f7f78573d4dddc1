// What a task consists of: how its children stand, and they themselves, as deep as one looks.

import { Button } from '@mantine/core';
import { IconPlus, IconTable } from '@tabler/icons-react';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback } from 'react';

import type { Children, Task } from '../../../api';
import { amount } from '../../../live/format';
import { openOf, Tally } from '../../../parts/Tally';
import { Panel } from '../Panel';
import classes from './family.module.css';
import { FamilyTree } from './FamilyTree';
import { type FamilySearch, STANDINGS, type Standing } from './search';

/** Nothing for a task that has no children and waits for none. */
export function Family({ task }: { task: Task }) {
  if (task.children === undefined && task.complete_when_children_done !== true) return null;
  return (
    <Panel title="Family" aside={<Ways task={task} />}>
      {task.children === undefined ? (
        <p className={classes.none}>It has no children yet, and is done when all that it gets are.</p>
      ) : (
        <WithChildren task={task} counts={task.children} />
      )}
    </Panel>
  );
}

function WithChildren({ task, counts }: { task: Task; counts: Children }) {
  const search = useSearch({ from: '/tasks/$id' });
  const navigate = useNavigate({ from: '/tasks/$id' });
  const change = useCallback(
    (next: (before: FamilySearch) => FamilySearch) => void navigate({ search: next, replace: true, resetScroll: false }),
    [navigate],
  );
  const choose = (standing: Standing | undefined) =>
    change(({ open }) => ({ ...(standing && { children: standing }), ...(open && { open }) }));
  const toggle = useCallback(
    (id: string, open: boolean) =>
      change(({ open: before = [], ...others }) => {
        const after = open ? [...before, id] : before.filter((one) => one !== id);
        return after.length === 0 ? others : { ...others, open: after };
      }),
    [change],
  );
  return (
    <>
      <Tally counts={counts} large />
      <Standings counts={counts} chosen={search.children} onChoose={choose} />
      <FamilyTree task={task} search={search} onToggle={toggle} />
    </>
  );
}

interface StandingsProps {
  counts: Children;
  chosen: Standing | undefined;
  onChoose(standing: Standing | undefined): void;
}

/** The bar's numbers; pressing one shows only those. */
function Standings({ counts, chosen, onChoose }: StandingsProps) {
  return (
    <div className={classes.standings} role="group" aria-label="Show children">
      <button type="button" className={classes.standing} aria-pressed={chosen === undefined} onClick={() => onChoose(undefined)}>
        All <strong data-testid="children-total">{amount(counts.total)}</strong>
      </button>
      {STANDINGS.map((standing) => {
        const value = standing === 'open' ? openOf(counts) : counts[standing];
        return (
          <button
            key={standing}
            type="button"
            className={classes.standing}
            data-standing={standing}
            data-none={value === 0 || undefined}
            aria-pressed={chosen === standing}
            onClick={() => onChoose(chosen === standing ? undefined : standing)}
          >
            {words[standing]} <strong data-testid={`children-${standing}`}>{amount(value)}</strong>
          </button>
        );
      })}
    </div>
  );
}

const words: Record<Standing, string> = { succeeded: 'Succeeded', failed: 'Failed', cancelled: 'Cancelled', open: 'Open' };

function Ways({ task }: { task: Task }) {
  return (
    <div className={classes.ways}>
      {/* One that failed or was cancelled takes no more. */}
      {(!task.done || task.state === 'succeeded') && task.cancel_requested !== true && (
        <Button
          renderRoot={(props) => <Link {...props} to="/submit" search={{ parent: task.id }} />}
          size="compact-xs"
          variant="subtle"
          color="gray"
          leftSection={<IconPlus size={13} aria-hidden />}
        >
          Add a child
        </Button>
      )}
      <Button
        renderRoot={(props) => <Link {...props} to="/" search={{ parent: task.id }} />}
        size="compact-xs"
        variant="subtle"
        color="gray"
        leftSection={<IconTable size={13} aria-hidden />}
      >
        In the task table
      </Button>
    </div>
  );
}
