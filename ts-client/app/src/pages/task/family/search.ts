// What a task's address says of its family: `?children=failed&open=ID` shows the children that failed, and
// the children of one of them.

import { ACTIVE, type State } from '../../../api';

/** A parent's children by how they stand: `open` are those that are not done. */
export const STANDINGS = ['succeeded', 'failed', 'cancelled', 'open'] as const;
export type Standing = (typeof STANDINGS)[number];

export interface FamilySearch {
  /** Only these of the task's own children. */
  children?: Standing;
  /** Tasks below it whose children are shown. */
  open?: string[];
}

// An address can name any number, and each is asked for.
const MOST_OPEN = 50;

/** Reads what an address says; what cannot be understood is as if it were not there. */
export function readFamily(search: Record<string, unknown>): FamilySearch {
  const found: FamilySearch = {};
  const standing = STANDINGS.find((one) => one === search.children);
  if (standing !== undefined) found.children = standing;
  const ids = [search.open].flat().filter((id): id is string => typeof id === 'string' && id !== '');
  if (ids.length > 0) found.open = [...new Set(ids)].slice(0, MOST_OPEN);
  return found;
}

/** The states of the children that stand so; all states without a word. */
export function statesOf(standing: Standing | undefined): readonly State[] | undefined {
  if (standing === undefined) return undefined;
  return standing === 'open' ? ACTIVE : [standing];
}
