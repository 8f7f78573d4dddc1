// The rows of a long table that are on screen, as the window scrolls; all rows are of one height, so that
// nothing has to be measured and nothing moves.

import { useWindowVirtualizer, type VirtualItem } from '@tanstack/react-virtual';
import { type RefObject, useLayoutEffect, useRef, useState } from 'react';

import classes from './tasks.module.css';

/** In pixels; the style sheet has the same. */
export const ROW_HEIGHT = 54;

export interface WindowRows {
  body: RefObject<HTMLTableSectionElement | null>;
  visible: readonly VirtualItem[];
  /** The heights of what is above and below them. */
  before: number;
  after: number;
}

export function useWindowRows(items: readonly { id: string }[]): WindowRows {
  const body = useRef<HTMLTableSectionElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const measure = () => {
      if (body.current) setTop(body.current.getBoundingClientRect().top + window.scrollY);
    };
    measure();
    window.addEventListener('resize', measure);
    return () => window.removeEventListener('resize', measure);
  }, []);
  const rows = useWindowVirtualizer({
    count: items.length,
    estimateSize: () => ROW_HEIGHT,
    getItemKey: (index) => items[index]?.id ?? index,
    overscan: 8,
    scrollMargin: top,
  });
  const visible = rows.getVirtualItems();
  const before = (visible[0]?.start ?? top) - top;
  const after = rows.getTotalSize() - ((visible.at(-1)?.end ?? top) - top);
  return { body, visible, before, after };
}

/** Stands for the rows that are not on screen. */
export function Gap({ height }: { height: number }) {
  if (height <= 0) return null;
  return (
    <tr aria-hidden="true" className={classes.gap}>
      {/* One cell of no width of its own: spanning hidden columns would bring them back. */}
      <td style={{ height }} />
    </tr>
  );
}
