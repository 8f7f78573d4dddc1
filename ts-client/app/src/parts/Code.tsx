import { Copy } from './Copy';
import classes from './parts.module.css';

interface Props {
  text: string;
  /** What is copied, e.g. `command`. */
  what: string;
  maxHeight?: number;
}

/** Text to be read letter by letter, and copied. */
export function Code({ text, what, maxHeight }: Props) {
  return (
    <div className={classes.code}>
      {/* Long text scrolls in here, so the keyboard must be able to get in. */}
      <pre tabIndex={0} style={maxHeight === undefined ? undefined : { maxHeight }} aria-label={what}>
        {text}
      </pre>
      <Copy value={text} what={`Copy ${what}`} />
    </div>
  );
}

/** Any JSON, laid out. */
export function Json({ value, what, maxHeight = 320 }: { value: unknown; what: string; maxHeight?: number }) {
  return <Code text={JSON.stringify(value, null, 2) ?? ''} what={what} maxHeight={maxHeight} />;
}
