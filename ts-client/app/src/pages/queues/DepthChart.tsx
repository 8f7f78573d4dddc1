import { amount, duration } from '../../live/format';
import type { Depth } from './useDepth';
import classes from './queues.module.css';

interface Props {
  /** Whose depth it is. */
  name: string;
  depths: readonly Depth[];
  width: number;
  height: number;
}

/**
 * How many tasks waited (the area) and ran (the line) since the page was opened. Drawn by hand: two
 * paths do not need a chart library of half a megabyte.
 */
export function DepthChart({ name, depths, width, height }: Props) {
  const last = depths.at(-1);
  const first = depths[0];
  const most = Math.max(1, ...depths.flatMap(({ queued, running }) => [queued, running]));
  const over = first && last ? (last.at - first.at) / 1_000 : 0;
  const label =
    last === undefined
      ? `Depth of ${name}: nothing known yet`
      : `Depth of ${name} over ${duration(over)}: ${amount(last.queued)} queued and ${amount(last.running)} running now, at most ${amount(most)}`;
  const queued = points(depths, 'queued', most, width, height);
  return (
    <svg className={classes.chart} width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={label}>
      <title>{label}</title>
      <path className={classes.ground} d={`M0 ${height - 0.5}H${width}`} />
      {depths.length > 1 && (
        <>
          <path className={classes.queuedArea} d={`M${queued.join('L')}L${width} ${height}L0 ${height}Z`} />
          <path className={classes.queuedLine} d={`M${queued.join('L')}`} />
          <path className={classes.runningLine} d={`M${points(depths, 'running', most, width, height).join('L')}`} />
        </>
      )}
    </svg>
  );
}

/** A place in the drawing for each sample: time to the right, the most at the top. */
function points(depths: readonly Depth[], key: 'queued' | 'running', most: number, width: number, height: number): string[] {
  const begin = depths[0]?.at ?? 0;
  const span = Math.max(1, (depths.at(-1)?.at ?? 0) - begin);
  return depths.map((depth) => {
    const x = ((depth.at - begin) / span) * width;
    const y = height - 1.5 - (depth[key] / most) * (height - 3);
    return `${x.toFixed(1)} ${y.toFixed(1)}`;
  });
}
