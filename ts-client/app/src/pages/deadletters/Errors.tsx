import classes from './deadletters.module.css';
import type { ErrorGroup } from './search';

interface Props {
  errors: readonly ErrorGroup[];
  chosen: readonly string[];
  /** There are older dead letters that were not counted. */
  partial: boolean;
  /** Chooses it, or lets go of it. */
  onChoose(type: string): void;
}

/** What the dead letters died of, and how many of each; pressing some shows only those. */
export function Errors({ errors, chosen, partial, onChoose }: Props) {
  // One that is chosen can be let go of, though none is left.
  const gone = chosen.filter((type) => errors.every((error) => error.type !== type));
  const listed = [...errors, ...gone.map((type): ErrorGroup => ({ type, title: undefined, count: 0 }))];
  if (listed.length === 0) return null;
  return (
    <div className={classes.errors} role="group" aria-label="Filter by error">
      {listed.map(({ type, title, count }) => (
        <button
          key={type}
          type="button"
          className={classes.error}
          aria-pressed={chosen.includes(type)}
          title={title}
          onClick={() => onChoose(type)}
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
