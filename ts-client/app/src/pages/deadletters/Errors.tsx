import classes from './deadletters.module.css';
import type { ErrorGroup } from './search';

interface Props {
  errors: readonly ErrorGroup[];
  chosen: string | undefined;
  /** There are older dead letters that were not counted. */
  partial: boolean;
  onChoose(type: string | undefined): void;
}

/** What the dead letters died of, and how many of each; pressing one shows only those. */
export function Errors({ errors, chosen, partial, onChoose }: Props) {
  // One that is chosen can be let go of, though none is left.
  const listed = chosen === undefined || errors.some(({ type }) => type === chosen) ? errors : [...errors, { type: chosen, title: undefined, count: 0 }];
  if (listed.length === 0) return null;
  return (
    <div className={classes.errors} role="group" aria-label="Filter by error">
      {listed.map(({ type, title, count }) => (
        <button
          key={type}
          type="button"
          className={classes.error}
          aria-pressed={type === chosen}
          title={title}
          onClick={() => onChoose(type === chosen ? undefined : type)}
        >
          <span className="mono">{type}</span>
          <strong className="numbers" title={partial ? 'At least; older ones are not loaded' : undefined}>
            {count.toLocaleString('en')}
            {partial && '+'}
          </strong>
        </button>
      ))}
    </div>
  );
}
