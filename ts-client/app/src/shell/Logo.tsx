import classes from './shell.module.css';

/** The mark: a milestone beside the road, the way so far cut into it. */
export function Mark({ size = 26 }: { size?: number }) {
  return (
    <svg className={classes.mark} width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <path className={classes.stone} d="M8 13a8 8 0 0 1 16 0v14H8z" />
      <path className={classes.notches} d="M12.4 21.5h2.2M12.4 16.5h4.6M12.4 11.5h7.2" />
      <path className={classes.road} d="M3 28.4h26" />
    </svg>
  );
}

export function Wordmark() {
  return (
    <span className={classes.wordmark}>
      <Mark />
      <span className={classes.word}>Milepost</span>
    </span>
  );
}
