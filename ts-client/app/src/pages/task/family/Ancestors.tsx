import { IconChevronRight } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';

import { isMissing, milepost } from '../../../api';
import { shortId } from '../../../live/format';
import classes from '../task.module.css';

interface Ancestor {
  id: string;
  /** Absent for one that was deleted: who stood above it is not known. */
  kind?: string;
}

// The contract has no more.
const MOST = 8;

/** The way down to a task that is a part of another one. */
export function Ancestors({ parent }: { parent: string }) {
  const { data } = useQuery({
    queryKey: ['ancestors', parent],
    queryFn: ({ signal }) => ancestorsOf(parent, signal),
    // Who stands above a task never changes; only that it is deleted does.
    staleTime: 60_000,
  });
  const above: readonly Ancestor[] = data ?? [{ id: parent }];
  return (
    <>
      {above.map(({ id, kind }) => (
        <li key={id}>
          <IconChevronRight size={13} aria-hidden />
          {data !== undefined && kind === undefined ? (
            <span title={id}>{shortId(id)}, deleted</span>
          ) : (
            <Link to="/tasks/$id" params={{ id }} className={classes.back} title={id}>
              {kind ?? shortId(id)}
            </Link>
          )}
        </li>
      ))}
    </>
  );
}

/** From the one at the top down. */
async function ancestorsOf(parent: string, signal: AbortSignal): Promise<Ancestor[]> {
  const found: Ancestor[] = [];
  let above: string | undefined = parent;
  while (above !== undefined && found.length < MOST) {
    const id: string = above;
    const task = await milepost.getTask(id, { signal }).catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
    found.unshift({ id, ...(task && { kind: task.kind }) });
    above = task?.parent_id;
  }
  return found;
}
