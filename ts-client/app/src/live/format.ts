/** How numbers and times are written, everywhere the same. */

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time in at most two units: `8s`, `3m 05s`, `2h 10m`, `4d 3h`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < MINUTE) return `${whole}s`;
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)}m ${pad(whole % MINUTE)}s`;
  if (whole < DAY) return `${Math.floor(whole / HOUR)}h ${pad(Math.floor((whole % HOUR) / MINUTE))}m`;
  return `${Math.floor(whole / DAY)}d ${Math.floor((whole % DAY) / HOUR)}h`;
}

/** How long something took; what was quick is told finer than {@link duration} does. */
export function elapsed(seconds: number): string {
  if (seconds < 1) return `${Math.max(0, Math.round(seconds * 1_000))} ms`;
  return seconds < 10 ? `${seconds.toFixed(1)}s` : duration(seconds);
}

/** How long ago, in one unit: `now`, `12s`, `5m`, `3h`, `2d`. */
export function age(seconds: number): string {
  if (seconds < 1) return 'now';
  if (seconds < MINUTE) return `${Math.floor(seconds)}s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)}m`;
  if (seconds < DAY) return `${Math.floor(seconds / HOUR)}h`;
  return `${Math.floor(seconds / DAY)}d`;
}

const whole = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const fine = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

/** A count or a measure: no decimals from 100 on, three digits below. */
export function amount(value: number): string {
  return Math.abs(value) >= 100 ? whole.format(value) : fine.format(value);
}

/** A percentage, rounded down: 100 % is only ever shown for a bar that is full. */
export function percent(value: number): string {
  return `${Math.floor(value)} %`;
}

const dateAndTime = new Intl.DateTimeFormat('en-GB', {
  year: 'numeric',
  month: 'short',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
const timeOfDay = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** A moment in full, in the reader's time zone. */
export function moment(at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? at : dateAndTime.format(date);
}

/** The time of day of a moment, to the millisecond: what a log line needs. */
export function clockTime(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return at;
  return `${timeOfDay.format(date)}.${String(date.getMilliseconds()).padStart(3, '0')}`;
}

/** An id short enough for a table: the end, because the beginning of a UUIDv7 is a time that neighbours share. */
export function shortId(id: string): string {
  return id.length > 14 ? `…${id.slice(-8)}` : id;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}
