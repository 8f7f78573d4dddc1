// Cursors, compared. `<epoch>.<position>`: positions of one epoch have an order, two epochs have none.

/**
 * Negative if `a` is before `b`, 0 if they are the same, positive if it is behind; `undefined` if
 * they are of different logs.
 */
export function compareCursors(a: string, b: string): number | undefined {
  const [epochOfA, positionOfA] = split(a);
  const [epochOfB, positionOfB] = split(b);
  if (epochOfA !== epochOfB) return undefined;
  // As text, because a position may be beyond what a number holds exactly.
  if (positionOfA.length !== positionOfB.length) return positionOfA.length - positionOfB.length;
  if (positionOfA === positionOfB) return 0;
  return positionOfA < positionOfB ? -1 : 1;
}

function split(cursor: string): [epoch: string, position: string] {
  const dot = cursor.indexOf(".");
  return dot === -1 ? [cursor, ""] : [cursor.slice(0, dot), cursor.slice(dot + 1)];
}
